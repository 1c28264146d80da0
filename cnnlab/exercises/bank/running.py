"""Notebook 12: what batch norm remembers of the batches."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]

OVER = (0, 2, 3)
"""The axes of a batch (N, C, H, W) that a channel is normalized over."""


def update_running(running_mean: Array, running_var: Array, x: Array, momentum: float) -> Pair:
    mean = x.mean(axis=(0, 2, 3))
    var = x.var(axis=(0, 2, 3), ddof=1)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return running_mean, running_var


def _toward(running_mean: Array, running_var: Array, mean: Array, var: Array, momentum: float) -> Pair:
    kept = 1 - momentum
    return kept * running_mean + momentum * mean, kept * running_var + momentum * var


def _maps(rng: np.random.Generator) -> Iterator[Arguments]:
    shapes = [
        (2, 2, 1, 2, 0.1),
        (3, 2, 2, 2, 0.25),
        (2, 3, 2, 1, 0.9),
        (4, 1, 3, 2, 0.2),
        (1, 3, 2, 3, 0.75),
        (2, 2, 3, 3, 0.01),
    ]
    for N, C, H, W, momentum in shapes:
        x = rng.integers(-5, 6, (N, C, H, W)).astype(float)
        x[0, :, 0, 0] += 4.5  # no channel is constant
        yield rng.integers(-3, 4, C) + 0.5, rng.integers(1, 6, C) + 0.25, x, momentum


RUNNING = Exercise(
    name="running statistics",
    notebook="12",
    statement=(
        "Write update_running(running_mean, running_var, x, momentum): what batch norm remembers after a batch of "
        "feature maps x (N, C, H, W). running_mean and running_var are (C,). Return both new ones, as a pair, without "
        "changing the old arrays. As in PyTorch, momentum is the share of the new batch, and the variance is the "
        "unbiased one."
    ),
    solution=update_running,
    cases=_maps,
    mistakes=(
        Mistake(
            "biased variance",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), x.var(OVER), momentum),
            "running_mean is right. You remembered the biased variance; for later it is the unbiased one, over n - 1, "
            "with n = N * H * W: ddof=1.",
        ),
        Mistake(
            "momentum the other way round",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), x.var(OVER, ddof=1), 1 - momentum),
            "momentum is the share of the new batch here, as in PyTorch. You gave it to what was remembered, as some "
            "other libraries do.",
        ),
        Mistake(
            "momentum the other way round, biased",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), x.var(OVER), 1 - momentum),
            "Two things: momentum is the share of the new batch, and the variance is the unbiased one, over n - 1.",
        ),
        Mistake(
            "n is N",
            lambda m, v, x, momentum: _toward(
                m, v, x.mean(OVER), x.var(OVER) * len(x) / max(len(x) - 1, 0.5), momentum
            ),
            "running_mean is right. You corrected the variance by N / (N - 1). A channel has n = N * H * W values, as "
            "every place of every map counts.",
        ),
        Mistake(
            "standard deviation",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), x.std(OVER, ddof=1), momentum),
            "running_mean is right. You remembered the standard deviation; it is the variance that is averaged, and "
            "the root is taken when it is used.",
        ),
        Mistake(
            "biased standard deviation",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), x.std(OVER), momentum),
            "running_mean is right. You remembered the standard deviation, over n. It is the variance that is "
            "remembered, over n - 1: x.var with ddof=1.",
        ),
        Mistake(
            "momentum of the variance alone",
            lambda m, v, x, momentum: (
                _toward(m, v, x.mean(OVER), v, momentum)[0],
                _toward(m, v, m, x.var(OVER, ddof=1), 1 - momentum)[1],
            ),
            "running_mean is right. In running_var momentum has gone to what was remembered; it is the share of the "
            "new batch there, too.",
        ),
        Mistake(
            "variance kept whole",
            lambda m, v, x, momentum: (
                _toward(m, v, x.mean(OVER), v, momentum)[0],
                v + momentum * x.var(OVER, ddof=1),
            ),
            "running_mean is right. In running_var all of the old variance is kept; it counts with 1 - momentum, too.",
        ),
        Mistake(
            "distances from the running mean",
            lambda m, v, x, momentum: _toward(m, v, x.mean(OVER), ((x - m[:, None, None]) ** 2).mean(OVER), momentum),
            "running_mean is right. You measured the distances from the running mean. The variance of a batch is "
            "taken around the mean of that batch, and over n - 1.",
        ),
        Mistake(
            "only the last batch, biased",
            lambda m, v, x, momentum: (x.mean(OVER), x.var(OVER)),
            "These are mean and biased variance of this batch alone. A batch counts with the share momentum, what was "
            "remembered with 1 - momentum; and the variance that is remembered is the unbiased one.",
        ),
        Mistake(
            "nothing changed",
            lambda m, v, x, momentum: (m, v),
            "These are the old ones. The new batch counts with the share momentum.",
        ),
        Mistake(
            "one number for all channels, biased",
            lambda m, v, x, momentum: _toward(m, v, x.mean(), x.var(), momentum),
            "You took one mean and one variance of the whole array. Each channel has its own: axis=(0, 2, 3). And the "
            "variance that is remembered is the unbiased one: ddof=1.",
        ),
        Mistake(
            "only the last batch",
            lambda m, v, x, momentum: (x.mean(OVER), x.var(OVER, ddof=1)),
            "These are mean and variance of this batch alone. They count with the share momentum, what was remembered "
            "with 1 - momentum.",
        ),
        Mistake(
            "nothing kept back",
            lambda m, v, x, momentum: (m + momentum * x.mean(OVER), v + momentum * x.var(OVER, ddof=1)),
            "You added the new batch and kept all of the old: the numbers would grow with every batch. The old ones "
            "count with 1 - momentum.",
        ),
        Mistake(
            "one number for all channels",
            lambda m, v, x, momentum: _toward(m, v, x.mean(), x.var(ddof=1), momentum),
            "You took one mean and one variance of the whole array. Each channel has its own: axis=(0, 2, 3).",
        ),
        Mistake(
            "returned the wrong way round",
            lambda m, v, x, momentum: update_running(m, v, x, momentum)[::-1],
            "You return the variance before the mean.",
        ),
    ),
    hints=(
        "What are the values of a channel? All examples and all places: everything but axis 1.",
        "x.mean(axis=(0, 2, 3)) has the shape (C,). x.var takes ddof=1 to divide by n - 1.",
        "running_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=(0, 2, 3)), and running_var likewise.",
    ),
)


ALL = (RUNNING,)
