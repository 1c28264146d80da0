"""Nearest class mean: differences by loops, probabilities that add up, sentences that are true."""

import numpy as np
import pytest

from cnnlab.traces.tasks.classification import (
    Classified,
    class_means,
    count_right,
    differences,
    disturbed,
    probabilities,
)

IMAGES = np.array([[[0, 2], [4, 6]], [[2, 2], [4, 8]], [[16, 16], [0, 0]]], np.uint8)
LABELS = np.array([0, 0, 1])
MEANS = np.array([[[1, 2], [4, 7]], [[16, 16], [0, 0]]], float)


def classified(picture, truth=0):
    return Classified(np.array(picture, float), IMAGES[0], truth, MEANS, 3, 4)


def test_a_class_mean_is_the_mean_of_its_pictures():
    np.testing.assert_array_equal(class_means(IMAGES, LABELS), MEANS)


def test_the_difference_is_the_mean_of_the_squared_differences():
    rng = np.random.default_rng(0)
    images, means = rng.uniform(0, 16, (5, 8, 8)), rng.uniform(0, 16, (3, 8, 8))
    found = differences(images, means)
    for i, image in enumerate(images):
        for k, mean in enumerate(means):
            loop = sum((image[r, c] - mean[r, c]) ** 2 for r in range(8) for c in range(8)) / 64
            assert found[i, k] == pytest.approx(loop)


def test_by_hand():
    one = classified([[1, 2], [4, 6]])
    assert one.differences.tolist() == pytest.approx([0.25, (15**2 + 14**2 + 4**2 + 6**2) / 4])
    assert (one.answer, one.is_right) == (0, True)
    assert one.formula(0, 0) == (
        "mean 0: sum of (pixel − mean)² / 4 = 1.0 / 4 ≈ 0.25   →   "
        "probability e^−0.25 / (e^−0.25 + … + e^−118.25) > 99 %"
    )
    assert one.measure() == "with nothing added, 3 of 4 digits are named correctly: 75 %"


def test_the_probability_is_what_its_formula_says():
    two = classified([[8.5, 9], [2, 3.5]])
    two = Classified(two.picture, IMAGES[0], 0, np.array([two.picture + 1, two.picture + 1.5]), 3, 4)
    shares = np.exp(-two.differences) / np.exp(-two.differences).sum()
    for k in range(2):
        assert two.formula(k, 0).endswith(
            f"probability e^−{two.differences[k]:.2f} / (e^−1.00 + … + e^−2.25) ≈ {100 * shares[k]:.0f} %"
        )


@pytest.mark.parametrize(
    ("brightness", "noise", "words"),
    [
        (0, 0, "with nothing added,"), (0, 3, "with noise 3 added,"), (-4.5, 0, "with brightness −4.5 added,"),
        (2, 0.5, "with brightness 2, noise 0.5 added,"),
    ],
)  # fmt: skip
def test_what_is_added_is_said(brightness, noise, words):
    one = Classified(MEANS[0], IMAGES[0], 0, MEANS, 3, 4, brightness, noise)
    assert one.measure().startswith(words)


def test_probabilities_add_up_and_follow_the_softmax():
    found = probabilities(np.array([1.0, 2.0, 1e6]))
    assert found.sum() == pytest.approx(1)
    assert found[0] / found[1] == pytest.approx(np.e)
    assert found[2] == 0


def test_what_is_added_is_cut_to_what_a_pixel_holds():
    grains = np.ones(IMAGES.shape)
    np.testing.assert_array_equal(disturbed(IMAGES, 0, 0, grains), IMAGES)
    np.testing.assert_array_equal(disturbed(IMAGES, -16, 0, grains), 0)
    np.testing.assert_array_equal(disturbed(IMAGES, 13, 3, grains), 16)
    assert disturbed(IMAGES, 1, 2, grains)[0].tolist() == [[3, 5], [7, 9]]
    assert IMAGES[0].tolist() == [[0, 2], [4, 6]]


def test_the_right_answers_are_counted():
    assert count_right(IMAGES.astype(float), LABELS, MEANS) == 3
    assert count_right(IMAGES.astype(float), 1 - LABELS, MEANS) == 0


@pytest.mark.parametrize(
    ("picture", "truth", "words"),
    [
        (
            [[1, 2], [4, 6]],
            0,
            "nearest to the mean 0: the answer is right, and its probability is said to be more than",
        ),
        ([[1, 2], [4, 6]], 1, "It is nearer to the mean 0 than to the mean 1: the answer is wrong"),
        ([[0, 0], [0, 0]], 1, "Every pixel is 0 now: any digit is taken for a 0, but this was a 1."),
        ([[16, 16], [16, 16]], 1, "Every pixel is 16 now: any digit is taken for a 1, and this happens to be one."),
    ],
)
def test_the_sentence_is_true_of_the_picture(picture, truth, words):
    assert words in classified(picture, truth).says()
