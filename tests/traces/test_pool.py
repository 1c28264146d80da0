"""Every number of a pooling step, against the decks, PyTorch, central differences and its own formula."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.pool import KINDS, pooling
from cnnlab.traces.shifts import shifted, unchanged
from tests.traces.calculator import check
from tests.worked import example

GRID = [[2, 3, 8, 0], [9, 8, 3, 1], [5, 9, 3, 9], [10, 6, 1, 4]]

# worked example, kind, where in its "expect" the output stands
DECKS = [
    ("A-avg-pool", "average", "avg"),
    ("A-avg-pool", "max", "max"),
    ("A-avg-pool", "global average", "global_avg"),
    ("A-avg-pool", "global max", "global_max"),
    ("C-max-pool", "max", "max"),
    ("C-avg-pool", "average", "avg"),
]

# settings of a pooling of GRID, an output cell, its line
LINES = [
    ({}, 3, "y[1, 1] = max of the window = max(3, 9, 1, 4) = 9"),
    ({"kind": "average"}, 0, "y[0, 0] = sum / cells = (2 + 3 + 9 + 8) / 4 = 5.5"),
    ({"kind": "average", "kernel_size": 3, "padding": 1, "stride": 3}, 0,
     "y[0, 0] = sum / cells = (0 + 0 + 0 + 0 + 2 + 3 + 0 + 9 + 8) / 9 ≈ 2.44444"),
    ({"kind": "average", "kernel_size": 3, "padding": 1, "stride": 3, "count_include_pad": False}, 0,
     "y[0, 0] = sum / cells = (2 + 3 + 9 + 8) / 4 = 5.5"),
    ({"kernel_size": 3, "padding": 1, "stride": 3}, 0, "y[0, 0] = max of the window = max(2, 3, 9, 8) = 9"),
    ({"kernel_size": 1}, 0, "y[0, 0] = max of the window = 2"),
    ({"kind": "global max"}, 0, "y[0, 0] = max of the window = max(2, 3, 8, …, 4) = 10"),
    ({"kind": "global average"}, 0, "y[0, 0] = sum / cells = (2 + 3 + 8 + … + 4) / 16 = 5.0625"),
    ({"kernel_size": 3, "ceil_mode": True}, 3, "y[1, 1] = max of the window = 4"),
]  # fmt: skip

# settings that cannot work, words of the answer
BAD = [
    ({"kind": "mean"}, "kind must be one of 'max', 'average', 'global max', 'global average', but is 'mean'"),
    ({"kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"kernel_size": 5}, "5 x 5"),
    ({"stride": 0}, "stride must be at least 1, but is 0"),
    ({"padding": -1}, "padding must be at least 0, but is -1"),
    ({"padding": 2}, "padding"),
    ({"dilation": 2, "kind": "average"}, "dilation must be 1 for average pooling, but is 2"),
    ({"kind": "global max", "stride": 2}, "global max pooling has one window, the whole image: leave stride"),
    ({"input": np.full((1, 6), -1.0), "kernel_size": (2, 1), "padding": (1, 0), "dilation": (2, 1)},
     "a window sees nothing but padding"),
    ({"input": [[1, np.inf]]}, r"input\[0, 0, 1\] is inf"),
    ({"input": [1, 2]}, "input must be an image"),
    ({"input": np.full((2, 2), 1e308), "kind": "average"}, "output is beyond the largest number"),
]  # fmt: skip


@st.composite
def poolings(draw, whole=False):
    """Arguments of a small pooling."""
    kind = draw(st.sampled_from(KINDS))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (draw(st.integers(1, 2)), draw(st.integers(3, 6)), draw(st.integers(3, 6)))
    x = rng.integers(-3, 4, shape).astype(float) if whole else rng.normal(size=shape)
    if kind.startswith("global"):
        return {"input": x, "kind": kind}
    kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return {
        "input": x,
        "kind": kind,
        "kernel_size": kernel,
        "stride": draw(st.none() | st.tuples(st.integers(1, 3), st.integers(1, 3))),
        "padding": tuple(draw(st.integers(0, k // 2)) for k in kernel),
        "dilation": draw(st.integers(1, 2)) if kind == "max" and max(kernel) < 3 and shape[1] > 4 < shape[2] else 1,
        "ceil_mode": draw(st.booleans()),
        "count_include_pad": draw(st.booleans()),
    }


def worked(given_):
    """The pooling, or None where a dilated window sees nothing but padding."""
    try:
        return pooling(**given_)
    except ValueError as error:
        assert "nothing but padding" in str(error)
        return None


def by_torch(p, x):
    """What PyTorch computes with the settings of a pooling."""
    if p.kind == "global max":
        return functional.adaptive_max_pool2d(x, 1)
    if p.kind == "global average":
        return functional.adaptive_avg_pool2d(x, 1)
    if p.kind == "max":
        return functional.max_pool2d(x[None], p.kernel_size, p.stride, p.padding, p.dilation, p.ceil_mode)[0]
    return functional.avg_pool2d(x, p.kernel_size, p.stride, p.padding, p.ceil_mode, p.count_include_pad)


def all_cells(p):
    return [p.at(index, channel) for channel in range(len(p.output)) for index in range(p.steps)]


@pytest.mark.parametrize(("worked_example", "kind", "key"), DECKS)
def test_the_output_is_the_one_of_the_deck(worked_example, kind, key):
    entry = example(worked_example)
    size = {} if kind.startswith("global") else {"kernel_size": entry["given"]["k"], "stride": entry["given"]["s"]}
    p = pooling(entry["given"]["x"], kind, **size)
    np.testing.assert_allclose(p.output[0], np.atleast_2d(entry["expect"][key]), atol=entry["tol"])


@settings(deadline=None)
@given(poolings())
def test_output_and_gradient_are_those_of_pytorch(given_):
    if (p := worked(given_)) is None:
        return
    x = torch.tensor(given_["input"], requires_grad=True)
    y = by_torch(p, x)
    grad = np.random.default_rng(1).normal(size=p.output.shape)
    y.backward(torch.from_numpy(grad))
    np.testing.assert_allclose(p.output, y.detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(p.backward(grad), x.grad.numpy(), rtol=1e-12, atol=1e-14)


@settings(deadline=None)
@given(poolings(whole=True))
def test_every_output_cell_follows_from_its_window(given_):
    if (p := worked(given_)) is None:
        return
    for index, trace in enumerate(all_cells(p)):
        assert trace.index == index % p.steps
        cells = trace.window[trace.counted]
        assert trace.divisor == len(cells)
        if p.is_max:
            assert trace.value == cells.max() == trace.window[trace.winner] == p.input[trace.channel][trace.place]
            assert trace.ties.sum() == (cells == cells.max()).sum()
            assert not trace.ties.ravel()[: trace.ties.argmax()].any()
        else:
            assert trace.value == pytest.approx(trace.sum / trace.divisor)
            assert (trace.winner, trace.place, trace.ties.any()) == (None, None, False)
        if "…" not in trace.equation.numbers:
            check(trace.equation)


@settings(deadline=None)
@given(poolings())
def test_the_window_lies_where_the_rows_and_columns_say(given_):
    if (p := worked(given_)) is None:
        return
    _, height, width = p.input.shape
    for trace in all_cells(p):
        for i, row in enumerate(trace.rows - p.padding[0]):
            for j, col in enumerate(trace.cols - p.padding[1]):
                inside = 0 <= row < height and 0 <= col < width
                assert trace.in_padding[i, j] == (not inside)
                expected = p.input[trace.channel, row, col] if inside else -np.inf if p.is_max else 0
                assert trace.window[i, j] == expected


@settings(deadline=None)
@given(poolings(whole=True))
def test_the_shares_of_all_windows_add_up_to_the_gradient_of_the_input(given_):
    if (p := worked(given_)) is None:
        return
    grad = np.random.default_rng(1).integers(-4, 5, p.output.shape).astype(float)
    added = np.zeros_like(p.padded)
    for trace in all_cells(p):
        shares = trace.shares(grad[trace.channel, trace.row, trace.col])
        assert shares.sum() == pytest.approx(grad[trace.channel, trace.row, trace.col])
        added[trace.channel, trace.rows[:, None], trace.cols] += shares
    (top, left), (channels, height, width) = p.padding, p.input.shape
    np.testing.assert_allclose(added[:, top : top + height, left : left + width], p.backward(grad), atol=1e-12)
    for row in range(height):
        found = p.received(grad, row, width - 1, channels - 1)
        assert found.result == p.backward(grad)[channels - 1, row, width - 1]
        if "…" not in found.numbers:
            check(found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_the_slope(kind):
    x = np.random.default_rng(0).permutation(2 * 5 * 5).reshape(2, 5, 5) / 7
    size = {} if kind.startswith("global") else {"kernel_size": 3, "stride": 2, "padding": 1}
    p = pooling(x, kind, **size)
    grad = np.random.default_rng(1).normal(size=p.output.shape)
    differences = numerical_gradient(lambda changed: float((pooling(changed, kind, **size).output * grad).sum()), x)
    np.testing.assert_allclose(p.backward(grad), differences, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("given_", "index", "line"), LINES)
def test_a_line_reads_as_a_person_would_write_it(given_, index, line):
    assert str(pooling(GRID, **given_).at(index).equation) == line


def test_the_first_of_several_equal_cells_gets_the_gradient():
    trace = pooling([[1, 7], [7, 7]]).at(0)
    np.testing.assert_array_equal(trace.ties, [[False, True], [True, True]])
    assert (trace.winner, trace.place) == ((0, 1), (0, 1))
    np.testing.assert_array_equal(trace.shares(3), [[0, 3], [0, 0]])


def test_an_average_shares_its_gradient_and_loses_what_goes_to_the_padding():
    p = pooling(np.ones((2, 2)), "average", 2, 1, 1)
    np.testing.assert_array_equal(p.at(0).shares(4), [[1, 1], [1, 1]])
    np.testing.assert_array_equal(p.at(0).in_padding, [[True, True], [True, False]])
    assert str(p.received(np.full((1, 3, 3), 4), 0, 0)) == "dx[0, 0] = what its windows send back = 1 + 1 + 1 + 1 = 4"
    without = pooling(np.ones((2, 2)), "average", 2, 1, 1, count_include_pad=False)
    np.testing.assert_array_equal(without.at(0).shares(4), [[0, 0], [0, 4]])


def test_a_cell_that_never_wins_gets_nothing_back():
    found = pooling(GRID).received(np.ones((1, 2, 2)), 0, 0)
    assert str(found) == "dx[0, 0] = no window sends anything back = 0"


def test_a_cell_of_several_windows_is_named_with_its_channel():
    p = pooling(np.stack([GRID, GRID]), kernel_size=2, stride=1)
    assert p.at(0, 1).name == "y[1, 0, 0]"
    assert str(p.received(np.ones((2, 3, 3)), 1, 0, 1)) == "dx[1, 1, 0] = what its windows send back = 1 + 1 = 2"


def test_the_sizes_are_derived():
    assert [str(d) for d in pooling(GRID).sizes()] == ["size = ⌊(n + 2p − k) / s⌋ + 1 = ⌊(4 + 2·0 − 2) / 2⌋ + 1 = 2"]
    both = pooling(np.ones((4, 6))).sizes()
    assert [(d.name, d.result) for d in both] == [("height", 2), ("width", 3)]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [({}, (1, 0)), ({"stride": 1}, (0, 0)), ({"kernel_size": 3}, (2, 1)), ({"ceil_mode": True}, (0, 0))],
)
def test_the_rows_and_columns_left_over_are_those_behind_the_last_window(given_, expected):
    assert pooling(np.ones((5, 4)), **given_).unreached() == expected


def test_pointing_at_a_cell_finds_the_window_over_it():
    p = pooling(np.ones((6, 8)))
    assert [p.over(row, col) for row, col in [(0, 0), (1, 1), (0, 2), (2, 0), (5, 7), (99, 99), (-5, -5)]] == [
        0, 0, 1, 4, 11, 11, 0,
    ]  # fmt: skip


def test_a_shift_moves_the_image_and_lets_zeros_in():
    x = [[1, 2], [3, 4]]
    np.testing.assert_array_equal(shifted(x, 0, 1)[0], [[0, 1], [0, 3]])
    np.testing.assert_array_equal(shifted(x, -1, 0)[0], [[3, 4], [0, 0]])
    np.testing.assert_array_equal(shifted(x, 0, 0)[0], x)
    np.testing.assert_array_equal(shifted(x, 5, -5)[0], np.zeros((2, 2)))


@pytest.mark.parametrize(("shift", "words"), [((1.5, 0), "down must be .*1.5"), ((0, "a"), "right must be .*'a'")])
def test_a_shift_is_a_whole_number_of_cells(shift, words):
    with pytest.raises(ValueError, match=words):
        shifted(np.eye(2), *shift)


def test_a_maximum_bears_a_shift_within_its_window():
    image = np.zeros((6, 6))
    image[0, 0] = image[2, 4] = 1
    before = pooling(image)
    assert unchanged(before, pooling(shifted(image, 0, 1))) == 1
    assert unchanged(before, pooling(shifted(image, 0, 2))) == pytest.approx(7 / 9 - 1 / 9)
    assert unchanged(pooling(image, "average"), pooling(shifted(image, 1, 1), "average")) == 1
    assert unchanged(pooling(image, "global average"), pooling(shifted(image, 3, 0), "global average")) == 1
    with pytest.raises(ValueError, match="the outputs must have one shape"):
        unchanged(before, pooling(np.ones((4, 4))))


@pytest.mark.parametrize(("given_", "words"), BAD)
def test_what_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        pooling(**{"input": GRID, **given_})


@pytest.mark.parametrize(
    ("index", "channel", "words"),
    [
        (4, 0, "step must be from 0 to 3, but is 4"),
        (1.5, 0, "step must be a whole number, but is 1.5"),
        (0, 1, "channel must be from 0 to 0, but is 1"),
        (0, True, "channel must be a whole number, but is True"),
    ],
)
def test_a_cell_that_is_not_there_cannot_be_traced(index, channel, words):
    with pytest.raises(ValueError, match=words):
        pooling(GRID).at(index, channel)


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    image = np.array(GRID, float)
    p = pooling(image)
    image[:] = -1
    np.testing.assert_array_equal(p.input[0], GRID)
    for array in (p.input, p.padded, p.output, p.at(0).window, p.at(0).shares(), p.backward(np.ones((1, 2, 2)))):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
