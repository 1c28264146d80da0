"""The picture of many layers: above, what comes out of each; below, the gradient that comes back, in powers of ten."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.plots import Axes
from cnnlab.traces.deep_activations import BINS, RANGES, DeepLook, DeepStack

WIDTH, MARGIN = 1000.0, 16.0
LEFT, ROOM = 70.0, 914.0
TOP, OUTPUTS = 24.0, 104.0
BELOW, GRADIENTS = TOP + OUTPUTS + 32, 164.0
FORMULA_Y = BELOW + GRADIENTS + 52
HEIGHT = FORMULA_Y + 64
SMALLEST, LARGEST = 1e-18, 1e8
"""The gradients that there is room for: one scale for all, so that activations can be compared."""
FULL = 0.8
"""How much of a layer's column the tallest bin of its histogram takes."""


class DeepPicture:
    """All that can be drawn of one stack of layers, and of the gradient of another one ``beside`` it."""

    def __init__(self, stack: DeepStack, beside: DeepStack | None = None) -> None:
        self.stack, self.beside = stack, beside
        self._pitch = ROOM / (stack.layers + 1)
        across = (-0.5, stack.layers + 0.5)
        self.outputs = Axes(LEFT, TOP, ROOM, OUTPUTS, across, RANGES[stack.activation.name])
        self.gradients = Axes(LEFT, BELOW, ROOM, GRADIENTS, across, (SMALLEST, LARGEST), log_y=True)
        self._still = [*self._histograms(), *self._curves()]

    def draw(self, look: DeepLook, frame: int = 0) -> str:
        """The whole picture as SVG."""
        cols = self.stack.layers + 1
        box = Box(LEFT, TOP, self._pitch, 1, cols)
        high = BELOW + GRADIENTS - TOP
        plots = box.pointable("layer", "layers: arrow keys choose one", self._still, "steps hover pin", high)
        sides = ((TOP, OUTPUTS), (BELOW, GRADIENTS))
        mark = "".join(svg.rect(LEFT, top, box.cell, height, "outline") for top, height in sides)
        parts = [plots, follower("here", mark, 0, look.layer, box.cell, 0), *self._words(look)]
        data = {"frame": frame, "step": look.layer, "columns": cols, "count": cols}
        return svg.document(WIDTH, HEIGHT, parts, self.stack.says(), **data)

    def _histograms(self) -> list[str]:
        """The outputs of each layer as a column of bars that lie on their sides."""
        label = f"{self.stack.activation.label}: outputs of the layers →"
        parts = [self.outputs.frame(y_label=label, x_ticks=())]
        edges = [svg.fmt(y) for y in self.outputs.to_y(np.linspace(*self.outputs.y_range, BINS + 1)).tolist()]
        for layer in range(1, self.stack.layers + 1):
            shares = self.stack.histograms[layer - 1]
            left = float(self.outputs.to_x(layer - 0.42))
            ends = [svg.fmt(x) for x in (left + FULL * self._pitch * shares / shares.max()).tolist()]
            steps = (f"L{x} {low}L{x} {high}" for x, low, high in zip(ends, edges, edges[1:], strict=False))
            outline = f"M{svg.fmt(left)} {edges[0]}{''.join(steps)}L{svg.fmt(left)} {edges[-1]}"
            parts.append(svg.path(outline, "pos", 0))
        size = 13 if self.stack.layers < 18 else 12
        below = TOP + 15  # between two lines of the grid, whatever the activation
        return [*parts, svg.text(LEFT + self._pitch / 2, below, "inputs", size, "gray middle")]

    def _curves(self) -> list[str]:
        """The norms from the input on the left to the output on the right, and those to compare with."""
        against = f"; dashed: {self.beside.activation.label}" if self.beside else ""
        label = f"← norm of the gradient that comes back, 1 at the last layer{against}"
        layers = range(self.stack.layers + 1)
        parts = [self.gradients.frame("layer", label, x_ticks=layers)]
        if self.beside:
            parts.append(self.gradients.curve(layers, self.beside.norms, "gray-line", 2, "7 4"))
        parts.append(self.gradients.curve(layers, self.stack.norms))
        seen = [k for k in layers if SMALLEST <= self.stack.norms[k] <= LARGEST]
        return [*parts, *(self.gradients.point(k, self.stack.norms[k], 3.5) for k in seen)]

    def _words(self, look: DeepLook) -> list[str]:
        found = look.equation()
        return [
            mono(MARGIN, FORMULA_Y, WIDTH - 2 * MARGIN, str(found) if found else "gradient[0] is that of the inputs"),
            svg.text(MARGIN, FORMULA_Y + 25, look.says(), 15, "gray"),
            svg.text(MARGIN, FORMULA_Y + 52, self.stack.says(), 16),
        ]
