"""The MLP lab: a network of two layers, every number forward and every gradient backward."""

from typing import Any, cast

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from cnnlab.figures.mlp import MLPPicture
from cnnlab.labs.base import Event
from cnnlab.labs.chain_rule import ChainRule
from cnnlab.labs.controls import sized
from cnnlab.labs.numbers import literal, parse_grid, parse_number
from cnnlab.labs.settings import Settings, brief, index, number, one_of, setting, words
from cnnlab.traces.edits import with_cells
from cnnlab.traces.mlp import LOSSES, PARAMETERS, two_layer_mlp
from cnnlab.traces.mlp_walk import GIVEN, Entry, MLPWalk, updated

CONTROLS = ("loss", "learning_rate", "panel")
CALLED = {"binary cross-entropy": "bce", "half squared error": "half_squared_error"}


def grid(name: str, value: Any) -> ArrayLike:
    """The check of a matrix: rows of numbers as text, or an array."""
    if isinstance(value, str):
        return parse_grid(value, name)
    try:
        numbers = np.asarray(value)
    except ValueError:  # ragged: the network says where
        return cast(ArrayLike, value)
    if numbers.ndim == 0 or numbers.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be rows of numbers, such as '1 2; 3 4', but is {brief(value)}")
    return numbers


class MLPLab(ChainRule[MLPPicture, Entry]):
    """A network of two layers: ReLU in the hidden one, sigmoid at the output, and all gradients of its loss.

    Settings (all are arguments and traits; a control exists for each):

    - ``x``, ``y``: inputs and targets, a column for each sample; ``W1``, ``b1``, ``W2``, ``b2``: the parameters. Rows
      of numbers as text ("1 -1; 0.5 2") or arrays; in the picture, click a number.
    - ``loss``: "bce" (binary cross-entropy) or "half_squared_error".
    - ``step``: how far the walk has come: quantity by quantity forward, then backward. ``row``, ``col``: the entry of
      the quantity that is written out; click another one.
    - ``walk``: show only what is known by then. ``predict``: ask for each entry before its quantity is shown.
    - ``learning_rate``: how far one update goes.
    - ``panel``: "code" opens the same in PyTorch.
    - ``controls``: "all", or the names of the settings whose controls are shown, such as "loss".

    ``lab.trace`` is the :class:`~cnnlab.traces.mlp_walk.Entry` that is shown, ``lab.trace.mlp`` the network.
    """

    play_ms = 2000  # each stop is an equation to read
    elsewhere = "see how it is computed"

    loss = setting("bce", one_of(*LOSSES))
    x = setting("1; 2", grid)
    y = setting("1", grid)
    W1 = setting("1 -1; 0.5 1; -1 1", grid)
    b1 = setting("0; -0.5; 0.5", grid)
    W2 = setting("1 0.5 -1", grid)
    b2 = setting("0.25", grid)
    row = setting(0, index, view=True)
    col = setting(0, index, view=True)
    learning_rate = setting(0.5, number)
    controls = setting("all", words(*CONTROLS), view=True)

    trace: Entry
    current: MLPPicture

    # ---- from settings to the picture --------------------------------------------------------------------------------

    def model(self, s: Settings) -> MLPPicture:
        return MLPPicture(MLPWalk(two_layer_mlp(s.x, s.y, s.W1, s.b1, s.W2, s.b2, loss=s.loss)))

    def steps(self, model: MLPPicture) -> int:
        return len(model.walk.names)

    def look(self, model: MLPPicture, s: Settings) -> Entry:
        return model.walk.at(self.position(model, s), s.row, s.col)

    def draw(self, model: MLPPicture, trace: Entry, s: Settings, frame: int) -> str:
        return model.draw(trace, s.walk or s.predict, self.is_asking(trace, s), frame)

    def numbers(self, trace: Entry, s: Settings) -> str:
        asking = self.is_asking(trace, s)
        if s.walk or s.predict:  # the rest is still to come
            return "\n".join(trace.lines(asking))
        arrays = (f"{name} = {literal(np.round(getattr(trace.mlp, name), 6))}" for name in (*GIVEN, *trace.walk.names))
        return "\n".join([*trace.lines(), *arrays])

    # ---- what a person does ------------------------------------------------------------------------------------------

    def question(self, trace: Entry) -> str:
        return trace.name  # one right entry shows the whole quantity

    def pointed(self, event: Event) -> None:
        name = event.get("grid")
        if event["kind"] == "choose" and name in self.current.walk.names:
            self.stay_at(step=self.current.walk.names.index(name), row=event["row"], col=event["col"])
        elif event["kind"] == "edit" and name in GIVEN:
            values, cells = getattr(self.trace.mlp, name), [(r, c) for r, c in event["cells"]]
            if all(r < values.shape[0] and c < values.shape[1] for r, c in cells):
                value = parse_number(event["text"], f"{name}[{cells[0][0]}, {cells[0][1]}]")
                setattr(self, name, with_cells(values, (), cells, value))

    def update(self) -> None:
        """One step of gradient descent: every parameter less learning rate times its gradient."""
        after, sentence = updated(self.trace.mlp, self.checked().learning_rate)
        with self.hold():
            for name in PARAMETERS:
                setattr(self, name, np.array(getattr(after, name)))
        if not self.error:
            self.feedback(sentence, "right")

    # ---- the same in PyTorch -----------------------------------------------------------------------------------------

    def torch_code(self) -> str:
        """PyTorch code for the same network; autograd gives the gradients."""
        mlp = self.trace.mlp
        losses = {
            "bce": "F.binary_cross_entropy_with_logits(z2, y, reduction='none')",
            "half_squared_error": "(torch.sigmoid(z2) - y) ** 2 / 2",
        }
        numbers = [f"{n} = torch.tensor({literal(getattr(mlp, n).tolist())}, dtype=torch.float64)" for n in GIVEN]
        return "\n".join(
            [
                "import torch",
                "import torch.nn.functional as F",
                "",
                *numbers,
                "parameters = [p.requires_grad_() for p in (W1, b1, W2, b2)]",
                "z1 = W1 @ x + b1",
                "z2 = W2 @ torch.relu(z1) + b2",
                f"loss = {losses[mlp.loss_name]}",
                "loss = loss.sum(dim=0).mean()  # over the outputs, then over the samples",
                "loss.backward()",
                "y = torch.cat([loss.detach()[None], *(p.grad.flatten() for p in parameters)])[None]",
            ]
        )

    def check_with_torch(self) -> float:
        """Compare the loss and the gradients of all parameters with PyTorch's: the largest absolute difference."""
        from cnnlab.training.parity import run_torch_code

        ours = [self.trace.mlp.loss, *(getattr(self.trace.mlp, f"d{name}") for name in PARAMETERS)]
        return float(np.abs(run_torch_code(self.torch_code()) - np.concatenate([a.ravel() for a in ours])).max())

    # ---- controls ----------------------------------------------------------------------------------------------------

    def build(self) -> list[widgets.Widget]:
        losses = widgets.Dropdown(options=[*CALLED.items()], description="loss", **sized(220))
        return self.column({"loss": self.control("loss", losses)}, "parameter", panel=140)
