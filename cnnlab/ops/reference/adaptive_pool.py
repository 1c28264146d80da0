"""Adaptive and global pooling as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_grad, flag
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._pool_arguments import AdaptiveWindows, OutputSize, PoolArguments, adaptive_arguments
from cnnlab.ops._pooling import Indices


@without_warnings
def adaptive_avg_pool2d(input: ArrayLike, output_size: OutputSize) -> Array:
    """`cnnlab.ops.adaptive_avg_pool2d`: in each window, the sum of its cells over their number."""
    a = adaptive_arguments(input, output_size, filled=2)
    x = a.planes
    out = np.zeros((len(x), a.rows.count, a.columns.count), x.dtype)
    for p, i, j in np.ndindex(out.shape):
        total, cells = 0.0, list(_cells(a, i, j))
        for y_in, x_in in cells:
            total += float(x[p, y_in, x_in])
        out[p, i, j] = total / len(cells)
    return out.reshape(a.output_shape)


@without_warnings
def adaptive_avg_pool2d_backward(grad_output: ArrayLike, input: ArrayLike, output_size: OutputSize) -> Array:
    """`cnnlab.ops.adaptive_avg_pool2d_backward`: each window gives every one of its cells the same share."""
    a = adaptive_arguments(input, output_size, filled=2)
    grad, grad_x = a.grad_planes(grad_output), np.zeros_like(a.planes)
    for p, i, j in np.ndindex(grad.shape):
        cells = list(_cells(a, i, j))
        for y_in, x_in in cells:
            grad_x[p, y_in, x_in] += grad[p, i, j] / len(cells)
    return grad_x.reshape(a.input.shape)


def adaptive_max_pool2d(
    input: ArrayLike, output_size: OutputSize, return_indices: bool = False
) -> Array | tuple[Array, Indices]:
    """`cnnlab.ops.adaptive_max_pool2d`: in each window, from cell to cell, the largest so far."""
    a = adaptive_arguments(input, output_size, filled=3)
    x = a.planes
    out = np.full((len(x), a.rows.count, a.columns.count), -np.inf, x.dtype)
    indices = np.full(out.shape, -1)
    for p, i, j in np.ndindex(out.shape):
        for y_in, x_in in _cells(a, i, j):
            cell = x[p, y_in, x_in]
            if indices[p, i, j] == -1 or cell > out[p, i, j] or np.isnan(cell):
                out[p, i, j] = cell
                indices[p, i, j] = y_in * a.columns.size + x_in
    out, indices = out.reshape(a.output_shape), indices.reshape(a.output_shape)
    return (out, indices) if flag("return_indices", return_indices) else out


@without_warnings
def adaptive_max_pool2d_backward(
    grad_output: ArrayLike, input: ArrayLike, output_size: OutputSize, return_indices: bool = False
) -> Array:
    """`cnnlab.ops.adaptive_max_pool2d_backward`: each window sends its gradient to the cell it took."""
    flag("return_indices", return_indices)
    a = adaptive_arguments(input, output_size, filled=3)
    _, indices = adaptive_max_pool2d(input, output_size, return_indices=True)
    grad, grad_x = a.grad_planes(grad_output), np.zeros_like(a.planes)
    winners = indices.reshape(grad.shape)
    for p, i, j in np.ndindex(grad.shape):
        y_in, x_in = divmod(winners[p, i, j], a.columns.size)
        grad_x[p, y_in, x_in] += grad[p, i, j]
    return grad_x.reshape(a.input.shape)


@without_warnings
def global_avg_pool2d(input: ArrayLike) -> Array:
    """`cnnlab.ops.global_avg_pool2d`: one window that sees everything."""
    return adaptive_avg_pool2d(input, 1)[..., 0, 0]


@without_warnings
def global_avg_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """`cnnlab.ops.global_avg_pool2d_backward`: one window that sees everything."""
    a = adaptive_arguments(input, 1, filled=2)
    grad = as_grad(grad_output, a.output_shape[:-2], a.input.dtype)
    return adaptive_avg_pool2d_backward(grad[..., None, None], input, 1)


def global_max_pool2d(input: ArrayLike) -> Array:
    """`cnnlab.ops.global_max_pool2d`: one window that sees everything."""
    out, _ = adaptive_max_pool2d(input, 1, return_indices=True)
    return out[..., 0, 0]


@without_warnings
def global_max_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """`cnnlab.ops.global_max_pool2d_backward`: one window that sees everything."""
    a = adaptive_arguments(input, 1, filled=3)
    grad = as_grad(grad_output, a.output_shape[:-2], a.input.dtype)
    return adaptive_max_pool2d_backward(grad[..., None, None], input, 1)


def _cells(a: PoolArguments[AdaptiveWindows], i: int, j: int) -> Iterator[tuple[int, int]]:
    """The cells of window i, j in the order of reading."""
    H, H_out, W, W_out = a.rows.size, a.rows.count, a.columns.size, a.columns.count
    for y in range(i * H // H_out, ((i + 1) * H + H_out - 1) // H_out):
        for x in range(j * W // W_out, ((j + 1) * W + W_out - 1) // W_out):
            yield y, x
