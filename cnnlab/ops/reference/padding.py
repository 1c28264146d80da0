"""Padding as loops over cells."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_grad
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops.padding import check_pad, padded_shape


@without_warnings
def pad(input: ArrayLike, pad: Sequence[SupportsIndex], mode: str = "constant", value: float | None = None) -> Array:
    """`cnnlab.ops.pad`, cell by cell: each cell of the result asks where it comes from."""
    x, sides, fill = check_pad(input, pad, mode, value)
    out = np.empty(padded_shape(x, sides), x.dtype)
    for cell in np.ndindex(out.shape):
        source = [source_cell(i, n, *side, mode) for i, n, side in zip(cell, x.shape, sides, strict=True)]
        out[cell] = fill if None in source else x[tuple(source)]
    return out


@without_warnings
def pad_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    pad: Sequence[SupportsIndex],
    mode: str = "constant",
    value: float | None = None,
) -> Array:
    """`cnnlab.ops.pad_backward`, cell by cell: each gradient goes back to where its cell came from."""
    x, sides, _ = check_pad(input, pad, mode, value)
    grad = as_grad(grad_output, padded_shape(x, sides), x.dtype)
    grad_input = np.zeros_like(x)
    for cell in np.ndindex(grad.shape):
        source = [source_cell(i, n, *side, mode) for i, n, side in zip(cell, x.shape, sides, strict=True)]
        if None not in source:
            grad_input[tuple(source)] += grad[cell]
    return grad_input


def source_cell(i: int, n: int, before: int, after: int, mode: str) -> int | None:
    """The cell of a row of n that cell i of the padded row repeats; None for a new cell of 'constant'."""
    i -= before
    if mode == "constant":
        return i if 0 <= i < n else None
    if mode == "replicate":
        return min(max(i, 0), n - 1)
    if mode == "reflect":
        if i < 0:
            i = -i  # mirrored at the first cell
        return i if i < n else 2 * (n - 1) - i  # mirrored at the last one
    first, last = max(-before, 0), n - 1 - max(-after, 0)  # circular repeats what the cut has left
    while i < first:
        i += last - first + 1
    while i > last:
        i -= last - first + 1
    return i
