"""Notebook 10: a step of Adam."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.optimizers import UPHILL
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Triple = tuple[Array, Array, Array]


def adam_step(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    mean = 0.9 * mean + 0.1 * g
    square = 0.999 * square + 0.001 * g**2
    mean_hat = mean / (1 - 0.9**t)
    square_hat = square / (1 - 0.999**t)
    w = w - lr * mean_hat / (np.sqrt(square_hat) + 1e-8)
    return w, mean, square


def _adam(
    w: Array,
    mean: Array,
    square: Array,
    g: Array,
    t: float,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    correct: tuple[bool, bool] = (True, True),
    epsilon: float = 1e-8,
    inside: bool = False,
    root: float = 0.5,
    power: int = 2,
    sign: int = 1,
) -> Triple:
    """Adam with what can go wrong in it."""
    mean = betas[0] * mean + (1 - betas[0]) * g
    square = betas[1] * square + (1 - betas[1]) * g**power
    first = mean / (1 - betas[0] ** t) if correct[0] else mean
    second = square / (1 - betas[1] ** t) if correct[1] else square
    divisor = (second + epsilon) ** root if inside else np.abs(second) ** root + epsilon
    return w - sign * lr * first / divisor, mean, square


def _power_forgotten(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    _, mean, square = adam_step(w, mean, square, g, t, lr)
    return w - lr * (mean / (1 - 0.9)) / (np.sqrt(square / (1 - 0.999)) + 1e-8), mean, square


def _corrected_kept(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    w, mean, square = adam_step(w, mean, square, g, t, lr)
    return w, mean / (1 - 0.9**t), square / (1 - 0.999**t)


def _gradient_alone(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    _, mean, square = adam_step(w, mean, square, g, t, lr)
    return w - lr * g / (np.sqrt(square / (1 - 0.999**t)) + 1e-8), mean, square


def _old_averages(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    moved = w - lr * mean / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)
    return moved, *adam_step(w, mean, square, g, t, lr)[1:]


def _multiplied(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    _, mean, square = adam_step(w, mean, square, g, t, lr)
    return w - lr * mean * (1 - 0.9**t) / (np.sqrt(square * (1 - 0.999**t)) + 1e-8), mean, square


def _turned(w: Array, mean: Array, square: Array, g: Array, t: int, lr: float) -> Triple:
    mean, square = 0.1 * mean + 0.9 * g, 0.001 * square + 0.999 * g**2
    return w - lr * mean / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8), mean, square


def _averages(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([1.0, -2.0]), np.zeros(2), np.zeros(2), np.array([4.0, -0.5]), 1, 0.1
    yield np.array([0.5]), np.zeros(1), np.zeros(1), np.array([1e-4]), 1, 0.5  # where it matters where epsilon stands
    for size, t, lr in [(1, 2, 0.1), (2, 3, 0.01), (3, 10, 0.5), (5, 400, 0.2)]:
        w, mean, g = rng.normal(size=(3, size))
        yield w, mean, mean**2 + rng.random(size), g, t, lr


ADAM_STEP = Exercise(
    name="adam",
    notebook="10",
    statement=(
        "Write adam_step(w, mean, square, g, t, lr): step number t of Adam; the first one has t = 1. mean keeps 0.9 of "
        "the gradients, square keeps 0.999 of their squares, and epsilon is 1e-8. Return w, mean, square."
    ),
    solution=adam_step,
    cases=_averages,
    mistakes=(
        Mistake(
            "no bias correction",
            partial(_adam, correct=(False, False)),
            "The bias correction is missing: divide mean by 1 - 0.9**t and square by 1 - 0.999**t before you use them.",
        ),
        Mistake(
            "only the mean corrected",
            partial(_adam, correct=(True, False)),
            "Only the mean is corrected: square begins at 0, too; divide it by 1 - 0.999**t.",
        ),
        Mistake(
            "only the square corrected",
            partial(_adam, correct=(False, True)),
            "Only the square is corrected: mean begins at 0, too; divide it by 1 - 0.9**t.",
        ),
        Mistake(
            "epsilon inside the root",
            partial(_adam, inside=True),
            "Epsilon is inside the root. There 1e-8 counts as much as a gradient of 1e-4: add it after the root.",
        ),
        Mistake(
            "t from 0",
            lambda w, mean, square, g, t, lr: _adam(w, mean, square, g, t + 1, lr),
            "t is one too large: the first step has t = 1 already, so the power is t and not t + 1.",
        ),
        Mistake(
            "t forgotten",
            _power_forgotten,
            "The correction does not know t: divide by 1 - 0.9**t, which comes closer to 1 from step to step.",
        ),
        Mistake(
            "no epsilon",
            partial(_adam, epsilon=0.0),
            "Epsilon is missing: add 1e-8 to the root, or a gradient of 0 divides by 0.",
        ),
        Mistake(
            "no learning rate",
            lambda w, mean, square, g, t, lr: _adam(w, mean, square, g, t, 1.0),
            "The learning rate is not used: multiply mean_hat by lr.",
        ),
        Mistake(
            "shares swapped",
            partial(_adam, betas=(0.999, 0.9)),
            "The two shares are swapped: mean keeps 0.9, square keeps 0.999.",
        ),
        Mistake(
            "no root",
            partial(_adam, root=1.0),
            "The root is missing: the step is divided by the square root of square_hat.",
        ),
        Mistake(
            "not squared",
            partial(_adam, power=1),
            "The gradient is not squared in square: 0.001 * g**2.",
        ),
        Mistake("uphill", partial(_adam, sign=-1), UPHILL),
        Mistake(
            "the gradient alone",
            _gradient_alone,
            "The step is made with g. That is RMSProp with a correction; Adam takes mean_hat in place of g.",
        ),
        Mistake(
            "moved by the old averages",
            _old_averages,
            "The averages are right, but the weights are moved by the old ones: compute the new ones first.",
        ),
        Mistake(
            "multiplied by the correction",
            _multiplied,
            "You multiply by 1 - 0.9**t. The averages are too small at first: divide by it, and they become larger.",
        ),
        Mistake(
            "old and new turned around",
            _turned,
            "Old and new are turned around: 0.9 of the old mean is kept, and 0.1 of the gradient is added.",
        ),
        Mistake(
            "0.99 for the square",
            partial(_adam, betas=(0.9, 0.99)),
            "square keeps 0.99 in your code, as in RMSProp; in Adam it keeps 0.999.",
        ),
        Mistake(
            "averages in another order",
            lambda *given: adam_step(*given)[::2] + adam_step(*given)[1:2],
            "All three are right, but in another order: return w, mean, square.",
        ),
        Mistake(
            "corrected averages kept",
            _corrected_kept,
            "The corrected averages are returned: keep the plain ones, or the next step corrects them again.",
        ),
        Mistake(
            "only the weights",
            lambda *given: adam_step(*given)[0],
            "Only the weights are returned; the next step needs the two averages, too: return w, mean, square.",
        ),
    ),
    hints=(
        "Two running averages first: mean = 0.9 * mean + 0.1 * g, and the same with 0.999 and 0.001 for g**2.",
        "Both begin at 0 and are too small at first: mean_hat = mean / (1 - 0.9**t), and square_hat with 0.999.",
        "w = w - lr * mean_hat / (np.sqrt(square_hat) + 1e-8)",
    ),
)


ALL = (ADAM_STEP,)
