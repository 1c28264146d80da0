"""Random colors: they say what an object is less often than its shape does. Masks and boxes stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnlab.augment import color
from cnnlab.augment._arguments import Pixels, amount, range_of
from cnnlab.augment.transform import Draws, Shape, Transform, coins, uniform
from cnnlab.ops._arguments import generator, integer, is_sequence
from cnnlab.ops._numbers import real

Range = float | Sequence[float] | None


@dataclass(frozen=True)
class ColorJitter(Transform[Draws]):
    """Brightness, contrast, saturation and hue, each changed by a random factor, in an order that is drawn too.

    Args:
        brightness, contrast, saturation: the range of the factor, or b for (max(0, 1 - b), 1 + b). None leaves it out.
        hue: the range, or h for (-h, h), h at most 0.5.

    Raises:
        ValueError: a range that is none.
    """

    brightness: Range = None
    contrast: Range = None
    saturation: Range = None
    hue: Range = None

    NAMES = ("brightness", "contrast", "saturation", "hue")  # by their numbers in "order"
    ADJUST = (color.adjust_brightness, color.adjust_contrast, color.adjust_saturation, color.adjust_hue)

    def __post_init__(self) -> None:
        for name in self.NAMES:
            self.limits(name)

    def limits(self, name: str) -> tuple[float, float]:
        """Between which two factors `name` is drawn."""
        value, middle = getattr(self, name), 0.0 if name == "hue" else 1.0
        if value is None:
            return middle, middle
        if is_sequence(value):
            return range_of(name, value, -0.5, 0.5) if name == "hue" else range_of(name, value, 0)
        spread = amount(name, value, 0.5 if name == "hue" else np.inf)
        return (-spread, spread) if name == "hue" else (max(0.0, 1 - spread), 1 + spread)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        order = generator(rng).random((integer("count", count), 4)).argsort(axis=1)
        return {"order": order} | {name: uniform(rng, count, self.limits(name)) for name in self.NAMES}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        changed: Pixels = np.array(image)
        for step in draws["order"][i]:
            name = self.NAMES[step]
            if getattr(self, name) is not None:
                changed = self.ADJUST[step](changed, float(draws[name][i]))
        return changed


@dataclass(frozen=True)
class RandomGrayscale(Transform[Draws]):
    """Gray with probability p, in three equal channels.

    Raises:
        ValueError: p is not between 0 and 1.
    """

    p: float = 0.1

    def __post_init__(self) -> None:
        real("p", self.p, 0, 1)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        return {"gray": coins(rng, count, self.p)}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return color.rgb_to_grayscale(image) if draws["gray"][i] else np.array(image)


@dataclass(frozen=True)
class RandomChannelPermutation(Transform[Draws]):
    """The channels in a random order; of the six orders of red, green and blue each is equally likely."""

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        return {"order": generator(rng).random((integer("count", count), shape[0])).argsort(axis=1)}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return color.permute_channels(image, draws["order"][i])
