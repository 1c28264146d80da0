"""Cross-entropy of given probabilities and one-hot targets. Not in PyTorch.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.13.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from math import prod

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_array
from cnnlab.ops._loss_arguments import Loss, PointLoss, point_arguments
from cnnlab.ops._numbers import check_probabilities, without_warnings
from cnnlab.ops.binary_losses import MIN_LOG, MIN_SLOPE


@without_warnings
def categorical_cross_entropy(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Cross-entropy of given probabilities and one-hot targets, the sum of the slides.

        loss[n] = -(sum over c of target[n, c] * log(input[n, c]))

    Only for probabilities that you are given. To train a network, give its scores to `cross_entropy`: it has softmax
    inside, is exact for any score, and must not be given probabilities. This one must not be given scores.

    Args:
        input: probabilities, (N, C, ...) or (C,), C classes. Floats keep their dtype.
        target: one-hot (1 for the right class, 0 for the others) or probabilities, in the shape of the input.
        reduction: 'mean' (over the losses), 'sum' or 'none'.

    Returns:
        A number, or with reduction 'none' the losses: (N, ...), or a number for (C,). The logarithm of a probability
        below exp(-100) counts as -100, as in `binary_cross_entropy`.

    Raises:
        ValueError: numbers outside 0 to 1, a target that is not one-hot, or a word that is no reduction.
    """
    a, axis = _one_hot_arguments(input, target, reduction)
    log_p = np.maximum(np.log(a.input), MIN_LOG)
    losses: Array = -(a.target * log_p).sum(axis=axis)
    return a.forward(losses, losses.size)


@without_warnings
def categorical_cross_entropy_backward(
    grad_output: ArrayLike, input: ArrayLike, target: ArrayLike, *, reduction: str = "mean"
) -> Array:
    """The gradient of `categorical_cross_entropy` with respect to its input.

        dloss[n] / dinput[n, c] = -target[n, c] / max(input[n, c], 1e-12)

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, reduction: as they were given to `categorical_cross_entropy`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `categorical_cross_entropy`, or grad_output has another shape than the loss.
    """
    a, axis = _one_hot_arguments(input, target, reduction)
    shape = a.input.shape[:axis] + a.input.shape[axis + 1 :]
    grad = a.reduction.backward(grad_output, shape, prod(shape))
    grad = np.expand_dims(grad, axis) if grad.ndim else grad
    slopes = -a.target / np.maximum(a.input, MIN_SLOPE)
    return np.asarray(grad * slopes).astype(a.reduction.dtype, copy=False)


def _one_hot_arguments(input: ArrayLike, target: ArrayLike, reduction: str) -> tuple[PointLoss, int]:
    """The checked arguments, and the axis of the classes."""
    x, t = as_array("input", input), as_array("target", target)
    if x.ndim == 0:
        raise ValueError("input must have the axes (N, C, ...) or (C,), but is a single number")
    axis = min(1, x.ndim - 1)
    if t.shape != x.shape:
        remedy = ""
        if t.shape == x.shape[:axis] + x.shape[axis + 1 :]:
            remedy = f": if these are class indices, np.eye({x.shape[axis]})[target] makes them one-hot, classes last"
        raise ValueError(f"target must be one-hot, in the shape of input, {x.shape}, but has {t.shape}{remedy}")
    a = point_arguments(input, target, reduction)
    check_probabilities("input", a.input, "give scores to cross_entropy, or apply softmax first")
    check_probabilities("target", a.target, "a one-hot target has a 1 for the right class and 0 for the others")
    return a, axis
