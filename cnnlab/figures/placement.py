"""The picture of the placement lab: histograms of the same values through the two orders."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.plots import Axes
from cnnlab.traces.placement import BINS, REACH, Placement, Stage

WIDTH, MARGIN = 1100.0, 16.0
LEFT, PLOT, GAP = 28.0, 310.0, 52.0
TOP, HIGH, PITCH = 36.0, 124.0, 226.0
HEIGHT = TOP + 2 * PITCH - 28
HIGHEST = 0.14
"""The share of the values at which a column is cut off; the words below say how many are 0."""


class PlacementPicture:
    """All that can be drawn of both orders."""

    def __init__(self, placement: Placement) -> None:
        self.placement = placement

    def draw(self, frame: int = 0) -> str:
        """The whole picture as SVG."""
        p = self.placement
        parts = [part for row, stages in enumerate((p.before, p.after)) for part in self._row(row, stages)]
        return svg.document(WIDTH, HEIGHT, parts, " ".join(p.says()), frame=frame)

    def _row(self, row: int, stages: tuple[Stage, Stage, Stage]) -> list[str]:
        y = TOP + row * PITCH
        parts = [part for i, stage in enumerate(stages) for part in self._stage(i, y, stage)]
        for i in (1, 2):
            parts.append(svg.text(LEFT + i * (PLOT + GAP) - GAP / 2, y + HIGH / 2 + 8, "→", 24, "gray middle"))
        return [*parts, svg.text(LEFT, y + HIGH + 62, self.placement.says()[row], 16)]

    def _stage(self, i: int, y: float, stage: Stage) -> list[str]:
        axes = Axes(LEFT + i * (PLOT + GAP), y, PLOT, HIGH, (-REACH, REACH), (0, HIGHEST))
        edges = np.linspace(-REACH, REACH, BINS + 1)
        title = "outputs of the layer" if stage.title == "layer" else f"after {stage.title}"
        return [
            svg.text(axes.x, y - 10, title, 15, "bold"),
            axes.frame(y_ticks=()),
            axes.bars(edges, stage.shares, "pos"),
            svg.text(axes.x, axes.bottom + 36, stage.says(), 13, "gray"),
        ]
