"""A lab as a test looks at it; what is about numbers is about the convolution lab."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from cnnlab.labs import ConvolutionLab
from cnnlab.labs.base import Lab
from cnnlab.labs.sources import read_input, read_weight
from cnnlab.traces import Convolution, convolution
from cnnlab.traces.checks import as_filters, as_image

JARGON = re.compile(
    r"broadcast|truth value|ambiguous|object is not|argument must|__|dtype object|maximum recursion|arr\.|"
    r"could not convert|to unpack|index out of range|not iterable"
)
"""What NumPy and Python say to programmers, and a lab must not say to students."""


AnyLab = Lab[Any, Any]


def still(lab: AnyLab) -> str:
    """The picture without the running number of its frame."""
    return re.sub(r' data-frame="\d+"', "", lab.svg)


def step_shown(lab: AnyLab) -> int:
    match = re.search(r'data-step="(\d+)"', lab.svg)
    assert match
    return int(match[1])


CALLED = {
    "weight": "kernel",
    "flip": "flip kernel",
    "relu": "ReLU",
    "walk": "fill in as it walks",
    "paint": "paint with",
}
"""What the page calls a control, where that is not the name of its setting."""


OFFERS: dict[str, Any] = {"padding_mode": "reflect", "panel": ("code", "code")}
"""An option of a control that is known by what it offers."""


def all_of(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """A widget and everything in it, from top to bottom."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_of(child)


def visible_of(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """The same without what is hidden, and everything in that."""
    if getattr(widget, "layout", None) is None or widget.layout.display != "none":
        yield widget
        for child in getattr(widget, "children", ()):
            yield from visible_of(child)


def found(lab: AnyLab, kind: type[widgets.Widget], **traits: str) -> Any:
    """The one widget of a lab, now on the page, that is of this kind and says this."""
    (one,) = (
        w for w in all_of(lab) if isinstance(w, kind) and all(getattr(w, n, None) == v for n, v in traits.items())
    )
    return one


def control(lab: AnyLab, setting: str) -> Any:
    """The control of a setting, found by what a person reads beside it."""
    if setting in OFFERS:
        return next(w for w in all_of(lab) if isinstance(w, widgets.Dropdown) and OFFERS[setting] in w.options)
    if setting == "brush":
        return found(lab, widgets.FloatText, description="")
    return found(lab, widgets.ValueWidget, description=CALLED.get(setting, setting))


def click(lab: AnyLab, name: str) -> None:
    """Press a button, found by its label or by its tooltip."""
    (button,) = (w for w in all_of(lab) if isinstance(w, widgets.Button) and name in (w.description, w.tooltip))
    button.click()


def answer_box(lab: ConvolutionLab) -> Any:
    return found(lab, widgets.Text, description="your answer")


def shown_text(lab: AnyLab) -> str:
    """All that is written on the page in HTML, below the picture too."""
    return "\n".join(w.value for w in visible_of(lab) if isinstance(w, widgets.HTML))


def send(lab: AnyLab, message: Any) -> None:
    """What the page does when it reports something."""
    lab.stage._handle_custom_msg(message, [])


GRIDS = ("input", "kernel", "output", "channel", "filter")
TEXTS = ("3", "-1/3", "", "x", "1e400", "nan", "1 2\n3 4", "1 2\n3")


def message(rng: np.random.Generator, grids: Sequence[str] = GRIDS) -> dict[str, Any]:
    """Something that a page could report, not always to the point."""
    kind = str(rng.choice(["hover", "leave", "pin", "choose", "edit", "paint", "grid"]))
    row, col = (int(n) for n in rng.integers(0, 12, 2))
    text, grid = str(rng.choice(TEXTS)), str(rng.choice(grids))
    return {"kind": kind, "grid": grid, "row": row, "col": col, "cols": 4, "text": text, "cells": [[row, col]]}


def expected(lab: ConvolutionLab) -> Convolution | None:
    """What the settings of the lab should show, computed beside it; None where they cannot work."""
    try:
        for name in ("flip", "relu", "walk", "predict", "paint"):
            require(isinstance(getattr(lab, name), bool | np.bool_))
        for name in ("step", "filter", "channel"):
            value = getattr(lab, name)
            require(isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 0)
        require(lab.panel in ("", "code", "type", "photo", "keys"))
        require(isinstance(lab.brush, int | float) and bool(np.isfinite(lab.brush)))
        image = as_image(read_input(lab.input, {})[0])
        groups = int(lab.groups) if isinstance(lab.groups, int | np.integer) else 1
        weight = as_filters(read_weight(lab.weight, len(image), groups))
        bias: Any = lab.bias
        if isinstance(bias, int | float | np.number) and not isinstance(bias, bool):
            bias = np.full(len(weight), bias)
        return convolution(
            image, weight, bias, lab.stride, lab.padding, lab.dilation, lab.groups,
            padding_mode=lab.padding_mode, flip=bool(lab.flip), relu=bool(lab.relu),
        )  # fmt: skip
    except ValueError:
        return None


def require(condition: bool) -> None:
    if not condition:
        raise ValueError("this setting cannot work")


def numbers(*shape: int) -> NDArray[np.float64]:
    """Small whole numbers, no two rows alike."""
    return np.random.default_rng(3).integers(-9, 10, shape).astype(np.float64)
