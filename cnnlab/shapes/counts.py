"""How much a layer learns, computes and keeps: parameters, multiply-accumulates, comparisons, bytes.

A multiply-accumulate (MAC) is one multiplication whose product is added to a running sum: the unit in which papers
compare networks (twice that in floating-point operations). Counted as there: for one image, every tap of the kernel,
those that meet padding too, and without the addition of the bias.

Letters of the formulas: C input channels, F filters (output channels), g groups, k kernel size, H and W height and
width.
"""

from __future__ import annotations  # so that help() says DTypeLike, not its long definition

from collections.abc import Sequence
from math import prod

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Ints, flag, integer, integers, pair
from cnnlab.shapes.derivation import Derivation, subscript

LETTERS = {2: "NC", 3: "CHW", 4: "NCHW"}  # what the axes of an array are called, by their number

# ---- parameters --------------------------------------------------------------------------------------------------


def conv_parameters(
    in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1, bias: bool = True
) -> int:
    """Numbers that a convolution learns; a transposed convolution has as many.

        (k * k * C / g + 1) * F

    Each of the F filters has a slice of k x k weights for each channel that it looks at, and one bias. The size of the
    image is not in it.

    Args:
        in_channels, out_channels: C and F.
        kernel_size: k, or (height, width); a 1-D kernel is (1, k).
        groups: filters look at C / groups channels each; C for depthwise convolution.
        bias: whether there is one.

    Raises:
        ValueError: a number that cannot be, or groups does not divide the channels.
    """
    return conv_parameters_derivation(in_channels, out_channels, kernel_size, groups=groups, bias=bias).result


