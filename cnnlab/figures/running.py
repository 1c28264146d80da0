"""The picture of the running statistics lab: mean and variance of batch after batch, and what is remembered of them."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.plots import Axes, Values
from cnnlab.traces.running import Running, RunningMoment

WIDTH, MARGIN = 1100.0, 16.0
LEFT, SECOND, PLOT, TOP, HIGH = 52.0, 596.0, 486.0, 52.0, 250.0
FORMULA_Y, LINE = TOP + HIGH + 66, 24.0
HEIGHT = FORMULA_Y + 4 * LINE
MEAN_KEYS = [("dot", "mean of a batch"), ("blue-line", "running mean"), ("true", "true mean")]
VAR_KEYS = [("dot", "of a batch"), ("blue-line", "running"), ("orange-line", "if biased"), ("true", "true")]


class RunningPicture:
    """All that can be drawn of running statistics over batches; the curves so far are the first pieces of the whole."""

    def __init__(self, running: Running) -> None:
        self.running = r = running
        across = (0.0, float(r.steps))
        highest = _range(np.concatenate([r.unbiased, r.running_var, [r.true_var]]))[1]
        of_means = _range(np.concatenate([r.means, r.running_mean, r.true_mean]))
        self.mean = Axes(LEFT, TOP, PLOT, HIGH, across, of_means)
        self.var = Axes(SECOND, TOP, PLOT, HIGH, across, (0.0, min(highest, 4 * r.true_var)))
        true_var, variances = np.full(r.steps, r.true_var), [r.running_var, r.running_biased]
        self._plots = (
            _Plot("mean", self.mean, r.means, r.true_mean, [r.running_mean]),
            _Plot("variance", self.var, r.unbiased, true_var, variances),
        )
        self._keys = [*_keys(LEFT, "mean", MEAN_KEYS), *_keys(SECOND, "variance", VAR_KEYS)]

    def draw(self, moment: RunningMoment, walk: bool, frame: int = 0) -> str:
        """The whole picture as SVG; with ``walk`` only what has happened so far."""
        count = self.running.steps + 1
        shown = moment.step if walk else self.running.steps
        plots = [plot.draw(moment.step, shown) for plot in self._plots]
        data = {"frame": frame, "step": moment.step, "columns": count, "count": count}
        return svg.document(WIDTH, HEIGHT, [*self._keys, *plots, *_words(moment)], moment.says(), **data)


class _Plot:
    """The statistic of each batch as a dot, the true one, and the running ones, the first of which has the point."""

    def __init__(self, name: str, axes: Axes, batches: Values, true: Values, curves: list[Values]) -> None:
        self._name, self._axes, self._first = name, axes, curves[0]
        steps = np.arange(len(curves[0]))
        self._still = [axes.frame("batches seen"), axes.curve(steps[1:], true, "gray-line", 2, "2 4")]
        self._dots = [_dot(axes, i + 1, value) for i, value in enumerate(batches.tolist())]
        self._curves = [axes.pieces(steps, curve) for curve in curves]

    def draw(self, step: int, shown: int) -> str:
        styles = (("blue-line", 3.0, None), ("orange-line", 2.5, "8 4"))
        paths = ["".join(pieces[:shown]) for pieces in self._curves]
        lines = [svg.path(path, *style) for path, style in zip(paths, styles, strict=False) if path]
        here = float(self._first[step])
        on_plot = self._axes.y_range[0] <= here <= self._axes.y_range[1]
        point = [self._axes.point(step, here)] if on_plot else []
        label = f"{self._name}: arrow keys walk through the batches"
        content = [*self._still, *self._dots[:shown], *reversed(lines), *point]
        return self._axes.pointable(self._name, label, content, "steps hover pin", len(self._first), at=(step, 0))


def _dot(axes: Axes, batch: int, value: float) -> str:
    if value > axes.y_range[1]:
        return ""
    return svg.circle(float(axes.to_x(batch)), float(axes.to_y(value)), 2.5, "gray-dot")


def _range(values: Values) -> tuple[float, float]:
    """The range of values with a little room."""
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _keys(x: float, title: str, keys: list[tuple[str, str]]) -> list[str]:
    """The name of a plot, and what its marks mean."""
    y = TOP - 16
    parts, at = [svg.text(x, y, title, 15, "bold")], x + svg.text_width(title, 15) + 26
    for classes, said in keys:
        if classes == "dot":
            parts.append(svg.circle(at + 10, y - 5, 2.5, "gray-dot"))
        elif classes == "true":
            parts.append(svg.line(at, y - 5, at + 20, y - 5, "gray-line", 2, "2 4"))
        else:
            parts.append(svg.line(at, y - 5, at + 20, y - 5, classes, 3, "8 4" if classes == "orange-line" else None))
        parts.append(svg.text(at + 26, y, said, 13, "gray"))
        at += 26 + svg.text_width(said, 13) + 14
    return parts


def _words(moment: RunningMoment) -> list[str]:
    room = WIDTH - 2 * MARGIN
    lines = [str(found) for found in moment.equations()]
    return [
        *(mono(MARGIN, FORMULA_Y + i * LINE, room, said) for i, said in enumerate(lines)),
        svg.text(MARGIN, FORMULA_Y + 2 * LINE + 4, moment.says(), 16),
        *(svg.text(MARGIN, FORMULA_Y + 3 * LINE + 4, said, 15, "gray") for said in [moment.start_says()] if said),
    ]
