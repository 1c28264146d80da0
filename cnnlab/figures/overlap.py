"""The picture of the Dice lab: a predicted shape over the true one, what they share, and the numbers made of it."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box
from cnnlab.traces.overlap import COLS, ROWS, Cell, Overlap
from cnnlab.traces.text import number

Mask = NDArray[np.bool_]

WIDTH, MARGIN = 1000.0, 16.0
TOP, CELL = 34.0, 26.0
GRID = Box(MARGIN, TOP, CELL, ROWS, COLS)
WORDS_X = GRID.right + 34
FORMULA_Y = GRID.bottom + 34
HEIGHT = FORMULA_Y + 66
FILL = 0.7


class OverlapPicture:
    """All that can be drawn of a prediction over the truth."""

    def __init__(self, overlap: Overlap) -> None:
        self.overlap = overlap

    def draw(self, predicted: Cell, true: Cell, frame: int = 0) -> str:
        """The whole picture as SVG; given are the cells in the middle of both shapes."""
        o = self.overlap
        label = f"Dice {number(o.dice.sizes.coefficient)}, IoU {number(o.iou)}, accuracy {number(o.accuracy)}"
        return svg.document(
            WIDTH, HEIGHT, [*self._grid(predicted, true), *self._sizes(), *self._words()], label, frame=frame
        )

    def _grid(self, middle: Cell, true_middle: Cell) -> list[str]:
        """The cells of the prediction in color, the truth as an outline; each is dragged by its cells."""
        predicted, true = self.overlap.dice.input > 0, self.overlap.dice.target > 0
        parts = [svg.rect(GRID.x, TOP, GRID.width, GRID.height, "paper")]
        for cells, tone in ((predicted & true, "pos"), (predicted & ~true, "neg"), (true & ~predicted, "gray-band")):
            for row, col in np.argwhere(cells).tolist():
                parts.append(GRID.part(row, col, 1, 1, tone, None if tone == "gray-band" else FILL))
        parts += [GRID.lines(), _edge(true, 3, None), _edge(predicted, 2, "5 3")]
        held = [_held("prediction", predicted, middle), _held("truth", true, true_middle)]
        # What lies below is held where it looks out. A prediction of everything cannot be moved, and leaves none of it.
        return [*parts, *(held if predicted.all() else reversed(held))]

    def _sizes(self) -> list[str]:
        """What the colors mean, and how many cells each has."""
        o, y = self.overlap, TOP + 14
        kinds = [
            ("pos", "in both, |A∩B|", o.both),
            ("neg", "only predicted", o.only_predicted),
            ("gray-band", "only true: missed", o.only_true),
        ]
        parts = [svg.text(MARGIN, TOP - 12, "prediction A (dashed) over the truth B (outlined)", 15, "bold")]
        for i, (tone, label, count) in enumerate(kinds):
            here = y + 28 * i
            parts.append(svg.rect(WORDS_X, here - 13, 16, 16, tone, None if tone == "gray-band" else FILL))
            parts.append(svg.text(WORDS_X + 28, here, label, 15))
            parts.append(svg.text(WORDS_X + 250, here, str(count), 16, "bold end"))
        sizes = (("prediction, |A|", o.dice.sizes.a), ("truth, |B|", o.dice.sizes.b))
        for i, (label, size) in enumerate(sizes):
            parts.append(svg.text(WORDS_X + 28, y + 96 + 28 * i, label, 15, "gray"))
            parts.append(svg.text(WORDS_X + 250, y + 96 + 28 * i, number(size), 16, "end"))
        return [*parts, *self._scores(y + 180)]

    def _scores(self, y: float) -> list[str]:
        """The three scores as bars from 0 to 1."""
        o, parts, wide = self.overlap, [], 250.0
        for i, (name, score) in enumerate(
            (("Dice", o.dice.sizes.coefficient), ("IoU", o.iou), ("accuracy", o.accuracy))
        ):
            here = y + 42 * i
            parts.append(svg.text(WORDS_X, here, name, 15, "" if i else "bold"))
            parts.append(svg.text(WORDS_X + wide, here, number(score), 16, "end" if i else "bold end"))
            parts.append(svg.rect(WORDS_X, here + 6, wide, 10, "pad"))
            parts.append(svg.rect(WORDS_X, here + 6, wide * score, 10, "pos", FILL))
        return parts

    def _words(self) -> list[str]:
        dice, loss, iou, accuracy = map(str, self.overlap.equations())
        gap, room = "\u00a0" * 4, WIDTH - 2 * MARGIN
        return [
            mono(MARGIN, FORMULA_Y, room, f"{dice}{gap}{loss}"),
            mono(MARGIN, FORMULA_Y + 25, room, f"{iou}{gap}{accuracy}"),
            svg.text(MARGIN, FORMULA_Y + 54, self.overlap.says(), 16),
        ]


def _held(name: str, mask: Mask, middle: Cell) -> str:
    """A shape that can be dragged by any of its cells, and by the keys; they lie over all else, and are not seen."""
    rows = [(row, np.flatnonzero(cells)) for row, cells in enumerate(mask) if cells.any()]
    strips = [GRID.part(row, cols[0], 1, len(cols), "paper", 0) for row, cols in rows]
    at = f"{middle[0]} {middle[1]}"
    return GRID.pointable(name, f"{name}: arrow keys move it", strips, "paint pin held", at=at) if strips else ""


def _edge(mask: Mask, width: float, dashes: str | None) -> str:
    """The outline of a shape, along the sides at which a cell of it meets one that is none."""
    padded, parts = np.pad(mask, 1), []
    for row, col in np.argwhere(padded[:, 1:] != padded[:, :-1]).tolist():  # a side that goes down
        x, y = GRID.x + col * CELL, GRID.y + (row - 1) * CELL
        parts.append(f"M{svg.fmt(x)} {svg.fmt(y)}v{svg.fmt(CELL)}")
    for row, col in np.argwhere(padded[1:] != padded[:-1]).tolist():  # one that goes across
        x, y = GRID.x + (col - 1) * CELL, GRID.y + row * CELL
        parts.append(f"M{svg.fmt(x)} {svg.fmt(y)}h{svg.fmt(CELL)}")
    return svg.path("".join(parts), "ink-line", width, dashes) if parts else ""


def as_text(overlap: Overlap) -> str:
    """The numbers as plain text."""
    sizes = f"in both {overlap.both}, only predicted {overlap.only_predicted}, only true {overlap.only_true}"
    return "\n".join([sizes, *map(str, overlap.equations()), overlap.says()])
