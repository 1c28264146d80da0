"""One unit under gradient descent: y = f(w x + b) on a few inputs, and whether it is still alive.

    loss = mean of (y - t)^2 / 2        w <- w - learning_rate * dloss/dw        b likewise

A ReLU whose sums are all negative has the gradient 0: no step moves it any more. Source: Maas, Hannun, Ng, Rectifier
nonlinearities improve neural network acoustic models (2013), section 2.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.activations import Activation
from cnnlab.traces.arrays import read_only
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import MINUS, number, plural

Array = NDArray[np.float64]

INPUTS = read_only([0.5, 1.0, 1.5, 2.0, 2.5])
TARGETS = read_only([0.4, 1.1, 1.3, 1.7, 2.2])
"""What the unit is to learn: about 0.8 x + 0.1, which a ReLU can do."""
STEPS = 60
START = (3.0, 0.5)


@dataclass(frozen=True, eq=False)
class Descent:
    """A unit that starts at ``w``, ``b`` and makes `STEPS` steps."""

    activation: Activation
    learning_rate: float
    w: float
    b: float

    @cached_property
    def path(self) -> tuple["UnitStep", ...]:
        """The unit before the first step, and after each."""
        steps = [UnitStep(self, 0, self.w, self.b)]
        for i in range(STEPS):
            last, rate = steps[-1], self.learning_rate
            steps.append(UnitStep(self, i + 1, last.w - rate * last.grad_w, last.b - rate * last.grad_b))
        return tuple(steps)

    @cached_property
    def losses(self) -> Array:
        """(STEPS + 1,)."""
        return read_only([step.loss for step in self.path])


@dataclass(frozen=True, eq=False)
class UnitStep:
    """The unit after so many steps."""

    descent: Descent
    index: int
    w: float
    b: float

    @cached_property
    def sums(self) -> Array:
        return read_only(self.w * INPUTS + self.b)

    @cached_property
    def outputs(self) -> Array:
        return read_only(self.descent.activation(self.sums))

    @cached_property
    def loss(self) -> float:
        return float(((self.outputs - TARGETS) ** 2).mean() / 2)

    @cached_property
    def _grad_sums(self) -> Array:
        """What comes back to each sum."""
        return self.descent.activation.backward((self.outputs - TARGETS) / len(INPUTS), self.sums)

    @cached_property
    def grad_w(self) -> float:
        return float(self._grad_sums @ INPUTS)

    @cached_property
    def grad_b(self) -> float:
        return float(self._grad_sums.sum())

    @property
    def active(self) -> int:
        """For how many inputs the sum is positive."""
        return int((self.sums > 0).sum())

    @property
    def is_dead(self) -> bool:
        """Whether no gradient is left although the unit is wrong."""
        return self.grad_w == self.grad_b == 0 and self.loss > 0

    def formula(self) -> str:
        """The unit as it is now."""
        sign = MINUS if self.b < 0 else "+"
        return f"y = {self.descent.activation.label}({number(self.w)}·x {sign} {number(abs(self.b))})"

    def equation(self, name: str) -> Equation:
        """The next step of ``name``, "w" or "b"."""
        value, gradient = getattr(self, name), getattr(self, f"grad_{name}")
        numbers = [value, self.descent.learning_rate, gradient]
        after = value - self.descent.learning_rate * gradient
        return equation(f"new {name}", f"{name} − rate·gradient", "{:n} − {}·{}", numbers, after)

    def says(self) -> str:
        """How the unit is."""
        if self.is_dead:
            return f"All sums are negative, so the gradient is 0. It is dead. The loss stays at {number(self.loss)}."
        if not self.active:
            back = "No sum is positive, but a small gradient passes: it can come back."
            return f"{back} The loss is {number(self.loss)}."
        count = f"{self.active} of {len(INPUTS)} sums {'is' if self.active == 1 else 'are'} positive"
        return f"{count}: a gradient comes back from there. The loss is {number(self.loss)}."

    def as_text(self) -> str:
        """The numbers as plain text."""
        lines = (f"after {plural(self.index, 'step')}: {self.formula()}", self.says())
        return "\n".join([*lines, str(self.equation("w")), str(self.equation("b"))])
