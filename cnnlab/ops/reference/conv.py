"""Convolution as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints
from cnnlab.ops._conv_arguments import check_grad_output, conv_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.conv import Gradients


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
    """`cnnlab.ops.conv1d` as loops over examples, filters, positions, channels and taps."""
    a = conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)
    (s,), (d,), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, k = w.shape
    out = np.zeros(a.output_shape, x.dtype)
    for n, o, i in np.ndindex(out.shape):
        first = o // (filters // a.groups) * channels  # the first channel that this filter sees
        total = 0.0 if a.bias is None else float(a.bias[o])
        for c in range(channels):
            for u in range(k):
                total += w[o, c, u] * x[n, first + c, i * s + u * d]
        out[n, o, i] = total
    return a.unbatched(out)


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
    """`cnnlab.ops.conv1d_backward`: each product of the forward loops sends its gradient to both factors."""
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
                grad_w[o, c, u] += grad[n, o, i] * x[n, first + c, i * s + u * d]
                grad_x[n, first + c, i * s + u * d] += grad[n, o, i] * w[o, c, u]
    return a.unbatched(grad_x[a.inside]), grad_w, None if a.bias is None else grad_b


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
    """`cnnlab.ops.conv2d` as loops over examples, filters, rows, columns, channels and taps."""
    a = conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)
    (sy, sx), (dy, dx), x, w = a.stride, a.dilation, a.padded(), a.weight
    filters, channels, kh, kw = w.shape
    out = np.zeros(a.output_shape, x.dtype)
    for n, o, i, j in np.ndindex(out.shape):
        first = o // (filters // a.groups) * channels  # the first channel that this filter sees
        total = 0.0 if a.bias is None else float(a.bias[o])
        for c in range(channels):
            for u in range(kh):
                for v in range(kw):
                    total += w[o, c, u, v] * x[n, first + c, i * sy + u * dy, j * sx + v * dx]
        out[n, o, i, j] = total
    return a.unbatched(out)


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
    """`cnnlab.ops.conv2d_backward`: each product of the forward loops sends its gradient to both factors."""
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
                    y_in, x_in = i * sy + u * dy, j * sx + v * dx  # the cell that met tap (u, v)
                    grad_w[o, c, u, v] += grad[n, o, i, j] * x[n, first + c, y_in, x_in]
                    grad_x[n, first + c, y_in, x_in] += grad[n, o, i, j] * w[o, c, u, v]
    return a.unbatched(grad_x[a.inside]), grad_w, None if a.bias is None else grad_b
