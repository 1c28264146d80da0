"""Unfolding: every window of an image as the column of a matrix ("im2col"), and folding the columns back.

With the windows as columns and every filter as a row, convolution is one matrix product:

    conv2d(x, w) = w.reshape(O, C*kh*kw) @ unfold(x, (kh, kw)), reshaped to (N, O, H_out, W_out)

Source: Chellapilla, Puri, Simard, High performance convolutional neural networks for document processing (2006),
section 2.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator
from math import prod

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_grad, computed
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._unfold_arguments import UnfoldArguments, fold_arguments, unfold_arguments
from cnnlab.ops.padding import pad
from cnnlab.ops.windows import windows_view


@without_warnings
def unfold(input: ArrayLike, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Array:
    """Every window as a column: its cells channel by channel, row by row; the windows from left to right, row by row.

        output[n, (c*kh + u)*kw + v, i*W_out + j] = padded[n, c, i*stride + u*dilation, j*stride + v*dilation]

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.
        kernel_size, dilation, padding, stride: as in `conv2d`, a number or (vertical, horizontal).

    Returns:
        (N, C*kh*kw, H_out*W_out) or (C*kh*kw, H_out*W_out), with H_out and W_out as in `conv2d`.

    Raises:
        ValueError: input has other axes, a number is out of range, or not even one window fits.
    """
    a, x, batched = unfold_arguments(input, kernel_size, dilation, padding, stride)
    N, C = x.shape[:2]
    py, px = a.padding
    windows = windows_view(pad(x, (px, px, py, py)), a.kernel_size, a.stride, a.dilation)  # N, C, *counts, kh, kw
    columns = windows.transpose(0, 1, 4, 5, 2, 3).copy().reshape(N, C * prod(a.kernel_size), prod(a.counts))
    return columns if batched else columns[0]


@without_warnings
def unfold_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    kernel_size: Ints,
    dilation: Ints = 1,
    padding: Ints = 0,
    stride: Ints = 1,
) -> Array:
    """The gradient of `unfold`: a cell was copied into each window that sees it, so it gathers theirs: `fold`.

    Args:
        grad_output: the shape of the output.
        input, kernel_size, dilation, padding, stride: as they were given to `unfold`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `unfold`, or grad_output has another shape than the output.
    """
    a, x, batched = unfold_arguments(input, kernel_size, dilation, padding, stride)
    shape = (len(x), x.shape[1] * prod(a.kernel_size), prod(a.counts))
    grad = as_grad(grad_output, shape if batched else shape[1:], x.dtype)
    return fold(grad, a.size, kernel_size, dilation, padding, stride)


@without_warnings
def fold(
    input: ArrayLike, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Array:
    """Lays every column back as the window that it is; where windows overlap, they add up.

        padded[n, c, y, x] = sum of input[n, (c*kh + u)*kw + v, i*W_out + j] over all i, j, u, v
            with y = i*stride + u*dilation and x = j*stride + v*dilation; the output is its unpadded part

    So `fold` does not undo `unfold`: a cell that nine windows see comes back nine times as large.

    Args:
        input: (N, C*kh*kw, L) or (C*kh*kw, L), as `unfold` returns it.
        output_size: (H, W) of the image, or one number for both.
        kernel_size, dilation, padding, stride: as they were given to `unfold`.

    Returns:
        (N, C, H, W) or (C, H, W), in the dtype of the input.

    Raises:
        ValueError: L is not the number of windows of such an image, the rows do not make whole channels, or a
            number is out of range.
    """
    a, x, batched = fold_arguments(input, output_size, kernel_size, dilation, padding, stride)
    columns = computed(x).reshape(len(x), x.shape[1] // prod(a.kernel_size), *a.kernel_size, *a.counts)
    (H, W), (py, px) = a.size, a.padding
    padded = np.zeros((*columns.shape[:2], H + 2 * py, W + 2 * px), dtype=columns.dtype)
    for u, v, rows, cells in _taps(a):
        padded[:, :, rows, cells] += columns[:, :, u, v]
    out = padded[:, :, py : py + H, px : px + W].astype(x.dtype, copy=False)
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
    """The gradient of `fold`: what was added to a cell gets the gradient of that cell: `unfold`.

    Args:
        grad_output: the shape of the output.
        input, output_size, kernel_size, dilation, padding, stride: as they were given to `fold`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `fold`, or grad_output has another shape than the output.
    """
    a, x, batched = fold_arguments(input, output_size, kernel_size, dilation, padding, stride)
    shape = (len(x), x.shape[1] // prod(a.kernel_size), *a.size)
    grad = as_grad(grad_output, shape if batched else shape[1:], x.dtype)
    return unfold(grad, kernel_size, dilation, padding, stride)


def _taps(a: UnfoldArguments) -> Iterator[tuple[int, int, slice, slice]]:
    """Each cell (u, v) of the kernel, and the rows and columns of the padded image that it meets."""
    (dy, dx), (sy, sx), (rows, columns) = a.dilation, a.stride, a.counts
    for u, v in np.ndindex(*a.kernel_size):
        y, x = u * dy, v * dx
        yield u, v, slice(y, y + sy * (rows - 1) + 1, sy), slice(x, x + sx * (columns - 1) + 1, sx)
