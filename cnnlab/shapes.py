"""Sizes: how large the output of a layer is, and the derivation that shows why.

Every function that returns a size has a twin that returns the same size as a :class:`Derivation`, with the formula
in symbols and with its numbers filled in, for notebooks and labs to show.
"""

from dataclasses import dataclass

from cnnlab.ops._arguments import conv_padding, integer, integers


@dataclass(frozen=True)
class Derivation:
    """A formula on its way to its result.

    ``symbols`` is the formula as a textbook prints it, ``numbers`` the same with the numbers in place, ``result``
    what comes out.
    """

    name: str
    symbols: str
    numbers: str
    result: int

    def __str__(self) -> str:
        return f"{self.name} = {self.symbols} = {self.numbers} = {self.result}"


def kernel_extent(kernel_size: int, dilation: int = 1) -> int:
    """Cells that a dilated kernel covers along one axis: ``dilation * (kernel_size - 1) + 1``."""
    return dilation * (kernel_size - 1) + 1


def same_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """Padding before and after an axis that keeps its size at stride 1.

    An even kernel needs an odd number of cells in all: the extra one goes to the end, as in PyTorch.
    """
    ((before, after),) = conv_padding("same", (kernel_size,), (1,), (dilation,))
    return before, after


def conv_output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int | tuple[int, int] = 0, dilation: int = 1
) -> int:
    """Output cells of a convolution along one axis.

    ``floor((n + 2 p - d (k - 1) - 1) / s) + 1`` (Dumoulin and Visin 2016, "A guide to convolution arithmetic",
    relationship 15). ``padding`` is p, or a pair (before, after) where the two sides differ.

    Raises ValueError where the kernel is larger than the padded input.
    """
    return conv_output_derivation(n, kernel_size, stride, padding, dilation).result


def conv_output_derivation(
    n: int,
    kernel_size: int,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
    name: str = "size",
) -> Derivation:
    """:func:`conv_output_size` with its formula; the dilation appears only where it is not 1."""
    kernel_size = integer("kernel_size", kernel_size, minimum=1)
    stride, dilation = integer("stride", stride, minimum=1), integer("dilation", dilation, minimum=1)
    before, after = integers("padding", padding, 2)
    extent = kernel_extent(kernel_size, dilation)
    padded = n + before + after
    if extent > padded:
        raise ValueError(
            f"the kernel covers {extent} cells (kernel_size {kernel_size}, dilation {dilation}) but the padded input "
            f"has only {padded}: use a smaller kernel or more padding"
        )
    p_symbols, p_numbers = ("2p", f"2·{before}") if before == after else ("p₁ + p₂", f"{before} + {after}")
    k_symbols = "k" if dilation == 1 else "(d(k − 1) + 1)"
    k_numbers = f"{kernel_size}" if dilation == 1 else f"({dilation}·({kernel_size} − 1) + 1)"
    return Derivation(
        name=name,
        symbols=f"⌊(n + {p_symbols} − {k_symbols}) / s⌋ + 1",
        numbers=f"⌊({n} + {p_numbers} − {k_numbers}) / {stride}⌋ + 1",
        result=(padded - extent) // stride + 1,
    )
