"""The controls of the convolution lab: core ipywidgets, each tied to the setting of the same name."""

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from cnnlab.data import EXAMPLES
from cnnlab.kernels import FILTERS, KERNELS
from cnnlab.labs.numbers import literal, parse_number
from cnnlab.traces import ConvTrace
from cnnlab.traces.conv import PADDING_MODES

if TYPE_CHECKING:
    from cnnlab.labs.convolution import ConvolutionLab

EDITED = "(edited)"
PANELS = {"just the lab": "", "code": "code", "type numbers": "type", "your photo": "photo", "keys": "keys"}
KEYS = """Tab goes from control to control and into the picture: input, kernel, output.
Output: arrow keys walk the window.   Input and kernel: arrow keys move, a digit or Enter changes the number,
Enter keeps it, Tab keeps it and goes on, Escape leaves it.   With paint on, Space paints the cell.
A grid copied from a spreadsheet can be pasted onto the input or the kernel."""


def _style(width: int) -> dict[str, Any]:
    return {"style": {"description_width": "initial"}, "layout": {"width": f"{width}px"}}


def _up_to(last: int) -> list[tuple[str, int]]:
    return [(str(i), i) for i in range(1, last + 1)]


def _row(*children: widgets.Widget) -> widgets.HBox:
    row = widgets.HBox(children)
    row.add_class("cnnlab-row")
    return row


