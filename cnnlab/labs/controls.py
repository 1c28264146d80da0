"""Controls that labs share: rows that wrap, lists of names, numbers from one on."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from cnnlab.labs.base import Lab

EDITED = "(edited)"


def sized(width: int) -> dict[str, Any]:
    """The width of a control in pixels, its description included."""
    return {"style": {"description_width": "initial"}, "layout": {"width": f"{width}px"}}


def row(*children: widgets.Widget) -> widgets.HBox:
    """Controls side by side, on as many lines as they need."""
    box = widgets.HBox(children)
    box.add_class("cnnlab-row")
    return box


def up_to(last: int, first: int = 1) -> list[tuple[str, int]]:
    """The options ``first`` to ``last``."""
    return [(str(i), i) for i in range(first, last + 1)]


def tick(lab: Lab[Any, Any], name: str, description: str, width: int) -> widgets.Checkbox:
    """A box to tick for a setting that is True or False."""
    return lab.control(name, widgets.Checkbox(description=description, indent=False, **sized(width)))


def preset(lab: Lab[Any, Any], name: str, description: str, names: Sequence[str], width: int) -> widgets.Dropdown:
    """A list of names for a setting that may also be something else: then it says that it was edited."""
    box = widgets.Dropdown(options=names, description=description, **sized(width))

    def to_setting(change: dict[str, Any]) -> None:
        if change["new"] in names and not lab.is_quiet(box):
            setattr(lab, name, change["new"])

    def to_control(_: object = None) -> None:
        value = getattr(lab, name)
        shown = value if isinstance(value, str) and len(value) < 40 and not value[:1].isdigit() else EDITED
        lab.put(box, shown, options=list(names) if shown in names else [shown, *names])

    to_control()
    box.observe(lab.guarded(to_setting), "value")
    lab.observe(lab.guarded(to_control), name)
    return box


def reset_button(lab: Lab[Any, Any]) -> widgets.Button:
    """Back to how the lab began."""
    return lab.button("reset", lab.reset, "back to how this lab began", layout={"width": "60px"})


def show_only(boxes: Mapping[str, widgets.Widget], names: Collection[str]) -> None:
    """Show the controls of these names and hide the others."""
    for name, box in boxes.items():
        visible(box, name in names)


def visible(widget: widgets.Widget, shown: bool) -> None:
    """Show or hide a control; hidden, it takes no room."""
    widget.layout.display = None if shown else "none"
