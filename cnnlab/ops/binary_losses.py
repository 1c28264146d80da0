"""Binary cross-entropy: the loss of a yes-or-no question, on a probability or on the score (logit) before the sigmoid.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike
from cnnlab.ops._loss_arguments import Loss, PointLoss, point_arguments
from cnnlab.ops._numbers import check_probabilities, without_warnings
from cnnlab.ops.activations import sigmoid_of

MIN_LOG = -100.0  # PyTorch's: log(0) would be an infinite loss, and 0 * log(0) no number at all
MIN_SLOPE = float(np.float32(1e-12))  # PyTorch's, a constant in single precision: the least that is divided by


@without_warnings
def binary_cross_entropy(
    input: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, *, reduction: str = "mean"
) -> Loss:
    """Binary cross-entropy of probabilities.

        loss[i] = -weight[i] * (target[i] * log(input[i]) + (1 - target[i]) * log(1 - input[i]))

    Logarithms below -100 count as -100, as in PyTorch, so that the loss stays finite.

    Args:
        input: probabilities between 0 and 1, any shape: what a sigmoid returned. Floats keep their dtype.
        target: 0, 1 or anything between, in the same shape.
        weight: how much each counts, in a shape that broadcasts to that of the input; or None.
        reduction: 'mean' (over the number of losses, whatever the weights), 'sum' or 'none'.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the input.

    Raises:
        ValueError: an input or a target outside 0 to 1, shapes that do not fit, or a word that is no reduction.
    """
    a = _probability_arguments(input, target, weight, reduction)
    log_p = np.maximum(np.log(a.input), MIN_LOG)
    log_q = np.maximum(np.log1p(-a.input), MIN_LOG)
    return a.forward(-a.weights["weight"] * (a.target * log_p + (1 - a.target) * log_q))


@without_warnings
def binary_cross_entropy_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reduction: str = "mean",
) -> Array:
    """The gradient of `binary_cross_entropy` with respect to its input.

        dloss[i] / dinput[i] = weight[i] * (input[i] - target[i]) / max(input[i] * (1 - input[i]), 1e-12)

    The 1e-12 is PyTorch's, and matters at 0 and 1 only.

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, weight, reduction: as they were given to `binary_cross_entropy`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `binary_cross_entropy`, or grad_output has another shape than the loss.
    """
    a = _probability_arguments(input, target, weight, reduction)
    p = a.input
    return a.backward(grad_output, a.weights["weight"] * (p - a.target) / np.maximum(p * (1 - p), MIN_SLOPE))


@without_warnings
def binary_cross_entropy_with_logits(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reduction: str = "mean",
    pos_weight: ArrayLike | None = None,
) -> Loss:
    """Binary cross-entropy of scores: `binary_cross_entropy(sigmoid(input), ...)`, but exact for any score.

        loss[i] = -weight[i] * (pos_weight[i] * target[i] * log(s) + (1 - target[i]) * log(1 - s))
            with s = sigmoid(input[i]); computed without s, as log(s) = min(x, 0) - log(1 + exp(-|x|))
            and log(1 - s) = log(s) - x

    Args:
        input: scores (logits), any shape. Floats keep their dtype; integers follow the floats they meet,
            and become float64 on their own.
        target: 0, 1 or anything between, in the same shape.
        weight: how much each counts, in a shape that broadcasts to that of the input; or None.
        reduction: 'mean' (over the number of losses, whatever the weights), 'sum' or 'none'.
        pos_weight: how much a target of 1 counts against one of 0, in a shape that broadcasts to that of the
            input; or None.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the input.

    Raises:
        ValueError: shapes that do not fit, or a word that is no reduction.
    """
    a = _logit_arguments(input, target, weight, reduction, pos_weight)
    x, t = a.input, a.target
    log_s = np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
    counts = a.weights["pos_weight"] * t + (1 - t)
    return a.forward(a.weights["weight"] * ((1 - t) * x - counts * log_s))


@without_warnings
def binary_cross_entropy_with_logits_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reduction: str = "mean",
    pos_weight: ArrayLike | None = None,
) -> Array:
    """The gradient of `binary_cross_entropy_with_logits` with respect to its input: sigmoid(input) - target, weighted.

        dloss[i] / dinput[i] = weight[i] * ((1 - target[i]) * s - pos_weight[i] * target[i] * (1 - s))
            with s = sigmoid(input[i])

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, weight, reduction, pos_weight: as they were given to `binary_cross_entropy_with_logits`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `binary_cross_entropy_with_logits`, or grad_output has another shape than the loss.
    """
    a = _logit_arguments(input, target, weight, reduction, pos_weight)
    s, t = sigmoid_of(a.input), a.target
    return a.backward(grad_output, a.weights["weight"] * ((1 - t) * s - a.weights["pos_weight"] * t * (1 - s)))


def _probability_arguments(input: ArrayLike, target: ArrayLike, weight: ArrayLike | None, reduction: str) -> PointLoss:
    a = point_arguments(input, target, reduction, {"weight": weight})
    check_probabilities("input", a.input, "give scores to binary_cross_entropy_with_logits, or apply sigmoid first")
    check_probabilities("target", a.target, "use 0 for no and 1 for yes")
    return a


def _logit_arguments(
    input: ArrayLike, target: ArrayLike, weight: ArrayLike | None, reduction: str, pos_weight: ArrayLike | None
) -> PointLoss:
    return point_arguments(input, target, reduction, {"weight": weight, "pos_weight": pos_weight})
