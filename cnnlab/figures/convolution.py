"""The picture of the convolution lab: input, kernel, products, sum, output, and the formulas below.

A :class:`ConvolutionPicture` belongs to one :class:`~cnnlab.traces.Convolution`. The large grids, which stay the same
from step to step, are drawn once and kept; :meth:`ConvolutionPicture.draw` adds one step to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono, sum_formula
from cnnlab.figures.grids import Box, Tone, bitmap_grid, number_grid
from cnnlab.figures.products import Middle
from cnnlab.figures.strips import thumbnails
from cnnlab.traces import Convolution, ConvTrace
from cnnlab.traces.conv_words import says

Values = NDArray[np.float64]

WIDTH, MARGIN, TOP = 1100.0, 6.0, 28.0
GRIDS = 356.0
"""Height and width that the large grids may take, with their strip of channels or feature maps."""
STRIP = 86.0
FORMULAS = 88.0
HEIGHT = TOP + GRIDS + FORMULAS
NARROWEST = 190.0
"""Width kept for a small grid, so that its heading fits."""
MOST_NUMBERS = 20
"""A map with more rows or columns than this is drawn as a bitmap."""


@dataclass(frozen=True)
class View:
    """What of a convolution is looked at, and what is kept hidden.

    ``step`` is the output cell that is shown, ``pinned`` the one to go back to; ``walk`` shows only the output cells
    up to ``step``, as if they were computed one after the other; ``question`` hides the answer; ``paint`` says that a
    click paints the input.
    """

    step: int = 0
    filter: int = 0
    channel: int = 0
    pinned: int | None = None
    walk: bool = False
    question: bool = False
    paint: bool = False


class ConvolutionPicture:
    """All that can be drawn of one convolution; ``names`` are what the channels are called, such as ("R", "G", "B")."""

    def __init__(self, convolution: Convolution, names: Sequence[str] = ()) -> None:
        self.convolution = c = convolution
        self.names = tuple(names) or tuple(str(i) for i in range(len(c.input)))
        self.input_box = _fit(c.padded.shape[1:], strip=len(c.input) > 1)
        output = _fit(c.output.shape[1:], strip=len(c.output) > 1)
        strip = NARROWEST if len(c.output) < 4 else GRIDS
        left = MARGIN + max(self.input_box.width, NARROWEST)
        right = WIDTH - MARGIN - max(output.width, strip if len(c.output) > 1 else NARROWEST)
        zoom = not self.input_box.shows_numbers
        self.middle = Middle(c, self.names, left, right, TOP, TOP + GRIDS, zoom)
        self.output_box = output.moved(right if len(c.output) > 1 else WIDTH - MARGIN - output.width, output.y)
        self.input_tone, self.output_tone = Tone.of(c.input), Tone.of(c.output)
        self._kept: dict[tuple[str, int, bool], str] = {}

    def draw(self, view: View, frame: int = 0) -> str:
        """The whole picture as SVG; ``frame`` is a running number that the page can tell frames apart by."""
        trace = self.convolution.at(view.step, view.filter)
        content = [
            self._input(view, trace),
            self.middle.draw(trace, view.channel, (self.input_tone.high, self.output_tone.high), view.question),
            self._output(view, trace),
            *self._strips(view, trace),
            *self._formulas(view, trace),
        ]
        columns, count = self.convolution.output.shape[2], self.convolution.steps
        data = {"frame": frame, "step": view.step, "columns": columns, "count": count}
        return svg.document(WIDTH, HEIGHT, content, self.label(), **data)

    def label(self) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        c = self.convolution
        sizes = (c.input.shape[1:], c.kernel_size, c.output.shape[1:])
        return "Convolution: input {}, kernel {}, output {}".format(*(size_text(s) for s in sizes))

    # ---- input -------------------------------------------------------------------------------------------------------

    def _input(self, view: View, trace: ConvTrace) -> str:
        box, c = self.input_box, self.convolution
        size, padded = size_text(c.input.shape[1:]), size_text(c.padded.shape[1:])
        note = size if size == padded else f"padded to {padded}"
        name = f"input {size}" if size != padded else "input"
        if len(self.names) > 1:
            name += f", channel {self.names[view.channel]}"
            note = "" if size == padded else note
        room = NARROWEST if len(name + note) < 24 else 330.0  # a long heading may reach beyond a small grid
        heading = _heading(box, max(box.width, room), name, note)
        key = ("input", view.channel, view.paint)
        if key not in self._kept:
            self._kept[key] = self._input_grid(view)
        return heading + self._kept[key] + self._window(trace)

    def _input_grid(self, view: View) -> str:
        box, c = self.input_box, self.convolution
        values = c.padded[view.channel]
        rows, cols = c.unreached()
        veil = [
            box.part(box.rows - rows, 0, rows, box.cols, "pad", 0.65) if rows else "",
            box.part(0, box.cols - cols, box.rows - rows, cols, "pad", 0.65) if cols else "",
        ]
        if max(values.shape) > MOST_NUMBERS:
            return box.pointable("input", "input", [bitmap_grid(box, values, self.input_tone), *veil])
        grid = number_grid(box, values, self.input_tone.high, gray=c.border)
        (top, bottom), (left, right) = c.padding
        frame = box.part(top, left, c.input.shape[1], c.input.shape[2], "frame") if top + bottom + left + right else ""
        return box.pointable(
            "input",
            f"input, {size_text(c.input.shape[1:])}: arrow keys move, Enter changes a number, Space paints",
            [grid, *veil, frame],
            edit="1",
            paint="1" if view.paint else None,
            values=_in_full(values),
        )

    def _window(self, trace: ConvTrace) -> str:
        """The outline of the window; with a dilation, also of the cells in it that the kernel touches."""
        box, c = self.input_box, self.convolution
        (height, width), (down, across) = c.extent, c.dilation
        outline = box.part(0, 0, height, width, "outline") if box.shows_numbers else _ring(box, height, width)
        if c.dilation != (1, 1):
            taps = ((row, col) for row in range(0, height, down) for col in range(0, width, across))
            outline += "".join(box.part(row, col, 1, 1, "thin") for row, col in taps)
        return _follower("window", outline, trace, c.stride[1] * box.cell, c.stride[0] * box.cell)

    # ---- output ------------------------------------------------------------------------------------------------------

    def _output(self, view: View, trace: ConvTrace) -> str:
        box, c = self.output_box, self.convolution
        name = "output" if len(c.output) == 1 else f"feature map {view.filter}"
        right = WIDTH - MARGIN if len(c.output) == 1 else max(box.right, box.x + NARROWEST)
        size = size_text(c.output.shape[1:])
        heading = _heading(box, right - box.x, name, size)
        if right - box.x < 110:  # one line, ending where the grid ends
            heading = svg.text(right, box.y - 9, f"{name} {size}", 14, "gray end")
        mark = box.part(0, 0, 1, 1, "outline") if box.shows_numbers else _ring(box, 1, 1)
        marker = _follower("here", mark, trace, box.cell, box.cell)
        if view.pinned is not None and view.pinned != view.step:
            row, col = divmod(view.pinned, box.cols)
            marker = box.part(row, col, 1, 1, "thin") + marker
        return heading + self._output_grid(view) + marker

    def _output_grid(self, view: View) -> str:
        """The feature map; while it is walked or asked about, only the cells that are already known."""
        box, values = self.output_box, self.convolution.output[view.filter]
        bitmap = max(values.shape) > MOST_NUMBERS
        whole = bitmap or not (view.walk or view.question)
        key = ("output", view.filter, whole)
        if whole and key in self._kept:
            return self._kept[key]
        known = values.size if whole else view.step if view.question else view.step + 1
        hidden = np.arange(values.size).reshape(values.shape) >= known
        tone = self.output_tone
        grid = bitmap_grid(box, values, tone) if bitmap else number_grid(box, values, tone.high, hidden=hidden)
        drawn = box.pointable("output", f"output, {size_text(values.shape)}: arrow keys walk the window", [grid])
        if whole:
            self._kept[key] = drawn
        return drawn

    # ---- channels, feature maps, formulas ----------------------------------------------------------------------------

    def _strips(self, view: View, trace: ConvTrace) -> list[str]:
        c, y = self.convolution, TOP + GRIDS - 76
        strips = []
        if len(c.input) > 1:
            maps = list(zip(self.names, c.input, strict=True))
            strips.append(thumbnails("channel", MARGIN, y, GRIDS, maps, self.input_tone, view.channel))
        if len(c.output) > 1 and not view.question:
            maps = [(str(i), values) for i, values in enumerate(c.output)]
            x = self.output_box.x
            strips.append(thumbnails("filter", x, y, WIDTH - MARGIN - x, maps, self.output_tone, view.filter))
        return strips

    def _formulas(self, view: View, trace: ConvTrace) -> list[str]:
        y = TOP + GRIDS + 30
        sizes = "\u00a0\u00a0\u00a0".join(str(d) for d in self.convolution.sizes())
        sentence = "What comes out at the marked cell of the output?" if view.question else says(trace)
        room = WIDTH - 2 * MARGIN
        formula = mono(MARGIN, y, room, f"{trace.name} = ?") if view.question else sum_formula(MARGIN, y, room, trace)
        size = mono(MARGIN, y + 26, room, sizes, 15, "gray")
        return [formula, size, svg.text(MARGIN, y + 51, sentence, 15)]


def _fit(shape: tuple[int, int], strip: bool) -> Box:
    """The box of a large grid, in the middle of its height; a strip of channels or feature maps goes below it."""
    height = GRIDS - STRIP * strip
    box = Box.fit(MARGIN, TOP, GRIDS, height, *shape)
    return box.moved(MARGIN, TOP + (height - box.height) / 2)


def _ring(box: Box, rows: int, cols: int) -> str:
    """A mark around cells that are too small to be outlined."""
    x, y = box.x + cols * box.cell / 2, box.y + rows * box.cell / 2
    radius = max(9.0, box.cell * max(rows, cols))
    return svg.circle(x, y, radius, "halo") + svg.circle(x, y, radius, "outline")


def size_text(shape: Sequence[int]) -> str:
    """``(6, 8)`` as ``6 × 8``."""
    return " × ".join(str(n) for n in shape)


def _heading(box: Box, width: float, name: str, note: str) -> str:
    left = svg.text(box.x, box.y - 9, name, 14, "gray")
    return left + svg.text(box.x + width, box.y - 9, note, 14, "gray end") if note else left


def _follower(name: str, content: str, trace: ConvTrace, dx: float, dy: float) -> str:
    """Something that moves with the step; the page can move it before the next frame arrives."""
    place = f"translate({svg.fmt(trace.col * dx)} {svg.fmt(trace.row * dy)})"
    return svg.group([content], class_=f"cl-{name}", data_follow=f"{svg.fmt(dx)} {svg.fmt(dy)}", transform=place)


def _in_full(values: Values) -> str:
    """Every number in full, for the editor of a cell."""
    return " ".join(f"{v:.12g}" for v in values.ravel())
