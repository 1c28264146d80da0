"""Colors: by hand, by what must hold, and against colorsys and Pillow."""

import colorsys

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from cnnlab import augment

RED, GREEN, BLUE = np.eye(3).reshape(3, 3, 1, 1)
CYAN, WHITE, GRAY = 1 - RED, np.ones((3, 1, 1)), np.full((3, 1, 1), 0.4)
RNG = np.random.default_rng(0)
IMAGE = RNG.random((3, 6, 7))
ALL = (augment.adjust_brightness, augment.adjust_contrast, augment.adjust_saturation, augment.adjust_hue)


def test_brightness_by_hand_is_cut_off_at_white() -> None:
    np.testing.assert_array_equal(augment.adjust_brightness(np.array([[[0.25, 0.75]]]), 2), [[[0.5, 1]]])


def test_contrast_by_hand_goes_away_from_the_mean() -> None:
    image = np.array([[[0.25, 0.5, 0.75]]])
    np.testing.assert_array_equal(augment.adjust_contrast(image, 0), [[[0.5, 0.5, 0.5]]])
    np.testing.assert_array_equal(augment.adjust_contrast(image, 1.5), [[[0.125, 0.5, 0.875]]])


def test_saturation_by_hand_goes_away_from_gray() -> None:
    np.testing.assert_allclose(augment.adjust_saturation(RED, 0).ravel(), [0.299] * 3)
    np.testing.assert_allclose(augment.adjust_saturation(RED, 0.5).ravel(), [0.6495, 0.1495, 0.1495])


def test_gray_by_hand() -> None:
    for color, gray in ((RED, 0.299), (GREEN, 0.587), (BLUE, 0.114), (WHITE, 1), (GRAY, 0.4)):
        np.testing.assert_allclose(augment.rgb_to_grayscale(color), np.full((3, 1, 1), gray), atol=1e-15)


def test_hue_by_hand_goes_around_the_wheel() -> None:
    np.testing.assert_allclose(augment.adjust_hue(RED, 1 / 3), GREEN, atol=1e-12)
    np.testing.assert_allclose(augment.adjust_hue(RED, -1 / 3), BLUE, atol=1e-12)
    for half in (0.5, -0.5):
        np.testing.assert_allclose(augment.adjust_hue(RED, half), CYAN, atol=1e-12)


@pytest.mark.parametrize("factor", [-0.5, -0.3, -0.01, 0.0, 0.1, 0.25, 0.5])
def test_hue_is_that_of_colorsys(factor: float) -> None:
    colors = np.concatenate([IMAGE.reshape(3, -1), np.eye(3), 1 - np.eye(3), np.zeros((3, 1)), np.ones((3, 1))], axis=1)
    changed = augment.adjust_hue(colors[:, None], factor)[:, 0].T
    for pixel, result in zip(colors.T, changed, strict=True):
        h, s, v = colorsys.rgb_to_hsv(*pixel)
        np.testing.assert_allclose(result, colorsys.hsv_to_rgb((h + factor) % 1, s, v), atol=1e-12)


@pytest.mark.parametrize("factor", [0, 0.4, 1, 1.7])
@pytest.mark.parametrize(
    ("adjust", "enhance"),
    [
        (augment.adjust_brightness, ImageEnhance.Brightness),
        (augment.adjust_contrast, ImageEnhance.Contrast),
        (augment.adjust_saturation, ImageEnhance.Color),
    ],
)
def test_pillow_agrees_up_to_its_whole_numbers(adjust: object, enhance: object, factor: float) -> None:
    # Pillow rounds the gray and the result to whole numbers of 255: three such errors at most.
    pixels = RNG.integers(0, 256, (20, 20, 3), dtype=np.uint8)
    expected = np.asarray(enhance(Image.fromarray(pixels)).enhance(factor)).transpose(2, 0, 1)
    result = adjust(pixels.transpose(2, 0, 1) / 255, factor) * 255
    assert np.abs(result - expected).max() <= 2


@pytest.mark.parametrize("adjust", ALL)
def test_factor_one_and_no_turn_change_nothing(adjust: object) -> None:
    np.testing.assert_array_equal(adjust(IMAGE, 0 if adjust is augment.adjust_hue else 1), IMAGE)


def test_two_half_turns_are_one_turn() -> None:
    twice = augment.adjust_hue(augment.adjust_hue(IMAGE, 0.5), -0.5)
    np.testing.assert_allclose(twice, IMAGE, atol=1e-12)
    np.testing.assert_allclose(augment.adjust_hue(IMAGE, 0.5), augment.adjust_hue(IMAGE, -0.5), atol=1e-12)


def test_hue_keeps_the_largest_and_the_smallest_channel() -> None:
    turned = augment.adjust_hue(IMAGE, 0.23)
    np.testing.assert_allclose(turned.max(axis=0), IMAGE.max(axis=0))
    np.testing.assert_allclose(turned.min(axis=0), IMAGE.min(axis=0))


def test_gray_stays_gray_and_has_neither_hue_nor_saturation() -> None:
    gray = np.repeat(RNG.random((1, 4, 5)), 3, axis=0)
    for same in (augment.rgb_to_grayscale(gray), augment.adjust_hue(gray, 0.3), augment.adjust_saturation(gray, 2)):
        np.testing.assert_allclose(same, gray, atol=1e-15)


def test_one_channel_is_gray_already() -> None:
    gray = RNG.random((1, 4, 5))
    for same in (augment.rgb_to_grayscale(gray), augment.adjust_hue(gray, 0.3), augment.adjust_saturation(gray, 2)):
        np.testing.assert_allclose(same, gray, atol=1e-15)


def test_channels_in_another_order() -> None:
    np.testing.assert_array_equal(augment.permute_channels(IMAGE, (2, 1, 0)), IMAGE[::-1])
    cycled = augment.permute_channels(IMAGE, (1, 2, 0))
    np.testing.assert_array_equal(cycled[0], IMAGE[1])
    np.testing.assert_array_equal(augment.permute_channels(cycled, (2, 0, 1)), IMAGE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays_and_nothing_leaves_0_to_1(dtype: type) -> None:
    image = IMAGE.astype(dtype)
    for adjust in ALL:
        for factor in (np.float64(0.4), 0.5) if adjust is augment.adjust_hue else (np.float64(0.3), 3.0):
            changed = adjust(image, factor)
            assert changed.dtype == dtype
            assert changed.min() >= 0 and changed.max() <= 1
    assert augment.rgb_to_grayscale(image).dtype == dtype
