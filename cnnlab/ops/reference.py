"""The same operations as nested loops, the way a lecturer writes them on the board.

Slow on purpose: this is the specification in code, and the tests hold the fast functions against it.
Arguments, results and errors are those of the functions of the same name in `cnnlab.ops`, documented there.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints
from cnnlab.ops._conv_arguments import check_grad_output, conv_arguments
from cnnlab.ops.conv import Gradients
from cnnlab.ops.padding import check_pad, check_padded_grad

# ---- padding -------------------------------------------------------------------------------------


def pad(input: ArrayLike, pad: Sequence[SupportsIndex], mode: str = "constant", value: float | None = 0.0) -> Array:
    """`cnnlab.ops.pad`, cell by cell: each cell of the result asks where it comes from."""
    x, sides = check_pad(input, pad, mode, value)
    out = np.empty([n + before + after for n, (before, after) in zip(x.shape, sides, strict=True)], x.dtype)
    for cell in np.ndindex(out.shape):
        source = [source_cell(i, n, *side, mode) for i, n, side in zip(cell, x.shape, sides, strict=True)]
        out[cell] = (value or 0.0) if None in source else x[tuple(source)]
    return out


def pad_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    pad: Sequence[SupportsIndex],
    mode: str = "constant",
    value: float | None = 0.0,
) -> Array:
    """`cnnlab.ops.pad_backward`, cell by cell: each gradient goes back to where its cell came from."""
    x, sides = check_pad(input, pad, mode, value)
    grad = check_padded_grad(grad_output, x, sides)
    grad_input = np.zeros_like(x)
    for cell in np.ndindex(grad.shape):
        source = [source_cell(i, n, *side, mode) for i, n, side in zip(cell, x.shape, sides, strict=True)]
        if None not in source:
            grad_input[tuple(source)] += grad[cell]
    return grad_input


def source_cell(i: int, n: int, before: int, after: int, mode: str) -> int | None:
    """The cell of a row of n that cell i of the padded row repeats; None for a new cell of 'constant'."""
    i -= before
    if mode == "constant":
        return i if 0 <= i < n else None
    if mode == "replicate":
        return min(max(i, 0), n - 1)
    if mode == "reflect":
        if i < 0:
            i = -i  # mirrored at the first cell
        return i if i < n else 2 * (n - 1) - i  # mirrored at the last one
    first, last = max(-before, 0), n - 1 - max(-after, 0)  # circular repeats what the cut has left
    while i < first:
        i += last - first + 1
    while i > last:
        i -= last - first + 1
    return i


# ---- convolution ---------------------------------------------------------------------------------


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


# ---- convolution with the kernel flipped ---------------------------------------------------------


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
