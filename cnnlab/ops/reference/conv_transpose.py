"""Transposed convolution as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints
from cnnlab.ops._conv_arguments import conv_transpose_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.conv import Gradients


@without_warnings
def conv_transpose2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: SupportsIndex = 1,
    dilation: Ints = 1,
) -> Array:
    """`cnnlab.ops.conv_transpose2d`: every input cell stamps the kernel, tap by tap, where the output has a cell."""
    a = conv_transpose_arguments(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
    (sy, sx), (dy, dx) = a.conv.stride, a.conv.dilation
    py, px = (before for before, _ in a.conv.padding)  # cells cut off; as many after
    x, w = a.input, a.conv.weight
    channels, filters, kh, kw = w.shape
    out = np.zeros(a.conv.input.shape, x.dtype)
    _, _, H, W = a.conv.input.shape
    for n, c, i, j in np.ndindex(x.shape):
        first = c // (channels // a.conv.groups) * filters  # the first map that this channel stamps
        for o in range(filters):
            for u in range(kh):
                for v in range(kw):
                    y_out, x_out = i * sy + u * dy - py, j * sx + v * dx - px
                    if 0 <= y_out < H and 0 <= x_out < W:
                        out[n, first + o, y_out, x_out] += x[n, c, i, j] * w[c, o, u, v]
    if a.bias is not None:
        for o, b in enumerate(a.bias):
            out[:, o] += b
    return a.conv.unbatched(out)


@without_warnings
def conv_transpose2d_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: SupportsIndex = 1,
    dilation: Ints = 1,
) -> Gradients:
    """`cnnlab.ops.conv_transpose2d_backward`: each product of the forward loops sends its gradient to both factors."""
    a = conv_transpose_arguments(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
    (sy, sx), (dy, dx) = a.conv.stride, a.conv.dilation
    py, px = (before for before, _ in a.conv.padding)  # cells cut off; as many after
    x, w, grad = a.input, a.conv.weight, a.check_grad_output(grad_output)
    channels, filters, kh, kw = w.shape
    grad_x, grad_w, grad_b = np.zeros_like(x), np.zeros_like(w), np.zeros(grad.shape[1], x.dtype)
    H, W = grad.shape[2:]
    for n, c, i, j in np.ndindex(x.shape):
        first = c // (channels // a.conv.groups) * filters
        for o in range(filters):
            for u in range(kh):
                for v in range(kw):
                    y_out, x_out = i * sy + u * dy - py, j * sx + v * dx - px
                    if 0 <= y_out < H and 0 <= x_out < W:
                        grad_x[n, c, i, j] += grad[n, first + o, y_out, x_out] * w[c, o, u, v]
                        grad_w[c, o, u, v] += grad[n, first + o, y_out, x_out] * x[n, c, i, j]
    for n, o, y_out, x_out in np.ndindex(grad.shape):
        grad_b[o] += grad[n, o, y_out, x_out]
    return a.conv.unbatched(grad_x), grad_w, None if a.bias is None else grad_b
