"""A photo's channels: what is stored, what is cut off, what the gray value is."""

import numpy as np
import pytest

from cnnlab.traces.channels import GRAY_MIXES, channels

PHOTO = np.array([[[250, 128, 0], [10, 10, 10]], [[0, 0, 255], [100, 200, 100]]], np.uint8)


def test_a_photo_that_is_not_changed_is_stored_as_it_is() -> None:
    mixed = channels(PHOTO)
    np.testing.assert_array_equal(mixed.stored, PHOTO)
    assert mixed.at(0, 0).channel(0) == "R: 250"


def test_brightness_is_added_and_cut_at_both_ends() -> None:
    brighter = channels(PHOTO, brightness=60)
    assert brighter.stored[0, 0].tolist() == [255, 188, 60]
    darker = channels(PHOTO, brightness=-60)
    assert darker.stored[0, 0].tolist() == [190, 68, 0]
    assert brighter.at(0, 0).channel(0) == "R: 250 + 60 = 310 → 255"
    assert darker.at(0, 0).channel(2) == "B: 0 − 60 = −60 → 0"


def test_what_eight_bits_would_make_of_it_is_what_numpy_makes_of_it() -> None:
    says = channels(PHOTO, brightness=60).at(0, 0).says()
    overflowed = (PHOTO[0, 0, 0].astype(int) + 60).astype(np.uint8)
    assert says == (
        "R would be 310, but a pixel holds 0 to 255: it stays at 255. In 8 bits, with nothing to stop it, it "
        f"would have become {overflowed}."
    )
    below = channels(PHOTO, brightness=-11).at(0, 1).says()
    assert "R would be −1" in below and "stays at 0" in below and "would have become 255." in below


def test_a_gain_multiplies_its_own_channel_only() -> None:
    mixed = channels(PHOTO, gains=(0.5, 1, 0))
    assert mixed.stored[1, 1].tolist() == [50, 200, 0]
    pixel = mixed.at(1, 1)
    assert [pixel.channel(i) for i in range(3)] == ["R: 0.5·100 = 50", "G: 200", "B: 0·100 = 0"]


def test_gray_is_the_weighted_sum_of_what_is_stored() -> None:
    mixed = channels(PHOTO, brightness=60, gray="eye")
    assert mixed.gray[0, 0] == pytest.approx(0.299 * 255 + 0.587 * 188 + 0.114 * 60, rel=1e-6)
    assert mixed.at(0, 0).gray_formula() == "gray = 0.299·255 + 0.587·188 + 0.114·60 = 193.441"
    np.testing.assert_allclose(channels(PHOTO, gray="mean").gray, PHOTO.mean(axis=-1), rtol=1e-6)
    np.testing.assert_allclose(channels(PHOTO, gray="green only").gray, PHOTO[..., 1])
    assert channels(PHOTO, gray="mean").at(0, 1).gray_formula() == "gray = (10 + 10 + 10) / 3 = 10"
    assert channels([[[29, 0, 0]]], gray="mean").at(0, 0).gray_formula() == "gray = (29 + 0 + 0) / 3 ≈ 9.67"
    assert channels(PHOTO, gray="0 0 0").at(0, 0).gray_formula() == "gray = 0"


@pytest.mark.parametrize("mix", ["eye", "mean"])
def test_the_weights_of_a_mix_that_keeps_white_white_add_up_to_one(mix: str) -> None:
    assert sum(GRAY_MIXES[mix]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((0, 0), "strongest in red, 250 of 255, and weakest in blue"),
        ((0, 1), "Red, green and blue are equal here"),
        ((1, 0), "strongest in blue, 255 of 255"),
        ((1, 1), "strongest in green, 200 of 255"),
    ],
)
def test_the_sentence_is_true_of_the_pixel(place: tuple[int, int], words: str) -> None:
    assert words in channels(PHOTO).at(*place).says()


def test_two_channels_that_are_equal_and_strongest_are_both_named() -> None:
    assert channels([[[9, 200, 200]]]).at(0, 0).says() == "Green and blue are equal and strongest, red is weakest."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"photo": np.zeros((4, 4))}, "photo must have the axes (H, W, 3), but its shape is (4, 4)"),
        ({"photo": np.zeros((3, 4, 4))}, "but its shape is (3, 4, 4)"),
        ({"photo": np.zeros((0, 4, 3))}, "but its shape is (0, 4, 3)"),
        ({"photo": np.full((2, 2, 3), 256)}, "photo must hold numbers from 0 to 255"),
        ({"photo": np.full((2, 2, 3), np.nan)}, "photo must hold numbers from 0 to 255"),
        ({"photo": np.full((2, 2, 3), "x")}, "photo must hold numbers from 0 to 255"),
        ({"photo": PHOTO, "gains": (1, -1, 1)}, "red, green and blue must be 0 or more, but are 1, −1, 1"),
        ({"photo": PHOTO, "gray": "sepia"}, "gray must be one of eye, mean, red only"),
        ({"photo": PHOTO, "gray": "1 2"}, "or three numbers such as 0.3 0.6 0.1"),
        ({"photo": PHOTO, "gray": (1, np.inf, 0)}, "or three numbers"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError) as error:
        channels(**arguments)  # type: ignore[arg-type]
    assert words in str(error.value)
