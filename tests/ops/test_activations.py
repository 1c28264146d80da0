"""relu, leaky_relu, sigmoid, tanh and their gradients against central differences and PyTorch."""

from math import exp
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from tests.ops.contract import check_contract, refused
from tests.ops.oracles import by_torch, check_by_central_differences, random

CASES = [  # name, settings
    ("relu", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("leaky_relu", {"negative_slope": 0}),
    ("leaky_relu", {"negative_slope": -2.0}),
    ("leaky_relu", {"negative_slope": np.float32(0.5)}),
    ("sigmoid", {}),
    ("tanh", {}),
]
EVERY_CASE = pytest.mark.parametrize(("name", "settings"), CASES)
EVERY_NAME = pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "tanh"])
EXTREMES = [-np.inf, -1000.0, -90.0, -1.0, -0.0, 0.0, 1e-30, 1.0, 90.0, 1000.0, np.inf, np.nan]
SHAPES = [(), (1,), (5,), (2, 3), (2, 1, 3, 2), (0,), (0, 3)]

Settings = dict[str, Any]


def functions(name: str) -> tuple[Any, Any, Any]:
    theirs = getattr(torch.nn.functional, name) if name.endswith("relu") else getattr(torch, name)
    return getattr(ops, name), getattr(ops, f"{name}_backward"), theirs


def away_from_zero(*shape: int) -> np.ndarray:
    x = np.asarray(random(*shape, seed=1))
    return x + np.sign(x) * 0.1


@EVERY_CASE
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_agrees_with_central_differences(name: str, settings: Settings, shape: tuple[int, ...]) -> None:
    forward, backward, _ = functions(name)
    check_by_central_differences(forward, backward, [away_from_zero(*shape)], **settings)


@EVERY_CASE
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradient_agree_with_pytorch(
    name: str, settings: Settings, shape: tuple[int, ...], dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, settings, np.asarray(random(*shape, seed=1) * 3, dtype), tolerance)


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_zeros_and_extremes_give_what_pytorch_gives_without_warnings(
    name: str, settings: Settings, dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, settings, np.array(EXTREMES, dtype), tolerance)


def check_against_pytorch(name: str, settings: Settings, x: np.ndarray, tolerance: float) -> None:
    forward, backward, theirs = functions(name)
    y, g, (grad,) = by_torch(theirs, [x], **settings)
    ours, our_grad = forward(x, **settings), backward(g, x, **settings)
    assert ours.dtype == our_grad.dtype == x.dtype
    assert ours.shape == our_grad.shape == x.shape
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(our_grad, grad, rtol=tolerance, atol=tolerance)


@st.composite
def inputs(draw: st.DrawFn) -> np.ndarray:
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    count = int(np.prod(shape))
    numbers = draw(st.lists(st.floats(-1e3, 1e3), min_size=count, max_size=count))
    return np.array(numbers, dtype="float64").reshape(shape)


@EVERY_CASE
@run_with(deadline=None, max_examples=40)  # the machine may be busy
@given(x=inputs())
def test_any_input_agrees_with_pytorch(name: str, settings: Settings, x: np.ndarray) -> None:
    check_against_pytorch(name, settings, x, 1e-12)


@EVERY_CASE
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(name: str, settings: Settings) -> None:
    forward, backward, _ = functions(name)
    check_contract(forward, backward, [away_from_zero(3, 2, 4)], **settings)


def test_relu_cuts_off_what_is_negative_and_its_gradient_with_it() -> None:
    assert ops.relu([-2, 0, 3]).tolist() == [0, 0, 3]
    assert ops.relu_backward([10, 20, 30], [-2, 0, 3]).tolist() == [0, 0, 30]


def test_leaky_relu_keeps_a_hundredth_of_what_is_negative() -> None:
    assert ops.leaky_relu([-2, 0, 3]).tolist() == [-0.02, 0, 3]
    assert ops.leaky_relu_backward([10, 20, 30], [-2, 0, 3]).tolist() == [10 * 0.01, 20 * 0.01, 30]


def test_sigmoid_is_the_fraction_that_a_person_would_write() -> None:
    assert ops.sigmoid(0) == 0.5
    assert ops.sigmoid(2) == pytest.approx(1 / (1 + exp(-2)), rel=1e-15)
    assert ops.sigmoid_backward(3, 0) == 3 * 0.5 * (1 - 0.5)
    assert ops.sigmoid(-700) == pytest.approx(exp(-700), rel=1e-12)  # not rounded to zero


def test_tanh_is_the_fraction_that_a_person_would_write() -> None:
    t = (exp(1) - exp(-1)) / (exp(1) + exp(-1))
    assert ops.tanh(1) == pytest.approx(t, rel=1e-15)
    assert ops.tanh(1) == pytest.approx(2 * ops.sigmoid(2) - 1, rel=1e-15)
    assert ops.tanh_backward(5, 1) == pytest.approx(5 * (1 - t * t), rel=1e-14)


@EVERY_NAME
def test_integers_and_booleans_are_computed_in_float64(name: str) -> None:
    forward, _, _ = functions(name)
    for x in (np.array([-1, 2], "int8"), np.array([True, False])):
        assert forward(x).dtype == "float64"
        np.testing.assert_array_equal(forward(x), forward(x.astype("float64")))


REFUSED = [  # input, words of the message
    (None, "input must be an array of numbers, but is None"),
    ([[1, 2], [3]], "input is ragged"),
    (["a"], "input must hold real numbers"),
    (np.ones(2) * 1j, "input must hold real numbers"),
    (torch.zeros(2), "input must be a NumPy array, but is a torch tensor: convert with input.detach().cpu().numpy()"),
]


@EVERY_NAME
@pytest.mark.parametrize(("x", "message"), REFUSED)
def test_an_input_without_real_numbers_is_refused(name: str, x: Any, message: str) -> None:
    forward, backward, _ = functions(name)
    refused(message, forward, x)
    refused(message, backward, np.zeros(2), x)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_output(name: str) -> None:
    _, backward, _ = functions(name)
    message = "grad_output must have the shape of the output, (2, 3), but has (3,)"
    refused(message, backward, np.zeros(3), np.zeros((2, 3)))


@pytest.mark.parametrize("slope", ["steep", None, True, np.nan, [0.1], np.array([0.1, 0.2]), 1j, torch.tensor(0.1)])
def test_a_slope_that_is_no_number_is_refused(slope: Any) -> None:
    for call, arguments in ((ops.leaky_relu, [[1.0]]), (ops.leaky_relu_backward, [[1.0], [1.0]])):
        refused("negative_slope must be a number, but is", call, *arguments, slope)
