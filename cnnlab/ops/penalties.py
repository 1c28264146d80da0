"""Penalties on weights: what regularization adds to the loss.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 7.1.1 (L2) and 7.1.2 (L1).
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import Any

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_array, as_grad, computed
from cnnlab.ops._numbers import real, without_warnings


@without_warnings
def l1_penalty(weight: ArrayLike, lam: float) -> np.floating[Any]:
    """The L1 penalty: small weights cost as much as large ones for each step towards zero, and many end there.

        output = lam * (sum over i of |weight[i]|)

    Args:
        weight: any shape. Floats keep their dtype, integers become float64.
        lam: how strongly it counts, lambda in the formulas; 0 or more.

    Returns:
        A number in the dtype of the weight.

    Raises:
        ValueError: weight does not hold real numbers, or lam is negative.
    """
    w, strength = as_array("weight", weight), real("lam", lam, minimum=0)
    return (strength * np.abs(computed(w)).sum()).astype(w.dtype)  # type: ignore[no-any-return]


@without_warnings
def l1_penalty_backward(grad_output: ArrayLike, weight: ArrayLike, lam: float) -> Array:
    """The gradient of `l1_penalty`: the same pull towards zero for every weight, and none at zero.

        grad_weight[i] = grad_output * lam * sign(weight[i])

    Args:
        grad_output: a number.
        weight, lam: as they were given to `l1_penalty`.

    Returns:
        grad_weight, the shape of the weight.

    Raises:
        ValueError: as in `l1_penalty`, or grad_output is not a single number.
    """
    w, strength = as_array("weight", weight), real("lam", lam, minimum=0)
    grad = computed(as_grad(grad_output, (), w.dtype))
    return np.asarray(grad * strength * np.sign(computed(w))).astype(w.dtype, copy=False)


@without_warnings
def l2_penalty(weight: ArrayLike, lam: float) -> np.floating[Any]:
    """The L2 penalty: large weights cost most.

        output = lam * (sum over i of weight[i]**2)

    Without the half that some books write, so that an optimizer's weight_decay (which adds weight_decay * weight to
    the gradient) is the same as lam = weight_decay / 2.

    Args:
        weight: any shape. Floats keep their dtype, integers become float64.
        lam: how strongly it counts, lambda in the formulas; 0 or more.

    Returns:
        A number in the dtype of the weight.

    Raises:
        ValueError: weight does not hold real numbers, or lam is negative.
    """
    w, strength = as_array("weight", weight), real("lam", lam, minimum=0)
    return (strength * (computed(w) ** 2).sum()).astype(w.dtype)  # type: ignore[no-any-return]


@without_warnings
def l2_penalty_backward(grad_output: ArrayLike, weight: ArrayLike, lam: float) -> Array:
    """The gradient of `l2_penalty`: a pull towards zero in proportion to the weight.

        grad_weight[i] = grad_output * lam * 2 * weight[i]

    Args:
        grad_output: a number.
        weight, lam: as they were given to `l2_penalty`.

    Returns:
        grad_weight, the shape of the weight.

    Raises:
        ValueError: as in `l2_penalty`, or grad_output is not a single number.
    """
    w, strength = as_array("weight", weight), real("lam", lam, minimum=0)
    grad = computed(as_grad(grad_output, (), w.dtype))
    return np.asarray(grad * strength * 2 * computed(w)).astype(w.dtype, copy=False)
