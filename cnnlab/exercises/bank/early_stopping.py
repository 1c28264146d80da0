"""Notebook 11: the epoch to keep."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def early_stopping(losses: Array, patience: int) -> int:
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best


def _stops_at(losses: Array, patience: int) -> int:
    """The last epoch that is trained."""
    return min(early_stopping(losses, patience) + patience, len(losses) - 1)


def _against_the_epoch_before(losses: Array, patience: int) -> int:
    rises = 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises == patience:
            return int(np.argmin(losses[: epoch + 1]))
    return int(np.argmin(losses))


def _never_reset(losses: Array, patience: int) -> int:
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            break
    return best


def _ties_are_better(losses: Array, patience: int) -> int:
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] <= losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best


def _runs(rng: np.random.Generator) -> Iterator[Arguments]:
    for losses, patience in [
        ([0.9, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8], 2),  # it turns once
        ([0.9, 0.6, 0.65, 0.5, 0.55, 0.6, 0.4, 0.3], 2),  # a bump first, and a better one too late
        ([0.9, 0.6, 0.65, 0.5, 0.55, 0.6, 0.4, 0.45], 3),  # the same, with more patience
        ([0.8, 0.7, 0.6, 0.5], 2),  # it never turns
        ([0.9, 0.5, 0.8, 0.7, 0.6, 0.55, 0.4], 4),  # it falls, but is not better than the best
        ([0.7, 0.5, 0.5, 0.5, 0.6, 0.3], 3),  # equal is not better
        ([0.5, 0.6, 0.7, 0.4], 1),  # the first epoch was the best
        ([0.9, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65, 0.5, 0.55, 0.4], 3),  # up and down, but down
        ([0.9, 0.4, 0.5, 0.6, 0.3, 0.35, 0.2], 3),
    ]:
        yield np.array(losses), patience


EARLY_STOPPING = Exercise(
    name="early stopping",
    notebook="11",
    statement=(
        "Write early_stopping(losses, patience): losses[epoch] is the held-out loss after each epoch, counted from 0. "
        "Training stops as soon as patience epochs in a row have brought no loss below the best so far, or when the "
        "losses end. Return the epoch whose weights are kept: the best one until then. Equal is not better."
    ),
    solution=early_stopping,
    cases=_runs,
    mistakes=(
        Mistake(
            "the best of all",
            lambda losses, patience: int(np.argmin(losses)),
            "This is the best epoch of all, and so looks at epochs that come after training has stopped.",
        ),
        Mistake(
            "where it stops",
            _stops_at,
            "This is the epoch in which training stops. The weights that are kept are those of the best epoch before.",
        ),
        Mistake(
            "the last epoch",
            lambda losses, patience: len(losses) - 1,
            "This is the last epoch, so nothing is stopped.",
        ),
        Mistake(
            "the first rise",
            lambda losses, patience: early_stopping(losses, 1),
            "You stop at the first epoch that is not better: patience says how many in a row to wait for.",
        ),
        Mistake(
            "one epoch too long",
            lambda losses, patience: early_stopping(losses, patience + 1),
            "You wait one epoch too long: with patience 2, the second epoch in a row that is not better is the last.",
        ),
        Mistake(
            "one epoch too short",
            lambda losses, patience: early_stopping(losses, max(patience - 1, 1)),
            "You give up one epoch too early: with patience 2, one epoch that is not better is still forgiven.",
        ),
        Mistake(
            "against the epoch before",
            _against_the_epoch_before,
            "You compare with the epoch before. A loss may fall and still be worse than the best: compare with that.",
        ),
        Mistake(
            "never reset",
            _never_reset,
            "You count all epochs that were not better. A new best begins the count again: they must be in a row.",
        ),
        Mistake(
            "equal is better",
            _ties_are_better,
            "You take an equal loss for a better one; only a loss below the best is better.",
        ),
        Mistake(
            "counted from 1",
            lambda losses, patience: early_stopping(losses, patience) + 1,
            "Epochs are counted from 0 here, as the entries of losses are: yours is one more.",
        ),
        Mistake(
            "the loss",
            lambda losses, patience: losses[early_stopping(losses, patience)],
            "This is the loss of that epoch; return its number.",
        ),
    ),
    hints=(
        "Remember one number, the best epoch so far, and go through the epochs one after the other.",
        "How long ago was the best epoch? That is epoch - best; when it reaches patience, stop.",
        "In the loop: if losses[epoch] < losses[best]: best = epoch. Then: if epoch - best == patience: break.",
    ),
)


ALL = (EARLY_STOPPING,)
