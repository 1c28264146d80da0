"""The nonlinearities between layers: relu, leaky_relu, sigmoid and tanh, each number on its own.

Sources: relu: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010); leaky_relu: Maas,
Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013), section 2; sigmoid and tanh:
Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.2.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_array, as_grad, computed
from cnnlab.ops._numbers import real, without_warnings


def relu(input: ArrayLike) -> Array:
    """Rectified linear unit: what is negative becomes zero.

        output = max(0, input)

    Args:
        input: any shape. Floats keep their dtype, integers become float64.

    Returns:
        The shape and dtype of the input; for a single number an array without axes.

    Raises:
        ValueError: input does not hold real numbers.
    """
    x = as_array("input", input)
    return np.asarray(np.maximum(x, 0))


@without_warnings
def relu_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """The gradient of `relu`: it passes where the input was positive, and stops elsewhere, at zero as well.

        grad_input = grad_output where input > 0, else 0

    Args:
        grad_output: the shape of the output.
        input: as it was given to `relu`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `relu`, or grad_output has another shape than the output.
    """
    x = as_array("input", input)
    return np.where(x <= 0, 0, as_grad(grad_output, x.shape, x.dtype))  # NaN passes the gradient on, as in PyTorch


@without_warnings
def leaky_relu(input: ArrayLike, negative_slope: float = 0.01) -> Array:
    """A relu that lets a little through: what is negative is multiplied by a small slope.

        output = input where input > 0, else negative_slope * input

    Args:
        input: any shape. Floats keep their dtype, integers become float64.
        negative_slope: the slope left of zero.

    Returns:
        The shape and dtype of the input; for a single number an array without axes.

    Raises:
        ValueError: input does not hold real numbers, or negative_slope is not a number.
    """
    x, slope = as_array("input", input), real("negative_slope", negative_slope)
    out = computed(x)
    return np.where(out > 0, out, slope * out).astype(x.dtype, copy=False)


@without_warnings
def leaky_relu_backward(grad_output: ArrayLike, input: ArrayLike, negative_slope: float = 0.01) -> Array:
    """The gradient of `leaky_relu`; at zero it is that of the left side, as in PyTorch.

        grad_input = grad_output where input > 0, else negative_slope * grad_output

    Args:
        grad_output: the shape of the output.
        input, negative_slope: as they were given to `leaky_relu`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `leaky_relu`, or grad_output has another shape than the output.
    """
    x, slope = as_array("input", input), real("negative_slope", negative_slope)
    grad = computed(as_grad(grad_output, x.shape, x.dtype))
    return np.where(x > 0, grad, slope * grad).astype(x.dtype, copy=False)


def sigmoid(input: ArrayLike) -> Array:
    """The logistic function: any number becomes one between 0 and 1.

        output = 1 / (1 + exp(-input)) = exp(input) / (1 + exp(input))

    The first form is used right of zero and the second one left of it, so that exp never overflows.

    Args:
        input: any shape. Floats keep their dtype, integers become float64.

    Returns:
        The shape and dtype of the input; for a single number an array without axes.

    Raises:
        ValueError: input does not hold real numbers.
    """
    x = as_array("input", input)
    return sigmoid_of(computed(x)).astype(x.dtype, copy=False)


@without_warnings
def sigmoid_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """The gradient of `sigmoid`: at most a quarter of what comes back, and next to nothing far from zero.

        grad_input = grad_output * s * (1 - s) with s = sigmoid(input)

    Args:
        grad_output: the shape of the output.
        input: as it was given to `sigmoid`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `sigmoid`, or grad_output has another shape than the output.
    """
    x = as_array("input", input)
    grad, s = computed(as_grad(grad_output, x.shape, x.dtype)), sigmoid_of(computed(x))
    return np.asarray(grad * s * (1 - s)).astype(x.dtype, copy=False)


def tanh(input: ArrayLike) -> Array:
    """The hyperbolic tangent: any number becomes one between -1 and 1.

        output = (exp(input) - exp(-input)) / (exp(input) + exp(-input)) = 2 sigmoid(2 input) - 1

    Args:
        input: any shape. Floats keep their dtype, integers become float64.

    Returns:
        The shape and dtype of the input; for a single number an array without axes.

    Raises:
        ValueError: input does not hold real numbers.
    """
    x = as_array("input", input)
    return np.asarray(np.tanh(computed(x))).astype(x.dtype, copy=False)


@without_warnings
def tanh_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """The gradient of `tanh`: all that comes back at zero, and next to nothing far from it.

        grad_input = grad_output * (1 - t**2) with t = tanh(input)

    Args:
        grad_output: the shape of the output.
        input: as it was given to `tanh`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `tanh`, or grad_output has another shape than the output.
    """
    x = as_array("input", input)
    grad = computed(as_grad(grad_output, x.shape, x.dtype))
    t: Array = np.tanh(computed(x))
    return np.asarray(grad * (1 - t**2)).astype(x.dtype, copy=False)


def sigmoid_of(x: Array) -> Array:
    """`sigmoid` of an array that is checked already."""
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, e) / (1 + e))
