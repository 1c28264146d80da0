"""The picture of the pooling lab: the input with its window, what becomes of it, and the formulas below.

Three views share the input on the left: one ``window`` and the cell that it gives; a ``shift``, with the output before
and after it and what stayed (:mod:`cnnlab.figures.pool_push`); the ``gradient`` on its way back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, follower, in_full, ring
from cnnlab.figures.map_grids import LARGEST_MAP, READABLE_CELL, fit, heading, inset, map_grid
from cnnlab.figures.palette import strength
from cnnlab.figures.pool_push import push_side
from cnnlab.figures.strips import first_shown, legend, thumbnails
from cnnlab.traces.pool import PoolTrace
from cnnlab.traces.pool_many import Totals
from cnnlab.traces.pool_push import Push, sent_back
from cnnlab.traces.pool_words import push_says, pushed_by, shares_say, window_says
from cnnlab.traces.text import number, precise, size_text

Values = NDArray[np.float64]

WIDTH, MARGIN, TOP = 1100.0, 11.0, 28.0
GRIDS = 356.0
STRIP = 86.0
FORMULAS = 88.0
LEAST = 270.0
"""The height of a window with its result below."""
RIGHT = WIDTH - MARGIN - GRIDS
MIDDLE = (MARGIN + GRIDS + RIGHT) / 2
HEADING_GAP = 16.0
LONG_HEADING = 330.0
"""Width of the heading of a gradient, where its grid is narrower."""
WINDOW = 142.0
RESULT = (118.0, 54.0)
VEIL = 0.33
MOST_WRITTEN = 144
"""Output cells of which the sum of an input cell's shares is still written out."""


@dataclass(frozen=True)
class PoolView:
    """What of a pooling is looked at: ``name`` is "window", "shift" or "gradient"; ``walk`` hides what is to come."""

    name: str = "window"
    channel: int = 0
    pinned: int | None = None
    walk: bool = False


