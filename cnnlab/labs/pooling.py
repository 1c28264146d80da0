"""The pooling lab: one number for each window, and what is left of a map that was pushed."""

from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import EXAMPLES
from cnnlab.data.maps import MAPS, ROOM, digits_with_room, feature_map
from cnnlab.figures.pooling import PoolingPicture, PoolView
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick, up_to, visible
from cnnlab.labs.convolution_text import rows_of
from cnnlab.labs.numbers import parse_grid, parse_number, simplest
from cnnlab.labs.panels import CodePanel, Panels, PhotoPanel, TypePanel
from cnnlab.labs.pooling_text import as_text, torch_code
from cnnlab.labs.settings import Settings, flag, index, one_of, setting, whole, words
from cnnlab.labs.sources import read_input
from cnnlab.labs.stepping import Stepped
from cnnlab.labs.uploading import Uploading
from cnnlab.traces.edits import with_cells, with_map
from cnnlab.traces.pool import KINDS, PoolTrace
from cnnlab.traces.pool_many import Maps, Totals, pool_all, totals, window_of
from cnnlab.traces.pool_push import Kept, Push, kept, nearest, push, sent_back

CONTROLS = (
    "input", "kind", "kernel_size", "stride", "padding", "ceil_mode", "view", "down", "right", "panel",
)  # fmt: skip
INPUTS = (*MAPS, *(name for name in EXAMPLES if name not in ("step", "blocks", "stripes", "signal", "numbers", "dot")))
VIEWS = {"one window": "window", "a shift": "shift", "the gradient": "gradient"}
PANELS = {"nothing": "", "code": "code", "type numbers": "type", "your photo": "photo"}
MOST_PLAYED = 500


