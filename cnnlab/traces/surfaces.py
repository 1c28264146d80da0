"""Loss surfaces over two weights (or one), on which optimizers can be watched: formulas, and real losses of real data.

A surface knows its loss anywhere, its gradient (of real data also for some of the examples only), and its smallest
loss. Where the loss is quadratic, its curvatures say how large a learning rate may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.ops.activations import sigmoid_of

Values = NDArray[np.float64]
Rows = NDArray[np.int64]
Point = tuple[float, float]
Limits = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Surface:
    """What every surface has.

    Attributes:
        name: what it is called.
        formula: the loss as text.
        weights: what the weights are called; of a single one, the second coordinate of every point is 0.
        limits: the part that is looked at: first weight from, to, second weight from, to.
        start: a good place to begin at.
    """

    name: str
    formula: str
    weights: tuple[str, ...]
    limits: Limits
    start: Point

    @property
    def examples(self) -> int:
        """How many examples the loss is the mean of; 0 where it is a formula."""
        return 0

    @property
    def data(self) -> dict[str, Values]:
        """The examples by name, if there are any."""
        return {}

    def loss(self, points: Values) -> Values:
        """The loss at points (..., 2), on all examples: (...)."""
        raise NotImplementedError

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        """The gradient of the loss at a point: (2,). With ``rows`` only these examples count."""
        raise NotImplementedError

    @property
    def minima(self) -> tuple[Point, ...]:
        """Where the loss is smallest."""
        raise NotImplementedError

    @property
    def curvatures(self) -> Point | None:
        """The smallest and the largest curvature where they are the same everywhere: of a quadratic loss."""
        return None

    @cached_property
    def least(self) -> float:
        """The smallest loss."""
        return float(self.loss(np.array(self.minima[0])))

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the part that is looked at."""
        left, right, low, high = self.limits
        return left <= point[0] <= right and low <= point[1] <= high


@dataclass(frozen=True, eq=False)
class Quadratic(Surface):
    """1/2 * w' H w: each step of gradient descent multiplies w by I - lr H."""

    hessian: Values  # 2, 2

    def loss(self, points: Values) -> Values:
        return np.asarray(((points @ self.hessian) * points).sum(axis=-1) / 2)

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        return np.asarray(self.hessian @ point)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0, 0.0),)

    @cached_property
    def curvatures(self) -> Point | None:
        low, high = np.linalg.eigvalsh(self.hessian).tolist()
        return low, high


@dataclass(frozen=True, eq=False)
class Parabola(Surface):
    """(w - 3)**2, the loss of a single weight."""

    def loss(self, points: Values) -> Values:
        return np.asarray((points[..., 0] - 3) ** 2)

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        return np.array([2 * (point[0] - 3), 0.0])

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((3.0, 0.0),)

    @property
    def curvatures(self) -> Point | None:
        return 2.0, 2.0


@dataclass(frozen=True, eq=False)
class Saddle(Surface):
    """1/2 * w1**2 + 1/4 * (w2**2 - 1)**2: a saddle point in the middle, a minimum on each side of it."""

    def loss(self, points: Values) -> Values:
        return np.asarray(points[..., 0] ** 2 / 2 + (points[..., 1] ** 2 - 1) ** 2 / 4)

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        return np.array([point[0], point[1] ** 3 - point[1]])

    @property
    def minima(self) -> tuple[Point, ...]:
        return (0.0, 1.0), (0.0, -1.0)


@dataclass(frozen=True, eq=False)
class Rosenbrock(Surface):
    """0.1 * ((1 - w1)**2 + 10 * (w2 - w1**2)**2): a bent valley whose floor hardly slopes.

    Source: H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function (1960), there
    with 1 and 100 for 0.1 and 10.
    """

    def loss(self, points: Values) -> Values:
        first, second = points[..., 0], points[..., 1]
        return np.asarray(0.1 * ((1 - first) ** 2 + 10 * (second - first**2) ** 2))

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        first, off = point[0], point[1] - point[0] ** 2
        return np.array([0.2 * (first - 1) - 4 * off * first, 2 * off])

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((1.0, 1.0),)


@dataclass(frozen=True, eq=False)
class Line(Surface):
    """The mean squared error of the line w * x + b through real data."""

    x: Values  # N
    target: Values  # N

    @property
    def examples(self) -> int:
        return len(self.x)

    @property
    def data(self) -> dict[str, Values]:
        return {"x": self.x, "target": self.target}

    def loss(self, points: Values) -> Values:
        errors = points[..., :1] * self.x + points[..., 1:] - self.target
        return np.asarray((errors**2).mean(axis=-1))

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        inputs, target = (self._inputs, self.target) if rows is None else (self._inputs[rows], self.target[rows])
        return np.asarray(2 * (inputs @ point - target) @ inputs / len(inputs))

    @cached_property
    def _inputs(self) -> Values:
        """N, 2: x, and the 1 that the bias is multiplied with."""
        return np.stack([self.x, np.ones_like(self.x)], axis=1)

    @cached_property
    def minima(self) -> tuple[Point, ...]:
        w, b = np.linalg.lstsq(self._inputs, self.target, rcond=None)[0].tolist()
        return ((w, b),)

    @cached_property
    def curvatures(self) -> Point | None:
        low, high = np.linalg.eigvalsh(2 * self._inputs.T @ self._inputs / len(self.x)).tolist()
        return low, high


