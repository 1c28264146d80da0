"""A formula on its way to its result: in symbols, then with its numbers filled in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cnnlab.traces.text import equals, factor, number, precise

MOST_TERMS = 9
"""Terms that a sum writes out; of more it shows the first three and the last."""

Parts = tuple[str, list[float]]
"""A piece of a template, and the numbers for its places."""


@dataclass(frozen=True)
class Equation:
    """``name = symbols = numbers``, and ``result`` behind the ``sign``.

    ``sign`` is "=" where the result and every number shown are exact, "≈" where one is rounded.

    >>> print(equation("y", "w·x", "{}·{}", [-2, 3], -6))
    y = w·x = (−2)·3 = −6
    """

    name: str
    symbols: str
    numbers: str
    sign: str
    result: float

    def __str__(self) -> str:
        """The whole line; what would stand in it twice in a row stands once."""
        result = precise(self.result)
        said = [part for part in dict.fromkeys((self.symbols, self.numbers)) if part != result]
        return f"{' = '.join([self.name, *said])} {self.sign} {result}"


class _Shown(float):
    """A number that writes itself into a template: ``{}`` in parentheses where negative, ``{:n}`` without."""

    def __format__(self, spec: str) -> str:
        return number(self) if spec == "n" else factor(self)


def equation(name: str, symbols: str, template: str, values: Sequence[float], result: float) -> Equation:
    """An :class:`Equation` whose numbers are ``values``, filled into the places ``{}`` of ``template``."""
    alone = re.fullmatch(r"\{(\d*)\}", template)  # nothing stands before it: no parentheses
    numbers = (f"{{{alone[1]}:n}}" if alone else template).format(*(_Shown(v) for v in values))
    return Equation(name, symbols, numbers, equals(result, *map(float, values)), float(result))


def terms(each: Sequence[Parts]) -> Parts:
    """The sum of ``each``; a long one is cut short in its middle.

    >>> terms([("{}·{}", [2, 3]), ("{}·{}", [4, -1])])
    ('{}·{} + {}·{}', [2, 3, 4, -1])
    """
    shown = list(each) if len(each) <= MOST_TERMS else [*each[:3], ("…", []), each[-1]]
    return " + ".join(template for template, _ in shown), [v for _, values in shown for v in values]


def total(values: Sequence[float]) -> Parts:
    """The template of a plain sum: ``[4, -1]`` becomes ``4 + (−1)``."""
    if len(values) == 0:
        return "0", []
    return terms([("{}" if i else "{:n}", [float(v)]) for i, v in enumerate(values)])


def products(left: Sequence[float], right: Sequence[float]) -> Parts:
    """The template of a sum of products: ``[2, 1]`` and ``[3, -5]`` become ``2·3 + 1·(−5)``."""
    if len(left) == 0:
        return "0", []
    pairs = zip(left, right, strict=True)
    return terms([("{}·{}" if i else "{:n}·{}", [float(a), float(b)]) for i, (a, b) in enumerate(pairs)])
