"""Rows of values under each other: a column for each value, forward above, backward below, one column written out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, flat_grid, follower, in_full
from cnnlab.figures.strips import legend

Values = NDArray[np.float64]

WIDTH, MARGIN, LEFT, TOP, CELL = 1100.0, 11.0, 250.0, 12.0, 62.0
ROW, ROW_GAP, BLOCK_GAP = 30.0, 6.0, 18.0
NOTES = 20.0
"""Between the last cell of a row and what is said about it."""
LINE = 25.0

EDIT = "arrow keys move, Enter changes a number"
FLIP = "arrow keys move, Space flips an entry"
CHOOSE = "arrow keys choose one"
ON = {"": "", EDIT: "edit", FLIP: "paint", CHOOSE: "steps hover pin"}


@dataclass(frozen=True)
class ValueRow:
    """A row: `strongest` is the magnitude of the full color, `note` is said behind it, `keys` one of those above.

    `apart` begins a block of rows; what is `idle` plays no part, and is gray.
    """

    name: str
    title: str
    values: Values
    strongest: float
    note: str = ""
    keys: str = ""
    apart: bool = False
    idle: bool = False


class RowsPicture:
    """What the pictures of a way back through single values have in common; the last row is its result."""

    label = ""
    """What the picture shows, in one line, for people who cannot see it."""

    def __init__(self, rows: Sequence[ValueRow]) -> None:
        self.rows = rows
        self.count = len(rows[0].values)
        gaps = np.cumsum([BLOCK_GAP * row.apart for row in rows])
        self.tops = [TOP + i * (ROW + ROW_GAP) + float(gap) for i, gap in enumerate(gaps)]
        self.bottom = self.tops[-1] + ROW

    def told(self, at: int) -> tuple[list[str], str]:
        """The formulas of a column, and the sentence about it."""
        raise NotImplementedError

    def checked(self) -> str:
        """What the gradient check says."""
        raise NotImplementedError

    def draw(self, at: int, check: bool = False, frame: int = 0) -> str:
        """The whole picture as SVG; ``at`` is the column that is written out."""
        lines, sentence = self.told(at)
        y = self.bottom + 30
        below = y + LINE * len(lines)
        content = [*map(self._row, self.rows, self.tops), self._mark(at)]
        content += [mono(MARGIN, y + LINE * i, WIDTH - 2 * MARGIN, line) for i, line in enumerate(lines)]
        content += [svg.text(MARGIN, below, sentence, 15), legend(WIDTH - MARGIN, below, Tone(True, 1.0))]
        if check:
            content.append(svg.text(MARGIN, below + LINE, self.checked(), 14, "gray"))
        data = {"frame": frame, "step": at, "columns": self.count, "count": self.count}
        return svg.document(WIDTH, below + 11 + LINE * check, content, self.label, **data)

    def _row(self, row: ValueRow, y: float) -> str:
        box = Box(LEFT, y, CELL, 1, self.count)
        cells = flat_grid(box, row.values, row.strongest or 1.0, ROW, row.idle)
        label, on = f"{row.title}: {row.keys}", ON[row.keys]
        if row.keys == CHOOSE:
            cells = box.pointable(row.name, label, [cells], on, ROW)
        elif row.keys:
            inside = f"0 0 1 {self.count}"
            cells = box.pointable(row.name, label, [cells], on, ROW, values=in_full(row.values), inside=inside)
        heading = svg.text(LEFT - 16, y + 20, row.title, 15, "bold end" if row is self.rows[-1] else "end")
        return heading + cells + svg.text(box.right + NOTES, y + 20, row.note, 14, "gray")

    def _mark(self, at: int) -> str:
        top = self.tops[0] - 3
        return follower("here", svg.rect(LEFT, top, CELL, self.bottom - top + 3, "outline"), 0, at, CELL, 0)
