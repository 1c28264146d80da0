"""The shift lab: an MLP and a CNN that know digits in the middle, and a digit that is pushed about."""

import time
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data.shift_nets import NOISES, SAMPLES, SCALES, shift_nets, unseen, unseen_digit, untouched_weights
from cnnlab.figures.shift import ShiftPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized, visible
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Check, Settings, index, number, one_of, setting, whole, words
from cnnlab.labs.shift_text import as_text, torch_code
from cnnlab.traces.shift import (
    PLACES,
    REACH,
    Answers,
    Pushing,
    ShiftTrace,
    cnn_everywhere,
    mlp_everywhere,
    parameters,
    scene,
    softmax,
)
from cnnlab.traces.shift_drag import Drag
from cnnlab.traces.shift_words import answer, called

CNNS = {"without pooling": "plain", "with 2 × 2 pooling": "pooled"}
NAMES = {"plain": "CNN", "pooled": "CNN with 2 × 2 pooling"}
POOLS = {"plain": 1, "pooled": 2}
LARGEST_STAIN = 6
CONTROLS = ("digit", "sample", "down", "right", "scale", "noise", "stain", "cnn", "panel")
PANELS = {"nothing": "", "code": "code"}


def step_of(*allowed: float) -> Check:
    """One of a few numbers, for which the shares were measured."""

    def check(name: str, value: Any) -> float:
        given = number(name, value)
        for one in allowed:
            if abs(given - one) < 1e-9:
                return one
        raise ValueError(f"{name} must be one of {', '.join(f'{a:g}' for a in allowed)}, but is {given:g}")

    return check


