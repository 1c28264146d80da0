"""A picture of any size, for networks that ask for one: values from 0 to 1, in gray or in color."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.digits import digits
from cnnlab.data.photos import photo, photos

Values = NDArray[np.float64]
Places = NDArray[np.intp]

DIGIT = "digit"
A_THREE = 13  # its number among the digits
FINEST = 512
"""Rows of the largest photo that is made, twice those of the bundled ones: beyond, they are repeated."""


def resizable() -> tuple[str, ...]:
    """The names that `resized` knows."""
    return (DIGIT, *photos())


@lru_cache(maxsize=8)
def resized(name: str, shape: tuple[int, ...]) -> Values:
    """A picture of this shape, read-only.

    (C, H, W): three channels are red, green and blue, of any other number each is the same gray; a photo is cut where
    it is no square. (n,): the row of gray values through its middle.

    Raises ValueError for a name that is not known.
    """
    if name not in resizable():
        raise ValueError(f"picture {name!r} is not known: give one of {', '.join(resizable())}")
    channels, rows, cols = shape if len(shape) == 3 else (1, *shape * 2)
    down = np.arange(rows) if len(shape) == 3 else np.array([rows // 2])
    picture = _digit(rows, cols, down) if name == DIGIT else _photo(name, rows, cols, down, channels == 3)
    values = np.broadcast_to(picture, (channels, len(down), cols)).copy()
    if len(shape) == 1:
        values = values[0, 0]
    values.setflags(write=False)
    return values


def _digit(rows: int, cols: int, down: Places) -> Values:
    """The rows ``down`` of a handwritten 3 of this size, its cells blended where it becomes larger."""
    images, labels = digits()
    assert labels[A_THREE] == 3
    values: Values = images[A_THREE] / float(images.max())
    for size, places in ((rows, down), (cols, np.arange(cols))):
        cells = (places + 0.5) * values.shape[0] / size - 0.5
        values = np.array([np.interp(cells, np.arange(len(line)), line) for line in values.T])
    return values


def _photo(name: str, rows: int, cols: int, down: Places, color: bool) -> Values:
    """The rows ``down`` of a photo of this size."""
    side = max(rows, cols)
    finest = min(side, FINEST)
    square = photo(name, finest, gray=not color)
    down, across = ((side - n) // 2 + places for n, places in ((rows, down), (cols, np.arange(cols))))
    cut = square[np.ix_(down * finest // side, across * finest // side)] / 255
    return np.asarray(np.moveaxis(cut, -1, 0) if color else cut, np.float64)
