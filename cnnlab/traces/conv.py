"""A two-dimensional convolution, followed number by number.

:func:`convolution` computes the whole output once; :meth:`Convolution.at` shows how one output cell came about: the
window, the products, the sum, and the formula with its numbers filled in.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.ops import _arguments as arguments
from cnnlab.shapes import Derivation, conv_output_derivation, kernel_extent
from cnnlab.traces.checks import as_filters, as_image, at_most, finite
from cnnlab.traces.text import equals, factor, number, sum_of

Array = NDArray[np.float64]
Pair = tuple[int, int]

PADDING_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
"""What torch.nn.Conv2d calls a padding mode, and what torch.nn.functional.pad calls it."""

MOST_TERMS = 9
"""Products that a formula writes out one by one; of more it shows the sum of each row or channel."""


@dataclass(frozen=True, eq=False)
class ConvTrace:
    """How one output cell is computed: row ``row``, column ``col`` of feature map ``filter``.

    ``window``, ``kernel`` and ``products`` have the shape (channels of the group, kernel height, kernel width);
    ``total`` is the sum with the bias, ``value`` what stands in the output (after ReLU where there is one).
    """

    convolution: "Convolution"
    filter: int
    row: int
    col: int

    @property
    def index(self) -> int:
        """The number of the cell, counted row by row from the top left."""
        return self.row * self.convolution.columns + self.col

    @cached_property
    def channels(self) -> range:
        """The input channels that this filter looks at: all of them, or those of its group."""
        c = self.convolution
        filters, per_group = c.weight.shape[:2]
        first = self.filter // (filters // c.groups) * per_group
        return range(first, first + per_group)

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Rows of the padded input under the kernel."""
        c = self.convolution
        return self.row * c.stride[0] + c.dilation[0] * np.arange(c.kernel_size[0])

    @cached_property
    def cols(self) -> NDArray[np.intp]:
        """Columns of the padded input under the kernel."""
        c = self.convolution
        return self.col * c.stride[1] + c.dilation[1] * np.arange(c.kernel_size[1])

    @cached_property
    def window(self) -> Array:
        padded = self.convolution.padded[self.channels.start : self.channels.stop]
        window: Array = padded[:, self.rows[:, None], self.cols]
        return window

    @property
    def kernel(self) -> Array:
        kernel: Array = self.convolution.kernel[self.filter]
        return kernel

    @cached_property
    def products(self) -> Array:
        products: Array = self.window * self.kernel
        return products

    @cached_property
    def channel_sums(self) -> Array:
        sums: Array = self.products.sum(axis=(1, 2))
        return sums

    def slice_of(self, channel: int) -> int:
        """The slice of the kernel for an input channel, or the nearest where the filter does not look at it."""
        return min(max(channel - self.channels.start, 0), len(self.channels) - 1)

    @property
    def bias(self) -> float:
        bias = self.convolution.bias
        return 0.0 if bias is None else float(bias[self.filter])

    @cached_property
    def total(self) -> float:
        return float(self.products.sum()) + self.bias

    @property
    def value(self) -> float:
        return max(self.total, 0.0) if self.convolution.relu else self.total

    @cached_property
    def in_padding(self) -> NDArray[np.bool_]:
        """Which taps of the window lie in the padding."""
        return self.convolution.border[self.rows[:, None], self.cols]

    # ---- the sum as text -----------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The output cell, as its formula calls it; the filter appears only where there are several."""
        place = (self.row, self.col) if len(self.convolution.output) == 1 else (self.filter, self.row, self.col)
        return f"y[{', '.join(str(i) for i in place)}]"

    def formula(self) -> str:
        """The sum with its numbers filled in, up to and without the sign before the result."""
        text = self._terms() + (f" + {factor(self.bias)}" if self.bias else "")
        return f"relu({text})" if self.convolution.relu else text

    def sign(self) -> str:
        """ "=" where every number of the formula is shown exactly, "≈" where one is rounded."""
        shown = [*self.window.ravel(), *self.kernel.ravel()] if self.written_out else self._partial_sums()
        return equals(self.value, self.bias, *(float(v) for v in shown))

    @property
    def written_out(self) -> bool:
        """Whether the formula shows each product, and not the sums of rows or channels."""
        return self.window.size <= MOST_TERMS

    def terms_are(self) -> str:
        """What the terms of the formula are, where they are not single products; "" otherwise."""
        if self.written_out:
            return ""
        return "one term a channel" if len(self.channels) > 1 else "one term a row of the window"

    def _terms(self) -> str:
        if self.written_out:
            pairs = zip(self.window.ravel(), self.kernel.ravel(), strict=True)
            return " + ".join(f"{number(x)}·{factor(w)}" for x, w in pairs)
        return sum_of(self._partial_sums())

    def _partial_sums(self) -> list[float]:
        sums = self.channel_sums if len(self.channels) > 1 else self.products[0].sum(axis=1)
        return [float(v) for v in sums]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution with all its settings and results; arrays are float64.

    ``input`` is (C, H, W), ``weight`` (F, C / groups, kernel height, kernel width) as it was given, ``kernel`` as it is
    laid on the window (turned by 180 degrees for a true convolution), ``padded`` the input with its border,
    ``output`` (F, H out, W out). ``padding`` is ((top, bottom), (left, right)).
    """

    input: Array
    weight: Array
    bias: Array | None
    stride: Pair
    padding: tuple[Pair, Pair]
    padding_mode: str
    dilation: Pair
    groups: int
    flip: bool
    relu: bool
    padded: Array
    output: Array

    @cached_property
    def kernel(self) -> Array:
        return ops.flip_kernel(self.weight).astype(np.float64, copy=False) if self.flip else self.weight

    @property
    def kernel_size(self) -> Pair:
        return self.weight.shape[2], self.weight.shape[3]

    @property
    def extent(self) -> Pair:
        """Cells of the padded input that the kernel covers, holes of a dilation included."""
        (kh, kw), (dh, dw) = self.kernel_size, self.dilation
        return kernel_extent(kh, dh), kernel_extent(kw, dw)

    @property
    def columns(self) -> int:
        """Columns of the output."""
        return int(self.output.shape[2])

    @property
    def steps(self) -> int:
        """Output cells of one feature map."""
        return int(self.output.shape[1] * self.output.shape[2])

    @cached_property
    def border(self) -> NDArray[np.bool_]:
        """Which cells of the padded input are padding."""
        border = np.ones(self.padded.shape[1:], bool)
        (top, _), (left, _) = self.padding
        _, height, width = self.input.shape
        border[top : top + height, left : left + width] = False
        return border

    def sizes(self) -> list[Derivation]:
        """The output size with its formula: one line where height and width agree, otherwise two."""
        height, width = (
            conv_output_derivation(n, k, s, p, d, name)
            for n, k, s, p, d, name in zip(
                self.input.shape[1:],
                self.kernel_size,
                self.stride,
                self.padding,
                self.dilation,
                ("height", "width"),
                strict=True,
            )
        )
        if height.numbers == width.numbers:
            return [Derivation("size", height.symbols, height.numbers, height.result)]
        return [height, width]

    def unreached(self) -> Pair:
        """Rows and columns at the end of the padded input that no window reaches (the floor of the formula)."""
        (_, rows, cols), (_, out_rows, out_cols) = self.padded.shape, self.output.shape
        (sh, sw), (eh, ew) = self.stride, self.extent
        return rows - ((out_rows - 1) * sh + eh), cols - ((out_cols - 1) * sw + ew)

    def at(self, index: int, filter: int = 0) -> ConvTrace:
        """The output cell number ``index`` (row by row from the top left) of feature map ``filter``."""
        for name, value, count in (("step", index, self.steps), ("filter", filter, len(self.output))):
            if not 0 <= value < count:
                raise ValueError(f"{name} must be from 0 to {count - 1}, but is {value}")
        row, col = divmod(index, self.columns)
        return ConvTrace(self, filter, row, col)

    def over(self, row: int, col: int) -> int:
        """The index of the output cell whose window has its middle nearest to a cell of the padded input."""
        height, width = self.extent
        return self._starting_nearest(row - (height - 1) / 2, col - (width - 1) / 2)

    def nearest(self, trace: ConvTrace) -> int:
        """The index of the output cell whose window starts nearest to that of a ``trace`` of another convolution.

        Places are compared in the image, without its padding.
        """
        before = trace.convolution
        top = trace.row * before.stride[0] - before.padding[0][0] + self.padding[0][0]
        left = trace.col * before.stride[1] - before.padding[1][0] + self.padding[1][0]
        return self._starting_nearest(top, left)

    def _starting_nearest(self, top: float, left: float) -> int:
        _, rows, cols = self.output.shape
        row = min(max(round(top / self.stride[0]), 0), rows - 1)
        col = min(max(round(left / self.stride[1]), 0), cols - 1)
        return int(row * cols + col)


def convolution(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    flip: bool = False,
    relu: bool = False,
) -> Convolution:
    """Compute a convolution of one image and keep everything that there is to show.

    The arguments are those of ``torch.nn.functional.conv2d`` for an unbatched image, with ``padding_mode`` as in
    ``torch.nn.Conv2d``, ``flip`` for the true convolution (kernel turned by 180 degrees) and ``relu`` on the output.
    ``input`` is (C, H, W) or (H, W); ``weight`` is (F, C / groups, kh, kw), or (kh, kw) for one filter on one channel.
    """
    x = as_image(input)
    w = as_filters(weight)
    b = None if bias is None else finite("bias", np.atleast_1d(arguments.as_array("bias", bias)))
    if padding_mode not in PADDING_MODES:
        raise ValueError(f"padding_mode must be one of {', '.join(PADDING_MODES)}, but is {padding_mode!r}")
    strides = at_most("stride", arguments.pair("stride", stride, minimum=1))
    dilations = at_most("dilation", arguments.pair("dilation", dilation, minimum=1))
    (top, bottom), (left, right) = arguments.conv_padding(padding, w.shape[2:], strides, dilations)
    at_most("padding", (top, bottom, left, right))
    padded = ops.pad(x, (left, right, top, bottom), mode=PADDING_MODES[padding_mode]).astype(np.float64, copy=False)
    convolve = ops.true_conv2d if flip else ops.conv2d
    with np.errstate(over="ignore", invalid="ignore"):  # said below, in words
        z: Array = convolve(padded, w, b, strides, 0, dilations, groups).astype(np.float64, copy=False)
    if not np.isfinite(z).all():
        raise ValueError(
            "the numbers of input, weight and bias are too large: their sum is beyond what a number can hold"
        )
    return Convolution(
        input=x,
        weight=w,
        bias=b,
        stride=strides,
        padding=((top, bottom), (left, right)),
        padding_mode=padding_mode,
        dilation=dilations,
        groups=int(groups),
        flip=bool(flip),
        relu=bool(relu),
        padded=padded,
        output=np.maximum(z, 0.0) if relu else z,
    )
