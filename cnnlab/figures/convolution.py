"""The picture of the convolution lab: input, kernel, products, sum, output, and the formulas below.

A :class:`ConvolutionPicture` belongs to one :class:`~cnnlab.traces.Convolution`. The large grids, which stay the same
from step to step, are drawn once and kept; :meth:`ConvolutionPicture.draw` adds one step to them. The three columns
begin at the same place whatever the sizes, so that nothing jumps while a stride is dragged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono, sum_formula
from cnnlab.figures.grids import MOST_NUMBERS, Box, Tone, bitmap_grid, follower, in_full, number_grid, ring
from cnnlab.figures.products import Middle
from cnnlab.figures.strips import legend, thumbnails
from cnnlab.traces import Convolution, ConvTrace
from cnnlab.traces.conv_words import says
from cnnlab.traces.text import size_text

WIDTH, MARGIN, TOP = 1100.0, 11.0, 28.0
GRIDS = 335.0
"""Height and width that a large grid may take, with its strip of channels or feature maps."""
FLAT_GRIDS = 108.0
"""The height of the grids where input and kernel are one or two rows: convolution in one dimension."""
STRIP = 86.0
FORMULAS = 88.0
RIGHT_COLUMN = WIDTH - MARGIN - GRIDS
NARROWEST = 190.0
"""Width kept for a small grid, so that its heading fits."""


VEIL = 0.33
"""Opacity of what lies over the cells that no window reaches."""


@dataclass(frozen=True)
class View:
    """What of a convolution is looked at, beside the step, and what is kept hidden.

    ``channel`` is the input channel that is shown, ``pinned`` the step to go back to; ``walk`` shows only the output
    cells up to the step, as if they were computed one after the other; ``answered`` are the only ones that are shown
    where the others are to be predicted; ``question`` hides how this step comes out; ``paint`` says that a click
    paints the input.
    """

    channel: int = 0
    pinned: int | None = None
    walk: bool = False
    answered: frozenset[int] | None = None
    question: bool = False
    paint: bool = False


class ConvolutionPicture:
    """All that can be drawn of one convolution; ``names`` are what the channels are called, such as ("R", "G", "B")."""

    def __init__(self, convolution: Convolution, names: Sequence[str] = ()) -> None:
        self.convolution = c = convolution
        self.names = tuple(names) or tuple(str(i) for i in range(len(c.input)))
        self.is_photo = max(c.input.shape[1:]) > MOST_NUMBERS
        self.is_flat = max(c.input.shape[1], c.kernel_size[0]) <= 2 and len(c.input) == len(c.output) == 1
        self.grids = FLAT_GRIDS if self.is_flat else GRIDS
        self.input_box = self._fit(MARGIN, c.padded.shape[1:], strip=len(c.input) > 1)
        self.output_box = self._fit(RIGHT_COLUMN, c.output.shape[1:], strip=len(c.output) > 1)
        left, right = MARGIN + GRIDS, RIGHT_COLUMN
        if self.is_flat:
            left = MARGIN + max(self.input_box.width, svg.text_width(" ".join(self._input_heading(0)), 14) + 16)
            right = WIDTH - MARGIN - max(self.output_box.width, NARROWEST)
            self.output_box = self.output_box.moved(right, TOP)
        self.input_tone = Tone.of(c.input, self.is_photo)
        self.output_tone = Tone.of(c.output, self.is_photo)
        room = (left, right, TOP, TOP + self.grids)
        self.middle = Middle(c, self.names, *room, zoom=not self.input_box.shows_numbers, one_row=self.is_flat)
        self._kept: dict[tuple[str, int, bool], str] = {}

    def _fit(self, x: float, shape: tuple[int, ...], strip: bool) -> Box:
        return Box.fit(x, TOP, GRIDS, self.grids - STRIP * strip, shape[0], shape[1])

    def draw(self, trace: ConvTrace, view: View, frame: int = 0) -> str:
        """The whole picture as SVG; ``frame`` is a running number that the page can tell frames apart by."""
        strongest = (self.input_tone.high, self.output_tone.high)
        content = [
            self._input(view, trace),
            self.middle.draw(trace, view.channel, strongest, view.question),
            self._output(view, trace),
            *self._strips(view, trace),
            *self._formulas(view, trace),
        ]
        c = self.convolution
        data = {"frame": frame, "step": trace.index, "columns": c.columns, "count": c.steps}
        return svg.document(WIDTH, TOP + self.grids + FORMULAS, content, self.label(), **data)

    def label(self) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        c = self.convolution
        sizes = (c.input.shape[1:], c.kernel_size, c.output.shape[1:])
        return "Convolution: input {}, kernel {}, output {}".format(*(size_text(s) for s in sizes))

    # ---- input -------------------------------------------------------------------------------------------------------

    def _input(self, view: View, trace: ConvTrace) -> str:
        box = self.input_box
        name, note = self._input_heading(view.channel)
        room = max(box.width, NARROWEST if len(name + note) < 22 else GRIDS)  # a long heading may reach beyond the grid
        key = ("input", view.channel, view.paint)
        if key not in self._kept:
            self._kept[key] = self._input_grid(view)
        return _heading(box, room, name, note) + self._kept[key] + self._window(trace)

    def _input_heading(self, channel: int) -> tuple[str, str]:
        c = self.convolution
        size, padded = size_text(c.input.shape[1:]), size_text(c.padded.shape[1:])
        name = "input" if len(self.names) == 1 else f"input, channel {self.names[channel]}"
        return name, size if size == padded else f"{size}, padded to {padded}"

    def _input_grid(self, view: View) -> str:
        box, c = self.input_box, self.convolution
        values = c.padded[view.channel]
        rows, cols = c.unreached()
        veil = [
            box.part(box.rows - rows, 0, rows, box.cols, "pad", VEIL) if rows else "",
            box.part(0, box.cols - cols, box.rows - rows, cols, "pad", VEIL) if cols else "",
        ]
        if self.is_photo:
            label = f"input, {size_text(values.shape)}: point to see the window there"
            return box.pointable("input", label, [bitmap_grid(box, values, self.input_tone), *veil], "hover pin")
        (top, bottom), (left, right) = c.padding
        _, height, width = c.input.shape
        frame = box.part(top, left, height, width, "frame") if top + bottom + left + right else ""
        grid = number_grid(box, values, self.input_tone.high, gray=c.border)
        label = f"input, {size_text((height, width))}: arrow keys move, Enter changes a number, Space paints"
        inside = f"{top} {left} {height} {width}"
        what = "edit paint" if view.paint else "edit"
        return box.pointable("input", label, [grid, *veil, frame], what, values=in_full(values), inside=inside)

    def _window(self, trace: ConvTrace) -> str:
        """The outline of the window; with a dilation, also of the cells in it that the kernel touches."""
        box, c = self.input_box, self.convolution
        (height, width), (down, across) = c.extent, c.dilation
        outline = box.part(0, 0, height, width, "outline") if box.shows_numbers else ring(box, height, width)
        if c.dilation != (1, 1) and box.shows_numbers:
            taps = ((row, col) for row in range(0, height, down) for col in range(0, width, across))
            outline += "".join(box.part(row, col, 1, 1, "thin") for row, col in taps)
        return follower("window", outline, trace.row, trace.col, c.stride[1] * box.cell, c.stride[0] * box.cell)

    # ---- output ------------------------------------------------------------------------------------------------------

    def _output(self, view: View, trace: ConvTrace) -> str:
        box, c = self.output_box, self.convolution
        name = "output" if len(c.output) == 1 else f"feature map {trace.filter}"
        heading = _heading(box, max(box.width, NARROWEST), name, size_text(c.output.shape[1:]))
        mark = box.part(0, 0, 1, 1, "outline") if box.shows_numbers else ring(box, 1, 1)
        marker = follower("here", mark, trace.row, trace.col, box.cell, box.cell)
        if view.pinned is not None and view.pinned != trace.index and box.shows_numbers:
            row, col = divmod(view.pinned, box.cols)
            marker = box.part(row, col, 1, 1, "thin") + marker
        return heading + self._output_grid(view, trace) + marker

    def _output_grid(self, view: View, trace: ConvTrace) -> str:
        """The feature map; while it is walked or asked about, only the cells that are already known."""
        box, values = self.output_box, self.convolution.output[trace.filter]
        bitmap = self.is_photo and max(values.shape) > MOST_NUMBERS
        hidden = None if bitmap and view.answered is None else self._hidden(view, trace)
        key = ("output", trace.filter, False)
        if hidden is None and key in self._kept:
            return self._kept[key]
        tone = self.output_tone
        if bitmap:  # its cells are too small to answer for one by one
            grid = bitmap_grid(box, values, tone) if hidden is None else box.part(0, 0, box.rows, box.cols, "pad")
        else:
            grid = number_grid(box, values, tone.high, hidden=hidden)
        label = f"output, {size_text(values.shape)}: arrow keys walk the window"
        drawn = box.pointable("output", label, [grid], "steps hover pin")
        if hidden is None:
            self._kept[key] = drawn
        return drawn

    def _hidden(self, view: View, trace: ConvTrace) -> NDArray[np.bool_] | None:
        """Which cells of the output are not to be seen yet; None for none."""
        if not view.walk and view.answered is None:
            return None
        shape, steps = self.convolution.output.shape[1:], np.arange(self.convolution.steps)
        known = steps <= trace.index if view.walk else np.ones(len(steps), bool)
        if view.answered is not None:
            known &= np.isin(steps, sorted(view.answered))
        return ~known.reshape(shape)

    # ---- channels, feature maps, formulas ----------------------------------------------------------------------------

    def _strips(self, view: View, trace: ConvTrace) -> list[str]:
        c, y = self.convolution, TOP + self.grids - 76
        strips = []
        if len(c.input) > 1:
            maps = list(zip(self.names, c.input, strict=True))
            color = c.input if self.names == ("R", "G", "B") else None
            strips.append(thumbnails("channel", MARGIN, y, GRIDS, maps, self.input_tone, view.channel, color))
        if len(c.output) > 1 and view.answered is None:
            maps = [(str(i), values) for i, values in enumerate(c.output)]
            strips.append(thumbnails("filter", RIGHT_COLUMN, y, GRIDS, maps, self.output_tone, trace.filter))
        return strips

    def _formulas(self, view: View, trace: ConvTrace) -> list[str]:
        y, room = TOP + self.grids + 30, WIDTH - 2 * MARGIN
        sizes = "\u00a0\u00a0\u00a0".join(str(d) for d in self.convolution.sizes())
        sentence = "What comes out at the marked cell of the output?" if view.question else says(trace)
        formula = mono(MARGIN, y, room, f"{trace.name} = ?") if view.question else sum_formula(MARGIN, y, room, trace)
        size = mono(MARGIN, y + 26, room, sizes, 15, "gray")
        tone = self.output_tone
        return [formula, size, svg.text(MARGIN, y + 51, sentence, 15), legend(WIDTH - MARGIN, y + 51, tone)]


def _heading(box: Box, width: float, name: str, note: str) -> str:
    left = svg.text(box.x, box.y - 9, name, 14, "gray")
    return left + svg.text(box.x + width, box.y - 9, note, 14, "gray end")
