"""A kernel with a name, and what the sum of its weights means."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel with a name.

    `weight` is a read-only float64 array (kh, kw), `says` tells in a sentence what it does, `source`
    where its numbers come from.
    """

    name: str
    weight: NDArray[np.float64]
    says: str
    source: str

    @property
    def sum(self) -> float:
        """The sum of the weights: what a flat region of ones turns into."""
        # Rounded, because ninths and 273rds do not add up to 1 exactly in binary.
        return round(float(self.weight.sum()), 12) + 0.0

    @property
    def sum_says(self) -> str:
        """What the sum of the weights does to a flat region, in one sentence."""
        if self.sum == 0:
            return "The weights sum to 0: flat regions vanish, the kernel answers to change only."
        if self.sum == 1:
            return "The weights sum to 1: the brightness of flat regions is kept."
        return f"The weights sum to {self.sum:g}: flat regions come out multiplied by {self.sum:g}."


def named(name: str, weight: ArrayLike, says: str, source: str) -> Kernel:
    """A kernel of a copy of these weights, which nothing can write to."""
    array = np.array(weight, dtype=np.float64) + 0.0  # adding 0 turns -0 into the 0 that a grid should show
    array.setflags(write=False)
    return Kernel(name, array, says, source)
