"""Many dense layers at the start of a training: what arrives at each of them, and the gradient that comes back.

A layer of 64 units without biases computes

    a = f(W a_before),  with batch norm a = f(BN(W a_before)),  with a residual connection a = a_before + f(...)

Backward every layer multiplies by its slopes and by W, so that of a gradient that does not depend on W a layer of n
units without batch norm and residual connection leaves, in the mean square, the part

    factor**2 = n * Var[w] * mean of f'(z)**2

Sources: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), section
4.2.1; He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), arXiv:1502.01852, section 2.2; residual connections:
the same, Deep residual learning (2015), arXiv:1512.03385; batch norm: Ioffe and Szegedy (2015), arXiv:1502.03167; that
its gradients grow at the start: Yang, Pennington, Rao, Sohl-Dickstein, Schoenholz, A mean field theory of batch
normalization (2019), arXiv:1902.08129.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.ops import init as starts
from cnnlab.ops.batch_norm import batch_norm, batch_norm_backward
from cnnlab.ops.linear import linear, linear_backward
from cnnlab.traces.activations import LABELS, SATURATED, Activation
from cnnlab.traces.arrays import read_only

Array = NDArray[np.float64]
FloatArray = NDArray[np.floating[Any]]

WIDTH, MOST_LAYERS = 64, 50
"""Units of a layer, as many as a digit has pixels; and layers of a network."""
SLOPE = 0.01
"""Of leaky ReLU, as in PyTorch."""
EPS = 1e-5
ACTIVATIONS = {**LABELS, "none": "linear"}
INITS = {
    "zeros": "zeros",
    "small": "std 0.01",
    "normal": "std 1",
    "xavier": "Xavier",
    "he": "He",
    "torch": "PyTorch",
}
"""How weights can start, and what the course calls it."""
VARIANCES = {
    "zeros": 0.0,
    "small": 1e-4,
    "normal": 1.0,
    "xavier": 1 / WIDTH,
    "he": 2 / WIDTH,
    "torch": 1 / (3 * WIDTH),
}
"""Var[w] of each start. PyTorch's is uniform between -1/sqrt(n) and 1/sqrt(n), whose variance is a third of 1/n."""


@dataclass(frozen=True)
class Design:
    """What a network is made of; every layer is the same."""

    activation: str
    init: str
    batch_norm: bool = False
    residual: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """Its name in pieces: activation, start, and what else there is."""
        more = (("batch norm", self.batch_norm), ("residual", self.residual))
        return (ACTIVATIONS[self.activation], INITS[self.init], *(word for word, there in more if there))

    @property
    def label(self) -> str:
        return ", ".join(self.parts)

    @property
    def spec(self) -> str:
        """In the words that `designs` reads."""
        more = (("batch_norm", self.batch_norm), ("residual", self.residual))
        return " ".join([self.activation, self.init, *(word for word, there in more if there)])

    def activate(self, z: Array) -> Array:
        """f(z)."""
        return z if self.activation == "none" else Activation(self.activation, SLOPE)(z)

    def activate_backward(self, gradient: FloatArray, z: Array) -> Array:
        """The gradient of z, given that of f(z)."""
        if self.activation == "none":
            return gradient.astype(np.float64, copy=False)
        return Activation(self.activation, SLOPE).backward(gradient, z)


def designs(name: str, text: str, most: int) -> tuple[Design, ...]:
    """Networks as text, such as "sigmoid xavier; relu he batch_norm residual", at most so many.

    Raises:
        ValueError: a word that is not known, or an activation or a start that is missing; ``name`` is the argument's.
    """
    lines = [line.split() for line in text.split(";") if line.strip()]
    if len(lines) > most:
        raise ValueError(f"{name} takes at most {most} networks, but has {len(lines)}: leave one out")
    return tuple(_design(name, line) for line in lines)


