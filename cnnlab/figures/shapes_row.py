"""One dimension: the windows and their cells below each other, with lines from a window's taps to its cell.

A cell of the short side stands at the middle of its window, so that a stride of 2 spreads the output, and a transposed
convolution is the same picture upside down.
"""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, follower, largest
from cnnlab.figures.palette import strength
from cnnlab.figures.shapes import (
    MARGIN,
    NARROWEST_LINES,
    ROOM,
    SOFT,
    TOP,
    ShapesPicture,
    Values,
    calculation,
    cells,
    crossed,
    readable,
    window,
)
from cnnlab.traces.shapes import Shapes, ShapesStep
from cnnlab.traces.shapes_words import further, steps_of

ARCS = 40.0
CELL = 46.0
GAP = 70.0
STEPS = 74.0
COLUMNS = (0.0, 190.0, 395.0, 580.0, 850.0)
"""Where the steps of the formula begin: that of the floor is the longest."""
SECOND, THIRD = CELL + GAP, 2 * (CELL + GAP) - 26
"""Where the second row and the third begin, below the first."""


class RowPicture(ShapesPicture):
    """A signal: its input above, its output below, and below a transposed convolution the way back."""

    def __init__(self, shapes: Shapes, usage: bool = False) -> None:
        super().__init__(shapes, usage)
        cell = min(CELL, ROOM / shapes.axis.length)
        cell = float(np.floor(cell)) if cell >= NARROWEST_LINES else cell
        self.first = TOP if shapes.transposed else TOP + ARCS
        self.second, self.third = self.first + SECOND, self.first + THIRD
        self.long = Box(MARGIN, self.second if shapes.transposed else self.first, cell, 1, shapes.axis.length)
        self.short_y = self.first if shapes.transposed else self.second

    def height(self) -> float:
        return (self.third if self.shapes.transposed else self.second) + CELL + 30 + STEPS

    def sides(self, t: ShapesStep, walk: bool) -> list[str]:
        above, below = self.long_name(walk), self.short_name(walk)
        if self.shapes.transposed:
            above, below = below, above
        arcs = self._arcs()
        return [
            svg.text(MARGIN, TOP - 12 if arcs else self.first - 10, ", ".join(above), 14, "gray"),
            arcs,
            self._long_row(t, walk),
            self._short_row(t, walk),
            svg.text(MARGIN, self.second + self.long.cell + 20, ", ".join(filter(None, below)), 14, "gray"),
            self._moving(t),
            *([] if walk else self._below()),
        ]

    # ---- the rows ----------------------------------------------------------------------------------------------------

    def _long_row(self, t: ShapesStep, walk: bool) -> str:
        s, box = self.shapes, self.long
        high = largest(self.long_values(t, False)) * (1 if self.usage or s.transposed else SOFT)
        _, cols = self.shown_long(t, walk)
        values, border = self.long_values(t, walk)[:, :cols], s.border[:, :cols]
        grid = cells(Box(box.x, box.y, box.cell, 1, cols), values, high, border, self.usage and not s.transposed)
        if s.transposed and walk:
            return grid
        frame = box.part(0, s.axis.before, 1, s.size if s.transposed else s.n, "frame") if s.border.any() else ""
        content = [grid, "" if walk else crossed(box, s.unreached), frame]
        return svg.group(content) if s.transposed else box.pointable("input", self.long_label(), content, "hover pin")

    def _short_row(self, t: ShapesStep, walk: bool) -> str:
        s, cell = self.shapes, self.long.cell
        values = self.short_values()
        known = values[:, : t.index + 1] if walk and not s.transposed else values
        row = self._spread(self.short_y, known, largest(values) * SOFT)
        left = self.long.x + (s.axis.extent - s.stride) / 2 * cell
        box = Box(left, self.short_y, s.stride * cell, 1, s.columns)
        name = "input" if s.transposed else "output"
        return box.pointable(name, self.short_label(walk), row, "steps hover pin", height=cell)

    def _spread(self, y: float, values: Values, strongest: float) -> list[str]:
        """Cells that stand at the middle of their windows."""
        s, cell = self.shapes, self.long.cell
        left = self.long.x + (s.axis.extent - 1) / 2 * cell
        if s.stride == 1:
            return [cells(Box(left, y, cell, *values.shape), values, strongest)]
        boxes = [Box(left + i * s.stride * cell, y, cell, 1, 1) for i in range(values.shape[1])]
        if not readable(boxes[0], values):
            return [_plain(box, v, strongest) for box, v in zip(boxes, values[0].tolist(), strict=True)]
        return [cells(box, values[:, i : i + 1], strongest) for i, box in enumerate(boxes)]

    def _moving(self, t: ShapesStep) -> str:
        """The window, the cell that belongs to it, and the lines from its taps; all move together."""
        s, long = self.shapes, self.long
        cell, middle = long.cell, long.x + s.axis.extent / 2 * long.cell
        start, end = (self.short_y + cell, long.y) if s.transposed else (self.short_y, long.y + cell)
        lines = (
            svg.line(middle, start, long.x + (tap + 0.5) * cell, end, "frame", 1.5) for tap in s.at(0).taps[1].tolist()
        )
        here = Box(middle - cell / 2, self.short_y, cell, 1, 1).part(0, 0, 1, 1, "outline")
        return follower("window", "".join([*lines, window(long, t), here]), 0, t.col, s.stride * cell, 0)

    def _arcs(self) -> str:
        """From each cell of the border to the cell that it copies."""
        s, box = self.shapes, self.long
        if s.transposed or s.padding_mode == "zeros" or box.cell < 2 * NARROWEST_LINES:
            return ""
        paths = []
        for col in np.flatnonzero(s.border[0]).tolist():
            start, end = (box.x + (c + 0.5) * box.cell for c in (col, s.axis.before + int(s.sources[col])))
            paths.append(_arc(start, end, box.y - 3, min(abs(start - end) / 4, ARCS - 6)))
        return f'<path class="cl-frame" d="{"".join(paths)}"/>' if paths else ""

    def _below(self) -> list[str]:
        """What a convolution makes of the output of a transposed one, and the steps of the formula."""
        if "below" not in self._kept:
            s, lines = self.shapes, steps_of(self.shapes)
            y = self.height() - STEPS + 22
            parts = [
                calculation(MARGIN + x, y, *line, i == len(lines) - 1)
                for i, (x, line) in enumerate(zip(COLUMNS, lines, strict=False))
            ]
            if s.transposed and s.back == s.n:
                (formula,) = further(s)
                heading = f"{formula.name}, {formula.numbers} = {s.back} cells"
                parts += self._spread(self.third, s.again, largest(s.again) * SOFT)
                parts.append(svg.text(MARGIN, self.third + self.long.cell + 20, heading, 14, "gray"))
            self._kept["below"] = "".join(parts)
        return [self._kept["below"]]


def _plain(box: Box, value: float, strongest: float) -> str:
    """One cell without its number."""
    lines = svg.rect(box.x, box.y, box.cell, box.cell, "lines") if box.cell >= NARROWEST_LINES else ""
    return svg.rect(box.x, box.y, box.cell, box.cell, "pos", strength(value, strongest)) + lines


def _arc(start: float, end: float, y: float, rise: float) -> str:
    """Half an ellipse above a line, as the straight pieces that a picture can be measured by."""
    angles = np.linspace(0, np.pi, 17)
    xs = (start + end) / 2 - (end - start) / 2 * np.cos(angles)
    points = (
        f"{svg.fmt(x)} {svg.fmt(h)}" for x, h in zip(xs.tolist(), (y - rise * np.sin(angles)).tolist(), strict=True)
    )
    return "M" + "L".join(points)
