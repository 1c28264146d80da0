"""Batch and layer normalization as the loops of a lecture."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from math import sqrt
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike
from cnnlab.ops._norm_arguments import batch_norm_arguments, layer_norm_arguments, update_running
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.batch_norm import Gradients


@without_warnings
def batch_norm(
    input: ArrayLike,
    running_mean: ArrayLike | None,
    running_var: ArrayLike | None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Array:
    """`cnnlab.ops.batch_norm` as loops over channels, examples and positions."""
    a = batch_norm_arguments(input, running_mean, running_var, weight, bias, training, momentum, eps)
    N, C, L = a.input.shape
    out, mean, var = np.zeros_like(a.input), np.zeros(C), np.zeros(C)
    for c in range(C):
        mean[c], var[c] = mean_and_variance(a.input[:, c].ravel()) if training else (v[c] for v in a.running())
        for n in range(N):
            for i in range(L):
                x_hat = (a.input[n, c, i] - mean[c]) / sqrt(var[c] + a.eps)
                out[n, c, i] = x_hat * a.scale[c] + a.shift[c]
    if training:
        update_running(running_mean, running_var, mean, var, a)
    return a.result(out)


@without_warnings
def batch_norm_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    running_mean: ArrayLike | None,
    running_var: ArrayLike | None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Gradients:
    """`cnnlab.ops.batch_norm_backward`: back through x_hat, the variance and the mean, one after the other."""
    a = batch_norm_arguments(input, running_mean, running_var, weight, bias, training, momentum, eps)
    grad, (N, C, L) = a.grad(grad_output), a.input.shape
    grad_input, grad_weight, grad_bias = np.zeros_like(a.input), np.zeros(C), np.zeros(C)
    for c in range(C):
        x, g = a.input[:, c].ravel(), grad[:, c].ravel()
        mean, var = mean_and_variance(x) if training else (v[c] for v in a.running())
        std = sqrt(var + a.eps)
        for i in range(N * L):
            grad_bias[c] += g[i]
            grad_weight[c] += g[i] * (x[i] - mean) / std
        grad_x = gradient_of_values(g * a.scale[c], x, mean, std, constant_statistics=not training)
        grad_input[:, c] = grad_x.reshape(N, L)
    dtype = a.input.dtype
    return (
        a.result(grad_input),
        None if weight is None else grad_weight.astype(dtype),
        None if bias is None else grad_bias.astype(dtype),
    )


@without_warnings
def layer_norm(
    input: ArrayLike,
    normalized_shape: Sequence[SupportsIndex],
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-05,
) -> Array:
    """`cnnlab.ops.layer_norm` as loops over rows and their cells."""
    a = layer_norm_arguments(input, normalized_shape, weight, bias, eps)
    M, D = a.input.shape
    out = np.zeros_like(a.input)
    for m in range(M):
        mean, var = mean_and_variance(a.input[m])
        for d in range(D):
            x_hat = (a.input[m, d] - mean) / sqrt(var + a.eps)
            out[m, d] = x_hat * (1 if a.weight is None else a.weight[d]) + (0 if a.bias is None else a.bias[d])
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
    """`cnnlab.ops.layer_norm_backward`: back through x_hat, the variance and the mean, one after the other."""
    a = layer_norm_arguments(input, normalized_shape, weight, bias, eps)
    grad, (M, D) = a.grad(grad_output), a.input.shape
    grad_input, grad_weight, grad_bias = np.zeros_like(a.input), np.zeros(D), np.zeros(D)
    for m in range(M):
        x, g = a.input[m], grad[m]
        mean, var = mean_and_variance(x)
        std = sqrt(var + a.eps)
        for d in range(D):
            grad_bias[d] += g[d]
            grad_weight[d] += g[d] * (x[d] - mean) / std
        grad_input[m] = gradient_of_values(g * (1 if a.weight is None else a.weight), x, mean, std)
    return (
        a.result(grad_input),
        None if weight is None else a.parameter(grad_weight),
        None if bias is None else a.parameter(grad_bias),
    )


def mean_and_variance(values: Array) -> tuple[float, float]:
    """Of the values that are normalized together, a row of numbers; zero for none."""
    mean = var = 0.0
    for value in values:
        mean += np.float64(value) / len(values)
    for value in values:
        var += (np.float64(value) - mean) ** 2 / len(values)
    return mean, var


def gradient_of_values(
    grad_x_hat: Array, x: Array, mean: float, std: float, constant_statistics: bool = False
) -> Array:
    """The gradient of the values x that were normalized together: x_hat = (x - mean) / std, std = sqrt(var + eps).

    The equations of Ioffe and Szegedy (2015), section 3, in their order.
    """
    M, grad_var, grad_mean = len(x), 0.0, 0.0
    if not constant_statistics:
        for i in range(M):
            grad_var += np.float64(grad_x_hat[i]) * (np.float64(x[i]) - mean) * -0.5 / std**3
        for i in range(M):
            grad_mean += -np.float64(grad_x_hat[i]) / std + grad_var * -2 * (np.float64(x[i]) - mean) / M
    grad_x = np.zeros_like(x)
    for i in range(M):
        grad_x[i] = np.float64(grad_x_hat[i]) / std + grad_var * 2 * (np.float64(x[i]) - mean) / M + grad_mean / M
    return grad_x
