"""Networks written down as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.network.stack import KINDS, LayerSpec, parse_stack, stack_text

EXAM = """
conv 8 3x3 stride 2 padding 1; relu; max pool 2x2
conv 16 3x3 stride 2 padding 1; relu; max pool 2x2
flatten; dense 16; relu; dense 4; softmax
"""


def test_the_exam_network_is_read_layer_by_layer() -> None:
    layers = parse_stack(EXAM)
    assert [layer.kind for layer in layers] == (
        ["conv", "relu", "max pool"] * 2 + ["flatten", "dense", "relu", "dense", "softmax"]
    )
    assert layers[0] == LayerSpec("conv", out=8, kernel_size=3, stride=2, padding=1)
    assert layers[2] == LayerSpec("max pool", kernel_size=2, stride=2)
    assert layers[7] == LayerSpec("dense", out=16)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("conv 8 3", "conv 8 3x3"),
        ("Conv2d 8 3×3 stride=2", "conv 8 3x3 stride 2"),
        ("conv 3x3 valid", "conv 3x3"),
        ("conv 4 5x5 padding same", "conv 4 5x5 same"),
        ("maxpool 2", "max pool 2x2 stride 2"),
        ("avg pool 3 stride 2", "average pool 3x3 stride 2"),
        ("linear 10 from 512", "dense 10 from 512"),
        ("fully connected 10", "fc 10"),
        ("gap", "global average pool"),
        ("batchnorm\nleakyrelu", "batch norm, leaky relu"),
        ("dropout", "dropout 0.5"),
        (" ;; ", ""),
    ],
)
def test_there_are_several_ways_to_write_it(text: str, same_as: str) -> None:
    assert parse_stack(text) == parse_stack(same_as)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("relu; cnn 3", "layer 2, 'cnn 3': there is no such layer"),
        ("conv", "write it as 'conv 8 3x3 stride 2 padding 1'"),
        ("conv 3", "is 3 the kernel? Then write 3x3, behind the number of filters"),
        ("conv 8 3x5", "the kernel must be square, such as 3x3, but is 3x5"),
        ("conv 8 3x", "kernel size must be a whole number, but is ''"),
        ("conv 8 0x0", "kernel size must be at least 1, but is 0"),
        ("conv 8 3x3 stride 0", "stride must be at least 1, but is 0"),
        ("conv 8 3x3 stride", "stride must be a whole number, but is ''"),
        ("conv 8 3x3 stride -1", "stride must be a whole number, but is '-1'"),
        ("conv 8 3x3 stride 2 same", "padding 'same' is for a convolution with stride 1"),
        ("conv 8 3x3 steps 2", "conv does not know 'steps'"),
        ("conv 8 9 3x3", "write it as 'conv 8 3x3 stride 2 padding 1'"),
        ("max pool 8 2x2", "write it as 'max pool 2x2 stride 2'"),
        ("max pool 2x2 from 3", "max pool does not know 'from'"),
        ("max pool 2x2 same", "max pool does not know 'same'"),
        ("average pool 2x2 dilation 2", "an average pool has no dilation"),
        ("dense", "dense needs its number of units, such as dense 16"),
        ("dense 0", "units must be at least 1, but is 0"),
        ("dense 10 20", "dense has one number, as in 'dense 16', but here are 10 and 20"),
        ("dense ten", "dense does not know 'ten'"),
        ("dense 1e3", "units must be a whole number, but is '1e3'"),
        ("dropout 2", "rate must be"),
        ("dropout 0.5x", "the rate must be a number from 0 to 1, but is '0.5x'"),
        ("relu 3", "relu has no numbers: write only 'relu'"),
        ("flattening", "there is no such layer"),
        ("relu;" * 101, "layers must be at most 100, but there are 101"),
        (None, "layers must be text such as"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_stack(text)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "pool"}, "kind must be one of"),
        ({"kind": "conv", "out": 0}, "filters must be at least 1"),
        ({"kind": "conv", "stride": -1}, "stride must be at least 1"),
        ({"kind": "conv", "kernel_size": 2.5}, "kernel_size must be a whole number"),
        ({"kind": "max pool", "padding": "same"}, "give max pool a number"),
        ({"kind": "conv", "made_for": 0}, "from must be at least 1"),
        ({"kind": "relu", "out": 5}, "relu has no number of filters or units"),
        ({"kind": "max pool", "made_for": 3}, "max pool has no number of filters or units"),
    ],
)
def test_a_layer_that_cannot_be_is_refused(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        LayerSpec(**values)  # type: ignore[arg-type]


def test_what_slides_is_known() -> None:
    layers = [LayerSpec(kind, out=1 if kind == "dense" else None) for kind in KINDS]
    assert [layer.kind for layer in layers if layer.slides] == ["conv", "max pool", "average pool"]


def test_a_changed_layer_is_checked_like_a_new_one() -> None:
    layer = LayerSpec("conv", out=8, kernel_size=3, padding="same")
    assert str(layer.changed(dilation=2)) == "conv 8 3x3 padding same dilation 2"
    with pytest.raises(ValueError, match="stride 1"):
        layer.changed(stride=2)


sizes = st.integers(1, 12)
convs = st.builds(
    LayerSpec, st.just("conv"), st.none() | sizes, sizes, sizes, st.integers(0, 9), sizes, st.none() | sizes
)
pools = st.builds(
    lambda k, s, p: LayerSpec("average pool", kernel_size=k, stride=s, padding=p), sizes, sizes, st.integers(0, 9)
)
denses = st.builds(lambda units, n: LayerSpec("dense", out=units, made_for=n), sizes, st.none() | sizes)
others = st.sampled_from(KINDS[5:]).map(LayerSpec) | st.floats(0, 1).map(
    lambda p: LayerSpec("dropout", rate=float(f"{p:g}"))
)


@given(st.lists(convs | pools | denses | others, max_size=8))
def test_what_is_written_is_read_back(layers: list[LayerSpec]) -> None:
    assert parse_stack(stack_text(layers)) == tuple(layers)
