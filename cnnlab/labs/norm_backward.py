"""The batch norm backward lab: why every value of a batch gets a gradient, whichever output the loss looks at."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.norm_backward import ROWS, NormPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import parse_grid, parse_number
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.traces.arrays import Array, as_vector
from cnnlab.traces.norm import BatchNormGradients, batch_normalization
from cnnlab.traces.norm_words import says
from cnnlab.traces.text import number as shown

BATCHES = {"deck A": [2, 4, 6, 8], "one far away": [1, 2, 1, 2, 12], "eight": [3, -1, 4, 1, -5, 9, 2, -6]}
GRADIENTS = ("the first alone", "ones", "numbers")
LONGEST = 10
CONTROLS = ("x", "grad_output", "gamma", "beta", "training", "panel")


class NormBackwardLab(Pointing[NormPicture, BatchNormGradients]):
    """The way back through the batch norm of one channel, in its three terms.

    Settings (all are arguments and traits; a control exists for each, save for ``at``):

    - ``x``: the values of the batch, 2 to 10 of them: the name of a batch, numbers as text, or an array (n,).
    - ``grad_output``: dy: "the first alone", "ones", "numbers", numbers as text, or an array (n,); of more numbers than
      the batch has the first are used, missing ones are 0.
    - ``gamma``, ``beta``: scale and shift.
    - ``training``: by the statistics of the batch; else by running ones, a mean of 0 and a variance of 1.
    - ``at``: the value whose gradient is written out.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "x training".

    ``lab.trace`` is the :class:`~cnnlab.traces.norm.BatchNormGradients`.
    """

    x = setting("deck A")
    grad_output = setting("the first alone")
    gamma = setting(2.0, number)
    beta = setting(1.0, number)
    training = setting(True, flag)
    at = setting(0, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: BatchNormGradients
    current: NormPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> NormPicture:
        x = _row("x", BATCHES[s.x] if isinstance(s.x, str) and s.x in BATCHES else s.x)
        if not 2 <= len(x) <= LONGEST:
            raise ValueError(f"x must have 2 to {LONGEST} numbers, but has {len(x)}")
        dy = np.zeros(len(x))
        given = _gradient(s.grad_output, len(x))[: len(x)]
        dy[: len(given)] = given
        return NormPicture(batch_normalization(x, s.gamma, s.beta, training=s.training).backward(dy))

    def adapt(self, before: NormPicture | None, now: NormPicture, s: Settings) -> dict[str, Any]:
        """A smaller batch has fewer values to look at."""
        return {"at": min(s.at, now.count - 1)}

    def look(self, model: NormPicture, s: Settings) -> BatchNormGradients:
        return model.gradients

    def draw(self, model: NormPicture, trace: BatchNormGradients, s: Settings, frame: int) -> str:
        place = s.at if self._hovered is None else min(self._hovered, model.count - 1)
        return model.draw(place, frame)

    def numbers(self, trace: BatchNormGradients, s: Settings) -> str:
        picture = NormPicture(trace)
        lines = [f"{title}: {' '.join(shown(v) for v in picture.values(name))}" for name, title, _ in ROWS]
        return "\n".join([*lines, str(trace.equation("grad_x", s.at)), says(trace)])

    def status(self, trace: BatchNormGradients, s: Settings) -> str:
        return f"{trace.equation('grad_x', s.at)}; {says(trace)}"

    def hint(self, trace: BatchNormGradients, s: Settings) -> str:
        return "Click a number of x or dy to change it. Point at dx to see what it is made of, click to stay."

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind == "hover" and grid == "grad_x":
            self.point_at(event["col"])
        elif kind == "pin" and grid == "grad_x":
            self.stay_at(at=event["col"])
        elif kind in ("edit", "grid") and grid in ("x", "grad_y"):
            self._write("x" if grid == "x" else "grad_output", event)

    def _write(self, name: str, event: Event) -> None:
        if event["kind"] == "grid":
            values = _row(name, event["text"])
        else:
            f = self.current.gradients
            values = np.array(f.forward.x if name == "x" else f.grad_y)
            for _, col in event["cells"]:
                if col < len(values):
                    values[col] = parse_number(event["text"], f"{name}[{col}]")
        setattr(self, name, values)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that lets autograd compute dx."""
        s = self.drawn
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.tensor(batch)[:, None].requires_grad_()",
                "running_mean = torch.zeros(1, dtype=x.dtype)",
                "running_var = torch.ones(1, dtype=x.dtype)",
                f"gamma, beta = torch.tensor([{float(s.gamma)}, {float(s.beta)}], dtype=x.dtype).split(1)",
                f"out = F.batch_norm(x, running_mean, running_var, gamma, beta, training={s.training})",
                "out.backward(torch.tensor(dy)[:, None])",
                "y = x.grad.T  # dx",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare dx with what PyTorch's autograd computes."""
        from cnnlab.training.parity import run_torch_code

        trace = self.trace
        y = run_torch_code(self.torch_code(), batch=trace.forward.x, dy=trace.grad_y)
        return float(np.abs(y - trace.grad_x).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        decimal = widgets.FloatSlider
        panels = widgets.Dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(150))
        self.boxes: dict[str, widgets.Widget] = {
            "x": preset(self, "x", "x", [*BATCHES], 150),
            "grad_output": preset(self, "grad_output", "dy", GRADIENTS, 170),
            "gamma": self.control("gamma", decimal(min=-4, max=4, step=0.25, description="gamma", **sized(210))),
            "beta": self.control("beta", decimal(min=-4, max=4, step=0.25, description="beta", **sized(200))),
            "training": tick(self, "training", "training", 100),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = row(*self.boxes.values(), reset_button(self))
        return [top, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: BatchNormGradients, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)

    def close(self) -> None:
        self.panels.close()
        super().close()


def _row(name: str, value: Any) -> Array:
    """Numbers in a row: as text, or an array."""
    if not isinstance(value, str):
        return as_vector(name, value)
    if not any(sign.isdigit() for sign in value):
        names = {"x": [*BATCHES], "grad_output": GRADIENTS}[name]
        raise ValueError(f"{name} {value!r} is not known: give one of {', '.join(names)}, or numbers such as 1 0 2")
    values = parse_grid(value, name)
    if values.ndim != 1 and len(values) != 1:
        raise ValueError(f"{name} must be one row of numbers, such as 1 0 2")
    return as_vector(name, values.ravel())


def _gradient(value: Any, count: int) -> Array:
    if not isinstance(value, str) or value not in GRADIENTS:
        return _row("grad_output", value)
    if value == "ones":
        return np.ones(count)
    places = np.arange(count)
    return np.asarray(places == 0 if value == "the first alone" else 5 * places % 7 - 2, np.float64)
