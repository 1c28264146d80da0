"""Notebook 12: how large weights start."""

from collections.abc import Iterator
from math import prod, sqrt

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Shape = tuple[int, ...]


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


ALL = (HE_STD,)
