"""The placement lab: batch norm before or after ReLU, and why a bias before it does nothing."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.placement import PlacementPicture
from cnnlab.labs.base import Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, one_of, setting, words
from cnnlab.traces.placement import Placement, placement

CONTROLS = ("layer_bias", "spread", "gamma", "beta", "panel")


class NormPlacementLab(Lab[PlacementPicture, Placement]):
    """One unit over a large batch, through batch norm and ReLU in both orders.

    Settings (all are arguments and traits; a control exists for each):

    - ``layer_bias``: the bias of the layer before, which is the mean of its outputs here, from -6 to 6.
    - ``spread``: their standard deviation, from 0.1 to 3.
    - ``gamma``, ``beta``: of batch norm, from -4 to 4; PyTorch calls them ``weight`` and ``bias``.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "layer_bias beta".

    ``lab.trace`` is the :class:`~cnnlab.traces.placement.Placement`.
    """

    layer_bias = setting(-2.0, between(-6, 6))
    spread = setting(1.0, between(0.1, 3))
    gamma = setting(1.0, between(-4, 4))
    beta = setting(0.0, between(-4, 4))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Placement
    current: PlacementPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> PlacementPicture:
        return PlacementPicture(placement(s.layer_bias, s.spread, s.gamma, s.beta))

    def look(self, model: PlacementPicture, s: Settings) -> Placement:
        return model.placement

    def draw(self, model: PlacementPicture, trace: Placement, s: Settings, frame: int) -> str:
        return model.draw(frame)

    def numbers(self, trace: Placement, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: Placement, s: Settings) -> str:
        return " ".join(trace.says())

    def hint(self, trace: Placement, s: Settings) -> str:
        return "Move the bias of the layer, and watch the last picture of each row."

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the last values of both orders."""
        s = self.drawn
        return "\n".join(
            [
                "import torch",
                "",
                "bn = torch.nn.BatchNorm1d(1).double()",
                f"bn.weight.data.fill_({literal(float(s.gamma))})  # gamma",
                f"bn.bias.data.fill_({literal(float(s.beta))})  # beta",
                "x = torch.tensor(outputs)[:, None]  # of the layer before",
                "y = torch.cat([torch.relu(bn(x)), bn(torch.relu(x))], dim=1)[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the last values of both orders: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        p = self.trace
        found = np.stack([p.before[2].values, p.after[2].values], axis=1)
        return float(np.abs(found - run_torch_code(self.torch_code(), outputs=p.before[0].values)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        decimal = widgets.FloatSlider
        bias = decimal(min=-6, max=6, step=0.1, description="bias of the layer", **sized(320))
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "layer_bias": self.control("layer_bias", bias),
            "spread": self.control("spread", decimal(min=0.1, max=3, step=0.1, description="spread", **sized(220))),
            "gamma": self.control("gamma", decimal(min=-4, max=4, step=0.25, description="gamma", **sized(220))),
            "beta": self.control("beta", decimal(min=-4, max=4, step=0.25, description="beta", **sized(210))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Placement, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
