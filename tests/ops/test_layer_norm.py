"""layer_norm and its gradients against loops, central differences and PyTorch, and what it refuses."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.contract import refused
from tests.ops.oracles import by_torch, check_by_central_differences, random

CASES = [  # shape of the input, normalized_shape, what else is given, eps
    ((4, 3), (3,), "weight bias", 1e-5),
    ((5,), (5,), "", 0.5),
    ((2, 3, 4), (4,), "weight", 1e-5),
    ((2, 3, 4), (3, 4), "weight bias", 1e-3),
    ((2, 3, 2, 2), (3, 2, 2), "bias", 1e-5),
    ((2, 3), (2, 3), "weight bias", 1e-5),  # one row
    ((3, 1), (1,), "weight bias", 1e-5),  # its variance is 0
    ((0, 4), (4,), "weight bias", 1e-5),
    ((3, 0), (0,), "weight bias", 1e-5),
]
EVERY_CASE = pytest.mark.parametrize(("shape", "normalized", "parameters", "eps"), CASES)

Shape = tuple[int, ...]
Settings = dict[str, Any]


def arrays(shape: Shape, normalized: Shape, parameters: str, dtype: str = "float64") -> dict[str, np.ndarray]:
    made = {"input": random(*shape, seed=1)}
    made |= {name: random(*normalized, seed=2 + i) for i, name in enumerate(parameters.split())}
    return {name: array.astype(dtype) for name, array in made.items()}


def functions(module: Any, names: list[str], normalized: Shape, eps: float) -> tuple[Any, Any]:
    """layer_norm and its gradients as functions of the arrays of these names; the gradients without None."""

    def forward(*given: Any) -> Any:
        return module.layer_norm(given[0], normalized, **dict(zip(names[1:], given[1:], strict=True)), eps=eps)

    def backward(g: Any, *given: Any) -> tuple[np.ndarray, ...]:
        named = dict(zip(names[1:], given[1:], strict=True))
        gradients = module.layer_norm_backward(g, given[0], normalized, **named, eps=eps)
        assert [gradient is not None for gradient in gradients] == [True, "weight" in names, "bias" in names]
        return tuple(gradient for gradient in gradients if gradient is not None)

    return forward, backward


def agrees_with_pytorch(given_arrays: dict[str, np.ndarray], normalized: Shape, eps: float, tolerance: float) -> None:
    names, values = list(given_arrays), list(given_arrays.values())
    forward, backward = functions(ops, names, normalized, eps)
    y, g, expected = by_torch(functions(torch.nn.functional, names, normalized, eps)[0], values)
    for ours, theirs in zip((forward(*values), *backward(g, *values)), (y, *expected), strict=True):
        assert ours.dtype == values[0].dtype
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(shape: Shape, normalized: Shape, parameters: str, eps: float) -> None:
    given_arrays = arrays(shape, normalized, parameters)
    values = list(given_arrays.values())
    fast, slow = (functions(module, list(given_arrays), normalized, eps) for module in (ops, reference))
    np.testing.assert_allclose(fast[0](*values), slow[0](*values), rtol=1e-12, atol=1e-12)
    g = random(*shape, seed=4)
    for ours, loops in zip(fast[1](g, *values), slow[1](g, *values), strict=True):
        np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradients_agree_with_central_differences(
    shape: Shape, normalized: Shape, parameters: str, eps: float
) -> None:
    given_arrays = arrays(shape, normalized, parameters)
    both = functions(ops, list(given_arrays), normalized, eps)
    check_by_central_differences(*both, list(given_arrays.values()))


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradients_agree_with_pytorch(
    shape: Shape, normalized: Shape, parameters: str, eps: float, dtype: str, tolerance: float
) -> None:
    agrees_with_pytorch(arrays(shape, normalized, parameters, dtype), normalized, eps, tolerance)


@st.composite
def layers(draw: st.DrawFn) -> tuple[dict[str, np.ndarray], Shape, float]:
    """Arrays, normalized_shape and eps of a layer_norm that PyTorch accepts."""
    outer, normalized = (tuple(draw(st.lists(st.integers(low, 4), max_size=2))) for low in (0, 1))
    normalized = normalized or (draw(st.integers(1, 5)),)
    parameters = draw(st.sampled_from(["", "weight", "bias", "weight bias"]))
    return arrays((*outer, *normalized), normalized, parameters), normalized, draw(st.floats(1e-5, 1))


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_pytorch_and_the_loops(layer: tuple[dict[str, np.ndarray], Shape, float]) -> None:
    given_arrays, normalized, eps = layer
    agrees_with_pytorch(given_arrays, normalized, eps, 1e-11)
    fast, slow = (functions(module, list(given_arrays), normalized, eps)[0] for module in (ops, reference))
    np.testing.assert_allclose(fast(*given_arrays.values()), slow(*given_arrays.values()), rtol=1e-11, atol=1e-11)


def test_a_row_of_four_values_is_what_a_person_would_compute() -> None:
    x, g, weight = [[1.0, 2.0, 3.0, 6.0]], [[1.0, 0.0, 0.0, 2.0]], [10.0, 1.0, 1.0, 5.0]
    std = np.sqrt((4 + 1 + 0 + 9) / 4 + 0.5)
    y = ops.layer_norm(x, (4,), weight, [100.0, 0.0, 0.0, 0.0], eps=0.5)
    assert y[0, 0] == (1 - 3) / std * 10 + 100
    assert y[0, 3] == (6 - 3) / std * 5
    grad_input, grad_weight, grad_bias = ops.layer_norm_backward(g, x, (4,), weight, [0, 0, 0, 0], eps=0.5)
    np.testing.assert_array_equal(grad_bias, [1, 0, 0, 2])
    np.testing.assert_array_equal(grad_weight, [1 * -2 / std, 0, 0, 2 * 3 / std])
    mean, slope = (1 * 10 + 2 * 5) / 4, (10 * -2 / std + 10 * 3 / std) / 4
    np.testing.assert_allclose(grad_input[0, 1], (0 - mean - -1 / std * slope) / std, rtol=1e-15)


def test_every_example_gets_mean_0_and_variance_1_whatever_else_is_in_the_batch() -> None:
    x = 5 * random(4, 3, 5, 6) + 20
    y = ops.layer_norm(x, (3, 5, 6), eps=1e-12)
    np.testing.assert_allclose(y.mean(axis=(1, 2, 3)), np.zeros(4), atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(1, 2, 3)), np.ones(4), rtol=1e-10)
    np.testing.assert_array_equal(ops.layer_norm(x[2:3], (3, 5, 6), eps=1e-12), y[2:3])


def test_large_numbers_lose_nothing_in_float32() -> None:
    x = (1000 + random(4, 5000)).astype("float32")
    exact = ops.layer_norm(x.astype("float64"), (5000,))
    np.testing.assert_allclose(ops.layer_norm(x, (5000,)), exact, rtol=1e-5, atol=1e-5)


def test_half_precision_is_computed_in_single_precision() -> None:
    x = (100 + random(3, 5000)).astype("float16")  # the sum of a row is no float16
    y = ops.layer_norm(x, (5000,))
    assert y.dtype == "float16"
    np.testing.assert_allclose(y, ops.layer_norm(x.astype("float64"), (5000,)), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "view",
    [
        lambda x: np.asfortranarray(x),
        lambda x: np.concatenate([x, x], axis=-1)[..., : x.shape[-1]],
        lambda x: x[::-1, ..., ::-1].copy()[::-1, ..., ::-1],
    ],
    ids=["fortran order", "slice", "negative steps"],
)
def test_the_layout_in_memory_does_not_matter(view: Any) -> None:
    x, w, b, g = random(4, 3, 5), random(3, 5, seed=2), random(3, 5, seed=3), random(4, 3, 5, seed=4)
    np.testing.assert_allclose(ops.layer_norm(view(x), (3, 5), view(w)), ops.layer_norm(x, (3, 5), w), rtol=1e-12)
    expected = ops.layer_norm_backward(g, x, (3, 5), w, b)
    for ours, theirs in zip(ops.layer_norm_backward(view(g), view(x), (3, 5), view(w), b), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(3, 4), (1, 4)])
def test_read_only_inputs_work_and_no_input_is_written_to(shape: Shape) -> None:
    given_arrays = [random(*shape, seed=4), *arrays(shape, (4,), "weight bias").values()]
    before = [array.copy() for array in given_arrays]
    for array in given_arrays:
        array.flags.writeable = False
    g, x, w, b = given_arrays
    results = [ops.layer_norm(x, (4,)), ops.layer_norm(x, (4,), w, b), *ops.layer_norm_backward(g, x, (4,), w, b)]
    for i, result in enumerate(results):
        assert result is not None and result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in [*given_arrays, *results[:i]])  # type: ignore[arg-type]
    for array, kept in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize(
    ("x", "w", "dtype"),
    [
        ([[1, 2], [3, 6]], [3, 4], "float64"),
        (np.array([[1, 2], [3, 6]], "uint8"), np.array([3, 4], "int16"), "float64"),
        (np.array([[1, 2], [3, 6]], "float32"), [3, 4], "float32"),
        (np.array([[1, 2], [3, 6]]), np.array([3, 4], "float32"), "float32"),
        (np.array([[1, 2], [3, 6]], "float16"), np.array([3, 4], "float16"), "float16"),
        (np.array([[1, 2], [3, 6]], ">f4"), np.array([3, 4], "<f4"), "float32"),  # bytes as some files have them
    ],
)
def test_floats_keep_their_dtype_and_everything_else_follows(x: Any, w: Any, dtype: str) -> None:
    y = ops.layer_norm(x, [np.int64(2)], w)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, [[-3, 4], [-3, 4]], rtol=1e-3)
    gradients = ops.layer_norm_backward(np.ones((2, 2)), x, (2,), w, [0, 0])
    assert [gradient is not None and gradient.dtype for gradient in gradients] == [dtype] * 3


X = np.zeros((2, 3, 4))
WRONG = [  # settings, words of the message
    ({"normalized_shape": 4}, "normalized_shape must be a sequence such as (C, H, W), but is 4"),
    ({"normalized_shape": "4"}, "normalized_shape must be a sequence such as (C, H, W), but is '4'"),
    ({"normalized_shape": None}, "normalized_shape must be a sequence such as (C, H, W), but is None"),
    (
        {"normalized_shape": ()},
        "normalized_shape must be the last sizes of the input, whose shape is (2, 3, 4), but is",
    ),
    ({"normalized_shape": (3,)}, "but is (3,): (3, 4) normalizes each example by itself"),
    ({"normalized_shape": (1, 2, 3, 4)}, "normalized_shape must be the last sizes of the input"),
    ({"normalized_shape": [[1, 2], [3]]}, "normalized_shape must be a whole number, but is [1, 2]"),
    ({"normalized_shape": (4.0,)}, "normalized_shape must be a whole number, but is 4.0"),
    ({"normalized_shape": (-4,)}, "normalized_shape must be at least 0, but is -4"),
    ({"input": 1.0, "normalized_shape": ()}, "normalized_shape must be the last sizes of the input, whose shape is ()"),
    ({"input": torch.zeros(2, 4)}, "input must be a NumPy array, but is a torch tensor"),
    ({"input": X.astype("float32"), "weight": np.ones(4)}, "input is float32 but weight is float64"),
    ({"weight": np.ones(3)}, "weight must have the shape of normalized_shape, (4,), but its shape is (3,)"),
    ({"bias": 1.0}, "bias must have the shape of normalized_shape, (4,), but its shape is ()"),
    ({"eps": -1e-5}, "eps must be at least 0, but is -1e-05"),
    ({"eps": None}, "eps must be a number, but is None"),
]


@pytest.mark.parametrize(("settings", "message"), WRONG)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_what_cannot_work_is_refused(module: Any, settings: Settings, message: str) -> None:
    arguments = {"input": X, "normalized_shape": (4,), **settings}
    refused(message, module.layer_norm, **arguments)
    refused(message, module.layer_norm_backward, X, **arguments)


@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any) -> None:
    message = "grad_output must have the shape of the output, (2, 3, 4), but has (3, 4)"
    refused(message, module.layer_norm_backward, X[0], X, (4,))
