"""A race of optimizers over one loss surface: every path, every number that an update needs.

The optimizers are those of :mod:`cnnlab.optim`. On real data an update may see only some of the examples: the gradient
of such a batch points only roughly downhill, and the path jitters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from cnnlab.optim import SGD, Adam, CosineAnnealingLR, Optimizer, Parameter, RMSprop, Schedule, StepLR
from cnnlab.traces.surfaces import Point, Rows, Surface, Values

ALPHA = 0.9
"""How much RMSProp keeps of its average (Tieleman and Hinton 2012); PyTorch's default is 0.99."""
BETAS = (0.9, 0.999)
"""How much Adam keeps of its two averages (Kingma and Ba 2015)."""
STAIRS = 3
"""Stairs of the schedule "step": the learning rate is divided by ten from one to the next."""
FARTHEST = 1e6
"""A path ends where a weight gets larger than this: it does not come back."""


@dataclass(frozen=True)
class Method:
    """How an optimizer is made from (parameters, lr, momentum), and what it remembers between updates."""

    make: Callable[[list[Parameter], float, float], Optimizer]
    remembers: tuple[str, ...] = ()


def _sgd(params: list[Parameter], lr: float, momentum: float) -> Optimizer:
    return SGD(params, lr)


METHODS = {
    "batch": Method(_sgd),
    "stochastic": Method(_sgd),
    "mini-batch": Method(_sgd),
    "momentum": Method(lambda params, lr, momentum: SGD(params, lr, momentum), ("velocity",)),
    "Nesterov": Method(
        lambda params, lr, momentum: SGD(params, lr, momentum, nesterov=momentum > 0),  # without it there is none
        ("velocity",),
    ),
    "RMSProp": Method(lambda params, lr, momentum: RMSprop(params, lr, alpha=ALPHA), ("square",)),
    "Adam": Method(lambda params, lr, momentum: Adam(params, lr, betas=BETAS), ("mean", "square")),
}
PLAIN = ("batch", "stochastic", "mini-batch")
"""Gradient descent three times, with more or fewer examples in an update; without examples they are the same."""
WITH_MOMENTUM = ("momentum", "Nesterov")
SCHEDULES = ("constant", "step", "cosine")


@dataclass(frozen=True, eq=False)
class Path:
    """The way of one optimizer, in T updates; fewer where it went farther than ``FARTHEST``."""

    name: str
    points: Values  # T + 1, 2: the weights, before the first update and after each
    gradients: Values  # T, 2: of the batch that the update saw
    memories: Values  # T, number of memories, 2: what was remembered after the update, in the order of METHODS
    rates: Values  # T: the learning rates
    losses: Values  # T + 1: on all examples
    batch_size: int  # examples that an update saw, at most; 0: there are none
    seen: Values  # T + 1: examples seen so far

    @property
    def updates(self) -> int:
        return len(self.gradients)

    @property
    def label(self) -> str:
        """Where there are no examples, there is only one gradient descent."""
        return "gradient descent" if self.name in PLAIN and not self.batch_size else self.name

    @property
    def ended(self) -> bool:
        """Whether it went so far that it was not followed any more."""
        return bool(np.abs(self.points[-1]).max() > FARTHEST)


@dataclass(frozen=True, eq=False)
class Race:
    """All paths from one start."""

    surface: Surface
    paths: dict[str, Path]
    start: Point
    momentum: float
    schedule: str
    updates: int
    seed: int

    def batches_of(self, path: Path) -> Rows:
        """(T, batch size): which examples each update of a path saw, and -1 where a last batch is smaller."""
        rows = np.full((path.updates, path.batch_size), -1)
        if path.batch_size:
            for t, batch in enumerate(islice(batches(self.surface.examples, path.batch_size, self.seed), path.updates)):
                rows[t, : len(batch)] = batch
        return rows

    def at(self, step: int, name: str) -> Moment:
        """What happened in one step, and the update of one optimizer in full."""
        return Moment(self, step, self.paths[name])


@dataclass(frozen=True, eq=False)
class Moment:
    """The race after ``step`` updates; ``path`` is the one whose update is written out."""

    race: Race
    step: int
    path: Path

    @property
    def moved(self) -> int:
        """The update of the path that led here, counted from 1; 0 before the first."""
        return min(self.step, self.path.updates)

    def point(self, path: Path) -> Point:
        """Where a path is now."""
        first, second = path.points[min(self.step, path.updates)].tolist()
        return first, second

    def tangent(self, path: Path, reach: float) -> tuple[Point, Point]:
        """Of a single weight: a line through the (weight, loss) of a path that is as steep as the loss there."""
        w, _ = self.point(path)
        slope, loss = float(self.race.surface.gradient(np.array([w, 0.0]))[0]), self.loss(path)
        return (w - reach, loss - reach * slope), (w + reach, loss + reach * slope)

    def loss(self, path: Path) -> float:
        """The loss of a path now, on all examples."""
        return float(path.losses[min(self.step, path.updates)])

    def excess(self, path: Path) -> float:
        """How far the loss is above the smallest one."""
        return max(self.loss(path) - self.race.surface.least, 0.0)

    def epochs(self, path: Path) -> float:
        """How often a path has seen all examples."""
        return float(path.seen[min(self.step, path.updates)]) / max(self.race.surface.examples, 1)

    def left(self, path: Path) -> int | None:
        """The step since which a path is outside the part that is looked at; None where it is inside."""
        holds, last = self.race.surface.holds, min(self.step, path.updates)
        if holds(self.point(path)):
            return None
        points = path.points[: last + 1].tolist()
        return next((t + 1 for t in range(last, -1, -1) if holds((points[t][0], points[t][1]))), 0)


