"""The picture of the fits lab: points, a fit that misses them, each error as an area or a length, and both losses.

A fit that is a line is dragged by its points, too: an end turns it, a point between moves it.
"""

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box
from cnnlab.figures.plots import LABEL, Axes
from cnnlab.traces.fits import LOSSES, Fit, Fits
from cnnlab.traces.text import number

WIDTH, MARGIN = 1000.0, 16.0
TOP, HIGH = 34.0, 230.0
LEFT_X, PLOT = 110.0, 530.0
TABLE_X, TABLE, ROW = 700.0, 284.0, 36.0
NAME = 15.0
ROWS_Y, LINE = TOP + HIGH + 42, 22.0
FORMULA_Y = ROWS_Y + 4 * LINE + 12
HEIGHT = FORMULA_Y + 70
PER_UNIT = 10
"""Places that a prediction can be dragged to, for each whole number."""
FILL = 0.34


class FitPicture:
    """All that can be drawn of the fits of one question."""

    def __init__(self, fits: Fits) -> None:
        self.fits = fits
        targets, (low, high) = fits.question.targets, fits.question.limits
        self.pitch = PLOT / len(targets)
        self.plot = Axes(LEFT_X, TOP, PLOT, HIGH, (0.5, len(targets) + 0.5), (low, high))
        self.places = round((high - low) * PER_UNIT) + 1

    def draw(self, loss: str, compare: bool, frame: int = 0) -> str:
        """The whole picture as SVG; ``loss`` says how errors are drawn, ``compare`` shows the losses of all fits."""
        fit = self.fits.chosen
        room = WIDTH - LEFT_X - MARGIN
        words = [
            mono(LEFT_X, FORMULA_Y, room, fit.rule()),
            mono(LEFT_X, FORMULA_Y + 25, room, str(fit.equation(loss))),
            svg.text(LEFT_X, FORMULA_Y + 54, fit.says(), 16),
        ]
        parts = [*self._points(fit, loss, compare), *self._rows(fit, loss), *self._table(compare), *words]
        values = ", ".join(f"{LOSSES[name]} {number(fit.losses[name].value)}" for name in LOSSES)
        return svg.document(WIDTH, HEIGHT, parts, f"{fit.name}: {values}", frame=frame)

    def height(self, place: int) -> float:
        """The number that a place of a column stands for."""
        return round(self.plot.y_at(min(place, self.places - 1), self.places), 6)

    def column(self, i: int) -> Axes:
        """The column of one point, in which its prediction is dragged."""
        return Axes(LEFT_X + i * self.pitch, TOP, self.pitch, HIGH, (0, 1), self.plot.y_range)

    # ---- the points --------------------------------------------------------------------------------------------------

    def _points(self, fit: Fit, loss: str, compare: bool) -> list[str]:
        places = range(1, len(fit.targets) + 1)
        drawn = "square" if loss == "mse" else "bar"
        title = f"{fit.name}: every error as a {drawn}, whose {'area' if loss == 'mse' else 'length'} is its loss"
        parts = [svg.text(LEFT_X, TOP - 12, title, 15, "bold"), self.plot.frame(x_ticks=places)]
        parts += self._others(fit) if compare else []
        parts += [self._error(i, fit, loss) for i in range(len(places))]
        parts.append(self._curve(fit, "ink-line", 2))
        ends = (0, len(places) - 1) if fit.line else ()
        for i, (target, prediction) in enumerate(zip(fit.targets, fit.predictions, strict=True)):
            column, middle = self.column(i), float(self.plot.to_x(i + 1))
            ring = float(self.plot.to_y(target))
            content = [
                svg.rect(column.x, TOP, self.pitch, HIGH, "paper", 0),
                svg.circle(middle, ring, 7, "paper") + svg.circle(middle, ring, 7, "frame"),
                self.plot.point(i + 1, prediction, 7.5 if i in ends else 5.5),
            ]
            what = ("turn the line" if i in ends else "move the line") if fit.line else "change it"
            label = f"prediction at {i + 1}: arrow keys {what}"
            parts.append(column.pointable(f"point {i}", label, content, "paint pin", 1, self.places, (0, prediction)))
        return parts

    def _curve(self, fit: Fit, classes: str, width: float) -> str:
        """A line from border to border, or lines from point to point."""
        if fit.line:
            ends = self.plot.x_range
            return self.plot.curve(ends, [fit.line.at(x) for x in ends], classes, width)
        return self.plot.curve(range(1, len(fit.predictions) + 1), fit.predictions, classes, width)

    def _others(self, chosen: Fit) -> list[str]:
        """The other fits, thin and gray, with their names where they end."""
        parts, last = [], TOP
        others = [fit for fit in self.fits.all if fit != chosen]
        end = self.plot.x_range[1]
        ends = [float(self.plot.to_y(fit.line.at(end) if fit.line else fit.predictions[-1])) for fit in others]
        for y, fit in sorted(zip(ends, others, strict=True), key=lambda pair: pair[0]):
            last = max(y + 4.5, last + LABEL)
            parts.append(self._curve(fit, "gray-line", 1.2))
            parts.append(svg.text(LEFT_X + PLOT + 7, last, fit.name, LABEL, "gray"))
        return parts

    def _error(self, i: int, fit: Fit, loss: str) -> str:
        """The error of one point: a square between target and prediction, or a bar."""
        middle = float(self.plot.to_x(i + 1))
        low, high = sorted(float(self.plot.to_y(v)) for v in (fit.targets[i], fit.predictions[i]))
        half = (high - low) / 2 if loss == "mse" else 8.0
        left, right = max(middle - half, LEFT_X), min(middle + half, LEFT_X + PLOT)
        return svg.rect(left, low, right - left, high - low, "pos" if fit.errors[i] > 0 else "neg", FILL)

    def _rows(self, fit: Fit, loss: str) -> list[str]:
        """The numbers of every point, in the column below it."""
        terms = fit.losses[loss].terms.tolist()
        rows = [
            ("target y", fit.targets, "gray"),
            ("prediction", fit.predictions, ""),
            ("error", fit.errors.tolist(), ""),
            ("squared" if loss == "mse" else "absolute", terms, "bold"),
        ]
        parts = []
        for row, (label, values, tone) in enumerate(rows):
            y = ROWS_Y + row * LINE
            parts.append(svg.text(LEFT_X - 8, y, label, 14, "gray end"))
            for i, value in enumerate(values):
                parts.append(svg.text(float(self.plot.to_x(i + 1)), y, number(value), 15, f"{tone} middle"))
        return parts

    # ---- the losses of all fits --------------------------------------------------------------------------------------

    def _table(self, compare: bool) -> list[str]:
        """A row for each fit; the smallest loss of each kind is marked. A row is chosen by a click."""
        top, fits = TOP + 26, self.fits
        columns = {"mse": TABLE_X + 0.7 * TABLE, "mae": TABLE_X + 0.97 * TABLE}
        heads = [svg.text(x, TOP + 12, LOSSES[loss], 15, "bold end") for loss, x in columns.items()]
        cells = []
        shown = fits.rows if compare else fits.rows[: max(len(fits.all), fits.place + 1)]
        for i, fit in enumerate(shown):
            y, here = top + i * ROW, i == fits.place
            cells.append(svg.rect(TABLE_X, y, TABLE, ROW, "paper"))
            cells.append(svg.text(TABLE_X + 8, y + 23, fit.name, NAME, "bold" if here else "gray"))
            for loss, x in columns.items() if compare or here else ():
                best = compare and fit in fits.all and fit.name in fits.best(loss)
                cells.append(svg.rect(x - 68, y + 4, 76, ROW - 8, "pos", FILL) if best else "")
                cells.append(svg.text(x, y + 23, number(fit.losses[loss].value), 16, "bold end" if best else "end"))
        if len(shown) > len(fits.all):  # below it are the lines to aim at
            border = top + len(fits.all) * ROW
            cells.append(svg.line(TABLE_X, border, TABLE_X + TABLE, border, "gray-line", 1))
        cells.append(svg.rect(TABLE_X, top + fits.place * ROW, TABLE, ROW, "outline"))
        box = Box(TABLE_X, top, TABLE, len(shown), 1)
        below, said = top + len(shown) * ROW + 24, fits.says() if compare else ()
        table = box.pointable("fit", "fits: arrow keys choose one", cells, "choose", ROW, at=f"{fits.place} 0")
        return [*heads, table, *(svg.text(TABLE_X + 8, below + 22 * i, line, 14) for i, line in enumerate(said))]


def as_text(fits: Fits, compare: bool) -> str:
    """The losses as plain text: a line for each fit, or for the one that is looked at."""
    shown = fits.rows if compare else (fits.chosen,)
    lines = [
        f"{fit.name}: {'  '.join(map(number, fit.predictions))}; "
        + ", ".join(f"{LOSSES[loss]} {number(fit.losses[loss].value)}" for loss in LOSSES)
        for fit in shown
    ]
    return "\n".join([*lines, fits.chosen.rule(), fits.chosen.says(), *(fits.says() if compare else ())])
