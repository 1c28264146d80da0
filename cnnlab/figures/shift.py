"""The picture of the shift lab: the canvas, and for each network its answer, its probabilities and its maps.

The maps hold one cell for each place that the picture can be pushed to. What stays the same from place to place is
drawn once and kept.
"""

from functools import cached_property

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even
from cnnlab.figures.grids import Box, Tone, bitmap_grid, follower
from cnnlab.figures.palette import STRONGEST
from cnnlab.traces.shift import CANVAS, PLACES, REACH, Answers, Pushing, ShiftTrace
from cnnlab.traces.shift_drag import Square
from cnnlab.traces.shift_words import ALL, answer, called, cnn_says, mlp_says, percent

WIDTH, HEIGHT, MARGIN = 1000.0, 402.0, 8.0
CELL = 9.25
COLUMN = 332.0
LEFTS = (MARGIN + CANVAS * CELL + 28, WIDTH - MARGIN - COLUMN)
"""Where the columns of the two networks begin."""
CANVAS_TOP = 28.0
BARS_BOTTOM, HIGHEST_BAR = 130.0, 56.0
MAPS_TOP, MAP_CELL = 176.0, 12.0
MAP_LEFTS = (0.0, COLUMN - PLACES * MAP_CELL)
TONE = Tone(True, 1.0)


