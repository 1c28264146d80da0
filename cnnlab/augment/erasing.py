"""A part of the image is taken away, so that the network has to look at the rest too.

Sources: T. DeVries and G. Taylor, Improved regularization of convolutional neural networks with cutout (2017,
arXiv:1708.04552), section 3; Z. Zhong et al., Random erasing data augmentation (2017, arXiv:1708.04896), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Size, as_image
from cnnlab.ops._arguments import Array, integer
from cnnlab.ops._numbers import real


def erase(image: npt.ArrayLike, top: int, left: int, height: int, width: int, value: float = 0.0) -> Array:
    """The rectangle becomes `value`; where it reaches beyond the image it is cut off there.

    Args:
        image: (C, H, W).
        top, left: its upper left pixel; may be negative.
        height, width: its size; 0 erases nothing.

    Raises:
        ValueError: a number that is not whole, or a negative size.
    """
    erased = as_image(image).copy()
    up, down, start, end = clipped(erased.shape[-2:], top, left, height, width)
    erased[..., up:down, start:end] = real("value", value)
    return erased


def cutout(image: npt.ArrayLike, row: int, column: int, size: int, value: float = 0.0) -> Array:
    """A square of size x size pixels around (row, column) becomes `value`; at the border a part of it is outside.

    DeVries and Taylor let the square reach beyond the border, so that some images lose only a little: that matters.
    """
    side = integer("size", size)
    return erase(image, _start("row", row, side), _start("column", column, side), side, side, value)


def clipped(size: Size, top: int, left: int, height: int, width: int) -> tuple[int, int, int, int]:
    """The part of a rectangle that lies inside of an image of `size`: rows top to bottom, columns left to right."""
    rows, columns = integer("height", height), integer("width", width)
    first, start = integer("top", top, -rows - size[0]), integer("left", left, -columns - size[1])
    up, down = np.clip((first, first + rows), 0, size[0])
    begin, end = np.clip((start, start + columns), 0, size[1])
    return int(up), int(down), int(begin), int(end)


def _start(name: str, center: int, side: int) -> int:
    return integer(name, center, -side) - side // 2
