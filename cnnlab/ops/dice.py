"""Dice loss of segmentation masks. Not in PyTorch.

Source: Milletari, Navab, Ahmadi, V-Net: fully convolutional neural networks for volumetric medical image segmentation
(2016), arXiv:1606.04797, section 3; here without the squares in its denominator, which change nothing for masks of 0
and 1.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from dataclasses import dataclass

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike
from cnnlab.ops._loss_arguments import Loss, Reduction, point_arguments
from cnnlab.ops._numbers import check_probabilities, real, without_warnings


@without_warnings
def dice_loss(input: ArrayLike, target: ArrayLike, *, smooth: float = 0.0, reduction: str = "mean") -> Loss:
    """Dice loss of segmentation masks: how little two masks overlap, 0 for equal ones and 1 for disjoint ones.

        loss = 1 - (2 * |A and B| + smooth) / (|A| + |B| + smooth)
            with |A and B| = sum of input * target, |A| = sum of input, |B| = sum of target

    The sums run over one mask, which is the last two axes (or the only one). Over examples and channels the mean is
    taken afterwards, so that a small object counts as much as a large one.

    Args:
        input: masks or probabilities, 0 to 1: (N, C, H, W), any other leading axes, (H, W), or a flat mask (L,).
        target: the true masks, in the same shape.
        smooth: added above and below the fraction line; above 0 it softens the loss of small masks.
        reduction: 'mean' (over the masks), 'sum' or 'none'.

    Returns:
        A number, or with reduction 'none' a loss for each mask, the shape of the input without its last two axes.
        Two empty masks agree: their loss is 0.

    Raises:
        ValueError: numbers outside 0 to 1, shapes that differ, a negative smooth, or a word that is no reduction.
    """
    a = _dice_arguments(input, target, smooth, reduction)
    losses: Array = np.where(a.denominator > 0, 1 - a.numerator / a.denominator, 0).squeeze(a.axes)
    return a.reduction.forward(losses, losses.size)


@without_warnings
def dice_loss_backward(
    grad_output: ArrayLike, input: ArrayLike, target: ArrayLike, *, smooth: float = 0.0, reduction: str = "mean"
) -> Array:
    """The gradient of `dice_loss` with respect to its input.

        dloss / dinput[i] = (numerator - 2 * target[i] * denominator) / denominator**2
            with numerator = 2 * |A and B| + smooth and denominator = |A| + |B| + smooth

    Two empty masks without `smooth` have a gradient of 0.

    Args:
        grad_output: a number, or with reduction 'none' an array of the shape of the losses.
        input, target, smooth, reduction: as they were given to `dice_loss`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `dice_loss`, or grad_output has another shape than the loss.
    """
    a = _dice_arguments(input, target, smooth, reduction)
    shape = a.denominator.squeeze(a.axes).shape
    grad = a.reduction.backward(grad_output, shape, a.denominator.size)
    grad = grad.reshape(a.denominator.shape) if grad.ndim else grad
    slopes = (a.numerator - 2 * a.target * a.denominator) / a.denominator**2
    slopes = np.where(a.denominator > 0, slopes, 0)
    return np.asarray(grad * slopes).astype(a.reduction.dtype, copy=False)


@dataclass(frozen=True)
class _Overlap:
    """The arguments of dice_loss, checked, and for each mask what its formula is made of."""

    input: Array
    target: Array
    reduction: Reduction
    axes: tuple[int, ...]  # those of one mask
    numerator: Array  # ..., 1, 1: 2 * (sum of input * target) + smooth
    denominator: Array  # ..., 1, 1: sum of input + sum of target + smooth


def _dice_arguments(input: ArrayLike, target: ArrayLike, smooth: float, reduction: str) -> _Overlap:
    a = point_arguments(input, target, reduction)
    check_probabilities("input", a.input, "apply sigmoid or softmax to scores first")
    check_probabilities("target", a.target, "a mask is 1 inside and 0 outside")
    if a.input.ndim == 0:
        raise ValueError("input must have the axes (..., H, W) or (L,), but is a single number")
    s = real("smooth", smooth, minimum=0)
    axes = tuple(range(-min(2, a.input.ndim), 0))
    both = (a.input * a.target).sum(axes, keepdims=True)
    either = a.input.sum(axes, keepdims=True) + a.target.sum(axes, keepdims=True)
    return _Overlap(a.input, a.target, a.reduction, axes, 2 * both + s, either + s)
