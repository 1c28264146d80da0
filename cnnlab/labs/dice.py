"""The Dice lab: a predicted shape that is dragged over the true one, and how Dice, IoU and accuracy judge it."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.overlap import OverlapPicture, as_text
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, index, one_of, setting, words
from cnnlab.traces.overlap import COLS, ROWS, SHAPES, TRUTHS, Overlap, held_by, nearest, overlap, top_left

CONTROLS = ("truth", "prediction", "row", "col", "smooth", "panel")
MOST_SMOOTH = 100


class DiceLab(Lab[OverlapPicture, Overlap]):
    """A predicted mask over the true one: intersection, Dice loss, IoU, and the accuracy of all cells.

    Settings (all are arguments and traits; a control exists for each):

    - ``truth``: the true shape: "rectangle" (10 x 9), "square" (10 x 10), "disk", "small" (3 x 3) or "empty".
    - ``prediction``: the predicted one: one of these, or "everything".
    - ``row``, ``col``: the top left cell of the prediction; it is dragged on the picture, and stays on the grid.
    - ``smooth``: added above and below the fraction line, from 0 to 100.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "truth prediction".

    ``lab.trace`` is the :class:`~cnnlab.traces.overlap.Overlap`.
    """

    truth = setting("rectangle", one_of(*TRUTHS))
    prediction = setting("square", one_of(*SHAPES))
    row = setting(1, index)
    col = setting(6, index)
    smooth = setting(0.0, between(0, MOST_SMOOTH))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Overlap
    current: OverlapPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> OverlapPicture:
        return OverlapPicture(overlap(s.prediction, s.truth, *nearest(s.prediction, s.row, s.col), s.smooth))

    def adapt(self, before: OverlapPicture | None, now: OverlapPicture, s: Settings) -> dict[str, Any]:
        """The prediction stays on the grid."""
        at = nearest(s.prediction, s.row, s.col)
        return {"row": at[0], "col": at[1]}

    def look(self, model: OverlapPicture, s: Settings) -> Overlap:
        return model.overlap

    def draw(self, model: OverlapPicture, trace: Overlap, s: Settings, frame: int) -> str:
        return model.draw(held_by(s.prediction, s.row, s.col), frame)

    def numbers(self, trace: Overlap, s: Settings) -> str:
        return as_text(trace)

    def status(self, trace: Overlap, s: Settings) -> str:
        return f"{trace.dice.sizes.equations()[0]}. {trace.says()}"

    def hint(self, trace: Overlap, s: Settings) -> str:
        return "Drag the prediction; Tab and the arrow keys move it, too."

    def pointed(self, event: Event) -> None:
        if event["kind"] in ("paint", "pin") and event["grid"] == "shape":
            cell = (event["row"], event["col"]) if event["kind"] == "pin" else event["cells"][-1]
            with self.hold():
                self.row, self.col = top_left(self.drawn.prediction, *cell)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the Dice loss and its gradient at every cell of the prediction."""
        s = self.drawn
        smooth = f" + {literal(s.smooth)}" if s.smooth else ""
        return "\n".join(
            [
                "import torch",
                "",
                f"a = torch.from_numpy(prediction).requires_grad_()  # masks, {ROWS} x {COLS}",
                "b = torch.from_numpy(truth)",
                f"above = 2 * (a * b).sum(){smooth}",
                f"below = a.sum() + b.sum(){smooth}",
                "loss = 1 - above / below if below > 0 else 0 * above  # two empty masks are equal",
                "loss.backward()",
                "y = torch.cat([loss[None], a.grad.flatten()])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the loss and its gradient at every cell: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        dice = self.trace.dice
        found = np.array([dice.value, *dice.gradient.ravel()])
        code, masks = self.torch_code(), {"prediction": dice.input, "truth": dice.target}
        return float(np.abs(found - run_torch_code(code, **masks)).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown, slider = widgets.Dropdown, widgets.IntSlider
        smooth = widgets.FloatSlider(max=10, step=0.5, readout_format=".1f", description="smooth", **sized(150))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        prediction = dropdown(options=SHAPES, description="prediction A", **sized(180))
        self.boxes: dict[str, widgets.Widget] = {
            "truth": self.control("truth", dropdown(options=TRUTHS, description="truth B", **sized(150))),
            "prediction": self.control("prediction", prediction),
            "row": self.control("row", slider(max=ROWS - 1, description="row", **sized(120))),
            "col": self.control("col", slider(max=COLS - 1, description="column", **sized(140))),
            "smooth": self.control("smooth", smooth),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Overlap, s: Settings) -> None:
        last = nearest(s.prediction, ROWS, COLS)
        self.put(self.boxes["row"], s.row, max=last[0])
        self.put(self.boxes["col"], s.col, max=last[1])
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)

    def close(self) -> None:
        self.panels.close()
        super().close()