class PoolingLab(Stepped[PoolingPicture, PoolTrace], Uploading):
    """A pooling that you can move, and an image that you can push below it.

    Settings (all are arguments and traits; a control exists for each):

    - ``input``: the name of a map (``cnnlab.data.maps.MAPS``) or of an example (``cnnlab.data.EXAMPLES``), the path of
      a photo (add ", color" for its three channels), rows of numbers as text ("1 2; 3 4"), or an array (H, W) or
      (C, H, W).
    - ``kind``: "max", "average", "global max" or "global average".
    - ``kernel_size``, ``stride``, ``padding``, ``ceil_mode``: as in ``torch.nn.functional.max_pool2d`` and
      ``avg_pool2d``; a stride of None is that of windows that just touch. The global kinds use none of them.
    - ``down``, ``right``: how many cells the input is pushed first, from -4 to 4; zeros come in.
    - ``view``: "window" for how one cell comes about, "shift" for the output before and after the push, beside what
      the same push does to 1797 digits, "gradient" for the way back.
    - ``step``, ``channel``: which output cell and which channel are looked at. ``walk``: show only the output (or the
      gradient that it has sent back) up to there.
    - ``panel``: what is open below: "", "code", "type" or "photo".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "input kind".

    ``lab.trace`` is the :class:`~cnnlab.traces.PoolTrace` of the cell that is shown, ``lab.push`` what the push has
    changed (:class:`~cnnlab.traces.pool_push.Push`), ``lab.digits`` what it leaves of all digits.
    """

    play_ms = 700

    takes, asks_color = "input", True

    input = setting("four by four")
    kind = setting("max", one_of(*KINDS))
    kernel_size = setting(2)
    stride = setting(None)
    padding = setting(0)
    ceil_mode = setting(False, flag)
    down = setting(0, whole(-ROOM, ROOM))
    right = setting(0, whole(-ROOM, ROOM))
    view = setting("window", one_of(*VIEWS.values()), view=True)
    channel = setting(0, index, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: PoolTrace
    current: PoolingPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> PoolingPicture:
        named = isinstance(s.input, str) and s.input in MAPS
        source, names = (feature_map(s.input), ()) if named else read_input(s.input, self._uploads, [*MAPS])
        pushed = push(source, s.down, s.right, *_settings(s))
        if not names and self.current is not None and pushed.image.shape == self.current.push.image.shape:
            names = self.current.names  # an edited picture keeps the names of its channels
        return PoolingPicture(pushed, names)

    def steps(self, model: PoolingPicture) -> int:
        return model.pooling.steps

    def adapt(self, before: PoolingPicture | None, now: PoolingPicture, s: Settings) -> dict[str, Any]:
        """After a new size or stride the window stays where it was, as nearly as it can."""
        p, step = now.pooling, s.step
        if before is not None and before is not now and step == self.drawn.step and p.sizes() != before.pooling.sizes():
            step = nearest(p, before.pooling.at(min(step, before.pooling.steps - 1)))
            if now.is_photo and not before.is_photo:
                step = p.over(*(n // 2 for n in p.padded.shape[1:]))  # a corner of a photo shows nothing
        return {"step": min(step, p.steps - 1), "channel": min(s.channel, len(p.input) - 1)}

    def look(self, model: PoolingPicture, s: Settings) -> PoolTrace:
        return model.pooling.at(self.position(model, s), s.channel)

    def draw(self, model: PoolingPicture, trace: PoolTrace, s: Settings, frame: int) -> str:
        digits = on_digits(s) if s.view == "shift" else None
        return model.draw(trace, PoolView(s.view, s.channel, s.step, s.walk), digits, frame)

    @property
    def push(self) -> Push:
        """The pooling of the image as it was, and as it was pushed."""
        return self.current.push

    @property
    def digits(self) -> Totals | None:
        """The same of all digits; None where they are too small for this window."""
        return on_digits(self.drawn)

    def numbers(self, trace: PoolTrace, s: Settings) -> str:
        return as_text(self.push, trace, s.view, on_digits(s) if s.view == "shift" else None, s.walk)

    def status(self, trace: PoolTrace, s: Settings) -> str:
        return str(trace.equation)

    def hint(self, trace: PoolTrace, s: Settings) -> str:
        if s.view == "shift":
            return "Push the image with down and right. Point at the output after to look at one window."
        if s.view == "gradient":
            return "Press next step: each output cell sends its gradient back to the cells that it came from."
        edit = (
            ""
            if self.current is not None and not self.current.editable
            else " Click a number of the input to change it."
        )
        return f"Point at the output to look, click to stay.{edit}"

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid, p = event["kind"], event.get("grid"), self.trace.pooling
        if kind == "choose" and grid in ("channel", "output channel"):
            self.channel = self.current.chosen(self.drawn.channel, event["col"])
        elif kind in ("edit", "paint") and grid == "input" and self.current.editable:
            (top, left), cells = p.padding, [(row, col) for row, col in event["cells"]]
            placed = [(r - top, c - left) for r, c in cells]
            value = parse_number(event["text"], f"input[{placed[0][0]}, {placed[0][1]}]")
            self.input = simplest(with_cells(self.push.image, (self.drawn.channel,), placed, value))
        elif kind == "grid" and grid == "input":
            self.type_grid(event["text"])
        elif kind in ("hover", "pin") and grid == "input":
            at_row, at_col = divmod(p.over(event["row"], event["col"]), p.columns)
            super().pointed({**event, "row": at_row, "col": at_col, "cols": p.columns})
        else:
            super().pointed(event)

    def type_grid(self, text: str) -> None:
        """Take a whole grid as text for the channel that is shown."""
        values = parse_grid(text, "input")
        if values.ndim != 2:
            raise ValueError("input is one channel here: type rows of numbers, such as 1 2; 3 4")
        self.input = simplest(with_map("input", self.push.image, (self.drawn.channel,), values))

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that computes what is shown; it runs as it is."""
        return torch_code(self.push, self.drawn.view, self._until)

    @property
    def _until(self) -> int | None:
        """The last output cell that has sent its gradient back; None for all."""
        return self.trace.index if self.drawn.walk else None

    def check_with_torch(self) -> float:
        """Compute the same with PyTorch: the largest absolute difference of all cells."""
        from cnnlab.training.parity import run_torch_code

        found = run_torch_code(self.torch_code(), image=self.push.image)
        p, view = self.push.after, self.drawn.view
        shown = p.output
        if view == "shift":
            shown = np.stack([self.push.before.output, p.output])
        elif view == "gradient":
            shown = p.backward(sent_back(p, self._until))
        return float(np.abs(found - shown).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        select, dropdown = widgets.SelectionSlider, widgets.Dropdown
        self.boxes: dict[str, widgets.Widget] = {
            "input": preset(self, "input", "input", INPUTS, 200),
            "kind": self.control("kind", dropdown(options=[*KINDS], description="pool", **sized(165))),
            "kernel_size": self.control("kernel_size", select(options=up_to(8), description="kernel", **sized(170))),
            "stride": self._stride_control(),
            "padding": self.control("padding", select(options=up_to(2, first=0), description="padding", **sized(155))),
            "ceil_mode": tick(self, "ceil_mode", "ceil mode", 95),
            "view": self.control("view", dropdown(options=[*VIEWS.items()], description="show", **sized(160))),
            "down": self.control("down", widgets.IntSlider(min=-ROOM, max=ROOM, description="down", **sized(190))),
            "right": self.control("right", widgets.IntSlider(min=-ROOM, max=ROOM, description="right", **sized(190))),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(160))),
        }
        self.channel_slider = self.control("channel", widgets.IntSlider(max=0, description="channel", **sized(150)))
        self.panels = Panels(
            {
                "code": CodePanel(self, self.torch_code, self.check_with_torch),
                "type": TypePanel(self, {"input": (self._input_text, self.type_grid)}),
                "photo": PhotoPanel(self, self.upload),
            }
        )
        controls = row(*self.boxes.values(), reset_button(self))
        steps = row(*self.step_controls(), self.channel_slider)
        return [controls, self.note, self.stage, self.plain_picture, steps, self.panels.box]

    def _stride_control(self) -> widgets.Widget:
        """A slider that shows the stride None as that of the kernel; to ipywidgets, None would be no choice at all."""
        options = [("= kernel", 0), *up_to(4)]
        box = widgets.SelectionSlider(options=options, value=0, description="stride", **sized(205))

        def to_setting(change: dict[str, Any]) -> None:
            if not self.is_quiet(box):
                self.stride = change["new"] or None

        box.observe(self.guarded(to_setting), "value")
        self.observe(self.guarded(lambda change: self.put(box, change["new"] or 0)), "stride")
        self.put(box, self.stride or 0)
        return box

    def _input_text(self) -> str:
        return rows_of(self.push.image[self.drawn.channel])

    def after_frame(self, trace: PoolTrace, s: Settings) -> None:
        super().after_frame(trace, s)
        self.put(self.channel_slider, s.channel, max=len(self.push.image) - 1)
        visible(self.channel_slider, len(self.push.image) > 1)
        for name in ("kernel_size", "stride", "padding", "ceil_mode"):
            self.boxes[name].disabled = s.kind.startswith("global")
        self._tied["walk"].disabled = s.view == "shift"  # there all cells are counted
        show_only(self.boxes, s.controls)
        self.play.step = max(1, trace.pooling.steps // MOST_PLAYED)  # a photo has too many places to visit each
        self.panels.follow(s.panel)


def _settings(s: Settings) -> tuple[Any, ...]:
    return s.kind, s.kernel_size, s.stride, s.padding, s.ceil_mode


# ---- the digits ----------------------------------------------------------------------------------------------------


def on_digits(s: Settings) -> Totals | None:
    """What the push of a lab leaves of all digits, on paper of 16 x 16 cells; None where no window fits."""
    given = _settings(s)
    settings = given if not s.kind.startswith("global") else (s.kind,)
    return _totals(s.down, s.right, *(tuple(v) if isinstance(v, list | np.ndarray) else v for v in settings))


@lru_cache(maxsize=1024)
def _totals(down: int, right: int, kind: str, *settings: Any) -> Totals | None:
    try:
        before, after = _before(kind, *settings), pool_all(_seen(down, right), kind, *settings)
    except ValueError:
        return None
    kernel_size, stride = settings[:2] if settings else (None, None)
    steps = kernel_size if stride is None else stride
    strides = steps if steps is None or isinstance(steps, tuple) else (steps, steps)
    away = max((down, right), (-down, -right))  # there and back are the same for the images
    return totals(_input_kept(*away), before, after, down, right, strides)


@lru_cache(maxsize=8)  # 2 MB each
def _before(*settings: Any) -> Maps:
    return pool_all(_seen(0, 0), *settings)


@lru_cache(maxsize=(2 * ROOM + 1) ** 2)
def _input_kept(down: int, right: int) -> Kept:
    room = max(abs(down), abs(right))  # on no more paper than the push needs: what is 0 before and after counts nothing
    return kept(_seen(0, 0, room), _seen(down, right, room))


def _seen(down: int, right: int, room: int = ROOM) -> Maps:
    return window_of(digits_with_room(2 * room), room, down, right)
