"""Convolution as CNN layers compute it: a dot product of the kernel with every window of the input.

Fast because the work is left to one matrix product: the windows are laid out as the columns of a matrix
("im2col"), and every filter is a row. The loops that say the same slowly are in `cnnlab.ops.reference`.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1; arithmetic of sizes: Dumoulin and
Visin, A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator
from math import prod
from typing import Any, SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, computed
from cnnlab.ops._conv_arguments import ConvArguments, Index, check_grad_output, conv_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.windows import windows_view

Gradients = tuple[Array, Array, Array | None]
Tap = tuple[int, ...]  # a cell of the kernel
Strip = tuple[Index, list[tuple[Tap, slice]]]

BLOCK = 2**17  # numbers laid out at a time: enough to keep the matrix product busy, few enough for the cache


@without_warnings
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


@without_warnings
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


@without_warnings
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
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype; integers and lists follow the floats they meet,
            and become float64 on their own.
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


@without_warnings
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
    N, G, L = len(x), a.groups, prod(a.output_size)  # examples, groups, windows
    F, K = w.shape[0] // G, prod(w.shape[1:])  # filters of a group, cells of a window
    windows = _taps_first(windows_view(x, a.kernel_size, a.stride, a.dilation), a)
    out = np.empty((N, G, F, L), dtype=x.dtype)
    buffer = _buffer(N, G * K * L, x.dtype)
    for images in _blocks(N, G * K * L):
        columns = _copied(windows[images], buffer).reshape(-1, G, K, L)  # a window is a column
        np.matmul(w.reshape(G, F, K), columns, out=out[images])
    out = out.reshape(a.output_shape)
    if a.bias is not None:
        out += computed(a.bias).reshape(-1, *[1] * len(a.output_size))
    return a.unbatched(_rounded(out, a))


def convolve_backward(grad_output: ArrayLike, a: ConvArguments) -> Gradients:
    """The gradients of `convolve`."""
    grad = computed(check_grad_output(grad_output, a))
    grad_input, grad_weight = a.unbatched(input_gradient(grad, a)), weight_gradient(grad, a)
    grad_bias = None if a.bias is None else _rounded(bias_gradient(grad), a)
    return _rounded(grad_input, a), _rounded(grad_weight, a), grad_bias


def input_gradient(grad: Array, a: ConvArguments) -> Array:
    """Every cell of the gradient stamps its filter, times its value, onto the cells that its window saw."""
    N, G, L = len(grad), a.groups, prod(a.output_size)
    F, C = a.weight.shape[0] // G, a.weight.shape[1]  # filters and channels of a group
    grad, strips = grad.reshape(N, G, F, L), _strips(a)
    w = computed(a.weight).reshape(G, F, C, *a.kernel_size)
    stamps = np.ascontiguousarray(np.moveaxis(w, (0, 2, 1), (-3, -2, -1)))  # *kernel_size, G, C, F
    stamp = np.matmul if F > 1 else np.multiply  # of one filter the same, and 7 times faster than BLAS
    grad_padded = np.zeros(a.padded_shape, dtype=grad.dtype)
    size = prod(a.padded_shape[1:])
    buffer, stamped = _buffer(N, size, grad.dtype), _buffer(N, size, grad.dtype)
    for images in _blocks(N, size):
        for cells, taps in strips:
            seen = grad_padded[images][cells]
            strip = _part(buffer, seen.shape)
            strip[...] = 0
            rows = strip.reshape(-1, G, C, prod(strip.shape[2:]))  # the same memory
            products = _part(stamped, (len(rows), G, C, L))
            for tap, met in taps:
                rows[..., met] += stamp(stamps[tap], grad[images], out=products)
            seen += strip
    return grad_padded[a.inside]


def weight_gradient(grad: Array, a: ConvArguments) -> Array:
    """Every weight sums, over all windows, the cell that it met times the gradient of that window."""
    N, G, L = len(grad), a.groups, prod(a.output_size)
    F, C = a.weight.shape[0] // G, a.weight.shape[1]
    grad, strips = grad.reshape(N, G, F, L), _strips(a)
    x = computed(a.padded())
    sums = np.zeros((*a.kernel_size, G, F, C), dtype=grad.dtype)
    size = prod(a.padded_shape[1:])
    buffer = _buffer(N, size, grad.dtype)
    for images in _blocks(N, size):
        for cells, taps in strips:
            strip = _copied(x[images][cells], buffer)
            rows = strip.reshape(-1, G, C, prod(strip.shape[2:])).swapaxes(2, 3)
            for tap, met in taps:
                sums[tap] += (grad[images] @ rows[:, :, met]).sum(axis=0)
    return np.moveaxis(sums, (-3, -2, -1), (0, 1, 2)).reshape(a.weight.shape)


def bias_gradient(grad: Array) -> Array:
    """A bias is added to every cell of its map, so its gradient is the sum of the map's."""
    return np.asarray(grad.sum(axis=(0, *range(2, grad.ndim))))


def _taps_first(windows: Array, a: ConvArguments) -> Array:
    """N, C, *counts, *kernel_size -> N, C, *kernel_size, *output_size"""
    axes = len(a.kernel_size)
    positions, taps = range(2, 2 + axes), range(2 + axes, 2 + 2 * axes)
    wanted: Index = (..., *map(slice, a.output_size))
    return windows.transpose(0, 1, *taps, *positions)[wanted]


def _strips(a: ConvArguments) -> list[Strip]:
    """The cells of the padded input that a column of the kernel meets; for each tap, its stretch of these cells.

    One window further down is one row further in the strip, whose rows lie one after the other. So what a tap meets
    in all windows is one stretch of it: only the strip has to be cut out, once for all taps of the column. With a
    stride s, every s-th row makes a strip of its own.
    """
    (k, *_), (s, *_), (d, *_), (H, *others) = a.kernel_size, a.stride, a.dilation, a.output_size
    width = prod(others)
    strips: list[Strip] = []
    for column in np.ndindex(*a.kernel_size[1:]):
        places = zip(column, a.dilation[1:], a.stride[1:], others, strict=True)
        across = [slice(t * gap, t * gap + step * (n - 1) + 1, step) for t, gap, step, n in places]
        for first in sorted({u * d % s for u in range(k)}):
            starts = {u: u * d // s for u in range(k) if u * d % s == first}  # the row of the strip met first
            down = slice(first, first + s * (max(starts.values()) + H - 1) + 1, s)
            taps = [((u, *column), slice(start * width, (start + H) * width)) for u, start in starts.items()]
            strips.append(((..., down, *across), taps))
    return strips


def _blocks(images: int, numbers_each: int) -> Iterator[slice]:
    """The images in blocks that a processor's cache can hold: what is laid out is used at once."""
    step = max(1, BLOCK // numbers_each)
    for start in range(0, images, step):
        yield slice(start, start + step)


def _buffer(images: int, numbers_each: int, dtype: np.dtype[Any]) -> Array:
    """Memory for one block after the other: to ask for new memory each time can cost more than the arithmetic."""
    return np.empty(min(images, max(1, BLOCK // numbers_each)) * numbers_each, dtype)


def _part(buffer: Array, shape: tuple[int, ...]) -> Array:
    """As much of a buffer as an array of this shape needs, as that array."""
    return buffer[: prod(shape)].reshape(shape)


def _copied(x: Array, buffer: Array) -> Array:
    """A contiguous copy of `x` at the start of a buffer."""
    copy = _part(buffer, x.shape)
    copy[...] = x
    return copy


def _rounded(result: Array, a: ConvArguments) -> Array:
    return result.astype(a.input.dtype, copy=False)
