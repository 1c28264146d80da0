"""What a unit deep in a stack of layers sees of the input: its receptive field.

Followed from the input to the output, layer by layer, the field grows by what the kernel covers beyond one cell, in
steps of the jump, which is how many input cells lie between two neighboring units:

    size    r_l = r_(l-1) + d (k - 1) j_(l-1)      r_0 = 1
    jump    j_l = j_(l-1) s                        j_0 = 1
    start   start_l = start_(l-1) - p j_(l-1)      start_0 = 0

All this along one axis; a square layer does the same along the other. Source: Araujo, Norris and Sim (2019),
"Computing Receptive Fields of Convolutional Neural Networks", Distill; the sizes as in Dumoulin and Visin (2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnlab.ops._arguments import integer, integers
from cnnlab.shapes.derivation import Derivation, signed, subscript
from cnnlab.shapes.sizes import Padding, conv_output_size, kernel_extent


@dataclass(frozen=True)
class Layer:
    """A layer that slides a window, along one axis: a convolution or a pool. Activations change nothing here.

    `padding` is one number for both sides, or (before, after). A pool has its stride given: it is 1 here where PyTorch
    takes the kernel size.

    Raises:
        ValueError: a number that cannot be.
    """

    kernel_size: int
    stride: int = 1
    padding: Padding = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        for name in ("kernel_size", "stride", "dilation"):
            object.__setattr__(self, name, integer(name, getattr(self, name), 1))  # NumPy's small integers overflow
        before, after = integers("padding", self.padding, 2)
        object.__setattr__(self, "padding", before if before == after else (before, after))

    @property
    def before(self) -> int:
        """Cells of padding before the first one of the input."""
        return self.padding if isinstance(self.padding, int) else self.padding[0]

    def output_size(self, n: int) -> int:
        """Output cells of an input of n cells. Raises ValueError where the kernel does not fit."""
        return conv_output_size(n, self.kernel_size, self.stride, self.padding, self.dilation)


@dataclass(frozen=True)
class ReceptiveField:
    """The receptive field of the units of a layer, counted in input cells.

    `size` is how many cells it is wide, `jump` how far the fields of neighboring units lie apart, `start` the first
    cell that unit 0 sees: 0 is the first cell of the input, and what is negative lies in the padding.
    """

    size: int
    jump: int
    start: int

    @property
    def center(self) -> float:
        """The middle of the field of unit 0: 0 for the middle of the first cell, 0.5 between the first two."""
        return self.start + (self.size - 1) / 2

    def cells(self, unit: int) -> range:
        """The input cells that a unit sees, from the first to the last one, padding and holes included."""
        first = self.start + unit * self.jump
        return range(first, first + self.size)


INPUT = ReceptiveField(size=1, jump=1, start=0)
"""The input itself: each cell sees itself."""


@dataclass(frozen=True)
class Seen:
    """What one unit of the last layer sees of an input of n cells.

    `window` is its receptive field as the formulas give it, which may reach beyond the input. `cells` are the cells of
    the input that it really depends on: no padding, none that the holes of a dilation or a long stride leave out.
    """

    window: range
    cells: tuple[int, ...]

    @property
    def clipped(self) -> range:
        """From the first to the last cell of the input that is seen; empty if the unit sees padding only."""
        return range(self.cells[0], self.cells[-1] + 1) if self.cells else range(0)


def receptive_field(layers: Sequence[Layer]) -> ReceptiveField:
    """The receptive field of the units of the last layer; a single cell if there is no layer.

    Raises:
        ValueError: not a list of layers.
    """
    return (INPUT, *receptive_fields(layers))[-1]


def receptive_fields(layers: Sequence[Layer]) -> tuple[ReceptiveField, ...]:
    """The receptive field behind each layer, the first layer first.

    Raises:
        ValueError: not a list of layers.
    """
    fields = [INPUT]
    for layer in _checked(layers):
        size, jump, start = fields[-1].size, fields[-1].jump, fields[-1].start
        size += layer.dilation * (layer.kernel_size - 1) * jump
        start -= layer.before * jump
        jump *= layer.stride
        fields.append(ReceptiveField(size, jump, start))
    return tuple(fields[1:])


def receptive_field_derivation(layers: Sequence[Layer]) -> tuple[Derivation, ...]:
    """The formulas of `receptive_fields` with their numbers: three lines a layer, for its size r, its jump j and its
    start. The dilation appears only where it is not 1; of a padding (before, after), p₁ is the one before.

    Raises:
        ValueError: not a list of layers.
    """
    lines = []
    fields = receptive_fields(layers)
    for i, (layer, old, new) in enumerate(zip(layers, (INPUT, *fields), fields, strict=False), start=1):
        k, s, d = layer.kernel_size, layer.stride, layer.dilation
        p = "p" if isinstance(layer.padding, int) else "p₁"
        here, last = subscript(i), subscript(i - 1)
        symbols, numbers = ("(k − 1)", f"({k} − 1)") if d == 1 else ("d(k − 1)", f"{d}·({k} − 1)")
        lines += [
            Derivation(f"r{here}", f"r{last} + {symbols}·j{last}", f"{old.size} + {numbers}·{old.jump}", new.size),
            Derivation(f"j{here}", f"j{last}·s", f"{old.jump}·{s}", new.jump),
            Derivation(
                f"start{here}",
                f"start{last} − {p}·j{last}",
                f"{signed(old.start)} − {layer.before}·{old.jump}",
                new.start,
            ),
        ]
    return tuple(lines)


def stack_sizes(layers: Sequence[Layer], n: int) -> tuple[int, ...]:
    """Output cells of each layer for an input of n cells.

    Raises:
        ValueError: not a list of layers; says which layer does not fit, counted from 1, and why.
    """
    sizes = [integer("n", n, 1)]
    for i, layer in enumerate(_checked(layers), start=1):
        try:
            sizes.append(layer.output_size(sizes[-1]))
        except ValueError as error:
            raise ValueError(f"layer {i} gets {sizes[-1]} cells: {error}") from None
    return tuple(sizes[1:])


def seen_by(unit: int, layers: Sequence[Layer], n: int) -> Seen:
    """Which cells of an input of n cells a unit of the last layer sees.

    Followed from the unit back to the input: unit u of a layer has looked at the cells u s - p + d t of the layer
    before, for t = 0 ... k - 1, as far as they are no padding.

    Raises:
        ValueError: a layer does not fit, or there is no such unit.
    """
    sizes = (n, *stack_sizes(layers, n))
    unit = integer("unit", unit)
    if unit >= sizes[-1]:
        raise ValueError(f"unit must be from 0 to {sizes[-1] - 1}, but is {unit}")
    cells = {unit}
    for layer, size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        taps = range(0, kernel_extent(layer.kernel_size, layer.dilation), layer.dilation)
        looked_at = {u * layer.stride - layer.before + tap for u in cells for tap in taps}
        cells = {cell for cell in looked_at if 0 <= cell < size}
    return Seen(receptive_field(layers).cells(unit), tuple(sorted(cells)))


def _checked(layers: Sequence[Layer]) -> Sequence[Layer]:
    """The layers, if they are such ones, in a list.

    Raises:
        ValueError: says what they are.
    """
    if isinstance(layers, Layer):
        raise ValueError("layers must be a list of layers, but is a single one: put it in brackets, [layer]")
    if not isinstance(layers, Sequence):
        raise ValueError(f"layers must be a list of layers such as [Layer(3)], but is {layers!r}")
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(f"layers must hold layers such as Layer(3), but layers[{i}] is {layer!r}")
    return layers
