"""Contour lines: where a surface is equally high, as the lines of a map."""

from collections.abc import Sequence

import contourpy
import numpy as np
from numpy.typing import NDArray

from cnnlab.figures.plots import Axes

Values = NDArray[np.float64]


def contours(axes: Axes, heights: Values, levels: Sequence[float]) -> str:
    """The lines of these levels as one path, for :func:`cnnlab.figures.svg.path`.

    ``heights`` (rows, cols) are the heights at points that are evenly spread over the plot, the first row at its lower
    end. Lines are written in tenths of a pixel, each point from the one before: a third of the text.
    """
    rows, cols = heights.shape
    across, down = np.linspace(axes.x, axes.right, cols), np.linspace(axes.bottom, axes.y, rows)
    generator = contourpy.contour_generator(across, down, heights)
    return "".join(_relative(np.asarray(line)) for level in levels for line in generator.lines(level))


def _relative(line: Values) -> str:
    tenths = np.rint(line * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[steps.any(axis=1)]  # two points in one place
    return f"M{_pair(tenths[0])}" + "".join(f"l{_pair(step)}" for step in steps)


def _pair(tenths: NDArray[np.int_]) -> str:
    return f"{tenths[0] / 10:g} {tenths[1] / 10:g}"
