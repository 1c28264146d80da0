"""The course as a table: which exercises are solved, and after how many attempts."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from cnnlab.exercises.exercise import Exercise
from cnnlab.exercises.report import SIGNS, STYLE, table
from cnnlab.exercises.store import attempts

HEAD = ("notebook", "exercise", "", "attempts")


@dataclass(frozen=True)
class Row:
    notebook: str
    exercise: str
    status: str
    attempts: int

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return self.notebook, self.exercise, SIGNS[self.status], str(self.attempts) if self.attempts else ""


@dataclass(frozen=True)
class Progress:
    """A row for each exercise of the course; solved once is solved."""

    rows: tuple[Row, ...]

    @classmethod
    def now(cls, exercises: Mapping[str, Exercise]) -> "Progress":
        tried: dict[str, list[str]] = {name: [] for name in exercises}
        for attempt in attempts():
            if attempt.exercise in tried:
                tried[attempt.exercise].append(attempt.status)
        return cls(tuple(Row(exercises[name].notebook, name, _status(all_), len(all_)) for name, all_ in tried.items()))

    @property
    def solved(self) -> int:
        return sum(row.status == "right" for row in self.rows)

    def __str__(self) -> str:
        return f"{table(HEAD, [row.cells for row in self.rows])}\n{self._sum()}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells) + "</tr>" for row in self.rows
        )
        head = "".join(f"<th>{escape(word)}</th>" for word in HEAD)
        return f'{STYLE}<div class="cnnlab-answer"><table><tr>{head}</tr>{rows}</table>{self._sum()}</div>'

    def _sum(self) -> str:
        return f"{self.solved} of {len(self.rows)} solved"


def _status(tried: list[str]) -> str:
    return "right" if "right" in tried else "wrong" if tried else "unsolved"
