"""Dropout, against the deck, PyTorch, and the mean over every mask there is."""

import math
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.dropout import dropout_layer, dropout_unit, dropped
from tests.traces.calculator import check
from tests.worked import example

SUMS = ("y_no_dropout", "y_train", "y_test", "inverted_y_train", "inverted_y_test")

# settings of a dropout of [1, 2, 3], the line of its last output
LINES = [
    ({}, "y[2] = x[2]·mask[2] / (1 − p) = 3·1 / (1 − 0.2) = 3.75"),
    ({"mask": [1, 1, 0]}, "y[2] = x[2]·mask[2] / (1 − p) = 3·0 / (1 − 0.2) = 0"),
    ({"training": False}, "y[2] = x[2] = 3"),
    ({"inverted": False}, "y[2] = x[2]·mask[2] = 3·1 = 3"),
    ({"inverted": False, "training": False}, "y[2] = x[2]·(1 − p) = 3·(1 − 0.2) = 2.4"),
    ({"p": 1, "mask": [0, 0, 0]}, "y[2] = 0: with p = 1 nothing is kept = 0"),
]

# settings that cannot work, words of the answer
BAD_LAYERS = [
    ({"p": 1.5}, "p must be between 0 and 1, but is 1.5"),
    ({"p": -0.1}, "p must be between 0 and 1, but is -0.1"),
    ({"mask": None}, "give either a mask of zeros and ones, or rng"),
    ({"rng": np.random.default_rng(0)}, "give either a mask"),
    ({"mask": [1, 0]}, "mask must have the shape of the input"),
    ({"mask": [1, 0, 2]}, "mask"),
    ({"x": [1, np.inf, 3]}, r"x\[1\] is inf"),
    ({"x": torch.ones(3)}, "x must be a NumPy array"),
]
BAD_UNITS = [
    ({"w": [1]}, "w must have 2 numbers, but has 1"),
    ({"mask": [1]}, "mask must have the shape of the input"),
    ({"p": 2}, "p must be between 0 and 1, but is 2"),
    ({"x": np.ones(17)}, "w must have 17 numbers"),
    ({"x": np.ones(17), "w": np.ones(17), "mask": np.ones(17)}, "x may have 16 numbers, .* but has 17"),
    ({"x": [1e200, 1e200], "w": [1e200, 1]}, "y is beyond the largest number"),
]


@st.composite
def layers(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, 6))
    return {
        "x": rng.integers(-9, 10, count).astype(float),
        "p": draw(st.sampled_from([0, 0.2, 0.5, 0.75, 1])),
        "training": draw(st.booleans()),
        "mask": rng.integers(0, 2, count),
        "inverted": draw(st.booleans()),
    }


def test_the_unit_is_that_of_the_deck():
    entry = example("A-dropout-unit")
    given_ = entry["given"]
    unit = dropout_unit(given_["x"], given_["w"], given_["p"], given_["r"])
    renamed = {
        "y_train_this_mask": "y_train",
        "inverted_y_train_this_mask": "inverted_y_train",
    }
    for name, expected in entry["expect"].items():
        np.testing.assert_allclose(getattr(unit, renamed.get(name, name)), expected, atol=entry["tol"])


def test_the_numbers_dropped_are_those_of_the_deck():
    entry = example("A-dropout-mask")
    expected = entry["expect"]
    layer = dropout_layer(entry["given"]["x"], entry["given"]["p"], rng=np.random.default_rng(0))
    assert layer.expected_kept == pytest.approx(expected["expected_kept"])
    thousand = dropped(1000, 0.5)
    assert thousand.mean == expected["expected_dropped_of_1000_at_half"]
    assert thousand.std == pytest.approx(expected["std_dropped_of_1000_at_half"], abs=entry["tol"])
    assert [str(line) for line in thousand.equations()] == [
        "mean = n·p = 1000·0.5 = 500",
        "std = √(n·p·(1 − p)) = √(1000·0.5·(1 − 0.5)) ≈ 15.8114",
    ]


