"""Pooling as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, flag
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._pool_arguments import PoolArguments, Windows, check_divisor, pool_arguments
from cnnlab.ops._pooling import Indices


def max_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """`cnnlab.ops.max_pool2d`: in each window, from cell to cell, the largest so far."""
    a = pool_arguments(input, kernel_size, stride, padding, dilation, ceil_mode)
    x, (H, W) = a.planes, a.input.shape[-2:]
    out = np.full((len(x), a.rows.count, a.columns.count), -np.inf, x.dtype)
    indices = np.full(out.shape, -1)
    for p, i, j in np.ndindex(out.shape):
        for y_in, x_in in _cells(a, i, j):
            if 0 <= y_in < H and 0 <= x_in < W:
                cell = x[p, y_in, x_in]
                if indices[p, i, j] == -1 or cell > out[p, i, j] or np.isnan(cell):
                    out[p, i, j] = cell
                    indices[p, i, j] = y_in * W + x_in
    out, indices = out.reshape(a.output_shape), indices.reshape(a.output_shape)
    return (out, indices) if flag("return_indices", return_indices) else out


@without_warnings
def max_pool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array:
    """`cnnlab.ops.max_pool2d_backward`: each window sends its gradient to the cell it took."""
    flag("return_indices", return_indices)
    a = pool_arguments(input, kernel_size, stride, padding, dilation, ceil_mode)
    _, indices = max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)
    grad, grad_x = a.grad_planes(grad_output), np.zeros_like(a.planes)
    winners = indices.reshape(grad.shape)
    for p, i, j in np.ndindex(grad.shape):
        if winners[p, i, j] >= 0:
            y_in, x_in = divmod(winners[p, i, j], a.columns.size)
            grad_x[p, y_in, x_in] += grad[p, i, j]
    return grad_x.reshape(a.input.shape)


@without_warnings
def avg_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: SupportsIndex | None = None,
) -> Array:
    """`cnnlab.ops.avg_pool2d`: in each window, the sum of its cells over their number."""
    a = pool_arguments(input, kernel_size, stride, padding, 1, ceil_mode)
    override = check_divisor(count_include_pad, divisor_override)
    x, (H, W) = a.planes, a.input.shape[-2:]
    out = np.zeros((len(x), a.rows.count, a.columns.count), x.dtype)
    for p, i, j in np.ndindex(out.shape):
        total = 0.0
        for y_in, x_in in _cells(a, i, j):
            if 0 <= y_in < H and 0 <= x_in < W:
                total += float(x[p, y_in, x_in])
        out[p, i, j] = total / (override or _count(a, i, j, count_include_pad))
    return out.reshape(a.output_shape)


@without_warnings
def avg_pool2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: SupportsIndex | None = None,
) -> Array:
    """`cnnlab.ops.avg_pool2d_backward`: each window gives every one of its cells the same share."""
    a = pool_arguments(input, kernel_size, stride, padding, 1, ceil_mode)
    override = check_divisor(count_include_pad, divisor_override)
    grad, grad_x, (H, W) = a.grad_planes(grad_output), np.zeros_like(a.planes), a.input.shape[-2:]
    for p, i, j in np.ndindex(grad.shape):
        for y_in, x_in in _cells(a, i, j):
            if 0 <= y_in < H and 0 <= x_in < W:
                grad_x[p, y_in, x_in] += grad[p, i, j] / (override or _count(a, i, j, count_include_pad))
    return grad_x.reshape(a.input.shape)


def _cells(a: PoolArguments[Windows], i: int, j: int) -> Iterator[tuple[int, int]]:
    """The cells of window i, j in the order of reading, those outside the input, too."""
    for u in range(a.rows.kernel_size):
        for v in range(a.columns.kernel_size):
            y = i * a.rows.stride - a.rows.padding + u * a.rows.dilation
            x = j * a.columns.stride - a.columns.padding + v * a.columns.dilation
            yield y, x


def _count(a: PoolArguments[Windows], i: int, j: int, count_include_pad: bool) -> int:
    """How many cells of window i, j are inside the input or, if they count, inside the padding."""
    py, px = (a.rows.padding, a.columns.padding) if count_include_pad else (0, 0)
    H, W = a.rows.size, a.columns.size
    return sum(-py <= y < H + py and -px <= x < W + px for y, x in _cells(a, i, j))
