"""Softmax of one sample, step by step: logits, temperature, shift, exponentials, sum, probabilities, Jacobian.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; temperature: Hinton, Vinyals, Dean,
Distilling the knowledge in a neural network (2015), arXiv:1503.02531, section 2.
"""

import sys
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops.softmax import log_softmax, softmax, softmax_backward
from cnnlab.traces.arrays import as_vector, bounded, finite_number, read_only, within
from cnnlab.traces.equation import SHOWN, Equation, Parts, equation, products, terms, total
from cnnlab.traces.text import number

Array = NDArray[np.float64]

QUANTITIES = ("scaled", "shifted", "exps", "total", "probabilities", "log_probabilities", "entropy")


@dataclass(frozen=True, eq=False)
class Softmax:
    """The probabilities of C classes with all that leads to them; arrays are (C,), float64 and read-only.

    `scaled` are the logits over the temperature, `shifted` those less the largest (which changes no quotient and keeps
    exp from overflowing), `exps` their exponentials with the sum `total`.
    """

    logits: Array
    temperature: float
    scaled: Array
    shifted: Array
    exps: Array
    total: float
    probabilities: Array
    log_probabilities: Array

    @property
    def classes(self) -> int:
        return len(self.logits)

    @property
    def largest(self) -> float:
        """The largest of the scaled logits."""
        return float(self.scaled.max())

    @property
    def winner(self) -> int:
        """The class with the largest logit; the first one of several."""
        return int(self.logits.argmax())

    @cached_property
    def entropy(self) -> float:
        """How undecided the probabilities are: 0 where one has all, log(C) where all are equal."""
        p, seen = self.probabilities, self.probabilities > 0
        return float(0.0 - (p[seen] * self.log_probabilities[seen]).sum())

    def equation(self, name: str, index: int = 0) -> Equation:
        """One of `QUANTITIES` with its numbers; `index` says which class.

        Raises:
            ValueError: there is no such quantity or class.
        """
        if name not in QUANTITIES:
            raise ValueError(f"name must be one of {', '.join(QUANTITIES)}, but is {name!r}")
        i = within("index", index, self.classes)
        if name == "total":
            return equation("total", "sum of exps", *total(self.exps), self.total)
        if name == "entropy":
            pairs = zip(self.probabilities.tolist(), self.log_probabilities.tolist(), strict=True)
            each: list[Parts] = [
                ("{}·log({:n})", [p, p]) if p >= SHOWN else ("{}·{}", [p, log_p]) for p, log_p in pairs if p > 0
            ]
            template, numbers = terms(each)
            return equation("entropy", "−(sum of p·log(p))", f"−({template})", numbers, self.entropy)
        symbols, template, numbers = {
            "scaled": (f"logits[{i}] / T", "{:n} / {}", [self.logits[i], self.temperature]),
            "shifted": (f"scaled[{i}] − largest", "{:n} − {}", [self.scaled[i], self.largest]),
            "exps": (f"exp(shifted[{i}])", "exp({:n})", [self.shifted[i]]),
            "probabilities": (f"exps[{i}] / total", "{:n} / {}", [self.exps[i], self.total]),
            "log_probabilities": (f"shifted[{i}] − log(total)", "{:n} − log({:n})", [self.shifted[i], self.total]),
        }[name]
        return equation(f"{name}[{i}]", symbols, template, numbers, getattr(self, name)[i])

    # ---- backward --------------------------------------------------------------------------------------------------

    @cached_property
    def jacobian(self) -> Array:
        """(C, C): entry i, j is ∂p[i] / ∂logits[j] = p[i]·((1 if i = j else 0) − p[j]) / T."""
        p = self.probabilities
        return read_only((np.diag(p) - np.outer(p, p)) / self.temperature)

    def jacobian_equation(self, row: int, col: int) -> Equation:
        """How much probability `row` changes with logit `col`."""
        i, j = within("row", row, self.classes), within("col", col, self.classes)
        p, over = self.probabilities, "" if self.temperature == 1 else " / {}"
        symbols = f"p[{i}]·(1 − p[{i}])" if i == j else f"−p[{i}]·p[{j}]"
        template = "{:n}·(1 − {})" if i == j else "−{}·{}"
        numbers = [p[i], p[j]] if self.temperature == 1 else [p[i], p[j], self.temperature]
        symbols += over.replace("{}", "T")
        return equation(f"∂p[{i}]/∂logits[{j}]", symbols, template + over, numbers, self.jacobian[i, j])

    def backward(self, grad_p: ArrayLike) -> Array:
        """The gradient of the logits, given that of the probabilities."""
        grad = as_vector("grad_p", grad_p, self.classes)
        return bounded("grad_logits", softmax_backward(grad, self.scaled, -1) / self.temperature)

    def backward_equation(self, grad_p: ArrayLike, index: int) -> Equation:
        """The gradient of one logit: what every probability sends back, weighted by the Jacobian."""
        j, grad = within("index", index, self.classes), as_vector("grad_p", grad_p, self.classes)
        symbols = f"sum over i of grad_p[i]·∂p[i]/∂logits[{j}]"
        return equation(f"grad_logits[{j}]", symbols, *products(grad, self.jacobian[:, j]), self.backward(grad)[j])

    # ---- with the right answer -------------------------------------------------------------------------------------

    def loss_equation(self, target: int) -> Equation:
        """The cross-entropy where class `target` is the right one."""
        t = within("target", target, self.classes)
        p, log_p = float(self.probabilities[t]), float(self.log_probabilities[t])
        line = ("−log({:n})", [p]) if p >= SHOWN else ("−({:n})", [log_p])
        return equation("loss", f"−log(p[{t}])", *line, 0.0 - log_p)

    def loss_gradient(self, target: int) -> Array:
        """(C,): the gradient of the logits under that loss, (p − y) / T; y is 1 for the right class, else 0."""
        y = np.arange(self.classes) == within("target", target, self.classes)
        return read_only((self.probabilities - y) / self.temperature)

    def loss_gradient_equation(self, target: int, index: int) -> Equation:
        """The gradient of one logit."""
        i, plain = within("index", index, self.classes), self.temperature == 1
        numbers = [self.probabilities[i], float(i == target), *([] if plain else [self.temperature])]
        symbols, template = f"p[{i}] − y[{i}]", "{:n} − {}"
        if not plain:
            symbols, template = f"({symbols}) / T", f"({template}) / {{}}"
        return equation(f"grad[{i}]", symbols, template, numbers, self.loss_gradient(target)[i])

    def says(self) -> str:
        """What the temperature does, or how far the first is ahead of the second."""
        best, second = (int(i) for i in np.argsort(-self.logits, kind="stable")[:2])
        share = _percent(self.probabilities[best])
        if np.abs(self.scaled).max() > np.log(sys.float_info.max):
            largest = number(np.abs(self.scaled).max())
            return f"exp({largest}) alone is beyond what a computer holds: that is why the largest is subtracted first."
        if self.temperature != 1:
            plain = _percent(softmax_of(self.logits).probabilities[best])
            does = "sharpens" if self.temperature < 1 else "flattens"
            return f"T = {number(self.temperature)} {does}: class {best} gets {share}; with T = 1 it would get {plain}."
        ahead = float(self.logits[best] - self.logits[second])
        if ahead == 0:
            return f"Classes {best} and {second} have the same logit, so they get the same: {share}."
        times = f"exp({number(ahead)}) ≈ {number(np.exp(min(ahead, 700.0)))} times as much"
        return f"Class {best} is {number(ahead)} ahead of class {second}, so it gets {times}."


def _percent(share: float) -> str:
    """0.644 as 64.4%; what is not all is never shown as all."""
    return "over 99.9%" if 0.9995 <= share < 1 else f"{number(100 * share)}%"


def softmax_of(logits: ArrayLike, temperature: float = 1.0) -> Softmax:
    """Turn the logits of one sample into probabilities, and keep every number on the way.

    Args:
        logits: (C,).
        temperature: above 1 the probabilities come closer together, towards 0 the largest takes all.

    Raises:
        ValueError: logits that are no list of finite numbers; a temperature below 0.001.
    """
    given, t = as_vector("logits", logits), finite_number("temperature", temperature, minimum=1e-3)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # said by bounded, in words
        scaled = bounded("scaled", given / t)
        shifted = bounded("shifted", scaled - scaled.max())
        exps = bounded("exps", np.exp(shifted))
    p, log_p = bounded("probabilities", softmax(scaled, -1)), bounded("log_probabilities", log_softmax(scaled, -1))
    return Softmax(given, t, scaled, shifted, exps, float(exps.sum()), p, log_p)
