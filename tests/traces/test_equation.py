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
    ("y", "w·x", "{:n}·{}", [-0.56218, 0], -0.0, "y = w·x = −0.562·0 = 0"),  # nothing that was rounded matters
    ("y", "a + b·c", "{} + {}·{}", [0, 0.33333, 0], 0.0, "y = a + b·c = 0 + 0.333·0 ≈ 0"),
]

# a number, as it stands in a formula, as a result
BESIDE = [
    (5.829123e-5, "5.83e−5", "5.82912e−5"),
    (-5.829123e-5, "−5.83e−5", "−5.82912e−5"),
    (3e-10, "3e−10", "3e−10"),
    (0.00669, "0.00669", "0.00669"),
    (0.0625, "0.0625", "0.0625"),
    (0.0, "0", "0"),
    (1e-17, "0", "0"),
    (0.9999417, "0.999942", "0.999942"),
    (-0.9999417, "−0.999942", "−0.999942"),
    (0.9999999123, "0.999999912", "0.999999912"),
    (1 - 5e-10, "0.9999999995", "0.9999999995"),
    (0.995, "0.995", "0.995"),
    (1.0, "1", "1"),
    (1 - 1e-15, "1", "1"),
]


@pytest.mark.parametrize(("name", "symbols", "template", "values", "result", "line"), LINES)
def test_an_equation_reads_as_a_person_would_write_it(name, symbols, template, values, result, line):
    assert str(equation(name, symbols, template, values, result)) == line


@pytest.mark.parametrize(("value", "shown", "result"), BESIDE)
def test_a_number_beside_0_or_1_does_not_look_like_it(value, shown, result):
    line = equation("y", "log(a)", "log({:n})", [value], value)
    assert (line.numbers, line.result_text) == (f"log({shown})", result)
    assert line.sign == ("=" if float(shown.replace("−", "-")) == pytest.approx(value, rel=1e-14, abs=0) else "≈")


@given(st.floats(-2, 2))
def test_what_is_shown_with_an_equals_sign_is_exact(value):
    line = equation("y", "a", "{}", [value], value)
    text = float(line.numbers.replace("−", "-"))
    assert text == pytest.approx(value, rel=0.06, abs=1e-12)
    if line.sign == "=":
        assert text == pytest.approx(value, rel=1e-13, abs=0)


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
