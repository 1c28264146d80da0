"""The arguments that every convolution takes, checked together."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import (
    Array,
    ArrayLike,
    Ints,
    as_arrays,
    as_grad,
    check_size,
    conv_padding,
    integer,
    integers,
    times,
    window_counts,
)

Index = tuple[int | slice | EllipsisType, ...]


@dataclass(frozen=True)
class ConvArguments:
    """The arguments of conv1d or conv2d, checked: a batch, one number per spatial axis, padding in cells."""

    input: Array  # N, C, *size; not padded yet
    weight: Array  # O, C/groups, *kernel_size
    bias: Array | None  # O
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]  # (before, after) along each spatial axis
    dilation: tuple[int, ...]
    groups: int
    output_size: tuple[int, ...]
    batched: bool  # False: the caller gave one example, and gets one back

    @property
    def kernel_size(self) -> tuple[int, ...]:
        return self.weight.shape[2:]

    @property
    def output_shape(self) -> tuple[int, ...]:
        """N, O, *output_size"""
        return (self.input.shape[0], self.weight.shape[0], *self.output_size)

    @property
    def padded_shape(self) -> tuple[int, ...]:
        """N, C, *padded size"""
        sizes = zip(self.input.shape[2:], self.padding, strict=True)
        return (*self.input.shape[:2], *(n + before + after for n, (before, after) in sizes))

    @property
    def inside(self) -> Index:
        """Where the input lies in the padded input."""
        sizes = zip(self.input.shape[2:], self.padding, strict=True)
        return (..., *(slice(before, before + n) for n, (before, _) in sizes))

    def padded(self) -> Array:
        """The input with its border of zeros; the input itself if there is none, so not to be written to."""
        if not any(before or after for before, after in self.padding):
            return self.input
        out = np.zeros(self.padded_shape, dtype=self.input.dtype)
        out[self.inside] = self.input
        return out

    def unbatched(self, array: Array) -> Array:
        """The array as the caller expects it: without the batch axis if the input had none."""
        return array if self.batched else array[0]


def conv_arguments(
    axes: int,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: Ints,
    padding: Ints | str,
    dilation: Ints,
    groups: SupportsIndex,
) -> ConvArguments:
    """Checks the arguments of a convolution over `axes` spatial axes (1 or 2).

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    given = {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias})
    x, w, *rest = as_arrays(given)
    b = rest[0] if rest else None
    batched = x.ndim == axes + 2
    parts = integer("groups", groups, 1)
    _check_conv_shapes(axes, x, w, b, parts)
    steps, gaps = integers("stride", stride, axes, 1), integers("dilation", dilation, axes, 1)
    sides = conv_padding(padding, w.shape[2:], steps, gaps)
    size = [n + before + after for n, (before, after) in zip(x.shape[-axes:], sides, strict=True)]
    check_size("padding", (*x.shape[:-axes], *size))
    output_size = window_counts(size, w.shape[2:], steps, gaps)
    return ConvArguments(x if batched else x[None], w, b, steps, sides, gaps, parts, output_size, batched)


def _check_conv_shapes(axes: int, x: Array, w: Array, b: Array | None, groups: int) -> None:
    _check_axes(axes, x, w, "filters, channels")
    filters, depth = w.shape[:2]
    channels = x.shape[-axes - 1]
    if filters % groups:
        raise ValueError(f"groups must divide the number of filters, {filters}, but is {groups}")
    if channels != depth * groups:
        raise ValueError(
            f"input has {channels} channels, but weight of shape {w.shape} with groups {groups} needs {depth * groups}"
        )
    _check_bias(b, filters)


def _check_axes(axes: int, x: Array, w: Array, lead: str) -> None:
    layout = "L" if axes == 1 else "H, W"
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(
            f"input must have the axes (N, C, {layout}) or (C, {layout}), but its shape is {x.shape}: "
            f"one image of one channel is input[None, None]"
        )
    if w.ndim != axes + 2:
        kernel = "k" if axes == 1 else "kh, kw"
        raise ValueError(f"weight must have the axes ({lead}, {kernel}), but its shape is {w.shape}")
    if 0 in w.shape:
        raise ValueError(f"weight must not be empty, but its shape is {w.shape}")
    if 0 in x.shape[-axes - 1 :]:
        raise ValueError(f"input must not be empty (only the batch may be), but its shape is {x.shape}")


