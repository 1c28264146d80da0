"""Layers one after the other: the chain rule as two loops."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import overload

import numpy as np

from cnnlab.network.layer import Layer, named, title
from cnnlab.network.summary import Row, Summary
from cnnlab.ops._arguments import Array, ArrayLike, integers


class Sequential(Layer):
    """A network: each layer takes what the one before it returns.

        forward:   x = layer(x), from the first layer to the last
        backward:  grad = layer.backward(grad), from the last layer to the first

    `network[0]` is the first layer, `network[:3]` a network of the first three (the same ones, not copies).

    Args:
        layers: the layers, one by one; a Sequential may be one of them.

    Raises:
        ValueError: something is not a layer, or a layer is there twice.
    """

    def __init__(self, *layers: Layer) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise ValueError(f"layer {i} {_remedy(layer)}")
        _check_each_is_new(layers)
        self.layers = layers

    def forward(self, input: ArrayLike) -> Array:
        x = input
        for name, layer in self.steps().items():
            x = named(layer, layer.forward, x, f"layer {name}, ")
        return np.asarray(x)

    def backward(self, grad_output: ArrayLike) -> Array:
        grad = grad_output
        for name, layer in reversed(self.steps().items()):
            grad = named(layer, layer.backward, grad, f"layer {name}, ")
        return np.asarray(grad)

    def __call__(self, input: ArrayLike) -> Array:
        """The output of the last layer. Raises ValueError, with its number and name, for a layer that cannot work."""
        return self.forward(input)

    def steps(self) -> dict[str, Layer]:
        """The layers in the order of their work; those of a Sequential within this one are named "1.0", "1.1", ..."""
        found: dict[str, Layer] = {}
        for name, layer in self.children().items():
            if type(layer) is Sequential:
                found |= {f"{name}.{inner}": step for inner, step in layer.steps().items()}
            else:
                found[name] = layer
        return found

    def summary(self, input_shape: Sequence[int]) -> Summary:
        """A table: each layer, the shape of its output, its parameters and multiply-accumulates.

        An example of zeros goes through a copy in `eval` mode, so that nothing in the network changes.

        Args:
            input_shape: of one example, such as (1, 28, 28), without the axis of the batch.

        Raises:
            ValueError: which layer cannot work, and why.
        """
        if not isinstance(input_shape, Sequence) or isinstance(input_shape, str):
            raise ValueError(f"input_shape must be a sequence such as (1, 28, 28), but is {input_shape!r}")
        shape = integers("input_shape", input_shape, len(input_shape), minimum=1)
        parameters, rows = self.parameters(), []
        shared = {id(kept): kept for parameter in parameters for kept in (parameter, parameter.value)}
        probe = deepcopy(self, shared).eval()
        x = np.zeros((1, *shape), parameters[0].value.dtype if parameters else np.float64)
        for name, layer in probe.steps().items():
            x = named(layer, layer.forward, x, f"layer {name}, ")
            rows.append(Row(name, title(layer), x.shape[1:], layer.parameter_count, layer.macs()))
        return Summary(shape, tuple(rows))

    def children(self) -> dict[str, Layer]:
        return {str(i): layer for i, layer in enumerate(self.layers)}

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Layer | Sequential:
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __repr__(self) -> str:
        lines = [f"({i}): {layer!r}" for i, layer in enumerate(self.layers)]
        return "\n  ".join(["Sequential(", *(line.replace("\n", "\n  ") for line in lines)]) + "\n)"


def _remedy(value: object) -> str:
    if isinstance(value, type):
        return f"is the class {value.__name__}: write {value.__name__}() with its arguments"
    if isinstance(value, list | tuple):
        return f"is a {type(value).__name__}: give the layers one by one, Sequential(*layers)"
    return f"must be a layer, such as ReLU(), but is {value!r}"


def _check_each_is_new(layers: Sequence[Layer]) -> None:
    places: dict[int, int] = {}
    for i, layer in enumerate(layers):
        for module in layer.modules():
            if places.setdefault(id(module), i) != i:
                earlier = places[id(module)]
                remedy = "a layer remembers one forward pass only, so make another one"
                raise ValueError(f"layer {i}, {title(module)}, is already in layer {earlier}: {remedy}")