class Controls:
    """All controls of one lab, and where they stand."""

    def __init__(self, lab: "ConvolutionLab") -> None:
        self.lab = lab
        self._listing = False
        paddings = [*((str(i), i) for i in range(5)), ("same", "same")]
        select, tick = widgets.SelectionSlider, widgets.Checkbox
        self.input = self._preset("input", "input", [*EXAMPLES], 190)
        self.weight = self._preset("weight", "kernel", [*KERNELS, *FILTERS], 205)
        self.stride = lab.control("stride", select(options=_up_to(4), description="stride", **_style(170)))
        self.padding = lab.control("padding", select(options=paddings, description="padding", **_style(190)))
        self.dilation = lab.control("dilation", select(options=_up_to(3), description="dilation", **_style(160)))
        modes = widgets.Dropdown(options=[*PADDING_MODES], description="mode", **_style(125))
        self.padding_mode = lab.control("padding_mode", modes)
        self.groups = lab.control("groups", widgets.Dropdown(options=_up_to(1), description="groups", **_style(110)))
        self.bias = lab.control("bias", widgets.FloatText(description="bias", step=1, **_style(110)))
        self.flip = lab.control("flip", tick(description="flip kernel", indent=False, **_style(100)))
        self.relu = lab.control("relu", tick(description="ReLU", indent=False, **_style(65)))
        self.walk = lab.control("walk", tick(description="fill in as it walks", indent=False, **_style(145)))
        self.predict = lab.control("predict", tick(description="predict", indent=False, **_style(80)))
        self.paint = lab.control("paint", tick(description="paint with", indent=False, **_style(90)))
        self.brush = lab.control("brush", widgets.FloatText(step=1, layout={"width": "60px"}))
        self.panel = lab.control("panel", widgets.Dropdown(options=PANELS, description="show", **_style(165)))
        self.channel = lab.control("channel", widgets.IntSlider(max=0, description="channel", **_style(170)))
        self.filter = lab.control("filter", widgets.IntSlider(max=0, description="filter", **_style(160)))
        self._make_steps()
        self._make_answer()
        self._make_panels()

    def column(self) -> list[widgets.Widget]:
        """The lab from top to bottom."""
        top = _row(
            self.input, self.weight, self.stride, self.padding, self.padding_mode, self.dilation, self.bias, self.flip,
            self.relu, self.groups, self.paint, self.brush, self.panel,
        )  # fmt: skip
        bottom = _row(
            self.previous,
            self.next,
            self.play,
            self.step,
            self.channel,
            self.filter,
            self.walk,
            self.predict,
            self.answer,
        )
        return [top, self.lab.stage, self.lab.plain_picture, bottom, self.lab.note, self.panels]

    # ---- parts -------------------------------------------------------------------------------------------------------

    def _preset(self, name: str, description: str, names: list[str], width: int) -> widgets.Dropdown:
        """A list of named values; when the setting is none of them, it says so."""
        box = widgets.Dropdown(options=names, description=description, **_style(width))

        def to_setting(change: dict[str, Any]) -> None:
            if change["new"] in names and change["new"] != getattr(self.lab, name) and not self._listing:
                setattr(self.lab, name, change["new"])

        def to_control(_: object = None) -> None:
            value = getattr(self.lab, name)
            known = isinstance(value, str) and value in names
            self._listing = True  # a new list of options chooses one by itself: that is no choice of a person
            try:
                box.options = names if known else [EDITED, *names]
                box.value = value if known else EDITED
            finally:
                self._listing = False

        to_control()
        box.observe(self.lab._guarded(to_setting), "value")
        self.lab.observe(self.lab._guarded(to_control), name)
        return box

    def _make_steps(self) -> None:
        lab = self.lab
        self.step = widgets.IntSlider(max=0, description="step", **_style(265))
        self.play = widgets.Play(max=0, interval=500, show_repeat=False)
        self.previous = lab.button(
            "", lambda: self._walk(-1), "previous step", icon="step-backward", layout={"width": "40px"}
        )
        self.next = lab.button("", lambda: self._walk(1), "next step", icon="step-forward", layout={"width": "40px"})
        self.links = [
            widgets.jslink((self.play, "value"), (self.step, "value")),
            # The front end moves the window as soon as the slider moves; Python draws the numbers after it.
            widgets.jsdlink((self.step, "value"), (lab.stage, "step")),
        ]
        self.step.observe(lab._guarded(lambda change: lab.set_trait("step", change["new"])), "value")

    def _walk(self, by: int) -> None:
        self.lab.step = min(max(self.lab.trace.index + by, 0), self.lab.trace.convolution.steps - 1)

    def _make_answer(self) -> None:
        self.answer = widgets.Text(description="your answer", continuous_update=False, **_style(170))

        def given(change: dict[str, Any]) -> None:
            if change["new"].strip():
                self.answer.value = ""
                self.lab.answer(parse_number(change["new"], "your answer"))

        self.answer.observe(self.lab._guarded(given), "value")

    def _make_panels(self) -> None:
        lab = self.lab
        self.code = widgets.HTML()
        self.checked = widgets.HTML()
        check = lab.button("Check with PyTorch", self._check, "run this code and compare", layout={"width": "170px"})
        self.texts = {grid: widgets.Textarea(rows=6, layout={"width": "330px"}) for grid in ("input", "kernel")}
        typed = [
            widgets.VBox([text, lab.button(f"Use as {grid}", partial(self._type, grid))])
            for grid, text in self.texts.items()
        ]
        self.upload = widgets.FileUpload(accept="image/*", multiple=False, description="Choose a photo")
        self.color = widgets.Checkbox(description="keep its colors", indent=False)
        self.upload.observe(lab._guarded(lambda change: self._upload(change["new"])), "value")
        self.contents: dict[str, widgets.Widget] = {
            "code": widgets.VBox([self.code, _row(check, self.checked)]),
            "type": _row(*typed),
            "photo": _row(self.upload, self.color),
            "keys": widgets.HTML(f'<div class="cnnlab-code">{escape(KEYS)}</div>'),
        }
        self.panels = widgets.VBox()

    def _check(self) -> None:
        self.checked.value = "PyTorch is computing …"
        difference = self.lab.check_with_torch()
        self.checked.value = f"largest difference of all output cells: {difference:.1e}"

    def _type(self, grid: str) -> None:
        self.lab.type_grid(grid, self.texts[grid].value)

    def _upload(self, files: tuple[dict[str, Any], ...]) -> None:
        for file in files:
            self.lab.upload(file["name"], bytes(file["content"]), color=self.color.value)

    # ---- after each picture ------------------------------------------------------------------------------------------

    def follow(self, trace: ConvTrace) -> None:
        """Bring the controls in line with what is shown."""
        lab, c = self.lab, trace.convolution
        for slider, value, count in (
            (self.step, min(lab.step, c.steps - 1), c.steps),
            (self.channel, min(lab.channel, len(c.input) - 1), len(c.input)),
            (self.filter, trace.filter, len(c.output)),
        ):
            slider.max = max(count - 1, slider.value)
            slider.value = value
            slider.max = count - 1
        self.play.max = c.steps - 1
        _visible(self.channel, len(c.input) > 1)
        _visible(self.filter, len(c.output) > 1)
        _visible(self.groups, len(c.input) > 1)
        divisors = [g for g in range(1, len(c.input) + 1) if len(c.input) % g == 0]
        if [value for _, value in self.groups.options] != divisors and lab.groups in divisors:
            self.groups.options = [(str(g), g) for g in divisors]
            self.groups.value = lab.groups
        _visible(self.answer, bool(lab.predict))
        self._open(str(lab.panel), trace)

    def _open(self, panel: str, trace: ConvTrace) -> None:
        content = self.contents.get(panel)
        self.panels.children = [] if content is None else [content]
        if panel == "code":
            code = f"{self.lab.recipe()}\n\n# the same in PyTorch\n{self.lab.torch_code()}"
            self.code.value = f'<div class="cnnlab-code">{escape(code)}</div>'
            self.checked.value = ""
        elif panel == "type":
            channel = min(self.lab.channel, len(trace.convolution.input) - 1)
            for grid, values in (("input", trace.convolution.input[channel]), ("kernel", trace.kernel[0])):
                if values.size <= 400:
                    self.texts[grid].value = "\n".join(" ".join(literal(float(v)) for v in row) for row in values)


def _visible(widget: widgets.Widget, shown: bool) -> None:
    widget.layout.display = None if shown else "none"
