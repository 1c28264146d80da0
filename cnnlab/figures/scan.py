"""The picture of the scan lab: what is searched, the small network on one window, and its answers at every place."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, bitmap_grid, follower
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.scan import Look, Scan
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]

WIDTH, MARGIN = 1000.0, 16.0
ROOM = WIDTH - 2 * MARGIN
TOP = 30.0
FORMULAS = 80.0
# a signal: three rows
SIGNAL, MAP = 84.0, 84.0
NETWORK_Y, NETWORK = TOP + SIGNAL + 36, 84.0
MAP_Y = NETWORK_Y + NETWORK + 40
# a picture: three columns
PICTURE, SMALL = 390.0, 90.0
NETWORK_X, MAP_X = 440.0, 640.0
HEIGHT = MAP_Y + MAP + FORMULAS


class ScanPicture:
    """All that can be drawn of one scan."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.is_signal = len(scan.x) == 1
        rows, cols = scan.x.shape
        self.box = Box(MARGIN, TOP, (ROOM if self.is_signal else PICTURE) / cols, rows, cols)
        rows, cols = scan.answers.shape
        middle = (
            self.box.x + self.box.cell * (scan.window_size[1] - 1) / 2
        )  # an answer stands below its window's middle
        self.map = Box(middle if self.is_signal else MAP_X, MAP_Y if self.is_signal else TOP, self.box.cell, rows, cols)
        if not self.is_signal:
            self.map = Box(MAP_X, TOP, 300 / cols, rows, cols)

    def draw(self, look: Look, walk: bool, frame: int = 0) -> str:
        """The whole picture as SVG; with ``walk`` only the answers up to this place."""
        draw = self._signal if self.is_signal else self._image
        y = MAP_Y + MAP + 34
        says = f"The network has looked at {plural(look.index + 1, 'place')}." if walk else self.scan.says()
        formula = mono(MARGIN, y, ROOM, look.formula())
        content = [*draw(look, walk), formula, svg.text(MARGIN, y + 28, says, 15)]
        rows, cols = self.scan.answers.shape
        data = {"frame": frame, "step": look.index, "columns": cols, "count": rows * cols}
        label = f"A small network looks for a {self.scan.name} at {rows * cols} places"
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    # ---- a signal ----------------------------------------------------------------------------------------------------

    def _signal(self, look: Look, walk: bool) -> list[str]:
        box, scan = self.box, self.scan
        width = scan.window_size[1]
        heading = svg.text(MARGIN, TOP - 10, f"recording, {box.cols} samples", 14, "gray")
        zero = svg.line(MARGIN, TOP + SIGNAL / 2, MARGIN + ROOM, TOP + SIGNAL / 2, "lines", 1)
        curve = _curve(MARGIN, TOP, box.cell, SIGNAL, scan.x[0], 3)
        label = f"recording, {box.cols} samples: point to carry the network there"
        signal = box.pointable("input", label, [_area(MARGIN, TOP, ROOM, SIGNAL), zero, curve], "hover pin", SIGNAL)
        window = svg.rect(box.x, TOP, width * box.cell, SIGNAL, "outline")
        moved = follower("window", window, 0, look.col, box.cell, 0)
        return [heading, signal, moved, *self._network_in_a_row(look), *self._answers_below(look, walk)]

    def _network_in_a_row(self, look: Look) -> list[str]:
        """The window, the weights of the two hidden units, what they say, and the answer."""
        pitch, parts = 224.0, []
        curves = [(f"window at {look.place}", look.window[0]), *self._units()]
        for i, (title, values) in enumerate(curves):
            x = MARGIN + i * pitch
            parts.append(svg.text(x, NETWORK_Y - 9, title, 14, "gray"))
            parts.append(svg.rect(x, NETWORK_Y, 130, NETWORK, "lines"))
            strongest = 3 if i == 0 else float(np.abs(values).max())
            parts.append(_curve(x, NETWORK_Y, 130 / len(values), NETWORK, values, strongest))
            if i:
                parts.append(_level(x + 142, NETWORK_Y, NETWORK, float(look.hidden[i - 1]), number(look.hidden[i - 1])))
        return [*parts, *_answer(MARGIN + 3 * pitch + 20, NETWORK_Y, look, self.scan.threshold)]

    def _units(self) -> list[tuple[str, Values]]:
        wanted, other = (w[0] for w in self.scan.network.weight[:, 0])
        return [("hidden unit 0: weights", wanted), ("hidden unit 1: weights", other)]

    def _answers_below(self, look: Look, walk: bool) -> list[str]:
        box, scan = self.map, self.scan
        shown = scan.answers[0] * (np.arange(box.cols) <= look.index) if walk else scan.answers[0]
        bars = (
            svg.rect(box.x + i * box.cell, MAP_Y + MAP * (1 - a), box.cell, MAP * a, "pos", STRONGEST)
            for i, a in enumerate(shown)
            if a > 0.004
        )
        level = MAP_Y + MAP * (1 - scan.threshold)
        label = f"answers at {box.cols} places: arrow keys walk"
        grid = box.pointable(
            "output", label, [_area(box.x, MAP_Y, box.width, MAP), *bars], "steps hover pin", height=MAP
        )
        mark = svg.rect(box.x, MAP_Y, box.cell, MAP, "thin")
        found = () if walk else scan.found
        return [
            svg.text(box.x, MAP_Y - 10, "answer of the network at every place, 0 to 1", 14, "gray"),
            grid,
            svg.line(box.x, level, box.right, level, "frame", 1.5, "6 4"),
            svg.text(box.x - 8, level + 5, number(scan.threshold), 13, "gray end"),
            follower("here", mark, 0, look.col, box.cell, 0),
            *(svg.text(box.x + (c + 0.5) * box.cell, MAP_Y + MAP + 14, "▲", 13, "middle bold") for _, c in found),
        ]

    # ---- a picture ---------------------------------------------------------------------------------------------------

    def _image(self, look: Look, walk: bool) -> list[str]:
        box, scan = self.box, self.scan
        height, width = scan.window_size
        heading = svg.text(box.x, TOP - 10, f"picture, {box.rows} × {box.cols}", 14, "gray")
        tone = Tone(True, 2.5)
        label = f"picture, {box.rows} × {box.cols}: point to carry the network there"
        picture = box.pointable("input", label, [bitmap_grid(box, scan.x, tone)], "hover pin")
        outline = box.part(0, 0, height, width, "halo") + box.part(0, 0, height, width, "outline")
        window = follower("window", outline, look.row, look.col, box.cell, box.cell)
        marks = [] if walk else [box.part(r, c, height, width, "frame") for r, c in scan.found]
        return [heading, picture, *marks, window, *self._network_in_a_column(look), *self._answers_beside(look, walk)]

    def _network_in_a_column(self, look: Look) -> list[str]:
        parts = []
        maps = [(f"window at {look.place}", look.window, 2.5)]
        for i, weights in enumerate(self.scan.network.weight[:, 0]):
            maps.append((f"hidden unit {i}: weights", weights, float(np.abs(weights).max())))
        for i, (title, values, strongest) in enumerate(maps):
            y = TOP + i * (SMALL + 28)
            box = Box(NETWORK_X, y, SMALL / max(values.shape), *values.shape)
            parts.append(svg.text(NETWORK_X, y - 10, title, 14, "gray"))
            parts.append(bitmap_grid(box, values, Tone(True, strongest)))
            if i:
                parts.append(
                    _level(NETWORK_X + SMALL + 12, y, SMALL, float(look.hidden[i - 1]), number(look.hidden[i - 1]))
                )
        return parts

    def _answers_beside(self, look: Look, walk: bool) -> list[str]:
        box, scan = self.map, self.scan
        known = (np.arange(scan.steps) <= look.index).reshape(scan.answers.shape)
        values = np.where(known, scan.answers, 0) if walk else scan.answers
        label = f"answers at {box.rows} × {box.cols} places: arrow keys walk"
        grid = box.pointable("output", label, [bitmap_grid(box, even(values), Tone(True, 1.0))], "steps hover pin")
        mark = box.part(0, 0, 1, 1, "halo") + box.part(0, 0, 1, 1, "outline")
        heading = svg.text(box.x, TOP - 10, f"answers, {box.rows} × {box.cols}", 14, "gray")
        note = svg.text(box.right, TOP - 10, "blank 0, blue 1", 14, "gray end")
        below = _answer(box.x, box.bottom + 30, look, scan.threshold)
        return [heading, note, grid, follower("here", mark, look.row, look.col, box.cell, box.cell), *below]


