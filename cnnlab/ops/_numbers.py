"""Real numbers: arguments that are one, the axis that one names, and infinities that pass through as in PyTorch."""

import operator
from math import inf, isnan
from numbers import Real
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array

# Infinities and NaN go through an op as they do in PyTorch: they show in the result, and NumPy need not warn of them.
# It decorates a function; every call gets a fresh context.
without_warnings = np.errstate(over="ignore", divide="ignore", invalid="ignore")


def real(name: str, value: float, minimum: float = -inf, maximum: float = inf, nan: bool = False) -> float:
    """`value` as a float from `minimum` to `maximum`. Booleans, words, arrays and (without `nan`) NaN do not pass.

    Raises:
        ValueError: names the argument and its value.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, but is {value!r}")
    try:
        number = float(value)
    except OverflowError:  # an integer of more than 308 digits
        most = np.finfo(float).max
        raise ValueError(f"{name} must be a number between {-most:g} and {most:g}, but is beyond that") from None
    if isnan(number):
        if nan:
            return number
        raise ValueError(f"{name} must be a number, but is {value!r}")
    if not minimum <= number <= maximum:
        wanted = f"at least {minimum:g}" if maximum == inf else f"between {minimum:g} and {maximum:g}"
        raise ValueError(f"{name} must be {wanted}, but is {number:g}")
    return number


def axis_of(name: str, value: SupportsIndex, axes: int) -> int:
    """`value` as the number of an axis, counted from the front (0 and up) or from the back (-1 and down).

    Raises:
        ValueError: not a whole number, or the input has no such axis.
    """
    last = max(axes, 1) - 1  # PyTorch takes a single number for an array of one axis
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        axis = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, but is {value!r}") from None
    if not -last - 1 <= axis <= last:
        wanted = f"between {-last - 1} and {last}"
        raise ValueError(f"{name} must be {wanted} for an input with {axes} axes, but is {axis}")
    return axis


def first_place(name: str, marked: npt.NDArray[np.bool_]) -> str | None:
    """The first marked entry, as one writes it: 'target[2, 0]'; None if nothing is marked."""
    if not marked.any():
        return None
    place = tuple(map(int, np.argwhere(marked)[0]))
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def check_probabilities(name: str, array: Array, remedy: str) -> None:
    """Refuses numbers outside 0 to 1, and NaN.

    Raises:
        ValueError: says which number it is, where, and the remedy.
    """
    outside = ~((array >= 0) & (array <= 1))
    place = first_place(name, outside)
    if place:
        value: Any = array[outside][0]
        raise ValueError(f"{name} must be between 0 and 1, but {place} is {value:g}: {remedy}")
