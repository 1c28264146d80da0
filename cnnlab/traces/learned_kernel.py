"""A kernel that is learned: gradient descent from random weights to the bottom of the bowl that the loss is.

    w <- w - lr * dL/dw        dL/dw = H w - p = H (w - best)        (see :mod:`cnnlab.traces.learning_task`)

So a step multiplies the distance to the bottom, w - best, by I - lr H: in the direction of an eigenvalue c of H it
becomes 1 - lr * c times what it was. Where lr * c is small hardly anything happens; where lr * c is 2 or more, the step
leaps over the bottom and lands as far away or farther. All steps at once are powers of these factors:

    distance after n steps = (1 - lr * c)**n * distance at the beginning

which gives the numbers of n single steps (a test makes them with `ops.conv2d_backward`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnlab.traces.arrays import finite_number, read_only, within
from cnnlab.traces.learning_task import Task, Values
from cnnlab.traces.text import MINUS, number, plural, precise

MOST_UPDATES = 1000
LARGEST_LR = 10.0
START = 0.5
"""Standard deviation of the random weights that the kernel begins with."""
GONE = 1e9
"""A loss that has grown by this factor will not come back: the descent ends there."""


@dataclass(frozen=True, eq=False)
class LearnedKernel:
    """The descent from the kernel ``start``: all its steps, until ``updates`` are made or it is beyond return."""

    task: Task
    start: Values  # k, k
    lr: float
    updates: int

    @cached_property
    def _path(self) -> tuple[Values, Values]:
        """The kernel and the loss at every step."""
        curvatures, directions = self.task.bowl
        distance = directions.T @ (self.start - self.task.best).ravel()
        with np.errstate(over="ignore", invalid="ignore"):  # what is beyond return is cut off
            distances = (1 - self.lr * curvatures) ** np.arange(self.updates + 1)[:, None] * distance
            losses = self.task.smallest_loss + distances**2 @ curvatures / 2
            gone = ~(losses <= GONE * losses[0])
        steps = int(gone.argmax()) + 1 if gone.any() else len(losses)
        return self.task.best.ravel() + distances[:steps] @ directions.T, losses[:steps]

    @property
    def weights(self) -> Values:
        """(steps, k*k): the kernel at every step, the one it began with first."""
        return self._path[0]

    @property
    def losses(self) -> Values:
        """(steps,): L at every step: the smallest one plus the sum of c / 2 * distance**2 over all directions."""
        return self._path[1]

    @property
    def steps(self) -> int:
        """How many kernels there are: one more than updates were made."""
        return len(self.losses)

    @property
    def diverges(self) -> bool:
        return self.lr >= self.task.largest_lr

    def at(self, step: int) -> "LearningStep":
        """The kernel after so many updates."""
        return LearningStep(self, within("step", step, self.steps))


@dataclass(frozen=True, eq=False)
class LearningStep:
    """One step: the kernel, its answer, the loss, the gradient, and what the next step does to a weight."""

    learned: LearnedKernel
    index: int

    @property
    def weight(self) -> Values:
        """w, (k, k)."""
        return np.asarray(self.learned.weights[self.index].reshape(self.learned.start.shape))

    @property
    def loss(self) -> float:
        return float(self.learned.losses[self.index])

    @cached_property
    def answer(self) -> Values:
        return self.learned.task.answer(self.weight)

    @cached_property
    def gradient(self) -> Values:
        """dL/dw, (k, k)."""
        return self.learned.task.gradient(self.weight)

    @property
    def off(self) -> float:
        """The largest difference of a weight to the hidden kernel."""
        return self.learned.task.off(self.weight)

    def update(self, row: int, col: int) -> str:
        """How one weight changes: ``w[0, 1] ← w − lr · dL/dw = 0.5 − 0.1·2 = 0.3``."""
        lr, w, slope = self.learned.lr, float(self.weight[row, col]), float(self.gradient[row, col])
        after = w - lr * slope
        shown = [round(v, 4) for v in (w, slope, after)]
        sign = "=" if np.allclose(shown, (w, slope, after), rtol=0, atol=1e-9) else "≈"
        before, moved, result = (precise(v) for v in shown)
        times = f"{precise(lr)}·{f'({moved})' if shown[1] < 0 else moved}"
        return f"w[{row}, {col}] ← w {MINUS} lr · dL/dw = {before} {MINUS} {times} {sign} {result}"

    def says(self, reveal: bool = False) -> str:
        """What has been reached; how far the weights are off only where the hidden kernel may be seen."""
        learned, task = self.learned, self.learned.task
        off = f" The weight that is off most is off by {number(self.off)}." if reveal else ""
        if self.index == 0:
            return f"The kernel is random numbers, its answer is not the target: the loss is {number(self.loss)}.{off}"
        if learned.diverges and self.loss > float(learned.losses[: self.index].min()):
            leaps = f"with lr = {precise(learned.lr)} every step leaps over the bottom and lands farther away"
            return f"The loss grows: {leaps}. Use an lr below {number(task.largest_lr)}."
        if self.loss <= task.smallest_loss * (1 + 1e-6) + 1e-12:
            found = "The loss is 0: the kernel does what the hidden one does"
            if task.smallest_loss > 1e-9:
                found = f"No kernel of this size has a smaller loss than {number(self.loss)}"
            return f"{found}.{off}"
        share = self.loss / float(learned.losses[0])
        reached = f"After {plural(self.index, 'step')} the loss is {_percent(share)} of what it was"
        if reveal and share < 0.01 and self.off > 0.05 * float(np.abs(task.hidden).max()):
            return f"{reached}, and the answer looks right; but a weight is still off by {number(self.off)}."
        return f"{reached}.{off}"


def _percent(share: float) -> str:
    return f"{precise(float(f'{100 * share:.2g}'))}%" if share >= 1e-5 else "less than 0.001%"


def learned_kernel(task: Task, lr: float, updates: int, seed: int = 0) -> LearnedKernel:
    """Gradient descent from random weights, of the mean squared error over the whole picture.

    Args:
        lr: the learning rate, above 0.
        updates: how many steps are made, at most 1000.
        seed: the weights it begins with are normal random numbers with a standard deviation of 0.5.

    Raises:
        ValueError: lr or updates is out of range.
    """
    if not 0 < finite_number("lr", lr) <= LARGEST_LR:
        raise ValueError(f"lr must be above 0 and at most {LARGEST_LR:g}, but is {lr:g}")
    if not 1 <= updates <= MOST_UPDATES:
        raise ValueError(f"updates must be from 1 to {MOST_UPDATES}, but is {updates}")
    start = START * np.random.default_rng(seed).normal(size=(task.size, task.size))
    return LearnedKernel(task, read_only(start), lr, updates)
