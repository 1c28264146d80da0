"""Convolution with the kernel flipped, as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints
from cnnlab.ops._conv_arguments import check_grad_output, conv_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.conv import Gradients


@without_warnings
def true_conv1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Array:
    """`cnnlab.ops.true_conv1d`: the loops of the layer, with the taps read backward."""
    a = conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)
    (s,), (d,), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, k = w.shape
    out = np.zeros(a.output_shape, x.dtype)
    for n, o, i in np.ndindex(out.shape):
        first = o // (filters // a.groups) * channels
        total = 0.0 if a.bias is None else float(a.bias[o])
        for c in range(channels):
            for u in range(k):
                total += w[o, c, k - 1 - u] * x[n, first + c, i * s + u * d]
        out[n, o, i] = total
    return a.unbatched(out)


@without_warnings
def true_conv1d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Gradients:
    """`cnnlab.ops.true_conv1d_backward`: each product sends its gradient to both factors."""
    a = conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)
    (s,), (d,), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, k = w.shape
    grad = check_grad_output(grad_output, a)
    grad_x, grad_w, grad_b = np.zeros_like(x), np.zeros_like(w), np.zeros(filters, x.dtype)
    for n, o, i in np.ndindex(grad.shape):
        first = o // (filters // a.groups) * channels
        grad_b[o] += grad[n, o, i]
        for c in range(channels):
            for u in range(k):
                grad_w[o, c, k - 1 - u] += grad[n, o, i] * x[n, first + c, i * s + u * d]
                grad_x[n, first + c, i * s + u * d] += grad[n, o, i] * w[o, c, k - 1 - u]
    return a.unbatched(grad_x[a.inside]), grad_w, None if a.bias is None else grad_b


@without_warnings
def true_conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Array:
    """`cnnlab.ops.true_conv2d`: the loops of the layer, with the taps read backward."""
    a = conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)
    (sy, sx), (dy, dx), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, kh, kw = w.shape
    out = np.zeros(a.output_shape, x.dtype)
    for n, o, i, j in np.ndindex(out.shape):
        first = o // (filters // a.groups) * channels
        total = 0.0 if a.bias is None else float(a.bias[o])
        for c in range(channels):
            for u in range(kh):
                for v in range(kw):
                    total += w[o, c, kh - 1 - u, kw - 1 - v] * x[n, first + c, i * sy + u * dy, j * sx + v * dx]
        out[n, o, i, j] = total
    return a.unbatched(out)


@without_warnings
def true_conv2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: SupportsIndex = 1,
) -> Gradients:
    """`cnnlab.ops.true_conv2d_backward`: each product sends its gradient to both factors."""
    a = conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)
    (sy, sx), (dy, dx), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, kh, kw = w.shape
    grad = check_grad_output(grad_output, a)
    grad_x, grad_w, grad_b = np.zeros_like(x), np.zeros_like(w), np.zeros(filters, x.dtype)
    for n, o, i, j in np.ndindex(grad.shape):
        first = o // (filters // a.groups) * channels
        grad_b[o] += grad[n, o, i, j]
        for c in range(channels):
            for u in range(kh):
                for v in range(kw):
                    y_in, x_in = i * sy + u * dy, j * sx + v * dx  # meets the tap of the turned kernel
                    grad_w[o, c, kh - 1 - u, kw - 1 - v] += grad[n, o, i, j] * x[n, first + c, y_in, x_in]
                    grad_x[n, first + c, y_in, x_in] += grad[n, o, i, j] * w[o, c, kh - 1 - u, kw - 1 - v]
    return a.unbatched(grad_x[a.inside]), grad_w, None if a.bias is None else grad_b
