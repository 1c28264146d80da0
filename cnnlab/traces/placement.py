"""Batch norm before or after the activation: what each of the two orders makes of the outputs of a layer.

    layer -> batch norm -> ReLU        layer -> ReLU -> batch norm

Source: Ioffe and Szegedy, Batch normalization (2015), arXiv:1502.03167, section 3.2, who put it before.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from cnnlab.ops.activations import relu
from cnnlab.ops.batch_norm import batch_norm
from cnnlab.traces.activations import percent
from cnnlab.traces.arrays import Array, read_only
from cnnlab.traces.text import number

SAMPLES = 2000
REACH, BINS = 10.0, 80
"""Histograms go from -REACH to REACH; what lies outside is not counted."""


@dataclass(frozen=True, eq=False)
class Stage:
    """The values of one unit over a large batch, after one more step."""

    title: str
    values: Array

    @property
    def zeros(self) -> float:
        """The share of values that are exactly 0."""
        return float((self.values == 0).mean())

    @property
    def shares(self) -> Array:
        """(BINS,): the share of the values in each bin."""
        return np.histogram(self.values, BINS, (-REACH, REACH))[0] / len(self.values)

    def says(self) -> str:
        """Mean, standard deviation, and how many are 0."""
        mean, spread = float(self.values.mean()), float(self.values.std())
        text = f"mean {number(mean if abs(mean) > 1e-9 else 0.0)}, std {number(spread)}"
        return f"{text}, {percent(self.zeros)} are 0" if self.zeros else text


@dataclass(frozen=True, eq=False)
class Placement:
    """The same outputs of a layer through both orders, three stages each."""

    before: tuple[Stage, Stage, Stage]
    after: tuple[Stage, Stage, Stage]
    bias: float
    spread: float
    beta: float

    def says(self) -> tuple[str, str]:
        """A sentence for each order."""
        on = 1 - self.before[2].zeros
        dead = self.after[1].zeros
        passing = f"β and γ decide how many pass, here {percent(on)}."
        gone = f"the bias {number(self.bias)} is gone with the mean; " if self.bias else ""
        first = f"BN, then ReLU: {gone}{passing}"
        if dead == 1:
            return first, f"ReLU, then BN: ReLU has cut off all of them; every output is β = {number(self.beta)}."
        return first, f"ReLU, then BN: ReLU cut off {percent(dead)} before BN saw anything; all of these get one value."

    def as_text(self) -> str:
        """The numbers as plain text."""
        stages = (f"{stage.title}: {stage.says()}" for stage in (*self.before, *self.after[1:]))
        return "\n".join([*stages, *self.says()])


@cache
def _drawn(seed: int) -> Array:
    z = np.random.default_rng(seed).standard_normal(SAMPLES)
    return read_only((z - z.mean()) / z.std())


def placement(bias: float, spread: float, gamma: float, beta: float, seed: int = 0) -> Placement:
    """Outputs with the mean `bias` and the standard deviation `spread` through both orders."""
    z = bias + spread * _drawn(seed)

    def normalized(values: Array) -> Array:
        return read_only(batch_norm(values[:, None], None, None, np.array([gamma]), np.array([beta]), True)[:, 0])

    first = Stage("layer", read_only(z))
    norm, rectified = normalized(z), read_only(relu(z))
    before = (first, Stage("BN", norm), Stage("ReLU", read_only(relu(norm))))
    after = (first, Stage("ReLU", rectified), Stage("BN", normalized(rectified)))
    return Placement(before, after, bias, spread, beta)
