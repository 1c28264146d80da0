"""Windows along one axis: which cells each of them touches, and how often each cell is touched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.shapes import kernel_extent

Values = NDArray[np.float64]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """Windows along one axis of ``length`` cells, of which ``before`` and ``after`` are the border.

    Window i touches the cells i * stride + dilation * (0 ... kernel_size - 1).
    """

    length: int
    windows: int
    before: int
    after: int
    kernel_size: int
    stride: int
    dilation: int

    @property
    def extent(self) -> int:
        """Cells from the first tap of a window to its last."""
        return kernel_extent(self.kernel_size, self.dilation)

    @property
    def windows_end(self) -> int:
        """Where the last window ends."""
        return (self.windows - 1) * self.stride + self.extent

    def taps(self, window: int) -> NDArray[np.intp]:
        return window * self.stride + self.dilation * np.arange(self.kernel_size)

    def touched(self, first: int, end: int) -> Values:
        """How many of the windows from ``first`` to before ``end`` touch each cell, counted one by one."""
        places = self.stride * np.arange(first, end)[:, None] + self.dilation * np.arange(self.kernel_size)
        return np.bincount(places.ravel(), minlength=self.length).astype(np.float64)

    def over(self, cell: float) -> int:
        """The window whose middle is nearest to a cell."""
        nearest = round((cell - (self.extent - 1) / 2) / self.stride)
        return min(max(nearest, 0), self.windows - 1)


ONLY = Axis(1, 1, 0, 0, 1, 1, 1)
"""The rows of a signal: there is one."""


def upright(axis: Axis, vertical: bool) -> tuple[Values, Pair, Pair]:
    """A kernel of ones along one axis, as ``ops.conv2d`` takes it, with its stride and dilation."""
    k, s, d = axis.kernel_size, axis.stride, axis.dilation
    ones = np.ones((1, 1, k, 1) if vertical else (1, 1, 1, k))
    return (ones, (s, 1), (d, 1)) if vertical else (ones, (1, s), (1, d))
