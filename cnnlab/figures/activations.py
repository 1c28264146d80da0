"""The picture of the activations lab: the function with its tangent, and beside it the slope at every input."""

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.plots import Axes, Values
from cnnlab.traces.activations import REACH, Activated, Activation
from cnnlab.traces.text import number

WIDTH, MARGIN = 1000.0, 16.0
TOP, HIGH = 34.0, 250.0
LEFT_X, RIGHT_X, PLOT = 62.0, 580.0, 396.0
FORMULA_Y = TOP + HIGH + 68
HEIGHT = FORMULA_Y + 70
PLACES = 121
"""Inputs that can be pointed at: from -6 to 6 in steps of 0.1."""
TANGENT = 1.4
"""How far the tangent reaches to either side."""


class ActivationPicture:
    """All that can be drawn of one function, and of a second one ``beside`` it for comparison."""

    def __init__(self, activation: Activation, beside: Activation | None = None) -> None:
        self.activation, self.beside = activation, beside
        both = [a for a in (activation, beside) if a]
        lowest = min(float(a(-REACH)) for a in both)
        heights = (min(lowest - 0.4, -2.0), REACH) if any(a.has_kink for a in both) else (-1.25, 1.25)
        self.outputs = Axes(LEFT_X, TOP, PLOT, HIGH, (-REACH, REACH), heights)
        self.slopes = Axes(RIGHT_X, TOP, PLOT, HIGH, (-REACH, REACH), (-0.1, 1.15))
        self._output_lines = self._lines(self.outputs, [a.curve() for a in both])
        self._slope_lines = self._lines(self.slopes, [a.slope_curve() for a in both])

    def draw(self, at: Activated, frame: int = 0) -> str:
        """The whole picture as SVG."""
        name = self.activation.label
        label = f"{name}: output {number(at.output)} and slope {number(at.slope)} at input {number(at.input)}"
        return svg.document(WIDTH, HEIGHT, [*self._headings(), *self._plots(at), *_words(at)], label, frame=frame)

    def _headings(self) -> list[str]:
        against = f", and {self.beside.label} (dashed)" if self.beside else ""
        return [
            svg.text(LEFT_X, TOP - 12, f"{self.activation.label}{against}: output", 15, "bold"),
            svg.text(RIGHT_X, TOP - 12, "its slope: what passes back of a gradient", 15, "bold"),
        ]

    def _lines(self, axes: Axes, curves: list[tuple[Values, Values]]) -> list[str]:
        """The axes, where the function is saturated, and the curves, the one to compare with below the other."""
        bands = [axes.band(*part) for part in self.activation.saturated()]
        styles = (("ink-line", 3.0, None), ("gray-line", 2.0, "7 4"))
        lines = [axes.curve(x, y, *style) for (x, y), style in zip(curves, styles, strict=False)]
        return [axes.frame("input x"), *bands, *reversed(lines)]

    def _plots(self, at: Activated) -> list[str]:
        x, y, slope = at.input, at.output, at.slope
        ends = [x - TANGENT, x + TANGENT]
        tangent = self.outputs.curve(ends, [y - TANGENT * slope, y + TANGENT * slope], "pos-line", 4)
        height = self.slopes.curve([x, x], [0, slope], "pos-line", 6)
        outputs = [*self._output_lines, tangent, self.outputs.guides(x, y), self.outputs.point(x, y)]
        slopes = [*self._slope_lines, height, self.slopes.point(x, slope)]
        drawn = (("output", self.outputs, outputs), ("slope", self.slopes, slopes))
        return [
            axes.pointable(name, f"{name}: arrow keys move the input", parts, "paint pin", PLACES, at=(x, 0))
            for name, axes, parts in drawn
        ]


def _words(at: Activated) -> list[str]:
    """The two formulas, and one sentence."""
    return [
        mono(LEFT_X, FORMULA_Y, WIDTH - LEFT_X - MARGIN, str(at.output_equation())),
        mono(LEFT_X, FORMULA_Y + 26, WIDTH - LEFT_X - MARGIN, str(at.slope_equation())),
        svg.text(LEFT_X, FORMULA_Y + 56, at.says(), 16),
    ]
