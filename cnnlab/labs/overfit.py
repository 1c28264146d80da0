"""The over-fitting lab: a network learns a few digits by heart, beside it the same one with a cure."""

from functools import cache
from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.data import digits
from cnnlab.figures.overfit import OverfitPicture
from cnnlab.labs.background import Background
from cnnlab.labs.controls import reset_button, row, show_only, sized
from cnnlab.labs.numbers import literal
from cnnlab.labs.panels import CodePanel, Panels
from cnnlab.labs.settings import Settings, between, index, one_of, setting, whole, words
from cnnlab.traces.overfit import (
    BATCH,
    CLASSES,
    FEWEST,
    LR,
    MOST,
    MOST_EPOCHS,
    MOST_UNITS,
    Comparison,
    Moment,
    Plan,
    Split,
)

CONTROLS = ("examples", "hidden", "wrong", "dropout", "l1", "l2", "patience", "epochs", "seed", "panel")
PENALTIES = (0, 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03)
WATCHED = 400
"""Digits whose loss is watched; those that are left over are the test."""


class OverfitLab(Background[OverfitPicture, Moment]):
    """A network of one hidden layer that learns from few digits, with cures against over-fitting and without.

    Start trains in the background, an epoch at a time; Stop keeps what was reached. A network without any cure learns
    from the same numbers, in gray. The same settings give the same numbers each time.

    Settings (all are arguments and traits; a control exists for each, save for ``step``):

    - ``examples``: digits to learn from, 40 to 1000; the network without a cure has at most 100 of them.
    - ``hidden``: units of the hidden layer, 1 to 512.
    - ``wrong``: the share of labels that are wrong on purpose, 0 to 0.5.
    - ``dropout``: the share of hidden units that is dropped. ``l1``, ``l2``: lam of the penalties on the weights.
    - ``patience``: early stopping after so many epochs without a smaller held-out loss; 0 is never.
    - ``epochs``: how often every example is learned from; ``seed``: what everything random is drawn from.
    - ``step``: how many epochs it is trained: ``OverfitLab(step=100)`` is trained at once.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "dropout l2".

    ``lab.trace`` is the :class:`~cnnlab.traces.overfit.Moment`: ``lab.trace.run`` and, without cures, ``.plain``.
    """

    examples = setting(100, whole(FEWEST, MOST))
    hidden = setting(128, whole(1, MOST_UNITS))
    wrong = setting(0.1, between(0, 0.5))
    dropout = setting(0.0, between(0, 0.95))
    l1 = setting(0.0, between(0, 1))
    l2 = setting(0.0, between(0, 1))
    patience = setting(0, whole(0, MOST_EPOCHS))
    epochs = setting(100, whole(1, MOST_EPOCHS))
    seed = setting(0, index)
    step = setting(0, index, view=True)
    panel = setting("", one_of("", "code"), view=True, recipe=False)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Moment
    current: OverfitPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def made_for(self, s: Settings) -> tuple[Any, ...]:
        return s.examples, s.hidden, s.wrong, s.dropout, s.l1, s.l2, s.patience, s.epochs, s.seed

    def make(self, *made_for: Any) -> OverfitPicture:
        return OverfitPicture(Comparison(_split(), Plan(*made_for)))

    def steps(self, model: OverfitPicture) -> int:
        return model.comparison.plan.epochs + 1

    def look(self, model: OverfitPicture, s: Settings) -> Moment:
        return model.comparison.at(self.position(s))

    def draw(self, model: OverfitPicture, trace: Moment, s: Settings, frame: int) -> str:
        return model.draw(trace, frame)

    def numbers(self, trace: Moment, s: Settings) -> str:
        return trace.as_text()

    def status(self, trace: Moment, s: Settings) -> str:
        return trace.says()

    def hint(self, trace: Moment, s: Settings) -> str:
        if self.running:
            return "It trains in the background: other cells and labs can be used meanwhile."
        return "Press Start to train. Point at a curve to look at an earlier epoch, click to go back to it."

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the training up to the epoch that is shown."""
        s, p = self.drawn, self.drawn.dropout
        dropped = f"hidden * (torch.tensor(rng.random(hidden.shape)) >= {literal(p)}) / (1 - {literal(p)})"
        costs = ((s.l1, "abs()"), (s.l2, "square()"))
        penalties = [
            f"        loss = loss + {literal(lam)} * (first.weight.{cost}.sum() + second.weight.{cost}.sum())"
            for lam, cost in costs
            if lam
        ]
        return "\n".join(
            [
                *(["import numpy as np"] if s.dropout else []),
                "import torch",
                "from torch import nn",
                "",
                "x, target, order = torch.tensor(images), torch.tensor(labels), torch.tensor(order)",
                f"first, second = nn.Linear(64, {s.hidden}).double(), nn.Linear({s.hidden}, {CLASSES}).double()",
                "parameters = [*first.parameters(), *second.parameters()]",
                "for parameter, start in zip(parameters, (w1, b1, w2, b2)):  # the same random numbers to begin with",
                "    parameter.data = torch.tensor(start)",
                f"optimizer = torch.optim.Adam(parameters, lr={LR:g})",
                *([f"rng = np.random.default_rng([{s.seed}, 1])  # the same masks"] if s.dropout else []),
                "def loss_now():",
                "    return nn.functional.cross_entropy(second(torch.relu(first(x))), target).detach()",
                "losses = [loss_now()]",
                "for epoch in order:",
                f"    for batch in epoch.split({BATCH}):",
                "        hidden = torch.relu(first(x[batch]))",
                *([f"        hidden = {dropped}"] if s.dropout else []),
                "        loss = nn.functional.cross_entropy(second(hidden), target[batch])",
                *penalties,
                "        optimizer.zero_grad()",
                "        loss.backward()",
                "        optimizer.step()",
                "    losses.append(loss_now())",
                "y = torch.stack(losses)[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the loss of what is learned from, after every epoch so far, with that of PyTorch."""
        from cnnlab.training.parity import run_torch_code

        standing = self.trace.run
        run = standing.run
        start: dict[str, Any] = dict(zip(("w1", "b1", "w2", "b2"), run.start, strict=True))
        data: dict[str, Any] = {"images": run.images, "labels": run.labels, "order": run.order[: standing.epoch]}
        y = run_torch_code(self.torch_code(), **data, **start)
        return float(np.abs(y - standing.curve("learned_loss")).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        slider, dropdown, choice = widgets.FloatSlider, widgets.Dropdown, widgets.SelectionSlider
        panels = dropdown(options=[("nothing", ""), ("code", "code")], description="open", **sized(130))
        lams = [(f"{lam:g}", float(lam)) for lam in PENALTIES]
        shares = [(f"{share:.0%}", share) for share in (0.0, 0.05, 0.1, 0.2, 0.3)]
        amounts = [(str(n), n) for n in (40, 100, 200, 400, 1000)]
        units = [(str(n), n) for n in (16, 64, 128, 256, 512)]
        lengths = [(str(n), n) for n in (50, 100, 200, 300)]
        waits = [("never", 0), *((f"after {n}", n) for n in (5, 10, 20, 50))]
        self.boxes: dict[str, widgets.Widget] = {
            "examples": self.control("examples", dropdown(options=amounts, description="examples", **sized(140))),
            "hidden": self.control("hidden", dropdown(options=units, description="hidden units", **sized(150))),
            "wrong": self.control("wrong", dropdown(options=shares, description="wrong labels", **sized(155))),
            "dropout": self.control("dropout", slider(max=0.9, step=0.05, description="dropout", **sized(240))),
            "l1": self.control("l1", choice(options=lams, description="L1", **sized(190))),
            "l2": self.control("l2", choice(options=lams, description="L2", **sized(190))),
            "patience": self.control("patience", dropdown(options=waits, description="stop early", **sized(160))),
            "epochs": self.control("epochs", dropdown(options=lengths, description="epochs", **sized(120))),
            "seed": self.control("seed", widgets.BoundedIntText(max=999, description="seed", **sized(100))),
            "panel": self.control("panel", panels),
        }
        self.panels = Panels({"code": CodePanel(self, self.torch_code, self.check_with_torch)})
        top, below = row(*self.boxes.values(), reset_button(self)), self.training_controls()
        return [top, self.note, self.stage, self.plain_picture, below, self.panels.box]

    def after_frame(self, trace: Moment, s: Settings) -> None:
        super().after_frame(trace, s)
        show_only(self.boxes, s.controls)
        self.panels.follow(s.panel)


@cache
def _split() -> Split:
    """Scikit-learn's digits from 0 to 1: to learn from, to be watched, and for a last test."""
    images, labels = digits()
    learned, watched, test = np.split(np.random.default_rng(0).permutation(len(images)), [MOST, MOST + WATCHED])
    pixels = images.reshape(len(images), -1) / 16
    return Split(pixels[learned], labels[learned], pixels[watched], labels[watched], pixels[test], labels[test])
