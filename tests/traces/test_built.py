"""A stack row by row: the numbers of the decks, against the layers of `cnnlab.network`, and what mends a broken one."""

import numpy as np
import pytest

from cnnlab.data.networks import NETWORKS
from cnnlab.network import Sequential
from cnnlab.network.stack import parse_stack, stack_text
from cnnlab.traces.built import LINEAR_TWICE, SOFTMAX_INSIDE, Built, built, share
from cnnlab.traces.built_code import torch_code
from cnnlab.traces.built_run import MOST_KEPT, MOST_MACS, Run, can_run
from cnnlab.traces.built_words import numbers_text, row_says

Shape = tuple[int, ...]


def stack(layers: str, shape: Shape) -> Built:
    return built(parse_stack(layers), shape)


def known(name: str) -> Built:
    network = NETWORKS[name]
    return stack(network.layers, tuple(int(n) for n in network.input.split(" x ")))


# ---- numbers written out ---------------------------------------------------------------------------------------------


def test_the_exam_of_deck_b() -> None:
    exam = known("exam")
    shapes = [(8, 16, 16), (8, 8, 8), (16, 4, 4), (16, 2, 2), (64,), (16,), (4,)]
    assert [row.output_shape for row in exam.rows] == shapes
    assert [row.parameters for row in exam.rows] == [80, 0, 1168, 0, 0, 1040, 68]
    assert [row.macs for row in exam.rows] == [8 * 256 * 9, 0, 16 * 16 * 72, 0, 0, 64 * 16, 16 * 4]
    assert [row.field and row.field.size for row in exam.rows] == [3, 5, 13, 21, 21, None, None]
    assert (exam.parameters, exam.macs, exam.numbers) == (2356, 37952, 2048 + 512 + 256 + 64 + 64 + 16 + 4)
    assert exam.broken is None and exam.mended() == exam.specs and exam.output_shape == (4,)
    assert [row.start for row in exam.rows] == [0, 2, 3, 5, 6, 7, 9]
    assert exam.says() == "Row 3 holds 50% of all parameters; the convolutions do 97% of all multiplications."
    one = stack("conv 8 3x3", (1, 9, 9))
    assert one.says() == "Row 1 holds all parameters; the convolution does all multiplications."


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("two dense layers", 26), ("three layers", 10_218), ("LeNet-5", 61_706), ("VGG16", 138_357_544), ("digits", 2730)],
)
def test_the_parameters_of_the_decks(name: str, parameters: int) -> None:
    assert known(name).parameters == parameters


def test_formulas_with_their_numbers() -> None:
    assert known("exam").rows[2].formulas(batch=32) == (
        "size = ⌊(n + 2p − k) / s⌋ + 1 = ⌊(8 + 2·1 − 3) / 2⌋ + 1 = 4",
        "parameters = (k·k·C + 1)·F = (3·3·8 + 1)·16 = 1,168",
        "MACs = F·H·W·k·k·C = 16·4·4·3·3·8 = 18,432",
        "r₃ = r₂ + (k − 1)·j₂ = 5 + (3 − 1)·4 = 13",
        "bytes = N·F·H·W·b = 32·16·4·4·4 = 32,768",
    )
    assert known("exam").rows[4].formulas()[0] == "numbers = C·H·W = 16·2·2 = 64"
    assert [known("exam").rows[i].formulas()[-1].split(" = ")[1] for i in (3, 4, 5)] == ["N·C·H·W·b", "N·n·b", "N·m·b"]
    assert known("any size").rows[-1].formulas()[-1] == "bytes = N·C·b = 1·10·4 = 40"
    not_square = stack("max pool 2x2", (1, 9, 4)).rows[0].formulas()
    assert [line.split(" = ")[0] for line in not_square] == ["height", "width", "r₁", "bytes"]


def test_a_network_without_a_dense_layer_takes_any_size_with_the_same_parameters() -> None:
    small, large = (stack(NETWORKS["any size"].layers, (1, n, n)) for n in (32, 100))
    assert small.output_shape == large.output_shape == (10,)
    assert small.parameters == large.parameters == 51_902
    assert large.macs > 10 * small.macs


def test_shares_in_words() -> None:
    assert [share(*pair) for pair in ((3, 3), (1, 200), (199, 200), (1, 3))] == [
        "all",
        "less than 1% of all",
        "more than 99% of all",
        "33% of all",
    ]


# ---- against the layers of the package -------------------------------------------------------------------------------

EVERY_KIND = (
    "conv 4 3x3 dilation 2 padding 1; batch norm; leaky relu; average pool 3x3 stride 2 padding 1; dropout 0.2; "
    "conv 5 4x4 padding same; sigmoid; max pool 3x3 stride 2; global average pool; dense 3; batch norm; tanh; "
    "dense 2; softmax"
)


