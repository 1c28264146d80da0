"""Random rectangles that are taken away. Masks and boxes stay: the object is still there, only hidden.

Sources: as in `erasing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Pixels, range_of
from cnnlab.augment.erasing import erase
from cnnlab.augment.random_geometry import above_zero
from cnnlab.augment.transform import Draws, Shape, Transform, coins, places, rectangles
from cnnlab.ops._arguments import integer
from cnnlab.ops._numbers import real


class Erasing(Transform[Draws]):
    """A rectangle that becomes `value`: "top", "left", "height" and "width" are drawn; a height of 0 erases nothing."""

    value: float

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        top, left, height, width = (int(draws[name][i]) for name in ("top", "left", "height", "width"))
        return erase(image, top, left, height, width, self.value)


@dataclass(frozen=True)
class RandomErasing(Erasing):
    """With probability p, a rectangle inside of the image becomes `value`.

    Args:
        p: the probability.
        scale: the range of its area as a share of the image.
        ratio: the range of its height / width. Where ten tries do not fit, nothing is erased.
        value: what comes there.

    Raises:
        ValueError: a range that is none.

    Source: Zhong et al. (2017), algorithm 1; the ratio is drawn as in torchvision, uniformly in its logarithm.
    """

    p: float = 0.5
    scale: Sequence[float] = (0.02, 0.33)
    ratio: Sequence[float] = (0.3, 3.3)
    value: float = 0.0

    def __post_init__(self) -> None:
        real("p", self.p, 0, 1)
        range_of("scale", self.scale, 0, 1)
        above_zero("ratio", self.ratio)
        real("value", self.value)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        rows, columns = shape[-2:]
        low, high = above_zero("ratio", self.ratio)
        scale = range_of("scale", self.scale, 0, 1)
        # Its ratio is height / width, that of the crops is width / height: one is the other, turned over.
        height, width = rectangles(rng, count, (rows, columns), scale, (1 / high, 1 / low))
        top, left = places(rng, count, rows - height), places(rng, count, columns - width)
        erased = coins(rng, count, self.p)
        return {"top": top, "left": left, "height": height * erased, "width": width * erased}


@dataclass(frozen=True)
class Cutout(Erasing):
    """A square around a random pixel becomes `value`; at the border a part of it lies outside. (Not in torchvision.)

    Args:
        size: its side in pixels; the paper takes 16 of 32 for CIFAR-10, and 8 for CIFAR-100.
        value: what comes there. The paper's 0 is the mean, for its images are normalized; 0.5 is the middle of ours.

    Raises:
        ValueError: a negative size.

    Source: DeVries and Taylor (2017), sections 3 and 4.1.
    """

    size: int
    value: float = 0.0

    def __post_init__(self) -> None:
        integer("size", self.size)
        real("value", self.value)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        side = np.full(count, self.size)
        return {
            "top": places(rng, count, shape[-2] - 1) - self.size // 2,
            "left": places(rng, count, shape[-1] - 1) - self.size // 2,
            "height": side,
            "width": side,
        }
