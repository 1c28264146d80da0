"""Random flips, turns, shifts, zooms, shears and crops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnlab.augment import cropping, geometry
from cnnlab.augment._arguments import Matrix, Pixels, Size, amount, pair_of, range_of, size_of
from cnnlab.augment.transform import Draws, Geometric, Shape, coins, places, rectangles, uniform
from cnnlab.ops._arguments import integer, is_sequence, one_of, times
from cnnlab.ops._numbers import real

Range = float | Sequence[float]  # d stands for (-d, d)
NONE = (0.0, 0.0)


@dataclass(frozen=True)
class RandomHorizontalFlip(Geometric):
    """Left and right change places with probability p. For photos almost always right; for digits and text never.

    Raises:
        ValueError: p is not between 0 and 1.
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        real("p", self.p, 0, 1)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        return {"flip": coins(rng, count, self.p)}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return geometry.horizontal_flip(image) if draws["flip"][i] else np.array(image)

    def apply_mask(self, mask: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return self.apply(mask, draws, i)

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        return geometry.flip_matrix(size) if draws["flip"][i] else geometry.affine_matrix(size)


@dataclass(frozen=True)
class RandomVerticalFlip(RandomHorizontalFlip):
    """Top and bottom change places with probability p. For photos from above and from the microscope.

    Raises:
        ValueError: p is not between 0 and 1.
    """

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return geometry.vertical_flip(image) if draws["flip"][i] else np.array(image)

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        return geometry.flip_matrix(size, horizontal=False) if draws["flip"][i] else geometry.affine_matrix(size)


@dataclass(frozen=True)
class RandomAffine(Geometric):
    """Turned, shifted, zoomed and sheared, each by a number drawn uniformly. See `affine`.

    Args:
        degrees: the range of the angle, or d for (-d, d); 0 does not turn.
        translate: the largest shift as a share of the width and of the height; whole pixels are drawn.
        scale: the range of the factor.
        shear: the range of the degrees along x, or d for (-d, d); four numbers add the range along y.
        interpolation, fill: as in `warp`. (torchvision's interpolation is "nearest" unless it is told otherwise.)

    Raises:
        ValueError: a range that is none.
    """

    degrees: Range
    translate: Sequence[float] | None = None
    scale: Sequence[float] | None = None
    shear: Range | None = None
    interpolation: str = "bilinear"
    fill: float = 0.0

    NAMES = ("angle", "x", "y", "scale", "shear_x", "shear_y")  # what is drawn, in the order of `affine_matrices`

    def __post_init__(self) -> None:
        self._ranges()
        one_of("interpolation", self.interpolation, geometry.INTERPOLATIONS)
        real("fill", self.fill)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        degrees, (across, down), scale, along_x, along_y = self._ranges()
        width, height = across * shape[-1], down * shape[-2]
        numbers = (
            uniform(rng, count, degrees),
            np.rint(uniform(rng, count, (-width, width))),
            np.rint(uniform(rng, count, (-height, height))),
            uniform(rng, count, scale),
            uniform(rng, count, along_x),
            uniform(rng, count, along_y),
        )
        return dict(zip(self.NAMES, numbers, strict=True))

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return self._warped(image, draws, i, self.interpolation, self.fill)

    def apply_mask(self, mask: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return self._warped(mask, draws, i, "nearest", 0)

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        return geometry.affine_matrices(size, *(draws[name][i] for name in self.NAMES))

    def _warped(self, image: npt.ArrayLike, draws: Draws, i: int, interpolation: str, fill: float) -> Pixels:
        height, width = np.shape(image)[-2:]
        return geometry.warp(
            image, geometry.inverse_matrix(self.matrix(draws, (height, width), i)), interpolation, fill
        )

    def _ranges(self) -> tuple[tuple[float, float], ...]:
        """Of the angle, the largest shifts, the range of the scale, and those of the shears."""
        shear = NONE if self.shear is None else self.shear
        along_y: Range = 0.0
        if is_sequence(shear) and len(shear) == 4:
            shear, along_y = shear[:2], shear[2:]
        shifts = pair_of("translate", NONE if self.translate is None else self.translate, "shares across and down")
        if not all(0 <= share <= 1 for share in shifts):
            raise ValueError(f"translate must be two shares between 0 and 1, but is {self.translate}: 0.1 is a tenth")
        scale = range_of("scale", (1.0, 1.0) if self.scale is None else self.scale, 0)
        if scale[0] == 0:
            raise ValueError(f"scale must be above 0, but is {self.scale}: (0.8, 1.2) is a fifth smaller or larger")
        return (
            around_zero("degrees", self.degrees),
            shifts,
            scale,
            around_zero("shear", shear, 89),
            around_zero("shear", along_y, 89),
        )


@dataclass(frozen=True)
class RandomRotation(Geometric):
    """Turned about the center by an angle drawn uniformly, counter-clockwise. See `rotate`.

    Args:
        degrees: the range of the angle, or d for (-d, d).
        interpolation, fill: as in `warp`. (torchvision's interpolation is "nearest" unless it is told otherwise.)

    Raises:
        ValueError: a range that is none.
    """

    degrees: Range
    interpolation: str = "bilinear"
    fill: float = 0.0

    def __post_init__(self) -> None:
        around_zero("degrees", self.degrees)
        one_of("interpolation", self.interpolation, geometry.INTERPOLATIONS)
        real("fill", self.fill)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        return {"angle": uniform(rng, count, around_zero("degrees", self.degrees))}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return geometry.rotate(image, float(draws["angle"][i]), self.interpolation, self.fill)

    def apply_mask(self, mask: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return geometry.rotate(mask, float(draws["angle"][i]), "nearest")

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        return geometry.affine_matrix(size, -float(draws["angle"][i]))


@dataclass(frozen=True)
class RandomCrop(Geometric):
    """A crop of `size` at a random place of the image, padded first by `padding` pixels of `fill` on each side.

    Raises:
        ValueError: a size below 1 or a negative padding; in `draw`, a crop that is larger than the padded image.
    """

    size: int | Size
    padding: int = 0
    fill: float = 0.0

    def __post_init__(self) -> None:
        size_of("size", self.size)
        integer("padding", self.padding)
        real("fill", self.fill)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        height, width = size_of("size", self.size)
        rows, columns = shape[-2] + 2 * self.padding, shape[-1] + 2 * self.padding
        if height > rows or width > columns:
            padded = "with its padding " if self.padding else ""
            raise ValueError(
                f"size must fit into the image, which is {padded}{times((rows, columns))}, but is {self.size}"
            )
        return {"top": places(rng, count, rows - height), "left": places(rng, count, columns - width)}

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return cropping.pad_crop(
            image, self.padding, draws["top"][i], draws["left"][i], *size_of("size", self.size), self.fill
        )

    def apply_mask(self, mask: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return cropping.pad_crop(mask, self.padding, draws["top"][i], draws["left"][i], *size_of("size", self.size))

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        top, left = int(draws["top"][i]) - self.padding, int(draws["left"][i]) - self.padding
        height, width = self.size_after(size)
        return cropping.crop_matrix(top, left, height, width, (height, width))

    def size_after(self, size: Size) -> Size:
        return size_of("size", self.size)


@dataclass(frozen=True)
class RandomResizedCrop(Geometric):
    """A crop of random area and shape, brought to `size`: the usual augmentation of ImageNet.

    Args:
        size: (height, width) of what comes out.
        scale: the range of its area as a share of the image.
        ratio: the range of its width / height. Where ten tries do not fit, the largest part of the middle is taken.
        interpolation: as in `resized_crop`.

    Raises:
        ValueError: a range that is none.

    Source: C. Szegedy et al., Going deeper with convolutions (2015), section 6.
    """

    size: int | Size
    scale: Sequence[float] = (0.08, 1.0)
    ratio: Sequence[float] = (3 / 4, 4 / 3)
    interpolation: str = "bilinear"

    def __post_init__(self) -> None:
        size_of("size", self.size)
        range_of("scale", self.scale, 0, 1)
        above_zero("ratio", self.ratio)
        one_of("interpolation", self.interpolation, geometry.INTERPOLATIONS)

    def draw(self, rng: np.random.Generator, count: int, shape: Shape) -> Draws:
        rows, columns = shape[-2:]
        low, high = above_zero("ratio", self.ratio)
        height, width = rectangles(rng, count, (rows, columns), range_of("scale", self.scale, 0, 1), (low, high))
        top, left = places(rng, count, rows - height), places(rng, count, columns - width)
        middle_height = max(1, min(rows, round(columns / low)))
        middle_width = max(1, min(columns, round(rows * high)))
        none = height == 0
        return {
            "top": np.where(none, (rows - middle_height) // 2, top),
            "left": np.where(none, (columns - middle_width) // 2, left),
            "height": np.where(none, middle_height, height),
            "width": np.where(none, middle_width, width),
        }

    def apply(self, image: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return cropping.resized_crop(image, *self._crop(draws, i), self.size, self.interpolation)

    def apply_mask(self, mask: npt.ArrayLike, draws: Draws, i: int = 0) -> Pixels:
        return cropping.resized_crop(mask, *self._crop(draws, i), self.size, "nearest")

    def matrix(self, draws: Draws, size: Size, i: int = 0) -> Matrix:
        return cropping.crop_matrix(*self._crop(draws, i), self.size_after(size))

    def size_after(self, size: Size) -> Size:
        return size_of("size", self.size)

    @staticmethod
    def _crop(draws: Draws, i: int) -> tuple[int, int, int, int]:
        top, left, height, width = (int(draws[name][i]) for name in ("top", "left", "height", "width"))
        return top, left, height, width


# ---- ranges ------------------------------------------------------------------------------------------------------


def around_zero(name: str, value: Range, most: float = np.inf) -> tuple[float, float]:
    """(-d, d) for a number d, or the two numbers that are given."""
    if is_sequence(value):
        return range_of(name, value, -most, most)
    limit = amount(name, value, most)
    return -limit, limit


def above_zero(name: str, value: object) -> tuple[float, float]:
    """Two numbers above 0, the smaller one first."""
    low, high = range_of(name, value, 0)
    if low == 0:
        raise ValueError(f"{name} must be two numbers above 0, but is ({low:g}, {high:g})")
    return low, high
