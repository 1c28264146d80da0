"""A color photo as numbers: its channels, how they are put together again, and every number of one pixel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.traces.text import MINUS, equals, number, precise

NAMES = ("R", "G", "B")
GRAY_MIXES: dict[str, tuple[float, float, float]] = {
    "eye": (0.299, 0.587, 0.114),  # ITU-R BT.601: green looks brightest, blue darkest
    "mean": (1 / 3, 1 / 3, 1 / 3),
    "red only": (1.0, 0.0, 0.0),
    "green only": (0.0, 1.0, 0.0),
    "blue only": (0.0, 0.0, 1.0),
}
LARGEST = 255


@dataclass(frozen=True)
class Pixel:
    """The numbers of one pixel: what the photo holds, what it is changed to, and its gray value."""

    row: int
    col: int
    values: tuple[int, int, int]
    gains: tuple[float, float, float]
    brightness: float
    exact: tuple[float, float, float]
    stored: tuple[int, int, int]
    weights: tuple[float, float, float]
    gray: float

    def channel(self, index: int) -> str:
        """How a channel's number is changed: ``R: 1·250 + 60 = 310 → 255``."""
        gain, value, exact = self.gains[index], self.values[index], self.exact[index]
        product = str(value) if gain == 1 else f"{number(gain)}·{value}"
        added = f" {MINUS if self.brightness < 0 else '+'} {number(abs(self.brightness))}" if self.brightness else ""
        if not added and gain == 1:
            return f"{NAMES[index]}: {value}"
        stored = "" if exact == self.stored[index] else f" → {self.stored[index]}"
        return f"{NAMES[index]}: {product}{added} = {precise(exact)}{stored}"

    def gray_formula(self) -> str:
        """The gray value as the weighted sum that it is."""
        if self.weights == GRAY_MIXES["mean"]:
            whole = round(self.gray, 2)
            return f"gray = ({' + '.join(map(str, self.stored))}) / 3 {equals(self.gray, whole)} {precise(whole)}"
        kept = [(w, v) for w, v in zip(self.weights, self.stored, strict=True) if w]
        if not kept:
            return "gray = 0"
        terms = " + ".join(f"{number(w)}·{v}" for w, v in kept)
        return f"gray = {terms} {equals(self.gray, *self.weights)} {precise(self.gray)}"

    def says(self) -> str:
        """What there is to notice about this pixel."""
        for name, exact in zip(NAMES, self.exact, strict=True):
            whole = round(exact)
            if not 0 <= whole <= LARGEST:
                limit = LARGEST if whole > LARGEST else 0
                return (
                    f"{name} would be {precise(exact)}, but a pixel holds 0 to 255: it stays at {limit}. In 8 bits, "
                    f"with nothing to stop it, it would have become {whole % (LARGEST + 1)}."
                )
        r, g, b = self.stored
        if r == g == b:
            return "Red, green and blue are equal here: the pixel is gray, from 0 (black) to 255 (white)."
        order = sorted(zip(self.stored, ("red", "green", "blue"), strict=True), reverse=True)
        if order[0][0] == order[1][0]:
            return f"{order[0][1].capitalize()} and {order[1][1]} are equal and strongest, {order[2][1]} is weakest."
        return f"The pixel is strongest in {order[0][1]}, {order[0][0]} of 255, and weakest in {order[2][1]}."


@dataclass(frozen=True, eq=False)
class Channels:
    """A photo, uint8 (H, W, 3), with its channels changed by ``gains`` and ``brightness``.

    ``exact`` is gain * photo + brightness, ``stored`` the same rounded and cut to 0 ... 255, as uint8 holds it.
    """

    photo: NDArray[np.uint8]
    gains: tuple[float, float, float]
    brightness: float
    weights: tuple[float, float, float]

    @cached_property
    def exact(self) -> NDArray[np.float32]:
        gains = np.array(self.gains, np.float32)
        return np.asarray(self.photo * gains + np.float32(self.brightness), np.float32)

    @cached_property
    def stored(self) -> NDArray[np.uint8]:
        if self.gains == (1, 1, 1) and not self.brightness:
            return self.photo
        return np.clip(np.rint(self.exact), 0, LARGEST).astype(np.uint8)

    @cached_property
    def gray(self) -> NDArray[np.float32]:
        """Each pixel's weighted sum of red, green and blue, (H, W)."""
        return np.asarray(self.stored @ np.array(self.weights, np.float32))

    def at(self, row: int, col: int) -> Pixel:
        """The pixel in a row and a column."""
        values, stored = self.photo[row, col], self.stored[row, col]
        exact = tuple(g * float(v) + self.brightness for g, v in zip(self.gains, values, strict=True))
        gray = sum(w * float(v) for w, v in zip(self.weights, stored, strict=True))
        return Pixel(row, col, _three(values), self.gains, self.brightness, exact, _three(stored), self.weights, gray)  # type: ignore[arg-type]


def channels(
    photo: ArrayLike,
    gains: Sequence[float] = (1, 1, 1),
    brightness: float = 0,
    gray: str | Sequence[float] = "eye",
) -> Channels:
    """A photo with its channels changed.

    Args:
        photo: (H, W, 3), whole numbers from 0 to 255.
        gains: how much of red, green and blue is used, 0 or more.
        brightness: added to every number.
        gray: the name of a mix (``GRAY_MIXES``), or the three weights.

    Raises:
        ValueError: a photo of another shape or range, a negative gain, an unknown mix.
    """
    pixels = np.asarray(photo)
    if pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"photo must have the axes (H, W, 3), but its shape is {pixels.shape}")
    if pixels.dtype.kind not in "biuf" or not (np.isfinite(pixels) & (pixels >= 0) & (pixels <= LARGEST)).all():
        raise ValueError("photo must hold numbers from 0 to 255")
    if any(gain < 0 for gain in gains):
        raise ValueError(f"red, green and blue must be 0 or more, but are {', '.join(number(g) for g in gains)}")
    weights = gray_weights(gray)
    red, green, blue = map(float, gains)
    return Channels(pixels.astype(np.uint8), (red, green, blue), float(brightness), weights)


def gray_weights(gray: str | Sequence[float]) -> tuple[float, float, float]:
    """The weights of red, green and blue that a mix stands for; ValueError where it stands for none."""
    if isinstance(gray, str):
        if gray in GRAY_MIXES:
            return GRAY_MIXES[gray]
        try:
            gray = [float(word.replace(MINUS, "-")) for word in gray.replace(",", " ").split()]
        except ValueError:
            gray = []
    try:
        weights = [float(w) for w in gray]
    except (TypeError, ValueError):
        weights = []
    if len(weights) != 3 or not np.isfinite(weights).all():
        raise ValueError(f"gray must be one of {', '.join(GRAY_MIXES)}, or three numbers such as 0.3 0.6 0.1")
    return weights[0], weights[1], weights[2]


def _three(values: NDArray[np.uint8]) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in values)
    return red, green, blue
