"""The losses lab: one prediction dragged along its axis, what it costs under each loss, and how hard each pulls."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.losses import PLACES, LossPicture
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, flag, number, one_of, setting, words
from cnnlab.traces.loss_curves import LABELS, ON_AXIS, RANGES, START, Judged, LossCurve, carried

CONTROLS = ("axis", "loss", "target", "value", "compare", "panel")
AXES = [("a number", "number"), ("a probability", "probability"), ("a logit", "logit")]
STEPS = {"number": 0.05, "probability": 0.01, "logit": 0.1}
CODE = {
    "squared": "F.mse_loss({p}, y.expand_as(x), reduction='none')",
    "absolute": "F.l1_loss(x, y.expand_as(x), reduction='none')",
    "hinge": "F.relu(1 - (2 * y - 1) * x)",
}


class LossesLab(Lab[LossPicture, Judged]):
    """The loss of one prediction, its slope, and the losses that compete with it.

    Settings (all are arguments and traits; a control exists for each):

    - ``axis``: what is predicted: "number", "probability" or "logit".
    - ``loss``: "squared" or "absolute" of a number; "bce" or "squared" of a probability; "bce", "squared" or "hinge" of
      a logit, the first two behind a sigmoid.
    - ``target``: what would be right: from -3 to 3 for a number, else 0 or 1 (the hinge loss calls them -1 and 1).
    - ``value``: the prediction: from -4 to 4 for a number, 0.01 to 0.99 for a probability, -6 to 6 for a logit.
    - ``compare``: whether the other losses of the axis are drawn, too.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "loss value".

    Another axis takes loss, target and prediction along as far as it can. ``lab.trace`` is the
    :class:`~cnnlab.traces.loss_curves.Judged` of this prediction.
    """

    axis = setting("logit", one_of(*ON_AXIS))
    loss = setting("bce", one_of(*LABELS))
    target = setting(1, number)
    value = setting(-4.0, number, view=True)
    compare = setting(True, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Judged
    current: LossPicture

    def __init__(self, **given: Any) -> None:
        axis = given.get("axis")
        if isinstance(axis, str) and axis in ON_AXIS:  # where it begins, as far as nothing else is said
            given = {"loss": ON_AXIS[axis][0], "value": START[axis], **given}
        super().__init__(**given)

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> LossPicture:
        if s.loss not in ON_AXIS[s.axis]:
            *some, last = ON_AXIS[s.axis]
            raise ValueError(f"loss of a {s.axis} must be {', '.join(some)} or {last}, but is {s.loss}")
        if s.axis == "number" and not -3 <= s.target <= 3:
            raise ValueError(f"target must be a number from -3 to 3, but is {s.target:g}")
        if s.axis != "number" and s.target not in (0, 1):
            raise ValueError(f"target of a {s.axis} must be 0 or 1, but is {s.target:g}")
        return LossPicture(LossCurve(s.axis, s.loss, s.target))

    def on_change(self, name: str) -> None:
        """Another axis: loss, target and prediction go along."""
        s = self.drawn
        if name == "axis" and isinstance(self.axis, str) and self.axis in ON_AXIS and self.axis != s.axis:
            with self.hold():
                self.loss = s.loss if s.loss in ON_AXIS[self.axis] else ON_AXIS[self.axis][0]
                self.target = s.target if s.target in (0, 1) else 1.0
                value = carried(s.value, s.axis, self.axis)
                self._fit_slider(self.axis, value)
                self.value = value

    def _fit_slider(self, axis: str, value: float) -> None:
        """Give the slider the range of an axis along with its value: a page rounds to the steps that it knows."""
        low, high = RANGES[axis]
        self.put(self.boxes["value"], value, min=low, max=high, step=STEPS[axis])

    def look(self, model: LossPicture, s: Settings) -> Judged:
        low, high = RANGES[s.axis]
        if not low <= s.value <= high:
            raise ValueError(f"value of a {s.axis} must be from {low:g} to {high:g}, but is {s.value:g}")
        return model.chosen.at(s.value)

    def draw(self, model: LossPicture, trace: Judged, s: Settings, frame: int) -> str:
        return model.draw(trace, s.compare, frame)

    def numbers(self, trace: Judged, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: Judged, s: Settings) -> str:
        return f"{'. '.join(map(str, trace.equations()))}. {trace.says()}"

    def hint(self, trace: Judged, s: Settings) -> str:
        return "Drag the prediction to the left and right; Tab and the arrow keys move it, too."

    def pointed(self, event: Event) -> None:
        if event["kind"] in ("paint", "pin") and event["grid"] in ("loss", "slope"):
            col, axis = event["col"] if event["kind"] == "pin" else event["cells"][-1][1], self.drawn.axis
            low, high = RANGES[axis]
            found = round(self.current.losses.x_at(min(col, PLACES[axis] - 1), PLACES[axis]), 6)
            self.value = min(max(found, low), high)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the loss and its slope along the axis."""
        s = self.drawn
        call = CODE.get(s.loss, "").format(p="torch.sigmoid(x)" if s.axis == "logit" else "x")
        if s.loss == "bce":
            name = "binary_cross_entropy" + ("_with_logits" if s.axis == "logit" else "")
            call = f"F.{name}(x, y.expand_as(x), reduction='none')"
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                f"x = torch.from_numpy(predictions).requires_grad_()  # {PLACES[s.axis]} predictions along the axis",
                f"y = torch.tensor({literal(float(s.target))}, dtype=torch.float64)",
                f"loss = {call}",
                "slope, = torch.autograd.grad(loss.sum(), x)",
                "y = torch.stack([loss, slope])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare losses and slopes along the axis with PyTorch's autograd: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        curve = self.current.chosen
        x = np.linspace(*RANGES[curve.axis], PLACES[curve.axis])
        found = np.stack([curve(x), curve.slope(x)])
        return float(np.abs(found - run_torch_code(self.torch_code(), predictions=x)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown, slider = widgets.Dropdown, widgets.FloatSlider
        target = slider(min=0, max=1, step=1, readout_format=".1f", description="target", **sized(130))
        named = [(label, name) for name, label in LABELS.items()]
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(120))
        value = slider(min=-6, max=6, step=0.1, description="prediction", **sized(205))
        self.boxes: dict[str, widgets.Widget] = {
            "axis": self.control("axis", dropdown(options=AXES, description="predicted is", **sized(190))),
            "loss": self.control("loss", dropdown(options=named, description="loss", **sized(130))),
            "target": self.control("target", target),
            "value": self.control("value", value),
            "compare": tick(self, "compare", "compare", 90),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Judged, s: Settings) -> None:
        targets = {"min": -3, "max": 3, "step": 0.5} if s.axis == "number" else {"min": 0, "max": 1, "step": 1}
        self._fit_slider(s.axis, s.value)
        self.put(self.boxes["target"], s.target, **targets)
        self.put(self.boxes["loss"], s.loss, options=[(LABELS[name], name) for name in ON_AXIS[s.axis]])
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
