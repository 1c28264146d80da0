"""The Dice loss of two masks: how little they overlap, from the sizes that go into it.

Source: Milletari, Navab, Ahmadi, V-Net (2016), arXiv:1606.04797, section 3; the coefficient: Dice, Measures of the
amount of ecologic association between species (1945), Ecology 26.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops import _arguments as arguments
from cnnlab.ops.dice import dice_loss, dice_loss_backward
from cnnlab.traces.arrays import bounded, finite_number, read_only, within
from cnnlab.traces.checks import finite
from cnnlab.traces.equation import Equation, equation

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dice:
    """The overlap of two masks A and B in numbers: `intersection` |A∩B|, `a` |A|, `b` |B|."""

    intersection: float
    a: float
    b: float
    smooth: float = 0.0

    @property
    def coefficient(self) -> float:
        """1 for equal masks (two empty ones are equal), 0 for disjoint ones."""
        below = self.a + self.b + self.smooth
        return (2 * self.intersection + self.smooth) / below if below else 1.0

    @property
    def value(self) -> float:
        """The loss."""
        return 1 - self.coefficient

    def equations(self) -> tuple[Equation, Equation]:
        """The coefficient and the loss, with their numbers."""
        loss = equation("loss", "1 − dice", "1 − {}", [self.coefficient], self.value)
        if not self.a + self.b + self.smooth:
            return equation("dice", "1", "1", [], 1.0), loss
        symbols, template, numbers = "2·|A∩B| / (|A| + |B|)", "2·{} / ({:n} + {})", [self.intersection, self.a, self.b]
        if self.smooth:
            symbols, template = "(2·|A∩B| + s) / (|A| + |B| + s)", "(2·{} + {}) / ({:n} + {} + {})"
            numbers = [self.intersection, self.smooth, self.a, self.b, self.smooth]
        return equation("dice", symbols, template, numbers, self.coefficient), loss


@dataclass(frozen=True, eq=False)
class DiceLoss:
    """The Dice loss of two masks, cell by cell; arrays are float64, of one shape and read-only.

    `overlap` is input times target, `gradient` the slope of the loss at each cell of the input (the predicted mask);
    `sizes` are the sums of overlap, input and target.
    """

    input: Array
    target: Array
    overlap: Array
    sizes: Dice
    gradient: Array

    @property
    def value(self) -> float:
        """The loss."""
        return self.sizes.value

    def slope(self, *index: int) -> Equation:
        """The gradient at one cell, by the rule of the quotient: (top − 2·y·below) / below²."""
        if len(index) != self.gradient.ndim:
            raise ValueError(f"index must be {self.gradient.ndim} numbers, but is {index}")
        at = tuple(within("index", i, n) for i, n in zip(index, self.gradient.shape, strict=True))
        place = f"[{', '.join(str(i) for i in at)}]"
        s = self.sizes
        below = s.a + s.b + s.smooth
        if not below:
            return equation(f"gradient{place}", "0: two empty masks", "0", [], self.gradient[at])
        more = " + s" if s.smooth else ""
        symbols = f"(2·|A∩B|{more} − 2·y{place}·(|A| + |B|{more})) / (|A| + |B|{more})²"
        numbers = [2 * s.intersection + s.smooth, self.target[at], below, below]
        return equation(f"gradient{place}", symbols, "({:n} − 2·{}·{}) / {}²", numbers, self.gradient[at])


def dice_of_sizes(intersection: float, a: float, b: float, *, smooth: float = 0.0) -> Dice:
    """The Dice loss of two masks of which only the sizes are known.

    Raises:
        ValueError: a negative number, or an intersection larger than a mask.
    """
    first, second = finite_number("a", a, minimum=0), finite_number("b", b, minimum=0)
    both = finite_number("intersection", intersection, minimum=0)
    if both > min(first, second):
        raise ValueError(f"intersection must be at most {min(first, second):g}, the smaller mask, but is {both:g}")
    return Dice(both, first, second, finite_number("smooth", smooth, minimum=0))


def dice_of_masks(input: ArrayLike, target: ArrayLike, *, smooth: float = 0.0) -> DiceLoss:
    """The Dice loss of one predicted mask.

    Args:
        input: (H, W) or (L,), masks or probabilities from 0 to 1.
        target: the true mask, in the same shape.
        smooth: added above and below the fraction line.

    Raises:
        ValueError: as in `ops.dice_loss`, or masks of another rank.
    """
    p = read_only(finite("input", arguments.as_array("input", input)))
    y = read_only(finite("target", arguments.as_array("target", target)))
    if p.ndim not in (1, 2) or p.size == 0:
        raise ValueError(f"input must be one mask (height, width) or a list of cells, but its shape is {p.shape}")
    s = finite_number("smooth", smooth, minimum=0)
    dice_loss(p, y, smooth=s)  # says what cannot work
    overlap = read_only(p * y)
    sizes = Dice(float(overlap.sum()), float(p.sum()), float(y.sum()), s)
    return DiceLoss(p, y, overlap, sizes, bounded("gradient", dice_loss_backward(1.0, p, y, smooth=s)))
