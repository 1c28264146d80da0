"""What the settings of the convolution backward lab may be that hold grids: a name, numbers as text, or an array."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnnlab.data import example
from cnnlab.kernels import KERNELS
from cnnlab.labs.numbers import parse_grid
from cnnlab.labs.sources import read_kernel
from cnnlab.traces.arrays import Array, as_matrix, read_only

INPUTS: dict[str, ArrayLike | None] = {
    "five by five": [[2, 1, 0, -1, 3], [0, 3, 1, 2, -2], [1, -1, 4, 0, 1], [-3, 2, 5, 1, 0], [1, 0, -2, 3, 2]],
    "four by four": [[1, 3, 2, 1], [4, 6, 5, 0], [3, 1, 9, 2], [0, 2, 7, 8]],
    "ties": [[2, 2, 0, 1], [2, 1, 1, 1], [5, 0, 3, 3], [0, 5, 3, 3]],
    **{name: None for name in ("dot", "step", "digit")},
}
"""Inputs to choose from; those without numbers are examples of the convolution lab."""
WEIGHTS: dict[str, ArrayLike] = {"asymmetric": [[1, 0, -1], [2, 1, 0], [0, -2, 3]], "two by two": [[1, 2], [-1, 3]]}
GRADIENTS = ("numbers", "ones", "a single one")


def small_kernels() -> list[str]:
    """The names of the kernels of at most 3 x 3."""
    return [name for name, entry in KERNELS.items() if max(entry.weight.shape) <= 3]


def grid_of(name: str, value: Any) -> Array:
    """The grid of a setting: rows of numbers as text, or an array."""
    if not isinstance(value, str):
        return as_matrix(name, value, (None, None))
    if not any(sign.isdigit() for sign in value):
        names = {"input": [*INPUTS], "grad_output": GRADIENTS}[name]
        raise ValueError(f"{name} {value!r} is not known: give one of {', '.join(names)}, or rows of numbers")
    return as_matrix(name, parse_grid(value, name), (None, None))


def input_of(value: Any) -> ArrayLike:
    """The x that ``value`` stands for, (H, W)."""
    if isinstance(value, str) and value in INPUTS:
        rows = INPUTS[value]
        return example(value)[0] if rows is None else rows
    return grid_of("input", value)


def weight_of(value: Any) -> ArrayLike:
    """The w that ``value`` stands for, (kh, kw)."""
    known = isinstance(value, str) and value in WEIGHTS
    return WEIGHTS[value] if known else read_kernel("weight", value, size=3, sigma=1.0).weight


def named_gradient(name: str, shape: tuple[int, ...]) -> Array:
    """dy of the output's shape: a few small numbers, ones, or a single one in the middle."""
    rows, cols = shape
    if name == "numbers":
        values = (3 * np.arange(rows)[:, None] + 5 * np.arange(cols) + 1) % 7 - 2.0
    else:
        values = np.full(shape, float(name == "ones"))
        values[rows // 2, cols // 2] = 1.0
    return read_only(values)
