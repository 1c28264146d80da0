"""How strongly a unit depends on each cell that it sees: the gradient of the unit with respect to the input.

Where all weights are equal and nothing else is in between, the gradient counts paths: how many ways lead from an input
cell through the windows of the layers to the unit. Along one axis these numbers are those of a row of Pascal's
triangle or one like it, so that the middle counts most. Source: Luo, Li, Urtasun and Zemel (2016), "Understanding the
Effective Receptive Field in Deep Convolutional Neural Networks", arXiv:1701.04128.

All is computed on what the unit sees, and not on the whole input: the backward pass through a patch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.network.stack import LayerSpec
from cnnlab.shapes import Layer, receptive_field, same_padding

Values = NDArray[np.float64]
Pad = tuple[int, int]

NETWORKS, CHANNELS = 10, 4
"""Random networks that are averaged, and feature maps in each of their layers."""


@dataclass(frozen=True)
class Step:
    """A layer that slides a window: "conv", "max pool" or "average pool", and its numbers."""

    kind: str
    layer: Layer

    @classmethod
    def of(cls, spec: LayerSpec) -> "Step":
        """The step that was written down. Raises ValueError for a number that cannot be."""
        padding = same_padding(spec.kernel_size, spec.dilation) if spec.padding == "same" else spec.padding
        return cls(spec.kind, Layer(spec.kernel_size, spec.stride, padding, spec.dilation))

    @property
    def name(self) -> str:
        return f"{self.kind} {self.layer.kernel_size} × {self.layer.kernel_size}"


# ---- which cells a unit is computed from -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Reach:
    """What a unit is computed from in one of the maps below it, along one axis.

    ``window`` is its receptive field there as the formulas give it, ``cells`` the part of it that is no padding, and
    ``paths`` how many ways lead from each of these cells to the unit; 0 for what falls into a hole.
    """

    window: range
    cells: range
    paths: NDArray[np.int64]


def reaches(unit: int, layers: Sequence[Layer], sizes: Sequence[int]) -> tuple[Reach, ...]:
    """What a unit of the last layer is computed from in every map, the input first; ``sizes`` begin with the input's.

    Unit u of a layer looks at the cells u s - p + d t of the map below, for t = 0 ... k - 1.
    """
    found = [Reach(range(unit, unit + 1), range(unit, unit + 1), np.ones(1, np.int64))]
    for i in reversed(range(len(layers))):
        above, layer = found[0], layers[i]
        taps = np.zeros(layer.dilation * (layer.kernel_size - 1) + 1, np.int64)
        taps[:: layer.dilation] = 1
        spread = np.zeros((len(above.cells) - 1) * layer.stride + 1 if above.cells else 0, np.int64)
        spread[:: layer.stride] = above.paths
        first = above.cells.start * layer.stride - layer.before
        cells = range(max(first, 0), min(first + len(spread) + len(taps) - 1, sizes[i]))
        cells = cells if cells and above.cells else range(0)
        counted = np.convolve(spread, taps)[cells.start - first :][: len(cells)] if cells else spread[:0]
        found.insert(0, Reach(receptive_field(layers[i:]).cells(unit), cells, counted))
    return tuple(found)


def _pads(layer: Layer, below: Reach, above: Reach) -> Pad:
    """Cells of padding that are looked at, before and after those of the map."""
    first = above.cells[0] * layer.stride - layer.before
    last = above.cells[-1] * layer.stride - layer.before + layer.dilation * (layer.kernel_size - 1)
    return below.cells.start - first, last - below.cells[-1]


# ---- the networks ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Networks:
    """Some networks with the same layers, side by side: as many groups of one.

    ``weights`` are those of each layer, (networks * channels, channels below, k, k), None for a pool. With
    ``relu`` there is one behind every convolution, save where the unit itself is looked at. There is no bias.
    """

    steps: tuple[Step, ...]
    weights: tuple[Values | None, ...]
    count: int
    relu: bool

    @classmethod
    def equal(cls, steps: Sequence[Step]) -> "Networks":
        """One network of one feature map, whose weights are all 1 / k²: a convolution is a mean."""
        sides = (step.layer.kernel_size if step.kind == "conv" else 0 for step in steps)
        return cls(tuple(steps), tuple(np.full((1, 1, k, k), 1 / k**2) if k else None for k in sides), 1, relu=False)

    @classmethod
    def random(cls, steps: Sequence[Step], seed: int) -> "Networks":
        """Networks as they begin to learn: weights by He's initialization (2015), and ReLU."""
        weights: list[Values | None] = []
        below = 1
        for i, step in enumerate(steps):
            if step.kind == "conv":
                rng = np.random.default_rng([seed, i])  # a layer more leaves those below it as they are
                shape = (NETWORKS * CHANNELS, below, step.layer.kernel_size, step.layer.kernel_size)
                weights.append(np.asarray(ops.kaiming_normal(shape, rng=rng, nonlinearity="relu"), np.float64))
                below = CHANNELS
            else:
                weights.append(None)
        return cls(tuple(steps), tuple(weights), NETWORKS, relu=True)

    def first(self) -> "Networks":
        """The first one alone."""
        kept = (None if w is None else w[: len(w) // self.count] for w in self.weights)
        return replace(self, weights=tuple(kept), count=1)

    def forward(self, i: int, x: Values) -> Values:
        """The outputs of layer i (from 0) for maps that are padded already; its ReLU is not part of it."""
        kind, k, s, d = self._numbers(i)
        if kind == "conv":
            out = ops.conv2d(x, self._weight(i), stride=s, dilation=d, groups=self.count)
        else:
            out = ops.max_pool2d(x, k, s, dilation=d) if kind == "max pool" else ops.avg_pool2d(x, k, s)
        return np.asarray(out, np.float64)

    def backward(self, i: int, grad: Values, x: Values) -> Values:
        """From the gradient with respect to the outputs of layer i to that with respect to its padded maps ``x``."""
        kind, k, s, d = self._numbers(i)
        if kind == "conv":  # the gradient of conv2d with respect to its input
            back = ops.conv_transpose2d(grad, self._weight(i), stride=s, dilation=d, groups=self.count)
        elif kind == "max pool":
            back = ops.max_pool2d_backward(grad, x, k, s, dilation=d)
        else:
            back = ops.avg_pool2d_backward(grad, x, k, s)
        return np.asarray(back, np.float64)

    def activated(self, i: int, x: Values) -> Values:
        """What layer i hands on: behind a convolution, what its ReLU lets pass."""
        return np.maximum(x, 0) if self.relu and self.steps[i].kind == "conv" else x

    def _numbers(self, i: int) -> tuple[str, int, int, int]:
        layer = self.steps[i].layer
        return self.steps[i].kind, layer.kernel_size, layer.stride, layer.dilation

    def _weight(self, i: int) -> Values:
        weight = self.weights[i]
        assert weight is not None
        return weight

    def padded(self, i: int, x: Values, rows: Pad, cols: Pad) -> Values:
        """The maps that layer i looks at: zeros around them, and below a maximum what never wins."""
        never = float(x.min()) - 1 if self.steps[i].kind == "max pool" else 0.0
        return np.pad(x, ((0, 0), rows, cols), constant_values=never) if any(rows + cols) else x


# ---- the gradient ----------------------------------------------------------------------------------------------------


def effect(x: Values, networks: Networks, rows: Sequence[Reach], cols: Sequence[Reach]) -> Values:
    """How strongly a unit depends on each cell of ``rows[0].cells`` x ``cols[0].cells``: the gradient's magnitude.

    The unit is one of the first feature map of the layer that ``rows`` and ``cols`` end with; of several networks it is
    the mean. ``x`` is the whole input, (H, W).
    """
    depth = len(rows) - 1
    if not rows[0].cells or not cols[0].cells:
        return np.zeros((len(rows[0].cells), len(cols[0].cells)))
    if networks.count == 1 and all(step.kind != "max pool" for step in networks.steps[:depth]):
        return _paths(networks.steps[:depth], rows[0], cols[0])
    seen = x[rows[0].cells.start : rows[0].cells.stop, cols[0].cells.start : cols[0].cells.stop]
    maps = np.repeat(seen[None], networks.count, axis=0)
    looked_at, passed = [], []
    for i in range(depth):
        layer = networks.steps[i].layer
        pads = _pads(layer, rows[i], rows[i + 1]), _pads(layer, cols[i], cols[i + 1])
        looked_at.append((networks.padded(i, maps, *pads), *pads))
        sums = networks.forward(i, looked_at[-1][0])
        maps = networks.activated(i, sums) if i < depth - 1 else sums
        passed.append((maps == sums) | (i == depth - 1))
    grad = np.zeros_like(maps)
    grad[:: len(maps) // networks.count] = 1
    for i in reversed(range(depth)):
        padded, (top, bottom), (left, right) = looked_at[i]
        whole = networks.backward(i, grad * passed[i], padded)
        grad = whole[:, top : whole.shape[1] - bottom, left : whole.shape[2] - right]
    return np.asarray(np.abs(grad).mean(axis=0), np.float64)


def _paths(steps: Sequence[Step], rows: Reach, cols: Reach) -> Values:
    """The gradient where every layer is a mean: paths down times paths across, over all weights multiplied."""
    weights = float(np.prod([float(step.layer.kernel_size) for step in steps]))
    return np.outer(rows.paths / weights, cols.paths / weights)
