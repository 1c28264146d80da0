"""The colors of an image: brightness, contrast, saturation, hue, gray, channels in another order.

An image is (3, H, W), red, green, blue, with floats from 0 to 1, or (1, H, W) if it is gray. What would leave 0 to 1
is cut off there. Brightness, contrast and saturation are one idea: a line through the image and a plainer one, on which
0 is the plain image, 1 the image itself, and above 1 it is exaggerated (Haeberli and Voorhies, Image processing by
interpolation and extrapolation, 1994).

    output = factor * image + (1 - factor) * plain        plain: black, the mean gray, the gray image

Names as in `torchvision.transforms.v2.functional`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import as_colors, as_image
from cnnlab.ops._arguments import Array, integers
from cnnlab.ops._numbers import real

# How bright red, green and blue look (ITU-R Recommendation BT.601). torchvision takes 0.2989 for red, which makes the
# sum 0.9999: with 0.299 it is 1, so that gray stays exactly as it is.
LUMA = (0.299, 0.587, 0.114)


def adjust_brightness(image: npt.ArrayLike, factor: float) -> Array:
    """factor * image: 0 is black, 1 the image, 2 twice as bright.

    Raises:
        ValueError: factor is negative, or the image does not lie between 0 and 1.
    """
    return _blend(as_colors(image), 0.0, factor)


def adjust_contrast(image: npt.ArrayLike, factor: float) -> Array:
    """Away from the mean: factor * image + (1 - factor) * mean, the mean of the gray image.

    0 is one gray all over, 1 the image.

    Raises:
        ValueError: factor is negative, or the image does not lie between 0 and 1.
    """
    colors = as_colors(image)
    return _blend(colors, float(_gray(colors).mean()), factor)


def adjust_saturation(image: npt.ArrayLike, factor: float) -> Array:
    """Away from gray: factor * image + (1 - factor) * gray. 0 is the gray image, 1 the image, 2 glaring.

    Raises:
        ValueError: factor is negative, or the image does not lie between 0 and 1.
    """
    colors = as_colors(image)
    return _blend(colors, _gray(colors), factor)


def adjust_hue(image: npt.ArrayLike, factor: float) -> Array:
    """Every color goes around the color wheel by `factor` of a full turn; brightness (max) and grayness stay.

    The hue h is counted in sixths of the wheel, and with max and min of the three channels and chroma = max - min:

        h = (green - blue) / chroma,  2 + (blue - red) / chroma  or  4 + (red - green) / chroma,
            where red, green or blue is the max
        channel = max - chroma * clip(min(k, 4 - k), 0, 1),  k = (n + h + 6 * factor) mod 6,  n = 5, 3, 1

    Args:
        image: (3, H, W); gray has no hue and stays.
        factor: from -0.5 to 0.5, which is the same half turn: red becomes cyan. 1/3 makes red green.

    Raises:
        ValueError: factor is not between -0.5 and 0.5, or the image does not lie between 0 and 1.

    Source: A. R. Smith, Color gamut transform pairs (1978).
    """
    colors, turn = as_colors(image), 6 * real("factor", factor, -0.5, 0.5)
    if len(colors) == 1 or turn == 0:
        return colors.copy()
    red, green, blue = colors
    high = colors.max(axis=0)
    chroma = high - colors.min(axis=0)
    safe = np.where(chroma == 0, 1, chroma)
    sixths = np.where(
        high == red,
        (green - blue) / safe,
        np.where(high == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    k = (np.array([5, 3, 1], colors.dtype).reshape(3, 1, 1) + (sixths + turn)) % 6
    return np.asarray(high - chroma * np.clip(np.minimum(k, 4 - k), 0, 1))


def rgb_to_grayscale(image: npt.ArrayLike) -> Array:
    """0.299 red + 0.587 green + 0.114 blue, in as many equal channels as the image has.

    Green looks brightest to us, and blue darkest. (torchvision gives one channel unless it is asked for three.)

    Raises:
        ValueError: the image does not lie between 0 and 1.
    """
    colors = as_colors(image)
    return np.repeat(_gray(colors), len(colors), axis=0)


def permute_channels(image: npt.ArrayLike, order: Sequence[int]) -> Array:
    """Channel i of the output is channel order[i] of the image: (2, 1, 0) makes red blue.

    Raises:
        ValueError: order does not name each channel once.
    """
    channels = as_image(image)
    count = len(channels)
    places = integers("order", order, count)
    if channels.ndim != 3 or sorted(places) != list(range(count)):
        raise ValueError(f"order must name each of the channels 0 to {count - 1} once, but is {tuple(order)}")
    return channels[list(places)]


def _gray(colors: Array) -> Array:
    """(1, H, W)"""
    if len(colors) == 1:
        return colors
    red, green, blue = colors
    return np.asarray(LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue)[None]


def _blend(colors: Array, plain: Array | float, factor: float) -> Array:
    share = real("factor", factor, 0)
    return np.clip(share * colors + (1 - share) * plain, 0, 1)
