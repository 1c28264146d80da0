"""The lab of the dying ReLU: one unit, gradient descent step by step, and a step that is too large."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.dying_relu import DyingPicture
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, one_of, setting, words
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.activations import LABELS, Activation
from cnnlab.traces.dying_relu import INPUTS, START, STEPS, TARGETS, Descent, UnitStep

CONTROLS = ("activation", "beside", "learning_rate", "negative_slope", "w", "b", "panel")
NAMES = ("relu", "leaky_relu")
NAMED = [(LABELS[name], name) for name in NAMES]


class DyingReLULab(Stepped[DyingPicture, UnitStep]):
    """One unit y = f(w x + b) that learns five targets by gradient descent, and may die of its first step.

    Settings (all are arguments and traits; a control exists for each):

    - ``activation``: "relu" or "leaky_relu". ``beside``: a second one whose loss is drawn, too, or "".
    - ``learning_rate``: from 0.01 to 1. ``w``, ``b``: where the unit starts, each from -5 to 5.
    - ``negative_slope``: of leaky ReLU, from 0 to 1.
    - ``step``: after how many of the 60 steps the unit is shown. ``walk``: show only the losses up to there.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "learning_rate".

    ``lab.trace`` is the :class:`~cnnlab.traces.dying_relu.UnitStep` that is shown.
    """

    play_ms = 250

    activation = setting("relu", one_of(*NAMES))
    beside = setting("", one_of("", *NAMES))
    learning_rate = setting(0.5, between(0.01, 1))
    negative_slope = setting(0.1, between(0, 1))
    w = setting(START[0], between(-5, 5))
    b = setting(START[1], between(-5, 5))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: UnitStep
    current: DyingPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> DyingPicture:
        descent = Descent(Activation(s.activation, s.negative_slope), s.learning_rate, s.w, s.b)
        beside = Descent(Activation(s.beside, s.negative_slope), s.learning_rate, s.w, s.b) if s.beside else None
        return DyingPicture(descent, beside)

    def steps(self, model: DyingPicture) -> int:
        return STEPS + 1

    def look(self, model: DyingPicture, s: Settings) -> UnitStep:
        return model.descent.path[self.position(model, s)]

    def draw(self, model: DyingPicture, trace: UnitStep, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk, frame)

    def numbers(self, trace: UnitStep, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: UnitStep, s: Settings) -> str:
        return f"Step {trace.index}. {trace.says()}"

    def hint(self, trace: UnitStep, s: Settings) -> str:
        return "Go step by step. Rings are the targets; the dashed line is the sum before the activation."

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for w, b and the loss at every step."""
        s = self.drawn
        leak = f", {s.negative_slope}" if s.activation == "leaky_relu" else ""
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                f"x = torch.tensor({INPUTS.tolist()}, dtype=torch.float64)",
                f"targets = torch.tensor({TARGETS.tolist()}, dtype=torch.float64)",
                f"w, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in ({s.w}, {s.b}))",
                f"optimizer = torch.optim.SGD([w, b], lr={s.learning_rate})",
                "path = []",
                f"for step in range({STEPS + 1}):",
                f"    loss = ((F.{s.activation}(w * x + b{leak}) - targets) ** 2).mean() / 2",
                "    path.append(torch.stack([w, b, loss]).detach())",
                "    optimizer.zero_grad()",
                "    loss.backward()",
                "    optimizer.step()",
                "y = torch.stack(path)[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare w, b and the loss at every step: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        found = np.array([[step.w, step.b, step.loss] for step in self.current.descent.path])
        return float(np.abs(found - run_torch_code(self.torch_code())).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        decimal, dropdown = widgets.FloatSlider, widgets.Dropdown
        beside = dropdown(options=[("nothing", ""), *NAMED], description="beside", **sized(180))
        rate = decimal(min=0.05, max=0.6, step=0.05, description="learning rate", **sized(260))
        leak = decimal(max=0.5, step=0.01, description="a", **sized(180))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        start = {name: decimal(min=-5, max=5, step=0.1, description=name, **sized(200)) for name in ("w", "b")}
        self.boxes: dict[str, widgets.Widget] = {
            "activation": self.control("activation", dropdown(options=NAMED, description="activation", **sized(200))),
            "beside": self.control("beside", beside),
            "learning_rate": self.control("learning_rate", rate),
            "negative_slope": self.control("negative_slope", leak),
            **{name: self.control(name, box) for name, box in start.items()},
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, row(*self.step_controls()), self.panels.box]

    def after_frame(self, trace: UnitStep, s: Settings) -> None:
        super().after_frame(trace, s)
        self.boxes["negative_slope"].disabled = "leaky_relu" not in (s.activation, s.beside)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
