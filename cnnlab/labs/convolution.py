"""The convolution lab: one image, one kernel, every number of what happens between them."""

from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets
from numpy.typing import NDArray

from cnnlab.figures import ConvolutionPicture, View
from cnnlab.labs.base import Change, Lab
from cnnlab.labs.convolution_controls import Controls
from cnnlab.labs.convolution_text import as_text, torch_code
from cnnlab.labs.numbers import parse_grid, parse_number, simplest
from cnnlab.labs.sources import read_input, read_weight
from cnnlab.traces import Convolution, ConvTrace, convolution
from cnnlab.traces.checks import as_filters, as_image
from cnnlab.traces.conv_words import judge

COMPUTED = (
    "input",
    "weight",
    "bias",
    "stride",
    "padding",
    "dilation",
    "groups",
    "padding_mode",
    "flip",
    "relu",
)
"""The settings that the numbers depend on; the others only choose what is looked at."""

HINT = "Point at the output to look, click to stay. Click a number of the input or the kernel to change it."


class ConvolutionLab(Lab):
    """A convolution that you can move.

    Settings (all are arguments and traits; a control exists for each):

    - ``input``: the name of an example (``cnnlab.data.EXAMPLES``), the path of a photo (add ", color" for its three
      channels), rows of numbers as text ("1 2 3; 4 5 6"), or an array (H, W) or (C, H, W).
    - ``weight``: the name of a kernel or filter bank (``cnnlab.kernels``), rows of numbers as text, or an array
      (kh, kw) or (F, C / groups, kh, kw).
    - ``bias``, ``stride``, ``padding``, ``dilation``, ``groups``: as in ``torch.nn.functional.conv2d``.
    - ``padding_mode``: "zeros", "reflect", "replicate" or "circular", as in ``torch.nn.Conv2d``.
    - ``flip``: turn the kernel by 180 degrees first, which is the convolution of mathematics.
    - ``relu``: replace negative answers by 0.
    - ``step``, ``filter``, ``channel``: which output cell, feature map and input channel are looked at.
    - ``walk``: show only the output cells up to ``step``.
    - ``predict``: hide the answer until it is given.
    - ``paint``, ``brush``: a click or a drag paints the input with the number ``brush``.
    - ``panel``: what is open below: "", "code", "type" or "photo".

    ``lab.trace`` is the :class:`~cnnlab.traces.ConvTrace` of the cell that is shown, ``lab.trace.convolution`` is the
    whole result.
    """

    input = traitlets.Any("step").tag(setting=True)
    weight = traitlets.Any("vertical edge").tag(setting=True)
    bias = traitlets.Any(0.0).tag(setting=True)
    stride = traitlets.Any(1).tag(setting=True)
    padding = traitlets.Any(0).tag(setting=True)
    dilation = traitlets.Any(1).tag(setting=True)
    groups = traitlets.Any(1).tag(setting=True)
    padding_mode = traitlets.Any("zeros").tag(setting=True)
    flip = traitlets.Any(False).tag(setting=True)
    relu = traitlets.Any(False).tag(setting=True)
    step = traitlets.Any(0).tag(setting=True)
    filter = traitlets.Any(0).tag(setting=True)
    channel = traitlets.Any(0).tag(setting=True)
    walk = traitlets.Any(False).tag(setting=True)
    predict = traitlets.Any(False).tag(setting=True)
    paint = traitlets.Any(False).tag(setting=True)
    brush = traitlets.Any(1.0).tag(setting=True)
    panel = traitlets.Any("").tag(setting=True, recipe=False)

    trace: ConvTrace

    def __init__(self, **settings: Any) -> None:
        self._picture: ConvolutionPicture | None = None
        self._hovered: int | None = None
        self._shown_step = 0
        self._answered: ConvTrace | None = None
        self._uploads: dict[str, bytes] = {}
        super().__init__(**settings)

    # ---- what the base asks for --------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        self.controls = Controls(self)
        return self.controls.column()

    def compute(self) -> ConvTrace:
        for name in ("flip", "relu", "walk", "predict", "paint"):
            if not isinstance(getattr(self, name), bool | np.bool_):
                raise ValueError(f"{name} must be True or False, but is {getattr(self, name)!r}")
        if self._picture is None:
            whole, names = self._convolve()
            place = self._same_place(whole)
            self._picture = ConvolutionPicture(whole, names)
            self._hovered = self._answered = None
            if place is not None:
                self.set_trait("step", place)
        whole = self._picture.convolution
        self._index("channel", len(whole.input))
        index = self._index("step", whole.steps) if self._hovered is None else self._hovered
        return whole.at(min(index, whole.steps - 1), self._index("filter", len(whole.output)))

    def draw(self, trace: ConvTrace) -> str:
        assert self._picture is not None
        view = View(
            step=trace.index,
            filter=trace.filter,
            channel=self._index("channel", len(trace.convolution.input)),
            pinned=self._index("step", trace.convolution.steps),
            walk=bool(self.walk),
            question=self._is_question(trace),
            paint=bool(self.paint),
        )
        return self._picture.draw(view, self.frame)

    def numbers(self, trace: ConvTrace) -> str:
        return as_text(trace, self._is_question(trace))

    def status(self, trace: ConvTrace) -> str:
        if self._is_question(trace):
            return f"{trace.name}: what is it?"
        return f"{trace.name} = {trace.formula()} {trace.sign()} {trace.value:g}"

    def shown(self) -> None:
        self._shown_step = self.step
        self.controls.follow(self.trace)
        if self.predict and self._answered is None:
            self.say(f"Predict {self.trace.name}: type your answer and press Enter.")
        elif not self.predict:
            self.say(HINT)

    # ---- settings to numbers -----------------------------------------------------------------------------------------

    def _convolve(self) -> tuple[Convolution, tuple[str, ...]]:
        source, names = read_input(self.input, self._uploads)
        image = as_image(source)
        groups = int(self.groups) if isinstance(self.groups, int | np.integer) else 1
        weight = as_filters(read_weight(self.weight, len(image), groups))
        whole = convolution(
            image,
            weight,
            self._bias(weight),
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            padding_mode=self.padding_mode,
            flip=self.flip,
            relu=self.relu,
        )
        return whole, names

    def _bias(self, weight: NDArray[np.float64]) -> Any:
        """A single number is the bias of every filter."""
        single = isinstance(self.bias, int | float | np.number) and not isinstance(self.bias, bool)
        return np.full(len(weight), float(self.bias)) if single else self.bias

    def _index(self, name: str, count: int) -> int:
        """The setting as an index; past the end, as after a larger stride, it is the last one."""
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise ValueError(f"{name} must be a whole number from 0 to {count - 1}, but is {value!r}")
        return min(int(value), count - 1)

    def _same_place(self, whole: Convolution) -> int | None:
        """The step whose window lies where the window lies now: a new stride must not make it jump away."""
        if self.trace is None or self.step != self._shown_step:
            return None
        before = self.trace.convolution
        row, col = (i * s for i, s in zip(divmod(int(self.step), before.output.shape[2]), before.stride, strict=True))
        rows, cols = whole.output.shape[1:]
        place: int = min(row // whole.stride[0], rows - 1) * cols + min(col // whole.stride[1], cols - 1)
        return place

    def _setting_changed(self, change: Change) -> None:
        with self._lock:
            if change["name"] in COMPUTED:
                self._picture = None
            if change["name"] in ("step", "filter", "predict"):
                self._answered = None
            self.refresh()

    def _is_question(self, trace: ConvTrace) -> bool:
        if not self.predict:
            return False
        done = self._answered
        return done is None or (done.index, done.filter) != (trace.index, trace.filter)

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: dict[str, Any]) -> None:
        kind, grid = event.get("kind"), event.get("grid")
        if kind in ("hover", "leave", "pin"):
            place = None if kind == "leave" else event["row"] * self.trace.convolution.output.shape[2] + event["col"]
            self._hovered = place if kind == "hover" else None
            if kind == "pin" and place != self.step:
                self.step = place
            else:
                self.refresh()
        elif kind == "choose" and grid in ("channel", "filter"):
            setattr(self, grid, int(event["col"]))
        elif kind == "edit":
            place = f"{grid}, row {event['row'] + 1}, column {event['col'] + 1},"
            self.put(str(grid), [(event["row"], event["col"])], parse_number(event["text"], place))
        elif kind == "paint":
            brush = parse_number(str(self.brush), "brush")
            self.put(str(grid), [(row, col) for row, col in event["cells"]], brush)
        elif kind == "grid":
            self.type_grid(str(grid), event["text"])

    def put(self, grid: str, cells: list[tuple[int, int]], value: float) -> None:
        """Write a number into cells of the "input" or the "kernel", as they lie in the picture."""
        whole = self.trace.convolution
        if grid == "kernel":
            weight = whole.weight.copy()
            channel = self._index("channel", len(whole.input)) - self.trace.channels.start
            shown = weight[self.trace.filter, min(max(channel, 0), weight.shape[1] - 1)]
            shown = shown[::-1, ::-1] if whole.flip else shown  # a view: writing to it writes to weight
            self._write(shown, cells, value)
            self.weight = simplest(weight)
        else:
            image = whole.input.copy()
            (top, _), (left, _) = whole.padding
            inside = [(row - top, col - left) for row, col in cells]
            _, height, width = image.shape
            kept = [(row, col) for row, col in inside if 0 <= row < height and 0 <= col < width]
            if not kept:
                raise ValueError("that cell is padding: change padding or padding_mode, and the border changes")
            self._write(image[self._index("channel", len(image))], kept, value)
            self.input = simplest(image)

    @staticmethod
    def _write(values: NDArray[np.float64], cells: list[tuple[int, int]], value: float) -> None:
        for row, col in cells:
            values[row, col] = value

    def type_grid(self, grid: str, text: str) -> None:
        """Take a whole grid as text for the "input" or the "kernel"."""
        setattr(self, "weight" if grid == "kernel" else "input", parse_grid(text, grid))

    def upload(self, name: str, content: bytes, color: bool = False) -> None:
        """Take the bytes of a photo as the input."""
        before = self._uploads.get(name)
        self._uploads[name] = content
        self._picture = None
        self.input = f"{name}, color" if color else name
        self.refresh()
        if self.error and before is None:
            del self._uploads[name]

    def answer(self, value: float) -> bool:
        """Answer the question of ``predict``: True, and the cell is shown, where it is right; otherwise why not."""
        with self._lock:
            right, sentence = judge(self.trace, value)
            if right:
                self._answered = self.trace
                self.refresh()
            self.say(sentence, "right" if right else "wrong")
            return right

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that computes the same output; it runs as it is."""
        return torch_code(self.trace.convolution)

    def check_with_torch(self) -> float:
        """Compute the same with PyTorch: the largest absolute difference of all output cells."""
        from cnnlab.training.parity import run_torch_code

        whole = self.trace.convolution
        output = run_torch_code(self.torch_code(), image=whole.input, kernels=whole.weight)
        return float(np.abs(output - whole.output).max())
