"""Does a digit keep its label when it is turned, shifted, zoomed or leaned? A network that reads digits is asked.

The digit lies on a canvas of 28 x 28 cells, ink from 0 to 1, as in `traces.shift`, whose CNN reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.traces.shift import Array, Weights, cnn_scores, pushed, scene, softmax
from cnnlab.traces.text import number
from cnnlab.traces.transforms import Step

RANGES: Mapping[str, tuple[str, float, float, float]] = {
    "rotation": ("angle", -180.0, 180.0, 0.0),
    "shift": ("x", -10.0, 10.0, 0.0),
    "zoom": ("zoom", 0.5, 2.0, 1.0),
    "shear": ("shear", -60.0, 60.0, 0.0),
}
"""What is changed, the smallest and the largest, and the one that changes nothing."""
FLIPS = {"no": "", "left to right": "horizontal flip", "top to bottom": "vertical flip"}
POINTS = 37
"""Places of the curve; with an odd number the one that changes nothing is among them (at 1/3 for the zoom, too)."""
UNITS = {"rotation": "°", "shift": " cells", "zoom": "", "shear": "°"}
Curve = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reading:
    """A digit under one transform from end to end: what the network says to each amount of it.

    ``drawn`` is the digit as it was written, (28, 28), perhaps flipped; ``amounts`` is (POINTS,), ``probabilities``
    (POINTS, 10).
    """

    label: int
    flip: str
    transform: str
    drawn: Array
    weights: Weights
    amounts: Curve
    probabilities: Curve

    @cached_property
    def rival(self) -> int:
        """The wrong digit that is most probable anywhere."""
        others = self.probabilities.max(axis=0)
        others[self.label] = -1
        return int(others.argmax())

    @cached_property
    def kept(self) -> tuple[float, float] | None:
        """The amounts around no change between which the digit is read right; None where it is not even there."""
        right = self.probabilities.argmax(axis=1) == self.label
        middle = int(np.abs(self.amounts - RANGES[self.transform][3]).argmin())
        if not right[middle]:
            return None
        wrong = np.flatnonzero(~right)
        first, last = wrong[wrong < middle].max(initial=-1) + 1, wrong[wrong > middle].min(initial=POINTS) - 1
        return float(self.amounts[first]), float(self.amounts[last])

    def at(self, amount: float) -> "KeptLabel":
        """The digit changed by so much, and what the network says."""
        picture = changed(self.drawn, self.transform, amount)
        return KeptLabel(self, amount, picture, read(self.weights, picture[None])[0])


@dataclass(frozen=True, eq=False)
class KeptLabel:
    """One amount: the digit (28, 28), and the ten probabilities."""

    reading: Reading
    amount: float
    picture: Array
    probabilities: Curve

    @property
    def winner(self) -> int:
        """What the network reads."""
        return int(self.probabilities.argmax())

    def called(self) -> str:
        """``a 6, rotation 180°``."""
        r = self.reading
        flip = f" {FLIPS[r.flip]}," if FLIPS[r.flip] else ""
        return f"{'an' if r.label == 8 else 'a'} {r.label},{flip} {r.transform} {amount_text(r.transform, self.amount)}"

    def answer(self) -> str:
        """``read as 9 with 99%: the label 6 would be wrong``."""
        label, sure = self.reading.label, percent(float(self.probabilities[self.winner]))
        end = "the label is kept" if self.winner == label else f"to this network the label {label} is wrong"
        return f"read as {self.winner} with {sure}: {end}"

    def says(self) -> str:
        """How far one may go."""
        r = self.reading
        if r.kept is None:
            return f"Even without the {r.transform} this digit is not read as {r.label}."
        low, high = (amount_text(r.transform, value) for value in r.kept)
        if r.kept == (r.amounts[0], r.amounts[-1]):
            return f"Read right from {low} to {high}: no {r.transform} in this range changes the answer."
        return f"Read right without a break from {low} to {high}; it was trained on upright digits in the middle."


def reading(digit: ArrayLike, label: int, flip: str, transform: str, weights: Weights) -> Reading:
    """A digit (8, 8) with ink from 0 to 16, flipped as one of `FLIPS`, through the whole range of a transform."""
    drawn = pushed(scene(digit), 0, 0)
    if FLIPS[flip]:
        drawn = Step(FLIPS[flip]).apply(drawn[None])[0]
    _, low, high, _ = RANGES[transform]
    amounts = np.linspace(low, high, POINTS)
    pictures = np.stack([changed(drawn, transform, float(amount)) for amount in amounts])
    return Reading(label, flip, transform, drawn, weights, amounts, read(weights, pictures))


def changed(picture: Array, transform: str, amount: float) -> Array:
    """The picture (28, 28) turned, shifted to the right, zoomed or leaned by some amount."""
    step = Step("shift", (amount, 0.0)) if transform == "shift" else Step(transform, (amount,))
    moved: Array = step.apply(picture[None])[0]
    return moved


def read(weights: Weights, pictures: Array) -> Curve:
    """Probabilities (N, 10) of the CNN without pooling for pictures (N, 28, 28)."""
    return softmax(cnn_scores(weights, pictures)).astype(np.float64)


def amount_text(transform: str, amount: float) -> str:
    """``−30°``, ``3 cells``."""
    return number(round(amount, 2)) + UNITS[transform]


def percent(share: float) -> str:
    """Whole percent, but never 100% for what is less."""
    return "more than 99%" if 0.995 <= share < 1 else f"{100 * share:.0f}%"
