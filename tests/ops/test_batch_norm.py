"""batch_norm and its gradients against loops, central differences and PyTorch, and what it does to its statistics."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.oracles import by_torch, check_by_central_differences, random

CASES = [  # shape of the input, what else is given, settings
    ((6, 3), "weight bias", {}),
    ((5, 1), "", {"eps": 0.5}),
    ((3, 2, 4), "weight", {}),
    ((2, 3, 2, 3), "weight bias", {"momentum": 0.3}),
    ((2, 2, 2, 1, 3), "bias", {"eps": 1e-3}),
    ((1, 2, 3, 2), "weight bias", {}),  # one image has enough positions
    ((0, 2, 3, 3), "weight bias", {}),
    ((3, 2, 0), "weight bias", {}),
]
EVERY_CASE = pytest.mark.parametrize(("shape", "parameters", "settings"), CASES)
MODES = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])

Shape = tuple[int, ...]
Settings = dict[str, Any]


def arrays(shape: Shape, parameters: str, dtype: str = "float64") -> dict[str, np.ndarray]:
    made = {"input": random(*shape, seed=1)}
    made |= {name: random(shape[1], seed=2 + i) for i, name in enumerate(parameters.split())}
    return {name: array.astype(dtype) for name, array in made.items()}


def statistics(channels: int, dtype: str = "float64") -> list[np.ndarray]:
    return [random(channels, seed=5).astype(dtype), np.random.default_rng(6).uniform(0.5, 2, channels).astype(dtype)]


def functions(module: Any, names: list[str], running: list[Any], **settings: Any) -> tuple[Any, Any]:
    """batch_norm and its gradients as functions of the arrays of these names; the gradients without None."""

    def forward(*given: Any) -> Any:
        copies = [array if array is None else array.copy() for array in running]
        return module.batch_norm(given[0], *copies, **dict(zip(names[1:], given[1:], strict=True)), **settings)

    def backward(g: Any, *given: Any) -> tuple[np.ndarray, ...]:
        named = dict(zip(names[1:], given[1:], strict=True))
        gradients = module.batch_norm_backward(g, given[0], *running, **named, **settings)
        expected = [True, "weight" in names, "bias" in names]
        assert [gradient is not None for gradient in gradients] == expected
        return tuple(gradient for gradient in gradients if gradient is not None)

    return forward, backward


def torch_function(names: list[str], running: list[Any], **settings: Any) -> Callable[..., torch.Tensor]:
    def forward(*given: torch.Tensor) -> torch.Tensor:
        copies = [None if array is None else torch.tensor(array) for array in running]
        named = dict(zip(names[1:], given[1:], strict=True))
        return torch.nn.functional.batch_norm(given[0], *copies, **named, **settings)

    return forward


def agrees_with_pytorch(given_arrays: dict[str, np.ndarray], running: list[Any], tol: float, **settings: Any) -> None:
    names, values = list(given_arrays), list(given_arrays.values())
    y, g, expected = by_torch(torch_function(names, running, **settings), values)
    forward, backward = functions(ops, names, running, **settings)
    for ours, theirs in zip((forward(*values), *backward(g, *values)), (y, *expected), strict=True):
        assert ours.dtype == values[0].dtype
        np.testing.assert_allclose(ours, theirs, rtol=tol, atol=tol)


@EVERY_CASE
@MODES
def test_the_fast_version_agrees_with_the_loops(
    shape: Shape, parameters: str, settings: Settings, training: bool
) -> None:
    given_arrays = arrays(shape, parameters)
    x, *rest = given_arrays.values()
    running = statistics(shape[1])
    fast, slow = (functions(m, list(given_arrays), running, training=training, **settings) for m in (ops, reference))
    np.testing.assert_allclose(fast[0](x, *rest), slow[0](x, *rest), rtol=1e-12, atol=1e-12)
    g = random(*shape, seed=4)
    for ours, loops in zip(fast[1](g, x, *rest), slow[1](g, x, *rest), strict=True):
        np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-12)


@EVERY_CASE
@MODES
def test_the_gradients_agree_with_central_differences(
    shape: Shape, parameters: str, settings: Settings, training: bool
) -> None:
    given_arrays = arrays(shape, parameters)
    both = functions(ops, list(given_arrays), statistics(shape[1]), training=training, **settings)
    check_by_central_differences(*both, list(given_arrays.values()))


@EVERY_CASE
@MODES
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradients_agree_with_pytorch(
    shape: Shape, parameters: str, settings: Settings, training: bool, dtype: str, tolerance: float
) -> None:
    running = statistics(shape[1], dtype)
    agrees_with_pytorch(arrays(shape, parameters, dtype), running, tolerance, training=training, **settings)


@EVERY_CASE
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_the_running_statistics_move_as_in_pytorch(
    module: Any, shape: Shape, parameters: str, settings: Settings
) -> None:
    x, running = random(*shape, seed=1), statistics(shape[1])
    theirs = [torch.tensor(array) for array in running]
    for _ in range(3):
        module.batch_norm(x, *running, training=True, **settings)
        torch.nn.functional.batch_norm(torch.tensor(x), *theirs, training=True, **settings)
    for ours, expected in zip(running, theirs, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12)


@st.composite
def layers(draw: st.DrawFn) -> tuple[dict[str, np.ndarray], list[Any], Settings]:
    """Arrays, running statistics and settings of a batch_norm that PyTorch accepts."""
    training, kept = draw(st.booleans()), draw(st.booleans())
    shape = (draw(st.integers(0, 4)), draw(st.integers(1, 3)), *draw(st.lists(st.integers(1, 3), max_size=3)))
    if training and np.prod(shape) == shape[1]:  # one value per channel
        shape = (2, *shape[1:])
    parameters = draw(st.sampled_from(["", "weight", "bias", "weight bias"]))
    running = statistics(shape[1]) if kept or not training else [None, None]
    numbers = {"momentum": draw(st.floats(0, 1)), "eps": draw(st.floats(1e-5, 1))}
    return arrays(shape, parameters), running, {"training": training, **numbers}


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_pytorch_and_the_loops(
    layer: tuple[dict[str, np.ndarray], list[Any], Settings],
) -> None:
    given_arrays, running, settings = layer
    agrees_with_pytorch(given_arrays, running, 1e-11, **settings)
    fast, slow = (functions(module, list(given_arrays), running, **settings)[0] for module in (ops, reference))
    np.testing.assert_allclose(fast(*given_arrays.values()), slow(*given_arrays.values()), rtol=1e-11, atol=1e-11)


def test_a_channel_of_four_values_is_what_a_person_would_compute() -> None:
    x, mean, var = np.array([[1.0], [2.0], [3.0], [6.0]]), np.zeros(1), np.ones(1)
    y = ops.batch_norm(x, mean, var, [10.0], [100.0], training=True, momentum=0.5, eps=0.5)
    assert y[0, 0] == (1 - 3) / np.sqrt((4 + 1 + 0 + 9) / 4 + 0.5) * 10 + 100
    assert mean == 0.5 * 0 + 0.5 * 3
    assert var == 0.5 * 1 + 0.5 * (4 + 1 + 0 + 9) / 3  # divided by 3, not by 4
    y = ops.batch_norm(x, mean, var, [10.0], [100.0], eps=0.5)
    assert y[3, 0] == pytest.approx((6 - mean[0]) / np.sqrt(var[0] + 0.5) * 10 + 100, rel=1e-15)


def test_the_gradients_of_four_values_are_what_a_person_would_compute() -> None:
    x, g = np.array([[1.0], [2.0], [3.0], [6.0]]), np.array([[1.0], [0.0], [0.0], [2.0]])
    grad_input, grad_weight, grad_bias = ops.batch_norm_backward(g, x, None, None, [10.0], [0.0], True, eps=0.5)
    std = np.sqrt(14 / 4 + 0.5)
    np.testing.assert_allclose(grad_bias, [1 + 2], rtol=1e-15)
    np.testing.assert_allclose(grad_weight, [(1 * -2 + 2 * 3) / std], rtol=1e-15)
    np.testing.assert_allclose(grad_input[0, 0], 10 / std * (1 - 3 / 4 - (-2 / std) * (4 / std) / 4), rtol=1e-15)
    grad_input, _, _ = ops.batch_norm_backward(g, x, [7.0], [3.5], [10.0], eps=0.5)
    np.testing.assert_allclose(grad_input[:, 0], [10 / 2 * 1, 0, 0, 10 / 2 * 2], rtol=1e-15)


@pytest.mark.parametrize("shape", [(64, 3), (8, 3, 10), (4, 3, 5, 6), (2, 3, 4, 3, 2)])
def test_in_training_every_channel_gets_mean_0_and_variance_1(shape: Shape) -> None:
    y = ops.batch_norm(5 * random(*shape) + 20, None, None, training=True, eps=1e-12)
    others = tuple(axis for axis in range(y.ndim) if axis != 1)
    np.testing.assert_allclose(y.mean(axis=others), np.zeros(3), atol=1e-12)
    np.testing.assert_allclose(y.var(axis=others), np.ones(3), rtol=1e-10)


def test_afterwards_a_batch_of_one_gets_what_it_gets_in_any_batch() -> None:
    x, running = random(4, 3), statistics(3)
    np.testing.assert_array_equal(ops.batch_norm(x[:1], *running), ops.batch_norm(x, *running)[:1])


def test_a_constant_added_to_a_channel_changes_nothing_in_training() -> None:
    x, g = random(4, 3, 5), random(4, 3, 5, seed=4)
    moved = ops.batch_norm(x + np.array([[1.0], [2.0], [3.0]]), None, None, training=True)
    np.testing.assert_allclose(moved, ops.batch_norm(x, None, None, training=True), rtol=1e-10, atol=1e-12)
    grad_input, _, _ = ops.batch_norm_backward(g, x, None, None, training=True)
    np.testing.assert_allclose(grad_input.sum(axis=(0, 2)), np.zeros(3), atol=1e-12)


@pytest.mark.parametrize("shape", [(500, 2), (40, 2, 28, 28)])
def test_large_numbers_lose_nothing_in_float32(shape: Shape) -> None:
    x, g = (1000 + random(*shape, seed=1)).astype("float32"), random(*shape, seed=4).astype("float32")
    exact = ops.batch_norm(x.astype("float64"), None, None, training=True)
    np.testing.assert_allclose(ops.batch_norm(x, None, None, training=True), exact, rtol=1e-5, atol=1e-5)
    w, b = np.ones(2, "float32"), np.ones(2, "float32")
    gradients = ops.batch_norm_backward(g, x, None, None, w, b, True)
    doubles = ops.batch_norm_backward(*(array.astype("float64") for array in (g, x)), None, None, [1, 1], [1, 1], True)
    for ours, precise in zip(gradients, doubles, strict=True):
        assert ours is not None and precise is not None
        np.testing.assert_allclose(ours, precise, rtol=1e-5, atol=1e-5 * np.sqrt(np.prod(shape)))


@pytest.mark.parametrize("value", [0.1, -1e10, 16777217.0])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_constant_channel_becomes_the_bias(value: float, dtype: str) -> None:
    x = np.full((7, 1, 3, 3), value, dtype)
    mean, var = np.zeros(1, dtype), np.ones(1, dtype)
    y = ops.batch_norm(x, mean, var, None, np.array([0.25], dtype), training=True, momentum=1.0)
    np.testing.assert_allclose(y, np.full_like(x, 0.25), atol=1e-5)
    assert 0 <= var <= 1e-3


def test_a_spoiled_value_spoils_only_its_channel() -> None:
    x = random(4, 2, 3)
    x[0, 0, 0] = np.inf
    y = ops.batch_norm(x, None, None, training=True)
    assert np.isnan(y[:, 0]).any() and np.isfinite(y[:, 1]).all()
