"""The penalty lab: L1 and L2 pull weights toward zero, on a map of two and in a model that tells 3 from 8."""

from functools import cache
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import digits
from cnnlab.figures.penalty import PLACES, ThreeOrEightPicture, TwoWeightsPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.pointing import Pointing
from cnnlab.labs.settings import Settings, between, brief, number, one_of, setting, whole, words
from cnnlab.traces.bowls import L1, L2, PENALTIES, Penalty
from cnnlab.traces.penalty import FARTHEST, SHOWN_STEP, STRENGTHS, Penalized, ThreeOrEight, TwoWeights

CONTROLS = ("view", "penalty", "lam", "panel")
VIEWS = ("two weights", "3 or 8")
LEARNED_FROM = 80
"""Digits to learn from, hardly more than there are weights; all others are held out."""
Picture = TwoWeightsPicture | ThreeOrEightPicture


def pair(name: str, value: Any) -> tuple[float, float]:
    """Two numbers."""
    if not isinstance(value, list | tuple | np.ndarray) or np.shape(value) != (2,):
        raise ValueError(f"{name} must be two numbers such as (2, 1), but is {brief(value)}")
    return number(f"{name}[0]", value[0]), number(f"{name}[1]", value[1])


class PenaltyLab(Pointing[Picture, Penalized]):
    """The weights for which loss + penalty is smallest, as the strength of the penalty moves.

    Settings (all are arguments and traits; a control exists for the first three):

    - ``view``: "two weights", a map of a loss with the path of its minimum; or "3 or 8", a linear model that learns
      from 80 of scikit-learn's digits, its 64 weights as a map.
    - ``penalty``: "L2", lam times the sum of w**2; "L1", lam times the sum of |w|; or "both" of them.
    - ``lam``: how strongly it counts, from 0 to 100.
    - ``minimum``: of two weights, where the loss alone is smallest; it is dragged on the map.
    - ``row``, ``col``: the pixel whose weight is looked at.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "penalty lam".

    ``lab.trace`` is the :class:`~cnnlab.traces.penalty.Penalized`: its weights, its slopes, how many are exactly 0.
    """

    view = setting("two weights", one_of(*VIEWS))
    penalty = setting(L1, one_of(*PENALTIES))
    lam = setting(1.0, between(0, STRENGTHS[-1]), view=True)
    minimum = setting((2.0, 1.0), pair)
    row = setting(3, whole(0, 7), view=True)
    col = setting(4, whole(0, 7), view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Penalized
    current: Picture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> Picture:
        if s.view == VIEWS[0]:
            return TwoWeightsPicture(TwoWeights(s.minimum, s.penalty))
        return _reader_picture(s.penalty)

    def look(self, model: Picture, s: Settings) -> Penalized:
        lam = self._hovered[1] if self._points_at("lam") else s.lam
        return model.model.at(Penalty(s.penalty, lam))

    def draw(self, model: Picture, trace: Penalized, s: Settings, frame: int) -> str:
        return model.draw(trace, self._pixel(s), frame)

    def _pixel(self, s: Settings) -> tuple[int, int]:
        """The pixel pointed at, or else the one that the settings say."""
        row, col = self._hovered[1] if self._points_at("pixel") else (s.row, s.col)
        return row, col

    def _points_at(self, kind: str) -> bool:
        return self._hovered is not None and self._hovered[0] == kind

    def numbers(self, trace: Penalized, s: Settings) -> str:
        return "\n".join([trace.total(), *trace.balances(self._pixel(s)), trace.says()])

    def status(self, trace: Penalized, s: Settings) -> str:
        return " ".join([*(f"{line}." for line in trace.balances(self._pixel(s))), trace.says()])

    def hint(self, trace: Penalized, s: Settings) -> str:
        if s.view == VIEWS[0]:
            return (
                "Move lam, or drag the cross: there the loss alone is smallest. The gray region costs no more than w."
            )
        return "Move lam. Point at a weight to see its two slopes, or at a plot to look at another lam."

    # ---- what a person does ------------------------------------------------------------------------------------------

    def pointed(self, event: Event) -> None:
        kind, grid = event["kind"], event.get("grid")
        if kind == "leave":
            self.point_at(None)
        elif kind in ("paint", "pin") and grid == "map":
            at_row, at_col = (event["row"], event["col"]) if kind == "pin" else event["cells"][-1]
            self.minimum = place_of(at_row, at_col)
        elif kind in ("hover", "pin") and grid == "weight":
            self._point("pixel", (min(event["row"], 7), min(event["col"], 7)), kind == "pin")
        elif kind in ("hover", "pin"):
            lam = round(event["col"] * SHOWN_STEP, 6) if grid == "lam" else STRENGTHS[event["col"] % len(STRENGTHS)]
            self._point("lam", lam, kind == "pin")

    def _point(self, kind: str, place: Any, stay: bool) -> None:
        if not stay:
            self.point_at((kind, place))
        elif kind == "lam":
            self.stay_at(lam=place)
        else:
            self.stay_at(row=place[0], col=place[1])

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the slopes of the loss and of the penalty at the weights that are shown."""
        s, lam = self.drawn, self.trace.penalty.lam  # the one that is pointed at
        two = s.view == VIEWS[0]
        a, b = (f"({name} - {literal(v)})" for name, v in zip(("w[0]", "w[1]"), s.minimum, strict=True))
        score = [
            "# the 80 digits that it learns from; the best bias for these weights",
            "error = torch.tensor(pixels) @ w + torch.tensor(bias) - torch.tensor(target)",
        ]
        costs = {L1: "w.abs().sum()", L2: "(w**2).sum()"}
        cost = costs.get(s.penalty, f"({' + '.join(costs.values())})")
        decay = (
            []
            if s.penalty == L1
            else [f"# an optimizer with weight_decay={literal(2 * lam)} adds as much to the gradient: 2 * lam * w"]
        )
        return "\n".join(
            [
                "import torch",
                "",
                "w = torch.tensor(weights, requires_grad=True)  # as they are shown",
                *([] if two else score),
                f"loss = {a}**2 + {a} * {b} + {b}**2" if two else "loss = (error**2).sum()",
                f"penalty = {literal(lam)} * {cost}",
                *decay,
                "of_loss, = torch.autograd.grad(loss, w)",
                "of_penalty, = torch.autograd.grad(penalty, w)",
                "y = torch.stack([of_loss, of_penalty])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare both slopes of every weight with those of PyTorch's autograd: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        model = self.trace.model
        given: dict[str, Any] = {"weights": self.trace.weights}
        if isinstance(model, ThreeOrEight):
            given |= {"pixels": model.pixels, "target": model.targets, "bias": float(model.bias(self.trace.weights))}
        y = run_torch_code(self.torch_code(), **given)
        return float(np.abs(np.stack([self.trace.loss_slopes, self.trace.penalty_slopes]) - y).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        dropdown = widgets.Dropdown
        kinds = [("L2: Σw²", "L2"), ("L1: Σ|w|", "L1"), ("both", "both")]
        lam = widgets.SelectionSlider(options=[(f"{v:g}", v) for v in STRENGTHS], description="lam", **sized(420))
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(140))
        self.boxes: dict[str, widgets.Widget] = {
            "view": self.control("view", dropdown(options=VIEWS, description="model", **sized(180))),
            "penalty": self.control("penalty", dropdown(options=kinds, description="penalty", **sized(170))),
            "lam": self.control("lam", lam),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        controls = row(*self.boxes.values(), reset_button(self))
        return [controls, self.note, self.stage, self.plain_picture, self.panels.box]

    def after_frame(self, trace: Penalized, s: Settings) -> None:
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


def place_of(at_row: int, at_col: int) -> tuple[float, float]:
    """The two numbers of a place on the map."""
    step = 2 * FARTHEST / (PLACES - 1)
    places = min(at_col, PLACES - 1), PLACES - 1 - min(at_row, PLACES - 1)
    return round(places[0] * step - FARTHEST, 6), round(places[1] * step - FARTHEST, 6)


@cache
def _reader_picture(kind: str) -> ThreeOrEightPicture:
    return ThreeOrEightPicture(_reader(), kind)


@cache
def _reader() -> ThreeOrEight:
    """Scikit-learn's 3s and 8s from 0 to 1, most of them held out."""
    images, labels = digits()
    chosen = np.flatnonzero((labels == 3) | (labels == 8))
    learned, held_out = np.split(np.random.default_rng(0).permutation(chosen), [LEARNED_FROM])
    return ThreeOrEight(images[learned] / 16, labels[learned], images[held_out] / 16, labels[held_out])
