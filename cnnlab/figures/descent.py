"""The picture of the descent lab: the paths of the optimizers on a map of the loss, and their losses beside it."""

from functools import lru_cache
from math import atan2, ceil, log10

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.contours import contours
from cnnlab.figures.descent_marks import LOOKS, arrow, labels, mark
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
DECADES, HEADROOM = 7, 3
"""Of the losses, from the top down; and how much higher than the first one the top is at least."""
TANGENT = 1.0
"""How far the line that shows the slope of a single weight goes to either side."""
LINES = 10
"""Contour lines of a map."""
LARGEST, SMALLEST = 14.0, 12.0
"""Letters of the update."""


class DescentPicture:
    """All that can be drawn of one race."""

    def __init__(self, race: Race) -> None:
        self.race = race
        left, right, low, high = race.surface.limits
        self.single = len(race.surface.weights) == 1
        if self.single:  # the weight and its loss, and not a map of two weights
            low, high = 0.0, float(race.surface.loss(np.array([[left, 0.0], [right, 0.0]])).max())
        self.map = Axes(MAP_X, TOP, MAP_WIDTH, MAP_HEIGHT, (left, right), (low, high))
        decades = _decades(race)
        self.plot = Axes(PLOT_X, TOP, PLOT_WIDTH, PLOT_HEIGHT, (0.0, float(race.updates)), decades, log_y=True)
        least = race.surface.least
        self.ways, self.curves = {}, {}
        for name, path in race.paths.items():
            heights = np.maximum(path.losses - least, decades[0] / 1e3)  # an exact minimum has no logarithm
            self.ways[name] = self.map.pieces(path.points[:, 0], path.losses if self.single else path.points[:, 1])
            self.curves[name] = self.plot.pieces(np.arange(len(heights)), heights)
        self.still = (_curve if self.single else _map)(race.surface, self.map) + _minima(race.surface, self.map)
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
        start = svg.circle(*self._at(race.paths[names[0]], 0), 5, "thin")
        places = {name: self._place(moment, race.paths[name]) for name in names}
        marks = [self._mark(moment, race.paths[name], places[name]) for name in names]
        called = {race.paths[name].label: places[name] for name in reversed(names)}
        label = f"map of the loss, {race.surface.formula}: click or use the arrow keys to begin elsewhere"
        content = [
            self.still,
            *ways,
            self._single(moment),
            start,
            *(labels(axes, called) if moment.step else ()),
            *marks,
        ]
        grid = axes.pointable("map", label, content, "paint pin", COLS, ROWS, self._start())
        return svg.text(MAP_X + 34, TOP - 9, race.surface.formula, 14, "mono") + grid

    def _start(self) -> Point:
        """The start in the numbers of the map."""
        race = self.race
        return race.start[0], float(race.surface.loss(np.array(race.start))) if self.single else race.start[1]

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

    def _at(self, path: Path, step: int) -> Point:
        """The pixel of a path after so many steps; it may be off the map."""
        first, second = path.points[step].tolist()
        return float(self.map.to_x(first)), float(self.map.to_y(path.losses[step] if self.single else second))

    def _place(self, moment: Moment, path: Path) -> Point:
        """The pixel where a path is, or where it went out."""
        left = moment.left(path)
        if left is None:
            return self._at(path, min(moment.step, path.updates))
        return self.map.leaves_at(self._at(path, left - 1), self._at(path, left))

    def _mark(self, moment: Moment, path: Path, place: Point) -> str:
        """The mark of a path at its place, or an arrow at the border where it went out."""
        left = moment.left(path)
        if left is None:
            return mark(LOOKS[path.name], *place)
        x, y = self._at(path, left)
        return arrow(*place, atan2(y - place[1], x - place[0]), LOOKS[path.name])

    def _single(self, moment: Moment) -> str:
        """Of a single weight: all places of the path that is written out, and how steep the loss is at the last."""
        if not self.single:
            return ""
        path = moment.path
        places = [self._at(path, t) for t in range(min(moment.step, path.updates) + 1)]
        dots = [
            svg.circle(x, y, 3.5, "dot") for x, y in places if self.map.x <= x <= self.map.right and y >= self.map.y
        ]
        if moment.left(path) is not None:
            return "".join(dots)
        ends = np.array(moment.tangent(path, TANGENT))
        return self.map.curve(ends[:, 0], ends[:, 1], "gray-line", 2, "5 4") + "".join(dots)

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
        gap = 5 if len(moment.race.surface.weights) == 2 and i >= len(rows) / 2 else 0  # between the two weights
        y = UPDATE_Y + LINE + (i + 1) * line + gap
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
    """Powers of ten around the first loss: the same ones whatever comes, so that they give nothing away."""
    begin = float(next(iter(race.paths.values())).losses[0] - race.surface.least)
    top = ceil(log10(HEADROOM * begin)) if begin > 0 else 0
    return 10.0 ** (top - DECADES), 10.0**top


@lru_cache(maxsize=16)  # a surface is mapped once, whatever races on it
def _map(surface: Surface, axes: Axes) -> str:
    """The map with its axes; the lines are so spread that the ground between each two grows evenly from the middle."""
    left, right, low, high = surface.limits
    smooth = not surface.curvatures and surface.examples  # each place costs all examples; a ravine needs them all
    cols, rows = (COLS // 2, ROWS // 2) if smooth else (COLS, ROWS)
    first, second = np.meshgrid(np.linspace(left, right, cols), np.linspace(low, high, rows))
    heights = surface.loss(np.stack([first, second], axis=-1))
    levels = np.quantile(heights, (np.arange(1, LINES + 1) / (LINES + 1)) ** 2)
    lines = svg.path(contours(axes, heights, levels.tolist()), "lines", 1.5)
    paper = svg.rect(axes.x, axes.y, axes.width, axes.height, "paper")  # contour lines are lines enough
    border = svg.rect(axes.x, axes.y, axes.width, axes.height, "lines")
    return axes.frame(surface.weights[0], surface.weights[1]) + paper + lines + border


@lru_cache(maxsize=4)
def _curve(surface: Surface, axes: Axes) -> str:
    """The loss of a single weight."""
    weight = np.linspace(*axes.x_range, COLS)
    loss = surface.loss(np.stack([weight, np.zeros(COLS)], axis=-1))
    return axes.frame(surface.weights[0], "L") + axes.curve(weight, loss, "gray-line", 2)


def _minima(surface: Surface, axes: Axes) -> str:
    """A cross where the loss is smallest."""
    parts = []
    for first, second in surface.minima:
        single = len(surface.weights) == 1
        x, y = float(axes.to_x(first)), float(axes.to_y(surface.least if single else second))
        parts.append(svg.line(x - 6, y - 6, x + 6, y + 6, "gray-line", 2))
        parts.append(svg.line(x - 6, y + 6, x + 6, y - 6, "gray-line", 2))
    return "".join(parts)
