"""Two dimensions: the windows and their cells beside each other, and between them the formula step by step."""

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, follower, largest, ring
from cnnlab.figures.shapes import (
    MARGIN,
    SOFT,
    TOP,
    WIDTH,
    ShapesPicture,
    calculation,
    cells,
    crossed,
    readable,
    window,
)
from cnnlab.traces.shapes import Shapes, ShapesStep
from cnnlab.traces.shapes_words import further, steps_of
from cnnlab.traces.text import size_text

GRIDS = 364.0
"""Height and width that a grid may take in two dimensions."""
MIDDLE = 290.0
MOST_BELOW, BELOW = 5, 66.0
"""An input of a transposed convolution up to this size leaves room below it for what comes back."""
NUMBERS = 36.0
"""A cell that holds four digits."""


class MapPicture(ShapesPicture):
    """An image: its input on the left, its output on the right, and below a small input the way back."""

    def __init__(self, shapes: Shapes, usage: bool = False) -> None:
        super().__init__(shapes, usage)
        axis, n = shapes.axis, shapes.axis.windows
        left, right = MARGIN, WIDTH - MARGIN - GRIDS
        side = GRIDS if not shapes.transposed or n > MOST_BELOW else min(GRIDS, (GRIDS - BELOW) / (2 * n) * axis.length)
        self.long = Box.fit(right if shapes.transposed else left, TOP, side, side, axis.length, axis.length)
        cell = self.long.cell
        if n * NUMBERS <= GRIDS and not readable(Box(0, 0, cell, n, n), self.short_values()):
            cell = max(cell, NUMBERS)  # a few large numbers get the room that they need
        self.short = Box(left if shapes.transposed else right, TOP, cell, n, n)

    def height(self) -> float:
        return TOP + GRIDS

    def sides(self, t: ShapesStep, walk: bool) -> list[str]:
        s, long, short = self.shapes, self.long, self.short
        move = s.stride * long.cell
        here = follower("here", ring(short, 1, 1), t.row, t.col, short.cell, short.cell)
        frames = [long.part(s.axis.before + r, s.axis.before + c, 1, 1, "frame") for r, c in t.copied]
        return [
            *_heading(long, *self.long_name(walk)),
            self._long_grid(t, walk),
            *frames,
            follower("window", window(long, t), t.row, t.col, move, move),
            *_heading(short, *self.short_name(walk)),
            self._short_grid(t, walk),
            here,
            *([] if walk else [self._steps(), self._back()]),
        ]

    def _long_grid(self, t: ShapesStep, walk: bool) -> str:
        if walk and (self.usage or self.shapes.transposed):  # it grows from step to step
            return self._drawn_long(t, walk)
        key = f"long {walk}"
        if key not in self._kept:
            self._kept[key] = self._drawn_long(t, walk)
        return self._kept[key]

    def _drawn_long(self, t: ShapesStep, walk: bool) -> str:
        s, box = self.shapes, self.long
        high = largest(self.long_values(t, False)) * (1 if self.usage or s.transposed else SOFT)
        before, inner = s.axis.before, s.size if s.transposed else s.n
        rows, cols = self.shown_long(t, walk)
        values, border = self.long_values(t, walk)[:rows, :cols], s.border[:rows, :cols]
        grid = cells(Box(box.x, box.y, box.cell, rows, cols), values, high, border, self.usage and not s.transposed)
        if s.transposed and walk:
            return grid
        frame = box.part(before, before, inner, inner, "frame") if s.border.any() else ""
        content = [grid, "" if walk else crossed(box, s.unreached), frame]
        return svg.group(content) if s.transposed else box.pointable("input", self.long_label(), content, "hover pin")

    def _short_grid(self, t: ShapesStep, walk: bool) -> str:
        if not walk and "short" in self._kept:
            return self._kept["short"]
        s, box, values = self.shapes, self.short, self.short_values()
        high, parts = largest(values) * SOFT, [cells(box, values, largest(values) * SOFT)]
        if walk and not s.transposed:  # whole rows, and the one that is being filled
            whole = Box(box.x, box.y, box.cell, t.row, box.cols)
            rest = Box(box.x, box.y + t.row * box.cell, box.cell, 1, t.col + 1)
            parts = [cells(rest, values[t.row : t.row + 1, : t.col + 1], high)]
            if t.row:
                parts.insert(0, cells(whole, values[: t.row], high))
        name = "input" if s.transposed else "output"
        drawn = box.pointable(name, self.short_label(walk), parts, "steps hover pin")
        if not walk:
            self._kept["short"] = drawn
        return drawn

    def _steps(self) -> str:
        """The steps of the formula, below each other."""
        lines, x = steps_of(self.shapes), WIDTH / 2 - MIDDLE / 2 + 20
        return "".join(calculation(x, TOP + 16 + i * 56, *line, i == len(lines) - 1) for i, line in enumerate(lines))

    def _back(self) -> str:
        """Below the input of a transposed convolution what a convolution makes of its output."""
        s, y = self.shapes, self.short.bottom + 30
        if not s.transposed or y + 22 > self.height():
            return ""
        (formula,) = further(s)
        parts = [
            calculation(
                MARGIN, y, f"{formula.name}, {size_text(s.again.shape)}", f"{formula.numbers} = {s.back}", False
            )
        ]
        box = Box(MARGIN, y + 34, self.short.cell, s.back, s.back)
        if s.back == s.n and box.bottom <= self.height():
            parts.append(cells(box, s.again, largest(s.again) * SOFT))
        return "".join(parts)


def _heading(box: Box, name: str, note: str) -> list[str]:
    """Name and size above a grid; the size at its right end where there is room."""
    if not note:
        return [svg.text(box.x, box.y - 10, name, 14, "gray")]
    width = svg.text_width(f"{name}  {note}", 14)
    if width > box.width:
        return [svg.text(box.x, box.y - 10, f"{name}, {note}", 14, "gray")]
    return [
        svg.text(box.x, box.y - 10, name, 14, "gray"),
        svg.text(box.right, box.y - 10, note, 14, "gray end"),
    ]
