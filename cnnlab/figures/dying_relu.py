"""The picture of one unit that learns: its line through the targets, and beside it the loss after every step."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.plots import Axes
from cnnlab.traces.dying_relu import INPUTS, STEPS, TARGETS, Descent, UnitStep
from cnnlab.traces.text import number, plural

WIDTH, MARGIN = 1000.0, 16.0
TOP, HIGH = 30.0, 230.0
LEFT_X, LEFT = 62.0, 396.0
RIGHT_X, RIGHT = 560.0, 424.0
FORMULA_Y = TOP + HIGH + 62
HEIGHT = FORMULA_Y + 66
LOSSES = (1e-3, 100.0)


class DyingPicture:
    """All that can be drawn of one descent, and of the losses of another one ``beside`` it."""

    def __init__(self, descent: Descent, beside: Descent | None = None) -> None:
        self.descent, self.beside = descent, beside
        self.plane = Axes(LEFT_X, TOP, LEFT, HIGH, (0, 3), (-3, 9))
        self.losses = Axes(RIGHT_X, TOP, RIGHT, HIGH, (-0.5, STEPS + 0.5), LOSSES, log_y=True)

    def draw(self, at: UnitStep, walk: bool, frame: int = 0) -> str:
        """The whole picture as SVG; with ``walk`` only the losses up to this step."""
        data = {"frame": frame, "step": at.index, "columns": STEPS + 1, "count": STEPS + 1}
        label = f"One unit after step {at.index}: w {number(at.w)}, b {number(at.b)}, loss {number(at.loss)}"
        parts = [*self._unit(at), *self._losses(at, walk), *_words(at)]
        return svg.document(WIDTH, HEIGHT, parts, label, **data)

    def _unit(self, at: UnitStep) -> list[str]:
        """The sums (dashed), the outputs, and the targets that they are pulled to."""
        axes, title = self.plane, f"after {plural(at.index, 'step')}: {at.formula()}"
        kink = -at.b / at.w if at.w else 0.0
        x = np.array(sorted({0.0, 3.0, min(max(kink, 0.0), 3.0)}))
        sums = at.w * x + at.b
        parts = [
            svg.text(LEFT_X, TOP - 10, title, 15, "bold"),
            axes.frame("input x"),
            axes.curve(x, sums, "gray-line", 2, "7 4"),
            axes.curve(x, self.descent.activation(sums), "ink-line", 3),
        ]
        for given, output, target in zip(INPUTS.tolist(), at.outputs.tolist(), TARGETS.tolist(), strict=True):
            px, low, high = float(axes.to_x(given)), *axes.y_range
            tone = "pos-line" if target > output else "neg-line"
            parts.append(axes.curve([given, given], [output, target], tone, 5))
            parts.append(
                svg.circle(px, float(axes.to_y(target)), 6, "paper")
                + svg.circle(px, float(axes.to_y(target)), 6, "frame")
            )
            if low <= output <= high:
                parts.append(axes.point(given, output, 4))
        return parts

    def _losses(self, at: UnitStep, walk: bool) -> list[str]:
        axes, last = self.losses, at.index if walk else STEPS
        against = f"; dashed: {self.beside.activation.label}" if self.beside else ""
        steps = np.arange(last + 1)
        content = [axes.frame("step", x_ticks=range(0, STEPS + 1, 10))]
        if self.beside:
            content.append(axes.curve(steps, self.beside.losses[: last + 1], "gray-line", 2, "7 4"))
        content.append(axes.curve(steps, self.descent.losses[: last + 1]))
        if LOSSES[0] <= at.loss <= LOSSES[1]:
            content.append(axes.point(at.index, at.loss))
        box = Box(RIGHT_X, TOP, RIGHT / (STEPS + 1), 1, STEPS + 1)
        grid = box.pointable("output", "losses: arrow keys walk through the steps", content, "steps hover pin", HIGH)
        middle = RIGHT_X + box.cell / 2
        mark = follower(
            "here", svg.line(middle, TOP, middle, TOP + HIGH, "gray-line", 1.5, "4 4"), 0, at.index, box.cell, 0
        )
        return [svg.text(RIGHT_X, TOP - 10, f"loss after each step{against}", 15, "bold"), grid, mark]


def _words(at: UnitStep) -> list[str]:
    """The next step with its numbers, and one sentence."""
    room = WIDTH - LEFT_X - MARGIN
    return [
        mono(LEFT_X, FORMULA_Y, room, str(at.equation("w"))),
        mono(LEFT_X, FORMULA_Y + 25, room, str(at.equation("b"))),
        svg.text(LEFT_X, FORMULA_Y + 54, at.says(), 16),
    ]
