"""Which units of every map a unit is computed from, in one direction: a pyramid that stands on the photo."""

from cnnlab.figures import svg
from cnnlab.figures.palette import STRONGEST, strength
from cnnlab.traces.effective_field import Reach
from cnnlab.traces.receptive_field import Unit

LABELS, NUMBER = 66.0, 13.0
LARGEST_CELL, LARGEST_PITCH = 38.0, 68.0
SMALLEST_CELL = 4.0
"""Units narrower than this are drawn as one bar."""
MOST_LINES = 700
BESIDE = 1
"""Cells of the photo that are drawn beside the field."""


def pyramid(unit: Unit, x: float, y: float, width: float, height: float, counted: bool) -> str:
    """The unit on top, the photo at the bottom; where ``counted``, with the number of paths from each unit to it."""
    return _Pyramid(unit, x, y, width, height, counted).draw()


class _Pyramid:
    def __init__(self, unit: Unit, x: float, y: float, width: float, height: float, counted: bool) -> None:
        self.unit, self.counted = unit, counted
        window = unit.cols[0].window
        self.first, self.last = window.start - BESIDE, window.stop - 1 + BESIDE
        self.cell = min(LARGEST_CELL, (width - LABELS) / len(range(self.first, self.last + 1)))
        self.x, self.y, self.middle = x, y, x + LABELS + (width - LABELS) / 2
        self.pitch = min(LARGEST_PITCH, height / (unit.level + 1))
        self.tall = min(26.0, 0.46 * self.pitch + 2)
        self.bottom = y + height
        self.center = (self.first + self.last) / 2

    def draw(self) -> str:
        levels = range(self.unit.level + 1)
        heading = "the units that it is computed from, in one row"
        note = "and the paths to it" if self.counted and self.unit.level else ""
        parts = [svg.text(self.x, self.y - 10, f"{heading}, {note}" if note else heading, 14, "gray"), self._lines()]
        for level in levels:
            label = f"layer {level}" if level else "photo"
            bold = "bold" if level == self.unit.level else "gray"
            parts.append(svg.text(self.x, self._top(level) + self.tall / 2 + 4.5, label, 13, bold))
            parts += self._level(level, self.unit.cols[level])
        return "".join(parts)

    # ---- where things are --------------------------------------------------------------------------------------------

    def _top(self, level: int) -> float:
        return self.bottom - self.tall - level * self.pitch

    def _middle_of(self, level: int, index: int) -> float:
        field = self.unit.stack.fields[level]
        return self.middle + (field.center + index * field.jump - self.center) * self.cell

    def _wide(self, level: int) -> float:
        return min(self.unit.stack.fields[level].jump * self.cell, 2.5 * LARGEST_CELL)

    def _ends(self, level: int, index: int) -> tuple[float, float]:
        """Where a unit begins and ends; what lies beside the picture is cut off."""
        middle, half = self._middle_of(level, index), self._wide(level) / 2
        room = (self.last - self.first + 1) * self.cell / 2
        return max(middle - half, self.middle - room), min(middle + half, self.middle + room)

    def _drawn(self, level: int) -> range:
        """The units whose middle lies above the cells of the photo that are drawn, and all of the window."""
        field, window = self.unit.stack.fields[level], self.unit.cols[level].window
        first = -int((field.center - self.first) // field.jump)
        last = int((self.last - field.center) // field.jump)
        size = self.unit.stack.sizes[level]
        return range(min(max(first, 0), window.start), max(min(last, size - 1), window.stop - 1) + 1)

    # ---- what is drawn -----------------------------------------------------------------------------------------------

    def _level(self, level: int, reach: Reach) -> list[str]:
        """The units of one map: those on the way colored, padding gray."""
        top, wide, tall = self._top(level), self._wide(level), self.tall
        if wide < SMALLEST_CELL:
            return [self._bar(level, reach)]
        most, size = int(reach.paths.max(initial=1)), self.unit.stack.sizes[level]
        fills, outlines = [], []
        for index in self._drawn(level):
            left, right = self._ends(level, index)
            if index not in reach.window and right - left < wide - 0.01:
                continue  # cut off at the side
            count = int(reach.paths[index - reach.cells.start]) if index in reach.cells else 0
            if not 0 <= index < size:
                fills.append(svg.rect(left, top, right - left, tall, "pad"))
            elif count:
                opacity = strength(count, most) if self.counted else STRONGEST / 2
                fills.append(svg.rect(left, top, right - left, tall, "pos", opacity))
            across, down = svg.fmt(right - left), svg.fmt(tall)
            outlines.append(f"M{svg.fmt(left)} {svg.fmt(top)}h{across}v{down}h-{across}z")
        frames = f'<path class="cl-lines" d="{"".join(outlines)}"/>'
        return [*fills, frames, *self._counts(level, reach), *self._outlined(level)]

    def _counts(self, level: int, reach: Reach) -> list[str]:
        """The number of paths from each unit, where all of them have room."""
        texts = {index: str(count) for index, count in zip(reach.cells, reach.paths, strict=True) if count}
        room = all(svg.text_width(text, NUMBER) < self._wide(level) - 3 for text in texts.values())
        if not (room and self.counted and self.unit.level) or self.tall < NUMBER + 3:
            return []
        y = self._top(level) + self.tall / 2 + 4.5
        return [svg.text(self._middle_of(level, index), y, text, NUMBER, "middle") for index, text in texts.items()]

    def _outlined(self, level: int) -> list[str]:
        """The unit itself."""
        if level < self.unit.level:
            return []
        left, right = self._ends(level, self.unit.col)
        return [svg.rect(left, self._top(level), right - left, self.tall, "outline")]

    def _bar(self, level: int, reach: Reach) -> str:
        """A map whose units are too narrow to be drawn one by one."""
        wide, drawn, top = self._wide(level), self._drawn(level), self._top(level)
        start = self._middle_of(level, drawn[0]) - wide / 2
        parts = [svg.rect(start, top, len(drawn) * wide, self.tall, "lines")]
        if reach.cells:
            left = self._middle_of(level, reach.cells[0]) - wide / 2
            parts.append(svg.rect(left, top, len(reach.cells) * wide, self.tall, "pos", STRONGEST / 2))
        return "".join(parts)

    def _lines(self) -> str:
        """From every unit to those below that it is computed from; of too many, only the outermost."""
        cols, layers = self.unit.cols, self.unit.stack.layers[: self.unit.level]
        edges = [
            (level, index, index * layer.stride - layer.before + tap * layer.dilation)
            for level, layer in enumerate(layers, start=1)
            for index, count in zip(cols[level].cells, cols[level].paths, strict=True)
            if count
            for tap in range(layer.kernel_size)
        ]
        if len(edges) > MOST_LINES:
            edges = [
                (level, cols[level].cells[end], cols[level - 1].cells[end])
                for level in range(1, self.unit.level + 1)
                if cols[level - 1].cells
                for end in (0, -1)
            ]
        drawn = [
            f"M{svg.fmt(self._middle_of(level, index))} {svg.fmt(self._top(level) + self.tall)}"
            f"L{svg.fmt(self._middle_of(level - 1, below))} {svg.fmt(self._top(level - 1))}"
            for level, index, below in edges
            if below in cols[level - 1].cells
        ]
        style = 'class="cl-pos-line" stroke-width="1" stroke-opacity="0.6"'
        return f'<path {style} d="{"".join(drawn)}"/>' if drawn else ""
