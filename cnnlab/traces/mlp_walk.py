"""A walk through the network of two layers: quantity by quantity forward, then backward; what each one uses."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.equation import Equation
from cnnlab.traces.graph_walk import changed
from cnnlab.traces.mlp import BACKWARD, FORWARD, PARAMETERS, TwoLayerMLP
from cnnlab.traces.mlp_entries import arising, entry, update
from cnnlab.traces.text import number

Mask = NDArray[np.bool_]

GIVEN = ("x", "W1", "b1", "W2", "b2", "y")

SENTENCES = {
    "z1": "Forward: each hidden unit multiplies its row of W1 with the inputs, adds up, and adds its bias.",
    "a1": "Forward: ReLU lets a positive number pass and makes a negative one 0.",
    "z2": "Forward: the output unit does the same with its row of W2 and what the hidden units say.",
    "a2": "Forward: sigmoid squeezes any number into 0 to 1. This is the prediction.",
    "losses": "Forward: how wrong the prediction of each sample is, in one number.",
    "loss": "Forward: how wrong the prediction is, in one number. All gradients below are slopes of this number.",
    "dW2": "Backward: the slope of a weight is what came back at its output times what went into it.",
    "db2": "Backward: a bias is added with the weight 1, so its slope is what came back.",
    "delta1": "Backward: each hidden unit gets back its weight times what came back, and nothing where ReLU was off.",
    "dW1": "Backward: the same rule as for W2: what came back times what went in.",
    "db1": "Backward: the same rule as for b2.",
}
SEVERAL = {
    "loss": "Forward: the mean over the samples, in one number. It is the loss that an update makes smaller.",
    "dW2": "Backward: what came back at its output times what went into it; the mean over the samples.",
    "db2": "Backward: a bias is added with the weight 1, so its slope is what came back; the mean over the samples.",
}
"""What is said instead where there are several samples: each delta belongs to one of them."""
DELTA2 = {
    "bce": "Backward: a2·(1 − a2) stands below the line first, then sigmoid's slope cancels it: a2 − y is left.",
    "half_squared_error": "Backward: sigmoid's slope a2·(1 − a2) stays; where a2 is near 0 or 1, little comes back.",
}


@dataclass(frozen=True, eq=False)
class MLPWalk:
    """The stops of a network: its quantities in the order in which they are computed."""

    mlp: TwoLayerMLP

    @cached_property
    def names(self) -> tuple[str, ...]:
        """With a single sample its loss is the loss."""
        return tuple(n for n in FORWARD + BACKWARD if n != "losses" or self.mlp.samples > 1)

    def at(self, index: int, row: int = 0, col: int = 0) -> "Entry":
        """An entry of the quantity of this index; a place beyond its end is its last one."""
        name = self.names[index]
        rows, cols = getattr(self.mlp, name).shape
        return Entry(self, index, name, min(row, rows - 1), min(col, cols - 1))

    def known(self, index: int) -> tuple[str, ...]:
        """The quantities that are computed before this stop."""
        return self.names[:index]


@dataclass(frozen=True, eq=False)
class Entry:
    """One entry of one quantity."""

    walk: MLPWalk
    index: int
    name: str
    row: int
    col: int

    @property
    def mlp(self) -> TwoLayerMLP:
        return self.walk.mlp

    @cached_property
    def equation(self) -> Equation:
        return entry(self.mlp, self.name, self.row, self.col)

    @property
    def value(self) -> float:
        return float(getattr(self.mlp, self.name)[self.row, self.col])

    def lines(self, asking: bool = False) -> tuple[str, ...]:
        """The equation of the whole array, then of the entry; how delta2 arises; `asking` leaves the result out."""
        whole, one = self.mlp.quantity(self.name), self.equation
        shown = f"{one.name} = {one.symbols} = ?" if asking else str(one)
        head = f"{whole.name} = {whole.symbols}"
        if self.name != "delta2" or asking:
            return (shown,) if head in shown else (head, shown)
        try:
            return *(str(part) for part in arising(self.mlp, self.row, self.col)), str(one)
        except ValueError:  # a2 is rounded to 0 or 1: the quotient cannot be shown
            return head, shown

    def says(self, asking: bool = False) -> str:
        """One sentence about it."""
        if asking:
            return f"What is {self.equation.name}?"
        several = self.mlp.samples > 1
        if self.name == "delta2":
            return DELTA2[self.mlp.loss_name] + (" Each column is for its own sample." if several else "")
        return SEVERAL.get(self.name, SENTENCES[self.name]) if several else SENTENCES[self.name]

    def used(self) -> dict[str, Mask]:
        """The entries that this one is computed from, a mask for each quantity."""
        row, col, mlp = self.row, self.col, self.mlp
        samples = slice(None)
        places: dict[str, list[tuple[str, object, object]]] = {
            "z1": [("W1", row, samples), ("x", samples, col), ("b1", row, 0)],
            "a1": [("z1", row, col)],
            "z2": [("W2", row, samples), ("a1", samples, col), ("b2", row, 0)],
            "a2": [("z2", row, col)],
            "losses": [("a2", samples, col), ("y", samples, col)],
            "loss": [("losses", 0, samples)] if mlp.samples > 1 else [("a2", samples, 0), ("y", samples, 0)],
            "delta2": [("a2", row, col), ("y", row, col)],
            "dW2": [("delta2", row, samples), ("a1", col, samples)],
            "db2": [("delta2", row, samples)],
            "delta1": [("W2", samples, row), ("delta2", samples, col), ("z1", row, col)],
            "dW1": [("delta1", row, samples), ("x", col, samples)],
            "db1": [("delta1", row, samples)],
        }
        masks = {}
        for name, i, j in places[self.name]:
            mask = np.zeros(getattr(mlp, name).shape, bool)
            mask[i, j] = True  # type: ignore[index]
            masks[name] = mask
        return masks

    def judge(self, answer: float) -> tuple[bool, str]:
        """Whether `answer` is this entry, to half a percent, and what to say about it."""
        if np.isclose(answer, self.value, rtol=0.005, atol=1e-6):
            return True, f"Right: {self.equation.name} {self.equation.sign} {self.equation.result_text}."
        for sentence, value in self._slips():
            if np.isclose(answer, value, rtol=0.005, atol=1e-6):
                return False, f"{number(answer)} is not it. {sentence}"
        return False, f"{number(answer)} is not it: put the numbers into {self.equation.symbols}."

    def _slips(self) -> list[tuple[str, float]]:
        """What well-known slips would give here."""
        m, i, j = self.mlp, self.row, self.col
        slips = [("The size is right, the sign is not.", -self.value)]
        if self.name == "delta1":
            slips.append(("ReLU was off here: nothing comes back.", float(m.W2[:, i] @ m.delta2[:, j])))
        if self.name == "delta2":
            a, y = float(m.a2[i, j]), float(m.y[i, j])
            other = (a - y) * a * (1 - a) if m.loss_name == "bce" else a - y
            slips.append(("That is the gradient of the other loss.", other))
        if self.name == "z1":
            slips.append(("The bias is missing.", self.value - float(m.b1[i, 0])))
        if self.name == "z2":
            slips.append(("The bias is missing.", self.value - float(m.b2[i, 0])))
        return slips


def updated(mlp: TwoLayerMLP, lr: float) -> tuple[TwoLayerMLP, str]:
    """The network after one step of gradient descent, and a sentence about its loss."""
    after = mlp.step(lr)
    row, col = np.unravel_index(np.abs(mlp.dW2).argmax(), mlp.dW2.shape)
    one = update(mlp, "W2", lr, int(row), int(col))
    count = sum(getattr(mlp, name).size for name in PARAMETERS)
    said = changed("The loss", float(mlp.loss[0, 0]), float(after.loss[0, 0]))
    return after, f"{one.name} = {one.numbers} {one.sign} {one.result_text}, and so for all {count} parameters. {said}"
