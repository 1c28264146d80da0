"""The picture of the shapes lab: windows over cells, the formula step by step, how often each cell is used.

In two dimensions the two sides stand next to each other (:mod:`cnnlab.figures.shapes_map`), in one dimension they lie
below each other (:mod:`cnnlab.figures.shapes_row`); here is what both show. Input and output are drawn with cells of
the same size, so that the sizes can be compared by eye.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import SMALLEST_TEXT, Box, Tone, bitmap_grid, number_grid, ring
from cnnlab.figures.palette import FAINTEST, STRONGEST
from cnnlab.traces.shapes import Pair, Shapes, ShapesStep
from cnnlab.traces.shapes_words import further, of_layer, of_step, of_usage
from cnnlab.traces.text import number, size_text

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

WIDTH, MARGIN, TOP = 1100.0, 11.0, 30.0
ROOM = WIDTH - 2 * MARGIN
FORMULAS = 84.0
LONGEST = 145
"""Signs of a line of formulas that can still be read."""
DENSEST = 20.0
"""The smallest cell, in pixels, that still has room for a number above and below."""
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

    def shown_long(self, t: ShapesStep, walk: bool) -> Pair:
        """Rows and columns of the long side that are drawn: on a walk a transposed convolution still makes them."""
        rows, cols = self.shapes.axes
        if not walk or not self.shapes.transposed:
            return rows.length, cols.length
        bottom, right = (int(taps[-1]) + 1 for taps in t.taps)
        return bottom, right if t.row == 0 else cols.windows_end

    def short_values(self) -> Values:
        return self.shapes.input if self.shapes.transposed else self.shapes.output

    def long_name(self, walk: bool) -> tuple[str, str]:
        s = self.shapes
        inner, all_cells = s.shape(s.size if s.transposed else s.n), s.shape(s.axis.length)
        rest = f", cut from {_size(all_cells)}" if s.transposed else f", padded to {_size(all_cells)}"
        name = "output" if s.transposed else "input"
        if self.usage:
            name = "stamps on each cell" if s.transposed else "uses of each pixel"
        if walk and s.transposed:
            return name, ""
        return name, f"{_size(inner)}{rest if inner != all_cells else ''}"

    def short_name(self, walk: bool) -> tuple[str, str]:
        s = self.shapes
        if s.transposed:
            return "input", _size(s.shape(s.n))
        return "output", "" if walk else _size(s.shape(s.size))

    def long_label(self) -> str:
        name, note = self.long_name(False)
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


def readable(box: Box, values: Values) -> bool:
    """Whether each number fits into its cell and is large enough to be read."""
    widest = max(svg.text_width(number(v), 1) for v in (values.min(), values.max()))
    return box.cell >= DENSEST and (box.cell - 2) / widest >= SMALLEST_TEXT


def cells(box: Box, values: Values, strongest: float, border: Mask | None = None, empty: bool = False) -> str:
    """The values with their numbers where they can be read, otherwise as colors; an ``empty`` border has none."""
    if readable(box, values):
        large = 0.43 * box.cell >= SMALLEST_TEXT
        grid = number_grid(box, values, strongest, border, border if empty else None, numbers=large)
        return grid if large else grid + _small_numbers(box, values, border, empty)
    parts, shown = [svg.rect(box.x, box.y, box.width, box.height, "paper")], values
    if border is not None and border.any() and not border.all():
        rows, cols = (np.flatnonzero(~border.all(axis=axis)).tolist() for axis in (1, 0))
        parts.append(box.part(0, 0, box.rows, box.cols, "pad"))
        parts.append(box.part(rows[0], cols[0], len(rows), len(cols), "paper"))
        shown = np.where(border, 0, values)
    faded = (FAINTEST + (STRONGEST - FAINTEST) * shown / max(strongest, 1.0)) * (shown > 0)
    parts.append(bitmap_grid(box, even(faded), Tone(True, 1.0)))
    return "".join([*parts, box.lines() if box.cell >= NARROWEST_LINES else ""])


def _small_numbers(box: Box, values: Values, border: Mask | None, empty: bool) -> str:
    """Numbers of the smallest size, in cells that have just room for them."""
    labels = {value: number(value) for value in np.unique(values).tolist()}
    drop = (box.cell / 2) + SMALLEST_TEXT * 0.36
    parts = []
    for row, numbers in enumerate(values.tolist()):
        for col, value in enumerate(numbers):
            outside = border is not None and border[row, col]
            if not (outside and empty):
                x, y = box.x + (col + 0.5) * box.cell, box.y + row * box.cell + drop
                parts.append(svg.text(x, y, labels[value], SMALLEST_TEXT, "gray middle" if outside else "middle"))
    return "".join(parts)


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
