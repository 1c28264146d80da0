"""The picture of the learned kernel lab: input, answer and target, the kernel with its gradient, and the loss."""

import re
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, bitmap_grid, largest
from cnnlab.figures.loss_plot import LossPlot, loss_text
from cnnlab.figures.palette import strength
from cnnlab.figures.strips import legend
from cnnlab.traces.learned_kernel import LearnedKernel, LearningStep
from cnnlab.traces.text import number, size_text

Values = NDArray[np.float64]

WIDTH, MARGIN = 1100.0, 11.0
SIDE, PITCH = 160.0, 206.0
TOP, SECOND = 26.0, 218.0
PLOT = (676.0, 26.0, WIDTH - MARGIN - 684.0, 322.0)
"""Where the curve of the loss lies: left, top, width, height."""
FORMULAS = SECOND + SIDE + 30
HEIGHT = FORMULAS + 64
SMALLEST = 12.0
"""Size of the numbers in a kernel; where they do not fit there are only colors."""
NOTHING = 1e-4
"""The part of the strongest value below which a cell has no color: it would be that of rounding."""


class LearnedKernelPicture:
    """All that can be drawn of one descent."""

    def __init__(self, learned: LearnedKernel) -> None:
        self.learned, self.task = learned, learned.task
        columns = [MARGIN + i * PITCH for i in range(3)]
        self.pictures = [_fit(x, TOP, *shape) for x, shape in zip(columns, self._shapes(), strict=True)]
        self.gradient, self.kernel = (_fit(x, SECOND, self.task.size, self.task.size) for x in columns[:2])
        self.hidden = _fit(columns[2], SECOND, *self.task.hidden.shape)
        self.strongest = max(largest(self.task.hidden), largest(learned.start))
        self.steepest = largest(learned.at(0).gradient)  # so that the colors fade as there is less to learn

    def _shapes(self) -> list[tuple[int, ...]]:
        return [self.task.input.shape, self.task.target.shape, self.task.target.shape]

    def draw(self, step: LearningStep, cell: tuple[int, int], walk: bool, reveal: bool, frame: int = 0) -> str:
        """The whole picture as SVG; ``cell`` is the weight that is written out, ``walk`` hides what is to come."""
        content = [
            self._still,
            bitmap_grid(self.pictures[1], step.answer, self._tone),
            *self._kernels(step, cell),
            self._hidden(reveal),
            *self._plot(step, walk),
            *_formulas(step, cell, reveal),
        ]
        count = self.learned.steps
        data = {"frame": frame, "step": step.index, "columns": count, "count": count}
        return svg.document(WIDTH, HEIGHT, content, self.label(step), **data)

    def label(self, step: LearningStep) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        shape = size_text(step.weight.shape)
        return f"A kernel of {shape} weights that is learned: step {step.index}, loss {loss_text(step.loss)}"

    # ---- input, answer, target ---------------------------------------------------------------------------------------

    @cached_property
    def _tone(self) -> Tone:
        """One scale for answer and target."""
        return Tone(True, float(np.percentile(np.abs(self.task.target), 99.5)) or 1.0)

    @cached_property
    def _still(self) -> str:
        """What is the same at every step."""
        task, (given, answer, target) = self.task, self.pictures
        shown = task.input - task.input.min()
        titles = zip((given, answer, target), ("input", "answer of the kernel", "target"), strict=True)
        return "".join(
            [
                *(svg.text(box.x, TOP - 9, title, 14, "gray") for box, title in titles),
                bitmap_grid(given, shown, Tone(False, largest(shown))),
                bitmap_grid(target, task.target, self._tone),
            ]
        )

    # ---- the kernels -------------------------------------------------------------------------------------------------

    def _kernels(self, step: LearningStep, cell: tuple[int, int]) -> list[str]:
        parts = []
        for name, box, values, strongest in (
            ("gradient", self.gradient, step.gradient, self.steepest),
            ("kernel", self.kernel, step.weight, self.strongest),
        ):
            title = "gradient dL/dw" if name == "gradient" else f"kernel w at step {step.index}"
            label = f"{title}, {size_text(values.shape)}: arrow keys choose a weight"
            parts.append(svg.text(box.x, SECOND - 9, title, 14, "gray"))
            drawn, chosen = [_weights(box, values, strongest)], f"{cell[0]} {cell[1]}"
            parts.append(box.pointable(name, label, drawn, "choose", at=chosen))
            parts.append(box.part(*cell, 1, 1, "outline"))
        return parts

    def _hidden(self, reveal: bool) -> str:
        box, heading = self.hidden, svg.text(self.hidden.x, SECOND - 9, "hidden kernel", 14, "gray")
        if reveal:
            return heading + _weights(box, self.task.hidden, self.strongest)
        square = Box(box.x, SECOND, SIDE, 1, 1)
        mark = svg.text(square.x + SIDE / 2, SECOND + SIDE / 2 + 15, "?", 44, "gray middle")
        return heading + square.part(0, 0, 1, 1, "pad") + square.part(0, 0, 1, 1, "lines") + mark

    # ---- the loss ----------------------------------------------------------------------------------------------------

    @cached_property
    def _loss_plot(self) -> LossPlot:
        losses, smallest = self.learned.losses, self.task.smallest_loss
        words = f"no {size_text(self.learned.start.shape)} kernel gets below {number(smallest)}"
        marked = (smallest, words) if smallest > 1e-9 * losses[0] else None
        return LossPlot(losses, self.learned.updates, *PLOT, marked)

    def _plot(self, step: LearningStep, walk: bool) -> list[str]:
        left, top, width, _ = PLOT
        return [
            svg.text(left, top - 9, "loss L = mean of (answer − target)²", 14, "gray"),
            svg.text(left + width, top - 9, f"step {step.index}: {loss_text(step.loss)}", 14, "bold end"),
            *self._loss_plot.draw(step.index, walk),
        ]


