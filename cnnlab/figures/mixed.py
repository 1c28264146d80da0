"""The picture of the mixing lab: two pictures, what becomes of them, and the label of it."""

from cnnlab.figures import svg
from cnnlab.figures.augmented import picture_uri
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, ring
from cnnlab.traces.mixed import Mixed
from cnnlab.traces.text import number
from cnnlab.traces.transforms import Image

WIDTH, HEIGHT, MARGIN, TOP = 1000.0, 400.0, 16.0, 34.0
SIDE, PITCH = 236.0, 256.0
LABEL_X = 794.0
BAR_X, BAR = LABEL_X + 84, 66.0
ROW = 34.0


def draw_mixed(trace: Mixed, frame: int = 0) -> str:
    """The whole picture as SVG."""
    first, second = trace.names
    used = trace.method != "cutout"
    content = [
        _picture(0, f"first: {first}", trace.first),
        _picture(1, f"second: {second}" if used else "second: not used", trace.second if used else None),
        _mixed(trace),
        _label(trace),
        *_formulas(trace),
    ]
    return svg.document(WIDTH, HEIGHT, content, f"{trace.method} of {first} and {second}", frame=frame)


def _box(place: int, rows: int, cols: int) -> Box:
    return Box(MARGIN + place * PITCH, TOP, SIDE / max(rows, cols), rows, cols)


def _picture(place: int, heading: str, image: Image | None) -> str:
    box = _box(place, 1, 1) if image is None else _box(place, *image.shape[1:])
    text = svg.text(box.x, TOP - 10, heading, 14, "gray")
    if image is None:
        return text + svg.rect(box.x, box.y, box.width, box.height, "pad")
    return text + svg.image(box.x, box.y, box.width, box.height, picture_uri(image))


def _mixed(trace: Mixed) -> str:
    box = _box(2, *trace.shape)
    parts = [svg.image(box.x, box.y, box.width, box.height, picture_uri(trace.image))]
    top, left, height, width = trace.inside
    if trace.method == "mixup":
        at = Box(box.x + trace.col * box.cell, box.y + trace.row * box.cell, box.cell, 1, 1)
        parts.append(ring(at, 1, 1))
    elif height and width:
        parts += [box.part(top, left, height, width, "halo"), box.part(top, left, height, width, "outline")]
    doing = "the pixel that is looked at" if trace.method == "mixup" else "the rectangle"
    label = f"mixed picture: arrow keys move {doing}"
    heading = svg.text(box.x, TOP - 10, f"after: {trace.method}", 14, "gray")
    at_text = f"{trace.row} {trace.col}"
    return heading + box.pointable("mixed", label, parts, "paint pin", at=at_text)


def _label(trace: Mixed) -> str:
    """A bar for each class."""
    parts = [svg.text(LABEL_X, TOP - 10, "label", 14, "gray")]
    for i, (name, share) in enumerate(zip(trace.classes, trace.label.tolist(), strict=True)):
        y = TOP + 4 + i * ROW
        parts.append(svg.text(LABEL_X, y + 15, name, 14, "bold" if share else "gray"))
        if share:
            parts.append(svg.rect(BAR_X, y, BAR * share, 20, "pos", 0.78))
        parts.append(svg.rect(BAR_X, y, BAR, 20, "lines"))
        parts.append(svg.text(WIDTH - MARGIN + 6, y + 15, number(round(share, 2)), 14, "end" if share else "gray end"))
    return "".join(parts)


def _formulas(trace: Mixed) -> list[str]:
    y, room = TOP + SIDE + 32, WIDTH - 2 * MARGIN
    lines = [mono(MARGIN, y + 24 * i, room, text, 15) for i, text in enumerate((trace.formula(), trace.pixel()))]
    return [
        *lines,
        mono(MARGIN, y + 48, room, trace.loss(), 15),
        svg.text(MARGIN, y + 76, trace.says(), 15),
    ]
