"""Numbers as the course prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.text import MINUS, equals, factor, is_exact, number, plural, precise, sum_of

FINITE = st.floats(-1e300, 1e300)

# value, its text, whether nothing was rounded away
NUMBERS = [
    (0, "0", True),
    (-0.0, "0", True),
    (3.0, "3", True),
    (-3, "−3", True),
    (0.5, "0.5", True),
    (0.0625, "0.0625", True),
    (-0.0625, "−0.0625", True),
    (1 / 9, "0.111", False),
    (2.25, "2.25", True),
    (1.004, "1", False),
    (9.999, "10", False),
    (99.96, "100", False),
    (12.34, "12.3", False),
    (100, "100", True),
    (100.4, "100", False),
    (1234.56, "1235", False),
    (999_999, "999999", True),
    (1_000_000, "1.0e6", True),
    (1_234_567, "1.2e6", False),
    (-2e10, "−2.0e10", True),
    (3e100, "3.0e100", True),
    (-0.0004, "−0.0004", True),
    (-0.00004, "0", False),
]


@pytest.mark.parametrize(("value", "text", "exact"), NUMBERS)
def test_a_number_reads_as_a_person_would_write_it(value, text, exact):
    assert number(value) == text
    assert is_exact(value) is exact
    assert equals(0, value) == ("=" if exact else "≈")


@given(FINITE)
def test_the_text_of_a_number_is_close_to_it(value):
    shown = float(number(value).replace(MINUS, "-"))
    assert abs(shown - value) <= max(5.01e-4, 0.051 * abs(value))
    if is_exact(value):
        assert abs(shown - value) <= 1e-9 * max(1, abs(value))


@given(FINITE)
def test_the_text_of_a_number_fits_a_cell(value):
    assert len(number(value)) <= len("−1.0e300")


@pytest.mark.parametrize(("value", "text"), [(2, "2"), (0, "0"), (-2, "(−2)"), (-0.00001, "0")])
def test_a_negative_number_behind_an_operator_is_in_parentheses(value, text):
    assert factor(value) == text


@pytest.mark.parametrize(("values", "text"), [([], "0"), ([4.0], "4"), ([-4.0], "−4"), ([10, -3, 5], "10 + (−3) + 5")])
def test_a_sum_reads_as_a_person_would_write_it(values, text):
    assert sum_of(values) == text


def test_one_rounded_number_makes_a_formula_approximate():
    assert equals(1, 2, 0.5) == "="
    assert equals(1, 1 / 3, 0.5) == "≈"


@pytest.mark.parametrize(("count", "text"), [(0, "0 cells"), (1, "1 cell"), (2, "2 cells")])
def test_a_count_agrees_with_its_noun(count, text):
    assert plural(count, "cell") == text


@pytest.mark.parametrize(
    ("value", "text", "sign"),
    [(15.25, "15.25", "="), (-14.25, "−14.25", "="), (30.0, "30", "="), (1 / 3, "0.333333", "≈"), (1e9, "1.0e9", "=")],
)
def test_a_result_has_room_for_more_digits(value, text, sign):
    assert precise(value) == text
    assert equals(value) == sign


def test_a_tie_is_rounded_as_one_does_by_hand():
    assert [number(v) for v in (15.25, -14.25, 2.625)] == ["15.3", "−14.3", "2.63"]
