"""Padding: cells added around the input, and what they are filled with."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import (
    MOST,
    Array,
    ArrayLike,
    as_array,
    as_grad,
    check_size,
    integer,
    is_sequence,
    one_of,
    times,
)
from cnnlab.ops._numbers import real, without_warnings

MODES = ("constant", "reflect", "replicate", "circular")

Sides = tuple[int, int]  # cells before and after, along one axis; negative ones are cut off


@without_warnings
def pad(input: ArrayLike, pad: Sequence[SupportsIndex], mode: str = "constant", value: float | None = None) -> Array:
    """The input with cells added around it (or cut off, where a number is negative).

    On the row a b c d, two cells before and two after:

        constant   0 0 | a b c d | 0 0      every new cell is `value`
        reflect    c b | a b c d | c b      a mirror on the border cell
        replicate  a a | a b c d | d d      the border cell again
        circular   c d | a b c d | a b      the row starts anew

    Args:
        input: (..., H, W). Floats keep their dtype, integers become float64.
        pad: (left, right), (left, right, top, bottom), and so on: the last axis first, as in PyTorch.
        mode: 'constant', 'reflect', 'replicate' or 'circular'. All but 'constant' take, as PyTorch does, an
            input with one or two axes more than are padded: (C, H, W) or (N, C, H, W) for four numbers.
        value: what 'constant' fills with; None is 0.

    Raises:
        ValueError: numbers that do not come in pairs or are too many; a mode that does not exist; more cells
            asked for than the mode can take from the input; more cut off than there are; a value that is not a
            number.
    """
    array, sides, fill = check_pad(input, pad, mode, value)
    if mode == "constant":
        return _pad_constant(array, sides, fill)
    out = array.copy()
    for axis, (before, after) in enumerate(sides):
        if before or after:
            out = np.take(out, _sources(array.shape[axis], before, after, mode), axis=axis)
    return out


@without_warnings
def pad_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    pad: Sequence[SupportsIndex],
    mode: str = "constant",
    value: float | None = None,
) -> Array:
    """The gradient of `pad` with respect to its input: each cell gathers the gradients of all its copies.

        grad_input[i] = sum of grad_output[j] over the cells j that were filled from cell i

    Args:
        grad_output: the shape of the padded input.
        input, pad, mode, value: as they were given to `pad`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `pad`, or grad_output has another shape than the padded input.
    """
    array, sides, _ = check_pad(input, pad, mode, value)
    grad = as_grad(grad_output, padded_shape(array, sides), array.dtype)
    if mode == "constant":
        return _pad_constant(grad, [(-before, -after) for before, after in sides], 0.0)
    for axis, (before, after) in enumerate(sides):
        if before or after:
            sources = _sources(array.shape[axis], before, after, mode)
            grad = _scatter(grad, sources, array.shape[axis], axis)
    return np.array(grad)


def _pad_constant(x: Array, sides: Sequence[Sides], value: float) -> Array:
    shape = padded_shape(x, sides)
    out = np.full(shape, value, dtype=x.dtype)
    inside = tuple(slice(max(b, 0), n - max(a, 0)) for n, (b, a) in zip(shape, sides, strict=True))
    kept = tuple(slice(max(-b, 0), n - max(-a, 0)) for n, (b, a) in zip(x.shape, sides, strict=True))
    out[inside] = x[kept]
    return out


def _sources(n: int, before: int, after: int, mode: str) -> npt.NDArray[np.intp]:
    """For each cell of a padded axis of n cells, the cell of the input that it repeats."""
    cells = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(cells, 0, n - 1)
    if mode == "reflect":
        mirrored = np.abs(cells)  # at the first cell
        return np.asarray((n - 1) - np.abs((n - 1) - mirrored))  # and at the last
    start, stop = max(-before, 0), n - max(-after, 0)  # circular: PyTorch cuts first, then repeats what is left
    if stop == start:
        return np.arange(0)
    return start + (cells - start) % (stop - start)


def _scatter(grad: Array, sources: npt.NDArray[np.intp], n: int, axis: int) -> Array:
    """Adds each slice of `grad` along `axis` to the cell that it came from."""
    out = np.zeros((*grad.shape[:axis], n, *grad.shape[axis + 1 :]), dtype=grad.dtype)
    to, start = np.moveaxis(out, axis, 0), np.moveaxis(grad, axis, 0)
    for source, slice_ in zip(sources, start, strict=True):
        to[source] += slice_
    return out


# ---- checks --------------------------------------------------------------------------------------


def padded_shape(x: Array, sides: Sequence[Sides]) -> tuple[int, ...]:
    """The shape of the array with these cells more on the sides of each axis."""
    return tuple(n + before + after for n, (before, after) in zip(x.shape, sides, strict=True))


def check_pad(
    input: ArrayLike, pad: Sequence[SupportsIndex], mode: str, value: float | None
) -> tuple[Array, list[Sides], float]:
    """The input as an array, (before, after) for each of its axes, the first axis first, and what fills new cells."""
    array = as_array("input", input)
    one_of("mode", mode, MODES)
    fill = 0.0 if value is None else real("value", value, nan=True)
    if not is_sequence(pad):
        raise ValueError(f"pad must be a sequence such as (left, right, top, bottom), but is {pad!r}")
    numbers = [integer("pad", number, minimum=-MOST) for number in pad]
    if len(numbers) % 2:
        raise ValueError(f"pad must come in pairs (before, after), but has {len(numbers)} numbers: {tuple(numbers)}")
    if len(numbers) > 2 * array.ndim:
        raise ValueError(f"pad {tuple(numbers)} is for {len(numbers) // 2} axes, but input has only {array.ndim}")
    if mode != "constant":
        _check_axes(array, numbers, mode, fill)
    last_first = list(zip(numbers[::2], numbers[1::2], strict=True))
    sides = [(0, 0)] * (array.ndim - len(last_first)) + last_first[::-1]
    for axis, ((before, after), n) in enumerate(zip(sides, array.shape, strict=True)):
        if before or after:
            _check_sides(axis, n, before, after, mode)
    check_size("pad", padded_shape(array, sides))
    return array, sides, fill


def _check_axes(array: Array, numbers: list[int], mode: str, fill: float) -> None:
    if fill != 0:
        raise ValueError(f"value is for mode 'constant' only, but is {fill:g} with mode {mode!r}")
    axes = len(numbers) // 2
    if axes not in (1, 2, 3):
        raise ValueError(f"pad must have 2, 4 or 6 numbers with mode {mode!r}, but is {tuple(numbers)}")
    if array.ndim - axes not in (1, 2):
        raise ValueError(
            f"input must have {axes + 1} or {axes + 2} axes when mode {mode!r} pads the last {axes}, "
            f"but its shape is {array.shape}: add an axis with input[None], or give more numbers in pad"
        )
    if mode != "circular" and 0 in array.shape[-axes - 1 :]:
        shown = f"(only the batch may be) with mode {mode!r}, but its shape is {array.shape}"
        raise ValueError(f"input must not be empty {shown}")


def _check_sides(axis: int, n: int, before: int, after: int, mode: str) -> None:
    """Whether an axis of n cells can give what is asked of it."""
    shown = f"pad ({before}, {after}) on axis {axis} of {n} cells"
    cut = max(-before, 0) + max(-after, 0)
    if mode in ("constant", "circular") and cut > n:
        raise ValueError(f"{shown} cuts off more cells than there are")
    if mode in ("reflect", "replicate") and n + before + after < 1:
        raise ValueError(f"{shown} leaves nothing to {mode}")
    most = {"reflect": n - 1, "circular": n - cut}.get(mode)
    if most is not None and max(before, after) > most:
        raise ValueError(f"{shown} is too much: mode {mode!r} can add at most {times([most])} cells on a side here")
