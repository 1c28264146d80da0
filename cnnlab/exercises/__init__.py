"""Exercises that say what went wrong.

    check("conv2d", conv2d)     is it right, and if not, which mistake is it?
    hint("conv2d")              three hints, one a call
    solution("conv2d")          code to read
    progress()                  what is solved so far
    question("stride", seed=4)  a question with numbers drawn from a seed
    answer("stride", 7, seed=4) its answer, checked with the whole reasoning

Everything runs on this computer, without a network. Attempts are kept in one local file (`exercises.store`).
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from cnnlab.exercises.bank import EXERCISES
from cnnlab.exercises.bank.questions import TOPICS
from cnnlab.exercises.checking import judge
from cnnlab.exercises.exercise import Exercise, Mistake
from cnnlab.exercises.progress import Progress
from cnnlab.exercises.report import Report, Words
from cnnlab.exercises.store import Attempt, save

__all__ = [
    "EXERCISES",
    "TOPICS",
    "Exercise",
    "Mistake",
    "answer",
    "check",
    "hint",
    "progress",
    "question",
    "solution",
]

_HINTS: Counter[str] = Counter()  # given so far, in this kernel


def check(name: str, answer: Any) -> Report | Words:
    """Whether an answer to an exercise is right, and what is wrong with it if not. Raises nothing.

    Args:
        name: the exercise.
        answer: the function that was asked for, not called; or the value.
    """
    exercise = _find(name)
    if exercise is None:
        return _unknown(name)
    verdict = judge(exercise, answer)
    note = None
    if verdict.status != "unsolved":
        note = save(Attempt(exercise.name, verdict.status, verdict.mistake))
    return Report(verdict, exercise, note)


def hint(name: str) -> Words:
    """The next hint; there are three, each says more than the one before."""
    exercise = _find(name)
    if exercise is None:
        return _unknown(name)
    _HINTS[exercise.name] += 1
    given, count = _HINTS[exercise.name], len(exercise.hints)
    if given > count:
        listed = "\n".join(f"{i}. {text}" for i, text in enumerate(exercise.hints, 1))
        return Words(f"{listed}\nThere are no more hints; solution({exercise.name!r}) shows the code.")
    return Words(f"Hint {given} of {count}: {exercise.hints[given - 1]}")


def solution(name: str) -> Words:
    """A solution, as code that is meant to be read."""
    exercise = _find(name)
    return _unknown(name) if exercise is None else Words(exercise.code, code=True)


def progress() -> Progress:
    """What is solved so far, notebook by notebook."""
    return Progress.now(EXERCISES)


def question(topic: str, seed: int = 0) -> Words:
    """A question of the quiz; seed 0 has the numbers of the slide, any other seed has its own."""
    found = TOPICS.get(topic)
    return _unknown(topic, TOPICS) if found is None else Words(str(found.question(seed)))


def answer(topic: str, value: Any, seed: int = 0) -> Words:
    """Whether an answer to a question of the quiz is right, with the reasoning; numbers, a tuple, or text."""
    found = TOPICS.get(topic)
    if found is None:
        return _unknown(topic, TOPICS)
    if value is None or value is ...:
        return Words("Not answered yet.", status="unsolved")
    right, says = found.question(seed).judge(value)
    return Words(says, status="right" if right else "wrong")


def _find(name: Any) -> Exercise | None:
    """The exercise of this name, or whose function has it; "slide_stride" and "Slide stride" are the same."""

    def plain(text: Any) -> str:
        return str(text).lower().replace("_", " ").strip()

    for exercise in EXERCISES.values():
        if plain(name) in (plain(exercise.name), plain(exercise.solution.__name__)):
            return exercise
    return None


def _unknown(name: Any, known: Iterable[str] = EXERCISES) -> Words:
    return Words(f"There is no {name!r}. There are: {', '.join(map(repr, known))}.")
