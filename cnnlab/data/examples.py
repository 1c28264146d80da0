"""The named inputs of the convolution lab, from a signal of five numbers to photos, in teaching order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.data.digits import digits
from cnnlab.data.photos import photo, photos

Picture = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """An input with a name.

    ``says`` tells in one sentence what it is and what to look for, ``source`` where it comes from. ``white``
    is the value that stands for full brightness where the input is shown as a picture (0 is black).
    ``values`` makes the array; :func:`example` calls it once and keeps the result.
    """

    name: str
    says: str
    source: str
    white: float
    values: Callable[[], ArrayLike]


def _step(size: int) -> ArrayLike:
    return np.repeat([[10] * (size // 2) + [0] * (size // 2)], size, axis=0)


def _blocks() -> ArrayLike:
    return np.kron([[10, 0], [0, 10]], np.ones((4, 4)))


def _dot() -> ArrayLike:
    dot = np.zeros((7, 7))
    dot[3, 3] = 1
    return dot


def _letter() -> ArrayLike:
    rows = (".......", ".#####.", ".#.....", ".####..", ".#.....", ".#.....", ".......")
    return [[int(cell == "#") for cell in row] for row in rows]


def _color() -> ArrayLike:
    sky, grass, house = (1, 4, 9), (1, 7, 2), (9, 2, 1)  # red, green, blue
    picture = np.empty((6, 6, 3))
    picture[:3] = sky
    picture[3:] = grass
    picture[2:5, 1:4] = house
    return picture.transpose(2, 0, 1)


# Written out, not computed from the photo, so that every machine shows the same numbers whatever decodes the
# JPEG. Means of 6 x 6 pixels of photo("cat", gray=True), from row 66 and column 43 on.
_EYE = [
    [149, 144, 140, 129, 127, 125, 130, 132, 134, 140],
    [102, 63, 57, 63, 54, 58, 71, 100, 135, 141],
    [39, 67, 99, 94, 75, 30, 28, 32, 70, 132],
    [48, 119, 119, 116, 78, 47, 29, 46, 50, 66],
    [58, 122, 114, 120, 30, 36, 27, 69, 76, 30],
    [54, 121, 112, 92, 11, 17, 32, 77, 92, 41],
    [77, 104, 112, 93, 25, 10, 50, 83, 103, 43],
    [137, 60, 119, 116, 70, 58, 82, 112, 82, 60],
    [131, 128, 77, 111, 119, 115, 123, 88, 52, 40],
    [90, 124, 140, 87, 60, 53, 38, 29, 36, 32],
]
# Means of 24 x 24 pixels of photo("coffee"), from row 0 and column 40 on: red, green, blue.
_CUP = [
    [
        [174, 177, 184, 209, 212, 201, 193, 194],
        [172, 211, 215, 213, 222, 232, 213, 194],
        [184, 224, 193, 176, 185, 213, 234, 209],
        [173, 218, 186, 208, 206, 197, 226, 187],
        [168, 175, 236, 235, 233, 234, 192, 173],
        [176, 134, 133, 166, 166, 140, 137, 179],
        [132, 73, 129, 61, 78, 105, 95, 178],
        [116, 94, 93, 39, 35, 159, 84, 175],
    ],
    [
        [81, 87, 117, 155, 154, 120, 101, 105],
        [85, 161, 170, 164, 181, 203, 154, 110],
        [73, 187, 121, 97, 109, 161, 207, 144],
        [54, 170, 87, 118, 120, 108, 188, 88],
        [43, 109, 173, 149, 149, 161, 139, 43],
        [60, 40, 58, 112, 115, 87, 53, 44],
        [25, 14, 41, 10, 19, 58, 33, 44],
        [18, 21, 22, 5, 7, 131, 44, 49],
    ],
    [
        [33, 39, 83, 122, 119, 72, 45, 51],
        [40, 129, 128, 121, 145, 177, 117, 59],
        [41, 150, 66, 47, 58, 115, 181, 98],
        [27, 134, 27, 43, 48, 45, 151, 55],
        [16, 89, 106, 56, 57, 84, 112, 16],
        [28, 18, 44, 94, 92, 69, 31, 16],
        [8, 6, 24, 5, 9, 38, 18, 16],
        [5, 10, 11, 2, 4, 105, 29, 20],
    ],
]

_SMALL = (
    Example(
        "step",
        "Bright left, dark right: a vertical edge kernel answers where the two meet, and only there.",
        "deck A, vertical edge",
        10,
        partial(_step, 8),
    ),
    Example(
        "blocks",
        "Two bright blocks, corner to corner: a horizontal edge kernel answers with both signs.",
        "deck A, horizontal edge; four rows of each, to which the slide's output belongs",
        10,
        _blocks,
    ),
    Example(
        "small step",
        "A vertical edge again: flip the kernel and the sign of the answer changes.",
        "deck C, vertical edge",
        10,
        partial(_step, 6),
    ),
    Example(
        "numbers",
        "A grid of small numbers to add up by hand, at stride 1 and at stride 2.",
        "deck A, stride",
        3,
        lambda: [[2, 0, 1, 2, 2], [0, 1, 0, 1, 3], [3, 2, 0, 1, 1], [1, 0, 0, 1, 2], [2, 2, 1, 0, 0]],
    ),
    Example(
        "stripes",
        "Horizontal stripes: pad with zeros, then by replicating, and compare the border of the output.",
        "deck B, replicate padding",
        2,
        lambda: [[2] * 4, [0] * 4, [1] * 4, [0] * 4],
    ),
    Example(
        "signal",
        "Five numbers in a row that rise by 1: convolution in one dimension.",
        "deck C, 1-D filter",
        5,
        lambda: [[1, 2, 3, 4, 5]],
    ),
    Example(
        "dot",
        "A single 1: the output is the kernel itself, turned by 180 degrees, unless the kernel is flipped.",
        "the unit impulse",
        1,
        _dot,
    ),
    Example(
        "letter",
        "The letter F, which no flip leaves as it is: see where the corner kernel answers most, and flip it.",
        "made for this course",
        1,
        _letter,
    ),
    Example(
        "digit",
        "A handwritten 5 in 8 x 8 cells: see which strokes an edge kernel keeps.",
        "the digits of scikit-learn, number 15",
        16,
        lambda: digits()[0][15],
    ),
    Example(
        "eye",
        "A cat's eye in 10 x 10 cells, dark pupil in a lighter ring: a photo is a grid of numbers too.",
        "the photo cat, by Stéfan van der Walt, CC0",
        255,
        lambda: _EYE,
    ),
    Example(
        "color",
        "A red house on grass under the sky: three channels, and in each another part is bright.",
        "made for this course",
        9,
        _color,
    ),
    Example(
        "color patch",
        "A cup of coffee in 8 x 8 cells: coffee and saucer are bright in red, only the white rim is in blue.",
        "the photo coffee, by Rachel Michetti, CC0",
        255,
        lambda: _CUP,
    ),
)


def _gray_photo(name: str) -> ArrayLike:
    return photo(name, gray=True)


def _color_photo(name: str) -> ArrayLike:
    return photo(name).transpose(2, 0, 1)  # (H, W, 3) -> (3, H, W)


_PHOTO_SAYS = {
    "cat": "Fur and whiskers are fine edges in every direction: compare sobel x with sobel y.",
    "camera": "A dark coat on a bright sky, a slanted tripod: strong edges beside the fine grain of a lawn.",
    "coffee": "Ellipses and wood grain: an edge of one direction lights up only part of each ellipse.",
    "rocket": "Upright lines on a smooth sky: a vertical edge kernel finds them, a horizontal one not.",
    "astronaut": "A face, cloth and a shiny helmet: blur it and the small edges go first.",
}
_COLOR_SAYS = "The cat in red, green and blue: red is brightest and blue darkest, most of all in the eyes."


def _photo_examples() -> list[Example]:
    gray = [
        Example(f"photo: {name}", _PHOTO_SAYS[name], "see photos/LICENSES.md", 255, partial(_gray_photo, name))
        for name in photos()
    ]
    color = replace(gray[0], name="photo: cat, color", says=_COLOR_SAYS, values=partial(_color_photo, "cat"))
    return [*gray, color]


EXAMPLES: dict[str, Example] = {entry.name: entry for entry in (*_SMALL, *_photo_examples())}
"""Every example by its name, in teaching order. A file is read only when :func:`example` asks for it."""


@cache
def _load(name: str) -> Picture:
    values = np.array(EXAMPLES[name].values(), dtype=np.float64)
    picture = values if values.ndim == 3 else values[np.newaxis]  # (H, W) -> (1, H, W)
    picture.setflags(write=False)
    return picture


def example(name: str) -> Picture:
    """The values of an example: a read-only float64 array (C, H, W), the same one at every call.

    Raises ValueError, listing the names, where there is none of that name.
    """
    if name not in EXAMPLES:
        raise ValueError(f"name must be one of {', '.join(map(repr, EXAMPLES))}, but is {name!r}")
    return _load(name)
