"""The way back through dropout, against numbers worked by hand, the op, and central differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.traces.dropout import dropout_layer
from cnnlab.traces.dropout_backward import DropoutGradients, dropout_gradients
from tests.traces.calculator import check


def made(**settings: object) -> DropoutGradients:
    """[2, 4, 6, 8] under the mask of deck A, half of it dropped; 3 comes back everywhere."""
    given_ = {"x": [2, 4, 6, 8], "p": 0.5, "mask": [1, 0, 1, 0], **settings}
    return dropout_gradients(dropout_layer(**given_), np.full(len(given_["x"]), 3.0))


# settings, dx, its first line, what is said of it
WAYS = [
    ({}, [6, 0, 6, 0], "dx[0] = dy[0]·mask[0] / (1 − p) = 3·1 / (1 − 0.5) = 6", "same way back, times 1 / (1 − p) = 2"),
    ({"inverted": False}, [3, 0, 3, 0], "dx[0] = dy[0]·mask[0] = 3·1 = 3", "takes the same way back, as it is."),
    ({"training": False}, [3, 3, 3, 3], "dx[0] = dy[0] = 3", "nothing is dropped: each gradient goes back as it is."),
    (
        {"training": False, "inverted": False},
        [1.5, 1.5, 1.5, 1.5],
        "dx[0] = dy[0]·(1 − p) = 3·(1 − 0.5) = 1.5",
        "goes back times 1 − p = 0.5, as its number does.",
    ),
    ({"p": 1}, [0, 0, 0, 0], "dx[0] = 0: with p = 1 nothing is kept = 0", "x[0] was dropped"),
]


@pytest.mark.parametrize(("settings", "dx", "line", "words"), WAYS)
def test_each_way_has_its_numbers_its_line_and_its_sentence(settings, dx, line, words):
    found = made(**settings)
    assert found.grad_x.tolist() == dx
    assert str(found.equation(0)) == line
    assert words in found.says(0)


def test_what_was_dropped_gets_no_gradient_and_is_told_why():
    assert str(made().equation(1)) == "dx[1] = dy[1]·mask[1] / (1 − p) = 3·0 / (1 − 0.5) = 0"
    assert made().says(1) == "x[1] was dropped: it had no part in the output, and no gradient comes back to it."


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 1)), min_size=1, max_size=6),
    st.sampled_from([0, 0.2, 0.5, 0.75, 1]),
    st.booleans(),
    st.booleans(),
)
def test_number_and_gradient_take_the_same_factor_and_nudging_agrees(rows, p, training, inverted):
    x, dy, mask = (np.array(column, float) for column in zip(*rows, strict=True))
    found = dropout_gradients(dropout_layer(x, p, training, mask=mask, inverted=inverted), dy)
    back = ops.dropout_backward if inverted else ops.non_inverted_dropout_backward
    np.testing.assert_array_equal(found.grad_x, back(dy, x, p, training, mask=mask))
    np.testing.assert_allclose(found.forward.y, x * found.forward.factor, atol=1e-12)
    np.testing.assert_allclose(found.grad_x, dy * found.forward.factor, atol=1e-12)
    assert found.check_error < 1e-8
    for i in range(len(x)):
        assert found.equation(i).result == found.grad_x[i]
        check(found.equation(i))


def test_a_new_mask_at_every_nudge_compares_two_functions():
    """Half a difference of two losses, some tens apart, is divided by a nudge of a hundred thousandth."""
    found = made()
    assert found.check_error < 1e-8
    assert found.redrawn_error > 1e5
    assert "this mask held: dx is off by at most 10⁻⁹. With a new mask at every nudge: by" in found.checked()
    assert "two different functions" in found.checked()


@pytest.mark.parametrize("settings", [{"p": 0}, {"p": 1}, {"training": False}])
def test_without_chance_there_is_no_mask_to_hold(settings):
    assert not made(**settings).draws
    assert made(**settings).checked() == "Central differences: dx is off by at most 10⁻⁹."


def test_where_no_gradient_arrives_a_new_mask_changes_nothing():
    found = dropout_gradients(dropout_layer([2, 4], 0.5, mask=[1, 0]), [0, 0])
    assert found.draws and found.redrawn_error == 0
    assert found.checked() == "Central differences: dx is off by at most 10⁻⁹."


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: made().equation(4), "index must be from 0 to 3, but is 4"),
        (lambda: made().says(-1), "index must be from 0 to 3, but is -1"),
        (lambda: dropout_gradients(dropout_layer([1], mask=[1]), [1, 2]), "grad_y must have 1 numbers, but has 2"),
    ],
)
def test_what_is_not_there_cannot_be_asked(ask, words):
    with pytest.raises(ValueError, match=words):
        ask()


def test_the_arrays_cannot_change():
    found = made()
    for array in (found.grad_x, found.grad_y, found.forward.factor):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