@pytest.mark.parametrize("layers", [EVERY_KIND, *(n.layers for n in NETWORKS.values() if n.name != "VGG16")])
@pytest.mark.parametrize("shape", [(1, 32, 32), (3, 64, 64), (2, 20, 27)])
def test_shapes_and_counts_are_those_of_the_layers(layers: str, shape: Shape) -> None:
    found = stack(layers, shape)
    run = Run(np.random.default_rng(0).random(shape), 0)
    for row in (row for row in found.rows if row.works):
        specs = found.specs[: row.start + 1]
        assert run.output(specs).shape == row.output_shape
        layer = run.layer(specs, (1, *row.input_shape))
        if layer is not None:
            table = Sequential(layer).summary(row.input_shape)
            assert (table.rows[0].parameters, table.rows[0].macs) == (row.parameters, row.macs)


def test_a_layer_keeps_its_weights_when_another_one_changes() -> None:
    image = np.ones((1, 8, 8))
    one, other = (Run(image, 3).weights(parse_stack(f"{kind}; flatten; dense 4")) for kind in ("relu", "sigmoid"))
    np.testing.assert_array_equal(one[0], other[0])
    assert not np.array_equal(one[0], Run(image, 4).weights(parse_stack("relu; flatten; dense 4"))[0])


def test_softmax_gives_shares_and_dropout_in_use_lets_all_pass() -> None:
    run = Run(np.array([1.0, 2.0, -1.0]), 0)
    np.testing.assert_allclose(run.output(parse_stack("dropout 0.9")), run.image)
    powers = np.exp(run.image)
    np.testing.assert_allclose(run.output(parse_stack("softmax")), powers / powers.sum())


def test_what_is_too_large_is_counted_and_not_run() -> None:
    assert not can_run(known("VGG16")) and known("VGG16").macs > MOST_MACS
    assert can_run(known("LeNet-5"))


# ---- what cannot work, and what would --------------------------------------------------------------------------------

FAULTS = [
    ("conv 8 3x3; conv 4 3x3 from 3", (1, 9, 9), "conv is made for 3 channels, but gets 8: write from 8", "from 8"),
    (
        "conv 8 7x7",
        (1, 4, 9),
        "a kernel of 7 × 7 is larger than the map of 4 × 9: at most 4 × 4 fits, or padding 2",
        "conv 8 4x4",
    ),
    (
        "conv 8 7x7 padding 1",
        (1, 4, 4),
        "a kernel of 7 × 7 is larger than the map of 4 × 4 with its padding: at most 6 × 6 fits, or padding 2",
        "conv 8 6x6 padding 1",
    ),
    (
        "conv 8 3x3 dilation 4",
        (1, 7, 7),
        "a kernel of 3 × 3, which covers 9 × 9 with dilation 4, is larger than the map of 7 × 7: "
        "at most 2 × 2 fits, or padding 1",
        "conv 8 2x2 dilation 4",
    ),
    ("conv 3x3", (1, 7, 7), "conv needs its number of filters: write conv 8 3x3, for example", "conv 8 3x3"),
    (
        "dense 9",
        (4, 2, 2),
        "dense needs a row of numbers, but gets 4 × 2 × 2: put a flatten before it",
        "flatten; dense 9",
    ),
    (
        "flatten; dense 9 from 512",
        (8, 16, 16),
        "dense is made for 512 numbers, but gets 2048: write from 2048",
        "from 2048",
    ),
    (
        "max pool 2x2",
        (8, 1, 1),
        "a max pool of 2 × 2 is larger than the map of 1 × 1: nothing is left to pool, take it out",
        "",
    ),
    (
        "average pool 4x4",
        (8, 3, 3),
        "an average pool of 4 × 4 is larger than the map of 3 × 3: at most 3 × 3 fits",
        "3x3",
    ),
    (
        "max pool 2x2 padding 2",
        (8, 9, 9),
        "padding 2 is more than half of a pool of 2 × 2: at most 1 works",
        "padding 1",
    ),
    (
        "conv 8 3x3",
        (64,),
        "conv needs channels × height × width, but gets a row of 64 numbers: put it before the flatten",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "shape", "says", "remedy"), FAULTS)
def test_the_first_layer_that_cannot_work_is_told_and_mended(layers: str, shape: Shape, says: str, remedy: str) -> None:
    found = stack(layers, shape)
    assert found.broken is not None and found.broken.fault is not None
    assert found.broken.fault.says == says
    assert says in found.says() and says in row_says(found, found.broken.index + 1)
    mended = built(found.mended(), shape)
    assert mended.broken is None
    assert stack_text(mended.specs).endswith(remedy)


