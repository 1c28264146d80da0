"""The picture of the builder lab: a table of layers with bars, the formulas of one layer, and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.builder_blocks import blocks
from cnnlab.figures.builder_maps import maps, row_of_numbers
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.built import Built, BuiltRow
from cnnlab.traces.built_faults import described
from cnnlab.traces.connections import count_text, memory
from cnnlab.traces.text import size_text

Values = NDArray[np.float64]

WIDTH, MARGIN = 1080.0, 16.0
HEADINGS_Y, TABLE_Y = 17.0, 26.0
PITCH, TIGHTEST, TABLE = 22.5, 13.5, 290.0
MOST_ROWS = 22
"""Rows of the table; of more layers, those around the one that is looked at."""
NUMBER_X, LAYER_X, THEN_X, OUTPUT_X = 32.0, 44.0, 300.0, 388.0
OUTPUT_WIDTH, PARAMETERS_END, MACS_END, BAR = 112.0, 607.0, 806.0, 72.0
MEMORY_END, SEES_END = 966.0, WIDTH - MARGIN
SMALLEST = 12.0
HIGHEST = 508.0
BELOW, LINE = 182.0, 22.0
MAPS_X, LEFT_END = 668.0, 640.0
VIEWS = ("maps", "blocks")
"""What can be below the table: the formulas and maps of the row, or the outputs of all rows as blocks."""
UNKNOWN = "?"
FAULT_OPACITY = 0.3


@dataclass(frozen=True, eq=False)
class Shown:
    """What is looked at: the row (0 is the input), the numbers that come out of it where it can be run, and how.

    ``pinned`` is the row that was clicked, where another one is pointed at. ``output`` is that of the row; of one that
    cannot work, what it gets. ``channel`` is the map that is shown large, ``batch`` how many images the memory is for;
    ``walk``: the rows behind are still to come. ``view``: what is below the table.
    """

    layer: int
    pinned: int
    output: Values | None
    channel: int = 0
    batch: int = 1
    walk: bool = False
    view: str = VIEWS[0]


class BuilderPicture:
    """All that can be drawn of one stack."""

    def __init__(self, stack: Built) -> None:
        self.stack = stack
        self.most_parameters = max((row.parameters for row in stack.rows), default=0)
        self.most_macs = max((row.macs for row in stack.rows), default=0)

    def draw(self, shown: Shown, frame: int = 0) -> str:
        """The whole picture as SVG."""
        rows = self._rows(shown)
        pitch = min(PITCH, max(TABLE / (len(rows) + 2), TIGHTEST))
        table = self._table(rows, shown, pitch)
        end = TABLE_Y + (len(rows) + 2) * pitch
        below = min(BELOW, HIGHEST - end - 28)
        parts = [
            *table,
            self._says(shown, end + 22),
            *(self._formulas if shown.view == VIEWS[0] else self._blocks)(shown, end + 30, below),
        ]
        label = f"A network of {len(self.stack.rows)} rows on an input of {size_text(self.stack.input_shape)}"
        data = {"frame": frame, "step": self._place(shown), "columns": 1, "count": len(rows) + 1}
        return svg.document(WIDTH, end + 28 + below, parts, label, **data)

    def first_row(self, pinned: int) -> int:
        """How many rows are above those that are shown."""
        return min(max(pinned - 1 - MOST_ROWS // 2, 0), max(len(self.stack.rows) - MOST_ROWS, 0))

    def _place(self, shown: Shown) -> int:
        """The line of the table that is looked at; the input is the first."""
        return max(shown.layer - self.first_row(shown.pinned), 0)

    def _says(self, shown: Shown, y: float) -> str:
        """What is to be seen of the whole stack, as far as it is not hidden."""
        broken = self.stack.broken is not None and not self._hidden(self.stack.broken.index + 1, shown)
        hidden = self._hidden(len(self.stack.rows), shown) and not broken
        says = "Predict the next row, then go on to it." if hidden else self.stack.says()
        return within(MARGIN, y, WIDTH - 2 * MARGIN, says, 15, "bold" if broken else "")

    # ---- the table ---------------------------------------------------------------------------------------------------

    def _rows(self, shown: Shown) -> Sequence[BuiltRow]:
        first = self.first_row(shown.pinned)
        return self.stack.rows[first : first + MOST_ROWS]

    def _hidden(self, number: int, shown: Shown) -> bool:
        """Whether a row is still to come, and may be predicted."""
        return shown.walk and number > shown.layer

    def _table(self, rows: Sequence[BuiltRow], shown: Shown, pitch: float) -> list[str]:
        size = min(14.0, pitch - 1.5)
        lines = [self._input(pitch, size)]
        lines += [self._row(row, shown, TABLE_Y + i * pitch, pitch, size) for i, row in enumerate(rows, start=1)]
        box = Box(MARGIN, TABLE_Y, WIDTH - 2 * MARGIN, len(rows) + 1, 1)
        on = "steps pin" if shown.walk else "steps hover pin"
        grid = box.pointable("layer", "layers: arrow keys choose one", lines, on, height=pitch)
        outline = svg.rect(MARGIN - 6, TABLE_Y, WIDTH - 2 * MARGIN + 12, pitch, "outline")
        mark = follower("window", outline, self._place(shown), 0, 0, pitch)
        return [*self._headings(), grid, self._total(shown, TABLE_Y + (len(rows) + 1) * pitch, pitch, size), mark]

    @staticmethod
    def _headings() -> list[str]:
        return [
            svg.text(LAYER_X, HEADINGS_Y, "layer", 13, "gray"),
            svg.text(THEN_X, HEADINGS_Y, "then", 13, "gray"),
            svg.text(OUTPUT_X, HEADINGS_Y, "output", 13, "gray"),
            svg.text(PARAMETERS_END, HEADINGS_Y, "parameters", 13, "gray end"),
            svg.text(MACS_END, HEADINGS_Y, "multiplications (MACs)", 13, "gray end"),
            svg.text(MEMORY_END, HEADINGS_Y, "memory", 13, "gray end"),
            svg.text(SEES_END, HEADINGS_Y, "sees", 13, "gray end"),
        ]

    def _input(self, pitch: float, size: float) -> str:
        y = TABLE_Y + pitch / 2 + 0.36 * size
        return svg.rect(MARGIN, TABLE_Y, WIDTH - 2 * MARGIN, pitch, "paper") + "".join(
            (
                svg.text(LAYER_X, y, "input", size),
                svg.text(OUTPUT_X, y, size_text(self.stack.input_shape), size),
            )
        )

    def _row(self, row: BuiltRow, shown: Shown, top: float, pitch: float, size: float) -> str:
        y = top + pitch / 2 + 0.36 * size
        paper = svg.rect(MARGIN, top, WIDTH - 2 * MARGIN, pitch, "paper")
        hidden = self._hidden(row.index + 1, shown)
        marked = row.fault is not None and not hidden
        lost = not row.works and not marked and not hidden
        parts = [paper]
        if marked:
            parts.append(svg.rect(MARGIN, top, WIDTH - 2 * MARGIN, pitch, "neg", FAULT_OPACITY))
        parts.append(svg.text(NUMBER_X, y, str(row.index + 1), size, "gray end" if not marked else "end"))
        parts.append(within(LAYER_X, y, THEN_X - LAYER_X - 8, row.title, size, "gray" if lost else ""))
        parts.append(within(THEN_X, y, OUTPUT_X - THEN_X - 8, row.behind, size, "gray" if not marked else ""))
        if hidden:
            parts.append(svg.text(OUTPUT_X, y, UNKNOWN, size, "gray"))
        elif marked:
            parts.append(svg.text(OUTPUT_X, y, "cannot work", size, "bold"))
        elif row.works:
            parts += self._numbers(row, shown.batch, top, pitch, y, size)
        return "".join(parts)

    def _numbers(self, row: BuiltRow, batch: int, top: float, pitch: float, y: float, size: float) -> list[str]:
        parts = [within(OUTPUT_X, y, OUTPUT_WIDTH, size_text(row.output_shape), size, "")]
        columns = (
            (row.parameters, self.most_parameters, PARAMETERS_END),
            (row.macs, self.most_macs, MACS_END),
        )
        for count, most, end in columns:
            if count:
                parts.append(svg.text(end, y, count_text(count), size, "end"))
                parts.append(
                    svg.rect(end + 10, top + 0.2 * pitch, max(BAR * count / most, 1), 0.6 * pitch, "pos", STRONGEST)
                )
        sees = f"{row.field.size} × {row.field.size}" if row.field else "everything"
        parts.append(svg.text(MEMORY_END, y, memory(row.numbers * batch), size, "gray end"))
        parts.append(svg.text(SEES_END, y, sees, size, "gray end"))
        return parts

    def _total(self, shown: Shown, top: float, pitch: float, size: float) -> str:
        y, stack = top + pitch / 2 + 0.36 * size + 2, self.stack
        hidden = self._hidden(len(stack.rows), shown)
        texts = (
            (UNKNOWN, UNKNOWN, UNKNOWN)
            if hidden
            else (count_text(stack.parameters), count_text(stack.macs), memory(stack.numbers * shown.batch))
        )
        ends = (PARAMETERS_END, MACS_END, MEMORY_END)
        totals = (svg.text(end, y, text, size, "bold end") for text, end in zip(texts, ends, strict=True))
        label = "in all" if hidden or stack.broken is None else "as far as it works"
        edge = svg.line(MARGIN, top + 1, WIDTH - MARGIN, top + 1, "frame", 1)
        return "".join([edge, svg.text(LAYER_X, y, label, size, "bold"), *totals])

    # ---- the row that is looked at -----------------------------------------------------------------------------------

    def _formulas(self, shown: Shown, top: float, height: float) -> list[str]:
        lines, room = [self._title(shown, top), self._output(shown, top, height)], LEFT_END - MARGIN
        if not shown.layer:
            return lines
        row = self.stack.rows[shown.layer - 1]
        texts = list(row.formulas(shown.batch))
        texts += [f"would work: {self.stack.remedy()}"] if row.fault else []
        pitch = min(LINE, (height - 25) / max(len(texts) + bool(row.note), 1))
        lines += [mono(MARGIN, top + 18 + i * pitch, room, text, 15) for i, text in enumerate(texts, start=1)]
        if row.note and row.works:
            lines.append(svg.text(MARGIN, top + 18 + (len(texts) + 1) * pitch, row.note, 13))
        return lines

    def _title(self, shown: Shown, top: float) -> str:
        if not shown.layer:
            return svg.text(MARGIN, top + 16, f"The input: {described(self.stack.input_shape)}", 15, "bold")
        row = self.stack.rows[shown.layer - 1]
        behind = f", then {row.behind}" if row.behind else ""
        gets = f" on {described(row.input_shape)}" if row.input_shape else ""
        title = f"Row {shown.layer}: {row.title}{gets}{behind}"
        return within(MARGIN, top + 16, LEFT_END - MARGIN, title, 15, "bold")

    def _blocks(self, shown: Shown, top: float, height: float) -> list[str]:
        """The input and the outputs of the rows of the table, side by side."""
        shapes = [() if self._hidden(row.index + 1, shown) else row.output_shape for row in self._rows(shown)]
        says = "channels wide, rows high, columns deep; a step for each doubling"
        drawn = blocks(
            MARGIN, top + 24, WIDTH - 2 * MARGIN, height - 30, [self.stack.input_shape, *shapes], self._place(shown)
        )
        return [self._title(shown, top), svg.text(WIDTH - MARGIN, top + 16, says, 12, "gray end"), drawn]

    def _output(self, shown: Shown, top: float, height: float) -> str:
        """What comes out of the row, for one image and weights that are not trained."""
        row = self.stack.rows[shown.layer - 1] if shown.layer else None
        reached = row is None or bool(row.input_shape)
        if shown.output is None:
            note = "counted, and not run: it is too large" if reached else ""
            return svg.text(WIDTH - MARGIN, top + 16, note, 13, "gray end") if note else ""
        gets = "gets: " if row is not None and row.fault else ""
        if shown.output.ndim == 1:
            return row_of_numbers(MAPS_X, top, WIDTH - MARGIN - MAPS_X, height - 28, shown.output, gets)
        channel = min(shown.channel, len(shown.output) - 1)
        return maps(MAPS_X, top, height - 28, shown.output, channel, gets, photo=not shown.layer)


def within(x: float, y: float, width: float, content: str, size: float, classes: str) -> str:
    """A line of text that is made smaller where it is too wide, and cut where that is not enough."""
    narrow = 1.08 if "bold" in classes else 0.92  # `text_width` is made for numbers: words are narrower, bold is wider
    fitted = min(size, max(width / max(narrow * svg.text_width(content, 1), 1e-9), SMALLEST))
    while narrow * svg.text_width(content, fitted) > width and len(content) > 2:
        content = content[:-2].rstrip() + "…"
    return svg.text(x, y, content, fitted, classes) if content else ""
