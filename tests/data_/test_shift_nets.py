"""The stored networks are what they are said to be, and so are the results that were measured with them."""

import numpy as np
import pytest

from cnnlab.data.digits import digits
from cnnlab.data.shift_nets import (
    _FILE,
    NETS,
    NOISES,
    SAMPLES,
    SCALES,
    TRAINED_ON,
    shift_nets,
    unseen,
    unseen_digit,
    untouched_weights,
)  # fmt: skip
from cnnlab.traces.shift import CANVAS, REACH, cnn_scores, mlp_scores, parameters, pushed, scene

UNSEEN = 360
POOLS = {"plain": 1, "pooled": 2}

# network, parameters written out, and how many of the 360 unseen digits it gets right: in the middle, pushed 1 right,
# 2 right, 1 down and right, 2 down and right
MEASURED = [
    ("mlp", 784 * 32 + 32 + 32 * 10 + 10, (322, 203, 54, 64, 6)),
    ("plain", 25 * 6 + 6 + 25 * 6 * 32 + 32 + 32 * 10 + 10, (341, 341, 341, 341, 341)),
    ("pooled", 25 * 6 + 6 + 25 * 6 * 32 + 32 + 32 * 10 + 10, (332, 312, 332, 131, 331)),
]
PUSHES = [(0, 0), (0, 1), (0, 2), (1, 1), (2, 2)]


def scores(net, pictures):
    weights = shift_nets().weights[net]
    return mlp_scores(weights, pictures) if net == "mlp" else cnn_scores(weights, pictures, POOLS[net])


@pytest.mark.parametrize(("net", "count", "right"), MEASURED)
def test_the_numbers_that_the_course_quotes(net, count, right):
    nets = shift_nets()
    assert parameters(nets.weights[net]) == count
    clean = nets.right[net][SCALES.index(1.0), NOISES.index(0.0)]
    assert tuple(int(clean[REACH + down, REACH + across]) for down, across in PUSHES) == right


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize(
    ("scale", "noise", "down", "right"),
    [(1.0, 0.0, 0, 0), (1.0, 0.0, 2, 2), (0.7, 0.0, -1, 3), (1.4, 0.2, 6, -6), (1.0, 0.5, 0, 0)],
)
def test_the_stored_results_are_found_again_one_picture_at_a_time(net, scale, noise, down, right):
    images, labels = unseen()
    pictures = np.stack([pushed(scene(im, scale, noise, seed=i), down, right) for i, im in enumerate(images)])
    found = int((scores(net, pictures).argmax(axis=1) == labels).sum())
    stored = shift_nets().right[net][SCALES.index(scale), NOISES.index(noise)]
    assert found == stored[REACH + down, REACH + right]


def test_the_file_is_small_and_opens_without_pickle():
    assert _FILE.stat().st_size < 100_000
    with np.load(_FILE, allow_pickle=False) as stored:
        assert {stored[key].dtype for key in stored.files} == {np.dtype(np.float16), np.dtype(np.uint16)}


def test_what_was_stored_has_the_shapes_and_types_that_are_promised():
    nets = shift_nets()
    assert set(nets.weights) == set(nets.right) == set(NETS)
    for net in NETS:
        assert nets.right[net].shape == (len(SCALES), len(NOISES), 13, 13)
        assert nets.right[net].min() >= 0 and nets.right[net].max() <= UNSEEN
        assert {a.dtype for a in nets.weights[net].values()} == {np.dtype(np.float32)}
        assert all(np.isfinite(a).all() for a in nets.weights[net].values())


def test_nothing_that_is_shared_can_be_written_to():
    nets = shift_nets()
    for array in (nets.weights["mlp"]["hidden.bias"], nets.right["plain"], unseen()[0], unseen_digit(3, 0)):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_unseen_digits_are_those_after_the_training_ones():
    images, labels = unseen()
    assert (len(images), len(labels)) == (UNSEEN, UNSEEN)
    np.testing.assert_array_equal(images, digits()[0][TRAINED_ON:])
    for label in range(10):
        mine = images[labels == label]
        assert len(mine) >= SAMPLES
        np.testing.assert_array_equal(unseen_digit(label, SAMPLES - 1), mine[SAMPLES - 1])


@pytest.mark.parametrize(
    ("label", "sample", "message"),
    [(10, 0, "digit must be from 0 to 9, but is 10"), (3, 30, "sample must be from 0 to 29, but is 30"),
     (-1, 0, "digit must"), (0, -1, "sample must")],
)  # fmt: skip
def test_a_digit_that_is_not_there_is_named(label, sample, message):
    with pytest.raises(ValueError, match=message):
        unseen_digit(label, sample)


def test_the_untouched_weights_are_still_the_random_numbers_that_they_were():
    """PyTorch begins with numbers between -1/28 and 1/28 here; training has moved the others, and never these."""
    inked = np.zeros((CANVAS, CANVAS), bool)
    inked[10:18, 10:18] = digits()[0][:TRAINED_ON].any(axis=0)
    hidden = shift_nets().weights["mlp"]["hidden.weight"]
    untouched, trained = hidden[:, ~inked.ravel()], hidden[:, inked.ravel()]
    assert untouched.size == untouched_weights() == 23136
    assert np.abs(untouched).max() <= 1 / 28 * 1.001
    assert np.ptp(untouched) > 1.99 / 28
    assert abs(untouched.std() - 1 / 28 / np.sqrt(3)) < 0.0003  # that of an even spread
    assert (np.abs(trained) > 1 / 28).mean() > 0.5
