"""Exercises that say what went wrong.

    check("conv2d", conv2d)     is it right, and if not, which mistake is it?
    hint("conv2d")              three hints, one a call
    solution("conv2d")          code to read
    progress()                  what is solved so far

Everything runs on this computer, without a network. Attempts are kept in one local file (`exercises.store`).
"""

from collections import Counter
from typing import Any

from cnnlab.exercises.bank import EXERCISES
from cnnlab.exercises.checking import judge
from cnnlab.exercises.exercise import Exercise, Mistake
from cnnlab.exercises.progress import Progress
from cnnlab.exercises.report import Report, Words
from cnnlab.exercises.store import Attempt, save

__all__ = ["EXERCISES", "Exercise", "Mistake", "check", "hint", "progress", "solution"]

_HINTS: Counter[str] = Counter()  # given so far, in this kernel


def check(name: str, answer: Any) -> Report | Words:
    """Whether an answer to an exercise is right, and what is wrong with it if not. Raises nothing.

    Args:
        name: the exercise.
        answer: the function that was asked for, not called; or the value.
    """
    exercise = EXERCISES.get(name)
    if exercise is None:
        return _unknown(name)
    verdict = judge(exercise, answer)
    note = None
    if verdict.status != "unsolved":
        note = save(Attempt(name, verdict.status, verdict.mistake))
    return Report(verdict, exercise, note)


def hint(name: str) -> Words:
    """The next hint; there are three, each says more than the one before."""
    exercise = EXERCISES.get(name)
    if exercise is None:
        return _unknown(name)
    _HINTS[name] += 1
    if _HINTS[name] > len(exercise.hints):
        listed = "\n".join(f"{i}. {text}" for i, text in enumerate(exercise.hints, 1))
        return Words(f"{listed}\nThere are no more hints; solution({name!r}) shows the code.")
    return Words(f"Hint {_HINTS[name]} of {len(exercise.hints)}: {exercise.hints[_HINTS[name] - 1]}")


def solution(name: str) -> Words:
    """A solution, as code that is meant to be read."""
    exercise = EXERCISES.get(name)
    return _unknown(name) if exercise is None else Words(exercise.code, code=True)


def progress() -> Progress:
    """What is solved so far, notebook by notebook."""
    return Progress.now(EXERCISES)


def _unknown(name: Any) -> Words:
    listed = ", ".join(map(repr, EXERCISES))
    return Words(f"There is no exercise {name!r}. There are: {listed}.")
