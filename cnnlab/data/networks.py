"""Networks of the decks and of the textbooks, written down layer by layer, each with the input that it is made for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """A network with a name: ``input`` such as "1 x 32 x 32", ``layers`` in the words of `cnnlab.network.stack`."""

    name: str
    input: str
    layers: str
    source: str


def _vgg(groups: tuple[tuple[int, int], ...]) -> str:
    """Groups of so many 3 × 3 convolutions with so many filters, a pool behind each group."""
    convs = ("; ".join([f"conv {filters} 3x3 padding 1; relu"] * count) for count, filters in groups)
    return "; max pool 2x2; ".join([*convs, "flatten"])


_EXAM = (
    "conv 8 3x3 stride 2 padding 1; relu; max pool 2x2; conv 16 3x3 stride 2 padding 1; relu; max pool 2x2; "
    "flatten; dense 16; relu; dense 4; softmax"
)
_DIGITS = "conv 16 3x3 padding 1; relu; max pool 2x2; flatten; dense 10"
_LENET = "conv 6 5x5; tanh; average pool 2x2; conv 16 5x5; tanh; average pool 2x2; "
_BROKEN = (
    "conv 8 5x5; relu; max pool 2x2; conv 16 5x5 from 3; relu; max pool 2x2; conv 32 7x7; relu; dense 64; relu; "
    "flatten; dense 10 from 512; softmax"
)
_VGG16 = _vgg(((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))) + "; dense 4096; relu; dense 4096; relu; dense 1000"

NETWORKS: dict[str, Written] = {
    network.name: network
    for network in (
        Written("exam", "1 x 32 x 32", _EXAM, "deck B, the exam"),
        Written("two dense layers", "3", "dense 4; relu; dense 2", "deck A, parameters"),
        Written("conv and pool", "3 x 64 x 64", "conv 16 3x3 padding 1; relu; max pool 2x2", "deck D, Q18"),
        Written("three layers", "3 x 8 x 8", "conv 16 3x3; relu; conv 32 3x3; relu; flatten; dense 10", "deck D, Q19"),
        Written("digits", "1 x 8 x 8", _DIGITS, "the digits of scikit-learn, as in cnnlab.network"),
        Written(
            "LeNet-5",
            "1 x 32 x 32",
            f"{_LENET}flatten; dense 120; tanh; dense 84; tanh; dense 10; softmax",
            "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner 1998, Gradient-based learning applied to document "
            "recognition; as commonly built, with averages that learn nothing and all channels connected",
        ),
        Written(
            "any size",
            "1 x 32 x 32",
            f"{_LENET}conv 120 5x5; tanh; conv 10 1x1; global average pool; softmax",
            "M. Lin, Q. Chen and S. Yan 2014, Network in network: no dense layer, the mean of each map at the end",
        ),
        Written(
            "VGG16",
            "3 x 224 x 224",
            f"{_VGG16}; softmax",
            "K. Simonyan and A. Zisserman 2015, Very deep convolutional networks for large-scale image recognition",
        ),
        Written("four mistakes", "1 x 28 x 28", _BROKEN, "broken on purpose"),
    )
}
