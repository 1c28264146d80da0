"""Straight lines that are fitted to a few points at x = 1, 2, 3, …: by hand, by squares, and by absolute errors.

Sources: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2nd edition, 2009), section 3.2, on least
squares; Bloomfield, Steiger, Least Absolute Deviations (1983), chapter 1: a line with the smallest sum of absolute
errors goes through two of the points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from cnnlab.traces.text import MINUS, number

DIGITS = 9
"""Places behind the point of a line that was fitted by hand."""
SAME = 1e-6
"""Heights that are nearer than this are the same."""


@dataclass(frozen=True)
class Line:
    """y = slope · x + intercept."""

    slope: float
    intercept: float

    @classmethod
    def between(cls, first: float, last: float, n: int) -> "Line":
        """The line that is ``first`` at x = 1 and ``last`` at x = n."""
        slope = (last - first) / (n - 1)
        return cls(round(slope, DIGITS), round(first - slope, DIGITS))

    def at(self, x: float) -> float:
        """The height of the line, without the crumbs of a computer."""
        return round(self.slope * x + self.intercept, 12)

    def heights(self, n: int) -> tuple[float, ...]:
        """The heights at x = 1 to n."""
        return tuple(self.at(x) for x in range(1, n + 1))

    def pulled(self, i: int, to: float, n: int, limits: tuple[float, float]) -> "Line":
        """The line whose point ``i`` of n (from 0) is pulled to a height: an end turns it about the other end, a point
        between moves all of it, as far as both ends stay within the limits.
        """
        first, last = self.at(1), self.at(n)
        if i in (0, n - 1):
            return Line.between(first, to, n) if i else Line.between(to, last, n)
        low, high = limits
        by = min(max(to - self.at(i + 1), low - min(first, last)), high - max(first, last))
        return Line.between(first + by, last + by, n)

    @property
    def text(self) -> str:
        """The line as it is typed: "y = 1.5x - 1"."""
        slope = {1.0: "", -1.0: "-"}.get(self.slope, f"{self.slope:.{DIGITS + 1}g}")
        sign = "-" if self.intercept < 0 else "+"
        return f"y = {slope}x" + (f" {sign} {abs(self.intercept):.{DIGITS + 1}g}" if self.intercept else "")

    @property
    def equation(self) -> str:
        """The line with its numbers, as they are shown: "1.5·x − 1"."""
        return f"{number(self.slope)}·x {MINUS if self.intercept < 0 else '+'} {number(abs(self.intercept))}"


def line_through(heights: Sequence[float]) -> Line | None:
    """The line on which these heights at x = 1, 2, 3, … lie, if they do."""
    line = Line.between(heights[0], heights[-1], len(heights))
    return line if np.allclose(line.heights(len(heights)), heights, rtol=0, atol=SAME) else None


@cache
def least_squares(targets: tuple[float, ...]) -> Line:
    """The line with the smallest mean of squared errors: slope = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²."""
    x, y = np.arange(1, len(targets) + 1), np.array(targets)
    off = x - x.mean()
    slope = float(off @ (y - y.mean()) / (off @ off))
    return Line(slope, float(y.mean() - slope * x.mean()))


@cache
def least_absolute(targets: tuple[float, ...]) -> Line:
    """The line with the smallest mean of absolute errors: of the lines through two of the points the best one."""
    points = list(enumerate(targets, 1))
    lines = []
    for (x, y), (other_x, other_y) in combinations(points, 2):
        slope = (other_y - y) / (other_x - x)
        lines.append(Line(slope, y - slope * x))
    return min(lines, key=lambda line: round(sum(abs(line.at(x) - y) for x, y in points), 12))
