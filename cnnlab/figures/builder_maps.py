"""What comes out of a layer, as a picture: its maps, one of them large, or its row of numbers as bars."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, Tone, bitmap_grid, largest, number_grid
from cnnlab.figures.palette import strength
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]

ACROSS = 4
SHEET = ACROSS * ACROSS
"""Maps that are shown small at a time; of more, the sheet that holds the chosen one."""
GAP, BETWEEN = 5.0, 22.0
NUMBERED = 36.0  # pixels that a cell needs to show its number
MOST_BARS = 16
WRAPPED = 32  # numbers of a long row side by side
LABEL = 20.0


def sheet_start(channel: int) -> int:
    """The first channel of the sheet on which a channel is."""
    return channel // SHEET * SHEET


def maps(x: float, y: float, side: float, values: Values, channel: int, before: str, photo: bool) -> str:
    """Maps (C, H, W): the chosen one large, beside it the sheet that it is on.

    ``side`` is the height of both, ``before`` stands before the label; a ``photo`` is gray.
    """
    tone = Tone.of(values, photo)
    first = sheet_start(channel)
    shown = values[first : first + SHEET]
    spread = f"from {number(float(values[channel].min()))} to {number(float(values[channel].max()))}"
    label = svg.text(x, y + 14, f"{before}channel {channel} of {len(values)}, {spread}", 13, "bold")
    parts = [label, _large(x, y + LABEL, side, values[channel], tone)]
    if len(values) == 1:
        return "".join(parts)
    left, pitch = x + side + BETWEEN, (side + GAP) / ACROSS
    cells = [
        bitmap_grid(_fitted(left + i % ACROSS * pitch, y + LABEL + i // ACROSS * pitch, pitch - GAP, one), one, tone)
        for i, one in enumerate(_small(shown))
    ]
    at = channel - first
    frame = svg.rect(left + at % ACROSS * pitch, y + LABEL + at // ACROSS * pitch, pitch - GAP, pitch - GAP, "outline")
    rows = -(-len(shown) // ACROSS)
    box = Box(left, y + LABEL, pitch, rows, ACROSS)
    label, chosen = "channels: arrow keys choose one", f"{at // ACROSS} {at % ACROSS}"
    return "".join(parts) + box.pointable("channel", label, [*cells, frame], "choose", at=chosen)


def _large(x: float, y: float, side: float, values: Values, tone: Tone) -> str:
    rows, cols = values.shape
    if side / max(rows, cols) < NUMBERED:
        return bitmap_grid(_fitted(x, y, side, values), values, tone)
    return number_grid(Box.fit(x, y, side, side, rows, cols), values, tone.high)


def _fitted(x: float, y: float, side: float, values: Values) -> Box:
    """A square place in which a map lies with its own proportions."""
    return Box(x, y, side / max(values.shape), *values.shape)


def _small(values: Values) -> Values:
    """Maps with no more pixels than a small picture shows."""
    every = -(-max(values.shape[-2:]) // 64)
    return values[..., ::every, ::every]


def row_of_numbers(x: float, y: float, width: float, height: float, values: Values, before: str) -> str:
    """A row (n,): a bar for each of a few numbers, cells with their colors for many, line by line."""
    count = len(values)
    spread = f"from {number(float(values.min()))} to {number(float(values.max()))}"
    label = svg.text(x, y + 14, f"{before}{plural(count, 'number')}, {spread}", 13, "bold")
    if count <= MOST_BARS:
        return label + _bars(x, y + LABEL + 4, width, height - 4, values)
    rows = -(-count // WRAPPED)
    padded = np.zeros(rows * WRAPPED)
    padded[:count] = values
    cells = padded.reshape(rows, WRAPPED)
    box = Box(x, y + LABEL, min(width / WRAPPED, height / rows), rows, WRAPPED)
    return label + bitmap_grid(box, cells, Tone.of(values, photo=False))


def _bars(x: float, y: float, width: float, height: float, values: Values) -> str:
    """A bar for each number, from the line of zero up or down."""
    pitch = min(width / len(values), 60.0)
    above, below = max(float(values.max()), 0.0), max(-float(values.min()), 0.0)
    room = height - 46  # for the numbers at the ends of the bars, and the places below
    scale = room / (above + below) if above + below else 0.0
    zero = y + 14 + above * scale
    parts = []
    for i, value in enumerate(values.tolist()):
        left, length = x + i * pitch, abs(value) * scale
        top = zero - length if value > 0 else zero
        kind = "pos" if value > 0 else "neg"
        end = top - 4 if value > 0 else top + length + 13
        parts += [
            svg.rect(left + 3, top, pitch - 6, max(length, 1), kind, strength(value, largest(values))),
            *([svg.text(left + pitch / 2, end, number(value), 12, "middle")] if pitch >= 36 else []),
            svg.text(left + pitch / 2, y + height - 1, str(i), 12, "gray middle"),
        ]
    return "".join([*parts, svg.line(x, zero, x + pitch * len(values), zero, "frame", 1)])
