"""A stack of layers on a photo, and one unit of it: what it sees, and how that follows layer by layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.network.stack import LayerSpec, parse_stack
from cnnlab.shapes import Layer, ReceptiveField, receptive_field_derivation, receptive_fields, stack_sizes
from cnnlab.shapes.receptive import INPUT
from cnnlab.traces.effective_field import Networks, Reach, Step, effect, reaches
from cnnlab.traces.text import size_text

Values = NDArray[np.float64]

MOST_LAYERS = 10
MOST = {"kernel_size": 31, "stride": 16, "dilation": 32}
MOST_FIELD = 512
"""Cells of a field along an axis: of a larger one there is nothing to be seen on a photo."""
MOST_RANDOM = 48
"""The same for random networks, whose gradients take much longer."""
SHARE = 0.9
POINTWISE = ("relu", "leaky relu", "sigmoid", "tanh", "batch norm", "dropout")
"""Layers whose units see what the unit below them sees: they change no receptive field, and are passed over."""

STACKS = {
    "three 3 × 3": "conv 3x3; conv 3x3; conv 3x3",
    "one 7 × 7": "conv 7x7",
    "ten 3 × 3": "; ".join(["conv 3x3"] * 10),
    "with pools": "conv 3x3; max pool 2x2; conv 3x3; max pool 2x2; conv 3x3",
    "strided": "conv 3x3 stride 2; conv 3x3 stride 2; conv 3x3",
    "dilated 1, 2, 4": "conv 3x3; conv 3x3 dilation 2; conv 3x3 dilation 4",
    "same size": "conv 3x3 padding 1; conv 3x3 padding 1; conv 3x3 padding 1",
    "VGG blocks": "conv 3x3 padding 1; conv 3x3 padding 1; max pool 2x2; conv 3x3 padding 1; conv 3x3 padding 1; "
    "max pool 2x2",
    "ResNet stem": "conv 7x7 stride 2 padding 3; max pool 3x3 stride 2 padding 1",
}
"""Stacks by name. The last two are the first two blocks of VGG (Simonyan and Zisserman 2015) and the beginning of
ResNet (He and others 2016)."""


def read_stack(text: str) -> tuple[Step, ...]:
    """The layers that a name of `STACKS` or a text stands for, without those that change no field.

    Raises:
        ValueError: the text cannot be read, a layer sees everything or has too large a number, or there are too many.
    """
    steps = []
    for i, spec in enumerate(parse_stack(STACKS.get(text, text)), start=1):
        if spec.slides:
            _check(i, spec)
            steps.append(Step.of(spec))
        elif spec.kind not in POINTWISE:
            raise ValueError(f"layers: {spec.kind} (layer {i}) sees everything at once; leave it out, and what follows")
    if not 1 <= len(steps) <= MOST_LAYERS:
        raise ValueError(f"layers must hold 1 to {MOST_LAYERS} convolutions and pools, but hold {len(steps)}")
    return tuple(steps)


def _check(i: int, spec: LayerSpec) -> None:
    for name, most in MOST.items():
        value, called = getattr(spec, name), name.replace("_", " ")
        if value > most:
            raise ValueError(f"layers: the {called} of layer {i} must be at most {most}, but is {value}")
    if spec.kind != "conv" and isinstance(spec.padding, int) and 2 * spec.padding > spec.kernel_size:
        raise ValueError(
            f"layers: the padding of a pool must be at most half its kernel, but in layer {i} it is {spec.padding} "
            f"for a kernel of {spec.kernel_size}"
        )


@dataclass(frozen=True, eq=False)
class Stack:
    """Layers on a gray photo. Maps are counted from 0, the photo; map i is what layer i makes, as in the formulas.

    ``photo`` is (n, n), from 0 to 255; ``networks`` are what the layers compute.
    """

    photo: Values
    networks: Networks

    def __post_init__(self) -> None:
        try:
            _ = self.sizes
        except ValueError as error:
            raise ValueError(f"layers do not fit a photo of {len(self.photo)} cells: {error}") from None
        size, most = self.fields[-1].size, MOST_RANDOM if self.networks.relu else MOST_FIELD
        if size > most:
            kind = "random weights are for a field of" if self.networks.relu else "the field must have"
            raise ValueError(f"layers: {kind} at most {most} cells, but it has {size}: take away a layer")

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.networks.steps

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(step.layer for step in self.steps)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Rows, and columns, of every map."""
        return (len(self.photo), *stack_sizes(self.layers, len(self.photo)))

    @cached_property
    def fields(self) -> tuple[ReceptiveField, ...]:
        """The receptive field of the units of every map."""
        return (INPUT, *receptive_fields(self.layers))

    @cached_property
    def x(self) -> Values:
        """What the layers take: the photo with mean 0 and standard deviation 1."""
        centered = self.photo - self.photo.mean()
        return np.asarray(centered / (centered.std() or 1.0), np.float64)

    @cached_property
    def maps(self) -> list[Values]:
        """Every map of the first network: of its first channel, before ReLU; where weights are equal, as a photo."""
        first, shown = self.networks.first(), [self.photo]
        x = (self.x if first.relu else self.photo)[None]
        for i, layer in enumerate(self.layers):
            pad = (layer.padding, layer.padding) if isinstance(layer.padding, int) else layer.padding
            sums = first.forward(i, first.padded(i, x, pad, pad))
            shown.append(sums[0])
            x = first.activated(i, sums)
        return shown

    def nearest(self, level: int, row: float, col: float) -> tuple[int, int]:
        """The unit of a map whose field has its middle nearest to a place of the photo."""
        field, last = self.fields[level], self.sizes[level] - 1
        down, right = (round((place - field.center) / field.jump) for place in (row, col))
        return min(max(down, 0), last), min(max(right, 0), last)

    def at(self, level: int, row: int, col: int) -> "Unit":
        """One unit of a map."""
        layers, sizes = self.layers[:level], self.sizes[: level + 1]
        return Unit(self, level, row, col, reaches(row, layers, sizes), reaches(col, layers, sizes))


