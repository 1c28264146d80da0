"""What the pictures of all tasks are made of: three columns, marks for right and wrong, and three lines below."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.tasks import Result

WIDTH, MARGIN, TOP = 1000.0, 16.0, 32.0
SIDE = 340.0
MIDDLE, SMALL = 380.0, 200.0
"""Where the second column begins, and the side of its picture: the truth."""
LOWER = TOP + SMALL + 38
RIGHT, ROOM = 608.0, 376.0
"""Where the third column begins, and its width: how the answer comes about."""
LEGEND = TOP + SIDE + 24
HEIGHT = LEGEND + 104
RING = 4.0
CHIP = 13.0


def document(result: Result, content: Sequence[str], row: int, col: int, frame: int, label: str) -> str:
    """The whole picture, with the lines below it."""
    rows, cols = result.grid
    room = WIDTH - 2 * MARGIN
    lines = [
        mono(MARGIN, LEGEND + 31, room, result.formula(row, col), 15),
        mono(MARGIN, LEGEND + 58, room, result.measure(), 15),
        svg.text(MARGIN, LEGEND + 88, result.says(), 16),
    ]
    data = {"frame": frame, "step": row * cols + col, "columns": cols, "count": rows * cols}
    return svg.document(WIDTH, HEIGHT, [*content, *lines], label, **data)


def heading(x: float, width: float, name: str, note: str = "", y: float = TOP) -> str:
    """The line above a panel: what it is on the left, a note on the right."""
    return svg.text(x, y - 10, name, 14, "gray") + (svg.text(x + width, y - 10, note, 14, "gray end") if note else "")


def ring(x: float, y: float, width: float, height: float, right: bool) -> str:
    """A colored frame: blue around what is right, orange around a false alarm."""
    inner = (
        f"M{svg.fmt(x + RING)} {svg.fmt(y + RING)}v{svg.fmt(height - 2 * RING)}h{svg.fmt(width - 2 * RING)}"
        f"v{svg.fmt(2 * RING - height)}h{svg.fmt(2 * RING - width)}"
    )
    outer = f"M{svg.fmt(x)} {svg.fmt(y)}h{svg.fmt(width)}v{svg.fmt(height)}h{svg.fmt(-width)}v{svg.fmt(-height)}"
    kind = "pos" if right else "neg"
    return svg.rect(x, y, width, height, "halo") + f'<path class="cl-{kind}" d="{outer}{inner}"/>'


def dashed(x: float, y: float, width: float, height: float) -> str:
    """A dashed frame: around what is missed."""
    line = svg.rect(x, y, width, height, "thin").replace("/>", ' stroke-dasharray="6 4"/>')
    return svg.rect(x, y, width, height, "halo") + line


def contour(box: Box, mask: NDArray[np.bool_]) -> str:
    """The rim of a mask, as lines between the pixels."""
    padded = np.pad(mask, 1)
    parts = []
    for row, cols in enumerate(padded[1:, 1:-1] != padded[:-1, 1:-1]):
        parts += [f"M{_at(box.x, box.cell, a)} {_at(box.y, box.cell, row)}h{_at(0, box.cell, b - a)}" for a, b in _runs(cols)]
    for col, rows in enumerate((padded[1:-1, 1:] != padded[1:-1, :-1]).T):
        parts += [f"M{_at(box.x, box.cell, col)} {_at(box.y, box.cell, a)}v{_at(0, box.cell, b - a)}" for a, b in _runs(rows)]
    d = "".join(parts)
    return f'<path class="cl-halo" style="stroke-width:4" d="{d}"/><path class="cl-thin" d="{d}"/>' if d else ""


def _at(start: float, cell: float, index: int) -> str:
    return svg.fmt(start + cell * index)


def _runs(line: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a line of True begins and ends, for each run of them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


class Chips:
    """Short labels on paper, each left out where it would cover another."""

    def __init__(self, right: float) -> None:
        self._right = right
        self._placed: list[tuple[float, float, float]] = []
        self.drawn: list[str] = []

    def add(self, x: float, y: float, content: str, size: float = CHIP) -> None:
        """A label whose lower left corner is at (x, y), moved inside the panel."""
        width, height = svg.text_width(content, size) + 8, size + 5
        x, y = min(x, self._right - width), max(y, TOP + height)
        if any(abs(y - b) < height and x < r and left < x + width for left, r, b in self._placed):
            return
        self._placed.append((x, x + width, y))
        self.drawn.append(svg.rect(x, y - height, width, height, "paper"))
        self.drawn.append(svg.text(x + 4, y - 5, content, size))


def legend(*items: tuple[str, str]) -> str:
    """What the marks mean: pairs of a mark ("right", "false", "missed", "truth", "window", "above") and its words."""
    x, y, parts = MARGIN, LEGEND - 12, []
    for mark, words in items:
        parts += [_mark(mark, x, y), svg.text(x + 24, LEGEND, words, 14, "gray")]
        x += 24 + svg.text_width(words, 14) + 22
    return "".join(parts)


def _mark(mark: str, x: float, y: float) -> str:
    if mark in ("right", "false"):
        return ring(x, y, 15, 15, mark == "right")
    if mark in ("more", "less"):
        return svg.rect(x, y, 15, 15, "pos" if mark == "more" else "neg", STRONGEST)
    if mark == "missed":
        return dashed(x, y, 15, 15)
    return svg.rect(x, y, 15, 15, "outline" if mark == "window" else "thin")