def _design(name: str, words: list[str]) -> Design:
    more = ("batch_norm", "residual")
    unknown = [word for word in words if word not in (*ACTIVATIONS, *INITS, *more)]
    if unknown:
        known = ", ".join((*ACTIVATIONS, *INITS, *more))
        raise ValueError(f"{name} knows the words {known}, but not {unknown[0]!r}")
    kinds = [[word for word in words if word in kind] for kind in (ACTIVATIONS, INITS)]
    if [len(found) for found in kinds] != [1, 1]:
        said = " ".join(words)
        raise ValueError(f"{name} needs one activation and one start a network, such as 'relu he', but has {said!r}")
    return Design(kinds[0][0], kinds[1][0], *(word in words for word in more))


@dataclass(frozen=True, eq=False)
class Batch:
    """What goes in: (examples, WIDTH), with mean 0 and standard deviation 1 over all of it."""

    inputs: Array

    @classmethod
    def of(cls, images: NDArray[np.uint8]) -> "Batch":
        """Images of 64 pixels, standardized together."""
        pixels = images.reshape(len(images), WIDTH).astype(np.float64)
        return cls(read_only((pixels - pixels.mean()) / pixels.std()))


@lru_cache(maxsize=len(INITS) * MOST_LAYERS)
def _weights(init: str, seed: int, i: int) -> Array:
    """The weights of layer i as they start, (WIDTH, WIDTH)."""
    shape, rng = (WIDTH, WIDTH), np.random.default_rng((seed, i))
    if init == "xavier":
        return read_only(starts.xavier_normal(shape, rng=rng))
    if init == "he":
        return read_only(starts.kaiming_normal(shape, rng=rng, nonlinearity="relu"))
    if init == "torch":
        return read_only(starts.kaiming_uniform(shape, rng=rng, a=sqrt(5)))
    return read_only(rng.normal(0, sqrt(VARIANCES[init]), shape))


class _Layers:
    """The forward pass of a network, as deep as it was asked for so far."""

    def __init__(self, batch: Batch, design: Design, seed: int) -> None:
        self.design, self.seed = design, seed
        self.weights: list[Array] = []
        self.sums: list[Array] = []  # W a_before
        self.before: list[Array] = []  # what goes into f: the sums, or the sums after batch norm
        self.outputs: list[Array] = [batch.inputs]
        self.spreads = [float(batch.inputs.std())]
        self._squares: dict[int, float] = {}

    def grow(self, depth: int) -> None:
        for i in range(len(self.weights), depth):
            self.weights.append(_weights(self.design.init, self.seed, i))
            h: Array = linear(self.outputs[-1], self.weights[-1]).astype(np.float64, copy=False)
            z = h
            if self.design.batch_norm:
                z = batch_norm(h, None, None, training=True, eps=EPS).astype(np.float64, copy=False)
            a = self.design.activate(z)
            self.sums.append(h)
            self.before.append(z)
            self.outputs.append(self.outputs[-1] + a if self.design.residual else a)
            self.spreads.append(float(self.outputs[-1].std()))

    def slopes(self, layer: int) -> Array:
        """f'(z) of a layer, from 1, for every example and unit."""
        z = self.before[layer - 1]
        return self.design.activate_backward(np.ones_like(z), z)

    def squared_slope(self, layer: int) -> float:
        """The mean of f'(z)**2 over a layer."""
        if layer not in self._squares:
            self._squares[layer] = float(np.square(self.slopes(layer)).mean())
        return self._squares[layer]


_layers = lru_cache(maxsize=4)(_Layers)  # of 5 MB each


@lru_cache(maxsize=4)
def last_gradient(seed: int, examples: int) -> Array:
    """What comes back from the loss to the last layer: random, with norm 1; (examples, WIDTH)."""
    gradient = np.random.default_rng((seed, MOST_LAYERS)).standard_normal((examples, WIDTH))
    return read_only(gradient / np.linalg.norm(gradient))


