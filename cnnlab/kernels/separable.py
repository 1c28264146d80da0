"""Whether a kernel is a column times a row, so that two thin passes do the work of one thick one.

A k x k kernel that is the outer product of a column and a row can be slid as the column first and as the row over what
comes out: 2 k multiplications an output cell instead of k * k. That is so exactly when the matrix of its weights has
rank 1, which its singular values tell: all but the first are 0. Source: Golub and Van Loan, Matrix Computations,
section 2.4 (the singular value decomposition and rank).
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.kernels.named import Kernel
from cnnlab.ops._arguments import as_array
from cnnlab.ops._numbers import real

Weights = NDArray[np.float64]

TOLERANCE = 1e-10  # singular values below this part of the first count as 0: rounding leaves about 1e-16


@dataclass(frozen=True, eq=False)
class Separation:
    """A kernel taken apart: `np.outer(column, row)` is its weight. Both are float64 arrays."""

    column: Weights  # kh
    row: Weights  # kw

    @property
    def multiplications(self) -> tuple[int, int]:
        """An output cell: in one pass of the whole kernel, and in two passes of its parts."""
        return self.column.size * self.row.size, self.column.size + self.row.size


def separate(kernel: Kernel | ArrayLike, tolerance: float = TOLERANCE) -> Separation | None:
    """The column and the row whose outer product the kernel is, or None if it is no such product.

    The factors of a kernel are not unique: twice the column times half the row is the same. Those returned are the ones
    that a person would write. A part that smooths has a positive sum. Whole weights have whole factors: Sobel is
    (1, 2, 1) times (-1, 0, 1). Where weights are fractions the part that smooths is a mean and sums to 1.

    Args:
        kernel: a `Kernel`, or an array (kh, kw).
        tolerance: the part of the first singular value below which the others count as 0.

    Raises:
        ValueError: not an array with two axes of finite numbers, at least one each, whose sum is finite, too; or
            tolerance is not from 0 to 1.
    """
    weight = _weight(kernel)
    if not is_separable(weight, tolerance):
        return None
    if not weight.any():
        return Separation(np.zeros(len(weight)), np.zeros(weight.shape[1]))
    # The rows of a product are all the same but for a factor: the largest weight stands in the one to divide by.
    i, j = np.unravel_index(np.abs(weight).argmax(), weight.shape)
    whole = np.abs(weight).max() < 2**53 and (weight == np.rint(weight)).all()
    row = _smallest_whole(weight[i]) if whole else weight[i] / weight[i, j]
    column = weight[:, j] / row[j]
    if not whole:
        scale = _sum(column) or 1 / (_sum(row) or 1.0)
        column, row = column / scale, row * scale
    if (_sum(column) or _sum(row)) < 0:
        column, row = -column, -row
    return Separation(column + 0.0, row + 0.0)  # adding 0 turns -0 into 0


def is_separable(kernel: Kernel | ArrayLike, tolerance: float = TOLERANCE) -> bool:
    """Whether the kernel is a column times a row. Arguments and errors as in `separate`."""
    return kernel_rank(kernel, tolerance) <= 1


def kernel_rank(kernel: Kernel | ArrayLike, tolerance: float = TOLERANCE) -> int:
    """How many products of a column and a row the kernel is the sum of, at least: the rank of its weights.

    1 for a separable kernel, 0 if all weights are 0. Arguments and errors as in `separate`.
    """
    if not 0 <= real("tolerance", tolerance) < 1:
        raise ValueError(f"tolerance must be at least 0 and below 1, but is {tolerance}")
    values = np.linalg.svd(_weight(kernel), compute_uv=False)  # the largest first
    return int((values > tolerance * values[0]).sum())


def separability_says(kernel: Kernel | ArrayLike) -> str:
    """In words: whether the kernel is separable, and what that saves. Arguments and errors as in `separate`."""
    weight = _weight(kernel)
    height, width = weight.shape
    parts = separate(weight)
    if parts is None:
        rank = kernel_rank(weight)
        return f"Not separable: no column times a row gives these weights, it takes a sum of {rank} such products."
    if 1 in weight.shape:
        return "A single row or column: there is nothing to take apart."
    once, twice = parts.multiplications
    saved = (
        f"instead of {height}·{width} = {once}" if twice < once else f"and the whole kernel {once}: nothing is saved"
    )
    return (
        f"Separable: a column times a row. One after the other they take {height} + {width} = {twice} multiplications "
        f"an output cell {saved}."
    )


def _smallest_whole(row: Weights) -> Weights:
    """Whole numbers divided by their greatest common divisor."""
    divided: Weights = row / np.gcd.reduce(row.astype(np.int64))
    return divided


def _sum(part: Weights) -> float:
    """The sum, 0 where it is nothing but rounding."""
    total = float(part.sum())
    return total if abs(total) > TOLERANCE * np.abs(part).sum() else 0.0


def _weight(kernel: Kernel | ArrayLike) -> Weights:
    weight = kernel.weight if isinstance(kernel, Kernel) else as_array("kernel", kernel).astype(np.float64)
    if weight.ndim != 2 or 0 in weight.shape:
        raise ValueError(f"kernel must have the axes (kh, kw), at least one cell each, but its shape is {weight.shape}")
    if not np.isfinite(weight).all():
        raise ValueError("kernel must hold finite numbers, but one is infinite or no number")
    with np.errstate(over="ignore"):  # said here, in words
        if np.isinf(np.abs(weight).sum()):
            raise ValueError("kernel must have a sum that a computer can hold, but has not: use smaller numbers")
    return weight
