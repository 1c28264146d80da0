"""The loss of one prediction, and of all others on the same axis: what it costs, and how it pulls.

A prediction is a number (regression), a probability, or a logit that a sigmoid turns into a probability; on each of
these axes a few losses compete. The target of a probability or a logit is 0 or 1; the hinge loss calls them −1 and 1.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2, on the gradient that a sigmoid swallows;
hinge: Cortes and Vapnik, Support-vector networks (1995), Machine Learning 20.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import number, small

Array = NDArray[np.float64]
Op = Callable[..., ArrayLike]

LABELS = {"squared": "squared", "absolute": "absolute", "bce": "BCE", "hinge": "hinge"}
"""What a loss is called; for one number, MSE is the squared and MAE the absolute error."""
ON_AXIS = {"number": ("squared", "absolute"), "probability": ("bce", "squared"), "logit": ("bce", "squared", "hinge")}
"""The losses that compete on an axis."""
RANGES = {"number": (-4.0, 4.0), "probability": (0.01, 0.99), "logit": (-6.0, 6.0)}
"""The predictions that are looked at."""
START = {"number": 2.5, "probability": 0.01, "logit": -4.0}
"""A prediction that is worth looking at first."""
SYMBOLS = {"number": "y_hat", "probability": "p", "logit": "z"}
SURE = 0.9
"""A probability from here on, or below one minus this, is called sure."""


@dataclass(frozen=True)
class LossCurve:
    """A loss over all predictions of an ``axis``, one of `ON_AXIS`, for one ``target``."""

    axis: str
    loss: str
    target: float

    @property
    def label(self) -> str:
        return LABELS[self.loss]

    @property
    def sign(self) -> float:
        """The target as the hinge loss has it: −1 or 1."""
        return 2 * self.target - 1

    def __call__(self, x: ArrayLike) -> Array:
        """The losses of predictions of any shape."""
        given = np.asarray(x, np.float64)
        if self.loss == "hinge":
            return _each(ops.hinge_loss, given, self.sign)
        if self.loss == "bce" and self.axis == "logit":
            return _each(ops.binary_cross_entropy_with_logits, given, self.target)
        of: Op = {"bce": ops.binary_cross_entropy, "squared": ops.mse_loss, "absolute": ops.l1_loss}[self.loss]
        return _each(of, _sigmoid(given) if self.axis == "logit" else given, self.target)

    def slope(self, x: ArrayLike) -> Array:
        """The derivatives; at a corner 0, as in PyTorch."""
        given = np.asarray(x, np.float64)
        if self.loss == "hinge":
            return _slopes(ops.hinge_loss_backward, given, self.sign)
        if self.loss == "bce" and self.axis == "logit":
            return _slopes(ops.binary_cross_entropy_with_logits_backward, given, self.target)
        if self.axis == "logit":
            back = _slopes(ops.mse_loss_backward, _sigmoid(given), self.target)
            return np.asarray(ops.sigmoid_backward(back, given), np.float64)
        backward = {
            "bce": ops.binary_cross_entropy_backward,
            "squared": ops.mse_loss_backward,
            "absolute": ops.l1_loss_backward,
        }
        return _slopes(backward[self.loss], given, self.target)

    def at(self, value: float) -> "Judged":
        """The loss of one prediction."""
        return Judged(self, value, float(self(value)), float(self.slope(value)))

    def corner(self) -> float | None:
        """Where the slope jumps, if it does."""
        return {"absolute": self.target, "hinge": self.sign}.get(self.loss)


@dataclass(frozen=True)
class Judged:
    """One prediction, its ``loss``, and the ``slope`` of the loss there: the gradient that it sends back."""

    curve: LossCurve
    prediction: float
    loss: float
    slope: float

    @property
    def p(self) -> float:
        """The probability of class 1 that a logit or a probability stands for."""
        return float(ops.sigmoid(self.prediction)) if self.curve.axis == "logit" else self.prediction

    @property
    def margin(self) -> float:
        """t·z: above 0 on the right side, from 1 on far enough."""
        return self.curve.sign * self.prediction

    def equations(self) -> list[Equation]:
        """What comes before the loss, the loss, and its slope, with their numbers."""
        loss = self.curve.loss
        if loss == "hinge":
            t, z = self.curve.sign, self.prediction
            return [
                equation("margin", "t·z", "{:n}·{}", [t, z], self.margin),
                equation("loss", "max(0, 1 − t·z)", "max(0, 1 − {})", [self.margin], self.loss),
                equation("slope", "−t" if self.margin < 1 else "0", "{}", [self.slope], self.slope),
            ]
        lines = _cross_entropy(self) if loss == "bce" else _error(self)
        if self.curve.axis != "logit":
            return lines
        return [equation("p", "sigmoid(z)", "sigmoid({:n})", [self.prediction], self.p), *lines]

    def says(self) -> str:
        """What is to be noticed about this prediction."""
        return {"number": _about_number, "probability": _about_probability, "logit": _about_logit}[self.curve.axis](
            self
        )

    def as_text(self) -> str:
        """The numbers as plain text."""
        symbol, y = SYMBOLS[self.curve.axis], self.curve.target
        head = f"{self.curve.label} of {symbol} = {number(self.prediction)}, target {number(y)}"
        return "\n".join([head, *map(str, self.equations()), self.says()])


def carried(value: float, before: str, now: str) -> float:
    """A prediction on another axis: a logit and a probability become each other, with a number one starts anew."""
    if (before, now) == ("logit", "probability"):
        value = round(1 / (1 + exp(-value)), 2)
    elif (before, now) == ("probability", "logit"):
        value = round(log(value / (1 - value)), 1)
    else:
        return START[now]
    low, high = RANGES[now]
    return min(max(value, low), high)


def _sigmoid(x: Array) -> Array:
    return np.asarray(ops.sigmoid(x), np.float64)


def _each(loss: Op, x: Array, target: float) -> Array:
    return np.asarray(loss(x, np.full(x.shape, target), reduction="none"), np.float64)


def _slopes(backward: Op, x: Array, target: float) -> Array:
    return np.asarray(backward(1.0, x, np.full(x.shape, target), reduction="sum"), np.float64)


# ---- the formulas ----------------------------------------------------------------------------------------------------


def _error(at: Judged) -> list[Equation]:
    """Squared or absolute error; behind a sigmoid its slope has the sigmoid's slope as a factor."""
    name = "y_hat" if at.curve.axis == "number" else "p"
    p, y = at.p if name == "p" else at.prediction, at.curve.target
    if at.curve.loss == "absolute":
        return [
            equation("loss", f"|{name} − y|", "|{:n} − {}|", [p, y], at.loss),
            equation("slope", f"sign({name} − y)", "sign({:n} − {})", [p, y], at.slope),
        ]
    loss = equation("loss", f"({name} − y)²", "({:n} − {})²", [p, y], at.loss)
    symbols, template = f"2·({name} − y)", "2·({0:n} − {1})"
    if at.curve.axis == "logit":
        symbols, template = f"{symbols}·p·(1 − p)", f"{template}·{{0}}·(1 − {{0}})"
    return [loss, equation("slope", symbols, template, [p, y], at.slope)]


