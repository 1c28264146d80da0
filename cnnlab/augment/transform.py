"""A transform with dice: it draws its numbers, and then applies them. The two are apart, so that a draw can be looked
at, applied to the mask of the image too, or given to PyTorch.

    flip = RandomHorizontalFlip(p=0.5)
    draws = flip.draw(np.random.default_rng(0), count=16, shape=(3, 32, 32))     # {"flip": 16 times True or False}
    flip.apply(image, draws, 3)                                                  # the image with the draw of number 3
    flip(image, rng=rng)                                                         # both at once, for one image
    flip.batch(images, rng=rng)                                                  # and for each of (N, C, H, W)

How much a transform takes from the generator depends only on how many images there are, not on its settings: turn one
of them up, and the others in a pipeline still do what they did.

Classes and arguments are named as in `torchvision.transforms.v2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Box, Matrix, Pixels, Size, as_image, as_pixels
from cnnlab.augment.boxes import as_box, box_after
from cnnlab.ops._arguments import Array, generator, integer

Draws = dict[str, npt.NDArray[Any]]  # what was drawn, by its name: each array has one entry for each image
Shape = tuple[int, ...]  # (C, H, W)
Drawn = TypeVar("Drawn")


class Transform(Generic[Drawn]):
    """What every random transform can do. One that only changes colors lets masks and boxes be."""

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Drawn:
        """The numbers for `count` images of this shape (C, H, W)."""
        raise NotImplementedError

    def apply(self, image: npt.ArrayLike, draws: Drawn, i: int = 0) -> Pixels:
        """The image (C, H, W), changed as was drawn for number i."""
        raise NotImplementedError

    def apply_mask(self, mask: npt.ArrayLike, draws: Drawn, i: int = 0) -> Pixels:
        """The mask (H, W) of the image, moved as was drawn for number i; no class is ever mixed, 0 comes in."""
        return as_pixels(mask, "mask").copy()

    def apply_box(self, box: Sequence[float], draws: Drawn, size: Size, i: int = 0) -> Box | None:
        """A box in an image of `size`, moved as was drawn for number i; None if it has left the image."""
        return as_box(box)

    def size_after(self, size: Size) -> Size:
        """(height, width) of what comes out."""
        return size

    def __call__(self, image: npt.ArrayLike, *, rng: np.random.Generator) -> Pixels:
        """Draws for one image, and applies it."""
        pixels = as_image(image)
        return self.apply(pixels, self.draw(rng, 1, pixels.shape), 0)

    def batch(self, images: npt.ArrayLike, rng: np.random.Generator) -> Array:
        """Each of the images (N, C, H, W) with a draw of its own."""
        pixels = as_batch(images)
        draws = self.draw(rng, len(pixels), pixels.shape[1:])
        return np.stack([self.apply(image, draws, i) for i, image in enumerate(pixels)])


class Geometric(Transform[Draws]):
    """A transform that moves pixels: the mask and the boxes move with them."""

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        """(2, 3): where a point of an image of `size` goes."""
        raise NotImplementedError

    def apply_box(self, box: Sequence[float], draws: Draws, size: Size, i: int = 0) -> Box | None:
        return box_after(self.matrix(draws, size, i), box, self.size_after(size))


@dataclass(frozen=True)
class Compose(Transform[tuple[Any, ...]]):
    """Transforms one after the other. What it draws is a tuple: the draws of each.

    Raises:
        ValueError: something in it is no transform; mixup and cutmix need the whole batch and its labels.
    """

    transforms: Sequence[Transform[Any]]

    def __post_init__(self) -> None:
        if not isinstance(self.transforms, Iterable):
            raise ValueError(f"transforms must be a list of transforms, but is {self.transforms!r}: put it in brackets")
        object.__setattr__(self, "transforms", tuple(self.transforms))
        for i, transform in enumerate(self.transforms):
            if not isinstance(transform, Transform):
                raise ValueError(
                    f"transforms must hold transforms of one image, such as RandomHorizontalFlip(), "
                    f"but transforms[{i}] is {transform!r}"
                )

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> tuple[Any, ...]:
        draws = []
        for transform in self.transforms:
            draws.append(transform.draw(rng, count, shape))
            shape = (*shape[:-2], *transform.size_after((shape[-2], shape[-1])))
        return tuple(draws)

    def apply(self, image: npt.ArrayLike, draws: tuple[Any, ...], i: int = 0) -> Pixels:
        pixels: Pixels = as_image(image).copy()
        for transform, drawn in zip(self.transforms, draws, strict=True):
            pixels = transform.apply(pixels, drawn, i)
        return pixels

    def apply_mask(self, mask: npt.ArrayLike, draws: tuple[Any, ...], i: int = 0) -> Pixels:
        pixels = as_pixels(mask, "mask").copy()
        for transform, drawn in zip(self.transforms, draws, strict=True):
            pixels = transform.apply_mask(pixels, drawn, i)
        return pixels

    def apply_box(self, box: Sequence[float], draws: tuple[Any, ...], size: Size, i: int = 0) -> Box | None:
        moved: Box | None = as_box(box)
        for transform, drawn in zip(self.transforms, draws, strict=True):
            if moved is None:
                return None
            moved = transform.apply_box(moved, drawn, size, i)
            size = transform.size_after(size)
        return moved

    def size_after(self, size: Size) -> Size:
        for transform in self.transforms:
            size = transform.size_after(size)
        return size


# ---- dice --------------------------------------------------------------------------------------------------------


def coins(rng: np.random.Generator, count: int, p: float) -> npt.NDArray[np.bool_]:
    """True with probability p, `count` times."""
    return generator(rng).random(integer("count", count)) < p


def uniform(rng: np.random.Generator, count: int, limits: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Real numbers between two limits, each equally likely."""
    low, high = limits
    return low + (high - low) * generator(rng).random(integer("count", count))


