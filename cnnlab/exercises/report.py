"""How the exercises answer: as text, and in a notebook as HTML with the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from cnnlab.exercises.checking import Verdict, as_numbers, same
from cnnlab.exercises.exercise import Exercise
from cnnlab.traces.text import precise

MOST_CELLS = 100  # a grid with more is told by its shape
SIGNS = {"right": "✓", "wrong": "✗", "unsolved": "○"}

STYLE = """<style>
.cnnlab-answer { max-width: 46rem; padding: .5em .9em; border-left: 4px solid #888; line-height: 1.45; }
.cnnlab-answer.right { border-color: #2a7ab8; } .cnnlab-answer.wrong { border-color: #c8570b; }
.cnnlab-answer .case { display: flex; flex-wrap: wrap; gap: .4em 1.6em; align-items: flex-start; margin-top: .6em; }
.cnnlab-answer .part > span { opacity: .75; }
.cnnlab-answer table { border-collapse: collapse; margin: .2em 0 0; font-variant-numeric: tabular-nums; }
.cnnlab-answer td { border: 1px solid #8888; padding: .1em .5em; text-align: right; min-width: 1.6em; }
.cnnlab-answer td.off { outline: 2px solid #c8570b; outline-offset: -2px; font-weight: 600; }
.cnnlab-answer pre { margin: .3em 0 0; white-space: pre-wrap; background: none; }
</style>"""


@dataclass(frozen=True, eq=False)
class Part:
    """One thing of a case: an argument, what is expected, or what came out."""

    name: str
    value: Any
    off: np.ndarray[Any, Any] | None = None  # which cells are not as expected

    def text(self) -> str:
        grids = as_grids(self.value)
        if grids is None:
            return f"{self.name}: {in_words(self.value)}"
        cells = [[[shown(value) for value in row] for row in grid] for grid in grids]
        width = max(len(cell) for grid in cells for row in grid for cell in row)
        blocks = ("\n".join("  " + "  ".join(cell.rjust(width) for cell in row) for row in grid) for grid in cells)
        return f"{self.title}:\n" + "\n\n".join(blocks)

    def html(self) -> str:
        grids = as_grids(self.value)
        if grids is None:
            return f'<div class="part"><span>{escape(self.name)}</span> {escape(in_words(self.value))}</div>'
        off = np.zeros(grids.shape, bool) if self.off is None else self.off.reshape(grids.shape)
        tables = "".join(_table(grid, marks) for grid, marks in zip(grids, off, strict=True))
        return f'<div class="part"><span>{escape(self.title)}</span>{tables}</div>'

    @property
    def title(self) -> str:
        """The name, with the shape where it has more than two axes."""
        shape = np.shape(self.value)
        return f"{self.name} {shape}" if len(shape) > 2 else self.name


@dataclass(frozen=True, eq=False)
class Report:
    """What `check` says. True where the answer is right."""

    verdict: Verdict
    exercise: Exercise
    note: str | None = None  # such as: the progress could not be saved

    def __bool__(self) -> bool:
        return self.verdict.right

    def __str__(self) -> str:
        lines = [f"{SIGNS[self.verdict.status]} {self.exercise.name}: {self.verdict.says}"]
        lines += [part.text() for part in self.parts()]
        return "\n".join(lines + ([self.note] if self.note else []))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        status = self.verdict.status
        head = f"<b>{SIGNS[status]} {escape(self.exercise.name)}</b> {escape(self.verdict.says)}"
        parts = "".join(part.html() for part in self.parts())
        case = f'<div class="case">{parts}</div>' if parts else ""
        note = f"<div>{escape(self.note)}</div>" if self.note else ""
        return f'{STYLE}<div class="cnnlab-answer {status}">{head}{case}{note}</div>'

    def parts(self) -> list[Part]:
        """The failing case: its arguments, what was expected, what came out."""
        failing = self.verdict.failing
        if failing is None or self.exercise.asks_for_a_value:
            return []  # the expected value is what was asked for
        given = [Part(name, v) for name, v in zip(self.exercise.arguments, failing.arguments, strict=False)]
        return [*given, *self._results(failing.expected, failing.got)]

    def _results(self, expected: Any, got: Any) -> list[Part]:
        """What was expected beside what came out; of several things only the wrong ones."""
        names = self.exercise.results
        several = isinstance(expected, tuple) and isinstance(got, tuple | list) and len(expected) == len(got)
        if not several or len(names) != len(expected):
            return [
                Part("expected", expected),
                *([] if got is None else [Part("you got", got, differing(expected, got))]),
            ]
        wrong = [part for part in zip(names, expected, got, strict=True) if not same(*part[1:])]
        pairs = ((Part(f"expected {n}", e), Part(f"your {n}", g, differing(e, g))) for n, e, g in wrong)
        return [part for pair in pairs for part in pair]


@dataclass(frozen=True)
class Words:
    """Sentences or code, shown as they are; of an answer, also whether it is right."""

    text: str
    code: bool = False
    status: str = ""

    def __bool__(self) -> bool:
        return self.status == "right"

    def __str__(self) -> str:
        return f"{SIGNS[self.status]} {self.text}" if self.status else self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        body = f"<pre>{escape(self.text)}</pre>" if self.code else escape(str(self)).replace("\n", "<br>")
        return f'{STYLE}<div class="cnnlab-answer {self.status}">{body}</div>'


def as_grids(value: Any) -> np.ndarray[Any, Any] | None:
    """The value as grids of numbers (count, rows, columns), if it is small; a row is a grid of one row."""
    numbers = None if isinstance(value, str | tuple) else as_numbers(value)
    if numbers is None or numbers.ndim == 0 or not 0 < numbers.size <= MOST_CELLS:
        return None
    rows, columns = numbers.shape[-2:] if numbers.ndim > 1 else (1, len(numbers))
    return numbers.reshape(-1, rows, columns)


def in_words(value: Any) -> str:
    """A number, a word, or the shape of an array that is too large to be shown."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(in_words(part) for part in value) + ")"
    if isinstance(value, list) and not value:
        return "[]"
    numbers = as_numbers(value)
    if numbers is None:
        return repr(value)[:80]
    return shown(numbers.item()) if numbers.ndim == 0 else f"an array of shape {numbers.shape}"


def differing(expected: Any, got: Any) -> np.ndarray[Any, Any] | None:
    """Which numbers differ, where both have the same shape."""
    numbers = None if isinstance(expected, str | tuple) else as_numbers(got)
    if numbers is None or numbers.shape != np.shape(expected):
        return None
    off: np.ndarray[Any, Any] = ~np.isclose(numbers, np.asarray(expected, float), rtol=1e-6, atol=1e-9, equal_nan=True)
    return off


def shown(value: float) -> str:
    """A number with enough digits to see what is wrong with it."""
    return precise(value) if np.isfinite(value) else str(value)


def _table(grid: np.ndarray[Any, Any], off: np.ndarray[Any, Any]) -> str:
    rows = (
        "".join(
            f"<td{' class=off' if wrong else ''}>{shown(value)}</td>" for value, wrong in zip(row, marks, strict=True)
        )
        for row, marks in zip(grid, off, strict=True)
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text, its columns aligned."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    )