def conv_parameters_derivation(
    in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1, bias: bool = True
) -> Derivation:
    """`conv_parameters` with its formula."""
    c, f, g = checked_channels(in_channels, out_channels, groups)
    k = pair("kernel_size", kernel_size, 1)
    per_filter = prod(k) * (c // g)
    symbols, numbers = f"{_symbols(k)}·C", f"{_numbers(k)}·{c}"
    if g > 1:
        symbols, numbers = f"{symbols} / g", f"{numbers} / {g}"
    if flag("bias", bias):
        return Derivation("parameters", f"({symbols} + 1)·F", f"({numbers} + 1)·{f}", (per_filter + 1) * f)
    if g > 1:
        symbols, numbers = f"({symbols})", f"({numbers})"
    return Derivation("parameters", f"{symbols}·F", f"{numbers}·{f}", per_filter * f)


def linear_parameters(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """Numbers that a dense layer learns, from n inputs to m outputs: each output has a weight an input, and one bias.

        (n + 1) * m

    Raises:
        ValueError: a number that cannot be.
    """
    return linear_parameters_derivation(in_features, out_features, bias=bias).result


def linear_parameters_derivation(in_features: int, out_features: int, *, bias: bool = True) -> Derivation:
    """`linear_parameters` with its formula."""
    n, m = integer("in_features", in_features, 1), integer("out_features", out_features, 1)
    if flag("bias", bias):
        return Derivation("parameters", "(n + 1)·m", f"({n} + 1)·{m}", (n + 1) * m)
    return Derivation("parameters", "n·m", f"{n}·{m}", n * m)


def batch_norm_parameters(num_features: int) -> int:
    """Numbers that batch normalization learns: one gamma (scale) and one beta (shift) a channel.

        2 * C

    The running mean and variance are as many again, but they are measured, not learned.

    Raises:
        ValueError: a number that cannot be.
    """
    return batch_norm_parameters_derivation(num_features).result


def batch_norm_parameters_derivation(num_features: int) -> Derivation:
    """`batch_norm_parameters` with its formula."""
    c = integer("num_features", num_features, 1)
    return Derivation("parameters", "2·C", f"2·{c}", 2 * c)


# ---- work --------------------------------------------------------------------------------------------------------


def conv_macs(output_size: Ints, in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1) -> int:
    """Multiply-accumulates of a convolution: each of the F * H * W output cells sums k * k * C / g products.

        F * H * W * k * k * C / g

    Args:
        output_size: (H, W) of the output, or one number for a square.
        in_channels, out_channels, kernel_size, groups: as in `conv_parameters`.

    Raises:
        ValueError: a number that cannot be, or groups does not divide the channels.
    """
    return conv_macs_derivation(output_size, in_channels, out_channels, kernel_size, groups=groups).result


def conv_macs_derivation(
    output_size: Ints, in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1
) -> Derivation:
    """`conv_macs` with its formula."""
    c, f, g = checked_channels(in_channels, out_channels, groups)
    size, k = pair("output_size", output_size, 1), pair("kernel_size", kernel_size, 1)
    symbols, numbers = f"F·H·W·{_symbols(k)}·C", f"{f}·{_numbers(size)}·{_numbers(k)}·{c}"
    if g > 1:
        symbols, numbers = f"{symbols} / g", f"{numbers} / {g}"
    return Derivation("MACs", symbols, numbers, f * prod(size) * prod(k) * (c // g))


def conv_transpose_macs(
    input_size: Ints, in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1
) -> int:
    """Multiply-accumulates of a transposed convolution: each of the C * H * W input cells is multiplied by k * k
    weights of F / g filters.

        C * H * W * k * k * F / g

    Args:
        input_size: (H, W) of the input, or one number for a square.
        in_channels, out_channels, kernel_size, groups: as in `conv_parameters`.

    Raises:
        ValueError: a number that cannot be, or groups does not divide the channels.
    """
    return conv_transpose_macs_derivation(input_size, in_channels, out_channels, kernel_size, groups=groups).result


def conv_transpose_macs_derivation(
    input_size: Ints, in_channels: int, out_channels: int, kernel_size: Ints, *, groups: int = 1
) -> Derivation:
    """`conv_transpose_macs` with its formula."""
    c, f, g = checked_channels(in_channels, out_channels, groups)
    size, k = pair("input_size", input_size, 1), pair("kernel_size", kernel_size, 1)
    symbols, numbers = f"C·H·W·{_symbols(k)}·F", f"{c}·{_numbers(size)}·{_numbers(k)}·{f}"
    if g > 1:
        symbols, numbers = f"{symbols} / g", f"{numbers} / {g}"
    return Derivation("MACs", symbols, numbers, c * prod(size) * prod(k) * (f // g))


def linear_macs(in_features: int, out_features: int) -> int:
    """Multiply-accumulates of a dense layer for one example: one a weight.

        n * m

    Raises:
        ValueError: a number that cannot be.
    """
    return linear_macs_derivation(in_features, out_features).result


def linear_macs_derivation(in_features: int, out_features: int) -> Derivation:
    """`linear_macs` with its formula."""
    n, m = integer("in_features", in_features, 1), integer("out_features", out_features, 1)
    return Derivation("MACs", "n·m", f"{n}·{m}", n * m)


def pool_operations(output_size: Ints, channels: int, kernel_size: Ints) -> int:
    """Comparisons of max pooling, or additions of average pooling: k * k cells need one less than their number.

        (k * k - 1) * C * H * W

    The division by k * k of average pooling is not counted. There are no MACs: pooling has no weights.

    Args:
        output_size: (H, W) of the output, or one number for a square.
        channels: C.
        kernel_size: k, or (height, width).

    Raises:
        ValueError: a number that cannot be.
    """
    return pool_operations_derivation(output_size, channels, kernel_size).result


def pool_operations_derivation(output_size: Ints, channels: int, kernel_size: Ints) -> Derivation:
    """`pool_operations` with its formula."""
    c = integer("channels", channels, 1)
    size, k = pair("output_size", output_size, 1), pair("kernel_size", kernel_size, 1)
    numbers = f"({_numbers(k)} − 1)·{c}·{_numbers(size)}"
    return Derivation("operations", f"({_symbols(k)} − 1)·C·H·W", numbers, (prod(k) - 1) * c * prod(size))


# ---- memory ------------------------------------------------------------------------------------------------------


def activation_bytes(shape: Sequence[int], dtype: npt.DTypeLike = "float32") -> int:
    """Bytes that an array of this shape takes; a network in training keeps the output of every layer for backward.

        product of the axes * bytes of a number

    Args:
        shape: such as (N, C, H, W).
        dtype: of the numbers: "float32" has 4 bytes, "float16" 2.

    Raises:
        ValueError: a number that cannot be, or a dtype that NumPy does not have.
    """
    return activation_bytes_derivation(shape, dtype).result


def activation_bytes_derivation(shape: Sequence[int], dtype: npt.DTypeLike = "float32") -> Derivation:
    """`activation_bytes` with its formula; b is the bytes of one number."""
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise ValueError(f"shape must be a sequence such as (N, C, H, W), but is {shape!r}")
    axes = integers("shape", shape, len(shape))
    letters = LETTERS.get(len(axes)) or [f"n{subscript(i)}" for i in range(1, len(axes) + 1)]
    b = _itemsize(dtype)
    return Derivation("bytes", "·".join([*letters, "b"]), _numbers([*axes, b]), prod(axes) * b)


# ---- checks and parts of the formulas ----------------------------------------------------------------------------


def checked_channels(in_channels: int, out_channels: int, groups: int) -> tuple[int, int, int]:
    """The three numbers, if the groups divide the channels in and out.

    Raises:
        ValueError: they do not, or a number is below 1.
    """
    c, f = integer("in_channels", in_channels, 1), integer("out_channels", out_channels, 1)
    g = integer("groups", groups, 1)
    for name, count in (("in_channels", c), ("out_channels", f)):
        if count % g:
            raise ValueError(f"groups must divide {name}, {count}, but is {g}")
    return c, f, g


def _itemsize(dtype: npt.DTypeLike) -> int:
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or found.kind not in "biuf":
        raise ValueError(f"dtype must be a NumPy dtype of numbers such as 'float32', but is {dtype!r}")
    return found.itemsize


def _symbols(kernel_size: Sequence[int]) -> str:
    height, width = kernel_size
    return "k·k" if height == width else "k₁·k₂"


def _numbers(numbers: Sequence[int]) -> str:
    return "·".join(str(number) for number in numbers)
