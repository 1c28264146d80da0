"""Softmax and its logarithm: scores become probabilities.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; subtracting the maximum: section 4.1.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, ArrayLike, as_array, as_grad, computed
from cnnlab.ops._numbers import axis_of, without_warnings


@without_warnings
def softmax(input: ArrayLike, dim: SupportsIndex) -> Array:
    """Scores (logits) along an axis as probabilities: positive, and with a sum of 1.

        output[c] = exp(input[c]) / sum over k of exp(input[k])

    The largest score is subtracted from all first. That changes nothing in the quotient, and exp never overflows.

    Args:
        input: any shape. Floats keep their dtype, integers become float64.
        dim: the axis of the classes: 1 for (N, C, ...), -1 for the last one.

    Returns:
        The shape and dtype of the input. NaN along the axis where a score is NaN or +inf, or all are -inf.

    Raises:
        ValueError: input does not hold real numbers, or has no axis dim.
    """
    x, axis = _softmax_arguments(input, dim)
    return softmax_of(computed(x), axis).astype(x.dtype, copy=False)


@without_warnings
def softmax_backward(grad_output: ArrayLike, input: ArrayLike, dim: SupportsIndex) -> Array:
    """The gradient of `softmax`: a score gains by what its own output gains beyond the average.

        grad_input[c] = s[c] * (grad_output[c] - sum over k of grad_output[k] * s[k]) with s = softmax(input)

    Args:
        grad_output: the shape of the output.
        input, dim: as they were given to `softmax`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `softmax`, or grad_output has another shape than the output.
    """
    x, axis = _softmax_arguments(input, dim)
    grad, s = computed(as_grad(grad_output, x.shape, x.dtype)), softmax_of(computed(x), axis)
    average: Array = (grad * s).sum(axis, keepdims=True)
    return np.asarray(s * (grad - average)).astype(x.dtype, copy=False)


@without_warnings
def log_softmax(input: ArrayLike, dim: SupportsIndex) -> Array:
    """The logarithm of `softmax`, right also where a probability is too small for a floating-point number.

        output[c] = input[c] - log(sum over k of exp(input[k]))

    Args:
        input, dim: as in `softmax`.

    Returns:
        The shape and dtype of the input: numbers up to 0.

    Raises:
        ValueError: as in `softmax`.
    """
    x, axis = _softmax_arguments(input, dim)
    return log_softmax_of(computed(x), axis).astype(x.dtype, copy=False)


@without_warnings
def log_softmax_backward(grad_output: ArrayLike, input: ArrayLike, dim: SupportsIndex) -> Array:
    """The gradient of `log_softmax`.

        grad_input[c] = grad_output[c] - s[c] * (sum over k of grad_output[k]) with s = softmax(input)

    Args:
        grad_output: the shape of the output.
        input, dim: as they were given to `log_softmax`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `softmax`, or grad_output has another shape than the output.
    """
    x, axis = _softmax_arguments(input, dim)
    grad, s = computed(as_grad(grad_output, x.shape, x.dtype)), softmax_of(computed(x), axis)
    total: Array = grad.sum(axis, keepdims=True)
    return np.asarray(grad - s * total).astype(x.dtype, copy=False)


# ---- for arguments that are checked already ------------------------------------------------------


def softmax_of(x: Array, axis: int) -> Array:
    e = _shifted(x, axis)
    np.exp(e, out=e)
    e /= e.sum(axis, keepdims=True)
    return e


def log_softmax_of(x: Array, axis: int) -> Array:
    out = _shifted(x, axis)
    out -= np.log(np.exp(out).sum(axis, keepdims=True))
    return out


def log_softmax_at(x: Array, classes: npt.NDArray[np.intp], axis: int) -> Array:
    """`log_softmax_of` at one class a place, for `classes` of the shape of x but 1 along the axis."""
    e = _shifted(x, axis)
    score: Array = np.take_along_axis(e, classes, axis)
    np.exp(e, out=e)  # in place: half the memory, and no logarithm is kept that is not asked for
    score -= np.log(e.sum(axis, keepdims=True))
    return score


def _shifted(x: Array, axis: int) -> Array:
    """The scores less the largest one; a new array."""
    largest = x.max(axis, keepdims=True, initial=-np.inf)  # initial: along an axis without any numbers
    return np.asarray(x - largest)


def _softmax_arguments(input: ArrayLike, dim: SupportsIndex) -> tuple[Array, int]:
    x = as_array("input", input)
    return x, axis_of("dim", dim, x.ndim)
