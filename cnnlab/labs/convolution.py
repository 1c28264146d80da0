"""The convolution lab: one image, one kernel, every number of what happens between them."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import EXAMPLES
from cnnlab.figures import ConvolutionPicture, View
from cnnlab.figures.strips import first_shown
from cnnlab.kernels import FILTERS, KERNELS
from cnnlab.labs.asking import Asking
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, sized, tick, up_to, visible
from cnnlab.labs.convolution_text import as_text, rows_of, torch_code
from cnnlab.labs.numbers import parse_grid, parse_number, simplest
from cnnlab.labs.panels import CodePanel, KeysPanel, Panels, PhotoPanel, TypePanel
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.labs.sources import read_input, read_weight
from cnnlab.labs.uploading import Uploading
from cnnlab.traces import ConvTrace, convolution
from cnnlab.traces.checks import as_filters, as_image
from cnnlab.traces.conv import PADDING_MODES
from cnnlab.traces.conv_words import judge
from cnnlab.traces.edits import with_cells, with_map

CONTROLS = (
    "input", "weight", "stride", "padding", "padding_mode", "dilation", "bias", "flip", "relu", "paint", "panel",
    "groups",
)  # fmt: skip
MOST_PLAYED = 500
"""Steps after which play has gone through a picture."""
PANELS = {"nothing": "", "code": "code", "type numbers": "type", "your photo": "photo", "keys": "keys"}


class ConvolutionLab(Asking[ConvolutionPicture, ConvTrace], Uploading):
    """A convolution that you can move.

    Settings (all are arguments and traits; a control exists for each):

    - ``input``: the name of an example (``cnnlab.data.EXAMPLES``), the path of a photo (add ", color" for its three
      channels), rows of numbers as text ("1 2 3; 4 5 6"), or an array (H, W) or (C, H, W).
    - ``weight``: the name of a kernel or filter bank (``cnnlab.kernels``), rows of numbers as text, or an array
      (kh, kw) or (F, C / groups, kh, kw).
    - ``bias``, ``stride``, ``padding``, ``dilation``, ``groups``: as in ``torch.nn.functional.conv2d``; a single bias
      is that of every filter.
    - ``padding_mode``: "zeros", "reflect", "replicate" or "circular", as in ``torch.nn.Conv2d``.
    - ``flip``: turn the kernel by 180 degrees first, which is the convolution of mathematics.
    - ``relu``: replace negative answers by 0.
    - ``step``, ``filter``, ``channel``: which output cell, feature map and input channel are looked at.
    - ``walk``: show only the output cells up to ``step``. ``predict``: hide them until they are answered.
    - ``paint``, ``brush``: a click or a drag paints the input with the number ``brush``.
    - ``panel``: what is open below: "", "code", "type", "photo" or "keys".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "input weight stride".

    ``lab.trace`` is the :class:`~cnnlab.traces.ConvTrace` of the cell that is shown, ``lab.trace.convolution`` is the
    whole result.
    """

    takes, asks_color = "input", True

    input = setting("step")
    weight = setting("vertical edge")
    bias = setting(0.0)
    stride = setting(1)
    padding = setting(0)
    dilation = setting(1)
    groups = setting(1, index)
    padding_mode = setting("zeros", one_of(*PADDING_MODES))
    flip = setting(False, flag)
    relu = setting(False, flag)
    filter = setting(0, index, view=True)
    channel = setting(0, index, view=True)
    paint = setting(False, flag, view=True)
    brush = setting(1.0, number, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: ConvTrace
    current: ConvolutionPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ConvolutionPicture:
        source, names = read_input(s.input, self._uploads)
        image = as_image(source)
        weight = as_filters(read_weight(s.weight, len(image), s.groups))
        single = isinstance(s.bias, int | float | np.number) and not isinstance(s.bias, bool)
        bias = np.full(len(weight), number("bias", s.bias)) if single else s.bias
        numbers = convolution(
            image, weight, bias, s.stride, s.padding, s.dilation, s.groups,
            padding_mode=s.padding_mode, flip=s.flip, relu=s.relu,
        )  # fmt: skip
        if not names and self.current is not None and image.shape == self.current.convolution.input.shape:
            names = self.current.names  # an edited picture keeps the names of its channels
        return ConvolutionPicture(numbers, names)

    def steps(self, model: ConvolutionPicture) -> int:
        return model.convolution.steps

    def adapt(self, before: ConvolutionPicture | None, now: ConvolutionPicture, s: Settings) -> dict[str, Any]:
        """After a new stride or padding the window stays where it was, as nearly as it can."""
        c = now.convolution
        step = s.step
        if before is not None and before is not now and step == self.drawn.step:
            step = c.nearest(before.convolution.at(min(step, before.convolution.steps - 1)))
            if now.is_photo and not before.is_photo:
                step = c.over(*(n // 2 for n in c.padded.shape[1:]))  # a corner of a photo shows nothing
        return {
            "step": min(step, c.steps - 1),
            "filter": min(s.filter, len(c.output) - 1),
            "channel": min(s.channel, len(c.input) - 1),
        }

    def look(self, model: ConvolutionPicture, s: Settings) -> ConvTrace:
        return model.convolution.at(self.position(model, s), s.filter)

    def draw(self, model: ConvolutionPicture, trace: ConvTrace, s: Settings, frame: int) -> str:
        answered = frozenset(step for filter, step in self._answered if filter == trace.filter)
        view = View(
            channel=s.channel,
            pinned=s.step,
            walk=s.walk,
            answered=answered if s.predict else None,
            question=self.is_asking(trace, s),
            paint=s.paint,
        )
        return model.draw(trace, view, frame)

    def numbers(self, trace: ConvTrace, s: Settings) -> str:
        return as_text(trace, question=s.predict)

    def status(self, trace: ConvTrace, s: Settings) -> str:
        if self.is_asking(trace, s):
            return f"{trace.name}: what is it?"
        return f"{trace.name} = {trace.formula()} {trace.sign()} {trace.value:g}"

    def hint(self, trace: ConvTrace, s: Settings) -> str:
        if self.is_asking(trace, s):
            return f"Predict {trace.name}: type your answer and press Enter."
        if s.paint:
            return f"Click or drag over the input: its cells become {s.brush:g}."
        if self.current is not None and self.current.is_photo:
            return "Point at the photo or the output to look, click to stay. Click a number of the kernel to change it."
        return "Point at the output to look, click to stay. Click a number of the input or the kernel to change it."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def question(self, trace: ConvTrace) -> tuple[int, int]:
        return trace.filter, trace.index

    def judge(self, trace: ConvTrace, value: float) -> tuple[bool, str]:
        return judge(trace, value)

    def pointed(self, event: Event) -> None:
        kind, grid, c = event["kind"], event.get("grid"), self.trace.convolution
        if kind == "choose" and grid in ("channel", "filter"):
            count = len(c.input if grid == "channel" else c.output)
            setattr(self, grid, first_shown(getattr(self.drawn, grid), count) + event["col"])
        elif kind in ("edit", "paint") and grid in ("input", "kernel"):
            cells = [(row, col) for row, col in event["cells"]]
            (top, _), (left, _) = c.padding if grid == "input" else ((0, 0), (0, 0))
            place = f"{grid}[{cells[0][0] - top}, {cells[0][1] - left}]"
            self.write(str(grid), cells, parse_number(event["text"], place) if kind == "edit" else self.drawn.brush)
        elif kind == "grid" and grid in ("input", "kernel"):
            self.type_grid(str(grid), event["text"])
        elif kind in ("hover", "pin") and grid == "input":
            row, col = divmod(c.over(event["row"], event["col"]), c.columns)
            super().pointed({**event, "row": row, "col": col, "cols": c.columns})
        else:
            super().pointed(event)

    def write(self, grid: str, cells: list[tuple[int, int]], value: float) -> None:
        """Write a number into cells of the "input" or the "kernel", as they lie in the picture."""
        c = self.trace.convolution
        if grid == "kernel":
            height, width = c.kernel_size
            placed = [(height - 1 - row, width - 1 - col) if c.flip else (row, col) for row, col in cells]
            self.weight = simplest(with_cells(c.weight, self._kernel_slice(), placed, value))
        else:
            (top, _), (left, _) = c.padding
            self.input = simplest(
                with_cells(c.input, (self.drawn.channel,), [(r - top, q - left) for r, q in cells], value)
            )

    def type_grid(self, grid: str, text: str) -> None:
        """Take a whole grid as text for the slice of the "input" or the "kernel" that is shown."""
        c, values = self.trace.convolution, parse_grid(text, grid)
        if values.ndim != 2:
            raise ValueError(f"{grid} is one slice here: type rows of numbers, such as 1 0 -1; 1 0 -1")
        if grid == "kernel":
            self.weight = simplest(with_map(grid, c.weight, self._kernel_slice(), values))
        else:
            self.input = simplest(with_map(grid, c.input, (self.drawn.channel,), values))

    def _kernel_slice(self) -> tuple[int, int]:
        return self.trace.filter, self.trace.slice_of(self.drawn.channel)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that computes the same output; it runs as it is."""
        return torch_code(self.trace.convolution)

    def check_with_torch(self) -> float:
        """Compute the same with PyTorch: the largest absolute difference of all output cells."""
        from cnnlab.training.parity import run_torch_code

        c = self.trace.convolution
        output = run_torch_code(torch_code(c), image=c.input, kernels=c.weight)
        return float(np.abs(output - c.output).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        select, dropdown = widgets.SelectionSlider, widgets.Dropdown
        paddings = [*up_to(4, first=0), ("same", "same")]
        self.channel_slider = self.control("channel", widgets.IntSlider(max=0, description="channel", **sized(150)))
        self.filter_slider = self.control("filter", widgets.IntSlider(max=0, description="filter", **sized(140)))
        brush = self.control("brush", widgets.FloatText(step=1, layout={"width": "60px"}))
        self.boxes: dict[str, widgets.Widget] = {
            "input": preset(self, "input", "input", [*EXAMPLES], 190),
            "weight": preset(self, "weight", "kernel", [*KERNELS, *FILTERS], 205),
            "stride": self.control("stride", select(options=up_to(4), description="stride", **sized(155))),
            "padding": self.control("padding", select(options=paddings, description="padding", **sized(195))),
            "padding_mode": self.control(
                "padding_mode", dropdown(options=[*PADDING_MODES], description="padding mode", **sized(180))
            ),
            "dilation": self.control("dilation", select(options=up_to(3), description="dilation", **sized(150))),
            "bias": self.control("bias", widgets.FloatText(description="bias", step=1, **sized(105))),
            "flip": tick(self, "flip", "flip kernel", 95),
            "relu": tick(self, "relu", "ReLU", 60),
            "paint": widgets.HBox([tick(self, "paint", "paint with", 90), brush]),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(160))),
            "groups": self.control("groups", dropdown(options=up_to(1), description="groups", **sized(110))),
        }
        reset = reset_button(self)
        numbers = row(*self.boxes.values(), reset)
        views = row(*self.step_controls(), *self.asking_controls(), self.channel_slider, self.filter_slider)
        self.panels = Panels(
            {
                "code": CodePanel(self, self.torch_code, self.check_with_torch),
                "type": TypePanel(
                    self,
                    {
                        "input": (self._input_text, lambda text: self.type_grid("input", text)),
                        "kernel": (self._kernel_text, lambda text: self.type_grid("kernel", text)),
                    },
                ),
                "photo": PhotoPanel(self, self.upload),
                "keys": KeysPanel(),
            }
        )
        return [numbers, self.note, self.stage, self.plain_picture, views, self.panels.box]

    def _input_text(self) -> str:
        return rows_of(self.trace.convolution.input[self.drawn.channel])

    def _kernel_text(self) -> str:
        return rows_of(self.trace.convolution.weight[self._kernel_slice()])

    def after_frame(self, trace: ConvTrace, s: Settings) -> None:
        super().after_frame(trace, s)
        c = trace.convolution
        for slider, value, count in (
            (self.channel_slider, s.channel, len(c.input)),
            (self.filter_slider, s.filter, len(c.output)),
        ):
            self.put(slider, value, max=count - 1)
            visible(slider, count > 1)
        divisors = [(str(g), g) for g in range(1, len(c.input) + 1) if len(c.input) % g == 0]
        self.put(self.boxes["groups"], s.groups, options=divisors)
        self.boxes["padding_mode"].disabled = not c.border.any()
        for name, box in self.boxes.items():
            visible(box, name in s.controls and (name != "groups" or len(c.input) > 1))
        self.play.step = max(1, c.steps // MOST_PLAYED)  # a photo has too many places to visit each
        self.panels.follow(s.panel)
