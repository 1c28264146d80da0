"""Arrays that a trace keeps: finite, float64, read-only."""

import sys
from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops import _arguments as arguments
from cnnlab.traces.checks import finite

Array = NDArray[np.float64]


def read_only(values: ArrayLike) -> Array:
    """A float64 copy that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def as_vector(name: str, values: ArrayLike, length: int | None = None) -> Array:
    """``values`` as finite numbers in a row, ``length`` of them if that is given.

    Raises:
        ValueError: another shape, no number at all, or one that is not finite.
    """
    array = arguments.as_array(name, values)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be a list of numbers, but its shape is {array.shape}")
    if length is not None and len(array) != length:
        raise ValueError(f"{name} must have {length} numbers, but has {len(array)}")
    return read_only(finite(name, array))


def as_matrix(name: str, values: ArrayLike, shape: Sequence[int | None]) -> Array:
    """``values`` as finite (rows, columns); None in ``shape`` stands for any number of them.

    Raises:
        ValueError: another shape, no number at all, or one that is not finite.
    """
    array = arguments.as_array(name, values)
    fits = array.ndim == 2 and all(want in (None, have) for want, have in zip(shape, array.shape, strict=True))
    if not fits or array.size == 0:
        wanted = " x ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} must have rows x columns {wanted}, but its shape is {array.shape}")
    return read_only(finite(name, array))


def finite_number(name: str, value: float, minimum: float = -np.inf, maximum: float = np.inf) -> float:
    """A finite number between two others, also as an array of no axes.

    Raises:
        ValueError: names the argument and its value.
    """
    if isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be a number, but is {value}")
    array = arguments.as_array(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, but its shape is {array.shape}")
    found = float(array)
    if not np.isfinite(found):
        raise ValueError(f"{name} must be a finite number, but is {found}")
    if not minimum <= found <= maximum:
        limits = f"at least {minimum:g}" if maximum == np.inf else f"between {minimum:g} and {maximum:g}"
        raise ValueError(f"{name} must be {limits}, but is {found:g}")
    return found


def within(name: str, index: SupportsIndex, count: int) -> int:
    """``index``, if there are more than so many; ValueError otherwise."""
    i = whole(name, index)
    if not 0 <= i < count:
        raise ValueError(f"{name} must be from 0 to {count - 1}, but is {i}")
    return i


def whole(name: str, value: SupportsIndex) -> int:
    """A whole number of either sign; ValueError otherwise."""
    return arguments.integer(name, value, -sys.maxsize)


def bounded(name: str, values: ArrayLike) -> Array:
    """A computed array, read-only; ValueError where its numbers have grown beyond what a number can hold."""
    array = read_only(values)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is beyond the largest number that a computer holds: use smaller numbers")
    return array