def _check_bias(b: Array | None, filters: int) -> None:
    if b is not None and b.shape != (filters,):
        raise ValueError(f"bias must hold one number per filter, shape ({filters},), but its shape is {b.shape}")


def check_grad_output(grad_output: ArrayLike, arguments: ConvArguments) -> Array:
    """The gradient that comes back from the output, as a batch in the dtype of the input.

    Raises:
        ValueError: its shape is not that of the output.
    """
    return _grad_as_batch(grad_output, arguments.output_shape, arguments)


def _grad_as_batch(grad_output: ArrayLike, shape: tuple[int, ...], a: ConvArguments) -> Array:
    """The gradient of an output of this shape, N included, with the batch axis that the caller may have left out."""
    grad = as_grad(grad_output, shape if a.batched else shape[1:], a.input.dtype)
    return grad if a.batched else grad[None]


# ---- the transposed convolution ------------------------------------------------------------------


@dataclass(frozen=True)
class ConvTransposeArguments:
    """The arguments of conv_transpose2d, checked."""

    input: Array  # N, C, *size
    bias: Array | None  # O
    conv: ConvArguments  # the convolution that goes the other way, from an output to an input of this size

    def check_grad_output(self, grad_output: ArrayLike) -> Array:
        """The gradient that comes back from the output, as a batch in the dtype of the input.

        Raises:
            ValueError: its shape is not that of the output.
        """
        return _grad_as_batch(grad_output, self.conv.input.shape, self.conv)


def conv_transpose_arguments(
    axes: int,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: Ints,
    padding: Ints,
    output_padding: Ints,
    groups: SupportsIndex,
    dilation: Ints,
) -> ConvTransposeArguments:
    """Checks the arguments of a transposed convolution over `axes` spatial axes.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    given = {"input": input, "weight": weight} | ({} if bias is None else {"bias": bias})
    x, w, *rest = as_arrays(given)
    b = rest[0] if rest else None
    batched = x.ndim == axes + 2
    parts = integer("groups", groups, 1)
    _check_conv_transpose_shapes(axes, x, w, b, parts)
    steps, gaps = integers("stride", stride, axes, 1), integers("dilation", dilation, axes, 1)
    cut, more = integers("padding", padding, axes), integers("output_padding", output_padding, axes)
    x = x if batched else x[None]
    size = conv_transpose_counts(x.shape[2:], w.shape[2:], steps, cut, more, gaps)
    check_size("stride, dilation or output_padding", (len(x), w.shape[1] * parts, *size))
    output = np.broadcast_to(np.zeros((), x.dtype), (len(x), w.shape[1] * parts, *size))  # stands in for its shape
    sides = tuple((p, p) for p in cut)
    conv = ConvArguments(output, w, None, steps, sides, gaps, parts, x.shape[2:], batched)
    return ConvTransposeArguments(x, b, conv)


def _check_conv_transpose_shapes(axes: int, x: Array, w: Array, b: Array | None, groups: int) -> None:
    _check_axes(axes, x, w, "channels, filters")
    depth, filters = w.shape[:2]
    channels = x.shape[-axes - 1]
    if depth % groups:
        raise ValueError(f"groups must divide the number of channels in weight, {depth}, but is {groups}")
    if channels != depth:
        raise ValueError(f"input has {channels} channels, but weight of shape {w.shape} needs {depth}")
    _check_bias(b, filters * groups)


def conv_transpose_counts(
    size: Sequence[int],
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    output_padding: Sequence[int],
    dilation: Sequence[int],
) -> tuple[int, ...]:
    """Output cells along each axis: (n - 1)*s + d*(k - 1) + 1, less p on both sides, and o more at the end.

    With a stride of 2 or more, a convolution makes the same n of several sizes; output_padding says which of
    them comes back.

    Raises:
        ValueError: output_padding reaches both the stride and the dilation of its axis, or nothing is left.
    """
    for s, d, o in zip(stride, dilation, output_padding, strict=True):
        if o >= s and o >= d:
            raise ValueError(
                f"output_padding must be smaller than stride or dilation, but is {o} with stride {s} and dilation {d}"
            )
    stamped = [(n - 1) * s + d * (k - 1) + 1 for n, k, s, d in zip(size, kernel_size, stride, dilation, strict=True)]
    counts = tuple(n - 2 * p + o for n, p, o in zip(stamped, padding, output_padding, strict=True))
    if any(n < 1 for n in counts):
        raise ValueError(
            f"padding {times(padding)} leaves nothing: without it the output is only {times(stamped)}, use less padding"
        )
    return counts
