"""Learning by heart: the numbers of a run against the loop of the course, and what its cures change."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cnnlab import ops
from cnnlab.data import digits
from cnnlab.network import Linear, ReLU, Sequential
from cnnlab.traces.overfit import Comparison, Plan, Run, Split


@pytest.fixture(scope="module")
def split() -> Split:
    images, labels = digits()
    parts = np.split(np.random.default_rng(0).permutation(len(images)), [1000, 1400])
    pixels = images.reshape(len(images), -1) / 16
    return Split(*(array for part in parts for array in (pixels[part], labels[part])))


def fully(split: Split, plan: Plan) -> Run:
    run = Run(split, plan)
    run.train_to(plan.epochs)
    return run


def test_an_update_by_hand(split: Split) -> None:
    """One epoch of one batch: Adam's first step is lr along the sign of the gradient, the penalties included."""
    plan = Plan(examples=40, hidden=6, l1=0.01, l2=0.02, epochs=1, wrong=0)
    run = Run(split, plan)
    weight, bias = run.start[0], run.start[1]
    rng = np.random.default_rng(0)
    twin = Sequential(Linear(64, 6, rng=rng, dtype="float64"), ReLU(), Linear(6, 10, rng=rng, dtype="float64"))
    for parameter, start in zip(twin.parameters(), run.start, strict=True):
        parameter.value = start.copy()
    batch = next(run.batches(0))
    assert len(batch) == 20
    twin.backward(ops.cross_entropy_backward(1.0, twin(run.images[batch]), run.labels[batch]))
    slopes = [p.grad for p in twin.parameters()]
    run._update(batch)
    moved = [p.value for p in run.network.parameters()]
    pulled = slopes[0] + 0.01 * np.sign(weight) + 0.04 * weight
    assert_allclose(moved[0], weight - 0.003 * pulled / (np.abs(pulled) + 1e-8))
    assert_allclose(moved[1], bias - 0.003 * slopes[1] / (np.abs(slopes[1]) + 1e-8))  # a bias has no penalty


def test_the_records_are_those_of_the_network(split: Split) -> None:
    run = fully(split, Plan(epochs=3, dropout=0.5))
    last, scores = run.records[-1], run.network.eval()(split.watched_images)
    assert_allclose(last.watched_loss, ops.cross_entropy(scores, split.watched_labels))
    assert last.watched_right == (scores.argmax(axis=1) == split.watched_labels).mean()
    tested = run.network(split.test_images).argmax(axis=1)
    assert last.test_right == (tested == split.test_labels).mean()
    assert_allclose(last.learned_loss, ops.cross_entropy(run.network(run.images), run.labels))


def test_one_seed_gives_one_run_and_a_cure_changes_nothing_else(split: Split) -> None:
    plan = Plan(epochs=2, seed=4)
    assert fully(split, plan).records == fully(split, plan).records != fully(split, replace(plan, seed=5)).records
    treated = Run(split, replace(plan, dropout=0.5, l2=0.1, patience=3))
    plain = Run(split, plan)
    for one, other in zip(treated.start, plain.start, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(treated.order, plain.order)
    np.testing.assert_array_equal(treated.labels, plain.labels)
    assert treated.records[0] == plain.records[0]
    more = Run(split, replace(plan, examples=400))
    np.testing.assert_array_equal(more.images[:100], plain.images)  # the first examples stay the same
    assert fully(split, replace(plan, dropout=0.0, l2=0.0)).records == fully(split, plan).records


def test_as_many_labels_are_wrong_as_asked_for(split: Split) -> None:
    for share, examples in ((0.0, 100), (0.1, 100), (0.3, 40), (0.5, 1000)):
        run = Run(split, Plan(examples=examples, wrong=share))
        assert run.wrong == round(share * examples)
        assert run.labels.min() >= 0 and run.labels.max() <= 9


def test_patience_ends_the_training_and_keeps_the_best_epoch(split: Split) -> None:
    comparison = Comparison(split, Plan(patience=5, epochs=60))
    moment = comparison.at(60)
    run, plain = moment.run, moment.plain
    losses = plain.curve("watched_loss")
    stop = next(e for e in range(5, 61) if e - losses[: e + 1].argmin() >= 5)
    assert (run.epoch, run.ended) == (stop, True)
    assert_allclose(run.curve("watched_loss"), losses[: stop + 1])
    assert run.kept is run.records[stop - 5] and plain.epoch == 60
    assert f"for 5 epochs it was no better: it stops, and takes epoch {stop - 5}" in moment.says()
    assert not comparison.at(stop - 1).run.ended


def test_without_a_cure_there_is_one_network(split: Split) -> None:
    assert not Comparison(split, Plan(examples=40)).treated
    comparison = Comparison(split, Plan(examples=400))
    assert comparison.treated and comparison.plain.plan.examples == 100
    assert Plan(dropout=0.5, l2=0.001, patience=10, examples=400).cures() == (
        "dropout 0.5, L2 0.001, patience 10, examples 400"
    )
    with pytest.raises(ValueError, match="step must be from 0 to 100, but is 101"):
        comparison.at(101)


def test_the_best_epoch_is_of_what_was_seen_by_then(split: Split) -> None:
    comparison = Comparison(split, Plan(epochs=40))
    comparison.at(40)
    assert comparison.at(3).run.best == 3 and comparison.at(40).run.best < 40
    assert len(comparison.at(3).run.curve("watched_loss")) == 4
    assert comparison.at(3).says().endswith("the best so far.")
    assert comparison.at(0).says().endswith("ln 10, about 2.3.")


def test_every_cure_lowers_the_loss_of_the_held_out_digits(split: Split) -> None:
    """At the end of the training, or where early stopping takes it from; for every one of three seeds."""
    cures = ({"dropout": 0.5}, {"l2": 0.002}, {"l1": 0.001}, {"patience": 10}, {"examples": 400})
    for seed in range(3):
        plain = fully(split, Plan(seed=seed))
        end = plain.records[-1]
        assert end.learned_loss < 0.05 and end.watched_loss > 1.1 * plain.records[plain.best(100)].watched_loss
        for cure in cures:
            kept = Comparison(split, Plan(seed=seed, **cure)).at(100).run.kept
            assert kept.watched_loss < 0.95 * end.watched_loss, (seed, cure)
