"""The kept label lab: a digit that is turned, shifted, zoomed or leaned until a network reads another one."""

from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data.shift_nets import SAMPLES, shift_nets, unseen_digit
from cnnlab.figures.kept_label import PLACES, KeptLabelPicture
from cnnlab.labs.augmentation_text import torch_code
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, between, flag, one_of, setting, whole, words
from cnnlab.traces.kept_label import FLIPS, RANGES, KeptLabel, reading
from cnnlab.traces.transforms import Step

STEPS = {"rotation": 1, "shift": 0.5, "zoom": 0.05, "shear": 1}
AMOUNTS = tuple(name for name, *_ in RANGES.values())
CONTROLS = ("digit", "sample", "flip", "transform", *AMOUNTS, "curves", "panel")
PANELS = {"nothing": "", "code": "code"}
NETWORK = """from cnnlab.data.shift_nets import shift_nets

w = {name: torch.tensor(a, dtype=x.dtype) for name, a in shift_nets().weights["plain"].items()}
h = F.relu(F.conv2d(x, w["first.weight"], w["first.bias"]))
h = F.relu(F.conv2d(h, w["second.weight"], w["second.bias"])).amax((2, 3))
y = F.softmax(F.linear(h, w["output.weight"], w["output.bias"]), dim=1)"""


def amount_of(transform: str) -> Any:
    """The setting that says how much a transform does."""
    _, low, high, none = RANGES[transform]
    return setting(none, between(low, high), view=True)


class KeptLabelLab(Pointing[KeptLabelPicture, KeptLabel]):
    """A digit that is changed, and a CNN that says what it reads: which transform keeps the label, and how far?

    Settings (all are arguments and traits; a control exists for each):

    - ``digit``, ``sample``: which of the digits that the network has never seen: 0 to 9, and 30 different ones of each.
    - ``flip``: "no", "left to right" or "top to bottom"; before all else.
    - ``transform``: "rotation", "shift", "zoom" or "shear".
    - ``angle``: degrees counter-clockwise, ``x``: cells to the right, ``zoom``: a factor, ``shear``: degrees.
    - ``curves``: whether the answers to every amount are shown, or only the one to this; first guess, then look.
    - ``panel``: what is open below: "" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "digit angle".

    ``lab.trace`` is the :class:`~cnnlab.traces.kept_label.KeptLabel`; ``lab.trace.reading`` holds the whole range.
    """

    digit = setting(6, whole(0, 9))
    sample = setting(0, whole(0, SAMPLES - 1))
    flip = setting("no", one_of(*FLIPS))
    transform = setting("rotation", one_of(*RANGES))
    angle = amount_of("rotation")
    x = amount_of("shift")
    zoom = amount_of("zoom")
    shear = amount_of("shear")
    curves = setting(True, flag, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: KeptLabel
    current: KeptLabelPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> KeptLabelPicture:
        return _picture(s.digit, s.sample, s.flip, s.transform)

    def look(self, model: KeptLabelPicture, s: Settings) -> KeptLabel:
        settled: float = getattr(s, RANGES[s.transform][0])
        return model.reading.at(settled if self._hovered is None else self._hovered)

    def draw(self, model: KeptLabelPicture, trace: KeptLabel, s: Settings, frame: int) -> str:
        return model.draw(trace, s.curves, frame)

    def numbers(self, trace: KeptLabel, s: Settings) -> str:
        chances = "  ".join(f"{digit}: {share:.2f}" for digit, share in enumerate(trace.probabilities.tolist()))
        return f"{trace.called()}: {trace.answer()}\n{chances}" + (f"\n{trace.says()}" if s.curves else "")

    def status(self, trace: KeptLabel, s: Settings) -> str:
        return f"{trace.called()}: {trace.answer()}"

    def hint(self, trace: KeptLabel, s: Settings) -> str:
        return "Point at the plot to change the digit, click to stay."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind = event["kind"]
        if kind not in ("hover", "pin"):
            self.point_at(None)
            return
        amount = round(self.current.plot.x_at(min(event["col"], PLACES - 1), PLACES), 6)
        if kind == "pin":
            self.stay_at(**{RANGES[self.drawn.transform][0]: amount})
        else:
            self.point_at(amount)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the probabilities; it runs where ``image`` is the digit as it was written, (1, 28, 28)."""
        trace, values = self.trace, (self.trace.amount,)
        transform = trace.reading.transform
        step = Step(transform, (*values, 0.0) if transform == "shift" else values)
        moved = torch_code([step], trace.picture.shape).replace("(1, 3, H, W)", "(1, 1, H, W)")
        return moved.removesuffix("y = x") + NETWORK

    def check_with_torch(self) -> float:
        """Change and read the digit with PyTorch: the largest absolute difference of the probabilities."""
        from cnnlab.training.parity import run_torch_code

        image = self.trace.reading.drawn[None].astype(np.float64)
        return float(np.abs(self.trace.probabilities - run_torch_code(self.torch_code(), image=image)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        self.boxes: dict[str, widgets.Widget] = {
            "digit": self.control("digit", slider(max=9, description="digit", **sized(190))),
            "sample": self.control("sample", slider(max=SAMPLES - 1, description="sample", **sized(200))),
            "flip": self.control("flip", dropdown(options=[*FLIPS], description="flip", **sized(160))),
            "transform": self.control("transform", dropdown(options=[*RANGES], description="transform", **sized(180))),
        }
        self.amounts = {RANGES[name][0]: self._slider(name) for name in RANGES}
        self.boxes["curves"] = tick(self, "curves", "curves", 80)
        panels = dropdown(options=[*PANELS.items()], description="open", **sized(130))
        self.boxes["panel"] = self.control("panel", panels)
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = [row(*self.boxes.values(), reset_button(self)), row(*self.amounts.values())]
        return [*top, self.note, self.stage, self.plain_picture, self.panels.box]

    def _slider(self, transform: str) -> widgets.ValueWidget:
        name, low, high, _ = RANGES[transform]
        box = widgets.FloatSlider(min=low, max=high, step=STEPS[transform], description=name, **sized(600))
        box.readout_format = ".0f" if STEPS[transform] == 1 else ".2f"
        return self.control(name, box)

    def after_frame(self, trace: KeptLabel, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        needed = RANGES[s.transform][0]
        show_only(self.amounts, [needed] if needed in s.controls else [])
        self.panels.follow(s.panel)


@lru_cache(maxsize=32)
def _picture(digit: int, sample: int, flip: str, transform: str) -> KeptLabelPicture:
    weights = shift_nets().weights["plain"]
    return KeptLabelPicture(reading(unseen_digit(digit, sample), digit, flip, transform, weights))