class ShiftLab(Pointing[ShiftPicture, ShiftTrace]):
    """Two networks that were trained on digits in the middle of the canvas, and a digit that you push about.

    Settings (all are arguments and traits; a control exists for each but ``seed``, which a button changes):

    - ``digit``, ``sample``: which of the unseen digits: 0 to 9, and for each of these 30 different ones.
    - ``down``, ``right``: how many cells the picture is pushed, from -6 to 6.
    - ``scale``: how large the digit is, from 0.7 to 1.4 in steps of 0.1.
    - ``noise``: standard deviation of what is added to each cell, from 0 to 0.5 in steps of 0.1; ``seed`` draws
      another noise.
    - ``stain``: side of a square of ink beside the digit, from 0 to 6 cells. Noise and stain are part of the picture:
      they are pushed along with it.
    - ``cnn``: "plain", or "pooled" for the CNN with 2 x 2 max pooling.
    - ``panel``: what is open below: "" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "digit down right".

    ``lab.trace`` is the :class:`~cnnlab.traces.shift.ShiftTrace` of the place that is shown; ``lab.trace.pushing``
    holds the answers at all places.
    """

    digit = setting(3, whole(0, 9))
    sample = setting(0, whole(0, SAMPLES - 1))
    down = setting(0, whole(-REACH, REACH), view=True)
    right = setting(0, whole(-REACH, REACH), view=True)
    scale = setting(1.0, step_of(*SCALES))
    noise = setting(0.0, step_of(*NOISES))
    seed = setting(0, index)
    stain = setting(0, whole(0, LARGEST_STAIN))
    cnn = setting("plain", one_of(*POOLS))
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: ShiftTrace
    current: ShiftPicture

    def __init__(self, **given: Any) -> None:
        self._drag = Drag()
        super().__init__(**given)

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ShiftPicture:
        nets = shift_nets()
        picture = scene(unseen_digit(s.digit, s.sample), s.scale, s.noise, s.stain, s.seed)
        scores = {
            "mlp": mlp_everywhere(nets.weights["mlp"], picture),
            s.cnn: cnn_everywhere(nets.weights[s.cnn], picture, POOLS[s.cnn]),
        }
        count = len(unseen()[1])
        known = (SCALES.index(s.scale), NOISES.index(s.noise))
        mlp, cnn = (
            Answers(name, parameters(nets.weights[net]), s.digit, softmax(scores[net]), nets.right[net][known] / count)
            for net, name in (("mlp", "MLP"), (s.cnn, NAMES[s.cnn]))
        )
        return ShiftPicture(
            Pushing(picture, s.digit, mlp, cnn, POOLS[s.cnn], untouched_weights(), count, s.scale, s.noise, s.stain)
        )

    def look(self, model: ShiftPicture, s: Settings) -> ShiftTrace:
        return model.pushing.at(*(self._hovered or (s.down, s.right)))

    def draw(self, model: ShiftPicture, trace: ShiftTrace, s: Settings, frame: int) -> str:
        return model.draw(trace, model.pushing.at(s.down, s.right).index, frame)

    def numbers(self, trace: ShiftTrace, s: Settings) -> str:
        return as_text(trace)

    def status(self, trace: ShiftTrace, s: Settings) -> str:
        p = trace.pushing
        return f"{called(trace)}: {p.mlp.name} {answer(trace, p.mlp)}, {p.cnn.name} {answer(trace, p.cnn)}"

    def hint(self, trace: ShiftTrace, s: Settings) -> str:
        return "Drag the digit. Point at a map to look at another place, click to stay there."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        cell, here = (event.get("row", 0), event.get("col", 0)), (self.drawn.down, self.drawn.right)
        if kind == "paint" and grid == "digit":
            self._push(*self._drag.over(event["cells"], here, self.drawn.scale, time.monotonic()))
            return
        self._drag.end()
        if kind == "pin":
            self._push(*(self._drag.walk(cell, here) if grid == "digit" else self._place(*cell)))
        elif kind in ("hover", "leave"):
            place = self._place(*cell) if kind == "hover" and grid != "digit" else None
            if place != self._hovered:  # the digit's handle reports each cell: only the first one ends the pointing
                self.point_at(place)

    def _place(self, row: int, col: int) -> tuple[int, int]:
        """How far the picture is pushed at a cell of a map."""
        return min(row, PLACES - 1) - REACH, min(col, PLACES - 1) - REACH

    def _push(self, down: int, right: int) -> None:
        """Leave the picture there."""
        self.stay_at(down=down, right=right)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that computes the same probabilities; it runs where ``picture`` is ``lab.trace.picture``."""
        return torch_code(self.drawn.cnn, POOLS[self.drawn.cnn])

    def check_with_torch(self) -> float:
        """Compute both networks with PyTorch: the largest absolute difference of all probabilities."""
        from cnnlab.training.parity import run_torch_code

        trace, p = self.trace, self.trace.pushing
        expected = run_torch_code(self.torch_code(), picture=trace.picture.astype(np.float32))
        found = np.stack([trace.probabilities(p.mlp), trace.probabilities(p.cnn)])
        return float(np.abs(found - expected).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, select, dropdown = widgets.IntSlider, widgets.SelectionSlider, widgets.Dropdown
        scales, noises = ([(f"{value:g}", value) for value in steps] for steps in (SCALES, NOISES))
        self.boxes: dict[str, widgets.Widget] = {
            "digit": self.control("digit", slider(max=9, description="digit", **sized(180))),
            "sample": self.control("sample", slider(max=SAMPLES - 1, description="sample", **sized(210))),
            "down": self.control("down", slider(min=-REACH, max=REACH, description="down", **sized(200))),
            "right": self.control("right", slider(min=-REACH, max=REACH, description="right", **sized(200))),
            "scale": self.control("scale", select(options=scales, description="scale", **sized(180))),
            "noise": self.control("noise", select(options=noises, description="noise", **sized(180))),
            "stain": self.control("stain", slider(max=LARGEST_STAIN, description="stain", **sized(170))),
            "cnn": self.control("cnn", dropdown(options=[*CNNS.items()], description="CNN", **sized(190))),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(130))),
        }
        self.redraw = self.button("new noise", self._new_noise, "draw other noise", layout={"width": "90px"})
        reset = reset_button(self)
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), self.redraw, reset)
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def _new_noise(self) -> None:
        self.seed = self.drawn.seed + 1

    def after_frame(self, trace: ShiftTrace, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        visible(self.redraw, "noise" in s.controls)
        self.redraw.disabled = s.noise == 0
        self.panels.follow(s.panel)
