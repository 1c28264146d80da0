"""The shapes lab: every number that decides the size of an output, and what the windows reach and use."""

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.shapes import ShapesPicture
from cnnlab.figures.shapes_map import MapPicture
from cnnlab.figures.shapes_row import RowPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized, tick, up_to
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, flag, index, one_of, setting, words
from cnnlab.labs.shapes_text import as_text, torch_code
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.conv import PADDING_MODES
from cnnlab.traces.shapes import ShapesStep, layer_shapes
from cnnlab.traces.shapes_words import of_layer, of_step

CONTROLS = (
    "dimensions", "n", "kernel_size", "padding", "padding_mode", "stride", "dilation", "transposed", "output_padding",
    "show", "panel", "step",
)  # fmt: skip
SHOW = {"window and sums": "window", "how often used": "usage"}
MOST_PLAYED = 300


class ShapesLab(Stepped[ShapesPicture, ShapesStep]):
    """A layer of which only the sizes count: n, k, p, s, d, in one dimension or two, and the window that walks.

    Settings (all are arguments and traits; a control exists for each):

    - ``dimensions``: 1 for a signal of n cells, 2 for an image of n × n.
    - ``n``: the size of the input, up to 512.
    - ``kernel_size``, ``stride``, ``dilation``: as in ``torch.nn.Conv2d``, the same along both axes; the kernel is all
      ones.
    - ``padding``: a number, "valid" or "same". ``padding_mode``: "zeros", "reflect", "replicate" or "circular".
    - ``transposed``: the transposed convolution with the same numbers; ``output_padding`` is an argument of it alone.
    - ``show``: "window" for the numbers of the cells and the sums of the windows, "usage" for how often each cell is
      used.
    - ``step``: which window is looked at. ``walk``: show only what the windows up to there have done, and the sizes
      with the last of them.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "n stride"; "step" is the row
      below the picture.

    ``lab.trace`` is the :class:`~cnnlab.traces.shapes.ShapesStep` of the window, ``lab.trace.shapes`` the whole layer.
    """

    dimensions = setting(2, index)
    n = setting(5)
    kernel_size = setting(3)
    padding = setting(1)
    padding_mode = setting("zeros", one_of(*PADDING_MODES))
    stride = setting(1)
    dilation = setting(1)
    transposed = setting(False, flag)
    output_padding = setting(0, index)
    show = setting("window", one_of(*SHOW.values()))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: ShapesStep
    current: ShapesPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ShapesPicture:
        shapes = layer_shapes(
            s.dimensions, s.n, s.kernel_size, s.stride, s.padding, s.padding_mode, s.dilation, s.transposed,
            s.output_padding,
        )  # fmt: skip
        return (RowPicture if shapes.dimensions == 1 else MapPicture)(shapes, s.show == "usage")

    def steps(self, model: ShapesPicture) -> int:
        return model.shapes.steps

    def look(self, model: ShapesPicture, s: Settings) -> ShapesStep:
        return model.shapes.at(self.position(model, s))

    def draw(self, model: ShapesPicture, trace: ShapesStep, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk, frame)

    def numbers(self, trace: ShapesStep, s: Settings) -> str:
        return as_text(trace, s.show == "usage", s.walk)

    def status(self, trace: ShapesStep, s: Settings) -> str:
        if s.walk and trace.index < trace.shapes.steps - 1:
            return of_step(trace)
        return f"{trace.shapes.derivation}. {of_step(trace)} {of_layer(trace.shapes)}"

    def hint(self, trace: ShapesStep, s: Settings) -> str:
        where = "the input" if s.transposed else "the input or the output"
        return f"Point at {where} to carry the window there, click to stay; or press play."

    def pointed(self, event: Event) -> None:
        shapes = self.current.shapes
        if event["kind"] in ("hover", "pin") and event["grid"] == "input" and not shapes.transposed:
            at_row, at_col = divmod(shapes.over(event["row"], event["col"]), shapes.columns)
            event = {**event, "row": at_row, "col": at_col, "cols": shapes.columns}
        super().pointed(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the output, or for how often each cell is used: there, a gradient."""
        return torch_code(self.trace.shapes, self.drawn.show == "usage")

    def check_with_torch(self) -> float:
        """Compute with PyTorch what the lab shows, its size and its numbers: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        found = run_torch_code(self.torch_code())
        shown = self.current.result()
        if found[0].size != shown.size:
            return float("inf")
        return float(np.abs(found[0] - shown.reshape(found[0].shape)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        select, slider, dropdown = widgets.SelectionSlider, widgets.IntSlider, widgets.Dropdown
        paddings = [*up_to(6, first=0), ("valid", "valid"), ("same", "same")]
        sizes = [("1-D", 1), ("2-D", 2)]
        panels = [("nothing", ""), ("code", "code")]
        self.boxes: dict[str, widgets.Widget] = {
            "dimensions": self.control("dimensions", dropdown(options=sizes, description="in", **sized(90))),
            "n": self.control("n", slider(min=1, max=64, description="n, input", **sized(200))),
            "kernel_size": self.control("kernel_size", select(options=up_to(7), description="k, kernel", **sized(150))),
            "padding": self.control("padding", select(options=paddings, description="p, padding", **sized(190))),
            "padding_mode": self.control(
                "padding_mode", dropdown(options=[*PADDING_MODES], description="padding mode", **sized(185))
            ),
            "stride": self.control("stride", select(options=up_to(5), description="s, stride", **sized(150))),
            "dilation": self.control("dilation", select(options=up_to(4), description="d, dilation", **sized(160))),
            "transposed": tick(self, "transposed", "transposed", 100),
            "output_padding": self.control(
                "output_padding", select(options=up_to(3, first=0), description="output padding", **sized(175))
            ),
            "show": self.control("show", dropdown(options=[*SHOW.items()], description="show", **sized(190))),
            "panel": self.control("panel", dropdown(options=panels, description="open", **sized(125))),
        }
        controls = row(*self.boxes.values(), reset_button(self))
        self.boxes["step"] = row(*self.step_controls())
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        return [controls, self.note, self.stage, self.plain_picture, self.boxes["step"], self.panels.box]

    def after_frame(self, trace: ShapesStep, s: Settings) -> None:
        super().after_frame(trace, s)
        shapes = trace.shapes
        self.boxes["padding_mode"].disabled = shapes.transposed or shapes.padding == (0, 0)
        self.boxes["output_padding"].disabled = not shapes.transposed
        show_only(self.boxes, s.controls)
        self.play.step = max(1, shapes.steps // MOST_PLAYED)
        self.panels.follow(s.panel)
