"""Segmentation, an answer for every pixel: is its color near enough to the one that is looked for?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.tasks.words import in_words, ratio
from cnnlab.traces.text import number, plural

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]
Color = tuple[int, int, int]

SPECK = 12
"""A region of fewer pixels is a speck, and not counted as a thing."""
GOOD = 0.9
"""From this IoU on a mask is called nearly right."""


def color_distances(picture: NDArray[np.uint8], color: Color) -> Values:
    """How far the color of each pixel is from ``color``: the root of the summed squares of three differences."""
    return np.asarray(np.sqrt(((picture - np.array(color, np.float64)) ** 2).sum(axis=-1)))


def region_sizes(mask: Mask) -> list[int]:
    """How many pixels each connected region has, the largest first; pixels are connected up, down, left and right.

    A flood fill: from a pixel that is still there, take it away, go on with its four neighbors.
    """
    width = mask.shape[1] + 2
    left = bytearray(np.pad(mask, 1).tobytes())  # a rim of 0 ends every walk
    sizes = []
    for start in np.flatnonzero(np.pad(mask, 1)).tolist():
        if not left[start]:
            continue
        left[start] = 0
        waiting, size = [start], 0
        while waiting:
            pixel = waiting.pop()
            size += 1
            for neighbor in (pixel - 1, pixel + 1, pixel - width, pixel + width):
                if left[neighbor]:
                    left[neighbor] = 0
                    waiting.append(neighbor)
        sizes.append(size)
    return sorted(sizes, reverse=True)


@dataclass(frozen=True, eq=False)
class Segmented:
    """The pixels found in a picture, beside the true ones.

    ``distances`` are those of :func:`color_distances` to ``color``; a pixel is found where its distance is less than
    ``threshold``. ``truth`` is the true mask, ``things`` how many things it is made of.
    """

    picture: NDArray[np.uint8]
    color: Color
    distances: Values
    threshold: float
    truth: Mask
    things: int

    @cached_property
    def found(self) -> Mask:
        return np.asarray(self.distances < self.threshold)

    @cached_property
    def right(self) -> int:
        return int((self.found & self.truth).sum())

    @cached_property
    def false(self) -> int:
        return int((self.found & ~self.truth).sum())

    @cached_property
    def missed(self) -> int:
        return int((~self.found & self.truth).sum())

    @property
    def iou(self) -> float:
        return self.right / (self.right + self.false + self.missed)

    @property
    def dice(self) -> float:
        return 2 * self.right / (2 * self.right + self.false + self.missed)

    @cached_property
    def sizes(self) -> list[int]:
        return region_sizes(self.found)

    @property
    def regions(self) -> int:
        return sum(size >= SPECK for size in self.sizes)

    @property
    def specks(self) -> int:
        return len(self.sizes) - self.regions

    def histogram(self, farthest: float, bars: int) -> tuple[Values, Values]:
        """The shares of the red things' pixels, and of all others, by their distance.

        The distances from 0 to ``farthest`` in equal steps; what is beyond is counted with the last.
        """
        steps = np.minimum(self.distances * (bars / farthest), bars - 1).astype(np.intp)
        things, others = (np.bincount(steps[where], minlength=bars) for where in (self.truth, ~self.truth))
        return things / things.sum(), others / others.sum()

    # ---- what can be pointed at: the pixels -----------------------------------------------------------------------

    @property
    def grid(self) -> tuple[int, int]:
        rows, cols = self.distances.shape
        return rows, cols

    @property
    def interesting(self) -> tuple[int, int]:
        """The pixel of the thing whose color is farthest off: the first to be missed."""
        row, col = np.unravel_index(int(np.where(self.truth, self.distances, -1).argmax()), self.truth.shape)
        return int(row), int(col)

    def formula(self, row: int, col: int) -> str:
        """The color distance of one pixel."""
        values = [int(v) for v in self.picture[row, col]]
        terms = " + ".join(f"({v} − {c})²" for v, c in zip(values, self.color, strict=True))
        distance = float(self.distances[row, col])
        verdict = "<" if distance < self.threshold else "≥"
        return f"pixel [{row}, {col}]: √({terms}) ≈ {distance:.1f} {verdict} {number(self.threshold)}"

    def measure(self) -> str:
        union = self.right + self.false + self.missed
        counted = f"{plural(self.regions, 'region')} ({plural(self.things, 'thing')})"
        specks = f", {plural(self.specks, 'speck')}" if self.specks else ""
        return (
            f"IoU = {ratio(self.right, union)}   Dice = {ratio(2 * self.right, union + self.right)}   {counted}{specks}"
        )

    def says(self) -> str:
        """One sentence about this very mask."""
        if not self.right and not self.false:
            return f"No pixel is nearer than {number(self.threshold)} to the red that is looked for: nothing is found."
        if self.false + self.right == self.truth.size:
            return "Every pixel of the picture is near enough: the mask says nothing any more."
        inside = self.right + self.missed
        if self.iou >= GOOD:
            return (
                f"Nearly every pixel is right: {self.missed} of {inside} in the red things missed, {self.false} false."
            )
        if self.missed > self.false:
            share = in_words(self.missed / inside)
            return (
                f"The distance is too strict: {plural(self.missed, 'pixel')} of the red things missed, {share} of them."
            )
        if self.false > self.right:
            return (
                f"The distance is too loose: more pixels are found beside the red things ({self.false}) than in them."
            )
        return f"The distance is too loose: {plural(self.false, 'pixel')} beside the red things found, too."
