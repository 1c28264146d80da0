"""What can be opened below a lab: its code, a field to type numbers, a photo of one's own, the keys."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets

from cnnlab.labs.base import Lab
from cnnlab.labs.controls import row, visible

KEYS = """Tab goes from control to control and into the picture: input, kernel, output.
Output: arrow keys walk the window.   Input and kernel: arrow keys move, a digit or Enter changes the number,
Enter keeps it, Tab keeps it and goes on, Escape leaves it.   With paint on, Space paints the cell.
A grid copied from a spreadsheet can be pasted onto the input or the kernel."""


class Panel(Protocol):
    """Something that opens below a lab; it is made when it is first opened."""

    def make(self) -> widgets.Widget:
        """Its widgets."""

    def depends(self) -> object:
        """What its content is made of: it is filled when it opens, and when this changes."""

    def fill(self) -> None:
        """Show the present content."""


class Panels:
    """The panels of a lab, one open at a time, chosen by its setting ``panel``; ``box`` holds all that were opened."""

    def __init__(self, panels: dict[str, Panel]) -> None:
        self._panels = panels
        self._made: dict[str, widgets.Widget] = {}
        self._filled: tuple[str, object] | None = None
        self.box = widgets.VBox()

    def follow(self, panel: str) -> None:
        """Open ``panel`` ("" closes), and fill it where it has to change."""
        if panel and panel not in self._made:
            self._made[panel] = self._panels[panel].make()
            self.box.children = [*self._made.values()]  # what is closed stays in, hidden, and goes with the lab
        for name, made in self._made.items():
            visible(made, name == panel)
        now = (panel, self._panels[panel].depends()) if panel else None
        if now and now != self._filled:
            self._panels[panel].fill()
        self._filled = now


class CodePanel:
    """The recipe of the lab, the same in PyTorch, and a button that runs that and compares."""

    def __init__(self, lab: Lab[Any, Any], torch_code: Callable[[], str], check: Callable[[], float]) -> None:
        self._lab, self._torch_code, self._compare = lab, torch_code, check

    def make(self) -> widgets.Widget:
        self._code, self._result = widgets.HTML(), widgets.HTML()
        # PyTorch takes seconds to start: the labs go on meanwhile.
        check = self._lab.button("Check with PyTorch", self._check, "run this code and compare", slow=True)
        check.layout.width = "170px"
        return widgets.VBox([self._code, row(check, self._result)])

    def depends(self) -> object:
        return self._lab.recipe(), self._torch_code()

    def fill(self) -> None:
        code = f"{self._lab.recipe()}\n\n# the same in PyTorch\n{self._torch_code()}"
        self._code.value = f'<div class="cnnlab-code">{escape(code)}</div>'
        self._result.value = ""

    def _check(self) -> None:
        before = self._code.value
        self._result.value = "PyTorch is computing …"
        difference = self._compare()
        if self._code.value == before:
            self._result.value = f"largest difference of all output cells: {difference:.1e}"


class TypePanel:
    """Fields for whole grids of numbers; ``grids`` gives for each name how to read it as text and how to take it."""

    def __init__(self, lab: Lab[Any, Any], grids: dict[str, tuple[Callable[[], str], Callable[[str], None]]]) -> None:
        self._lab, self._grids = lab, grids

    def make(self) -> widgets.Widget:
        self._texts = {name: widgets.Textarea(rows=6, layout={"width": "330px"}) for name in self._grids}
        return row(
            *(
                widgets.VBox([text, self._lab.button(f"Use as {name}", partial(self._take, name))])
                for name, text in self._texts.items()
            )
        )

    def depends(self) -> object:
        return [read() for read, _ in self._grids.values()]

    def fill(self) -> None:
        for name, (read, _) in self._grids.items():
            self._texts[name].value = read()

    def _take(self, name: str) -> None:
        self._grids[name][1](self._texts[name].value)


class PhotoPanel:
    """A field to choose a photo of one's own; ``ask_color``: beside it, whether its colors are kept."""

    def __init__(self, lab: Lab[Any, Any], take: Callable[[str, bytes, bool], None], ask_color: bool = True) -> None:
        self._lab, self._take, self._ask_color = lab, take, ask_color

    def make(self) -> widgets.Widget:
        self._color = widgets.Checkbox(value=not self._ask_color, description="keep its colors", indent=False)
        self._upload = widgets.FileUpload(accept="image/*", multiple=False, description="Choose a photo")
        self._upload.layout.width = "180px"
        for control in (self._upload, self._color):
            control.observe(self._lab.guarded(lambda _: self._chosen()), "value")
        visible(self._color, self._ask_color)
        return row(self._upload, self._color)

    def depends(self) -> object:
        return None  # what was chosen stays

    def fill(self) -> None:
        pass

    def _chosen(self) -> None:
        for file in self._upload.value:
            self._take(file["name"], bytes(file["content"]), self._color.value)


class KeysPanel:
    """What the keys do."""

    def make(self) -> widgets.Widget:
        return widgets.HTML(f'<div class="cnnlab-code">{escape(KEYS)}</div>')

    def depends(self) -> object:
        return None

    def fill(self) -> None:
        pass
