"""softmax, log_softmax and their gradients against central differences and PyTorch."""

from math import exp, log
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

CASES = [  # shape, dim
    ((5,), 0),
    ((3, 4), 1),
    ((3, 4), -2),
    ((2, 3, 2, 2), 1),
    ((2, 3, 4), -1),
    ((), 0),
    ((), -1),
    ((2, 1), 1),
    ((0, 4), 1),
    ((2, 0), 1),
    ((0,), 0),
    ((2, 0, 3), 2),
    ((2, 3), np.int64(1)),
]
EXTREMES = [  # rows of scores
    [1000.0, -1000.0, 999.0],
    [-1000.0, -1000.0, -1001.0],
    [-np.inf, 0.0, 1.0],
    [np.inf, 0.0, 1.0],
    [-np.inf, -np.inf, -np.inf],
    [np.nan, 0.0, 1.0],
    [0.0, -0.0, 0.0],
]
EVERY_NAME = pytest.mark.parametrize("name", ["softmax", "log_softmax"])


def functions(name: str) -> tuple[Any, Any, Any]:
    return getattr(ops, name), getattr(ops, f"{name}_backward"), getattr(torch.nn.functional, name)


def check_against_pytorch(name: str, x: np.ndarray, dim: int, tolerance: float) -> None:
    forward, backward, theirs = functions(name)
    y, g, (grad,) = by_torch(theirs, [x], dim=dim)
    for ours, expected in ((forward(x, dim), y), (backward(g, x, dim), grad)):
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance, strict=True)


@EVERY_NAME
@pytest.mark.parametrize(("shape", "dim"), CASES)
def test_the_gradient_agrees_with_central_differences(name: str, shape: tuple[int, ...], dim: int) -> None:
    forward, backward, _ = functions(name)
    check_by_central_differences(forward, backward, [random(*shape, seed=1)], dim=dim)


@EVERY_NAME
@pytest.mark.parametrize(("shape", "dim"), CASES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradient_agree_with_pytorch(
    name: str, shape: tuple[int, ...], dim: int, dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, np.asarray(random(*shape, seed=1) * 3, dtype), dim, tolerance)


@EVERY_NAME
@pytest.mark.parametrize("row", EXTREMES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_extreme_scores_give_what_pytorch_gives_without_warnings(
    name: str, row: list[float], dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, np.array(row, dtype), 0, tolerance)


@st.composite
def scores(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    shape = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)))
    count = int(np.prod(shape))
    numbers = draw(st.lists(st.floats(-1e3, 1e3), min_size=count, max_size=count))
    return np.array(numbers, "float64").reshape(shape), draw(st.integers(-len(shape), len(shape) - 1))


@EVERY_NAME
@run_with(deadline=None)  # the machine may be busy
@given(case=scores())
def test_any_scores_agree_with_pytorch(name: str, case: tuple[np.ndarray, int]) -> None:
    check_against_pytorch(name, *case, 1e-12)


@EVERY_NAME
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(name: str) -> None:
    forward, backward, _ = functions(name)
    check_contract(forward, backward, [random(2, 3, 4, seed=1)], dim=1)


def test_a_probability_is_the_fraction_that_a_person_would_write() -> None:
    s = ops.softmax([1, 2, 3], 0)
    total = exp(1) + exp(2) + exp(3)
    np.testing.assert_allclose(s, [exp(1) / total, exp(2) / total, exp(3) / total], rtol=1e-15)
    np.testing.assert_allclose(ops.log_softmax([1, 2, 3], 0)[0], 1 - log(total), rtol=1e-15)
    average = 10 * s[0] + 20 * s[1] + 30 * s[2]
    np.testing.assert_allclose(ops.softmax_backward([10, 20, 30], [1, 2, 3], 0)[1], s[1] * (20 - average), rtol=1e-14)
    grad = ops.log_softmax_backward([10, 20, 30], [1, 2, 3], 0)
    np.testing.assert_allclose(grad[2], 30 - s[2] * (10 + 20 + 30), rtol=1e-14)


def test_a_number_added_to_all_scores_changes_nothing() -> None:
    x = random(4, 5, seed=1)
    np.testing.assert_allclose(ops.softmax(x + 700, 1), ops.softmax(x, 1), rtol=1e-11)
    np.testing.assert_allclose(ops.softmax(x, 1).sum(axis=1), 1, rtol=1e-15)


REFUSED = [  # input, dim, words of the message
    (np.zeros((2, 3)), 2, "dim must be between -2 and 1 for an input with 2 axes, but is 2"),
    (np.zeros((2, 3)), -3, "dim must be between -2 and 1 for an input with 2 axes, but is -3"),
    (1.0, 1, "dim must be between -1 and 0 for an input with 0 axes, but is 1"),
    (np.zeros((2, 3)), 1.0, "dim must be a whole number, but is 1.0"),
    (np.zeros((2, 3)), None, "dim must be a whole number, but is None"),
    (np.zeros((2, 3)), True, "dim must be a whole number, but is True"),
    (np.zeros((2, 3)), (0, 1), "dim must be a whole number, but is (0, 1)"),
    (torch.zeros(2, 3), 1, "input must be a NumPy array, but is a torch tensor"),
    ([["a"]], 1, "input must hold real numbers"),
]


@EVERY_NAME
@pytest.mark.parametrize(("x", "dim", "message"), REFUSED)
def test_what_cannot_work_is_refused(name: str, x: Any, dim: Any, message: str) -> None:
    forward, backward, _ = functions(name)
    refused(message, forward, x, dim)
    refused(message, backward, np.zeros((2, 3)), x, dim)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_output(name: str) -> None:
    _, backward, _ = functions(name)
    message = "grad_output must have the shape of the output, (2, 3), but has (2, 1)"
    refused(message, backward, np.zeros((2, 1)), np.zeros((2, 3)), 1)
