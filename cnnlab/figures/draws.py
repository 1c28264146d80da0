"""What was drawn so often, over what is expected: a histogram, and below it the means that are to be compared."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.grids import Values
from cnnlab.figures.plots import Axes

X, Y, WIDTH, HIGH = 664.0, 44.0, 416.0, 216.0
BELOW, PITCH = 52.0, 25.0
"""From the axis to the first mean, and from one to the next."""
LABELS = 26.0
ROOM = 1.25
"""How high the plot is, as a multiple of what is expected most."""


@dataclass(frozen=True)
class Mean:
    """A number to compare: what it is called, how it reads, and how far it may stray."""

    label: str
    said: str
    value: float
    spread: float = 0.0

    def hidden(self) -> "Mean":
        """The same before it is revealed."""
        return Mean(self.label, "?", float("nan"))


@dataclass(frozen=True, eq=False)
class Draws:
    """A histogram with bins of the width ``bin`` around ``centers``; ``expected`` is the probability of each."""

    centers: Values
    expected: Values
    title: str
    says_x: str
    says_dots: str

    @property
    def bin(self) -> float:
        return float(self.centers[1] - self.centers[0])

    @property
    def edges(self) -> Values:
        return np.append(self.centers - self.bin / 2, self.centers[-1] + self.bin / 2)

    @property
    def axes(self) -> Axes:
        edges = self.edges
        return Axes(X, Y, WIDTH, HIGH, (float(edges[0]), float(edges[-1])), (0, ROOM * float(self.expected.max())))

    def draw(self, drawn: Values, here: Mean, means: Sequence[Mean], reveal: bool = True) -> list[str]:
        """``drawn`` are the numbers so far, ``here`` is shown beside; ``reveal``: what is expected, too."""
        axes, edges = self.axes, self.edges
        shares = np.histogram(drawn, edges)[0] / len(drawn)
        some = (self.expected > 0) & reveal
        says = f"bars: drawn, dots: {self.says_dots}" if reveal else "bars: drawn"
        dots = zip(axes.to_x(self.centers[some]).tolist(), axes.to_y(self.expected[some]).tolist(), strict=True)
        return [
            svg.text(X, 18, self.title, 15, "bold"),
            axes.frame(self.says_x),
            axes.bars(edges, shares),
            *(svg.circle(x, y, 2.6, "dot") for x, y in dots),
            svg.text(X, axes.bottom + 34, says, 13, "gray"),
            *self._here(axes, here),
            *(part for i, mean in enumerate(means) for part in self._mean(axes, i, mean)),
        ]

    @staticmethod
    def _here(axes: Axes, here: Mean) -> list[str]:
        """A line at the number that is shown beside, its name above."""
        x = float(axes.to_x(here.value))
        said = f"{here.label} {here.said}"
        half = svg.text_width(said, 13) / 2
        middle = min(max(x, axes.x + half), axes.right - half)
        return [
            svg.line(x, axes.y - 5, x, axes.bottom, "ink-line", 2),
            svg.text(middle, axes.y - 9, said, 13, "middle"),
        ]

    @staticmethod
    def _mean(axes: Axes, row: int, mean: Mean) -> list[str]:
        """A line of its own: a dot below the axis, so that equal numbers stand below each other."""
        y = axes.bottom + BELOW + row * PITCH
        x = float(np.clip(axes.to_x(mean.value), axes.x, axes.right))
        left, right = np.clip(axes.to_x([mean.value - mean.spread, mean.value + mean.spread]), axes.x, axes.right)
        parts = [
            svg.text(axes.x - LABELS, y + 5, f"{mean.label}: {mean.said}", 14, "end"),
            svg.line(axes.x, y, axes.right, y, "lines", 1),
        ]
        if mean.spread:
            parts.append(svg.line(float(left), y, float(right), y, "pos-line", 8))
        return parts if math.isnan(x) else [*parts, svg.circle(x, y, 5, "dot")]
