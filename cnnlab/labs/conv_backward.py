"""The convolution backward lab: a gradient of the output goes back to the inputs and to the weights."""

from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.backward import BackView, BackwardPicture, told
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick, up_to, visible
from cnnlab.labs.conv_backward_grids import (
    GRADIENTS,
    INPUTS,
    WEIGHTS,
    grid_of,
    input_of,
    named_gradient,
    small_kernels,
    weight_of,
)
from cnnlab.labs.convolution_text import map_text, rows_of
from cnnlab.labs.numbers import parse_grid, parse_number
from cnnlab.labs.panels import CodePanel, Panels, TypePanel
from cnnlab.labs.settings import Settings, flag, index, one_of, setting, whole, words
from cnnlab.labs.stepping import Stepped
from cnnlab.traces.arrays import as_matrix
from cnnlab.traces.backward import KINDS, LARGEST_KERNEL, Backward, Scatter, backward
from cnnlab.traces.backward_words import checked
from cnnlab.traces.edits import with_cells

PANELS = {"nothing": "", "code": "code", "type numbers": "type"}
CONTROLS = (
    "kind", "input", "weight", "grad_output", "kernel_size", "stride", "padding", "dilation", "edit_dy", "check",
    "panel",
)  # fmt: skip


class ConvBackwardLab(Stepped[BackwardPicture, Scatter]):
    """The way back through a convolution, a max pool or an average pool, one number at a time.

    Settings (all are arguments and traits; a control exists for each, save for those chosen in the picture):

    - ``kind``: "convolution", "max pool" or "average pool".
    - ``input``: x: the name of an input, rows of numbers as text, or an array (H, W), at most 8 x 8.
    - ``weight``: w: "asymmetric", "two by two", the name of a kernel, rows of numbers as text, or an array (kh, kw),
      at most 5 x 5; a pooling has none. ``kernel_size``: rows and columns of the window of a pooling.
    - ``grad_output``: dy: "numbers", "ones", "a single one", rows of numbers as text, or an array. Of one larger than
      the output the top left part is used, a smaller one is filled up with zeros.
    - ``stride``, ``padding``, ``dilation``: as in ``torch.nn.functional``; an average pool has no dilation.
    - ``step``: the cell of dy that sends its gradient back; ``walk``: show of dx and dw what was sent up to there.
    - ``focus``: "dy" looks at the step, "dx" and "dw" at what the cell ``row``, ``col`` of them has received.
    - ``edit_dy``: a click on dy changes its number (else it chooses the step).
    - ``check``: compare with central differences.
    - ``panel``: what is open below: "", "code" or "type".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "kind stride".

    ``lab.trace`` is the :class:`~cnnlab.traces.backward.Scatter` of the step, ``lab.trace.backward`` the whole.
    """

    play_ms = 900

    kind = setting("convolution", one_of(*KINDS))
    input = setting("five by five")
    weight = setting("asymmetric")
    grad_output = setting("numbers")
    kernel_size = setting(2, whole(1, LARGEST_KERNEL))
    stride = setting(1, whole(1, 8))
    padding = setting(0, whole(0, 2))
    dilation = setting(1, whole(1, 4))
    focus = setting("dy", one_of("dy", "dx", "dw"), view=True)
    row = setting(0, index, view=True)
    col = setting(0, index, view=True)
    edit_dy = setting(False, flag, view=True)
    check = setting(False, flag, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Scatter
    current: BackwardPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> BackwardPicture:
        weight = weight_of(s.weight) if s.kind == "convolution" else None
        if s.kind == "average pool" and s.dilation > 1:
            raise ValueError(f"dilation must be 1 for an average pool, which has none, but is {s.dilation}")
        named = isinstance(s.grad_output, str) and s.grad_output in GRADIENTS
        dy = np.ones((1, 1)) if named else grid_of("grad_output", s.grad_output)
        back = backward(s.kind, input_of(s.input), weight, dy, s.kernel_size, s.stride, s.padding, s.dilation)
        if named:
            back = Backward(back.forward, named_gradient(s.grad_output, back.grad_output.shape))
        return BackwardPicture(back)

    def steps(self, model: BackwardPicture) -> int:
        return model.backward.steps

    def adapt(self, before: BackwardPicture | None, now: BackwardPicture, s: Settings) -> dict[str, Any]:
        """A smaller grid has fewer cells to look at, and a pooling has no weights."""
        b = now.backward
        focus = "dx" if s.focus == "dw" and b.weight is None else s.focus
        shape = b.forward.kernel_size if focus == "dw" else b.input.shape
        at = {"row": min(s.row, shape[0] - 1), "col": min(s.col, shape[1] - 1), "focus": focus}
        return {**super().adapt(before, now, s), **at}

    def look(self, model: BackwardPicture, s: Settings) -> Scatter:
        hovered = self._hovered
        return model.backward.at(min(hovered if isinstance(hovered, int) else s.step, self.steps(model) - 1))

    def _view(self, s: Settings) -> BackView:
        focus, at_row, at_col = s.focus, s.row, s.col
        if isinstance(self._hovered, int):
            focus = "dy"
        elif self._hovered is not None:
            focus, at_row, at_col = self._hovered
        return BackView(focus, at_row, at_col, s.walk, s.check, s.edit_dy)

    def draw(self, model: BackwardPicture, trace: Scatter, s: Settings, frame: int) -> str:
        return model.draw(trace, self._view(s), frame)

    def numbers(self, trace: Scatter, s: Settings) -> str:
        b = trace.backward
        dx, dw = trace.so_far if s.walk else b.gradients
        grids = [("x", b.input), ("w", b.weight), ("dy", b.grad_output), ("dx", dx), ("dw", dw)]
        lines, sentence = told(trace, self._view(s))
        shown = [map_text(name, values) for name, values in grids if values is not None]
        return "\n".join([*shown, *lines, sentence, *([checked(b)] if s.check else [])])

    def status(self, trace: Scatter, s: Settings) -> str:
        lines, sentence = told(trace, self._view(s))
        return f"{'; '.join(lines)}; {sentence}"

    def hint(self, trace: Scatter, s: Settings) -> str:
        convolves = s.kind == "convolution"
        gradients, given = ("dx or dw", "x or w") if convolves else ("dx", "x")
        if s.edit_dy:
            changed = "x, w or dy" if convolves else "x or dy"
            return f"Click a number of {changed} to change it. Point at {gradients} to see where a gradient came from."
        return f"Point at dy for what it sends, at {gradients} for what arrived; click to stay. Click {given} to edit."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind in ("hover", "pin") and grid in ("dx", "dw"):
            self._look_at(kind, str(grid), event["row"], event["col"])
        elif kind == "pin" and grid == "dy":
            self.stay_at(step=event["row"] * event["cols"] + event["col"], focus="dy")
        elif kind == "edit" and grid in ("input", "kernel", "dy"):
            self._write(str(grid), [(r, c) for r, c in event["cells"]], event["text"])
        elif kind == "grid" and grid in ("input", "kernel", "dy"):
            self.type_grid(str(grid), event["text"])
        else:
            super().pointed(event)

    def _look_at(self, kind: str, grid: str, at_row: int, at_col: int) -> None:
        """What a cell of dx or dw has received; the page may report one of a grid that is gone."""
        b = self.current.backward
        shape = b.input.shape if grid == "dx" else b.forward.kernel_size
        if at_row >= shape[0] or at_col >= shape[1] or (grid == "dw" and b.weight is None):
            return
        if kind == "pin":
            self.stay_at(focus=grid, row=at_row, col=at_col)
        else:
            self.point_at((grid, at_row, at_col))

    def _write(self, grid: str, cells: list[tuple[int, int]], text: str) -> None:
        b = self.current.backward
        top, left = b.corner if grid == "input" else (0, 0)
        placed = [(r - top, c - left) for r, c in cells]
        value = parse_number(text, f"{SETTINGS[grid][1]}[{placed[0][0]}, {placed[0][1]}]")
        values = {"input": b.input, "kernel": b.weight, "dy": b.grad_output}[grid]
        if values is not None:
            setattr(self, SETTINGS[grid][0], with_cells(values[None], (0,), placed, value)[0])

    def type_grid(self, grid: str, text: str) -> None:
        """Take a whole grid as text for "input", "kernel" or "dy"."""
        setattr(self, SETTINGS[grid][0], as_matrix(SETTINGS[grid][0], parse_grid(text, grid), (None, None)))

    def on_change(self, name: str) -> None:
        super().on_change(name)
        if name == "step":
            self.focus = "dy"

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that lets autograd compute dx, and dw behind it."""
        s, b = self.drawn, self.current.backward
        names = ("stride", "padding") if s.kind == "average pool" else ("stride", "padding", "dilation")
        options = ", ".join(f"{name}={getattr(s, name)}" for name in names)
        call = {
            "convolution": "conv2d(x, w",
            "max pool": f"max_pool2d(x, {s.kernel_size}",
            "average pool": f"avg_pool2d(x, {s.kernel_size}",
        }[s.kind]
        convolves = b.weight is not None
        gradients = "torch.cat([x.grad.flatten(), w.grad.flatten()])" if convolves else "x.grad.flatten()"
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                "x = torch.tensor(image)[None, None].requires_grad_()",
                *(["w = torch.tensor(kernel)[None, None].requires_grad_()"] if convolves else []),
                f"output = F.{call}, {options})",
                "output.backward(torch.tensor(dy)[None, None])",
                f"y = {gradients}[None]  # {'dx and dw' if convolves else 'dx'}",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare dx and dw with what PyTorch's autograd computes."""
        from cnnlab.training.parity import run_torch_code

        b = self.current.backward
        given = {} if b.weight is None else {"kernel": b.weight}
        y = run_torch_code(self.torch_code(), image=b.input, dy=b.grad_output, **given)
        ours = np.concatenate([g.ravel() for g in b.gradients if g is not None])
        return float(np.abs(y - ours).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown, select = widgets.Dropdown, widgets.SelectionSlider
        self.boxes: dict[str, widgets.Widget] = {
            "kind": self.control("kind", dropdown(options=KINDS, description="kind", **sized(165))),
            "input": preset(self, "input", "x", [*INPUTS], 140),
            "weight": preset(self, "weight", "w", [*WEIGHTS, *small_kernels()], 150),
            "grad_output": preset(self, "grad_output", "dy", GRADIENTS, 135),
            "kernel_size": self.control("kernel_size", dropdown(options=up_to(4), description="window", **sized(105))),
            "stride": self.control("stride", select(options=up_to(3), description="stride", **sized(140))),
            "padding": self.control("padding", select(options=up_to(2, 0), description="padding", **sized(150))),
            "dilation": self.control("dilation", select(options=up_to(2), description="dilation", **sized(145))),
            "edit_dy": tick(self, "edit_dy", "edit dy", 70),
            "check": tick(self, "check", "gradient check", 120),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(150))),
        }
        grids: dict[str, tuple[Callable[[], str], Callable[[str], None]]]
        grids = {grid: (partial(self._text, grid), partial(self.type_grid, grid)) for grid in SETTINGS}
        self.panels = Panels(
            {"code": CodePanel(self, self.torch_code, self.check_with_torch), "type": TypePanel(self, grids)}
        )
        top, below = row(*self.boxes.values(), reset_button(self)), row(*self.step_controls())
        return [top, self.note, self.stage, self.plain_picture, below, self.panels.box]

    def _text(self, grid: str) -> str:
        b = self.current.backward
        values = {"input": b.input, "kernel": b.weight, "dy": b.grad_output}[grid]
        return "" if values is None else rows_of(values)

    def after_frame(self, trace: Scatter, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        convolves, dilates = s.kind == "convolution", s.kind != "average pool"
        for name, fits in (("weight", convolves), ("kernel_size", not convolves), ("dilation", dilates)):
            visible(self.boxes[name], fits and name in s.controls)
        self.panels.follow(s.panel)


SETTINGS = {"input": ("input", "x"), "kernel": ("weight", "w"), "dy": ("grad_output", "dy")}
"""What the grids of the picture are as settings, and what they are called."""
