"""The picture of the graph lab: a small expression as boxes and lines, every value and every gradient in place."""

from collections.abc import Mapping

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.graph_layout import layout
from cnnlab.figures.grids import Box, in_full
from cnnlab.figures.palette import strength
from cnnlab.traces.graph import Graph, Node
from cnnlab.traces.graph_walk import GraphWalk, Stop
from cnnlab.traces.text import number

WIDTH, MARGIN = 1100.0, 16.0
TOP, DRAWN = 22.0, 340.0
"""Where the boxes begin, and the height that they may take, titles included."""
FORMULAS, LINE = 104.0, 24.0
HEIGHT = TOP + DRAWN + FORMULAS
TITLE, TITLE_SIZE = 18.0, 14.5
LARGE, SMALL = (122.0, 36.0), (78.0, 29.0)
"""Width and height of a number, in a graph of few columns and rows and in others."""
WIDEST_PITCH = 230.0
LEAST_GAP = 44.0
"""Between two columns: a local slope is written there."""
PLACES = (0.5, 0.36, 0.64, 0.24, 0.76)
"""Where on the last piece of an edge its local slope may be written, the best place first."""
HIGHEST_PITCH = 132.0
MOST_NODES = 15

Point = tuple[float, float]


class GraphPicture:
    """All that can be drawn of one graph; plain numbers are part of the formulas and have no box.

    Raises:
        ValueError: the expression has more nodes, columns or rows than can be read.
    """

    def __init__(self, walk: GraphWalk) -> None:
        self.walk = walk
        self.nodes = [node for node in walk.graph.nodes if node.operation != "number"] or [walk.graph.output]
        names = {node.name for node in self.nodes}
        if len(self.nodes) > MOST_NODES:
            raise ValueError(f"expression has {len(self.nodes)} boxes, and the picture holds {MOST_NODES}: shorten it")
        placed = layout([(node.name, [i for i in node.inputs if i in names]) for node in self.nodes])
        room, rows = WIDTH - 2 * MARGIN, placed.bottom - placed.top
        fits = (self._fit(placed.columns, rows, room, *size) for size in (LARGE, SMALL))
        if not (found := next(filter(None, fits), None)):
            raise ValueError("expression has too many numbers side by side or in a row to draw: shorten it")
        self.width, self.cell, self.pitch, tall = found
        left = (WIDTH - self.width - (placed.columns - 1) * self.pitch) / 2
        middle = TOP + (DRAWN + TITLE) / 2
        self.boxes = {
            name: Box(left + column * self.pitch, middle + row * tall - self.cell, self.width, 2, 1)
            for name, (column, row) in placed.places.items()
        }
        self.bends = {
            edge: [(left + column * self.pitch, middle + row * tall) for column, row in way]
            for edge, way in placed.bends.items()
        }
        graph = walk.graph
        self.strongest = max((abs(node.value) for node in self.nodes), default=0.0)
        self.steepest = max((abs(g) for g in graph.gradients.values()), default=0.0)

    @staticmethod
    def _fit(
        columns: int, rows: float, room: float, width: float, cell: float
    ) -> tuple[float, float, float, float] | None:
        """Width and height of a number, and the pitch of the columns and rows; None where there is no room."""
        pitch = min(WIDEST_PITCH, (room - width) / max(columns - 1, 1))
        tall = min(HIGHEST_PITCH, (DRAWN - 2 * cell - TITLE) / max(rows, 1e-9))
        return (width, cell, pitch, tall) if pitch - width >= LEAST_GAP and tall >= 2 * cell + TITLE + 4 else None

    @property
    def graph(self) -> Graph:
        return self.walk.graph

    def draw(self, stop: Stop, hide: bool, asking: bool, frame: int = 0) -> str:
        """The whole picture as SVG; `hide` shows only what is known at this stop, `asking` not even its own number."""
        after = stop.index + (not asking)
        last = self.walk.count if not hide else after
        values, gradients = self.walk.values(last), self.walk.gradients(last)
        content = [
            *self._lines(stop, last, asking),
            *(self._node(node, stop, values, gradients, asking) for node in self.nodes),
            *self._words(stop, asking),
            _legend(),
        ]
        label = f"Graph of {len(self.nodes)} numbers: values above, gradients below"
        data = {"frame": frame, "step": stop.index, "columns": self.walk.count, "count": self.walk.count}
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    # ---- lines -------------------------------------------------------------------------------------------------------

    def _lines(self, stop: Stop, last: int, asking: bool) -> list[str]:
        """An edge for each use of a node, and its local slope where the walk has come by; the present ones last."""
        plain: list[str] = []
        strong: list[str] = []
        labels: list[tuple[list[Point], str]] = []
        slopes = {(s.source, s.target, s.which): s.local.result for s in self.graph.backward[: self._passed(last)]}
        for node in self.nodes:
            for which, source in enumerate(node.inputs):
                if source not in self.boxes:
                    continue
                way = self._way(node, which)
                edge = (node.name, source, which)
                step = stop.step
                now = node is stop.node if stop.is_forward else step and edge == (step.source, step.target, step.which)
                (strong if now else plain).append(_path(way, "outline" if now else "frame"))
                if edge in slopes:
                    labels.append((way, number(slopes[edge])))
                elif now and asking and not stop.is_forward:
                    labels.append((way, "?"))
        return [*plain, *strong, *_labels(labels)]

    def _passed(self, last: int) -> int:
        return max(last - len(self.walk.computed) - 1, 0)

    def _way(self, node: Node, which: int) -> list[Point]:
        """From the right side of an input to the left side of the node that uses it."""
        source, box = self.boxes[node.inputs[which]], self.boxes[node.name]
        used = [i for i, name in enumerate(node.inputs) if name in self.boxes]
        used.sort(key=lambda i: (self._comes_from(node, i), i))
        place = used.index(which) - (len(used) - 1) / 2
        twice = node.inputs.count(node.inputs[which]) > 1
        points = [(source.right, source.y + self.cell + (place * self.cell if twice else 0))]
        for x, y in self.bends[node.inputs[which], node.name]:
            points += [(x, y), (x + self.width, y)]
        return [*points, (box.x, box.y + self.cell + place * self.cell)]

    def _comes_from(self, node: Node, which: int) -> float:
        bends = self.bends[node.inputs[which], node.name]
        return bends[-1][1] if bends else self.boxes[node.inputs[which]].y + self.cell

    # ---- boxes -------------------------------------------------------------------------------------------------------

    def _node(
        self, node: Node, stop: Stop, values: Mapping[str, float], gradients: Mapping[str, float], asking: bool
    ) -> str:
        box, here = self.boxes[node.name], node is stop.node
        ask = {stop.is_forward} if asking and here else set()  # which of the two cells is asked for
        value = self._cell(box, 0, values.get(node.name), self.strongest, True in ask)
        gradient = self._cell(box, 1, gradients.get(node.name), self.steepest, False in ask)
        mark = self._part(box, 0 if stop.is_forward else 1, "outline") if here else ""
        x, y = box.x + box.width / 2, box.y - 7
        title = svg.text(x, y, self._title(node), TITLE_SIZE, "middle bold" if here else "middle")
        return title + self._pointable(node, box, value, gradient) + mark

    def _title(self, node: Node) -> str:
        """The name of a node and how it is computed, as much of it as there is room for."""
        if node.equation is None:
            return node.name
        for title in (f"{node.name} = {node.equation.symbols}", node.equation.symbols):
            if svg.text_width(title, TITLE_SIZE) * 1.08 <= self.pitch - 12:
                return title
        return node.name

    def _part(self, box: Box, row: int, classes: str, opacity: float | None = None) -> str:
        """The upper or the lower half of a box."""
        return svg.rect(box.x, box.y + row * self.cell, box.width, self.cell, classes, opacity)

    def _cell(self, box: Box, row: int, value: float | None, strongest: float, asked: bool) -> str:
        paper, middle = self._part(box, row, "paper"), box.y + (row + 0.5) * self.cell
        if value is None:
            sign = svg.text(box.x + box.width / 2, middle + 6, "?", 17, "middle bold")
            return paper + self._part(box, row, "pad") + self._part(box, row, "lines") + (sign if asked else "")
        color = self._part(box, row, "pos" if value > 0 else "neg", strength(value, strongest)) if value else ""
        shown = number(value)
        size = min(0.58 * self.cell, (box.width - 8) / svg.text_width(shown, 1))
        text = svg.text(box.x + box.width / 2, middle + size * 0.36, shown, size, "middle")
        return paper + color + self._part(box, row, "lines") + text

    def _pointable(self, node: Node, box: Box, value: str, gradient: str) -> str:
        """A value that is given can be edited; pressing on any other number goes to the stop where it comes about."""
        if node.operation != "input":
            label = f"{node.name}: value and gradient, Enter goes to where it is computed"
            return box.pointable(f"node {node.name}", label, [value, gradient], "choose", height=self.cell)
        above, below = Box(box.x, box.y, box.cell, 1, 1), Box(box.x, box.y + self.cell, box.cell, 1, 1)
        full = in_full(np.array([node.value]))
        label = f"{node.name}: type a number, or press Enter to change it"
        edit = above.pointable(
            f"value {node.name}", label, [value], "edit", height=self.cell, values=full, inside="0 0 1 1"
        )
        name = f"gradient {node.name}"
        return edit + below.pointable(name, f"{name}: Enter goes there", [gradient], "choose", height=self.cell)

    # ---- words -------------------------------------------------------------------------------------------------------

    def _words(self, stop: Stop, asking: bool) -> list[str]:
        y, room = TOP + DRAWN + 22, WIDTH - 2 * MARGIN
        lines = [mono(MARGIN, y + (i + 1) * LINE, room, line) for i, line in enumerate(stop.lines(asking))]
        return [svg.text(MARGIN, y, stop.says(asking), 15.5), *lines]