@dataclass(frozen=True, eq=False)
class Flow:
    """One network of so many layers, once forward and once back; everything follows from these settings."""

    batch: Batch
    design: Design
    depth: int
    seed: int = 0

    @property
    def weights(self) -> Array:
        """(depth, WIDTH, WIDTH)."""
        return np.stack(self._passed.weights[: self.depth])

    @property
    def outputs(self) -> list[Array]:
        """The inputs, then what comes out of each layer; each (examples, WIDTH)."""
        return self._passed.outputs[: self.depth + 1]

    @property
    def _passed(self) -> _Layers:
        """Kept for a few networks only: a flow that is looked at again later passes forward once more."""
        layers = _layers(self.batch, self.design, self.seed)
        layers.grow(self.depth)
        return layers

    @property
    def spreads(self) -> Array:
        """(depth + 1,): the standard deviation of the inputs, then of each layer's outputs."""
        return read_only(self._passed.spreads[: self.depth + 1])

    @property
    def output_gradients(self) -> Array:
        """(depth + 1,): the norm of the gradient of the inputs, then of each layer's outputs; the last one is 1."""
        return self._backward[0]

    @property
    def weight_gradients(self) -> Array:
        """(depth,): the norm of the gradient of each layer's weights, the first layer first."""
        return self._backward[1]

    @cached_property
    def _backward(self) -> tuple[Array, Array]:
        p = self._passed
        g: FloatArray = last_gradient(self.seed, len(self.batch.inputs))
        at_outputs, at_weights = [_norm(g)], []
        for i in reversed(range(self.depth)):
            through: FloatArray = self.design.activate_backward(g, p.before[i])
            if self.design.batch_norm:
                through = batch_norm_backward(through, p.sums[i], None, None, training=True, eps=EPS)[0]
            to_input, to_weight, _ = linear_backward(through, p.outputs[i], p.weights[i])
            g = g + to_input if self.design.residual else to_input
            at_outputs.append(_norm(g))
            at_weights.append(_norm(to_weight))
        return read_only(at_outputs[::-1]), read_only(at_weights[::-1])

    @property
    def arrives(self) -> float:
        """What arrives at the inputs, of a gradient of 1 at the last layer."""
        return float(self.output_gradients[0])

    @property
    def factor(self) -> float:
        """By what a layer multiplies the gradient on its way back, on average (the geometric mean)."""
        return float(self.arrives ** (1 / self.depth))

    def slopes(self, layer: int) -> Array:
        """f'(z) of a layer, from 1, for every example and unit."""
        return self._passed.slopes(layer)

    def flat(self, layer: int) -> float:
        """The share of slopes of a layer that hardly let a gradient pass."""
        return float((self.slopes(layer) < SATURATED).mean())

    def dead(self, layer: int) -> int:
        """Units of a layer whose slope is 0 for every example, so that no gradient reaches their weights."""
        return int((self.slopes(layer) == 0).all(axis=0).sum())

    @property
    def variance(self) -> float:
        """Var[w], which the start asks for."""
        return VARIANCES[self.design.init]

    def squared_slope(self, layer: int) -> float:
        """The mean of f'(z)**2 over a layer."""
        return self._passed.squared_slope(layer)

    def predicted(self, layer: int) -> float | None:
        """The factor of a layer by the formula of the module; None with batch norm or a residual connection."""
        if self.design.batch_norm or self.design.residual:
            return None
        return sqrt(WIDTH * self.variance * self.squared_slope(layer))

    @cached_property
    def theory(self) -> Array | None:
        """(depth + 1,): what the predicted factors make of the norm of 1 at the last layer; None as in `predicted`."""
        factors = [self.predicted(layer) for layer in range(self.depth, 0, -1)]
        if None in factors:
            return None
        return read_only(np.cumprod([1.0, *(f for f in factors if f is not None)])[::-1])


def _norm(values: FloatArray) -> float:
    """The root of the sum of squares."""
    return sqrt(float(np.vdot(values, values)))
