"""Patches: mean and contrast by loops, deviations by hand, sentences that are true."""

import numpy as np
import pytest

from cnnlab.traces.tasks.anomaly import PATCH, Inspected, Normal, describe, deviations, learn_normal, patches

SHAPE = (2 * PATCH, 3 * PATCH)


def test_a_picture_is_cut_into_patches_and_nothing_is_lost():
    picture = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    cut = patches(picture)
    assert cut.shape == (2, 3, PATCH * PATCH)
    for row in range(2):
        for col in range(3):
            part = picture[row * PATCH : (row + 1) * PATCH, col * PATCH : (col + 1) * PATCH]
            assert cut[row, col].tolist() == part.ravel().tolist()


def test_each_patch_has_its_mean_and_its_standard_deviation():
    picture = np.random.default_rng(0).integers(0, 256, SHAPE).astype(np.uint8)
    numbers = describe(picture)
    for (row, col), mean in np.ndenumerate(numbers[..., 0]):
        values = [int(v) for v in patches(picture)[row, col]]
        assert mean == pytest.approx(sum(values) / len(values))
        spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        assert numbers[row, col, 1] == pytest.approx(spread)


def test_normal_is_what_the_patches_of_all_pictures_are():
    dark, bright = np.full(SHAPE, 90, np.uint8), np.full(SHAPE, 110, np.uint8)
    dark[::2] += 20  # 90 and 110 in turn: mean 100, contrast 10
    normal = learn_normal(np.array([dark, bright]))
    assert normal == Normal((105.0, 5.0), (5.0, 5.0), 12)


def test_deviations_count_standard_deviations_with_their_sign():
    found = deviations(np.array([[[92.0, 18.5]]]), Normal((130.0, 18.5), (6.0, 2.0), 9))
    assert found.tolist() == [[[pytest.approx(-38 / 6), 0.0]]]


def inspected(means, limit, defect="stain", covered=((1, 0),)):
    """Patches whose means deviate by so many; the defect covers some of them."""
    numbers = np.stack([np.array(means, float), np.zeros(np.shape(means))], axis=-1)
    mask = np.zeros(SHAPE, bool)
    for row, col in covered if defect else ():
        mask[row * PATCH : (row + 1) * PATCH, col * PATCH : (col + 1) * PATCH] = True
    return Inspected(np.zeros(SHAPE, np.uint8), numbers, Normal((0, 0), (1, 1), 1), limit, mask, defect)


MEANS = [[0, 2, 1], [-5, 1, 3]]


def test_flagged_is_what_deviates_enough_either_way():
    one = inspected(MEANS, 3)
    assert one.flagged.tolist() == [[False, False, False], [True, False, True]]
    assert (one.hits, one.false, one.missed) == (1, 1, 0)
    assert (one.interesting, one.most_usual) == ((1, 0), (0, 0))


def test_a_patch_is_defective_from_a_quarter_on():
    mask = np.zeros(SHAPE, bool)
    mask[:6, :6] = True  # a quarter of the first patch
    mask[:6, PATCH : PATCH + 5] = True  # less of the second
    whole = Inspected(np.zeros(SHAPE, np.uint8), np.zeros((2, 3, 2)), Normal((0, 0), (1, 1), 1), 1, mask, "stain")
    assert whole.truth.tolist() == [[True, False, False], [False] * 3]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (inspected(MEANS, 4), "The stain is found, though no defect was ever shown"),
        (inspected(MEANS, 9), "The stain is missed: the strongest of its patches deviates by 5.00."),
        (inspected(MEANS, 2), "The stain is flagged, but it is lost among 2 false alarms."),
        (inspected(MEANS, 4, covered=((0, 0),)), "The stain is missed, and what is flagged is a false alarm."),
        (
            inspected(MEANS, 4, covered=((1, 0), (0, 0), (0, 1))),
            "The stain is found, but only by 1 of its 3 patches.",
        ),
        (inspected(MEANS, 9, defect=""), "Nothing is flagged, and nothing is wrong with this piece"),
        (inspected(MEANS, 4, defect=""), "Nothing is wrong with this piece, but 1 patch flagged: a false alarm."),
        (inspected(MEANS, 2, defect=""), "but 3 patches flagged: a false alarm."),
    ],
)
def test_the_sentence_is_true_of_the_limit(given, words):
    assert words in given.says()


def test_the_larger_deviation_is_written_out():
    one = inspected(MEANS, 3)
    assert one.formula(1, 0) == ("patch [1, 0]: mean (−5.0 − 0.0) / 1.00 ≈ −5.00 standard deviations, 5.00 ≥ 3")
    assert one.formula(0, 2).endswith("1.00 < 3")
    near = inspected([[0, 2.9996, 1], [-3.0004, 1, 3]], 3)
    assert near.formula(0, 1).endswith("≈ 3.00 standard deviations, 2.9996 < 3")
    assert near.formula(1, 0).endswith("≈ −3.00 standard deviations, 3.00 ≥ 3")
    assert one.measure() == "1 patch with a defect: 1 found, 0 missed   1 false alarm in 5 good patches"
