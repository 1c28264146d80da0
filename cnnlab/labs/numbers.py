"""What a person types into a lab, as numbers; and numbers as Python source.

Typing is forgiving: commas, real minus signs, fractions, rows separated by lines or semicolons. Its errors name the
place and what would work.
"""

import json
import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_TYPED = 4096
"""Numbers that a recipe writes out; a larger array is called ``image`` there."""


def parse_number(text: str, place: str = "the cell") -> float:
    """One finite number: "2", "-0.5", "−3", "1/9", "1e-3".

    Raises ValueError for an empty text, for one that is no number, and for one that is too large or not finite.
    """
    plain = text.strip().replace("−", "-")
    if not plain:
        raise ValueError(f"{place} is empty: type a number, such as 0")
    try:
        value = float(Fraction(plain)) if "/" in plain else float(plain)
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            f"{place} holds {text.strip()!r}, which is not a number: type one such as 2, -0.5 or 1/9"
        ) from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{place} holds {text.strip()!r}, which is not a finite number: type one such as 2 or -0.5")
    return value


def parse_grid(text: str, name: str = "the grid") -> NDArray[np.float64]:
    """A grid of numbers: rows on lines of their own or after semicolons, numbers between spaces, tabs or commas.

    Nested lists as Python writes them work too, of any depth. Raises ValueError, naming row and column, for a cell that
    is no finite number, and for rows of different lengths.
    """
    if text.strip().startswith("["):
        return _from_brackets(text, name)
    lines = [line for line in re.split(r"[;\n]+", text.strip()) if line.strip()]
    rows = [[cell for cell in re.split(r"[,\s]+", line.strip(" ,\t")) if cell] for line in lines]
    if not rows:
        raise ValueError(f"{name} is empty: type rows of numbers, such as 1 0 -1")
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"{name} is ragged: row 1 has {len(rows[0])} numbers, row {i + 1} has {len(row)}; give all the same"
            )
    return np.array(
        [
            [parse_number(cell, f"{name}, row {i + 1}, column {j + 1},") for j, cell in enumerate(row)]
            for i, row in enumerate(rows)
        ]
    )


def _from_brackets(text: str, name: str) -> NDArray[np.float64]:
    try:
        nested = json.loads(text.replace("−", "-"))
    except json.JSONDecodeError:
        raise ValueError(f"{name} is not a list of numbers: write it as [[1, 0, -1], [1, 0, -1]]") from None
    try:
        values = np.array(nested, dtype=np.float64)
    except (ValueError, TypeError):
        raise ValueError(
            f"{name} is ragged or holds something that is no number: give every row the same length"
        ) from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} holds a number that is not finite: every cell needs a finite number")
    return values


def literal(value: Any) -> str:
    """A setting as Python source: arrays as lists, whole numbers without a point, a photo's array by a name."""
    if isinstance(value, np.ndarray):
        return "image" if value.size > MOST_TYPED else _array_literal(value)
    if isinstance(value, np.generic):
        return literal(value.item())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        inside = ", ".join(literal(v) for v in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
    return repr(value)


def _array_literal(values: NDArray[np.float64]) -> str:
    """A grid as rows of text, which is shorter than lists in lists; other arrays as lists."""
    if values.ndim != 2:
        return literal(values.tolist())
    return repr("; ".join(" ".join(literal(v) for v in row) for row in values.tolist()))


def same(first: Any, second: Any) -> bool:
    """Whether two values of a setting are the same, arrays by their numbers."""
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return type(first) is type(second) and np.array_equal(first, second)
    return type(first) is type(second) and bool(first == second)


def simplest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The array without leading axes of length 1: a gray image as (H, W), a single kernel as (kh, kw)."""
    while values.ndim > 2 and len(values) == 1:
        values = values[0]
    return values