@dataclass(frozen=True, eq=False)
class Classifier(Surface):
    """The binary cross-entropy of sigmoid(w1 * x1 + w2 * x2) on real data."""

    x: Values  # N, 2
    target: Values  # N, 0 or 1

    @property
    def examples(self) -> int:
        return len(self.x)

    @property
    def data(self) -> dict[str, Values]:
        return {"x": self.x, "target": self.target}

    def loss(self, points: Values) -> Values:
        logits = points @ self.x.T  # ..., N
        targets = np.broadcast_to(self.target, logits.shape)
        return np.asarray(ops.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(axis=-1))

    def gradient(self, point: Values, rows: Rows | None = None) -> Values:
        x, target = (self.x, self.target) if rows is None else (self.x[rows], self.target[rows])
        return np.asarray((sigmoid_of(x @ point) - target) @ x / len(x))

    @cached_property
    def minima(self) -> tuple[Point, ...]:
        """By Newton's method, which needs a handful of steps here."""
        w = np.zeros(2)
        for _ in range(20):
            p = ops.sigmoid(self.x @ w)
            w = w - np.linalg.solve((self.x.T * (p * (1 - p))) @ self.x / len(self.x), self.gradient(w))
        return ((float(w[0]), float(w[1])),)


# ---- the surfaces of the lab ----------------------------------------------------------------------------------------

TWO = ("w₁", "w₂")
AROUND = (-5.0, 5.0, -4.0, 4.0)
"""All maps are 5 wide to 4 high, so that a gradient stands square on the contour lines."""


def parabola() -> Parabola:
    """One weight, so that a step can be worked out by hand."""
    return Parabola("parabola", "L = (w − 3)²", ("w",), (-1.0, 7.0, -1.0, 1.0), (0.0, 0.0))


def bowl() -> Quadratic:
    """The same curvature, 1, in every direction."""
    return Quadratic("bowl", "L = ½·(w₁² + w₂²)", TWO, AROUND, (-4.0, 2.0), np.eye(2))


def ravine(ratio: float) -> Quadratic:
    """Curvature 1 along the first weight and ``ratio`` along the second."""
    formula = f"L = ½·(w₁² + {ratio:g}·w₂²)"
    return Quadratic("ravine", formula, TWO, AROUND, (-4.0, 2.0), np.diag([1.0, ratio]))


def turned_ravine(ratio: float) -> Quadratic:
    """The ravine and its start, turned by 45 degrees: its directions are no longer those of the weights."""
    hessian = np.array([[1 + ratio, 1 - ratio], [1 - ratio, 1 + ratio]]) / 2
    formula = f"L = ¼·((w₁ + w₂)² + {ratio:g}·(w₁ − w₂)²)"
    return Quadratic("turned ravine", formula, TWO, AROUND, (-3 * 2**0.5, -(2**0.5)), hessian)


def saddle() -> Saddle:
    """Flat in the middle, where gradient descent lingers."""
    return Saddle("saddle", "L = ½·w₁² + ¼·(w₂² − 1)²", TWO, (-2.5, 2.5, -2.0, 2.0), (-2.0, 0.02))


def rosenbrock() -> Rosenbrock:
    """Into the valley quickly, along it slowly."""
    formula = "L = 0.1·((1 − w₁)² + 10·(w₂ − w₁²)²)"
    return Rosenbrock("Rosenbrock", formula, TWO, (-2.0, 2.0, -0.6, 2.6), (-1.2, 2.2))


def line(name: str, x: Values, target: Values, standardized: bool) -> Line:
    """The line through (x, target); ``standardized``: x is shifted to mean 0 and scaled to standard deviation 1."""
    used = (x - x.mean()) / x.std() if standardized else x
    formula = "L = mean of (w·x + b − y)²"
    return Line(name, formula, ("w", "b"), (-1.5, 2.5, -1.2, 2.0), (-0.8, 1.0), used, np.asarray(target, np.float64))


def three_or_eight(images: NDArray[np.uint8], labels: Rows) -> Classifier:
    """Is it a 3 or an 8? From the ink in the left half of the image and in the right one, each standardized.

    ``images`` (N, 8, 8) and ``labels`` (N,) are all digits. An 8 has ink on its left side, where a 3 is open.
    """
    chosen = (labels == 3) | (labels == 8)
    half = images.shape[2] // 2
    ink = np.stack([images[chosen][:, :, :half].mean(axis=(1, 2)), images[chosen][:, :, half:].mean(axis=(1, 2))], 1)
    x = (ink - ink.mean(axis=0)) / ink.std(axis=0)
    formula = "L = mean cross-entropy of sigmoid(w₁·x₁ + w₂·x₂)"
    limits = (-1.5, 4.5, -3.0, 1.8)
    return Classifier("digits", formula, TWO, limits, (-1.0, 1.2), x, (labels[chosen] == 8).astype(np.float64))
