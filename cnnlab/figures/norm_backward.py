"""The picture of the way back through batch norm: the values of a batch in rows, the three ways of a gradient."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, follower, in_full, largest
from cnnlab.figures.palette import strength
from cnnlab.figures.strips import legend
from cnnlab.traces.norm import BatchNormGradients
from cnnlab.traces.norm_words import says
from cnnlab.traces.text import number

Values = NDArray[np.float64]

WIDTH, MARGIN, LEFT, TOP, CELL = 1100.0, 11.0, 250.0, 12.0, 62.0
ROW, ROW_GAP, BLOCK_GAP = 30.0, 6.0, 18.0
NOTES = 20.0
"""Between the last cell of a row and what is said about it."""
ROWS = (
    ("x", "x, the batch", ""),
    ("x_hat", "x̂ = (x − mean) / std", ""),
    ("y", "y = γ·x̂ + β", ""),
    ("grad_y", "dy, from the right", ""),
    ("direct", "direct", "through its own x̂"),
    ("through_mean", "through the mean", "it moves the mean of all"),
    ("through_var", "through the variance", "it moves the spread of all"),
    ("grad_x", "dx, the sum of the three", ""),
)
FORWARD = 3
EDITABLE = ("x", "grad_y")


class NormPicture:
    """All that can be drawn of one way back."""

    def __init__(self, gradients: BatchNormGradients) -> None:
        self.gradients = gradients
        self.count = gradients.forward.count
        tops = [TOP + i * (ROW + ROW_GAP) + BLOCK_GAP * (i >= FORWARD) + BLOCK_GAP * (i == 7) for i in range(len(ROWS))]
        self.tops = dict(zip((name for name, _, _ in ROWS), tops, strict=True))
        self.bottom = tops[-1] + ROW
        self.strongest = {
            "x": largest(self.values("x")),
            "forward": max(largest(self.values(name)) for name in ("x_hat", "y")),
            "grad_y": largest(self.values("grad_y")),
            "back": max(largest(self.values(name)) for name in ("direct", "through_mean", "through_var", "grad_x")),
        }

    def values(self, name: str) -> Values:
        """A row of the picture, (n,)."""
        owner = self.gradients.forward if name in ("x", "x_hat", "y") else self.gradients
        return np.asarray(getattr(owner, name))

    def draw(self, at: int, frame: int = 0) -> str:
        """The whole picture as SVG; ``at`` is the sample whose gradient is written out."""
        content = [*(self._row(name, title, note) for name, title, note in ROWS), self._mark(at), *self._formulas(at)]
        data = {"frame": frame, "step": at, "columns": self.count, "count": self.count}
        return svg.document(WIDTH, self.bottom + 66, content, self.label(), **data)

    def label(self) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        return f"The way back through batch norm: a batch of {self.count} values"

    def _row(self, name: str, title: str, note: str) -> str:
        values, y = self.values(name)[None], self.tops[name]
        box = Box(LEFT, y, CELL, 1, self.count)
        scale = name if name in self.strongest else "forward" if name in ("x_hat", "y") else "back"
        cells = _flat_grid(box, values[0], self.strongest[scale] or 1.0)
        if name in EDITABLE:
            label = f"{title}: arrow keys move, Enter changes a number"
            cells = box.pointable(
                name, label, [cells], "edit", ROW, values=in_full(values), inside=f"0 0 1 {self.count}"
            )
        elif name == "grad_x":
            cells = box.pointable(name, f"{title}: arrow keys choose one", [cells], "steps hover pin", ROW)
        heading = svg.text(LEFT - 16, y + 20, title, 15, "bold end" if name == "grad_x" else "end")
        return heading + cells + svg.text(box.right + NOTES, y + 20, note, 14, "gray")

    def _mark(self, at: int) -> str:
        top = self.tops["x"]
        frame = svg.rect(LEFT, top - 3, CELL, self.bottom - top + 6, "outline")
        return follower("here", frame, 0, at, CELL, 0)

    def _formulas(self, at: int) -> list[str]:
        y, room = self.bottom + 30, WIDTH - 2 * MARGIN
        return [
            mono(MARGIN, y, room, str(self.gradients.equation("grad_x", at)).replace("grad_x", "dx")),
            svg.text(MARGIN, y + 25, says(self.gradients), 15),
            legend(WIDTH - MARGIN, y + 25, Tone(True, 1.0)),
        ]


def _flat_grid(box: Box, values: Values, strongest: float) -> str:
    """A row of cells that are wider than high, with their numbers."""
    parts = [svg.rect(box.x, box.y, box.width, ROW, "paper")]
    for i, value in enumerate(values.tolist()):
        x = box.x + i * box.cell
        if abs(value) > 1e-12 * strongest:
            parts.append(svg.rect(x, box.y, box.cell, ROW, "pos" if value > 0 else "neg", strength(value, strongest)))
        parts.append(svg.rect(x, box.y, box.cell, ROW, "lines"))
        said = number(value if abs(value) > 1e-12 * strongest else 0.0)
        size = min(16.0, (box.cell - 4) / svg.text_width(said, 1))
        parts.append(svg.text(x + box.cell / 2, box.y + 20, said, size, "middle"))
    return "".join(parts)
