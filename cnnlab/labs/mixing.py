"""The mixing lab: mixup, cutmix and cutout of two photos, and what becomes of their labels."""

import ipywidgets as widgets
import numpy as np

from cnnlab.data import photos
from cnnlab.figures.mixed import draw_mixed
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, one_of, setting, whole, words
from cnnlab.labs.sources import photo_floats
from cnnlab.traces.mixed import METHODS, Mixed, mixed
from cnnlab.traces.transforms import GRAY

SIDE = 160
"""Rows and columns of the photos here."""
CONTROLS = ("method", "first", "second", "lam", "size", "row", "col", "panel")
NEEDS = {"mixup": ("lam",), "cutmix": ("lam", "row", "col"), "cutout": ("size", "row", "col")}
PANELS = {"nothing": "", "code": "code"}


class MixingLab(Lab[Mixed, Mixed]):
    """Two photos made into one by mixup or cutmix, with the mixed label; or one with a hole, by cutout.

    Settings (all are arguments and traits; a control exists for each):

    - ``method``: "mixup", "cutmix" or "cutout".
    - ``first``, ``second``: the names of two bundled photos, which are their classes, too.
    - ``lam``: the share of the first one, from 0 to 1. The sides of cutmix's rectangle are √(1 − lam) of the photo's.
    - ``size``: side of the hole of cutout, in percent of the photo.
    - ``row``, ``col``: the middle of the rectangle, from 0 to 159; for mixup the pixel that is looked at.
    - ``panel``: what is open below: "" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "method lam".

    ``lab.trace`` is the :class:`~cnnlab.traces.mixed.Mixed`.
    """

    method = setting("mixup", one_of(*METHODS))
    first = setting("cat", one_of(*photos()))
    second = setting("coffee", one_of(*photos()))
    lam = setting(0.7, between(0, 1))
    size = setting(50.0, between(0, 100))
    row = setting(60, whole(0, SIDE - 1))
    col = setting(110, whole(0, SIDE - 1))
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Mixed
    current: Mixed

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Mixed:
        labels = photos().index(s.first), photos().index(s.second)
        pictures = photo_floats(s.first, SIDE), photo_floats(s.second, SIDE)
        return mixed(s.method, pictures, labels, photos(), s.lam, s.size, (s.row, s.col))

    def look(self, model: Mixed, s: Settings) -> Mixed:
        return model

    def draw(self, model: Mixed, trace: Mixed, s: Settings, frame: int) -> str:
        return draw_mixed(trace, frame)

    def numbers(self, trace: Mixed, s: Settings) -> str:
        label = "  ".join(f"{name}: {share:.4g}" for name, share in zip(trace.classes, trace.label, strict=True))
        return f"{trace.formula()}\n{trace.pixel()}\nlabel: {label}\n{trace.loss()}\n{trace.says()}"

    def status(self, trace: Mixed, s: Settings) -> str:
        return f"{s.method}: {trace.formula()}. {trace.loss()}"

    def hint(self, trace: Mixed, s: Settings) -> str:
        if s.method == "mixup":
            return "Move lam. Click on the mixed picture to see how another pixel is made."
        return "Drag on the mixed picture to move the rectangle, over the border too."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        if event["kind"] not in ("paint", "pin"):
            return
        at = (event["row"], event["col"]) if event["kind"] == "pin" else event["cells"][-1]
        with self.hold():
            self.row, self.col = (min(place, SIDE - 1) for place in at)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the mixed picture, ``x``, and its label; ``a`` and ``b`` are the photos as (3, H, W)."""
        t = self.trace
        top, left, height, width = t.inside
        hole = f"{top}:{top + height}, {left}:{left + width}"
        mix = {
            "mixup": [f"x = {t.lam} * a + (1 - {t.lam}) * b", f"share = {t.lam}"],
            "cutmix": [
                "x = a.clone()",
                f"x[:, {hole}] = b[:, {hole}]",
                f"share = 1 - {height} * {width} / (x.shape[1] * x.shape[2])",
            ],
            "cutout": ["x = a.clone()", f"x[:, {hole}] = {GRAY}", "share = 1.0"],
        }
        first, second = t.labels
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "a, b = torch.tensor(first), torch.tensor(second)",
                *mix[t.method],
                f"classes = F.one_hot(torch.tensor([{first}, {second}]), {len(t.classes)}).to(a.dtype)",
                "label = share * classes[0] + (1 - share) * classes[1]",
                "y = torch.cat([x.flatten(), label])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Mix pictures and labels with PyTorch: the largest absolute difference of all numbers."""
        from cnnlab.training.parity import run_torch_code

        t = self.trace
        pictures = {"first": t.first.astype(np.float64), "second": t.second.astype(np.float64)}
        found = np.concatenate([t.image.ravel(), t.label])
        return float(np.abs(found - run_torch_code(self.torch_code(), **pictures)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.FloatSlider, widgets.Dropdown
        method = widgets.ToggleButtons(options=[*METHODS], **sized(290))
        method.style.button_width = "88px"
        names = [*photos()]
        self.boxes: dict[str, widgets.Widget] = {
            "method": self.control("method", method),
            "first": self.control("first", dropdown(options=names, description="first", **sized(150))),
            "second": self.control("second", dropdown(options=names, description="second", **sized(170))),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(130))),
        }
        self.sliders: dict[str, widgets.Widget] = {
            "lam": self.control("lam", slider(max=1, step=0.01, description="lam", **sized(320))),
            "size": self.control("size", slider(max=100, step=1, description="size", **sized(320))),
            "row": self.control("row", widgets.IntSlider(max=SIDE - 1, description="row", **sized(260))),
            "col": self.control("col", widgets.IntSlider(max=SIDE - 1, description="col", **sized(260))),
        }
        self.sliders["size"].readout_format = ".0f"
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top = [row(*self.boxes.values(), reset_button(self)), row(*self.sliders.values())]
        return [*top, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Mixed, s: Settings) -> None:
        shown = [name for name in s.controls if not (name == "second" and s.method == "cutout")]
        show_only(self.boxes, shown)
        show_only(self.sliders, [name for name in NEEDS[s.method] if name in s.controls])
        self.panels.follow(s.panel)
