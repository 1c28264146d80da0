"""Kernels that blur, of any size: the box and the Gaussian."""

from math import inf

import numpy as np

from cnnlab.kernels.named import Kernel, named
from cnnlab.ops._arguments import integer
from cnnlab.ops._numbers import real

_COPIES = "Copies the picture: there is one cell only."


def box_kernel(size: int) -> Kernel:
    """The mean of size x size cells.

        w[i, j] = 1 / size**2

    Raises:
        ValueError: size is not a whole number of at least 1.
    """
    size = integer("size", size, 1)
    return named(
        f"box {size}",
        np.full((size, size), 1 / size**2),
        f"The mean of the {size * size} cells: blurs, evenly." if size > 1 else _COPIES,
        f"{size * size} times 1/{size * size}",
    )


def gaussian_kernel(size: int, sigma: float) -> Kernel:
    """A Gaussian of standard deviation `sigma` cells, sampled at the middles of size x size cells.

        w[i, j] = exp(-((i - c)**2 + (j - c)**2) / (2 sigma**2)) / (the sum of all these)     c = (size - 1) / 2

    The division makes the weights sum to 1. What lies beyond the edge of the kernel is lost: with a size of 6 sigma it
    is hardly anything. It is separable: a Gaussian down times a Gaussian across.

    Raises:
        ValueError: size is not a whole number of at least 1, or sigma is not a positive number.
    """
    size = integer("size", size, 1)
    if not 0 < real("sigma", sigma) < inf:
        raise ValueError(f"sigma must be a positive number, but is {sigma}")
    squares = (np.arange(size) - (size - 1) / 2) ** 2
    with np.errstate(over="ignore", under="ignore"):  # of a tiny sigma: nothing beside the center counts
        # Less the smallest, which the division takes out again, so that one weight at least is not 0 in binary.
        across = np.exp(-(squares - squares.min()) / 2 / sigma / sigma)
    across /= across.sum()
    return named(
        f"gaussian {size}, sigma {sigma:g}",
        np.outer(across, across),
        f"A weighted mean of {size * size} cells that falls off like a bell of width {sigma:g}: blurs."
        if size > 1
        else _COPIES,
        f"a Gaussian of standard deviation {sigma:g}, sampled and divided by its sum",
    )
