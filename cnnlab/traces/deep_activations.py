"""Many layers with the same activation: what arrives at each of them, and how much of the gradient comes back.

Each layer is a = f(W a_before) with W drawn from a normal distribution of standard deviation gain / sqrt(WIDTH); biases
are 0. Backward, gradient_before = W^T (gradient * f'(z)), so that every layer multiplies by its slopes once more.

Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), section 4;
the gain sqrt(2) for ReLU: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), arXiv:1502.01852, section 2.2.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.activations import SATURATED, Activation, percent
from cnnlab.traces.arrays import read_only
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import number, small

Array = NDArray[np.float64]

WIDTH, SAMPLES, MOST_LAYERS = 64, 32, 20
BINS = 24
VANISHED, EXPLODED = 1e-3, 1e3
"""A gradient that is so much smaller or larger at the input than at the output is called so."""
RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (-1.0, 4.0), "leaky_relu": (-1.0, 4.0)}
"""The outputs that a histogram tells apart; what lies outside counts for its first or last bin."""


@lru_cache(maxsize=4)
def drawn(seed: int) -> tuple[Array, Array, Array]:
    """Inputs (SAMPLES, WIDTH), weights (MOST_LAYERS, WIDTH, WIDTH) for the gain 1, and the last layer's gradient."""
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((SAMPLES, WIDTH))
    weights = rng.standard_normal((MOST_LAYERS, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    gradient = rng.standard_normal((SAMPLES, WIDTH))
    return read_only(inputs), read_only(weights), read_only(gradient / np.linalg.norm(gradient))


@dataclass(frozen=True, eq=False)
class DeepStack:
    """So many layers with one activation; everything follows from these settings."""

    activation: Activation
    layers: int
    gain: float
    seed: int = 0

    @property
    def weights(self) -> Array:
        """(layers, WIDTH, WIDTH)."""
        return drawn(self.seed)[1][: self.layers] * self.gain

    @cached_property
    def sums(self) -> tuple[Array, ...]:
        """What goes into each activation, (SAMPLES, WIDTH) a layer."""
        return self._forward[0]

    @cached_property
    def outputs(self) -> tuple[Array, ...]:
        """The inputs, then what comes out of each layer."""
        return self._forward[1]

    @cached_property
    def _forward(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        sums, outputs = [], [drawn(self.seed)[0]]
        for weight in self.weights:
            sums.append(outputs[-1] @ weight.T)
            outputs.append(self.activation(sums[-1]))
        return tuple(sums), tuple(outputs)

    @cached_property
    def norms(self) -> Array:
        """(layers + 1,): the norm of the gradient of the inputs, then of each layer's outputs; the last one is 1."""
        gradient, norms = drawn(self.seed)[2], [1.0]
        for weight, z in zip(self.weights[::-1], self.sums[::-1], strict=True):
            gradient = self.activation.backward(gradient, z) @ weight
            norms.append(float(np.linalg.norm(gradient)))
        return read_only(norms[::-1])

    @property
    def factor(self) -> float:
        """By what a layer multiplies the gradient on its way back, on average (the geometric mean)."""
        return float(self.norms[0] ** (1 / self.layers))

    @cached_property
    def histograms(self) -> Array:
        """(layers, BINS): the share of each layer's outputs in each bin of `RANGES`."""
        low, high = RANGES[self.activation.name]
        outputs = np.stack(self.outputs[1:]).reshape(self.layers, -1)
        bins = np.clip((outputs - low) * (BINS / (high - low)), 0, BINS - 1).astype(int)
        first = BINS * np.arange(self.layers)[:, None]
        counts = np.bincount((bins + first).ravel(), minlength=self.layers * BINS)
        return counts.reshape(self.layers, BINS) / outputs.shape[1]

    def at(self, layer: int) -> "DeepLook":
        """One layer; 0 are the inputs."""
        return DeepLook(self, layer)

    def says(self) -> str:
        """What becomes of the gradient."""
        first, name = float(self.norms[0]), self.activation.label
        told = f"{name}: of a gradient of 1 at the output, {short(first)} arrives at the input"
        if first < VANISHED:
            return f"{told}, about × {short(self.factor)} a layer: it vanishes."
        return f"{told}, about × {short(self.factor)} a layer{': it explodes' if first > EXPLODED else ''}."


@dataclass(frozen=True, eq=False)
class DeepLook:
    """One layer of a stack, from 1; 0 are the inputs."""

    stack: DeepStack
    layer: int

    def equation(self) -> Equation | None:
        """The gradient before this layer, from the one behind it; the inputs have no layer."""
        if not self.layer:
            return None
        before, behind = (float(v) for v in self.stack.norms[self.layer - 1 : self.layer + 1])
        name, symbols = f"gradient[{self.layer - 1}]", f"factor·gradient[{self.layer}]"
        return equation(name, symbols, "{:n}·{}", [before / behind if behind else 0.0, behind], before)

    def says(self) -> str:
        """What comes out of the layer, and how many of its units are saturated."""
        a = self.stack.outputs[self.layer]
        spread = f"mean {short(a.mean())}, standard deviation {short(a.std())}"
        if not self.layer:
            return f"inputs: {spread}"
        slopes = self.stack.activation.slope(self.stack.sums[self.layer - 1])
        flat = float((slopes < SATURATED).mean())
        return (
            f"layer {self.layer}: outputs with {spread}; slopes with mean {short(slopes.mean())}, {percent(flat)} flat"
        )

    def as_text(self) -> str:
        """The numbers as plain text."""
        norms = "  ".join(short(v) for v in self.stack.norms)
        lines = [self.says(), *([str(found)] if (found := self.equation()) else [])]
        return "\n".join([*lines, f"gradient from the input to the output: {norms}", self.stack.says()])


def short(value: float) -> str:
    """A number of any size in a few characters."""
    return number(float(value)) if abs(value) >= 0.001 else small(float(value))
