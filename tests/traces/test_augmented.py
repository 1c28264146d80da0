"""A transform explained pixel by pixel: the explanation gives the picture, and what belongs to it moves along."""

import colorsys

import numpy as np
import pytest

from cnnlab.traces.augmented import Truth, augmented, tight_box
from cnnlab.traces.augmented_words import box_says, called, equations, mask_says, pixel_lines, says
from cnnlab.traces.transforms import COLOR, GEOMETRY, Step, step_for

GIVEN = {
    "angle": 25.0,
    "x": 10.0,
    "y": -20.0,
    "zoom": 0.7,
    "shear": 15.0,
    "top": 25.0,
    "left": 100.0,
    "size": 50.0,
    "factor": 1.5,
    "hue": 0.2,
    "order": "GBR",
}
RNG = np.random.default_rng(0)
IMAGE = RNG.random((3, 8, 10)).astype(np.float32)
RAMP = np.broadcast_to(np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], np.float32), (3, 2, 3))


def of(name, image=IMAGE, truth=None, **given):
    step = step_for(name, {**GIVEN, **given}, image.shape[1:])
    return augmented(image, step, truth or Truth())


@pytest.mark.parametrize("name", GEOMETRY)
def test_the_parts_of_every_pixel_add_up_to_it(name):
    a = of(name)
    for row, col in np.ndindex(a.size):
        pixel = a.at(row, col)
        mixed = sum((w * IMAGE[:, r, c] for w, r, c in pixel.parts), np.zeros(3))
        np.testing.assert_allclose(mixed, pixel.new, atol=1e-6)
        assert sum(w for w, _, _ in pixel.parts) <= 1 + 1e-9


def test_a_flip_a_shift_and_a_crop_written_out():
    np.testing.assert_allclose(of("horizontal flip", RAMP).after[0], [[0.3, 0.2, 0.1], [0.6, 0.5, 0.4]])
    np.testing.assert_allclose(of("vertical flip", RAMP).after[0], [[0.4, 0.5, 0.6], [0.1, 0.2, 0.3]])
    shifted = augmented(RAMP, Step("shift", (1.0, 0.0)))
    np.testing.assert_allclose(shifted.after[0], [[0, 0.1, 0.2], [0, 0.4, 0.5]], atol=1e-7)
    assert shifted.at(0, 0).parts == ()
    assert shifted.at(0, 1).parts == ((1.0, 0, 0),)
    half = augmented(RAMP, Step("shift", (0.5, 0.0)))
    np.testing.assert_allclose(half.after[0, 0], [0.05, 0.15, 0.25], atol=1e-7)
    assert half.at(1, 1).source == (1.0, 0.5)
    crop = augmented(np.repeat(np.repeat(RAMP, 2, 1), 2, 2), Step("crop", (0, 4, 2, 2)))
    np.testing.assert_allclose(crop.after[0], np.full((4, 6), 0.3), atol=1e-6)


def test_a_quarter_turn_is_counter_clockwise():
    square = np.zeros((3, 3, 3), np.float32)
    square[:, 0, 1] = 1  # at the top
    turned = augmented(square, Step("rotation", (90.0,)))
    np.testing.assert_allclose(turned.after[0], [[0, 0, 0], [1, 0, 0], [0, 0, 0]], atol=1e-6)  # on the left
    assert turned.at(1, 0).parts == ((1.0, 0, 1),)


def test_colors_written_out():
    pixel = np.array([0.8, 0.4, 0.2], np.float32).reshape(3, 1, 1)
    gray = 0.299 * 0.8 + 0.587 * 0.4 + 0.114 * 0.2
    for name, expected in {
        "brightness": [1, 0.6, 0.3],
        "contrast": [1.5 * 0.8 - 0.5 * gray, 1.5 * 0.4 - 0.5 * gray, 1.5 * 0.2 - 0.5 * gray],
        "saturation": [1.5 * 0.8 - 0.5 * gray, 1.5 * 0.4 - 0.5 * gray, 1.5 * 0.2 - 0.5 * gray],
        "gray": [gray] * 3,
        "channel shuffle": [0.4, 0.2, 0.8],
    }.items():
        np.testing.assert_allclose(of(name, pixel).at(0, 0).new, np.clip(expected, 0, 1), atol=1e-6)
    hue, saturation, value = colorsys.rgb_to_hsv(0.8, 0.4, 0.2)
    expected = colorsys.hsv_to_rgb(hue + 0.2, saturation, value)
    np.testing.assert_allclose(of("hue", pixel).at(0, 0).new, expected, atol=1e-6)
    assert of("brightness", pixel).clipped == pytest.approx(1 / 3)


def test_percent_become_pixels():
    assert step_for("shift", GIVEN, (8, 10)).values == (1.0, -1.6)
    assert step_for("crop", GIVEN, (8, 10)).values == (1, 5, 4, 5)
    assert step_for("crop", {**GIVEN, "size": 100.0}, (8, 10)).values == (0, 0, 8, 10)
    assert step_for("crop", {**GIVEN, "size": 10.0}, (1, 3)).values == (0, 2, 1, 1)
    for name in GEOMETRY | COLOR:
        assert set(step_for(name, GIVEN, (8, 10)).numbers) == set((GEOMETRY | COLOR)[name])


