"""Pooling of one image, followed number by number.

`pooling` computes the whole output once; `Pooling.at` shows how one output cell came about (the window, who won or what
was averaged, the formula with its numbers) and what happens to its gradient on the way back.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops._arguments import Ints, one_of, pair
from cnnlab.ops.pool import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from cnnlab.shapes import Derivation, kernel_extent, pool_output_derivation
from cnnlab.traces.arrays import bounded, read_only, within
from cnnlab.traces.checks import as_image, at_most
from cnnlab.traces.equation import MOST_TERMS, Equation, equation, total

Array = NDArray[np.float64]
Pair = tuple[int, int]

KINDS = ("max", "average", "global max", "global average")


@dataclass(frozen=True, eq=False)
class PoolTrace:
    """How one output cell is computed: row `row`, column `col` of channel `channel`.

    `rows` and `cols` are those of the padded input under the window; the part of a window that hangs over the end of
    the padded input (`ceil_mode`) is not among them. `window` holds 0 where it lies in the padding, or for a maximum
    minus infinity, which is never chosen.
    """

    pooling: "Pooling"
    channel: int
    row: int
    col: int

    @property
    def index(self) -> int:
        """The number of the cell, counted row by row from the top left."""
        return self.row * self.pooling.columns + self.col

    @property
    def rows(self) -> NDArray[np.intp]:
        return self._under(0, self.row)

    @property
    def cols(self) -> NDArray[np.intp]:
        return self._under(1, self.col)

    def _under(self, axis: int, place: int) -> NDArray[np.intp]:
        p = self.pooling
        cells = place * p.stride[axis] + p.dilation[axis] * np.arange(p.kernel_size[axis])
        inside: NDArray[np.intp] = cells[cells < p.padded.shape[1 + axis]]
        return inside

    @cached_property
    def window(self) -> Array:
        return read_only(self.pooling.padded[self.channel, self.rows[:, None], self.cols])

    @cached_property
    def in_padding(self) -> NDArray[np.bool_]:
        """Which cells of the window lie in the padding."""
        (top, left), (_, height, width) = self.pooling.padding, self.pooling.input.shape
        rows, cols = self.rows[:, None] - top, self.cols - left
        outside: NDArray[np.bool_] = (rows < 0) | (rows >= height) | (cols < 0) | (cols >= width)
        return outside

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Which cells are compared or averaged: those of the padding only in an average that counts them."""
        p = self.pooling
        counted: NDArray[np.bool_] = ~self.in_padding | (not p.is_max and p.count_include_pad)
        return counted

    @property
    def value(self) -> float:
        return float(self.pooling.output[self.channel, self.row, self.col])

    @cached_property
    def ties(self) -> NDArray[np.bool_]:
        """The cells of the window that are equal to its maximum; all False for an average."""
        ties: NDArray[np.bool_] = self.pooling.is_max & self.counted & (self.window == self.value)
        return ties

    @property
    def winner(self) -> Pair | None:
        """Row and column, in the window, of the cell that is the maximum; None for an average.

        Of several that are equal, the first one row by row.
        """
        if not self.ties.any():
            return None
        row, col = divmod(int(self.ties.argmax()), self.window.shape[1])
        return row, col

    @property
    def place(self) -> Pair | None:
        """Row and column of the winner in the input."""
        if self.winner is None:
            return None
        (row, col), (top, left) = self.winner, self.pooling.padding
        return int(self.rows[row]) - top, int(self.cols[col]) - left

    @cached_property
    def sum(self) -> float:
        """The sum of the cells in the window."""
        return float(self.window[self.counted].sum())

    @property
    def divisor(self) -> int:
        """What the sum is divided by: how many cells are counted."""
        return int(self.counted.sum())

    # ---- as text ---------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The output cell, as its formula calls it; the channel appears only where there are several."""
        return f"y{_place(self.pooling, self.channel, self.row, self.col)}"

    @cached_property
    def equation(self) -> Equation:
        """The formula with its numbers."""
        cells = self.window[self.counted]
        if not self.pooling.is_max:
            template, numbers = total(cells)
            return equation(self.name, "sum / cells", f"({template}) / {self.divisor}", numbers, self.value)
        shown = list(cells) if len(cells) <= MOST_TERMS else [*cells[:3], cells[-1]]
        listed = ["{:n}"] * len(shown)
        if len(cells) > MOST_TERMS:
            listed.insert(3, "…")
        template = f"max({', '.join(listed)})" if len(cells) > 1 else "{}"
        return equation(self.name, "max of the window", template, shown, self.value)

    def shares(self, grad: float = 1.0) -> Array:
        """How much of the gradient `grad` of this output cell goes to each cell of the window.

        A maximum gives all to its winner, an average the same to every cell that it counted; what goes to the padding
        is lost.
        """
        if self.pooling.is_max:
            shares = np.zeros(self.window.shape)
            if self.winner is not None:
                shares[self.winner] = grad
            return read_only(shares)
        return read_only(np.where(self.counted, grad / max(self.divisor, 1), 0.0))


