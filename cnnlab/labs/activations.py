"""The activations lab: a number pushed through sigmoid, tanh, ReLU or leaky ReLU, and the slope that it meets there."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.activations import PLACES, ActivationPicture
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, one_of, setting, words
from cnnlab.traces.activations import LABELS, REACH, Activated, Activation

CONTROLS = ("activation", "beside", "value", "negative_slope", "panel")
NAMED = [(label, name) for name, label in LABELS.items()]


class ActivationsLab(Lab[ActivationPicture, Activated]):
    """An activation function and its derivative, with one input that is dragged along.

    Settings (all are arguments and traits; a control exists for each):

    - ``activation``: "sigmoid", "tanh", "relu" or "leaky_relu". ``beside``: a second one to compare with, or "".
    - ``value``: the input that is looked at, from -6 to 6.
    - ``negative_slope``: of leaky ReLU, from 0 to 1 (PyTorch's default is 0.01, too flat to be seen).
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "activation value".

    ``lab.trace`` is the :class:`~cnnlab.traces.activations.Activated` at this input.
    """

    activation = setting("sigmoid", one_of(*LABELS))
    beside = setting("", one_of("", *LABELS))
    value = setting(1.5, between(-REACH, REACH), view=True)
    negative_slope = setting(0.1, between(0, 1))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Activated
    current: ActivationPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ActivationPicture:
        beside = Activation(s.beside, s.negative_slope) if s.beside else None
        return ActivationPicture(Activation(s.activation, s.negative_slope), beside)

    def look(self, model: ActivationPicture, s: Settings) -> Activated:
        return model.activation.at(s.value)

    def draw(self, model: ActivationPicture, trace: Activated, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: Activated, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: Activated, s: Settings) -> str:
        return f"{trace.output_equation()}, {trace.slope_equation()}. {trace.says()}"

    def hint(self, trace: Activated, s: Settings) -> str:
        flat = self.current.activation.saturated()
        return "Drag the point along the curve." + " The band is where the slope is below 0.05." * bool(flat)

    def pointed(self, event: Event) -> None:
        if event["kind"] in ("paint", "pin") and event["grid"] in ("output", "slope"):
            col = event["col"] if event["kind"] == "pin" else event["cells"][-1][1]
            self.value = round(self.current.outputs.x_at(min(col, PLACES - 1), PLACES), 6)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the outputs and the slopes along both curves."""
        name, slope = self.drawn.activation, f", {self.drawn.negative_slope}"
        call = f"F.{name}(x{slope if name == 'leaky_relu' else ''})" if "relu" in name else f"torch.{name}(x)"
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.from_numpy(inputs).requires_grad_()  # from -6 to 6 in steps of 0.1",
                f"output = {call}",
                "slope, = torch.autograd.grad(output.sum(), x)",
                "y = torch.stack([output, slope])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare outputs and slopes with those of PyTorch's autograd: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        x, activation = np.linspace(-REACH, REACH, PLACES), self.current.activation
        found = np.stack([activation(x), activation.slope(x)])
        return float(np.abs(found - run_torch_code(self.torch_code(), inputs=x)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.FloatSlider, widgets.Dropdown
        value = slider(min=-REACH, max=REACH, step=0.1, description="input x", **sized(330))
        leak = slider(max=0.5, step=0.01, description="a", **sized(200))
        beside = dropdown(options=[("nothing", ""), *NAMED], description="beside", **sized(180))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "activation": self.control("activation", dropdown(options=NAMED, description="activation", **sized(200))),
            "beside": self.control("beside", beside),
            "value": self.control("value", value),
            "negative_slope": self.control("negative_slope", leak),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Activated, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.boxes["negative_slope"].disabled = "leaky_relu" not in (s.activation, s.beside)
        self.panels.follow(s.panel)
