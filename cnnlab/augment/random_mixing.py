"""Mixup and cutmix of a batch: each image with a partner from the same batch, and their labels with them.

Sources: as in `mixing`. There one share is drawn for all of the batch; here, as the formulas of the papers read, one
for each image.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cnnlab.augment import mixing
from cnnlab.augment._arguments import Pixels
from cnnlab.augment.transform import Draws, Shape, as_batch, places
from cnnlab.ops._arguments import Array, generator, integer
from cnnlab.ops._numbers import real


@dataclass(frozen=True)
class Mixing:
    """What mixup and cutmix share: a partner and a share for each image.

    Args:
        alpha: the share of the image itself is drawn from Beta(alpha, alpha): small values leave almost all of one of
            the two, 1 makes every share equally likely, large ones mix half and half.
        num_classes: how long a label becomes.

    Raises:
        ValueError: alpha is not above 0, or there is no class.
    """

    alpha: float = 1.0
    num_classes: int = field(kw_only=True)

    def __post_init__(self) -> None:
        if not 0 < real("alpha", self.alpha) < np.inf:
            raise ValueError(f"alpha must be above 0, but is {self.alpha}: 0.2 mixes little, 1 any share")
        integer("num_classes", self.num_classes, 1)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        """ "partner", the other image of each, and "share", how much of each label stays."""
        raise NotImplementedError

    def apply(self, images: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        """Image i of the batch (N, C, H, W), mixed with its partner."""
        raise NotImplementedError

    def mix_labels(self, labels: npt.ArrayLike, draws: Draws) -> Array:
        """The mixed labels (N, num_classes) of the classes (N,)."""
        classes = np.asarray(labels)
        if classes.shape != draws["share"].shape:
            raise ValueError(
                f"labels must be one class for each of {len(draws['share'])} images, but is {classes.shape}"
            )
        pairs = zip(classes, classes[draws["partner"]], draws["share"], strict=True)
        return np.stack([mixing.mix_labels(a, b, float(share), self.num_classes) for a, b, share in pairs])

    def batch(self, images: npt.ArrayLike, labels: npt.ArrayLike, rng: np.random.Generator) -> tuple[Array, Array]:
        """The mixed images (N, C, H, W) and their labels (N, num_classes)."""
        pixels = as_batch(images)
        draws = self.draw(rng, len(pixels), pixels.shape[1:])
        return np.stack([self.apply(pixels, draws, i) for i in range(len(pixels))]), self.mix_labels(labels, draws)

    def _pairs(self, rng: np.random.Generator, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        number = integer("count", count, 1)
        return generator(rng).permutation(number), rng.beta(self.alpha, self.alpha, number)


@dataclass(frozen=True)
class MixUp(Mixing):
    """Each image and its partner on one film: share * image + (1 - share) * partner. See `mixup`.

    The paper finds alpha from 0.1 to 0.4 best for ImageNet, and takes 1 for CIFAR-10.
    """

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        partner, share = self._pairs(rng, count)
        return {"partner": partner, "share": share}

    def apply(self, images: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        pixels = np.asarray(images)
        return mixing.mixup(pixels[i], pixels[draws["partner"][i]], float(draws["share"][i]))


@dataclass(frozen=True)
class CutMix(Mixing):
    """Each image with a rectangle of its partner, around a random pixel. See `cutmix`.

    With lam from Beta(alpha, alpha) the sides are sqrt(1 - lam) of the image's, so that the area is 1 - lam of it,
    rounded down to whole pixels. The share of the label is counted afterwards, from what was really replaced.
    """

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        partner, lam = self._pairs(rng, count)
        rows, columns = shape[-2:]
        side = np.sqrt(1 - lam)
        height, width = (side * rows).astype(np.int64), (side * columns).astype(np.int64)
        top = places(rng, count, rows - 1) - height // 2
        left = places(rng, count, columns - 1) - width // 2
        sides = zip(top, left, height, width, strict=True)
        share = np.array([mixing.cutmix_share((rows, columns), *rectangle) for rectangle in sides])
        return {"partner": partner, "top": top, "left": left, "height": height, "width": width, "share": share}

    def apply(self, images: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        pixels = np.asarray(images)
        rectangle = (int(draws[name][i]) for name in ("top", "left", "height", "width"))
        return mixing.cutmix(pixels[i], pixels[draws["partner"][i]], *rectangle)
