"""The builder lab: a network layer by layer, with what each layer makes of an image, learns and costs."""

import re
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data.networks import NETWORKS
from cnnlab.data.resized import resizable, resized
from cnnlab.figures.builder import VIEWS, BuilderPicture, Shown
from cnnlab.figures.builder_maps import sheet_start
from cnnlab.labs.base import Event
from cnnlab.labs.builder_editor import RowEditor
from cnnlab.labs.controls import EDITED, reset_button, row, show_only, sized, tick
from cnnlab.labs.panels import CodePanel, Panels, TypePanel
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, brief, flag, index, one_of, setting, words
from cnnlab.network.stack import LayerSpec, parse_stack, stack_text
from cnnlab.traces.built import Built, built
from cnnlab.traces.built_code import compare_code, to_compare, torch_code
from cnnlab.traces.built_run import Run, can_run
from cnnlab.traces.built_words import numbers_text, row_says

USUAL_INPUT = "1 x 32 x 32"
MOST = 4096  # of the batch, and of each axis of the input
CONTROLS = ("network", "input", "picture", "batch", "panel", "mend", "edit", "layer", "channel", "view", "walk", "seed")
PANELS = {"nothing": "", "type the layers": "type", "code": "code"}


@dataclass(frozen=True, eq=False)
class Model:
    """The picture of a stack, and the stack at work where it is small enough."""

    picture: BuilderPicture
    run: Run | None


