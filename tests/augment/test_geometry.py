"""Flips and the warp: by hand, by what must hold, and against PyTorch and Pillow."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from cnnlab import augment

ROWS = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])  # (1, 2, 3)
DOT = np.zeros((1, 3, 5))
DOT[0, 1, 2] = 1.0  # in the middle


def test_flips_by_hand() -> None:
    np.testing.assert_array_equal(augment.horizontal_flip(ROWS), [[[3, 2, 1], [6, 5, 4]]])
    np.testing.assert_array_equal(augment.vertical_flip(ROWS), [[[4, 5, 6], [1, 2, 3]]])


def test_a_shift_by_hand_goes_right_and_down() -> None:
    np.testing.assert_array_equal(augment.translate(ROWS, x=1), [[[0, 1, 2], [0, 4, 5]]])
    np.testing.assert_array_equal(augment.translate(ROWS, y=1, fill=9), [[[9, 9, 9], [1, 2, 3]]])


def test_half_a_pixel_to_the_right_mixes_two_neighbors() -> None:
    np.testing.assert_array_equal(augment.translate(ROWS, x=0.5), [[[0.5, 1.5, 2.5], [2, 4.5, 5.5]]])


def test_a_quarter_turn_by_hand_goes_counter_clockwise() -> None:
    square = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    np.testing.assert_array_equal(augment.rotate(square, 90), [[[2, 4], [1, 3]]])
    np.testing.assert_array_equal(augment.affine(square, angle=90), [[[3, 1], [4, 2]]])


def test_zoom_by_hand() -> None:
    by_two = augment.zoom(np.arange(16.0).reshape(1, 4, 4), 2, interpolation="nearest")
    np.testing.assert_array_equal(by_two, [[[5, 5, 6, 6], [5, 5, 6, 6], [9, 9, 10, 10], [9, 9, 10, 10]]])


def test_a_shear_moves_the_upper_half_right_and_keeps_the_middle_row() -> None:
    column = np.zeros((1, 3, 5))
    column[0, :, 2] = 1
    leaning = augment.shear(column, x=45)
    np.testing.assert_allclose(leaning[0], [[0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0]], atol=1e-12)


def test_nothing_to_do_gives_the_same_numbers() -> None:
    image = np.random.default_rng(0).random((3, 5, 8))
    for same in (
        augment.affine(image),
        augment.rotate(image, 360),
        augment.zoom(image, 1),
        augment.translate(image),
        augment.shear(image),
        augment.horizontal_flip(augment.horizontal_flip(image)),
        augment.vertical_flip(augment.vertical_flip(image)),
    ):
        np.testing.assert_array_equal(same, image)


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("side", [4, 7])
def test_four_quarter_turns_lose_nothing(interpolation: str, side: int) -> None:
    image = np.random.default_rng(0).random((3, side, side))
    turned = image
    for _ in range(4):
        turned = augment.rotate(turned, 90, interpolation)
        assert not np.array_equal(turned, image) or _ == 3
    np.testing.assert_array_equal(turned, image)
    np.testing.assert_array_equal(augment.rotate(image, 90, interpolation), np.rot90(image, axes=(1, 2)))


def test_every_function_turns_about_the_middle() -> None:
    for moved in (augment.rotate(DOT, 180), augment.zoom(DOT, 1), augment.affine(DOT, 180, (0, 0), 1)):
        np.testing.assert_allclose(moved, DOT, atol=1e-12)


def test_the_order_is_shear_then_turn_then_shift() -> None:
    """A point by hand: (1, 0) from the center, twice as far, sheared down-to-left, turned clockwise, shifted."""
    matrix = augment.affine_matrix((4, 4), angle=90, translate=(10, 20), scale=2, shear=(0, 45))
    # scale: (2, 0); shear y by 45: (2, -2); clockwise quarter: (x, y) -> (-y, x): (2, 2); center (2, 2); shift.
    np.testing.assert_allclose(matrix @ [3, 2, 1], [14, 24])


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_affine_is_grid_sample(seed: int, interpolation: str) -> None:
    rng = np.random.default_rng(seed)
    image = rng.random((3, *rng.integers(2, 15, 2)))
    numbers = {
        "angle": rng.uniform(-180, 180),
        "translate": rng.uniform(-6, 6, 2),
        "scale": rng.uniform(0.3, 3),
        "shear": rng.uniform(-50, 50, 2),
    }
    expected = _grid_sample(image, augment.affine_matrix(image.shape[1:], **numbers), interpolation)
    np.testing.assert_allclose(augment.affine(image, **numbers, interpolation=interpolation), expected, atol=1e-12)


def _grid_sample(image: np.ndarray, matrix: np.ndarray, mode: str) -> np.ndarray:
    """PyTorch counts from -1 to 1 between the edges: x = (grid + 1) * width / 2."""
    height, width = image.shape[1:]
    pixels = np.array([[width / 2, 0, width / 2], [0, height / 2, height / 2], [0, 0, 1]])
    theta = np.linalg.inv(pixels) @ np.linalg.inv(np.vstack([matrix, [0, 0, 1]])) @ pixels
    grid = F.affine_grid(torch.tensor(theta[None, :2]), (1, *image.shape), align_corners=False)
    sampled = F.grid_sample(torch.tensor(image)[None], grid, mode=mode, padding_mode="zeros", align_corners=False)
    return sampled[0].numpy()


@pytest.mark.parametrize("angle", [0, 30, 89, -77, 200])
def test_rotate_is_pillows_where_nothing_is_mixed(angle: float) -> None:
    image = np.random.default_rng(3).random((9, 12)).astype(np.float32)
    expected = Image.fromarray(image).rotate(angle, resample=Image.Resampling.NEAREST)
    np.testing.assert_array_equal(augment.rotate(image, angle, "nearest"), np.asarray(expected))


def test_fill_comes_in_where_the_image_ends_and_mixes_with_it() -> None:
    ones = np.ones((1, 8, 8))
    np.testing.assert_allclose(augment.affine(ones, 33, (0.3, 1), 0.7, (9, 4), fill=1), ones, atol=1e-12)
    half = augment.zoom(ones, 0.5, fill=0.25)
    assert set(np.round(half, 12).ravel()) == {0.25, 1.0}


def test_a_mask_keeps_its_classes_and_its_dtype() -> None:
    mask = np.random.default_rng(0).integers(0, 5, (20, 30)) * 10
    turned = augment.rotate(mask, 25, "nearest")
    assert turned.shape == mask.shape and turned.dtype == mask.dtype
    assert set(np.unique(turned)) <= set(np.unique(mask))
    assert augment.rotate(mask > 20, 25, "nearest").dtype == bool


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(dtype: type) -> None:
    image = np.random.default_rng(0).random((3, 5, 6)).astype(dtype)
    for changed in (augment.rotate(image, 20), augment.zoom(image, np.float64(1.5)), augment.horizontal_flip(image)):
        assert changed.dtype == dtype


def test_float32_is_float64_rounded() -> None:
    image = np.random.default_rng(0).random((3, 30, 30))
    np.testing.assert_allclose(augment.rotate(image.astype(np.float32), 20), augment.rotate(image, 20), atol=1e-6)


def test_an_output_may_have_another_size() -> None:
    identity = augment.affine_matrix((2, 3))
    np.testing.assert_array_equal(augment.warp(ROWS, identity, size=(1, 4)), [[[1, 2, 3, 0]]])


def test_a_point_on_an_edge_belongs_to_the_second_pixel() -> None:
    row = np.arange(6.0).reshape(1, 1, 6)
    np.testing.assert_array_equal(augment.translate(row, x=0.5, interpolation="nearest"), row)
    np.testing.assert_array_equal(augment.zoom(row, 1.5, interpolation="nearest"), [[[1, 2, 2, 3, 4, 4]]])
    # 10 pixels: 2 / 3 is rounded down, so that the sources 2 and 4 come out just below.
    row = np.arange(10.0).reshape(1, 1, 10)
    wide = augment.zoom(row, 1.5, interpolation="nearest")
    np.testing.assert_array_equal(wide, [[[2, 2, 3, 4, 4, 5, 6, 6, 7, 8]]])


def test_a_matrix_and_its_inverse() -> None:
    matrix = augment.affine_matrix((8, 6), 20, (1, 2), 1.5, (10, 5))
    point = np.array([3.0, 4.0])
    moved = matrix[:, :2] @ point + matrix[:, 2]
    back = augment.inverse_matrix(matrix)
    np.testing.assert_allclose(back[:, :2] @ moved + back[:, 2], point)


def test_the_matrix_of_a_flip_is_the_flip() -> None:
    image = np.random.default_rng(0).random((3, 4, 7))
    for horizontal, flip in ((True, augment.horizontal_flip), (False, augment.vertical_flip)):
        matrix = augment.inverse_matrix(augment.flip_matrix((4, 7), horizontal))
        np.testing.assert_array_equal(augment.warp(image, matrix), flip(image))
