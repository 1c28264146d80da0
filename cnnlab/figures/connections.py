"""The picture of the weights lab: three layers on the same input, as lines and as matrices, and what they cost."""

from collections.abc import Sequence
from math import log10

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, number_grid
from cnnlab.figures.palette import STRONGEST, strength
from cnnlab.traces.connections import PATTERNS, Connections, LayerSize, count_text, memory
from cnnlab.traces.text import number

WIDTH, MARGIN = 1000.0, 16.0
PANEL, GAP = 304.0, 28.0
UNITS_Y, INPUTS_Y = 26.0, 96.0
CELL = 29.0
MATRIX_Y, MATRIX = 152.0, 174.0
FORMULA_Y = MATRIX_Y + MATRIX + 26
BARS_Y, BAR_PITCH, BAR_X, BAR = FORMULA_Y + 72, 23.0, 690.0, 290.0
HEIGHT = BARS_Y + 3 * BAR_PITCH - 6
LARGEST_POWER = 12.0  # of the logarithmic bars: a million million weights

STRONGEST_WEIGHT = 9.0

TITLES = {
    "dense": "dense: every input",
    "local": "local: neighbors, weights of their own",
    "shared": "shared: neighbors, the same weights",
}
DASHES = (None, "7 4", "2 3", "12 3 2 3", "4 2")
"""Lines of the same shared weight look the same, in black and white, too."""