def _layers(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text such as 'conv 8 3x3; relu; flatten; dense 10', but is {brief(value)}")
    return value


def _input(name: str, value: Any) -> tuple[int, ...] | None:
    """The shape, (C, H, W) or (n,); None for the one that the network is made for."""
    plain = re.sub(r"[×x*,()]", " ", value).split() if isinstance(value, str) else value
    if isinstance(plain, tuple | list) and not plain:
        return None
    whole = isinstance(plain, tuple | list) and all(re.fullmatch(r"[1-9]\d{0,3}", str(n)) for n in plain)
    if not whole or len(plain) not in (1, 3) or any(int(n) > MOST for n in plain):
        what = "channels x height x width such as '1 x 32 x 32', or a single number"
        raise ValueError(f"{name} must be {what}, each from 1 to {MOST}, but is {brief(value)}")
    return tuple(int(n) for n in plain)


def _batch(name: str, value: Any) -> int:
    if index(name, value) not in range(1, MOST + 1):
        raise ValueError(f"{name} must be from 1 to {MOST}, but is {brief(value)}")
    return int(value)


class BuilderLab(Pointing[Model, Built]):
    """A network that you build: layer by layer its shapes, parameters, multiplications, memory and receptive field.

    Settings (all are arguments and traits; a control exists for each):

    - ``layers``: the name of a network (``cnnlab.data.networks.NETWORKS``), or layers as text, such as
      "conv 8 3x3 stride 2 padding 1; relu; max pool 2x2; flatten; dense 10; softmax". The first layer that cannot work
      is marked, with what would.
    - ``input``: the shape of one example, "1 x 32 x 32" or (1, 32, 32), or a single number for a row of numbers; ""
      for the one that the network is made for.
    - ``layer``: the row that is looked at, 0 for the input; ``channel``: the map of it that is shown large.
    - ``picture``: the image that goes through: "digit" or the name of a photo. ``seed``: draws the weights, which are
      not trained.
    - ``batch``: how many images the memory is counted for.
    - ``view``: what is below the table: "maps", with the formulas of the row, or "blocks", the outputs of all rows.
    - ``walk``: the rows behind ``layer`` are still to come, and their numbers are hidden.
    - ``panel``: what is open below: "", "type" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "layer walk"; "network" is the
      list of networks, "edit" are the controls that change the row, "mend" puts what would work in its place.

    ``lab.trace`` is the :class:`~cnnlab.traces.built.Built` stack: ``lab.trace.rows[0].parameters``, and the like.
    """

    layers = setting("exam", _layers)
    input = setting("", _input)
    picture = setting("digit", one_of(*resizable()))
    seed = setting(0, index)
    layer = setting(1, index, view=True)
    channel = setting(0, index, view=True)
    batch = setting(1, _batch, view=True)
    view = setting(VIEWS[0], one_of(*VIEWS), view=True)
    walk = setting(False, flag, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Built
    current: Model

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Model:
        known = NETWORKS.get(s.layers)
        made_for = known.input if known else USUAL_INPUT
        stack = built(parse_stack(known.layers if known else s.layers), s.input or _input("input", made_for) or ())
        if not can_run(stack):
            return Model(BuilderPicture(stack), None)
        before, image = self.current.run if self.current else None, resized(s.picture, stack.input_shape)
        kept = before if before and before.image is image and before.seed == s.seed else None
        return Model(BuilderPicture(stack), kept or Run(image, s.seed))

    def adapt(self, before: Model | None, now: Model, s: Settings) -> dict[str, Any]:
        """A shorter network has fewer rows, another row fewer channels."""
        layer = min(s.layer, len(now.picture.stack.rows))
        return {"layer": layer, "channel": min(s.channel, max(_channels(now.picture.stack, layer) - 1, 0))}

    def look(self, model: Model, s: Settings) -> Built:
        return model.picture.stack

    def draw(self, model: Model, trace: Built, s: Settings, frame: int) -> str:
        hovered: int | None = self._hovered
        layer = s.layer if hovered is None else min(hovered, len(trace.rows))
        output = model.run.output(specs) if model.run and (specs := _shown(trace, layer)) is not None else None
        return model.picture.draw(Shown(layer, s.layer, output, s.channel, s.batch, s.walk, s.view), frame)

    def numbers(self, trace: Built, s: Settings) -> str:
        return numbers_text(trace, s.layer if s.walk else len(trace.rows))

    def status(self, trace: Built, s: Settings) -> str:
        return row_says(trace, s.layer)

    def hint(self, trace: Built, s: Settings) -> str:
        if s.walk:
            return "What does the next row make of it? Predict, then click it, or move the slider."
        return f"Point at a row to look, click to stay. The weights are drawn at random (seed {s.seed}), not trained."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind in ("hover", "pin") and grid in ("layer", "block"):
            at = event["row"] if grid == "layer" else event["col"]
            layer = self.current.picture.first_row(self.drawn.layer) + at
            if kind == "pin":
                self.stay_at(layer=layer)
            elif not self.drawn.walk:
                self.point_at(layer)
        elif kind == "choose" and grid == "channel":
            self.channel = sheet_start(self.drawn.channel) + event["row"] * event["cols"] + event["col"]

    def edit(self, specs: tuple[LayerSpec, ...], layer: int) -> None:
        """Take other layers, on the input that is there, and look at one of their rows."""
        with self.hold():
            self.input = " x ".join(map(str, self.trace.input_shape))
            self.layers = stack_text(specs)
            self.layer = layer

    def mend(self) -> None:
        """Put what would work in the place of the first layer that cannot work."""
        if self.trace.broken is not None:
            self.edit(self.trace.mended(), self.trace.broken.index + 1)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the network, as far as it works."""
        return torch_code(self.trace)

    def check_with_torch(self) -> float:
        """Build the network in PyTorch: the largest absolute difference of all parameter counts, all shapes, and, with
        the same weights, of the output."""
        from cnnlab.training.parity import run_torch_code

        if not self.trace.working:
            raise ValueError("layers: there is no layer that works yet, so nothing can be compared")
        code, arrays = compare_code(self.trace, self.current.run)
        output, expected = run_torch_code(code, **arrays), to_compare(self.trace, self.current.run)
        return float(np.abs(output - expected).max()) if output.shape == expected.shape else float("inf")

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, whole, listed = widgets.IntSlider, widgets.BoundedIntText, widgets.Dropdown
        self.network_box = listed(options=[*NETWORKS], description="network", **sized(200))
        self.network_box.observe(self.guarded(lambda change: self._take_network(change["new"])), "value")
        shape = widgets.Text(description="input", continuous_update=False, **sized(150))
        panels = listed(options=[*PANELS.items()], description="open", **sized(160))
        above = {
            "network": self.network_box,
            "input": self.control("input", self._emptied(shape)),
            "picture": self.control("picture", listed(options=[*resizable()], description="picture", **sized(145))),
            "batch": self.control("batch", whole(min=1, max=MOST, description="batch", **sized(105))),
            "panel": self.control("panel", panels),
            "mend": self.button("mend", self.mend, "put what would work in its place", layout={"width": "70px"}),
        }
        below = {
            "layer": self.control("layer", slider(max=7, description="row", **sized(260))),
            "channel": self.control("channel", slider(max=7, description="channel", **sized(260))),
            "view": self.control("view", listed(options=[*VIEWS], description="below", **sized(125))),
            "walk": tick(self, "walk", "hide the rows behind", 160),
            "seed": self.control("seed", whole(max=999, description="seed", **sized(100))),
        }
        self.editor = RowEditor(self)
        self.boxes: dict[str, widgets.Widget] = {**above, **below, "edit": self.editor.box}
        self.panels = Panels(
            {
                "type": TypePanel(self, {"layers": (self._as_lines, self._take_lines)}),
                "code": CodePanel(self, self.torch_code, self.check_with_torch),
            }
        )
        top = [row(*above.values(), reset_button(self)), self.editor.box, self.note]
        return [*top, self.stage, self.plain_picture, row(*below.values()), self.panels.box]

    def _emptied(self, shape: widgets.Text) -> widgets.Text:
        """A field that, when it is emptied, shows again the shape that the network is made for."""

        def given(change: dict[str, Any]) -> None:
            if not change["new"].strip() and self.input == change["new"] and not self.is_quiet(shape):
                self.refresh()

        shape.observe(self.guarded(given), "value")
        return shape

    def _take_network(self, name: str) -> None:
        if name in NETWORKS and not self.is_quiet(self.network_box):
            with self.hold():
                self.input, self.layers = "", name
                self.layer = 0 if self.walk else 1

    def _as_lines(self) -> str:
        return "\n".join(map(str, self.trace.specs))

    def _take_lines(self, text: str) -> None:
        self.edit(parse_stack(text), self.layer)

    def after_frame(self, trace: Built, s: Settings) -> None:
        known = s.layers in NETWORKS
        self.put(self.network_box, s.layers if known else EDITED, options=[*NETWORKS] if known else [EDITED, *NETWORKS])
        self.put(self.boxes["input"], " x ".join(map(str, trace.input_shape)))
        self.put(self.boxes["layer"], s.layer, max=len(trace.rows))
        channels = _channels(trace, s.layer)
        self.put(self.boxes["channel"], s.channel, max=max(channels - 1, 0))
        self.boxes["channel"].disabled = channels < 2
        self.boxes["mend"].disabled = trace.broken is None
        self.editor.follow(trace, s.layer)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


def _channels(stack: Built, layer: int) -> int:
    """Maps that can be looked at: of the row, or where it cannot work, of what it gets; 0 for a row of numbers."""
    row = stack.rows[layer - 1] if layer else None
    shape = stack.input_shape if row is None else row.output_shape or row.input_shape
    return shape[0] if len(shape) == 3 else 0


def _shown(stack: Built, layer: int) -> tuple[LayerSpec, ...] | None:
    """The layers whose output is looked at; None where nothing comes so far."""
    row = stack.rows[layer - 1] if layer else None
    if row is None:
        return ()
    end = row.start + len(row.specs) if row.works else row.start
    return stack.specs[:end] if row.input_shape else None
