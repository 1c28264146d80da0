"""A stack of layers on an input of a given shape: what each layer makes of it, learns and computes.

An activation or a dropout changes neither shape nor count, so it stands in the row of the layer before it. The first
layer that cannot work ends the counting; the rows behind it are there, and empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

from cnnlab import shapes
from cnnlab.network.stack import WEIGHTED, LayerSpec, stack_text
from cnnlab.shapes import Derivation, ReceptiveField
from cnnlab.traces.built_faults import Fault, Shape, fault_of, sides

ATTACHED = ("relu", "leaky relu", "sigmoid", "tanh", "softmax", "dropout")
"""What stands in the row of the layer before it."""
SOFTMAX_INSIDE = "A softmax inside a network leaves only shares that add up to 1: it belongs behind the last layer."
LINEAR_TWICE = "No activation between this layer and the next: two sums of sums are one sum, and could be one layer."
SEE_ALL = ("dense", "global average pool")
"""Behind these every unit sees the whole input."""
Windows = tuple[shapes.Layer, ...] | None


@dataclass(frozen=True)
class BuiltRow:
    """A layer with what stands behind it, on what it gets.

    Attributes:
        index: its number among the rows, from 0.
        start: the number of its first layer in the stack.
        specs: the layer, and the activations behind it.
        input_shape, output_shape: of one example; empty where it is not reached or cannot work.
        parameters, macs: what it learns, and its multiply-accumulates for one example.
        field: the receptive field of its units; None where they see everything, or where it is not reached.
        windows: the sliding layers up to this one, which made the field.
        fault: why it cannot work.
        note: what is unwise, though it works.
    """

    index: int
    start: int
    specs: tuple[LayerSpec, ...]
    input_shape: Shape = ()
    output_shape: Shape = ()
    parameters: int = 0
    macs: int = 0
    field: ReceptiveField | None = None
    windows: tuple[shapes.Layer, ...] = ()
    fault: Fault | None = None
    note: str = ""

    @property
    def main(self) -> LayerSpec:
        """The layer itself."""
        return self.specs[0]

    @property
    def works(self) -> bool:
        return bool(self.output_shape)

    @property
    def numbers(self) -> int:
        """Numbers in its output, for one example."""
        return prod(self.output_shape) if self.works else 0

    @property
    def title(self) -> str:
        """The layer as it is written down, with a real sign between the sides of a kernel."""
        return _signs(self.specs[:1])

    @property
    def behind(self) -> str:
        """The activations behind it."""
        return ", ".join(str(spec) for spec in self.specs[1:])

    def derivations(self, batch: int = 1) -> tuple[Derivation, ...]:
        """How its numbers come about: size, parameters, MACs, receptive field, memory; none where it cannot work."""
        if not self.works:
            return ()
        return (*self._sizes(), *self._counts(), *self._sees(), *self._memory(batch))

    def formulas(self, batch: int = 1) -> tuple[str, ...]:
        """The derivations as text, their results with commas."""
        return tuple(f"{d.name} = {d.symbols} = {d.numbers} = {d.result:,}" for d in self.derivations(batch))

    def _sizes(self) -> tuple[Derivation, ...]:
        spec = self.main
        if spec.kind == "flatten":
            letters = ("n",) if len(self.input_shape) == 1 else ("C", "H", "W")
            return (Derivation("numbers", "·".join(letters), "·".join(map(str, self.input_shape)), self.numbers),)
        if not spec.slides:
            return ()
        names = ("height", "width") if self.input_shape[1] != self.input_shape[2] else ("size",)
        p = sides(spec)
        sizes = zip(names, self.input_shape[1:], strict=False)
        return tuple(
            shapes.conv_output_derivation(n, spec.kernel_size, spec.stride, p, spec.dilation, name=name)
            for name, n in sizes
        )

    def _counts(self) -> tuple[Derivation, ...]:
        spec, c = self.main, self.input_shape[0]
        if spec.kind == "conv":
            k, filters = spec.kernel_size, spec.out or 0
            size = (self.output_shape[1], self.output_shape[2])
            return (
                shapes.conv_parameters_derivation(c, filters, k),
                shapes.conv_macs_derivation(size, c, filters, k),
            )
        if spec.kind == "dense":
            units = spec.out or 0
            return shapes.linear_parameters_derivation(c, units), shapes.linear_macs_derivation(c, units)
        return (shapes.batch_norm_parameters_derivation(c),) if spec.kind == "batch norm" else ()

    def _memory(self, batch: int) -> tuple[Derivation, ...]:
        try:
            counted = shapes.activation_bytes_derivation((batch, *self.output_shape))
        except ValueError:  # a flatten makes a row of more numbers than can be counted
            return ()
        return (replace(counted, symbols="·".join(("N", *self._axes(), "b"))),)

    def _axes(self) -> tuple[str, ...]:
        """The letters of its output, those of its other formulas: C channels come in, F maps or m numbers go out."""
        if len(self.output_shape) == 1:
            return ({"dense": "m", "global average pool": "C"}.get(self.main.kind, "n"),)
        return ("F" if self.main.kind == "conv" else "C", "H", "W")

    def _sees(self) -> tuple[Derivation, ...]:
        """The line of the recursion that makes its receptive field larger."""
        return shapes.receptive_field_derivation(self.windows)[-3:-2] if self.main.slides else ()


@dataclass(frozen=True)
class Built:
    """A stack on an input: its rows in order, each counted as far as the stack works."""

    input_shape: Shape
    specs: tuple[LayerSpec, ...]
    rows: tuple[BuiltRow, ...] = field(repr=False)

    @cached_property
    def broken(self) -> BuiltRow | None:
        """The first row that cannot work."""
        return next((row for row in self.rows if row.fault), None)

    @cached_property
    def working(self) -> tuple[LayerSpec, ...]:
        """The layers before the first one that cannot work."""
        return self.specs if self.broken is None else self.specs[: self.broken.start]

    @cached_property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @cached_property
    def macs(self) -> int:
        return sum(row.macs for row in self.rows)

    @cached_property
    def numbers(self) -> int:
        """Numbers in the outputs of all rows, for one example: what training keeps for the backward pass."""
        return sum(row.numbers for row in self.rows)

    @cached_property
    def output_shape(self) -> Shape:
        """Of the last row that works; of the input where there is none."""
        return next((row.output_shape for row in reversed(self.rows) if row.works), self.input_shape)

    def mended(self) -> tuple[LayerSpec, ...]:
        """The layers with the remedy in the place of the first one that cannot work."""
        if self.broken is None or self.broken.fault is None:
            return self.specs
        at = self.broken.start
        return (*self.specs[:at], *self.broken.fault.remedy, *self.specs[at + 1 :])

    def remedy(self) -> str:
        """What would work in the place of the first layer that cannot work, as one types it."""
        fault = self.broken.fault if self.broken is not None else None
        return "" if fault is None else _signs(fault.remedy) or "nothing: take it out"

    def says(self) -> str:
        """What is to be seen of the whole stack, in one sentence."""
        if self.broken is not None and self.broken.fault is not None:
            return f"Row {self.broken.index + 1} cannot work: {self.broken.fault.says}."
        if not self.rows:
            return "There is no layer yet: what goes in comes out."
        if not self.parameters:
            return "Nothing here is learned: neither activations nor pools have parameters."
        most = max(self.rows, key=lambda row: row.parameters)
        here = f"Row {most.index + 1} holds {share(most.parameters, self.parameters)} parameters"
        slid = [row.macs for row in self.rows if row.main.kind == "conv" and row.works]
        they = "the convolution does" if len(slid) == 1 else "the convolutions do"
        return f"{here}; {they} {share(sum(slid), self.macs)} multiplications." if slid else f"{here}."


def _signs(specs: Sequence[LayerSpec]) -> str:
    """The layers as one types them, "3x3" as "3×3"."""
    return " ".join(word.replace("x", "×") if word[0].isdigit() else word for word in stack_text(specs).split())


def share(part: int, whole: int) -> str:
    """A part of a whole, in words before what is shared: "74% of all", "all"."""
    percent = 100 * part / whole
    if part == whole:
        return "all"
    shown = "less than 1%" if percent < 1 else "more than 99%" if percent > 99 else f"{percent:.0f}%"
    return f"{shown} of all"


def built(specs: Sequence[LayerSpec], input_shape: Shape) -> Built:
    """The stack on an input of one example, (C, H, W) or (n,); what cannot work is marked, nothing is refused."""
    groups = _grouped(specs)
    rows: list[BuiltRow] = []
    windows: Windows = ()
    shape, start = input_shape, 0
    for index, group in enumerate(groups):
        row = BuiltRow(index, start, group, note=_note(group, groups[index + 1 :]))
        if shape:
            row, windows = _worked_out(row, shape, windows)
            shape = row.output_shape
        rows.append(row)
        start += len(group)
    return Built(input_shape, tuple(specs), tuple(rows))


def new_layers(shape: Shape) -> tuple[LayerSpec, ...]:
    """Layers that can work on an input of this shape, to go on from."""
    if len(shape) == 1:
        return (LayerSpec("dense", out=16), LayerSpec("relu"))
    return (LayerSpec("conv", out=8, kernel_size=3, padding=1), LayerSpec("relu"))


def _grouped(specs: Sequence[LayerSpec]) -> list[tuple[LayerSpec, ...]]:
    """The layers row by row: an activation goes with the layer before it."""
    groups: list[tuple[LayerSpec, ...]] = []
    for spec in specs:
        if groups and spec.kind in ATTACHED:
            groups[-1] = (*groups[-1], spec)
        else:
            groups.append((spec,))
    return groups


def _worked_out(row: BuiltRow, shape: Shape, windows: Windows) -> tuple[BuiltRow, Windows]:
    """The row with its numbers, and the windows up to it: None where its units see the whole input."""
    fault = fault_of(row.main, shape)
    if fault:
        return replace(row, input_shape=shape, fault=fault), None
    try:
        output = _output_shape(row.main, shape)
        parameters, macs = _costs(row.main, shape, output)
    except ValueError:  # the layers before it make more than can be counted
        fault = Fault("it gets more numbers than any computer could hold", ())
        return replace(row, input_shape=shape, fault=fault), None
    if row.main.kind in SEE_ALL:
        windows = None
    elif row.main.slides and windows is not None:
        before, after = sides(row.main)
        windows = (*windows, shapes.Layer(row.main.kernel_size, row.main.stride, (before, after), row.main.dilation))
    sees = None if windows is None else shapes.receptive_field(windows)
    counted = replace(row, input_shape=shape, output_shape=output, parameters=parameters, macs=macs)
    return replace(counted, field=sees, windows=windows or ()), windows


def _output_shape(spec: LayerSpec, shape: Shape) -> Shape:
    if spec.slides:
        before, after = sides(spec)
        size = (
            shapes.conv_output_size(n, spec.kernel_size, spec.stride, (before, after), spec.dilation) for n in shape[1:]
        )
        return (spec.out if spec.kind == "conv" and spec.out else shape[0], *size)
    if spec.kind == "dense" and spec.out:
        return (spec.out,)
    if spec.kind == "flatten":
        return (prod(shape),)
    return shape[:1] if spec.kind == "global average pool" else shape


def _costs(spec: LayerSpec, shape: Shape, output: Shape) -> tuple[int, int]:
    """Parameters and multiply-accumulates."""
    c = shape[0]
    if spec.kind == "conv":
        k, filters, size = spec.kernel_size, output[0], (output[1], output[2])
        return shapes.conv_parameters(c, filters, k), shapes.conv_macs(size, c, filters, k)
    if spec.kind == "dense":
        return shapes.linear_parameters(c, output[0]), shapes.linear_macs(c, output[0])
    return (shapes.batch_norm_parameters(c) if spec.kind == "batch norm" else 0), 0


def _note(group: Sequence[LayerSpec], behind: Sequence[Sequence[LayerSpec]]) -> str:
    """What is unwise in this row, seen together with the rows behind it."""
    if behind and any(spec.kind == "softmax" for spec in group):
        return SOFTMAX_INSIDE
    heads = [other[0].kind for other in behind if other[0].kind != "flatten"]
    if len(group) == 1 and group[0].kind in WEIGHTED and heads and heads[0] in WEIGHTED:
        return LINEAR_TWICE
    return ""
