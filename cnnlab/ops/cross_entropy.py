"""The losses over classes: cross_entropy on scores, and nll_loss on log-probabilities.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 3.13 and 6.2.2.3; label smoothing: Szegedy and
others, Rethinking the Inception architecture for computer vision (2016), arXiv:1512.00567, section 7.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike
from cnnlab.ops._class_arguments import ClassLoss, class_arguments
from cnnlab.ops._loss_arguments import Loss
from cnnlab.ops._numbers import real, without_warnings
from cnnlab.ops.softmax import log_softmax_at, log_softmax_of, softmax_of


@without_warnings
def nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: SupportsIndex = -100,
    reduction: str = "mean",
) -> Loss:
    """Negative log-likelihood: what the right class got, with the sign turned. For the output of `log_softmax`.

        loss[n] = -weight[target[n]] * input[n, target[n]]

    Args:
        input: log-probabilities, (N, C, ...) or (C,), C classes. Floats keep their dtype;
            integers follow the floats they meet, and become float64 on their own.
        target: the right class, 0 to C - 1, as whole numbers: (N, ...), or a single one for (C,). Any integer dtype
            will do, where PyTorch takes int64 and uint8 only.
        weight: (C,), how much each class counts, or None.
        ignore_index: targets of this value count nothing.
        reduction: 'mean': the sum of the losses over the sum of the weights of their targets; 'sum'; or 'none'.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the target. A mean over nothing is NaN.

    Raises:
        ValueError: a class out of range, a target that does not hold whole numbers, shapes that do not fit, or a
            word that is no reduction.
    """
    a = class_arguments(input, target, weight, ignore_index, reduction)
    return a.forward(-a.target_weights * np.take_along_axis(a.input, a.classes, axis=1))


@without_warnings
def nll_loss_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: SupportsIndex = -100,
    reduction: str = "mean",
) -> Array:
    """The gradient of `nll_loss` with respect to its input: only the right class has one.

        dloss[n] / dinput[n, c] = -weight[c] where c is target[n], else 0

    A mean over weights that sum to 0 gives NaN to the right classes, and still 0 to the others.

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, weight, ignore_index, reduction: as they were given to `nll_loss`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `nll_loss`, or grad_output has another shape than the loss.
    """
    a = class_arguments(input, target, weight, ignore_index, reduction)
    return a.backward_at_classes(grad_output, -a.target_weights)


@without_warnings
def cross_entropy(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: SupportsIndex = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Loss:
    """Cross-entropy of scores: softmax and the loss in one, exact for any score. Do not apply softmax before.

        loss[n] = -(sum over c of weight[c] * q[n, c] * log(softmax(input[n])[c]))
            with q = (1 - label_smoothing) * target + label_smoothing / C

    A target that is a class stands for the probability 1 of this class; without smoothing, what remains of the sum is
    -weight[class] * log(softmax(input[n])[class]).

    Args:
        input: scores (logits), (N, C, ...) or (C,), C classes. Floats keep their dtype;
            integers follow the floats they meet, and become float64 on their own.
        target: the right class, 0 to C - 1, as whole numbers: (N, ...), or a single one for (C,). Or the probability
            of each class, as floats in the shape of the input. Classes may have any integer dtype, as in `nll_loss`.
        weight: (C,), how much each class counts, or None.
        ignore_index: classes of this value count nothing.
        reduction: 'mean': the sum of the losses over the sum of the weights of their classes, with probabilities over
            the number of losses; 'sum'; or 'none'.
        label_smoothing: how much of each target is spread evenly over all classes, 0 to 1.

    Returns:
        A number, or with reduction 'none' the losses: (N, ...), or a number for (C,). A mean over nothing is NaN.

    Raises:
        ValueError: a class out of range, whole numbers where probabilities belong or the other way round, shapes that
            do not fit, label_smoothing outside 0 to 1, or a word that is no reduction.
    """
    a = class_arguments(input, target, weight, ignore_index, reduction, or_probabilities=True)
    smoothing = real("label_smoothing", label_smoothing, 0, 1)
    if a.probabilities is None and not smoothing:  # the other classes have no part, not even one of 0 * -inf
        return a.forward(-a.target_weights * log_softmax_at(a.input, a.classes, axis=1))
    return a.forward(-(_shares(a, smoothing) * log_softmax_of(a.input, axis=1)).sum(axis=1, keepdims=True))


@without_warnings
def cross_entropy_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: SupportsIndex = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Array:
    """The gradient of `cross_entropy` with respect to its input: softmax(input) - target, weighted.

        dloss[n] / dinput[n, c] = softmax(input[n])[c] * (sum over k of weight[k] * q[n, k]) - weight[c] * q[n, c]
            with q = (1 - label_smoothing) * target + label_smoothing / C

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, weight, ignore_index, reduction, label_smoothing: as they were given to `cross_entropy`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `cross_entropy`, or grad_output has another shape than the loss.
    """
    a = class_arguments(input, target, weight, ignore_index, reduction, or_probabilities=True)
    shares = _shares(a, real("label_smoothing", label_smoothing, 0, 1))
    slopes = softmax_of(a.input, axis=1)
    slopes *= shares.sum(axis=1, keepdims=True)
    slopes -= shares
    return a.backward(grad_output, slopes)


def _shares(a: ClassLoss, smoothing: float) -> Array:
    """N, C, *positions: weight[c] * q[n, c], how much each log-probability counts; a new array."""
    if a.probabilities is not None:
        q = a.probabilities * (1 - smoothing)
    else:
        q = np.zeros_like(a.input)
        np.put_along_axis(q, a.classes, 1 - smoothing, axis=1)
    if smoothing:
        q += smoothing / a.input.shape[1]
    if a.weight is not None:
        q *= a.weight
    return q
