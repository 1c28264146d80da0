"""Notebook 11: dropout in both modes, and how many are dropped."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]

NEVER_TWICE = "It is scaled in both modes. Inverted dropout divides by 1 - p in training, and leaves x alone in eval."


# ---- dropout ---------------------------------------------------------------------------------------------------------


def dropout(x: Array, mask: Array, p: float, training: bool) -> Array:
    if not training:
        return x
    return x * mask / (1 - p)


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([2.0, 4.0, 6.0, 8.0]), np.array([1.0, 0.0, 1.0, 0.0]), 0.5, True  # deck A
    for shape, p in [((5,), 0.2), ((8,), 0.8), ((3, 4), 0.3), ((2, 2, 3), 0.75)]:
        mask = (rng.random(shape) >= p).astype(float)
        mask.flat[:3] = 1.0, 1.0, 0.0
        x = rng.normal(size=shape)
        yield x, mask, p, True
        yield x, mask, p, False


DROPOUT = Exercise(
    name="dropout",
    notebook="11",
    statement=(
        "Write dropout(x, mask, p, training): inverted dropout, as PyTorch does it. p is the probability that a number "
        "is dropped; mask has the shape of x, 1 for what is kept and 0 for what is dropped. training is True or False; "
        "in eval, where it is False, nothing is dropped."
    ),
    solution=dropout,
    cases=_layers,
    mistakes=(
        Mistake(
            "not scaled",
            lambda x, mask, p, training: x * mask if training else x,
            "The mask is right, the factor is missing: in training, what is kept is divided by 1 - p.",
        ),
        Mistake(
            "divided by p",
            lambda x, mask, p, training: x * mask / p if training else x,
            "You divide by p, the probability to be dropped. Divide by the probability to be kept, 1 - p.",
        ),
        Mistake(
            "times 1 - p",
            lambda x, mask, p, training: x * mask * (1 - p) if training else x,
            "You multiply by 1 - p, so what is kept gets smaller still. It has to make up for the others: divide.",
        ),
        Mistake(
            "times p",
            lambda x, mask, p, training: x * mask * p if training else x,
            "You multiply by p. What is kept has to make up for the others: divide by 1 - p.",
        ),
        Mistake(
            "kept ones dropped",
            lambda x, mask, p, training: x * (1 - mask) / (1 - p) if training else x,
            "You keep what should be dropped: in the mask, 1 means kept.",
        ),
        Mistake(
            "scaled in both modes",
            lambda x, mask, p, training: x * mask / (1 - p) if training else x * (1 - p),
            NEVER_TWICE,
        ),
        Mistake(
            "divided in both modes",
            lambda x, mask, p, training: x * mask / (1 - p) if training else x / (1 - p),
            NEVER_TWICE,
        ),
        Mistake(
            "as in the paper",
            lambda x, mask, p, training: x * mask if training else x * (1 - p),
            "This is dropout as in the paper, scaled in eval. It is right in itself; the inverted one scales in "
            "training, and does nothing in eval.",
        ),
        Mistake(
            "as on the slide",
            lambda x, mask, p, training: x * mask if training else x * p,
            "Scaled by p in eval, as on the slide: that would have to be 1 - p. And inverted dropout scales in "
            "training, not in eval.",
        ),
        Mistake(
            "a mask in eval, too",
            lambda x, mask, p, training: x * mask / (1 - p),
            "You drop in eval, too. Look at training: where it is False, x comes out as it is.",
        ),
        Mistake(
            "a mask in eval, not scaled",
            lambda x, mask, p, training: x * mask / (1 - p) if training else x * mask,
            "Training is right. In eval nothing is dropped: where training is False, x comes out as it is.",
        ),
        Mistake(
            "scaled, but no mask",
            lambda x, mask, p, training: x / (1 - p) if training else x,
            "The factor is right, but nothing is dropped: in training, multiply by the mask, too.",
        ),
        Mistake(
            "never a mask",
            lambda x, mask, p, training: x,
            "Nothing is ever dropped. In training, multiply by the mask and divide by 1 - p.",
        ),
        Mistake(
            "modes swapped",
            lambda x, mask, p, training: x if training else x * mask / (1 - p),
            "The two modes are swapped: the mask belongs where training is True.",
        ),
        Mistake(
            "divided by the share that was kept",
            lambda x, mask, p, training: x * mask / mask.mean() if training else x,
            "You divide by the share that this mask happened to keep. The factor is the same for every mask: 1 - p.",
        ),
        Mistake(
            "mask divided out of p",
            lambda x, mask, p, training: x * mask / 1 - p if training else x,
            "Brackets are missing: x * mask / 1 - p divides by 1 and then subtracts p.",
        ),
    ),
    hints=(
        "There are two cases: what comes out where training is False?",
        "In training, x * mask is smaller on average than x. By which factor?",
        "return x * mask / (1 - p) in training, else x",
    ),
)


# ---- how many --------------------------------------------------------------------------------------------------------


def dropped(n: int, p: float) -> tuple[float, float]:
    mean = n * p
    std = (n * p * (1 - p)) ** 0.5
    return mean, std


def _counts(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(1000, 0.5), (5, 0.2), (1000, 0.2), (64, 0.75), (1, 0.3), (4096, 0.1)]


DROPPED = Exercise(
    name="dropped",
    notebook="11",
    statement=(
        "Write dropped(n, p): of n units, each is dropped with probability p, whatever the others do. Return two "
        "numbers, mean and std: how many are dropped on average, and the standard deviation of that number."
    ),
    solution=dropped,
    cases=_counts,
    mistakes=(
        Mistake(
            "the ones that are kept",
            lambda n, p: (n * (1 - p), (n * p * (1 - p)) ** 0.5),
            "Your mean counts the units that are kept; p is the probability to be dropped.",
        ),
        Mistake(
            "the variance",
            lambda n, p: (n * p, n * p * (1 - p)),
            "The second number is the variance; the standard deviation is its square root.",
        ),
        Mistake(
            "without 1 - p",
            lambda n, p: (n * p, (n * p) ** 0.5),
            "The standard deviation lacks the factor 1 - p under the root: with p = 1 all are dropped, always.",
        ),
        Mistake(
            "never another number",
            lambda n, p: (n * p, 0.0),
            "As on the slide: as if it were the same number every time. Each unit is drawn by itself, so the number "
            "varies.",
        ),
        Mistake(
            "n outside the root",
            lambda n, p: (n * p, n * (p * (1 - p)) ** 0.5),
            "n belongs under the root: the units vary independently, so it is the variances that add up.",
        ),
        Mistake(
            "of one unit",
            lambda n, p: (p, (p * (1 - p)) ** 0.5),
            "This is for one unit; there are n of them.",
        ),
        Mistake(
            "deviation of one unit",
            lambda n, p: (n * p, (p * (1 - p)) ** 0.5),
            "The mean is right; the standard deviation is that of one unit. The variances of n units add up.",
        ),
        Mistake(
            "1 - p alone under the root",
            lambda n, p: (n * p, n * p * (1 - p) ** 0.5),
            "The root is taken of 1 - p alone. It goes over all three factors: (n * p * (1 - p)) ** 0.5.",
        ),
        Mistake(
            "swapped",
            lambda n, p: ((n * p * (1 - p)) ** 0.5, n * p),
            "The two are in the wrong order: return mean, std.",
        ),
        Mistake(
            "of the share",
            lambda n, p: (n * p, (p * (1 - p) / n) ** 0.5),
            "Divided by n, this is the deviation of the share that is dropped. For their number, multiply by n.",
        ),
    ),
    hints=(
        "Of 10 units, each dropped with probability 0.3: how many on average?",
        "The number is binomial, with the variance n·p·(1 − p).",
        "mean = n * p and std = (n * p * (1 - p)) ** 0.5",
    ),
)


ALL = (DROPOUT, DROPPED)
