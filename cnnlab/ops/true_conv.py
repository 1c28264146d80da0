"""Convolution as mathematics defines it: the kernel is flipped before it slides.

What CNN layers call convolution does not flip: it is cross-correlation. For a kernel that is learned it makes
no difference (training finds the flipped numbers); for one written by hand it does: an edge that answers +30
to one answers -30 to the other. Flipping is what makes convolution commutative and associative.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 9.1, equations 9.4 to 9.6.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from dataclasses import replace
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_array
from cnnlab.ops._conv_arguments import ConvArguments, conv_arguments
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.conv import Gradients, convolve, convolve_backward


def flip_kernel(weight: ArrayLike) -> Array:
    """The kernel turned by half a turn: flipped[u, v] = weight[kh - 1 - u, kw - 1 - v].

    Args:
        weight: (kh, kw) or (O, C, kh, kw); for a 1-D kernel (k,) or (O, C, k), where only the last axis
            turns. Filters and channels stay in their order.

    Returns:
        A new array of the same shape.

    Raises:
        ValueError: weight has no such shape.
    """
    kernel = as_array("weight", weight)
    if kernel.ndim not in (1, 2, 3, 4):
        raise ValueError(
            f"weight must have the shape (k,), (kh, kw), (O, C, k) or (O, C, kh, kw), but its shape is {kernel.shape}"
        )
    return np.flip(kernel, axis=-1 if kernel.ndim in (1, 3) else (-2, -1)).copy()


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
    """Mathematical convolution of a signal: `conv1d` with the kernel flipped. Arguments and errors as there.

    output[n, o, i] = bias[o] + sum over c, u of
        weight[o, c, k - 1 - u] * padded[n, c, i*stride + u*dilation]
    """
    return convolve(_flipped(conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)))


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
    """The gradients of `true_conv1d`: (grad_input, grad_weight, grad_bias); the weight's is flipped back."""
    a = conv_arguments(1, input, weight, bias, stride, padding, dilation, groups)
    return _backward(grad_output, a)


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
    """Mathematical convolution of an image: `conv2d` with the kernel flipped. Arguments and errors as there.

    output[n, o, i, j] = bias[o] + sum over c, u, v of
        weight[o, c, kh - 1 - u, kw - 1 - v] * padded[n, c, i*stride + u*dilation, j*stride + v*dilation]
    """
    return convolve(_flipped(conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)))


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
    """The gradients of `true_conv2d`: (grad_input, grad_weight, grad_bias); the weight's is flipped back."""
    a = conv_arguments(2, input, weight, bias, stride, padding, dilation, groups)
    return _backward(grad_output, a)


def _flipped(a: ConvArguments) -> ConvArguments:
    return replace(a, weight=flip_kernel(a.weight))


def _backward(grad_output: ArrayLike, a: ConvArguments) -> Gradients:
    grad_input, grad_flipped, grad_bias = convolve_backward(grad_output, _flipped(a))
    return grad_input, flip_kernel(grad_flipped), grad_bias
