"""Notebook 12: how large weights start, and what a chain of sigmoids leaves of a gradient."""

from collections.abc import Iterator
from math import prod, sqrt

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Shape = tuple[int, ...]


# ---- He's start ------------------------------------------------------------------------------------------------------


def he_std(shape: Shape) -> float:
    fan_in = np.prod(shape[1:])  # the products in one sum: channels x kernel cells, or the inputs of a dense layer
    return float(np.sqrt(2 / fan_in))


def _both_fans(shape: Shape) -> int:
    return (shape[0] + shape[1]) * prod(shape[2:])


def _shapes(rng: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(16, 3, 3, 3), (8, 32, 5, 5), (6, 4, 1, 3), (10, 64), (128, 8), (2, 1, 7, 7), (3, 5, 3)]:
        yield (shape,)


HE_STD = Exercise(
    name="he std",
    notebook="12",
    statement=(
        "Write he_std(shape): the standard deviation of He's start for weights in front of ReLU. shape is a tuple: "
        "(filters, channels, height, width) of a convolution, or (outputs, inputs) of a dense layer."
    ),
    solution=he_std,
    cases=_shapes,
    mistakes=(
        Mistake(
            "fan out",
            lambda shape: sqrt(2 / (shape[0] * prod(shape[2:]))),
            "That counts the outputs, fan_out. He's start keeps the signals that go forward: it counts what is added "
            "up in one output, shape[1] times the cells of the kernel.",
        ),
        Mistake(
            "cells of the kernel forgotten",
            lambda shape: sqrt(2 / shape[1]),
            "Right for a dense layer. In a convolution one output adds up a product for each cell of the kernel in "
            "each channel: fan_in is channels · height · width.",
        ),
        Mistake(
            "channels forgotten",
            lambda shape: sqrt(2 / (prod(shape[2:]) if len(shape) > 2 else shape[1])),
            "The channels are missing: one output adds up the kernel in every channel, channels · height · width.",
        ),
        Mistake(
            "all weights",
            lambda shape: sqrt(2 / prod(shape)),
            "That divides by all weights of the layer. Count the weights of one output alone: shape[1:], without the "
            "first axis.",
        ),
        Mistake(
            "outputs alone",
            lambda shape: sqrt(2 / shape[0]),
            "shape[0] is the number of outputs. What counts is how many products one output adds up: prod(shape[1:]).",
        ),
        Mistake(
            "variance",
            lambda shape: 2 / prod(shape[1:]),
            "That is the variance, 2 / fan_in. The standard deviation is its square root.",
        ),
        Mistake(
            "xavier",
            lambda shape: sqrt(2 / _both_fans(shape)),
            "That is Xavier's start, which takes the mean of fan_in and fan_out. He's divides by fan_in alone.",
        ),
        Mistake(
            "xavier of a dense layer",
            lambda shape: sqrt(2 / (shape[0] + shape[1])),
            "That is Xavier's start, and without the cells of the kernel. He's divides by all that one output adds "
            "up, prod(shape[1:]).",
        ),
        Mistake(
            "variance, gain forgotten",
            lambda shape: 1 / prod(shape[1:]),
            "That is a variance, and for layers without ReLU. He's variance is 2 / fan_in, and the standard deviation "
            "is its square root.",
        ),
        Mistake(
            "default of PyTorch",
            lambda shape: sqrt(1 / (3 * prod(shape[1:]))),
            "That is the default of PyTorch, which has no regard for ReLU. He's start has the variance 2 / fan_in.",
        ),
        Mistake(
            "last axis left out",
            lambda shape: sqrt(2 / prod(shape[:-1])),
            "You left out the last axis. The one that has no part in it is the first: prod(shape[1:]).",
        ),
        Mistake(
            "kernel alone",
            lambda shape: sqrt(2 / prod(shape[2:])),
            "shape[2:] leaves the channels out, and of a dense layer nothing is left. One output adds up "
            "prod(shape[1:]) products.",
        ),
        Mistake(
            "last axis alone",
            lambda shape: sqrt(2 / shape[-1]),
            "Right for a dense layer. In a convolution one output adds up channels · height · width products, "
            "prod(shape[1:]).",
        ),
        Mistake(
            "sum of the axes",
            lambda shape: sqrt(2 / sum(shape[1:])),
            "The axes are multiplied, not added: a kernel of 3 × 3 has 9 cells in each channel.",
        ),
        Mistake(
            "multiplied",
            lambda shape: sqrt(2 * prod(shape[1:])),
            "2 is divided by fan_in: the more products are added up, the smaller each weight has to be.",
        ),
        Mistake(
            "gain forgotten",
            lambda shape: 1 / sqrt(prod(shape[1:])),
            "The 2 is missing: ReLU throws half of the mean square away, and He's start makes up for it.",
        ),
        Mistake(
            "gain not under the root",
            lambda shape: 2 / sqrt(prod(shape[1:])),
            "The 2 belongs under the root: the variance is 2 / fan_in.",
        ),
        Mistake(
            "upside down",
            lambda shape: sqrt(prod(shape[1:]) / 2),
            "That is upside down: the more products are added up, the smaller each weight has to be.",
        ),
        Mistake(
            "root of fan in alone",
            lambda shape: sqrt(2) / prod(shape[1:]),
            "fan_in has to be under the root, too: √(2 / fan_in).",
        ),
        Mistake(
            "bound",
            lambda shape: sqrt(6 / prod(shape[1:])),
            "That is the bound of the uniform start, √3 times the standard deviation.",
        ),
    ),
    hints=(
        "How many products are added up in one output? That is fan_in, and the first axis has no part in it.",
        "The mean square of a sum of n products is n·Var[w] times that of the inputs; ReLU halves it. What must "
        "Var[w] be, so that nothing changes?",
        "np.sqrt(2 / np.prod(shape[1:]))",
    ),
)


