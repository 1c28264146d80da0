"""A formula on its way to its result: in symbols, then with its numbers filled in."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.text import MINUS, number, precise

MOST_TERMS = 9
"""Terms that a sum writes out; of more it shows the first three and the last."""

SHOWN = 1e-9
"""What is nearer to 0 has no logarithm and no quotient that one could read: their values are shown in its place."""

PRODUCT = re.compile(r"[({]*\{(:n)?\}([·(]|\{\}|\))*")
"""A template that only multiplies."""

Numbers = Sequence[float] | NDArray[np.float64]

Parts = tuple[str, list[float]]
"""A piece of a template, and the numbers for its places."""

Right = tuple[str, Parts]
"""The right side of an equation: its symbols, and the template with its numbers."""


@dataclass(frozen=True)
class Equation:
    """`name = symbols = numbers`, and `result` behind the `sign`.

    `sign` is "=" where the result and every number shown are exact, "≈" where one is rounded.

    Numbers beside 0 and 1 keep their digits: the 0.000058 in a logarithm must not look like a 0.

    >>> print(equation("y", "w·x", "{}·{}", [-2, 3], -6))
    y = w·x = (−2)·3 = −6
    """

    name: str
    symbols: str
    numbers: str
    sign: str
    result: float

    @property
    def result_text(self) -> str:
        """The result as the line shows it."""
        return _careful(self.result, 6) or precise(self.result)

    def __str__(self) -> str:
        """The whole line; what would stand in it twice stands once."""
        said = [part for part in dict.fromkeys((self.symbols, self.numbers)) if part != self.result_text]
        return f"{' = '.join([self.name, *said])} {self.sign} {self.result_text}"


class _Shown(float):
    """A number that writes itself into a template: `{}` in parentheses where negative, `{:n}` without."""

    used = False

    def __format__(self, spec: str) -> str:
        self.used = True
        text = _careful(self, 3) or number(self)
        return f"({text})" if text.startswith(MINUS) and spec != "n" else text


def _careful(value: float, digits: int) -> str:
    """A number just beside 0 or 1, which rounding must not make one; "" for any other, and where it is exact anyway.

    What is nearer to 0 than 1e-12 is the rounding of a computer.
    """
    size = abs(value)
    if _exact(value, number(value)):
        return ""
    if 1e-12 <= size < 0.01:
        mantissa, _, exponent = f"{size:.{digits}g}".partition("e-")
        text = f"{mantissa}e{MINUS}{exponent.lstrip('0')}" if exponent else mantissa
    elif 1e-12 <= 1 - size < 0.01:
        text = f"{size:.{max(digits, 2 - math.ceil(math.log10(1 - size)))}f}".rstrip("0")
    else:
        return ""
    return MINUS + text if value < 0 else text


def _exact(value: float, text: str) -> bool:
    """Whether nothing was rounded away, however small the number is, save for the last digits of a computer's own.

    Much less than what stands out in 1 − a, where a is beside 1.
    """
    return abs(float(text.replace(MINUS, "-")) - value) <= 1e-14 * abs(value)


def equation(name: str, symbols: str, template: str, values: Sequence[float], result: float) -> Equation:
    """An `Equation` whose numbers are `values`, filled into the places `{}` of `template`.

    `{}` puts a negative number in parentheses, `{:n}` does not; `{0}`, `{1}` choose among the values.
    """
    alone = re.fullmatch(r"\{(\d*)\}", template)  # nothing stands before it: no parentheses
    shown = [_Shown(v) for v in values]
    line = Equation(name, symbols, (f"{{{alone[1]}:n}}" if alone else template).format(*shown), "=", float(result))
    exact = _exact(line.result, line.result_text) and all(_exact(v, f"{v:n}") for v in shown if v.used)
    exact = exact or (line.result == 0 in values and bool(PRODUCT.fullmatch(template)))  # 0 times whatever was rounded
    return line if exact else replace(line, sign="≈")


def terms(each: Sequence[Parts]) -> Parts:
    """The sum of `each`; a long one is cut short in its middle.

    >>> terms([("{}·{}", [2, 3]), ("{}·{}", [4, -1])])
    ('{}·{} + {}·{}', [2, 3, 4, -1])
    """
    shown = list(each) if len(each) <= MOST_TERMS else [*each[:3], ("…", []), each[-1]]
    return " + ".join(template for template, _ in shown), [v for _, values in shown for v in values]


def total(values: Numbers) -> Parts:
    """The template of a plain sum: `[4, -1]` becomes `4 + (−1)`."""
    if len(values) == 0:
        return "0", []
    if len(values) > MOST_TERMS:  # of a whole photo only the ends are written
        values = [*values[:MOST_TERMS], values[-1]]
    return terms([("{}" if i else "{:n}", [float(v)]) for i, v in enumerate(values)])


def products(left: Numbers, right: Numbers) -> Parts:
    """The template of a sum of products: `[2, 1]` and `[3, -5]` become `2·3 + 1·(−5)`."""
    if len(left) == 0:
        return "0", []
    pairs = zip(left, right, strict=True)
    return terms([("{}·{}" if i else "{:n}·{}", [float(a), float(b)]) for i, (a, b) in enumerate(pairs)])
