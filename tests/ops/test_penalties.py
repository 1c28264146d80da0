"""l1_penalty, l2_penalty and their gradients against hand values, central differences and PyTorch."""

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

THEIRS = {
    "l1_penalty": lambda weight, lam: lam * weight.abs().sum(),
    "l2_penalty": lambda weight, lam: lam * (weight**2).sum(),
}
EVERY_PENALTY = pytest.mark.parametrize("name", list(THEIRS))
SHAPES = [(), (1,), (5,), (2, 3), (4, 3, 2, 2), (0,), (2, 0)]


def functions(name: str) -> tuple[Any, Any]:
    return getattr(ops, name), getattr(ops, f"{name}_backward")


def away_from_zero(*shape: int) -> np.ndarray:
    w = np.asarray(random(*shape, seed=1))
    return w + np.sign(w) * 0.1


def check_against_pytorch(name: str, w: np.ndarray, lam: float, tolerance: float) -> None:
    forward, backward = functions(name)
    y, g, (grad,) = by_torch(THEIRS[name], [w], lam=lam)
    for ours, expected in ((forward(w, lam), y), (backward(g, w, lam), grad)):
        assert ours.dtype == w.dtype and ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@EVERY_PENALTY
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_agrees_with_central_differences(name: str, shape: tuple[int, ...]) -> None:
    check_by_central_differences(*functions(name), [away_from_zero(*shape)], lam=0.3)


@EVERY_PENALTY
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_penalty_and_gradient_agree_with_pytorch(
    name: str, shape: tuple[int, ...], dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, np.asarray(away_from_zero(*shape), dtype), 0.3, tolerance)


@EVERY_PENALTY
@run_with(deadline=None)  # the machine may be busy
@given(st.lists(st.floats(-1e3, 1e3), max_size=6), st.floats(0, 10))
def test_any_weights_agree_with_pytorch(name: str, weights: list[float], lam: float) -> None:
    check_against_pytorch(name, np.array(weights, "float64"), lam, 1e-12)


@EVERY_PENALTY
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(name: str) -> None:
    check_contract(*functions(name), [away_from_zero(2, 3, 4)], lam=0.25)


def test_the_penalties_are_the_sums_that_a_person_would_write() -> None:
    w = [0.5, -0.25, 0]
    assert ops.l1_penalty(w, 0.125) == 0.125 * (0.5 + 0.25)
    assert ops.l2_penalty(w, 0.125) == 0.125 * (0.5**2 + 0.25**2)
    assert ops.l1_penalty_backward(2, w, 0.125).tolist() == [2 * 0.125, -2 * 0.125, 0]  # no pull at zero
    assert ops.l2_penalty_backward(2, w, 0.125).tolist() == [2 * 0.125 * 2 * 0.5, 2 * 0.125 * 2 * -0.25, 0]


def test_a_weight_decay_of_pytorch_is_twice_the_lam_of_an_l2_penalty() -> None:
    w, step, weight_decay = random(3, seed=1), 0.1, 0.01
    parameter = torch.nn.Parameter(torch.from_numpy(w.copy()))
    parameter.grad = torch.zeros(3, dtype=torch.float64)
    torch.optim.SGD([parameter], lr=step, weight_decay=weight_decay).step()
    ours = w - step * ops.l2_penalty_backward(1.0, w, weight_decay / 2)
    np.testing.assert_allclose(ours, parameter.detach().numpy(), rtol=1e-15)


@EVERY_PENALTY
@pytest.mark.parametrize(
    ("weight", "lam", "message"),
    [
        ([1.0], -0.1, "lam must be at least 0, but is -0.1"),
        ([1.0], "0.1", "lam must be a number, but is '0.1'"),
        ([1.0], [0.1], "lam must be a number, but is [0.1]"),
        ([1.0], None, "lam must be a number, but is None"),
        ([1.0], True, "lam must be a number, but is True"),
        ([1.0], np.nan, "lam must be a number, but is nan"),
        (torch.ones(1), 0.1, "weight must be a NumPy array, but is a torch tensor"),
        (None, 0.1, "weight must be an array of numbers, but is None"),
    ],
)
def test_what_cannot_work_is_refused(name: str, weight: Any, lam: Any, message: str) -> None:
    forward, backward = functions(name)
    refused(message, forward, weight, lam)
    refused(message, backward, 1.0, weight, lam)


@EVERY_PENALTY
def test_the_gradient_must_be_a_single_number(name: str) -> None:
    _, backward = functions(name)
    refused("grad_output must have the shape of the output, (), but has (2,)", backward, [1, 1], [1, 1], 0.1)
