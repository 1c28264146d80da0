"""Transposed convolution: every input cell stamps the kernel, times its value, onto the output.

It makes a small map larger, where decoders and generators need that. The name says what it is: laid out as a
matrix, it is the transpose of the matrix of `conv2d`, and so it is computed here by the gradient of `conv2d`. It
is not its inverse (the older name "deconvolution" promises that): it brings the size back, not the values.

Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), arXiv:1603.07285, chapter 4.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from dataclasses import replace
from typing import SupportsIndex

from cnnlab.ops._arguments import Array, ArrayLike, Ints, computed
from cnnlab.ops._conv_arguments import conv_transpose_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.conv import Gradients, bias_gradient, convolve, input_gradient, weight_gradient


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
    """Every input cell stamps the kernel, times its value; where stamps overlap, they add up.

        stamped[n, o, y, x] = sum of input[n, c, i, j] * weight[c, o, u, v] over all c, i, j, u, v
            with y = i*stride + u*dilation and x = j*stride + v*dilation
        output[n, o, y, x] = bias[o] + stamped[n, o, y + padding, x + padding]

    This is the gradient of `conv2d` with respect to its input: `conv2d` with the same weight and settings takes
    an output of this size back to the size of the input, and its windows saw what is stamped here. It does not
    undo `conv2d`: the size comes back, the values do not.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype; integers and lists follow the floats they meet,
            and become float64 on their own.
        weight: (C, O/groups, kh, kw): one stamp for each channel of the input and each map of the output; the
            weight of the `conv2d` that goes the other way.
        bias: (O,), added to each map, or None.
        stride: cells from one stamp to the next; this and the next two are a number or (vertical, horizontal),
            dilation too.
        padding: cells cut off on each side of what is stamped.
        output_padding: cells more at the end (bottom and right), smaller than stride or dilation. With a stride
            of 2 or more, `conv2d` makes the same size of several: this says which of them is wanted.
        groups: the channels and maps are split into this many groups that do not see each other.
        dilation: cells from one tap of the kernel to the next.

    Returns:
        (N, O, H_out, W_out) or (O, H_out, W_out), in the dtype of the input, with
        H_out = (H - 1)*stride - 2*padding + dilation*(kh - 1) + 1 + output_padding, and W_out alike.

    Raises:
        ValueError: shapes that do not fit together, a number out of range, an output without a cell.
    """
    a = conv_transpose_arguments(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
    out = input_gradient(computed(a.input), a.conv)
    if a.bias is not None:
        out += computed(a.bias).reshape(-1, 1, 1)
    return a.conv.unbatched(out.astype(a.input.dtype, copy=False))


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
    """The gradients of a loss with respect to the inputs of `conv_transpose2d`, given that to its output.

        grad_input[n, c, i, j] = sum over o, u, v of
            grad_stamped[n, o, i*stride + u*dilation, j*stride + v*dilation] * weight[c, o, u, v]
        grad_weight[c, o, u, v] = sum over n, i, j of
            grad_stamped[n, o, i*stride + u*dilation, j*stride + v*dilation] * input[n, c, i, j]
        grad_bias[o] = sum over n, y, x of grad_output[n, o, y, x]

    where grad_stamped is grad_output with `padding` cells of zeros around it: the first line is `conv2d`.

    Args:
        grad_output: the shape of the output.
        input, weight, bias, stride, padding, output_padding, groups, dilation: as they were given to
            `conv_transpose2d`.

    Returns:
        (grad_input, grad_weight, grad_bias), each in the shape of its argument; grad_bias is None without a
        bias.

    Raises:
        ValueError: as in `conv_transpose2d`, or grad_output has another shape than the output.
    """
    a = conv_transpose_arguments(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
    grad, dtype = computed(a.check_grad_output(grad_output)), a.input.dtype
    conv = replace(a.conv, input=grad)
    grad_input = convolve(conv).astype(dtype, copy=False)
    grad_weight = weight_gradient(computed(a.input), conv).astype(dtype, copy=False)
    grad_bias = None if a.bias is None else bias_gradient(grad).astype(dtype, copy=False)
    return grad_input, grad_weight, grad_bias
