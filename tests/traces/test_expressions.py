"""Typed expressions: what is read, and what is refused with the offending piece."""

import pytest

from cnnlab.traces.expressions import scalar_of, variables

# typed text, words of the answer
UNREADABLE = [
    ("", "the expression is empty"),
    ("   \n", "the expression is empty"),
    ("# a remark", "the expression is empty"),
    ("2x", "cannot read '2x' at"),
    ("w x", "cannot read 'w x' at 'x'"),
    ("(1 + x", "cannot read"),
    ("x +", "cannot read"),
    ("x\0", "cannot read"),
    ("a" * 201, "may have 200 characters, but has 201"),
    ("sqrt(x)", "there is no function sqrt here: use exp, log, max, relu, sigmoid, sin and tanh"),
    ("__import__('os')", "there is no function __import__ here"),
    ("exp", r"exp is a function: write exp\(...\)"),
    ("exp + 1", r"exp is a function: write exp\(...\)"),
    ("exp(x, y)", r"exp takes one number, but 'exp\(x, y\)' gives it 2"),
    ("max(x)", r"max takes two numbers, as in max\(a, b\), but 'max\(x\)' gives it 1"),
    ("max(*x)", "max takes two numbers"),
    ("max(*x, y)", r"'\*x' does not belong"),
    ("relu(x, inplace=1)", "does not belong"),
    ("x.real", "'x.real' does not belong in an expression: use names, numbers"),
    ("x[0]", r"'x\[0\]' does not belong"),
    ("x if y else z", "does not belong"),
    ("x == y", "does not belong"),
    ("x % y", "does not belong"),
    ("x // y", "does not belong"),
    ("not x", "does not belong"),
    ("lambda: x", "does not belong"),
    ("[x]", "does not belong"),
    ("'x'", "does not belong"),
    ("True", "'True' does not belong"),
    ("2j", "'2j' does not belong"),
    ("(x := 3)", "does not belong"),
    ("import os", "'import os' is not an expression"),
    ("for x in y: z", "'for x in y:' is not an expression"),
    ("x = y = 2", "is not an expression"),
    ("x, y = 2", "is not an expression"),
    ("x += 2", "is not an expression"),
    ("x; y", "only the last line may be without a name: write a name and = before 'x'"),
    ("exp = 2; x", "exp is a function: choose another name"),
    ("x = 2; x = 3; x", "x already has a value"),
    ("x = x + 1", "x already has a value"),
    ("y = x; x = 3; x + y", "x already has a value"),
    ("z = x; y", "z is never used: the last line is the result"),
]


def test_the_variables_of_a_text_are_found_in_order():
    assert variables("z = w*x + b; relu(z) - w") == ("w", "x", "b")


@pytest.mark.parametrize(("text", "words"), UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_piece(text, words):
    with pytest.raises(ValueError, match=words):
        scalar_of(text, {"x": 1, "y": 2, "z": 3, "w": 4})
    with pytest.raises(ValueError, match=words):
        variables(text)


def test_nesting_to_the_limit_is_no_crash():
    assert scalar_of("-" * 198 + "x", {"x": 3}).value == 3
    assert scalar_of("(" * 99 + "x" + ")" * 99, {"x": 3}).value == 3
