"""Losses that are bowls, with a penalty on the weights: where the sum is smallest, found exactly.

    loss(w) = 1/2 w·Hw - s·w + loss(0)        L1: lam * sum of |w|        L2: lam * sum of w**2

The squared errors of a linear model are such a bowl. With L2 the minimum solves a linear system; with L1 it does so,
too, once one knows which weights are zero and which sign the others have. The search for the signs ends after finitely
many systems (H. Lee, A. Battle, R. Raina and A. Ng, Efficient sparse coding algorithms, NIPS 2006, algorithm 1; here
each move stops where the first weight reaches zero).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.traces.arrays import finite_number

Values = NDArray[np.float64]

L1, L2, BOTH = "L1", "L2", "both"
PENALTIES = (L2, L1, BOTH)
ROUNDING = 1e-10
"""Share of the steepest slope that is taken for zero."""


@dataclass(frozen=True)
class Penalty:
    """lam times the sum of |w| (L1), of w**2 (L2), or of both.

    Raises:
        ValueError: another kind, or a lam below 0.
    """

    kind: str
    lam: float

    def __post_init__(self) -> None:
        if self.kind not in PENALTIES:
            raise ValueError(f"penalty must be one of {', '.join(PENALTIES)}, but is {self.kind!r}")
        finite_number("lam", self.lam, 0)

    @property
    def l1(self) -> float:
        """lam, as far as |w| is concerned."""
        return self.lam if self.kind != L2 else 0.0

    @property
    def l2(self) -> float:
        """lam, as far as w**2 is concerned."""
        return self.lam if self.kind != L1 else 0.0

    def value(self, weights: Values) -> float:
        """What the weights cost."""
        return float(ops.l1_penalty(weights, self.l1) + ops.l2_penalty(weights, self.l2))

    def slope(self, weights: Values) -> Values:
        """The gradient: lam * sign(w) for L1, with 0 at zero, and 2 * lam * w for L2."""
        return ops.l1_penalty_backward(1.0, weights, self.l1) + ops.l2_penalty_backward(1.0, weights, self.l2)

    def region(self, cost: float, angles: ArrayLike) -> Values:
        """All pairs of weights that cost as much, (N, 2), one in the direction of each angle.

        At the distance r a direction (x, y) costs lam * r * (|x| + |y|), or lam * r**2, or both.
        """
        ways = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        first, second = self.l1 * np.abs(ways).sum(axis=-1, keepdims=True), self.l2
        if not second:
            return np.asarray(ways * cost / first)
        return np.asarray(ways * (np.sqrt(first**2 + 4 * second * cost) - first) / (2 * second))


@dataclass(frozen=True, eq=False)
class Bowl:
    """1/2 w·Hw - s·w + at_zero: its curvature H (n, n), the slope s (n,) downhill at zero, its height there."""

    curvature: Values
    downhill: Values
    at_zero: float

    def loss(self, weights: Values) -> float:
        return float(weights @ self.curvature @ weights / 2 - self.downhill @ weights + self.at_zero)

    def slope(self, weights: Values) -> Values:
        """The gradient."""
        return self.curvature @ weights - self.downhill

    @cached_property
    def counts(self) -> NDArray[np.bool_]:
        """Which weights the loss depends on at all."""
        return np.diag(self.curvature) > 0

    def minimum(self, penalty: Penalty, start: Values | None = None) -> Values:
        """The weights for which loss and penalty together are smallest; ``start`` is a guess, which saves time.

        A weight that L1 sets to zero is exactly 0. Of several minima, without a penalty, the one with the smallest
        weights.
        """
        bent = self.curvature + 2 * penalty.l2 * np.eye(len(self.downhill))
        weights = np.zeros(len(self.downhill))
        if not penalty.l1:
            free = self.counts
            matrix, right = bent[np.ix_(free, free)], self.downhill[free]
            weights[free] = np.linalg.solve(matrix, right) if penalty.l2 else np.linalg.lstsq(matrix, right)[0]
            return weights
        return _sparse(bent, self.downhill, penalty.l1, weights if start is None else start)


def _sparse(curvature: Values, downhill: Values, l1: float, weights: Values) -> Values:
    """With L1: solve for the weights with a sign; drop what would change its sign, add what is pulled hardest."""
    signs = np.sign(weights)
    while True:
        held = np.flatnonzero(signs)
        goal = np.zeros(len(signs))
        goal[held] = np.linalg.solve(curvature[np.ix_(held, held)], (downhill - l1 * signs)[held])
        crossing = np.flatnonzero(goal * signs < 0)
        if len(crossing):
            shares = weights[crossing] / (weights[crossing] - goal[crossing])
            first = shares.argmin()
            weights = weights + shares[first] * (goal - weights)
            weights[crossing[first]] = signs[crossing[first]] = 0
            continue
        weights = goal
        slopes = curvature @ weights - downhill
        excess = np.where(signs == 0, np.abs(slopes) - l1, 0)
        hardest = int(excess.argmax())
        if excess[hardest] <= ROUNDING * np.abs(downhill).max():
            return weights
        signs[hardest] = -np.sign(slopes[hardest])