def _fit(x: float, y: float, rows: int, cols: int) -> Box:
    """A grid whose longer side is the side of a picture."""
    return Box(x, y, SIDE / max(rows, cols), rows, cols)


def _weights(box: Box, values: Values, strongest: float) -> str:
    """Cells with their colors, and with their numbers where all of them can be read."""
    parts = [svg.rect(box.x, box.y, box.width, box.height, "paper")]
    room = 0.92 * box.cell
    contents = _contents(values, room)
    size = min([17.0, *(room / svg.text_width(content, 1) for content in contents)])
    for i, ((row, col), value) in enumerate(np.ndenumerate(values)):
        if abs(value) > NOTHING * strongest:
            parts.append(box.part(row, col, 1, 1, "pos" if value > 0 else "neg", strength(value, strongest)))
        if contents:
            x, y = box.x + (col + 0.5) * box.cell, box.y + (row + 0.5) * box.cell
            parts.append(svg.text(x, y + size * 0.36, contents[i], size, "middle"))
    return "".join([*parts, box.lines()])


def _contents(values: Values, width: float) -> list[str]:
    """The numbers, all with as many decimals as can be read in this width; none where too little would be left."""
    high = largest(values)
    for decimals in range(4 if high < 0.01 else 3 if high < 0.1 else 2, -1, -1):
        if decimals < 4 and np.abs(values - values.round(decimals)).max() > 0.1 * high:
            break
        contents = [number(round(v, decimals)) for v in values.ravel().tolist()]
        for shown in (contents, [re.sub(r"^(−?)0\.", r"\1.", content) for content in contents]):
            if max(svg.text_width(content, SMALLEST) for content in shown) <= width:
                return shown
    return []


def _formulas(step: LearningStep, cell: tuple[int, int], reveal: bool) -> list[str]:
    room = WIDTH - 2 * MARGIN
    return [
        mono(MARGIN, FORMULAS, room, step.update(*cell)),
        mono(MARGIN, FORMULAS + 24, room, step.learned.task.says(), 15, "gray"),
        svg.text(MARGIN, FORMULAS + 49, step.says(reveal), 15),
        legend(WIDTH - MARGIN, FORMULAS + 49, Tone(True, 1.0)),
    ]
