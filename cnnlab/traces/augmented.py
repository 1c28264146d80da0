"""A picture before and after one transform: every pixel of it explained, and what belongs to it moved along.

A picture is (3, H, W), red, green and blue from 0 to 1. What belongs to it are boxes and a mask of classes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab import augment
from cnnlab.traces.transforms import Image, Matrix, Step, size_of

Mask = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge."""
BINS = 32
LOUPE = 4


@dataclass(frozen=True, eq=False)
class Truth:
    """What a picture is labeled with, beside its class: boxes, and perhaps a mask of classes (0 is background).

    ``things`` are the masks of what the boxes are around, where they are known.
    """

    boxes: tuple[Box, ...] = ()
    mask: Mask | None = None
    things: tuple[NDArray[np.bool_], ...] = ()


@dataclass(frozen=True, eq=False)
class Augmented:
    """A picture before and after one step, with what belongs to it."""

    step: Step
    before: Image
    after: Image
    truth: Truth

    @property
    def size(self) -> tuple[int, int]:
        return size_of(self.before)

    @cached_property
    def matrix(self) -> Matrix:
        """Where things go."""
        return self.step.matrix(self.size)

    @cached_property
    def back(self) -> Matrix:
        """Where a pixel of the new picture is read in the old one."""
        return augment.inverse_matrix(self.matrix)

    @cached_property
    def corners(self) -> tuple[Matrix, ...]:
        """The four corners of each box where they are now, (4, 2)."""
        if not self.step.moves:
            return tuple(_corners(box) for box in self.truth.boxes)
        return tuple(_corners(box) @ self.matrix[:, :2].T + self.matrix[:, 2] for box in self.truth.boxes)

    @cached_property
    def boxes(self) -> tuple[Box | None, ...]:
        """The box around the moved corners of each box, cut off at the border; None where nothing is left of it."""
        if not self.step.moves:
            return self.truth.boxes
        return tuple(augment.box_after(self.matrix, box, self.size) for box in self.truth.boxes)

    @cached_property
    def tight(self) -> tuple[Box | None, ...]:
        """The smallest box around each thing where it is now, as its own mask has it."""
        return tuple(tight_box(self._mask(thing)) for thing in self.truth.things)

    @cached_property
    def mask(self) -> Mask | None:
        """The mask after the step, each pixel taken from the nearest one."""
        return None if self.truth.mask is None else self._mask(self.truth.mask)

    @cached_property
    def blended(self) -> NDArray[np.float32] | None:
        """The mask as it would be if class numbers were mixed like colors."""
        if self.truth.mask is None or not self.step.moves:
            return None
        blended: NDArray[np.float32] = self.step.apply(self.truth.mask[None].astype(np.float32))[0]
        return blended

    @cached_property
    def invented(self) -> NDArray[np.bool_] | None:
        """Where the blended mask, rounded to a class, is one that none of the mixed pixels had."""
        mask, blended = self.truth.mask, self.blended
        if mask is None or blended is None:
            return None
        rounded = np.rint(blended)
        # What lies outside is background, too.
        inside = self.step.apply(np.ones((1, *mask.shape), np.float32))[0]
        known: NDArray[np.bool_] = (rounded == 0) & (inside < 1 - 1e-6)
        for one in np.unique(mask):
            mixed_in = self.step.apply((mask == one)[None].astype(np.float32))[0] > 1e-6
            known |= (rounded == one) & mixed_in
        return ~known

    @cached_property
    def outside(self) -> float:
        """The share of the new picture that is read outside of the old one."""
        if not self.step.moves:
            return 0.0
        (rows, cols), m = self.size, self.back
        row, col = np.arange(rows)[:, None] + 0.5, np.arange(cols) + 0.5
        x, y = (a * col + (b * row + c) for a, b, c in m.tolist())
        return float(1 - ((x >= 0) & (x <= cols) & (y >= 0) & (y <= rows)).mean())

    @cached_property
    def histograms(self) -> tuple[Matrix, Matrix, Matrix]:
        """The edges of `BINS` columns from 0 to 1, and the share of pixels whose gray is in each, before and after."""
        before, after = (augment.rgb_to_grayscale(image)[0] for image in (self.before, self.after))
        counts = [np.histogram(np.clip(gray, 0, 1), BINS, (0, 1))[0] / gray.size for gray in (before, after)]
        return np.linspace(0, 1, BINS + 1), counts[0], counts[1]

    @cached_property
    def clipped(self) -> float:
        """The share of all numbers that were between 0 and 1 and are 0 or 1 now."""
        now = (self.after <= 0) | (self.after >= 1)
        return float((now & (self.before > 0) & (self.before < 1)).mean())

    @cached_property
    def mean_gray(self) -> float:
        """The mean of the old picture in gray."""
        return float(augment.rgb_to_grayscale(self.before)[0].mean())

    def at(self, row: int, col: int) -> "Pixel":
        """One pixel of the new picture."""
        return Pixel(self, row, col)

    def _mask(self, mask: NDArray[Any]) -> NDArray[Any]:
        return self.step.apply(mask, "nearest") if self.step.moves else mask


