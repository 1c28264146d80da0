"""Convolution as CNN layers compute it: a dot product of the kernel with every window of the input.

Fast because the work is left to one matrix product: the windows are laid out as the columns of a matrix
("im2col"), and every filter is a row. The loops that say the same slowly are in `cnnlab.ops.reference`.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1; arithmetic of sizes: Dumoulin and
Visin, A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator
from math import prod
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, computed
from cnnlab.ops._conv_arguments import ConvArguments, Index, check_grad_output, conv_arguments
from cnnlab.ops.windows import windows_view

Gradients = tuple[Array, Array, Array | None]

# How much is laid out at a time: enough to keep the matrix product busy, little enough for a processor's cache.
COLUMN_BYTES = 2**20  # of windows, forward
IMAGES_AT_A_TIME = 8  # backward


def conv1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Array:
    """Slides each filter along a signal: `conv2d` with one spatial axis.

        output[n, o, i] = bias[o] + sum over c, u of weight[o, c, u] * padded[n, c, i*stride + u*dilation]

    Args:
        input: (N, C, L) or (C, L).
        weight: (O, C/groups, k).
        bias: (O,) or None.
        stride, padding, dilation, groups: as in `conv2d`, one number each.

    Returns:
        (N, O, L_out) or (O, L_out), in the dtype of the input.

    Raises:
        ValueError: as in `conv2d`.
    """
    return convolve(conv_arguments(1, input, weight, bias, stride, padding, dilation, groups))


def conv1d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Gradients:
    """The gradients of `conv1d`: (grad_input, grad_weight, grad_bias) as in `conv2d_backward`."""
    a = conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)
    return convolve_backward(grad_output, a)


def conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Array:
    """Slides each filter over an image; at every position, the sum of the products of filter and window.

        output[n, o, i, j] = bias[o] + sum over c, u, v of
            weight[o, c, u, v] * padded[n, c, i*stride + u*dilation, j*stride + v*dilation]

    The kernel is not flipped: mathematics calls this cross-correlation (`true_conv2d` flips).

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.
        weight: (O, C/groups, kh, kw): O filters.
        bias: (O,), added to each filter's map, or None.
        stride: cells from one window to the next; this and the next two are a number or (vertical,
            horizontal).
        padding: cells of zeros added on each side; or 'valid' (none), or 'same' (the size is kept; stride 1
            only).
        dilation: cells from one tap of the kernel to the next.
        groups: the channels and filters are split into this many groups that do not see each other.

    Returns:
        (N, O, H_out, W_out) or (O, H_out, W_out), in the dtype of the input, with
        H_out = floor((H + padding before and after - dilation*(kh - 1) - 1) / stride) + 1, and W_out alike.

    Raises:
        ValueError: shapes that do not fit together, a number out of range, a kernel larger than the padded
            input.
    """
    return convolve(conv_arguments(2, input, weight, bias, stride, padding, dilation, groups))


def conv2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Gradients:
    """The gradients of a loss with respect to the inputs of `conv2d`, given that to its output.

        grad_weight[o, c, u, v] = sum over n, i, j of
            grad_output[n, o, i, j] * padded[n, c, i*stride + u*dilation, j*stride + v*dilation]
        grad_padded[n, c, y, x] = sum of grad_output[n, o, i, j] * weight[o, c, u, v] over all o, i, j, u, v
            with y = i*stride + u*dilation and x = j*stride + v*dilation; grad_input is its unpadded part
        grad_bias[o] = sum over n, i, j of grad_output[n, o, i, j]

    Args:
        grad_output: the shape of the output.
        input, weight, bias, stride, padding, dilation, groups: as they were given to `conv2d`.

    Returns:
        (grad_input, grad_weight, grad_bias), each in the shape of its argument; grad_bias is None without a
        bias.

    Raises:
        ValueError: as in `conv2d`, or grad_output has another shape than the output.
    """
    a = conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)
    return convolve_backward(grad_output, a)


# ---- one implementation for any number of spatial axes -------------------------------------------


def convolve(a: ConvArguments) -> Array:
    """The convolution that the checked arguments ask for."""
    x, w = computed(a.padded()), computed(a.weight)
    N, G, F, L = len(x), a.groups, w.shape[0] // a.groups, prod(a.output_size)  # F: filters of a group
    filters = w.reshape(G, F, -1)
    windows = _taps_first(windows_view(x, a.kernel_size, a.stride, a.dilation), len(a.kernel_size))
    step = max(1, COLUMN_BYTES // (x.itemsize * prod(windows.shape[1:])))  # images at a time
    columns = np.empty((min(step, N), *windows.shape[1:]), dtype=x.dtype)
    matrix = columns.reshape(len(columns), G, filters.shape[-1], L)  # the same memory: a window is a column
    out = np.empty((N, G, F, L), dtype=x.dtype)
    for start in range(0, N, step):
        block = windows[start : start + step]
        columns[: len(block)] = block
        np.matmul(filters, matrix[: len(block)], out=out[start : start + step])
    out = out.reshape(a.output_shape)
    if a.bias is not None:
        out += computed(a.bias).reshape(-1, *[1] * len(a.output_size))
    return a.unbatched(_rounded(out, a))


def convolve_backward(grad_output: ArrayLike, a: ConvArguments) -> Gradients:
    """The gradients of `convolve`."""
    grad = computed(check_grad_output(grad_output, a))
    x, w = computed(a.padded()), computed(a.weight)
    grad_padded, grad_weight = np.zeros_like(x), np.zeros_like(w)
    for start in range(0, len(x), IMAGES_AT_A_TIME):
        block = slice(start, start + IMAGES_AT_A_TIME)
        _add_gradients(grad[block], x[block], w, grad_padded[block], grad_weight, a)
    grad_input = a.unbatched(grad_padded[a.inside])
    grad_bias = None if a.bias is None else _rounded(grad.sum(axis=(0, *range(2, grad.ndim))), a)
    return _rounded(grad_input, a), _rounded(grad_weight, a), grad_bias


def _add_gradients(grad: Array, x: Array, w: Array, grad_padded: Array, grad_weight: Array, a: ConvArguments) -> None:
    """Adds what these images contribute to the two gradients, one tap of the kernel after the other."""
    N, G, L = len(x), a.groups, prod(a.output_size)  # examples, groups, windows
    F, C = w.shape[0] // G, w.shape[1]  # filters and channels of a group
    grad = grad.reshape(N, G, F, L)
    cells = np.empty((N, G * C, *a.output_size), dtype=x.dtype)
    matrix = cells.reshape(N, G, C, L)  # the same memory
    for tap, met in _taps(a):
        cells[...] = x[met]  # what this tap was multiplied with, once for each window
        grad_weight[tap] += (grad @ matrix.swapaxes(2, 3)).sum(axis=0).reshape(G * F, C)
        weights = np.ascontiguousarray(w[tap].reshape(G, F, C).swapaxes(1, 2))  # else BLAS cannot take them
        np.matmul(weights, grad, out=matrix)
        grad_padded[met] += cells  # now what each window sends back through this tap


def _taps_first(windows: Array, axes: int) -> Array:
    """N, C, *output_size, *kernel_size -> N, C, *kernel_size, *output_size"""
    positions, taps = range(2, 2 + axes), range(2 + axes, 2 + 2 * axes)
    return windows.transpose(0, 1, *taps, *positions)


def _taps(a: ConvArguments) -> Iterator[tuple[Index, Index]]:
    """Each cell of the kernel, and the cells of the padded input that it is multiplied with, as indices."""
    for tap in np.ndindex(*a.kernel_size):
        places = zip(tap, a.dilation, a.stride, a.output_size, strict=True)
        cells = (slice(t * d, t * d + s * (n - 1) + 1, s) for t, d, s, n in places)
        yield (..., *tap), (..., *cells)


def _rounded(result: Array, a: ConvArguments) -> Array:
    return result.astype(a.input.dtype, copy=False)
