"""The batch norm lab: a batch before and after, and the two switches that decide what is computed."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.batch_norm import PLACES, BatchNormPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import literal, parse_number
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.row_backward import row_of
from cnnlab.labs.settings import Settings, between, flag, index, number, one_of, setting, words
from cnnlab.traces.arrays import finite_number
from cnnlab.traces.norm import BatchNorm, batch_normalization
from cnnlab.traces.norm_modes import Mode, as_text, forward_says

BATCHES = {
    "deck A": [2, 4, 6, 8],
    "another batch": [2, -3, 0, -7],
    "one far away": [1, 2, 1, 2, 11],
    "a thousand more": [1002, 1004, 1006, 1008],
    "all the same": [4, 4, 4],
    "two": [2, 4],
    "one alone": [2],
}
LONGEST = 10
CONTROLS = ("x", "gamma", "beta", "eps", "momentum", "running_mean", "running_var", "training", "grad", "feed", "panel")


class BatchNormLab(Pointing[BatchNormPicture, BatchNorm]):
    """Batch norm of one channel: every number of it, in training and in eval mode.

    Settings (all are arguments and traits; a control exists for each, save for ``at``):

    - ``x``: the values of the batch, 1 to 10 of them: the name of a batch, numbers as text, or an array (n,).
    - ``gamma``, ``beta``: scale and shift; PyTorch calls them ``weight`` and ``bias``.
    - ``eps``: keeps the division away from zero. ``momentum``: how far the running statistics move with a batch.
    - ``running_mean``, ``running_var``: as they are before this batch.
    - ``training``: by the statistics of the batch, which also move the running ones; else by the running ones.
    - ``grad``: whether gradients are recorded, as without ``torch.no_grad()``; no number of the layer depends on it.
    - ``at``: the value that is written out.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "x training"; "feed" is the
      button that shows the layer this batch, so that its running statistics move. The four modes are shown beside
      "training" and "grad", the running statistics beside "feed", too.

    ``lab.trace`` is the :class:`~cnnlab.traces.norm.BatchNorm`.
    """

    x = setting("deck A")
    gamma = setting(2.0, number)
    beta = setting(1.0, number)
    eps = setting(1e-5, number)
    momentum = setting(0.1, between(0, 1))
    running_mean = setting(0.0, number)
    running_var = setting(1.0, number)
    training = setting(True, flag)
    grad = setting(True, flag)
    at = setting(0, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: BatchNorm
    current: BatchNormPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> BatchNormPicture:
        x = row_of("x", BATCHES[s.x] if isinstance(s.x, str) and s.x in BATCHES else s.x, BATCHES)
        if not 1 <= len(x) <= LONGEST:
            raise ValueError(f"x must have 1 to {LONGEST} numbers, but has {len(x)}")
        if s.training and len(x) == 1:
            raise ValueError(
                "x has a single number, which cannot work in training: it is its own mean, so y would be beta whatever "
                "x is. Give more numbers, or choose eval: training=False"
            )
        finite_number("running_var", s.running_var, minimum=0)
        finite_number("eps", s.eps, minimum=0)
        norm = batch_normalization(
            x, s.gamma, s.beta, training=s.training, running_mean=s.running_mean, running_var=s.running_var,
            momentum=s.momentum, eps=s.eps,
        )  # fmt: skip
        return BatchNormPicture(norm, Mode(s.training, s.grad))

    def adapt(self, before: BatchNormPicture | None, now: BatchNormPicture, s: Settings) -> dict[str, Any]:
        """A smaller batch has fewer values to look at."""
        return {"at": min(s.at, now.count - 1)}

    def look(self, model: BatchNormPicture, s: Settings) -> BatchNorm:
        return model.norm

    def draw(self, model: BatchNormPicture, trace: BatchNorm, s: Settings, frame: int) -> str:
        place = s.at if self._hovered is None else min(self._hovered, model.count - 1)
        modes = not {"training", "grad"}.isdisjoint(s.controls)
        return model.draw(place, modes, modes or "feed" in s.controls, frame)

    def numbers(self, trace: BatchNorm, s: Settings) -> str:
        return as_text(trace, s.at, Mode(s.training, s.grad))

    def status(self, trace: BatchNorm, s: Settings) -> str:
        return f"{trace.equation('y', s.at)}. {forward_says(trace)} {', '.join(Mode(s.training, s.grad).says())}"

    def hint(self, trace: BatchNorm, s: Settings) -> str:
        modes = "" if {"training", "grad"}.isdisjoint(s.controls) else "Click a mode to go there. "
        return f"Drag a dot of x, or click one of its numbers. {modes}Bands: mean ± standard deviation."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], str(event.get("grid"))
        what, _, which = grid.partition(" ")
        if kind == "leave":
            self.point_at(None)
        elif grid == "modes" and kind == "choose":
            self.stay_at(training=event["col"] == 0, grad=event["row"] == 0)
        elif grid in ("x_hat", "y") and kind in ("hover", "pin"):
            self._point(event["col"], kind == "pin")
        elif what == "dot" and kind in ("paint", "pin") and which in map(str, range(self.current.count)):
            col = event["col"] if kind == "pin" else event["cells"][-1][1]
            value = self.current.axes["x"].x_at(min(col, PLACES - 1), PLACES)
            self._write({int(which): round(value, 9)})
        elif kind == "edit" and grid == "x":
            cols = [col for _, col in event["cells"] if col < self.current.count]
            self._write({col: parse_number(event["text"], f"x[{col}]") for col in cols})
        elif kind == "grid" and grid == "x":
            self.stay_at(x=row_of("x", event["text"], BATCHES))

    def _point(self, col: int, stay: bool) -> None:
        if stay:
            self.stay_at(at=col)
        else:
            self.point_at(col)

    def _write(self, changed: dict[int, float]) -> None:
        if changed:  # none where the page shows a larger batch, which is gone
            values = np.array(self.trace.x)
            values[[*changed]] = [*changed.values()]
            self.stay_at(x=values, at=max(changed))

    def feed(self) -> None:
        """Show the layer this batch: the running statistics afterwards become those before."""
        with self.hold():
            self.running_mean, self.running_var = self.trace.running_mean, self.trace.running_var

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for y and for the running statistics afterwards."""
        s = self.drawn
        numbers = {name: literal(float(getattr(s, name))) for name in ("momentum", "eps", "gamma", "beta")}
        lines = [
            "import torch",
            "",
            f"layer = torch.nn.BatchNorm1d(1, eps={numbers['eps']}, momentum={numbers['momentum']}).double()",
            f"layer.weight.data.fill_({numbers['gamma']})  # gamma",
            f"layer.bias.data.fill_({numbers['beta']})  # beta",
            f"layer.running_mean.fill_({literal(float(s.running_mean))})",
            f"layer.running_var.fill_({literal(float(s.running_var))})",
            "layer.train()" if s.training else "layer.eval()",
        ]
        call = "out = layer(torch.tensor(x)[:, None])"
        lines += [call] if s.grad else ["with torch.no_grad():", f"    {call}"]
        return "\n".join([*lines, "y = torch.cat([out[:, 0], layer.running_mean, layer.running_var])[None]"])

    def check_with_torch(self) -> float:
        """Compare y and the running statistics afterwards: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        f = self.trace
        found = [*f.y, f.running_mean, f.running_var]
        return float(np.abs(np.array(found) - run_torch_code(self.torch_code(), x=f.x)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        decimal = widgets.FloatSlider
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(125))
        eps = widgets.FloatLogSlider(min=-8, max=1, step=1, readout_format=".0e", description="eps", **sized(180))
        mean = decimal(min=-10, max=10, step=0.1, description="running mean", **sized(235))
        var = decimal(min=0, max=20, step=0.1, description="running var", **sized(225))
        feed = self.button("one batch", self.feed, "the layer sees this batch once", layout={"width": "95px"})
        self.boxes: dict[str, widgets.Widget] = {
            "x": preset(self, "x", "x", [*BATCHES], 165),
            "gamma": self.control("gamma", decimal(min=-4, max=4, step=0.25, description="gamma", **sized(185))),
            "beta": self.control("beta", decimal(min=-4, max=4, step=0.25, description="beta", **sized(175))),
            "eps": self.control("eps", eps),
            "momentum": self.control("momentum", decimal(max=1, step=0.05, description="momentum", **sized(205))),
            "running_mean": self.control("running_mean", mean),
            "running_var": self.control("running_var", var),
            "feed": feed,
            "training": tick(self, "training", "training", 85),
            "grad": tick(self, "grad", "gradients", 90),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = row(*self.boxes.values(), reset_button(self))
        return [top, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: BatchNorm, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.boxes["feed"].disabled = not s.training
        self.panels.follow(s.panel)
