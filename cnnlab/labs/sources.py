"""What the settings of a lab may be that hold arrays: a name, numbers as text, a photo, or an array."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.data import EXAMPLES, example, photo, photos, read_photo
from cnnlab.kernels import FILTERS, KERNELS, Kernel, box_kernel, filter_bank, gaussian_kernel, kernel
from cnnlab.kernels.named import named
from cnnlab.labs.numbers import parse_grid
from cnnlab.traces.channels import channels

COLOR = ", color"
"""Behind the name of a photo: its three channels, and not its brightness."""
PHOTO_SIZE = 256
RGB = ("R", "G", "B")
_PHOTO_FILE = re.compile(r"\.(jpe?g|png|gif|webp|bmp|tiff?)$", re.IGNORECASE)


def read_input(
    value: Any, uploads: Mapping[str, bytes], others: Sequence[str] = ()
) -> tuple[ArrayLike, tuple[str, ...]]:
    """The image that ``value`` stands for, and what its channels are called where they have names.

    ``value`` is the name of an example, the name of an uploaded photo, the path of a photo (with ", color" behind it
    for three channels), a grid of numbers as text, or an array. Raises ValueError where it is none of these;
    ``others`` are names that the lab knows beside them.
    """
    if isinstance(value, Path):
        value = str(value)
    if not isinstance(value, str):
        return value, ()
    if value in EXAMPLES:
        image = example(value)
        return image, RGB if len(image) == 3 else ()
    name = value.removesuffix(COLOR)
    if name in uploads or _PHOTO_FILE.search(name):
        color = name != value
        photo = read_photo_once(uploads.get(name) or Path(name), name, color)
        return photo, RGB if color else ()
    if _looks_like_numbers(value):
        return parse_grid(value, "input"), ()
    names = ", ".join([*others, *(name for name in EXAMPLES if not name.startswith("photo"))])
    raise ValueError(f"input {value!r} is not known: give one of {names}, a photo, or rows of numbers")


def read_photo_once(source: Path | bytes, name: str, color: bool, size: int = PHOTO_SIZE) -> NDArray[np.uint8]:
    """A photo as (3, size, size), or (1, size, size) in gray; a file that has not changed is decoded once."""
    changed = source.stat().st_mtime_ns if isinstance(source, Path) and source.is_file() else 0
    return _decoded(source, name, color, size, changed)


@lru_cache(maxsize=8)
def _decoded(source: Path | bytes, name: str, color: bool, size: int, changed: int) -> NDArray[np.uint8]:
    photo = read_photo(source, size, gray=not color, name=name)
    return photo.transpose(2, 0, 1) if color else photo[None]


def read_gray_photo(value: Any, uploads: Mapping[str, bytes]) -> ArrayLike:
    """The photo that ``value`` stands for, in gray, (H, W).

    ``value`` is the name of a bundled photo, of an uploaded one, the path of a photo, rows of numbers as text, or an
    array, (H, W) or in color (H, W, 3). Raises ValueError where it is none of these.
    """
    if not isinstance(value, str | Path):
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise ValueError(f"photo must be one of {', '.join(photos())}, the path of a photo, or numbers 0 to 255")
        return cast(ArrayLike, channels(array).gray if array.ndim == 3 else array)
    name = str(value)
    if not _is_photo(name, uploads) and _looks_like_numbers(name):
        return parse_grid(name, "photo")
    return read_named_photo(name, uploads)


def read_named_photo(name: str, uploads: Mapping[str, bytes], size: int = PHOTO_SIZE) -> NDArray[np.uint8]:
    """A bundled photo, an uploaded one, or that of a path, in gray, (size, size). Raises ValueError for other names."""
    if name in photos():
        return _bundled_gray(name, size)
    if _is_photo(name, uploads):
        gray: NDArray[np.uint8] = read_photo_once(uploads.get(name) or Path(name), name, color=False, size=size)[0]
        return gray
    raise ValueError(f"photo {name!r} is not known: give one of {', '.join(photos())}, or the path of a photo")


def _is_photo(name: str, uploads: Mapping[str, bytes]) -> bool:
    return name in photos() or name in uploads or bool(_PHOTO_FILE.search(name))


@lru_cache(maxsize=16)
def _bundled_gray(name: str, size: int) -> NDArray[np.uint8]:
    return photo(name, size, gray=True)


@lru_cache(maxsize=16)
def photo_floats(name: str, size: int) -> NDArray[np.float32]:
    """A bundled photo as (3, size, size) from 0 to 1, read-only."""
    image = np.ascontiguousarray(photo(name, size).transpose(2, 0, 1) / 255, np.float32)
    image.setflags(write=False)
    return image


ANY_BOX, ANY_GAUSSIAN = "box, any size", "gaussian, any size"
"""Kernels that are made for a size."""


def read_kernel(name: str, value: Any, size: int, sigma: float) -> Kernel:
    """The kernel that the setting ``name`` stands for.

    ``value`` is the name of a kernel, one of the two that are made for ``size`` (and ``sigma``), rows of numbers as
    text, or an array. Raises ValueError where it is none of these.
    """
    if isinstance(value, str):
        if value in (ANY_BOX, ANY_GAUSSIAN):
            return box_kernel(size) if value == ANY_BOX else gaussian_kernel(size, sigma)
        if value in KERNELS:
            return KERNELS[value]
        if not _looks_like_numbers(value):
            raise ValueError(f"{name} {value!r} is not known: give one of {', '.join(KERNELS)}, or rows of numbers")
        value = parse_grid(value, name)
    weight = np.asarray(value)
    if weight.ndim != 2 or weight.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be rows of numbers, such as 1 0 -1; 1 0 -1, but its shape is {weight.shape}")
    return named("your kernel", weight, "Your own weights.", "typed by hand")


def read_weight(value: Any, in_channels: int, groups: int) -> ArrayLike:
    """The filters that ``value`` stands for, as ``conv2d`` takes them.

    ``value`` is the name of a kernel or of a filter bank (its slices repeated over the channels, its filters over the
    groups), a grid of numbers as text, or an array. Raises ValueError where it is none of these.
    """
    if not isinstance(value, str):
        return cast(ArrayLike, value)
    if value not in FILTERS and value not in KERNELS:
        if _looks_like_numbers(value):
            return parse_grid(value, "weight")
        raise ValueError(
            f"weight {value!r} is not known: give one of {', '.join([*KERNELS, *FILTERS])}, or rows of numbers"
        )
    if groups < 1 or in_channels % groups:
        raise ValueError(f"groups must divide the number of channels, but {in_channels} channels do not make {groups}")
    per_group = in_channels // groups
    filters = filter_bank(value, per_group) if value in FILTERS else np.tile(kernel(value).weight, (1, per_group, 1, 1))
    # Every group needs filters of its own: a bank that does not divide is repeated for each group.
    return filters if len(filters) % groups == 0 else np.tile(filters, (groups, 1, 1, 1))


def _looks_like_numbers(text: str) -> bool:
    return not text.strip() or any(sign.isdigit() for sign in text)
