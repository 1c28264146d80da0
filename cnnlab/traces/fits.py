"""A few points, and fits that miss them: the errors, MSE and MAE, and which fit each of the two calls the best.

The mean of squares is pulled by one large error, the mean of absolute errors is not.

Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2nd edition, 2009), section 10.6, on squared
and absolute error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.equation import Equation
from cnnlab.traces.losses import Loss, mae, mse
from cnnlab.traces.text import number

Array = NDArray[np.float64]
Numbers = tuple[float, ...]

LOSSES = {"mse": "MSE", "mae": "MAE"}
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
    """What one fit predicts, and how far it is off."""

    name: str
    predictions: Numbers
    targets: Numbers

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

    def says(self) -> str:
        """What the largest error does to either loss."""
        if not self.errors.any():
            return "Every point is met: both losses are 0."
        worst = int(np.abs(self.errors).argmax())
        of_mse, of_mae = (self.losses[loss].terms for loss in LOSSES)
        shares = [100 * terms[worst] / terms.sum() for terms in (of_mse, of_mae)]
        makes = f"makes {shares[0]:.0f}% of the MSE and {shares[1]:.0f}% of the MAE"
        return f"The largest error, {number(self.errors[worst])} at point {worst + 1}, {makes}."


@dataclass(frozen=True)
class Fits:
    """The three fits of a question, perhaps a fourth that was drawn by hand, and the one that is looked at."""

    question: Question
    chosen: Fit

    @cached_property
    def all(self) -> tuple[Fit, ...]:
        """The fits of the question, and the chosen one where it is none of them."""
        fits = tuple(Fit(f"fit {i}", p, self.question.targets) for i, p in enumerate(self.question.fits, 1))
        return fits if self.chosen in fits else (*fits, self.chosen)

    @property
    def place(self) -> int:
        """Where the chosen one is among all."""
        return self.all.index(self.chosen)

    def best(self, loss: str) -> tuple[str, ...]:
        """The names of those with the smallest "mse" or "mae": several may share it."""
        values = [fit.losses[loss].value for fit in self.all]
        return tuple(fit.name for fit, value in zip(self.all, values, strict=True) if np.isclose(value, min(values)))

    def says(self) -> tuple[str, str]:
        """Which fit each loss prefers."""
        by_mse, by_mae = (" and ".join(self.best(loss)) for loss in LOSSES)
        return f"smallest MSE: {by_mse}", f"smallest MAE: {by_mae}"


def fits_of(question: str, predictions: Sequence[float] | int) -> Fits:
    """The fits of one of `QUESTIONS`; looked at is the one with this number, from 1, or these predictions.

    Raises:
        ValueError: another number of predictions than of points, or one outside the range that is drawn.
    """
    asked = QUESTIONS[question]
    if isinstance(predictions, int):
        return Fits(asked, Fit(f"fit {predictions}", asked.fits[predictions - 1], asked.targets))
    found, (low, high) = tuple(float(p) for p in predictions), asked.limits
    if len(found) != len(asked.targets) or not all(low <= p <= high for p in found):
        raise ValueError(
            f"predictions of {question} must be {len(asked.targets)} numbers from {number(low)} to {number(high)}, "
            f"but are {', '.join(map(number, found))}"
        )
    return Fits(asked, Fit("yours", found, asked.targets))
