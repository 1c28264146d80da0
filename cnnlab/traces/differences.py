"""How far a gradient is from central differences of its loss, and how a sentence says that."""

from collections.abc import Callable

import numpy as np

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.arrays import Array
from cnnlab.traces.text import precise

KINK = 1e-6
"""Beyond this it is no rounding: the loss has a corner here, or the gradient is wrong."""


def largest_error(loss: Callable[[Array], float], x: Array, gradient: Array) -> float:
    """The largest difference of a gradient to central differences of `loss` at `x`; infinite where they overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.abs(numerical_gradient(loss, x).reshape(gradient.shape) - gradient)
    return float(np.nan_to_num(errors, nan=np.inf).max())


def power(error: float) -> str:
    """An error by its power of ten, rounded up, as rounding differs between machines; a large one in two digits.

    >>> power(3e-11), power(4e-8), power(1.5)
    ('10⁻⁹', '10⁻⁷', '1.5')
    """
    if error > KINK:
        return precise(float(f"{error:.2g}")) if error < np.inf else "∞"
    for exponent in (9, 8, 7):
        if error < 10.0**-exponent:
            return {9: "10⁻⁹", 8: "10⁻⁸", 7: "10⁻⁷"}[exponent]
    return "10⁻⁶"
