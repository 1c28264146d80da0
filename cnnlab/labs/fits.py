"""The fits lab: predictions that are dragged up and down, errors as squares or bars, the best of three fits."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.fits import FitPicture, as_text
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import literal, parse_grid
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, brief, flag, number, one_of, setting, words
from cnnlab.traces.fits import LOSSES, QUESTIONS, Fits, fits_of

CONTROLS = ("question", "predictions", "loss", "compare", "panel")
FITS = ("fit 1", "fit 2", "fit 3")
CODE = {"mse": "F.mse_loss", "mae": "F.l1_loss"}


def predicted(name: str, value: Any) -> int | tuple[float, ...]:
    """One of the three fits by its number, or predictions as a list or as text."""
    if isinstance(value, str) and value in FITS:
        return FITS.index(value) + 1
    found = parse_grid(value, name).ravel() if isinstance(value, str) else value
    if not isinstance(found, list | tuple | np.ndarray) or getattr(found, "ndim", 1) != 1:
        raise ValueError(f"{name} must be 'fit 1', 'fit 2', 'fit 3' or numbers such as 1 2 3, but is {brief(value)}")
    return tuple(number(f"{name}[{i}]", v) for i, v in enumerate(found))


class FitsLab(Lab[FitPicture, Fits]):
    """Points with three fits, and predictions of one's own: mean squared against mean absolute error.

    Settings (all are arguments and traits; a control exists for each):

    - ``question``: "Q9" or "Q9b", the two versions of deck D, or "outlier", five points of which one is far off.
    - ``predictions``: "fit 1", "fit 2", "fit 3", or a number for each point, as a list or as text such as "1 2 3"; the
      points of the picture are dragged.
    - ``loss``: "mse" draws errors as squares, "mae" as bars.
    - ``compare``: whether the losses of all fits are shown, or only those of the one that is looked at.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "predictions loss".

    ``lab.trace`` is the :class:`~cnnlab.traces.fits.Fits`; ``lab.trace.chosen`` is the fit that is looked at.
    """

    question = setting("Q9", one_of(*QUESTIONS))
    predictions = setting("fit 1", predicted)
    loss = setting("mse", one_of(*LOSSES), view=True)
    compare = setting(True, flag, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Fits
    current: FitPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> FitPicture:
        return FitPicture(fits_of(s.question, s.predictions))

    def look(self, model: FitPicture, s: Settings) -> Fits:
        return model.fits

    def draw(self, model: FitPicture, trace: Fits, s: Settings, frame: int) -> str:
        return model.draw(s.loss, s.compare, frame)

    def numbers(self, trace: Fits, s: Settings) -> str:
        return as_text(trace, s.compare)

    def status(self, trace: Fits, s: Settings) -> str:
        return f"{trace.chosen.name}: {trace.chosen.equation(s.loss)}. {trace.chosen.says()}"

    def hint(self, trace: Fits, s: Settings) -> str:
        return "Drag the dots: the rings are the targets. Click a row of the table to go back to a fit."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def on_change(self, name: str) -> None:
        """Another question: its first fit."""
        asked = self.question
        if name == "question" and isinstance(asked, str) and asked in QUESTIONS and asked != self.drawn.question:
            self.predictions = FITS[0]

    def pointed(self, event: Event) -> None:
        what, _, which = str(event.get("grid")).partition(" ")
        values = list(self.trace.chosen.predictions)
        if event["kind"] == "choose" and what == "fit" and event["row"] < len(FITS):
            self.predictions = FITS[event["row"]]
        elif event["kind"] in ("paint", "pin") and what == "point" and which in map(str, range(len(values))):
            place = event["row"] if event["kind"] == "pin" else event["cells"][-1][0]
            places, plot = self.current.places, self.current.plot
            values[int(which)] = round(plot.y_at(min(place, places - 1), places), 6)
            self.predictions = values

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for both losses of this fit."""
        fit = self.trace.chosen
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                f"y = torch.tensor({literal(list(fit.targets))}, dtype=torch.float64)",
                f"y_hat = torch.tensor({literal(list(fit.predictions))}, dtype=torch.float64)",
                *(f"{loss} = {CODE[loss]}(y_hat, y)" for loss in LOSSES),
                "y = torch.stack([mse, mae])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare MSE and MAE of this fit: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        found = [self.trace.chosen.losses[loss].value for loss in LOSSES]
        return float(np.abs(found - run_torch_code(self.torch_code())).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        losses = [("MSE: squares", "mse"), ("MAE: bars", "mae")]
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "question": self.control("question", dropdown(options=[*QUESTIONS], description="points", **sized(150))),
            "predictions": preset(self, "predictions", "predictions", FITS, 190),
            "loss": self.control("loss", dropdown(options=losses, description="loss", **sized(180))),
            "compare": tick(self, "compare", "compare all fits", 150),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Fits, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)

    def close(self) -> None:
        self.panels.close()
        super().close()
