"""Between input and output: the window, the kernel, their products, and the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, largest, number_grid
from cnnlab.figures.palette import strength
from cnnlab.figures.strips import sums
from cnnlab.traces import Convolution, ConvTrace
from cnnlab.traces.text import factor, number

Values = NDArray[np.float64]

SUM_WIDTH, SUM_HEIGHT = 118.0, 60.0
SIGN_GAP = 40.0
"""Room between two grids, for the sign that stands there."""
TITLE = 24.0
"""Room above a grid, for its title."""


@dataclass(frozen=True)
class Middle:
    """The room between the large grids, and what is drawn in it.

    The row of grids is kernel = products; where the numbers of the input cannot be read (``zoom``), the window stands
    before the kernel, and the products and the sum are in a row of their own. ``names`` are those of the channels.
    """

    convolution: Convolution
    names: Sequence[str]
    left: float
    right: float
    top: float
    bottom: float
    zoom: bool

    def draw(self, trace: ConvTrace, channel: int, strongest: tuple[float, float], question: bool) -> str:
        """Everything at one step; ``strongest`` are the largest magnitudes of input and output.

        A ``question`` hides the products and the sum.
        """
        shown = min(max(channel - trace.channels.start, 0), len(trace.channels) - 1)
        window, kernel, products = self._boxes()
        parts = [] if window is None else [_titled(window, "window", trace.window[shown], strongest[0])]
        parts += [
            self._kernel(kernel, trace.kernel[shown]),
            _titled(products, "products", trace.products[shown], strongest[0] * self._largest_weight, question),
            _sign(kernel, "×"),
            _sign(products, "="),
            self._sum(trace, strongest[1], question),
        ]
        if len(trace.channels) > 1 and not question:
            parts.append(self._channel_sums(trace))
        return "".join(parts)

    # ---- where things lie --------------------------------------------------------------------------------------------

    @property
    def _strip(self) -> float:
        """Height taken by the sums of the channels."""
        return 70.0 if len(self.convolution.input) > 1 else 0.0

    def _boxes(self) -> tuple[Box | None, Box, Box]:
        """Window (only to zoom in), kernel and products."""
        width = (self.right - self.left - 3 * SIGN_GAP) / 2
        rows = (self.bottom - self.top - self._strip) / 2 - TITLE
        box = Box.fit(0, 0, width, min(rows, 146.0), *self.convolution.kernel_size)
        first = (self.left + self.right - 2 * box.width - SIGN_GAP) / 2
        second, y = first + box.width + SIGN_GAP, self.top + TITLE + (min(rows, 146.0) - box.height) / 2
        if not self.zoom:
            return None, box.moved(first, y), box.moved(second, y)
        return box.moved(first, y), box.moved(second, y), box.moved(first, y + rows + TITLE)

    def _sum_place(self) -> tuple[float, float]:
        """The middle of the box with the sum."""
        _, kernel, products = self._boxes()
        if self.zoom:
            free = products.right + SIGN_GAP
            return (free + self.right - SIGN_GAP + 10) / 2, products.y + products.height / 2
        return (self.left + self.right) / 2, kernel.y + kernel.height / 2 + 146.0

    # ---- parts -------------------------------------------------------------------------------------------------------

    @property
    def _largest_weight(self) -> float:
        return largest(self.convolution.weight)

    def _kernel(self, box: Box, values: Values) -> str:
        size = " × ".join(str(n) for n in values.shape)
        label = f"kernel, {size}: arrow keys move, Enter changes a number"
        in_full = " ".join(f"{v:.12g}" for v in values.ravel())
        grid = _titled(box, "kernel, turned" if self.convolution.flip else "kernel", values, self._largest_weight)
        return box.pointable("kernel", label, [grid], edit="1", values=in_full)

    def _sum(self, trace: ConvTrace, strongest: float, question: bool) -> str:
        """The sum as a large number in a box, what was added to it, and an arrow to the output."""
        x, y = self._sum_place()
        left, top = x - SUM_WIDTH / 2, y - SUM_HEIGHT / 2
        shown = "?" if question else number(trace.value)
        fill = 0.0 if question else strength(trace.value, strongest)
        return "".join(
            (
                svg.rect(left, top, SUM_WIDTH, SUM_HEIGHT, "pos" if trace.value > 0 else "neg", fill),
                svg.rect(left, top, SUM_WIDTH, SUM_HEIGHT, "outline"),
                svg.text(x, y + 10, shown, min(30.0, 170.0 / len(shown)), "bold middle"),
                svg.text(left - 21, y + 9, "Σ", 25, "gray middle"),
                svg.text(left + SUM_WIDTH + 21, y + 8, "→", 25, "gray middle"),
                "" if question else svg.text(x, top - 9, self._added(trace), 15, "gray middle"),
            )
        )

    def _added(self, trace: ConvTrace) -> str:
        """What was done to the sum of the products, such as "relu(−30 + bias 2)"; "" where nothing was."""
        plain = number(float(trace.products.sum()))
        text = f"{plain} + bias {factor(trace.bias)}" if trace.bias else plain
        if self.convolution.relu:
            return f"relu({text})"
        return text if trace.bias else ""

    def _channel_sums(self, trace: ConvTrace) -> str:
        """The sum of each channel: what is added up to make one output cell."""
        terms = [
            (f"channel {self.names[i]}", float(v)) for i, v in zip(trace.channels, trace.channel_sums, strict=True)
        ]
        return sums(self.left, self.right, self.bottom - 52, terms)


def _titled(box: Box, title: str, values: Values, strongest: float, hidden: bool = False) -> str:
    blank = np.ones(values.shape, bool) if hidden else None
    heading = svg.text(box.x + box.width / 2, box.y - 8, title, 14, "gray middle")
    return heading + number_grid(box, values, strongest, hidden=blank)


def _sign(box: Box, sign: str) -> str:
    """The sign before a grid."""
    return svg.text(box.x - SIGN_GAP / 2, box.y + box.height / 2 + 8, sign, 22, "gray middle")
