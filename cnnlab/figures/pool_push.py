"""What a push leaves of an output, drawn: before, after, the difference, and how much of it all stayed."""

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, Tone, follower, largest, ring
from cnnlab.figures.map_grids import fit, heading, map_grid
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.pool import PoolTrace
from cnnlab.traces.pool_many import Totals
from cnnlab.traces.pool_push import Kept, Push
from cnnlab.traces.pool_words import percent
from cnnlab.traces.text import size_text

LEFT, RIGHT, TOP = 403.0, 1089.0, 28.0
GRID = 190.0
PITCH = (RIGHT - LEFT - GRID) / 2
TABLE = TOP + GRID + 42
COLUMNS = (LEFT + 158, LEFT + 432)
"""Where the bars of the two columns begin."""
BAR = 120.0
"""Length of 100%."""
LONGEST = 1.5


def push_side(push: Push, trace: PoolTrace, digits: Totals | None, tone: Tone) -> str:
    """The right side of the picture of a shift; ``trace`` is the cell that is looked at, ``digits`` many images."""
    before, after = (p.output[trace.channel] for p in (push.before, push.after))
    difference = push.difference[trace.channel]
    boxes = [fit(LEFT + i * PITCH, TOP, GRID, GRID, after.shape) for i in range(3)]
    label = f"output, {size_text(after.shape)}: arrow keys walk the window"
    names = ("output before", "output after", "after − before")
    grids = [
        map_grid(boxes[0], before, tone),
        boxes[1].pointable("output", label, [map_grid(boxes[1], after, tone)], "steps hover pin"),
        map_grid(boxes[2], difference, Tone(True, largest(difference) or 1.0)),
    ]
    headings = (heading(box, GRID, name, size_text(after.shape)) for box, name in zip(boxes, names, strict=True))
    return "".join([*headings, *grids, *(_here(box, trace) for box in boxes), *_table(push, digits)])


def _here(box: Box, trace: PoolTrace) -> str:
    mark = box.part(0, 0, 1, 1, "outline") if box.cell > 6 else ring(box, 1, 1)
    return follower("here", mark, trace.row, trace.col, box.cell, box.cell)


def _table(push: Push, digits: Totals | None) -> list[str]:
    """How much stayed of the input and of the output: of this image, and of many."""
    heads = ("kept their value", "change, ‖after − before‖ / ‖before‖")
    parts = [svg.text(x, TABLE, head, 13, "gray") for x, head in zip(COLUMNS, heads, strict=True)]
    parts += _pair(TABLE + 24, "this image", push)
    if digits is None:
        return [
            *parts,
            svg.text(LEFT, TABLE + 76, "The digits, 16 × 16 cells each, are too small for this.", 14, "gray"),
        ]
    count = digits.images
    parts += _pair(TABLE + 74, f"{count} digits", digits)
    said = f"whole output the same: {digits.unchanged} of {count} digits"
    if digits.moved:
        said = f"whole output the same, only moved: {count} of {count} digits"
    note = svg.text(LEFT, TABLE + 122, "cells that stay 0 are not counted", 13, "gray")
    return [*parts, note, svg.text(RIGHT, TABLE + 122, said, 14, "end")]


def _pair(y: float, name: str, counted: Push | Totals) -> list[str]:
    """Two rows, for the input and for the output."""
    return [
        svg.text(LEFT, y, name, 14),
        *_row(y, "input", counted.input, STRONGEST / 2),
        *_row(y + 22, "output", counted.output, STRONGEST),
    ]


def _row(y: float, name: str, kept: Kept, strength: float) -> list[str]:
    parts = [svg.text(COLUMNS[0] - 10, y, name, 14, "gray end")]
    for x, value in zip(COLUMNS, (kept.share, kept.change), strict=True):
        long = BAR * min(value, LONGEST)
        parts.append(svg.rect(x, y - 12, long, 15, "pos", strength) if long else "")
        parts.append(svg.text(x + long + 7, y, percent(value), 14))
    return parts
