"""An activation function at one place: what goes in, what comes out, and how much of a gradient passes back.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 6.3.1 and 6.3.2; leaky ReLU: Maas, Hannun, Ng,
Rectifier nonlinearities improve neural network acoustic models (2013), section 2.
"""

from dataclasses import dataclass
from math import atanh, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import number

Array = NDArray[np.float64]

LABELS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU"}
"""What the course calls the functions that PyTorch names so."""
SYMBOLS = {"sigmoid": "1 / (1 + exp(−x))", "tanh": "tanh(x)", "relu": "max(0, x)", "leaky_relu": "x, or a·x below 0"}
LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, inf), "leaky_relu": (-inf, inf)}
"""What the outputs lie between."""

SATURATED = 0.05
"""A slope below this hardly lets a gradient pass: the function is called saturated there."""
REACH = 6.0
"""Inputs are looked at from -6 to 6."""


@dataclass(frozen=True)
class Activation:
    """One of the four functions: ``name`` is PyTorch's; ``negative_slope`` is used by "leaky_relu" alone."""

    name: str
    negative_slope: float = 0.1

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def has_kink(self) -> bool:
        """Whether it is two straight lines that meet at 0."""
        return self.name in ("relu", "leaky_relu")

    def __call__(self, x: ArrayLike) -> Array:
        """The outputs for inputs of any shape."""
        if self.name == "leaky_relu":
            return ops.leaky_relu(x, self.negative_slope).astype(np.float64)
        forward = {"sigmoid": ops.sigmoid, "tanh": ops.tanh, "relu": ops.relu}[self.name]
        return forward(x).astype(np.float64)

    def backward(self, grad_output: ArrayLike, x: ArrayLike) -> Array:
        """The gradient of the inputs, given that of the outputs."""
        if self.name == "leaky_relu":
            return ops.leaky_relu_backward(grad_output, x, self.negative_slope).astype(np.float64)
        backward = {"sigmoid": ops.sigmoid_backward, "tanh": ops.tanh_backward, "relu": ops.relu_backward}[self.name]
        return backward(grad_output, x).astype(np.float64)

    def slope(self, x: ArrayLike) -> Array:
        """The derivative at inputs of any shape; at a kink it is that of the left side, as in PyTorch."""
        return self.backward(np.ones(np.shape(x)), x)

    def at(self, value: float) -> "Activated":
        """The function at one place."""
        return Activated(self, value, float(self(value)), float(self.slope(value)))

    def curve(self) -> tuple[Array, Array]:
        """Points of the function from -6 to 6, close enough for a smooth line."""
        x = np.array([-REACH, 0, REACH]) if self.has_kink else np.linspace(-REACH, REACH, 121)
        return x, self(x)

    def slope_curve(self) -> tuple[Array, Array]:
        """Points of the derivative; where it jumps, the line is interrupted by a point that is no number."""
        if not self.has_kink:
            x = np.linspace(-REACH, REACH, 121)
            return x, self.slope(x)
        left = float(self.slope(-1.0))
        return np.array([-REACH, 0, np.nan, 0, REACH]), np.array([left, left, np.nan, 1, 1])

    def saturated(self) -> tuple[tuple[float, float], ...]:
        """Where the slope is below 0.05, from -6 to 6."""
        if self.has_kink:
            return ((-REACH, 0.0),) if float(self.slope(-1.0)) < SATURATED else ()
        if self.name == "tanh":
            edge = atanh(sqrt(1 - SATURATED))  # where 1 - t^2 is 0.05
        else:
            s = (1 + sqrt(1 - 4 * SATURATED)) / 2  # where s (1 - s) is 0.05
            edge = log(s / (1 - s))
        return (-REACH, -edge), (edge, REACH)


@dataclass(frozen=True)
class Activated:
    """An activation function at one input: its ``output`` and its ``slope``, the derivative there."""

    activation: Activation
    input: float
    output: float
    slope: float

    @property
    def is_saturated(self) -> bool:
        return self.slope < SATURATED

    def output_equation(self) -> Equation:
        """How the output is computed."""
        x, a = self.input, self.activation.negative_slope
        symbols, template, numbers = {
            "sigmoid": ("1 / (1 + exp(−x))", "1 / (1 + exp({:n}))", [0.0 - x]),
            "tanh": ("tanh(x)", "tanh({:n})", [x]),
            "relu": ("max(0, x)", "max(0, {:n})", [x]),
            "leaky_relu": ("x", "{}", [x]) if x > 0 else ("a·x", "{}·{}", [a, x]),
        }[self.activation.name]
        return equation("output", symbols, template, numbers, self.output)

    def slope_equation(self) -> Equation:
        """How the slope is computed from the output, or from the side of 0."""
        y, right = self.output, self.input > 0
        if self.activation.name == "sigmoid":
            return equation("slope", "output·(1 − output)", "{0:n}·(1 − {0})", [y], self.slope)
        if self.activation.name == "tanh":
            return equation("slope", "1 − output²", "1 − {}²", [y], self.slope)
        symbols = "a" if self.activation.name == "leaky_relu" and not right else number(self.slope)
        return equation("slope", symbols, "{}", [self.slope], self.slope)

    def says(self) -> str:
        """What the slope does to a gradient that comes back."""
        passes = f"of a gradient that comes back, {percent(self.slope)} passes"
        if self.slope == 0:
            return "The function is flat here: nothing of a gradient that comes back passes."
        if self.is_saturated:
            return f"Saturated, as the slope is below {number(SATURATED)}: {passes}."
        return "All of a gradient that comes back passes." if self.slope == 1 else f"O{passes[1:]}."

    def as_text(self) -> str:
        """The numbers as plain text."""
        lines = (f"{self.activation.label} at x = {number(self.input)}", self.output_equation(), self.slope_equation())
        return "\n".join([*map(str, lines), self.says()])


def percent(share: float) -> str:
    """0.149 as 14.9%."""
    return f"{number(100 * share)}%"
