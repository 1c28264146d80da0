"""The arguments that pooling takes, checked together, and which cells its windows see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd, prod
from types import EllipsisType
from typing import Generic, SupportsIndex, TypeVar

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import (
    Array,
    ArrayLike,
    Ints,
    as_array,
    as_grad,
    check_size,
    flag,
    integer,
    is_sequence,
    pair,
    times,
)

Index = tuple[EllipsisType, slice, slice]
OutputSize = SupportsIndex | Sequence[SupportsIndex | None]

MOST_WINDOWS = 4096  # of an adaptive pooling along an axis, where it has more windows than cells


# ---- windows along one axis ----------------------------------------------------------------------


@dataclass(frozen=True)
class Tap:
    """One cell of the window, for many windows at once: window windows[i] meets cell cells[i] of the input."""

    windows: slice
    cells: slice


@dataclass(frozen=True)
class Windows:
    """`count` windows of one size, a stride apart, along an axis of `size` cells."""

    size: int
    kernel_size: int
    stride: int
    padding: int
    dilation: int
    count: int

    def window(self, i: int) -> slice:
        """The cells of window i that are inside the input."""
        first = i * self.stride - self.padding
        cells = range(first, first + self.dilation * (self.kernel_size - 1) + 1, self.dilation)
        inside = [cell for cell in cells if 0 <= cell < self.size]
        return slice(inside[0], inside[-1] + 1, self.dilation) if inside else slice(0, 0)

    @cached_property
    def taps(self) -> list[Tap]:
        """The first cell of every window, the second of every window, and so on, without the cells of the padding.

        Window i meets cell i*stride + u*dilation - padding with its tap u, if there is such a cell.
        """
        s, taps = self.stride, []
        for u in range(self.kernel_size):
            shift = u * self.dilation - self.padding
            first, last = max(0, -(shift // s)), min(self.count - 1, (self.size - 1 - shift) // s)
            if first <= last:
                taps.append(Tap(slice(first, last + 1, 1), slice(first * s + shift, last * s + shift + 1, s)))
        return taps

    def lengths(self, with_padding: bool) -> npt.NDArray[np.int64]:
        """How many cells each window has (without dilation); what hangs over the padded end does not count."""
        starts = np.arange(self.count) * self.stride - self.padding
        before, after = (self.padding, self.padding) if with_padding else (0, 0)
        return np.minimum(starts + self.kernel_size, self.size + after) - np.maximum(starts, -before)


@dataclass(frozen=True)
class AdaptiveWindows:
    """`count` windows that cover `size` cells: window i from floor(i*size/count) to ceil((i + 1)*size/count)."""

    size: int
    count: int

    def window(self, i: int) -> slice:
        """The cells of window i."""
        return slice(i * self.size // self.count, -(-(i + 1) * self.size // self.count), 1)

    @cached_property
    def taps(self) -> list[Tap]:
        """As in `Windows`. The pattern of the windows repeats: 3 windows on 7 cells twice are 6 windows on 14."""
        repeats = gcd(self.size, self.count)
        windows, cells = self.count // repeats, self.size // repeats  # of one pattern
        return [
            Tap(slice(i, self.count, windows), slice(cell, self.size, cells))
            for i in range(windows)
            for cell in range(self.size)[self.window(i)]
        ]

    def lengths(self) -> npt.NDArray[np.int64]:
        """How many cells each window has."""
        windows = (self.window(i) for i in range(self.count))
        return np.array([window.stop - window.start for window in windows], dtype=np.int64)


# ---- both axes -----------------------------------------------------------------------------------

W = TypeVar("W", Windows, AdaptiveWindows)


@dataclass(frozen=True)
class PoolArguments(Generic[W]):
    """The arguments of a pooling, checked."""

    input: Array  # N, C, H, W or C, H, W
    rows: W
    columns: W

    @property
    def planes(self) -> Array:
        """The input as N*C planes (or C), H, W: pooling looks at every channel of every example by itself."""
        return self.input.reshape(prod(self.input.shape[:-2]), self.rows.size, self.columns.size)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """N, C, H_out, W_out or C, H_out, W_out"""
        return (*self.input.shape[:-2], self.rows.count, self.columns.count)

    def grad_planes(self, grad_output: ArrayLike) -> Array:
        """The gradient that comes back from the output as N*C, H_out, W_out, in the dtype of the input.

        Raises:
            ValueError: its shape is not that of the output.
        """
        grad = as_grad(grad_output, self.output_shape, self.input.dtype)
        return grad.reshape(prod(grad.shape[:-2]), self.rows.count, self.columns.count)

    @cached_property
    def taps(self) -> list[tuple[Index, Index]]:
        """The cells of the windows in the order of reading: (where in the output, where in the planes), as indices."""
        return [
            ((..., row.windows, column.windows), (..., row.cells, column.cells))
            for row in self.rows.taps
            for column in self.columns.taps
        ]

    @cached_property
    def few_windows(self) -> bool:
        """Whether there are fewer windows than cells of a window: then it is quicker to go window by window."""
        return self.rows.count * self.columns.count < len(self.rows.taps) * len(self.columns.taps)

    @property
    def one_window(self) -> bool:
        """Whether there is a single window, and it sees all cells."""
        axes = (self.rows, self.columns)
        return all(w.count == 1 and len(range(w.size)[w.window(0)]) == w.size for w in axes)


def pool_arguments(
    input: ArrayLike, kernel_size: Ints, stride: Ints | None, padding: Ints, dilation: Ints, ceil_mode: bool
) -> PoolArguments[Windows]:
    """Checks the arguments of max_pool2d or avg_pool2d.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    x = _images(input, filled=3)
    kernel = pair("kernel_size", kernel_size, 1)
    steps = kernel if stride is None else pair("stride", stride, 1)
    borders, gaps = pair("padding", padding), pair("dilation", dilation, 1)
    counts = pool_counts(x.shape[-2:], kernel, steps, borders, gaps, flag("ceil_mode", ceil_mode))
    axes = zip(x.shape[-2:], kernel, steps, borders, gaps, counts, strict=True)
    rows, columns = (Windows(*axis) for axis in axes)
    return PoolArguments(x, rows, columns)


