"""Notebook 12: batch norm in training, what it remembers, and how it disappears into a convolution."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]

OVER = (0, 2, 3)
"""The axes of a batch (N, C, H, W) that a channel is normalized over."""


# ---- in training -----------------------------------------------------------------------------------------------------


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


# ---- what is remembered ----------------------------------------------------------------------------------------------


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


# ---- gone ------------------------------------------------------------------------------------------------------------


def fold(weight: Array, bias: Array, gamma: Array, beta: Array, mean: Array, var: Array, eps: float) -> Pair:
    scale = gamma / np.sqrt(var + eps)
    new_weight = weight * scale[:, None, None, None]
    new_bias = (bias - mean) * scale + beta
    return new_weight, new_bias


def _scaled(weight: Array, scale: Array) -> Array:
    return weight * scale[:, None, None, None]


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    shapes = [
        (1, 1, 2, 2, 0.5),
        (2, 1, 3, 3, 0.1),
        (2, 3, 1, 1, 1.0),
        (3, 2, 2, 3, 1e-5),
        (4, 4, 2, 2, 0.25),
        (3, 3, 3, 1, 0.01),
    ]
    for F, C, kh, kw, eps in shapes:

        def draw(low: int, high: int, F: int = F) -> Array:
            return np.asarray(rng.integers(low, high, F) + 0.5, np.float64)

        weight = rng.integers(-3, 4, (F, C, kh, kw)) + 0.25
        yield weight, draw(-4, 4), draw(1, 4), draw(-3, 3), draw(-5, 5), draw(1, 9), eps


FOLD = Exercise(
    name="fold batch norm",
    notebook="12",
    statement=(
        "Write fold(weight, bias, gamma, beta, mean, var, eps): the weights and biases of one convolution that does "
        "what a convolution (weight (F, C, kh, kw), bias (F,)) and the batch norm behind it do in eval mode, with "
        "gamma, beta and the running mean and var, (F,) each. Return new_weight and new_bias, as a pair."
    ),
    solution=fold,
    cases=_layers,
    mistakes=(
        Mistake(
            "bias not scaled",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), b - m * g / np.sqrt(v + eps) + beta),
            "new_weight is right. The old bias goes through the batch norm, too: (bias - mean) * scale + beta.",
        ),
        Mistake(
            "old bias forgotten",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), beta - m * g / np.sqrt(v + eps)),
            "new_weight is right. The old bias is missing: (bias - mean) * scale + beta.",
        ),
        Mistake(
            "bias kept",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), b),
            "new_weight is right. The bias changes, too: batch norm subtracts a mean and adds beta.",
        ),
        Mistake(
            "mean not scaled",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), b * g / np.sqrt(v + eps) - m + beta),
            "new_weight is right. The mean is subtracted before anything is scaled: (bias - mean) * scale + beta.",
        ),
        Mistake(
            "mean added",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), (b + m) * g / np.sqrt(v + eps) + beta),
            "new_weight is right. In new_bias the mean has the wrong sign: batch norm subtracts it.",
        ),
        Mistake(
            "beta forgotten",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), (b - m) * g / np.sqrt(v + eps)),
            "new_weight is right. beta is missing at the end of new_bias.",
        ),
        Mistake(
            "beta scaled",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), (b - m + beta) * g / np.sqrt(v + eps)),
            "new_weight is right. beta is added after the scaling, so it is not scaled.",
        ),
        Mistake(
            "no eps",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, beta, m, v, 0.0),
            "eps is missing: in eval mode, too, batch norm divides by sqrt(var + eps).",
        ),
        Mistake(
            "no root",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, beta, m, (v + eps) ** 2, 0.0),
            "You divided by the variance. Batch norm divides by its root, sqrt(var + eps).",
        ),
        Mistake(
            "gamma forgotten",
            lambda w, b, g, beta, m, v, eps: fold(w, b, np.ones(len(g)), beta, m, v, eps),
            "gamma is missing: the scale of a filter is gamma / sqrt(var + eps).",
        ),
        Mistake(
            "weights not scaled",
            lambda w, b, g, beta, m, v, eps: (w, fold(w, b, g, beta, m, v, eps)[1]),
            "new_bias is right. The weights have to be scaled, too: all of a filter by the scale of its channel.",
        ),
    ),
    hints=(
        "Write down y for one output channel: gamma * (conv + bias - mean) / sqrt(var + eps) + beta. What multiplies "
        "conv, and what is left?",
        "scale = gamma / np.sqrt(var + eps) is one number for each filter. scale[:, None, None, None] has the shape "
        "(F, 1, 1, 1), so that it multiplies whole filters.",
        "weight * scale[:, None, None, None], and (bias - mean) * scale + beta",
    ),
)


ALL = (BATCH_NORM, RUNNING, FOLD)
