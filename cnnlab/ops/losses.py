"""Losses that compare number by number: mse_loss, l1_loss and hinge_loss.

Sources: squared and absolute error: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 5.5.1 and 6.2.2;
hinge: Cortes and Vapnik, Support-vector networks (1995), section 3.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike
from cnnlab.ops._loss_arguments import Count, Loss, PointLoss, point_arguments
from cnnlab.ops._numbers import first_place, without_warnings


@without_warnings
def mse_loss(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean", weight: ArrayLike | None = None) -> Loss:
    """Mean squared error.

        loss[i] = weight[i] * (input[i] - target[i])**2

    Args:
        input: predictions, any shape. Floats keep their dtype; integers follow the floats they meet,
            and become float64 on their own.
        target: what they should be, in the same shape.
        reduction: 'mean': the sum of the losses over their number (with weights: over the sum of the weights);
            'sum'; or 'none'.
        weight: how much each number counts, the shape of the input; or None.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the input.

    Raises:
        ValueError: shapes that differ. PyTorch only warns and broadcasts: a column against a row is then averaged
            over all pairs, which trains towards nothing. Or a word that is no reduction.
    """
    a, weight, count = _error_arguments(input, target, reduction, weight)
    return a.forward(weight * (a.input - a.target) ** 2, count)


@without_warnings
def mse_loss_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    *,
    reduction: str = "mean",
    weight: ArrayLike | None = None,
) -> Array:
    """The gradient of `mse_loss` with respect to its input: the further off, the larger.

        dloss[i] / dinput[i] = weight[i] * 2 * (input[i] - target[i])

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, reduction, weight: as they were given to `mse_loss`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `mse_loss`, or grad_output has another shape than the loss.
    """
    a, weight, count = _error_arguments(input, target, reduction, weight)
    return a.backward(grad_output, weight * 2 * (a.input - a.target), count)


@without_warnings
def l1_loss(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean", weight: ArrayLike | None = None) -> Loss:
    """Mean absolute error (MAE): an outlier counts once, not squared.

        loss[i] = weight[i] * |input[i] - target[i]|

    Args:
        input, target, reduction, weight: as in `mse_loss`.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the input.

    Raises:
        ValueError: as in `mse_loss`.
    """
    a, weight, count = _error_arguments(input, target, reduction, weight)
    return a.forward(weight * np.abs(a.input - a.target), count)


@without_warnings
def l1_loss_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    target: ArrayLike,
    *,
    reduction: str = "mean",
    weight: ArrayLike | None = None,
) -> Array:
    """The gradient of `l1_loss` with respect to its input: only the side counts; it is 0 where the two are equal.

        dloss[i] / dinput[i] = weight[i] * sign(input[i] - target[i])

    Where the difference is NaN so is the gradient, which shows the mistake; PyTorch sends 0.

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, reduction, weight: as they were given to `l1_loss`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `l1_loss`, or grad_output has another shape than the loss.
    """
    a, weight, count = _error_arguments(input, target, reduction, weight)
    return a.backward(grad_output, weight * np.sign(a.input - a.target), count)


@without_warnings
def hinge_loss(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Hinge loss of a classifier with two classes, named -1 and 1: right is not enough, right by a margin of 1 is.

        loss[i] = max(0, 1 - target[i] * input[i])

    Not in PyTorch (its hinge_embedding_loss is another one).

    Args:
        input: scores, any shape; the sign is the decision. Floats keep their dtype;
            integers follow the floats they meet, and become float64 on their own.
        target: -1 or 1 for each, in the same shape.
        reduction: 'mean', 'sum' or 'none'.

    Returns:
        A number, or with reduction 'none' the losses, the shape of the input.

    Raises:
        ValueError: a target that is neither -1 nor 1, shapes that differ, or a word that is no reduction.
    """
    a = _margin_arguments(input, target, reduction)
    return a.forward(np.maximum(0, 1 - a.target * a.input))


@without_warnings
def hinge_loss_backward(
    grad_output: ArrayLike, input: ArrayLike, target: ArrayLike, *, reduction: str = "mean"
) -> Array:
    """The gradient of `hinge_loss` with respect to its input; 0 beyond the margin and, as in relu, on it.

        dloss[i] / dinput[i] = -target[i] where target[i] * input[i] < 1, else 0

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, reduction: as they were given to `hinge_loss`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `hinge_loss`, or grad_output has another shape than the loss.
    """
    a = _margin_arguments(input, target, reduction)
    return a.backward(grad_output, np.where(a.target * a.input < 1, -a.target, 0))


def _error_arguments(
    input: ArrayLike, target: ArrayLike, reduction: str, weight: ArrayLike | None
) -> tuple[PointLoss, Array, Count]:
    """The checked arguments, the weights, and what a mean divides by."""
    a = point_arguments(input, target, reduction, {"weight": weight})
    checked = a.weights["weight"]
    if weight is None:
        return a, checked, a.input.size
    if checked.shape != a.input.shape:
        raise ValueError(f"weight must have the shape of input, {a.input.shape}, but has {checked.shape}")
    return a, checked, checked.sum()


def _margin_arguments(input: ArrayLike, target: ArrayLike, reduction: str) -> PointLoss:
    a = point_arguments(input, target, reduction)
    wrong = np.abs(a.target) != 1
    place = first_place("target", wrong)
    if place:
        raise ValueError(
            f"target must hold only -1 and 1, but {place} is {a.target[wrong][0]:g}: "
            "2 * target - 1 turns 0 and 1 into -1 and 1"
        )
    return a
