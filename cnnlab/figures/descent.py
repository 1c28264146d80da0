"""The picture of the descent lab: the paths of the optimizers on a map of the loss, and their losses beside it."""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, ceil, cos, floor, log10, pi, sin

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.contours import contours
from cnnlab.figures.formulas import ADVANCE, mono
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.plots import Axes
from cnnlab.traces.descent import Moment, Path, Race
from cnnlab.traces.descent_words import Row, brief, limit, standing, update
from cnnlab.traces.surfaces import Point, Surface
from cnnlab.traces.text import number

WIDTH, MARGIN, TOP = 1100.0, 16.0, 32.0
MAP_X, MAP_WIDTH, MAP_HEIGHT = 52.0, 380.0, 304.0
PLOT_X, PLOT_WIDTH, PLOT_HEIGHT = 514.0, 300.0, 150.0
TABLE_X, EPOCHS_X, ROW = 834.0, 1020.0, 24.0
UPDATE_X, UPDATE_Y, LINE = 468.0, 244.0, 20.0
SAYS_Y = 394.0
HEIGHT = SAYS_Y + 30
COLS, ROWS = 101, 81
"""Places on the map that can be clicked."""
FEWEST_DECADES, MOST_DECADES = 2, 6
LINES = 10
"""Contour lines of a map."""
Corners = tuple[float, float, float, float]
LARGEST, SMALLEST = 14.0, 12.0
"""Letters of the update."""


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


