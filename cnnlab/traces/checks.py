"""What a trace asks of its arrays, beyond what the ops ask: a picture can only show finite numbers."""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops import _arguments as arguments

Array = NDArray[np.float64]
Sizes = TypeVar("Sizes", bound=tuple[int, ...])


def as_image(input: ArrayLike) -> Array:
    """``input`` as a finite (C, H, W) array; a gray image may come as (H, W)."""
    x = arguments.as_array("input", input)
    x = x[None] if x.ndim == 2 else x
    if x.ndim != 3 or x.size == 0:
        raise ValueError(
            f"input must be an image (height, width) or (channels, height, width), but its shape is {x.shape}"
        )
    return finite("input", x)


def as_filters(weight: ArrayLike) -> Array:
    """``weight`` as a finite (F, C / groups, kh, kw) array; a single kernel may come as (kh, kw)."""
    w = arguments.as_array("weight", weight)
    w = w[None, None] if w.ndim == 2 else w
    if w.ndim != 4 or w.size == 0:
        raise ValueError(
            f"weight must be a kernel (height, width) or (filters, channels, height, width), but its shape is {w.shape}"
        )
    return finite("weight", w)


def finite(name: str, values: NDArray[np.floating]) -> Array:
    """``values`` in float64, every one of them finite."""
    if not np.isfinite(values).all():
        bad = np.argwhere(~np.isfinite(values))[0]
        place = ", ".join(str(i) for i in bad)
        raise ValueError(f"{name}[{place}] is {values[tuple(bad)]}: every cell needs a finite number")
    return values.astype(np.float64)


def at_most(name: str, values: Sizes, largest: int = 512) -> Sizes:
    """Sizes that a picture can still show, and a memory still hold."""
    if max(values) > largest:
        raise ValueError(f"{name} must be at most {largest} here, but is {max(values)}")
    return values
