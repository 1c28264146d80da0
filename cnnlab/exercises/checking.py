"""From an answer to a verdict: right, a known mistake by its name, or the smallest case in which it goes wrong."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake
from cnnlab.exercises.running import Failure, Outcome, run


@dataclass(frozen=True, eq=False)
class Failing:
    """A case in which the answer is not what it should be."""

    arguments: Arguments
    expected: Any
    got: Any  # None where the call ended in an error


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is said of an answer: ``status`` is "right", "unsolved" or "wrong", ``says`` one or two sentences."""

    status: str
    says: str
    mistake: str | None = None
    failing: Failing | None = None

    @property
    def right(self) -> bool:
        return self.status == "right"


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer: a function, or for a question the value itself. Raises nothing."""
    refused = _refuse(exercise, answer)
    if refused:
        return refused
    function = (lambda: answer) if exercise.asks_for_a_value else answer
    cases = _cases(exercise)
    outcomes: list[Outcome] = []
    for arguments in cases:
        outcomes.append(run(function, arguments, first=not outcomes))
        if outcomes[-1].too_long:  # once is enough
            return Verdict("wrong", _TOO_LONG, failing=_failing(exercise, len(outcomes) - 1, outcomes[-1]))
    wrong = [i for i, outcome in enumerate(outcomes) if not _agrees(outcome, _expected(exercise)[i], exercise)]
    if wrong:
        return _wrong(exercise, outcomes, wrong)
    changed = next((outcome.changed for outcome in outcomes if outcome.changed), ())
    if changed:
        return Verdict("wrong", _CHANGED.format(exercise.arguments[changed[0]]), "input changed")
    return Verdict("right", _what_was_tried(exercise, cases))


_TOO_LONG = "It did not end within a few seconds and was stopped. Is there a loop whose condition never becomes false?"
_CHANGED = "The numbers are right, but {0} was changed on the way: work on a copy, as in {0}.copy()."


# ---- before anything runs -------------------------------------------------------------------------------------------


def _refuse(exercise: Exercise, answer: Any) -> Verdict | None:
    name = exercise.name
    if answer is None or answer is ...:
        return Verdict("unsolved", "Not answered yet.")
    if exercise.asks_for_a_value:
        if callable(answer):
            return Verdict("wrong", f"Give the value itself, not a function: check({name!r}, value).")
        return None
    if not callable(answer):
        function = exercise.solution.__name__
        return Verdict("wrong", f"Give the function itself, without calling it: check({name!r}, {function}).")
    try:
        signature = inspect.signature(answer)
    except ValueError:  # a built-in function that does not say what it takes
        return None
    names = tuple(signature.parameters)[: len(exercise.arguments)]
    mixed_up = sorted(names) == sorted(exercise.arguments) and names != exercise.arguments
    if mixed_up or not _can_be_called(signature, exercise):
        given = f"{getattr(answer, '__name__', 'your function')}{signature}"
        return Verdict("wrong", f"It will be called as {exercise.call}, but you wrote {given}.")
    return None


def _can_be_called(signature: inspect.Signature, exercise: Exercise) -> bool:
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        return False
    return True


# ---- wrong ----------------------------------------------------------------------------------------------------------


def _wrong(exercise: Exercise, outcomes: Sequence[Outcome], wrong: Sequence[int]) -> Verdict:
    outcome = outcomes[wrong[0]]
    if all(_is_empty(outcome) for outcome in outcomes):
        forgotten = all(outcome.failure is None and outcome.value is None for outcome in outcomes)
        says = ": your function returns nothing. Does it end in a return?" if forgotten else "."
        return Verdict("unsolved", f"Not solved yet{says}")
    if exercise.uses and all(_has_holes(outcome) for outcome in outcomes):
        return Verdict("unsolved", f"Not solved yet: {exercise.uses}, the step before, does not return anything yet.")
    smallest = min(wrong, key=lambda i: _size(_cases(exercise)[i]))
    failing = _failing(exercise, smallest, outcomes[smallest])
    mistake = recognized(exercise, outcomes)
    if mistake:
        return Verdict("wrong", mistake.says, mistake.name, failing)
    outcome = outcomes[smallest]
    special = _right_only_for(exercise, wrong)
    if special:
        return Verdict("wrong", f"It is right for {special} only.", f"only {special}", failing)
    if outcome.failure:
        return Verdict("wrong", f"Your code stops with {outcome.failure}", failing=failing)
    return Verdict("wrong", describe(failing.expected, outcome.value, exercise.results), failing=failing)


def recognized(exercise: Exercise, outcomes: Sequence[Outcome]) -> Mistake | None:
    """The mistake that gives the same results in all cases; one that only some share is another one."""
    for mistake, theirs in zip(exercise.mistakes, _mistaken(exercise), strict=True):
        if all(_same_outcome(one, other, exercise) for one, other in zip(outcomes, theirs, strict=True)):
            return mistake
    return None


def _right_only_for(exercise: Exercise, wrong: Sequence[int]) -> str | None:
    """The kind of arguments that all right cases are of, and none of the wrong ones."""
    cases = _cases(exercise)
    if len(cases) - len(wrong) < 2:  # a single case may be right by chance
        return None
    for kind, is_of_it in exercise.only.items():
        if all(is_of_it(*arguments) == (i not in wrong) for i, arguments in enumerate(cases)):
            return kind
    return None


def describe(expected: Any, got: Any, names: Sequence[str] = ()) -> str:
    """In which way a result is not the expected one; of several, which has a name each, the first wrong one."""
    if got is None:
        return "In this case your function returns nothing."
    if not isinstance(expected, tuple):
        return _describe_one(expected, got, "The result")
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        return f"The result should be {len(expected)} things, as in return {', '.join(names) or 'a, b'}."
    wrong = [i for i, (e, g) in enumerate(zip(expected, got, strict=True)) if not same(e, g)]
    return _describe_one(expected[wrong[0]], got[wrong[0]], names[wrong[0]] if names else "The result")


def _describe_one(expected: Any, got: Any, name: str) -> str:
    numbers = as_numbers(got)
    if numbers is None:
        return f"{name} should hold numbers, but is {_kind(got)}."
    if numbers.shape != np.shape(expected) == ():
        return f"{name} should be a single number, but has the shape {numbers.shape}."
    if numbers.shape != np.shape(expected) and numbers.shape == ():
        return f"{name} should have the shape {np.shape(expected)}, but is a single number."
    if numbers.shape != np.shape(expected):
        return f"{name} should have the shape {np.shape(expected)}, but has {numbers.shape}."
    if np.isnan(numbers).any():
        divided = "somewhere 0 was divided by 0 or infinity by infinity"
        return f"{name} holds NaN: {divided}, or a number was never filled in."
    if numbers.size > 1 and not numbers.any():
        return f"{name} is zero everywhere."
    off = int((~np.isclose(numbers, expected, rtol=1e-6, atol=1e-9)).sum())
    if numbers.size == 1:
        return f"{name} should be {np.asarray(expected).item():.6g}, but is {numbers.item():.6g}."
    where = "" if name == "The result" else f" of {name}"
    return f"{off} of {numbers.size} numbers{where} are not as expected."


# ---- comparing ------------------------------------------------------------------------------------------------------


def same(expected: Any, got: Any, tolerance: float = 1e-6) -> bool:
    """Whether a result is the expected one: shape for shape and number for number, to a relative tolerance."""
    if isinstance(expected, tuple):
        fits = isinstance(got, tuple | list) and len(got) == len(expected)
        return fits and all(same(e, g, tolerance) for e, g in zip(expected, got, strict=True))
    if isinstance(expected, str):
        return isinstance(got, str) and got.strip().lower() == expected.lower()
    right, numbers = np.asarray(expected, dtype=float), as_numbers(got)
    if numbers is None or numbers.shape != right.shape:
        return False
    largest = float(np.abs(right[np.isfinite(right)]).max(initial=0))
    return bool(np.allclose(numbers, right, rtol=0, atol=tolerance * max(largest, 1e-6), equal_nan=True))


def as_numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """The value as an array of floats; None if it does not hold real numbers."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None