def test_what_is_outside_is_what_nothing_is_mixed_for():
    assert of("horizontal flip").outside == 0
    assert augmented(IMAGE, Step("shift", (5.0, 0.0))).outside == 0.5
    assert augmented(IMAGE[..., :8], Step("zoom", (0.5,))).outside == 0.75
    assert of("hue").outside == 0


def disk():
    rows, cols = np.mgrid[:40, :40]
    return (rows - 20) ** 2 + (cols - 20) ** 2 <= 64


def test_the_box_around_a_turned_box_is_larger_than_its_thing_needs():
    mask = disk().astype(np.uint8) * 3
    truth = Truth((tight_box(mask),), mask, (disk(),))
    image = np.zeros((3, 40, 40), np.float32)
    turned = of("rotation", image, truth, angle=45.0)
    (x1, y1, x2, y2), (t1, u1, t2, u2) = turned.boxes[0], turned.tight[0]
    assert x2 - x1 == pytest.approx(17 * np.sqrt(2)) and y2 - y1 == pytest.approx(17 * np.sqrt(2))
    assert x1 < t1 and y1 < u1 and x2 > t2 and y2 > u2
    assert t2 - t1 <= 18 and u2 - u1 <= 18
    assert set(np.unique(turned.mask)) == {0, 3}
    assert "area × 2" in box_says(turned)
    gone = augmented(image, Step("shift", (40.0, 0.0)), truth)
    assert gone.boxes == (None,) and gone.tight == (None,)
    assert box_says(gone) == "box: nothing is left of it"


def test_mixing_class_numbers_makes_classes_that_were_not_there():
    mask = disk().astype(np.uint8) * 3
    a = of("rotation", np.zeros((3, 40, 40), np.float32), Truth((), mask), angle=20.0)
    for row, col in np.ndindex(40, 40):
        pixel = a.at(row, col)
        had = {int(mask[r, c]) for w, r, c in pixel.parts if w > 1e-6} | ({0} if len(pixel.parts) < 4 else set())
        if abs(a.blended[row, col] % 1 - 0.5) > 1e-3:
            assert a.invented[row, col] == (round(float(a.blended[row, col])) not in had), (row, col)
    assert a.invented.sum() > 10
    assert str(a.invented.sum()) in mask_says(a)
    only_one = of("rotation", a.before, Truth((), disk().astype(np.uint8)), angle=20.0)
    assert mask_says(only_one) == "" and of("hue", truth=Truth((), mask[:8, :10])).invented is None


def test_the_loupe_shows_the_old_pixels_around_the_place():
    top, left, colors = augmented(IMAGE, Step("shift", (0.5, 0.25))).at(3, 4).around
    assert (top, left) == (1, 2)
    np.testing.assert_array_equal(colors, IMAGE[:, 1:5, 2:6])
    top, left, colors = augmented(IMAGE, Step("shift", (3.0, 3.0))).at(0, 0).around
    assert (top, left) == (-4, -4) and not colors.any()


def test_words():
    assert equations(np.array([[0.5, -1, 3], [0, 2, -4.25]]), "x′ y′", "x y") == (
        "x′ = 0.5 · x − 1 · y + 3",
        "y′ = 0 · x + 2 · y − 4.25",
    )
    assert called(Step("rotation", (-12.34,))) == "rotation −12.3°"
    assert called(Step("shift", (3.0, -2.0))) == "shift x 3, y −2"
    assert called(Step("horizontal flip")) == "horizontal flip"
    assert pixel_lines(augmented(RAMP, Step("shift", (0.5, 0.0))).at(1, 1)) == (
        "new pixel [1, 1] is read at row 1, column 0.5 of the old picture",
        "red = 0.5 · 0.4 + 0.5 · 0.5 ≈ 0.45",
    )
    assert pixel_lines(augmented(RAMP, Step("shift", (2.0, 0.0))).at(0, 1))[0].endswith("outside")
    assert "one pixel, nothing is mixed" in pixel_lines(of("horizontal flip").at(2, 3))[1]
    assert "50% of the new picture is black" in says(augmented(IMAGE, Step("shift", (5.0, 0.0))))


@pytest.mark.parametrize("name", [*GEOMETRY, *COLOR])
def test_every_transform_says_something_about_every_pixel(name):
    a = of(name)
    assert says(a)
    for row, col in np.ndindex(a.size):
        first, second = pixel_lines(a.at(row, col))
        assert f"[{row}, {col}]" in first and second


def test_a_gray_pixel_has_no_hue():
    assert "no hue" in pixel_lines(of("hue", RAMP).at(0, 0))[1]


def test_the_picture_that_was_given_is_not_written_to():
    before = IMAGE.copy()
    for name in GEOMETRY | COLOR:
        assert not of(name).after.flags.writeable
    np.testing.assert_array_equal(IMAGE, before)
