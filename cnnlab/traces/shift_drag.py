"""A digit that is held where it was grabbed: what follows from the cells of the canvas that a page reports.

The page reports the cells that a pointer goes over while its button is held, but not when it is pressed or let go. A
drag begins with the first cell after a report of another kind, such as of a pointer that moves with no button held. A
finger reports nothing in between: its drag begins where, after a pause, the next cell is no neighbor of the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from cnnlab.traces.shift import CANVAS, REACH

Cell = Sequence[int]
Push = tuple[int, int]

SIDE = 8
"""Rows and columns of a digit at scale 1."""
PAUSE = 0.3
"""Seconds in which a finger is hardly lifted and put down again."""


@dataclass(frozen=True)
class Square:
    """The cells of the canvas that a digit was written in: it is held by any of them, with ink or without."""

    top: int
    left: int
    side: int

    @classmethod
    def of(cls, push: Push, scale: float) -> "Square":
        half = ceil(SIDE / 2 * max(scale, 1))
        return cls(CANVAS // 2 + push[0] - half, CANVAS // 2 + push[1] - half, 2 * half)

    def holds(self, cell: Cell) -> bool:
        return 0 <= cell[0] - self.top < self.side and 0 <= cell[1] - self.left < self.side


class Drag:
    """Where the picture is pushed to by a pointer that holds the digit; one beside the digit holds nothing."""

    def __init__(self) -> None:
        self._last: Cell | None = None
        self._going, self._at = False, 0.0
        self._holds, self._grip = False, (0, 0)

    def end(self) -> None:
        """The next cell begins another drag."""
        self._going = False

    def over(self, cells: Sequence[Cell], push: Push, scale: float, at: float) -> Push:
        """Where the picture goes from ``push`` when the pointer goes over these cells, pressed, ``at`` a time."""
        if self._last is not None and at - self._at > PAUSE and _apart(cells[0], self._last) > 1:
            self.end()
        for cell in cells:
            if not self._going:
                self._going, self._holds, self._grip = True, Square.of(push, scale).holds(cell), _less(cell, push)
            elif self._holds:
                push = _within(_less(cell, self._grip))
        self._last, self._at = cells[-1], at
        return push

    def walk(self, cell: Cell, push: Push) -> Push:
        """Where the picture goes when the keys walk on to a cell, from the one that the pointer left."""
        by = _less(cell, self._last or cell)
        self._last, self._going = cell, False
        return _within((push[0] + by[0], push[1] + by[1]))


def _less(cell: Cell, other: Cell) -> Push:
    return cell[0] - other[0], cell[1] - other[1]


def _apart(one: Cell, other: Cell) -> int:
    return max(abs(by) for by in _less(one, other))


def _within(push: Push) -> Push:
    down, right = (min(max(by, -REACH), REACH) for by in push)
    return down, right