def _path(way: list[Point], classes: str) -> str:
    points = "L".join(f"{svg.fmt(x)} {svg.fmt(y)}" for x, y in way)
    return f'<path class="cl-{classes}" d="M{points}"/>'


def _labels(given: list[tuple[list[Point], str]]) -> list[str]:
    """The local slopes, each on the last piece of its edge, where possible none on another."""
    taken: list[tuple[float, float, float]] = []
    drawn = []
    for way, content in given:
        (x0, y0), (x1, y1) = way[-2:]
        width = svg.text_width(content, 13) + 4
        spots = [(x0 + part * (x1 - x0), y0 + part * (y1 - y0), width) for part in PLACES]
        x, y, _ = spot = next((s for s in spots if not any(_touch(s, other) for other in taken)), spots[0])
        taken.append(spot)
        drawn.append(
            svg.rect(x - width / 2, y - 8, width, 16, "paper") + svg.text(x, y + 5, content, 13, "middle gray")
        )
    return drawn


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return abs(one[0] - other[0]) < (one[2] + other[2]) / 2 and abs(one[1] - other[1]) < 16


def _legend() -> str:
    return "".join(
        [
            svg.text(MARGIN, 16, "in a box: value above, gradient below", 13, "gray"),
            svg.text(WIDTH - MARGIN, 16, "on a line: the local slope, once the walk has come by", 13, "gray end"),
        ]
    )
