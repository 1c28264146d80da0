"""The arguments of unfold and fold, checked together."""

from dataclasses import dataclass

from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_array, check_size, is_sequence, pair, times, window_counts

Pair = tuple[int, int]


@dataclass(frozen=True)
class UnfoldArguments:
    """An image and the windows that slide over it; every pair is (vertical, horizontal)."""

    size: Pair  # not padded yet
    kernel_size: Pair
    dilation: Pair
    padding: Pair
    stride: Pair
    counts: Pair  # windows


def unfold_arguments(
    input: ArrayLike, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints
) -> tuple[UnfoldArguments, Array, bool]:
    """The checked arguments, the input as a batch (N, C, H, W), and whether it was one.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    x = as_array("input", input)
    if x.ndim not in (3, 4):
        raise ValueError(f"input must have the axes (N, C, H, W) or (C, H, W), but its shape is {x.shape}")
    if 0 in x.shape[-3:]:
        raise ValueError(f"input must not be empty (only the batch may be), but its shape is {x.shape}")
    height, width = x.shape[-2:]
    a = _windows((height, width), kernel_size, dilation, padding, stride)
    check_size("kernel_size", (*x.shape[:-2], *a.kernel_size, *a.counts))
    return a, x if x.ndim == 4 else x[None], x.ndim == 4


def fold_arguments(
    input: ArrayLike, output_size: Ints, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints
) -> tuple[UnfoldArguments, Array, bool]:
    """The checked arguments, the input as a batch (N, C*kh*kw, L), and whether it was one.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    x = as_array("input", input)
    if x.ndim not in (2, 3):
        raise ValueError(f"input must have the axes (N, C*kh*kw, L) or (C*kh*kw, L), but its shape is {x.shape}")
    if 0 in x.shape[-2:]:
        raise ValueError(f"input must not be empty (only the batch may be), but its shape is {x.shape}")
    a = _windows(_pair("output_size", output_size, 1), kernel_size, dilation, padding, stride)
    (kh, kw), (rows, columns) = a.kernel_size, a.counts
    if x.shape[-2] % (kh * kw):
        raise ValueError(
            f"input must hold {times(a.kernel_size)} cells for each channel, but has {x.shape[-2]} rows, "
            f"which {kh * kw} does not divide"
        )
    if x.shape[-1] != rows * columns:
        raise ValueError(
            f"input must have a column for each of the {times(a.counts)} windows of output_size {times(a.size)}, "
            f"so {rows * columns}, but has {x.shape[-1]}"
        )
    return a, x if x.ndim == 3 else x[None], x.ndim == 3


def _windows(size: Pair, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints) -> UnfoldArguments:
    kernel, gaps = _pair("kernel_size", kernel_size, 1), _pair("dilation", dilation, 1)
    border, steps = _pair("padding", padding, 0), _pair("stride", stride, 1)
    padded = [n + 2 * p for n, p in zip(size, border, strict=True)]
    check_size("padding" if any(border) else "output_size", padded)
    rows, columns = window_counts(padded, kernel, steps, gaps)
    return UnfoldArguments(size, kernel, gaps, border, steps, (rows, columns))


def _pair(name: str, value: Ints, minimum: int) -> Pair:
    """As `pair`, but a sequence must hold two numbers: PyTorch takes no sequence of one here."""
    if is_sequence(value) and len(value) == 1:
        raise ValueError(f"{name} must be one whole number or 2 of them, but is {value}")
    return pair(name, value, minimum)