@dataclass(frozen=True, eq=False)
class Pooling:
    """A pooling with all its settings and results; arrays are float64 and read-only.

    `input` is (C, H, W), `padded` the input with its border, `output` (C, H out, W out); `padding` is (rows, columns)
    on each side.
    """

    input: Array
    kind: str
    kernel_size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    ceil_mode: bool
    count_include_pad: bool
    padded: Array
    output: Array

    @property
    def is_max(self) -> bool:
        return self.kind.endswith("max")

    @property
    def columns(self) -> int:
        """Columns of the output."""
        return int(self.output.shape[2])

    @property
    def steps(self) -> int:
        """Output cells of one channel."""
        return int(self.output.shape[1] * self.output.shape[2])

    def at(self, index: int, channel: int = 0) -> PoolTrace:
        """The output cell number `index` (row by row from the top left) of a channel."""
        row, col = divmod(within("step", index, self.steps), self.columns)
        return PoolTrace(self, within("channel", channel, len(self.output)), row, col)

    def sizes(self) -> list[Derivation]:
        """The output size with its formula: one line where height and width agree, otherwise two."""
        axes = zip(self.input.shape[1:], self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        height, width = (
            pool_output_derivation(*axis, self.ceil_mode, name)
            for axis, name in zip(axes, ("height", "width"), strict=True)
        )
        return [replace(height, name="size")] if height.numbers == width.numbers else [height, width]

    def unreached(self) -> Pair:
        """Rows and columns at the end of the padded input that no window reaches."""
        last = self.at(self.steps - 1)
        _, rows, cols = self.padded.shape
        return rows - 1 - int(last.rows[-1]), cols - 1 - int(last.cols[-1])

    def over(self, row: float, col: float) -> int:
        """The index of the output cell whose window has its middle nearest to a place in the padded input."""
        _, rows, cols = self.output.shape
        starts = (
            (place - (kernel_extent(k, d) - 1) / 2) / s
            for place, k, d, s in zip((row, col), self.kernel_size, self.dilation, self.stride, strict=True)
        )
        i, j = (min(max(round(start), 0), count - 1) for start, count in zip(starts, (rows, cols), strict=True))
        return int(i * cols + j)

    # ---- backward --------------------------------------------------------------------------------------------------

    def backward(self, grad_output: ArrayLike) -> Array:
        """The gradient of the input, (C, H, W), given that of the output."""
        settings = (self.input, self.kernel_size, self.stride, self.padding)
        if self.is_max:
            return read_only(max_pool2d_backward(grad_output, *settings, self.dilation, self.ceil_mode))
        return read_only(avg_pool2d_backward(grad_output, *settings, self.ceil_mode, self.count_include_pad))

    def received(self, grad_output: ArrayLike, row: int, col: int, channel: int = 0) -> Equation:
        """What an input cell gets back, as the sum of its shares from all windows that saw it."""
        grad_input, grads = self.backward(grad_output), np.asarray(grad_output, np.float64)
        _, height, width = self.input.shape
        i, j = within("row", row, height), within("col", col, width)
        place = _place(self, within("channel", channel, len(self.input)), i, j)
        shares = []
        for trace in (self.at(index, channel) for index in range(self.steps)):
            under = (trace.rows == i + self.padding[0])[:, None] & (trace.cols == j + self.padding[1])
            if under.any() and (not self.is_max or trace.place == (i, j)):
                shares.append(float(trace.shares(grads[channel, trace.row, trace.col])[under].item()))
        symbols = "what its windows send back" if shares else "no window sends anything back"
        return equation(f"dx{place}", symbols, *total(shares), grad_input[channel, i, j])


def pooling(
    input: ArrayLike,
    kind: str = "max",
    kernel_size: Ints = 2,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    *,
    count_include_pad: bool = True,
) -> Pooling:
    """Pool one image and keep everything that there is to show.

    Args:
        input: (C, H, W) or (H, W).
        kind: "max", "average", "global max" or "global average". The global ones have one window, the whole image;
            every other setting is that of `torch.nn.functional.max_pool2d` and `avg_pool2d`, and belongs to the others.
        kernel_size, stride, padding: a number or (vertical, horizontal).
        dilation: of a maximum; an average has none.

    Raises:
        ValueError: as the ops say; another kind; a dilation of an average; settings of a global pool.
    """
    x = as_image(input)  # a copy
    x.setflags(write=False)
    one_of("kind", kind, KINDS)
    if kind.startswith("global"):
        if (stride, padding, dilation) != (None, 0, 1):
            raise ValueError(f"{kind} pooling has one window, the whole image: leave stride, padding and dilation out")
        kernel_size = stride = x.shape[1:]
    kernel = pair("kernel_size", kernel_size, minimum=1)
    strides = kernel if stride is None else pair("stride", stride, minimum=1)
    borders = at_most("padding", pair("padding", padding))
    gaps = pair("dilation", dilation, minimum=1)
    is_max = kind.endswith("max")
    if not is_max and gaps != (1, 1):
        raise ValueError(f"dilation must be 1 for average pooling, but is {dilation}")
    (top, left), empty = borders, -np.inf if is_max else 0.0
    padded = x
    if top or left:
        padded = read_only(np.pad(x, ((0, 0), (top, top), (left, left)), constant_values=empty))
    output = _output(is_max, x, (kernel, strides, borders), gaps, ceil_mode, count_include_pad)
    return Pooling(x, kind, kernel, strides, borders, gaps, ceil_mode, count_include_pad, padded, output)


def _output(
    is_max: bool, x: Array, windows: tuple[Pair, Pair, Pair], dilation: Pair, ceil_mode: bool, count_include_pad: bool
) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
        if not is_max:
            return bounded("output", avg_pool2d(x, *windows, ceil_mode, count_include_pad))
        output = max_pool2d(x, *windows, dilation, ceil_mode)
    if np.isneginf(output).any():
        raise ValueError("a window sees nothing but padding: use less padding or a smaller dilation")
    return bounded("output", output)


def _place(pooling: Pooling, channel: int, row: int, col: int) -> str:
    place = (row, col) if len(pooling.output) == 1 else (channel, row, col)
    return f"[{', '.join(str(i) for i in place)}]"
