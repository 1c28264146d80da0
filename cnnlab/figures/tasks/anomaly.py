"""The picture of an inspection: the patches that are called a defect, where it is, and the deviation of each."""

from functools import lru_cache

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import gray_uri, signed_uri
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.palette import strength
from cnnlab.figures.tasks import parts
from cnnlab.figures.tasks.parts import LOWER, MARGIN, MIDDLE, RIGHT, SIDE, SMALL, SMALLEST, TOP
from cnnlab.traces.tasks import Inspected
from cnnlab.traces.tasks.anomaly import PATCH, patches
from cnnlab.traces.tasks.words import on_its_side_in_short

ZOOM = 84.0
VEIL = 0.45
STRONGEST_DEVIATION = 8.0


def draw(a: Inspected, row: int, col: int, frame: int) -> str:
    """The picture, with one patch looked at."""
    content = [_picture(a), _truth(a), _zoomed(a, row, col), _map(a), _legend(), *_windows(a, row, col)]
    label = f"Anomaly detection: {a.hits} patches found, {a.missed} missed, {a.false} false alarms"
    return parts.document(a, content, row, col, frame, label)


def _box(a: Inspected, left: float) -> Box:
    rows, cols = a.grid
    return Box(left, TOP, SIDE / max(rows, cols), rows, cols)


def _picture(a: Inspected) -> str:
    box = _box(a, MARGIN)
    layers = [svg.image(box.x, box.y, box.width, box.height, gray_uri(a.picture, 255))]
    for kind in ("missed", "false", "right"):  # what is right lies on top
        where = {"missed": ~a.flagged & a.truth, "false": a.flagged & ~a.truth, "right": a.flagged & a.truth}[kind]
        for row, col in np.argwhere(where):
            rect = (box.x + col * box.cell + 2, box.y + row * box.cell + 2, box.cell - 4, box.cell - 4)
            layers.append(parts.dashed(*rect) if kind == "missed" else parts.ring(*rect, kind == "right"))
    note = "defect" if a.flagged.any() else "no defect"
    head = parts.heading(MARGIN, SIDE, "Is something wrong here?", f"answer: {note}")
    return head + box.pointable("places", "the picture: arrow keys choose a patch", layers, "steps hover pin")


def _truth(a: Inspected) -> str:
    rows, cols = a.mask.shape
    box = Box(MIDDLE, TOP, SMALL / max(rows, cols), rows, cols)
    return "".join(
        [
            parts.heading(MIDDLE, SMALL, "truth", a.defect or "nothing wrong"),
            svg.image(MIDDLE, TOP, SMALL, SMALL, gray_uri(a.picture, 255)),
            svg.image(MIDDLE, TOP, SMALL, SMALL, signed_uri(np.where(a.mask, VEIL, 0.0), 1.0)),
            parts.contour(box, a.mask),
            svg.rect(MIDDLE, TOP, SMALL, SMALL, "lines"),
        ]
    )


def _zoomed(a: Inspected, row: int, col: int) -> str:
    """The patch, beside the most usual one."""
    cut = patches(a.picture)
    content = []
    for x, name, place in (
        (MIDDLE, "this patch", (row, col)),
        (MIDDLE + SMALL - ZOOM, "a usual one", a.most_usual),
    ):
        uri = gray_uri(cut[place].reshape(PATCH, PATCH).astype(np.uint8), 255)
        content.append(svg.text(x, LOWER - 10, name, 14, "gray"))
        content.append(svg.image(x, LOWER, ZOOM, ZOOM, uri))
        content.append(svg.rect(x, LOWER, ZOOM, ZOOM, "lines"))
    return "".join(content)


def _map(a: Inspected) -> str:
    box = _box(a, RIGHT)
    head = parts.heading(RIGHT, SIDE, "deviation of each patch", "standard deviations")
    return (
        head
        + _colors(box, a.strongest.tobytes())
        + "".join(
            svg.text(
                box.x + (col + 0.5) * box.cell,
                box.y + (row + 0.5) * box.cell + SMALLEST * 0.36,
                on_its_side_in_short(value, a.limit),
                SMALLEST,
                "middle",
            )
            for (row, col), value in np.ndenumerate(a.strongest)
        )
    )


@lru_cache(maxsize=32)  # the deviations stay while the limit is moved
def _colors(box: Box, deviations: bytes) -> str:
    values = np.frombuffer(deviations).reshape(box.rows, box.cols)
    cells = (
        box.part(row, col, 1, 1, "pos", strength(float(value), STRONGEST_DEVIATION))
        for (row, col), value in np.ndenumerate(values)
    )
    return "".join([svg.rect(box.x, box.y, box.width, box.height, "paper"), *cells, box.lines()])


def _windows(a: Inspected, row: int, col: int) -> list[str]:
    """The patch that is looked at, in the picture and in the map."""
    boxes = (_box(a, left) for left in (MARGIN, RIGHT))
    return [
        follower("window", b.part(0, 0, 1, 1, "halo") + b.part(0, 0, 1, 1, "outline"), row, col, b.cell, b.cell)
        for b in boxes
    ]


def _legend() -> str:
    return parts.legend(
        ("right", "right"), ("false", "false alarm"), ("missed", "missed"), ("window", "the patch written out below")
    )
