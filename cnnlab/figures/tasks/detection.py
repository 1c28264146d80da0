"""The picture of a detection: the boxes found, the true ones, and the map of the scores."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import color_uri, gray_uri, signed_uri
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.tasks import parts
from cnnlab.figures.tasks.parts import LOWER, MARGIN, MIDDLE, RIGHT, SIDE, SMALL, TOP
from cnnlab.traces.tasks import Detected
from cnnlab.traces.tasks.detection import STEP, Found
from cnnlab.traces.tasks.words import counted, signed
from cnnlab.traces.text import size_text

MOST_FALSE, MOST_NAMED = 60, 10
"""Of more false boxes only the best are drawn, and none is named."""
WEIGHTS = 62.0


def draw(d: Detected, row: int, col: int, frame: int) -> str:
    """The picture, with the window of one place outlined."""
    content = [_picture(d, row, col), _truth(d), _weights(d), _scores(d, row, col), _legend()]
    label = f"Detection: {len(d.hits)} found, {len(d.missed)} missed, {len(d.false)} false"
    return parts.document(d, content, row, col, frame, label)


def _scale(d: Detected) -> float:
    """How large a pixel of the picture is drawn."""
    return SIDE / len(d.picture)


def _places(d: Detected, left: float) -> Box:
    """The middle of each window, as a grid over a picture that begins at ``left``."""
    pixel, rim = _scale(d), (d.classifier.side - STEP) / 2
    return Box(left + rim * pixel, TOP + rim * pixel, STEP * pixel, *d.scores.shape)


def _drawn(d: Detected) -> list[Found]:
    """What is right lies on top of what is not."""
    return [*d.false[:MOST_FALSE][::-1], *d.hits]


def _picture(d: Detected, row: int, col: int) -> str:
    pixel, drawn = _scale(d), _drawn(d)
    marks, chips = [], parts.Chips(MARGIN + SIDE)
    for f in drawn:
        marks.append(parts.ring(*_rect(f.box, pixel, MARGIN), f.truth >= 0))
    for f in (*d.hits, *(d.false if len(d.false) <= MOST_NAMED else ())):
        x, y, _, _ = _rect(f.box, pixel, MARGIN)
        chips.add(x, y - 3, f"{'' if f.truth >= 0 else 'false '}{signed(f.score, 2)}")
    for k in d.missed:
        x, y, w, h = _rect(d.truth[k], pixel, MARGIN)
        marks.append(parts.dashed(x, y, w, h))
        chips.add(x, y - 3, "missed")
    box, label = _places(d, MARGIN), "the picture: arrow keys move the window"
    picture = svg.image(MARGIN, TOP, SIDE, SIDE, color_uri(d.picture, 255))
    window = follower("window", _window(d), row, col, box.cell, box.cell)
    head = parts.heading(MARGIN, SIDE, "Where are red disks?", _count(d, drawn))
    return head + box.pointable("places", label, [picture, *marks], "steps hover pin") + window + chips.draw()


def _count(d: Detected, drawn: list[Found]) -> str:
    """How many boxes there are, and which of them are drawn."""
    if len(drawn) == len(d.found):
        return counted(len(drawn), "box", "boxes")
    best = all(f.score >= d.found[len(drawn) - 1].score for f in drawn)  # a right box may be one of the worst
    return f"{len(drawn)} {'best ' if best else ''}of {len(d.found)} drawn"


def _rect(box: tuple[int, int, int, int], pixel: float, left: float) -> tuple[float, float, float, float]:
    top, start, height, width = box
    return left + start * pixel, TOP + top * pixel, width * pixel, height * pixel


def _window(d: Detected) -> str:
    side = d.classifier.side * _scale(d)
    return svg.rect(MARGIN, TOP, side, side, "halo") + svg.rect(MARGIN, TOP, side, side, "outline")


def _truth(d: Detected) -> str:
    pixel = SMALL / d.picture.shape[0]
    boxes = (_rect(box, pixel, MIDDLE) for box in d.truth)
    return "".join(
        [
            parts.heading(MIDDLE, SMALL, "truth", f"{len(d.truth)} red disks"),
            svg.image(MIDDLE, TOP, SMALL, SMALL, color_uri(d.picture, 255)),
            *(svg.rect(*rect, "halo") + svg.rect(*rect, "outline") for rect in boxes),
        ]
    )


def _weights(d: Detected) -> str:
    weight = d.classifier.weight
    high, gap = float(np.abs(weight).max()), (SMALL - 3 * WEIGHTS) / 2
    content = [parts.heading(MIDDLE, SMALL, "weights", size_text(weight.shape), LOWER)]
    for i, name in enumerate("RGB"):
        x = MIDDLE + i * (WEIGHTS + gap)
        content.append(svg.image(x, LOWER, WEIGHTS, WEIGHTS, signed_uri(weight[i], high)))
        content.append(svg.rect(x, LOWER, WEIGHTS, WEIGHTS, "lines"))
        content.append(svg.text(x + WEIGHTS / 2, LOWER + WEIGHTS + 18, name, 14, "gray middle"))
    return "".join(content)


def _scores(d: Detected, row: int, col: int) -> str:
    """The score of each window, where its middle is."""
    box = _places(d, RIGHT)
    rim = 8 if len(d.found) <= MOST_NAMED else 2
    size = box.cell + 2 * rim
    marks = (
        parts.ring(box.x + f.col * box.cell - rim, box.y + f.row * box.cell - rim, size, size, f.truth >= 0)
        for f in _drawn(d)
    )
    here = svg.rect(box.x - 2, box.y - 2, box.cell + 4, box.cell + 4, "halo")
    here += svg.rect(box.x - 2, box.y - 2, box.cell + 4, box.cell + 4, "outline")
    return "".join(
        [
            parts.heading(RIGHT, SIDE, "score of every window", size_text(d.scores.shape)),
            svg.rect(RIGHT, TOP, SIDE, SIDE, "lines"),
            svg.image(box.x, box.y, box.width, box.height, gray_uri(d.scores, 1.0)),
            svg.rect(box.x, box.y, box.width, box.height, "lines"),
            *marks,
            follower("window", here, row, col, box.cell, box.cell),
        ]
    )


def _legend() -> str:
    return parts.legend(
        ("right", "right"),
        ("false", "false alarm"),
        ("missed", "missed"),
        ("window", "the window written out below"),
        ("", "scores: black 0 or less, white 1 or more"),
    )
