"""The named inputs: shapes, values of the decks, and the sentences that come with them."""

import json
from pathlib import Path

import numpy as np
import pytest

from cnnlab.data import EXAMPLES, example, photo, photos

# name, shape, smallest and largest value
SMALL = [
    ("step", (1, 8, 8), 0, 10),
    ("blocks", (1, 8, 8), 0, 10),
    ("small step", (1, 6, 6), 0, 10),
    ("numbers", (1, 5, 5), 0, 3),
    ("stripes", (1, 4, 4), 0, 2),
    ("signal", (1, 1, 5), 1, 5),
    ("dot", (1, 7, 7), 0, 1),
    ("letter", (1, 7, 7), 0, 1),
    ("digit", (1, 8, 8), 0, 16),
    ("eye", (1, 10, 10), 10, 149),
    ("color", (3, 6, 6), 1, 9),
    ("color patch", (3, 8, 8), 2, 236),
]

# name, the deck's worked example that it comes from
DECKS = [
    ("step", "A-vertical-edge"),
    ("step", "A-padding"),
    ("blocks", "A-horizontal-edge"),
    ("small step", "C-vertical"),
    ("numbers", "A-stride-grid"),
    ("stripes", "B-replicate"),
    ("signal", "C-1d"),
]

WORKED = Path(__file__).parents[1] / "data" / "worked_examples.json"


@pytest.mark.parametrize(("name", "shape", "low", "high"), SMALL)
def test_a_small_example_has_its_shape_and_whole_numbers(name, shape, low, high):
    values = example(name)
    assert (values.shape, values.dtype) == (shape, np.float64)
    assert (values.min(), values.max()) == (low, high)
    assert (values == values.round()).all()


@pytest.mark.parametrize(("name", "id"), DECKS)
def test_an_example_of_a_deck_has_the_numbers_of_the_deck(name, id):
    worked = {entry["id"]: entry for entry in json.loads(WORKED.read_text(encoding="utf-8"))["examples"]}
    np.testing.assert_array_equal(example(name)[0], np.atleast_2d(worked[id]["given"]["x"]))


def test_the_examples_come_in_teaching_order_small_ones_first_then_photos():
    small = [name for name, _, _, _ in SMALL]
    assert list(EXAMPLES) == [*small, *(f"photo: {name}" for name in photos()), "photo: cat, color"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_one_read_only_array_within_its_range(name):
    values = example(name)
    assert values is example(name)
    assert values.min() >= 0
    assert values.max() <= EXAMPLES[name].white
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0, 0] = 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_in_one_sentence_what_it_is(name):
    entry = EXAMPLES[name]
    assert entry.name == name
    assert entry.says.endswith(".")
    assert entry.says.count(". ") == 0
    assert entry.source


def test_the_dot_is_a_single_one_in_the_middle():
    dot = example("dot")[0]
    assert np.argwhere(dot).tolist() == [[3, 3]]
    assert dot[3, 3] == 1


def test_the_letter_is_changed_by_every_flip():
    letter = example("letter")[0]
    for flipped in (letter[::-1], letter[:, ::-1], letter[::-1, ::-1], letter.T):
        assert not np.array_equal(letter, flipped)


def test_each_channel_of_the_color_example_is_brightest_in_another_part():
    red, green, blue = example("color")
    assert np.argwhere(red == red.max()).min(axis=0).tolist() == [2, 1]  # the house
    assert (green[5] == green.max()).all()  # the grass
    assert (blue[0] == blue.max()).all()  # the sky


# A JPEG may be decoded a little differently elsewhere, so the patches are written out and compared within 2.
def test_the_eye_is_the_eye_of_the_cat():
    eye = photo("cat", gray=True)[66:126, 43:103].astype(float)
    np.testing.assert_allclose(example("eye")[0], eye.reshape(10, 6, 10, 6).mean(axis=(1, 3)), atol=2)


def test_the_color_patch_is_the_cup_of_coffee():
    cup = photo("coffee")[0:192, 40:232].astype(float)
    means = cup.reshape(8, 24, 8, 24, 3).mean(axis=(1, 3)).transpose(2, 0, 1)
    np.testing.assert_allclose(example("color patch"), means, atol=2)


@pytest.mark.parametrize("name", photos())
def test_a_photo_example_is_the_photo_in_gray(name):
    np.testing.assert_array_equal(example(f"photo: {name}"), photo(name, gray=True)[np.newaxis])


def test_the_color_photo_has_its_channels_first():
    np.testing.assert_array_equal(example("photo: cat, color")[1], photo("cat")[:, :, 1])


def test_an_unknown_example_is_answered_with_the_names():
    with pytest.raises(ValueError, match=r"name must be one of 'step', .*'photo: cat'.* but is 'stpe'"):
        example("stpe")
