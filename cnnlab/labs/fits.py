"""The fits lab: lines that are turned and moved, dots that are dragged, errors as squares or bars, the best fit."""

import re
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.fits import FitPicture, as_text
from cnnlab.labs.base import Event, Lab
from cnnlab.labs.controls import preset, reset_button, row, show_only, sized, tick
from cnnlab.labs.numbers import literal, parse_grid, parse_number
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, brief, flag, number, one_of, setting, words
from cnnlab.traces.fits import BEST, LOSSES, QUESTIONS, Fits, fits_of
from cnnlab.traces.lines import Line

CONTROLS = ("question", "predictions", "loss", "compare", "panel")
FITS = ("fit 1", "fit 2", "fit 3")
CODE = {"mse": "F.mse_loss", "mae": "F.l1_loss"}


KINDS = "'fit 1', 'fit 2', 'fit 3', a line such as 'y = 1.5x - 1' or numbers such as 1 2 3"
LINE = re.compile(r"(?:y\s*=)?\s*([-−+]?)\s*([^\sx]*)\s*x\s*(?:([-−+])\s*(\S+)\s*)?")


def line(name: str, text: str) -> Line | None:
    """A line as it is typed, such as "y = 1.5x - 1", with all but the x as short as one likes."""
    found = LINE.fullmatch(text.strip().replace("*", "").replace("·", ""))
    if not found:
        return None
    sign, slope, between, intercept = found.groups()
    return Line(parse_number(sign + (slope or "1"), name), parse_number(f"{between or ''}{intercept or '0'}", name))


def predicted(name: str, value: Any) -> int | str | Line | tuple[float, ...]:
    """One of the three fits by its number, a best line by its loss, a line, or predictions as a list or as text."""
    if isinstance(value, str) and value in FITS:
        return FITS.index(value) + 1
    if isinstance(value, str) and value in BEST.values():
        return next(loss for loss, best in BEST.items() if best == value)
    if isinstance(value, str) and (given := line(name, value)):
        return given
    if isinstance(value, str) and (not value.strip() or value.strip()[0].isalpha()):
        raise ValueError(f"{name} must be {KINDS}, but is {brief(value)}")
    found = parse_grid(value, name).ravel() if isinstance(value, str) else value
    if not isinstance(found, list | tuple | np.ndarray) or getattr(found, "ndim", 1) != 1:
        raise ValueError(f"{name} must be {KINDS}, but is {brief(value)}")
    return tuple(number(f"{name}[{i}]", v) for i, v in enumerate(found))


class FitsLab(Lab[FitPicture, Fits]):
    """Points with three fits, a line and predictions of one's own: mean squared against mean absolute error.

    Settings (all are arguments and traits; a control exists for each):

    - ``question``: "Q9" or "Q9b", the two versions of deck D, or "outlier", five points of which one is far off.
    - ``predictions``: "fit 1", "fit 2", "fit 3"; "MSE's best line", "MAE's best line"; a line, as text such as
      "y = 1.5x - 1"; or a number for each point, as a list or as text such as "1 2 3". On the picture a fit that is a
      line is turned by its ends and moved by a point between, of others the points are dragged.
    - ``loss``: "mse" draws errors as squares, "mae" as bars.
    - ``compare``: whether all fits and their losses are shown, and those of the best lines, or only the one that is
      looked at.
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
        drag = "an end of the line to turn it, a dot between to move it" if trace.chosen.line else "the dots"
        return f"Drag {drag}: the rings are the targets. Click a row of the table for another fit."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def on_change(self, name: str) -> None:
        """Another question: its first fit."""
        asked = self.question
        if name == "question" and isinstance(asked, str) and asked in QUESTIONS and asked != self.drawn.question:
            self.predictions = FITS[0]

    def pointed(self, event: Event) -> None:
        what, _, which = str(event.get("grid")).partition(" ")
        rows, points = self.trace.rows, range(len(self.trace.question.targets))
        if event["kind"] == "choose" and what == "fit" and event["row"] < len(rows):
            name = rows[event["row"]].name
            self.predictions = name if name in (*FITS, *BEST.values()) else self.predictions
        elif event["kind"] in ("paint", "pin") and what == "point" and which in map(str, points):
            place = event["row"] if event["kind"] == "pin" else event["cells"][-1][0]
            self._pull(int(which), self.current.height(place))

    def _pull(self, i: int, to: float) -> None:
        """A point goes up or down, and where it is one of a line, the line goes with it."""
        fit = self.trace.chosen
        if fit.line:
            self.predictions = fit.line.pulled(i, to, len(fit.targets), self.trace.question.limits).text
        else:
            self.predictions = [to if k == i else value for k, value in enumerate(fit.predictions)]

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for both losses of this fit."""
        fit = self.trace.chosen
        y_hat = f"torch.tensor({literal(list(fit.predictions))}, dtype=torch.float64)"
        if fit.line:
            x = f"torch.arange(1, {len(fit.targets) + 1}, dtype=torch.float64)"
            y_hat = f"{literal(fit.line.slope)} * {x} + {literal(fit.line.intercept)}"
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                f"y = torch.tensor({literal(list(fit.targets))}, dtype=torch.float64)",
                f"y_hat = {y_hat}",
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
            "predictions": preset(self, "predictions", "predictions", FITS, 215),
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
