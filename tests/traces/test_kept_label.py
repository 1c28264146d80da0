"""What a network reads of a changed digit: the same numbers as one picture at a time, and what follows from them."""

import numpy as np
import pytest

from cnnlab.data.shift_nets import shift_nets, unseen, unseen_digit
from cnnlab.traces.kept_label import FLIPS, POINTS, RANGES, changed, percent, read, reading
from cnnlab.traces.shift import cnn_scores, pushed, scene, softmax

WEIGHTS = shift_nets().weights["plain"]


def of(label=6, transform="rotation", flip="no", sample=0):
    return reading(unseen_digit(label, sample), label, flip, transform, WEIGHTS)


@pytest.mark.parametrize("transform", RANGES)
def test_the_curve_is_made_of_single_readings(transform):
    r = of(transform=transform)
    assert r.amounts.shape == (POINTS,) and r.probabilities.shape == (POINTS, 10)
    np.testing.assert_allclose(r.probabilities.sum(axis=1), 1, atol=1e-6)
    for i in (0, 7, POINTS - 1):
        np.testing.assert_allclose(r.at(float(r.amounts[i])).probabilities, r.probabilities[i], atol=1e-6)


@pytest.mark.parametrize("transform", RANGES)
def test_no_change_is_a_point_of_the_curve_and_changes_nothing(transform):
    r = of(transform=transform)
    assert np.abs(r.amounts - RANGES[transform][3]).min() < 1e-9
    np.testing.assert_allclose(r.at(RANGES[transform][3]).picture, pushed(scene(unseen_digit(6, 0)), 0, 0), atol=1e-6)


def test_half_a_turn_makes_nines_of_nearly_all_sixes():
    images, labels = unseen()
    sixes = np.stack([pushed(scene(image), 0, 0) for image in images[labels == 6]])
    winners = softmax(cnn_scores(WEIGHTS, sixes[:, ::-1, ::-1])).argmax(axis=1)
    assert len(sixes) == 37 and (winners == 9).sum() == 33
    turned = np.stack([changed(picture, "rotation", 180.0) for picture in sixes])
    np.testing.assert_array_equal(read(WEIGHTS, turned).argmax(axis=1), winners)
    r = of()
    assert r.rival == 9 and r.at(180.0).winner == 9
    assert r.at(180.0).answer() == "read as 9 with more than 99%: to this network the label 6 is wrong"


def test_a_flip_comes_first():
    picture = pushed(scene(unseen_digit(2, 0)), 0, 0)
    np.testing.assert_array_equal(of(2, flip="left to right").drawn, picture[:, ::-1])
    np.testing.assert_array_equal(of(2, flip="top to bottom").drawn, picture[::-1])
    assert of(2, flip="left to right").at(0.0).called() == "a 2, horizontal flip, rotation 0°"
    assert of(8, transform="shift").at(-1.5).called() == "an 8, shift −1.5 cells"
    assert list(FLIPS) == ["no", "left to right", "top to bottom"]


@pytest.mark.parametrize("label", range(10))
def test_what_is_kept_is_an_unbroken_range_around_no_change(label):
    r = of(label)
    right = r.probabilities.argmax(axis=1) == label
    if r.kept is None:
        assert not right[POINTS // 2] and "Even without" in r.at(0.0).says()
        return
    low, high = (int(np.abs(r.amounts - end).argmin()) for end in r.kept)
    assert right[low : high + 1].all() and low <= POINTS // 2 <= high
    assert low == 0 or not right[low - 1]
    assert high == POINTS - 1 or not right[high + 1]
    assert ("no rotation in this range" in r.at(0.0).says()) == right.all()


def test_percent_never_say_all_for_less():
    assert [percent(v) for v in (0, 0.5, 0.994, 0.9951, 0.99999, 1)] == [
        "0%", "50%", "99%", "more than 99%", "more than 99%", "100%"
    ]  # fmt: skip
