"""The feature maps of the pooling lab: shapes, values of the decks; and digits with room."""

import numpy as np
import pytest

from cnnlab.data import EXAMPLES, digits
from cnnlab.data.maps import MAPS, ROOM, digits_with_room, feature_map
from tests.worked import example as worked

# name, shape, smallest and largest value
SHAPES = [
    ("four by four", (1, 4, 4), 0, 10),
    ("two lines", (1, 6, 6), 0, 10),
    ("after a kernel", (1, 4, 4), 0, 4),
    ("below zero", (1, 4, 4), -9, -1),
    ("spot", (1, 10, 10), 0, 9),
    ("digit with room", (1, 12, 12), 0, 16),
]


@pytest.mark.parametrize(("name", "shape", "low", "high"), SHAPES)
def test_a_map_has_its_shape_and_whole_numbers_and_cannot_be_written_to(name, shape, low, high):
    values = feature_map(name)
    assert (values.shape, values.dtype) == (shape, np.float64)
    assert (values.min(), values.max()) == (low, high)
    assert feature_map(name) is values and not values.flags.writeable


def test_every_map_is_in_the_table_and_says_what_it_is():
    assert [name for name, *_ in SHAPES] == list(MAPS)
    assert not set(MAPS) & set(EXAMPLES)
    assert all(entry.says.endswith(".") and entry.source for entry in MAPS.values())


@pytest.mark.parametrize(
    ("name", "deck", "part", "key"),
    [
        ("four by four", "A-avg-pool", "given", "x"),
        ("two lines", "C-avg-pool", "given", "x"),
        ("after a kernel", "B-replicate", "expect", "y"),
    ],
)
def test_a_map_of_a_deck_is_that_of_the_deck(name, deck, part, key):
    np.testing.assert_array_equal(feature_map(name)[0], worked(deck)[part][key])


def test_spot_and_digit_have_room():
    assert np.argwhere(feature_map("spot")[0]).min() == 3 and np.argwhere(feature_map("spot")[0]).max() == 5
    np.testing.assert_array_equal(feature_map("digit with room")[0, 2:10, 2:10], digits()[0][15])


def test_digits_with_room_are_the_digits_on_larger_paper():
    paper = digits_with_room()
    assert (paper.shape, paper.dtype, ROOM) == ((1797, 16, 16), np.float32, 4)
    np.testing.assert_array_equal(paper[:, 4:12, 4:12], digits()[0])
    assert paper.sum() == digits()[0].sum()
    assert digits_with_room(8).shape == (1797, 24, 24)


def test_an_unknown_map_is_answered_with_the_names():
    with pytest.raises(ValueError, match=r"name must be one of 'four by four', .* but is 'sopt'"):
        feature_map("sopt")
