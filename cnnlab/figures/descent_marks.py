"""How the paths of the descent lab are told apart: colors, dashes, marks, and the names beside them."""

from dataclasses import dataclass
from math import cos, pi, sin

from cnnlab.figures import svg
from cnnlab.figures.plots import Axes
from cnnlab.traces.surfaces import Point

Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """How a path is drawn: its color, its dashes, its mark."""

    color: str
    dashes: str | None
    mark: str


LOOKS = {
    "batch": Look("ink", None, "circle"),
    "stochastic": Look("gray", None, "triangle"),
    "mini-batch": Look("ink", "6 4", "square"),
    "momentum": Look("blue", None, "diamond"),
    "Nesterov": Look("blue", "6 4", "triangle"),
    "RMSProp": Look("orange", None, "square"),
    "Adam": Look("plum", None, "circle"),
}
_CORNERS = {"triangle": (3, -pi / 2), "square": (4, pi / 4), "diamond": (4, 0.0)}


def labels(axes: Axes, places: dict[str, Point]) -> list[str]:
    """The names beside the marks, as far as there is room for them; the first ones have the choice."""
    taken = [(x - 9, y - 9, x + 9, y + 9) for x, y in places.values()]
    parts = []
    for label, (x, y) in places.items():
        width = 0.88 * svg.text_width(label, 13) + 4  # of letters, narrower than digits
        for left, top in ((x + 11, y - 9), (x - 11 - width, y - 9), (x - width / 2, y - 29), (x - width / 2, y + 11)):
            box = (left, top, left + width, top + 18)
            inside = axes.x < box[0] and box[2] < axes.right and axes.y < box[1] and box[3] < axes.bottom
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                parts.append(svg.rect(left, top, width, 18, "paper", 0.8))
                parts.append(svg.text(left + 2, top + 13.5, label, 13))
                break
    return parts


def _overlap(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def mark(look: Look, x: float, y: float, radius: float = 6.5) -> str:
    """The mark of a path, with a rim of paper."""
    fill = "dot" if look.color == "ink" else f"{look.color}-dot"
    if look.mark == "circle":
        return svg.circle(x, y, radius + 1.5, "paper") + svg.circle(x, y, radius, fill)
    return _shape(x, y, radius + 2.5, look.mark, "paper") + _shape(x, y, radius + 0.5, look.mark, fill)


def _shape(x: float, y: float, radius: float, shape: str, classes: str) -> str:
    count, first = _CORNERS[shape]
    angles = [first + i * 2 * pi / count for i in range(count)]
    return _polygon([(x + radius * cos(a), y + radius * sin(a)) for a in angles], classes)


def arrow(x: float, y: float, angle: float, look: Look) -> str:
    """An arrowhead whose tip is at the border."""
    fill = "dot" if look.color == "ink" else f"{look.color}-dot"
    back = [(x + 15 * cos(angle + turn), y + 15 * sin(angle + turn)) for turn in (pi - 0.45, pi + 0.45)]
    return _polygon([(x, y), *back], fill)


def _polygon(corners: list[Point], classes: str) -> str:
    points = "L".join(f"{svg.fmt(x)} {svg.fmt(y)}" for x, y in corners)
    return f'<path class="cl-{classes}" d="M{points}z"/>'
