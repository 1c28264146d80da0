"""Batch normalization: every channel gets mean 0 and variance 1 over the batch, then a scale and a shift of its own.

Source: Ioffe and Szegedy, Batch normalization: accelerating deep network training by reducing internal covariate shift
(2015), arXiv:1502.03167, algorithm 1 and section 3.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from dataclasses import dataclass

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, computed
from cnnlab.ops._norm_arguments import BUFFER_CELLS, BatchNormArguments, batch_norm_arguments, update_running
from cnnlab.ops._numbers import without_warnings

Gradients = tuple[Array, Array | None, Array | None]


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
    """Normalizes each channel, by the statistics of the batch in training and by running ones afterwards.

        output[n, c, i] = (input[n, c, i] - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c]

    In training, mean and var are those of the M = N * L values of the channel, L positions in each of N examples:

        mean[c] = sum over n, i of input[n, c, i] / M
        var[c] = sum over n, i of (input[n, c, i] - mean[c])**2 / M

    and the running statistics, if given, move toward them. They get the unbiased variance, the one with M - 1:

        running_mean[c] = (1 - momentum) * running_mean[c] + momentum * mean[c]
        running_var[c] = (1 - momentum) * running_var[c] + momentum * var[c] * M / (M - 1)

    With training=False, mean and var are the running ones, so that an example's output does not depend on what else
    is in the batch; a batch of one works.

    Args:
        input: (N, C, ...), any number of axes after the channels, or none. Floats keep their dtype;
            integers follow the floats they meet, and become float64 on their own.
        running_mean, running_var: (C,), or both None in training. In training they are written to, the one exception
            to the rule that inputs are not; an empty batch leaves them as they are. They have the dtype of the input,
            or float32 with a float16 input.
        weight: (C,), the scale (gamma in the paper); None is 1.
        bias: (C,), the shift (beta in the paper); None is 0.
        training: whether to use the statistics of the batch.
        momentum: how far the running statistics move with each batch.
        eps: keeps the division away from zero.

    Returns:
        The shape and dtype of the input.

    Raises:
        ValueError: shapes that do not fit together; statistics that are needed and not given, or cannot be written
            to; a single value per channel in training; eps not positive in training.
    """
    a = batch_norm_arguments(input, running_mean, running_var, weight, bias, training, momentum, eps)
    np.setbufsize(BUFFER_CELLS)  # until this function returns
    if training:
        s = _batch_statistics(a)
        update_running(running_mean, running_var, s.mean, s.var, a)
    else:
        mean, var = a.running()
        s = Statistics(mean, var, centered=computed(a.input), rest=mean)
    scale = a.scale / np.sqrt(s.var + a.eps)
    out = np.multiply(s.centered, _column(scale), out=s.centered if training else None)  # not into the input
    out += _column(a.shift - s.rest * scale)
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
    """The gradients of `batch_norm`; the running statistics are not updated.

    With the normalized input x_hat = (input - mean) / sqrt(var + eps), and all sums over n, i:

        grad_bias[c] = sum of grad_output[n, c, i]
        grad_weight[c] = sum of grad_output[n, c, i] * x_hat[n, c, i]

    In training, mean and var depend on every value of the channel. The three ways on which the gradient comes back
    (section 3 of the paper: through x_hat, var and mean) add up to

        grad_input[n, c, i] = weight[c] / sqrt(var[c] + eps)
            * (grad_output[n, c, i] - grad_bias[c] / M - x_hat[n, c, i] * grad_weight[c] / M)

    With training=False they are constants, and only the first term is left.

    Args:
        grad_output: the shape of the output.
        input, running_mean, running_var, weight, bias, training, momentum, eps: as they were given to `batch_norm`.

    Returns:
        (grad_input, grad_weight, grad_bias), each in the shape of its argument; None for a weight or a bias that was
        not given.

    Raises:
        ValueError: as in `batch_norm`, or grad_output has another shape than the output.
    """
    a = batch_norm_arguments(input, running_mean, running_var, weight, bias, training, momentum, eps)
    grad, M = computed(a.grad(grad_output)), a.count
    np.setbufsize(BUFFER_CELLS)  # until this function returns
    if training:
        s = _batch_statistics(a)
    else:
        mean, var = a.running()
        s = Statistics(mean, var, centered=computed(a.input) - _column(mean), rest=np.zeros_like(mean))
    inverse_std = 1 / np.sqrt(s.var + a.eps)
    grad_bias = _sums(grad)
    grad_weight = (_dots(grad, s.centered) - s.rest * grad_bias) * inverse_std
    grad_input = grad
    if training:
        slope = inverse_std * grad_weight / M  # x_hat * grad_weight / M = (centered - rest) * slope
        grad_input = s.centered  # written over: the fewer large arrays, the faster
        grad_input *= _column(-slope)
        grad_input += grad
        grad_input += _column(s.rest * slope - grad_bias / M)
    grad_input = np.multiply(grad_input, _column(a.scale * inverse_std), out=grad_input if training else None)
    grad_weight, grad_bias = (g.astype(a.input.dtype, copy=False) for g in (grad_weight, grad_bias))
    return a.result(grad_input), None if weight is None else grad_weight, None if bias is None else grad_bias


# ---- statistics ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statistics:
    """Mean and variance of each channel, and the input less most of its mean: input - mean = centered - rest."""

    mean: Array  # C
    var: Array  # C
    centered: Array  # N, C, L
    rest: Array  # C


def _batch_statistics(a: BatchNormArguments) -> Statistics:
    """Of the batch. A mean of 1000 is off by up to 1e-4 in float32; subtracting it and taking the mean of what is left
    says by how much.

    Source: Chan, Golub, LeVeque, Algorithms for computing the sample variance (1983), the corrected two-pass algorithm.
    """
    x, M = computed(a.input), a.count
    about = _sums(x) / M
    centered = x - _column(about)
    rest = _sums(centered) / M
    var = _dots(centered, centered) / M - rest**2
    return Statistics(about + rest, np.maximum(var, 0), centered, rest)  # rounding can put a variance of 0 below 0


def _column(per_channel: Array) -> Array:
    """C -> C, 1: one number for all positions of a channel."""
    return per_channel[:, None]


def _sums(x: Array) -> Array:
    """The sum of each channel over examples and positions; the matrix product is the fastest way over examples."""
    N, C, L = x.shape
    over_examples = np.ones(N, x.dtype) @ x.reshape(N, C * L)
    return np.asarray(over_examples.reshape(C, L).sum(axis=1))


def _dots(x: Array, y: Array) -> Array:
    """The sum of x * y over examples and positions, for each channel."""
    if x.shape[2] == 1:
        return _sums(x * y)  # vecdot is slow where it has a single product to sum
    return np.asarray(np.vecdot(x, y).sum(axis=0))
