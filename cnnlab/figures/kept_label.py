"""The picture of the kept label lab: a changed digit, what the network says, and the same for every amount."""

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, Tone, bitmap_grid
from cnnlab.figures.plots import Axes
from cnnlab.traces.kept_label import RANGES, UNITS, KeptLabel, Reading
from cnnlab.traces.text import number

WIDTH, HEIGHT, MARGIN, TOP = 1000.0, 366.0, 16.0, 34.0
SIDE = 252.0
BARS_X, BARS_WIDTH = 300.0, 150.0
PLOT_X = 560.0
ROW = SIDE / 10
PLACES = 121
"""Places that the plot can be pointed at."""
INK = Tone(True, 1.0)


class KeptLabelPicture:
    """All that can be drawn of one :class:`~cnnlab.traces.kept_label.Reading`."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        _, low, high, _ = RANGES[reading.transform]
        self.plot = Axes(PLOT_X, TOP, WIDTH - MARGIN - PLOT_X, SIDE - 34, (low, high), (0.0, 1.0))
        self.frame = self._frame()
        self.curves = self._curves()

    def draw(self, trace: KeptLabel, curves: bool, frame: int = 0) -> str:
        """The whole picture as SVG; without the ``curves``, of the plot only the point that is looked at."""
        label = f"{trace.called()}: {trace.answer()}"
        sentences = [
            svg.text(MARGIN, TOP + SIDE + 34, f"{trace.called()}: {trace.answer()}.", 15, "bold"),
            *([svg.text(MARGIN, TOP + SIDE + 58, trace.says(), 15)] if curves else []),
        ]
        content = [self._digit(trace), _bars(trace), self._plot(trace, curves), *sentences]
        return svg.document(WIDTH, HEIGHT, content, label, frame=frame)

    def _digit(self, trace: KeptLabel) -> str:
        box = Box(MARGIN, TOP, SIDE / len(trace.picture), *trace.picture.shape)
        heading = svg.text(MARGIN, TOP - 10, "what the network sees", 14, "gray")
        paper = svg.rect(box.x, box.y, box.width, box.height, "paper")
        return heading + paper + bitmap_grid(box, trace.picture.astype(float), INK)

    def _frame(self) -> str:
        r, plot, y = self.reading, self.plot, TOP - 14
        name, unit = RANGES[r.transform][0], UNITS[r.transform].strip()
        ticks = [-180, -90, 0, 90, 180] if r.transform == "rotation" else None
        said = f"{r.transform}: {name}" + (f" ({unit})" if unit else "")
        key = svg.line(PLOT_X, y, PLOT_X + 26, y, "blue-line", 2.5)
        key += svg.text(PLOT_X + 34, y + 5, f"probability of {r.label}, the label", 14, "gray")
        return key + plot.frame(said, x_ticks=ticks, y_ticks=(0, 0.5, 1))

    def _curves(self) -> str:
        r, plot, y = self.reading, self.plot, TOP - 14
        key = svg.line(PLOT_X + 236, y, PLOT_X + 262, y, "orange-line", 2.5, "6 4")
        key += svg.text(PLOT_X + 270, y + 5, f"of {r.rival}", 14, "gray")
        orange = plot.curve(r.amounts, r.probabilities[:, r.rival], "orange-line", 2.5, "6 4")
        return key + orange + plot.curve(r.amounts, r.probabilities[:, r.label], "blue-line", 2.5)

    def _plot(self, trace: KeptLabel, curves: bool) -> str:
        plot, here = self.plot, float(self.plot.to_x(trace.amount))
        line = svg.line(here, plot.y, here, plot.bottom, "ink-line", 1.5)
        now = float(trace.probabilities[self.reading.label])
        label = f"{self.reading.transform}: arrow keys change it"
        content = [self.frame, self.curves if curves else "", line, plot.point(trace.amount, now)]
        return plot.pointable("amount", label, content, "hover pin", PLACES, 1, (trace.amount, 0.5))


def _bars(trace: KeptLabel) -> str:
    """The ten probabilities, one below the other."""
    parts = [svg.text(BARS_X, TOP - 10, "what it says", 14, "gray")]
    for digit, share in enumerate(trace.probabilities.tolist()):
        y = TOP + digit * ROW
        strong = "bold " if digit == trace.winner else ""
        right = digit == trace.reading.label
        parts.append(svg.text(BARS_X + 10, y + 18, str(digit), 15, f"{strong}middle"))
        if share * BARS_WIDTH > 0.5:
            parts.append(svg.rect(BARS_X + 26, y + 4, share * BARS_WIDTH, ROW - 8, "pos" if right else "neg", 0.78))
        parts.append(svg.rect(BARS_X + 26, y + 4, BARS_WIDTH, ROW - 8, "lines"))
        shown = number(round(share, 2))
        parts.append(svg.text(BARS_X + 34 + BARS_WIDTH, y + 18, shown, 14, strong or "gray"))
    return "".join(parts)
