"""Convolution as CNN layers compute it: a dot product of the kernel with every window of the input.

Fast because the work is left to one matrix product: the windows are laid out as the columns of a matrix
("im2col"), and every filter is a row. The loops that say the same slowly are in `cnnlab.ops.reference`.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1; arithmetic of sizes: Dumoulin and
Visin, A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285.
"""

from collections.abc import Iterator
from math import prod
from types import EllipsisType
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints
from cnnlab.ops._conv_arguments import ConvArguments, check_grad_output, conv_arguments
from cnnlab.ops.windows import windows_view

Gradients = tuple[Array, Array, Array | None]
Index = tuple[int | slice | EllipsisType, ...]


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
    x, w = _padded(a), _computed(a.weight)
    G, F = a.groups, w.shape[0] // a.groups  # groups, filters in each
    filters = w.reshape(G, F, -1)
    out = np.empty((len(x), G, F, prod(a.output_size)), dtype=x.dtype)
    for image, maps in zip(x, out, strict=True):  # one by one: the columns of one image stay in the cache
        np.matmul(filters, _columns(image, a), out=maps)
    out = out.reshape(a.output_shape)
    if a.bias is not None:
        out += _computed(a.bias).reshape(-1, *[1] * len(a.output_size))
    return a.unbatched(_rounded(out, a))


def convolve_backward(grad_output: ArrayLike, a: ConvArguments) -> Gradients:
    """The gradients of `convolve`, one tap of the kernel after the other."""
    grad = _computed(check_grad_output(grad_output, a))
    x, w = _padded(a), _computed(a.weight)
    N, G, L = len(x), a.groups, prod(a.output_size)  # examples, groups, windows
    F, C = w.shape[0] // G, w.shape[1]  # filters and channels of a group
    grad = grad.reshape(N, G, F, L)
    grad_padded, grad_weight = np.zeros_like(x), np.empty_like(w)
    for tap, met in _taps(a):
        cells = x[met]  # what this tap was multiplied with, once for each window
        products = grad @ cells.reshape(N, G, C, L).swapaxes(2, 3)
        grad_weight[tap] = products.sum(axis=0).reshape(G * F, C)
        back = w[tap].reshape(G, F, C).swapaxes(1, 2) @ grad
        grad_padded[met] += back.reshape(cells.shape)
    grad_input = a.unbatched(grad_padded[_inside(a)])
    grad_bias = None if a.bias is None else _rounded(grad.sum(axis=(0, 3)).reshape(-1), a)
    return _rounded(grad_input, a), _rounded(grad_weight, a), grad_bias


def _columns(image: Array, a: ConvArguments) -> Array:
    """Each window of one padded image (C, *size) as a column: (groups, C/groups * taps, windows)."""
    windows = windows_view(image, a.kernel_size, a.stride, a.dilation)  # C, *output_size, *kernel_size
    axes = len(a.kernel_size)
    taps_first = np.moveaxis(windows, range(-axes, 0), range(1, axes + 1))
    return taps_first.reshape(a.groups, -1, prod(a.output_size))


def _taps(a: ConvArguments) -> Iterator[tuple[Index, Index]]:
    """Each cell of the kernel, and the cells of the padded input that it is multiplied with, as indices."""
    for tap in np.ndindex(*a.kernel_size):
        places = zip(tap, a.dilation, a.stride, a.output_size, strict=True)
        cells = (slice(t * d, t * d + s * (n - 1) + 1, s) for t, d, s, n in places)
        yield (..., *tap), (..., *cells)


def _inside(a: ConvArguments) -> Index:
    """Where the input lies in the padded input."""
    sizes = zip(a.input.shape[2:], a.padding, strict=True)
    return (..., *(slice(before, before + n) for n, (before, _) in sizes))


def _padded(a: ConvArguments) -> Array:
    x = _computed(a.input)
    if not any(before or after for before, after in a.padding):
        return x
    sizes = zip(x.shape[2:], a.padding, strict=True)
    out = np.zeros((*x.shape[:2], *(n + before + after for n, (before, after) in sizes)), dtype=x.dtype)
    out[_inside(a)] = x
    return out


def _computed(x: Array) -> Array:
    """float16 is computed in float32 and rounded at the end: sums of many halves lose too much."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def _rounded(result: Array, a: ConvArguments) -> Array:
    return result.astype(a.input.dtype, copy=False)
