"""Labs of a way back whose numbers stand in rows: numbers are clicked, a gradient of the last row is pointed at."""

from typing import Any, TypeVar

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.value_rows import RowsPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import parse_grid, parse_number
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, flag, index, one_of, setting
from cnnlab.traces.arrays import Array, as_vector
from cnnlab.traces.text import number as shown

Gradients = TypeVar("Gradients")

BATCHES = {"deck A": [2, 4, 6, 8], "one far away": [1, 2, 1, 2, 12], "eight": [3, -1, 4, 1, -5, 9, 2, -6]}
GRADIENTS = ("the first alone", "ones", "numbers")
LONGEST = 10
SETTINGS = {"x": "x", "grad_y": "grad_output"}
"""The rows of the picture that can be edited, and the settings that they are."""


class RowBackward(Pointing[Gradients, Gradients]):
    """A lab with the numbers ``x`` and their gradients ``grad_output``; ``at`` is the column that is written out.

    ``training`` or eval mode; ``check``: compare with central differences; ``panel``: "code" opens the same in PyTorch.
    """

    shortest = 1
    """Numbers that there must be."""

    x = setting("deck A")
    grad_output = setting("the first alone")
    training = setting(True, flag)
    at = setting(0, index, view=True)
    check = setting(False, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)

    def values(self, s: Settings) -> tuple[Array, Array]:
        """x and dy, (n,): of more gradients than numbers the first are used, missing ones are 0."""
        x = row_of("x", BATCHES[s.x] if isinstance(s.x, str) and s.x in BATCHES else s.x, [*BATCHES])
        if not self.shortest <= len(x) <= LONGEST:
            raise ValueError(f"x must have {self.shortest} to {LONGEST} numbers, but has {len(x)}")
        dy = np.zeros(len(x))
        given = _gradient(s.grad_output, len(x))[: len(x)]
        dy[: len(given)] = given
        return x, dy

    def picture(self, gradients: Gradients) -> RowsPicture:
        """All that can be drawn of one way back."""
        raise NotImplementedError

    def look(self, model: Gradients, s: Settings) -> Gradients:
        return model

    def adapt(self, before: Gradients | None, now: Gradients, s: Settings) -> dict[str, Any]:
        """Fewer numbers have fewer places to look at."""
        return {"at": min(s.at, self.picture(now).count - 1)}

    def rows_drawn(self, trace: Gradients, s: Settings, frame: int) -> str:
        """The picture, at the column that is pointed at, or else where the settings say."""
        picture = self.picture(trace)
        place = s.at if self._hovered is None else min(self._hovered, picture.count - 1)
        return picture.draw(place, s.check, frame)

    def numbers(self, trace: Gradients, s: Settings) -> str:
        rows = (f"{row.title}: {' '.join(map(shown, row.values.tolist()))}" for row in self.picture(trace).rows)
        return "\n".join([*rows, *self._said(trace, s)])

    def status(self, trace: Gradients, s: Settings) -> str:
        return "; ".join(self._said(trace, s))

    def _said(self, trace: Gradients, s: Settings) -> list[str]:
        picture = self.picture(trace)
        lines, sentence = picture.told(s.at)
        return [*lines, sentence, *([picture.checked()] if s.check else [])]

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind == "hover" and grid == "grad_x":
            self.point_at(event["col"])
        elif kind == "pin" and grid == "grad_x":
            self.stay_at(at=event["col"])
        elif kind == "edit" and grid in SETTINGS:
            self._write(str(grid), event)
        elif kind == "grid" and grid in SETTINGS:
            setattr(self, SETTINGS[grid], row_of(SETTINGS[grid], event["text"]))

    def _write(self, grid: str, event: Event) -> None:
        assert self.trace is not None
        values = next(np.array(row.values) for row in self.picture(self.trace).rows if row.name == grid)
        for _, col in event["cells"]:
            if col < len(values):
                values[col] = parse_number(event["text"], f"{SETTINGS[grid]}[{col}]")
        setattr(self, SETTINGS[grid], values)

    # ---- controls ----------------------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """The same in PyTorch."""
        raise NotImplementedError

    def check_with_torch(self) -> float:
        """The largest difference to what PyTorch computes."""
        raise NotImplementedError

    def rows(self, boxes: dict[str, widgets.Widget]) -> list[widgets.Widget]:
        """The column of the lab: the controls that all have, around the ``boxes`` that only this one has."""
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(150))
        self.boxes = {
            "x": preset(self, "x", "x", [*BATCHES], 150),
            "grad_output": preset(self, "grad_output", "dy", GRADIENTS, 170),
            **boxes,
            "training": tick(self, "training", "training", 80),
            "check": tick(self, "check", "gradient check", 120),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = row(*self.boxes.values(), reset_button(self))
        return [top, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Gradients, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


def row_of(name: str, value: Any, names: Any = ()) -> Array:
    """Numbers in a row, as text or an array; ``names`` are the words that would also work."""
    if not isinstance(value, str):
        return as_vector(name, value)
    if names and not any(sign.isdigit() for sign in value):
        raise ValueError(f"{name} {value!r} is not known: give one of {', '.join(names)}, or numbers such as 1 0 2")
    values = parse_grid(value, name)
    if values.ndim != 1 and len(values) != 1:
        raise ValueError(f"{name} must be one row of numbers, such as 1 0 2")
    return as_vector(name, values.ravel())


def _gradient(value: Any, count: int) -> Array:
    if not isinstance(value, str) or value not in GRADIENTS:
        return row_of("grad_output", value, GRADIENTS)
    if value == "ones":
        return np.ones(count)
    places = np.arange(count)
    return np.asarray(places == 0 if value == "the first alone" else 5 * places % 7 - 2, np.float64)