def _cross_entropy(at: Judged) -> list[Equation]:
    """The logarithm of what was said of the truth; of the two terms the other one is 0."""
    p, y = at.p, at.curve.target
    inside, template = ("p", "{:n}") if y == 1 else ("1 − p", "1 − {}")
    loss = equation("loss", f"−log({inside})", f"−log({template})", [p], at.loss)
    if at.curve.axis == "logit":
        return [loss, equation("slope", "p − y", "{:n} − {}", [p, y], at.slope)]
    slope, over = ("−1 / p", "−1 / {}") if y == 1 else ("1 / (1 − p)", "1 / (1 − {})")
    return [loss, equation("slope", slope, over, [p], at.slope)]


# ---- the sentences ---------------------------------------------------------------------------------------------------


def _about_number(at: Judged) -> str:
    error = abs(at.prediction - at.curve.target)
    if error == 0:
        return "Exact: the loss is 0, and nothing pulls."
    if at.curve.loss == "absolute":
        return "However far the prediction is off, the pull is the same: 1."
    return f"An error of {number(error)}: twice the error would cost four times as much, and pull twice as hard."


def _about_probability(at: Judged) -> str:
    said = at.p if at.curve.target == 1 else 1 - at.p
    if at.curve.loss == "squared":
        return "Squared error never costs more than 1, and never pulls harder than 2, however wrong one is."
    if said < 1 - SURE:
        return f"What is true was given {number(said)}: the nearer that is to 0, the more it costs, without a limit."
    return f"What is true was given {number(said)}: BCE is minus its logarithm."


def _about_logit(at: Judged) -> str:
    if at.curve.loss == "hinge":
        if at.margin >= 1:
            return "Right by a margin of 1 or more: it costs nothing, and nothing pulls."
        side = "Right, but by less than 1" if at.margin > 0 else "Wrong" if at.margin < 0 else "Undecided"
        return f"{side}: every step of 1 towards t costs 1 less, until t·z is 1."
    said = at.p if at.curve.target == 1 else 1 - at.p
    wrong = 1 - said
    if said > SURE:
        return "Right and sure: little to pay, and little that pulls."
    if at.curve.loss == "bce":
        sure = "Sure, and wrong: it pulls with nearly all its force" if wrong > SURE else "It pulls by how wrong p is"
        return f"{sure}: |p − y| = {small(abs(at.slope))}."
    if wrong > SURE:
        flat = small(at.p * (1 - at.p))
        return f"Sure, and wrong, and hardly a pull: the sigmoid is flat here, its slope p·(1 − p) is {flat}."
    return f"The error is multiplied by the sigmoid's slope, p·(1 − p) = {number(at.p * (1 - at.p))}."
