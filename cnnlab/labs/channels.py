"""The channels lab: a photo is three grids of numbers."""

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from cnnlab.data import photos
from cnnlab.figures.channels import SHOWN_SMALL, VIEWS, ChannelsPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.panels import PhotoPanel
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.labs.sources import read_photo_once
from cnnlab.labs.uploading import Uploading
from cnnlab.traces.channels import GRAY_MIXES, Pixel, channels

CONTROLS = ("photo", "upload", "gray", "tint", "red", "green", "blue", "brightness", "view", "row", "col")


class ChannelsLab(Pointing[ChannelsPicture, Pixel], Uploading):
    """A color photo taken apart into red, green and blue, and put together again.

    Settings (all are arguments and traits; a control exists for each):

    - ``photo``: the name of a bundled photo (``cnnlab.data.photos()``), the path of your own, or an array (H, W, 3) of
      numbers from 0 to 255.
    - ``red``, ``green``, ``blue``: how much of each channel is used, 1 as it is. ``brightness`` is added to all.
    - ``gray``: how the three are mixed to gray: "eye", "mean", "red only" ..., or three weights such as "0.3 0.6 0.1".
    - ``view``: what the large picture shows: "together", "R", "G", "B" or "gray". ``tint`` colors a channel.
    - ``row``, ``col``: where the loupe is.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "photo view"; "upload" is the
      button for a photo of your own.

    ``lab.trace`` is the :class:`~cnnlab.traces.channels.Pixel` in the middle of the loupe.
    """

    photo = setting("cat")
    red = setting(1.0, number)
    green = setting(1.0, number)
    blue = setting(1.0, number)
    brightness = setting(0.0, number)
    gray = setting("eye")
    view = setting("together", one_of(*VIEWS), view=True)
    tint = setting(False, flag, view=True)
    row = setting(128, index, view=True)
    col = setting(128, index, view=True)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Pixel
    current: ChannelsPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> ChannelsPicture:
        return ChannelsPicture(channels(self._read(s.photo), (s.red, s.green, s.blue), s.brightness, s.gray))

    def adapt(self, before: ChannelsPicture | None, now: ChannelsPicture, s: Settings) -> dict[str, Any]:
        """A smaller photo has fewer rows and columns."""
        rows, cols = now.channels.photo.shape[:2]
        return {"row": min(s.row, rows - 1), "col": min(s.col, cols - 1)}

    def look(self, model: ChannelsPicture, s: Settings) -> Pixel:
        rows, cols = model.channels.photo.shape[:2]
        at_row, at_col = self._hovered or (s.row, s.col)
        return model.channels.at(min(at_row, rows - 1), min(at_col, cols - 1))

    def draw(self, model: ChannelsPicture, trace: Pixel, s: Settings, frame: int) -> str:
        return model.draw(trace, s.view, s.tint, frame)

    def numbers(self, trace: Pixel, s: Settings) -> str:
        changed = "  ".join(trace.channel(i) for i in range(3))
        return f"pixel [{trace.row}, {trace.col}]: {changed}\n{trace.gray_formula()}\n{trace.says()}"

    def status(self, trace: Pixel, s: Settings) -> str:
        red, green, blue = trace.stored
        return f"{s.view}; row {trace.row}, column {trace.col}: red {red}, green {green}, blue {blue}"

    def hint(self, trace: Pixel, s: Settings) -> str:
        return "Point at the photo to look, click to stay. Click R, G, B or together to see it large."

    def _read(self, value: Any) -> ArrayLike:
        """The photo that a setting stands for, (H, W, 3)."""
        if not isinstance(value, str | Path):
            return np.asarray(value)
        name = str(value)
        if name not in self._uploads and name not in photos() and "." not in name:
            raise ValueError(f"photo {name!r} is not known: give one of {', '.join(photos())}, or the path of a photo")
        if name in photos():
            return _bundled(name)
        return read_photo_once(self._uploads.get(name) or Path(name), name, color=True).transpose(1, 2, 0)

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind = event["kind"]
        if kind == "choose" and event["grid"] == "channel" and event["row"] < len(SHOWN_SMALL):
            self.view = SHOWN_SMALL[event["row"]]
        elif kind == "pin":
            self.stay_at(row=event["row"], col=event["col"])
        elif kind in ("hover", "leave"):
            self.point_at((event["row"], event["col"]) if kind == "hover" else None)

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        gains = {
            name: self.control(name, widgets.FloatSlider(min=0, max=2, step=0.05, description=name, **sized(230)))
            for name in ("red", "green", "blue")
        }
        brightness = widgets.FloatSlider(min=-200, max=200, step=1, description="brightness", **sized(280))
        brightness.readout_format = ".0f"
        view = widgets.ToggleButtons(options=[*VIEWS], description="large", **sized(520))
        view.style.button_width = "76px"
        first = {
            "photo": preset(self, "photo", "photo", [*photos()], 190),
            "upload": PhotoPanel(self, self.upload, ask_color=False).make(),
            "gray": preset(self, "gray", "gray mix", [*GRAY_MIXES], 190),
            "tint": tick(self, "tint", "tint R, G, B", 110),
        }
        second = {**gains, "brightness": self.control("brightness", brightness)}
        below = {
            "view": self.control("view", view),
            "row": self.control("row", widgets.IntSlider(max=255, description="row", **sized(240))),
            "col": self.control("col", widgets.IntSlider(max=255, description="column", **sized(260))),
        }
        self.boxes: dict[str, widgets.Widget] = first | second | below
        reset = reset_button(self)
        top = [row(*first.values(), reset), row(*second.values())]
        return [*top, self.note, self.stage, self.plain_picture, row(*below.values())]

    def after_frame(self, trace: Pixel, s: Settings) -> None:
        rows, cols = self.current.channels.photo.shape[:2]
        self.put(self.boxes["row"], s.row, max=rows - 1)
        self.put(self.boxes["col"], s.col, max=cols - 1)
        show_only(self.boxes, s.controls)


def _bundled(name: str) -> ArrayLike:
    from cnnlab.data import photo

    return photo(name)
