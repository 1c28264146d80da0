"""Notebook 12: batch norm in training."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def batch_norm(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta


def _by(x: Array, gamma: Array, beta: Array, mean: Array, std: Array) -> Array:
    return np.asarray(gamma * (x - mean) / std + beta)


def _along_rows(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return _by(x, gamma, beta, mean, np.sqrt(var + eps))


def _batches(rng: np.random.Generator) -> Iterator[Arguments]:
    shapes = [(4, 2, 0.5), (2, 3, 0.1), (3, 3, 1.0), (5, 4, 1e-5), (8, 2, 0.25), (3, 5, 0.01)]
    for N, F, eps in shapes:
        x = rng.integers(-6, 7, (N, F)).astype(float)
        x[0] += 1.5  # no column is constant
        gamma = rng.choice([-2.0, -0.5, 0.5, 3.0], F)
        yield x, gamma, rng.choice([-1.0, 1.0, 2.0, 2.5], F), eps


BATCH_NORM = Exercise(
    name="batch norm",
    notebook="12",
    statement=(
        "Write batch_norm(x, gamma, beta, eps): batch norm in training. x is (N, F), an example in each row, and each "
        "of the F columns is normalized by its own mean and its own biased variance, then scaled by its gamma and "
        "shifted by its beta, both (F,). Return y, (N, F)."
    ),
    solution=batch_norm,
    cases=_batches,
    mistakes=(
        Mistake(
            "unbiased variance",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), np.sqrt(x.var(0, ddof=1) + eps)),
            "You divided by the unbiased variance, over N - 1. The batch is normalized by the biased one, over N; the "
            "unbiased one is for the running variance.",
        ),
        Mistake(
            "eps outside the root",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), x.std(0) + eps),
            "eps stands beside the variance, under the root: sqrt(var + eps), not sqrt(var) + eps.",
        ),
        Mistake(
            "no eps",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), x.std(0)),
            "eps is missing. It is small, but where a column is constant it is all that there is to divide by.",
        ),
        Mistake(
            "no root",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), x.var(0) + eps),
            "You divided by the variance. The standard deviation is its root.",
        ),
        Mistake(
            "each row by itself",
            _along_rows,
            "You normalized each example by itself, over its features: that is layer norm. Batch norm goes down the "
            "columns, over the examples: axis=0.",
        ),
        Mistake(
            "one mean for all",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(), np.sqrt(x.var() + eps)),
            "You took one mean and one variance of the whole array. Each column has its own: axis=0.",
        ),
        Mistake(
            "gamma and beta swapped",
            lambda x, gamma, beta, eps: batch_norm(x, beta, gamma, eps),
            "gamma and beta have changed places: gamma multiplies, beta is added.",
        ),
        Mistake(
            "beta inside",
            lambda x, gamma, beta, eps: gamma * (batch_norm(x, np.ones(x.shape[1]), beta, eps)),
            "You added beta before you multiplied by gamma: gamma * x_hat + beta, not gamma * (x_hat + beta).",
        ),
        Mistake(
            "gamma and beta forgotten",
            lambda x, gamma, beta, eps: _by(
                x, np.ones(x.shape[1]), np.zeros(x.shape[1]), x.mean(0), np.sqrt(x.var(0) + eps)
            ),
            "x_hat is right. gamma and beta are missing: y = gamma * x_hat + beta.",
        ),
        Mistake(
            "beta forgotten",
            lambda x, gamma, beta, eps: batch_norm(x, gamma, np.zeros(x.shape[1]), eps),
            "beta is missing at the end: y = gamma * x_hat + beta.",
        ),
        Mistake(
            "gamma forgotten",
            lambda x, gamma, beta, eps: batch_norm(x, np.ones(x.shape[1]), beta, eps),
            "gamma is missing: y = gamma * x_hat + beta.",
        ),
        Mistake(
            "the wrong way round",
            lambda x, gamma, beta, eps: batch_norm(-x, gamma, beta, eps),
            "Each x_hat has the wrong sign: it is x - mean, not mean - x.",
        ),
        Mistake(
            "brackets forgotten",
            lambda x, gamma, beta, eps: gamma * x - x.mean(0) / np.sqrt(x.var(0) + eps) + beta,
            "Brackets are missing: (x - mean) / std. Without them the mean alone is divided, before it is subtracted.",
        ),
        Mistake(
            "unbiased, eps outside the root",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), x.std(0, ddof=1) + eps),
            "Two things: the batch is normalized by the biased variance, over N, and eps stands under the root.",
        ),
        Mistake(
            "unbiased, no eps",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), x.std(0, ddof=1)),
            "Two things: the batch is normalized by the biased variance, over N, and eps is missing under the root.",
        ),
        Mistake(
            "sum of the squares",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), np.sqrt(x.var(0) * len(x) + eps)),
            "You added up the squared distances from the mean. The variance is their mean: divide by N.",
        ),
        Mistake(
            "one mean for all, a variance for each",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(), np.sqrt(x.var(0) + eps)),
            "The variances are right, but you took one mean of the whole array. Each column has its own: axis=0.",
        ),
        Mistake(
            "eps of PyTorch",
            lambda x, gamma, beta, eps: batch_norm(x, gamma, beta, 1e-5),
            "You wrote 0.00001 into the code. eps is an argument, and can be another number.",
        ),
        Mistake(
            "mean not subtracted",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, np.zeros(x.shape[1]), np.sqrt(x.var(0) + eps)),
            "The spread is right, but the mean is still there: x - mean comes first.",
        ),
        Mistake(
            "mean of the squares",
            lambda x, gamma, beta, eps: _by(x, gamma, beta, x.mean(0), np.sqrt((x**2).mean(0) + eps)),
            "You took the mean of x². The variance is the mean of (x - mean)².",
        ),
    ),
    hints=(
        "Three steps: the mean and the variance of each column, then x_hat, then y.",
        "x.mean(axis=0) goes down the columns and has the shape (F,); NumPy then subtracts it from every row. x.var "
        "divides by N if you do not ask for anything else.",
        "gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta",
    ),
)


ALL = (BATCH_NORM,)