def test_the_sums_of_the_deck_read_as_a_person_would_write_them():
    unit = dropout_unit([2, 4, 6, 8], [1, 2, 3, 4], 0.5, [1, 0, 1, 0])
    assert [str(unit.equation(name)) for name in SUMS] == [
        "y_no_dropout = w·x = 1·2 + 2·4 + 3·6 + 4·8 = 60",
        "y_train = w·(x·mask) = 1·2 + 2·0 + 3·6 + 4·0 = 20",
        "y_test = (w·(1 − p))·x = 0.5·2 + 1·4 + 1.5·6 + 2·8 = 30",
        "inverted_y_train = w·(x·mask / (1 − p)) = 1·4 + 2·0 + 3·12 + 4·0 = 40",
        "inverted_y_test = w·x = 1·2 + 2·4 + 3·6 + 4·8 = 60",
    ]


@pytest.mark.parametrize(("given_", "line"), LINES)
def test_an_output_reads_as_a_person_would_write_it(given_, line):
    layer = dropout_layer(**{"x": [1, 2, 3], "p": 0.2, "mask": [1, 0, 1], **given_})
    assert str(layer.equation(2)) == line
    check(layer.equation(2))


@given(layers())
def test_the_output_is_the_scaled_kept_numbers(given_):
    layer = dropout_layer(**given_)
    np.testing.assert_allclose(layer.y_train, layer.x * layer.mask * layer.scale_train, atol=0)
    np.testing.assert_allclose(layer.y_test, layer.x * layer.scale_test)
    assert (layer.y is layer.y_train) == layer.training
    assert layer.kept == (layer.mask == 1).sum()
    for index in range(len(layer.x)):
        assert layer.equation(index).result == layer.y[index]
        check(layer.equation(index))


@pytest.mark.parametrize("inverted", [True, False])
@pytest.mark.parametrize("p", [0, 0.2, 0.7])
def test_the_mean_over_every_mask_is_the_output_afterwards(inverted, p):
    """Never 1/p, and never both scalings: then the two would differ."""
    x, mean = np.array([1.0, -2, 3]), np.zeros(3)
    for mask in product((0, 1), repeat=3):
        layer = dropout_layer(x, p, mask=mask, inverted=inverted)
        mean += (1 - p) ** sum(mask) * p ** (3 - sum(mask)) * layer.y_train
    np.testing.assert_allclose(mean, layer.mean, atol=1e-12)
    np.testing.assert_allclose(mean, layer.y_test, atol=1e-12)


def test_inverted_dropout_is_that_of_pytorch():
    torch.manual_seed(0)
    x = torch.arange(1.0, 9, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.dropout(x, 0.3)
    y.backward(torch.arange(8.0, dtype=torch.float64))
    layer = dropout_layer(x.detach().numpy(), 0.3, mask=(y != 0).numpy())
    np.testing.assert_allclose(layer.y, y.detach().numpy())
    np.testing.assert_allclose(layer.backward(np.arange(8.0)), x.grad.numpy())


@settings(deadline=None)
@given(layers())
def test_the_gradient_is_the_slope(given_):
    layer = dropout_layer(**given_)
    grad = np.arange(len(layer.x)) - 1.5
    differences = numerical_gradient(
        lambda changed: float((dropout_layer(**{**given_, "x": changed}).y * grad).sum()), layer.x
    )
    np.testing.assert_allclose(layer.backward(grad), differences, rtol=1e-6, atol=1e-9)


@given(layers(), st.integers(0, 2**32 - 1))
def test_a_unit_s_mean_over_all_masks_needs_1_minus_p(given_, seed):
    w = np.random.default_rng(seed).integers(-5, 6, len(given_["x"])).astype(float)
    unit = dropout_unit(given_["x"], w, given_["p"], given_["mask"])
    assert unit.probabilities.sum() == pytest.approx(1)
    assert unit.y_train_mean == pytest.approx(unit.y_test, abs=1e-9) == pytest.approx(unit.w_test @ unit.x, abs=1e-9)
    if unit.p < 1:
        assert unit.inverted_y_train_mean == pytest.approx(unit.inverted_y_test, abs=1e-9)
    variance = (unit.p * (1 - unit.p) * (w * unit.x) ** 2).sum()
    assert unit.y_train_std == pytest.approx(math.sqrt(variance), abs=1e-6)
    values, probabilities = unit.distribution()
    assert probabilities.sum() == pytest.approx(1)
    assert (np.diff(values) > 0).all()
    assert values @ probabilities == pytest.approx(unit.y_train_mean, abs=1e-9)
    for name in SUMS:
        assert unit.equation(name).result == getattr(unit, name)
        check(unit.equation(name))


def test_equal_sums_are_one_value_of_the_distribution():
    values, probabilities = dropout_unit([1, 1, 1], [0.1, 0.2, 0.3], 0.5, [1, 1, 1]).distribution()
    np.testing.assert_allclose(values, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    np.testing.assert_allclose(probabilities * 8, [1, 1, 1, 2, 1, 1, 1])
    values, probabilities = dropout_unit([0], [0], 0.5, [1]).distribution()
    assert (values.tolist(), probabilities.tolist()) == ([0], [1])


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (5, 0.2), (20, 0.5), (3, 0), (3, 1)])
def test_the_numbers_dropped_are_binomial(n, p):
    expected = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    np.testing.assert_allclose(dropped(n, p).pmf, expected, atol=1e-14)


