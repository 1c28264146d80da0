"""Where pixels go: flips, and everything that one 2 x 3 matrix can do, from a shift to a shear.

A point is x to the right and y down, counted from the top left corner of the image. Pixel (row i, column j) is the
square from (j, i) to (j + 1, i + 1), so its center is (j + 0.5, i + 0.5), and the center of the image is
(width / 2, height / 2). This is what `align_corners=False` says in PyTorch.

A matrix (2, 3) moves a point:

    x' = m[0, 0] * x + m[0, 1] * y + m[0, 2]
    y' = m[1, 0] * x + m[1, 1] * y + m[1, 2]

To move an image the other direction is needed: each pixel of the output asks where it comes from, so that none is left
empty and none is written twice. It mostly comes from between four pixels, which are then mixed (bilinear), or the one
that is nearest is taken, which is right for masks: between class 1 and class 3 there is no class 2.

Names and signs as in `torchvision.transforms.v2.functional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, tan

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Matrix, Pixels, Size, as_image, as_pixels, pair_of
from cnnlab.ops._arguments import one_of
from cnnlab.ops._numbers import real

INTERPOLATIONS = ("bilinear", "nearest")

# ---- flips -------------------------------------------------------------------------------------------------------


def horizontal_flip(image: npt.ArrayLike) -> Pixels:
    """Left and right change places: output[..., x] = image[..., W - 1 - x].

    Args:
        image: (C, H, W), or a mask (H, W).
    """
    return as_pixels(image)[..., ::-1].copy()


def vertical_flip(image: npt.ArrayLike) -> Pixels:
    """Top and bottom change places: output[..., y, :] = image[..., H - 1 - y, :].

    Args:
        image: (C, H, W), or a mask (H, W).
    """
    return as_pixels(image)[..., ::-1, :].copy()


# ---- matrices ----------------------------------------------------------------------------------------------------


def affine_matrix(
    size: Size,
    angle: float = 0.0,
    translate: Sequence[float] = (0.0, 0.0),
    scale: float = 1.0,
    shear: Sequence[float] = (0.0, 0.0),
) -> Matrix:
    """Where a point of the image goes, as a matrix (2, 3): scaled, sheared and turned about the center, then shifted.

        matrix = shift * to the center * turn * shear along y * shear along x * scale * from the center

    with turn = [[cos, -sin], [sin, cos]], shears [[1, 0], [-tan, 1]] and [[1, -tan], [0, 1]].

    Args:
        size: (height, width) of the image.
        angle: degrees, clockwise as one sees it (`rotate` counts the other way round; so it is in torchvision).
        translate: pixels to the right and down.
        scale: 2 makes everything twice as large.
        shear: degrees along x and along y; a positive one moves the upper half right, and the left half down.

    Raises:
        ValueError: scale is not above 0, a shear of 90 degrees, or something that is not a number.
    """
    height, width = size
    dx, dy = pair_of("translate", translate, "x and y")
    c, s = turn(-real("angle", angle))
    along_x, along_y = (tan(radians(_shear(degrees))) for degrees in pair_of("shear", shear, "x and y"))
    turned = np.array([[c, s], [-s, c]])
    sheared = np.array([[1.0, 0.0], [-along_y, 1.0]]) @ np.array([[1.0, -along_x], [0.0, 1.0]])
    linear = _scale("scale", scale) * (turned @ sheared)
    center = np.array([width / 2, height / 2])
    return np.column_stack([linear, center - linear @ center + (dx, dy)])


def flip_matrix(size: Size, horizontal: bool = True) -> Matrix:
    """Where a point goes in a flip: x' = width - x, or with horizontal=False, y' = height - y."""
    height, width = size
    if horizontal:
        return np.array([[-1.0, 0.0, width], [0.0, 1.0, 0.0]])
    return np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height]])


def inverse_matrix(matrix: npt.ArrayLike) -> Matrix:
    """The way back: if p' = A p + b, then p = inverse(A) p' - inverse(A) b."""
    m = _matrix(matrix)
    back = np.linalg.inv(m[:, :2])
    return np.column_stack([back, -back @ m[:, 2]])


def turn(angle: float) -> tuple[float, float]:
    """cos and sin of an angle in degrees, exact for quarter turns."""
    quarters, rest = divmod(angle, 90)
    if rest == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarters % 4)]
    return cos(radians(angle)), sin(radians(angle))


# ---- one warp for all --------------------------------------------------------------------------------------------


def warp(
    image: npt.ArrayLike,
    matrix: npt.ArrayLike,
    interpolation: str = "bilinear",
    fill: float = 0.0,
    size: Size | None = None,
) -> Pixels:
    """Each pixel of the output is read at the point matrix * (its center) of the image.

    Args:
        image: (C, H, W) of floats; with interpolation="nearest" any numbers, and a mask may be (H, W).
        matrix: (2, 3), from the output to the image: the inverse of where things go.
        interpolation: "bilinear" mixes the four pixels around the point, each weighted by how near it is;
            "nearest" takes the pixel in which the point lies.
        fill: what lies outside of the image.
        size: (height, width) of the output; the image's own without it.

    Returns:
        (C, height, width) in the dtype of the image.

    Raises:
        ValueError: an image of whole numbers that is to be mixed, or a matrix of another shape.
    """
    nearest = one_of("interpolation", interpolation, INTERPOLATIONS) == "nearest"
    pixels = as_pixels(image) if nearest else as_image(image)
    height, width = pixels.shape[-2:]
    x, y = _sources(_matrix(matrix), (height, width) if size is None else size)
    # One row of fill around the image: whatever is outside is read there, without asking.
    edges = [(0, 0)] * (pixels.ndim - 2) + [(1, 1), (1, 1)]
    padded = np.pad(pixels, edges, constant_values=real("fill", fill))
    flat = padded.reshape(*pixels.shape[:-2], -1)
    if nearest:
        row, column = _cell(np.rint(y), height), _cell(np.rint(x), width)
        taken: Pixels = flat.take(row * (width + 2) + column, axis=-1)
        return taken
    top, left = _cell(np.floor(np.minimum(y, height - 1)), height), _cell(np.floor(np.minimum(x, width - 1)), width)
    down = np.clip(y + 1 - top, 0, 1).astype(pixels.dtype)  # how much of the lower row
    right = np.clip(x + 1 - left, 0, 1).astype(pixels.dtype)
    first = top * (width + 2) + left
    upper = _mixed(flat.take(first, axis=-1), flat.take(first + 1, axis=-1), right)
    lower = _mixed(flat.take(first + width + 2, axis=-1), flat.take(first + width + 3, axis=-1), right)
    return _mixed(upper, lower, down)


def _sources(m: Matrix, size: Size) -> tuple[Matrix, Matrix]:
    """Where each pixel of the output comes from, in columns and rows: 0 is the center of the first one."""
    row, column = np.arange(size[0])[:, None] + 0.5, np.arange(size[1]) + 0.5
    x = m[0, 0] * column + m[0, 1] * row + (m[0, 2] - 0.5)
    y = m[1, 0] * column + m[1, 1] * row + (m[1, 2] - 0.5)
    return x, y


def _cell(position: Matrix, cells: int) -> npt.NDArray[np.intp]:
    """The place of a row or a column behind the border of one; what is further away lies in the border."""
    return (np.clip(position, -1, cells) + 1).astype(np.intp)


def _mixed(a: Pixels, b: Pixels, share: Pixels) -> Pixels:
    """a where share is 0, b where it is 1."""
    mixed = b - a
    mixed *= share
    mixed += a
    return mixed


# ---- its cases ---------------------------------------------------------------------------------------------------


def affine(
    image: npt.ArrayLike,
    angle: float = 0.0,
    translate: Sequence[float] = (0.0, 0.0),
    scale: float = 1.0,
    shear: Sequence[float] = (0.0, 0.0),
    interpolation: str = "bilinear",
    fill: float = 0.0,
) -> Pixels:
    """Scaled, sheared, turned (clockwise) about the center, and shifted: see `affine_matrix` and `warp`."""
    size = as_pixels(image).shape[-2:]
    return warp(image, inverse_matrix(affine_matrix(size, angle, translate, scale, shear)), interpolation, fill)


def rotate(image: npt.ArrayLike, angle: float, interpolation: str = "bilinear", fill: float = 0.0) -> Pixels:
    """Turned about the center by so many degrees, counter-clockwise as one sees it; the size stays, corners are lost.

    It is affine with -angle: there torchvision counts clockwise.
    """
    return affine(image, -real("angle", angle), interpolation=interpolation, fill=fill)


def translate(
    image: npt.ArrayLike, x: float = 0.0, y: float = 0.0, interpolation: str = "bilinear", fill: float = 0.0
) -> Pixels:
    """Shifted by x pixels to the right and y down; a fraction of a pixel mixes neighbors."""
    return affine(image, translate=(real("x", x), real("y", y)), interpolation=interpolation, fill=fill)


def zoom(image: npt.ArrayLike, factor: float, interpolation: str = "bilinear", fill: float = 0.0) -> Pixels:
    """Everything `factor` times as large in the same frame: above 1 the border is lost, below 1 it is filled."""
    return affine(image, scale=_scale("factor", factor), interpolation=interpolation, fill=fill)


def shear(
    image: npt.ArrayLike, x: float = 0.0, y: float = 0.0, interpolation: str = "bilinear", fill: float = 0.0
) -> Pixels:
    """A square becomes a parallelogram: degrees by which upright lines lean (x), and level ones (y)."""
    return affine(image, shear=(real("x", x), real("y", y)), interpolation=interpolation, fill=fill)


# ---- checks ------------------------------------------------------------------------------------------------------


def _scale(name: str, value: float) -> float:
    if not 0 < real(name, value) < np.inf:
        raise ValueError(f"{name} must be above 0, but is {value:g}: 2 makes things twice as large, 0.5 half as large")
    return float(value)


def _shear(degrees: float) -> float:
    if not -90 < degrees < 90:
        raise ValueError(f"shear must be between -90 and 90 degrees, but is {degrees:g}")
    return degrees


def _matrix(value: npt.ArrayLike) -> Matrix:
    matrix = np.asarray(value, dtype=np.float64)
    if matrix.shape != (2, 3):
        raise ValueError(f"matrix must be (2, 3), but has the shape {matrix.shape}")
    return matrix