def places(rng: np.random.Generator, count: int, last: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Whole numbers from 0 to `last`, each equally likely."""
    # Not rng.integers: how much that takes from the generator depends on the range.
    positions = generator(rng).random(integer("count", count)) * (np.asarray(last) + 1)
    return np.asarray(positions, dtype=np.int64)  # rounded down


def rectangles(
    rng: np.random.Generator,
    count: int,
    size: Size,
    scale: tuple[float, float],
    ratio: tuple[float, float],
    tries: int = 10,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Heights and widths of rectangles in an image of `size`; 0 where none of the tries fits.

    Each covers a share of the image that is drawn from `scale`; width / height is drawn from `ratio`, uniformly in its
    logarithm, so that 2 : 1 is as likely as 1 : 2.
    """
    rng, shape = generator(rng), (integer("count", count), tries)
    share = scale[0] + (scale[1] - scale[0]) * rng.random(shape)
    low, high = np.log(ratio)
    aspect = np.exp(low + (high - low) * rng.random(shape))
    area = share * (size[0] * size[1])
    heights, widths = (np.rint(side).astype(np.int64) for side in (np.sqrt(area / aspect), np.sqrt(area * aspect)))
    fits = (heights >= 1) & (heights <= size[0]) & (widths >= 1) & (widths <= size[1])
    first, each = fits.argmax(axis=1), np.arange(count)
    found = fits.any(axis=1)
    return np.where(found, heights[each, first], 0), np.where(found, widths[each, first], 0)


def as_batch(images: npt.ArrayLike) -> Array:
    """`images` as an array (N, C, H, W) of floats.

    Raises:
        ValueError: another number of axes, no image, or whole numbers.
    """
    array = np.asarray(images)
    if array.ndim != 4 or len(array) == 0:
        raise ValueError(f"images must be (N, C, H, W), with at least one image, but has the shape {array.shape}")
    as_image(array[0], "images[0]")
    return array
