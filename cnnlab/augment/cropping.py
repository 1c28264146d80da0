"""A part of an image: cut out, cut out of a padded one, or brought to another size.

Names as in `torchvision.transforms.v2.functional`; `crop` does not pad where it would leave the image, `pad_crop` does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Matrix, Pixels, Size, as_image, as_pixels, size_of
from cnnlab.augment.geometry import INTERPOLATIONS
from cnnlab.ops._arguments import integer, one_of, times
from cnnlab.ops._numbers import real


def crop(image: npt.ArrayLike, top: int, left: int, height: int, width: int) -> Pixels:
    """The rectangle of height x width pixels whose upper left pixel is (top, left).

    Args:
        image: (C, H, W), or a mask (H, W).

    Raises:
        ValueError: a part of it lies outside of the image.
    """
    pixels = as_pixels(image)
    top, left, height, width = _inside(pixels.shape[-2:], top, left, height, width)
    return pixels[..., top : top + height, left : left + width].copy()


def pad(image: npt.ArrayLike, padding: int, fill: float = 0.0) -> Pixels:
    """`padding` pixels of `fill` on every side: (C, H + 2 padding, W + 2 padding)."""
    pixels, p = as_pixels(image), integer("padding", padding)
    edges = [(0, 0)] * (pixels.ndim - 2) + [(p, p), (p, p)]
    return np.pad(pixels, edges, constant_values=real("fill", fill))


def pad_crop(
    image: npt.ArrayLike, padding: int, top: int, left: int, height: int, width: int, fill: float = 0.0
) -> Pixels:
    """A crop of the padded image; top and left count from the corner of the padding.

    With the image's own size it is a shift by whole pixels: the usual augmentation of CIFAR-10 pads 4 and crops 32.
    """
    return crop(pad(image, padding, fill), top, left, height, width)


def resize(image: npt.ArrayLike, size: int | Size, interpolation: str = "bilinear") -> Pixels:
    """The whole image in another size. See `resized_crop`."""
    height, width = as_pixels(image).shape[-2:]
    return resized_crop(image, 0, 0, height, width, size, interpolation)


def resized_crop(
    image: npt.ArrayLike,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Size,
    interpolation: str = "bilinear",
) -> Pixels:
    """A crop, brought to `size`: every row of the output mixes a few rows of the crop, and so do the columns.

        output = rows * image * columns, with the matrices of `resize_weights`

    Args:
        image: (C, H, W) of floats; with "nearest" any numbers, and a mask may be (H, W).
        top, left, height, width: the crop.
        size: (height, width) of the output, or one number for both.
        interpolation: "bilinear" (a smaller output averages, as with antialias=True in torchvision) or "nearest".

    Raises:
        ValueError: a crop that is not inside, or an image of whole numbers that is to be mixed.
    """
    nearest = one_of("interpolation", interpolation, INTERPOLATIONS) == "nearest"
    pixels = as_pixels(image) if nearest else as_image(image)
    top, left, height, width = _inside(pixels.shape[-2:], top, left, height, width)
    out_height, out_width = size_of("size", size)
    part = pixels[..., top : top + height, left : left + width]
    if nearest:
        return part[..., _nearest(height, out_height)[:, None], _nearest(width, out_width)]
    rows = resize_weights(height, out_height).astype(pixels.dtype)
    columns = resize_weights(width, out_width).astype(pixels.dtype)
    mixed: Pixels = rows @ np.ascontiguousarray(part) @ columns.T
    return mixed


def resize_weights(cells: int, outputs: int) -> Matrix:
    """How much each of `cells` pixels counts in each of `outputs`: (outputs, cells), every row sums to 1.

    Output i has its center at (i + 0.5) * step of the input, with step = cells / outputs. A pixel whose center is at
    distance d from there counts max(0, 1 - d / max(step, 1)): a tent over two pixels when the image grows, and a
    wider one when it shrinks, so that no pixel is passed over.
    """
    step = cells / outputs
    center = (np.arange(outputs)[:, None] + 0.5) * step
    weights = np.maximum(0, 1 - np.abs(np.arange(cells) + 0.5 - center) / max(step, 1))
    normalized: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return normalized


def crop_matrix(top: int, left: int, height: int, width: int, size: Size) -> Matrix:
    """Where a point goes when the crop becomes an image of `size`: x' = (x - left) * new width / width."""
    down, across = size[0] / height, size[1] / width
    return np.array([[across, 0.0, -left * across], [0.0, down, -top * down]])


def _nearest(cells: int, outputs: int) -> npt.NDArray[np.intp]:
    """The pixel in which the center of each output lies."""
    return ((np.arange(outputs) + 0.5) * (cells / outputs)).astype(np.intp)


def _inside(size: Size, top: int, left: int, height: int, width: int) -> tuple[int, int, int, int]:
    top, left = integer("top", top), integer("left", left)
    height, width = integer("height", height, 1), integer("width", width, 1)
    for start, extent, cells, names in (
        (top, height, size[0], "top + height"),
        (left, width, size[1], "left + width"),
    ):
        if start + extent > cells:
            raise ValueError(
                f"{names} must be at most {cells}, but is {start} + {extent}: the image is {times(size)}; "
                "pad_crop pads it first"
            )
    return top, left, height, width
