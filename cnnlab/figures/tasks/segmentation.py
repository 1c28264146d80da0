"""The picture of a segmentation: the pixels found, the true ones, and how far their colors are off."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import color_uri, gray_uri, signed_uri
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.grids import ring as mark
from cnnlab.figures.palette import STRONGEST
from cnnlab.figures.tasks import parts
from cnnlab.figures.tasks.parts import LOWER, MARGIN, MIDDLE, RIGHT, ROOM, SIDE, SMALL, SMALLEST, TOP
from cnnlab.traces.tasks import Segmented
from cnnlab.traces.tasks.words import share_of_one
from cnnlab.traces.text import number

VEIL = 0.7
FARTHEST = 300.0
"""Distances beyond are counted with the last bar."""
BARS = 30
HALF, TALLEST = 150.0, 116.0
SWATCH = 98.0


def draw(s: Segmented, row: int, col: int, frame: int) -> str:
    """The picture, with one pixel looked at."""
    content = [_picture(s, row, col), _truth(s), _swatches(s, row, col), _histogram(s, row, col), _legend()]
    label = f"Segmentation: IoU {share_of_one(s.iou)}, Dice {share_of_one(s.dice)}"
    return parts.document(s, content, row, col, frame, label)


def _picture(s: Segmented, row: int, col: int) -> str:
    rows, cols = s.truth.shape
    box = Box(MARGIN, TOP, SIDE / max(rows, cols), rows, cols)
    verdict = np.where(s.found, np.where(s.truth, VEIL, -VEIL), 0.0)
    layers = [
        svg.image(box.x, box.y, box.width, box.height, gray_uri(s.picture.mean(axis=-1), 255)),
        svg.image(box.x, box.y, box.width, box.height, signed_uri(verdict, 1.0)),
        parts.contour(box, s.truth),
    ]
    here = follower("window", mark(Box(box.x, box.y, box.cell, 1, 1), 1, 1), row, col, box.cell, box.cell)
    head = parts.heading(MARGIN, SIDE, "Which pixels belong to red things?", f"{int(s.found.sum())} found")
    return head + box.pointable("places", "the picture: arrow keys choose a pixel", layers, "steps hover pin") + here


def _truth(s: Segmented) -> str:
    rows, cols = s.truth.shape
    return "".join(
        [
            parts.heading(MIDDLE, SMALL, "truth", f"{int(s.truth.sum())} pixels"),
            svg.image(MIDDLE, TOP, SMALL, SMALL, color_uri(s.picture, 255)),
            parts.contour(Box(MIDDLE, TOP, SMALL / max(rows, cols), rows, cols), s.truth),
        ]
    )


def _swatches(s: Segmented, row: int, col: int) -> str:
    """The color that is looked for, and that of the pixel."""
    here = tuple(int(v) for v in s.picture[row, col])
    content = []
    for x, name, (red, green, blue) in (
        (MIDDLE, "looked for", s.color),
        (MIDDLE + SMALL - SWATCH, "this pixel", here),
    ):
        content.append(svg.text(x, LOWER - 10, name, 14, "gray"))
        content.append(
            f'<rect fill="rgb({red},{green},{blue})" x="{svg.fmt(x)}" y="{svg.fmt(LOWER)}" '
            f'width="{svg.fmt(SWATCH)}" height="54"/>'
        )
        content.append(svg.text(x, LOWER + 74, f"{red}, {green}, {blue}", SMALLEST, "mono"))
    return "".join(content)


def _histogram(s: Segmented, row: int, col: int) -> str:
    """How far the colors of the thing's pixels (upward) and of all others (downward) are from the one looked for."""
    things, others = s.histogram(FARTHEST, BARS)
    width, middle = ROOM / BARS, TOP + HALF
    bars = []
    for i, (thing, other) in enumerate(zip(things / things.max(), others / others.max(), strict=True)):
        up, down, x = TALLEST * float(thing), TALLEST * float(other), RIGHT + i * width
        bars.append(svg.rect(x + 1, middle - up, width - 2, up, "pos", STRONGEST) if up else "")
        bars.append(svg.rect(x + 1, middle, width - 2, down, "neg", STRONGEST) if down else "")
    ticks = (
        svg.text(_x(value), TOP + 2 * HALF + 18, number(value), SMALLEST, f"gray {where}")
        for value, where in ((0, ""), (100, "middle"), (200, "middle"))
    )
    return "".join(
        [
            parts.heading(RIGHT, ROOM, "color distance of the pixels", f"found below {number(s.threshold)}"),
            svg.rect(RIGHT, TOP, ROOM, 2 * HALF, "lines"),
            *bars,
            svg.text(RIGHT + ROOM - 8, TOP + 22, "pixels of red things", 14, "gray end"),
            svg.text(RIGHT + ROOM - 8, TOP + 2 * HALF - 12, "all other pixels", 14, "gray end"),
            *ticks,
            svg.text(RIGHT + ROOM, TOP + 2 * HALF + 18, f"{number(FARTHEST)} or more", SMALLEST, "gray end"),
            _line(min(s.threshold, FARTHEST)),
            _dot(min(float(s.distances[row, col]), FARTHEST)),
        ]
    )


def _x(distance: float) -> float:
    return RIGHT + ROOM * distance / FARTHEST


def _line(distance: float) -> str:
    d = f"M{svg.fmt(_x(distance))} {svg.fmt(TOP)}v{svg.fmt(2 * HALF)}"
    return f'<path class="cl-halo" d="{d}"/><path class="cl-outline" d="{d}"/>'


def _dot(distance: float) -> str:
    """Where the pixel that is looked at stands."""
    return svg.circle(_x(distance), TOP + HALF, 6, "halo") + svg.circle(_x(distance), TOP + HALF, 6, "outline")


def _legend() -> str:
    return parts.legend(
        ("more", "found correctly"), ("less", "false alarm"), ("truth", "outline of the truth: empty inside is missed")
    )
