"""Small networks under dropout: one mask after the other, all masks there are, and the one output without a mask.

Every mask leaves a sub-network; n units that may be dropped make 2^n of them, which share their weights. Source:
Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout (2014), JMLR 15, sections 1 and 4.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.arrays import Array, read_only
from cnnlab.traces.dropped_nets import NETS, Net
from cnnlab.traces.equation import Equation, equation, products
from cnnlab.traces.text import number, plural

MOST_MASKS = 2000
CLOSE = 1e-9
"""The part of a number up to which another one counts as equal to it."""


class Scaling(NamedTuple):
    """What makes up for the dropped units: in training, afterwards, and what is to be said of it."""

    in_training: str
    in_eval: str
    says: str = ""


SCALINGS = {
    "inverted": Scaling("/ (1 − p)", ""),
    "at inference": Scaling("", "·(1 − p)"),
    "by p": Scaling("", "·p", "The factor is 1 − p, the probability to be kept; p is the same at one half only."),
    "both": Scaling("/ (1 − p)", "·(1 − p)", "One of the two makes up for it; both are one too many."),
    "nowhere": Scaling("", "", "Nothing makes up for the units that are dropped."),
}


def factor_of(written: str, p: float) -> float:
    """The factor that stands in an entry of `SCALINGS`."""
    return {"": 1.0, "/ (1 − p)": 1 / (1 - p), "·(1 − p)": 1 - p, "·p": p}[written]


@lru_cache(maxsize=4)
def uniforms(seed: int, units: int) -> NDArray[np.float32]:
    """Random numbers from 0 to 1, (MOST_MASKS, units): a unit is dropped where its number lies below p.

    Another p drops other units of the same draw, one after the other.
    """
    return np.random.default_rng(seed).random((MOST_MASKS, units), np.float32)


@lru_cache(maxsize=4)
def all_masks(units: int) -> Array:
    """Every mask there is, (2^units, units)."""
    return read_only(list(product((0.0, 1.0), repeat=units)))


@dataclass(frozen=True, eq=False)
class DropoutNet:
    """A network of `NETS` with a rate, a way of scaling, and the seed of the masks that are drawn."""

    network: str
    p: float
    scaling: str
    seed: int

    @property
    def net(self) -> Net:
        return NETS[self.network]

    @property
    def way(self) -> Scaling:
        return SCALINGS[self.scaling]

    @cached_property
    def drawn(self) -> Array:
        """The masks one after the other, (MOST_MASKS, count); 1 is kept."""
        return read_only(uniforms(self.seed, self.net.count) >= np.float32(self.p))

    def _trained(self, masks: Array) -> list[Array]:
        return self.net.run(masks * factor_of(self.way.in_training, self.p))

    @cached_property
    def outputs(self) -> Array:
        """The first output under every mask that is drawn, in training."""
        return read_only(self._trained(self.drawn)[-1][:, 0])

    @cached_property
    def probabilities(self) -> Array:
        """Of every mask there is."""
        kept = all_masks(self.net.count).sum(axis=1)
        return read_only((1 - self.p) ** kept * self.p ** (self.net.count - kept))

    @cached_property
    def values(self) -> Array:
        """The first output under every mask there is, in training."""
        return read_only(self._trained(all_masks(self.net.count))[-1][:, 0])

    @cached_property
    def mean(self) -> float:
        """The mean over all masks, each as often as it comes."""
        return float(self.probabilities @ self.values)

    @cached_property
    def std(self) -> float:
        return math.sqrt(self.probabilities @ (self.values - self.mean) ** 2)

    @cached_property
    def eval_layers(self) -> list[Array]:
        """The numbers of every layer in eval: no mask, one answer."""
        factors = np.full((1, self.net.count), factor_of(self.way.in_eval, self.p))
        return [values[0] for values in self.net.run(factors)]

    @property
    def y_eval(self) -> float:
        return float(self.eval_layers[-1][0])

    @property
    def agrees(self) -> bool:
        """Whether eval gives the mean of training, save for rounding."""
        return abs(self.y_eval - self.mean) <= CLOSE * max(1.0, abs(self.mean))

    @property
    def makes_up(self) -> bool:
        """Whether each unit that is dropped says in eval what it says in training on average."""
        kept = (1 - self.p) * factor_of(self.way.in_training, self.p)
        return abs(kept - factor_of(self.way.in_eval, self.p)) <= CLOSE

    def says(self) -> str:
        """Whether eval gives what training gives on average."""
        if self.p == 0:
            return "With p = 0 nothing is dropped: training and eval are the same."
        mean, last = number(self.mean), number(self.y_eval)
        note = f" {self.way.says}" if self.way.says else ""
        if self.agrees:
            return f"Training gives {mean} on average over all masks, and so does eval.{note}"
        if not self.makes_up:
            return f"Training gives {mean} on average, but eval {last}.{note}"
        return f"Training gives {mean} on average, eval {last}: not quite the same, as ReLU is not linear.{note}"

    def at(self, masks: int, mask: Sequence[int] | None = None) -> "DropoutLook":
        """After so many masks: the last of them, or else a ``mask`` of one's own.

        Raises:
            ValueError: the mask has another number of units.
        """
        if mask is not None and len(mask) != self.net.count:
            raise ValueError(f"mask must have {self.net.count} zeros and ones for this network, but has {len(mask)}")
        return DropoutLook(self, masks, read_only(self.drawn[masks - 1] if mask is None else mask))


@dataclass(frozen=True, eq=False)
class DropoutLook:
    """One sub-network, and the first `masks` outputs that were drawn."""

    whole: DropoutNet
    masks: int
    mask: Array

    @property
    def net(self) -> Net:
        return self.whole.net

    @cached_property
    def layers(self) -> list[Array]:
        """The numbers of every layer in training, under this mask."""
        factors = self.mask[None] * factor_of(self.whole.way.in_training, self.whole.p)
        return [values[0] for values in self.net.run(factors)]

    @property
    def y_train(self) -> float:
        return float(self.layers[-1][0])

    @property
    def outputs(self) -> Array:
        return self.whole.outputs[: self.masks]

    @property
    def mean(self) -> float:
        """Of the outputs drawn so far."""
        return float(self.outputs.mean())

    @property
    def error(self) -> float:
        """The standard error of that mean: how far from the true one it is as a rule."""
        return self.whole.std / math.sqrt(self.masks)

    def says_mean(self, error: bool = True) -> str:
        """The mean, and its standard error unless that would tell too much."""
        return f"{number(self.mean)} ± {number(float(f'{self.error:.2g}'))}" if error else number(self.mean)

    @property
    def dropped(self) -> int:
        return int(self.net.count - self.mask.sum())

    def equation(self, training: bool) -> Equation:
        """The first output as a sum, in training under this mask or in eval."""
        way, called = self.whole.way, self.net.called
        layers = self.layers if training else self.whole.eval_layers
        inside = f"{called}·mask {way.in_training}".rstrip() if training else f"{called}{way.in_eval}"
        symbols = f"w·({inside})" if training or way.in_eval else f"w·{called}"
        name = "y in training" if training else "y in eval"
        return equation(name, symbols, *products(self.net.weights[-1][0], layers[-2]), float(layers[-1][0]))

    def says_mask(self, training: bool = True) -> str:
        """How many are dropped, and how many sub-networks there are."""
        count = self.net.count
        if not training:
            return "In eval no unit is dropped."
        return f"{self.dropped} of {count} units dropped: one of 2{_raised(count)} = {2**count:,} sub-networks."

    def as_text(self, training: bool, reveal: bool = True) -> str:
        """The numbers as plain text; without ``reveal`` not what eval and all masks give."""
        mask = " ".join(str(int(v)) for v in self.mask)
        drawn = f"mean of {plural(self.masks, 'drawn mask')}: {self.says_mean(reveal)}"
        lines = [f"mask: {mask}", self.says_mask(training), str(self.equation(training)), drawn]
        return "\n".join([*lines, self.whole.says()] if reveal else lines)


def flipped(look: DropoutLook, layer: str, units: Iterable[int]) -> str:
    """The mask as text with some units of a layer the other way; as it is where there are no such units."""
    mask = look.mask.astype(int)
    for dropped in look.net.dropped:
        for unit in units if layer == str(dropped) else ():
            if 0 <= unit < look.net.sizes[dropped]:
                mask[look.net.units(dropped)][unit] ^= 1
    return " ".join(map(str, mask.tolist()))


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
