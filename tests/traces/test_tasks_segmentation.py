"""Masks: distances by hand, regions by another algorithm, IoU and Dice by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.tasks.segmentation import SPECK, Segmented, color_distances, region_sizes
from cnnlab.traces.tasks.words import (
    counted,
    in_words,
    on_its_side,
    on_its_side_in_short,
    percent,
    ratio,
    share_of_one,
    signed,
)

MASKS = st.tuples(st.integers(1, 9), st.integers(1, 9), st.floats(0, 1), st.integers(0, 999)).map(
    lambda given: np.random.default_rng(given[3]).random(given[:2]) < given[2]
)


def test_the_distance_of_two_colors_is_by_hand():
    picture = np.array([[[3, 0, 0], [0, 4, 3]], [[0, 0, 0], [255, 255, 255]]], np.uint8)
    np.testing.assert_allclose(color_distances(picture, (0, 0, 0)), [[3, 5], [0, 255 * np.sqrt(3)]])
    assert color_distances(picture, (255, 0, 0))[0, 0] == 252  # nothing wraps around


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        (["..", ".."], []),
        (["##", "##"], [4]),
        (["#.", ".#"], [1, 1]),  # a corner connects nothing
        (["#.#", "#.#", "###"], [7]),
        (["#..#", "#..#", ".##."], [2, 2, 2]),
        (["##.", "..#"], [2, 1]),  # the end of a row is no neighbor of the next row's beginning
    ],
)
def test_regions_are_counted(rows, sizes):
    assert region_sizes(np.array([[cell == "#" for cell in row] for row in rows])) == sizes


@given(MASKS)
def test_regions_are_those_that_spreading_labels_finds(mask):
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    for _ in range(mask.size):  # each pixel takes the largest label around it
        padded = np.pad(labels, 1)
        around = [padded[1:-1, 1:-1], padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        labels = np.where(mask, np.max(around, axis=0), 0)
    sizes = np.unique(labels[mask], return_counts=True)[1]
    assert region_sizes(mask) == sorted(sizes.tolist(), reverse=True)


def test_counting_regions_leaves_the_mask_as_it_is():
    mask = np.ones((3, 3), bool)
    region_sizes(mask)
    assert mask.all()


def segmented(threshold, distances=None, truth=None):
    """Five pixels of a thing, at the distances 0 to 4, and five others, at 3 to 7."""
    distances = np.array([[0, 1, 2, 3, 4], [3, 4, 5, 6, 7]], float) if distances is None else distances
    truth = np.array([[True] * 5, [False] * 5]) if truth is None else truth
    return Segmented(np.zeros((*truth.shape, 3), np.uint8), (10, 0, 0), distances, threshold, truth, 1)


@pytest.mark.parametrize(
    ("threshold", "right", "false", "missed"), [(0, 0, 0, 5), (3, 3, 0, 2), (4, 4, 1, 1), (5, 5, 2, 0), (9, 5, 5, 0)]
)
def test_what_is_right_false_and_missed_is_counted(threshold, right, false, missed):
    found = segmented(threshold)
    assert (found.right, found.false, found.missed) == (right, false, missed)
    assert found.iou == right / (right + false + missed)
    assert found.dice == pytest.approx(2 * found.iou / (1 + found.iou))


def test_a_region_that_is_too_small_is_a_speck():
    distances = np.ones((4, 20))
    distances[0, : SPECK - 1], distances[2, :SPECK] = 0, 0
    found = segmented(0.5, distances, np.ones((4, 20), bool))
    assert (found.sizes, found.regions, found.specks) == ([SPECK, SPECK - 1], 1, 1)
    assert found.measure() == "IoU = 23 / 80 ≈ 0.29   Dice = 46 / 103 ≈ 0.45   1 region (1 thing), 1 speck"


def test_the_histogram_holds_every_pixel_once():
    things, others = segmented(0).histogram(4, 4)
    assert things.tolist() == [0.2, 0.2, 0.2, 0.4] and others.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (segmented(0), "No pixel is nearer than 0 to the red that is looked for"),
        (segmented(99), "Every pixel of the picture is near enough"),
        (segmented(3), "The distance is too strict: 2 pixels of the red things missed, 40 % of them."),
        (segmented(5), "The distance is too loose: 2 pixels beside the red things found, too."),
        (
            segmented(0.5, np.array([[9.0] * 5, [0.0] * 4 + [9.0]])),
            "The distance is too strict: 5 pixels of the red things missed, 100 % of them.",
        ),
        (
            segmented(0.5, np.array([[0.0] + [9.0] * 9]), np.array([[True] + [False] * 9])),
            "Nearly every pixel is right: 0 of 1 in the red things missed, 0 false.",
        ),
        (
            segmented(0.5, np.array([[0.0] * 4 + [9.0]]), np.array([[True] + [False] * 4])),
            "more pixels are found beside the red things (3) than in them.",
        ),
    ],
)
def test_the_sentence_is_true_of_the_mask(found, words):
    assert words in found.says()


def test_the_distance_of_a_pixel_is_written_out():
    assert segmented(3).formula(1, 2) == "pixel [1, 2]: √((0 − 10)² + (0 − 0)² + (0 − 0)²) ≈ 5.0 ≥ 3"
    assert segmented(9).interesting == (0, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (percent(0), "0 %"), (percent(0.004), "< 1 %"), (percent(0.005), "0 %"), (percent(0.5), "50 %"),
        (percent(0.996), "> 99 %"), (percent(1), "100 %"), (in_words(0.004), "less than 1 %"),
        (in_words(0.999), "more than 99 %"), (ratio(1, 4), "1 / 4 = 0.25"), (ratio(1, 3), "1 / 3 ≈ 0.33"),
        (ratio(999, 1000), "999 / 1000 > 0.99"), (ratio(1, 900), "1 / 900 < 0.01"), (ratio(4, 4), "4 / 4 = 1.00"),
        (share_of_one(0.995), "0.99"), (share_of_one(0.9951), "> 0.99"), (share_of_one(0.0), "0.00"),
        (on_its_side(2.004, 2, 2), "2.00"), (on_its_side(1.996, 2, 2), "1.996"), (on_its_side(1.994, 2, 2), "1.99"),
        (on_its_side_in_short(2.04, 2), "2.0"), (on_its_side_in_short(1.96, 2), "1.96"),
        (on_its_side_in_short(1.94, 2), "1.9"), (on_its_side_in_short(2, 2), "2.0"),
        (on_its_side_in_short(1.9999, 2), "1.99"), (on_its_side_in_short(2.13, 2.12), "2.13"),
        (on_its_side_in_short(2.1234, 2.123), "2.123"), (on_its_side_in_short(7, 2), "7.0"),
        (on_its_side_in_short(0, 0), "0.0"),
        (signed(-0.04), "0.0"), (signed(-1.25, 2), "−1.25"), (counted(1, "box", "boxes"), "1 box"),
        (counted(0, "box", "boxes"), "0 boxes"),
    ],
)  # fmt: skip
def test_shares_and_ratios_say_what_they_are(text, expected):
    assert text == expected