@dataclass(frozen=True)
class Pixel:
    """One pixel of the new picture: where it is read, and from what it is mixed."""

    augmented: Augmented
    row: int
    col: int

    @cached_property
    def source(self) -> tuple[float, float]:
        """Row and column of the old picture at which it is read; whole numbers are the centers of pixels."""
        a = self.augmented
        if not a.step.moves:
            return float(self.row), float(self.col)
        x, y = a.back @ (self.col + 0.5, self.row + 0.5, 1.0)
        if a.step.name == "crop":  # at its border there is nothing to mix with
            n = a.step.numbers
            y = np.clip(y, n["top"] + 0.5, n["top"] + n["height"] - 0.5)
            x = np.clip(x, n["left"] + 0.5, n["left"] + n["width"] - 0.5)
        return round(float(y) - 0.5, 9) + 0.0, round(float(x) - 0.5, 9) + 0.0

    @cached_property
    def parts(self) -> tuple[tuple[float, int, int], ...]:
        """What is mixed: the weight, row and column of each old pixel around; those outside count 0 and are left out.

        The weight of a pixel is (1 - distance down) * (1 - distance across): bilinear.
        """
        rows, cols = self.augmented.size
        (y, x), found = self.source, []
        for r in (int(np.floor(y)), int(np.floor(y)) + 1):
            for c in (int(np.floor(x)), int(np.floor(x)) + 1):
                weight = (1 - abs(y - r)) * (1 - abs(x - c))
                if weight > 1e-9 and 0 <= r < rows and 0 <= c < cols:
                    found.append((weight, r, c))
        return tuple(found)

    @cached_property
    def around(self) -> tuple[int, int, Image]:
        """The `LOUPE` x `LOUPE` old pixels around the place: row and column of the first, and (3, LOUPE, LOUPE)."""
        (y, x), (rows, cols) = self.source, self.augmented.size
        top, left = int(np.floor(y)) - LOUPE // 2 + 1, int(np.floor(x)) - LOUPE // 2 + 1
        found = np.zeros((3, LOUPE, LOUPE), np.float32)
        for i in range(LOUPE):
            for j in range(LOUPE):
                if 0 <= top + i < rows and 0 <= left + j < cols:
                    found[:, i, j] = self.augmented.before[:, top + i, left + j]
        return top, left, found

    @property
    def old(self) -> tuple[float, float, float]:
        """Red, green and blue at this place of the old picture."""
        return _color(self.augmented.before, self.row, self.col)

    @property
    def new(self) -> tuple[float, float, float]:
        """Red, green and blue of the new picture."""
        return _color(self.augmented.after, self.row, self.col)


def _color(image: Image, row: int, col: int) -> tuple[float, float, float]:
    red, green, blue = image[:, row, col].tolist()
    return red, green, blue


def augmented(image: Image, step: Step, truth: Truth = Truth()) -> Augmented:
    """A picture (3, H, W) of float32 from 0 to 1 and a step.

    Raises:
        ValueError: the step cannot be, such as a crop that leaves the picture.
    """
    after = np.clip(step.apply(image), 0, 1).astype(np.float32, copy=False)
    after.setflags(write=False)
    return Augmented(step, image, after, truth)


def tight_box(mask: NDArray[Any]) -> Box | None:
    """The smallest box around what is not 0; None where all is."""
    rows, cols = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return float(cols[0]), float(rows[0]), float(cols[-1] + 1), float(rows[-1] + 1)


def area(box: Box) -> float:
    """Width times height."""
    return (box[2] - box[0]) * (box[3] - box[1])


def _corners(box: Box) -> Matrix:
    x1, y1, x2, y2 = box
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