def _area(x: float, y: float, width: float, height: float) -> str:
    return svg.rect(x, y, width, height, "paper") + svg.rect(x, y, width, height, "lines")


def _curve(x: float, y: float, pitch: float, height: float, values: Values, strongest: float) -> str:
    """The values as a line; ``strongest`` reaches the upper or lower border, and more is cut off there."""
    scaled = np.clip(values / strongest, -1, 1)
    points = (
        f"{svg.fmt(x + (i + 0.5) * pitch)} {svg.fmt(y + height / 2 * (1 - v))}" for i, v in enumerate(scaled.tolist())
    )
    return f'<path class="cl-thin" d="M{"L".join(points)}"/>'


def _level(x: float, y: float, height: float, value: float, label: str) -> str:
    """A value from 0 to 1.5 as a column, with its number."""
    tall = height * min(value / 1.5, 1)
    return "".join(
        (
            svg.rect(x, y, 18, height, "lines"),
            svg.rect(x, y + height - tall, 18, tall, "pos", STRONGEST) if tall else "",
            svg.text(x + 26, y + height / 2 + 5, label, 15),
        )
    )


def _answer(x: float, y: float, look: Look, threshold: float) -> list[str]:
    """The answer here, large."""
    above = look.answer > threshold
    said = f"above {number(threshold)}: found" if above else f"not above {number(threshold)}"
    return [
        svg.text(x, y - 9, f"answer at {look.place}", 14, "gray"),
        svg.text(x, y + 36, number(round(look.answer, 3)), 36, "bold" if above else ""),
        svg.text(x, y + 64, said, 15, "bold" if above else "gray"),
    ]
