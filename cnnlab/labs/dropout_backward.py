"""The dropout backward lab: a gradient takes the way of its number, through the same mask and the same factor."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from cnnlab.figures.dropout_backward import DropoutBackwardPicture
from cnnlab.labs.base import Event
from cnnlab.labs.controls import sized, tick
from cnnlab.labs.row_backward import RowBackward, row_of
from cnnlab.labs.settings import Settings, between, flag, setting, whole, words
from cnnlab.traces.arrays import Array
from cnnlab.traces.dropout import dropout_layer
from cnnlab.traces.dropout_backward import DropoutGradients, dropout_gradients

CONTROLS = ("x", "grad_output", "p", "seed", "inverted", "training", "check", "panel")
DRAWN = "drawn"


class DropoutBackwardLab(RowBackward[DropoutGradients]):
    """The way back through dropout: dy times the mask and the scale of the way forward.

    Settings (all are arguments and traits; a control exists for each, save for ``at`` and ``mask``, which are chosen in
    the picture):

    - ``x``: 1 to 10 numbers: the name of a row, numbers as text, or an array (n,).
    - ``grad_output``: dy: "the first alone", "ones", "numbers", numbers as text, or an array (n,); of more numbers than
      x has the first are used, missing ones are 0.
    - ``p``: the probability that a number is dropped.
    - ``seed``: what the mask is drawn from; another seed draws another mask.
    - ``mask``: "drawn", or zeros and ones as text or an array; missing ones are 1. A click on an entry flips it.
    - ``inverted``: scale by 1 / (1 − p) in training, as PyTorch does; else by 1 − p in eval mode, as in the paper.
    - ``training``: with the mask; else the eval mode, in which nothing is dropped.
    - ``at``: the number that is written out.
    - ``check``: compare with central differences.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "p training".

    ``lab.trace`` is the :class:`~cnnlab.traces.dropout_backward.DropoutGradients`.
    """

    x = setting("eight")
    grad_output = setting("numbers")
    p = setting(0.5, between(0, 1))
    seed = setting(0, whole(0, 9999))
    mask = setting(DRAWN)
    inverted = setting(True, flag)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: DropoutGradients

    def model(self, s: Settings) -> DropoutGradients:
        x, dy = self.values(s)
        drawn = isinstance(s.mask, str) and s.mask == DRAWN
        how: dict[str, Any] = {"rng": np.random.default_rng(s.seed)} if drawn else {"mask": _mask(s.mask, len(x))}
        return dropout_gradients(dropout_layer(x, s.p, s.training, inverted=s.inverted, **how), dy)

    def picture(self, gradients: DropoutGradients) -> DropoutBackwardPicture:
        return DropoutBackwardPicture(gradients)

    def draw(self, model: DropoutGradients, trace: DropoutGradients, s: Settings, frame: int) -> str:
        return self.rows_drawn(trace, s, frame)

    def hint(self, trace: DropoutGradients, s: Settings) -> str:
        return "Click an entry of the mask to flip it, a number of x or dy to change it. Point at dx to look at one."

    def on_change(self, name: str) -> None:
        super().on_change(name)
        if name == "seed":
            self.mask = DRAWN

    def pointed(self, event: Event) -> None:
        if event["kind"] == "paint" and event.get("grid") == "mask":
            self._flip([col for _, col in event["cells"]])
        else:
            super().pointed(event)

    def _flip(self, places: list[int]) -> None:
        mask = np.array(self.trace.forward.mask)
        for i in places:
            if i < len(mask):
                mask[i] = 1 - mask[i]
                self.stay_at(mask=mask.copy(), at=i)

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code that lets autograd compute dx."""
        s, f = self.drawn, self.trace.forward
        out = "F.dropout(x, p, training=False)" if s.inverted else "x * (1 - p)"
        if s.training:
            scale = " / (1 - p)" if s.inverted and f.scale_train else ""  # with p = 1 nothing is left to scale
            out = f"x * torch.tensor(mask){scale}  # F.dropout would draw a mask of its own"
        return "\n".join(
            [
                "import torch",
                *(["import torch.nn.functional as F"] if "F.dropout(" in out else []),
                "",
                "x = torch.tensor(numbers).requires_grad_()",
                *([f"p = {float(s.p)}"] if s.inverted or not s.training else []),
                f"out = {out}",
                "out.backward(torch.tensor(dy))",
                "y = torch.stack([out, x.grad])[None]  # y and dx",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare y and dx with what PyTorch computes."""
        from cnnlab.training.parity import run_torch_code

        trace, f = self.trace, self.trace.forward
        mask = np.zeros(len(f.x)) if f.inverted and f.p == 1 else f.mask
        y = run_torch_code(self.torch_code(), numbers=f.x, mask=mask, dy=trace.grad_y)
        return float(np.abs(y - [f.y, trace.grad_x]).max())

    def build(self) -> list[widgets.Widget]:
        probability = widgets.FloatSlider(min=0, max=1, step=0.05, description="p", **sized(190))
        seed = widgets.BoundedIntText(min=0, max=9999, description="seed of the mask", **sized(170))
        return self.rows(
            {
                "p": self.control("p", probability),
                "seed": self.control("seed", seed),
                "inverted": tick(self, "inverted", "inverted", 80),
            }
        )


def _mask(value: Any, count: int) -> Array:
    mask = np.ones(count)
    given = row_of("mask", value, [DRAWN])[:count]
    mask[: len(given)] = given
    return mask
