"""Grids of feature maps: with numbers where these can be read, and as a bitmap where not."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even
from cnnlab.figures.grids import Box, Tone, bitmap_grid, number_grid

Values = NDArray[np.float64]

READABLE_CELL = 28.0
"""In smaller cells the numbers would be too small to read."""
LARGEST_CELL = 62.0
LARGEST_MAP = 64
"""What is larger is seen as a photo, in which weak answers are to be seen, too."""


def fit(x: float, y: float, width: float, height: float, shape: tuple[int, ...]) -> Box:
    """The largest grid that fits, from its top left corner; a map of few cells has larger ones than a kernel has."""
    rows, cols = shape
    cell = min(LARGEST_CELL, width / cols, height / rows)
    return Box(x, y, float(np.floor(cell)) if cell >= READABLE_CELL else cell, rows, cols)


def map_grid(
    box: Box,
    values: Values,
    tone: Tone,
    gray: NDArray[np.bool_] | None = None,
    hidden: NDArray[np.bool_] | None = None,
) -> str:
    """Cells with their numbers where there is room for them, and else only their colors.

    Cells marked in ``gray`` (padding) have no color, cells marked in ``hidden`` are empty.
    """
    if box.cell >= READABLE_CELL:
        return number_grid(box, values, tone.high, gray, hidden)
    blank = np.zeros(values.shape, bool)
    for cells in (gray, hidden):
        blank |= False if cells is None else cells
    paper = svg.rect(box.x, box.y, box.width, box.height, "pad" if blank.any() else "paper")
    shown = np.where(blank, 0.0, values)
    if tone.signed and max(values.shape) <= LARGEST_MAP:
        return paper + bitmap_grid(box, even(shown), Tone(True, tone.high**2))
    return paper + bitmap_grid(box, shown, tone)


def heading(box: Box, width: float, name: str, note: str) -> str:
    """What a grid is, and how large, in a line of this width above it."""
    left = svg.text(box.x, box.y - 9, name, 14, "gray")
    return left + svg.text(box.x + width, box.y - 9, note, 14, "gray end")


def inset(box: Box, row: int, col: int) -> str:
    """A thin frame a little inside a cell, so that it does not hide the lines around it."""
    side = box.cell - 6
    return svg.rect(box.x + col * box.cell + 3, box.y + row * box.cell + 3, side, side, "thin")