# ---- what is left of a gradient --------------------------------------------------------------------------------------


def gradient_left(z: Array, w: Array) -> float:
    s = 1 / (1 + np.exp(-z))  # the output of each sigmoid
    return float(np.prod(w * s * (1 - s)))


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _slope(z: Array) -> Array:
    return _sigmoid(z) * (1 - _sigmoid(z))


def _chains(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([0.0]), np.array([1.0])
    yield np.array([0.0, 0.5]), np.array([1.0, -3.0])
    yield np.array([1.0, -1.0, 2.0]), np.array([1.0, 2.0, 0.5])
    for layers in (4, 5, 2):
        yield rng.normal(size=layers), rng.normal(size=layers) * 3


GRADIENT_LEFT = Exercise(
    name="gradient left",
    notebook="12",
    statement=(
        "A chain of layers with one unit each: z = w·a, then a = sigmoid(z), and so on to the next layer. Write "
        "gradient_left(z, w): z and w are arrays with one number a layer. Return the derivative of the last output "
        "with regard to the first input."
    ),
    solution=gradient_left,
    cases=_chains,
    mistakes=(
        Mistake(
            "sigmoid itself",
            lambda z, w: np.prod(w * _sigmoid(z)),
            "You multiplied the outputs of the sigmoids. A gradient is multiplied by their slopes, s·(1 − s).",
        ),
        Mistake(
            "sum",
            lambda z, w: np.sum(w * _slope(z)),
            "You added the layers up. They come one after the other: their factors are multiplied.",
        ),
        Mistake(
            "mean",
            lambda z, w: np.mean(w * _slope(z)),
            "That is the mean factor of a layer. A gradient goes through all of them: multiply them.",
        ),
        Mistake(
            "weights forgotten",
            lambda z, w: np.prod(_slope(z)),
            "The weights are missing: on its way back through z = w·a the gradient is multiplied by w.",
        ),
        Mistake(
            "slopes forgotten",
            lambda z, w: np.prod(w),
            "The slopes of the sigmoids are missing: each layer multiplies by w and by s·(1 − s).",
        ),
        Mistake(
            "always a quarter",
            lambda z, w: np.prod(w * 0.25),
            "1/4 is the slope at z = 0, the largest that there is. Elsewhere it is s·(1 − s).",
        ),
        Mistake(
            "always a quarter, weights forgotten",
            lambda z, w: 0.25 ** len(z),
            "1/4 is the slope at z = 0, the largest that there is; elsewhere it is s·(1 − s). And each layer "
            "multiplies by its weight, too.",
        ),
        Mistake(
            "square of the sigmoid",
            lambda z, w: np.prod(w * _sigmoid(z) ** 2),
            "You multiplied by s². The slope of the sigmoid is s·(1 − s).",
        ),
        Mistake(
            "half of the slope",
            lambda z, w: np.prod(w * (1 - _sigmoid(z))),
            "1 − s is only half of the slope: it is s·(1 − s).",
        ),
        Mistake(
            "slope of relu",
            lambda z, w: np.prod(w * (z > 0)),
            "That is the slope of ReLU. The layers here have sigmoids, with the slope s·(1 − s).",
        ),
        Mistake(
            "last layer alone",
            lambda z, w: w[-1] * _slope(z)[-1],
            "That is the factor of the last layer alone. On its way to the first input the gradient goes through all.",
        ),
        Mistake(
            "first weight forgotten",
            lambda z, w: np.prod(w[1:]) * np.prod(_slope(z)),
            "The weight of the first layer is missing. The derivative goes down to the first input, which stands "
            "in front of that weight.",
        ),
        Mistake(
            "last weight forgotten",
            lambda z, w: np.prod(w[:-1]) * np.prod(_slope(z)),
            "The weight of the last layer is missing: each layer multiplies by its w and by its slope.",
        ),
        Mistake(
            "weights and slopes added",
            lambda z, w: np.prod(w + _slope(z)),
            "Within a layer, too, the factors are multiplied: w · s·(1 − s), not w + s·(1 − s).",
        ),
        Mistake(
            "sign turned",
            lambda z, w: -np.prod(w * _slope(z)),
            "The sign is wrong: the slope is s·(1 − s), which is never below zero.",
        ),
        Mistake(
            "input for output",
            lambda z, w: np.prod(w * z * (1 - z)),
            "That is z·(1 − z). The slope is s·(1 − s), where s = sigmoid(z) is the output.",
        ),
        Mistake(
            "layer by layer",
            lambda z, w: w * _slope(z),
            "These are the factors of the layers, and they are right. Multiply them all: np.prod.",
        ),
        Mistake(
            "so far",
            lambda z, w: np.cumprod(w * _slope(z)),
            "These are the products so far, layer by layer. The last one, over all layers, is asked for.",
        ),
        Mistake(
            "size alone",
            lambda z, w: np.prod(np.abs(w) * _slope(z)),
            "The sign is lost: a negative weight turns the gradient around.",
        ),
        Mistake(
            "sigmoid once more",
            lambda z, w: np.prod(w * _slope(_sigmoid(z))),
            "The sigmoid is taken twice: s = sigmoid(z), and then s·(1 − s).",
        ),
        Mistake(
            "multiplied by w in z",
            lambda z, w: np.prod(w * _slope(w * z)),
            "z is what goes into the sigmoid: it has been multiplied by w already.",
        ),
        Mistake(
            "slope of tanh",
            lambda z, w: np.prod(w * (1 - np.tanh(z) ** 2)),
            "That is the slope of tanh. The sigmoid's is s·(1 − s), with s = 1 / (1 + exp(−z)).",
        ),
    ),
    hints=(
        "Each layer multiplies the gradient by two numbers. Which ones?",
        "With s = 1 / (1 + np.exp(-z)) the slopes are s * (1 - s), one for each layer.",
        "np.prod(w * s * (1 - s))",
    ),
)


ALL = (HE_STD, GRADIENT_LEFT)
