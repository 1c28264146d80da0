"""Anomaly detection, what is unlike all that is normal: two numbers of each patch, against those of good pieces.

Nothing is learned about defects. Each patch has a mean (how bright) and a contrast (the standard
deviation of its pixels); normal pictures tell which values are usual.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.tasks.words import counted, on_its_side, signed
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

PATCH = 12
"""Side of a patch, in pixels."""
COVERED = 0.25
"""A patch belongs to a defect that covers at least this share of it."""
NAMES = ("mean", "contrast")


def patches(picture: NDArray[np.generic]) -> NDArray[np.generic]:
    """A picture (H, W) cut into patches: (rows, columns, pixels of a patch)."""
    rows, cols = (n // PATCH for n in picture.shape)
    cut = picture[: rows * PATCH, : cols * PATCH].reshape(rows, PATCH, cols, PATCH)
    return cut.transpose(0, 2, 1, 3).reshape(rows, cols, PATCH * PATCH)


def describe(picture: NDArray[np.uint8]) -> Values:
    """Mean and contrast of each patch: (rows, columns, 2)."""
    cut = patches(picture).astype(np.float64)
    return np.stack([cut.mean(axis=-1), cut.std(axis=-1)], axis=-1)


@dataclass(frozen=True)
class Normal:
    """What is usual: the mean and the standard deviation of each number, over all patches of normal pictures."""

    middle: tuple[float, float]
    spread: tuple[float, float]
    count: int


def learn_normal(pictures: NDArray[np.uint8]) -> Normal:
    """What is usual in pictures (N, H, W) with nothing wrong."""
    numbers = np.concatenate([describe(picture).reshape(-1, 2) for picture in pictures])
    middle, spread = numbers.mean(axis=0), numbers.std(axis=0)
    return Normal((float(middle[0]), float(middle[1])), (float(spread[0]), float(spread[1])), len(numbers))


def deviations(numbers: Values, normal: Normal) -> Values:
    """How many standard deviations each number of each patch is from the usual."""
    return np.asarray((numbers - np.array(normal.middle)) / np.array(normal.spread))


@dataclass(frozen=True, eq=False)
class Inspected:
    """The patches of a picture that are called a defect, beside the true ones.

    A patch is flagged where its mean or its contrast is at least ``limit`` standard deviations from the usual.
    ``defect`` is what is wrong, "" for nothing, and ``mask`` where.
    """

    picture: NDArray[np.uint8]
    numbers: Values
    normal: Normal
    limit: float
    mask: Mask
    defect: str = ""

    @cached_property
    def deviations(self) -> Values:
        return deviations(self.numbers, self.normal)

    @cached_property
    def strongest(self) -> Values:
        """The larger of the two deviations of each patch, without its sign."""
        return np.asarray(np.abs(self.deviations).max(axis=-1))

    @cached_property
    def flagged(self) -> Mask:
        return np.asarray(self.strongest >= self.limit)

    @cached_property
    def truth(self) -> Mask:
        return np.asarray(patches(self.mask).mean(axis=-1) >= COVERED)

    @property
    def hits(self) -> int:
        return int((self.flagged & self.truth).sum())

    @property
    def false(self) -> int:
        return int((self.flagged & ~self.truth).sum())

    @property
    def missed(self) -> int:
        return int((~self.flagged & self.truth).sum())

    # ---- what can be pointed at: the patches ----------------------------------------------------------------------

    @property
    def grid(self) -> tuple[int, int]:
        rows, cols = self.strongest.shape
        return rows, cols

    @property
    def interesting(self) -> tuple[int, int]:
        row, col = np.unravel_index(int(self.strongest.argmax()), self.strongest.shape)
        return int(row), int(col)

    @property
    def most_usual(self) -> tuple[int, int]:
        """The patch whose numbers are nearest to the usual."""
        row, col = np.unravel_index(int(self.strongest.argmin()), self.strongest.shape)
        return int(row), int(col)

    def formula(self, row: int, col: int) -> str:
        """The larger deviation of one patch, with its numbers."""
        k = int(np.abs(self.deviations[row, col]).argmax())
        value, middle, spread = float(self.numbers[row, col, k]), self.normal.middle[k], self.normal.spread[k]
        by = float(self.deviations[row, col, k])
        verdict = "≥" if abs(by) >= self.limit else "<"
        return (
            f"patch [{row}, {col}]: {NAMES[k]} ({signed(value)} − {signed(middle)}) / {spread:.2f} ≈ {signed(by, 2)} "
            f"standard deviations, {on_its_side(abs(by), self.limit, 2)} {verdict} {number(self.limit)}"
        )

    def measure(self) -> str:
        return (
            f"{counted(int(self.truth.sum()), 'patch', 'patches')} with a defect: {self.hits} found, "
            f"{self.missed} missed   {plural(self.false, 'false alarm')} in {int((~self.truth).sum())} good patches"
        )

    def says(self) -> str:
        """One sentence about this very limit."""
        flagged = int(self.flagged.sum())
        if not self.defect:
            if not flagged:
                return "Nothing is flagged, and nothing is wrong with this piece: the answer is right."
            return (
                f"Nothing is wrong with this piece, but {counted(flagged, 'patch', 'patches')} flagged: a false alarm."
            )
        if not flagged:
            most = float(self.strongest[self.truth].max(initial=0))
            shown = on_its_side(most, self.limit, 2)
            return f"The {self.defect} is missed: the strongest of its patches deviates by {shown}."
        if not self.hits:
            return f"The {self.defect} is missed, and what is flagged is a false alarm."
        if self.false > self.hits:
            return f"The {self.defect} is flagged, but it is lost among {plural(self.false, 'false alarm')}."
        if self.missed > self.hits:
            return f"The {self.defect} is found, but only by {self.hits} of its {self.hits + self.missed} patches."
        return f"The {self.defect} is found, though no defect was ever shown: only good pieces were."