LAYERS = (
    "conv 4 3x3", "conv 2 5x5 stride 2 from 3", "conv 3 7x7 dilation 2", "conv 9x9", "max pool 3x3 padding 2",
    "dense 7", "average pool 8x8 stride 1", "flatten", "dense 5 from 9", "global average pool", "batch norm", "relu",
    "softmax",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_any_stack_can_be_mended_and_then_runs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 4)), int(rng.integers(1, 20)), int(rng.integers(1, 20)))
    found = stack("; ".join(rng.choice(LAYERS, 8)), shape)
    for _ in range(20):
        found = built(found.mended(), shape)
    assert found.broken is None
    assert Run(rng.random(shape), seed).output(found.specs).shape == found.output_shape


@pytest.mark.parametrize("padding", [1, 2])
def test_the_padding_that_is_named_is_the_smallest_that_works(padding: int) -> None:
    works = stack(f"conv 8 7x7 padding {padding}", (1, 4, 4)).broken is None
    assert works == (padding == 2)


def test_four_mistakes_are_mended_one_after_the_other() -> None:
    found, told = known("four mistakes"), []
    while found.broken is not None:
        told.append(found.broken.index + 1)
        assert not any(row.works or row.fault for row in found.rows[found.broken.index + 1 :])
        assert found.working == found.specs[: found.broken.start]
        found = built(found.mended(), found.input_shape)
    assert told == [3, 5, 6, 9]
    assert found.output_shape == (10,)


def test_numbers_that_no_computer_could_hold() -> None:
    found = stack("conv 999999999 9x9; flatten; dense 9", (4096, 4096, 4096))
    assert found.broken is not None and found.broken.index == 2
    assert found.says() == "Row 3 cannot work: it gets more numbers than any computer could hold."


def test_a_row_too_long_to_be_counted_has_no_line_for_its_memory() -> None:
    flat = stack("flatten", (4096, 4096, 4096)).rows[0]
    assert [line.split()[0] for line in flat.formulas()] == ["numbers"]


@pytest.mark.parametrize(("text", "mended"), [
    ("max pool 5x5 padding 3 dilation 3", "max pool 2x2 padding 1 dilation 3"),
    ("max pool 5x5 padding 2 dilation 3", "max pool 2x2 padding 1 dilation 3"),
    ("max pool 999999999x999999999", "max pool 2x2"),
])  # fmt: skip
def test_one_remedy_mends_kernel_and_padding_of_a_pool(text: str, mended: str) -> None:
    found = stack(text, (1, 2, 2))
    assert stack_text(found.mended()) == mended
    assert mended.removeprefix("max pool ").split()[0].split("x")[0] in found.says().split(":")[-1]
    assert built(found.mended(), (1, 2, 2)).broken is None


def test_a_run_keeps_no_more_parameters_than_it_may() -> None:
    run = Run(np.zeros(1000), 0)
    for units in range(1000, 1012):
        run.output(parse_stack(f"dense {units}"))
    assert sum(layer.parameters()[0].value.size for layer in run._layers.values() if layer) <= MOST_KEPT + 1_012_000


def test_what_works_but_is_unwise_is_noted() -> None:
    assert [row.note for row in stack("dense 5; softmax; dense 3; softmax", (9,)).rows] == [SOFTMAX_INSIDE, ""]
    assert stack("conv 2 1x1; flatten; dense 3", (1, 2, 2)).rows[0].note == LINEAR_TWICE
    assert not any(row.note for network in NETWORKS for row in known(network).rows)


# ---- in words and in code --------------------------------------------------------------------------------------------


def test_the_table_as_text_and_the_rows_that_are_still_to_come() -> None:
    text = numbers_text(known("exam"), 7)
    assert "3  conv 16 3×3 stride 2 padding 1; relu  16 × 4 × 4   1,168" in text
    assert "in all" in text and "2,356" in text
    hidden = numbers_text(known("exam"), 2)
    assert "8 × 8 × 8" in hidden and "1,168" not in hidden and "2,356" not in hidden and "?" in hidden


def test_the_code_in_pytorch() -> None:
    lines = torch_code(known("exam")).splitlines()[3:]
    assert lines[:4] == [
        "network = nn.Sequential(",
        "    nn.Conv2d(1, 8, 3, stride=2, padding=1),  # 8 × 16 × 16, 80 parameters",
        "    nn.ReLU(),",
        "    nn.MaxPool2d(2),  # 8 × 8 × 8",
    ]
    assert lines[-3:] == ["    nn.Linear(16, 4),  # 4, 68 parameters", "    nn.Softmax(dim=1),", ")"]
    broken = torch_code(known("four mistakes"))
    assert "    # row 3 cannot work: conv is made for 3 channels, but gets 8: write from 8\n)" in broken
