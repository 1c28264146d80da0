"""The gradient flow lab: up to 50 layers, and what activation, start, batch norm and residual do to gradients."""

from functools import cache, lru_cache

import ipywidgets as widgets
import numpy as np

from cnnlab.data.digits import digits
from cnnlab.figures.gradient_flow import FlowPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, brief, flag, index, one_of, setting, whole, words
from cnnlab.traces.gradient_flow import (
    ACTIVATIONS,
    INITS,
    MOST_LAYERS,
    SLOPE,
    Batch,
    Design,
    Flow,
    designs,
    last_gradient,
)
from cnnlab.traces.gradient_flow_words import FlowLook

CONTROLS = ("activation", "init", "batch_norm", "residual", "depth", "beside", "gradient", "seed", "panel")
BESIDE = {
    "nothing": "",
    "sigmoid and ReLU": "sigmoid xavier; relu he",
    "ReLU, other starts": "relu xavier; relu torch",
    "residual without, with batch norm": "relu he residual; relu he batch_norm residual",
}
MOST_BESIDE = 2
EXAMPLES = 64


class GradientFlowLab(Pointing[FlowPicture, FlowLook]):
    """Up to 50 dense layers of 64 units at the start of a training: 64 digits go in, a gradient of 1 comes back.

    Settings (all are arguments and traits; a control exists for each, save for ``layer``):

    - ``activation``: "sigmoid", "tanh", "relu", "leaky_relu" or "none".
    - ``init``: how weights start: "zeros", "small" (N(0, 0.01²)), "normal" (N(0, 1)), "xavier", "he" or "torch".
    - ``batch_norm``: before the activation. ``residual``: each layer adds to what it gets.
    - ``depth``: 1 to 50 layers.
    - ``beside``: up to two networks of the same depth to compare with: the name of some, or text such as
      "sigmoid xavier; relu he batch_norm residual"; "nothing" for none.
    - ``gradient``: "outputs" or "weights", whose gradient is drawn.
    - ``seed``: other weights, another gradient.
    - ``layer``: the layer whose numbers are written out; 0 are the inputs.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "activation depth".

    ``lab.trace`` is the :class:`~cnnlab.traces.gradient_flow_words.FlowLook`, ``lab.trace.flow`` the network.
    """

    activation = setting("sigmoid", one_of(*ACTIVATIONS))
    init = setting("xavier", one_of(*INITS))
    batch_norm = setting(False, flag)
    residual = setting(False, flag)
    depth = setting(30, whole(1, MOST_LAYERS))
    beside = setting("nothing")
    gradient = setting("outputs", one_of("outputs", "weights"))
    seed = setting(0, index)
    layer = setting(15, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: FlowLook
    current: FlowPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> FlowPicture:
        if not isinstance(s.beside, str):
            raise ValueError(f"beside must be text such as 'relu he; relu xavier', but is {brief(s.beside)}")
        others = designs("beside", BESIDE.get(s.beside, s.beside), MOST_BESIDE)
        mine = Design(s.activation, s.init, s.batch_norm, s.residual)
        return FlowPicture(tuple(_flow(_batch(), d, s.depth, s.seed) for d in (mine, *others)), s.gradient)

    def adapt(self, before: FlowPicture | None, now: FlowPicture, s: Settings) -> dict[str, int]:
        """Fewer layers: the last one is looked at."""
        return {"layer": min(s.layer, now.depth)}

    def look(self, model: FlowPicture, s: Settings) -> FlowLook:
        hovered: int | None = self._hovered
        return FlowLook(model.flows, min(s.layer if hovered is None else hovered, s.depth), s.gradient)

    def draw(self, model: FlowPicture, trace: FlowLook, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: FlowLook, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: FlowLook, s: Settings) -> str:
        return f"layer {trace.layer}: {', '.join(trace.describes(trace.flow))}. {trace.says(trace.flow)}"

    def hint(self, trace: FlowLook, s: Settings) -> str:
        keep = " Keep leaves a curve to compare with." if "beside" in s.controls else ""
        return f"Point at a layer to see its numbers, click to stay.{keep}"

    def pointed(self, event: Event) -> None:
        self.point_at_layer(event)

    def keep(self) -> None:
        """Leave the present network as a curve to compare with; the oldest makes room."""
        kept = [flow.design.spec for flow in self.trace.flows]
        self.beside = "; ".join([*kept[1:], kept[0]][-MOST_BESIDE:])

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the norms of all gradients."""
        return _torch_code(Design(*(getattr(self.drawn, name) for name in CONTROLS[:4])))

    def check_with_torch(self) -> float:
        """Compare the norms of every network with PyTorch's autograd: the largest difference, as a part of the norm."""
        from cnnlab.training.parity import run_torch_code

        flows = self.trace.flows
        inputs, found = flows[0].batch.inputs, []
        arrays = {"inputs": inputs, "last_gradient": last_gradient(flows[0].seed, len(inputs))}
        code = "ys = []"
        for i, flow in enumerate(flows):  # one after the other, in one process
            code += f"\nweights = weights_{i}\n{_torch_code(flow.design)}\nys.append(y)"
            arrays[f"weights_{i}"] = flow.weights
            found.append(np.concatenate([flow.output_gradients, flow.weight_gradients]))
        expected = run_torch_code(f"{code}\ny = torch.stack(ys, 1)", **arrays)
        # With weights of 0 many norms are 0 but for rounding, and none is small.
        least = [[1.0 if flow.design.init == "zeros" else 1e-300] for flow in flows]
        return float((np.abs(np.stack(found) - expected) / np.maximum(expected, least)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        named = {which: [(label, name) for name, label in names.items()] for which, names in _NAMED.items()}
        gradient = dropdown(options=["outputs", "weights"], description="gradient of", **sized(170))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "activation": self.control(
                "activation", dropdown(options=named["activation"], description="activation", **sized(205))
            ),
            "init": self.control("init", dropdown(options=named["init"], description="weights", **sized(180))),
            "batch_norm": tick(self, "batch_norm", "batch norm", 105),
            "residual": tick(self, "residual", "residual", 90),
            "depth": self.control("depth", slider(min=1, max=MOST_LAYERS, description="depth", **sized(240))),
            "beside": preset(self, "beside", "beside", [*BESIDE], 270),
            "keep": self.button("keep", self.keep, "leave this curve to compare with", layout={"width": "60px"}),
            "gradient": self.control("gradient", gradient),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(105))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: FlowLook, s: Settings) -> None:
        show_only(self.boxes, (*s.controls, *(["keep"] if "beside" in s.controls else [])))
        self.panels.follow(s.panel)


_flow = lru_cache(maxsize=16)(Flow)  # those beside the one that is changed stay; a flow keeps norms, not its layers
_NAMED = {"activation": ACTIVATIONS, "init": INITS}


@cache
def _batch() -> Batch:
    return Batch.of(digits()[0][:EXAMPLES])


def _torch_code(design: Design) -> str:
    """PyTorch code for the gradients of the outputs and of the weights of one network."""
    z = "F.linear(outputs[-1], w)"
    z = f"F.batch_norm({z}, None, None, training=True)" if design.batch_norm else z
    slope = f", {SLOPE}" if design.activation == "leaky_relu" else ""
    call = f"F.{design.activation}" if "relu" in design.activation else f"torch.{design.activation}"
    a = z if design.activation == "none" else f"{call}({z}{slope})"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            "outputs = [torch.from_numpy(inputs).requires_grad_()]  # (digits, units)",
            "ws = [torch.from_numpy(w).requires_grad_() for w in weights]  # one matrix a layer",
            "for w in ws:",
            f"    outputs.append({'outputs[-1] + ' if design.residual else ''}{a})",
            "gradients = torch.autograd.grad(outputs[-1], [*outputs, *ws], torch.from_numpy(last_gradient))",
            "y = torch.stack([g.norm() for g in gradients])[None]",
        ]
    )
