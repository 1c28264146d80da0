"""The picture of the over-fitting lab: losses and shares of a network with its cures, in gray of one without."""

from textwrap import wrap

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.plots import Axes
from cnnlab.traces.overfit import Comparison, Moment, Standing
from cnnlab.traces.text import number

WIDTH, HEIGHT, MARGIN, TOP = 1100.0, 420.0, 16.0, 52.0
LEFT, PLOT = 56.0, (560.0, 290.0)
RIGHT, SECOND = 680.0, (404.0, 130.0)
HIGHEST_LOSS, LOWEST_SHARE = 1.5, 0.5
TABLE, ROW = TOP + SECOND[1] + 84, 26.0
COLUMNS = (820.0, 912.0, 1000.0, 1084.0)
LINE = 44
"""Signs in a line of the cures."""
HEADINGS = ("learned", "held-out", "best, in", "test right")


class OverfitPicture:
    """All that can be drawn of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        across = (0.0, float(comparison.plan.epochs))
        self.loss = Axes(LEFT, TOP, *PLOT, across, (0.0, HIGHEST_LOSS))
        self.right = Axes(RIGHT, TOP, *SECOND, across, (LOWEST_SHARE, 1.0))
        self._frames = self.loss.frame("epochs"), self.right.frame("epochs")

    def draw(self, moment: Moment, frame: int = 0) -> str:
        """The whole picture as SVG."""
        says = moment.says()
        size = min(15.0, (WIDTH - 2 * MARGIN) / svg.text_width(says, 1))
        content = [*self._losses(moment), *self._shares(moment), *self._table(moment)]
        content.append(svg.text(MARGIN, HEIGHT - 12, says, size))
        count = self.comparison.plan.epochs + 1
        data = {"frame": frame, "step": moment.epoch, "columns": count, "count": count}
        return svg.document(WIDTH, HEIGHT, content, self.label(moment), **data)

    def label(self, moment: Moment) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        plan = self.comparison.plan
        cures = plan.cures() or "no cure"
        return f"A network that learns from few digits, with {cures}: {moment.epoch} of {plan.epochs} epochs"

    # ---- curves ------------------------------------------------------------------------------------------------------

    def _runs(self, moment: Moment) -> list[tuple[Standing, str, str]]:
        """What is drawn, the last one on top, with the colors of its held-out and its learned curve."""
        plain = [(moment.plain, "gray-line", "gray-line")] if self.comparison.treated else []
        return [*plain, (moment.run, "blue-line", "ink-line")]

    def _losses(self, moment: Moment) -> list[str]:
        axes, parts = self.loss, [self._frames[0]]
        for standing, held_out, learned in self._runs(moment):
            epochs = np.arange(standing.epoch + 1)
            parts.append(axes.curve(epochs, standing.curve("learned_loss"), learned, 1.5, "6 4"))
            parts.append(axes.curve(epochs, standing.curve("watched_loss"), held_out))
            parts.append(self._best(standing, held_out))
        parts += self._dots(axes, moment, ("learned_loss", "watched_loss"), HIGHEST_LOSS)
        keys = [("held-out digits", "blue-line", 2.5, None), ("learned from", "ink-line", 1.5, "6 4")]
        if self.comparison.treated:
            keys.append(("without a cure", "gray-line", 2.5, None))
        x, drawn = LEFT, [svg.text(LEFT, TOP - 32, self._heading(), 14, "gray")]
        for name, color, width, dashes in keys:
            drawn += [
                svg.line(x, TOP - 13, x + 30, TOP - 13, color, width, dashes),
                svg.text(x + 37, TOP - 8, name, 14),
            ]
            x += 62 + 0.88 * svg.text_width(name, 14)
        return [*drawn, self._pointable(axes, "loss", parts)]

    def _heading(self) -> str:
        run = self.comparison.run
        wrong = f"; {run.wrong} of the {len(run.labels)} labels are wrong" if run.wrong else ""
        return f"loss (mean cross-entropy); rings: the best epoch so far{wrong}"

    def _best(self, standing: Standing, color: str) -> str:
        """A ring around the smallest loss of the held-out digits."""
        best = standing.records[standing.best].watched_loss
        if not standing.epoch or best > HIGHEST_LOSS:
            return ""
        x, y = float(self.loss.to_x(standing.best)), float(self.loss.to_y(best))
        stop = ""
        if standing.ended:
            end = float(self.loss.to_x(standing.epoch))
            stop = svg.line(end, self.loss.y, end, self.loss.bottom, "gray-line", 1.5, "4 4")
        return f"{stop}{svg.circle(x, y, 7, 'paper')}{_ring(x, y, 7, color)}"

    def _shares(self, moment: Moment) -> list[str]:
        axes, parts = self.right, [self._frames[1]]
        for standing, held_out, _ in self._runs(moment):
            parts.append(axes.curve(np.arange(standing.epoch + 1), standing.curve("watched_right"), held_out, 2))
        parts += self._dots(axes, moment, ("watched_right",), 1.0)
        return [
            svg.text(RIGHT, TOP - 9, "held-out digits read right", 14, "gray"),
            svg.text(axes.right, TOP - 9, f"{moment.run.records[-1].watched_right:.1%}", 14, "bold end"),
            self._pointable(axes, "right", parts),
        ]

    def _dots(self, axes: Axes, moment: Moment, names: tuple[str, ...], most: float) -> list[str]:
        """Where the network stands."""
        last, low = moment.run.records[-1], axes.y_range[0]
        values = [float(getattr(last, name)) for name in names]
        return [axes.point(moment.run.epoch, min(max(value, low), most), 4.5) for value in values if np.isfinite(value)]

    def _pointable(self, axes: Axes, name: str, content: list[str]) -> str:
        label = f"{name} after every epoch: arrow keys look at an earlier one"
        return axes.pointable(name, label, content, "hover pin", self.comparison.plan.epochs + 1)

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def _table(self, moment: Moment) -> list[str]:
        """A row of numbers for each network."""
        parts = [svg.text(x, TABLE, heading, 13, "gray end") for x, heading in zip(COLUMNS, HEADINGS, strict=True)]
        parts.append(svg.text(RIGHT, TABLE, "loss", 13, "gray"))
        rows = [("without", moment.plain), ("with", moment.run)] if self.comparison.treated else [("", moment.run)]
        for i, (name, standing) in enumerate(rows):
            y, tone = TABLE + (i + 1) * ROW, "gray" if standing is moment.plain and len(rows) > 1 else ""
            last, best = standing.records[-1], standing.records[standing.best].watched_loss
            cells = (
                number(last.learned_loss),
                number(last.watched_loss),
                f"{number(best)}, {standing.best}",
                f"{standing.kept.test_right:.1%}",
            )
            parts.append(svg.text(RIGHT, y, name, 15, tone))
            parts += [svg.text(x, y, cell, 15, f"{tone} end") for x, cell in zip(COLUMNS, cells, strict=True)]
        if self.comparison.treated:
            y = TABLE + 3 * ROW + 6
            lines = wrap(f"with: {self.comparison.plan.cures()}", LINE)
            parts += [svg.text(RIGHT, y + 20 * i, line, 14, "gray") for i, line in enumerate(lines)]
        return parts


def _ring(x: float, y: float, radius: float, color: str) -> str:
    return svg.group([svg.circle(x, y, radius, color)], stroke_width="2.5")
