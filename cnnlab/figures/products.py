"""Between input and output: the window, the kernel, their products, and the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import MOST_NUMBERS, Box, Tone, bitmap_grid, in_full, largest, number_grid
from cnnlab.figures.palette import strength
from cnnlab.figures.strips import sums
from cnnlab.traces import Convolution, ConvTrace
from cnnlab.traces.text import factor, number, precise, size_text

Values = NDArray[np.float64]

SUM_WIDTH, SUM_HEIGHT = 118.0, 58.0
SIGN_GAP = 40.0
"""Room between two grids, for the sign that stands there."""
TITLE_PITCH = 124.0
"""Narrow grids stand at least this far apart, for their titles."""
ROW_GAP = 30.0
"""Room between two rows, for the titles of the second."""
TALLEST = 146.0
CHANNEL_SUMS = 62.0


@dataclass(frozen=True)
class Middle:
    """The room between the large grids, and what is drawn in it.

    A row of grids is kernel = products, and the sum stands below it, or behind it where all is in ``one_row``. Where
    the numbers of the input cannot be read (``zoom``), the window stands before the kernel, and the products begin a
    row of their own. With several channels, their sums stand above the sum of all. ``names`` are those of the channels.
    """

    convolution: Convolution
    names: Sequence[str]
    left: float
    right: float
    top: float
    bottom: float
    zoom: bool
    one_row: bool

    def draw(self, trace: ConvTrace, channel: int, strongest: tuple[float, float], question: bool) -> str:
        """Everything at one step; ``strongest`` are the largest magnitudes of input and output.

        A ``question`` hides the products and the sum.
        """
        shown = trace.slice_of(channel)
        of = f" · {self.names[trace.channels[shown]]}" if len(self.names) > 1 else ""
        window, kernel, products = self._boxes()
        parts = [] if window is None else [titled(window, f"window{of}", trace.window[shown], strongest[0])]
        parts += [
            self._kernel(kernel, of, trace.kernel[shown]),
            titled(products, f"products{of}", trace.products[shown], strongest[0] * self._largest_weight, question),
            sign(kernel, "×"),
            sign(products, "="),
            self._sum(trace, strongest[1], question),
        ]
        if self._has_channels and not question:
            terms = [(f"Σ {self.names[i]}", float(v)) for i, v in zip(trace.channels, trace.channel_sums, strict=True)]
            terms += [("bias", trace.bias)] if trace.bias else []
            _, y = self._sum_place()
            parts.append(sums(self.left, self.right, y - SUM_HEIGHT / 2 - CHANNEL_SUMS - 4, terms, shown))
        return "".join(parts)

    # ---- where things lie --------------------------------------------------------------------------------------------

    @property
    def _has_channels(self) -> bool:
        return self.convolution.weight[0, :, 0, 0].size > 1

    def _boxes(self) -> tuple[Box | None, Box, Box]:
        """Window (only to zoom in), kernel and products."""
        width, tall = self._largest_grid()
        box = Box.fit(0, self.top, width, tall, *self.convolution.kernel_size)
        pitch = max(box.width + SIGN_GAP, TITLE_PITCH)
        used = pitch + box.width + (self._sum_room if self.one_row else 0)
        first = (self.left + self.right - used) / 2 + (8 if not self.one_row else 0)
        second = first + pitch
        if not self.zoom:
            return None, box.moved(first, self.top), box.moved(second, self.top)
        below = self.top + box.height + ROW_GAP
        return box.moved(first, self.top), box.moved(second, self.top), box.moved(first, below)

    def _largest_grid(self) -> tuple[float, float]:
        channels = CHANNEL_SUMS if self._has_channels else 0.0
        height = self.bottom - self.top - channels
        if self.zoom:
            height = (height - ROW_GAP - (SUM_HEIGHT + 14 if self._has_channels else 0)) / 2
        else:
            height -= 0 if self.one_row else SUM_HEIGHT + ROW_GAP
        room = self.right - self.left - (self._sum_room if self.one_row else 0)
        return (room - 3 * SIGN_GAP) / 2, min(height, TALLEST)

    @property
    def _sum_room(self) -> float:
        """Width of the sum with its signs."""
        return SUM_WIDTH + 2 * SIGN_GAP

    def _sum_place(self) -> tuple[float, float]:
        """The middle of the box with the sum."""
        _, kernel, products = self._boxes()
        middle = (self.left + self.right) / 2
        if self.one_row:
            return products.right + SIGN_GAP + SUM_WIDTH / 2, products.y + max(products.height, SUM_HEIGHT) / 2
        if self._has_channels:
            return middle, self.bottom - SUM_HEIGHT / 2 - 2
        if self.zoom:
            return (products.right + self.right) / 2 + 4, products.y + products.height / 2
        return middle, kernel.bottom + ROW_GAP + 14 + SUM_HEIGHT / 2

    # ---- parts -------------------------------------------------------------------------------------------------------

    @property
    def _largest_weight(self) -> float:
        return largest(self.convolution.weight)

    def _kernel(self, box: Box, of: str, values: Values) -> str:
        title = "kernel, turned" if self.convolution.flip else "kernel"
        grid = titled(box, title + of, values, self._largest_weight)
        label = f"kernel, {size_text(values.shape)}: arrow keys move, Enter changes a number"
        inside = f"0 0 {box.rows} {box.cols}"
        return box.pointable("kernel", label, [grid], "edit", values=in_full(values), inside=inside)

    def _sum(self, trace: ConvTrace, strongest: float, question: bool) -> str:
        """The sum as a large number in a box, what was added to it, and an arrow to the output."""
        x, y = self._sum_place()
        left, top = x - SUM_WIDTH / 2, y - SUM_HEIGHT / 2
        parts = [sum_box(x, y, None if question else trace.value, strongest)]
        if self._has_channels and self.convolution.relu and not question:
            parts.append(svg.text(left - 40, y + 5, f"relu({number(trace.total)})", 14, "gray end"))
        elif question or not self._has_channels:
            added_y = top + SUM_HEIGHT + 19 if self.one_row else top - 9
            parts.append(svg.text(x, added_y, self._added(trace, question), 15, "gray middle"))
        return "".join(parts)

    def _added(self, trace: ConvTrace, question: bool) -> str:
        """What was done to the sum of the products, such as "relu(−30 + bias 2)"; "" where nothing was."""
        plain = "sum" if question else number(float(trace.products.sum()))
        text = f"{plain} + bias {factor(trace.bias)}" if trace.bias else plain
        if self.convolution.relu:
            return f"relu({text})"
        return text if trace.bias else ""


def sum_box(x: float, y: float, value: float | None, strongest: float) -> str:
    """A sum as a large number in a box with its middle at ``x``, ``y``, and an arrow behind it; None is asked for."""
    left, top = x - SUM_WIDTH / 2, y - SUM_HEIGHT / 2
    shown = "?" if value is None else precise(value)
    fill = 0.0 if value is None else strength(value, strongest)
    return "".join(
        (
            svg.rect(left, top, SUM_WIDTH, SUM_HEIGHT, "pos" if value is not None and value > 0 else "neg", fill),
            svg.rect(left, top, SUM_WIDTH, SUM_HEIGHT, "outline"),
            svg.text(x, y + 10, shown, min(30.0, 170.0 / len(shown)), "bold middle"),
            svg.text(left - 21, y + 9, "Σ", 25, "gray middle"),
            svg.text(left + SUM_WIDTH + 21, y + 8, "→", 25, "gray middle"),
        )
    )


def titled(box: Box, title: str, values: Values, strongest: float, hidden: bool = False) -> str:
    """A grid of numbers, or of colors where it is large, under its title; ``hidden`` leaves its cells empty."""
    blank = np.ones(values.shape, bool) if hidden else None
    heading = svg.text(box.x + box.width / 2, box.y - 9, title, 14, "gray middle")
    if max(values.shape) > MOST_NUMBERS and not hidden:
        return heading + bitmap_grid(box, values, Tone(True, strongest or 1.0))
    return heading + number_grid(box, values, strongest, hidden=blank)


def sign(box: Box, sign: str) -> str:
    """The sign before a grid."""
    return svg.text(box.x - SIGN_GAP / 2, box.y + box.height / 2 + 8, sign, 22, "gray middle")
