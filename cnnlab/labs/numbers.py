"""What a person types into a lab, as numbers; and numbers as Python source.

Typing is forgiving: commas, real minus signs, fractions, rows separated by lines or semicolons. Its errors name the
place and what would work.
"""

import json
import math
import re
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_WRITTEN = 4096
"""Numbers that are written out as Python source; a larger array goes by a name there."""


def parse_number(text: str, place: str = "the cell") -> float:
    """One finite number: "2", "-0.5", "−3", "1/9", "1e-3".

    Raises ValueError for an empty text, for one that is no number, and for one that is too large or not finite.
    """
    plain = text.strip().replace("−", "-")
    plain = plain.replace(",", ".") if plain.count(",") == 1 else plain  # as much of the world writes it
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

    Between tabs, as a spreadsheet copies it, and where spaces separate, a comma in a number is a decimal comma.

    Nested lists as Python writes them work too, of any depth. Raises ValueError, naming row and column, for a cell that
    is no finite number, and for rows of different lengths.
    """
    if text.strip().startswith("["):
        return _from_brackets(text, name)
    lines = [line for line in re.split(r"[;\n]+", text.strip()) if line.strip()]
    rows = [_split(line.strip(" ,"), name) for line in lines]
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


def _split(line: str, name: str) -> list[str]:
    """The numbers of one row."""
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    words = line.split()
    inside = [word.strip(",") for word in words if "," in word.strip(",")]
    if not inside or len(words) == 1:
        return [cell for cell in re.split(r"[,\s]+", line) if cell]
    if any(word.count(",") > 1 for word in inside):
        raise ValueError(f"{name} mixes commas and spaces in {line.strip()!r}: put one space between two numbers")
    return [word.strip(",") for word in words]


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


def literal(value: Any, name: str = "array") -> str:
    """A setting as Python source: grids as rows of text, whole numbers without a point, large arrays as a name."""
    if isinstance(value, np.ndarray):
        return f"your_{name}" if value.size > MOST_WRITTEN else _array_literal(value)
    if isinstance(value, PurePath):
        return repr(str(value))
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
    """A single map as (H, W); an array of several stays as it is, so that its axes keep their meaning."""
    rows, cols = values.shape[-2:]
    return values.reshape(rows, cols) if values.size == rows * cols else values
