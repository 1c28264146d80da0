"""Small things around the large grids: maps to choose from, sums that are added up, what the colors mean."""

from collections.abc import Sequence

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import color_uri
from cnnlab.figures.grids import Box, Tone, bitmap_grid
from cnnlab.figures.palette import STRONGEST, strength
from cnnlab.traces.text import number

Values = NDArray[float64]

GAP = 8.0
MOST_SHOWN = 11
"""Maps in a row; of more those around the chosen one."""


def thumbnails(
    name: str,
    x: float,
    y: float,
    width: float,
    maps: Sequence[tuple[str, Values]],
    tone: Tone,
    chosen: int,
    color: Values | None = None,
) -> str:
    """A row of small maps with their labels, the chosen one outlined; ``name`` is what the page reports of it.

    ``color`` (3, H, W) is shown as a picture behind the row: what the maps are the red, green and blue of.
    """
    first = first_shown(chosen, len(maps))
    maps, chosen = maps[first : first + MOST_SHOWN], chosen - first
    count = len(maps) + (color is not None)
    side = min(56.0, width / count - GAP)
    parts = []
    for i, (label, values) in enumerate(maps):
        left = x + i * (side + GAP)
        parts.append(bitmap_grid(Box(left, y, side, 1, 1), _small(values), tone))
        parts.append(
            svg.text(left + side / 2, y + side + 16, label, 13, "bold middle" if i == chosen else "gray middle")
        )
    parts.append(svg.rect(x + chosen * (side + GAP), y, side, side, "outline"))
    row = Box(x, y, side + GAP, 1, len(maps)).pointable(
        name, f"{name}s: arrow keys choose one", parts, "choose", height=side
    )
    if color is None:
        return row
    left = x + len(maps) * (side + GAP) + 14
    picture = svg.image(left, y, side, side, color_uri(np.moveaxis(_small(color), 0, -1), tone.high))
    return row + picture + svg.text(left + side / 2, y + side + 16, "together", 13, "gray middle")


def first_shown(chosen: int, count: int) -> int:
    """The first of ``count`` maps that a row shows, so that the chosen one is among them."""
    return min(max(chosen - MOST_SHOWN // 2, 0), max(count - MOST_SHOWN, 0))


def _small(maps: Values) -> Values:
    """Maps with no more pixels than a thumbnail shows."""
    every = -(-max(maps.shape[-2:]) // 64)
    return maps[..., ::every, ::every]


def sums(left: float, right: float, y: float, terms: Sequence[tuple[str, float]], chosen: int, most: int = 6) -> str:
    """Labeled numbers in colored boxes with a plus between them, one outlined; of more than ``most`` the first."""
    shown = terms if len(terms) <= most else terms[: most - 1]
    count = min(len(terms), most)
    pitch = min(84.0, (right - left - 2 * GAP) / count)
    start, width, strongest = (left + right - count * pitch + 22) / 2, pitch - 22, max(abs(v) for _, v in terms)
    parts = []
    for i, (label, value) in enumerate(shown):
        x = start + i * pitch
        parts += [
            svg.text(x + width / 2, y + 11, label, 13, "bold middle" if i == chosen else "gray middle"),
            svg.rect(x, y + 18, width, 28, "pos" if value > 0 else "neg", strength(value, strongest)),
            svg.rect(x, y + 18, width, 28, "thin" if i == chosen else "lines"),
            svg.text(x + width / 2, y + 37, number(value), 15, "middle"),
        ]
        if i < len(terms) - 1:
            parts.append(svg.text(x + width + 11, y + 38, "+", 17, "gray middle"))
    if len(shown) < len(terms):
        rest = f"… {len(terms)} in all"
        parts.append(svg.text(start + (count - 1) * pitch, y + 37, rest, 13, "gray"))
    return "".join(parts)


def legend(right: float, y: float, tone: Tone) -> str:
    """What the colors of the output mean, in a line that ends at ``right``."""
    if not tone.signed:
        return svg.text(right, y, f"output: black 0, white {number(tone.high)}", 13, "gray end")
    return "".join(
        (
            svg.rect(right - 155, y - 11, 13, 13, "neg", STRONGEST),
            svg.text(right - 137, y, "below 0", 13, "gray"),
            svg.rect(right - 72, y - 11, 13, 13, "pos", STRONGEST),
            svg.text(right - 54, y, "above 0", 13, "gray"),
        )
    )
