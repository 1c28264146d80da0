"""A small CNN that learns to read digits, from slice to slice: its filters, its losses, its guesses.

    conv (1 to F filters, k x k, padded) - ReLU - max pool 2 - flatten - linear (10 scores)

Everything random comes from one seed, so a step of the training is the same numbers each time it is asked for. Steps
are computed when they are first looked at, and kept.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.network import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
from cnnlab.optim import SGD, Adam, Optimizer
from cnnlab.traces.arrays import within
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]
Labels = NDArray[np.int64]

CLASSES, POOL = 10, 2
BATCH, SLICE = 32, 4
"""Digits in an update, and updates in a step."""
OPTIMIZERS = ("Adam", "SGD")
MOST_EPOCHS, LARGEST_LR = 20, 0.3


@dataclass(frozen=True, eq=False)
class Examples:
    """Digits from 0 (paper) to 1 (ink), (N, 1, H, W), and what they are, (N,): to learn from, and held out."""

    images: Values
    labels: Labels
    held_out_images: Values
    held_out_labels: Labels

    @property
    def batches(self) -> int:
        """Updates in an epoch; the few digits that make no whole batch wait for the next epoch."""
        return len(self.images) // BATCH


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The network after some updates: its first filters (F, k, k), its losses, its scores on the held-out digits."""

    filters: Values
    training_loss: float  # of the digits of the last slice, while it learned from them; at the beginning, held-out
    held_out_loss: float
    guesses: Labels
    accuracy: float


class Training:
    """A network in training; ``at`` trains it as far as it is asked to.

    Args:
        examples: the digits.
        filters, kernel_size: of the convolution; an odd size.
        optimizer: "Adam" or "SGD". lr: its learning rate, above 0.
        epochs: how often every digit is seen.
        seed: what the weights and the order of the digits are drawn from.

    Raises:
        ValueError: names the argument that cannot be.
    """

    def __init__(
        self,
        examples: Examples,
        filters: int = 8,
        kernel_size: int = 5,
        optimizer: str = "Adam",
        lr: float = 0.01,
        epochs: int = 6,
        seed: int = 0,
    ) -> None:
        if kernel_size % 2 == 0:
            raise ValueError(f"kernel_size must be odd, so that the map keeps its size, but is {kernel_size}")
        if optimizer not in OPTIMIZERS:
            raise ValueError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, but is {optimizer!r}")
        if not 0 < lr <= LARGEST_LR:
            raise ValueError(f"lr must be above 0 and at most {LARGEST_LR:g}, but is {lr:g}")
        if not 1 <= epochs <= MOST_EPOCHS:
            raise ValueError(f"epochs must be from 1 to {MOST_EPOCHS}, but is {epochs}")
        self.examples, self.lr, self.epochs = examples, lr, epochs
        rng = np.random.default_rng(seed)
        side = examples.images.shape[-1] // POOL
        self.network = Sequential(
            Conv2d(1, filters, kernel_size, padding=kernel_size // 2, rng=rng, dtype="float64"),
            ReLU(),
            MaxPool2d(POOL),
            Flatten(),
            Linear(filters * side * side, CLASSES, rng=rng, dtype="float64"),
        )
        self.start = [p.value.copy() for p in self.network.parameters()]
        self.order = np.concatenate([self._epoch(rng) for _ in range(epochs)])  # (updates, BATCH)
        make = Adam if optimizer == "Adam" else SGD
        self.optimizer: Optimizer = make(self.network.parameters(), lr=lr)
        self.kept: list[Snapshot] = []

    def _epoch(self, rng: np.random.Generator) -> NDArray[np.intp]:
        count = self.examples.batches
        return rng.permutation(len(self.examples.images))[: count * BATCH].reshape(count, BATCH)

    @property
    def updates(self) -> int:
        """Updates in the whole training."""
        return len(self.order)

    @property
    def steps(self) -> int:
        """Steps that can be looked at: the beginning, and the end of every slice."""
        return 1 + -(-self.updates // SLICE)

    def updates_at(self, step: int) -> int:
        """Updates that were made at a step."""
        return min(step * SLICE, self.updates)

    def at(self, step: int) -> "TrainingStep":
        """The network at a step, trained as far as that if it was not yet."""
        within("step", step, self.steps)
        while len(self.kept) <= step:
            self.kept.append(self._next())
        return TrainingStep(self, step)

    def _next(self) -> Snapshot:
        """Train one slice (at the beginning none), and look at the held-out digits."""
        done = len(self.kept)
        batches = self.order[self.updates_at(done - 1) : self.updates_at(done)] if done else self.order[:0]
        losses = [self._update(batch) for batch in batches]
        images, labels = self.examples.held_out_images, self.examples.held_out_labels
        scores = self.network.eval()(images)
        held_out, guesses = float(ops.cross_entropy(scores, labels)), scores.argmax(axis=1)
        filters = np.array(self.network.parameters()[0].value[:, 0], np.float64)
        loss = float(np.mean(losses)) if losses else held_out
        return Snapshot(filters, loss, held_out, guesses, float((guesses == labels).mean()))

    def _update(self, batch: NDArray[np.intp]) -> float:
        """Forward, loss, backward, step."""
        x, y = self.examples.images[batch], self.examples.labels[batch]
        scores = self.network.train()(x)
        self.optimizer.zero_grad()
        self.network.backward(ops.cross_entropy_backward(1.0, scores, y))
        self.optimizer.step()
        return float(ops.cross_entropy(scores, y))


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """The training up to a step."""

    training: Training
    index: int

    @property
    def snapshot(self) -> Snapshot:
        return self.training.kept[self.index]

    @cached_property
    def losses(self) -> tuple[Values, Values]:
        """At every step so far: the loss of the digits learned from, and of the held-out ones."""
        kept = self.training.kept[: self.index + 1]
        return np.array([s.training_loss for s in kept]), np.array([s.held_out_loss for s in kept])

    @cached_property
    def accuracies(self) -> Values:
        """At every step so far: the share of held-out digits that are read right."""
        return np.array([s.accuracy for s in self.training.kept[: self.index + 1]])

    @property
    def updates(self) -> int:
        return self.training.updates_at(self.index)

    def says(self) -> str:
        """What the network can do now."""
        labels = self.training.examples.held_out_labels
        right = int((self.snapshot.guesses == labels).sum())
        read = f"{right} of {len(labels)} held-out digits are read right"
        if not self.updates:
            chance = number(round(len(labels) / CLASSES))
            return f"The filters are random numbers: {read}; blind guessing would give about {chance}."
        epochs = number(round(self.updates / self.training.examples.batches, 2))
        passes = f"{epochs} epoch{'' if epochs == '1' else 's'}"
        return f"After {plural(self.updates, 'update')} ({passes}), {read}: {right / len(labels):.1%}."
