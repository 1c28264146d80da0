"""The Dice lab: a predicted shape and the true one, which are dragged over each other, and how Dice, IoU and accuracy
judge the prediction.
"""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.overlap import OverlapPicture, as_text
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, index, one_of, setting, words
from cnnlab.traces.overlap import (
    COLS,
    ROWS,
    SHAPES,
    TRUE_AT,
    TRUTHS,
    Cell,
    Overlap,
    held_by,
    nearest,
    overlap,
    top_left,
)

CONTROLS = ("truth", "true_row", "true_col", "prediction", "row", "col", "smooth", "panel")
PLACES = {"prediction": ("row", "col"), "truth": ("true_row", "true_col")}
"""The settings that say where each shape lies."""
MOST_SMOOTH = 100


def places(s: Settings) -> dict[str, Cell]:
    """The top left cells of both shapes, as near as they can to where the settings say."""
    return {which: nearest(getattr(s, which), getattr(s, row), getattr(s, col)) for which, (row, col) in PLACES.items()}


class DiceLab(Lab[OverlapPicture, Overlap]):
    """A predicted mask over the true one: intersection, Dice loss, IoU, and the accuracy of all cells.

    Settings (all are arguments and traits; a control exists for each):

    - ``truth``: the true shape: "rectangle" (10 x 9), "square" (10 x 10), "disk", "small" (3 x 3) or "empty".
    - ``prediction``: the predicted one: one of these, or "everything".
    - ``row``, ``col``: the top left cell of the prediction; it is dragged on the picture, and stays on the grid.
    - ``true_row``, ``true_col``: that of the true shape, which is dragged as well.
    - ``smooth``: added above and below the fraction line, from 0 to 100.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "truth prediction".

    ``lab.trace`` is the :class:`~cnnlab.traces.overlap.Overlap`.
    """

    truth = setting("rectangle", one_of(*TRUTHS))
    prediction = setting("square", one_of(*SHAPES))
    row = setting(1, index)
    col = setting(6, index)
    true_row = setting(TRUE_AT[0], index)
    true_col = setting(TRUE_AT[1], index)
    smooth = setting(0.0, between(0, MOST_SMOOTH))
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Overlap
    current: OverlapPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> OverlapPicture:
        at = places(s)
        return OverlapPicture(overlap(s.prediction, s.truth, at["prediction"], at["truth"], s.smooth))

    def adapt(self, before: OverlapPicture | None, now: OverlapPicture, s: Settings) -> dict[str, Any]:
        """Both shapes stay on the grid."""
        at = places(s)
        return {name: n for which in PLACES for name, n in zip(PLACES[which], at[which], strict=True)}

    def look(self, model: OverlapPicture, s: Settings) -> Overlap:
        return model.overlap

    def draw(self, model: OverlapPicture, trace: Overlap, s: Settings, frame: int) -> str:
        return model.draw(held_by(s.prediction, s.row, s.col), held_by(s.truth, s.true_row, s.true_col), frame)

    def numbers(self, trace: Overlap, s: Settings) -> str:
        return as_text(trace)

    def status(self, trace: Overlap, s: Settings) -> str:
        return f"{trace.dice.sizes.equations()[0]}. {trace.says()}"

    def hint(self, trace: Overlap, s: Settings) -> str:
        sizes = {"prediction": trace.dice.sizes.a, "truth": trace.dice.sizes.b}
        loose = [which for which, size in sizes.items() if 0 < size < ROWS * COLS]
        if not loose:
            return "Neither of these shapes can be moved: choose another one."
        if len(loose) == 1:
            return f"Drag the {loose[0]}; Tab and the arrow keys move it, too."
        return "Drag either shape; where both lie you hold the prediction. Tab and the arrow keys move them, too."

    def pointed(self, event: Event) -> None:
        which = event.get("grid")
        if event["kind"] in ("paint", "pin") and which in PLACES:
            cell = (event["row"], event["col"]) if event["kind"] == "pin" else event["cells"][-1]
            with self.hold():
                for name, n in zip(PLACES[which], top_left(getattr(self.drawn, which), *cell), strict=True):
                    setattr(self, name, n)

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
        smooth = widgets.FloatSlider(max=10, step=0.5, readout_format=".1f", description="smooth", **sized(200))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(150))
        prediction = dropdown(options=SHAPES, description="prediction A", **sized(200))
        # On 1280 pixels these are two lines, a shape and its place on each.
        self.boxes: dict[str, widgets.Widget] = {
            "truth": self.control("truth", dropdown(options=TRUTHS, description="truth B", **sized(200))),
            "true_row": self.control("true_row", slider(max=ROWS - 1, description="row B", **sized(220))),
            "true_col": self.control("true_col", slider(max=COLS - 1, description="column B", **sized(240))),
            "panel": self.control("panel", panels),
            "prediction": self.control("prediction", prediction),
            "row": self.control("row", slider(max=ROWS - 1, description="row A", **sized(220))),
            "col": self.control("col", slider(max=COLS - 1, description="column A", **sized(240))),
            "smooth": self.control("smooth", smooth),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Overlap, s: Settings) -> None:
        for which, names in PLACES.items():
            for name, last in zip(names, nearest(getattr(s, which), ROWS, COLS), strict=True):
                self.put(self.boxes[name], getattr(s, name), max=last)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)