class DescentPicture:
    """All that can be drawn of one race."""

    def __init__(self, race: Race) -> None:
        self.race = race
        left, right, low, high = race.surface.limits
        self.map = Axes(MAP_X, TOP, MAP_WIDTH, MAP_HEIGHT, (left, right), (low, high))
        decades = _decades(race)
        self.plot = Axes(PLOT_X, TOP, PLOT_WIDTH, PLOT_HEIGHT, (0.0, float(race.updates)), decades, log_y=True)
        least = race.surface.least
        self.ways, self.curves = {}, {}
        for name, path in race.paths.items():
            heights = np.maximum(path.losses - least, decades[0] / 1e3)  # an exact minimum has no logarithm
            self.ways[name] = self.map.pieces(path.points[:, 0], path.points[:, 1])
            self.curves[name] = self.plot.pieces(np.arange(len(heights)), heights)
        self.still = _map(race.surface, self.map) + _minima(race.surface, self.map)
        self.empty_plot = self.plot.frame("step", "loss above its smallest value")

    def draw(self, moment: Moment, walk: bool, says_limit: bool, frame: int = 0) -> str:
        """The whole picture as SVG; without ``walk`` what comes after the step is there, too, only fainter."""
        race = self.race
        names = sorted(race.paths, key=lambda name: name == moment.path.name)  # the one written out lies on top
        content = [
            self._map(moment, names, walk),
            self._plot(moment, names, walk),
            *self._table(moment),
            *_update(moment),
            _fitting(MARGIN, SAYS_Y, standing(moment), 15),
            _fitting(MARGIN, SAYS_Y + 22, limit(moment), 14, "gray") if says_limit else "",
        ]
        data = {"frame": frame, "step": moment.step, "columns": race.updates + 1, "count": race.updates + 1}
        label = f"{len(race.paths)} optimizers on the surface {race.surface.name}, after {moment.step} steps"
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    # ---- the map -----------------------------------------------------------------------------------------------------

    def _map(self, moment: Moment, names: list[str], walk: bool) -> str:
        axes, race = self.map, self.race
        ways = [self._way(self.ways[name], moment, race.paths[name], walk) for name in names]
        start = svg.circle(float(axes.to_x(race.start[0])), float(axes.to_y(race.start[1])), 5, "thin")
        places = {name: self._place(moment, race.paths[name]) for name in names}
        marks = [self._mark(moment, race.paths[name], places[name]) for name in names]
        labels = (
            _labels(axes, {race.paths[name].label: places[name] for name in reversed(names)}) if moment.step else []
        )
        label = f"map of the loss, {race.surface.formula}: click or use the arrow keys to begin elsewhere"
        content = [self.still, *ways, start, *labels, *marks]
        grid = axes.pointable("map", label, content, "paint pin", COLS, ROWS, race.start)
        return svg.text(MAP_X + 34, TOP - 9, race.surface.formula, 14, "mono") + grid

    def _way(self, pieces: list[str], moment: Moment, path: Path, walk: bool) -> str:
        look, chosen = LOOKS[path.name], path is moment.path
        line = f"{look.color}-line"
        so_far, rest = "".join(pieces[: moment.step]), "".join(pieces[moment.step :])
        width = 3.0 if chosen else 2.0
        parts = []
        if not walk and rest:
            behind = "" if rest.startswith("M") or not so_far else f"M{so_far.rpartition('L')[2]}"
            parts.append(svg.group([svg.path(behind + rest, line, 1.5)], opacity="0.3"))
        if so_far:
            parts.append(svg.path(so_far, line, width, look.dashes))
        return "".join(parts)

    def _place(self, moment: Moment, path: Path) -> Point:
        """The pixel where a path is, or where it went out."""
        axes, left = self.map, moment.left(path)
        if left is None:
            first, second = moment.point(path)
            return float(axes.to_x(first)), float(axes.to_y(second))
        before, after = path.points[left - 1].tolist(), path.points[left].tolist()
        return axes.leaves_at((before[0], before[1]), (after[0], after[1]))

    def _mark(self, moment: Moment, path: Path, place: Point) -> str:
        """The mark of a path at its place, or an arrow at the border where it went out."""
        left, axes = moment.left(path), self.map
        if left is None:
            return mark(LOOKS[path.name], *place)
        first, second = path.points[left].tolist()
        angle = atan2(float(axes.to_y(second)) - place[1], float(axes.to_x(first)) - place[0])
        return _arrow(*place, angle, LOOKS[path.name])

    # ---- the losses --------------------------------------------------------------------------------------------------

    def _plot(self, moment: Moment, names: list[str], walk: bool) -> str:
        axes, race = self.plot, self.race
        parts = [self.empty_plot]
        parts += [self._way(self.curves[name], moment, race.paths[name], walk) for name in names]
        low, high = axes.y_range
        for name in names:
            path = race.paths[name]
            excess = moment.excess(path)
            if low <= excess <= high:
                at = min(moment.step, path.updates)
                parts.append(mark(LOOKS[name], float(axes.to_x(at)), float(axes.to_y(excess)), 5))
        here = svg.line(axes.x, axes.y, axes.x, axes.bottom, "gray-line", 1, "3 3")
        parts.append(follower("here", here, 0, moment.step, axes.width / race.updates, 0))
        label = f"loss of every optimizer over {race.updates} steps: point to go to a step, arrow keys walk"
        return axes.pointable("loss", label, parts, "steps hover pin", race.updates + 1)

    def _table(self, moment: Moment) -> list[str]:
        """Which mark is which optimizer, its epochs and its loss; a click chooses the one that is written out."""
        race, rows = self.race, []
        width = WIDTH - MARGIN - TABLE_X
        for i, path in enumerate(race.paths.values()):
            look, y, chosen = LOOKS[path.name], TOP + i * ROW, path is moment.path
            middle = y + ROW / 2
            sample = svg.line(TABLE_X + 2, middle, TABLE_X + 32, middle, f"{look.color}-line", 2.5, look.dashes)
            weight = "bold" if chosen else ""
            loss = brief(moment.loss(path))
            rows += [
                svg.rect(TABLE_X, y, width, ROW, "pad" if chosen else "paper"),
                sample,
                mark(look, TABLE_X + 17, middle, 5.5),
                svg.text(TABLE_X + 38, middle + 5, path.label, 14, weight),
                svg.text(TABLE_X + width - 4, middle + 5, loss, 14, f"{weight} end"),
            ]
            if race.surface.examples:
                rows.append(svg.text(EPOCHS_X, middle + 5, number(moment.epochs(path)), 14, f"{weight} end"))
        box = Box(TABLE_X, TOP, width, len(race.paths), 1)
        label = "optimizers: arrow keys choose the one whose update is written out"
        at = f"{list(race.paths).index(moment.path.name)} 0"
        headings = [svg.text(TABLE_X + width - 4, TOP - 8, "loss", 13, "gray end")]
        if race.surface.examples:
            headings.append(svg.text(EPOCHS_X, TOP - 8, "epochs", 13, "gray end"))
        return [*headings, box.pointable("racers", label, rows, "choose", ROW, at=at)]


def _update(moment: Moment) -> list[str]:
    """The update of the optimizer that is written out: its rule, then its numbers, as large as they fit."""
    written, width = update(moment), WIDTH - MARGIN - UPDATE_X
    heading = f"{moment.path.label}, step {moment.moved}" if moment.moved else f"{moment.path.label}, at the start"
    rate = float(moment.path.rates[max(moment.moved, 1) - 1])
    rows, size, column = _columns(written.rows, width)
    line = min(LINE, (SAYS_Y - UPDATE_Y - LINE - 22) / len(rows))
    parts = [
        svg.text(UPDATE_X, UPDATE_Y, heading, 14, "bold"),
        svg.text(WIDTH - MARGIN, UPDATE_Y, f"lr = {brief(rate)}", 14, "gray end"),
        mono(UPDATE_X, UPDATE_Y + LINE, width, written.rule, 14, "gray"),
    ]
    for i, row in enumerate(rows):
        y = UPDATE_Y + LINE + (i + 1) * line + (5 if i >= len(rows) / 2 else 0)  # a gap between the two weights
        parts += [svg.text(UPDATE_X + j * column, y, formula, size, "mono") for j, formula in enumerate(row)]
    return parts


