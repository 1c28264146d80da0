"""Pooling: every window of the input gives one number, its largest or its mean.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.3; arithmetic of sizes: Dumoulin and Visin,
A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285, section 3.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import Literal, SupportsIndex, overload

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, flag
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._pool_arguments import PoolArguments, Windows, check_divisor, pool_arguments
from cnnlab.ops._pooling import Divisor, Indices, indices, maxima, maxima_backward, means, means_backward


@overload
def max_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Array: ...
@overload
def max_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Array, Indices]: ...
def max_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """The largest number of each window, in every channel by itself.

        output[n, c, i, j] = largest of padded[n, c, i*stride + u*dilation, j*stride + v*dilation] over u, v

    Padding is minus infinity here: it is never chosen. A window with a NaN gives NaN.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.
        kernel_size: the size of the window; this and the next three are a number or (vertical, horizontal).
        stride: cells from one window to the next; None for the size of the window, so that windows just touch.
        padding: cells added on each side, at most half of kernel_size.
        dilation: cells from one cell of the window to its next.
        ceil_mode: whether a last window that hangs over the end counts, too (it must not start behind the input).
        return_indices: whether to return, too, where each maximum was found.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out), in the dtype of the input, with
        H_out = floor((H + 2*padding - dilation*(kh - 1) - 1) / stride) + 1 (rounded up with ceil_mode), and W_out
        alike. With return_indices, a pair: the output, and an int64 array of its shape with row*W + column of each
        maximum, the first one in the order of reading where several are equal (the last NaN, as in PyTorch).
        A dilated window may see nothing but padding: its maximum is minus infinity, and its index -1.

    Raises:
        ValueError: an input of another shape or an empty one, a number out of range, padding of more than half a
            window, a window larger than the padded input.
    """
    a = pool_arguments(input, kernel_size, stride, padding, dilation, ceil_mode)
    output = maxima(a)
    return (output, indices(a, output)) if flag("return_indices", return_indices) else output


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
    """The gradient of `max_pool2d` with respect to its input: each window sends its own to the cell that won.

        grad_input[n, c, y, x] = sum of grad_output[n, c, i, j] over the windows i, j whose maximum is cell y, x

    Where several cells of a window are equal, the first one in the order of reading gets all, as in PyTorch.

    Args:
        grad_output: the shape of the output.
        input, kernel_size, stride, padding, dilation, ceil_mode: as they were given to `max_pool2d`.
        return_indices: changes nothing.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `max_pool2d`, or grad_output has another shape than the output.
    """
    flag("return_indices", return_indices)
    return maxima_backward(grad_output, pool_arguments(input, kernel_size, stride, padding, dilation, ceil_mode))


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
    """The mean of each window, in every channel by itself.

        output[n, c, i, j] = sum over u, v of padded[n, c, i*stride + u, j*stride + v] / divisor[i, j]

    The divisor is the number of cells in the window, those of the padding included: kh*kw, save where `ceil_mode`
    lets a window hang over the end of the padded input.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.
        kernel_size, stride, padding, ceil_mode: as in `max_pool2d`, but padding is zeros.
        count_include_pad: False divides by the number of cells inside the input instead.
        divisor_override: divides by this whole number instead.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out) as in `max_pool2d`, in the dtype of the input.

    Raises:
        ValueError: as in `max_pool2d`, or divisor_override is 0.
    """
    a = pool_arguments(input, kernel_size, stride, padding, 1, ceil_mode)
    return means(a, _divisor(a, count_include_pad, divisor_override))


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
    """The gradient of `avg_pool2d` with respect to its input: each window shares its own out among its cells.

        grad_input[n, c, y, x] = sum of grad_output[n, c, i, j] / divisor[i, j] over the windows i, j that see y, x

    Args:
        grad_output: the shape of the output.
        input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override: as they were given to
            `avg_pool2d`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `avg_pool2d`, or grad_output has another shape than the output.
    """
    a = pool_arguments(input, kernel_size, stride, padding, 1, ceil_mode)
    return means_backward(grad_output, a, _divisor(a, count_include_pad, divisor_override))


def _divisor(a: PoolArguments[Windows], count_include_pad: bool, divisor_override: SupportsIndex | None) -> Divisor:
    """H_out, W_out, or one number for all: what the sum of each window is divided by."""
    override = check_divisor(count_include_pad, divisor_override)
    return override or np.outer(a.rows.lengths(count_include_pad), a.columns.lengths(count_include_pad))
