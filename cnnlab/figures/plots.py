"""Plots: axes with their ticks, and what is drawn on them; what can be dragged on them is a grid of fine cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box
from cnnlab.traces.text import MINUS, number

Values = NDArray[np.float64]
Point = tuple[float, float]

LABEL = 13.0
MOST_POWERS = 7
"""Ticks of a logarithmic scale; of more every second one is left out, or all but every third, and so on."""


@dataclass(frozen=True)
class Axes:
    """A rectangle of the picture (pixels) with a range of numbers each way (``x_range``, ``y_range``; low before high).

    With ``log_y`` the vertical scale has powers of ten. Labels stand outside: about 20 pixels below, 45 to the left.
    """

    x: float
    y: float
    width: float
    height: float
    x_range: Point
    y_range: Point
    log_y: bool = False

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    # ---- numbers and pixels ------------------------------------------------------------------------------------------

    def to_x(self, value: ArrayLike) -> Values:
        """Where a number, or each of several, lies from left to right."""
        low, high = self.x_range
        return np.asarray(self.x + self.width * (np.asarray(value, float) - low) / (high - low))

    def to_y(self, value: ArrayLike) -> Values:
        """Where a number, or each of several, lies from top to bottom; on a logarithmic scale 0 is infinitely far."""
        low, high = self._heights(np.array(self.y_range))
        return np.asarray(self.bottom - self.height * (self._heights(np.asarray(value, float)) - low) / (high - low))

    def _heights(self, values: Values) -> Values:
        if not self.log_y:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(values))

    def x_at(self, col: int, cols: int) -> float:
        """The number that column ``col`` of :meth:`pointable` stands for, from the low end to the high one."""
        low, high = self.x_range
        return low + (high - low) * col / (cols - 1)

    def y_at(self, row: int, rows: int) -> float:
        """The number that row ``row`` of :meth:`pointable` stands for, from the high end down."""
        low, high = self.y_range
        return high - (high - low) * row / (rows - 1)

    def col_of(self, value: float, cols: int) -> int:
        """The column that is nearest to a number."""
        return _nearest(value, self.x_range, cols)

    def row_of(self, value: float, rows: int) -> int:
        """The row that is nearest to a number."""
        return rows - 1 - _nearest(value, self.y_range, rows)

    # ---- the axes ----------------------------------------------------------------------------------------------------

    def frame(
        self,
        x_label: str = "",
        y_label: str = "",
        x_ticks: Sequence[float] | None = None,
        y_ticks: Sequence[float] | None = None,
    ) -> str:
        """The paper with its grid lines, the numbers beside it, the lines of zero; everything else is drawn on it.

        The label of x stands below on the right, that of y above on the left. Ticks are given, or else well chosen.
        """
        columns = ticks(*self.x_range) if x_ticks is None else x_ticks
        rows = (powers if self.log_y else ticks)(*self.y_range) if y_ticks is None else y_ticks
        parts = [svg.rect(self.x, self.y, self.width, self.height, "paper")]
        for value in columns:
            x = float(self.to_x(value))
            parts.append(svg.line(x, self.y, x, self.bottom, "gray-line" if value == 0 else "lines", 1))
            parts.append(svg.text(x, self.bottom + 17, number(value), LABEL, "gray middle"))
        for value in rows:
            y, said = float(self.to_y(value)), self._tick_text(value)
            parts.append(svg.line(self.x, y, self.right, y, "gray-line" if value == 0 else "lines", 1))
            parts.append(svg.text(self.x - 7, y + 4.5, said, LABEL, "gray end"))
        parts.append(svg.rect(self.x, self.y, self.width, self.height, "lines"))
        if x_label:
            parts.append(svg.text(self.right, self.bottom + 34, x_label, LABEL, "gray end"))
        if y_label:
            parts.append(svg.text(self.x, self.y - 8, y_label, LABEL, "gray"))
        return "".join(parts)

    def _tick_text(self, value: float) -> str:
        plain = not self.log_y or (self.y_range[0] >= 0.009 and self.y_range[1] <= 1100)
        return number(value) if plain or value == 1 else power_of_ten(value)

    def pointable(
        self, name: str, label: str, content: Sequence[str], on: str, cols: int, rows: int = 1, at: Point | None = None
    ) -> str:
        """The plot as something to point at and to drag on: ``cols`` x ``rows`` places, whose numbers are
        :meth:`x_at` and :meth:`y_at`; ``at`` (x, y) is where the keyboard starts from.
        """
        wide, high = self.width / max(cols - 1, 1), self.height / max(rows - 1, 1)
        # A number is in the middle of its cell.
        box = Box(self.x - wide / 2 * (cols > 1), self.y - high / 2 * (rows > 1), wide, rows, cols)
        start = {} if at is None else {"at": f"{self.row_of(at[1], rows)} {self.col_of(at[0], cols)}"}
        return box.pointable(name, label, content, on, high, True, **start)

    # ---- on the axes -------------------------------------------------------------------------------------------------

    def curve(
        self, x: ArrayLike, y: ArrayLike, classes: str = "ink-line", width: float = 2.5, dashes: str | None = None
    ) -> str:
        """A line through points, as far as it lies on the plot; a point that is not finite leaves a gap."""
        path = "".join(self.pieces(x, y))
        return svg.path(path, classes, width, dashes) if path else ""

    def pieces(self, x: ArrayLike, y: ArrayLike) -> list[str]:
        """The lines between each two points, as pieces of a path: the first n of them are the curve so far."""
        points = np.stack([self.to_x(x), self.to_y(y)], -1)
        low, high = np.array([self.x, self.y]), np.array([self.right, self.bottom])
        pieces: list[str] = []
        last: Point | None = None
        for part in _clipped(points, low, high):
            if part is None:
                pieces.append("")
                continue
            pieces.append(f"{'' if part[0] == last else f'M{_pair(part[0])}'}L{_pair(part[1])}")
            last = part[1]
        return pieces

    def leaves_at(self, start: Point, end: Point) -> Point:
        """Where the line between two pixels, from ``start`` on the plot to ``end`` outside, meets the border."""
        _, last = _range_inside(start, end, (self.x, self.y), (self.right, self.bottom))
        return _between(start, end, last)

    def bars(self, edges: ArrayLike, heights: ArrayLike, classes: str = "pos", opacity: float = 0.78) -> str:
        """A histogram: a column between each two edges, from the lower border up."""
        x, tops = self.to_x(edges).tolist(), np.clip(self.to_y(heights), self.y, self.bottom).tolist()
        columns = ((a, top, b - a, self.bottom - top) for a, b, top in zip(x, x[1:], tops, strict=False))
        return "".join(svg.rect(*column, classes, opacity) for column in columns if column[3] > 0)

    def band(self, low: float, high: float) -> str:
        """A range of x, a little darker than the rest; to be drawn on the frame, below all else."""
        left, right = (float(v) for v in self.to_x([low, high]))
        return svg.rect(left, self.y, right - left, self.height, "gray-band")

    def point(self, x: float, y: float, radius: float = 6.5) -> str:
        """A dot with a rim of paper, which stands out from any line."""
        here = float(self.to_x(x)), float(self.to_y(y))
        return svg.circle(*here, radius + 2, "paper") + svg.circle(*here, radius, "dot")

    def guides(self, x: float, y: float) -> str:
        """Dashed lines from a point down to the axis and across to the left border."""
        column, row = float(self.to_x(x)), float(self.to_y(y))
        down = svg.line(column, row, column, self.bottom, "gray-line", 1.5, "4 4")
        return down + svg.line(self.x, row, column, row, "gray-line", 1.5, "4 4")


def ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Round numbers from ``low`` to ``high``, about so many: in steps of 1, 2 or 5 times a power of ten."""
    least = (high - low) / (about + 1)
    power = 10.0 ** floor(log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(round(i * step, 12) for i in range(first, last + 1))


def powers(low: float, high: float) -> tuple[float, ...]:
    """Powers of ten from ``low`` to ``high``, so many that their labels have room."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    every = -(-(last - first + 1) // MOST_POWERS)
    return tuple(10.0**i for i in range(first, last + 1) if i % every == 0)


def power_of_ten(value: float) -> str:
    """0.001 as 10⁻³."""
    exponent = str(round(log10(value))).replace("-", MINUS)
    return "10" + exponent.translate(str.maketrans(f"{MINUS}0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _nearest(value: float, limits: Point, count: int) -> int:
    low, high = limits
    return min(max(round((value - low) / (high - low) * (count - 1)), 0), count - 1)


def _pair(point: Point) -> str:
    return f"{svg.fmt(point[0])} {svg.fmt(point[1])}"


def _clipped(points: Values, low: Values, high: Values) -> Iterator[tuple[Point, Point] | None]:
    """The part of the line between each two points that lies between ``low`` and ``high`` in both directions, if any.

    A line is start + t (end - start) with t from 0 to 1; each border leaves less of that range (Liang and Barsky, A new
    concept and method for line clipping, 1984).
    """
    inside: list[bool] = np.all((points >= low) & (points <= high), axis=1).tolist()
    finite = np.all(np.isfinite(points), axis=1)
    below, above = points < low, points > high
    apart = ((below[:-1] & below[1:]) | (above[:-1] & above[1:])).any(axis=1)  # both ends beyond the same border
    possible: list[bool] = (finite[:-1] & finite[1:] & ~apart).tolist()
    listed: list[Point] = [(x, y) for x, y in points.tolist()]
    for i, (start, end) in enumerate(pairwise(listed)):
        if inside[i] and inside[i + 1]:
            yield start, end
        else:
            first, last = _range_inside(start, end, low.tolist(), high.tolist()) if possible[i] else (1.0, 0.0)
            yield (_between(start, end, first), _between(start, end, last)) if first < last else None


def _range_inside(start: Point, end: Point, low: Sequence[float], high: Sequence[float]) -> Point:
    first, last = 0.0, 1.0
    for a, b, least, most in zip(start, end, low, high, strict=True):
        if a == b:
            first, last = (first, last) if least <= a <= most else (1.0, 0.0)
        else:
            near, far = sorted(((least - a) / (b - a), (most - a) / (b - a)))
            first, last = max(first, near), min(last, far)
    return first, last


def _between(start: Point, end: Point, t: float) -> Point:
    return start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])
