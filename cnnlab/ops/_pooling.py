"""What every pooling is made of, be its windows of one size or adaptive: largest cells, means, and their gradients.

Fast because no window is ever looked at by itself: the first cells of all windows are one array, so are the second
cells, and so on, and the largest or the sum of these arrays is taken. It is taken over the rows of a window first
and then over its columns, so that a window of k x k cells costs 2k steps.
"""

from collections.abc import Iterator
from math import prod
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, ArrayLike, computed
from cnnlab.ops._pool_arguments import AdaptiveWindows, Index, PoolArguments, Windows

Indices = npt.NDArray[np.int64]
Divisor = npt.NDArray[np.int64] | int
W = TypeVar("W", Windows, AdaptiveWindows)

BLOCK_BYTES = 2**20  # how much of the input a maximum is looked for at a time: little enough for a processor's cache


# ---- the largest cell ----------------------------------------------------------------------------


def maxima(a: PoolArguments[W]) -> Array:
    """The largest number of each window."""
    x = a.planes
    out = np.empty((len(x), a.rows.count, a.columns.count), x.dtype)
    for block in _blocks(x):
        _find_maxima(x[block], a, out[block])
    return out.reshape(a.output_shape)


def indices(a: PoolArguments[W], y: Array) -> Indices:
    """Where each of the maxima `y` was found, row*W + column; -1 for a window that has no cell."""
    x = a.planes
    found = np.full((len(x), a.rows.count, a.columns.count), -1)
    if a.few_windows:
        for i, j, winners in _window_by_window(x, a):
            found[:, i, j] = winners
        return found.reshape(y.shape)
    numbers_from_1 = _cell_numbers(x) + 1
    for windows, cells, won in _tap_by_tap(x, y.reshape(found.shape), a):
        here = found[windows]
        here += won * numbers_from_1[cells]
    return found.reshape(y.shape)


def maxima_backward(grad_output: ArrayLike, a: PoolArguments[W]) -> Array:
    """The gradient of `maxima`: each window sends its own to the cell that won."""
    x, grad = a.planes, computed(a.grad_planes(grad_output))
    grad_input = np.zeros(x.shape, grad.dtype)
    for block in _blocks(x):
        _send_to_winners(grad[block], x[block], grad_input[block], a)
    return grad_input.reshape(a.input.shape).astype(a.input.dtype, copy=False)


def _send_to_winners(grad: Array, x: Array, grad_input: Array, a: PoolArguments[W]) -> None:
    if a.few_windows:
        planes, cells_of = np.arange(len(x)), grad_input.reshape(len(x), x[0].size)
        for i, j, winners in _window_by_window(x, a):
            cells_of[planes, winners] += grad[:, i, j]
        return
    y = np.empty(grad.shape, x.dtype)
    _find_maxima(x, a, y)
    grad_bits = grad.view(f"i{grad.itemsize}")  # bits times 0 are zeros, where infinity times 0 would be NaN
    for windows, cells, won in _tap_by_tap(x, y, a):
        here = grad_input[cells]
        here += (grad_bits[windows] * won).view(grad.dtype)


