"""Running statistics over many batches: what batch norm remembers for later, and what they would be with the biased
variance.

After each batch, with the share `momentum`:

    running_mean = (1 - momentum) * running_mean + momentum * mean of the batch
    running_var = (1 - momentum) * running_var + momentum * unbiased variance of the batch

The biased variance (over n) of n independent values is on average (n - 1) / n of the true one, the unbiased one (over
n - 1) is right on average.

Source: Ioffe and Szegedy, Batch normalization (2015), arXiv:1502.03167, section 3.1 and algorithm 2.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnlab.traces.arrays import Array, read_only
from cnnlab.traces.equation import Equation, equation
from cnnlab.traces.text import number, plural

SOURCES = ("normal", "drifting", "a pixel of the digits")
STEPS = 100
MEAN, SPREAD, DRIFT = 3.0, 2.0, 4.0
"""The normal source has this mean and standard deviation; the drifting one moves its mean from 0 to `DRIFT`."""
CURVES = ("running_mean", "running_var", "running_biased")


@dataclass(frozen=True, eq=False)
class Running:
    """Running statistics from before the first of K batches to behind the last; all arrays are read-only.

    `batches` is (K, n), `true_mean` (K,) and `true_var` are those of the source while each batch was drawn. `means`,
    `biased` and `unbiased` (K,) are those of the batches.
    """

    batches: Array
    true_mean: Array
    true_var: float
    momentum: float

    @property
    def count(self) -> int:
        """n, the values of a batch."""
        return int(self.batches.shape[1])

    @property
    def steps(self) -> int:
        """K, how many batches there are."""
        return len(self.batches)

    @cached_property
    def means(self) -> Array:
        return read_only(self.batches.mean(axis=1))

    @cached_property
    def biased(self) -> Array:
        return read_only(self.batches.var(axis=1))

    @cached_property
    def unbiased(self) -> Array:
        return read_only(self.batches.var(axis=1, ddof=1))

    @cached_property
    def running_mean(self) -> Array:
        """(K + 1,): 0, then after each batch."""
        return self._averaged(0.0, self.means)

    @cached_property
    def running_var(self) -> Array:
        """(K + 1,): 1, then after each batch, of the unbiased variances."""
        return self._averaged(1.0, self.unbiased)

    @cached_property
    def running_biased(self) -> Array:
        """(K + 1,): what the running variance would be if the biased variances were stored."""
        return self._averaged(1.0, self.biased)

    def _averaged(self, start: float, values: Array) -> Array:
        found = [start]
        for value in values.tolist():
            found.append((1 - self.momentum) * found[-1] + self.momentum * value)
        return read_only(found)

    def of_start(self, step: int) -> float:
        """The share with which 0 and 1, the values before the first batch, still count."""
        return float((1 - self.momentum) ** step)

    def equation(self, name: str, step: int) -> Equation:
        """A curve of `CURVES` after so many batches, from 1, with its numbers."""
        of_batch = {"running_mean": self.means, "running_var": self.unbiased, "running_biased": self.biased}[name]
        curve, share = getattr(self, name), 1 - self.momentum
        numbers = [share, float(curve[step - 1]), self.momentum, float(of_batch[step - 1])]
        of = {"running_mean": "mean", "running_var": "unbiased_var", "running_biased": "biased_var"}[name]
        symbols = f"(1 − momentum)·{name} + momentum·{of}"
        return equation(name, symbols, "{:n}·{} + {}·{}", numbers, float(curve[step]))

    def at(self, step: int) -> "RunningMoment":
        """The statistics after so many batches; 0 is before the first one."""
        return RunningMoment(self, step)


@dataclass(frozen=True, eq=False)
class RunningMoment:
    """Running statistics after `step` batches."""

    running: Running
    step: int

    def equations(self) -> list[Equation]:
        """How mean and variance have come from those before."""
        return [self.running.equation(name, self.step) for name in CURVES[:2]] if self.step else []

    def says(self) -> str:
        """Where the running variance stands, and where the biased one would."""
        r, k = self.running, self.step
        if not k:
            return "Before the first batch: a running mean of 0 and a running variance of 1, as PyTorch begins."
        found, biased = float(r.running_var[k]), float(r.running_biased[k])
        return (
            f"After {'1 batch' if k == 1 else f'{k} batches'} of {r.count}: a running variance of {number(found)}, the "
            f"true one is {number(r.true_var)}. Had the biased one been stored: {number(biased)}."
        )

    def start_says(self) -> str:
        """How much of the beginning is left, and how far the biased variances are off on average."""
        r, n = self.running, self.running.count
        if not self.step:
            return ""  # nothing has been seen that this would explain
        left = r.of_start(self.step) * 100
        percent = "less than 0.1%" if 0 < left < 0.1 else f"{number(left)}%"
        return (
            f"What it began with still counts for (1 − {number(r.momentum)})^{self.step}: {percent}. "
            f"The biased variance of {n} values is on average {n - 1}/{n} of the true one."
        )

    def as_text(self) -> str:
        """The numbers as plain text."""
        r, k = self.running, self.step
        now = f"running mean {number(float(r.running_mean[k]))}, true mean {number(float(r.true_mean[max(k - 1, 0)]))}"
        batches = f"{plural(r.count, 'value')} a batch"
        lines = [f"{batches}; {now}", *map(str, self.equations()), self.says(), self.start_says()]
        return "\n".join(line for line in lines if line)


def running_statistics(
    source: str, count: int, momentum: float, seed: int, pixels: Array, steps: int = STEPS
) -> Running:
    """The running statistics over batches that are drawn from a source.

    Args:
        source: one of `SOURCES`.
        count: the values of a batch.
        momentum: the share of a new batch.
        seed: of the random numbers.
        pixels: what the last source draws from.
        steps: how many batches.

    Raises:
        ValueError: a single value in a batch.
    """
    if count < 2:
        raise ValueError(
            "batch_size must be at least 2 in training, but is 1: a single value is its own mean and has no spread, "
            "so there is nothing to divide by. In eval mode a batch of one works"
        )
    rng = np.random.default_rng(seed)
    if source == SOURCES[2]:
        batches = rng.choice(pixels, (steps, count))
        return Running(read_only(batches), read_only(np.full(steps, pixels.mean())), float(pixels.var()), momentum)
    true_mean = np.full(steps, MEAN) if source == "normal" else np.linspace(0, DRIFT, steps)
    batches = true_mean[:, None] + SPREAD * rng.standard_normal((steps, count))
    return Running(read_only(batches), read_only(true_mean), SPREAD**2, momentum)
