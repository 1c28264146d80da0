"""The feature maps of the pooling lab, and handwritten digits with room to be pushed about."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.data.digits import digits
from cnnlab.data.examples import Example

ROOM = 4
"""The most cells that anything is pushed by; with as many empty ones on each side, a digit loses no ink."""


def _spot() -> ArrayLike:
    rows = ("..........", "..........", "..........", "....36....", "...387....", "....94....", *[".........."] * 4)
    return [[0 if cell == "." else int(cell) for cell in row] for row in rows]


def _five() -> ArrayLike:
    return np.pad(digits()[0][15], 2)


_MAPS = (
    Example(
        "four by four",
        "Sixteen numbers, all kinds: pool them by hand.",
        "deck A, average pooling",
        10,
        lambda: [[2, 3, 8, 0], [9, 8, 3, 1], [5, 9, 3, 9], [10, 6, 1, 4]],
    ),
    Example(
        "two lines",
        "A bright line above and one below, faint lines beside them: a mean dilutes them, a maximum does not.",
        "deck C, average pooling",
        10,
        lambda: [[1, 10, 1, 0, 1, 0]] * 3 + [[10, 0, 0, 1, 0, 0]] * 3,
    ),
    Example(
        "after a kernel",
        "What the diagonal kernel leaves of the stripes: in PyTorch, the input of the next layer.",
        "deck B, replicate padding",
        4,
        lambda: [[4] * 4, [2] * 4, [0] * 4, [2] * 4],
    ),
    Example(
        "below zero",
        "A map before ReLU, every number negative: the maximum is not 0.",
        "made for this course",
        9,
        lambda: [[-3, -5, -2, -8], [-6, -4, -7, -9], [-1, -9, -4, -4], [-8, -2, -6, -5]],
    ),
    Example(
        "spot",
        "Seven cells of light in the dark, with room on every side: push it about.",
        "made for this course",
        9,
        _spot,
    ),
    Example(
        "digit with room",
        "A handwritten 5 with two empty cells on each side: push it about.",
        "the digits of scikit-learn, number 15",
        16,
        _five,
    ),
)

MAPS: dict[str, Example] = {entry.name: entry for entry in _MAPS}
"""Every map by its name, in teaching order."""


@cache
def feature_map(name: str) -> NDArray[np.float64]:
    """The values of a map: a read-only float64 array (1, H, W), the same one at every call.

    Raises ValueError, listing the names, where there is none of that name.
    """
    if name not in MAPS:
        raise ValueError(f"name must be one of {', '.join(map(repr, MAPS))}, but is {name!r}")
    values = np.array(MAPS[name].values(), dtype=np.float64)[np.newaxis]
    values.setflags(write=False)
    return values


@cache
def digits_with_room(room: int = ROOM) -> NDArray[np.float32]:
    """All digits with so many empty cells on each side: (1797, 8 + 2 room, 8 + 2 room), float32, read-only."""
    paper = np.pad(digits()[0].astype(np.float32), ((0, 0), (room, room), (room, room)))
    paper.setflags(write=False)
    return paper