def limit_of(name: str, momentum: float, curvature: float) -> float:
    """On a quadratic loss gradient descent converges for each learning rate from 0 to below this.

    2 / curvature, with momentum 2 (1 + momentum) / curvature, with Nesterov's 2 (1 + momentum) / ((1 + 2 momentum)
    curvature): then one step multiplies the distance by a matrix whose eigenvalues are all smaller than 1.

    Source: G. Goh, Why momentum really works (2017), Distill, for the first two; the third from the same argument.
    """
    factors = {"momentum": 1 + momentum, "Nesterov": (1 + momentum) / (1 + 2 * momentum)}
    return 2 * factors.get(name, 1.0) / curvature


def race(
    surface: Surface,
    names: tuple[str, ...],
    start: Point | None = None,
    lr: float = 0.1,
    own_rates: dict[str, float] | None = None,
    momentum: float = 0.9,
    schedule: str = "constant",
    updates: int = 100,
    batch_size: int = 10,
    seed: int = 0,
) -> Race:
    """The paths of the optimizers ``names`` from ``start``; ``own_rates`` are those that are not ``lr``.

    All optimizers but "batch" and "stochastic" see batches of ``batch_size``, and all the same ones. As a loader does,
    every epoch shuffles the examples, and each is seen once. ``seed`` shuffles otherwise.
    """
    start = start or surface.start
    chosen = [name for name in METHODS if name in names]
    if not surface.examples:  # only one of the three that would be the same
        plain = [name for name in chosen if name in PLAIN]
        chosen = [name for name in chosen if name not in plain[1:]]
    paths = {}
    for name in chosen:
        rate, kept = (own_rates or {}).get(name, lr), momentum if name in WITH_MOMENTUM else 0.0
        size = {"batch": 0, "stochastic": 1}.get(name, batch_size) if surface.examples else 0
        paths[name] = _path(surface, name, start, rate, kept, schedule, updates, size, seed if size else 0)
    return Race(surface, paths, start, momentum, schedule, updates, seed)


def batches(examples: int, batch_size: int, seed: int) -> Iterator[Rows]:
    """Batches without end: every epoch all examples in a new order, so many at a time, and what is left at last."""
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(examples)
        for first in range(0, examples, batch_size):
            yield order[first : first + batch_size]


@lru_cache(maxsize=16)
def _drawn(examples: int, batch_size: int, updates: int, seed: int) -> list[Rows]:
    return list(islice(batches(examples, batch_size, seed), updates))


@lru_cache(maxsize=64)  # a moved slider changes some of the paths only; one is at most 50 KB
def _path(
    surface: Surface,
    name: str,
    start: Point,
    lr: float,
    momentum: float,
    schedule: str,
    updates: int,
    batch_size: int,
    seed: int,
) -> Path:
    rows = _drawn(surface.examples, batch_size, updates, seed) if batch_size else None
    weights, method = Parameter(np.array(start, np.float64)), METHODS[name]
    optimizer = method.make([weights], lr, momentum)
    values = weights.value.view(np.float64)  # moved in place by each step
    scheduler = _scheduled(optimizer, schedule, updates)
    kept = [getattr(optimizer, memory)[0] for memory in method.remembers]
    points, gradients, memories, rates, sizes = [weights.value.tolist()], [], [], [], [0]
    for t in range(updates):
        batch = rows[t] if rows else None
        if batch is not None and len(batch) == surface.examples:
            batch = None  # all of them, so that no rounding tells the two apart
        weights.grad = surface.gradient(values, batch)
        gradients.append(weights.grad)
        rates.append(optimizer.lr)
        optimizer.step()
        memories.append([memory.tolist() for memory in kept])
        points.append(weights.value.tolist())
        sizes.append(surface.examples if batch is None else len(batch))
        first, second = points[-1]
        if not (abs(first) <= FARTHEST and abs(second) <= FARTHEST):
            break
        if scheduler:
            scheduler.step()
    way = np.array(points)
    kept_values = np.array(memories).reshape(len(memories), len(kept), 2)
    loss, seen = surface.loss(way), np.cumsum(sizes).astype(np.float64)
    return Path(name, way, np.array(gradients), kept_values, np.array(rates), loss, max(sizes), seen)


def _scheduled(optimizer: Optimizer, schedule: str, updates: int) -> Schedule | None:
    """The schedule, counted in updates; it ends with the race."""
    if schedule == "step":
        return StepLR(optimizer, max(-(-updates // STAIRS), 1))
    return CosineAnnealingLR(optimizer, updates) if schedule == "cosine" else None
