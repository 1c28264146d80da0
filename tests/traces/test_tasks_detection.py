"""Boxes: overlap by counting pixels, the scan by loops, suppression by the plain definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.tasks.detection import (
    KEEP,
    MOST_OVERLAP,
    Detected,
    LinearClassifier,
    box_at,
    iou,
    ious,
    kept,
    learn,
    scan,
    shared_and_union,
)

SIDE = 6  # a box is 4 x 4
BOXES = st.tuples(*(st.integers(0, 12),) * 2, *(st.integers(1, 8),) * 2)
MAPS = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(size=(7, 8)))


def covered(box):
    top, left, height, width = box
    return {(row, col) for row in range(top, top + height) for col in range(left, left + width)}


@given(BOXES, BOXES)
def test_the_overlap_is_what_counting_pixels_gives(first, second):
    shared, union = covered(first) & covered(second), covered(first) | covered(second)
    assert shared_and_union(first, second) == (len(shared), len(union))
    assert iou(first, second) == iou(second, first) == len(shared) / len(union)
    assert iou(first, first) == 1


@given(BOXES)
def test_all_overlaps_at_once_are_those_one_by_one(box):
    found = ious((4, 5), SIDE, box)
    for (row, col), share in np.ndenumerate(found):
        assert share == pytest.approx(iou(box_at(row, col, SIDE), box))


def test_a_score_is_the_sum_of_the_products_in_its_window():
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (12, 15, 3)).astype(np.uint8)
    classifier = LinearClassifier(rng.normal(size=(3, SIDE, SIDE)), 0.25)
    scores = scan(picture, classifier)
    assert scores.shape == (4, 5)
    for (row, col), score in np.ndenumerate(scores):
        window = picture[2 * row : 2 * row + SIDE, 2 * col : 2 * col + SIDE] / 255
        assert score == pytest.approx((window.transpose(2, 0, 1) * classifier.weight).sum() + 0.25)


def test_learning_gives_what_ridge_regression_gives():
    rng = np.random.default_rng(2)
    windows, answers = rng.integers(0, 256, (20, 2, 2, 3)).astype(np.uint8), rng.random(20) < 0.4
    classifier = learn(windows, answers, pull=0.5)
    pixels = windows.transpose(0, 3, 1, 2).reshape(20, 12) / 255

    def loss(weight, bias):
        return ((pixels @ weight + bias - answers) ** 2).sum() + 0.5 * (weight**2).sum()

    best = loss(classifier.weight.ravel(), classifier.bias)
    for k in range(12):  # no way to go that is better
        for by in (-1e-3, 1e-3):
            moved = classifier.weight.ravel().copy()
            moved[k] += by
            assert loss(moved, classifier.bias) > best
    assert loss(classifier.weight.ravel(), classifier.bias + 1e-3) > best
    assert loss(classifier.weight.ravel(), classifier.bias - 1e-3) > best


@given(MAPS, st.floats(-2, 2))
def test_suppression_keeps_the_best_and_drops_what_overlaps_it(scores, threshold):
    places = sorted((p for p, s in np.ndenumerate(scores) if s >= threshold), key=lambda p: -scores[p])
    expected = []
    for place in places:
        if all(iou(box_at(*place, SIDE), box_at(*other, SIDE)) <= MOST_OVERLAP for other in expected):
            expected.append(place)
    assert kept(scores, threshold, SIDE) == expected
    assert kept(scores, threshold, SIDE, "all") == places
    assert kept(scores, threshold, SIDE, "single best") == places[:1]


def test_of_equal_scores_the_first_is_kept():
    assert kept(np.ones((1, 2)), 1, SIDE) == [(0, 0)]
    assert len(kept(np.ones((2, 2)), 1, SIDE, "all")) == 4


def detected(peaks, truth, threshold=0.5, others=(), keep=KEEP[0]):
    """A picture of 30 x 30 with a map of scores that is 0 but for some peaks."""
    scores = np.zeros((13, 13))
    for place, score in peaks.items():
        scores[place] = score
    picture = np.zeros((30, 30, 3), np.uint8)
    return Detected(picture, LinearClassifier(np.zeros((3, SIDE, SIDE)), 0.1), scores, threshold, truth, others, keep)


TRUTH = [(1, 1, 4, 4), (15, 15, 4, 4)]  # the boxes of the places (0, 0) and (7, 7)


def test_each_true_box_is_found_once():
    both = detected({(0, 0): 0.9, (7, 7): 0.8, (0, 12): 0.7}, TRUTH)
    assert [(f.truth, f.iou) for f in both.found] == [(0, 1.0), (1, 1.0), (-1, 0.0)]
    assert (len(both.hits), len(both.false), both.missed) == (2, 1, ())
    again = detected({(0, 0): 0.9, (0, 1): 0.8}, TRUTH[:1], keep="all")
    assert [f.truth for f in again.found] == [0, -1]


def test_a_box_that_is_too_far_off_finds_nothing():
    shifted = detected({(0, 1): 0.9}, [(1, 1, 4, 4)])  # 8 of 24 pixels
    assert (shifted.hits, shifted.missed) == ((), (0,))
    assert shifted.says() == "1 disk missed, and the best of the false boxes, with 0.90, lies on " + (
        "the side of a disk, too far off."
    )


PEAKS = {(0, 0): 0.9, (7, 7): 0.4}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (detected(PEAKS, TRUTH, 2), "No window scores 2 or more: nothing is found."),
        (detected(PEAKS, TRUTH, 0.3), "Every red disk has its box, and nothing else has one: 2 disks, 2 right."),
        (
            detected(PEAKS, TRUTH),
            "No false box, but 1 disk missed: no window there scores 0.5 or more, the best 0.400.",
        ),
        (detected(PEAKS, TRUTH, 0.3, keep="single best"), "1 disk missed: only one box is asked for."),
        (
            detected({(0, 0): 0.9, (1, 0): 0.8}, [(1, 1, 4, 4), (3, 1, 4, 4)]),
            "1 disk missed: a better box is too near.",
        ),
        (
            detected({(0, 0): 0.9, (0, 12): 0.7}, TRUTH[:1], others=[("red square", (1, 25, 4, 4))]),
            "All disks are found, and the best of the false boxes, with 0.70, lies on a red square.",
        ),
        (detected({(0, 0): 0.9, (0, 12): 0.7}, TRUTH[:1]), "lies on the photo."),
        (detected({(0, 0): 0.9, (0, 12): 0.7}, TRUTH[:1], others=[("x", (4, 25, 4, 4))]), "on the rim of a thing."),
        (
            detected({(0, 0): 0.9, (0, 1): -0.7}, TRUTH[:1], -1, keep="all"),
            "the best of the false boxes, with 0.00, lies on",
        ),
        (detected({(0, 0): 0.9, (0, 1): 0.8}, TRUTH[:1], keep="all"), "lies on a disk that a better box has found."),
    ],
)
def test_the_sentence_is_true_of_the_boxes(given, words):
    assert words in given.says()


def test_numbers_are_written_out():
    one = detected({(0, 0): 0.9, (0, 12): 0.7}, [(1, 2, 4, 4)])
    assert one.formula(0, 0) == (
        "window [0, 0]: sum of 108 products = 0.800, bias 0.100: score 0.900 ≥ 0.5; IoU = 12 / 20 = 0.60"
    )
    assert one.formula(1, 2) == "window [2, 4]: sum of 108 products = −0.100, bias 0.100: score 0.000 < 0.5"
    assert one.measure() == "1 red disk: 1 found, 0 missed; 1 false box; IoU of the right boxes: 0.60"
    assert detected({}, TRUTH).measure().endswith("0 found, 2 missed; 0 false boxes; IoU of the right boxes: none")
