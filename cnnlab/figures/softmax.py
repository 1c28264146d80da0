"""The picture of the softmax lab: a column for each class, from the logit at the top down to its probability."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.palette import STRONGEST, strength
from cnnlab.figures.plots import Axes, Values, ticks
from cnnlab.traces.softmax import Softmax
from cnnlab.traces.text import number, small

WIDTH, MARGIN = 1000.0, 16.0
COLUMNS_X, WIDEST, ROOM = 300.0, 190.0, 590.0
TOP, LOGITS = 12.0, 106.0
ROWS_Y, ROW = TOP + LOGITS + 24, 24.0
BARS_Y, BARS = ROWS_Y + 4 * ROW - 6, 54.0
P_Y = BARS_Y + BARS + 20
FORMULA_Y = P_Y + 2 * ROW + 18
HEIGHT = FORMULA_Y + 66
GAP = "\u00a0" * 4
"""Between two formulas on one line: spaces that a picture does not join to one."""
USUAL = 6.0
"""Logits from -6 to 6 are drawn; with larger ones the scale grows."""
PLACES = 121
"""Heights that a bar can be dragged to."""


class SoftmaxPicture:
    """All that can be drawn of one softmax; with a ``target`` also the gradient of the cross-entropy."""

    def __init__(self, softmax: Softmax, target: int | None) -> None:
        self.softmax, self.target = softmax, target
        self.pitch = min(WIDEST, ROOM / softmax.classes)
        low, high = min(-USUAL, float(softmax.logits.min())), max(USUAL, float(softmax.logits.max()))
        width = self.pitch * softmax.classes
        self.logits = Axes(COLUMNS_X, TOP, width, LOGITS, (0, softmax.classes), (low, high))
        self.shares = Axes(COLUMNS_X, BARS_Y, width, BARS, (0, softmax.classes), (0, 1))

    def draw(self, index: int, frame: int = 0) -> str:
        """The whole picture as SVG; ``index`` is the class whose numbers are written out."""
        bottom = P_Y + (10 if self.target is None else ROW + 18)
        chosen = svg.rect(self._left(index), TOP, self.pitch, bottom - TOP, "outline")
        parts = [*self._logit_bars(), *self._rows(), *self._share_bars(), chosen, *self._words(index)]
        winner = self.softmax.winner
        label = f"Softmax of {self.softmax.classes} logits: class {winner} gets {self._p(winner)}"
        return svg.document(WIDTH, HEIGHT, parts, label, frame=frame)

    def _left(self, i: int) -> float:
        return COLUMNS_X + i * self.pitch

    def _middle(self, i: int) -> float:
        return self._left(i) + self.pitch / 2

    def _p(self, i: int) -> str:
        return small(float(self.softmax.probabilities[i]))

    # ---- from top to bottom ------------------------------------------------------------------------------------------

    def _logit_bars(self) -> list[str]:
        """The bars that are dragged, each a grid of its own."""
        axes, parts = self.logits, []
        heights = ticks(*axes.y_range, about=2)
        parts.append(axes.frame(x_ticks=(), y_ticks=heights))
        for i, value in enumerate(self.softmax.logits.tolist()):
            column = Axes(self._left(i), TOP, self.pitch, LOGITS, (0, 1), axes.y_range)
            base, tip = float(axes.to_y(0)), float(axes.to_y(value))
            x, wide = self._middle(i) - self.pitch / 4, self.pitch / 2
            bar = [
                svg.rect(column.x, TOP, self.pitch, LOGITS, "paper", 0),
                svg.rect(x, min(base, tip), wide, abs(base - tip), "pos" if value > 0 else "neg", STRONGEST),
                svg.line(x - 6, tip, x + wide + 6, tip, "ink-line", 4),
            ]
            label = f"logit of class {i}: arrow keys change it"
            parts.append(column.pointable(f"logit {i}", label, bar, "paint pin", 1, PLACES, at=(0, value)))
        return parts

    def _rows(self) -> list[str]:
        """The numbers on the way, a row for each step."""
        s = self.softmax
        return [
            *self._row(0, "logits: drag the bars", s.logits),
            *self._row(1, f"scaled = logits / T, T = {number(s.temperature)}", s.scaled),
            *self._row(2, f"shifted = scaled − largest, {number(s.largest)}", s.shifted),
            *self._row(3, "exps = exp(shifted)", s.exps, f"total {number(s.total)}"),
        ]

    def _row(self, row: int, label: str, values: Values, end: str = "") -> list[str]:
        y = ROWS_Y + row * ROW
        parts = [svg.text(COLUMNS_X - 16, y, label, 14, "gray end")]
        parts += [svg.text(self._middle(i), y, small(v), 15, "middle") for i, v in enumerate(values.tolist())]
        return [*parts, svg.text(self.logits.right + 12, y, end, 14, "gray")] if end else parts

    def _share_bars(self) -> list[str]:
        """The probabilities as bars with their numbers, and below them the gradient."""
        axes, s = self.shares, self.softmax
        parts = [axes.frame(x_ticks=(), y_ticks=(0, 1))]
        for i, p in enumerate(s.probabilities.tolist()):
            x, top = self._middle(i) - self.pitch / 4, float(axes.to_y(p))
            parts.append(svg.rect(x, top, self.pitch / 2, axes.bottom - top, "pos", STRONGEST))
            parts.append(svg.text(self._middle(i), P_Y, self._p(i), 16, "bold middle"))
        parts.append(svg.text(COLUMNS_X - 16, P_Y, "probabilities p = exps / total", 14, "gray end"))
        parts.append(svg.text(axes.right + 12, P_Y, "total 1", 14, "gray"))
        return [*parts, *(self._gradient(self.target) if self.target is not None else [])]

    def _gradient(self, target: int) -> list[str]:
        gradient, y = self.softmax.loss_gradient(target), P_Y + ROW + 8
        over = "" if self.softmax.temperature == 1 else ") / T"
        label = f"gradient {'(' if over else ''}p − y{over}, y = 1 for class {target}"
        parts = [svg.text(COLUMNS_X - 16, y, label, 14, "gray end")]
        strongest = float(np.abs(gradient).max())
        for i, value in enumerate(gradient.tolist()):
            x, tone = self._middle(i) - 0.32 * self.pitch, "pos" if value > 0 else "neg"
            parts.append(svg.rect(x, y - 17, 0.64 * self.pitch, 23, tone, strength(value, strongest)))
            parts.append(svg.text(self._middle(i), y, small(value), 15, "middle"))
        return parts

    def _words(self, index: int) -> list[str]:
        """The formulas of the class that is looked at, and one sentence."""
        s, room = self.softmax, WIDTH - 2 * MARGIN
        second = str(s.equation("exps", index))
        if self.target is not None:
            second = f"{s.loss_equation(self.target)}{GAP}{s.loss_gradient_equation(self.target, index)}"
        return [
            mono(MARGIN, FORMULA_Y, room, str(s.equation("probabilities", index))),
            mono(MARGIN, FORMULA_Y + 25, room, second),
            svg.text(MARGIN, FORMULA_Y + 54, s.says(), 16),
        ]


def as_text(softmax: Softmax, target: int | None) -> str:
    """The numbers as plain text: a line for each step."""
    rows = [(name, getattr(softmax, name)) for name in ("logits", "scaled", "shifted", "exps", "probabilities")]
    if target is not None:
        rows.append(("gradient", softmax.loss_gradient(target)))
    lines = [f"{name:>13}: {'  '.join(small(v).rjust(6) for v in values.tolist())}" for name, values in rows]
    return "\n".join([*lines, softmax.says()])
