"""What a person types becomes numbers, and numbers become Python again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlab.labs.numbers import literal, parse_grid, parse_number, same, simplest

TYPED = [
    ("2", 2), (" -0.5 ", -0.5), ("−3", -3), ("1/9", 1 / 9), ("−1/4", -0.25), ("1e-3", 1e-3), ("+7", 7), (".5", 0.5),
]  # fmt: skip

NO_NUMBER = [
    ("", "the cell is empty"),
    ("   ", "the cell is empty"),
    ("abc", "the cell holds 'abc', which is not a number"),
    ("1 2", "not a number"),
    ("1/0", "not a number"),
    ("--2", "not a number"),
    ("nan", "not a finite number"),
    ("inf", "not a finite number"),
    ("-Infinity", "not a finite number"),
    ("1e400", "not a finite number"),
    ("9" * 400 + "/1", "not a finite number"),
]

GRIDS = [
    ("1 2 3; 4 5 6", [[1, 2, 3], [4, 5, 6]]),
    ("1,2\n3,4\n", [[1, 2], [3, 4]]),
    ("1\t2\r\n3\t4", [[1, 2], [3, 4]]),
    ("1/2 −1", [[0.5, -1]]),
    ("[[1, 0], [0, −1]]", [[1, 0], [0, -1]]),
    ("[[[1]], [[2]]]", [[[1]], [[2]]]),
    ("7", [[7]]),
]

NO_GRID = [
    ("", "the grid is empty"),
    (" ; \n", "the grid is empty"),
    ("1 2; 3", "the grid is ragged: row 1 has 2 numbers, row 2 has 1"),
    ("1 2; 3 x", "the grid, row 2, column 2, holds 'x', which is not a number"),
    ("1 nan", "the grid, row 1, column 2, holds 'nan', which is not a finite number"),
    ("1 1e400", "row 1, column 2, holds '1e400', which is not a finite"),
    ("[[1, 2], [3]]", "the grid is ragged"),
    ("[[1, 2]", "the grid is not a list of numbers"),
    ('[[1, "a"]]', "the grid is ragged or holds something that is no number"),
    ("[[1, 1e400]]", "the grid holds a number that is not finite"),
]

LITERALS = [
    (1.0, "1"), (-2.0, "-2"), (0.5, "0.5"), (3, "3"), (True, "True"), (None, "None"), ("a'b", '"a\'b"'),
    (np.int64(4), "4"), (np.float32(0.5), "0.5"), (np.True_, "True"),
    ((1, 2), "(1, 2)"), ((1,), "(1,)"), ([1.0, 2.5], "[1, 2.5]"),
    (np.array([[1.0, 0.5], [-2.0, 3.0]]), "'1 0.5; -2 3'"), (np.array([1, 2]), "[1, 2]"),
    (np.zeros((65, 65)), "your_array"),
]  # fmt: skip

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("text", "value"), TYPED)
def test_a_number_is_read_as_people_write_it(text, value):
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize(("text", "words"), NO_NUMBER)
def test_what_is_no_number_is_named(text, words):
    with pytest.raises(ValueError, match=words):
        parse_number(text)


@pytest.mark.parametrize(("text", "values"), GRIDS)
def test_a_grid_is_read_as_people_write_it(text, values):
    np.testing.assert_array_equal(parse_grid(text), values)


@pytest.mark.parametrize(("text", "words"), NO_GRID)
def test_what_is_no_grid_is_named_with_its_place(text, words):
    with pytest.raises(ValueError, match=words):
        parse_grid(text)


@given(st.text("0123 .,;-−+/eE[]naxif\n\t"))
def test_no_text_is_a_defect(text):
    for parse in (parse_number, parse_grid):
        try:
            assert np.isfinite(parse(text)).all()
        except ValueError as problem:
            assert str(problem)


@pytest.mark.parametrize(("value", "source"), LITERALS)
def test_a_setting_is_written_as_a_person_would(value, source):
    assert literal(value) == source


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=FINITE))
def test_a_grid_survives_being_written_and_read(values):
    np.testing.assert_array_equal(parse_grid(eval(literal(values))), values)


@given(
    st.recursive(
        st.integers() | FINITE | st.booleans() | st.text("ab'\"\\\n", max_size=5),
        lambda s: st.lists(s, max_size=3) | st.tuples(s),
    )
)
def test_a_plain_value_survives_being_written_and_run(value):
    assert eval(literal(value)) == value


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        ("a", "a", True),
        (np.ones(2), np.ones(2), True),
        (np.ones(2), np.zeros(2), False),
        (np.ones(2), [1, 1], False),
    ],
)
def test_two_settings_are_the_same_where_nothing_would_change(first, second, expected):
    assert same(first, second) is expected


@pytest.mark.parametrize(
    ("shape", "expected"), [((1, 1, 3, 3), (3, 3)), ((2, 1, 3, 3), (2, 1, 3, 3)), ((1, 5), (1, 5))]
)
def test_axes_that_say_nothing_are_dropped(shape, expected):
    assert simplest(np.zeros(shape)).shape == expected
