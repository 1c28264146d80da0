"""A training that is followed: the loop of `cnnlab.network` gives the same numbers."""

import numpy as np
import pytest

from cnnlab.data import digits
from cnnlab.network import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, accuracy, train_epoch
from cnnlab.optim import SGD
from cnnlab.traces.training import BATCH, SLICE, Examples, Training


def examples(count: int = 96, held_out: int = 20) -> Examples:
    images, labels = digits()
    x = (images / 16)[:, None]
    rest = slice(count, count + held_out)
    return Examples(x[:count], labels[:count], x[rest], labels[rest])


def test_one_epoch_is_that_of_the_training_loop() -> None:
    data, rng = examples(), np.random.default_rng(7)
    twin = Sequential(
        Conv2d(1, 3, 3, padding=1, rng=rng, dtype="float64"),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(3 * 16, 10, rng=rng, dtype="float64"),
    )
    train_epoch(twin, SGD(twin.parameters(), lr=0.1), data.images, data.labels, BATCH, rng=rng)
    training = Training(data, 3, 3, "SGD", 0.1, 1, seed=7)
    assert (training.updates, training.steps) == (3, 2)
    last = training.at(1)
    np.testing.assert_array_equal(last.snapshot.filters, twin.parameters()[0].value[:, 0])
    assert last.snapshot.accuracy == accuracy(twin, data.held_out_images, data.held_out_labels)


def test_a_step_is_the_same_in_whatever_order_it_is_asked_for() -> None:
    one, other = (Training(examples(320), seed=1, epochs=1) for _ in range(2))
    assert one.steps == 1 + -(-10 // SLICE)
    for step in (2, 0, 3, 1):
        at = one.at(step)
        np.testing.assert_array_equal(at.snapshot.filters, other.at(step).snapshot.filters)
        assert at.updates == min(step * SLICE, 10)
        assert len(at.accuracies) == len(at.losses[0]) == step + 1


def test_the_loss_falls_and_the_sentence_says_what_is_read() -> None:
    training = Training(examples(640, 100), epochs=3)
    first, last = training.at(0), training.at(training.steps - 1)
    assert first.losses[1][0] == pytest.approx(np.log(10), abs=0.1)  # all ten are as likely
    assert last.losses[1][-1] < 0.5
    right = round(100 * last.snapshot.accuracy)
    assert last.says() == f"After 60 updates (3 epochs), {right} of 100 held-out digits are read right: {right}.0%."
    assert first.says().startswith("The filters are random numbers")
    assert first.says().endswith("blind guessing would give about 10.")
    assert training.at(1).says().startswith("After 4 updates (0.2 epochs)")
    assert training.at(5).says().startswith("After 20 updates (1 epoch)")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kernel_size": 4}, "kernel_size must be odd"),
        ({"optimizer": "Newton"}, "optimizer must be one of Adam, SGD, but is 'Newton'"),
        ({"lr": 0.0}, "lr must be above 0 and at most 0.3, but is 0"),
        ({"epochs": 0}, "epochs must be from 1 to 20, but is 0"),
    ],
)
def test_what_cannot_be_trained_is_told(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Training(examples(), **wrong)  # type: ignore[arg-type]
