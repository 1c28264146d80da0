"""Questions with numbers drawn from a seed, and answers that are checked with the whole reasoning.

A topic of the quiz is a question with gaps: seed 0 fills them with the numbers of the slide it comes from, any other
seed with new ones. What a wrong answer probably forgot is found by computing it in the known wrong ways, too.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = Mapping[str, int]
Value = int | tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """One question: its text, the answer, the way to it in lines, and what a wrong answer would mean."""

    topic: str
    seed: int
    text: str
    answer: Value
    reasoning: tuple[str, ...]
    mistakes: tuple[tuple[Value, str], ...]

    def __str__(self) -> str:
        return self.text

    def judge(self, given: Any) -> tuple[bool, str]:
        """Whether an answer is right, and what to say: the reasoning, after what probably went wrong."""
        value = read(given, thousands=not isinstance(self.answer, tuple))
        if value is None:
            return False, f"{wanted(self.answer)}, but your answer is {given!r}."
        if value == self.answer:
            return True, "Right.\n" + self.reason()
        if isinstance(value, tuple) != isinstance(self.answer, tuple) or np.size(value) != np.size(self.answer):
            return False, f"{wanted(self.answer)}, but your answer is {shown(value)}."
        said = dict.fromkeys(sentence for wrong, sentence in self.mistakes if wrong == value)
        return False, "\n".join((f"{shown(value)} is not right. {' Or: '.join(said)}".rstrip(), self.reason()))

    def reason(self) -> str:
        return "\n".join(self.reasoning)


@dataclass(frozen=True)
class Reply:
    """A question with the answer that was given to it, if any: is it right, and why."""

    question: Question
    given: Any = None

    @property
    def answered(self) -> bool:
        return self.given is not None

    @property
    def right(self) -> bool:
        return self.answered and self.question.judge(self.given)[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """What to say: whether it is right first, then the reasoning; nothing while there is no answer."""
        return tuple(self.question.judge(self.given)[1].split("\n")) if self.answered else ()


@dataclass(frozen=True)
class Topic:
    """A kind of question: ``deck`` are the numbers of the slide ``source``, ``draw`` draws others."""

    name: str
    source: str
    deck: Numbers
    draw: Callable[[np.random.Generator], Numbers]
    ask: Callable[..., tuple[str, Value, tuple[str, ...], tuple[tuple[Value, str], ...]]]

    def question(self, seed: int = 0) -> Question:
        """The question with this seed: always the same one."""
        numbers = self.deck if seed == 0 else self.draw(np.random.default_rng(seed))
        text, answer, reasoning, mistakes = self.ask(**numbers)
        return Question(self.name, seed, text, answer, reasoning, mistakes)


def read(given: Any, thousands: bool = False) -> Value | None:
    """A whole number, or a shape as a tuple, from numbers or from text such as "31 x 31 x 32"; None if it is neither.

    With ``thousands``, 4,640 is one number.
    """
    if isinstance(given, str):
        if thousands and re.fullmatch(r"\d{1,3}(,\d{3})+", given.strip()):
            return int(given.replace(",", ""))
        given = re.sub(r"(?<=\d)\s*(parameters|weights|cells|pixels)\.?$", "", given.strip())
        parts = re.split(r"[\s,;x×*()\[\]]+", given.strip().replace("−", "-"))
        words = [part for part in parts if part]
        if not words or not all(re.fullmatch(r"-?\d+(\.0+)?", word) for word in words):
            return None
        numbers = [int(float(word)) for word in words]
        return numbers[0] if len(numbers) == 1 else tuple(numbers)
    if isinstance(given, bool) or given is None:
        return None
    array = np.asarray(given)
    if array.dtype.kind not in "iuf" or array.ndim > 1 or not array.size or not (array == np.rint(array)).all():
        return None
    return int(array) if array.ndim == 0 else tuple(int(n) for n in array)


def shown(value: Value) -> str:
    """4640 as "4,640", a shape as "31 × 31 × 32", two numbers as "64, 128"."""
    if isinstance(value, tuple):
        return (", " if len(value) == 2 else " × ").join(map(str, value))
    return f"{value:,}"


def wanted(answer: Value) -> str:
    """What an answer should look like."""
    if isinstance(answer, tuple):
        example = (", " if len(answer) == 2 else " x ").join(["7"] * len(answer))
        return f"The answer is {len(answer)} whole numbers, such as {example}"
    return "The answer is a whole number"
