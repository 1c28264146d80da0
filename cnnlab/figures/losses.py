"""The picture of the losses lab: the losses that compete on an axis, and beside them the slope of each."""

from collections.abc import Sequence

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.plots import Axes, Point, Values
from cnnlab.traces.loss_curves import ON_AXIS, RANGES, Judged, LossCurve
from cnnlab.traces.text import number, small

WIDTH, MARGIN = 1000.0, 16.0
TOP, HIGH = 62.0, 224.0
LEFT_X, RIGHT_X, PLOT = 62.0, 580.0, 396.0
FORMULA_Y = TOP + HIGH + 66
HEIGHT = FORMULA_Y + 92
PLACES = {"number": 161, "probability": 101, "logit": 121}
"""Predictions that can be pointed at: in steps of 0.05, 0.01 and 0.1."""
PREDICTIONS: dict[str, Point] = {**RANGES, "probability": (0.0, 1.0)}
LABELS = {"number": "prediction y_hat", "probability": "probability p", "logit": "logit z"}
LOSSES: dict[str, Point] = {"number": (-0.5, 9.0), "probability": (-0.25, 5.0), "logit": (-0.35, 7.0)}
SLOPES = {"number": 6.0, "probability": 10.0, "logit": 1.1}
STYLES = (("gray-line", 2.5, "8 4"), ("gray-line", 2.5, "2 4"))
"""Of the losses beside the one that is looked at."""
TANGENT = 0.12
"""How far the tangent reaches to either side, as a share of the axis."""


class LossPicture:
    """All that can be drawn of the losses on one axis for one target, of which ``chosen`` is looked at."""

    def __init__(self, chosen: LossCurve) -> None:
        axis, target = chosen.axis, chosen.target
        self.chosen = chosen
        self.others = [LossCurve(axis, name, target) for name in ON_AXIS[axis] if name != chosen.loss]
        self.places, most = PLACES[axis], SLOPES[axis]
        low, high = (-most, most) if axis == "number" else (-most, most / 8) if target == 1 else (-most / 8, most)
        self.losses = Axes(LEFT_X, TOP, PLOT, HIGH, PREDICTIONS[axis], LOSSES[axis])
        self.slopes = Axes(RIGHT_X, TOP, PLOT, HIGH, PREDICTIONS[axis], (low, high))
        curves = [chosen, *self.others]
        self._loss_lines = self._lines(self.losses, [(_inputs(c), c(_inputs(c))) for c in curves])
        self._slope_lines = self._lines(self.slopes, [_slopes(c) for c in curves])

    def draw(self, at: Judged, compare: bool, frame: int = 0) -> str:
        """The whole picture as SVG; with ``compare`` the other losses of the axis, too."""
        label = f"{self.chosen.label}: loss {small(at.loss)} and slope {small(at.slope)} at {number(at.prediction)}"
        parts = [*self._headings(at, compare), *self._plots(at, compare), *_words(at)]
        return svg.document(WIDTH, HEIGHT, parts, label, frame=frame)

    def _lines(self, axes: Axes, curves: Sequence[tuple[Values, Values]]) -> list[str]:
        """The axes, the curve that is looked at, and the others."""
        styles = (("ink-line", 3.0, None), *STYLES)
        lines = [axes.curve(x, y, *style) for (x, y), style in zip(curves, styles, strict=False)]
        return [axes.frame(LABELS[self.chosen.axis]), *lines]

    def _headings(self, at: Judged, compare: bool) -> list[str]:
        """What the plots show, and every loss with its number here."""
        target = f"loss, where y = {number(at.curve.target)}"
        if at.curve.loss == "hinge":
            target += f", so t = {number(at.curve.sign)}"
        every = [at, *(curve.at(at.prediction) for curve in self.others if compare)]
        return [
            svg.text(LEFT_X, TOP - 38, target, 15, "bold"),
            svg.text(RIGHT_X, TOP - 38, "slope: how hard it pulls", 15, "bold"),
            *_legend(LEFT_X, [(one.curve.label, one.loss) for one in every]),
            *_legend(RIGHT_X, [(one.curve.label, one.slope) for one in every]),
        ]

    def _plots(self, at: Judged, compare: bool) -> list[str]:
        x, y, slope, reach = at.prediction, at.loss, at.slope, TANGENT * np.ptp(self.losses.x_range)
        ends = [x - reach, x + reach]
        tangent = self.losses.curve(ends, [y - reach * slope, y + reach * slope], _tone(slope), 4)
        height = self.slopes.curve([x, x], [0, slope], _tone(slope), 6)
        losses = [*_stacked(self._loss_lines, compare), tangent, *_place(self.losses, x, y)]
        slopes = [*_stacked(self._slope_lines, compare), height, *_place(self.slopes, x, slope)]
        drawn = (("loss", self.losses, losses), ("slope", self.slopes, slopes))
        start, keys = (x, self.losses.y_range[1]), "arrow keys move the prediction"
        return [
            axes.pointable(name, f"{name}: {keys}", parts, "paint pin", self.places, at=start)
            for name, axes, parts in drawn
        ]


