"""What every transform does first: look at its image and its numbers, or say plainly what is wrong with them."""

from __future__ import annotations  # so that help() says Array, not its long definition

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, integer, is_sequence, is_torch_tensor
from cnnlab.ops._numbers import real

Pixels = npt.NDArray[Any]  # an image, or a mask, whose numbers may be whole or True and False
Matrix = npt.NDArray[np.float64]
Size = tuple[int, int]  # height, width
Box = tuple[float, float, float, float]  # x1, y1, x2, y2

SLACK = 1e-3  # a warp may round past 0 and 1


def as_pixels(value: npt.ArrayLike, name: str = "image") -> Pixels:
    """`value` as an array (C, H, W), or (H, W): an image or a mask, of any type of number.

    Raises:
        ValueError: a torch tensor, not two or three axes, no pixels, colors in the last axis, or no numbers.
    """
    if is_torch_tensor(value):
        raise ValueError(f"{name} must be a NumPy array, but is a torch tensor: cnnlab.training.augment takes those")
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold real numbers, but is of dtype {array.dtype}")
    if array.ndim not in (2, 3):
        remedy = ": a batch goes through a transform's batch()" if array.ndim == 4 else ""
        raise ValueError(f"{name} must be (C, H, W), but has the shape {array.shape}{remedy}")
    if array.size == 0:
        raise ValueError(f"{name} must have at least one pixel, but has the shape {array.shape}")
    if array.ndim == 3 and array.shape[2] == 3 and array.shape[0] > 4:
        raise ValueError(
            f"{name} must be (C, H, W), but {array.shape} has its colors last: turn it with {name}.transpose(2, 0, 1)"
        )
    return array


def as_image(value: npt.ArrayLike, name: str = "image") -> Array:
    """`value` as an image (C, H, W) of float32 or float64.

    Raises:
        ValueError: as in `as_pixels`, or whole numbers, which cannot be mixed.
    """
    array = as_pixels(value, name)
    if array.dtype.kind != "f":
        remedy = f"make it floats from 0 to 1, {name} / 255" if array.dtype == np.uint8 else "make it floats"
        remedy += "; a mask moves with interpolation='nearest'"
        raise ValueError(f"{name} must hold floats, but is of dtype {array.dtype}: {remedy}")
    return array.astype(np.float32) if array.dtype == np.float16 else array


def as_colors(value: npt.ArrayLike, name: str = "image") -> Array:
    """`value` as an image (3, H, W), or (1, H, W) for a gray one, of floats from 0 to 1.

    Raises:
        ValueError: as in `as_image`, other channels, or numbers below 0 or above 1.
    """
    image = as_image(value, name)
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(f"{name} must be (3, H, W), or (1, H, W) if it is gray, but has the shape {image.shape}")
    low, high = float(image.min()), float(image.max())
    if not (low >= -SLACK and high <= 1 + SLACK):
        shown = low if not low >= -SLACK else high
        raise ValueError(
            f"{name} must hold numbers from 0 to 1, but holds {shown:.3g}: change colors before you normalize, "
            "or divide bytes by 255"
        )
    return image


def pair_of(name: str, value: object, wanted: str) -> tuple[float, float]:
    """Two real numbers.

    Raises:
        ValueError: names the argument and its value.
    """
    if not is_sequence(value) or len(value) != 2:
        raise ValueError(f"{name} must be two numbers, {wanted}, but is {value!r}")
    return real(f"{name}[0]", value[0]), real(f"{name}[1]", value[1])


def amount(name: str, value: object, maximum: float = np.inf) -> float:
    """A finite number from 0 to `maximum`.

    Raises:
        ValueError: names the argument and its value.
    """
    number = real(name, value, 0, maximum)  # type: ignore[arg-type]
    if number == np.inf:
        raise ValueError(f"{name} must be finite, but is inf")
    return number


def range_of(name: str, value: object, minimum: float, maximum: float = np.inf) -> tuple[float, float]:
    """Two finite numbers from `minimum` to `maximum`, the smaller one first.

    Raises:
        ValueError: names the argument and its value.
    """
    low, high = pair_of(name, value, "the smallest and the largest")
    if np.inf in (abs(low), abs(high)):
        raise ValueError(f"{name} must be two finite numbers, but is ({low:g}, {high:g})")
    if not minimum <= low <= high <= maximum:
        within = f"between {minimum:g} and {maximum:g}" if maximum < np.inf else f"from {minimum:g}"
        raise ValueError(f"{name} must be two numbers {within}, the smaller one first, but is ({low:g}, {high:g})")
    return low, high


def size_of(name: str, value: object) -> Size:
    """(height, width) from one number or two, each at least 1.

    Raises:
        ValueError: names the argument and its value.
    """
    if not is_sequence(value):
        side = integer(name, value, 1)  # type: ignore[arg-type]
        return side, side
    if len(value) != 2:
        raise ValueError(f"{name} must be one whole number, or (height, width), but is {value!r}")
    return integer(f"{name}[0]", value[0], 1), integer(f"{name}[1]", value[1], 1)


def same_shape(a: Array, b: Array) -> None:
    """Refuses two images that do not lie on each other.

    Raises:
        ValueError: their shapes or dtypes differ.
    """
    if a.shape != b.shape:
        raise ValueError(f"a and b must have the same shape, but a has {a.shape} and b has {b.shape}")
    if a.dtype != b.dtype:
        raise ValueError(f"a is {a.dtype} but b is {b.dtype}: convert them to the same dtype")
