"""A few points, and fits that miss them: the errors, MSE and MAE, and which fit each of the two calls the best.

The mean of squares is pulled by one large error, the mean of absolute errors is not: each has a best line of its own.

Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2nd edition, 2009), section 10.6, on squared
and absolute error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.equation import Equation
from cnnlab.traces.lines import SAME, Line, least_absolute, least_squares, line_through
from cnnlab.traces.losses import Loss, mae, mse
from cnnlab.traces.text import number

Array = NDArray[np.float64]
Numbers = tuple[float, ...]

LOSSES = {"mse": "MSE", "mae": "MAE"}
BEST = {"mse": "MSE's best line", "mae": "MAE's best line"}
SUMMED = {"mse": "sum of squared errors / n", "mae": "sum of absolute errors / n"}


@dataclass(frozen=True)
class Question:
    """Targets, three fits (what each predicts at the places 1, 2, 3, …), and the range of numbers worth drawing."""

    targets: Numbers
    fits: tuple[Numbers, Numbers, Numbers]
    limits: tuple[float, float]


QUESTIONS = {
    "Q9": Question((1, 2.5, 3.5), ((0.5, 1, 1.5), (1, 2, 3), (1.5, 3, 4)), (0, 5)),
    "Q9b": Question((2, 1.5, 3), ((1.8, 1.2, 2.9), (2, 1.7, 3.2), (2.2, 1.4, 3.1)), (0.5, 3.5)),
    "outlier": Question((1, 2, 3, 4, 10), ((1, 2, 3, 4, 5), (0, 2, 4, 6, 8), (0.5, 2, 3.5, 5, 6.5)), (-1, 11)),
}
"""Both versions of question 9 of deck D; and five points of which one is far off, with a line through the other four,
the line of the least squares, and one halfway."""


@dataclass(frozen=True)
class Fit:
    """What one fit predicts, and how far it is off; ``line`` where it is moved as a line and not point by point."""

    name: str
    predictions: Numbers
    targets: Numbers
    line: Line | None = None

    @cached_property
    def errors(self) -> Array:
        """y_hat − y of each point."""
        exact = np.array(self.predictions, np.float64) - np.array(self.targets, np.float64)
        return np.asarray(exact.round(12), np.float64)

    @cached_property
    def losses(self) -> dict[str, Loss]:
        """MSE and MAE."""
        return {"mse": mse(self.predictions, self.targets), "mae": mae(self.predictions, self.targets)}

    def equation(self, loss: str) -> Equation:
        """How "mse" or "mae" comes from the errors."""
        return replace(self.losses[loss].reduced(), name=LOSSES[loss], symbols=SUMMED[loss])

    def rule(self) -> str:
        """The line on which the predictions lie, or that there is none."""
        line = self.line or line_through(self.predictions)
        if line:
            return f"y_hat = w·x + b = {line.equation}"
        *steps, last = map(number, np.diff(self.predictions))
        return f"no straight line: from point to point it changes by {', '.join(steps)} and {last}"

    def says(self) -> str:
        """What the largest error does to either loss."""
        if not self.errors.any():
            return "Every point is met: both losses are 0."
        sizes = np.abs(self.errors)
        first, *others = worst = np.flatnonzero(sizes == sizes.max())
        of_mse, of_mae = (self.losses[loss].terms for loss in LOSSES)
        shares = [100 * terms[first] / terms.sum() for terms in (of_mse, of_mae)]
        of_both = f"{shares[0]:.0f}% of the MSE and {shares[1]:.0f}% of the MAE"
        if not others:
            return f"The largest error, {number(self.errors[first])} at point {first + 1}, makes {of_both}."
        if len(worst) == len(sizes):
            return f"All errors are equally large, {number(sizes[first])}: each makes {of_both}."
        *some, last = (str(i + 1) for i in worst)
        where = f"at points {', '.join(some)} and {last}"
        return f"The largest errors, {number(sizes[first])} {where}, make {of_both} each."


@dataclass(frozen=True)
class Fits:
    """The three fits of a question, perhaps one that was made by hand, the best lines, and what is looked at."""

    question: Question
    chosen: Fit

    @cached_property
    def all(self) -> tuple[Fit, ...]:
        """The fits of the question, and the one that was made by hand."""
        fits = tuple(fit_number(self.question, i + 1) for i in range(len(self.question.fits)))
        return fits if self.chosen in (*fits, *self.lines) else (*fits, self.chosen)

    @cached_property
    def lines(self) -> tuple[Fit, ...]:
        """The line that no other has a smaller MSE than, and the one for MAE."""
        return tuple(best_line(self.question, loss) for loss in LOSSES)

    @property
    def rows(self) -> tuple[Fit, ...]:
        """All that can be looked at."""
        return (*self.all, *self.lines)

    @property
    def place(self) -> int:
        """Where the chosen one is among the rows."""
        return self.rows.index(self.chosen)

    def best(self, loss: str) -> tuple[str, ...]:
        """Of the fits, but not of the best lines, those with the smallest "mse" or "mae": several may share it."""
        values = [fit.losses[loss].value for fit in self.all]
        return tuple(fit.name for fit, value in zip(self.all, values, strict=True) if np.isclose(value, min(values)))

    def says(self) -> tuple[str, str]:
        """Which fit each loss prefers."""
        by_mse, by_mae = (" and ".join(self.best(loss)) for loss in LOSSES)
        return f"best fit by MSE: {by_mse}", f"best fit by MAE: {by_mae}"


def fit_number(question: Question, i: int) -> Fit:
    """One of the three fits of a question, from 1; most of them are lines."""
    found = question.fits[i - 1]
    return Fit(f"fit {i}", found, question.targets, line_through(found))


def best_line(question: Question, loss: str) -> Fit:
    """The straight line with the smallest "mse" or "mae" that there is."""
    line = {"mse": least_squares, "mae": least_absolute}[loss](question.targets)
    return Fit(BEST[loss], line.heights(len(question.targets)), question.targets, line)


def fits_of(question: str, chosen: int | str | Line | Sequence[float]) -> Fits:
    """The fits of one of `QUESTIONS`; looked at is the one with this number, from 1, the best line by "mse" or "mae", a
    line, or these predictions.

    Raises:
        ValueError: another number of predictions than of points, or one outside the range that is drawn.
    """
    asked = QUESTIONS[question]
    if isinstance(chosen, int):
        return Fits(asked, fit_number(asked, chosen))
    if isinstance(chosen, str):
        return Fits(asked, best_line(asked, chosen))
    if isinstance(chosen, Line):
        return Fits(
            asked, Fit("your line", _drawn(question, chosen.heights(len(asked.targets))), asked.targets, chosen)
        )
    return Fits(asked, Fit("yours", _drawn(question, chosen), asked.targets))


def _drawn(question: str, predictions: Sequence[float]) -> Numbers:
    """Predictions that fit the points and the plot."""
    asked, found = QUESTIONS[question], tuple(float(p) for p in predictions)
    low, high = asked.limits
    if len(found) != len(asked.targets) or not all(low - SAME <= p <= high + SAME for p in found):
        raise ValueError(
            f"predictions of {question} must be {len(asked.targets)} numbers from {number(low)} to {number(high)}, "
            f"but are {', '.join(map(number, found))}"
        )
    return found
