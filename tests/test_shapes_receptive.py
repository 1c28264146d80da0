"""Receptive fields, against the decks and against what PyTorch's gradients reach."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab import ops
from cnnlab.shapes import (
    Layer,
    ReceptiveField,
    kernel_extent,
    receptive_field,
    receptive_field_derivation,
    receptive_fields,
    seen_by,
    stack_sizes,
)
from tests.formulas import evaluated
from tests.worked import example

POOL = Layer(2, stride=2)
SAME = Layer(3, padding=1)

VGG16 = [SAME] * 2 + [POOL] + [SAME] * 2 + [POOL] + ([SAME] * 3 + [POOL]) * 3
ALEXNET = [  # five convolutions and three overlapping pools
    Layer(11, stride=4, padding=2), Layer(3, stride=2), Layer(5, padding=2), Layer(3, stride=2),
    SAME, SAME, SAME, Layer(3, stride=2),
]  # fmt: skip

STACKS = [  # layers, the field of the last: size, jump, start
    ([], (1, 1, 0)),
    ([Layer(3)], (3, 1, 0)),
    ([Layer(1, stride=3)], (1, 3, 0)),
    ([SAME, POOL], (4, 2, -1)),
    ([POOL, SAME], (6, 2, -2)),  # the padding of the second layer is two input cells wide
    ([Layer(3, dilation=2, padding=2), Layer(3, dilation=4, padding=4)], (13, 1, -6)),
    ([Layer(2, padding=(0, 1)), Layer(2, padding=(0, 1))], (3, 1, 0)),
    ([Layer(2, padding=(1, 0))], (2, 1, -1)),
    (ALEXNET, (195, 32, -66)),  # sizes and jumps of these two as Araujo et al. (2019) list them
    (VGG16, (212, 32, -90)),
]

BAD_LAYERS = [
    ({"kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"kernel_size": 3, "stride": 0}, "stride must be at least 1, but is 0"),
    ({"kernel_size": 3, "dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"kernel_size": 3, "padding": -1}, "padding must be at least 0, but is -1"),
    ({"kernel_size": 3, "padding": (1, 2, 3)}, "padding must be one whole number or 2 of them"),
    ({"kernel_size": 2.5}, "kernel_size must be a whole number, but is 2.5"),
    ({"kernel_size": 3, "stride": True}, "stride must be a whole number, but is True"),
]


def sides(layer: Layer) -> tuple[int, int]:
    return (layer.padding, layer.padding) if isinstance(layer.padding, int) else layer.padding


def reached(layers: Sequence[Layer], unit: int, n: int) -> list[int]:
    """The input cells that have a gradient where only this unit sends one back; all weights are positive."""
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    y = x
    for layer in layers:
        weight = torch.ones(1, 1, layer.kernel_size, dtype=torch.float64)
        y = functional.conv1d(functional.pad(y, sides(layer)), weight, stride=layer.stride, dilation=layer.dilation)
    y[0, 0, unit].backward()
    return [int(cell) for cell in x.grad[0, 0].nonzero()]


@pytest.mark.parametrize(("layers", "expected"), STACKS)
def test_a_stack_has_the_receptive_field_that_is_known_of_it(layers: list[Layer], expected: tuple[int, ...]) -> None:
    assert receptive_field(layers) == ReceptiveField(*expected)


def test_stacked_three_by_three_layers_see_3_then_5_then_7_cells() -> None:
    given_, expected = example("C-rf")["given"], example("C-rf")["expect"]["rf"]
    assert [receptive_field([Layer(given_["k"])] * count).size for count in given_["L"]] == expected


def test_every_layer_of_a_stack_has_its_field_and_the_last_is_that_of_the_stack() -> None:
    fields = receptive_fields(VGG16)
    assert [field.size for field in fields[:6]] == [3, 5, 6, 10, 14, 16]
    assert [field.jump for field in fields[:6]] == [1, 1, 2, 2, 2, 4]
    assert len(fields) == len(VGG16)
    assert fields[-1] == receptive_field(VGG16)
    assert receptive_fields([]) == ()


def test_a_five_by_five_layer_sees_what_two_three_by_three_layers_see() -> None:
    assert receptive_field([Layer(5, padding=2)]) == receptive_field([SAME, SAME])


def test_the_center_lies_between_two_cells_where_the_field_is_even() -> None:
    assert receptive_field([SAME]).center == 0
    assert receptive_field([POOL]).center == 0.5
    assert receptive_field([Layer(3), POOL]).center == 1.5


def test_the_fields_of_neighbors_lie_one_jump_apart() -> None:
    field = receptive_field([SAME, POOL])
    assert [field.cells(unit) for unit in (0, 1, 5)] == [range(-1, 3), range(1, 5), range(9, 13)]


def test_the_derivation_has_three_lines_a_layer() -> None:
    assert [str(line) for line in receptive_field_derivation([SAME, POOL, Layer(3, padding=(2, 0), dilation=2)])] == [
        "r₁ = r₀ + (k − 1)·j₀ = 1 + (3 − 1)·1 = 3",
        "j₁ = j₀·s = 1·1 = 1",
        "start₁ = start₀ − p·j₀ = 0 − 1·1 = −1",
        "r₂ = r₁ + (k − 1)·j₁ = 3 + (2 − 1)·1 = 4",
        "j₂ = j₁·s = 1·2 = 2",
        "start₂ = start₁ − p·j₁ = −1 − 0·1 = −1",
        "r₃ = r₂ + d(k − 1)·j₂ = 4 + 2·(3 − 1)·2 = 12",
        "j₃ = j₂·s = 2·1 = 2",
        "start₃ = start₂ − p₁·j₂ = −1 − 2·2 = −5",
    ]
    assert receptive_field_derivation([]) == ()


# ---- what one unit sees ------------------------------------------------------------------------------------------


def test_a_unit_in_the_corner_sees_padding_and_a_unit_inside_sees_all_of_its_field() -> None:
    corner, inside = seen_by(0, [SAME, SAME], 9), seen_by(4, [SAME, SAME], 9)
    assert (corner.window, corner.clipped, corner.cells) == (range(-2, 3), range(0, 3), (0, 1, 2))
    assert (inside.window, inside.clipped, inside.cells) == (range(2, 7), range(2, 7), (2, 3, 4, 5, 6))


def test_a_dilated_kernel_leaves_out_every_other_cell() -> None:
    seen = seen_by(1, [Layer(3, dilation=2)], 9)
    assert (seen.clipped, seen.cells) == (range(1, 6), (1, 3, 5))


def test_a_unit_that_looks_at_padding_only_sees_nothing() -> None:
    seen = seen_by(0, [Layer(2, padding=3)], 4)
    assert (seen.window, len(seen.clipped), seen.cells) == (range(-3, -1), 0, ())


def test_a_cell_that_no_window_reached_is_not_seen_through_the_padding_of_the_next_layer() -> None:
    # Of 5 cells the pool reaches 4, so the fifth is seen by no unit, although the field of the last reaches it.
    seen = seen_by(1, [POOL, SAME], 5)
    assert (seen.window, seen.cells) == (range(0, 6), (0, 1, 2, 3))


def test_without_layers_a_unit_sees_its_own_cell() -> None:
    assert seen_by(2, [], 4).cells == (2,)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (8, "unit must be from 0 to 7, but is 8"),
        (-1, "unit must be at least 0, but is -1"),
        (1.0, "unit must be a whole number, but is 1.0"),
    ],
)
def test_a_unit_that_is_not_there_says_why(unit: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        seen_by(unit, [Layer(3)], 10)


def test_the_sizes_of_a_stack_are_those_of_the_layers() -> None:
    sizes = stack_sizes(VGG16, 224)
    assert [size for layer, size in zip(VGG16, sizes, strict=True) if layer == POOL] == [112, 56, 28, 14, 7]
    assert sizes[:3] == (224, 224, 112)
    assert stack_sizes([], 5) == ()


def test_a_layer_that_does_not_fit_is_named() -> None:
    words = "layer 3 gets 2 cells: the kernel covers 3 but the padded input is only 2"
    with pytest.raises(ValueError, match=words):
        stack_sizes([Layer(3), POOL, Layer(3)], 6)
    with pytest.raises(ValueError, match=words):
        seen_by(0, [Layer(3), POOL, Layer(3)], 6)
    with pytest.raises(ValueError, match="n must be at least 1, but is 0"):
        stack_sizes([], 0)


@pytest.mark.parametrize(("settings", "words"), BAD_LAYERS)
def test_a_layer_that_cannot_be_says_why(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Layer(**settings)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (Layer(3), r"layers must be a list of layers, but is a single one: put it in brackets, \[layer\]"),
        ([3], r"layers must hold layers such as Layer\(3\), but layers\[0\] is 3"),
        ([Layer(3), "pool"], r"but layers\[1\] is 'pool'"),
        (None, r"layers must be a list of layers such as \[Layer\(3\)\], but is None"),
    ],
)
def test_what_is_no_stack_says_why(layers: Any, words: str) -> None:
    for function in (
        receptive_field,
        receptive_fields,
        receptive_field_derivation,
        lambda layers: stack_sizes(layers, 10),
        lambda layers: seen_by(0, layers, 10),
    ):
        with pytest.raises(ValueError, match=words):
            function(layers)


def test_numpys_small_integers_do_not_overflow() -> None:
    layer = Layer(np.uint8(200), stride=np.uint8(2), padding=(np.uint8(1), np.uint8(1)))
    assert layer == Layer(200, 2, 1)
    assert receptive_field([layer, layer]) == ReceptiveField(200 + 199 * 2, 4, -3)


@st.composite
def stacks(draw: st.DrawFn) -> tuple[list[Layer], int]:
    """Up to four layers, and the cells of an input that they fit on."""
    cells, small = st.integers(0, 3), st.integers(1, 3)
    layer = st.builds(Layer, st.integers(1, 4), small, cells | st.tuples(cells, cells), small)
    layers, n = draw(st.lists(layer, max_size=4)), draw(st.integers(1, 4))
    for layer in reversed(layers):  # from the output back; a rest of a stride is left over, which no window reaches
        reach = (n - 1) * layer.stride + kernel_extent(layer.kernel_size, layer.dilation)
        n = max(1, reach - sum(sides(layer)) + draw(st.integers(0, layer.stride - 1)))
    return layers, n


@run_with(deadline=None)
@given(stacks(), st.data())
def test_a_unit_sees_the_cells_that_its_gradient_reaches(stack: tuple[list[Layer], int], data: st.DataObject) -> None:
    layers, n = stack
    unit = data.draw(st.integers(0, (n, *stack_sizes(layers, n))[-1] - 1))
    seen = seen_by(unit, layers, n)
    assert list(seen.cells) == reached(layers, unit, n)
    assert set(seen.cells) <= set(seen.clipped) <= set(seen.window)


@run_with(deadline=None)
@given(stacks())
def test_the_field_is_the_span_of_the_gradient_where_the_input_is_large_enough(stack: tuple[list[Layer], int]) -> None:
    layers, _ = stack
    field = receptive_field(layers)
    unit = -(field.start // field.jump)  # the first that sees no padding
    n = field.cells(unit).stop + 50 * field.jump  # far enough for the padding on the right to play no part
    cells = reached(layers, unit, n)
    assert range(cells[0], cells[-1] + 1) == field.cells(unit) == seen_by(unit, layers, n).window


@run_with(deadline=None)
@given(stacks())
def test_the_numbers_of_every_line_come_to_its_result(stack: tuple[list[Layer], int]) -> None:
    lines = receptive_field_derivation(stack[0])
    assert [evaluated(line) for line in lines] == [line.result for line in lines]
    fields = [(field.size, field.jump, field.start) for field in receptive_fields(stack[0])]
    assert [tuple(line.result for line in lines[i : i + 3]) for i in range(0, len(lines), 3)] == fields


def test_an_image_is_followed_along_each_axis_alone() -> None:
    layers, n = [Layer(3, stride=2, padding=1), Layer(3, padding=1)], 8
    w = np.ones((1, 1, 3, 3))
    x = np.zeros((1, n, n))
    y = ops.conv2d(x, w, stride=2, padding=1)
    grad = np.zeros_like(y)
    grad[0, 1, 2] = 1
    grad, _, _ = ops.conv2d_backward(grad, y, w, padding=1)
    grad, _, _ = ops.conv2d_backward(grad, x, w, stride=2, padding=1)
    expected = np.zeros((n, n), bool)
    expected[np.ix_(seen_by(1, layers, n).cells, seen_by(2, layers, n).cells)] = True
    np.testing.assert_array_equal(grad[0] != 0, expected)
