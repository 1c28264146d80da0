"""The texts of the graph lab: its examples, values as they are typed, and the same in PyTorch."""

import ast
import re
from collections.abc import Mapping
from typing import Any

from cnnlab.labs.numbers import literal, parse_number
from cnnlab.labs.settings import brief, number
from cnnlab.traces.expressions import FUNCTIONS, TYPED, variables

EXAMPLES: dict[str, tuple[str, str]] = {
    "(a*b + c)**2": ("a=2, b=-1, c=5", ""),
    "x*x + 3*x": ("x=4", ""),
    "relu(w*x + b)": ("w=2, x=3, b=-1", "w b"),
    "(w*x + b - y)**2 / 2": ("w=2, x=3, b=-1, y=4", "w b"),
    "log(sigmoid(w*x + b))": ("w=-1, x=2, b=1", "w b"),
    "a = sigmoid(z); (a - y)**2 / 2": ("z=3, y=0", "z"),
    "a = sigmoid(z); -(y*log(a) + (1 - y)*log(1 - a))": ("z=3, y=0", "z"),
    "max(a, b)*(a + b)": ("a=2, b=3", ""),
}
"""Expressions with their values, and the names that an update changes ("" for all)."""

FIRST = (2.0, -1.0, 3.0, 0.5, -2.0, 1.0)
"""What names begin with that no one has given a value."""


def typed(name: str, value: Any) -> str:
    """The check of a setting that is text."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text such as 'relu(w*x + b)', but is {brief(value)}")
    return value


def given(name: str, value: Any) -> dict[str, float]:
    """The check of numbers by name, from "w=2, x=-3" or from a dictionary."""
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: number(f"{key} in {name}", one) for key, one in value.items()}
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text such as 'w=2, x=-3', but is {brief(value)}")
    found = {}
    for piece in filter(None, (piece.strip() for piece in re.split(r"[,;\n]", value))):
        key, equals, text = (part.strip() for part in piece.partition("="))
        if not equals or not key.isidentifier():
            raise ValueError(f"{name} must be text such as 'w=2, x=-3', but holds {brief(piece)}")
        found[key] = parse_number(text, f"{key} in {name}")
    return found


def as_text(values: Mapping[str, float]) -> str:
    """Values as they are typed."""
    return ", ".join(f"{name}={value:.12g}" for name, value in values.items())


def all_values(expression: str, values: Mapping[str, float]) -> dict[str, float]:
    """A number for every name of an expression: the given one, that of the example, or one of the first."""
    needed, example = variables(expression), given("values", EXAMPLES.get(expression, ("", ""))[0])
    known = {name: FIRST[i % len(FIRST)] for i, name in enumerate(needed)} | example | dict(values)
    return {name: known[name] for name in needed}


def learned(expression: str, learn: str) -> tuple[str, ...]:
    """The names that an update changes: those in `learn`, those of the example, or all."""
    needed = variables(expression)
    names = learn.replace(",", " ").split() or EXAMPLES.get(expression, ("", ""))[1].split()
    for name in names:
        if name not in needed:
            raise ValueError(f"learn must hold names of the expression, {', '.join(needed)}, but holds {brief(name)}")
    return tuple(names) or needed


def torch_code(expression: str, values: Mapping[str, float]) -> str:
    """PyTorch code that runs as it is: `y` is the result, and behind it the gradient of each name, as one row."""
    lines = ast.parse("\n".join(line.strip() for line in re.split(r"[;\n]", expression.translate(TYPED).strip()))).body
    *steps, last = (ast.unparse(_Tensors().visit(line)) for line in lines)
    result = last.partition(" = ")[2] if isinstance(lines[-1], ast.Assign) else last
    used = {node.id for line in lines for node in ast.walk(line) if isinstance(node, ast.Name)}
    names = sorted("maximum as max" if name == "max" else name for name in FUNCTIONS if name in used)
    numbers = [
        f"{name} = torch.tensor({literal(float(value))}, dtype=torch.float64, requires_grad=True)"
        for name, value in values.items()
    ]
    gradients = ", ".join(["result.detach()", *(f"{name}.grad" for name in values)])
    return "\n".join(
        [
            "import torch",
            *([f"from torch import {', '.join(names)}"] if names else []),
            "",
            *numbers,
            *steps,
            f"result = {result}" if values else f"result = torch.as_tensor({result}, dtype=torch.float64)",
            *(["result.backward()"] if values else []),
            f"y = torch.stack([{gradients}])[None]",
        ]
    )


class _Tensors(ast.NodeTransformer):
    """PyTorch's functions take tensors: a plain number in them becomes one."""

    def visit_Call(self, call: ast.Call) -> ast.Call:
        self.generic_visit(call)
        plain = [not any(isinstance(part, ast.Name) for part in ast.walk(argument)) for argument in call.args]
        call.args = [
            ast.parse(f"torch.tensor(float({ast.unparse(a)}), dtype=torch.float64)", mode="eval").body if p else a
            for a, p in zip(call.args, plain, strict=True)
        ]
        return call
