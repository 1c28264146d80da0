"""What a penalty does to weights: to two of them, seen on a map, and to those of a model that tells 3 from 8.

Everywhere the minimum of loss + penalty is looked at. There the slope of the loss and that of the penalty cancel, for
each weight; or the weight is 0, and L1 holds it there as long as the loss pulls no harder than lam.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.1, figure 7.1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.arrays import as_vector
from cnnlab.traces.bowls import L1, L2, Bowl, Penalty, Values
from cnnlab.traces.text import MINUS, equals, factor, is_exact, number, plural, precise

Labels = NDArray[np.int64]

STRENGTHS = (
    0.0,
    *(
        round(m * 10.0**e, 6)
        for e in (-2, -1, 0, 1)
        for m in (
            1,
            1.1,
            1.2,
            1.3,
            1.5,
            1.6,
            1.8,
            2,
            2.2,
            2.4,
            2.7,
            3,
            3.3,
            3.6,
            4,
            4.3,
            4.7,
            5,
            5.6,
            6.2,
            6.8,
            7.5,
            8.2,
            9,
        )
    ),
    100.0,
)
"""Values of lam: none, then 24 to each power of ten."""
MOST_SHOWN, SHOWN_STEP = 10.0, 0.25
"""The path of two weights is drawn for lam from 0 to this, in such steps."""
FARTHEST = 3.0
"""How far from zero the minimum of the loss of two weights may be moved."""
NAMES = ("w₁", "w₂")
SUMS = {L1: "Σ|w|", L2: "Σw²", "both": "(Σ|w| + Σw²)"}


@dataclass(frozen=True, eq=False)
class Penalized:
    """The weights for which loss + penalty is smallest."""

    model: "TwoWeights | ThreeOrEight"
    penalty: Penalty
    weights: Values

    @property
    def bowl(self) -> Bowl:
        return self.model.bowl

    @cached_property
    def loss(self) -> float:
        return self.bowl.loss(self.weights)

    @cached_property
    def cost(self) -> float:
        """The penalty."""
        return self.penalty.value(self.weights)

    @cached_property
    def zeros(self) -> int:
        """How many weights are exactly 0."""
        return int((self.weights == 0).sum())

    @cached_property
    def loss_slopes(self) -> Values:
        return self.bowl.slope(self.weights)

    @cached_property
    def penalty_slopes(self) -> Values:
        return self.penalty.slope(self.weights)

    def total(self) -> str:
        """loss + lam * sum, with numbers."""
        both = self.loss + self.cost
        added = f"{number(self.loss)} + {number(self.cost)}"
        return f"loss + lam · {SUMS[self.penalty.kind]} = {added} {equals(both, self.loss, self.cost)} {precise(both)}"

    def says(self) -> str:
        """What is to be seen."""
        return self.model.says(self)

    def balances(self, pixel: tuple[int, int]) -> tuple[str, ...]:
        """Why both weights, or the one of the ``pixel``, stay where they are."""
        return self.model.balances(self, pixel)

    def balance(self, i: int, name: str) -> str:
        """Why a weight stays where it is: two slopes that cancel, or one that L1 can hold."""
        loss, cost, lam = float(self.loss_slopes[i]), float(self.penalty_slopes[i]), number(self.penalty.lam)
        here = f"{name} {'=' if is_exact(self.weights[i]) else '≈'} {number(self.weights[i])}"
        if not self.bowl.counts[i]:
            return f"{here}: the loss does not depend on it"
        if self.weights[i] == 0 and self.penalty.l1:
            return f"{here}: slope {number(loss)} (loss); L1 can hold from {MINUS}{lam} to {lam}"
        return f"{here}: slopes {number(loss)} (loss) + {factor(cost)} (penalty) = 0"


class TwoWeights:
    """A loss of two weights that pull at each other:

        L = (w1 - a)**2 + (w1 - a)(w2 - b) + (w2 - b)**2

    Args:
        minimum: (a, b), where it is smallest, each from -3 to 3.
        kind: of the penalty.

    Raises:
        ValueError: minimum is no such pair.
    """

    curvature = np.array([[2.0, 1.0], [1.0, 2.0]])

    def __init__(self, minimum: tuple[float, float], kind: str) -> None:
        self.lowest = as_vector("minimum", minimum, 2)
        if np.abs(self.lowest).max() > FARTHEST:
            given = ", ".join(f"{v:g}" for v in self.lowest)
            raise ValueError(f"minimum must be two numbers from -{FARTHEST:g} to {FARTHEST:g}, but is {given}")
        downhill = self.curvature @ self.lowest
        self.bowl, self.kind = Bowl(self.curvature, downhill, float(self.lowest @ downhill / 2)), kind

    def at(self, penalty: Penalty) -> Penalized:
        return Penalized(self, penalty, self.bowl.minimum(penalty))

    def balances(self, step: Penalized, pixel: tuple[int, int]) -> tuple[str, ...]:
        """Why both weights stay where they are; ``pixel`` is for the other model."""
        return tuple(step.balance(i, name) for i, name in enumerate(NAMES))

    @cached_property
    def path(self) -> tuple[Values, Values]:
        """lam from 0 on (N,), and the weights for each (N, 2)."""
        lams = np.linspace(0, MOST_SHOWN, round(MOST_SHOWN / SHOWN_STEP) + 1, dtype=np.float64)
        return lams, along(self.bowl, self.kind, lams)

    def level(self, height: float, angles: Values) -> Values:
        """The contour line of a height, (N, 2): all weights with this loss."""
        root = np.linalg.inv(np.linalg.cholesky(self.curvature)).T  # |root.T @ H @ root| is 1
        ring = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        return np.asarray(self.lowest + np.sqrt(2 * max(height, 0.0)) * ring @ root.T)

    def formula(self) -> str:
        """The loss with its numbers."""
        a, b = (f"({name} {_minus(float(v))})" for name, v in zip(NAMES, self.lowest, strict=True))
        return f"L = {a}² + {a}·{b} + {b}²"

    def says(self, step: Penalized) -> str:
        """Where the minimum is now, and why."""
        gone = [name for name, w in zip(NAMES, step.weights, strict=True) if w == 0]
        if not step.penalty.lam:
            return "Without a penalty, the weights are where the loss is smallest."
        if self.kind == L2:
            return "L2 pulls with 2 · lam · w, so the less the smaller a weight: it holds none at 0."
        if len(gone) == 2:
            return "Both weights are exactly 0: the loss pulls no harder than L1 can hold."
        if gone:
            pull = number(abs(float(step.loss_slopes[NAMES.index(gone[0])])))
            held = f"the loss pulls at it with {pull}, and L1 can hold up to {number(step.penalty.lam)}"
            return f"{gone[0]} is exactly 0: {held}."
        return "L1 pulls with lam, however small a weight is: sooner or later one reaches 0."


class ThreeOrEight:
    """A linear model, score = w·pixels + bias, with the target 1 for an 8 and -1 for a 3; above 0 it says 8.

        loss = sum of (score - target)**2 over the digits that it learns from

    The bias has no penalty; for each w the best bias is known, so that the loss is a bowl of w alone.

    Args:
        images: (N, 8, 8), from 0 (paper) to 1 (ink), to learn from. labels: (N,), 3 or 8.
        held_out_images, held_out_labels: digits to test it on.
    """

    def __init__(self, images: Values, labels: Labels, held_out_images: Values, held_out_labels: Labels) -> None:
        self.images, self.labels = images, labels
        self.pixels, self.targets = images.reshape(len(images), -1), _targets(labels)
        self.held_out_pixels = held_out_images.reshape(len(held_out_images), -1)
        self.held_out_targets = _targets(held_out_labels)
        self.mean, self.mean_target = self.pixels.mean(axis=0), float(self.targets.mean())
        x, y = self.pixels - self.mean, self.targets - self.mean_target
        self.bowl = Bowl(2 * x.T @ x, 2 * y @ x, float(y @ y))
        self._paths: dict[str, Values] = {}

    def path(self, kind: str) -> Values:
        """The weights for each of :data:`STRENGTHS`, (lams, pixels)."""
        if kind not in self._paths:
            self._paths[kind] = along(self.bowl, kind, np.array(STRENGTHS))
        return self._paths[kind]

    def at(self, penalty: Penalty) -> Penalized:
        nearest = int(np.abs(np.array(STRENGTHS) - penalty.lam).argmin())
        start = self.path(penalty.kind)[nearest] if penalty.lam in STRENGTHS[nearest : nearest + 1] else None
        return Penalized(self, penalty, self.bowl.minimum(penalty, start) if start is None else start)

    def balances(self, step: Penalized, pixel: tuple[int, int]) -> tuple[str, ...]:
        """Why the weight of a pixel (row, column) stays where it is."""
        row, col = pixel
        return (step.balance(row * self.images.shape[-1] + col, f"w[{row}, {col}]"),)

    def bias(self, weights: Values) -> Values:
        """The best bias for weights (..., pixels)."""
        return np.asarray(self.mean_target - weights @ self.mean)

    def right(self, weights: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many digits are read right with weights (..., pixels): learned from, and held out."""
        bias = self.bias(weights)[..., None]
        sets = (self.pixels, self.targets), (self.held_out_pixels, self.held_out_targets)
        first, second = (((weights @ x.T + bias) * y > 0).sum(axis=-1) for x, y in sets)
        return first, second

    def says(self, step: Penalized) -> str:
        """How many weights are left, and what the model can do."""
        blank = int((~self.bowl.counts).sum())
        total, right = len(self.held_out_targets), int(self.right(step.weights)[1])
        zeros = f"{step.zeros} of {len(step.weights)} weights are exactly 0"
        if step.zeros == blank:
            zeros += f" ({'that pixel holds' if blank == 1 else 'their pixels hold'} no ink in any example)"
        return f"{zeros}. {right} of {plural(total, 'held-out digit')} are read right: {right / total:.1%}."


def along(bowl: Bowl, kind: str, lams: Values) -> Values:
    """The minimum for each of some lams in growing order, each found from the one above it."""
    found: list[Values] = []
    for lam in lams[::-1]:
        found.append(bowl.minimum(Penalty(kind, float(lam)), found[-1] if found else None))
    return np.array(found[::-1])


def _targets(labels: Labels) -> Values:
    return np.where(labels == 8, 1.0, -1.0)


def _minus(value: float) -> str:
    """``− 2``, or ``+ 2`` for −2."""
    return f"{'+' if value < 0 else '−'} {number(abs(value))}"
