"""The pictures of the penalty lab: a map of two weights, and the weights of a model that tells 3 from 8."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import ADVANCE, LARGEST, mono
from cnnlab.figures.grids import Box, Tone, bitmap_grid, largest, number_grid
from cnnlab.figures.plots import Axes
from cnnlab.traces.bowls import Values
from cnnlab.traces.penalty import (
    FARTHEST,
    MOST_SHOWN,
    NAMES,
    SHOWN_STEP,
    STRENGTHS,
    Penalized,
    ThreeOrEight,
    TwoWeights,
)
from cnnlab.traces.text import number

WIDTH, MARGIN, TOP = 1100.0, 16.0, 34.0
SIDE = 380.0
RIGHT, PLOT_WIDTH = 520.0, 560.0
HEIGHT = TOP + SIDE + 66
PLACES = 61
"""Places to drag the minimum to, in each direction: steps of a tenth."""
LEVELS = (0.25, 1.0, 2.25, 4.0, 6.25, 9.0, 12.25, 16.0, 20.25, 25.0, 30.25, 36.0, 42.25, 49.0)
ANGLES = np.linspace(0, 2 * np.pi, 65)
MARKS = (0.0, 0.1, 1.0, 10.0, 100.0)
"""Values of lam that are written below a plot."""
LOWEST_SHARE = 0.8
"""The lowest share of digits read right that is drawn."""


class TwoWeightsPicture:
    """All that can be drawn of two weights and a kind of penalty."""

    def __init__(self, model: TwoWeights) -> None:
        self.model = model
        reach = (-FARTHEST, FARTHEST)
        self.map = Axes(50, TOP, SIDE, SIDE, reach, reach)
        lams, weights = model.path
        low, high = min(0.0, float(weights.min())), max(0.0, float(weights.max()))
        self.plot = Axes(RIGHT, TOP + 16, PLOT_WIDTH, 168, (0, MOST_SHOWN), (low - 0.15, high + 0.15))
        self._still = self._ground() + self._line(weights, "gray-line", 2)
        curves = zip(weights.T, ("blue-line", "orange-line"), (None, "8 4"), strict=True)
        self._curves = self.plot.frame("lam", "") + "".join(
            self.plot.curve(lams, w, color, 2.5, dashes) for w, color, dashes in curves
        )

    def draw(self, step: Penalized, pixel: tuple[int, int] = (0, 0), frame: int = 0) -> str:
        """The whole picture as SVG; ``pixel`` is for the other picture."""
        content = [*self._map(step), *self._plot(step), *self._words(step)]
        at = ", ".join(number(float(w)) for w in step.weights)
        label = f"The smallest loss with {self.model.kind} and lam {number(step.penalty.lam)}: weights {at}"
        return svg.document(WIDTH, HEIGHT, content, label, frame=frame)

    # ---- the map -----------------------------------------------------------------------------------------------------

    def _line(self, points: Values, classes: str, width: float) -> str:
        """A line through points (N, 2) of the map."""
        return self.map.curve(points[:, 0], points[:, 1], classes, width)

    def _ground(self) -> str:
        axes = self.map
        lines = "".join(self._line(self.model.level(level, ANGLES), "lines", 1.5) for level in LEVELS)
        paper = svg.rect(axes.x, axes.y, axes.width, axes.height, "paper")  # contour lines are lines enough
        x, y = float(axes.to_x(0)), float(axes.to_y(0))
        zero = svg.line(x, axes.y, x, axes.bottom, "gray-line", 1) + svg.line(axes.x, y, axes.right, y, "gray-line", 1)
        return axes.frame(NAMES[0], NAMES[1]) + paper + lines + zero

    def _map(self, step: Penalized) -> list[str]:
        axes, (a, b) = self.map, self.model.lowest.tolist()
        content = [self._still, self._region(step), self._line(self.model.level(step.loss, ANGLES), "blue-line", 2)]
        x, y = float(axes.to_x(a)), float(axes.to_y(b))
        content += [svg.line(x - 7, y - 7, x + 7, y + 7, "ink-line", 2.5)]
        content += [svg.line(x - 7, y + 7, x + 7, y - 7, "ink-line", 2.5)]
        content.append(axes.point(*step.weights.tolist()))
        label = "map of the loss: click, drag or use the arrow keys to move where the loss is smallest"
        grid = axes.pointable("map", label, content, "paint pin", PLACES, PLACES, (a, b))
        return [svg.text(axes.x + 34, TOP - 9, self.model.formula(), 14, "mono"), grid]

    def _region(self, step: Penalized) -> str:
        """All weights that cost no more than these."""
        if not step.cost:
            return ""
        edge = step.penalty.region(step.cost, ANGLES)
        pieces = "".join(self.map.pieces(edge[:, 0], edge[:, 1]))
        fill = f'<path class="cl-gray-band" d="{pieces}z"/>'
        return fill + svg.path(pieces, "ink-line", 2)

    # ---- the weights over lam ----------------------------------------------------------------------------------------

    def _plot(self, step: Penalized) -> list[str]:
        axes, lam = self.plot, min(step.penalty.lam, MOST_SHOWN)
        here = float(axes.to_x(lam))
        content = [self._curves, svg.line(here, axes.y, here, axes.bottom, "gray-line", 1.5, "4 4")]
        if step.penalty.lam <= MOST_SHOWN:
            content += [axes.point(lam, float(w), 5.5) for w in step.weights]
        label = "both weights over lam: point to look at another lam, click to stay there"
        heading = "the weights at the minimum of loss + penalty, over lam"
        legend_x = RIGHT + PLOT_WIDTH - 120
        return [
            svg.text(RIGHT, TOP - 9, heading, 14, "gray"),
            *_sample(legend_x, TOP - 14, "blue-line", None, NAMES[0]),
            *_sample(legend_x + 66, TOP - 14, "orange-line", "8 4", NAMES[1]),
            axes.pointable("lam", label, content, "hover pin", round(MOST_SHOWN / SHOWN_STEP) + 1),
        ]

    def _words(self, step: Penalized) -> list[str]:
        y, room = self.plot.bottom + 70, WIDTH - MARGIN - RIGHT
        lines = [step.total(), *step.balances((0, 0))]
        size = min(LARGEST, room / (ADVANCE * max(map(len, lines))))
        return [
            *(mono(RIGHT, y + 30 * i, room, line, size) for i, line in enumerate(lines)),
            svg.text(MARGIN, HEIGHT - 10, step.says(), 15),
        ]


class ThreeOrEightPicture:
    """All that can be drawn of the model that tells 3 from 8, with a kind of penalty."""

    def __init__(self, model: ThreeOrEight, kind: str) -> None:
        self.model, self.kind = model, kind
        weights = model.path(kind)
        self.zeros = Axes(RIGHT + 50, TOP, PLOT_WIDTH - 50, 128, (0, len(STRENGTHS) - 1), (0, weights.shape[1]))
        low = TOP + 128 + 62
        self.right = Axes(RIGHT + 50, low, PLOT_WIDTH - 50, 128, self.zeros.x_range, (LOWEST_SHARE, 1.0))
        self.box = Box(MARGIN + 4, TOP, SIDE // 8, 8, 8)
        self._means = self._mean_digits()
        x = np.arange(len(STRENGTHS))
        learned, held_out = (
            count / len(of)
            for count, of in zip(model.right(weights), (model.targets, model.held_out_targets), strict=True)
        )
        self._zeros = _frame(self.zeros, (0, 16, 32, 48, 64)) + self.zeros.curve(x, (weights == 0).sum(axis=1))
        self._right = (
            _frame(self.right, (LOWEST_SHARE, 0.9, 1.0))
            + self.right.curve(x, learned, "gray-line", 2)
            + self.right.curve(x, held_out, "blue-line")
        )

    def draw(self, step: Penalized, pixel: tuple[int, int], frame: int = 0) -> str:
        """The whole picture as SVG; of the ``pixel`` (row, column) the slopes are written out."""
        content = [self._means, *self._weights(step, *pixel), *self._plots(step), *self._words(step, pixel)]
        label = f"The 64 weights of a model that tells 3 from 8, {self.kind} with lam {number(step.penalty.lam)}"
        return svg.document(WIDTH, HEIGHT, content, label, frame=frame)

    def _mean_digits(self) -> str:
        """What the model learns from: the mean 3 and the mean 8."""
        x, side, parts = MARGIN + SIDE + 22, 76.0, []
        for i, digit in enumerate((3, 8)):
            mean = self.model.images[self.model.labels == digit].mean(axis=0)
            y = TOP + i * (side + 40)
            parts.append(bitmap_grid(Box(x, y, side, 1, 1), 1 - mean, Tone(False, 1.0)))
            parts.append(svg.text(x + side / 2, y + side + 17, f"mean {digit}", 13, "gray middle"))
        return "".join(parts)

    def _weights(self, step: Penalized, row: int, col: int) -> list[str]:
        values = step.weights.reshape(8, 8)
        content = [number_grid(self.box, values, max(largest(values), 1e-9), hidden=values == 0)]
        content.append(self.box.part(row, col, 1, 1, "outline"))
        label = "weights: point at one to see its slopes, arrow keys walk, Enter stays"
        heading = "a weight for each pixel: blue for 8, orange for 3, gray exactly 0"
        return [
            svg.text(self.box.x, TOP - 9, heading, 14, "gray"),
            self.box.pointable("weight", label, content, "hover pin", at=f"{row} {col}"),
        ]

    def _plots(self, step: Penalized) -> list[str]:
        lam = step.penalty.lam
        place = float(np.interp(lam, STRENGTHS, np.arange(len(STRENGTHS))))
        total = len(self.model.held_out_targets)
        right = int(self.model.right(step.weights)[1])
        said = f"{step.zeros} of {len(step.weights)}", f"{right / total:.1%}"
        shown = max(right / total, LOWEST_SHARE)
        headings = "weights that are exactly 0", "read right: held-out digits blue, those learned from gray"
        parts = []
        for axes, name, still, y, heading, now in zip(
            (self.zeros, self.right),
            ("zeros", "right"),
            (self._zeros, self._right),
            (step.zeros, shown),
            headings,
            said,
            strict=True,
        ):
            x = float(axes.to_x(place))
            line = svg.line(x, axes.y, x, axes.bottom, "gray-line", 1.5, "4 4")
            label = f"{heading}, over lam: point to look at another lam, click to stay there"
            parts += [
                svg.text(axes.x, axes.y - 9, heading, 14, "gray"),
                svg.text(axes.right, axes.y - 9, now, 14, "bold end"),
                axes.pointable(name, label, [still, line, axes.point(place, y, 5.5)], "hover pin", len(STRENGTHS)),
            ]
        return parts

    def _words(self, step: Penalized, pixel: tuple[int, int]) -> list[str]:
        line = "; ".join([*step.balances(pixel), step.total()])
        return [
            mono(MARGIN, HEIGHT - 34, WIDTH - 2 * MARGIN, line, 15),
            svg.text(MARGIN, HEIGHT - 10, step.says(), 15),
        ]


def _sample(x: float, y: float, color: str, dashes: str | None, name: str) -> list[str]:
    """A short line, and whose it is."""
    return [svg.line(x, y, x + 30, y, color, 2.5, dashes), svg.text(x + 36, y + 5, name, 14)]


def _frame(axes: Axes, y_ticks: tuple[float, ...]) -> str:
    """The plot over lam, with its powers of ten where the slider has them."""
    marks = [(float(axes.to_x(STRENGTHS.index(lam))), lam) for lam in MARKS]
    lines = "".join(svg.line(x, axes.y, x, axes.bottom, "lines", 1) for x, _ in marks)
    texts = "".join(svg.text(x, axes.bottom + 17, number(lam), 13, "gray middle") for x, lam in marks)
    return axes.frame(x_ticks=(), y_ticks=y_ticks) + lines + texts
