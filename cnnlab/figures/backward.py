"""The picture of the way back: what one cell of dy adds to dx and to dw, or what one cell of them has received."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, follower, in_full, largest, number_grid, readable
from cnnlab.figures.strips import legend
from cnnlab.traces.backward import Backward, Scatter
from cnnlab.traces.backward_words import checked, gathered, says, sent, weight_gathered
from cnnlab.traces.text import size_text

Values = NDArray[np.float64]

WIDTH, MARGIN, TOP = 1100.0, 11.0, 27.0
BOTH, CELL = 350.0, 34.0
"""Height that x and dx share, and the largest cell."""
BETWEEN, FORMULAS, LINE = 27.0, 32.0, 23.0
KERNELS, SENT, OUTPUT = 300.0, 500.0, 744.0
"""Where the columns begin: w and dw, what is sent in this step, dy; without weights, dy moves up."""
OUTPUT_OF_POOL = 580.0
KERNEL_HEIGHT, KERNEL_WIDTH = 150.0, 170.0


@dataclass(frozen=True)
class BackView:
    """What is looked at: a cell of dy that sends (``focus`` "dy"), or the cell ``row``, ``col`` of "dx" or "dw".

    ``walk`` shows of dx and dw only what the cells of dy have sent up to the step; ``check`` says what central
    differences say; ``edit_dy`` makes the numbers of dy editable.
    """

    focus: str = "dy"
    row: int = 0
    col: int = 0
    walk: bool = False
    check: bool = False
    edit_dy: bool = False


class BackwardPicture:
    """All that can be drawn of one way back."""

    def __init__(self, backward: Backward) -> None:
        self.backward = b = backward
        padded, size = b.forward.padded.shape[1:], b.input.shape
        cell = float(np.floor(min(CELL, BOTH / (padded[0] + size[0]), 262 / padded[1])))
        kernel = b.forward.kernel_size
        small = float(np.floor(min(CELL, KERNEL_HEIGHT / kernel[0], KERNEL_WIDTH / kernel[1])))
        self.x_box = Box(MARGIN, TOP, cell, *padded)
        self.second = TOP + max(self.x_box.height, small * kernel[0]) + BETWEEN
        self.dx_box = Box(MARGIN + b.corner[1] * cell, self.second, cell, *size)
        self.kernel_boxes = [Box(KERNELS, y, small, *kernel) for y in (TOP, self.second)]
        self.sent_boxes = [box.moved(SENT, box.y) for box in self.kernel_boxes]
        self.bottom = max(self.dx_box.bottom, self.kernel_boxes[1].bottom)
        left = OUTPUT_OF_POOL if b.weight is None else OUTPUT
        self.dy_box = Box.fit(left, TOP, WIDTH - MARGIN - OUTPUT, self.bottom - TOP - LINE, *b.grad_output.shape)
        self.lines = 1 if b.weight is None else 2
        self.strongest = largest(b.gradients[0]) or 1.0

    def draw(self, scatter: Scatter, view: BackView, frame: int = 0) -> str:
        """The whole picture as SVG."""
        content = [
            self._input(scatter, view),
            self._input_gradient(scatter, view),
            *self._weights(scatter, view),
            *(self._sent(scatter) if view.focus == "dy" else ()),
            self._output_gradient(scatter, view),
            *self._formulas(scatter, view),
            legend(WIDTH - MARGIN, self.bottom, Tone(True, 1.0)),
        ]
        b = self.backward
        height = self.bottom + FORMULAS + LINE * (self.lines + view.check)
        data = {"frame": frame, "step": scatter.index, "columns": b.grad_output.shape[1], "count": b.steps}
        return svg.document(WIDTH, height, content, self.label(), **data)

    def label(self) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        b = self.backward
        return f"The way back through a {b.kind}: x {size_text(b.input.shape)}, dy {size_text(b.grad_output.shape)}"

    # ---- x and dx ----------------------------------------------------------------------------------------------------

    def _input(self, scatter: Scatter, view: BackView) -> str:
        b, box, (top, left) = self.backward, self.x_box, self.backward.corner
        heading = f"x, {size_text(b.input.shape)}" + (
            f", padded to {size_text(b.forward.padded.shape[1:])}" * (top > 0)
        )
        marks = self._window(scatter) if view.focus == "dy" else ""
        if view.focus == "dx":
            marks = _mark(box, view.row + top, view.col + left)
        return svg.text(MARGIN, TOP - 9, heading, 14, "gray") + self._input_grid + marks

    @cached_property
    def _input_grid(self) -> str:
        b, box = self.backward, self.x_box
        (top, left), (height, width) = b.corner, b.input.shape
        values = np.zeros((box.rows, box.cols))  # a maximum has minus infinity in its padding
        values[top : top + height, left : left + width] = b.input
        border = np.ones(values.shape, bool)
        border[top : top + height, left : left + width] = False
        grid = number_grid(box, values, largest(b.input) or 1.0, gray=border, numbers=readable(box, values))
        frame = box.part(top, left, height, width, "frame") if top else ""
        label = f"x, {size_text(b.input.shape)}: arrow keys move, Enter changes a number"
        inside = f"{top} {left} {height} {width}"
        return box.pointable("input", label, [grid, frame], "edit", values=in_full(values), inside=inside)

    def _window(self, scatter: Scatter) -> str:
        """The outline of the window; with a dilation, also of the cells in it that count."""
        box, rows, cols = self.x_box, scatter.rows - scatter.rows[0], scatter.cols - scatter.cols[0]
        height, width = int(rows[-1]) + 1, int(cols[-1]) + 1
        outline = box.part(0, 0, height, width, "halo") + box.part(0, 0, height, width, "outline")
        if height * width > rows.size * cols.size:
            outline += "".join(box.part(int(row), int(col), 1, 1, "thin") for row in rows for col in cols)
        down, across = (n * box.cell for n in self.backward.forward.stride)
        return follower("window", outline, scatter.row, scatter.col, across, down)

    def _input_gradient(self, scatter: Scatter, view: BackView) -> str:
        b, box = self.backward, self.dx_box
        values = scatter.so_far[0] if view.walk else b.gradients[0]
        grid = number_grid(box, values, self.strongest, numbers=readable(box, values))
        label = f"dx, {size_text(values.shape)}: arrow keys show what a cell has received"
        marks = self._reached(scatter) if view.focus == "dy" else ""
        if view.focus == "dx":
            marks = _mark(box, view.row, view.col)
        heading = svg.text(box.x, box.y - 9, "dx so far" if view.walk else "dx, the gradient of x", 14, "gray")
        return heading + box.pointable("dx", label, [grid], "hover pin") + marks

    def _reached(self, scatter: Scatter) -> str:
        """The part of the window that lies in x."""
        (top, left), (height, width) = self.backward.corner, self.backward.input.shape
        rows, cols = scatter.rows - top, scatter.cols - left
        first, last = max(int(rows[0]), 0), min(int(rows[-1]), height - 1)
        start, end = max(int(cols[0]), 0), min(int(cols[-1]), width - 1)
        if first > last or start > end:
            return ""
        part = first, start, last - first + 1, end - start + 1
        outline = self.dx_box.part(*part, "halo") + self.dx_box.part(*part, "outline")
        if rows[-1] - rows[0] + 1 > rows.size or cols[-1] - cols[0] + 1 > cols.size:
            inside = ((int(i), int(j)) for i in rows for j in cols if 0 <= i < height and 0 <= j < width)
            outline += "".join(self.dx_box.part(i, j, 1, 1, "thin") for i, j in inside)
        return outline

    # ---- w, dw, what is sent -----------------------------------------------------------------------------------------

    def _weights(self, scatter: Scatter, view: BackView) -> list[str]:
        b, (box, below) = self.backward, self.kernel_boxes
        dw = scatter.so_far[1] if view.walk else b.gradients[1]
        if b.weight is None or dw is None:
            return []
        label = f"w, {size_text(b.weight.shape)}: arrow keys move, Enter changes a number"
        grid = _grid(box, b.weight, largest(b.weight))
        parts = [
            svg.text(box.x, box.y - 9, f"w, {size_text(b.weight.shape)}", 14, "gray"),
            box.pointable("kernel", label, [grid], "edit", values=in_full(b.weight), inside=_all(box)),
            svg.text(below.x, below.y - 9, "dw so far" if view.walk else "dw, the gradient of w", 14, "gray"),
        ]
        strongest = largest(np.asarray(b.gradients[1])) or 1.0
        label = f"dw, {size_text(dw.shape)}: arrow keys show what a weight has received"
        parts.append(below.pointable("dw", label, [_grid(below, dw, strongest)], "hover pin"))
        if view.focus == "dw":
            parts += [_mark(box, view.row, view.col), _mark(below, view.row, view.col)]
        if view.focus == "dx":
            parts += [box.part(row, col, 1, 1, "thin") for _, row, col in b.senders(view.row, view.col)]
        return parts

    def _sent(self, scatter: Scatter) -> list[str]:
        """What this step adds: dy times w above dy times the window; of a pooling, its window above its shares."""
        if scatter.to_weight is None:
            return self._shares(scatter)
        parts = []
        grids = (scatter.to_input, self.strongest), (scatter.to_weight, largest(np.asarray(self.backward.gradients[1])))
        titles = ("dy·w: added to dx", "dy·window: added to dw")
        for box, title, (values, strongest) in zip(self.sent_boxes, titles, grids, strict=True):
            parts.append(svg.text(box.x, box.y - 9, title, 14, "gray"))
            parts.append(_grid(box, values, max(strongest, largest(values)) or 1.0))
        return parts

    def _shares(self, scatter: Scatter) -> list[str]:
        above, below = (Box(KERNELS, box.y, box.cell, *scatter.to_input.shape) for box in self.kernel_boxes)
        outside, shown = scatter.step.in_padding, np.where(scatter.step.in_padding, 0.0, scatter.window)
        winner = _mark(above, *np.argwhere(scatter.to_input)[0]) if self._has_winner(scatter) else ""
        return [
            svg.text(above.x, above.y - 9, "window of x", 14, "gray"),
            number_grid(above, shown, largest(self.backward.input) or 1.0, gray=outside),
            winner,
            svg.text(below.x, below.y - 9, "its share of dy: added to dx", 14, "gray"),
            _grid(below, scatter.to_input, max(self.strongest, largest(scatter.to_input))),
        ]

    def _has_winner(self, scatter: Scatter) -> bool:
        return self.backward.kind == "max pool" and bool(scatter.to_input.any())

    # ---- dy ----------------------------------------------------------------------------------------------------------

    def _output_gradient(self, scatter: Scatter, view: BackView) -> str:
        b, box = self.backward, self.dy_box
        values = b.grad_output
        grid = _grid(box, values, largest(values))
        action, on = ("Enter changes a number", "edit") if view.edit_dy else ("arrow keys walk", "steps hover pin")
        label = f"dy, {size_text(values.shape)}: {action}"
        if view.edit_dy:
            drawn = box.pointable("dy", label, [grid], on, values=in_full(values), inside=_all(box))
        else:
            drawn = box.pointable("dy", label, [grid], on)
        heading = svg.text(box.x, box.y - 9, f"dy, {size_text(values.shape)}: the gradient of y", 14, "gray")
        parts = [heading, drawn]
        if view.focus == "dy":
            mark = box.part(0, 0, 1, 1, "halo") + box.part(0, 0, 1, 1, "outline")
            parts.append(follower("here", mark, scatter.row, scatter.col, box.cell, box.cell))
        elif view.focus == "dx":
            parts += [box.part(s.row, s.col, 1, 1, "outline") for s, _, _ in b.senders(view.row, view.col)]
        else:
            parts.append(box.part(0, 0, box.rows, box.cols, "outline"))
        return "".join(parts)

    # ---- formulas ----------------------------------------------------------------------------------------------------

    def _formulas(self, scatter: Scatter, view: BackView) -> list[str]:
        b, y, room = self.backward, self.bottom + 27, WIDTH - 2 * MARGIN
        lines, sentence = told(scatter, view)
        parts = [mono(MARGIN, y + LINE * i, room, line) for i, line in enumerate(lines)]
        parts.append(svg.text(MARGIN, y + LINE * len(lines), sentence, 15))
        if view.check:
            parts.append(svg.text(MARGIN, y + LINE * (self.lines + 1), checked(b), 14, "gray"))
        return parts


def told(scatter: Scatter, view: BackView) -> tuple[list[str], str]:
    """The formulas of what is looked at, and the sentence about it."""
    b, place = scatter.backward, (view.row, view.col)
    if view.focus == "dx":
        return [str(b.received(*place))], gathered(b, *place)
    if view.focus == "dw":
        return [str(b.weight_received(*place))], weight_gathered(b, *place)
    return sent(scatter), says(scatter)


def _grid(box: Box, values: Values, strongest: float) -> str:
    return number_grid(box, values, strongest or 1.0, numbers=readable(box, values))


def _mark(box: Box, row: float, col: float) -> str:
    return box.part(row, col, 1, 1, "halo") + box.part(row, col, 1, 1, "outline")


def _all(box: Box) -> str:
    """That every cell of a grid can be edited, as the page reads it."""
    return f"0 0 {box.rows} {box.cols}"
