"""The picture of gradient flow: what arrives at each layer going forward, and above all what comes back."""

from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.descent_marks import Look, mark
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.plots import Axes, Point, power_of_ten, powers, ticks
from cnnlab.traces.gradient_flow import Flow
from cnnlab.traces.gradient_flow_words import FLOAT32, FlowLook, sized

Values = NDArray[np.float64]

WIDTH, MARGIN = 1100.0, 16.0
LEFT, ROOM = 166.0, 588.0
TOP, FORWARD = 28.0, 94.0
BELOW, BACKWARD = TOP + FORWARD + 36, 164.0
FORMULA_Y = BELOW + BACKWARD + 45
LINE = 22.0
HISTOGRAM_X, HISTOGRAM, BARS, PITCH = 916.0, 168.0, 48.0, 110.0
CAPTIONS = (12.0, 29.0, 36.0)
"""Below the top of a histogram: its two lines of words, and where the plot begins."""
NAMES_X, NAMES = LEFT + ROOM + 16, 142.0
LOOKS = (Look("ink", None, "circle"), Look("blue", "9 4", "square"), Look("plum", "3 4", "triangle"))
"""How the networks are told apart; the one that the controls belong to comes first."""
LETTERS = 13.0
NARROW = 0.9
"""Letters are narrower than the digits that `text_width` measures."""
LEAST = 3
"""Powers of ten that a plot shows at least, either way from 1."""
STEPS = (3, 6, 10)
"""Where a plot can end, in powers of ten; beyond them every 10."""


