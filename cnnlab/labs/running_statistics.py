"""The running statistics lab: what batch norm remembers of the batches, for the day when there is no batch."""

from functools import cache

import ipywidgets as widgets
import numpy as np

from cnnlab.data import digits
from cnnlab.figures.running import RunningPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, index, one_of, setting, whole, words
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.arrays import Array
from cnnlab.traces.running import SOURCES, RunningMoment, running_statistics

MOST = 32
CONTROLS = ("source", "batch_size", "momentum", "seed", "panel")
PIXEL = (2, 4)
"""The pixel of the digits that is looked at: row and column."""


class RunningStatisticsLab(Stepped[RunningPicture, RunningMoment]):
    """The running mean and variance of batch norm over 100 batches, and what the biased variance would lead to.

    Settings (all are arguments and traits; a control exists for each):

    - ``source``: what the batches are drawn from: "normal" (mean 3, standard deviation 2), "drifting" (the mean goes
      from 0 to 4, as it does while the layers before learn), "a pixel of the digits".
    - ``batch_size``: values in a batch, 1 to 32; 1 cannot work.
    - ``momentum``: the share of a new batch, 0 to 1.
    - ``seed``: other batches.
    - ``step``: after how many batches. ``walk``: only what has happened up to there.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "batch_size momentum".

    ``lab.trace`` is the :class:`~cnnlab.traces.running.RunningMoment`, ``lab.trace.running`` holds all batches.
    """

    play_ms = 100

    source = setting("normal", one_of(*SOURCES))
    batch_size = setting(2, whole(1, MOST))
    momentum = setting(0.1, between(0, 1))
    seed = setting(0, index)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: RunningMoment
    current: RunningPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> RunningPicture:
        return RunningPicture(running_statistics(s.source, s.batch_size, s.momentum, s.seed, pixels()))

    def steps(self, model: RunningPicture) -> int:
        return model.running.steps + 1

    def look(self, model: RunningPicture, s: Settings) -> RunningMoment:
        return model.running.at(self.position(model, s))

    def draw(self, model: RunningPicture, trace: RunningMoment, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk, frame)

    def numbers(self, trace: RunningMoment, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: RunningMoment, s: Settings) -> str:
        return trace.says()

    def hint(self, trace: RunningMoment, s: Settings) -> str:
        return "Press play, or point at a curve to go to a batch."

    def pointed(self, event: Event) -> None:
        if event["kind"] == "leave" or event.get("grid") in ("mean", "variance"):
            super().pointed(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the running statistics after each batch."""
        return "\n".join(
            [
                "import torch",
                "",
                f"layer = torch.nn.BatchNorm1d(1, momentum={literal(float(self.drawn.momentum))}).double()",
                "seen = []",
                "for batch in torch.tensor(batches):",
                "    layer(batch[:, None])  # in training mode, as every new layer is",
                "    seen.append(torch.cat([layer.running_mean, layer.running_var]))",
                "y = torch.stack(seen)[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare both running statistics after each batch: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        r = self.current.running
        found = np.stack([r.running_mean[1:], r.running_var[1:]], axis=1)
        return float(np.abs(found - run_torch_code(self.torch_code(), batches=r.batches)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        sources = widgets.Dropdown(options=SOURCES, description="batches from", **sized(235))
        count = widgets.IntSlider(min=1, max=MOST, description="batch size", **sized(220))
        momentum = widgets.FloatSlider(max=1, step=0.01, description="momentum", **sized(220))
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(125))
        self.boxes: dict[str, widgets.Widget] = {
            "source": self.control("source", sources),
            "batch_size": self.control("batch_size", count),
            "momentum": self.control("momentum", momentum),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(105))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, row(*self.step_controls()), self.panels.box]

    def after_frame(self, trace: RunningMoment, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


@cache
def pixels() -> Array:
    """One pixel of all 1797 digits, 0 (paper) to 16 (ink)."""
    return np.asarray(digits()[0][:, *PIXEL], np.float64)