def _blocks(x: Array) -> Iterator[slice]:
    """Some planes after others."""
    planes = max(1, BLOCK_BYTES // (x.itemsize * prod(x.shape[1:])))
    for start in range(0, len(x), planes):
        yield slice(start, start + planes)


def _find_maxima(x: Array, a: PoolArguments[W], out: Array) -> None:
    """Writes the largest number of each window to `out`."""
    P, H, W = x.shape
    if a.one_window:
        out[...] = x.reshape(P, H * W).max(axis=1).reshape(P, 1, 1)
        return
    of_rows = np.empty((P, a.rows.count, W), x.dtype)
    _combine(np.maximum, x, a.rows, of_rows, axis=-2, nothing=-np.inf)
    _combine(np.maximum, of_rows, a.columns, out, axis=-1, nothing=-np.inf)


# ---- who won -------------------------------------------------------------------------------------
#
# A window has one winner: the first cell that is equal to its maximum. In a window with NaNs it is the last of them,
# as in PyTorch. Many small windows are searched together, a cell of all of them at a time; few large ones singly.


def _tap_by_tap(x: Array, y: Array, a: PoolArguments[W]) -> Iterator[tuple[Index, Index, npt.NDArray[np.bool_]]]:
    """For one cell of all windows after the other: where in y, where in x, and whether it wins."""
    unmet = np.ones(y.shape, bool)  # the windows whose winner was not met yet
    for windows, cells in a.taps:
        still = unmet[windows]
        won = (x[cells] == y[windows]) & still
        still ^= won
        yield windows, cells, won
    if unmet.any():  # nothing is equal to NaN
        for windows, cells in reversed(a.taps):
            still = unmet[windows]
            won = np.isnan(x[cells]) & still
            still ^= won
            yield windows, cells, won


def _window_by_window(x: Array, a: PoolArguments[W]) -> Iterator[tuple[int, int, Indices]]:
    """For one window after the other: its row and column in the output, and the number of the winner in each plane."""
    planes, cell_numbers = np.arange(len(x)), _cell_numbers(x)
    for i, j in np.ndindex(a.rows.count, a.columns.count):
        window = (..., a.rows.window(i), a.columns.window(j))
        numbers = cell_numbers[window].ravel()
        if numbers.size == 0:
            continue
        cells = x[window].reshape(len(x), numbers.size)
        winners = cells.argmax(axis=-1)  # the first of several equal cells, and of several NaNs
        spoiled = np.isnan(cells[planes, winners])
        if spoiled.any():
            last = numbers.size - 1 - np.isnan(cells[:, ::-1]).argmax(axis=-1)
            winners = np.where(spoiled, last, winners)
        yield i, j, numbers[winners]


def _cell_numbers(x: Array) -> Indices:
    """H, W: row*W + column"""
    H, W = x.shape[-2:]
    return np.arange(H * W).reshape(H, W)


# ---- the mean ------------------------------------------------------------------------------------


def means(a: PoolArguments[W], divisor: Divisor) -> Array:
    """The sum of each window over its divisor."""
    out = _sums(computed(a.planes), a)
    out /= np.asarray(divisor, out.dtype)
    return out.reshape(a.output_shape).astype(a.input.dtype, copy=False)


def _sums(x: Array, a: PoolArguments[W]) -> Array:
    P, H, W = x.shape
    if a.one_window:
        return (x.reshape(P, H * W) @ np.ones(H * W, x.dtype)).reshape(P, 1, 1)  # nothing adds as fast as BLAS
    of_rows = np.empty((P, a.rows.count, W), x.dtype)
    out = np.empty((P, a.rows.count, a.columns.count), x.dtype)
    _combine(np.add, x, a.rows, of_rows, axis=-2, nothing=0.0)
    _combine(np.add, of_rows, a.columns, out, axis=-1, nothing=0.0)
    return out


def means_backward(grad_output: ArrayLike, a: PoolArguments[W], divisor: Divisor) -> Array:
    """The gradient of `means`: each window shares its own out among its cells."""
    grad = computed(a.grad_planes(grad_output))
    grad_input = _spread(grad / np.asarray(divisor, grad.dtype), a)
    return grad_input.reshape(a.input.shape).astype(a.input.dtype, copy=False)


def _spread(shares: Array, a: PoolArguments[W]) -> Array:
    P, H, W = len(shares), a.rows.size, a.columns.size
    if a.one_window:
        return np.broadcast_to(shares, (P, H, W)).copy()
    of_rows, out = np.zeros((P, a.rows.count, W), shares.dtype), np.zeros((P, H, W), shares.dtype)
    _share_out(shares, a.columns, of_rows, axis=-1)
    _share_out(of_rows, a.rows, out, axis=-2)
    return out


# ---- along one axis ------------------------------------------------------------------------------


def _combine(combine: np.ufunc, x: Array, windows: W, out: Array, axis: int, nothing: float) -> None:
    """Writes to `out` the cells of each window along one axis combined to one number; `nothing` if it has none."""
    of_cells, of_windows = x.swapaxes(axis, -1), out.swapaxes(axis, -1)  # views with the axis at the end
    of_all = [tap for tap in windows.taps if tap.windows == slice(0, windows.count, 1)]  # cells of every window
    if len(of_all) > 1:
        combine(of_cells[..., of_all[0].cells], of_cells[..., of_all[1].cells], out=of_windows)
    else:
        of_windows[...] = of_cells[..., of_all[0].cells] if of_all else nothing
    for tap in windows.taps:
        if tap not in of_all[:2]:
            here = of_windows[..., tap.windows]
            combine(here, of_cells[..., tap.cells], out=here)


def _share_out(grad: Array, windows: W, out: Array, axis: int) -> None:
    """Adds to each cell of `out` along one axis what the windows have that see it."""
    of_windows, of_cells = grad.swapaxes(axis, -1), out.swapaxes(axis, -1)  # views with the axis at the end
    for tap in windows.taps:
        here = of_cells[..., tap.cells]
        here += of_windows[..., tap.windows]
