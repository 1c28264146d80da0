"""What a transform does to a box around an object: it moves along, or the label lies.

A box is (x1, y1, x2, y2): its left, upper, right and lower edge in pixels, as torchvision writes them ("XYXY"). Edges
lie between pixels: a box around all of an image that is 6 wide and 4 high is (0, 0, 6, 4), and its width is x2 - x1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Box, Size
from cnnlab.augment.cropping import crop_matrix
from cnnlab.augment.geometry import affine_matrix, flip_matrix
from cnnlab.ops._arguments import is_sequence
from cnnlab.ops._numbers import real


def box_after(matrix: npt.ArrayLike, box: Sequence[float], size: Size) -> Box | None:
    """The box around the four moved corners, cut off at the border of an image of `size`; None if nothing is left.

    After a rotation it is larger than the object needs: the corners of the old box were mostly empty, and they are
    now the outermost points. Turn by 45 degrees and back, and a square box has twice its width.

    Args:
        matrix: (2, 3), where a point goes, as from `affine_matrix`, `flip_matrix` or `crop_matrix`.
        box: x1, y1, x2, y2 before.
        size: (height, width) of the image afterwards.

    Raises:
        ValueError: not four numbers, or edges in the wrong order.
    """
    m = np.asarray(matrix, dtype=np.float64)
    x1, y1, x2, y2 = as_box(box)
    corners = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    moved = corners @ m[:, :2].T + m[:, 2]
    (left, top), (right, bottom) = moved.min(axis=0), moved.max(axis=0)
    left, right = np.clip((left, right), 0, size[1])
    top, bottom = np.clip((top, bottom), 0, size[0])
    if right <= left or bottom <= top:
        return None
    return float(left), float(top), float(right), float(bottom)


def horizontal_flip_box(box: Sequence[float], size: Size) -> Box | None:
    """(W - x2, y1, W - x1, y2): the right edge becomes the left one."""
    return box_after(flip_matrix(size), box, size)


def vertical_flip_box(box: Sequence[float], size: Size) -> Box | None:
    """(x1, H - y2, x2, H - y1): the lower edge becomes the upper one."""
    return box_after(flip_matrix(size, horizontal=False), box, size)


def affine_box(
    box: Sequence[float],
    size: Size,
    angle: float = 0.0,
    translate: Sequence[float] = (0.0, 0.0),
    scale: float = 1.0,
    shear: Sequence[float] = (0.0, 0.0),
) -> Box | None:
    """The box after `affine` with the same arguments (angle clockwise), in an image of `size`. See `box_after`."""
    return box_after(affine_matrix(size, angle, translate, scale, shear), box, size)


def rotate_box(box: Sequence[float], size: Size, angle: float) -> Box | None:
    """The box after `rotate` (counter-clockwise). See `box_after`."""
    return affine_box(box, size, -real("angle", angle))


def crop_box(
    box: Sequence[float], top: int, left: int, height: int, width: int, size: Size | None = None
) -> Box | None:
    """The box after `crop`, or with `size`, after `resized_crop`: (x1 - left, y1 - top, ...), cut off at the edges."""
    new = (height, width) if size is None else size
    return box_after(crop_matrix(top, left, height, width, new), box, new)


def as_box(box: Sequence[float]) -> Box:
    """`box` as four numbers, left before right and upper before lower.

    Raises:
        ValueError: says which edge is wrong.
    """
    if not is_sequence(box) or len(box) != 4:
        raise ValueError(f"box must be four numbers, (x1, y1, x2, y2), but is {box!r}")
    x1, y1, x2, y2 = (real(f"box[{i}]", edge) for i, edge in enumerate(box))
    if not (x1 < x2 and y1 < y2):
        raise ValueError(
            f"box must be (x1, y1, x2, y2) with x1 < x2 and y1 < y2, but is ({x1:g}, {y1:g}, {x2:g}, {y2:g}): "
            "are the edges swapped, or is it (x, y, width, height)?"
        )
    return x1, y1, x2, y2
