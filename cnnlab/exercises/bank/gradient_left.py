"""Notebook 12: what a chain of sigmoids leaves of a gradient."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


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


ALL = (GRADIENT_LEFT,)
