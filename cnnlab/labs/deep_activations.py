"""The lab of many layers: one activation again and again, and the gradient that comes back through all of them."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.deep_activations import DeepPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, between, index, one_of, setting, whole, words
from cnnlab.traces.activations import LABELS, Activation
from cnnlab.traces.deep_activations import MOST_LAYERS, DeepLook, DeepStack, drawn

CONTROLS = ("activation", "beside", "layers", "gain", "negative_slope", "seed", "layer", "panel")
NAMED = [(label, name) for name, label in LABELS.items()]


class DeepActivationsLab(Pointing[DeepPicture, DeepLook]):
    """Up to 20 layers of 64 units with random weights: what arrives at each, and the gradient that comes back.

    Settings (all are arguments and traits; a control exists for each):

    - ``activation``: "sigmoid", "tanh", "relu" or "leaky_relu". ``beside``: a second one to compare with, or "".
    - ``layers``: 1 to 20.
    - ``gain``: the weights have the standard deviation gain / sqrt(64); 0.5 to 3.
    - ``negative_slope``: of leaky ReLU, from 0 to 1.
    - ``seed``: other weights.
    - ``layer``: the layer whose numbers are written out; 0 are the inputs.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "activation layers".

    ``lab.trace`` is the :class:`~cnnlab.traces.deep_activations.DeepLook` at the layer, ``lab.trace.stack`` the layers.
    """

    activation = setting("sigmoid", one_of(*LABELS))
    beside = setting("", one_of("", *LABELS))
    layers = setting(10, whole(1, MOST_LAYERS))
    gain = setting(1.4, between(0.5, 3))
    negative_slope = setting(0.1, between(0, 1))
    seed = setting(0, index)
    layer = setting(5, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: DeepLook
    current: DeepPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> DeepPicture:
        stack, beside = (
            DeepStack(Activation(name, s.negative_slope), s.layers, s.gain, s.seed) if name else None
            for name in (s.activation, s.beside)
        )
        assert stack is not None
        return DeepPicture(stack, beside)

    def adapt(self, before: DeepPicture | None, now: DeepPicture, s: Settings) -> dict[str, int]:
        """Fewer layers: the last one is looked at."""
        return {"layer": min(s.layer, now.stack.layers)}

    def look(self, model: DeepPicture, s: Settings) -> DeepLook:
        hovered: int | None = self._hovered
        return model.stack.at(min(s.layer if hovered is None else hovered, s.layers))

    def draw(self, model: DeepPicture, trace: DeepLook, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: DeepLook, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: DeepLook, s: Settings) -> str:
        return f"{trace.says()}. {trace.stack.says()}"

    def hint(self, trace: DeepLook, s: Settings) -> str:
        return "Point at a layer to see its numbers, click to stay."

    def pointed(self, event: Event) -> None:
        self.point_at_layer(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the norms of all gradients."""
        name, slope = self.drawn.activation, f", {self.drawn.negative_slope}"
        linear = "F.linear(outputs[-1], w)"
        call = (
            f"F.{name}({linear}{slope if name == 'leaky_relu' else ''})"
            if "relu" in name
            else f"torch.{name}({linear})"
        )
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "outputs = [torch.from_numpy(inputs).requires_grad_()]  # (samples, units)",
                "for w in torch.from_numpy(weights):  # one matrix a layer",
                f"    outputs.append({call})",
                "gradients = torch.autograd.grad(outputs[-1], outputs, torch.from_numpy(last_gradient))",
                "y = torch.stack([g.norm() for g in gradients])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the norms with those of PyTorch's autograd: the largest difference, as a part of the norm."""
        from cnnlab.training.parity import run_torch_code

        stack = self.current.stack
        inputs, _, last = drawn(stack.seed)
        expected = run_torch_code(self.torch_code(), inputs=inputs, weights=stack.weights, last_gradient=last)
        return float(np.abs(stack.norms / expected - 1).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, decimal, dropdown = widgets.IntSlider, widgets.FloatSlider, widgets.Dropdown
        beside = dropdown(options=[("nothing", ""), *NAMED], description="beside", **sized(180))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        gain = decimal(min=0.5, max=3, step=0.1, description="gain", **sized(210))
        leak = decimal(max=0.5, step=0.01, description="a", **sized(180))
        self.boxes: dict[str, widgets.Widget] = {
            "activation": self.control("activation", dropdown(options=NAMED, description="activation", **sized(200))),
            "beside": self.control("beside", beside),
            "layers": self.control("layers", slider(min=1, max=MOST_LAYERS, description="layers", **sized(210))),
            "gain": self.control("gain", gain),
            "negative_slope": self.control("negative_slope", leak),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(105))),
            "layer": self.control("layer", slider(max=MOST_LAYERS, description="look at layer", **sized(230))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: DeepLook, s: Settings) -> None:
        self.put(self.boxes["layer"], s.layer, max=s.layers)
        self.boxes["negative_slope"].disabled = "leaky_relu" not in (s.activation, s.beside)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
