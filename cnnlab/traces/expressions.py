"""Typed text such as `relu(w*x + b)` turned into scalars, by Python's own parser and nothing else of Python.

Read: names, numbers, `+ - * / **`, parentheses and the functions in `FUNCTIONS`. A line `z = w*x + b` (or a part
before `;`) names a step on the way; the last line is the result. Everything else is refused by name: the text is
parsed and walked through, never run.
"""

import ast
import math
import sys
from collections.abc import Mapping

from cnnlab.traces.scalars import Scalar, apply, constant, variable

FUNCTIONS = {"exp": 1, "log": 1, "max": 2, "relu": 1, "sigmoid": 1, "sin": 1, "tanh": 1}
"""The functions of typed text, and how many numbers each takes."""

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
TYPED = str.maketrans({"−": "-", "·": "*", "×": "*", "^": "**"})
"""As formulas are printed, so they may be typed."""

MOST = sys.float_info.max
LONGEST = 200
"""Characters: a longer expression has no readable picture, and could be nested beyond what a parser takes."""


def variables(text: str) -> tuple[str, ...]:
    """The names that need a value, in the order in which they appear.

    >>> variables("z = w*x + b; relu(z)")
    ('w', 'x', 'b')

    Raises:
        ValueError: the text cannot be read as an expression.
    """
    found: dict[str, None] = {}
    steps: set[str] = set()
    for name, expression in _lines(text):
        found.update(dict.fromkeys(n for n in _names(expression) if n not in steps))
        steps.add(name)
    return tuple(found)


def scalar_of(text: str, values: Mapping[str, float]) -> Scalar:
    """The result of a typed expression, with everything that it was computed from.

    Raises:
        ValueError: the text cannot be read, a name has no value, or a value is given for a name that is not there.
    """
    needed = variables(text)
    for name in needed:
        if name not in values:
            raise ValueError(f"{name} has no value: give {name} a number")
    for name in values:
        if name not in needed:
            raise ValueError(f"{name} is given a value, but does not appear in the expression {text.strip()!r}")
    known = {name: variable(name, values[name]) for name in needed}
    for name, expression in _lines(text):
        result = _scalar(expression, known)
        if name:
            result = known[name] = result.named(name)
    return result


def _lines(text: str) -> list[tuple[str, ast.expr]]:
    """(name, expression) of each line; the name is "" where the line has none."""
    if not text.strip():
        raise ValueError("the expression is empty: type something such as relu(w*x + b)")
    if len(text) > LONGEST:
        raise ValueError(f"the expression may have {LONGEST} characters, but has {len(text)}: make it shorter")
    lines: list[tuple[str, ast.expr]] = []
    for statement in _parsed(text.translate(TYPED)):
        if isinstance(statement, ast.Expr):
            lines.append(("", statement.value))
        elif isinstance(statement, ast.Assign) and _is_new_name(statement, lines):
            lines.append((ast.unparse(statement.targets[0]), statement.value))
        else:
            piece = ast.unparse(statement).splitlines()[0]
            raise ValueError(f"{piece!r} is not an expression: write something such as relu(w*x + b)")
    _check_steps(lines)
    return lines


def _check_steps(lines: list[tuple[str, ast.expr]]) -> None:
    """Every line but the last must have a name that a later line uses."""
    for i, (name, expression) in enumerate(lines[:-1]):
        if not name:
            raise ValueError(f"only the last line may be without a name: write a name and = before {_said(expression)}")
        if not any(name in _names(later) for _, later in lines[i + 1 :]):
            raise ValueError(f"{name} is never used: the last line is the result")


def _is_new_name(line: ast.Assign, before: list[tuple[str, ast.expr]]) -> bool:
    """Whether this gives a value to one name, which nothing before has used."""
    if len(line.targets) != 1 or not isinstance(line.targets[0], ast.Name):
        return False
    name = line.targets[0].id
    if name in FUNCTIONS:
        raise ValueError(f"{name} is a function: choose another name")
    if any(name == other or name in _names(expression) for other, expression in [*before, ("", line.value)]):
        raise ValueError(f"{name} already has a value: choose another name")
    return True


def _parsed(text: str) -> list[ast.stmt]:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    try:
        statements = ast.parse(lines).body
    except SyntaxError as error:
        row = lines.splitlines()[(error.lineno or 1) - 1]
        near = row[max((error.offset or 1) - 1, 0) :] or row
        raise ValueError(f"cannot read {row!r} at {near!r}: is a sign such as * or a parenthesis missing?") from None
    except (ValueError, RecursionError, MemoryError):  # a null character, thousands of parentheses
        raise ValueError(f"cannot read {lines!r}") from None
    if not statements:
        raise ValueError("the expression is empty: type something such as relu(w*x + b)")
    return statements


def _names(expression: ast.expr) -> list[str]:
    """The variables of one expression, from left to right; refuses what an expression may not hold."""
    match expression:
        case ast.Name(id=name) if name not in FUNCTIONS:
            return [name]
        case ast.Constant(value=int() | float()) if not isinstance(expression.value, bool):
            return []
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _names(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            return [*_names(left), *_names(right)]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            if len(arguments) != FUNCTIONS[name]:
                wanted = "one number" if FUNCTIONS[name] == 1 else "two numbers, as in max(a, b)"
                raise ValueError(f"{name} takes {wanted}, but {_said(expression)} gives it {len(arguments)}")
            return [found for argument in arguments for found in _names(argument)]
    raise ValueError(_refusal(expression))


def _refusal(expression: ast.expr) -> str:
    functions = f"{', '.join(list(FUNCTIONS)[:-1])} and {list(FUNCTIONS)[-1]}"
    match expression:
        case ast.Name(id=name):
            return f"{name} is a function: write {name}(...)"
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            return f"there is no function {name} here: use {functions}"
    allowed = "names, numbers, + - * / **, parentheses"
    return f"{_said(expression)} does not belong in an expression: use {allowed} and the functions {functions}"


def _said(expression: ast.expr) -> str:
    return repr(ast.unparse(expression))


def _scalar(expression: ast.expr, known: Mapping[str, Scalar]) -> Scalar:
    """The value of an expression that `_names` has let through."""
    match expression:
        case ast.Name(id=name):
            return known[name]
        case ast.Constant(value=int() | float()):
            return constant(_number(expression))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand):
            return constant(-_number(operand))  # −2 is a number, not a minus before one
        case ast.UnaryOp(op=op, operand=operand):
            x = _scalar(operand, known)
            return -x if isinstance(op, ast.USub) else x
        case ast.BinOp(left=left, op=op, right=right):
            return apply(SIGNS[type(op)], _scalar(left, known), _scalar(right, known))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return apply(name, *(_scalar(argument, known) for argument in arguments))
    raise ValueError(_refusal(expression))


def _number(written: ast.Constant) -> float:
    number = float(written.value) if written.value <= MOST else math.inf  # type: ignore[arg-type,operator]
    if number > MOST:
        raise ValueError(f"{_said(written)} is beyond the largest number that a computer holds: use smaller numbers")
    return number
