"""What a person with a calculator gets out of the text of a formula."""

import math
import re

import pytest

from cnnlab.traces.equation import Equation

SIGNS = {"·": "*", "−": "-", "²": "**2", "^": "**", "√": "sqrt", "½": "0.5", "1 / n": "1/n"}
KNOWN = {
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "max": max,
    "abs": abs,
}


def evaluated(text: str) -> float:
    """The number that the text of a formula comes to."""
    if cases := re.fullmatch(r"(.+) if (.+), 0\.5 if equal, else (.+)", text.replace("½", "0.5")):
        left, right = (evaluated(side) for side in cases[2].split(" > "))
        return 0.5 if left == right else evaluated(cases[1] if left > right else cases[3])
    if cases := re.fullmatch(r"(.+) if (.+) > (.+), else (.+)", text):
        return evaluated(cases[1]) if evaluated(cases[2]) > evaluated(cases[3]) else evaluated(cases[4])
    python = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    for sign, meaning in SIGNS.items():
        python = python.replace(sign, meaning)
    return float(eval(python, {"__builtins__": {}, **KNOWN}))


def check(found: Equation, rel: float = 1e-9) -> None:
    """Asserts that the formula comes to its result where it claims to be exact, and is near it elsewhere."""
    assert "…" not in found.numbers
    assert str(found).startswith(f"{found.name} = ") and str(found).endswith(f" {found.sign} {found.result_text}")
    if found.sign == "=":
        assert evaluated(found.numbers) == pytest.approx(found.result, rel=rel, abs=1e-9), str(found)
    else:
        assert found.sign == "≈"
