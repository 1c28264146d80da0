"""Arrays with some of their numbers changed; what is given stays as it is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Cell = tuple[int, int]


def with_cells(maps: Array, slice_: tuple[int, ...], cells: Sequence[Cell], value: float) -> Array:
    """``maps`` with ``value`` in some cells of the (H, W) map ``maps[slice_]``; cells outside of it are left out.

    Raises ValueError where all of them lie outside.
    """
    changed = maps.copy()
    shown = changed[slice_]  # a view: writing to it writes to changed
    inside = [(row, col) for row, col in cells if 0 <= row < shown.shape[0] and 0 <= col < shown.shape[1]]
    if not inside:
        raise ValueError("that cell is padding: change padding or its mode, and the border changes")
    for row, col in inside:
        shown[row, col] = value
    return changed


def with_map(name: str, maps: Array, slice_: tuple[int, ...], values: Array) -> Array:
    """``maps`` with ``values`` in place of the (H, W) map ``maps[slice_]``; a single map may change its size.

    Raises ValueError where the other maps have another size.
    """
    if maps.size == maps[slice_].size:
        return values.reshape(*maps.shape[:-2], *values.shape)
    if values.shape != maps.shape[-2:]:
        rows, cols = maps.shape[-2:]
        raise ValueError(
            f"{name} is {values.shape[0]} x {values.shape[1]} here, but its other slices are {rows} x {cols}: "
            "give all of them the same size"
        )
    changed = maps.copy()
    changed[slice_] = values
    return changed
