"""Output sizes along one axis, and the derivations that show why.

The formulas are those of Dumoulin and Visin (2016), "A guide to convolution arithmetic for deep learning". Height and
width follow them separately.
"""

from cnnlab.ops._arguments import conv_padding, flag, integer, integers, window_counts
from cnnlab.ops._conv_arguments import conv_transpose_counts
from cnnlab.ops._pool_arguments import pool_counts
from cnnlab.shapes.derivation import Derivation

Padding = int | tuple[int, int]
Text = tuple[str, str]  # in symbols, with numbers


def kernel_extent(kernel_size: int, dilation: int = 1) -> int:
    """Cells that a dilated kernel covers along one axis: `dilation * (kernel_size - 1) + 1`.

    Raises:
        ValueError: kernel_size or dilation is not a whole number of at least 1.
    """
    return integer("dilation", dilation, 1) * (integer("kernel_size", kernel_size, 1) - 1) + 1


# ---- 'same' padding ----------------------------------------------------------------------------------------------


def same_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """Padding before and after an axis that keeps its size at stride 1.

    An even kernel needs an odd number of cells in all: the extra one goes to the end, as in PyTorch.

    Raises:
        ValueError: kernel_size or dilation is not a whole number of at least 1.
    """
    kernel_size, dilation = integer("kernel_size", kernel_size, 1), integer("dilation", dilation, 1)
    ((before, after),) = conv_padding("same", (kernel_size,), (1,), (dilation,))
    return before, after


def same_padding_derivation(kernel_size: int, dilation: int = 1) -> tuple[Derivation, ...]:
    """`same_padding` with its formula: one line where both sides are alike, otherwise one for each side."""
    before, after = same_padding(kernel_size, dilation)
    symbols = "(k − 1)" if dilation == 1 else "d(k − 1)"
    numbers = f"({kernel_size} − 1)" if dilation == 1 else f"{dilation}·({kernel_size} − 1)"
    if before == after:
        return (Derivation("p", f"{symbols} / 2", f"{numbers} / 2", before),)
    return (
        Derivation("p₁", f"⌊{symbols} / 2⌋", f"⌊{numbers} / 2⌋", before),
        Derivation("p₂", f"⌈{symbols} / 2⌉", f"⌈{numbers} / 2⌉", after),
    )


# ---- convolution -------------------------------------------------------------------------------------------------


def conv_output_size(n: int, kernel_size: int, stride: int = 1, padding: Padding = 0, dilation: int = 1) -> int:
    """Output cells of a convolution along one axis of n cells.

        floor((n + 2 p - d (k - 1) - 1) / s) + 1

    (Dumoulin and Visin 2016, relationship 15). `padding` is p, or a pair (before, after) where the two sides differ.

    Raises:
        ValueError: a number that cannot be, or the kernel is larger than the padded input.
    """
    return conv_output_derivation(n, kernel_size, stride, padding, dilation).result


def conv_output_derivation(
    n: int, kernel_size: int, stride: int = 1, padding: Padding = 0, dilation: int = 1, name: str = "size"
) -> Derivation:
    """`conv_output_size` with its formula; the dilation appears only where it is not 1."""
    n, kernel_size, stride, dilation = _axis(n, kernel_size, stride, dilation)
    before, after = integers("padding", padding, 2)
    (result,) = window_counts((n + before + after,), (kernel_size,), (stride,), (dilation,))
    room = _room(n, kernel_size, before, after, dilation)
    return Derivation(name, f"⌊({room[0]}) / s⌋ + 1", f"⌊({room[1]}) / {stride}⌋ + 1", result)


# ---- pooling -----------------------------------------------------------------------------------------------------


