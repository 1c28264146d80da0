"""What the pictures of all tasks are made of: three columns, marks for right and wrong, and three lines below."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.tasks import Result

WIDTH, MARGIN, TOP = 1100.0, 16.0, 32.0
SIDE = 340.0
MIDDLE, SMALL = 400.0, 220.0
"""Where the second column begins, and the side of its picture: the truth."""
LOWER = TOP + SMALL + 36
RIGHT, ROOM = 664.0, 420.0
"""Where the third column begins, and its width: how the answer comes about."""
LEGEND = TOP + SIDE + 24
HEIGHT = LEGEND + 96
RING = 4.0
SMALLEST = 14.0
"""Size of the smallest text: a page of 1280 pixels shows the picture a little smaller than it is."""


def document(result: Result, content: Sequence[str], row: int, col: int, frame: int, label: str) -> str:
    """The whole picture, with the lines below it."""
    rows, cols = result.grid
    room, spaces = WIDTH - 2 * MARGIN, "\u00a0" * 3  # an SVG takes several plain spaces for one
    lines = [
        mono(MARGIN, LEGEND + 30, room, result.formula(row, col).replace(" " * 3, spaces), 15),
        mono(MARGIN, LEGEND + 56, room, result.measure().replace(" " * 3, spaces), 15),
        svg.text(MARGIN, LEGEND + 85, result.says(), 16),
    ]
    data = {"frame": frame, "step": row * cols + col, "columns": cols, "count": rows * cols}
    return svg.document(WIDTH, HEIGHT, [*content, *lines], label, **data)


def heading(x: float, width: float, name: str, note: str = "", y: float = TOP) -> str:
    """The line above a panel: what it is on the left, a note on the right."""
    left = svg.text(x, y - 10, name, 14, "gray") if name else ""
    return left + (svg.text(x + width, y - 10, note, 14, "gray end") if note else "")


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
    d = _contour(box, np.pad(mask, 1).tobytes())
    return f'<path class="cl-halo" style="stroke-width:4" d="{d}"/><path class="cl-thin" d="{d}"/>' if d else ""


@lru_cache(maxsize=64)  # the truth stays while a slider is moved
def _contour(box: Box, padded: bytes) -> str:
    mask = np.frombuffer(padded, bool).reshape(box.rows + 2, box.cols + 2)
    parts = []
    for row, start, end in _runs(mask[1:, 1:-1] != mask[:-1, 1:-1]):
        parts.append(f"M{_at(box.x, box.cell, start)} {_at(box.y, box.cell, row)}h{_at(0, box.cell, end - start)}")
    for col, start, end in _runs((mask[1:-1, 1:] != mask[1:-1, :-1]).T):
        parts.append(f"M{_at(box.x, box.cell, col)} {_at(box.y, box.cell, start)}v{_at(0, box.cell, end - start)}")
    return "".join(parts)


def _at(start: float, cell: float, index: int) -> str:
    return svg.fmt(start + cell * index)


def _runs(lines: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Where each run of True begins and ends, and in which line."""
    edges = np.diff(np.pad(lines, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, cols = (where.tolist() for where in np.nonzero(edges))
    return zip(rows[::2], cols[::2], cols[1::2], strict=True)


class Chips:
    """Short labels on paper, each left out where it would cover another."""

    def __init__(self, right: float) -> None:
        self._right = right
        self._placed: list[tuple[float, float, float]] = []
        self._drawn: list[str] = []

    def add(self, x: float, y: float, content: str, size: float = SMALLEST) -> None:
        """A label whose lower left corner is at (x, y), moved inside the panel."""
        width, height = svg.text_width(content, size) + 8, size + 5
        x, y = min(x, self._right - width), max(y, TOP + height)
        if any(abs(y - b) < height and x < r and left < x + width for left, r, b in self._placed):
            return
        self._placed.append((x, x + width, y))
        self._drawn.append(svg.rect(x, y - height, width, height, "paper"))
        self._drawn.append(svg.text(x + 4, y - 5, content, size))

    def draw(self) -> str:
        """All labels, nothing that the pointer would meet."""
        return svg.group(self._drawn, pointer_events="none")


def legend(*items: tuple[str, str]) -> str:
    """What the marks mean: pairs of a mark (see :func:`_mark`; "" for none) and its words."""
    x, y, parts = MARGIN, LEGEND - 12, []
    for mark, words in items:
        room = 24 if mark else 0
        parts += [_mark(mark, x, y), svg.text(x + room, LEGEND, words, 14, "gray")]
        x += room + svg.text_width(words, 14) + 22
    return "".join(parts)


def _mark(mark: str, x: float, y: float) -> str:
    if mark in ("right", "false"):
        return ring(x, y, 15, 15, mark == "right")
    if mark in ("more", "less"):
        return svg.rect(x, y, 15, 15, "pos" if mark == "more" else "neg", STRONGEST)
    if mark == "missed":
        return dashed(x, y, 15, 15)
    return svg.rect(x, y, 15, 15, "outline" if mark == "window" else "thin") if mark else ""
