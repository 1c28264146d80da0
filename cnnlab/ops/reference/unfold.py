"""Unfolding and folding as loops over cells."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from math import prod

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_grad
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._unfold_arguments import UnfoldArguments, fold_arguments, unfold_arguments


@without_warnings
def unfold(input: ArrayLike, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Array:
    """`cnnlab.ops.unfold`, cell by cell: each cell of each window is read, or is 0 in the padding."""
    a, x, batched = unfold_arguments(input, kernel_size, dilation, padding, stride)
    N, C = x.shape[:2]
    out = np.zeros((N, C * prod(a.kernel_size), prod(a.counts)), x.dtype)
    for n, row, column in np.ndindex(out.shape):
        cell = cell_of_entry(row, column, a)
        if cell is not None:
            out[n, row, column] = x[n, *cell]
    return out if batched else out[0]


@without_warnings
def unfold_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: Ints,
    dilation: Ints = 1,
    padding: Ints = 0,
    stride: Ints = 1,
) -> Array:
    """`cnnlab.ops.unfold_backward`, cell by cell: each gradient goes back to the cell that was read."""
    a, x, batched = unfold_arguments(input, kernel_size, dilation, padding, stride)
    shape = (len(x), x.shape[1] * prod(a.kernel_size), prod(a.counts))
    grad = as_grad(grad_output, shape if batched else shape[1:], x.dtype).reshape(shape)
    grad_input = np.zeros_like(x)
    for n, row, column in np.ndindex(grad.shape):
        cell = cell_of_entry(row, column, a)
        if cell is not None:
            grad_input[n, *cell] += grad[n, row, column]
    return grad_input if batched else grad_input[0]


@without_warnings
def fold(
    input: ArrayLike, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Array:
    """`cnnlab.ops.fold`, cell by cell: each cell of a column is added where its window has it."""
    a, x, batched = fold_arguments(input, output_size, kernel_size, dilation, padding, stride)
    out = np.zeros((len(x), x.shape[1] // prod(a.kernel_size), *a.size), x.dtype)
    for n, row, column in np.ndindex(x.shape):
        cell = cell_of_entry(row, column, a)
        if cell is not None:
            out[n, *cell] += x[n, row, column]
    return out if batched else out[0]


@without_warnings
def fold_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    output_size: Ints,
    kernel_size: Ints,
    dilation: Ints = 1,
    padding: Ints = 0,
    stride: Ints = 1,
) -> Array:
    """`cnnlab.ops.fold_backward`, cell by cell: each cell of a column gets the gradient of where it was added."""
    a, x, batched = fold_arguments(input, output_size, kernel_size, dilation, padding, stride)
    shape = (len(x), x.shape[1] // prod(a.kernel_size), *a.size)
    grad = as_grad(grad_output, shape if batched else shape[1:], x.dtype).reshape(shape)
    grad_input = np.zeros_like(x)
    for n, row, column in np.ndindex(x.shape):
        cell = cell_of_entry(row, column, a)
        if cell is not None:
            grad_input[n, row, column] = grad[n, *cell]
    return grad_input if batched else grad_input[0]


def cell_of_entry(row: int, column: int, a: UnfoldArguments) -> tuple[int, int, int] | None:
    """(channel, y, x) of the image that an entry of the matrix is; None in the padding."""
    (H, W), (kh, kw), (dy, dx), (py, px), (sy, sx) = a.size, a.kernel_size, a.dilation, a.padding, a.stride
    c, u, v = row // (kh * kw), row // kw % kh, row % kw  # the row says which cell of the window
    i, j = column // a.counts[1], column % a.counts[1]  # and the column which window
    y, x = i * sy + u * dy - py, j * sx + v * dx - px
    return (c, y, x) if 0 <= y < H and 0 <= x < W else None
