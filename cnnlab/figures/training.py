"""The picture of a training: its curves, its first filters, and what it takes held-out digits for."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.grids import Box, Tone, bitmap_grid, largest
from cnnlab.figures.plots import Axes
from cnnlab.figures.strips import legend
from cnnlab.traces.text import number
from cnnlab.traces.training import Training, TrainingStep

Values = NDArray[np.float64]

WIDTH, HEIGHT, MARGIN = 1100.0, 446.0, 11.0
LEFT, PLOT, TOP = 60.0, (424.0, 146.0), 28.0
SECOND = TOP + PLOT[1] + 56
HIGHEST_LOSS = 3.0
"""Guessing has a loss of ln 10, about 2.3."""
GOAL = 0.97
RIGHT, PER_ROW, FILTER, GAP = 548.0, 8, 56.0, 12.0
DIGITS, DIGIT_ROW, DIGIT = 20, 10, 42.0
DIGITS_TOP = 206.0
FULL_COLOR = 1.0
"""The weight with the full color: one scale for all moments, so that the filters are seen to grow."""


class TrainingPicture:
    """All that can be drawn of one training."""

    def __init__(self, training: Training) -> None:
        self.training = training
        across = (0.0, float(training.updates))
        self.loss = Axes(LEFT, TOP, *PLOT, across, (0.0, HIGHEST_LOSS))
        self.accuracy = Axes(LEFT, SECOND, *PLOT, across, (0.0, 1.0))
        self._frames = self.loss.frame(), self.accuracy.frame(x_label="updates")

    def draw(self, step: TrainingStep, frame: int = 0) -> str:
        """The whole picture as SVG."""
        content = [
            *self._curves(step),
            *self._filters(step),
            *self._digits(step),
            svg.text(MARGIN, HEIGHT - 10, step.says(), 15),
            legend(WIDTH - MARGIN, HEIGHT - 10, Tone(True, 1.0)),
        ]
        data = {"frame": frame, "step": step.index, "columns": self.training.steps, "count": self.training.steps}
        return svg.document(WIDTH, HEIGHT, content, self.label(step), **data)

    def label(self, step: TrainingStep) -> str:
        """What the picture shows, in one line, for people who cannot see it."""
        return f"A network that learns to read digits: {step.updates} of {self.training.updates} updates"

    # ---- curves ------------------------------------------------------------------------------------------------------

    def _curves(self, step: TrainingStep) -> list[str]:
        x = np.array([self.training.updates_at(i) for i in range(step.index + 1)], float)
        (trained, held_out), accuracies = step.losses, step.accuracies
        goal = float(self.accuracy.to_y(GOAL))
        losses = [
            self._frames[0],
            self.loss.curve(x, trained, "gray-line", 1.5),
            self.loss.curve(x, held_out, "pos-line"),
        ]
        shares = [
            self._frames[1],
            svg.line(LEFT, goal, self.accuracy.right, goal, "frame", 1.5, "6 4"),
            self.accuracy.curve(x, accuracies, "pos-line"),
        ]
        heading, below = "loss: held-out digits blue, training digits gray", "held-out digits read right"
        now = f"{number(float(held_out[-1]))}", f"{accuracies[-1]:.1%}"
        return [
            svg.text(LEFT, TOP - 9, heading, 14, "gray"),
            svg.text(self.loss.right, TOP - 9, now[0], 14, "bold end"),
            self._pointable(self.loss, "loss", losses),
            self._dot(self.loss, x[-1], float(held_out[-1]), HIGHEST_LOSS),
            svg.text(LEFT, SECOND - 9, f"{below}; dashed: {GOAL:.0%}", 14, "gray"),
            svg.text(self.accuracy.right, SECOND - 9, now[1], 14, "bold end"),
            self._pointable(self.accuracy, "accuracy", shares),
            self._dot(self.accuracy, x[-1], float(accuracies[-1]), 1.0),
        ]

    def _pointable(self, axes: Axes, name: str, content: list[str]) -> str:
        label = f"{name} after every {self.training.updates_at(1)} updates: arrow keys look at an earlier one"
        return axes.pointable(name, label, content, "hover pin", self.training.steps)

    def _dot(self, axes: Axes, x: float, y: float, most: float) -> str:
        return axes.point(x, min(y, most), 5) if np.isfinite(y) else ""

    # ---- filters, digits ---------------------------------------------------------------------------------------------

    def _filters(self, step: TrainingStep) -> list[str]:
        filters = step.snapshot.filters
        size = f"{filters.shape[1]} × {filters.shape[2]}"
        parts = [svg.text(RIGHT, TOP - 9, f"the {len(filters)} filters of the first layer, {size}", 14, "gray")]
        high = max(largest(filters), FULL_COLOR)
        for i, values in enumerate(filters):
            row, col = divmod(i, PER_ROW)
            box = Box(RIGHT + col * (FILTER + GAP), TOP + row * (FILTER + GAP), FILTER, 1, 1)
            parts.append(bitmap_grid(box, values, Tone(True, high)))
        return parts

    def _digits(self, step: TrainingStep) -> list[str]:
        examples, guesses = self.training.examples, step.snapshot.guesses
        parts = [svg.text(RIGHT, DIGITS_TOP - 9, "held-out digits, and what it takes them for", 14, "gray")]
        wrong = 0
        for i in range(min(DIGITS, len(guesses))):
            row, col = divmod(i, DIGIT_ROW)
            x, y = RIGHT + col * (DIGIT + GAP), DIGITS_TOP + row * (DIGIT + 36)
            parts.append(bitmap_grid(Box(x, y, DIGIT, 1, 1), 1 - examples.held_out_images[i, 0], Tone(False, 1.0)))
            right = guesses[i] == examples.held_out_labels[i]
            wrong += not right
            if not right:
                parts.append(svg.rect(x, y + DIGIT + 4, DIGIT, 20, "neg", 0.45))
            classes = "middle" if right else "bold middle"
            parts.append(svg.text(x + DIGIT / 2, y + DIGIT + 19, str(guesses[i]), 15, classes))
        parts.append(svg.text(RIGHT, DIGITS_TOP + 2 * (DIGIT + 36) + 14, _mistakes(wrong), 14, "gray"))
        return parts


def _mistakes(wrong: int) -> str:
    if not wrong:
        return f"All of these {DIGITS} are right."
    return f"{wrong} of these {DIGITS} {'is' if wrong == 1 else 'are'} wrong (orange)."