class ShiftPicture:
    """All that can be drawn of one :class:`~cnnlab.traces.shift.Pushing`."""

    def __init__(self, pushing: Pushing) -> None:
        self.pushing = pushing
        self.canvas = Box(MARGIN, CANVAS_TOP, CELL, CANVAS, CANVAS)
        first = CELL * (CANVAS / 2 - REACH - 0.5)
        self.middles = Box(MARGIN + first, CANVAS_TOP + first, CELL, PLACES, PLACES)

    def draw(self, trace: ShiftTrace, pinned: int, frame: int = 0) -> str:
        """The whole picture as SVG; ``pinned`` is the place to go back to, ``frame`` a running number."""
        mlp, cnn = self.pushing.mlp, self.pushing.cnn
        content = [
            self._canvas(trace),
            *self._network(trace, mlp, LEFTS[0]),
            *self._network(trace, cnn, LEFTS[1]),
            self._maps,
            *(self._marker(box, trace, pinned) for box in self._boxes.values()),
            svg.text(MARGIN, HEIGHT - 29, mlp_says(trace), 15),
            svg.text(MARGIN, HEIGHT - 8, cnn_says(trace), 15),
        ]
        data = {"frame": frame, "step": trace.index, "columns": PLACES, "count": ALL}
        return svg.document(WIDTH, HEIGHT, content, self.label(trace), **data)

    def label(self, trace: ShiftTrace) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        p = self.pushing
        return f"{called(trace)}: the MLP {answer(trace, p.mlp)}, the CNN {answer(trace, p.cnn)}"

    # ---- the canvas --------------------------------------------------------------------------------------------------

    def _canvas(self, trace: ShiftTrace) -> str:
        box, picture = self.canvas, trace.picture.astype(np.float64)
        content = [
            svg.rect(box.x, box.y, box.width, box.height, "paper"),
            bitmap_grid(box, even(picture), TONE),
            box.part(CANVAS / 2 - 4, CANVAS / 2 - 4, 8, 8, "frame"),
        ]
        # The keys walk over the places where the middle of the digit can lie; a pointer has only the digit to hold.
        canvas = [svg.group(content, pointer_events="none"), self._handle(trace)]
        label = "canvas: push the digit with the arrow keys, or drag it"
        heading = svg.text(box.x, 18, called(trace), 15, "bold")
        return heading + self.middles.pointable("canvas", label, canvas, "steps pin") + self._legend

    def _handle(self, trace: ShiftTrace) -> str:
        """What the digit is held by: its square, clear; over which cells of the canvas a pointer drags it is heard."""
        square, box = Square.of((trace.down, trace.right), self.pushing.scale), self.canvas
        clear = box.part(square.top, square.left, square.side, square.side, "pad", 0.0)
        label = "digit: drag it, or push it with the arrow keys"
        return box.pointable("digit", label, [clear], "hover paint pin", tab=False)  # the canvas takes the Tab key

    @cached_property
    def _legend(self) -> str:
        x, y = MARGIN, CANVAS_TOP + CANVAS * CELL + 20
        return "".join(
            (
                svg.rect(x, y - 11, 13, 13, "pos", STRONGEST),
                svg.text(x + 19, y, "right", 13, "gray"),
                svg.rect(x + 64, y - 11, 13, 13, "neg", STRONGEST),
                svg.text(x + 83, y, "wrong", 13, "gray"),
                svg.text(x + 140, y, "stronger: surer", 13, "gray"),
                svg.rect(x + 0.75, y + 9.5, 12, 12, "frame"),
                svg.text(x + 19, y + 20, "where all training digits lay", 13, "gray"),
                svg.rect(x + 1.5, y + 30.5, 10, 10, "outline"),
                svg.text(x + 19, y + 40, "in the maps: the place shown above", 13, "gray"),
            )
        )

    # ---- a network ---------------------------------------------------------------------------------------------------

    def _network(self, trace: ShiftTrace, answers: Answers, left: float) -> list[str]:
        share = percent(trace.share(answers))
        note = f"no stain: {share}" if self.pushing.stain else f"right here: {share}"
        below = MAPS_TOP + PLACES * MAP_CELL + 18
        return [
            svg.text(left, 18, answers.name, 15, "bold"),
            svg.text(left + COLUMN, 18, f"{answers.parameters:,} parameters", 13, "gray end"),
            svg.text(left, 42, answer(trace, answers), 15, "bold"),
            *self._bars(trace, answers, left),
            svg.text(left + MAP_LEFTS[0], below, f"right at {answers.right_places} of {ALL}", 13, "gray"),
            svg.text(left + MAP_LEFTS[1], below, note, 13, "gray"),
        ]

    def _bars(self, trace: ShiftTrace, answers: Answers, left: float) -> list[str]:
        """A bar for the probability of each digit: blue for the right one, orange for the others."""
        pitch, parts = COLUMN / 10, []
        for digit, value in enumerate(trace.probabilities(answers).tolist()):
            x, is_label, bar = left + digit * pitch, digit == self.pushing.label, HIGHEST_BAR * value
            middle = x + pitch / 2
            parts += [
                svg.rect(x + 4, BARS_BOTTOM - bar, pitch - 8, bar, "pos" if is_label else "neg", STRONGEST),
                svg.text(middle, BARS_BOTTOM - bar - 4, f"{value:.2f}" if value >= 0.005 else "", 13, "gray middle"),
                svg.text(middle, BARS_BOTTOM + 17, str(digit), 14, "bold middle" if is_label else "gray middle"),
            ]
        return [*parts, svg.rect(left, BARS_BOTTOM, COLUMN, 0.5, "lines")]

    # ---- the maps ----------------------------------------------------------------------------------------------------

    @cached_property
    def _boxes(self) -> dict[str, Box]:
        return {
            f"{name}-{kind}": Box(left + inner, MAPS_TOP, MAP_CELL, PLACES, PLACES)
            for name, left in zip(("mlp", "cnn"), LEFTS, strict=True)
            for kind, inner in zip(("places", "shares"), MAP_LEFTS, strict=True)
        }

    @cached_property
    def _maps(self) -> str:
        parts = []
        for name, box in self._boxes.items():
            answers = self.pushing.mlp if name.startswith("mlp") else self.pushing.cnn
            single = name.endswith("places")
            heading = "this picture" if single else f"{self.pushing.unseen} unseen digits"
            values = answers.sureness if single else answers.share
            label = f"{answers.name}, {heading}: arrow keys push the picture"
            grid = [
                svg.rect(box.x, box.y, box.width, box.height, "paper"),
                bitmap_grid(box, even(values), TONE),
                box.part(REACH, REACH, 1, 1, "frame"),
            ]
            parts.append(svg.text(box.x, box.y - 8, heading, 13, "gray"))
            parts.append(box.pointable(name, label, grid, "steps hover pin"))
        return "".join(parts)

    def _marker(self, box: Box, trace: ShiftTrace, pinned: int) -> str:
        """The outline of the place that is shown; the page can move it before the next frame arrives."""
        row, col = divmod(trace.index, PLACES)
        mark = Box(box.x, box.y, box.cell, 1, 1).part(0, 0, 1, 1, "outline")
        held = ""
        if pinned != trace.index:
            held = box.part(*divmod(pinned, PLACES), 1, 1, "thin")
        return held + follower("here", mark, row, col, box.cell, box.cell)
