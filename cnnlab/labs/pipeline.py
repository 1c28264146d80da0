"""The pipeline lab: random transforms written one after the other, and a sheet of samples that they make."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import photos
from cnnlab.figures.pipeline import COLUMNS, PipelinePicture
from cnnlab.labs.augmentation_text import torch_code
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, index, one_of, setting, whole, words
from cnnlab.labs.sources import photo_floats
from cnnlab.traces.pipeline import SAMPLES, Sample, Sheet, parse_pipeline

SIDE = 96
"""Rows and columns of the photos here."""
EXAMPLES = {
    "photos": "flip 0.5; rotate 15; crop 0.5; jitter 0.3",
    "ImageNet": "crop 0.08; flip 0.5; jitter 0.4",
    "CIFAR-10": "shift 0.125; flip 0.5",
    "digits": "rotate 10; shift 0.1; zoom 0.9 1.1",
    "cells": "flip 0.5; vertical flip 0.5; rotate 180; brightness 0.2",
    "cutout": "flip 0.5; crop 0.5; cutout 0.4",
    "too much": "rotate 180; shear 50; zoom 0.3 3; hue 0.5; shuffle; cutout 0.6",
}
"""Pipelines with a name."""
CONTROLS = ("picture", "pipeline", "seed", "sample", "panel")
PANELS = {"nothing": "", "code": "code"}


class PipelineLab(Pointing[PipelinePicture, Sample]):
    """Sixteen random versions of a photo, by a pipeline of transforms that is written down as text.

    Settings (all are arguments and traits; a control exists for each):

    - ``picture``: the name of a bundled photo, such as "cat".
    - ``pipeline``: "photos", "ImageNet", "CIFAR-10", "digits", "cells", "cutout", "too much", or steps of your own such
      as "flip 0.5; rotate 15". Steps are: flip p, vertical flip p, rotate degrees, shift share, zoom from to, shear
      degrees, crop smallest area, brightness, contrast, saturation, hue and jitter (all three) by how much, gray p,
      shuffle, cutout side.
    - ``seed``: of the random numbers: the same seed makes the same sheet.
    - ``sample``: which of the samples is shown step by step, from 0 to 15.
    - ``panel``: what is open below: "" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "pipeline seed".

    ``lab.trace`` is the :class:`~cnnlab.traces.pipeline.Sample`; ``lab.trace.sheet`` holds all of them.
    """

    picture = setting("cat", one_of(*photos()))
    pipeline = setting("photos")
    seed = setting(0, index)
    sample = setting(0, whole(0, SAMPLES - 1), view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Sample
    current: PipelinePicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> PipelinePicture:
        text = EXAMPLES.get(s.pipeline, s.pipeline) if isinstance(s.pipeline, str) else s.pipeline
        sheet = Sheet(photo_floats(s.picture, SIDE), parse_pipeline(text), s.seed)
        assert len(sheet.samples) == SAMPLES  # made here, so that what a transform refuses is told
        return PipelinePicture(sheet)

    def look(self, model: PipelinePicture, s: Settings) -> Sample:
        return model.sheet.at(s.sample if self._hovered is None else self._hovered)

    def draw(self, model: PipelinePicture, trace: Sample, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: Sample, s: Settings) -> str:
        written = "; ".join(map(str, trace.sheet.written))
        lines = (f"{i:2}: {trace.sheet.at(i).formula()}" for i in range(SAMPLES))
        return "\n".join([f"{written}, seed {trace.sheet.seed}", *lines])

    def status(self, trace: Sample, s: Settings) -> str:
        return f"sample {trace.index}: {trace.formula()}"

    def hint(self, trace: Sample, s: Settings) -> str:
        return "Point at a sample to see what was drawn for it, click to stay. Change the text, or draw again."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind = event["kind"]
        if kind not in ("hover", "pin"):
            self.point_at(None)
            return
        place = min(event["row"] * COLUMNS + min(event["col"], COLUMNS - 1), SAMPLES - 1)
        if kind == "pin":
            self.stay_at(sample=place)
        else:
            self.point_at(place)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that makes this sample of ``image``, with the numbers that were drawn for it."""
        return torch_code(self.trace.steps, (SIDE, SIDE))

    def check_with_torch(self) -> float:
        """Make this sample with PyTorch: the largest absolute difference of all its numbers."""
        from cnnlab.training.parity import run_torch_code

        t = self.trace
        expected = run_torch_code(self.torch_code(), image=t.sheet.image.astype(np.float64))
        return float(np.abs(t.sheet.samples[t.index] - expected).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown, slider = widgets.Dropdown, widgets.IntSlider
        self.text = widgets.Text(description="steps", continuous_update=False, **sized(560))
        self.text.observe(self.guarded(lambda _: self._typed()), "value")
        example = preset(self, "pipeline", "pipeline", [*EXAMPLES], 200)
        self.again = self.button("draw again", self._draw_again, "another seed", layout={"width": "100px"})
        self.boxes: dict[str, widgets.Widget] = {
            "picture": self.control("picture", dropdown(options=[*photos()], description="picture", **sized(170))),
            "pipeline": row(example, self.text),
            "seed": row(self.control("seed", slider(max=99, description="seed", **sized(220))), self.again),
            "sample": self.control("sample", slider(max=SAMPLES - 1, description="sample", **sized(220))),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(130))),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        others = [box for name, box in self.boxes.items() if name != "pipeline"]
        top = [row(self.boxes["pipeline"], reset_button(self)), row(*others)]
        return [*top, self.note, self.stage, self.plain_picture, self.panels.box]

    def _typed(self) -> None:
        if not self.is_quiet(self.text) and self.text.value != _written(self.pipeline):
            self.pipeline = self.text.value

    def _draw_again(self) -> None:
        self.seed = self.drawn.seed + 1

    def after_frame(self, trace: Sample, s: Settings) -> None:
        self.put(self.text, _written(s.pipeline))
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


def _written(pipeline: Any) -> str:
    """The text of a pipeline, also of one with a name."""
    return EXAMPLES.get(pipeline, pipeline) if isinstance(pipeline, str) else ""
