"""The picture of the batch norm lab: the values of a batch on three axes, their numbers, and the four modes."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, flat_grid, in_full, largest
from cnnlab.figures.plots import Axes, ticks
from cnnlab.traces.norm import BatchNorm
from cnnlab.traces.norm_modes import GRADS, TRAININGS, Mode, forward_says, running_lines
from cnnlab.traces.text import number

Values = NDArray[np.float64]

WIDTH, MARGIN = 1100.0, 11.0
LEFT, ROOM = 176.0, 470.0
TOP, STRIP, PITCH = 24.0, 30.0, 70.0
CELL, CELLS_Y, ROW = 50.0, 236.0, 28.0
SIDE = 700.0
"""Where the right column begins."""
MODE_WIDE, MODE_HIGH, MODES_Y = 193.0, 68.0, 32.0
FORMULA_Y, LINE = 360.0, 23.0
HEIGHT = FORMULA_Y + 4 * LINE + 12
PLACES = 241
"""Numbers that a value can be dragged to."""
NEAR = 12.0
"""The axes reach from -12 to 12, or ten times as far, and so on."""
NUMBERS_AT = {"x": -6.0, "y": STRIP + 14}
STRIPS = (("x", "x, the batch"), ("x_hat", "x̂"), ("y", "y = γ·x̂ + β"))


class BatchNormPicture:
    """All that can be drawn of one batch in one mode."""

    def __init__(self, norm: BatchNorm, mode: Mode) -> None:
        self.norm, self.mode = norm, mode
        self.count = norm.count
        out = reach_of(np.concatenate([norm.x_hat, norm.y]), (1, 2.5, 5))
        ranges = {"x": around(norm.x), "x_hat": out, "y": out}
        self.axes = {
            name: Axes(LEFT, TOP + i * PITCH, ROOM, STRIP, ranges[name], (0, 1)) for i, (name, _) in enumerate(STRIPS)
        }

    def draw(self, at: int, modes: bool = True, running: bool = True, frame: int = 0) -> str:
        """The whole picture as SVG; ``at`` is the value that is written out. ``modes`` are the four ways to call the
        layer, ``running`` is what becomes of the running statistics.
        """
        strips = [part for name, title in STRIPS for part in self._strip(name, title)]
        cells = [self._row(name, i, at) for i, (name, _) in enumerate(STRIPS)]
        side = [*(self._modes() if modes else ()), *(self._running() if running else ())]
        content = [*strips, *self._threads(at), *self._dots(at), *cells, *side, *self._formulas(at)]
        label = f"Batch norm of {self.count} values: {forward_says(self.norm)}"
        return svg.document(WIDTH, HEIGHT, content, label, frame=frame)

    # ---- the axes ----------------------------------------------------------------------------------------------------

    def _strip(self, name: str, title: str) -> list[str]:
        """An axis with its numbers, and on it the mean and one standard deviation to either side."""
        axes = self.axes[name]
        mean, std, said = self._center(name)
        middle = axes.y + STRIP / 2
        parts = [
            svg.text(LEFT - 18, axes.y + 12, title, 15, "bold end"),
            svg.text(LEFT - 18, axes.y + 31, said, 13, "gray end"),
            _band(axes, mean, std),
            svg.line(axes.x, middle, axes.right, middle, "gray-line", 1),
        ]
        for value in ticks(*axes.x_range, about=7):
            x = float(axes.to_x(value))
            parts.append(svg.line(x, middle - 4, x, middle + 4, "gray-line", 1))
            if name in NUMBERS_AT:  # x̂ and y have one scale, and the threads need the room between
                parts.append(svg.text(x, axes.y + NUMBERS_AT[name], number(value), 12, "gray middle"))
        if axes.x_range[0] <= mean <= axes.x_range[1]:
            x = float(axes.to_x(mean))
            parts.append(svg.line(x, axes.y, x, axes.bottom, "ink-line", 2))
        return parts

    def _center(self, name: str) -> tuple[float, float, str]:
        """The numbers that normalize, or what they have become."""
        f = self.norm
        if name == "x":
            return f.mean, f.std, f"{number(f.mean)} ± {number(f.std)}"
        return (
            (0.0, 1.0, "0 ± 1")
            if name == "x_hat"
            else (f.beta, abs(f.gamma), f"{number(f.beta)} ± {number(abs(f.gamma))}")
        )

    def _threads(self, at: int) -> list[str]:
        """Each value on its way from axis to axis."""
        lines = []
        for upper, lower in (("x", "x_hat"), ("x_hat", "y")):
            above, below = self._places(upper), self._places(lower)
            top, bottom = self.axes[upper].bottom - STRIP / 2 + 8, self.axes[lower].y + STRIP / 2 - 8
            for i, (start, end) in enumerate(zip(above, below, strict=True)):
                lines.append(svg.line(start, top, end, bottom, "ink-line" if i == at else "lines", 1.5))
        return lines

    def _places(self, name: str) -> list[float]:
        return [float(x) for x in self.axes[name].to_x(getattr(self.norm, name))]

    def _dots(self, at: int) -> list[str]:
        """The values; those of x can be dragged, each along the whole axis."""
        parts = []
        for name, _ in STRIPS:
            y, places = self.axes[name].y + STRIP / 2, self._places(name)
            for i in range(self.count):
                mark = (6.5, "dot") if i == at else (5.0, "blue-dot")
                dot = svg.circle(places[i], y, 8, "paper") + svg.circle(places[i], y, *mark)
                if name == "x":
                    value = float(self.norm.x[i])
                    label = f"x[{i}] = {number(value)}: arrow keys move it"
                    dot = self.axes["x"].pointable(f"dot {i}", label, [dot], "paint pin", PLACES, at=(value, 0))
                parts.append(dot)
        return parts

    # ---- the numbers -------------------------------------------------------------------------------------------------

    def _row(self, name: str, i: int, at: int) -> str:
        values = np.asarray(getattr(self.norm, name))
        box = Box(LEFT, CELLS_Y + i * (ROW + 4), CELL, 1, self.count)
        strongest = largest(self.norm.x if name == "x" else np.concatenate([self.norm.x_hat, self.norm.y]))
        cells = flat_grid(box, values, strongest or 1.0, ROW)
        mark = svg.rect(LEFT + at * CELL, box.y, CELL, ROW, "thin")
        if name == "x":
            label = "x, the batch: arrow keys move, Enter changes a number"
            values_of = in_full(values[None])
            cells = box.pointable(
                "x", label, [cells + mark], "edit", ROW, values=values_of, inside=f"0 0 1 {self.count}"
            )
        else:
            cells = box.pointable(name, f"{name}: arrow keys choose one", [cells + mark], "hover pin", ROW)
        return svg.text(LEFT - 18, box.y + 19, name.replace("x_hat", "x̂"), 15, "end") + cells

    def _formulas(self, at: int) -> list[str]:
        f, room = self.norm, WIDTH - 2 * MARGIN
        names = ("batch_mean", "batch_var") if f.training else ("mean", "std")
        lines = [str(f.equation(name, at)) for name in (*names, "x_hat", "y")]
        parts = [mono(MARGIN, FORMULA_Y + i * LINE, room, said.replace("x_hat", "x̂")) for i, said in enumerate(lines)]
        return [*parts, svg.text(MARGIN, FORMULA_Y + 4 * LINE + 2, forward_says(f), 15)]

    # ---- the modes ---------------------------------------------------------------------------------------------------

    def _modes(self) -> list[str]:
        """The four ways to call the layer, the present one outlined."""
        parts = [
            svg.text(SIDE + (col + 0.5) * MODE_WIDE, MODES_Y - 12, said, 14, "bold middle")
            for col, (said, _) in enumerate(TRAININGS)
        ]
        cells = []
        for row, (said, grad) in enumerate(GRADS):
            y = MODES_Y + row * (MODE_HIGH + 20)
            for col, (_, training) in enumerate(TRAININGS):
                x, here = SIDE + col * MODE_WIDE, Mode(training, grad)
                chosen = here == self.mode
                cells += [svg.rect(x, y, MODE_WIDE, MODE_HIGH + 20, "gray-band" if chosen else "paper")]
                cells += [svg.rect(x, y, MODE_WIDE, MODE_HIGH + 20, "lines")]
                cells.append(svg.text(x + MODE_WIDE / 2, y + 17, said, 12, "gray middle mono"))
                lines = enumerate(here.says())
                cells += [svg.text(x + MODE_WIDE / 2, y + 38 + 19 * i, line, 12.5, "middle") for i, line in lines]
        box = Box(SIDE, MODES_Y, MODE_WIDE, 2, 2)
        cells.append(self._chosen(box))
        return [*parts, box.pointable("modes", "four modes: arrow keys choose one", cells, "choose", MODE_HIGH + 20)]

    def _chosen(self, box: Box) -> str:
        row, col = int(not self.mode.grad), int(not self.mode.training)
        high = MODE_HIGH + 20
        return svg.rect(box.x + col * MODE_WIDE, box.y + row * high, MODE_WIDE, high, "outline")

    def _running(self) -> list[str]:
        """What becomes of the running statistics."""
        y, room = MODES_Y + 2 * (MODE_HIGH + 20) + 30, WIDTH - MARGIN - SIDE
        n = self.count
        note = (
            f"unbiased: over n − 1 = {n - 1}; x̂ takes the one over n = {n}"
            if self.norm.training
            else "only training moves them"
        )
        return [
            *(mono(SIDE, y + i * LINE, room, said, 14) for i, said in enumerate(running_lines(self.norm))),
            svg.text(SIDE, y + 2 * LINE, note, 13, "gray"),
        ]


def _band(axes: Axes, mean: float, std: float) -> str:
    """From one standard deviation below the mean to one above, as far as there is room."""
    left, right = (float(v) for v in np.clip(axes.to_x([mean - std, mean + std]), axes.x, axes.right))
    return svg.rect(left, axes.y, right - left, axes.height, "gray-band")


def reach_of(values: Values, factors: Sequence[float] = (1,)) -> tuple[float, float]:
    """A range around 0 that holds all values and stays the same while one of them is dragged within it.

    It reaches to 12, or to a power of ten (times one of ``factors``) as far.
    """
    most = largest(values) / NEAR * (1 - 1e-9)
    power = 10.0 ** max(0, math.floor(math.log10(most))) if most else 1.0
    reach = NEAR * next(power * factor for factor in (*factors, 10) if power * factor >= most)
    return -reach, reach


def around(values: Values) -> tuple[float, float]:
    """A range that holds all values: around 0, or around where they are if that is far away from 0 for their spread."""
    low, high = reach_of(values)
    spread = float(np.ptp(values))
    if high == NEAR or spread > high / 20 or not spread:
        return low, high
    unit = 10.0 ** math.ceil(math.log10(2 * spread / NEAR) - 1e-9)
    center = 10 * unit * round(float(np.median(values)) / (10 * unit))  # a median hardly moves with one value
    return center - NEAR * unit, center + NEAR * unit
