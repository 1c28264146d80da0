"""Notebook 09: the way back through sigmoid and cross-entropy in one."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def sigmoid_cross_entropy_gradient(z: Array, y: Array) -> Array:
    p = 1 / (1 + np.exp(-z))
    return (p - y) / len(z)


def _p(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def _scores(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([0.0]), np.array([1.0])
    for N in (2, 3, 4, 6):
        yield rng.normal(0, 2, N), rng.integers(0, 2, N).astype(float)
    yield np.array([-9.0, 9.0, 0.5]), np.array([1.0, 0.0, 1.0])
    yield rng.normal(size=5), rng.random(5)


SIGMOID_CROSS_ENTROPY = Exercise(
    name="sigmoid cross entropy",
    notebook="09",
    statement=(
        "Write sigmoid_cross_entropy_gradient(z, y): the loss is the mean binary cross-entropy of p = sigmoid(z) and "
        "the targets y, both (N,). Return its gradient with regard to z, (N,)."
    ),
    solution=sigmoid_cross_entropy_gradient,
    cases=_scores,
    mistakes=(
        Mistake(
            "times the slope of sigmoid",
            lambda z, y: (_p(z) - y) * _p(z) * (1 - _p(z)) / len(z),
            "There is a p(1 − p) too much: it belongs to the half squared error. With cross-entropy it cancels.",
        ),
        Mistake(
            "gradient at p",
            lambda z, y: (_p(z) - y) / (_p(z) * (1 - _p(z))) / len(z),
            "That is the gradient with regard to p. Go one step further back: times sigmoid's slope, p(1 − p).",
        ),
        Mistake(
            "gradient at p, not divided",
            lambda z, y: (_p(z) - y) / (_p(z) * (1 - _p(z))),
            "That is the gradient at p. Two factors are missing: sigmoid's slope, p(1 − p), and 1/N.",
        ),
        Mistake(
            "sign",
            lambda z, y: (y - _p(z)) / len(z),
            "The sign is turned around. Where p is too large, the loss falls when z falls: the gradient is above 0.",
        ),
        Mistake(
            "not divided",
            lambda z, y: _p(z) - y,
            "The loss is a mean: each sample counts one N-th, and so does its gradient.",
        ),
        Mistake(
            "times the slope of sigmoid, not divided",
            lambda z, y: (_p(z) - y) * _p(z) * (1 - _p(z)),
            "That is the half squared error, without its mean. With cross-entropy p(1 − p) cancels; then divide by N.",
        ),
        Mistake(
            "sign, not divided",
            lambda z, y: y - _p(z),
            "The sign is turned around, and 1/N is missing: the loss is a mean, and it falls when a p too large falls.",
        ),
        Mistake(
            "squared",
            lambda z, y: (_p(z) - y) ** 2 / len(z),
            "You squared the difference. That is a loss; the gradient of cross-entropy is the difference itself.",
        ),
        Mistake(
            "divided twice",
            lambda z, y: (_p(z) - y) / len(z) ** 2,
            "The mean is taken twice: the gradient is divided by N once.",
        ),
        Mistake(
            "sigmoid forgotten",
            lambda z, y: (z - y) / len(z),
            "You compared z with y. What is compared is the probability p = sigmoid(z).",
        ),
        Mistake(
            "softmax",
            lambda z, y: (np.exp(z) / np.exp(z).sum() - y) / len(z),
            "That is softmax, which shares 1 out among all z. Here each z has a probability of its own: sigmoid.",
        ),
        Mistake(
            "sigmoid with the wrong sign",
            lambda z, y: (_p(-z) - y) / len(z),
            "Your sigmoid falls: it is 1 / (1 + exp(−z)), with a minus in the exponent.",
        ),
        Mistake(
            "only for y = 1",
            lambda z, y: -y * (1 - _p(z)) / len(z),
            "Only the part −y·log(p) of the loss is there; (1 − y)·log(1 − p) has a gradient, too.",
        ),
        Mistake(
            "one mean",
            lambda z, y: (_p(z) - y).mean(),
            "That is one number. Each z has a gradient of its own: divide by N, do not add up.",
        ),
        Mistake(
            "the loss",
            lambda z, y: -(y * np.log(_p(z)) + (1 - y) * np.log(1 - _p(z))).mean(),
            "That is the loss itself. Asked is how it changes with each z.",
        ),
    ),
    hints=(
        "Two factors: how the loss changes with p, and how p changes with z.",
        "The first is (p − y) / (p(1 − p)), the second p(1 − p). What is left of their product?",
        "(p - y) / len(z) with p = 1 / (1 + np.exp(-z))",
    ),
)


ALL = (SIGMOID_CROSS_ENTROPY,)
