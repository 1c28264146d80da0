"""Numbers that remember how they were computed: write an expression, and a graph stands behind it.

    >>> w, x, b = variable("w", 2), variable("x", 3), variable("b", -1)
    >>> relu(w * x + b).value
    5.0

Every operation stands once, in `OPERATIONS`: what it computes, and its slope with regard to each of its inputs, in
symbols and as a function. `cnnlab.traces.graph` walks through what was built, forward and backward.

Source: Baydin, Pearlmutter, Radul, Siskind, Automatic differentiation in machine learning: a survey (2018), JMLR 18,
section 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from cnnlab.traces.text import number

LONGEST = 48
"""Characters of an expression that an error quotes."""

SUM, PRODUCT, MINUS_SIGN, POWER, CALL = 1, 2, 3, 4, 9
"""How tightly an operation holds its inputs."""


@dataclass(frozen=True)
class Operation:
    """`symbols` has a place for each input, `{0}` and `{1}`; a slope may also use the result, `{out}`, or, as a
    function of the inputs, be written differently from place to place.

    `slopes` are the local derivatives, one for each input, called as slope(*inputs, out=result). `binds` is how
    tightly the operation holds its inputs: it decides about parentheses.
    """

    name: str
    symbols: str
    value: Callable[..., float]
    slopes: tuple[tuple[str | Callable[..., str], Callable[..., float]], ...]
    binds: int = CALL


@dataclass(frozen=True, eq=False)
class Scalar:
    """A number, and the operation and inputs that it came from; none for a variable or a plain number.

    `name` is "" for what has no name of its own; `constant` says that no variable went into it, so that it has no
    gradient.
    """

    value: float
    operation: Operation | None = None
    inputs: tuple[Scalar, ...] = ()
    name: str = ""
    constant: bool = False

    def named(self, name: str) -> Scalar:
        """The same number under a name, to find it by in the graph."""
        return Scalar(self.value, self.operation, self.inputs, name, self.constant)

    def __add__(self, other: Scalar | float) -> Scalar:
        return apply("+", self, other)

    def __sub__(self, other: Scalar | float) -> Scalar:
        return apply("-", self, other)

    def __mul__(self, other: Scalar | float) -> Scalar:
        return apply("*", self, other)

    def __truediv__(self, other: Scalar | float) -> Scalar:
        return apply("/", self, other)

    def __pow__(self, other: Scalar | float) -> Scalar:
        return apply("**", self, other)

    def __radd__(self, other: float) -> Scalar:
        return apply("+", other, self)

    def __rsub__(self, other: float) -> Scalar:
        return apply("-", other, self)

    def __rmul__(self, other: float) -> Scalar:
        return apply("*", other, self)

    def __rtruediv__(self, other: float) -> Scalar:
        return apply("/", other, self)

    def __rpow__(self, other: float) -> Scalar:
        return apply("**", other, self)

    def __neg__(self) -> Scalar:
        return apply("neg", self)


def variable(name: str, value: float) -> Scalar:
    """An input of the graph: what a gradient is wanted for."""
    return Scalar(_finite(name, value), name=name)


def constant(value: float) -> Scalar:
    """A number that stands in the expression itself."""
    return Scalar(_finite("a number", value), constant=True)


def exp(x: Scalar | float) -> Scalar:
    """e to the power of x."""
    return apply("exp", x)


def log(x: Scalar | float) -> Scalar:
    """The natural logarithm of x."""
    return apply("log", x)


def relu(x: Scalar | float) -> Scalar:
    """x where it is above 0, else 0; its slope at 0 is taken as 0."""
    return apply("relu", x)


def sigmoid(x: Scalar | float) -> Scalar:
    """1 / (1 + exp(-x))."""
    return apply("sigmoid", x)


def tanh(x: Scalar | float) -> Scalar:
    """The hyperbolic tangent of x."""
    return apply("tanh", x)


def sin(x: Scalar | float) -> Scalar:
    """The sine of x, an angle in radians."""
    return apply("sin", x)


def maximum(a: Scalar | float, b: Scalar | float) -> Scalar:
    """The larger of two numbers, `max` in typed text; where they are equal each has the slope 1/2."""
    return apply("max", a, b)


def apply(name: str, *given: Scalar | float) -> Scalar:
    """The operation of this name on scalars and plain numbers.

    Raises:
        ValueError: it has no value there: a division by 0, the logarithm of a negative number, a result beyond what a
            number can hold.
    """
    operation = OPERATIONS[name]
    inputs = tuple(x if isinstance(x, Scalar) else constant(x) for x in given)
    _check_domain(operation, inputs)
    try:
        value = operation.value(*(x.value for x in inputs))
    except OverflowError:
        value = math.inf
    is_constant = all(x.constant for x in inputs)
    result = Scalar(value, operation, inputs, constant=is_constant)
    if not math.isfinite(value):
        raise ValueError(f"{text(result)} is beyond the largest number that a computer holds: use smaller numbers")
    return result


def text(x: Scalar, depth: int = 4) -> str:
    """The expression behind a scalar, as one would write it; deep inside it, only "…"."""
    if x.name or x.operation is None:
        return x.name or number(x.value)
    if depth == 0:
        return "…"
    binds = x.operation.binds

    def within(i: int, part: Scalar) -> str:
        written = text(part, depth - 1)
        strict = i == 1 or binds == POWER  # a − (b − c) and (a^b)^c need their parentheses
        weaker = part.operation is not None and not part.name and part.operation.binds < binds + strict
        return f"({written})" if binds < CALL and (weaker or written.startswith("−")) else written

    whole = x.operation.symbols.format(*(within(i, part) for i, part in enumerate(x.inputs)))
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def _check_domain(operation: Operation, inputs: tuple[Scalar, ...]) -> None:
    """Refuses, in words, what mathematics refuses."""
    first, last = inputs[0], inputs[-1]
    written, where = text(Scalar(math.nan, operation, inputs)), _where(inputs)
    if operation.name == "log" and last.value <= 0:
        raise ValueError(f"log needs a number above 0: {written} has no value{where}")
    if operation.name == "/" and last.value == 0:
        raise ValueError(f"{written} is a division by 0{where}")
    if operation.name == "**" and first.value == 0 and last.value < 0:
        raise ValueError(f"{written} is a division by 0{where}")
    if operation.name == "**" and first.value < 0 and not (last.constant and last.value.is_integer()):
        raise ValueError(f"a negative number needs a fixed whole number as its exponent: {written} has none{where}")


def _where(inputs: tuple[Scalar, ...]) -> str:
    """The words "where x is −2", for whatever does not show its value itself."""
    parts = {text(x): number(x.value) for x in inputs}
    told = " and ".join(f"{written} is {value}" for written, value in parts.items() if written != value)
    return f" where {told}" if told else ""


def _finite(name: str, value: float) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, but is {value!r}") from None
    if not math.isfinite(found):
        raise ValueError(f"{name} must be a finite number, but is {found}")
    return found


def _sigmoid(x: float) -> float:
    small = math.exp(-abs(x))  # never overflows
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


def _power_by_base(a: float, b: float, out: float) -> float:
    return b * a ** (b - 1) if b else 0.0


def _power_by_exponent(a: float, b: float, out: float) -> float:
    if a == b == 0:
        raise ArithmeticError  # 0^b falls from 1 to 0 as soon as b is above 0
    return out * math.log(a) if a > 0 else 0.0  # 0 to a positive power stays 0 when the exponent moves


def _by_base_symbols(a: Scalar, b: Scalar) -> str:
    if a.value == b.value == 0:
        return "0"  # 0·0^(−1) is no number
    if b.operation is None and b.constant and b.value in (2, 3, 4):  # as in school: 2·v, 3·v^2
        return "{1}·{0}" if b.value == 2 else f"{{1}}·{{0}}^{b.value - 1:g}"
    return "{1}·{0}^({1} − 1)"


def _by_exponent_symbols(a: Scalar, b: Scalar) -> str:
    return "0" if a.value == 0 else "{0}^{1}·log({0})"  # nor is log(0)


def _one(*inputs: float, out: float) -> float:
    return 1.0


def _minus_one(*inputs: float, out: float) -> float:
    return -1.0


def _larger(a: float, b: float) -> float:
    """1 where a is the larger, 1/2 at a tie, so that the two slopes of a maximum always add up to 1."""
    return (1 + (a > b) - (a < b)) / 2


_LARGER = "1 if {0} > {1}, ½ if equal, else 0"

OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("+", "{0} + {1}", lambda a, b: a + b, (("1", _one), ("1", _one)), SUM),
        Operation("-", "{0} − {1}", lambda a, b: a - b, (("1", _one), ("−1", _minus_one)), SUM),
        Operation(
            "*", "{0}·{1}", lambda a, b: a * b, (("{1}", lambda a, b, out: b), ("{0}", lambda a, b, out: a)), PRODUCT
        ),
        Operation(
            "/",
            "{0} / {1}",
            lambda a, b: a / b,
            (("1 / {1}", lambda a, b, out: 1 / b), ("−{0} / {1}^2", lambda a, b, out: -a / b**2)),
            PRODUCT,
        ),
        Operation("neg", "−{0}", lambda a: -a, (("−1", _minus_one),), MINUS_SIGN),
        Operation(
            "**",
            "{0}^{1}",
            lambda a, b: a**b,
            ((_by_base_symbols, _power_by_base), (_by_exponent_symbols, _power_by_exponent)),
            POWER,
        ),
        Operation("exp", "exp({0})", math.exp, (("exp({0})", lambda a, out: out),)),
        Operation("log", "log({0})", math.log, (("1 / {0}", lambda a, out: 1 / a),)),
        Operation("relu", "relu({0})", lambda a: max(a, 0.0), (("1 if {0} > 0, else 0", lambda a, out: float(a > 0)),)),
        Operation("sigmoid", "sigmoid({0})", _sigmoid, (("{out}·(1 − {out})", lambda a, out: out * (1 - out)),)),
        Operation("tanh", "tanh({0})", math.tanh, (("1 − {out}^2", lambda a, out: 1 - out**2),)),
        Operation("sin", "sin({0})", math.sin, (("cos({0})", lambda a, out: math.cos(a)),)),
        Operation(
            "max",
            "max({0}, {1})",
            max,
            (
                (_LARGER, lambda a, b, out: _larger(a, b)),
                (_LARGER.replace("0} > {1", "1} > {0"), lambda a, b, out: _larger(b, a)),
            ),
        ),
    )
}
"""Every operation by the name that typed text uses for it ("neg" is the minus before a single thing)."""
