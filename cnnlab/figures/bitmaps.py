"""Photos and feature maps as bytes of a file, small and fast; nothing is lost.

Maps are PNG: one byte a pixel and a palette of 256 colors, transparent at zero where the map is signed, so that it lies
on a light or a dark page alike. Color photos are lossless WebP, which takes half the time of PNG.
"""

import base64
import io
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnlab.figures.palette import LIGHT

Values = NDArray[np.float64]
Bytes = NDArray[np.uint8]


def gray_uri(values: Values | Bytes, high: float) -> str:
    """A (H, W) map as a data URI: 0 is black, ``high`` is white."""
    levels = _levels(values, high)
    return _uri(levels.tobytes(), levels.shape[1], signed=False)


def signed_uri(values: Values, high: float) -> str:
    """A (H, W) map as a data URI on the diverging scale: orange at ``-high``, clear at 0, blue at ``high``."""
    levels = np.clip(np.rint(values * (127.0 / high)) + 128, 1, 255).astype(np.uint8)
    return _uri(levels.tobytes(), levels.shape[1], signed=True)


def faded_uri(values: Values | Bytes, high: float, share: Values) -> str:
    """A (H, W) map in gray that is clear where its ``share`` is 0, and as it is where that is 1."""
    levels = np.stack([_levels(values, high), _levels(share, 1.0)], axis=-1)
    return _uri(levels.tobytes(), levels.shape[1], signed=False, mode="LA")


def even(values: Values) -> Values:
    """Squares with their signs, for `signed_uri`: its palette takes the root, so that the opacity is the value."""
    return values * np.abs(values)


def color_uri(values: Values | Bytes, high: float) -> str:
    """A (H, W, 3) picture of red, green and blue as a data URI; ``high`` is full brightness."""
    levels = _levels(values, high)
    return _uri(levels.tobytes(), levels.shape[1], signed=False, mode="RGB")


def _levels(values: Values | Bytes, high: float) -> Bytes:
    if values.dtype == np.uint8 and high == 255:
        return values.astype(np.uint8, copy=False)
    return np.clip(values * (255.0 / high), 0, 255).astype(np.uint8)


@lru_cache(maxsize=64)  # an input is drawn anew for each setting that changes, and mostly stays the same
def _uri(levels: bytes, width: int, signed: bool, mode: str = "L") -> str:
    picture = Image.frombytes(mode, (width, len(levels) // width // len(mode)), levels)
    options = {}
    if signed:
        colors, alphas = _signed_palette()
        picture.putpalette(colors)
        options["transparency"] = alphas
    with io.BytesIO() as buffer:
        if mode == "RGB":
            picture.save(buffer, "WEBP", lossless=True, quality=0, method=0)
        else:
            picture.save(buffer, "PNG", compress_level=1, **options)
        kind = "webp" if mode == "RGB" else "png"
        return f"data:image/{kind};base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


@cache
def _signed_palette() -> tuple[bytes, bytes]:
    """256 colors and their opacities; entry 128 is zero. The root lets weak answers of a photo be seen, too."""
    ramp = np.sqrt(np.abs(np.arange(256) - 128) / 128.0)
    colors = (LIGHT["negative"] if i < 128 else LIGHT["positive"] for i in range(256))
    return b"".join(bytes.fromhex(c[1:]) for c in colors), (ramp * 255).astype(np.uint8).tobytes()
