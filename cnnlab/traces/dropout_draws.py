"""How many of 1000 units are dropped, mask after mask, and the binomial distribution of that number."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnlab.traces.arrays import Array, read_only
from cnnlab.traces.dropout import Dropped, dropped
from cnnlab.traces.dropout_nets import uniforms
from cnnlab.traces.text import number, plural, precise

UNITS = 1000


@dataclass(frozen=True, eq=False)
class DropCounts:
    """Masks over 1000 units, each dropped with probability ``p``, one mask after the other."""

    p: float
    seed: int

    @cached_property
    def counts(self) -> Array:
        """How many each mask drops, (MOST_MASKS,)."""
        return read_only(np.count_nonzero(uniforms(self.seed, UNITS) < np.float32(self.p), axis=1))

    @cached_property
    def binomial(self) -> Dropped:
        return dropped(UNITS, self.p)

    def at(self, masks: int) -> "DropCountsLook":
        """After so many masks."""
        return DropCountsLook(self, masks)

    @cached_property
    def near(self) -> tuple[int, int, float]:
        """The numbers within one standard deviation of the mean, first and last, and their probability."""
        first = math.ceil(self.binomial.mean - self.binomial.std)
        last = math.floor(self.binomial.mean + self.binomial.std)
        return first, last, float(self.binomial.pmf[first : last + 1].sum())

    def says(self) -> str:
        """How far from the mean the number is as a rule."""
        if self.p == 0:
            return "With p = 0 nothing is dropped, whatever is drawn."
        mean = round(self.binomial.mean)
        first, last, probability = self.near
        exactly = f"Exactly {mean} has the probability {number(self.binomial.pmf[mean])}"
        return f"{exactly}; {first} to {last}, the mean ± one standard deviation, {number(probability)}."


@dataclass(frozen=True, eq=False)
class DropCountsLook:
    """The last of the first ``masks`` masks, and what all of them dropped."""

    whole: DropCounts
    masks: int

    @property
    def mask(self) -> Array:
        """1 is kept, (1000,)."""
        return read_only(uniforms(self.whole.seed, UNITS)[self.masks - 1] >= np.float32(self.whole.p))

    @property
    def counts(self) -> Array:
        return self.whole.counts[: self.masks]

    @property
    def count(self) -> int:
        """What the last mask drops."""
        return int(self.counts[-1])

    @property
    def mean(self) -> float:
        return float(self.counts.mean())

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.whole.binomial.std / math.sqrt(self.masks)

    def says_mean(self, error: bool = True) -> str:
        """The mean, and its standard error unless that would tell too much."""
        return (
            f"{precise(round(self.mean, 1))} ± {number(float(f'{self.error:.2g}'))}"
            if error
            else precise(round(self.mean, 1))
        )

    def says_mask(self) -> str:
        return f"{self.count} of {UNITS} dropped by this mask"

    def as_text(self, reveal: bool = True) -> str:
        """The numbers as plain text; without ``reveal`` not what is expected."""
        drawn = f"mean of {plural(self.masks, 'drawn mask')}: {self.says_mean(reveal)}"
        expected = [*map(str, self.whole.binomial.equations()), self.whole.says()] if reveal else []
        return "\n".join([self.says_mask(), drawn, *expected])
