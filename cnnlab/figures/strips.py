"""Strips below the large grids: small maps to choose from, and sums that are added up."""

from collections.abc import Sequence

from numpy import float64
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, Tone, bitmap_grid
from cnnlab.figures.palette import strength
from cnnlab.traces.text import number

GAP = 8.0


def thumbnails(
    name: str,
    x: float,
    y: float,
    width: float,
    maps: Sequence[tuple[str, NDArray[float64]]],
    tone: Tone,
    chosen: int,
) -> str:
    """A row of small maps with their labels, the chosen one outlined; ``name`` is what the page reports of it."""
    side = min(56.0, width / len(maps) - GAP)
    parts = []
    for i, (label, values) in enumerate(maps):
        left = x + i * (side + GAP)
        parts.append(bitmap_grid(Box(left, y, side, 1, 1), values, tone))
        parts.append(
            svg.text(left + side / 2, y + side + 16, label, 13, "bold middle" if i == chosen else "gray middle")
        )
    parts.append(svg.rect(x + chosen * (side + GAP), y, side, side, "outline"))
    geometry = " ".join(svg.fmt(v) for v in (x, y, side + GAP, side, 1, len(maps)))
    label = f"{name}s: arrow keys choose one"
    return svg.group(parts, data_grid=name, data_box=geometry, tabindex="0", role="application", aria_label=label)


def sums(left: float, right: float, y: float, terms: Sequence[tuple[str, float]], most: int = 6) -> str:
    """Labeled numbers in colored boxes with a plus between them; of more than ``most`` the rest is an ellipsis."""
    shown = terms if len(terms) <= most else terms[: most - 1]
    count = min(len(terms), most)
    pitch = min(80.0, (right - left - 2 * GAP) / count)
    start, width, strongest = (left + right - count * pitch) / 2, pitch - 22, max(abs(v) for _, v in terms)
    parts = []
    for i, (label, value) in enumerate(shown):
        x = start + i * pitch
        parts += [
            svg.rect(x, y, width, 30, "pos" if value > 0 else "neg", strength(value, strongest)),
            svg.rect(x, y, width, 30, "lines"),
            svg.text(x + width / 2, y + 20, number(value), 15, "middle"),
            svg.text(x + width / 2, y + 46, label, 13, "gray middle"),
        ]
        if i < len(terms) - 1:
            parts.append(svg.text(x + width + 11, y + 21, "+", 17, "gray middle"))
    if len(shown) < len(terms):
        parts.append(
            svg.text(start + (count - 1) * pitch + width / 2, y + 20, f"… {len(terms)} in all", 13, "gray middle")
        )
    return "".join(parts)
