"""The picture of the shapes lab: windows over cells, the formula step by step, how often each cell is used.

In two dimensions the two sides stand next to each other with the steps of the formula between them; in one dimension
they lie below each other (:mod:`cnnlab.figures.shapes_row`). Both are drawn with cells of the same size, so that the
sizes can be compared by eye.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, bitmap_grid, follower, largest, number_grid, ring
from cnnlab.figures.palette import FAINTEST, STRONGEST
from cnnlab.traces.shapes import Shapes, ShapesStep
from cnnlab.traces.shapes_words import further, of_layer, of_step, of_usage, steps_of
from cnnlab.traces.text import number, size_text

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

WIDTH, MARGIN, TOP = 1100.0, 11.0, 30.0
ROOM = WIDTH - 2 * MARGIN
GRIDS = 364.0
"""Height and width that a grid may take in two dimensions."""
MIDDLE = 290.0
FORMULAS = 84.0
MOST_BELOW, BELOW = 5, 66.0
"""An input of a transposed convolution up to this size leaves room below it for what comes back."""
NUMBERS = 36.0
"""A cell that holds four digits."""
LONGEST = 145
"""Signs of a line of formulas that can still be read."""
READABLE = 12.0
"""The smallest number, in pixels, that is still drawn."""
NARROWEST_LINES = 5.0
"""Below this size of a cell its lines would be a gray area."""
SOFT = 1.7
"""The numbers of the cells are only names: their colors are this much weaker than those of results."""


class ShapesPicture:
    """All that can be drawn of one layer; ``usage`` shows how often cells are used in place of their numbers."""

    def __init__(self, shapes: Shapes, usage: bool = False) -> None:
        self.shapes, self.usage = shapes, usage
        self._kept: dict[str, str] = {}

    def draw(self, t: ShapesStep, walk: bool, frame: int = 0) -> str:
        """The whole picture as SVG.

        With ``walk`` it shows what the windows up to this one have done, and neither the output to come nor its size:
        these can be predicted. With the last window everything is said.
        """
        s = self.shapes
        walk = walk and t.index < s.steps - 1
        content = [*self.sides(t, walk), *self._formulas(t, walk)]
        data = {"frame": frame, "step": t.index, "columns": s.columns, "count": s.steps}
        kind = "Transposed convolution" if s.transposed else "Convolution"
        label = f"{kind}: input {size_text(s.shape(s.n))}" + ("" if walk else f", output {size_text(s.shape(s.size))}")
        return svg.document(WIDTH, self.height() + FORMULAS, content, label, **data)

    # ---- what differs between one dimension and two ------------------------------------------------------------------

    def height(self) -> float:
        """Of all that is above the formulas."""
        raise NotImplementedError

    def sides(self, t: ShapesStep, walk: bool) -> list[str]:
        """Both sides and the steps of the formula."""
        raise NotImplementedError

    # ---- what both show ----------------------------------------------------------------------------------------------

    def long_values(self, t: ShapesStep, walk: bool) -> Values:
        """The long side as it is after this step; with the usage its counts."""
        s, steps = self.shapes, t.index + 1 if walk else self.shapes.steps
        if self.usage:
            return s.touched(steps) if s.transposed else _framed(s, s.used(steps) if walk else s.usage)
        if not s.transposed:
            return s.padded
        return s.stamped(steps) if walk else s.output

    def result(self) -> Values:
        """What the layer computes, or how often each cell is used: what PyTorch is asked for."""
        return self.shapes.usage if self.usage else self.shapes.result

    def short_values(self) -> Values:
        return self.shapes.input if self.shapes.transposed else self.shapes.output

    def long_name(self) -> tuple[str, str]:
        s = self.shapes
        inner, all_cells = s.shape(s.size if s.transposed else s.n), s.shape(s.axis.length)
        rest = f", cut from {_size(all_cells)}" if s.transposed else f", padded to {_size(all_cells)}"
        name = "output" if s.transposed else "input"
        if self.usage:
            name = "stamps on each cell" if s.transposed else "uses of each pixel"
        return name, f"{_size(inner)}{rest if inner != all_cells else ''}"

    def short_name(self, walk: bool) -> tuple[str, str]:
        s = self.shapes
        if s.transposed:
            return "input", _size(s.shape(s.n))
        return "output", "" if walk else _size(s.shape(s.size))

    def long_label(self) -> str:
        name, note = self.long_name()
        return f"{name}, {note}" + ("" if self.shapes.transposed else ": point to see the window there")

    def short_label(self, walk: bool) -> str:
        return f"{', '.join(filter(None, self.short_name(walk)))}: arrow keys walk the window"

    def _formulas(self, t: ShapesStep, walk: bool) -> list[str]:
        s, y = self.shapes, self.height() + 22
        window = svg.text(MARGIN, y + 26, of_step(t), 15, "gray")
        if walk:
            return [window]
        same = () if s.transposed else further(s)  # the way back has a place of its own
        lines = "\u00a0\u00a0\u00a0".join([str(s.derivation), *(f"{d.name} = {d.numbers} = {d.result}" for d in same)])
        whole = of_usage(s) if self.usage else of_layer(s)
        return [
            mono(MARGIN, y, ROOM, lines if len(lines) <= LONGEST else str(s.derivation)),
            window,
            svg.text(MARGIN, y + 50, whole, 15),
        ]


def _framed(s: Shapes, inner: Values) -> Values:
    """Values of the input in the place that it has in the padded input."""
    rows, cols = s.axes
    return np.pad(inner, ((rows.before, rows.after), (cols.before, cols.after)))


def _size(shape: Sequence[int]) -> str:
    return f"{shape[1]} cells" if shape[0] == 1 and shape[1] != 1 else size_text(shape)


# ---- grids -----------------------------------------------------------------------------------------------------------


def readable(values: Values, cell: float) -> bool:
    """Whether each number fits into its cell and is large enough to be read."""
    widest = max(svg.text_width(number(v), 1) for v in (values.min(), values.max()))
    return min(0.43 * cell, (cell - 3) / widest) >= READABLE


def cells(box: Box, values: Values, strongest: float, border: Mask | None = None, empty: bool = False) -> str:
    """The values with their numbers where they can be read, otherwise as colors; an ``empty`` border has none."""
    if readable(values, box.cell):
        return number_grid(box, values, strongest, gray=border, hidden=border if empty else None)
    parts, shown = [svg.rect(box.x, box.y, box.width, box.height, "paper")], values
    if border is not None and border.any():
        rows, cols = (np.flatnonzero(~border.all(axis=axis)).tolist() for axis in (1, 0))
        parts.append(box.part(0, 0, box.rows, box.cols, "pad"))
        parts.append(box.part(rows[0], cols[0], len(rows), len(cols), "paper"))
        shown = np.where(border, 0, values)
    faded = (FAINTEST + (STRONGEST - FAINTEST) * shown / max(strongest, 1.0)) * (shown > 0)
    parts.append(bitmap_grid(box, even(faded), Tone(True, 1.0)))
    return "".join([*parts, box.lines() if box.cell >= NARROWEST_LINES else ""])


def crossed(box: Box, mask: Mask) -> str:
    """A stroke through each cell of a mask."""
    places = [(int(r), int(c)) for r, c in np.argwhere(mask)] if box.shows_numbers else []
    strokes = "".join(
        f"M{svg.fmt(box.x + c * box.cell)} {svg.fmt(box.y + (r + 1) * box.cell)}"
        f"l{svg.fmt(box.cell)} {svg.fmt(-box.cell)}"
        for r, c in places
    )
    return f'<path class="cl-frame" d="{strokes}"/>' if strokes else ""


def window(box: Box, t: ShapesStep) -> str:
    """The outline of a window at the first place, and of the cells in it that the kernel touches."""
    (rows, cols), d = t.shapes.axes, t.shapes.dilation
    outline = ring(box, rows.extent, cols.extent)
    if d > 1 and box.cell >= 2 * NARROWEST_LINES:
        taps = ((r, c) for r in range(0, rows.extent, d) for c in range(0, cols.extent, d))
        outline += "".join(box.part(r, c, 1, 1, "thin") for r, c in taps)
    return outline


def calculation(x: float, y: float, words: str, numbers: str, last: bool) -> str:
    """One step of the formula: what it is, and below it the numbers."""
    return svg.text(x, y, words, 14, "gray") + svg.text(x, y + 22, numbers, 16, "mono bold" if last else "mono")


class MapPicture(ShapesPicture):
    """Two dimensions: input on the left, output on the right, between them the formula."""

    def __init__(self, shapes: Shapes, usage: bool = False) -> None:
        super().__init__(shapes, usage)
        axis, n = shapes.axis, shapes.axis.windows
        left, right = MARGIN, WIDTH - MARGIN - GRIDS
        side = GRIDS if not shapes.transposed or n > MOST_BELOW else min(GRIDS, (GRIDS - BELOW) / (2 * n) * axis.length)
        self.long = Box.fit(right if shapes.transposed else left, TOP, side, side, axis.length, axis.length)
        cell = self.long.cell
        if n * NUMBERS <= GRIDS and not readable(self.short_values(), cell):
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
            *_heading(long, *self.long_name()),
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
        grid = cells(box, self.long_values(t, walk), high, s.border, empty=self.usage and not s.transposed)
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