@pytest.mark.parametrize(("n", "p"), [(1000, 0.5), (100_000, 0.001), (1000, 0.95)])
def test_mean_and_deviation_are_those_of_the_probabilities(n, p):
    found, k = dropped(n, p), np.arange(n + 1)
    assert found.pmf.sum() == pytest.approx(1, abs=1e-8)
    assert found.pmf @ k == pytest.approx(found.mean, rel=1e-8)
    assert math.sqrt(found.pmf @ (k - found.mean) ** 2) == pytest.approx(found.std, rel=1e-7)
    for line in found.equations():
        check(line)


def test_a_drawn_mask_keeps_the_share_it_should():
    layer = dropout_layer(np.ones(10_000), 0.3, rng=np.random.default_rng(0))
    assert layer.kept == pytest.approx(7000, abs=4 * math.sqrt(10_000 * 0.3 * 0.7))
    again = dropout_layer(np.ones(10_000), 0.3, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(layer.mask, again.mask)


@pytest.mark.parametrize(("given_", "words"), BAD_LAYERS)
def test_a_layer_that_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        dropout_layer(**{"x": [1, 2, 3], "mask": [1, 0, 1], **given_})


@pytest.mark.parametrize(("given_", "words"), BAD_UNITS)
def test_a_unit_that_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        dropout_unit(**{"x": [1, 2], "w": [1, 1], "p": 0.5, "mask": [1, 0], **given_})


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: dropped(0, 0.5), "n must be at least 1, but is 0"),
        (lambda: dropped(100_001, 0.5), "n must be at most 100000, but is 100001"),
        (lambda: dropped(10, 1.1), "p must be between 0 and 1, but is 1.1"),
        (lambda: dropout_layer([1], mask=[1]).equation(1), "index must be from 0 to 0, but is 1"),
        (lambda: dropout_layer([1], mask=[1]).backward([1, 2]), "grad_y must have 1 numbers, but has 2"),
        (lambda: dropout_unit([1], [1], 0.5, [1]).equation("y"), "name must be one of 'y_no_dropout'"),
    ],
)
def test_what_is_not_there_cannot_be_shown(ask, words):
    with pytest.raises(ValueError, match=words):
        ask()


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    x, mask = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    layer, unit = dropout_layer(x, mask=mask), dropout_unit(x, [1, 1], 0.5, mask)
    x[:], mask[:] = 9, 1
    np.testing.assert_array_equal(layer.x, [1, 2])
    np.testing.assert_array_equal(unit.mask, [1, 0])
    arrays = (layer.x, layer.mask, layer.y, layer.mean, layer.backward([1, 1]), unit.masks, unit.values, unit.w_test)
    for array in (*arrays, *unit.distribution(), dropped(3, 0.5).pmf):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
