"""The small dense networks whose units the dropout lab drops."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from cnnlab.ops.linear import linear
from cnnlab.traces.arrays import Array, read_only


@dataclass(frozen=True, eq=False)
class Net:
    """Dense layers without biases and with ReLU between them; in the layers ``dropped`` units are dropped.

    Layer 0 are the inputs ``x``. A unit that is dropped says 0; ``called`` is what the last layer calls its inputs.
    """

    x: Array
    weights: tuple[Array, ...]
    dropped: tuple[int, ...]
    called: str

    @property
    def sizes(self) -> tuple[int, ...]:
        return (len(self.x), *(len(w) for w in self.weights))

    @property
    def count(self) -> int:
        """Units that may be dropped."""
        return sum(self.sizes[layer] for layer in self.dropped)

    def units(self, layer: int) -> slice:
        """Where the units of a layer stand in a mask."""
        start = sum(self.sizes[other] for other in self.dropped if other < layer)
        return slice(start, start + self.sizes[layer])

    def run(self, factors: NDArray[np.float64]) -> list[Array]:
        """The numbers of every layer, (masks, units), each unit times its factor; ``factors`` is (masks, count)."""
        layers: list[Array] = []
        values: Array = np.broadcast_to(self.x, (len(factors), len(self.x)))
        for layer in range(len(self.sizes)):
            if layer:
                sums = np.asarray(linear(values, self.weights[layer - 1]), np.float64)
                values = np.maximum(sums, 0) if layer < len(self.weights) else sums
            values = values * factors[:, self.units(layer)] if layer in self.dropped else values
            layers.append(values)
        return layers


NETS = {
    "deck A": Net(read_only([2, 4, 6, 8]), (read_only([[1, 2, 3, 4]]),), (0,), "x"),
    "two hidden layers": Net(
        read_only([1, 2, -1, 0.5]),
        (
            read_only(
                [
                    [1, -0.5, -1, -1],
                    [1, -1, 0.5, -0.5],
                    [-1, 0.5, -1, 0.5],
                    [0.5, 1, 0.5, -1],
                    [0.5, -0.5, -1, -0.5],
                    [0.5, 1, 1, 0.5],
                ]
            ),
            read_only(
                [
                    [-0.5, 0, 1, 1, -0.5, 0.5],
                    [1, -0.5, 0, -0.5, -0.5, 0.5],
                    [0.5, 1, 0.5, -0.5, -0.5, 0.5],
                    [0.5, 1, 0, 0.5, 1, 0.5],
                    [0, 0, -0.5, -0.5, 0.5, -0.5],
                    [-0.5, 0.5, 1, 0, 1, 0],
                ]
            ),
            read_only([[1, 1, -1, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 1, 1, -1]]),
        ),
        (1, 2),
        "h",
    ),
}
"""The linear unit of deck A, whose inputs are dropped; and 4-6-6-2, whose hidden units are."""


def edges(net: Net) -> list[tuple[int, int, int, float]]:
    """Every weight that is not 0, as (layer, from, to, weight)."""
    found = []
    for layer, (before, after) in enumerate(pairwise(net.sizes)):
        for i, j in product(range(before), range(after)):
            if net.weights[layer][j, i]:
                found.append((layer, i, j, float(net.weights[layer][j, i])))
    return found
