"""The two demos of `bench.labs` as notebooks usually have them: `interact` and matplotlib's inline figures.

Written with care, as a teacher would for a class: one figure per demo, few artists, arrays computed once
per change and by NumPy or SciPy. What is compared is the way of drawing, not clumsy code.
"""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, Widget, interact
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from scipy.signal import correlate2d

from cnnlab.data import photo

Array = NDArray[np.float64]

STEP_IMAGE: Array = np.tile(np.array([10.0] * 4 + [0.0] * 4), (8, 1))
VERTICAL_EDGE: Array = np.array([[1.0, 0.0, -1.0]] * 3)
SOBEL_X: Array = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
EXTREME = 45.0  # sums go up to 30: a paler color keeps the numbers readable


def draw_grid(axes: Axes, values: Array, title: str, extreme: float) -> None:
    """A matrix as colored cells with the numbers written in."""
    axes.imshow(values, cmap="PuOr", vmin=-extreme, vmax=extreme)
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:g}", ha="center", va="center")
    axes.set_title(title)
    axes.set_xticks([])
    axes.set_yticks([])


def outline(axes: Axes, row: int, column: int, size: int) -> None:
    """A frame around the cells that are being looked at."""
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), size, size, fill=False, linewidth=3))


def number_grid() -> Widget:
    """Input, kernel and output as numbers, with the window at one step; sliders `step` and `stride`."""
    size = len(VERTICAL_EDGE)

    def draw(step: int, stride: int) -> None:
        output = correlate2d(STEP_IMAGE, VERTICAL_EDGE, mode="valid")[::stride, ::stride]
        row, column = divmod(min(step, output.size - 1), output.shape[1])
        figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 4.2), width_ratios=[8, 3, 6])
        draw_grid(left, STEP_IMAGE, "input", EXTREME)
        draw_grid(middle, VERTICAL_EDGE, "kernel", 2.0)
        draw_grid(right, output, "output", EXTREME)
        outline(left, row * stride, column * stride, size)
        outline(right, row, column, 1)
        figure.suptitle(f"y[{row}, {column}] = {output[row, column]:g}")
        plt.show()

    return shown(draw, step=IntSlider(0, 0, 35), stride=IntSlider(1, 1, 4))


def photo_filter() -> Widget:
    """A 256 x 256 photo and its filtered image; slider `stride`."""
    image = photo("cat", size=256, gray=True).astype(np.float64)

    def draw(stride: int) -> None:
        filtered = correlate2d(image, SOBEL_X, mode="valid")[::stride, ::stride]
        extreme = np.abs(filtered).max()
        _, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
        left.imshow(image, cmap="gray")
        left.set_title(f"input, {image.shape[0]} x {image.shape[1]}")
        right.imshow(filtered, cmap="PuOr", vmin=-extreme, vmax=extreme)
        right.set_title(f"output, {filtered.shape[0]} x {filtered.shape[1]}")
        plt.show()

    return shown(draw, stride=IntSlider(1, 1, 4))


def shown(draw: Callable[..., None], **sliders: IntSlider) -> Widget:
    """Display the controls and the figure; the widget, whose sliders the benchmark also moves from Python."""
    widget: Widget = interact(draw, **sliders).widget
    return widget
