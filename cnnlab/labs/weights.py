"""The weights lab: dense, locally connected, shared; on a small layer to look at, and on a real one to count."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.connections import ConnectionsPicture, numbers_text
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, index, one_of, setting, words
from cnnlab.traces.connections import MOST, PATTERNS, SHARED, SIGNAL, SIZES, Connections, layer_size

OWN = "your own numbers"
SMALL = ("inputs", "kernel_size", "stride", "unit", "pattern", "panel")
DIMENSIONS = ("height", "width", "channels", "units", "window", "filters")


class WeightsLab(Pointing[ConnectionsPicture, Connections]):
    """Three ways to connect a layer: every input, neighbors with weights of their own, neighbors with shared weights.

    Settings (all are arguments and traits; a control exists for each):

    - ``inputs``, ``kernel_size``, ``stride``: the small layer that is drawn.
    - ``pattern``: "dense", "local" or "shared", whose sum is written out; ``unit``: the unit that is looked at.
    - ``height``, ``width``, ``channels``, ``units``, ``window``, ``filters``: the layer of real size whose weights are
      counted: an image, so many units, of which each sees all or a square window of it; with shared weights, so many
      filters.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "inputs stride"; "size" is the
      list of layers of real size.

    ``lab.trace`` is the :class:`~cnnlab.traces.connections.Connections` of the pattern.
    """

    inputs = setting(8, index)
    kernel_size = setting(3, index)
    stride = setting(1, index)
    pattern = setting("shared", one_of(*PATTERNS), view=True)
    unit = setting(2, index, view=True)
    height = setting(224, index)
    width = setting(224, index)
    channels = setting(3, index)
    units = setting(1000, index)
    window = setting(3, index)
    filters = setting(1, index)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*SMALL, "size", *DIMENSIONS), view=True)

    trace: Connections
    current: ConnectionsPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ConnectionsPicture:
        if s.stride < 1:
            raise ValueError(f"stride must be at least 1, but is {s.stride}")
        layers = [Connections(pattern, s.inputs, s.kernel_size, s.stride) for pattern in PATTERNS]
        return ConnectionsPicture(layers, layer_size(s.height, s.width, s.channels, s.units, s.window, s.filters))

    def adapt(self, before: ConnectionsPicture | None, now: ConnectionsPicture, s: Settings) -> dict[str, Any]:
        """Fewer units: the last one is looked at."""
        return {"unit": min(s.unit, now.layers[0].units - 1)}

    def look(self, model: ConnectionsPicture, s: Settings) -> Connections:
        return model.layers[PATTERNS.index(s.pattern)]

    def draw(self, model: ConnectionsPicture, trace: Connections, s: Settings, frame: int) -> str:
        return model.draw(s.pattern, self._looked_at(s), frame)

    def _looked_at(self, s: Settings) -> int:
        hovered: int | None = self._hovered
        return min(s.unit if hovered is None else hovered, self.current_units(s) - 1)

    def current_units(self, s: Settings) -> int:
        """How many units the drawn layer has."""
        return Connections("dense", s.inputs, s.kernel_size, s.stride).units

    def numbers(self, trace: Connections, s: Settings) -> str:
        return f"{trace.formula(s.unit)}\n{numbers_text(self.current.layers, self.current.size)}"

    def status(self, trace: Connections, s: Settings) -> str:
        return f"{s.pattern}, {trace.count()}: {trace.formula(self._looked_at(s))}"

    def hint(self, trace: Connections, s: Settings) -> str:
        return "Point at a unit or at a row of a matrix to look, click to stay."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind = event["kind"]
        if kind == "leave":
            self.point_at(None)
            return
        what, _, pattern = str(event.get("grid")).partition(" ")
        if kind in ("hover", "pin") and pattern in PATTERNS:
            unit = event["row"] if what == "matrix" else event["col"]
            if kind == "pin":
                self.stay_at(pattern=pattern, unit=unit)
            else:
                with self.hold():
                    self.pattern = pattern
                    self.point_at(unit)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the layer with shared weights: a convolution, and the same as a matrix."""
        c = self.current.layers[PATTERNS.index("shared")]
        stride = f", stride={c.stride}" if c.stride > 1 else ""
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                f"x = torch.tensor({literal([[c.x.tolist()]])}, dtype=torch.float64)",
                f"w = torch.tensor({literal([[list(SHARED[: c.kernel_size])]])}, dtype=torch.float64)",
                f"matrix = torch.tensor({literal(c.matrix.tolist())}, dtype=torch.float64)",
                f"y = F.conv1d(x, w{stride})",
                "assert torch.equal(y, F.linear(x, matrix))  # a dense layer with this matrix is the same",
            ]
        )

    def check_with_torch(self) -> float:
        """Compute the layer with shared weights with PyTorch: the largest absolute difference of all units."""
        from cnnlab.training.parity import run_torch_code

        output = run_torch_code(self.torch_code())
        return float(np.abs(output[0] - self.current.layers[PATTERNS.index("shared")].output).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        self.unit_slider = self.control("unit", slider(max=5, description="unit", **sized(190)))
        self.size_box = dropdown(options=[*SIZES, OWN], description="real size", **sized(310))
        self.size_box.observe(self.guarded(lambda change: self._take_size(change["new"])), "value")
        kernel = slider(min=1, max=len(SHARED), description="kernel size", **sized(230))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        small = {
            "inputs": self.control("inputs", slider(min=3, max=len(SIGNAL), description="inputs", **sized(220))),
            "kernel_size": self.control("kernel_size", kernel),
            "stride": self.control("stride", slider(min=1, max=3, description="stride", **sized(180))),
            "unit": self.unit_slider,
            "pattern": self.control("pattern", dropdown(options=[*PATTERNS], description="write out", **sized(170))),
            "panel": self.control("panel", panels),
        }
        real = {
            name: self.control(name, widgets.BoundedIntText(min=1, max=MOST[name], description=name, **sized(135)))
            for name in DIMENSIONS
        }
        self.boxes: dict[str, widgets.Widget] = small | {"size": self.size_box} | real
        reset = reset_button(self)
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        first, second = row(*small.values(), reset), row(self.size_box, *real.values())
        return [first, second, self.note, self.stage, self.plain_picture, self.panels.box]

    def _take_size(self, name: str) -> None:
        if name in SIZES and not self.is_quiet(self.size_box):
            with self.hold():
                for dimension in DIMENSIONS:
                    setattr(self, dimension, getattr(SIZES[name], dimension))

    def after_frame(self, trace: Connections, s: Settings) -> None:
        self.put(self.unit_slider, s.unit, max=trace.units - 1)
        known = (name for name, size in SIZES.items() if size == self.current.size)
        self.put(self.size_box, next(known, OWN))
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
