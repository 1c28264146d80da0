"""Pictures with what a detector and a segmenter learn from: boxes around things, and a mask of classes."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.photos import photo
from cnnlab.data.scenes import shapes_scene

Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge, in pixels."""

KINDS = ("background", "disk", "square", "triangle")
"""What the numbers of a mask stand for."""
SHAPES = "shapes"
SEED = 21
"""Of the scene: its two red disks are near the middle, so that a turn leaves them in the picture."""
_BOXES: dict[str, tuple[Box, ...]] = {
    "cat": ((41, 72, 107, 128), (178, 92, 222, 141)),  # the eyes
    "camera": ((80, 30, 138, 98),),  # the head
    "coffee": ((60, 10, 214, 200),),  # the cup
    "rocket": ((118, 74, 140, 246),),
    "astronaut": ((86, 22, 140, 80),),  # the face
}
"""Drawn by hand on the bundled photos of 256 x 256."""


@dataclass(frozen=True, eq=False)
class Labeled:
    """A picture, uint8 (H, W, 3), with its boxes; ``mask`` (H, W) and ``things`` where they are known exactly.

    ``things`` holds a mask for each box.
    """

    picture: NDArray[np.uint8]
    boxes: tuple[Box, ...] = ()
    mask: NDArray[np.uint8] | None = None
    things: tuple[NDArray[np.bool_], ...] = ()


def labeled() -> tuple[str, ...]:
    """The names that `labeled_picture` knows."""
    return (*_BOXES, SHAPES)


@lru_cache(maxsize=8)
def labeled_picture(name: str) -> Labeled:
    """A bundled photo with boxes drawn by hand, or "shapes": a scene with the boxes of its two red disks and a mask.

    Raises ValueError for a name that is not known.
    """
    if name != SHAPES:
        picture = photo(name)
        picture.setflags(write=False)
        return Labeled(picture, _BOXES[name])
    scene = shapes_scene(SEED)
    mask = np.zeros(scene.picture.shape[:2], np.uint8)
    for thing in scene.things:
        mask[thing.mask] = KINDS.index(thing.shape)
    disks = [thing for thing in scene.things if (thing.shape, thing.color) == ("disk", "red")]
    boxes = tuple((left, top, left + width, top + height) for top, left, height, width in (d.box for d in disks))
    return Labeled(scene.picture, boxes, mask, tuple(d.mask for d in disks))
