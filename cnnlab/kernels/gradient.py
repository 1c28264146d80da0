"""How steep a picture is, from how it changes across and down."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.ops._arguments import Array, as_arrays, computed


def gradient_magnitude(gx: ArrayLike, gy: ArrayLike) -> Array:
    """How strong an edge is, whichever way it runs: the length of the vector (gx, gy), cell by cell.

        sqrt(gx**2 + gy**2)

    The root of a sum of squares, as in Pythagoras, and not a mean. (Gonzalez and Woods, Digital Image Processing,
    section "Using first-order derivatives for image sharpening: the gradient".)

    Args:
        gx, gy: the changes to the right and downward, such as the answers of "sobel x" and "sobel y"; any shape, both
            the same. Floats keep their dtype, integers are computed in float64.

    Returns:
        An array of that shape.

    Raises:
        ValueError: the shapes differ, or one is no array of numbers.
    """
    x, y = as_arrays({"gx": gx, "gy": gy})
    if x.shape != y.shape:
        raise ValueError(f"gx and gy must have the same shape, but are {x.shape} and {y.shape}")
    length: Array = np.hypot(computed(x), computed(y))  # hypot: the squares of large numbers do not overflow
    return length.astype(x.dtype, copy=False)
