"""A stack at work: an image through layers whose weights are drawn at random, and not trained.

The weights of a layer depend on the seed, on its place and on its own numbers, and not on the other layers: whoever
changes one layer sees what this change does, and nothing else. What has been computed is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.network import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Tanh,
)
from cnnlab.network.stack import LayerSpec
from cnnlab.traces.built import Built

Array = NDArray[np.float64]

MOST_MACS, MOST_PARAMETERS, MOST_NUMBERS = 20_000_000, 2_000_000, 1_500_000
"""What still runs while a slider is moved; a larger stack is counted and not run."""
MOST_KEPT = 4_000_000  # numbers of outputs, and as many of parameters

PLAIN = {
    "flatten": Flatten,
    "global average pool": GlobalAvgPool2d,
    "relu": ReLU,
    "leaky relu": LeakyReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}


def layer_of(spec: LayerSpec, inputs: int, flat: bool, seed: int, place: int) -> Layer | None:
    """The layer of `cnnlab.network` for a spec that can work; None for what only passes on: dropout in use, softmax.

    ``inputs`` are its channels or numbers in, ``flat`` whether they are a row; ``place`` is its number in the stack.
    """
    rng = np.random.default_rng((seed, place))
    k, s, p, d = spec.kernel_size, spec.stride, spec.padding, spec.dilation
    if spec.kind == "conv" and spec.out:
        return Conv2d(inputs, spec.out, k, s, p, d, rng=rng, dtype=np.float64)
    if spec.kind == "dense" and spec.out:
        return Linear(inputs, spec.out, rng=rng, dtype=np.float64)
    if spec.kind == "max pool" and p != "same":
        return MaxPool2d(k, s, p, d)
    if spec.kind == "average pool" and p != "same":
        return AvgPool2d(k, s, p)
    if spec.kind == "batch norm":
        return (BatchNorm1d if flat else BatchNorm2d)(inputs, dtype=np.float64).eval()
    return PLAIN[spec.kind]() if spec.kind in PLAIN else None


@dataclass(frozen=True, eq=False)
class Run:
    """An image (C, H, W) or (n,) on its way through any stack that can work."""

    image: Array
    seed: int
    _known: dict[tuple[LayerSpec, ...], Array] = field(default_factory=dict, repr=False)
    _layers: dict[tuple[LayerSpec, int, bool, int], Layer | None] = field(default_factory=dict, repr=False)

    def output(self, specs: Sequence[LayerSpec]) -> Array:
        """What these layers make of the image."""
        if sum(known.size for known in self._known.values()) > MOST_KEPT:
            self._known.clear()
        return np.asarray(self._through(tuple(specs))[0], np.float64)

    def _through(self, specs: tuple[LayerSpec, ...]) -> Array:
        if not specs:
            return self.image[None]
        if specs not in self._known:
            x = self._through(specs[:-1])
            layer = self.layer(specs, x.shape)
            y = ops.softmax(x, dim=1) if specs[-1].kind == "softmax" else x if layer is None else layer(x)
            self._known[specs] = np.asarray(y, np.float64)
        return self._known[specs]

    def layer(self, specs: Sequence[LayerSpec], shape: Sequence[int]) -> Layer | None:
        """The last of these layers, for an input (1, C, H, W) or (1, n)."""
        spec, inputs, flat, place = key = specs[-1], shape[1], len(shape) == 2, len(specs) - 1
        if key not in self._layers:
            if sum(_parameters(layer) for layer in self._layers.values()) > MOST_KEPT:
                self._layers.clear()
            self._layers[key] = layer_of(spec, inputs, flat, self.seed, place)
        return self._layers[key]

    def weights(self, specs: Sequence[LayerSpec]) -> list[Array]:
        """All parameters of these layers, in the order of PyTorch."""
        found: list[Array] = []
        for i in range(len(specs)):
            layer = self.layer(specs[: i + 1], self._through(tuple(specs[:i])).shape)
            found += [np.asarray(parameter.value, np.float64) for parameter in layer.parameters()] if layer else []
        return found


def _parameters(layer: Layer | None) -> int:
    return sum(parameter.value.size for parameter in layer.parameters()) if layer else 0


def can_run(stack: Built) -> bool:
    """Whether the layers that work are few enough to be run while a slider is moved."""
    small = stack.parameters <= MOST_PARAMETERS and stack.macs <= MOST_MACS
    return small and stack.numbers <= MOST_NUMBERS and prod(stack.input_shape) <= MOST_NUMBERS
