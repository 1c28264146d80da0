"""The picture of the MLP lab: the quantities of a two-layer network as grids, and their gradients below them."""

from itertools import pairwise

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, in_full, largest, number_grid
from cnnlab.traces.mlp_walk import GIVEN, Entry, MLPWalk

WIDTH, MARGIN, TOP = 1100.0, 16.0, 24.0
ORDER = ("x", "W1", "b1", "z1", "a1", "W2", "b2", "z2", "a2", "y", "loss")
GRADIENTS = {"W1": "dW1", "b1": "db1", "z1": "delta1", "W2": "dW2", "b2": "db2", "z2": "delta2"}
"""What stands below a quantity: the gradient of the loss with regard to it."""
BELOW = GRADIENTS | {"y": "losses"}
BIG_GAP, GAP = 26.0, 12.0
JOINED = {("W1", "b1"), ("W2", "b2"), ("a2", "y")}
LARGEST_CELL = 58.0
BETWEEN = 32.0
"""Between the numbers forward and the gradients below them."""
GRIDS = 308.0
FORMULAS, LINE = 125.0, 23.0
HEIGHT = TOP + GRIDS + FORMULAS
LEAST_CELL = 40.0
"""In a smaller one a number such as −0.123 cannot be read."""


class MLPPicture:
    """All that can be drawn of one network."""

    def __init__(self, walk: MLPWalk) -> None:
        self.walk = walk
        mlp = walk.mlp
        shapes = {name: getattr(mlp, name).shape for name in ORDER}
        gaps = [GAP if pair in JOINED else BIG_GAP for pair in pairwise(ORDER)]
        rows, cols = max(rows for rows, _ in shapes.values()), sum(cols for _, cols in shapes.values())
        cell = min(LARGEST_CELL, (WIDTH - 2 * MARGIN - sum(gaps)) / cols, (GRIDS - BETWEEN) / 2 / rows)
        if cell < LEAST_CELL:
            raise ValueError(
                f"x and W1 are too large to draw: {mlp.W1.shape[1]} inputs, {len(mlp.W1)} hidden units, "
                f"{len(mlp.W2)} outputs and {mlp.samples} samples; give fewer"
            )
        x = (WIDTH - cols * cell - sum(gaps)) / 2
        self.boxes: dict[str, Box] = {}
        below = TOP + rows * cell + BETWEEN
        for name, gap in zip(ORDER, [*gaps, 0.0], strict=True):
            height, width = shapes[name]
            self.boxes[name] = Box(x, TOP + (rows - height) * cell / 2, cell, height, width)
            if BELOW.get(name) in self.walk.names:
                height, width = getattr(mlp, BELOW[name]).shape
                self.boxes[BELOW[name]] = Box(x, below + (rows - height) * cell / 2, cell, height, width)
            x += width * cell + gap
        self.lower_middle = below + rows * cell / 2

    def draw(self, entry: Entry, hide: bool, asking: bool, frame: int = 0) -> str:
        """The whole picture as SVG; `hide` shows only what is known at this stop, `asking` not even its own numbers."""
        known = {*GIVEN, *self.walk.known(entry.index)} if hide else set(self.boxes)
        if not asking:
            known.add(entry.name)
        else:
            known.discard(entry.name)
        beside = self.boxes["dW1"].x - 14
        content = [
            *(self._grid(name, box, name in known) for name, box in self.boxes.items()),
            *self._marks(entry, asking),
            svg.text(beside, self.lower_middle - 4, "gradients of", 13, "gray end"),
            svg.text(beside, self.lower_middle + 14, "the loss", 13, "gray end"),
            *self._words(entry, asking),
        ]
        count = len(self.walk.names)
        label = f"A network of two layers: {entry.name} is looked at"
        data = {"frame": frame, "step": entry.index, "columns": count, "count": count}
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    def _grid(self, name: str, box: Box, known: bool) -> str:
        values = getattr(self.walk.mlp, name)
        hidden = None if known else np.ones(values.shape, bool)
        grid = number_grid(box, values, largest(values), hidden=hidden)
        heading = svg.text(box.x + box.width / 2, box.y - 8, _title(name), 14.5, "middle")
        if name in GIVEN:
            on, label = "edit", f"{name}: arrow keys move, Enter changes a number"
            inside = f"0 0 {box.rows} {box.cols}"
            return heading + box.pointable(name, label, [grid], on, values=in_full(values), inside=inside)
        return heading + box.pointable(name, f"{name}: Enter shows how an entry is computed", [grid], "choose")

    def _marks(self, entry: Entry, asking: bool) -> list[str]:
        """The entry that is looked at, and thinner those that it is computed from."""
        marks = []
        for name, mask in entry.used().items():
            for row, col in np.argwhere(mask):
                marks.append(self.boxes[name].part(int(row), int(col), 1, 1, "thin"))
        box = self.boxes[entry.name]
        if asking:
            x, y = box.x + (entry.col + 0.5) * box.cell, box.y + (entry.row + 0.5) * box.cell
            marks.append(svg.text(x, y + 6, "?", 17, "middle bold"))
        return [*marks, box.part(entry.row, entry.col, 1, 1, "outline")]

    def _words(self, entry: Entry, asking: bool) -> list[str]:
        y, room = TOP + GRIDS + 24, WIDTH - 2 * MARGIN
        lines = [mono(MARGIN, y + (i + 1) * LINE, room, line) for i, line in enumerate(entry.lines(asking))]
        return [svg.text(MARGIN, y, entry.says(asking), 15.5), *lines]


def _title(name: str) -> str:
    return f"{name} (ŷ)" if name == "a2" else name