class FlowPicture:
    """All that can be drawn of some networks of the same depth, the curves of ``gradient`` among it."""

    def __init__(self, flows: tuple[Flow, ...], gradient: str) -> None:
        self.flows, self.first = flows, FlowLook(flows, 0, gradient)
        self.depth = flows[0].depth
        self._pitch = ROOM / (self.depth + 1)
        across = (-0.5, self.depth + 0.5)
        theory = flows[0].theory if gradient == "outputs" else None
        spreads, norms = [f.spreads for f in flows], [self.first.norms(f) for f in flows]
        self.forward = Axes(LEFT, TOP, ROOM, FORWARD, across, _decades(*spreads), log_y=True)
        self.backward = Axes(LEFT, BELOW, ROOM, BACKWARD, across, _decades(*norms), log_y=True)
        labels = self.first.labels()
        parts = self._frames(gradient, theory is not None)
        if theory is not None:
            parts.append(self.backward.curve(range(self.depth + 1), theory, "gray-line", 5))
        for axes, curves in ((self.forward, spreads), (self.backward, norms)):
            parts += [self._curve(axes, curve, look) for curve, look in zip(curves, LOOKS, strict=False)][::-1]
        self._still = parts
        self._names = [
            *_names(self.forward, labels, [float(c[-1]) for c in spreads], self.depth, right=True),
            *_names(self.backward, labels, [_first(c) for c in norms], int(gradient == "weights"), right=False),
        ]

    def draw(self, look: FlowLook, frame: int = 0) -> str:
        """The whole picture as SVG."""
        cols = self.depth + 1
        box = Box(LEFT, TOP, self._pitch, 1, cols)
        high = BELOW + BACKWARD - TOP
        plots = box.pointable("layer", "layers: arrow keys choose one", self._still, "steps hover pin", high)
        sides = ((TOP, FORWARD), (BELOW, BACKWARD))
        here = "".join(svg.rect(LEFT, top, box.cell, height, "outline") for top, height in sides)
        parts = [plots, follower("here", here, 0, look.layer, box.cell, 0), *self._names]
        parts += [*self._histograms(look), *self._words(look)]
        data = {"frame": frame, "step": look.layer, "columns": cols, "count": cols}
        return svg.document(WIDTH, FORMULA_Y + 37 + LINE * len(self.flows), parts, look.says(look.flow), **data)

    # ---- the curves --------------------------------------------------------------------------------------------------

    def _frames(self, gradient: str, theory: bool) -> list[str]:
        every = [t for t in ticks(0, self.depth, 10) if t == round(t)]
        whose = {"outputs": "outputs, 1 at the last layer", "weights": "weights"}[gradient]
        label = f"← back: norm of the gradient of each layer's {whose}{'; gray: theory' if theory else ''}"
        parts = [
            self.forward.frame(y_label="forward: standard deviation of each layer's outputs →", x_ticks=()),
            self.backward.frame("layer", label, x_ticks=every, y_ticks=()),
        ]
        for value in powers(*self.backward.y_range):
            y = float(self.backward.to_y(value))
            parts.append(svg.line(LEFT, y, LEFT + ROOM, y, "lines", 1))
            said = "1" if value == 1 else power_of_ten(value)
            parts.append(svg.text(LEFT + ROOM + 7, y + 4.5, said, LETTERS, "gray"))
        for limit, said in zip(FLOAT32, ("float32: below this 0", "float32: above this infinite"), strict=True):
            y = float(self.backward.to_y(limit))
            if BELOW + 18 < y < self.backward.bottom - 4:
                parts.append(svg.line(LEFT, y, LEFT + ROOM, y, "gray-line", 1.5, "2 4"))
                parts.append(svg.text(LEFT + ROOM - 6, y - 5, said, 12, "gray end"))
        return parts

    def _curve(self, axes: Axes, heights: Values, look: Look) -> str:
        """A curve, its mark at each layer where there is room and a few are enough where not."""
        color = f"{look.color}-line"
        there = [k for k, v in enumerate(heights) if axes.y_range[0] <= v <= axes.y_range[1]]
        every = -(-(self.depth + 1) // 25)
        few = [k for k in there if k % every == 0 or k == self.depth]
        dots = [mark(look, float(axes.to_x(k)), float(axes.to_y(heights[k])), 2.5) for k in few]
        return axes.curve(range(len(heights)), heights, color, 2.5, look.dashes) + "".join(dots)

    # ---- one layer ---------------------------------------------------------------------------------------------------

    def _histograms(self, look: FlowLook) -> list[str]:
        """The outputs of the layer, network below network."""
        title = f"outputs of layer {look.layer}" if look.layer else "the inputs, 64 digits"
        parts = [svg.text(HISTOGRAM_X, TOP - 8, title, LETTERS, "gray")]
        for i, flow in enumerate(look.flows):
            edges, shares = look.histogram(flow)
            top = TOP + i * PITCH
            limits, high = (float(edges[0]), float(edges[-1])), float(shares.max())
            axes = Axes(HISTOGRAM_X, top + CAPTIONS[2], HISTOGRAM, BARS, limits, (0.0, high))
            fill = "gray-dot" if LOOKS[i].color == "ink" else f"{LOOKS[i].color}-dot"
            lines = zip((18.0, 0.0), CAPTIONS, look.describes(flow), strict=False)
            parts += [
                mark(LOOKS[i], HISTOGRAM_X + 6, top + CAPTIONS[0] - 5, 4),
                *(svg.text(HISTOGRAM_X + x, top + y, said, 12) for x, y, said in lines),
                axes.bars(edges, shares, fill, 0.9),
                svg.line(HISTOGRAM_X, axes.bottom, axes.right, axes.bottom, "gray-line", 1),
                svg.text(HISTOGRAM_X, axes.bottom + 14, sized(limits[0]), 12, "gray"),
                svg.text(axes.right, axes.bottom + 14, sized(limits[1]), 12, "gray end"),
            ]
        return parts

    def _words(self, look: FlowLook) -> list[str]:
        room = LEFT + ROOM - MARGIN
        parts = [mono(MARGIN, FORMULA_Y, room, look.line(), 15), mono(MARGIN, FORMULA_Y + LINE, room, look.why(), 15)]
        for i, flow in enumerate(look.flows):
            y = FORMULA_Y + 28 + (i + 1) * LINE
            parts += [mark(LOOKS[i], MARGIN + 6, y - 5, 4), svg.text(MARGIN + 18, y, look.says(flow), 15)]
        return parts


def _first(heights: Values) -> float:
    """The height of a curve at its left end."""
    return float(heights[1] if np.isnan(heights[0]) else heights[0])


def _decades(*curves: Values) -> Point:
    """A range of powers of ten that holds all curves; its ends are few, so that a slider does not make it tremble."""
    all_of = np.concatenate(curves)
    seen = np.log10(all_of[(all_of > 0) & np.isfinite(all_of)])
    low, high = (floor(seen.min()), ceil(seen.max())) if seen.size else (0, 0)
    return 10.0 ** -_end(-low), 10.0 ** _end(high)


def _end(power: int) -> int:
    return next((step for step in STEPS if power <= step), 10 * ceil(power / 10))


def _names(axes: Axes, labels: list[str], heights: list[float], layer: int, right: bool) -> list[str]:
    """The name of each curve where it ends; they move apart where they would lie on each other.

    A curve that ends at 0, which no scale of powers of ten holds, is named at the bottom and says so.
    """
    wanted = [_height(axes, value) for value in heights]
    pieces = [_two_lines(label if value else f"{label}: 0") for label, value in zip(labels, heights, strict=True)]
    places = _apart([(y, 16.0 * len(lines)) for y, lines in zip(wanted, pieces, strict=True)], axes)
    parts = []
    for look, lines, end, y in zip(LOOKS, pieces, wanted, places, strict=False):
        edge = NAMES_X if right else LEFT - 14
        here = float(axes.to_x(layer))
        parts.append(svg.line(here + (8 if right else -8), end, edge + (-4 if right else 4), y, "gray-line", 1))
        for j, line in enumerate(lines):
            size = min(LETTERS, NAMES / (NARROW * svg.text_width(line, 1)))
            down = y + 4.5 + 16 * (j - (len(lines) - 1) / 2)
            parts.append(svg.text(edge, down, line, size, "" if right else "end"))
        parts.append(mark(look, here, end, 4.5))
    return parts


def _height(axes: Axes, value: float) -> float:
    """Where a curve ends; one that is 0 has left at the bottom."""
    y = float(axes.to_y(value)) if value > 0 else inf
    return min(max(y, axes.y), axes.bottom)


def _two_lines(label: str) -> list[str]:
    """A long name on two lines, broken at a comma."""
    words = label.split(", ")
    if NARROW * svg.text_width(label, LETTERS) <= NAMES or len(words) == 1:
        return [label]
    half = (len(words) + 1) // 2
    return [", ".join(words[:half]), ", ".join(words[half:])]


def _apart(wanted: list[tuple[float, float]], axes: Axes) -> list[float]:
    """Heights as near as can be to those that are wanted, each with its room (middle, height)."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i][0])
    places, free = [0.0] * len(wanted), axes.y - 8
    for i in order:
        middle, high = wanted[i]
        places[i] = max(middle, free + high / 2)
        free = places[i] + high / 2
    limit = axes.bottom + 8
    for i in reversed(order):
        places[i] = min(places[i], limit - wanted[i][1] / 2)
        limit = places[i] - wanted[i][1] / 2
    return places