def adaptive_arguments(input: ArrayLike, output_size: OutputSize, filled: int) -> PoolArguments[AdaptiveWindows]:
    """Checks the arguments of an adaptive pooling; the last `filled` axes of the input must not be empty.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    x = _images(input, filled)
    sizes = output_size if is_sequence(output_size) else [output_size] * 2
    if len(sizes) != 2 or output_size is None or isinstance(output_size, str):
        wanted = "a whole number or a pair (rows, columns), where None keeps the size"
        raise ValueError(f"output_size must be {wanted}, but is {output_size!r}")
    axes = list(zip(x.shape[-2:], sizes, strict=True))
    counts = [n if size is None else integer("output_size", size, 0, max(n, MOST_WINDOWS)) for n, size in axes]
    check_size("output_size", (*x.shape[:-2], *counts))
    rows, columns = (AdaptiveWindows(n, count) for (n, _), count in zip(axes, counts, strict=True))
    return PoolArguments(x, rows, columns)


def check_divisor(count_include_pad: bool, divisor_override: SupportsIndex | None) -> int | None:
    """The number that every sum is divided by, or None if that depends on the window.

    Raises:
        ValueError: divisor_override is 0 or no whole number, or count_include_pad neither True nor False.
    """
    flag("count_include_pad", count_include_pad)
    if divisor_override is None:
        return None
    divisor = integer("divisor_override", divisor_override, -(2**63), 2**63 - 1)
    if divisor == 0:
        raise ValueError("divisor_override must not be 0: nothing can be divided by it")
    return divisor


def _images(input: ArrayLike, filled: int) -> Array:
    x = as_array("input", input)
    if x.ndim not in (3, 4):
        raise ValueError(
            f"input must have the axes (N, C, H, W) or (C, H, W), but its shape is {x.shape}: "
            f"one image of one channel is input[None, None]"
        )
    if 0 in x.shape[-filled:]:
        raise ValueError(f"input must not be empty (only the batch may be), but its shape is {x.shape}")
    return x


# ---- sizes ---------------------------------------------------------------------------------------


def pool_counts(
    size: Sequence[int],
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> tuple[int, ...]:
    """How many windows pooling takes along each axis of n cells, for numbers that are at least 1 (padding 0):

        floor((n + 2p - d*(k - 1) - 1) / s) + 1

    `ceil_mode` rounds up instead: a last window that the end of the padded input cuts off counts, too, as long as it
    starts in the input or in the padding before it.

    Raises:
        ValueError: padding is more than half the kernel, or not even one window fits.
    """
    for p, k in zip(padding, kernel_size, strict=True):
        if 2 * p > k:
            raise ValueError(f"padding must be at most half the kernel, but is {p} for a kernel_size of {k}")
    axes = list(zip(size, kernel_size, stride, padding, dilation, strict=True))
    counts = tuple(_count(*axis, ceil_mode) for axis in axes)
    if any(count < 1 for count in counts):
        covers = times([d * (k - 1) + 1 for _, k, _, _, d in axes])
        padded = times([n + 2 * p for n, _, _, p, _ in axes])
        raise ValueError(f"the window covers {covers} but the padded input is only {padded}: use a smaller kernel")
    return counts


def _count(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    room = n + 2 * p - d * (k - 1) - 1  # how far the first window can move
    if not ceil_mode:
        return room // s + 1
    last = -(-room // s)  # rounded up
    starts_inside = last * s < n + p
    return last + 1 if starts_inside else last
