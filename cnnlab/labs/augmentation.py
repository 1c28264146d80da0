"""The augmentation lab: a picture before and after one transform, with all that belongs to it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from cnnlab.data.labeled import Labeled, labeled, labeled_picture
from cnnlab.figures.augmented import AugmentedPicture
from cnnlab.labs.augmentation_text import as_text, torch_code
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.panels import CodePanel, Panels, PhotoPanel
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, between, flag, index, one_of, setting, words
from cnnlab.labs.sources import read_photo_once
from cnnlab.labs.uploading import Uploading
from cnnlab.traces.augmented import Pixel, Truth, augmented
from cnnlab.traces.augmented_words import says
from cnnlab.traces.transforms import COLOR, GEOMETRY, ORDERS, Image, step_for

TRANSFORMS = (*GEOMETRY, *COLOR)
SLIDERS: dict[str, tuple[float, float, float]] = {
    "angle": (-180, 180, 1),
    "x": (-100, 100, 1),
    "y": (-100, 100, 1),
    "zoom": (0.25, 4, 0.05),
    "shear": (-60, 60, 1),
    "top": (0, 100, 1),
    "left": (0, 100, 1),
    "size": (10, 100, 1),
    "factor": (0, 3, 0.05),
    "hue": (-0.5, 0.5, 0.01),
}
"""From, to, step."""
NEEDS = {**GEOMETRY, **COLOR, "crop": ("top", "left", "size")}
CONTROLS = ("picture", "upload", "transform", *SLIDERS, "order", "boxes", "panel")
PANELS = {"nothing": "", "your photo": "photo", "code": "code"}


def limits(name: str) -> Any:
    """The check of a setting that has a slider."""
    low, high, _ = SLIDERS[name]
    return between(low, high)


class AugmentationLab(Pointing[AugmentedPicture, Pixel], Uploading):
    """A picture before and after one transform of data augmentation; its boxes and its mask move along.

    Settings (all are arguments and traits; a control exists for each but ``row`` and ``col``, which follow the pointer
    and the arrow keys):

    - ``picture``: a bundled photo ("cat", "camera", "coffee", "rocket", "astronaut"), "shapes" (a scene with a mask),
      the path of a photo of yours, or an array (H, W, 3) of numbers from 0 to 255.
    - ``transform``: "horizontal flip", "vertical flip", "rotation", "shift", "crop", "zoom", "shear", "affine",
      "brightness", "contrast", "saturation", "hue", "gray" or "channel shuffle".
    - ``angle``: degrees counter-clockwise. ``x``, ``y``: percent of the picture to the right and down. ``zoom``: 2
      makes things twice as large. ``shear``: degrees by which upright lines lean.
    - ``size``: percent of each side that a crop keeps; ``top`` and ``left``: where it lies, from 0 at the upper and
      left border to 100 at the other ones.
    - ``factor``: of brightness, contrast or saturation. ``hue``: part of a full turn of the color wheel. ``order``: the
      channels in another order, such as "GBR".
    - ``boxes``: whether boxes and mask are shown. ``row``, ``col``: the new pixel that is looked at.
    - ``panel``: what is open below: "", "photo" or "code".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "picture angle"; "upload" is
      the panel for a photo of your own.

    ``lab.trace`` is the :class:`~cnnlab.traces.augmented.Pixel` that is looked at; ``lab.trace.augmented`` is the
    whole picture before and after.
    """

    picture = setting("cat")
    transform = setting("rotation", one_of(*TRANSFORMS))
    angle = setting(30.0, limits("angle"))
    x = setting(20.0, limits("x"))
    y = setting(10.0, limits("y"))
    zoom = setting(1.5, limits("zoom"))
    shear = setting(20.0, limits("shear"))
    top = setting(50.0, limits("top"))
    left = setting(50.0, limits("left"))
    size = setting(60.0, limits("size"))
    factor = setting(1.5, limits("factor"))
    hue = setting(0.33, limits("hue"))
    order = setting("GBR", one_of(*ORDERS))
    boxes = setting(True, flag, view=True)
    row = setting(60, index, view=True)
    col = setting(60, index, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    takes = "picture"
    trace: Pixel
    current: AugmentedPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> AugmentedPicture:
        image, truth = self._read(s.picture)
        step = step_for(s.transform, vars(s), (image.shape[1], image.shape[2]))
        before = self.current.augmented if self.current is not None else None
        if before is not None and (before.before is image and before.step == step):
            return self.current  # a number that this transform does not use
        return AugmentedPicture(augmented(image, step, truth))

    def adapt(self, before: AugmentedPicture | None, now: AugmentedPicture, s: Settings) -> dict[str, Any]:
        """A smaller picture has fewer rows and columns."""
        rows, cols = now.augmented.size
        return {"row": min(s.row, rows - 1), "col": min(s.col, cols - 1)}

    def look(self, model: AugmentedPicture, s: Settings) -> Pixel:
        rows, cols = model.augmented.size
        at_row, at_col = self._hovered or (s.row, s.col)
        return model.augmented.at(min(at_row, rows - 1), min(at_col, cols - 1))

    def draw(self, model: AugmentedPicture, trace: Pixel, s: Settings, frame: int) -> str:
        return model.draw(trace, s.boxes, frame)

    def numbers(self, trace: Pixel, s: Settings) -> str:
        return as_text(trace, s.boxes)

    def status(self, trace: Pixel, s: Settings) -> str:
        return f"{s.transform}; row {trace.row}, column {trace.col}. {says(trace.augmented)}"

    def hint(self, trace: Pixel, s: Settings) -> str:
        return "Point at the picture on the right to see how a pixel is made, click to stay."

    def _read(self, value: Any) -> tuple[Image, Truth]:
        """The picture that a setting stands for, and what belongs to it."""
        if isinstance(value, str) and value in labeled():
            return _named(value)
        if not isinstance(value, str | Path):
            return _floats(_checked(value)), Truth()
        name = str(value)
        if name not in self._uploads and "." not in name:
            known = ", ".join(labeled())
            raise ValueError(f"picture {name!r} is not known: give one of {known}, or the path of a photo")
        return _photo(self._uploads.get(name) or Path(name), name), Truth()

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        self.point_at_cell(event)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that does the same to ``image``, the picture as floats (3, H, W)."""
        return torch_code([self.trace.augmented.step], self.trace.augmented.size)

    def check_with_torch(self) -> float:
        """Compute the new picture with PyTorch: the largest absolute difference of all its numbers."""
        from cnnlab.training.parity import run_torch_code

        a = self.trace.augmented
        expected = run_torch_code(self.torch_code(), image=a.before.astype(np.float64))
        return float(np.abs(a.after - expected).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        first = {
            "picture": preset(self, "picture", "picture", labeled(), 180),
            "transform": self.control(
                "transform", dropdown(options=[*TRANSFORMS], description="transform", **sized(240))
            ),
            "boxes": tick(self, "boxes", "boxes and mask", 140),
            "panel": self.control("panel", dropdown(options=[*PANELS.items()], description="open", **sized(170))),
        }
        self.numbers_of = {name: self._slider(name) for name in SLIDERS}
        orders = dropdown(options=[*ORDERS], description="order", **sized(140))
        self.numbers_of["order"] = self.control("order", orders)
        self.boxes_shown: dict[str, widgets.Widget] = first
        self.panels = Panels(
            {
                "photo": PhotoPanel(self, self.upload, ask_color=False),
                "code": CodePanel(self, self.torch_code, self.check_with_torch),
            }
        )
        top = [row(*first.values(), reset_button(self)), row(*self.numbers_of.values())]
        return [*top, self.note, self.stage, self.plain_picture, self.panels.box]

    def _slider(self, name: str) -> widgets.ValueWidget:
        low, high, step = SLIDERS[name]
        slider = widgets.FloatSlider(min=low, max=high, step=step, description=name, **sized(300))
        slider.readout_format = ".0f" if step == 1 else ".2f"
        if name in ("x", "y", "zoom", "shear", "angle"):
            slider.layout.width = "205px"  # the five of affine on one line
        return self.control(name, slider)

    def after_frame(self, trace: Pixel, s: Settings) -> None:
        show_only(self.boxes_shown, s.controls)
        show_only(self.numbers_of, [name for name in NEEDS[s.transform] if name in s.controls])
        self.panels.follow(s.panel)


@lru_cache(maxsize=8)
def _named(name: str) -> tuple[Image, Truth]:
    found: Labeled = labeled_picture(name)
    return _floats(found.picture), Truth(found.boxes, found.mask, found.things)


def _photo(source: Path | bytes, name: str) -> Image:
    return _decoded(read_photo_once(source, name, color=True).tobytes())


@lru_cache(maxsize=4)
def _decoded(pixels: bytes) -> Image:
    side = round((len(pixels) // 3) ** 0.5)
    return _floats(np.frombuffer(pixels, np.uint8).reshape(3, side, side).transpose(1, 2, 0))


def _checked(value: Any) -> NDArray[Any]:
    """An array (H, W, 3) of numbers from 0 to 255."""
    array = np.asarray(value)
    if array.dtype.kind not in "uif" or array.ndim != 3 or array.shape[2] != 3 or array.size == 0:
        raise ValueError(f"picture must be one of {', '.join(labeled())}, a path, or an array (H, W, 3) of numbers")
    if not (array.min() >= 0 and array.max() <= 255):
        raise ValueError("picture must hold numbers from 0 to 255")
    return array


def _floats(picture: NDArray[Any]) -> Image:
    """(H, W, 3) from 0 to 255 as (3, H, W) from 0 to 1, read-only."""
    image = np.ascontiguousarray(np.moveaxis(picture / 255, -1, 0), np.float32)
    image.setflags(write=False)
    return image