@dataclass(frozen=True, eq=False)
class Unit:
    """One unit of map ``level``. ``rows`` and ``cols`` are what it is computed from in every map, the photo first."""

    stack: Stack
    level: int
    row: int
    col: int
    rows: tuple[Reach, ...]
    cols: tuple[Reach, ...]

    @property
    def index(self) -> int:
        return self.row * self.stack.sizes[self.level] + self.col

    @property
    def field(self) -> ReceptiveField:
        return self.stack.fields[self.level]

    @property
    def middle(self) -> tuple[float, float]:
        """The place of the photo in the middle of its field."""
        center, jump = self.field.center, self.field.jump
        return center + self.row * jump, center + self.col * jump

    @property
    def looked_at(self) -> NDArray[np.bool_]:
        """Which cells from the first to the last one that it sees it really looks at: the others fall into holes."""
        return np.logical_and.outer(self.rows[0].paths > 0, self.cols[0].paths > 0)

    @cached_property
    def effect(self) -> Values:
        """The magnitude of its gradient on the part of the photo that it sees: the effective field."""
        return effect(self.stack.x, self.stack.networks, self.rows, self.cols)

    @cached_property
    def shares(self) -> Values:
        """How much of the gradient is in the squares in the middle of the field, of side r, r - 2, r - 4 and so on."""
        size, inset = self.field.size, []
        for reach in (self.rows[0], self.cols[0]):
            place = np.arange(reach.cells.start, reach.cells.stop) - reach.window.start
            inset.append(np.minimum(place, size - 1 - place))
        rings = np.bincount(np.minimum.outer(*inset).ravel(), self.effect.ravel(), minlength=(size + 1) // 2)
        inside: Values = rings[::-1].cumsum()[::-1]
        return inside / (inside[0] or 1.0)

    @property
    def held(self) -> int:
        """Side of the smallest square in the middle of the field that holds 90% of the gradient; 0: there is none."""
        holding = int((self.shares >= SHARE - 1e-9).sum())
        return self.field.size - 2 * (holding - 1) if holding else 0

    # ---- as text -----------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return f"unit [{self.row}, {self.col}] of {f'layer {self.level}' if self.level else 'the photo'}"

    def formulas(self) -> tuple[str, str, str]:
        """The three lines of the recursion for this layer: size, jump and start."""
        if not self.level:
            return "r₀ = 1", "j₀ = 1", "start₀ = 0"
        size, jump, start = receptive_field_derivation(self.stack.layers[: self.level])[-3:]
        return str(size), str(jump), str(start)

    def sees(self) -> str:
        """Which cells of the photo it sees."""
        rows, cols, size = self.rows[0].cells, self.cols[0].cells, self.field.size
        if not rows or not cols:
            return "Its field lies in the padding: it sees nothing of the photo."
        places = f"rows {rows[0]} to {rows[-1]}, columns {cols[0]} to {cols[-1]}"
        if size == 1:
            return f"It sees row {rows[0]}, column {cols[0]}."
        if min(len(rows), len(cols)) < size:
            return f"Border: {size_text((len(rows), len(cols)))} of its {size_text((size, size))} cells are photo."
        skipped = size * size - int(self.looked_at.sum())
        return f"It sees {places}; it skips {skipped} cells." if skipped else f"It sees {places}."

    def weighs(self) -> str:
        """Where in the field its gradient lies."""
        size, held = self.field.size, self.held
        if not held:
            return "No gradient reaches the photo."
        if size < 3:
            return ""
        side = min(held, size - 2)  # where it takes the whole field, how much a smaller square holds says more
        middle = f"The middle {size_text((side, side))}" if side > 1 else "The cell in the middle"
        share = float(self.shares[(size - side) // 2])
        return f"{middle} ({(side / size) ** 2:.0%} of the area) holds {share:.0%} of its gradient."


def stack_of(photo: Values, steps: Sequence[Step], weights: str, seed: int) -> Stack:
    """A stack with "equal" or "random" weights. Raises ValueError where the layers do not fit the photo."""
    return Stack(photo, Networks.equal(steps) if weights == "equal" else Networks.random(steps, seed))
