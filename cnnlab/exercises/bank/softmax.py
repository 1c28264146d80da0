"""Notebook 07: the softmax at the end of a network."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _powers(scores: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(scores))


def _overflowing(scores: Array) -> Array:
    powers = _powers(scores)
    with np.errstate(invalid="ignore"):
        return np.asarray(powers / powers.sum())


def _shares_of_the_scores(scores: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(scores / scores.sum())


def _divided_by_the_largest(scores: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return _overflowing(scores / scores.max())


def _with_one_at_the_largest(scores: Array) -> Array:
    return np.asarray(scores == scores.max(), float)


def _scores(rng: np.random.Generator) -> Iterator[Arguments]:
    for scores in ([1, 2], [0, 0, 0], [2, 1, 0.1], [-1, -3, 0, 2], [1000, 1001, 998], [0, 1000, 999], [0, 3000, 2999]):
        yield (np.array(scores, float),)
    yield (rng.normal(size=10),)


SOFTMAX = Exercise(
    name="softmax",
    notebook="07",
    statement=(
        "Write softmax(scores): shares that add up to 1, each in proportion to e to the power of its score. scores is "
        "a row (n,). It should also work for scores such as 1000."
    ),
    solution=softmax,
    cases=_scores,
    mistakes=(
        Mistake(
            "too large",
            _overflowing,
            "It is right until the scores become large: e to the power of 1000 is more than a computer can hold. "
            "Subtract the largest score from all scores first; the shares stay the same.",
        ),
        Mistake(
            "not divided",
            lambda scores: np.exp(scores - scores.max()),
            "They do not add up to 1 yet: divide by their sum.",
        ),
        Mistake(
            "divided by the number",
            lambda scores: np.exp(scores - scores.max()) / len(scores),
            "Divide by the sum of the powers, not by how many there are.",
        ),
        Mistake(
            "sigmoid",
            lambda scores: 1 / (1 + np.exp(-np.clip(scores, -500, 500))),
            "That is the sigmoid of each score by itself; the shares of a softmax depend on all scores.",
        ),
        Mistake(
            "logarithm",
            lambda scores: scores - scores.max() - np.log(np.exp(scores - scores.max()).sum()),
            "That is the logarithm of the softmax.",
        ),
        Mistake(
            "only the largest",
            _with_one_at_the_largest,
            "The largest gets all in your answer. Softmax gives the others a share, too.",
        ),
        Mistake(
            "powers of two",
            lambda scores: 2.0 ** (scores - scores.max()) / (2.0 ** (scores - scores.max())).sum(),
            "You took powers of 2; softmax takes powers of e, np.exp.",
        ),
        Mistake(
            "sign",
            lambda scores: np.exp(scores.min() - scores) / np.exp(scores.min() - scores).sum(),
            "The sign is turned: here the smallest score gets the largest share. It must be the largest score.",
        ),
        Mistake(
            "sign, and too large",
            lambda scores: _overflowing(-scores),
            "The sign is turned: here the smallest score gets the largest share. It must be np.exp(scores).",
        ),
        Mistake(
            "powers alone",
            _powers,
            "These are the powers: they do not add up to 1 yet. Divide by their sum.",
        ),
        Mistake(
            "powers divided by the number",
            lambda scores: _powers(scores) / len(scores),
            "Divide by the sum of the powers, not by how many there are.",
        ),
        Mistake(
            "no powers",
            _shares_of_the_scores,
            "You divided the scores themselves by their sum. First raise e to the power of each, np.exp(scores): then "
            "none is negative.",
        ),
        Mistake(
            "smallest subtracted",
            lambda scores: _overflowing(scores - scores.min()),
            "It is right until the scores lie far apart: you subtract the smallest one, and e to the power of 1000 is "
            "still too large. Subtract the largest.",
        ),
        Mistake(
            "mean subtracted",
            lambda scores: _overflowing(scores - scores.mean()),
            "It is right until the scores lie far apart: subtract the largest score, not the mean, so that no power is "
            "larger than 1.",
        ),
        Mistake(
            "divided by the largest",
            _divided_by_the_largest,
            "Dividing by the largest score changes the shares: only differences count, so subtract it.",
        ),
        Mistake(
            "subtracted above only",
            lambda scores: np.exp(scores - scores.max()) / _powers(scores).sum(),
            "You subtract the largest score above the line only: divide by the sum of the very same powers.",
        ),
        Mistake(
            "math.exp",
            lambda scores: [math.exp(score) / sum(math.exp(other) for other in scores) for score in scores],
            "It is right until the scores become large: e to the power of 1000 is more than a computer can hold. "
            "Subtract the largest score from all scores first; the shares stay the same.",
        ),
        Mistake(
            "cut off",
            lambda scores: softmax(np.clip(scores, -500, 500)),
            "Large scores are cut off, so their differences are lost: subtract the largest score from all of them.",
        ),
        Mistake(
            "rounded",
            lambda scores: softmax(scores).round(3),
            "The shares are rounded. Return all of their digits.",
        ),
        Mistake(
            "squares",
            lambda scores: scores**2 / (scores**2).sum(),
            "You squared the scores, so −3 counts as much as 3. Take np.exp(scores), which grows with the score.",
        ),
        Mistake(
            "in percent",
            lambda scores: 100 * softmax(scores),
            "These are percent: the shares have to add up to 1, not to 100.",
        ),
        Mistake(
            "powers of ten",
            lambda scores: 10.0 ** (scores - scores.max()) / (10.0 ** (scores - scores.max())).sum(),
            "You took powers of 10; softmax takes powers of e, np.exp.",
        ),
    ),
    hints=(
        "np.exp(scores) raises e to the power of each score, and makes all of them positive.",
        "Divide by the sum, so that the shares add up to 1.",
        "Subtracting scores.max() from all scores first changes no share, and nothing becomes too large.",
    ),
)


ALL = (SOFTMAX,)
