"""Notebook 13: an augmented image needs an augmented label; here a flip with its box."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import SQUARE_IMAGES, square
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]


# ---- a flip with its box ---------------------------------------------------------------------------------------------


def flip_with_box(image: Array, box: Array) -> Pair:
    W = image.shape[2]
    x1, y1, x2, y2 = box
    flipped = image[:, :, ::-1]
    moved = np.array([W - x2, y1, W - x1, y2])
    return flipped, moved


def _flipped_with(image: Array, *edges: float) -> Pair:
    return image[:, :, ::-1], np.array(edges)


def _both_ways(image: Array, box: Array) -> Array:
    """The box, turned upside down too."""
    (x1, y1, x2, y2), (H, W) = box, image.shape[1:]
    return np.array([W - x2, H - y2, W - x1, H - y1])


def _upside_down(image: Array, box: Array) -> Pair:
    (x1, y1, x2, y2), H = box, image.shape[1]
    return image[:, ::-1], np.array([x1, H - y2, x2, H - y1])


def _photos(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, box in [
        (2, 4, (0, 0, 1, 1)),
        (4, 4, (1, 0, 3, 1)),
        (4, 6, (1, 1, 3, 4)),
        (6, 5, (0, 2, 4, 5)),
        (5, 9, (5, 1, 9, 3)),
        (7, 7, (2, 1, 3, 6)),
    ]:
        yield rng.integers(0, 10, (3, H, W)) / 10, np.array(box, dtype=float)
    yield rng.random((3, 6, 8)), np.array([1.5, 0.25, 4.75, 5.5])


FLIP_WITH_BOX = Exercise(
    name="flip with box",
    notebook="13",
    statement=(
        "Write flip_with_box(image, box): image is (3, H, W), box is (x1, y1, x2, y2), its left, upper, right and "
        "lower edge in pixels. Flip the image left to right, and return the flipped image and the box around the same "
        "object, again with x1 < x2. Edges lie between pixels: a box around all of the image is (0, 0, W, H)."
    ),
    solution=flip_with_box,
    cases=_photos,
    mistakes=(
        Mistake(
            "box not moved",
            lambda image, box: (image[:, :, ::-1], box),
            "The image is flipped, but the box is where it was: it now lies around something else.",
        ),
        Mistake(
            "edges in the wrong order",
            lambda image, box: _flipped_with(image, image.shape[2] - box[0], box[1], image.shape[2] - box[2], box[3]),
            "x1 is now larger than x2: in a mirror the right edge becomes the left one, so the new x1 is made of x2.",
        ),
        Mistake(
            "off by one",
            lambda image, box: _flipped_with(
                image, image.shape[2] - 1 - box[2], box[1], image.shape[2] - 1 - box[0], box[3]
            ),
            "The box is one pixel too far to the left: W - 1 - x is for the numbers of pixels. Edges go from 0 to W, "
            "so the edge x comes to W - x.",
        ),
        Mistake(
            "last pixel left out",
            lambda image, box: _flipped_with(
                image, image.shape[2] - box[2], box[1], image.shape[2] - 1 - box[0], box[3]
            ),
            "The new x2 is one too small, so the box has lost a pixel of its width: edges go from 0 to W.",
        ),
        Mistake(
            "mirrored at 0",
            lambda image, box: _flipped_with(image, -box[2], box[1], -box[0], box[3]),
            "The edges are negative now: the mirror stands in the middle of the image, not at its left edge. Which "
            "number is missing?",
        ),
        Mistake(
            "only swapped",
            lambda image, box: _flipped_with(image, box[2], box[1], box[0], box[3]),
            "x1 and x2 have only changed places: how far is each edge from the other side of the image?",
        ),
        Mistake(
            "height for width",
            lambda image, box: _flipped_with(image, image.shape[1] - box[2], box[1], image.shape[1] - box[0], box[3]),
            "You subtract from the height. x goes to the right, so it is the width: the last of (3, H, W).",
        ),
        Mistake(
            "channels for width",
            lambda image, box: _flipped_with(image, image.shape[0] - box[2], box[1], image.shape[0] - box[0], box[3]),
            "You subtract from the number of channels: image.shape is (3, H, W), so the width is image.shape[2].",
        ),
        Mistake(
            "box of width and height",
            lambda image, box: _flipped_with(image, image.shape[2] - box[0] - box[2], *box[1:]),
            "You took the box for (x, y, width, height). Here it is two corners: (x1, y1, x2, y2).",
        ),
        Mistake(
            "upside down",
            _upside_down,
            "That is a vertical flip, upside down: left and right lie along the last axis of (3, H, W).",
        ),
        Mistake(
            "image upside down",
            lambda image, box: (image[:, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but the image is upside down: left and right lie along its last axis.",
        ),
        Mistake(
            "image turned",
            lambda image, box: (image[:, ::-1, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but both axes of the image are turned around: only the last one should be.",
        ),
        Mistake(
            "all axes",
            lambda image, box: (image[::-1, ::-1, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but all three axes of the image are turned around: np.flip needs the axis.",
        ),
        Mistake(
            "colors turned around",
            lambda image, box: (image[::-1], flip_with_box(image, box)[1]),
            "The box is right, but image[::-1] turns the first axis around: red and blue have changed places.",
        ),
        Mistake(
            "image not flipped",
            lambda image, box: (image, flip_with_box(image, box)[1]),
            "The box is right, but the image that you return is not flipped.",
        ),
        Mistake(
            "box upside down, too",
            lambda image, box: (image[:, :, ::-1], _both_ways(image, box)),
            "The image is right, but the box is turned upside down, too: the upper and the lower edge stay.",
        ),
        Mistake(
            "off by one, in the wrong order",
            lambda image, box: _flipped_with(
                image, image.shape[2] - 1 - box[0], box[1], image.shape[2] - 1 - box[2], box[3]
            ),
            "Two things: in a mirror the right edge becomes the left one, so the new x1 is made of x2; and edges go "
            "from 0 to W, so it is W - x without the 1.",
        ),
        Mistake(
            "one too far",
            lambda image, box: _flipped_with(
                image, image.shape[2] + 1 - box[2], box[1], image.shape[2] + 1 - box[0], box[3]
            ),
            "The box is one pixel too far to the right: edges go from 0 to W, so the edge x comes to W - x.",
        ),
        Mistake(
            "only the left edge",
            lambda image, box: _flipped_with(image, image.shape[2] - box[2], *box[1:]),
            "The new x1 is right, but x2 is still the old one: it is made of the old x1.",
        ),
        Mistake(
            "only the right edge",
            lambda image, box: _flipped_with(image, *box[:2], image.shape[2] - box[0], box[3]),
            "The new x2 is right, but x1 is still the old one: it is made of the old x2.",
        ),
        Mistake(
            "y before x",
            lambda image, box: _flipped_with(image, box[1], image.shape[2] - box[2], box[3], image.shape[2] - box[0]),
            "The four edges are right, but x and y have changed places: the order is (x1, y1, x2, y2).",
        ),
        Mistake(
            "width and height returned",
            lambda image, box: _flipped_with(image, image.shape[2] - box[2], box[1], box[2] - box[0], box[3] - box[1]),
            "You return width and height. A box is two corners here: (x1, y1, x2, y2).",
        ),
        Mistake(
            "nothing changed",
            lambda image, box: (image, box),
            "Both are still as they were. Reading image[:, :, ::-1] does not change image: return the result.",
        ),
        Mistake(
            "channels thought to be last",
            lambda image, box: (
                image[:, ::-1],
                np.array([image.shape[1] - box[2], box[1], image.shape[1] - box[0], box[3]]),
            ),
            "You took the image for (H, W, 3). Here the channels come first, (3, H, W): left and right lie along the "
            "last axis.",
        ),
        Mistake(
            "colors turned around, too",
            lambda image, box: (image[::-1, :, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but the first axis of the image is turned around, too: red and blue changed places.",
        ),
        Mistake(
            "box first",
            lambda image, box: flip_with_box(image, box)[::-1],
            "Both are right, but in the other order: first the image, then the box.",
        ),
    ),
    hints=(
        "Draw an image 6 wide, and a box from x1 = 1 to x2 = 3. How far is each edge from the right side?",
        "The edge x comes to W - x. Which of the two new edges is the left one?",
        "flipped = image[:, :, ::-1] and moved = (W - x2, y1, W - x1, y2)",
    ),
    only={SQUARE_IMAGES: square},
)

ALL = (FLIP_WITH_BOX,)