def _columns(rows: tuple[Row, ...], width: float) -> tuple[list[Row], float, float]:
    """The rows, the size of their letters, and where the second column begins; where it has no room, its results do."""
    written = list(rows)
    for shorten in (False, True):
        if shorten:
            written = [(row[0], *(_result(formula) for formula in row[1:])) for row in rows]
        first = max((len(row[0]) for row in written if len(row) > 1), default=0) + 2
        second = max((len(row[1]) for row in written if len(row) > 1), default=0)
        size = width / (ADVANCE * max(first + second, *(len(row[0]) for row in written)))
        if size >= SMALLEST:
            break
    return written, min(LARGEST, size), first * ADVANCE * min(LARGEST, size)


def _result(formula: str) -> str:
    """Of a formula its name and its result."""
    name, _, rest = formula.partition(" = ")
    sign = "≈" if "≈" in rest else "="
    return f"{name} {sign} {rest.rpartition(f' {sign} ')[2]}"


def _fitting(x: float, y: float, content: str, size: float, classes: str = "") -> str:
    """A sentence, in smaller letters where it would reach over the edge."""
    return svg.text(x, y, content, min(size, (WIDTH - MARGIN - x) / svg.text_width(content, 1)), classes)


def _decades(race: Race) -> Point:
    """Powers of ten around the losses that are worth seeing: all are, but what explodes or is nothing but rounding."""
    above = np.concatenate([path.losses for path in race.paths.values()]) - race.surface.least
    begin = max(float(next(iter(race.paths.values())).losses[0] - race.surface.least), 1e-9)
    above = above[(above > begin / 10**MOST_DECADES) & (above < begin * 100)]
    low, high = (float(f(above)) for f in (np.min, np.max)) if above.size else (begin, begin)
    bottom, top = floor(log10(low)), ceil(log10(high) + 1e-9)
    return 10.0 ** min(bottom, top - FEWEST_DECADES), 10.0**top


@lru_cache(maxsize=16)  # a surface is mapped once, whatever races on it
def _map(surface: Surface, axes: Axes) -> str:
    """The map with its axes; the lines are so spread that the ground between each two grows evenly from the middle."""
    left, right, low, high = surface.limits
    cols, rows = (COLS // 2, ROWS // 2) if surface.examples else (COLS, ROWS)  # each point costs all examples
    first, second = np.meshgrid(np.linspace(left, right, cols), np.linspace(low, high, rows))
    heights = surface.loss(np.stack([first, second], axis=-1))
    levels = np.quantile(heights, (np.arange(1, LINES + 1) / (LINES + 1)) ** 2)
    lines = svg.path(contours(axes, heights, levels.tolist()), "lines", 1.5)
    paper = svg.rect(axes.x, axes.y, axes.width, axes.height, "paper")  # contour lines are lines enough
    border = svg.rect(axes.x, axes.y, axes.width, axes.height, "lines")
    return axes.frame(surface.weights[0], surface.weights[1]) + paper + lines + border


def _minima(surface: Surface, axes: Axes) -> str:
    """A cross where the loss is smallest."""
    parts = []
    for first, second in surface.minima:
        x, y = float(axes.to_x(first)), float(axes.to_y(second))
        parts.append(svg.line(x - 6, y - 6, x + 6, y + 6, "gray-line", 2))
        parts.append(svg.line(x - 6, y + 6, x + 6, y - 6, "gray-line", 2))
    return "".join(parts)


def _labels(axes: Axes, places: dict[str, Point]) -> list[str]:
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


def _arrow(x: float, y: float, angle: float, look: Look) -> str:
    """An arrowhead whose tip is at the border."""
    fill = "dot" if look.color == "ink" else f"{look.color}-dot"
    back = [(x + 15 * cos(angle + turn), y + 15 * sin(angle + turn)) for turn in (pi - 0.45, pi + 0.45)]
    return _polygon([(x, y), *back], fill)


def _polygon(corners: list[Point], classes: str) -> str:
    points = "L".join(f"{svg.fmt(x)} {svg.fmt(y)}" for x, y in corners)
    return f'<path class="cl-{classes}" d="M{points}z"/>'
