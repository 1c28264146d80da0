"""The receptive field lab: a stack of layers, one of its units, and what that unit sees of a photo."""

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from cnnlab.data import photos
from cnnlab.figures.receptive_field import SHOWN, ReceptiveFieldPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, up_to
from cnnlab.labs.panels import CodePanel, Panels, PhotoPanel
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.receptive_field_text import torch_code
from cnnlab.labs.settings import Settings, brief, index, one_of, setting, whole, words
from cnnlab.labs.sources import read_named_photo
from cnnlab.labs.uploading import Uploading
from cnnlab.network.stack import SLIDING, LayerSpec, parse_stack, stack_text
from cnnlab.traces.receptive_field import STACKS, Unit, read_stack, stack_of

SHAPING = ("stack", "photo", "upload", "size", "show", "weights", "layers", "add")
CONTROLS = (*SHAPING, "layer", "row", "col", "seed", "panel")
Pixels = NDArray[np.float64]


def index_or_none(name: str, value: Any) -> int | None:
    """A whole number from 0 on, or None."""
    return None if value is None else index(name, value)


def text(name: str, value: Any) -> str:
    """The name of a stack, or its layers."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text such as 'conv 3x3; max pool 2x2', but is {brief(value)}")
    return value


class ReceptiveFieldLab(Pointing[ReceptiveFieldPicture, Unit], Uploading):
    """A stack of layers is built, one of its units chosen, and what that unit sees is shown on a photo.

    Settings (all are arguments and traits; a control exists for each):

    - ``layers``: the stack, by name ("three 3 × 3", "VGG blocks", ...) or as text: "conv 3x3 stride 2; max pool 2x2".
    - ``photo``: the name of a bundled photo (``cnnlab.data.photos()``), or the path of your own. ``size``: its rows and
      columns, 16 to 256.
    - ``layer``: the layer whose unit is looked at, counted from 1; 0 is the photo, None the last layer.
    - ``row``, ``col``: the unit of that layer, None for the middle one. Point at the layer's map or at the photo.
    - ``show``: "box", the theoretical field; "effective", how strongly the unit depends on each cell; or "both".
    - ``weights``: of the effective field: "equal", all the same and no ReLU, which counts paths; "random", the mean of
      ten untrained networks with ReLU (Luo and others 2016). ``seed``: other ones.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "layers layer"; "stack" is the
      list of names, "add" makes a layer more or less, "upload" is the button for a photo of your own.

    ``lab.trace`` is the :class:`~cnnlab.traces.receptive_field.Unit` that is looked at.
    """

    layers = setting("three 3 × 3", text)
    photo = setting("cat")
    size = setting(64, whole(16, 256))
    weights = setting("equal", one_of("equal", "random"))
    seed = setting(0, index)
    layer = setting(None, index_or_none, view=True)
    row = setting(None, index_or_none, view=True)
    col = setting(None, index_or_none, view=True)
    show = setting("both", one_of(*SHOWN), view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Unit
    current: ReceptiveFieldPicture

    def __init__(self, **given: Any) -> None:
        self._moved = False
        super().__init__(**given)

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ReceptiveFieldPicture:
        return ReceptiveFieldPicture(stack_of(self._read(s.photo, s.size), read_stack(s.layers), s.weights, s.seed))

    def on_change(self, name: str) -> None:
        """Another layer is looked at where the unit was; what is set together with others is set as it is meant."""
        super().on_change(name)
        self._moved = name in ("layer", "layers", "size") and not self._held

    def adapt(self, before: ReceptiveFieldPicture | None, now: ReceptiveFieldPicture, s: Settings) -> dict[str, Any]:
        """Fewer layers, or fewer units: the last one is looked at."""
        level = _level(now, s)
        given = {"row": s.row, "col": s.col}
        if self._moved and before is not None and None not in given.values():
            share = len(now.stack.photo) / len(before.stack.photo)
            unit = before.stack.at(_level(before, self.drawn), self.drawn.row or 0, self.drawn.col or 0)
            down, right = now.stack.nearest(level, *((at + 0.5) * share - 0.5 for at in unit.middle))
            given = {"row": down, "col": right}
        last = now.stack.sizes[level] - 1
        fitting = {name: None if at is None else min(at, last) for name, at in given.items()}
        return {"layer": None if s.layer is None else level} | fitting

    def look(self, model: ReceptiveFieldPicture, s: Settings) -> Unit:
        level = _level(model, s)
        last = model.stack.sizes[level] - 1
        at = self._hovered or ((last + 1) // 2 if n is None else n for n in (s.row, s.col))
        down, right = (min(n, last) for n in at)
        return model.stack.at(level, down, right)

    def draw(self, model: ReceptiveFieldPicture, trace: Unit, s: Settings, frame: int) -> str:
        return model.draw(trace, s.show, frame)

    def numbers(self, trace: Unit, s: Settings) -> str:
        table = [f"{i}: {step.name}" for i, step in enumerate(trace.stack.steps[: trace.level], start=1)]
        says = [trace.sees(), trace.weighs()] if s.show != "box" else [trace.sees()]
        return "\n".join([*table, trace.name, *trace.formulas(), *filter(None, says)])

    def status(self, trace: Unit, s: Settings) -> str:
        return f"{trace.name}: {trace.field.size} by {trace.field.size} cells. {trace.sees()}"

    def hint(self, trace: Unit, s: Settings) -> str:
        return "Point at the photo or at the layer's map to look, click to stay; at the table to choose a layer."

    def _read(self, value: Any, size: int) -> Pixels:
        """The photo that a setting stands for, in gray."""
        if not isinstance(value, str | Path):
            raise ValueError(f"photo must be one of {', '.join(photos())}, or the path of one, but is {brief(value)}")
        return read_named_photo(str(value), self._uploads, size).astype(np.float64)

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind == "choose" and grid == "layers" and event["row"] <= len(self.current.stack.layers):
            self.layer = event["row"]
        elif kind in ("hover", "pin") and grid in ("photo", "map"):
            at = (event["row"], event["col"])
            if grid == "photo":
                at = self.current.stack.nearest(self.trace.level, *at)
            if kind == "pin":
                self.stay_at(row=at[0], col=at[1])
            else:
                self.point_at(at)

    def add(self) -> None:
        """One more layer, as the lists beside the button say, and look at it."""
        kind, kernel, stride, dilation, padding = (box.value for box in self.parts)
        spec = LayerSpec(kind, None, kernel, stride, padding, 1 if kind == "average pool" else dilation)
        self._rebuild(*self._specs(), spec)

    def remove(self) -> None:
        """One layer less."""
        if len(self.current.stack.layers) == 1:
            raise ValueError("layers must be at least 1: add another one before you take this one away")
        self._rebuild(*self._specs()[:-1])

    def _specs(self) -> tuple[LayerSpec, ...]:
        written = parse_stack(STACKS.get(self.drawn.layers, self.drawn.layers))
        return tuple(spec for spec in written if spec.slides)

    def _rebuild(self, *specs: LayerSpec) -> None:
        written = stack_text(specs)
        read_stack(written)  # refuses too many before anything changes
        with self.hold():
            self.layers, self.layer = written, None

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the gradient of the unit with respect to the photo."""
        return torch_code(self.trace)

    def check_with_torch(self) -> float:
        """Compare PyTorch's gradient with the effective field: the largest absolute difference of all cells."""
        from cnnlab.training.parity import run_torch_code

        unit, stack = self.trace, self.trace.stack
        given = {f"weights_{i}": w for i, w in enumerate(stack.networks.weights, start=1) if w is not None}
        output = run_torch_code(torch_code(unit), image=stack.x, **given)[0]
        rows, cols = unit.rows[0].cells, unit.cols[0].cells
        output[rows.start : rows.stop, cols.start : cols.stop] -= unit.effect
        return float(np.abs(output).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown, slider = widgets.Dropdown, widgets.IntSlider
        self.text = widgets.Text(description="layers", continuous_update=False, **sized(370))
        self.text.observe(self.guarded(lambda change: self._typed(change["new"])), "value")
        self.layer_slider = self.control("layer", slider(max=3, description="layer", **sized(200)))
        weights = dropdown(options=["equal", "random"], description="weights", **sized(145))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        seed = widgets.BoundedIntText(max=999, description="seed", **sized(95))
        sizes = [(str(n), n) for n in (16, 32, 64, 128, 256)]
        first = {
            "stack": preset(self, "layers", "stack", [*STACKS], 185),
            "photo": preset(self, "photo", "photo", [*photos()], 140),
            "upload": PhotoPanel(self, self.upload, ask_color=False).make(),
            "size": self.control("size", dropdown(options=sizes, description="size", **sized(95))),
            "show": self.control("show", dropdown(options=[*SHOWN], description="show", **sized(130))),
            "weights": self.control("weights", weights),
        }
        below = {
            "layer": self.layer_slider,
            "row": self.control("row", slider(max=57, description="row", **sized(230))),
            "col": self.control("col", slider(max=57, description="column", **sized(250))),
            "seed": self.control("seed", seed),
            "panel": self.control("panel", panels),
        }
        second = {"layers": self.text, "add": self._adding()}
        self.boxes: dict[str, widgets.Widget] = first | second | below
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        rows = [row(*first.values()), row(*second.values())]
        last = row(*below.values(), reset_button(self))
        return [*rows, self.note, self.stage, self.plain_picture, last, self.panels.box]

    def _adding(self) -> widgets.Widget:
        """What is chosen for a layer, and the buttons that add it and take the last one away."""
        dropdown = widgets.Dropdown
        self.parts = (
            dropdown(options=[*SLIDING], layout={"width": "110px"}),
            dropdown(options=up_to(11), value=3, description="k", **sized(62)),
            dropdown(options=up_to(4), description="s", **sized(60)),
            dropdown(options=up_to(8), description="d", **sized(60)),
            dropdown(options=up_to(5, 0), description="p", **sized(60)),
        )
        add = self.button("add", self.add, "add this layer on top", layout={"width": "50px"})
        remove = self.button("remove last", self.remove, "take the last layer away", layout={"width": "105px"})
        return row(*self.parts, add, remove)

    def _typed(self, typed: str) -> None:
        if not self.is_quiet(self.text):
            self.layers = typed

    def after_frame(self, trace: Unit, s: Settings) -> None:
        self.put(self.text, STACKS.get(s.layers, s.layers))
        self.put(self.layer_slider, trace.level, max=len(trace.stack.layers))
        for name, at in (("row", trace.row), ("col", trace.col)):
            if not self._hovered:  # a slider does not follow the pointer
                self.put(self.boxes[name], at, max=trace.stack.sizes[trace.level] - 1)
        self.boxes["seed"].disabled = s.weights == "equal"
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


def _level(model: ReceptiveFieldPicture, s: Settings) -> int:
    """The map that is looked at."""
    last = len(model.stack.layers)
    return last if s.layer is None else min(s.layer, last)
