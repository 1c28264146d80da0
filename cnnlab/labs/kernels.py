"""The kernels lab: a photo, a kernel that can be edited, and what the kernel makes of the photo."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import photos
from cnnlab.figures.kernels import KernelsPicture
from cnnlab.kernels import KERNELS
from cnnlab.labs.base import Event
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.convolution_text import map_text, rows_of
from cnnlab.labs.numbers import literal, parse_grid, parse_number
from cnnlab.labs.panels import CodePanel, Panels, PhotoPanel, TypePanel
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, flag, index, number, one_of, setting, words
from cnnlab.labs.sources import ANY_BOX, ANY_GAUSSIAN, read_gray_photo, read_kernel
from cnnlab.labs.uploading import Uploading
from cnnlab.traces.conv import PADDING_MODES
from cnnlab.traces.edits import with_cells
from cnnlab.traces.kernels import VIEWS, Filtered, Pixel, filtered, normalized

NONE = "none"
MADE = (ANY_BOX, ANY_GAUSSIAN)
CONTROLS = (
    "photo", "kernel", "size", "sigma", "second", "normalize", "separable", "show", "padding_mode", "panel", "row",
    "col",
)  # fmt: skip
PANELS = {"nothing": "", "code": "code", "type numbers": "type", "your photo": "photo"}


class KernelsLab(Pointing[KernelsPicture, Pixel], Uploading):
    """A photo in gray, filtered by a kernel: what each named kernel does, and what the sum of its weights means.

    Settings (all are arguments and traits; a control exists for each):

    - ``photo``: the name of a bundled photo (``cnnlab.data.photos()``), the path of your own, or an array (H, W) of
      numbers from 0 to 255; an array (H, W, 3) is turned to gray.
    - ``kernel``: the name of a kernel (``cnnlab.kernels.KERNELS``), "box, any size" or "gaussian, any size", rows of
      numbers as text ("1 0 -1; 2 0 -2; 1 0 -1"), or an array (kh, kw).
    - ``size``, ``sigma``: of the two kernels of any size, their rows and columns, and how wide the Gaussian is.
    - ``second``: "none", or another kernel of the same size: then the answer is sqrt(a**2 + b**2) of both answers.
    - ``normalize``: divide the weights by their sum.
    - ``separable``: take the kernel apart into a column and a row, if it can be; for one kernel.
    - ``show``: how the answer is painted: "signed" in orange and blue, as a "photo" cut to 0 ... 255, "absolute" from
      black to white, its "sign" alone, or "auto": signed where the weights sum to 0, and as a photo where not.
    - ``padding_mode``: what lies beyond the border: "replicate" (no false edge there), "zeros", "reflect", "circular".
    - ``row``, ``col``: the pixel that is looked at.
    - ``panel``: what is open below: "", "code", "type" or "photo".
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "photo kernel".

    ``lab.trace`` is the :class:`~cnnlab.traces.kernels.Pixel` that is looked at, ``lab.trace.filtered.answer`` the
    whole answer.
    """

    photo = setting("cat")
    kernel = setting("sobel x")
    size = setting(5, index)
    sigma = setting(1.0, number)
    second = setting(NONE)
    normalize = setting(False, flag)
    separable = setting(False, flag, view=True)
    show = setting("auto", one_of(*VIEWS), view=True)
    padding_mode = setting("replicate", one_of(*PADDING_MODES))
    row = setting(86, index, view=True)
    col = setting(74, index, view=True)
    panel = setting("", one_of(*PANELS.values()), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Pixel
    current: KernelsPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> KernelsPicture:
        kernels = [read_kernel("kernel", s.kernel, s.size, s.sigma)]
        if not (isinstance(s.second, str) and s.second == NONE):
            kernels.append(read_kernel("second", s.second, s.size, s.sigma))
        if s.normalize:
            kernels = [normalized(kernel) for kernel in kernels]
        return KernelsPicture(filtered(read_gray_photo(s.photo, self._uploads), kernels, s.padding_mode))

    def adapt(self, before: KernelsPicture | None, now: KernelsPicture, s: Settings) -> dict[str, Any]:
        """A smaller photo has fewer rows and columns."""
        rows, cols = now.filtered.photo.shape
        return {"row": min(s.row, rows - 1), "col": min(s.col, cols - 1)}

    def on_change(self, name: str) -> None:
        """A kernel of any size asks for its size, also where the two kernels do not fit each other yet."""
        super().on_change(name)
        if name in ("kernel", "second"):
            self._offer_sizes()

    def look(self, model: KernelsPicture, s: Settings) -> Pixel:
        rows, cols = model.filtered.photo.shape
        at_row, at_col = self._hovered or (s.row, s.col)
        return model.filtered.at(min(at_row, rows - 1), min(at_col, cols - 1))

    def draw(self, model: KernelsPicture, trace: Pixel, s: Settings, frame: int) -> str:
        return model.draw(trace, s.show, s.separable, frame)

    def numbers(self, trace: Pixel, s: Settings) -> str:
        f = trace.filtered
        grids = [map_text(name, k.weight) for name, k in zip(("kernel", "second"), f.kernels, strict=False)]
        return "\n".join([*grids, trace.formula(), *f.says(s.separable), map_text("answer", f.answer)])

    def status(self, trace: Pixel, s: Settings) -> str:
        return f"row {trace.row}, column {trace.col}: {trace.formula()}"

    def hint(self, trace: Pixel, s: Settings) -> str:
        return "Point at the photo or the answer to look, click to stay. Click a number of the kernel to change it."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind == "hover" and grid in ("photo", "answer"):
            self.point_at((event["row"], event["col"]))
        elif kind == "pin" and grid in ("photo", "answer"):
            self.stay_at(row=event["row"], col=event["col"])
        elif kind == "edit" and grid in ("kernel", "second"):
            self.write(str(grid), [(row, col) for row, col in event["cells"]], event["text"])
        elif kind == "grid" and grid in ("kernel", "second"):
            self.use(str(grid), parse_grid(event["text"], str(grid)))

    def write(self, name: str, cells: list[tuple[int, int]], text: str) -> None:
        """Write a number into cells of the "kernel" or the "second"."""
        kernels = dict(zip(("kernel", "second"), self.trace.filtered.kernels, strict=False))
        if name in kernels:
            value = parse_number(text, f"{name}[{cells[0][0]}, {cells[0][1]}]")
            self.use(name, with_cells(kernels[name].weight, (), cells, value))

    def use(self, name: str, weight: Any) -> None:
        """Take the weights of a kernel as they are: what was divided by the sum before is divided no more."""
        with self.hold():
            self.normalize = False
            setattr(self, name, weight)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that computes the same answer; it runs as it is, with the photo as an array ``photo``."""
        return torch_code(self.trace.filtered)

    def check_with_torch(self) -> float:
        """Compute the same with PyTorch: the largest absolute difference of all pixels."""
        from cnnlab.training.parity import run_torch_code

        f = self.trace.filtered
        return float(np.abs(run_torch_code(torch_code(f), photo=f.photo)[0] - f.answer).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown = widgets.IntSlider, widgets.Dropdown
        sigma = widgets.FloatSlider(min=0.3, max=4, step=0.1, description="sigma", readout_format=".1f", **sized(170))
        size = slider(min=1, max=15, step=2, description="size", **sized(160))
        panels = dropdown(options=[*PANELS.items()], description="open", **sized(160))
        border = dropdown(options=[*PADDING_MODES], description="border", **sized(150))
        above = {
            "photo": preset(self, "photo", "photo", [*photos()], 150),
            "kernel": preset(self, "kernel", "kernel", [*KERNELS, *MADE], 220),
            "size": self.control("size", size),
            "sigma": self.control("sigma", sigma),
            "second": preset(self, "second", "second kernel", [NONE, *KERNELS, *MADE], 240),
            "normalize": tick(self, "normalize", "normalize", 95),
            "separable": tick(self, "separable", "take apart", 95),
            "show": self.control("show", dropdown(options=[*VIEWS], description="show", **sized(150))),
            "padding_mode": self.control("padding_mode", border),
            "panel": self.control("panel", panels),
        }
        below = {
            "row": self.control("row", slider(max=255, description="row", **sized(240))),
            "col": self.control("col", slider(max=255, description="column", **sized(260))),
        }
        self.boxes: dict[str, widgets.Widget] = above | below
        self.panels = Panels(
            {
                "code": CodePanel(self, self.torch_code, self.check_with_torch),
                "type": TypePanel(self, {"kernel": (self._kernel_text, self._take_kernel)}),
                "photo": PhotoPanel(self, self.upload, ask_color=False),
            }
        )
        return [
            row(*above.values(), reset_button(self)),
            self.note,
            self.stage,
            self.plain_picture,
            row(*below.values()),
            self.panels.box,
        ]

    def _kernel_text(self) -> str:
        return rows_of(self.trace.filtered.kernels[0].weight)

    def _take_kernel(self, text: str) -> None:
        self.use("kernel", parse_grid(text, "kernel"))

    def after_frame(self, trace: Pixel, s: Settings) -> None:
        rows, cols = trace.filtered.photo.shape
        self.put(self.boxes["row"], s.row, max=rows - 1)
        self.put(self.boxes["col"], s.col, max=cols - 1)
        self._offer_sizes()
        self.boxes["separable"].disabled = len(trace.filtered.kernels) > 1
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)

    def _offer_sizes(self) -> None:
        """The sliders of the kernels that are made for a size, where one of them is chosen."""
        chosen = [value for value in (self.kernel, self.second) if isinstance(value, str)]
        self.boxes["size"].disabled = not any(name in MADE for name in chosen)
        self.boxes["sigma"].disabled = ANY_GAUSSIAN not in chosen


def torch_code(f: Filtered) -> str:
    """PyTorch code that computes ``f.answer`` from an array ``photo``."""
    (top, bottom), (left, right) = f.steps[0].padding
    mode = PADDING_MODES[f.steps[0].padding_mode]
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"x = torch.tensor(photo)[None, None]  # photo: an array of {f.photo.shape[0]} × {f.photo.shape[1]}",
        f'x = F.pad(x, ({left}, {right}, {top}, {bottom}), mode="{mode}")  # left, right, top, bottom',
    ]
    for name, kernel in zip("ab", f.kernels, strict=False):
        weight = literal(kernel.weight.tolist())
        lines.append(f"{name} = F.conv2d(x, torch.tensor({weight}, dtype=torch.float64)[None, None])")
    return "\n".join([*lines, "y = a" if len(f.kernels) == 1 else "y = torch.sqrt(a**2 + b**2)"])
