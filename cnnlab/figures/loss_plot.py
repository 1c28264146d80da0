"""A loss over the steps of a descent, on a logarithmic scale, with the step that is looked at."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, follower
from cnnlab.traces.text import number

Values = NDArray[np.float64]
Powers = tuple[int, int]

MOST_POWERS, WALKED_POWERS = 12, 6
"""The curve reaches down to its highest power of ten less this many; smaller losses lie on the lower border."""
MOST_LABELS, MOST_POINTS = 8, 140
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
        powers = _walked(shown) if walk else _powers(shown)
        box = Box(self.x - self._pitch / 2, self.y, self._pitch, 1, len(self.losses))
        grid = [_axes(self, powers), "" if walk else self._floor(powers), self._curve(shown, powers)]
        x, y = self.x + index * self._pitch, float(self._heights(self.losses[index], powers))
        here = svg.line(self.x, self.y, self.x, self.y + self.height, "thin", 1.5)
        return [
            box.pointable("loss", "loss at every step: arrow keys walk", grid, "steps hover pin", height=self.height),
            follower("here", here, 0, index, self._pitch, 0),
            svg.circle(x, y, 5, "halo") + svg.circle(x, y, 5, "paper") + svg.circle(x, y, 5, "outline"),
        ]

    @cached_property
    def _pitch(self) -> float:
        return self.width / self.updates

    def _heights(self, losses: Values | float, powers: Powers) -> Values:
        low, high = powers
        exponents = np.log10(np.maximum(losses, 10.0**low))
        return np.asarray(self.y + self.height * (high - exponents) / (high - low))

    def _floor(self, powers: Powers) -> str:
        """A dashed line at the loss that is marked, where it is to be seen."""
        if self.floor is None or self.floor[0] < 10.0 ** powers[0]:
            return ""
        y, right = float(self._heights(self.floor[0], powers)), self.x + self.width
        line = svg.line(self.x, y, right, y, "frame", 1.5, "6 4")
        return line + svg.text(right - 8, y - 7, self.floor[1], 13, "gray end")

    def _curve(self, losses: Values, powers: Powers) -> str:
        """The losses as a line; of many of them, some."""
        shown = np.unique(np.r_[np.arange(0, len(losses), ceil(len(losses) / MOST_POINTS)), len(losses) - 1])
        heights = self._heights(losses[shown], powers).tolist()
        points = (
            f"{svg.fmt(self.x + step * self._pitch)} {svg.fmt(y)}"
            for step, y in zip(shown.tolist(), heights, strict=True)
        )
        return f'<path class="cl-pos-line" stroke-width="2.5" d="M{"L".join(points)}"/>'


@lru_cache(maxsize=8)  # the page is drawn anew for each step, and the axes mostly stay
def _axes(plot: LossPlot, powers: Powers) -> str:
    (low, high), bottom = powers, plot.y + plot.height
    parts = [svg.rect(plot.x, plot.y, plot.width, plot.height, "paper")]
    for power in range(high, low - 1, -ceil((high - low) / (MOST_LABELS - 1))):
        y = plot.y + plot.height * (high - power) / (high - low)
        parts.append(svg.line(plot.x, y, plot.x + plot.width, y, "lines", 1))
        parts.append(svg.text(plot.x - 7, y + 5, _label(power), 13, "gray end"))
    parts.append(svg.rect(plot.x, plot.y, plot.width, plot.height, "lines"))
    for update in sorted({0, plot.updates // 2, plot.updates}):
        place = "" if update == 0 else " middle" if update < plot.updates else " end"
        parts.append(svg.text(plot.x + update * plot._pitch, bottom + 18, str(update), 13, f"gray{place}"))
    return "".join([*parts, svg.text(plot.x + plot.width * 0.75, bottom + 18, "steps", 13, "gray middle")])


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
    return f"{loss / 10.0**power:.1f}·{_power(power)}"


def _label(power: int) -> str:
    """Ten to a power, as the label of an axis."""
    return number(10.0**power) if -3 <= power <= 3 else _power(power)


def _power(power: int) -> str:
    return "10" + str(power).translate(SUPERSCRIPTS)
