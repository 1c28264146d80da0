"""A row of numbers as a setting: by a name, as text, or as an array."""

from collections.abc import Collection, Mapping
from typing import Any

from cnnlab.labs.numbers import parse_grid
from cnnlab.traces.arrays import Array, as_vector


def row_of_numbers(name: str, value: Any, named: Mapping[str, Any], also: Collection[str] = ()) -> Array:
    """The numbers that a setting stands for.

    Raises:
        ValueError: a name that is not known (``also`` are others than those of ``named``), more than one row.
    """
    if not isinstance(value, str):
        return as_vector(name, value)
    if value in named:
        return as_vector(name, named[value])
    if not any(sign.isdigit() for sign in value):
        known = ", ".join([*named, *also])
        raise ValueError(f"{name} {value!r} is not known: give one of {known}, or numbers such as 1 0 2")
    values = parse_grid(value, name)
    if values.ndim != 1 and len(values) != 1:
        raise ValueError(f"{name} must be one row of numbers, such as 1 0 2")
    return as_vector(name, values.ravel())
