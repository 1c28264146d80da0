"""sliding_windows: a read-only view of every window."""

import numpy as np
import pytest

from cnnlab import ops

CASES = [  # input, kernel_size, stride, dilation
    ((4, 5), 2, 1, 1),
    ((2, 3, 7, 8), (3, 2), (2, 3), (1, 2)),
    ((6, 6), (1, 3), 2, 2),
    ((3, 3), 3, 1, 1),
    ((7,), (3,), (2,), (1,)),
    ((2, 9), (2,), 3, 4),
    ((0, 4, 4), 2, 1, 1),
]


@pytest.mark.parametrize(("shape", "kernel_size", "stride", "dilation"), CASES)
def test_each_window_holds_the_cells_that_its_formula_names(
    shape: tuple[int, ...], kernel_size: int, stride: int, dilation: int
) -> None:
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    axes = 1 if np.shape(kernel_size) == (1,) else 2
    (*kernel,), (*s,), (*d,) = (np.broadcast_to(v, axes) for v in (kernel_size, stride, dilation))
    windows = ops.sliding_windows(x, kernel_size, stride, dilation)
    counts = windows.shape[x.ndim - axes : x.ndim]
    assert windows.shape == (*shape[:-axes], *counts, *kernel)
    for n, k, count, step, gap in zip(shape[-axes:], kernel, counts, s, d, strict=True):
        assert (count - 1) * step + (k - 1) * gap < n <= count * step + (k - 1) * gap  # one more would not fit
    for cell in np.ndindex(*counts, *kernel):
        at, tap = np.array(cell[:axes]), np.array(cell[axes:])
        np.testing.assert_array_equal(windows[(..., *cell)], x[(..., *(at * s + tap * d))])


def test_nothing_is_copied_and_nothing_can_be_written() -> None:
    x = np.zeros((4, 4))
    windows = ops.sliding_windows(x, 3)
    assert np.shares_memory(windows, x)
    with pytest.raises(ValueError, match="read-only"):
        windows[0, 0, 0, 0] = 1
    x[1, 1] = 5
    assert (windows == 5).sum() == 4


def test_views_of_views_work() -> None:
    x = np.arange(36.0).reshape(6, 6)[::2, ::-1]
    np.testing.assert_array_equal(ops.sliding_windows(x, 2), ops.sliding_windows(x.copy(), 2))


def test_lists_and_integers_become_floats() -> None:
    assert ops.sliding_windows([[1, 2], [3, 4]], 1).dtype == "float64"
    assert ops.sliding_windows(np.ones((2, 2), "float32"), 1).dtype == "float32"
