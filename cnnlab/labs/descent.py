"""The descent lab: optimizers race over a loss surface, from a point that you click."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.descent import COLS, ROWS, DescentPicture
from cnnlab.labs import descent_settings as checks
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick
from cnnlab.labs.descent_settings import FLOWERS, MOST_UPDATES, RATES, SURFACES, WITH_RATIO, made
from cnnlab.labs.descent_text import torch_code
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, flag, index, one_of, setting, words
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.descent import METHODS, SCHEDULES, Moment, race
from cnnlab.traces.descent_words import as_text, standing

CONTROLS = (
    "surface", "ratio", "lr", "momentum", "schedule", "optimizers", "optimizer", "rates", "batch_size", "seed",
    "updates", "start", "limit", "panel",
)  # fmt: skip


class DescentLab(Stepped[DescentPicture, Moment]):
    """Several optimizers go down one loss surface of two weights.

    Settings (all are arguments and traits; a control exists for each):

    - ``surface``: "parabola", of one weight; "bowl", "ravine", "turned ravine", "saddle", "Rosenbrock": formulas.
      "flowers": the line through the length and the width of 150 petals, by its mean squared error; "flowers,
      standardized": with the length shifted to mean 0 and scaled to standard deviation 1. "digits": is it a 3 or an
      8, from the ink left and right.
    - ``ratio``: how much more the ravines are curved across than along.
    - ``optimizers``: which race, such as "batch Adam", of batch, stochastic, mini-batch, momentum, Nesterov, RMSProp,
      Adam; "all". On a formula, which has no examples, the first three are the same.
    - ``optimizer``: whose update is written out.
    - ``lr``: the learning rate. ``rates``: other ones for some, such as "Adam 0.3, momentum 0.01".
    - ``momentum``: of momentum and Nesterov. RMSProp keeps 0.9 of its average, Adam 0.9 and 0.999 of its two.
    - ``schedule``: "constant", "step" (a tenth after each third of the race) or "cosine" (down to 0 at its end).
    - ``updates``: how many there are.
    - ``batch_size``: how many examples an update sees of real data; all with "batch", one with "stochastic".
      ``seed``: another order of the examples.
    - ``start``: two numbers, such as "-4 2", one on the parabola; empty: the surface's own. A click on the map sets
      it.
    - ``limit``: whether the largest learning rate is said.
    - ``step``: after how many updates. ``walk``: only what has happened up to there; else all of it, fainter.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "lr momentum".

    ``lab.trace`` is the :class:`~cnnlab.traces.descent.Moment`, ``lab.trace.race`` holds all paths.
    """

    play_ms = 100

    surface = setting("ravine", one_of(*SURFACES))
    ratio = setting(10.0, checks.ratio)
    optimizers = setting("batch momentum RMSProp Adam", words(*METHODS))
    optimizer = setting("batch", one_of(*METHODS), view=True)
    lr = setting(0.05, checks.rate)
    rates = setting("", checks.rates)
    momentum = setting(0.9, checks.momentum)
    schedule = setting("constant", one_of(*SCHEDULES))
    updates = setting(100, checks.up_to(MOST_UPDATES))
    batch_size = setting(10, checks.up_to(10**6))
    seed = setting(0, index)
    start = setting(None, checks.start)
    limit = setting(True, flag, view=True)
    walk = setting(True, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Moment
    current: DescentPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> DescentPicture:
        surface = made(s.surface, s.ratio if s.surface in WITH_RATIO else 1.0)
        if not s.optimizers:
            raise ValueError(f"optimizers must name at least one of {', '.join(METHODS)}")
        start = checks.on_the_map(s.start, surface) if s.start else None
        return DescentPicture(
            race(surface, s.optimizers, start, s.lr, s.rates, s.momentum, s.schedule, s.updates, s.batch_size, s.seed)
        )

    def adapt(self, before: DescentPicture | None, now: DescentPicture, s: Settings) -> dict[str, Any]:
        """Written out is one that races."""
        racing = list(now.race.paths)
        return {**super().adapt(before, now, s), "optimizer": s.optimizer if s.optimizer in racing else racing[0]}

    def on_change(self, name: str) -> None:
        super().on_change(name)
        if name == "surface" and isinstance(self.surface, str) and self.surface in SURFACES:
            self.start = None  # a place on another map

    def steps(self, model: DescentPicture) -> int:
        return model.race.updates + 1

    def look(self, model: DescentPicture, s: Settings) -> Moment:
        return model.race.at(self.position(model, s), s.optimizer)

    def draw(self, model: DescentPicture, trace: Moment, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk, s.limit, frame)

    def numbers(self, trace: Moment, s: Settings) -> str:
        return as_text(trace)

    def status(self, trace: Moment, s: Settings) -> str:
        return standing(trace)

    def hint(self, trace: Moment, s: Settings) -> str:
        return "Press play. Click the map to begin elsewhere, a name to see its update, the curves to go to a step."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if grid == "map" and kind in ("paint", "pin"):
            cell = event["cells"][-1] if kind == "paint" else (event["row"], event["col"])
            self._begin_at(*cell)
        elif grid == "racers" and kind == "choose":
            racing = list(self.current.race.paths)
            self.optimizer = racing[min(event["row"], len(racing) - 1)]
        elif grid != "map":
            super().pointed(event)

    def _begin_at(self, row: int, col: int) -> None:
        axes = self.current.map
        place = axes.x_at(min(col, COLS - 1), COLS), axes.y_at(min(row, ROWS - 1), ROWS)
        self.stay_at(start=tuple(round(w, 3) for w in place[: len(self.current.race.surface.weights)]))

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the path of the optimizer that is written out."""
        return torch_code(self.current.race, self.trace.path, self.drawn.ratio)

    def check_with_torch(self) -> float:
        """Let PyTorch walk every path that races: the largest difference of all weights.

        Absolute, and for weights larger than 1, as on a path that diverges, relative to them.
        """
        from cnnlab.training.parity import run_torch_code

        whole, paths = self.current.race, list(self.current.race.paths.values())
        parts = [f"{torch_code(whole, path, self.drawn.ratio)}\npaths.append(y[0])" for path in paths]
        named = [part.replace("batches", f"batches_{i}") for i, part in enumerate(parts)]
        code = "\n".join(["paths = []", *named, "y = torch.cat(paths)[None]"])
        given = {f"batches_{i}": whole.batches_of(path).astype(np.float64) for i, path in enumerate(paths)}
        found = run_torch_code(code, **given, **whole.surface.data)
        expected = np.concatenate([path.points for path in paths])[:, : len(whole.surface.weights)]
        return float((np.abs(found - expected) / np.maximum(np.abs(expected), 1)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        ratio = widgets.FloatSlider(min=1, max=100, step=1, readout_format=".0f", description="ratio", **sized(170))
        rates = [(f"{rate:g}", rate) for rate in RATES]
        momentum = widgets.FloatSlider(max=0.99, step=0.01, description="momentum", **sized(205))
        text: dict[str, Any] = {"continuous_update": False}
        self.start_box = widgets.Text(description="start", placeholder="-4 2", **text, **sized(115))
        self.start_box.observe(self.guarded(lambda change: self._take_start(change["new"])), "value")
        self.ticks = {name: self._tick(name) for name in METHODS}
        own = widgets.Text(description="own lr", placeholder="Adam 0.3, momentum 0.01", **text, **sized(215))
        self.boxes: dict[str, widgets.Widget] = {
            "surface": self.control("surface", dropdown(options=SURFACES, description="surface", **sized(205))),
            "ratio": self.control("ratio", ratio),
            "lr": self.control("lr", widgets.SelectionSlider(options=rates, description="lr", **sized(235))),
            "momentum": self.control("momentum", momentum),
            "schedule": self.control("schedule", dropdown(options=SCHEDULES, description="schedule", **sized(160))),
            "optimizers": row(*self.ticks.values()),
            "optimizer": self.control("optimizer", dropdown(options=[*METHODS], description="write out", **sized(170))),
            "start": self.start_box,
            "batch_size": self.control(
                "batch_size", slider(min=1, max=FLOWERS, description="batch size", **sized(190))
            ),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(95))),
            "updates": self.control(
                "updates", slider(min=10, max=MOST_UPDATES, step=10, description="updates", **sized(175))
            ),
            "rates": self.control("rates", own),
            "limit": tick(self, "limit", "largest lr", 95),
            "panel": self.control(
                "panel", dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(115))
            ),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, row(*self.step_controls()), self.panels.box]

    def _tick(self, name: str) -> widgets.Checkbox:
        box = widgets.Checkbox(description=name, indent=False, layout={"width": "auto"})
        box.observe(self.guarded(lambda _: self._take_ticks(box)), "value")
        return box

    def _take_ticks(self, box: widgets.Checkbox) -> None:
        if not self.is_quiet(box):
            self.optimizers = " ".join(name for name, other in self.ticks.items() if other.value)

    def _take_start(self, text: str) -> None:
        if not self.is_quiet(self.start_box):
            self.start = text

    def after_frame(self, trace: Moment, s: Settings) -> None:
        super().after_frame(trace, s)
        for name, box in self.ticks.items():
            self.put(box, name in s.optimizers)
        start = trace.race.start[: len(trace.race.surface.weights)]
        self.put(self.start_box, " ".join(f"{w:g}" for w in start))
        offered = sorted({*RATES, s.lr})
        self.put(self._tied["lr"], s.lr, options=[(f"{rate:g}", rate) for rate in offered])
        examples = trace.race.surface.examples
        self.put(self.boxes["batch_size"], min(s.batch_size, examples or FLOWERS), max=examples or FLOWERS)
        for name in ("batch_size", "seed"):
            self.boxes[name].disabled = not examples
        self.boxes["ratio"].disabled = s.surface not in WITH_RATIO
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
