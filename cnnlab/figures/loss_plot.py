"""A loss over the steps of a descent, on a logarithmic scale, with the step that is looked at."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.plots import Axes, power_of_ten
from cnnlab.traces.text import number

Values = NDArray[np.float64]
Powers = tuple[int, int]

MOST_POWERS, WALKED_POWERS = 12, 6
"""The curve reaches down to its highest power of ten less this many; smaller losses lie on the lower border."""
MOST_POINTS = 140


@dataclass(frozen=True, eq=False)
class LossPlot:
    """The frame of the curve: ``losses`` by step, room for ``updates`` steps; ``floor`` marks a loss with its words."""

    losses: Values
    updates: int
    x: float
    y: float
    width: float
    height: float
    floor: tuple[float, str] | None = None

    def draw(self, index: int, walk: bool) -> list[str]:
        """The curve as a grid to point at, of one row; with ``walk`` only as far as this step, and nothing of the rest.

        Then the scale does not know the rest either: it reaches down by so many powers of ten, whatever comes.
        """
        shown = self.losses[: index + 1] if walk else self.losses
        axes, pitch = self._axes(_walked(shown) if walk else _powers(shown)), self.width / self.updates
        box = Box(self.x - pitch / 2, self.y, pitch, 1, len(self.losses))
        content = [_frame(axes), "" if walk else self._floor(axes), _curve(axes, shown)]
        x, y = float(axes.to_x(index)), float(axes.to_y(_raised(axes, self.losses[index])))
        here = svg.line(self.x, self.y, self.x, axes.bottom, "thin", 1.5)
        return [
            box.pointable("loss", "loss at every step: arrow keys walk", content, "steps hover pin", self.height),
            follower("here", here, 0, index, pitch, 0),
            svg.circle(x, y, 5, "halo") + svg.circle(x, y, 5, "paper") + svg.circle(x, y, 5, "outline"),
        ]

    def _axes(self, powers: Powers) -> Axes:
        low, high = powers
        losses = (10.0**low, 10.0**high)
        return Axes(self.x, self.y, self.width, self.height, (0, self.updates), losses, log_y=True)

    def _floor(self, axes: Axes) -> str:
        """A dashed line at the loss that is marked, where it is to be seen."""
        if self.floor is None or self.floor[0] < axes.y_range[0]:
            return ""
        y = float(axes.to_y(self.floor[0]))
        line = svg.line(self.x, y, axes.right, y, "frame", 1.5, "6 4")
        return line + svg.text(axes.right - 8, y - 7, self.floor[1], 13, "gray end")


@lru_cache(maxsize=8)  # the page is drawn anew for each step, and the axes mostly stay
def _frame(axes: Axes) -> str:
    last = int(axes.x_range[1])
    return axes.frame("steps", x_ticks=sorted({0, last // 2, last}))


def _raised(axes: Axes, losses: Values) -> Values:
    """What is below the plot lies on its lower border."""
    return np.maximum(losses, axes.y_range[0])


def _curve(axes: Axes, losses: Values) -> str:
    """The losses as a line; of many of them, some."""
    shown = np.unique(np.r_[np.arange(0, len(losses), ceil(len(losses) / MOST_POINTS)), len(losses) - 1])
    return axes.curve(shown, _raised(axes, losses[shown]), "pos-line")


def _highest(losses: Values) -> int:
    return ceil(log10(max(float(losses.max()), 1e-300)) + 0.05)


def _powers(losses: Values) -> Powers:
    """The powers of ten between which all losses lie, two at least."""
    high, low = _highest(losses), floor(log10(max(float(losses.min()), 1e-300)))
    return max(min(low, high - 2), high - MOST_POWERS), high


def _walked(losses: Values) -> Powers:
    """The powers of ten for losses that are not all known yet."""
    high = _highest(losses)
    return high - WALKED_POWERS, high


def loss_text(loss: float) -> str:
    """A loss that may be very small: ``0.023``, ``2.3·10⁻⁵``; 0 for what is only rounding."""
    if loss >= 1e-3 or loss < 1e-20:
        return number(loss)
    power = floor(log10(loss))
    return f"{loss / 10.0**power:.1f}·{power_of_ten(10.0**power)}"
