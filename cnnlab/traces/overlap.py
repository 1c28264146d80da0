"""A predicted shape over the true one on a grid: what both share, and what Dice, IoU and accuracy make of it.

Sources: Milletari, Navab, Ahmadi, V-Net (2016), arXiv:1606.04797, section 3; Jaccard, The distribution of the flora in
the alpine zone (1912), New Phytologist 11, for intersection over union.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.arrays import read_only
from cnnlab.traces.dice import DiceLoss, dice_of_masks
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import number

Array = NDArray[np.float64]
Cell = tuple[int, int]

ROWS, COLS = 12, 20
"""Cells of the grid."""
TRUE_AT = (1, 5)
"""The top left cell of the true shape before it is moved: near the middle."""
TRUTHS = ("rectangle", "square", "disk", "small", "empty")
SHAPES = (*TRUTHS, "everything")


def shape(name: str) -> Array:
    """One of `SHAPES`, in the smallest grid that holds it: 1 inside, 0 outside."""
    if name == "disk":
        down, across = np.mgrid[-4.5:5.5, -4.5:5.5]
        return np.asarray(down**2 + across**2 <= 25, np.float64)
    sizes = {"square": (10, 10), "rectangle": (10, 9), "small": (3, 3), "empty": (0, 0), "everything": (ROWS, COLS)}
    return np.ones(sizes[name])


def nearest(name: str, row: int, col: int) -> Cell:
    """The top left cell nearest to this one at which the shape still lies on the grid."""
    high, wide = shape(name).shape
    return min(max(row, 0), ROWS - max(high, 1)), min(max(col, 0), COLS - max(wide, 1))


def held_by(name: str, row: int, col: int) -> Cell:
    """The cell in the middle of a shape whose top left cell this is."""
    high, wide = shape(name).shape
    return row + high // 2, col + wide // 2


def top_left(name: str, row: int, col: int) -> Cell:
    """Where a shape lies that is held by this cell, as far as it stays on the grid."""
    high, wide = shape(name).shape
    return nearest(name, row - high // 2, col - wide // 2)


def placed(name: str, row: int, col: int) -> Array:
    """(ROWS, COLS): a mask that is 1 where the shape lies, its top left corner at a cell."""
    mask, cells = np.zeros((ROWS, COLS)), shape(name)
    mask[row : row + cells.shape[0], col : col + cells.shape[1]] = cells
    return read_only(mask)


@dataclass(frozen=True, eq=False)
class Overlap:
    """Prediction A over truth B: ``dice`` with its masks and sizes, and how often A is right."""

    dice: DiceLoss

    @property
    def both(self) -> int:
        """Cells that are rightly called part of the shape."""
        return int(self.dice.sizes.intersection)

    @property
    def only_predicted(self) -> int:
        """Cells that are called part of the shape and are not."""
        return int(self.dice.sizes.a) - self.both

    @property
    def only_true(self) -> int:
        """Cells of the shape that are missed."""
        return int(self.dice.sizes.b) - self.both

    @property
    def union(self) -> int:
        return self.both + self.only_predicted + self.only_true

    @property
    def iou(self) -> float:
        """Intersection over union; 1 for two empty masks."""
        return self.both / self.union if self.union else 1.0

    @property
    def right(self) -> int:
        """Cells that are called what they are, inside or outside."""
        return ROWS * COLS - self.only_predicted - self.only_true

    @property
    def accuracy(self) -> float:
        return self.right / (ROWS * COLS)

    def equations(self) -> list[Equation]:
        """Dice and its loss, then IoU and accuracy."""
        iou = equation("IoU", "|A∩B| / |A∪B|", "{:n} / {}", [self.both, self.union], self.iou)
        if not self.union:
            iou = equation("IoU", "1", "1", [], 1.0)
        cells = [self.right, ROWS * COLS]
        right = equation("accuracy", "cells that are right / cells", "{:n} / {}", cells, self.accuracy)
        return [*self.dice.sizes.equations(), iou, right]

    def says(self) -> str:
        """What is to be noticed."""
        a, b, dice = self.dice.sizes.a, self.dice.sizes.b, self.dice.sizes
        accuracy = f"{number(100 * self.accuracy)}%"
        if not b:
            return _about_nothing(a, dice.smooth, dice.coefficient)
        if not self.both and self.accuracy <= 0.5:
            return f"Nothing of the shape is found: Dice and IoU are 0. {accuracy} of all cells are right."
        if not self.both:
            return f"Nothing of the shape is found, and still {accuracy} of all cells are right: most are outside."
        if not (self.only_predicted or self.only_true):
            return "The two are equal: Dice and IoU are 1."
        return f"{self.only_predicted} cells too many, {self.only_true} missed. IoU is always at most as large as Dice."


def _about_nothing(predicted: float, smooth: float, coefficient: float) -> str:
    if not predicted:
        return "Nothing is there, and nothing is said to be: 0/0 without smoothing, which is taken as 1."
    if not smooth:
        return "Nothing is there: Dice is 0 whether one cell is too many or a hundred. Try smooth = 1."
    return f"Nothing is there: smoothing tells few wrong cells from many; here Dice is {number(coefficient)}."


def overlap(prediction: str, truth: str, at: Cell, true_at: Cell = TRUE_AT, smooth: float = 0.0) -> Overlap:
    """A predicted shape with its top left corner at a cell, over the true one at another; the names are of `SHAPES`."""
    return Overlap(dice_of_masks(placed(prediction, *at), placed(truth, *true_at), smooth=smooth))
