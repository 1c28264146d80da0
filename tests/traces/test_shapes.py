"""The shapes of a layer: windows and counts as the ops and plain counting have them."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.traces.shapes import Shapes, layer_shapes
from cnnlab.traces.shapes_words import further, of_layer, of_step, of_usage, steps_of

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
CONVOLUTIONS = [
    {},
    {"padding": 1},
    {"n": 6, "padding": 1, "stride": 2},
    {"n": 7, "dilation": 2, "stride": 2},
    {"n": 9, "kernel_size": 2, "stride": 4, "padding": 1},
    {"n": 6, "kernel_size": 4, "padding": "same"},
    {"n": 6, "padding": "same", "dilation": 3, "padding_mode": "reflect"},
    {"n": 5, "kernel_size": 5, "padding": 2, "padding_mode": "replicate"},
    {"n": 5, "padding": 3, "padding_mode": "circular", "stride": 2},
    {"n": 1, "kernel_size": 1},
    {"dimensions": 1, "n": 10, "padding": 2, "stride": 3},
    {"dimensions": 1, "n": 8, "padding": "same", "kernel_size": 4, "padding_mode": "reflect"},
]
TRANSPOSED = [
    {"n": 3},
    {"n": 3, "stride": 2, "padding": 1},
    {"n": 3, "stride": 2, "padding": 1, "output_padding": 1},
    {"n": 4, "stride": 3, "output_padding": 2},
    {"n": 4, "stride": 2, "dilation": 3, "padding": 2, "output_padding": 1},
    {"n": 2, "kernel_size": 2, "stride": 4},
    {"dimensions": 1, "n": 6, "stride": 2, "kernel_size": 4, "padding": 1},
    {"dimensions": 1, "n": 3, "stride": 3, "output_padding": 2},
]
convolutions = pytest.mark.parametrize("settings", CONVOLUTIONS, ids=str)
transposed = pytest.mark.parametrize("settings", TRANSPOSED, ids=str)


def weight(s: Shapes) -> np.ndarray[Any, Any]:
    return np.ones((1, 1, *s.shape(s.kernel_size)))


def along(s: Shapes, value: int, single: int) -> tuple[int, int]:
    """A number for columns, and for rows where there are several."""
    return (single if s.dimensions == 1 else value), value


def windows(s: Shapes) -> Iterator[tuple[list[int], list[int]]]:
    """Rows and columns of every window, the plain way."""
    taps = [i * s.dilation for i in range(s.kernel_size)]
    starts = [i * s.stride for i in range(s.axis.windows)]
    rows = [0] if s.dimensions == 1 else starts
    for top, left in product(rows, starts):
        yield [top] if s.dimensions == 1 else [top + t for t in taps], [left + t for t in taps]


def padded(s: Shapes, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return ops.pad(x[None], s.padding * s.dimensions, mode=MODES[s.padding_mode])[0]


# ---- convolution -----------------------------------------------------------------------------------------------------


@convolutions
def test_the_output_is_that_of_the_ops_and_has_the_size_of_the_formula(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings)
    stride, dilation = along(s, s.stride, 1), along(s, s.dilation, 1)
    y = ops.conv2d(padded(s, s.input)[None], weight(s), stride=stride, dilation=dilation)[0]
    np.testing.assert_array_equal(s.output, y)
    assert s.output.shape == s.shape(s.size)


@convolutions
def test_the_usage_is_the_gradient_of_the_sum(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings)
    stride, dilation = along(s, s.stride, 1), along(s, s.dilation, 1)
    x = s.input[None]
    grad, *_ = ops.conv2d_backward(
        np.ones((1, *s.output.shape)), padded(s, s.input)[None], weight(s), stride=stride, dilation=dilation
    )
    found = ops.pad_backward(grad, x, s.padding * s.dimensions, mode=MODES[s.padding_mode])[0]
    np.testing.assert_array_equal(s.usage, found)


@pytest.mark.parametrize("settings", [c for c in CONVOLUTIONS if c.get("padding_mode", "zeros") == "zeros"], ids=str)
def test_the_usage_is_one_for_each_window_that_a_pixel_is_in(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings)
    counts, walked = np.zeros(padded(s, s.input).shape), []
    for rows, cols in windows(s):
        counts[np.ix_(rows, cols)] += 1
        walked.append(counts.copy())
    for step in (1, s.steps // 2 + 1, s.steps):
        np.testing.assert_array_equal(s.touched(step), walked[step - 1])
    before = s.padding[0]
    rows = slice(None) if s.dimensions == 1 else slice(before, before + s.n)
    np.testing.assert_array_equal(s.usage, counts[rows, before : before + s.n])
    np.testing.assert_array_equal(s.unreached, counts == 0)


@pytest.mark.parametrize("settings", [{"padding": 1}, {"n": 7, "padding": 2, "stride": 2}, {"n": 7, "dilation": 2}])
def test_the_usage_is_fold_of_unfold_of_ones(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings)
    arguments: dict[str, Any] = {"dilation": s.dilation, "padding": s.padding[0], "stride": s.stride}
    columns = ops.unfold(np.ones((1, 1, s.n, s.n)), s.kernel_size, **arguments)
    folded = ops.unfold_backward(np.ones_like(columns), np.ones((1, 1, s.n, s.n)), s.kernel_size, **arguments)
    np.testing.assert_array_equal(s.usage, folded[0, 0])


def test_a_corner_counts_4_an_edge_6_and_the_interior_9_times() -> None:
    assert layer_shapes(n=5, padding=1).usage.tolist() == [
        [4, 6, 6, 6, 4],
        [6, 9, 9, 9, 6],
        [6, 9, 9, 9, 6],
        [6, 9, 9, 9, 6],
        [4, 6, 6, 6, 4],
    ]


def test_a_pixel_that_is_seen_as_a_copy_is_reached() -> None:
    s = layer_shapes(dimensions=1, n=4, kernel_size=1, stride=5, padding=2, padding_mode="circular")
    assert s.padded.tolist() == [[3, 4, 1, 2, 3, 4, 1, 2]]  # windows at the first cell, a 3, and at the 4 behind
    assert s.usage.tolist() == [[0, 0, 1, 1]]
    assert s.unreached.tolist() == [[False, True, True, True, False, False, True, True]]
    assert (s.unreached[~s.border] == (s.usage.ravel() == 0)).all()


def test_which_padding_makes_every_pixel_count_equally() -> None:
    signal = {"dimensions": 1, "n": 6, "padding": 1}
    assert layer_shapes(**signal).usage.tolist() == [[2, 3, 3, 3, 3, 2]]
    assert layer_shapes(**signal, padding_mode="reflect").usage.tolist() == [[2, 4, 3, 3, 4, 2]]
    assert layer_shapes(**signal, padding_mode="replicate").usage.tolist() == [[3, 3, 3, 3, 3, 3]]
    assert layer_shapes(**signal, padding_mode="circular").usage.tolist() == [[3, 3, 3, 3, 3, 3]]
    assert layer_shapes(dimensions=1, n=6, padding=2).usage.tolist() == [[3, 3, 3, 3, 3, 3]]  # a larger output


def test_the_border_takes_its_numbers_from_where_its_sources_are() -> None:
    for mode, filled in {
        "zeros": [0, 0, 1, 2, 3, 4, 0, 0],
        "reflect": [3, 2, 1, 2, 3, 4, 3, 2],
        "replicate": [1, 1, 1, 2, 3, 4, 4, 4],
        "circular": [3, 4, 1, 2, 3, 4, 1, 2],
    }.items():
        s = layer_shapes(dimensions=1, n=4, padding=2, padding_mode=mode)
        assert s.padded.tolist() == [filled]
        assert (s.sources + 1).tolist() == filled


def test_a_window_knows_what_of_it_is_padding_and_what_that_copies() -> None:
    corner = layer_shapes(n=5, padding=1, padding_mode="reflect").at(0)
    assert [taps.tolist() for taps in corner.taps] == [[0, 1, 2], [0, 1, 2]]
    assert corner.in_border == 5
    assert corner.copied == ((0, 1), (1, 0), (1, 1))
    assert layer_shapes(n=5, padding=1).at(0).copied == ()
    middle = layer_shapes(n=5, padding=1, padding_mode="reflect").at(12)
    assert (middle.in_border, middle.copied, middle.name) == (0, (), "[2, 2]")


def test_pointing_finds_the_window_whose_middle_is_nearest() -> None:
    s = layer_shapes(n=6, padding=1, stride=2)
    assert [s.over(0, 0), s.over(1, 3), s.over(7, 7)] == [0, 1, 8]
    assert layer_shapes(dimensions=1, n=9, kernel_size=1, stride=4).over(0, 6) == 2


# ---- transposed convolution ------------------------------------------------------------------------------------------


@transposed
def test_a_transposed_convolution_is_that_of_the_ops(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings, transposed=True)
    y = ops.conv_transpose2d(
        s.input[None], weight(s), stride=along(s, s.stride, 1), padding=along(s, s.padding[0], 0),
        output_padding=along(s, s.output_padding, 0), dilation=along(s, s.dilation, 1),
    )[0]  # fmt: skip
    np.testing.assert_array_equal(s.result, y)
    assert s.result.shape == s.shape(s.size)
    assert s.output.shape == tuple(axis.length for axis in s.axes)


@transposed
def test_each_cell_stamps_its_number(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings, transposed=True)
    output, counts = np.zeros(s.output.shape), np.zeros(s.output.shape)
    for step, (rows, cols) in enumerate(windows(s)):
        output[np.ix_(rows, cols)] += s.input.flat[step]
        counts[np.ix_(rows, cols)] += 1
        np.testing.assert_array_equal(s.stamped(step + 1), output)
        np.testing.assert_array_equal(s.touched(step + 1), counts)
    np.testing.assert_array_equal(s.output, output)
    np.testing.assert_array_equal(s.usage, counts[~s.border].reshape(s.result.shape))


@transposed
def test_the_convolution_gives_the_size_back(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings, transposed=True)
    forward = layer_shapes(**{**settings, "n": s.size, "output_padding": 0})
    assert forward.size == s.back == s.n
    assert s.again.shape == s.input.shape
    assert not np.array_equal(s.again, s.input)


def test_overlapping_stamps_make_a_checkerboard_unless_the_stride_divides_the_kernel() -> None:
    uneven = layer_shapes(dimensions=1, n=4, kernel_size=3, stride=2, transposed=True)
    assert uneven.usage.tolist() == [[1, 1, 2, 1, 2, 1, 2, 1, 1]]
    even = layer_shapes(dimensions=1, n=4, kernel_size=4, stride=2, padding=1, transposed=True)
    assert even.usage.tolist() == [[1, 2, 2, 2, 2, 2, 2, 1]]


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", CONVOLUTIONS, ids=str)
def test_the_steps_of_the_formula_lead_to_its_result(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings)
    lines = steps_of(s)
    assert len(lines) == 5
    assert lines[-1][1].endswith(f"+ 1 = {s.derivation.result}")
    assert int(lines[2][1].split("= ")[-1]) // s.stride == int(lines[3][1].split("= ")[-1])


@transposed
def test_the_steps_of_a_transposed_convolution_lead_to_its_result(settings: dict[str, Any]) -> None:
    s = layer_shapes(**settings, transposed=True)
    assert steps_of(s)[-1][1].endswith(f"= {s.size}")
    assert str(further(s)[0]).endswith(f"= {s.n}")


def test_the_floor_can_be_seen() -> None:
    assert steps_of(layer_shapes(n=64, stride=2)) == [
        ("padded input", "64 + 2·0 = 64"),
        ("kernel covers", "3"),
        ("room to move", "64 − 3 = 61"),
        ("moves of 2 cells", "⌊61 / 2⌋ = ⌊30.5⌋ = 30"),
        ("and the first place", "30 + 1 = 31"),
    ]
    assert steps_of(layer_shapes(n=6, kernel_size=4, stride=3, dilation=1))[3][1] == "⌊2 / 3⌋ = ⌊0.66…⌋ = 0"
    assert steps_of(layer_shapes(n=512, kernel_size=1, stride=512))[3][1] == "⌊511 / 512⌋ = ⌊0.99…⌋ = 0"


def test_the_steps_of_a_transposed_convolution_are_written_out() -> None:
    assert steps_of(layer_shapes(n=3, stride=2, padding=1, transposed=True, output_padding=1)) == [
        ("first stamp to last", "(3 − 1)·2 = 4"),
        ("kernel covers", "3"),
        ("together", "4 + 3 = 7"),
        ("padding cut off", "7 − 2·1 = 5"),
        ("output padding", "5 + 1 = 6"),
    ]


SAID = [
    ({"padding": 1}, "Every pixel of the input is in at least one window."),
    (
        {"n": 6, "stride": 2},
        "3 / 2 is rounded down: the last row and the last column of the input are in no window, "
        "and 11 of the 36 pixels are never seen.",
    ),
    (
        {"n": 6, "stride": 2, "padding": 1},
        "5 / 2 is rounded down: the last row and the last column of the padded input are in no window. "
        "No pixel of the input is lost by it.",
    ),
    (
        {"dimensions": 1, "n": 9, "stride": 4},
        "6 / 4 is rounded down: the last 2 cells of the input are in no window, and 3 of the 9 cells are never seen.",
    ),
    ({"n": 7, "dilation": 2, "stride": 2}, "The windows leave gaps: 33 of the 49 pixels are never seen."),
    (
        {"n": 3, "stride": 2, "transposed": True},
        "The convolution with the same settings turns 7 into 3 again: the size comes back, the numbers do not. "
        "It is not an inverse.",
    ),
    (
        {"n": 3, "kernel_size": 1, "stride": 2, "transposed": True},
        "The convolution with the same settings turns 5 into 3 again, and here even the numbers come back, "
        "because no two stamps overlap.",
    ),
    (
        {"n": 3, "dilation": 2, "transposed": True, "output_padding": 1},
        "The convolution with the same settings turns 8 into 4, not 3: there is more output padding than its floor "
        "takes away.",
    ),
]
USES = [
    (
        {"padding": 1},
        "Pixels are used 4 to 9 times, so they do not count equally: a corner 4 times, the middle of an edge 6 times, "
        "the center 9 times.",
    ),
    ({"padding": 2}, "Every pixel is used 9 times: here they all count equally."),
    (
        {"dimensions": 1, "n": 6},
        "Cells are used 1 to 3 times, so they do not count equally: the first cell once, the one in the middle "
        "3 times.",
    ),
    ({"n": 5, "kernel_size": 2, "stride": 3}, "9 of 25 pixels are never used, the others once each."),
    ({"n": 6, "kernel_size": 3, "stride": 2}, "11 of 36 pixels are never used, the others 1 to 4 times."),
    (
        {"n": 4, "stride": 2, "transposed": True},
        "Output cells are stamped 1 to 4 times: the stride 2 does not divide the kernel 3, and stamps overlap "
        "unevenly, a checkerboard.",
    ),
    (
        {"n": 4, "kernel_size": 4, "stride": 2, "transposed": True},
        "Output cells are stamped 1 to 4 times: the stride divides the kernel, so only the border is stamped less.",
    ),
    (
        {"n": 4, "kernel_size": 2, "stride": 3, "transposed": True},
        "Output cells are stamped 0 to 1 time: the stride 3 is larger than the kernel 2, and leaves gaps.",
    ),
    ({"n": 4, "kernel_size": 2, "stride": 2, "transposed": True}, "Every output cell is stamped once."),
]


@pytest.mark.parametrize(("settings", "words"), SAID)
def test_what_is_said_about_a_layer(settings: dict[str, Any], words: str) -> None:
    assert of_layer(layer_shapes(**settings)) == words


@pytest.mark.parametrize(("settings", "words"), USES)
def test_what_is_said_about_the_counts(settings: dict[str, Any], words: str) -> None:
    assert of_usage(layer_shapes(**settings)) == words


def test_what_is_said_about_a_window() -> None:
    says = of_step(layer_shapes(padding=1).at(0))
    assert says == (
        "The window of output [0, 0] begins at row 0, column 0 of the padded input: 5 of its 9 cells are padding, "
        "zeros."
    )
    says = of_step(layer_shapes(n=6, stride=2).at(3))
    assert says == "The window of output [1, 1] begins at row 2, column 2 of the input."
    says = of_step(layer_shapes(padding=1).at(12))
    assert says == "The window of output [2, 2] begins at row 2, column 2 of the padded input, and touches no padding."
    says = of_step(layer_shapes(dimensions=1, n=5, padding=1, padding_mode="circular").at(4))
    assert says == (
        "The window of output [4] begins at cell 4 of the padded input: 1 of its 3 cells is padding, "
        "copies along the arcs."
    )
    says = of_step(layer_shapes(n=3, stride=2, padding=1, transposed=True).at(1))
    assert says == (
        "Input [0, 1] stamps its number on 9 cells, from row 0, column 2 on; 3 of them are cut off by the padding."
    )


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n": 0}, "n must be at least 1, but is 0"),
        ({"n": 513}, "n must be at most 512 here, but is 513"),
        ({"kernel_size": 17}, "kernel_size must be at most 16 here, but is 17"),
        ({"n": 3, "kernel_size": 5}, "the kernel covers 5 but the padded input is only 3"),
        ({"dimensions": 3}, "dimensions must be 1 or 2, but is 3"),
        ({"padding": "same", "stride": 2}, "padding 'same' works with stride 1 only, but stride is 2"),
        ({"padding": "wide"}, "padding must be a whole number, a pair, 'same' or 'valid', but is 'wide'"),
        (
            {"padding": 5, "padding_mode": "reflect"},
            "padding 5 is more than padding_mode 'reflect' can fill from 5: use at",
        ),
        ({"padding": 6, "padding_mode": "circular"}, "can fill from 5: use at most 5"),
        ({"n": 1, "padding": 1, "padding_mode": "reflect"}, "can fill from 1: use another mode"),
        ({"transposed": True, "padding": "same"}, "padding of a transposed convolution must be a whole number"),
        (
            {"transposed": True, "padding_mode": "reflect"},
            "padding_mode of a transposed convolution can only be 'zeros'",
        ),
        ({"transposed": True, "output_padding": 1}, "output_padding"),
        ({"transposed": True, "n": 1, "padding": 2}, "padding"),
    ],
)
def test_what_cannot_be_is_a_sentence(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        layer_shapes(**settings)


def test_as_much_padding_as_a_mode_can_fill_is_taken() -> None:
    for mode, most in {"reflect": 4, "circular": 5, "replicate": 9}.items():
        s = layer_shapes(n=5, padding=most, padding_mode=mode)
        np.testing.assert_array_equal(s.padded, padded(s, s.input))