class PoolingPicture:
    """All that can be drawn of one pooling; ``names`` are what its channels are called."""

    def __init__(self, push: Push, names: Sequence[str] = ()) -> None:
        self.push = push
        self.pooling = p = push.after
        self.names = tuple(names) or tuple(str(i) for i in range(len(p.input)))
        self.is_photo = max(p.input.shape[1:]) > LARGEST_MAP
        self.input_tone = Tone.of(p.input, self.is_photo)
        self.output_tone = Tone(self.input_tone.signed, self.input_tone.high)  # a maximum is as large as its cell
        strip = STRIP * (len(p.input) > 1)
        self.input_box = fit(MARGIN, TOP, GRIDS, GRIDS - strip, p.padded.shape[1:])
        self.output_box = fit(RIGHT, TOP, GRIDS, GRIDS - strip, p.output.shape[1:])
        self._kept: dict[tuple[object, ...], str] = {}
        self._gradient_until: int | None = None
        self._gradients: Values | None = None

    @property
    def editable(self) -> bool:
        """Whether the numbers of the input can be seen, and are where they were written."""
        return self.input_box.cell >= READABLE_CELL and not self.push.is_pushed

    def chosen(self, channel: int, place: int) -> int:
        """The channel at a place of the row of small maps, where ``channel`` is chosen now."""
        return first_shown(channel, len(self.names)) + place

    def draw(self, trace: PoolTrace, view: PoolView, digits: Totals | None = None, frame: int = 0) -> str:
        """The whole picture as SVG; ``digits`` is what the same push leaves of many pictures, for the shift."""
        if view.name == "shift":
            side = [push_side(self.push, trace, digits, self.output_tone)]
        elif view.name == "gradient":
            side = [self._middle(trace, shares=True), self._gradient(trace, view)]
        else:
            side = [self._middle(trace), self._output(trace, view)]
        content = [self._input(trace, view), *side, *self._strips(view), *self._formulas(trace, view)]
        p = self.pooling
        data = {"frame": frame, "step": trace.index, "columns": p.columns, "count": p.steps}
        label = f"{p.kind} pooling: input {size_text(p.input.shape[1:])}, output {size_text(p.output.shape[1:])}"
        return svg.document(WIDTH, TOP + self._height(view) + FORMULAS, content, label, **data)

    def _height(self, view: PoolView) -> float:
        """Of the grids: less where one window of a small map is shown."""
        if view.name != "window" or len(self.names) > 1:
            return GRIDS
        return min(GRIDS, max(self.input_box.height, LEAST))

    # ---- input -------------------------------------------------------------------------------------------------------

    def _input(self, trace: PoolTrace, view: PoolView) -> str:
        p, box, pushed = self.pooling, self.input_box, pushed_by(self.push)
        name = "input" if len(self.names) == 1 else f"channel {self.names[view.channel]}"
        size = size_text(p.input.shape[1:]) + (", padded" if any(p.padding) else "")
        note = f"{size}, pushed {pushed}" if pushed else size
        key = ("input", view.channel, p.kind)
        if key not in self._kept:
            self._kept[key] = self._input_grid(view.channel)
        return (
            heading(box, GRIDS if pushed else _heading_width(box, name, note), name, note)
            + self._kept[key]
            + self._window(trace)
        )

    def _input_grid(self, channel: int) -> str:
        p, box = self.pooling, self.input_box
        values, (top, left), (_, height, width) = p.padded[channel], p.padding, p.input.shape
        border = np.ones(values.shape, bool)
        border[top : top + height, left : left + width] = False
        grid = [map_grid(box, values, self.input_tone, gray=border), self._veil()]
        if any(p.padding):
            grid.append(box.part(top, left, height, width, "frame"))
        shown = size_text((height, width))
        if not self.editable:
            return box.pointable("input", f"input, {shown}: point to see the window there", grid, "hover pin")
        numbers = in_full(np.where(border, 0.0, values))
        label = f"input, {shown}: arrow keys move, Enter changes a number"
        inside = f"{top} {left} {height} {width}"
        return box.pointable("input", label, grid, "edit", values=numbers, inside=inside)

    def _veil(self) -> str:
        """Over the cells that no window reaches."""
        box, (rows, cols) = self.input_box, self.pooling.unreached()
        below = box.part(box.rows - rows, 0, rows, box.cols, "pad", VEIL) if rows else ""
        return below + (box.part(0, box.cols - cols, box.rows - rows, cols, "pad", VEIL) if cols else "")

    def _window(self, trace: PoolTrace) -> str:
        """The outline of the window, and of the cell that wins in it."""
        box, p = self.input_box, self.pooling
        height, width = len(trace.rows), len(trace.cols)
        mark = box.part(0, 0, height, width, "outline") if box.cell > 6 else ring(box, height, width)
        window = follower("window", mark, trace.row, trace.col, p.stride[1] * box.cell, p.stride[0] * box.cell)
        if trace.winner is None or box.cell < READABLE_CELL or trace.window.size == 1:
            return window
        row, col = trace.rows[trace.winner[0]], trace.cols[trace.winner[1]]
        return inset(box, int(row), int(col)) + window

    # ---- the window and its number -----------------------------------------------------------------------------------

    def _middle(self, trace: PoolTrace, shares: bool = False) -> str:
        """The window large, and below it the number that it gives, or what each of its cells gets back."""
        rows, cols = trace.window.shape
        box = fit(0, TOP, 300, WINDOW, (rows, cols))
        box = box.moved(MIDDLE - box.width / 2, TOP)
        title = svg.text(MIDDLE, TOP - 9, f"window, {size_text((rows, cols))}", 14, "gray middle")
        parts = [title, map_grid(box, trace.window, self.input_tone, gray=trace.in_padding), self._marks(box, trace)]
        y = box.bottom + 26
        if not shares:
            return "".join([*parts, self._result(trace, y)])
        below = box.moved(box.x, y + 22)
        given = trace.shares()
        parts.append(svg.text(MIDDLE, y + 8, "its share of a gradient of 1", 14, "gray middle"))
        parts.append(map_grid(below, given, Tone(True, 1.0)))
        return "".join([*parts, self._marks(below, trace)])

    def _marks(self, box: Box, trace: PoolTrace) -> str:
        """The winner outlined, and thinner those that are as large."""
        if trace.winner is None or trace.window.size == 1 or box.cell < 8:
            return ""
        ties = (inset(box, row, col) for row, col in np.argwhere(trace.ties).tolist()[1:])
        return "".join(ties) + box.part(*trace.winner, 1, 1, "outline")

    def _result(self, trace: PoolTrace, y: float) -> str:
        what = "largest cell" if self.pooling.is_max else f"sum {number(trace.sum)}, divided by {trace.divisor}"
        width, height = RESULT
        left, top = MIDDLE - width / 2, y + 38
        arrow = f"M{svg.fmt(MIDDLE)} {svg.fmt(y + 12)}v18l-4 -6l4 6l4 -6"
        value, shown = trace.value, precise(trace.value)
        size = min(24.0, (width - 12) / (1.1 * svg.text_width(shown, 1)))  # bold is wider by a tenth
        return "".join(
            (
                svg.text(MIDDLE, y, what, 15, "middle"),
                f'<path class="cl-frame" d="{arrow}"/>',
                svg.rect(
                    left, top, width, height, "pos" if value > 0 else "neg", strength(value, self.output_tone.high)
                ),
                svg.rect(left, top, width, height, "lines"),
                svg.text(MIDDLE, top + height / 2 + 0.36 * size, shown, size, "bold middle"),
            )
        )

    # ---- output and gradient -----------------------------------------------------------------------------------------

    def _output(self, trace: PoolTrace, view: PoolView) -> str:
        p, box = self.pooling, self.output_box
        values = p.output[view.channel]
        key = ("output", view.channel, trace.index if view.walk else None)
        if view.walk or key not in self._kept:
            steps = np.arange(p.steps).reshape(values.shape)
            grid = map_grid(box, values, self.output_tone, hidden=steps > trace.index if view.walk else None)
            label = f"output, {size_text(values.shape)}: arrow keys walk the window"
            self._kept[key] = box.pointable("output", label, [grid], "steps hover pin")
        drawn = self._kept.pop(key) if view.walk else self._kept[key]
        name = "output" if len(self.names) == 1 else f"output, channel {self.names[view.channel]}"
        note = size_text(values.shape)
        return heading(box, _heading_width(box, name, note), name, note) + drawn + self._here(trace, view)

    def _here(self, trace: PoolTrace, view: PoolView) -> str:
        box = self.output_box
        mark = box.part(0, 0, 1, 1, "outline") if box.cell > 6 else ring(box, 1, 1)
        marker = follower("here", mark, trace.row, trace.col, box.cell, box.cell)
        if view.pinned is not None and view.pinned != trace.index and box.cell > 6:
            marker = box.part(*divmod(view.pinned, box.cols), 1, 1, "thin") + marker
        return marker

    def _gradient(self, trace: PoolTrace, view: PoolView) -> str:
        """The gradient of the input where every output cell sends back 1, or each that was visited."""
        p, until = self.pooling, trace.index if view.walk else None
        box = fit(RIGHT, TOP, GRIDS, GRIDS, p.input.shape[1:])
        if self._gradient_until != until or self._gradients is None:
            self._gradient_until, self._gradients = until, p.backward(sent_back(p, until))
        values = self._gradients[view.channel]
        grid = map_grid(box, values, Tone(True, max(1.0, float(values.max()))))
        note = size_text(p.input.shape[1:])
        mark = "" if trace.place is None or box.cell < READABLE_CELL else box.part(*trace.place, 1, 1, "outline")
        name = "gradient, sent back so far" if view.walk else "gradient, if each output sends back 1"
        return heading(box, max(box.width, LONG_HEADING), name, note) + grid + mark

    # ---- channels, formulas ------------------------------------------------------------------------------------------

    def _strips(self, view: PoolView) -> list[str]:
        p, y = self.pooling, TOP + GRIDS - 76
        if len(p.input) == 1:
            return []
        color = p.input if self.names == ("R", "G", "B") else None
        maps = list(zip(self.names, p.input, strict=True))
        strips = [thumbnails("channel", MARGIN, y, GRIDS, maps, self.input_tone, view.channel, color)]
        if view.name == "window" and not view.walk:
            maps = list(zip(self.names, p.output, strict=True))
            color = p.output if color is not None else None
            strips.append(thumbnails("output channel", RIGHT, y, GRIDS, maps, self.output_tone, view.channel, color))
        return strips

    def _formulas(self, trace: PoolTrace, view: PoolView) -> list[str]:
        p, y, room = self.pooling, TOP + self._height(view) + 30, WIDTH - 2 * MARGIN
        second = "\u00a0\u00a0\u00a0".join(str(size) for size in p.sizes())
        says = window_says(trace)
        if view.name == "shift":
            says = push_says(self.push)
        elif view.name == "gradient":
            says = shares_say(trace)
            if trace.place is not None and p.steps <= MOST_WRITTEN and not view.walk:
                second = str(p.received(sent_back(p), *trace.place, trace.channel))
        return [
            mono(MARGIN, y, room, str(trace.equation)),
            mono(MARGIN, y + 26, room, second, 15, "gray"),
            svg.text(MARGIN, y + 51, says, 15),
            legend(WIDTH - MARGIN, y + 51, self.output_tone),
        ]


def _heading_width(box: Box, name: str, note: str) -> float:
    """That of the grid, or more where both texts need it."""
    return max(box.width, svg.text_width(name + note, 14) + HEADING_GAP)
