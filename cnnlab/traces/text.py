"""Numbers and formulas as text, the same wherever the course prints them.

A minus sign is a real one (U+2212), whole numbers carry no point, everything else is rounded to what a cell of a grid
can hold. Where rounding changed a number, :func:`is_exact` is false and a formula says "≈" in place of "=".
"""

import math
from collections.abc import Sequence

MINUS = "−"


def number(value: float) -> str:
    """A number as a grid cell shows it: three or four digits, and a real minus sign.

    >>> number(-3.0), number(0.0625), number(1 / 9), number(1234.56), number(-0.0)
    ('−3', '0.0625', '0.111', '1235', '0')
    """
    magnitude = abs(float(value)) * (1 + 1e-12)  # a tie is rounded away from 0, as one does by hand
    if magnitude == math.inf:
        text = "∞"
    elif magnitude >= 1e6:
        text = f"{magnitude:.1e}".replace("e+0", "e").replace("e+", "e")
    else:
        decimals = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 1 else 3
        if magnitude < 1 and abs(round(magnitude, 4) - magnitude) < 1e-9:
            decimals = 4  # sixteenths, as in a Gaussian kernel, stay exact
        text = f"{magnitude:.{decimals}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return MINUS + text if value < 0 and text.strip("0.") else text


def precise(value: float) -> str:
    """A result that has room: up to six digits, with a real minus sign."""
    short, longer = number(value), f"{abs(float(value)):.6g}"
    if is_exact(value) or "e" in longer:
        return short
    return MINUS + longer if value < 0 else longer


def small(value: float) -> str:
    """A number of which more is shown than zeros, where there is room for it.

    >>> small(0.25), small(0.0000454), small(0)
    ('0.25', '5e−5', '0')
    """
    if 0 < abs(value) < 0.001:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", MINUS)
    return number(value)


def is_exact(value: float, shown_as: str = "") -> bool:
    """Whether ``shown_as``, or else :func:`number`, shows ``value`` without rounding it away (to a relative 1e-9)."""
    shown = float((shown_as or number(value)).replace(MINUS, "-"))
    return abs(shown - float(value)) <= 1e-9 * max(1.0, abs(float(value)))


def factor(value: float) -> str:
    """A number that stands behind an operator: a negative one goes in parentheses."""
    return f"({number(value)})" if number(value).startswith(MINUS) else number(value)


def equals(result: float, *values: float) -> str:
    """The sign before a :func:`precise` result: "=" where it and every number shown are exact, else "≈"."""
    return "=" if is_exact(result, precise(result)) and all(is_exact(v) for v in values) else "≈"


def sum_of(values: list[float]) -> str:
    """``[10, -3, 5]`` as ``10 + (−3) + 5``."""
    return " + ".join([number(values[0]), *(factor(v) for v in values[1:])]) if values else "0"


def size_text(shape: Sequence[int]) -> str:
    """``(6, 8)`` as ``6 × 8``."""
    return " × ".join(str(n) for n in shape)


def plural(count: int, noun: str) -> str:
    """``1 cell``, ``2 cells``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
