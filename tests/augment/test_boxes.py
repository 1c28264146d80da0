"""Boxes: by hand, and against the mask of the object."""

import numpy as np
import pytest

from cnnlab import augment

SIZE = (4, 10)  # height, width


def test_flips_by_hand() -> None:
    assert augment.horizontal_flip_box((1, 0, 4, 3), SIZE) == (6, 0, 9, 3)
    assert augment.vertical_flip_box((1, 0, 4, 3), SIZE) == (1, 1, 4, 4)


def test_a_quarter_turn_by_hand() -> None:
    assert augment.rotate_box((1, 0, 2, 1), (4, 4), 90) == (0, 2, 1, 3)
    assert augment.affine_box((1, 0, 2, 1), (4, 4), angle=90) == (3, 1, 4, 2)


def test_a_box_is_cut_off_at_the_border() -> None:
    assert augment.affine_box((1, 0, 4, 3), SIZE, translate=(-2, 2)) == (0, 2, 2, 4)


def test_a_box_that_left_is_gone() -> None:
    assert augment.affine_box((1, 0, 4, 3), SIZE, translate=(-4, 0)) is None
    assert augment.crop_box((1, 0, 4, 3), 0, 5, 4, 5) is None


def test_a_crop_by_hand() -> None:
    assert augment.crop_box((1, 0, 4, 3), 1, 2, 3, 5) == (0, 0, 2, 2)
    assert augment.crop_box((2, 1, 4, 3), 1, 2, 2, 4, size=(4, 4)) == (0, 0, 2, 4)


def test_turned_by_45_degrees_and_back_a_square_box_has_twice_its_width() -> None:
    size = (100, 100)
    there = augment.rotate_box((40, 40, 60, 60), size, 45)
    assert there is not None
    back = augment.rotate_box(there, size, -45)
    np.testing.assert_allclose(back, (30, 30, 70, 70))


@pytest.mark.parametrize("seed", range(10))
def test_the_object_stays_in_its_box(seed: int) -> None:
    """A filled box as an image: where it goes, and where its box says that it goes."""
    rng = np.random.default_rng(seed)
    image = np.zeros((1, 60, 80))
    image[0, 20:35, 30:60] = 1
    numbers = {
        "angle": rng.uniform(-180, 180),
        "translate": rng.uniform(-30, 30, 2),
        "scale": rng.uniform(0.6, 1.5),
        "shear": rng.uniform(-20, 20, 2),
    }
    rows, columns = np.nonzero(augment.affine(image, **numbers)[0] > 0.5)
    x1, y1, x2, y2 = augment.affine_box((30, 20, 60, 35), (60, 80), **numbers)
    # The corners of pixels that are half filled reach a pixel beyond; a sharp corner may fill none.
    np.testing.assert_allclose((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1), (x1, y1, x2, y2), atol=2)