def _stacked(lines: Sequence[str], compare: bool) -> list[str]:
    """The axes, perhaps the other curves, and on top the one that is looked at."""
    axes, chosen, *others = lines
    return [axes, *(others if compare else []), chosen]


def _tone(slope: float) -> str:
    return "pos-line" if slope > 0 else "neg-line"


def _place(axes: Axes, x: float, y: float) -> list[str]:
    """The prediction as a dashed line, and the point on the curve, if that is on the plot."""
    here, (low, high) = float(axes.to_x(x)), axes.y_range
    line = svg.line(here, axes.y, here, axes.bottom, "gray-line", 1.5, "4 4")
    return [line, axes.point(x, y)] if low <= y <= high else [line]


def _inputs(curve: LossCurve) -> Values:
    """Predictions along the axis, close enough for a smooth line, and the corner of the curve among them."""
    low, high = PREDICTIONS[curve.axis]
    corner, end = curve.corner(), 0.002 if curve.axis == "probability" else 0.0  # at 0 and 1 BCE has none
    return np.unique([*np.linspace(low + end, high - end, 201), *([] if corner is None else [corner])])


def _slopes(curve: LossCurve) -> tuple[Values, Values]:
    """Points of the slope; where it jumps, the line is interrupted by a point that is no number."""
    corner, (low, high) = curve.corner(), RANGES[curve.axis]
    if corner is None:
        x = _inputs(curve)
        return x, curve.slope(x)
    left, right = curve.slope([corner - 1, corner + 1]).tolist()
    return np.array([low, corner, np.nan, corner, high]), np.array([left, left, np.nan, right, right])


def _legend(left: float, entries: Sequence[tuple[str, float]]) -> list[str]:
    """A line of each kind, what it is, and its number here."""
    parts, x = [], left
    for (name, value), (tone, width, dashes) in zip(entries, (("ink-line", 3.0, None), *STYLES), strict=False):
        parts.append(svg.line(x, TOP - 18, x + 22, TOP - 18, tone, width, dashes))
        said = f"{name} {small(value)}"
        parts.append(svg.text(x + 28, TOP - 13, said, 14, "bold" if dashes is None else "gray"))
        x += 28 + svg.text_width(said, 14) * (1.12 if dashes is None else 1) + 16
    return parts


def _words(at: Judged) -> list[str]:
    """The formulas, and one sentence."""
    room = WIDTH - LEFT_X - MARGIN
    lines = [mono(LEFT_X, FORMULA_Y + 25 * i, room, str(line)) for i, line in enumerate(at.equations())]
    return [*lines, svg.text(LEFT_X, FORMULA_Y + 25 * len(lines) + 5, at.says(), 16)]
