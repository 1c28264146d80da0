"""Notebook 12: how batch norm disappears into the convolution in front of it."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]


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
            "mean forgotten",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, beta, np.zeros(len(m)), v, eps),
            "new_weight is right. In new_bias the mean is missing: batch norm subtracts it, (bias - mean) * scale.",
        ),
        Mistake(
            "beta alone",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), beta),
            "new_weight is right. In new_bias the old bias and the mean are missing: (bias - mean) * scale + beta.",
        ),
        Mistake(
            "mean less bias",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), (m - b) * g / np.sqrt(v + eps) + beta),
            "new_weight is right. In new_bias it is bias - mean, not mean - bias.",
        ),
        Mistake(
            "beta subtracted",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, -beta, m, v, eps),
            "new_weight is right. In new_bias beta has the wrong sign: it is added.",
        ),
        Mistake(
            "bias without gamma",
            lambda w, b, g, beta, m, v, eps: (_scaled(w, g / np.sqrt(v + eps)), (b - m) / np.sqrt(v + eps) + beta),
            "new_weight is right. In new_bias gamma is missing: the same scale as for the weights, "
            "gamma / sqrt(var + eps).",
        ),
        Mistake(
            "mean subtracted from the weights",
            lambda w, b, g, beta, m, v, eps: (
                _scaled(w - m[:, None, None, None], g / np.sqrt(v + eps)),
                b * g / np.sqrt(v + eps) + beta,
            ),
            "You subtracted the mean from the weights. It is subtracted from what the convolution gives, so it "
            "belongs to the bias; the weights are only scaled.",
        ),
        Mistake(
            "returned the wrong way round",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, beta, m, v, eps)[::-1],
            "You return the bias before the weights.",
        ),
        Mistake(
            "gamma and beta swapped",
            lambda w, b, g, beta, m, v, eps: fold(w, b, beta, g, m, v, eps),
            "gamma and beta have changed places: gamma scales, beta is added.",
        ),
        Mistake(
            "eps outside the root",
            lambda w, b, g, beta, m, v, eps: fold(w, b, g, beta, m, (np.sqrt(v) + eps) ** 2, 0.0),
            "eps stands beside the variance, under the root: sqrt(var + eps), not sqrt(var) + eps.",
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


ALL = (FOLD,)
