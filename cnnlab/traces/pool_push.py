"""A pooling before and after its image is pushed, cell by cell; :mod:`cnnlab.traces.pool_many` does it for many."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.traces.arrays import read_only
from cnnlab.traces.checks import as_image
from cnnlab.traces.pool import Pooling, PoolTrace, pooling
from cnnlab.traces.shifts import shifted

Array = NDArray[np.float64]
Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]
Pair = tuple[int, int]

ROUNDING = 1e-9
"""Values that differ by less, relative to the largest one, are the same."""


@dataclass(frozen=True)
class Kept:
    """What stayed of some maps.

    `cells` are those that are not 0, before or after: a paper-white background that stays white says nothing. `same`
    of them have the value that they had. `change` is the length of the difference over the length of what was there,
    ||after - before|| / ||before|| with the square root of the sum of squares over all cells.
    """

    same: int
    cells: int
    change: float

    @property
    def share(self) -> float:
        """The share of the cells that kept their value, from 0 to 1."""
        return self.same / self.cells if self.cells else 1.0


@dataclass(frozen=True, eq=False)
class Push:
    """A pooling of an image as it was, and of the same image pushed `down` and `right`; zeros come in from outside.

    `image` is (C, H, W) as it was, `after` the pooling of what was pushed.
    """

    image: Array
    after: Pooling
    down: int
    right: int

    @cached_property
    def before(self) -> Pooling:
        return self.after if not self.is_pushed else again(self.after, self.image)

    @property
    def is_pushed(self) -> bool:
        return (self.down, self.right) != (0, 0)

    @cached_property
    def difference(self) -> Array:
        """The output after less the output before; 0 where only rounding differs."""
        difference = self.after.output - self.before.output
        return read_only(np.where(differ(self.before.output, self.after.output), difference, 0.0))

    @cached_property
    def input(self) -> Kept:
        return kept(self.image, self.after.input)

    @cached_property
    def output(self) -> Kept:
        return kept(self.before.output, self.after.output)

    @property
    def unchanged(self) -> bool:
        """Whether the output is the same in every cell."""
        return not self.difference.any()

    @cached_property
    def moved(self) -> Pair | None:
        """By how many cells the output has moved along, down and right, being the same otherwise; None if it has not.

        Pushed by whole strides, the windows see what their neighbors saw before.
        """
        (sh, sw), before = self.after.stride, self.before.output
        if not self.is_pushed or self.after.kind.startswith("global") or self.down % sh or self.right % sw:
            return None
        by = self.down // sh, self.right // sw
        return None if differ(shifted(before, *by), self.after.output).any() else by


def push(
    image: ArrayLike,
    down: int = 0,
    right: int = 0,
    kind: str = "max",
    kernel_size: int | Pair = 2,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    ceil_mode: bool = False,
) -> Push:
    """Pool an image that was pushed; see :class:`Push`.

    Args:
        image: (C, H, W) or (H, W).
        down, right: cells to push it by; negative is up and to the left.
        kind, kernel_size, stride, padding, ceil_mode: as for `pooling`; a global kind uses none of the others.

    Raises:
        ValueError: as `pooling` and `shifted` say.
    """
    x = as_image(image)  # a copy
    x.setflags(write=False)
    given = shifted(x, down, right) if (down, right) != (0, 0) else x
    if kind.startswith("global"):
        return Push(x, pooling(given, kind), down, right)
    return Push(x, pooling(given, kind, kernel_size, stride, padding, ceil_mode=ceil_mode), down, right)


def again(like: Pooling, image: ArrayLike) -> Pooling:
    """The pooling of another image with the settings of one that was made."""
    if like.kind.startswith("global"):
        return pooling(image, like.kind)
    return pooling(
        image, like.kind, like.kernel_size, like.stride, like.padding, like.dilation, like.ceil_mode,
        count_include_pad=like.count_include_pad,
    )  # fmt: skip


def kept(before: Floats, after: Floats) -> Kept:
    """What stayed of maps of one shape."""
    difference = after - before
    cells = np.count_nonzero((before != 0) | (after != 0))
    changed = np.count_nonzero(np.abs(difference) > _rounding(before, after))  # each of them one of the cells
    size, length = np.linalg.norm(before), np.linalg.norm(difference)
    return Kept(int(cells - changed), int(cells), float(length / size) if size else float(length > 0))


def nearest(now: Pooling, before: PoolTrace) -> int:
    """The output cell of a pooling whose window lies nearest to that of a cell of another one, in the same image."""
    (top, left), (was_top, was_left) = now.padding, before.pooling.padding
    row, col = before.rows.mean() - was_top + top, before.cols.mean() - was_left + left
    return now.over(float(row), float(col))


def sent_back(p: Pooling, until: int | None = None) -> Array:
    """The gradient of an output every cell of which sends back 1; of the cells after number `until` 0."""
    cells = np.arange(p.steps).reshape(p.output.shape[1:])
    return np.broadcast_to(np.where(cells <= (p.steps if until is None else until), 1.0, 0.0), p.output.shape)


def differ(before: Floats, after: Floats) -> Bools:
    """Which cells differ by more than rounding."""
    differ: Bools = np.abs(after - before) > _rounding(before, after)
    return differ


def _rounding(before: Floats, after: Floats) -> float:
    return ROUNDING * max(float(v) for x in (before, after) for v in (x.max(), -x.min()))