class ConnectionsPicture:
    """All that can be drawn of the three layers and of the real layer whose weights are counted."""

    def __init__(self, layers: Sequence[Connections], size: LayerSize) -> None:
        self.layers, self.size = tuple(layers), size

    def draw(self, pattern: str, unit: int, frame: int = 0) -> str:
        """The whole picture as SVG; ``unit`` is looked at, its sum is that of ``pattern``."""
        chosen = self.layers[PATTERNS.index(pattern)]
        parts = [self._panel(i, layer, pattern, unit) for i, layer in enumerate(self.layers)]
        formula = mono(MARGIN, FORMULA_Y, WIDTH - 2 * MARGIN, f"{pattern}: {chosen.formula(unit)}")
        says = svg.text(MARGIN, FORMULA_Y + 25, chosen.says(), 15)
        label = f"Dense, local and shared connections from {chosen.inputs} inputs to {chosen.units} units"
        data = {"frame": frame, "step": unit, "columns": chosen.units, "count": chosen.units}
        return svg.document(WIDTH, HEIGHT, [*parts, formula, says, *self._bars()], label, **data)

    # ---- one layer ---------------------------------------------------------------------------------------------------

    def _panel(self, index: int, layer: Connections, pattern: str, unit: int) -> str:
        left = MARGIN + index * (PANEL + GAP)
        bold = "bold" if layer.pattern == pattern else "gray"
        title = svg.text(left, 18, TITLES[layer.pattern], 14.5, bold)
        return "".join([title, self._lines(left, layer, unit), self._matrix(left, layer, unit)])

    def _lines(self, left: float, layer: Connections, unit: int) -> str:
        """Inputs below, units above, a line for each weight; those of the chosen unit are strong."""
        inputs = Box(left + (PANEL - layer.inputs * CELL) / 2, INPUTS_Y, CELL, 1, layer.inputs)
        pitch = CELL * (layer.inputs - 1) / max(layer.units - 1, 1) if layer.pattern == "dense" else CELL * layer.stride
        pitch = max(pitch, CELL) if layer.units > 1 else CELL
        middle = inputs.x + (layer.inputs - 1) * CELL / 2
        units = Box(middle - (layer.units - 1) * pitch / 2, UNITS_Y, CELL, 1, layer.units)
        parts = []
        for chosen in (False, True):  # the chosen ones last, on top
            for row, col in np.argwhere(layer.connected):
                if (row == unit) == chosen:
                    start = (inputs.x + (col + 0.5) * CELL, inputs.y)
                    end = (units.x + row * pitch + CELL / 2, units.y + CELL)
                    parts.append(self._line(layer, int(row), int(col), start, end, chosen))
        parts.append(number_grid(inputs, layer.x[None], 4))
        cells = (
            number_grid(Box(units.x + i * pitch, units.y, CELL, 1, 1), layer.output[i : i + 1, None], 40)
            for i in range(layer.units)
        )
        mark = svg.rect(units.x + unit * pitch, units.y, CELL, CELL, "outline")
        where = Box(units.x - (pitch - CELL) / 2, units.y, pitch, 1, layer.units)
        label = f"units, {layer.pattern}: arrow keys choose one"
        name = f"units {layer.pattern}"
        return "".join([*parts, where.pointable(name, label, [*cells], "hover pin", height=CELL), mark])

    @staticmethod
    def _line(
        layer: Connections, row: int, col: int, start: tuple[float, float], end: tuple[float, float], chosen: bool
    ) -> str:
        weight = float(layer.matrix[row, col])
        shared = layer.pattern == "shared"
        dashes = DASHES[col - row * layer.stride] if shared else None
        kind = ("pos-line" if weight > 0 else "neg-line") if chosen or shared else "lines"
        return svg.line(*start, *end, kind, 3 if chosen else 1.5 if shared else 1, dashes)

    def _matrix(self, left: float, layer: Connections, unit: int) -> str:
        """The same weights as the matrix that the layer is; a row is a unit."""
        width, height = min(CELL + 4, PANEL / layer.inputs), min(CELL, MATRIX / layer.units)
        x = left + (PANEL - layer.inputs * width) / 2
        count = svg.text(left + PANEL / 2, MATRIX_Y - 12, layer.count(), 15, "middle bold")
        cells = [
            _weight(
                x + col * width, MATRIX_Y + row * height, width, height, weight if layer.connected[row, col] else None
            )
            for (row, col), weight in np.ndenumerate(layer.matrix)
        ]
        label = f"matrix, {layer.pattern}: arrow keys choose a row"
        box = Box(x, MATRIX_Y, width, layer.units, layer.inputs)
        grid = box.pointable(f"matrix {layer.pattern}", label, cells, "hover pin", height=height)
        return count + grid + svg.rect(x, MATRIX_Y + unit * height, layer.inputs * width, height, "outline")

    # ---- a real layer ------------------------------------------------------------------------------------------------

    def _bars(self) -> list[str]:
        """The three counts for a layer of real size; a step of the bar is a factor of ten."""
        s = self.size
        title = f"A layer of real size: {s.height:,} × {s.width:,} × {s.channels:,} = {s.inputs:,} inputs"
        parts = [
            svg.text(MARGIN, BARS_Y - 22, title, 15, "gray"),
            svg.text(BAR_X, BARS_Y - 22, "each step of a bar is ten times as many", 13, "gray"),
        ]
        for i, pattern in enumerate(PATTERNS):
            y, weights = BARS_Y + i * BAR_PITCH, s.weights(pattern)
            length = BAR * min(log10(max(weights, 1)) / LARGEST_POWER, 1)
            parts += [
                svg.text(MARGIN, y + 4, pattern, 15, "bold"),
                svg.text(MARGIN + 72, y + 4, s.formula(pattern), 15, "gray"),
                svg.text(BAR_X - 92, y + 4, f"{count_text(weights)} weights", 15, "end"),
                svg.text(BAR_X - 14, y + 4, memory(weights), 13, "gray end"),
                svg.rect(BAR_X, y - 8, max(length, 1), 14, "pos", STRONGEST),
                *(self._tick(BAR_X + BAR * power / LARGEST_POWER, y) for power in range(int(LARGEST_POWER) + 1)),
            ]
        return parts

    @staticmethod
    def _tick(x: float, y: float) -> str:
        return svg.line(x, y - 8, x, y + 6, "lines", 1)


def _weight(x: float, y: float, width: float, height: float, weight: float | None) -> str:
    """A cell of a matrix: its number on its color, or nothing where there is no connection."""
    if weight is None:
        return svg.rect(x, y, width, height, "pad") + svg.rect(x, y, width, height, "lines")
    size = min(14.0, 0.8 * height)
    return "".join(
        (
            svg.rect(x, y, width, height, "pos" if weight > 0 else "neg", strength(weight, STRONGEST_WEIGHT)),
            svg.rect(x, y, width, height, "lines"),
            svg.text(x + width / 2, y + height / 2 + 0.36 * size, number(weight), size, "middle"),
        )
    )


def numbers_text(layers: Sequence[Connections], size: LayerSize) -> str:
    """The picture as plain text."""
    lines = []
    for layer in layers:
        lines.append(f"{layer.pattern}, {layer.count()}:")
        lines += ["  " + " ".join(number(v).rjust(3) for v in row) for row in layer.matrix]
    for pattern in PATTERNS:
        lines.append(
            f"{pattern}: {size.formula(pattern)} = {size.weights(pattern):,} weights, {memory(size.weights(pattern))}"
        )
    return "\n".join(lines)
