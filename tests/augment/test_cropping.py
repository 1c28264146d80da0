"""Crops, padding and resizing: by hand and against PyTorch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnlab import augment

IMAGE = np.arange(12.0).reshape(1, 3, 4)


def test_a_crop_by_hand() -> None:
    np.testing.assert_array_equal(augment.crop(IMAGE, 1, 2, 2, 2), [[[6, 7], [10, 11]]])
    np.testing.assert_array_equal(augment.crop(IMAGE, 0, 0, 3, 4), IMAGE)


def test_padding_by_hand() -> None:
    padded = augment.pad(np.array([[[5.0]]]), 1, fill=2)
    np.testing.assert_array_equal(padded, [[[2, 2, 2], [2, 5, 2], [2, 2, 2]]])


def test_a_crop_of_the_padded_image_is_a_shift() -> None:
    cropped = augment.pad_crop(IMAGE, 2, 1, 3, 3, 4)
    np.testing.assert_array_equal(cropped, augment.translate(IMAGE, x=-1, y=1))


def test_masks_are_cropped_as_they_are() -> None:
    mask = np.arange(12).reshape(3, 4)
    assert augment.pad_crop(mask, 1, 0, 0, 3, 3).dtype == mask.dtype
    np.testing.assert_array_equal(augment.pad_crop(mask, 1, 0, 0, 3, 3), [[0, 0, 0], [0, 0, 1], [0, 4, 5]])


def test_resizing_by_hand() -> None:
    row = np.array([[[0.0, 4.0]]])
    # Four outputs, at 0.25, 0.75, 1.25 and 1.75 of the row; the pixels are at 0.5 and 1.5.
    np.testing.assert_array_equal(augment.resize(row, (1, 4)), [[[0, 1, 3, 4]]])
    np.testing.assert_array_equal(augment.resize(row, (1, 1)), [[[2]]])
    np.testing.assert_array_equal(augment.resize(row, (1, 4), "nearest"), [[[0, 0, 4, 4]]])


def test_its_own_size_changes_nothing() -> None:
    np.testing.assert_array_equal(augment.resize(IMAGE, (3, 4)), IMAGE)


@pytest.mark.parametrize("cells", [1, 2, 5, 32])
@pytest.mark.parametrize("outputs", [1, 3, 5, 33])
def test_weights_sum_to_one_and_are_symmetric(cells: int, outputs: int) -> None:
    weights = augment.resize_weights(cells, outputs)
    assert weights.shape == (outputs, cells) and (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights, weights[::-1, ::-1], atol=1e-15)


@pytest.mark.parametrize("size", [(4, 5), (20, 30), (9, 14), (3, 40), (1, 1)])
def test_resizing_is_pytorchs(size: tuple[int, int]) -> None:
    image = np.random.default_rng(0).random((3, 9, 14))
    batch = torch.tensor(image)[None]
    expected = F.interpolate(batch, size=size, mode="bilinear", antialias=True)[0].numpy()
    np.testing.assert_allclose(augment.resize(image, size), expected, atol=1e-12)
    nearest = F.interpolate(batch, size=size, mode="nearest-exact")[0].numpy()
    np.testing.assert_array_equal(augment.resize(image, size, "nearest"), nearest)


def test_a_resized_crop_sees_nothing_outside_of_the_crop() -> None:
    image = np.full((3, 10, 10), 9.0)
    image[:, 2:6, 3:8] = 1.0
    np.testing.assert_allclose(augment.resized_crop(image, 2, 3, 4, 5, (12, 11)), 1, atol=1e-12)


def test_a_resized_crop_is_a_crop_that_is_resized() -> None:
    image = np.random.default_rng(0).random((3, 10, 12)).astype(np.float32)
    crop = augment.crop(image, 1, 2, 6, 7)
    result = augment.resized_crop(image, 1, 2, 6, 7, 9)
    assert result.shape == (3, 9, 9) and result.dtype == np.float32
    np.testing.assert_array_equal(result, augment.resize(crop, 9))
