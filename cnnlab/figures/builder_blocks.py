"""The outputs of all layers as blocks side by side: channels wide, rows high, columns deep, each side in doublings."""

from collections.abc import Sequence
from math import log2

from cnnlab.figures import svg
from cnnlab.figures.grids import Box
from cnnlab.traces.text import size_text

Shape = tuple[int, ...]

SLANT = 0.4
"""How far a column of the map goes to the right and up, in units of a row."""
GAP, LABEL, LEAST_LABELED = 12.0, 18.0, 84.0
LARGEST_UNIT = 16.0  # pixels that a side grows when its number is doubled


def blocks(x: float, y: float, width: float, height: float, shapes: Sequence[Shape], chosen: int) -> str:
    """A block for each shape, (C, H, W) or a row (n,); an empty shape is not known and leaves its place free."""
    pitch = width / max(len(shapes), 1)
    known = [_sides(shape) for shape in shapes if shape]
    tall = max((high + SLANT * deep for _, high, deep in known), default=1.0)
    broad = max((wide + SLANT * deep for wide, _, deep in known), default=1.0)
    unit = min(LARGEST_UNIT, (height - LABEL) / tall, (pitch - GAP) / broad)
    floor = y + height - LABEL
    parts = [svg.rect(x, y, width, height, "paper")]
    for i, shape in enumerate(shapes):
        middle = x + (i + 0.5) * pitch
        label = size_text(shape) if pitch >= LEAST_LABELED and shape else str(i) if shape else "?"
        parts.append(svg.text(middle, y + height - 3, label, 12, "bold middle" if i == chosen else "gray middle"))
        if shape:
            parts.append(_block(middle, floor, [side * unit for side in _sides(shape)], i == chosen))
    box = Box(x, y, pitch, 1, len(shapes))
    return box.pointable("block", "outputs as blocks: arrow keys choose one", parts, "hover pin", height=height)


def _sides(shape: Shape) -> tuple[float, float, float]:
    """Width, height and depth of a block: one unit more for each doubling. A row stands upright."""
    wide, high, deep = shape if len(shape) == 3 else (1, shape[0], 1)
    return log2(wide) + 1, log2(high) + 1, log2(deep) + 1


def _block(middle: float, floor: float, sides: Sequence[float], chosen: bool) -> str:
    """A box seen from the front, its top and its right side going back."""
    wide, high, deep = sides
    slant = SLANT * deep
    left, top = middle - (wide + slant) / 2, floor - high
    f = svg.fmt
    lid = f"M{f(left)} {f(top)}l{f(slant)} {f(-slant)}h{f(wide)}l{f(-slant)} {f(slant)}z"
    side = f"M{f(left + wide)} {f(top)}l{f(slant)} {f(-slant)}v{f(high)}l{f(-slant)} {f(slant)}z"
    front = f"M{f(left)} {f(top)}h{f(wide)}v{f(high)}h{f(-wide)}z"
    edge = "cl-thin" if chosen else "cl-frame"
    faces = (f'<path class="cl-pad" d="{d}"/><path class="{edge}" d="{d}"/>' for d in (lid, side))
    kind = svg.rect(left, top, wide, high, "pos", 0.6 if chosen else 0.25)
    return "".join([*faces, svg.rect(left, top, wide, high, "paper"), kind, f'<path class="{edge}" d="{front}"/>'])