def _agrees(outcome: Outcome, expected: Any, exercise: Exercise) -> bool:
    return outcome.failure is None and same(expected, outcome.value, exercise.tolerance)


def _same_outcome(one: Outcome, other: Outcome, exercise: Exercise) -> bool:
    if one.failure or other.failure:
        return bool(one.failure and other.failure and _without_numbers(one.failure) == _without_numbers(other.failure))
    if _is_empty(one) or _is_empty(other):
        return False
    return same(other.value, one.value, exercise.tolerance)


def _without_numbers(failure: Failure) -> str:
    """What was raised, the same for every size of the input."""
    return re.sub(r"\d+", "", f"{failure.kind}: {failure.message}")


def _has_holes(outcome: Outcome) -> bool:
    """Whether the nothing that an unwritten function returns went into the result, or stopped it."""
    if outcome.failure:
        return any(word in outcome.failure.message for word in ("NoneType", "ellipsis"))
    value = outcome.value
    return isinstance(value, np.ndarray) and value.dtype == object and any(v is None or v is ... for v in value.flat)


def _is_empty(outcome: Outcome) -> bool:
    nothing = outcome.failure is None and (outcome.value is None or outcome.value is ...)
    return nothing or (outcome.failure is not None and outcome.failure.kind == "NotImplementedError")


# ---- what does not depend on the answer ------------------------------------------------------------------------------


@cache
def _cases(exercise: Exercise) -> list[Arguments]:
    return exercise.draw()


@cache
def _expected(exercise: Exercise) -> list[Any]:
    return [run(exercise.solution, arguments).value for arguments in _cases(exercise)]


@cache
def _mistaken(exercise: Exercise) -> list[list[Outcome]]:
    return [[run(mistake.function, arguments) for arguments in _cases(exercise)] for mistake in exercise.mistakes]


def _failing(exercise: Exercise, case: int, outcome: Outcome) -> Failing:
    return Failing(_cases(exercise)[case], _expected(exercise)[case], outcome.value)


def _what_was_tried(exercise: Exercise, cases: Sequence[Arguments]) -> str:
    if exercise.asks_for_a_value:
        return "Right."
    shapes = [argument.shape for arguments in cases for argument in arguments if isinstance(argument, np.ndarray)]
    kinds = f", up to {' x '.join(map(str, max(shapes, key=prod)))}" if shapes else ""
    return f"Right. It was tried on {len(cases)} different inputs{kinds}."


def _size(arguments: Arguments) -> int:
    return sum(int(np.size(argument)) for argument in arguments)


def _kind(value: Any) -> str:
    return f"a {type(value).__name__}" + (f" ({value!r})" if isinstance(value, str) else "")
