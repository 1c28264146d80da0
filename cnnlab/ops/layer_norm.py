"""Layer normalization: every example gets mean 0 and variance 1 by itself, then a scale and a shift for each cell.

Source: Ba, Kiros, Hinton, Layer normalization (2016), arXiv:1607.06450, section 3.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, computed
from cnnlab.ops._norm_arguments import BUFFER_CELLS, LayerNormArguments, layer_norm_arguments
from cnnlab.ops._numbers import without_warnings

Gradients = tuple[Array, Array | None, Array | None]


@without_warnings
def layer_norm(
    input: ArrayLike,
    normalized_shape: Sequence[SupportsIndex],
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-05,
) -> Array:
    """Normalizes over the last axes; unlike `batch_norm`, the same in training and afterwards, for any batch.

    For each row, the D cells of the last axes of one example:

        output[d] = (input[d] - mean) / sqrt(var + eps) * weight[d] + bias[d]
        mean = sum over d of input[d] / D
        var = sum over d of (input[d] - mean)**2 / D

    Args:
        input: (..., *normalized_shape). Floats keep their dtype; integers follow the floats they meet,
            and become float64 on their own.
        normalized_shape: the sizes of the last axes, such as (C, H, W).
        weight: normalized_shape, the scale (the gain g in the paper); None is 1.
        bias: normalized_shape, the shift; None is 0.
        eps: keeps the division away from zero.

    Returns:
        The shape and dtype of the input.

    Raises:
        ValueError: shapes that do not fit together, or a negative eps.
    """
    a = layer_norm_arguments(input, normalized_shape, weight, bias, eps)
    np.setbufsize(BUFFER_CELLS)  # until this function returns
    out, _ = _normalized(a)
    if a.weight is not None:
        out *= computed(a.weight)
    if a.bias is not None:
        out += computed(a.bias)
    return a.result(out)


@without_warnings
def layer_norm_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    normalized_shape: Sequence[SupportsIndex],
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-05,
) -> Gradients:
    """The gradients of `layer_norm`.

    With the normalized input x_hat = (input - mean) / sqrt(var + eps), sums over all rows for weight and bias, and
    means over the cells of each row:

        grad_bias[d] = sum of grad_output[d]
        grad_weight[d] = sum of grad_output[d] * x_hat[d]
        grad_x_hat[d] = grad_output[d] * weight[d]
        grad_input[d] = (grad_x_hat[d] - mean of grad_x_hat - x_hat[d] * mean of (grad_x_hat * x_hat)) / sqrt(var + eps)

    Args:
        grad_output: the shape of the output.
        input, normalized_shape, weight, bias, eps: as they were given to `layer_norm`.

    Returns:
        (grad_input, grad_weight, grad_bias), each in the shape of its argument; None for a weight or a bias that was
        not given.

    Raises:
        ValueError: as in `layer_norm`, or grad_output has another shape than the output.
    """
    a = layer_norm_arguments(input, normalized_shape, weight, bias, eps)
    grad = computed(a.grad(grad_output))
    np.setbufsize(BUFFER_CELLS)  # until this function returns
    x_hat, inverse_std = _normalized(a)
    every_row: Array = np.ones(len(grad), grad.dtype)  # the matrix product is the fastest sum over rows
    grad_bias: Array = every_row @ grad
    grad_weight: Array = every_row @ (grad * x_hat)
    grad_x_hat = grad * (1 if a.weight is None else computed(a.weight))
    mean, slope = _means(grad_x_hat), _dots(grad_x_hat, x_hat) / a.count
    grad_x_hat -= mean
    x_hat *= slope
    grad_x_hat -= x_hat
    grad_x_hat *= inverse_std
    grad_weight, grad_bias = a.parameter(grad_weight), a.parameter(grad_bias)
    return a.result(grad_x_hat), None if weight is None else grad_weight, None if bias is None else grad_bias


def _normalized(a: LayerNormArguments) -> tuple[Array, Array]:
    """The input with mean 0 and variance 1 in each row, and what its rows were multiplied with: (M, D) and (M, 1)."""
    x = computed(a.input)
    out = x - _means(x)
    out -= _means(out)  # in float32 the mean of large numbers is not exact: what it was off
    inverse_std = 1 / np.sqrt(_dots(out, out) / a.count + a.eps)
    out *= inverse_std
    return out, inverse_std


def _means(x: Array) -> Array:
    """Of each row: M, D -> M, 1"""
    ones: Array = np.ones(x.shape[1], x.dtype)
    return np.divide(_dots(x, ones), max(x.shape[1], 1))


def _dots(x: Array, y: Array) -> Array:
    """The sum of x * y in each row: M, D -> M, 1. A matrix product may sum a row in another order in another batch."""
    return np.asarray(np.vecdot(x, y)[:, None])
