"""Softmax of one sample, step by step: logits, temperature, shift, exponentials, sum, probabilities, Jacobian.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; temperature: Hinton, Vinyals, Dean,
Distilling the knowledge in a neural network (2015), arXiv:1503.02531, section 2.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops.softmax import log_softmax, softmax, softmax_backward
from cnnlab.traces.arrays import as_vector, bounded, finite_number, read_only, within
from cnnlab.traces.equation import SHOWN, Equation, Parts, equation, products, terms, total

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
