"""A network that learns its few examples by heart, and what helps: dropout, penalties, early stopping, more examples.

    linear (64 to H units) - ReLU - dropout - linear (10 scores)

trained by Adam on some of scikit-learn's digits, a few labels of which may be wrong on purpose. Beside it a network
without any cure learns from the same numbers in the same order. Everything random comes from one seed, from generators
of its own for what only one of the two draws, so that nothing but the cure differs.

Sources: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 7.1, 7.4, 7.8 (early stopping, algorithm 7.1) and
7.12; Srivastava et al., Dropout (2014). A network that learns wrong labels by heart: C. Zhang, S. Bengio, M. Hardt,
B. Recht and O. Vinyals, Understanding deep learning requires rethinking generalization (2017), arXiv:1611.03530.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.network import Dropout, Linear, ReLU, Sequential
from cnnlab.optim import Adam
from cnnlab.traces.arrays import within
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]
Labels = NDArray[np.int64]

CLASSES, BATCH, LR = 10, 20, 0.003
FEW = 100
"""Examples of the network without a cure, if there are more of them."""
FEWEST, MOST = 40, 1000
MOST_EPOCHS, MOST_UNITS = 300, 512


@dataclass(frozen=True, eq=False)
class Split:
    """Digits (N, 64) from 0 to 1 and what they are: to learn from, to be watched meanwhile, and for a last test."""

    images: Values
    labels: Labels
    watched_images: Values
    watched_labels: Labels
    test_images: Values
    test_labels: Labels


@dataclass(frozen=True)
class Plan:
    """What is trained, and how; the defaults are no cure at all."""

    examples: int = FEW
    hidden: int = 128
    wrong: float = 0.1
    dropout: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    patience: int = 0
    epochs: int = 100
    seed: int = 0

    def without_cure(self) -> "Plan":
        """The same without dropout, penalties, early stopping, and more than a few examples."""
        return replace(self, dropout=0.0, l1=0.0, l2=0.0, patience=0, examples=min(self.examples, FEW))

    def cures(self) -> str:
        """What it has against over-fitting, in words; "" for nothing."""
        named = [
            ("dropout", self.dropout),
            ("L1", self.l1),
            ("L2", self.l2),
            ("patience", self.patience),
            ("examples", self.examples if self.examples > FEW else 0),
        ]
        return ", ".join(f"{name} {number(value)}" for name, value in named if value)


@dataclass(frozen=True)
class Record:
    """After some epochs: mean cross-entropy of the digits learned from (labels as given) and watched, shares right."""

    learned_loss: float
    watched_loss: float
    watched_right: float
    test_right: float


class Run:
    """A network in training; ``train_to`` trains it as far as it is asked to, or until its patience ends."""

    def __init__(self, split: Split, plan: Plan) -> None:
        self.split, self.plan = split, plan
        rng = np.random.default_rng(plan.seed)
        chosen = rng.permutation(len(split.images))[: plan.examples]
        self.images, self.labels = split.images[chosen], _with_wrong(split.labels[chosen], plan)
        self.wrong = int((self.labels != split.labels[chosen]).sum())
        dropout = [Dropout(plan.dropout, rng=np.random.default_rng([plan.seed, 1]))] if plan.dropout else []
        self.network = Sequential(
            Linear(self.images.shape[1], plan.hidden, rng=rng, dtype="float64"),
            ReLU(),
            *dropout,
            Linear(plan.hidden, CLASSES, rng=rng, dtype="float64"),
        )
        self.start = [p.value.copy() for p in self.network.parameters()]
        self.weights = [p for p in self.network.parameters() if p.value.ndim == 2]  # a bias has no penalty
        self.optimizer = Adam(self.network.parameters(), lr=LR)
        self.order = np.array([rng.permutation(plan.examples) for _ in range(plan.epochs)])  # (epochs, examples)
        self.records = [self._look()]

    @property
    def done(self) -> int:
        """Epochs trained so far."""
        return len(self.records) - 1

    def best(self, epoch: int) -> int:
        """The epoch, up to this one, with the smallest loss of the digits that are watched."""
        return int(np.argmin([r.watched_loss for r in self.records[: epoch + 1]]))

    @property
    def stopped(self) -> bool:
        """Whether its patience has ended: so many epochs without a new best one."""
        return bool(self.plan.patience) and self.done - self.best(self.done) >= self.plan.patience

    def train_to(self, epoch: int) -> None:
        while self.done < epoch and not self.stopped:
            for batch in self.batches(self.done):
                self._update(batch)
            self.records.append(self._look())

    def batches(self, epoch: int) -> Iterator[NDArray[np.intp]]:
        """The examples of each update of an epoch, counted from 0."""
        order = self.order[epoch]
        return iter(np.split(order, range(BATCH, len(order), BATCH)))

    def _update(self, batch: NDArray[np.intp]) -> None:
        """Forward, backward, the penalties, step."""
        scores = self.network.train()(self.images[batch])
        self.optimizer.zero_grad()
        self.network.backward(ops.cross_entropy_backward(1.0, scores, self.labels[batch]))
        for weight in self.weights:
            if self.plan.l1:
                weight.grad += ops.l1_penalty_backward(1.0, weight.value, self.plan.l1)
            if self.plan.l2:
                weight.grad += ops.l2_penalty_backward(1.0, weight.value, self.plan.l2)
        self.optimizer.step()

    def _look(self) -> Record:
        """All losses, without dropout."""
        network, split = self.network.eval(), self.split
        learned = float(ops.cross_entropy(network(self.images), self.labels))
        watched, test = network(split.watched_images), network(split.test_images)
        loss = float(ops.cross_entropy(watched, split.watched_labels))
        right = [
            float((scores.argmax(axis=1) == labels).mean())
            for scores, labels in ((watched, split.watched_labels), (test, split.test_labels))
        ]
        return Record(learned, loss, *right)


def _with_wrong(labels: Labels, plan: Plan) -> Labels:
    """The labels, a share of them wrong."""
    rng, given = np.random.default_rng([plan.seed, 2]), labels.copy()
    wrong = rng.permutation(len(given))[: round(plan.wrong * len(given))]
    given[wrong] = (given[wrong] + rng.integers(1, CLASSES, len(wrong))) % CLASSES
    return given


@lru_cache(maxsize=4)  # one cure after the other is tried: the network without any is trained once
def _plain_run(split: Split, plan: Plan) -> Run:
    return Run(split, plan)


class Comparison:
    """A network with its cures and, if it has any, one without."""

    def __init__(self, split: Split, plan: Plan) -> None:
        self.plan = plan
        self.run = Run(split, plan)
        self.plain = self.run if plan == plan.without_cure() else _plain_run(split, plan.without_cure())

    @property
    def treated(self) -> bool:
        """Whether there is any cure."""
        return self.plain is not self.run

    def at(self, epoch: int) -> "Moment":
        """Both after some epochs, trained as far as that if they were not yet."""
        within("step", epoch, self.plan.epochs + 1)
        for run in {id(run): run for run in (self.plain, self.run)}.values():
            run.train_to(epoch)
        return Moment(self, epoch)


@dataclass(frozen=True, eq=False)
class Standing:
    """How a run stands after some epochs; early stopping goes back to the best one."""

    run: Run
    asked: int

    @property
    def epoch(self) -> int:
        """Epochs that it has trained, at most as many as asked for."""
        return min(self.asked, self.run.done)

    @property
    def records(self) -> list[Record]:
        return self.run.records[: self.epoch + 1]

    @cached_property
    def best(self) -> int:
        """The epoch with the smallest watched loss so far."""
        return self.run.best(self.epoch)

    @property
    def kept(self) -> Record:
        """The network that one has: the last one, or with early stopping the best one."""
        return self.records[self.best if self.run.plan.patience else self.epoch]

    @property
    def ended(self) -> bool:
        """Whether its patience has ended by then."""
        return self.run.stopped and self.epoch == self.run.done

    def curve(self, name: str) -> Values:
        """One number of every record."""
        return np.array([getattr(record, name) for record in self.records])


@dataclass(frozen=True, eq=False)
class Moment:
    """The comparison after some epochs."""

    comparison: Comparison
    epoch: int

    @cached_property
    def run(self) -> Standing:
        return Standing(self.comparison.run, self.epoch)

    @cached_property
    def plain(self) -> Standing:
        return Standing(self.comparison.plain, self.epoch)

    def says(self) -> str:
        """How far the loss of what is held out has moved away from its best."""
        run, plan = self.run, self.comparison.plan
        if not self.epoch:
            blind = number(np.log(CLASSES))
            return f"The weights are random numbers; guessing blindly has a loss of ln 10, about {blind}."
        now, best = run.records[-1], run.records[run.best].watched_loss
        losses = f"{number(now.learned_loss)} on what it learns from, {number(now.watched_loss)} on held-out digits"
        told = f"After {plural(run.epoch, 'epoch')} the loss is {losses}"
        if run.ended:
            return (
                f"{told}; for {plural(plan.patience, 'epoch')} it was no better: it stops, and takes epoch {run.best}."
            )
        if run.best == run.epoch:
            return f"{told}, the best so far."
        return f"{told}: {now.watched_loss / best - 1:.0%} more than in epoch {run.best}."

    def as_text(self) -> str:
        """All numbers of this moment, a line for each network."""
        lines = [self.says()]
        named = (("without a cure", self.plain), ("with " + self.comparison.plan.cures(), self.run))
        for name, standing in named if self.comparison.treated else (("without a cure", self.run),):
            last, kept = standing.records[-1], standing.kept
            losses = f"loss {number(last.learned_loss)} learned from, {number(last.watched_loss)} held-out"
            right = f"{last.watched_right:.1%} of the held-out digits right, {kept.test_right:.1%} of the test"
            lines.append(f"{name}, epoch {standing.epoch}: {losses}; {right}")
        return "\n".join(lines)
