"""The softmax lab: logits that are dragged up and down, and the probabilities that they become."""

import re
from functools import partial
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.softmax import PLACES, SoftmaxPicture, as_text
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal, parse_grid
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, brief, index, one_of, setting, words
from cnnlab.traces.softmax import Softmax, softmax_of
from cnnlab.traces.text import number

CONTROLS = ("logits", "classes", "shift", "temperature", "target", "index", "panel")
FEWEST, MOST, LARGEST = 2, 6, 1e6


def scores(name: str, value: Any) -> tuple[float, ...]:
    """Two to six numbers, also as text, with spaces or semicolons between them."""
    found = parse_grid(value.replace(";", " "), name).ravel() if isinstance(value, str) else value
    if (
        not isinstance(found, list | tuple | np.ndarray)
        or getattr(found, "ndim", 1) != 1
        or not FEWEST <= len(found) <= MOST
    ):
        raise ValueError(
            f"{name} must be {FEWEST} to {MOST} numbers with spaces between, such as 2 1 0, but is {brief(value)}"
        )
    return tuple(between(-LARGEST, LARGEST)(f"{name}[{i}]", v) for i, v in enumerate(found))


def chosen(name: str, value: Any) -> int | None:
    """A class, or None."""
    return None if value is None else index(name, value)


class SoftmaxLab(Lab[SoftmaxPicture, Softmax]):
    """The softmax of a few logits, step by step, with a temperature and the gradient of the cross-entropy.

    Settings (all are arguments and traits; a control exists for each):

    - ``logits``: 2 to 6 numbers, as a list or as text such as "2 1 0 -1"; the bars of the picture are dragged.
    - ``temperature``: what the logits are divided by first, from 0.01 to 100.
    - ``target``: the right class, for the loss and its gradient, or None.
    - ``index``: the class whose numbers are written out.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "logits temperature";
      "classes" is how many there are, "shift" the buttons that add 1 to all logits or take 1 from all.

    ``lab.trace`` is the :class:`~cnnlab.traces.softmax.Softmax`.
    """

    logits = setting("2 1 0 -1", scores)
    temperature = setting(1.0, between(0.01, 100))
    target = setting(None, chosen)
    index = setting(0, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Softmax
    current: SoftmaxPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> SoftmaxPicture:
        if s.target is not None and s.target >= len(s.logits):
            raise ValueError(f"target must be None or a class from 0 to {len(s.logits) - 1}, but is {s.target}")
        return SoftmaxPicture(softmax_of(s.logits, s.temperature), s.target)

    def adapt(self, before: SoftmaxPicture | None, now: SoftmaxPicture, s: Settings) -> dict[str, Any]:
        """Fewer classes: the last one is looked at."""
        return {"index": min(s.index, now.softmax.classes - 1)}

    def look(self, model: SoftmaxPicture, s: Settings) -> Softmax:
        return model.softmax

    def draw(self, model: SoftmaxPicture, trace: Softmax, s: Settings, frame: int) -> str:
        return model.draw(s.index, frame)

    def numbers(self, trace: Softmax, s: Settings) -> str:
        return as_text(trace, s.target)

    def status(self, trace: Softmax, s: Settings) -> str:
        return f"{trace.equation('probabilities', s.index)}. {trace.says()}"

    def hint(self, trace: Softmax, s: Settings) -> str:
        given = self.logits
        if isinstance(given, str) and re.fullmatch(r"[^\s;\[]+,[^\s;]+", given.strip()):
            read = " ".join(number(v) for v in s.logits)
            return (
                f"Read as {len(s.logits)} logits: {read}. With decimal commas, put spaces between the numbers: 1,5 0,2."
            )
        return "Drag the bars at the top; Tab and the arrow keys move them, too."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        what, _, which = str(event.get("grid")).partition(" ")
        if event["kind"] in ("paint", "pin") and what == "logit" and which in map(str, range(len(self.drawn.logits))):
            place = event["row"] if event["kind"] == "pin" else event["cells"][-1][0]
            value = round(self.current.logits.y_at(min(place, PLACES - 1), PLACES), 6)
            with self.hold():
                self.index = int(which)
                self._change(int(which), value)

    def _change(self, i: int, value: float) -> None:
        self.logits = [*self.drawn.logits[:i], value, *self.drawn.logits[i + 1 :]]

    def _shift(self, by: float) -> None:
        self.logits = [round(v + by, 6) for v in self.drawn.logits]

    def _take_count(self, count: int) -> None:
        """So many classes: new ones have the logit 0."""
        if not self.is_quiet(self.boxes["classes"]):
            with self.hold():
                self.logits = [*self.drawn.logits[:count], *[0.0] * (count - len(self.drawn.logits))]
                self.target = None if self.target is None else min(self.drawn.target or 0, count - 1)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the probabilities, and with a target for the gradient of the logits."""
        s = self.drawn
        t = "" if s.temperature == 1 else f" / {literal(s.temperature)}"
        lines = [
            "import torch",
            "import torch.nn.functional as F",
            "",
            f"logits = torch.tensor({literal(list(s.logits))}, dtype=torch.float64, requires_grad=True)",
            f"p = torch.softmax(logits{t}, dim=0)",
        ]
        if s.target is None:
            return "\n".join([*lines, "y = p[None]"])
        loss = f"loss = F.cross_entropy(logits{t}, torch.tensor({s.target}))  # the softmax is inside"
        return "\n".join([*lines, loss, "loss.backward()", "y = torch.stack([p, logits.grad])[None]"])

    def check_with_torch(self) -> float:
        """Compare the probabilities, and with a target the gradient: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        found, target = self.trace.probabilities, self.drawn.target
        if target is not None:
            found = np.stack([found, self.trace.loss_gradient(target)])
        return float(np.abs(found - run_torch_code(self.torch_code())).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        classes = slider(min=FEWEST, max=MOST, description="classes", **sized(180))
        classes.observe(self.guarded(lambda change: self._take_count(change["new"])), "value")
        shift = [
            self.button(f"all {sign} 1", partial(self._shift, by), "to every logit", layout={"width": "64px"})
            for sign, by in (("−", -1.0), ("+", 1.0))
        ]
        temperature = widgets.FloatSlider(min=0.1, max=10, step=0.1, description="temperature", **sized(260))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "logits": self.control("logits", widgets.Text(continuous_update=False, description="logits", **sized(190))),
            "classes": classes,
            "shift": row(*shift),
            "temperature": self.control("temperature", temperature),
            "target": self.control("target", dropdown(options=[("none", None)], description="target", **sized(130))),
            "index": self.control("index", slider(max=MOST - 1, description="write out", **sized(170))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Softmax, s: Settings) -> None:
        self.put(self.boxes["logits"], " ".join(literal(v) for v in s.logits))
        self.put(self.boxes["classes"], trace.classes)
        self.put(self.boxes["index"], s.index, max=trace.classes - 1)
        offered = [("none", None), *((f"class {i}", i) for i in range(trace.classes))]
        self.put(self.boxes["target"], s.target, options=offered)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