def pool_output_size(
    n: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Output cells of max or average pooling along one axis of n cells.

        floor((n + 2 p - d (k - 1) - 1) / s) + 1

    `stride` is the kernel size where it is not given, as in PyTorch. `ceil_mode` rounds up: a window that the end of
    the padded input cuts off counts, too, but only if it starts in the input or in the padding before it.

    Raises:
        ValueError: a number that cannot be, padding is more than half the kernel, or no window fits.
    """
    return pool_output_derivation(n, kernel_size, stride, padding, dilation, ceil_mode).result


def pool_output_derivation(
    n: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
    name: str = "size",
) -> Derivation:
    """`pool_output_size` with its formula, and a note where a window is left out although it is counted."""
    n, kernel_size, stride, dilation = _axis(n, kernel_size, kernel_size if stride is None else stride, dilation)
    padding, ceil_mode = integer("padding", padding), flag("ceil_mode", ceil_mode)
    (result,) = pool_counts((n,), (kernel_size,), (stride,), (padding,), (dilation,), ceil_mode)
    room = _room(n, kernel_size, padding, padding, dilation)
    if not ceil_mode:
        return Derivation(name, f"⌊({room[0]}) / s⌋ + 1", f"⌊({room[1]}) / {stride}⌋ + 1", result)
    symbols, numbers = f"⌈({room[0]}) / s⌉ + 1", f"⌈({room[1]}) / {stride}⌉ + 1"
    rounded_up = -(-(n + 2 * padding - kernel_extent(kernel_size, dilation)) // stride) + 1
    if result == rounded_up:
        return Derivation(name, symbols, numbers, result)
    note = "the last window starts behind the input: left out"
    return Derivation(name, f"{symbols} − 1", f"{numbers} − 1", result, note)


# ---- transposed convolution --------------------------------------------------------------------------------------


def conv_transpose_output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Output cells of a transposed convolution along one axis of n cells.

        (n - 1) s - 2 p + d (k - 1) + 1 + o

    (Dumoulin and Visin 2016, relationship 14, with dilation as in PyTorch.) It gives back the size, not the numbers,
    of what a convolution with the same settings has made smaller; `output_padding`, the o of the formula, says which
    size that was where a stride of 2 or more leaves several.

    Raises:
        ValueError: a number that cannot be, output_padding reaches stride and dilation, or nothing is left.
    """
    return conv_transpose_output_derivation(n, kernel_size, stride, padding, output_padding, dilation).result


def conv_transpose_output_derivation(
    n: int,
    kernel_size: int,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
    name: str = "size",
) -> Derivation:
    """`conv_transpose_output_size` with its formula; dilation and output padding only where there are any."""
    n, k, s, d = _axis(n, kernel_size, stride, dilation)
    p, o = integer("padding", padding), integer("output_padding", output_padding)
    (result,) = conv_transpose_counts((n,), (k,), (s,), (p,), (o,), (d,))
    extent = _extent(k, d)
    symbols, numbers = f"(n − 1)·s − 2p + {extent[0]}", f"({n} − 1)·{s} − 2·{p} + {extent[1]}"
    return Derivation(name, f"{symbols} + o" if o else symbols, f"{numbers} + {o}" if o else numbers, result)


# ---- parts of the formulas ---------------------------------------------------------------------------------------


def _axis(n: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int, int, int]:
    """The numbers that every formula has, checked."""
    return (
        integer("n", n, 1),
        integer("kernel_size", kernel_size, 1),
        integer("stride", stride, 1),
        integer("dilation", dilation, 1),
    )


def _extent(kernel_size: int, dilation: int) -> Text:
    if dilation == 1:
        return "k", f"{kernel_size}"
    return "(d(k − 1) + 1)", f"({dilation}·({kernel_size} − 1) + 1)"


def _room(n: int, kernel_size: int, before: int, after: int, dilation: int) -> Text:
    """How far a window can move: the padded input less what the kernel covers."""
    p = ("2p", f"2·{before}") if before == after else ("p₁ + p₂", f"{before} + {after}")
    extent = _extent(kernel_size, dilation)
    return f"n + {p[0]} − {extent[0]}", f"{n} + {p[1]} − {extent[1]}"
