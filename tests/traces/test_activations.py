"""An activation at one place: values worked by hand, slopes against central differences, and where it saturates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.activations import LABELS, LIMITS, REACH, SATURATED, Activation
from tests.traces.calculator import check

ALL = [Activation(name) for name in LABELS]
every = pytest.mark.parametrize("activation", ALL, ids=list(LABELS))

# name, input, its two lines
LINES = [
    ("sigmoid", 0, "output = 1 / (1 + exp(−x)) = 1 / (1 + exp(0)) = 0.5",
     "slope = output·(1 − output) = 0.5·(1 − 0.5) = 0.25"),
    ("sigmoid", -2, "output = 1 / (1 + exp(−x)) = 1 / (1 + exp(2)) ≈ 0.119203",
     "slope = output·(1 − output) = 0.119·(1 − 0.119) ≈ 0.104994"),
    ("tanh", 0, "output = tanh(x) = tanh(0) = 0", "slope = 1 − output² = 1 − 0² = 1"),
    ("tanh", -0.5, "output = tanh(x) = tanh(−0.5) ≈ −0.462117", "slope = 1 − output² = 1 − (−0.462)² ≈ 0.786448"),
    ("relu", 3, "output = max(0, x) = max(0, 3) = 3", "slope = 1"),
    ("relu", -3, "output = max(0, x) = max(0, −3) = 0", "slope = 0"),
    ("relu", 0, "output = max(0, x) = max(0, 0) = 0", "slope = 0"),
    ("leaky_relu", 3, "output = x = 3", "slope = 1"),
    ("leaky_relu", -3, "output = a·x = 0.1·(−3) = −0.3", "slope = a = 0.1"),
]  # fmt: skip

SENTENCES = [
    ("sigmoid", 0, "Of a gradient that comes back, 25% passes."),
    ("sigmoid", 5, "Saturated, as the slope is below 0.05: of a gradient that comes back, 0.665% passes."),
    ("tanh", 0, "All of a gradient that comes back passes."),
    ("relu", -1, "The function is flat here: nothing of a gradient that comes back passes."),
    ("leaky_relu", -1, "Of a gradient that comes back, 10% passes."),
]


@pytest.mark.parametrize(("name", "x", "output", "slope"), LINES)
def test_both_formulas_with_their_numbers(name: str, x: float, output: str, slope: str) -> None:
    at = Activation(name).at(x)
    assert (str(at.output_equation()), str(at.slope_equation())) == (output, slope)


@pytest.mark.parametrize(("name", "x", "sentence"), SENTENCES)
def test_what_is_said_about_the_slope(name: str, x: float, sentence: str) -> None:
    at = Activation(name).at(x)
    assert at.says() == sentence
    assert at.as_text().endswith(sentence) and LABELS[name] in at.as_text()


@every
@given(st.floats(-REACH, REACH).filter(lambda x: abs(x) > 1e-3))
def test_the_slope_is_the_derivative(activation: Activation, x: float) -> None:
    at, h = activation.at(x), 1e-6
    assert at.slope == pytest.approx(float(activation(x + h) - activation(x - h)) / (2 * h), abs=1e-8)
    low, high = LIMITS[activation.name]
    assert low <= at.output <= high


@every
@given(st.floats(-REACH, REACH))
def test_it_is_saturated_where_the_band_is(activation: Activation, x: float) -> None:
    inside = any(low < x < high for low, high in activation.saturated())
    assert (
        inside == activation.at(x).is_saturated
        or min(abs(x - edge) for part in activation.saturated() for edge in part) < 1e-9
    )


def test_where_the_bands_begin() -> None:
    assert Activation("sigmoid").saturated()[1][0] == pytest.approx(2.887, abs=1e-3)
    assert Activation("tanh").saturated()[0][1] == pytest.approx(-2.178, abs=1e-3)
    assert Activation("relu").saturated() == ((-6, 0),)
    assert Activation("leaky_relu", 0.1).saturated() == ()
    assert Activation("leaky_relu", SATURATED / 2).saturated() == ((-6, 0),)


@every
def test_the_curves_are_those_of_the_function(activation: Activation) -> None:
    x, y = activation.curve()
    assert (x[0], x[-1]) == (-6, 6)
    np.testing.assert_array_equal(y, activation(x))
    x, slope = activation.slope_curve()
    known = ~np.isnan(x) & (x != 0)
    np.testing.assert_array_equal(slope[known], activation.slope(x[known]))


@every
def test_backward_is_the_slope_times_what_comes_back(activation: Activation) -> None:
    x = np.array([[-2.0, 0.5], [3.0, -0.1]])
    np.testing.assert_allclose(activation.backward(np.full((2, 2), 3.0), x), 3 * activation.slope(x))


@every
@pytest.mark.parametrize("x", [-6, -1.7, 0, 0.3, 6])
def test_the_formulas_give_what_they_say(activation: Activation, x: float) -> None:
    check(activation.at(x).output_equation())
    check(activation.at(x).slope_equation())
