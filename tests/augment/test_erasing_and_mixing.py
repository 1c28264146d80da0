"""Cutout, mixup and cutmix with their labels, by hand."""

import numpy as np
import pytest

from cnnlab import augment

ONES, ZEROS = np.ones((3, 4, 6)), np.zeros((3, 4, 6))


def test_erase_by_hand() -> None:
    erased = augment.erase(ONES, 1, 2, 2, 3)
    expected = [[1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 1], [1, 1, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1]]
    for channel in erased:
        np.testing.assert_array_equal(channel, expected)


@pytest.mark.parametrize(
    ("rectangle", "erased"),
    [((-2, -3, 4, 5), 2 * 2), ((3, 5, 9, 9), 1), ((-9, 0, 9, 6), 0), ((4, 0, 2, 2), 0), ((0, 0, 0, 5), 0)],
)
def test_what_is_outside_is_cut_off(rectangle: tuple[int, int, int, int], erased: int) -> None:
    assert (augment.erase(ONES, *rectangle, value=0.5) == 0.5).sum() == 3 * erased


def test_a_cutout_lies_around_its_pixel() -> None:
    image = np.ones((1, 5, 5))
    np.testing.assert_array_equal(augment.cutout(image, 2, 2, 3)[0, 1:4, 1:4], 0)
    assert augment.cutout(image, 2, 2, 3).sum() == 25 - 9
    assert augment.cutout(image, 0, 4, 3).sum() == 25 - 4  # a corner: 2 x 2 of it are inside
    np.testing.assert_array_equal(augment.cutout(image, 2, 2, 0), image)


def test_mixup_by_hand() -> None:
    mixed = augment.mixup(np.array([[[0.0, 1.0]]]), np.array([[[1.0, 0.5]]]), 0.75)
    np.testing.assert_array_equal(mixed, [[[0.25, 0.875]]])
    np.testing.assert_array_equal(augment.mix_labels(2, 0, 0.75, 4), [0.25, 0, 0.75, 0])


def test_two_of_one_class_stay_of_it() -> None:
    np.testing.assert_array_equal(augment.mix_labels(1, 1, 0.3, 3), [0, 1, 0])


def test_all_of_one_or_of_the_other() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 3, 4, 4))
    np.testing.assert_array_equal(augment.mixup(a, b, 1), a)
    np.testing.assert_array_equal(augment.mixup(a, b, 0), b)


def test_cutmix_by_hand() -> None:
    mixed = augment.cutmix(ONES, ZEROS, 0, 4, 3, 2)
    np.testing.assert_array_equal(mixed[1], [[1, 1, 1, 1, 0, 0]] * 3 + [[1, 1, 1, 1, 1, 1]])
    assert augment.cutmix_share((4, 6), 0, 4, 3, 2) == 1 - 6 / 24


@pytest.mark.parametrize("rectangle", [(0, 0, 4, 6), (-2, -1, 4, 4), (3, 4, 5, 5), (9, 9, 2, 2), (1, 1, 0, 3)])
def test_the_share_is_what_is_really_left(rectangle: tuple[int, int, int, int]) -> None:
    assert augment.cutmix_share((4, 6), *rectangle) == pytest.approx(augment.cutmix(ONES, ZEROS, *rectangle).mean())


def test_a_rectangle_at_the_border_counts_for_less_than_was_asked_for() -> None:
    assert augment.cutmix_share((10, 10), -3, -3, 6, 6) == 1 - 9 / 100  # not 1 - 36 / 100
