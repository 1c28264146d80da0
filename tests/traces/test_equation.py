"""Formulas with their numbers filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.equation import Equation, equation, products, terms, total
from tests.traces.calculator import check, evaluated

WHOLE = st.integers(-99, 99).map(float)

# name, symbols, template, numbers, result, the whole line
LINES = [
    ("y", "w·x", "{}·{}", [-2, 3], -6, "y = w·x = (−2)·3 = −6"),
    ("y", "x", "{}", [-3], -3, "y = x = −3"),
    ("y", "1", "1", [], 1, "y = 1"),
    ("y", "−x", "−{}", [1], -1, "y = −x = −1"),
    ("y", "x / 3", "{:n} / 3", [-1], -1 / 3, "y = x / 3 = −1 / 3 ≈ −0.333333"),
    ("y", "b·a", "{1}·{0}", [2.5, 4], 10, "y = b·a = 4·2.5 = 10"),
    ("y", "x + 1", "{} + 1", [1.0004], 2.0004, "y = x + 1 = 1 + 1 ≈ 2.0004"),
]


@pytest.mark.parametrize(("name", "symbols", "template", "values", "result", "line"), LINES)
def test_an_equation_reads_as_a_person_would_write_it(name, symbols, template, values, result, line):
    assert str(equation(name, symbols, template, values, result)) == line


@given(st.lists(WHOLE, max_size=9))
def test_a_sum_comes_to_the_sum(values):
    assert evaluated(equation("y", "", *total(values), sum(values)).numbers) == sum(values)


@given(st.lists(st.tuples(WHOLE, WHOLE), max_size=9))
def test_a_sum_of_products_comes_to_the_sum_of_the_products(pairs):
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    result = sum(a * b for a, b in pairs)
    check(equation("y", "", *products(left, right), result))


def test_a_long_sum_is_cut_short_in_its_middle():
    assert equation("y", "", *total(range(10)), 45).numbers == "0 + 1 + 2 + … + 9"
    assert equation("y", "", *total(range(9)), 36).numbers == "0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8"
    assert equation("y", "", *products([1] * 12, range(12)), 66).numbers == "1·0 + 1·1 + 1·2 + … + 1·11"


def test_terms_put_numbers_in_the_order_of_their_places():
    assert terms([("{}·{}", [2, 3]), ("{}", [4])]) == ("{}·{} + {}", [2, 3, 4])


def test_an_equation_cannot_be_changed():
    found = equation("y", "x", "{}", [3], 3)
    with pytest.raises(AttributeError):
        found.result = 4
    assert found == Equation("y", "x", "3", "=", 3.0)
