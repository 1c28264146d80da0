"""A layer as windows over cells: where each window lies, how many fit, how often every cell is used.

A convolution lays its windows on the padded input, one for each cell of the output. A transposed convolution is the
same picture read the other way: each cell of its input lays a window on the output, as a stamp, and where stamps
overlap they are added up. So both are a *long* side, on which the windows lie, and a *short* side with a cell for each:

    convolution               long: the padded input                         short: the output
    transposed convolution    long: the output before its border is cut off  short: the input

All sizes are as in Dumoulin and Visin (2016), "A guide to convolution arithmetic for deep learning". The kernel is all
ones, so that a window's answer is the sum of its cells, and the gradient of the sum counts how often a cell is used.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.ops import _arguments as arguments
from cnnlab.shapes import (
    Derivation,
    conv_output_derivation,
    conv_output_size,
    conv_transpose_output_derivation,
    kernel_extent,
)
from cnnlab.traces.checks import at_most
from cnnlab.traces.conv import PADDING_MODES
from cnnlab.traces.windows import ONLY, Axis, upright

Values = NDArray[np.float64]
Pair = tuple[int, int]

MOST = 512
"""Cells along an axis of the input that a picture can still show."""
MOST_KERNEL = 16


@dataclass(frozen=True)
class Shapes:
    """A convolution, or a transposed one, with all its sizes; square in two dimensions.

    ``padding`` is (before, after). ``size`` is that of the output along an axis.
    """

    dimensions: int
    n: int
    kernel_size: int
    stride: int
    padding: Pair
    padding_mode: str
    dilation: int
    transposed: bool
    output_padding: int
    keeps_size: bool = False  # whether the padding was given as "same"

    # ---- sizes -------------------------------------------------------------------------------------------------------

    @cached_property
    def derivation(self) -> Derivation:
        """The output size with its formula."""
        n, k, s, d, (before, after) = self.n, self.kernel_size, self.stride, self.dilation, self.padding
        if self.transposed:
            return conv_transpose_output_derivation(n, k, s, before, self.output_padding, d)
        return conv_output_derivation(n, k, s, (before, after), d)

    @property
    def size(self) -> int:
        return self.derivation.result

    @cached_property
    def back(self) -> int:
        """The size that a convolution with the same settings makes of the output of a transposed one."""
        return conv_output_size(self.size, self.kernel_size, self.stride, self.padding, self.dilation)

    @cached_property
    def axis(self) -> Axis:
        (before, after), n = self.padding, self.n
        given = (self.kernel_size, self.stride, self.dilation)
        if not self.transposed:
            return Axis(n + before + after, self.size, before, after, *given)
        stamped = (n - 1) * self.stride + kernel_extent(self.kernel_size, self.dilation)
        length = max(stamped, before + self.size)  # output padding may reach beyond the last stamp
        return Axis(length, n, before, length - before - self.size, *given)

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """Of rows and columns."""
        return (ONLY if self.dimensions == 1 else self.axis), self.axis

    def shape(self, n: int) -> Pair:
        """Rows and columns of a side that has ``n`` cells along an axis."""
        return (1, n) if self.dimensions == 1 else (n, n)

    @property
    def columns(self) -> int:
        """Windows in a row."""
        return self.axis.windows

    @property
    def steps(self) -> int:
        rows, cols = self.axes
        return rows.windows * cols.windows

    # ---- numbers -----------------------------------------------------------------------------------------------------

    @cached_property
    def input(self) -> Values:
        """Cells numbered from 1, row by row, so that it can be seen where the border takes its numbers from."""
        shape = self.shape(self.n)
        return np.arange(1.0, shape[0] * shape[1] + 1).reshape(shape)

    @cached_property
    def padded(self) -> Values:
        """The input of a convolution with its border."""
        sides = self.padding * self.dimensions
        padded: Values = ops.pad(self.input[None], sides, mode=PADDING_MODES[self.padding_mode])[0].astype(np.float64)
        return padded

    @cached_property
    def output(self) -> Values:
        """The convolution with a kernel of ones; of a transposed one its output before the border is cut off."""
        return self.stamped(self.steps) if self.transposed else self._convolved(self.padded)

    @cached_property
    def result(self) -> Values:
        """The output of the layer; of a transposed convolution without what is cut off."""
        return self._inner(self.output) if self.transposed else self.output

    @cached_property
    def again(self) -> Values:
        """What a convolution with the same settings makes of the output of a transposed one."""
        rows, cols = (self.padding, self.padding) if self.dimensions == 2 else ((0, 0), self.padding)
        return self._convolved(np.pad(self.result, (rows, cols)))

    def stamped(self, steps: int) -> Values:
        """The output of a transposed convolution, border included, after the stamps of the first ``steps`` cells."""
        x: Values = np.where(np.arange(self.input.size) < steps, self.input.ravel(), 0.0).reshape(self.input.shape)
        rows, cols = self.axes
        for axis, vertical in ((rows, True), (cols, False)):
            ones, stride, dilation = upright(axis, vertical)
            x = ops.conv_transpose2d(x[None], ones, stride=stride, dilation=dilation)[0].astype(np.float64)
        height, width = np.shape(x)  # output padding may reach further
        return np.pad(x, ((0, rows.length - height), (0, cols.length - width)))

    def _convolved(self, x: Values) -> Values:
        """A kernel of ones sums up columns and then rows, which is less work than both at once."""
        for axis, vertical in zip(self.axes, (True, False), strict=True):
            ones, stride, dilation = upright(axis, vertical)
            x = ops.conv2d(x[None], ones, stride=stride, dilation=dilation)[0].astype(np.float64)
        return x

    def _inner(self, long: Values) -> Values:
        """A long side without its border."""
        rows, cols = self.axes
        return long[rows.before : rows.length - rows.after, cols.before : cols.length - cols.after]

    # ---- how often a cell is used ------------------------------------------------------------------------------------

    @cached_property
    def border(self) -> NDArray[np.bool_]:
        """Which cells of the long side are padding, or are cut off."""
        border = np.ones([axis.length for axis in self.axes], bool)
        rows, cols = self.axes
        border[rows.before : rows.length - rows.after, cols.before : cols.length - cols.after] = False
        return border

    def touched(self, steps: int) -> Values:
        """How many of the first ``steps`` windows, row by row, touch each cell of the long side."""
        rows, cols = self.axes
        full, rest = divmod(steps, cols.windows)
        counts = np.outer(rows.touched(0, full), cols.touched(0, cols.windows))
        return counts + np.outer(rows.touched(full, full + 1), cols.touched(0, rest)) if rest else counts

    @cached_property
    def usage(self) -> Values:
        """How often each cell of the input is used by a convolution, or how many stamps each output cell gets.

        The first is the gradient of the sum of all outputs, for a kernel of ones.
        """
        return self._inner(self.touched(self.steps)) if self.transposed else self.used(self.steps)

    def used(self, steps: int) -> Values:
        """How often the first ``steps`` windows use each cell of the input, its copies in the border included."""
        counts = self.touched(steps)
        if self.padding_mode == "zeros":
            return self._inner(counts)
        copies = (self.sources[:, None] == np.arange(self.n)).astype(np.float64)
        gathered: Values = counts @ copies if self.dimensions == 1 else copies.T @ counts @ copies
        return gathered

    @cached_property
    def unreached(self) -> NDArray[np.bool_]:
        """Which cells of the long side no window touches; an input cell counts as touched where a copy of it is."""
        unreached: NDArray[np.bool_] = self.touched(self.steps) == 0
        if not self.transposed:
            unreached[~self.border] = self.usage.ravel() == 0
        return unreached

    @cached_property
    def sources(self) -> NDArray[np.intp]:
        """For each cell along the padded axis the input cell that it copies; −1 for a zero."""
        order = np.arange(1.0, self.n + 1)[None]
        mode = PADDING_MODES[self.padding_mode]
        numbered: NDArray[np.intp] = ops.pad(order, self.padding, mode=mode)[0].astype(np.intp)
        return numbered - 1

    def at(self, index: int) -> "ShapesStep":
        """Window number ``index``, row by row from the top left."""
        if not 0 <= index < self.steps:
            raise ValueError(f"step must be from 0 to {self.steps - 1}, but is {index}")
        return ShapesStep(self, *divmod(index, self.columns))

    def over(self, row: int, col: int) -> int:
        """The number of the window whose middle is nearest to a cell of the long side."""
        rows, cols = self.axes
        return rows.over(row) * self.columns + cols.over(col)


@dataclass(frozen=True)
class ShapesStep:
    """One window of a layer."""

    shapes: Shapes
    row: int
    col: int

    @property
    def index(self) -> int:
        return self.row * self.shapes.columns + self.col

    @property
    def name(self) -> str:
        """How the window's cell of the short side is called."""
        return f"[{self.col}]" if self.shapes.dimensions == 1 else f"[{self.row}, {self.col}]"

    @cached_property
    def taps(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the long side that the window touches."""
        rows, cols = self.shapes.axes
        return rows.taps(self.row), cols.taps(self.col)

    @cached_property
    def in_border(self) -> int:
        """How many of its taps lie in the border."""
        rows, cols = self.taps
        return int(self.shapes.border[np.ix_(rows, cols)].sum())

    @cached_property
    def copied(self) -> tuple[Pair, ...]:
        """The input cells, row and column, whose copies in the border the window touches."""
        s = self.shapes
        if s.transposed or s.padding_mode == "zeros" or not self.in_border:
            return ()
        row_sources = s.sources if s.dimensions == 2 else np.zeros(1, np.intp)
        rows, cols = self.taps
        found = {(int(row_sources[r]), int(s.sources[c])) for r in rows for c in cols if s.border[r, c]}
        return tuple(sorted(found))


def layer_shapes(
    dimensions: int = 2,
    n: int = 5,
    kernel_size: int = 3,
    stride: int = 1,
    padding: int | str = 0,
    padding_mode: str = "zeros",
    dilation: int = 1,
    transposed: bool = False,
    output_padding: int = 0,
) -> Shapes:
    """The sizes of a layer, its arguments as in ``torch.nn.Conv2d`` and ``torch.nn.ConvTranspose2d``.

    ``output_padding`` is that of a transposed convolution, and does nothing to another.

    Raises:
        ValueError: a number that cannot be, a kernel larger than the padded input, padding that the mode cannot fill,
            "same" with a stride, or what a transposed convolution does not have.
    """
    if dimensions not in (1, 2):
        raise ValueError(f"dimensions must be 1 or 2, but is {dimensions}")
    at_most("n", (arguments.integer("n", n, 1),), MOST)
    at_most("kernel_size", (arguments.integer("kernel_size", kernel_size, 1),), MOST_KERNEL)
    for name, value in (("stride", stride), ("dilation", dilation)):
        at_most(name, (arguments.integer(name, value, 1),), MOST)
    if transposed and isinstance(padding, str):
        raise ValueError(f"padding of a transposed convolution must be a whole number, but is {padding!r}")
    if transposed and padding_mode != "zeros":
        raise ValueError(f"padding_mode of a transposed convolution can only be 'zeros', but is {padding_mode!r}")
    if not isinstance(padding, str):
        at_most("padding", (arguments.integer("padding", padding),), MOST)
    (sides,) = arguments.conv_padding(padding, (kernel_size,), (stride,), (dilation,))
    shapes = Shapes(
        dimensions, n, kernel_size, stride, (sides[0], sides[1]), padding_mode, dilation, transposed,
        output_padding if transposed else 0, padding == "same",
    )  # fmt: skip
    most = {"reflect": n - 1, "circular": n}.get(padding_mode, MOST)  # a mirror does not repeat the cell it stands on
    if max(sides) > most:
        remedy = f"use at most {most}" if most else "use another mode"
        raise ValueError(f"padding {max(sides)} is more than padding_mode {padding_mode!r} can fill from {n}: {remedy}")
    _ = shapes.size  # refuses a kernel that does not fit
    return shapes
