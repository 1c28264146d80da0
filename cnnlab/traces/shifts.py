"""What a small shift of an image changes behind a pooling."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.traces.arrays import whole
from cnnlab.traces.checks import as_image
from cnnlab.traces.pool import Pooling

Array = NDArray[np.float64]


def shifted(image: ArrayLike, down: int, right: int) -> Array:
    """A (C, H, W) or (H, W) image moved by some cells; what comes in from outside is 0.

    Raises:
        ValueError: not an image, or a shift that is no whole number.
    """
    x, down, right = as_image(image), whole("down", down), whole("right", right)
    _, height, width = x.shape
    moved = np.zeros_like(x)
    rows, cols = range(max(down, 0), min(height + down, height)), range(max(right, 0), min(width + right, width))
    if rows and cols:
        moved[:, rows.start : rows.stop, cols.start : cols.stop] = x[
            :, rows.start - down : rows.stop - down, cols.start - right : cols.stop - right
        ]
    moved.setflags(write=False)
    return moved


def unchanged(before: Pooling, after: Pooling) -> float:
    """The share of output cells, from 0 to 1, that have the same value in both."""
    if before.output.shape != after.output.shape:
        raise ValueError(f"the outputs must have one shape, but have {before.output.shape} and {after.output.shape}")
    return float(np.isclose(before.output, after.output, rtol=1e-9, atol=1e-12).mean())
