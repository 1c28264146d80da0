"""Grids of numbers: a colored cell for each value, with the number in it where there is room.

A grid that a person can point at carries its name and its geometry (``data-grid``, ``data-box``), from which the front
end finds the cell under the pointer; nothing is repeated cell by cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import gray_uri, signed_uri
from cnnlab.figures.palette import strength
from cnnlab.traces.text import number

Values = NDArray[np.float64]

SMALLEST_NUMBER_CELL = 17.0
"""Below this cell size, in pixels, numbers cannot be read and only the colors are drawn."""
LARGEST_CELL = 46.0
SMALLEST_TEXT = 12.0
"""Smaller text cannot be read from the last row."""


@dataclass(frozen=True)
class Box:
    """Where a grid lies: its top left corner, the side of a cell, and how many there are."""

    x: float
    y: float
    cell: float
    rows: int
    cols: int

    @classmethod
    def fit(cls, x: float, y: float, width: float, height: float, rows: int, cols: int) -> "Box":
        """The largest grid that fits into ``width`` x ``height``, from its top left corner."""
        cell = min(LARGEST_CELL, width / cols, height / rows)
        return cls(x, y, float(np.floor(cell)) if cell >= SMALLEST_NUMBER_CELL else cell, rows, cols)

    @property
    def width(self) -> float:
        return self.cols * self.cell

    @property
    def height(self) -> float:
        return self.rows * self.cell

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def shows_numbers(self) -> bool:
        return self.cell >= SMALLEST_NUMBER_CELL

    def moved(self, x: float, y: float) -> "Box":
        return Box(x, y, self.cell, self.rows, self.cols)

    def part(self, row: float, col: float, rows: float, cols: float, classes: str, opacity: float | None = None) -> str:
        """A rectangle over some of the cells."""
        return svg.rect(
            self.x + col * self.cell,
            self.y + row * self.cell,
            cols * self.cell,
            rows * self.cell,
            classes,
            opacity,
        )

    def lines(self, classes: str = "lines") -> str:
        """All grid lines as one path."""
        across = (
            f"M{svg.fmt(self.x)} {svg.fmt(self.y + i * self.cell)}h{svg.fmt(self.width)}" for i in range(self.rows + 1)
        )
        down = (
            f"M{svg.fmt(self.x + j * self.cell)} {svg.fmt(self.y)}v{svg.fmt(self.height)}" for j in range(self.cols + 1)
        )
        names = " ".join(f"cl-{c}" for c in classes.split())
        return f'<path class="{names}" d="{"".join(across)}{"".join(down)}"/>'

    def pointable(
        self,
        name: str,
        label: str,
        content: Sequence[str],
        on: str,
        height: float | None = None,
        tab: bool = True,
        **data: str,
    ) -> str:
        """The grid as something to point at and to reach with the Tab key (without ``tab``, only by pressing on it).

        ``on`` are the words of ``stage.js`` for what can be done to it; ``height`` is that of a cell, if not square.
        """
        geometry = (self.x, self.y, self.cell, height or self.cell, self.rows, self.cols)
        extra = {f"data_{key}": value for key, value in data.items()}
        return svg.group(
            content,
            data_grid=name,
            data_box=" ".join(f"{v:.7g}" for v in geometry),  # of 256 cells, two decimals would lose a third of one
            data_on=on,
            data_lm_suppress_shortcuts="true",  # JupyterLab leaves its keys to it
            tabindex="0" if tab else "-1",
            role="application",
            aria_label=label,
            **extra,
        )


def largest(values: Values) -> float:
    """The magnitude that the strongest color stands for."""
    return float(np.abs(values).max()) if values.size else 0.0


MOST_NUMBERS = 16
"""A map with more rows or columns than this is drawn as a bitmap."""


def number_grid(
    box: Box,
    values: Values,
    strongest: float,
    gray: NDArray[np.bool_] | None = None,
    hidden: NDArray[np.bool_] | None = None,
    numbers: bool = True,
) -> str:
    """Cells with their colors and, if there is room, their ``numbers``.

    ``strongest`` is the magnitude of the full color. Cells marked in ``gray`` (padding) have no color and a gray
    number; cells marked in ``hidden`` are empty.
    """
    parts = [svg.rect(box.x, box.y, box.width, box.height, "paper")]
    for (row, col), value in np.ndenumerate(values):
        if hidden is not None and hidden[row, col]:
            parts.append(box.part(row, col, 1, 1, "pad"))
            continue
        outside = gray is not None and bool(gray[row, col])
        if outside:
            parts.append(box.part(row, col, 1, 1, "pad"))
        elif value:
            parts.append(box.part(row, col, 1, 1, "pos" if value > 0 else "neg", strength(value, strongest)))
        if box.shows_numbers and numbers:
            parts.append(_cell_number(box, row, col, float(value), "gray" if outside else ""))
    parts.append(box.lines())
    return "".join(parts)


def flat_grid(box: Box, values: Values, strongest: float, height: float, idle: bool = False) -> str:
    """A row of cells of another ``height`` than they are wide, with their numbers; what is nothing beside the others
    has no color, and what is ``idle`` is gray.
    """
    parts = [svg.rect(box.x, box.y, box.width, height, "pad" if idle else "paper")]
    for i, value in enumerate(values.tolist()):
        x, seen = box.x + i * box.cell, value if abs(value) > 1e-12 * strongest else 0.0
        if seen and not idle:
            color = "pos" if value > 0 else "neg"
            parts.append(svg.rect(x, box.y, box.cell, height, color, strength(value, strongest)))
        parts.append(svg.rect(x, box.y, box.cell, height, "lines"))
        said, size = _fitted(box, seen, 16.0)
        middle = x + box.cell / 2, box.y + height / 2 + 5
        parts.append(svg.text(*middle, said, size, "gray middle" if idle else "middle"))
    return "".join(parts)


def readable(box: Box, values: Values) -> bool:
    """Whether every number of a grid is large enough to be read."""
    return all(_fitted(box, float(value))[1] >= SMALLEST_TEXT for value in values.ravel())


def _fitted(box: Box, value: float, most: float = 17.0) -> tuple[str, float]:
    """A number as a cell holds it, and its size; where room is short, without the leading zero."""
    content = number(value)
    if len(content) > 4 and (box.cell - 3) / svg.text_width(content, 1) < SMALLEST_TEXT:
        content = re.sub(r"^(−?)0\.", r"\1.", content)
    return content, min(most, box.cell * 0.43, (box.cell - 3) / svg.text_width(content, 1))


def _cell_number(box: Box, row: int, col: int, value: float, classes: str) -> str:
    content, size = _fitted(box, value)
    x, y = box.x + (col + 0.5) * box.cell, box.y + (row + 0.5) * box.cell
    return svg.text(x, y + size * 0.36, content, size, f"{classes} middle")


def in_full(values: Values) -> str:
    """Every number with all its digits, for the editor of a cell."""
    return " ".join(f"{v:.12g}" for v in values.ravel())


@dataclass(frozen=True)
class Tone:
    """How maps are colored: signed up to ``high`` either way, or gray from 0 (black) to ``high`` (white)."""

    signed: bool
    high: float

    @classmethod
    def of(cls, values: Values, photo: bool) -> "Tone":
        """Gray for what is seen as a photo and has no negative value, signed for all else.

        ``high`` is the largest magnitude; of a signed photo the one that 99.5% stay below, so that a few strong edges
        do not make all others pale.
        """
        signed = not photo or bool(values.min() < 0)
        if photo and signed:
            return cls(True, float(np.percentile(np.abs(values), 99.5)) or largest(values) or 1.0)
        return cls(signed, largest(values) or 1.0)


def bitmap_grid(box: Box, values: Values, tone: Tone) -> str:
    """The values as a bitmap that fills the box, in a thin frame."""
    uri = signed_uri(values, tone.high) if tone.signed else gray_uri(values, tone.high)
    frame = svg.rect(box.x, box.y, box.width, box.height, "lines")
    return svg.image(box.x, box.y, box.width, box.height, uri) + frame


def follower(name: str, content: str, row: int, col: int, dx: float, dy: float) -> str:
    """Something that moves with the step; the page can move it before the next frame arrives."""
    place = f"translate({svg.fmt(col * dx)} {svg.fmt(row * dy)})"
    return svg.group([content], class_=f"cl-{name}", data_follow=f"{svg.fmt(dx)} {svg.fmt(dy)}", transform=place)


RING = 18.0
"""Diameter of the mark around cells that are too small to be seen."""


def ring(box: Box, rows: int, cols: int) -> str:
    """A mark around cells that are too small to be outlined, or their outline where they are not."""
    if box.cell * max(rows, cols) > RING:
        return box.part(0, 0, rows, cols, "halo") + box.part(0, 0, rows, cols, "outline")
    x, y = box.x + cols * box.cell / 2, box.y + rows * box.cell / 2
    return svg.circle(x, y, RING / 2, "halo") + svg.circle(x, y, RING / 2, "outline")
