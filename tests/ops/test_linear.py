"""linear and its gradients against a loop, central differences and PyTorch."""

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

Shape = tuple[int, ...]

CASES = [  # input, weight, bias
    ((4, 3), (2, 3), (2,)),
    ((4, 3), (2, 3), None),
    ((3,), (2, 3), (2,)),  # one example
    ((2, 5, 3), (4, 3), (4,)),
    ((2, 1, 2, 3), (1, 3), (1,)),
    ((4, 3), (2, 3), ()),  # one bias for all outputs
    ((4, 3), (3,), None),  # an output without an axis of its own
    ((3,), (3,), ()),
    ((2, 4, 3), (3,), ()),
    ((0, 3), (2, 3), (2,)),
    ((2, 0, 3), (2, 3), (2,)),
    ((4, 0), (2, 0), (2,)),
    ((4, 3), (0, 3), (0,)),
    ((1, 1), (1, 1), (1,)),
]
EVERY_CASE = pytest.mark.parametrize(("x_shape", "w_shape", "b_shape"), CASES)

REFUSED = [  # input, weight, bias, words of the message
    (np.zeros((4, 3)), np.zeros((2, 5)), None, "input has 3 numbers along its last axis, but weight of shape (2, 5)"),
    (np.zeros((4, 3)), np.zeros((3, 2)), None, "needs 2: the shape of input is (4, 3)"),
    (np.zeros((4, 3)), np.zeros((2, 3, 1)), None, "weight must have the axes (outputs, inputs) or (inputs,), but its"),
    (np.zeros((4, 3)), 1.0, None, "weight must have the axes (outputs, inputs) or (inputs,), but its shape is ()"),
    (1.0, np.zeros((2, 3)), None, "input must have at least one axis"),
    (
        np.zeros((4, 3)),
        np.zeros((2, 3)),
        np.zeros(3),
        "bias must hold one number per output, shape (2,), but its shape",
    ),
    (np.zeros((4, 3)), np.zeros((2, 3)), np.zeros((4, 2)), "bias must hold one number per output, shape (2,), but"),
    (np.zeros((4, 3)), np.zeros(3), np.zeros(1), "bias must hold a single number, shape (), but its shape is (1,)"),
    (np.zeros((4, 3)), np.zeros((2, 3), "float32"), None, "input is float64 but weight is float32"),
    (torch.zeros(4, 3), np.zeros((2, 3)), None, "input must be a NumPy array, but is a torch tensor"),
    ([["a"]], np.zeros((2, 3)), None, "input must hold real numbers"),
]


def arrays(*shapes: Shape | None, dtype: str = "float64") -> list[np.ndarray]:
    made = (None if s is None else np.asarray(random(*s, seed=i), dtype) for i, s in enumerate(shapes))
    return [x for x in made if x is not None]


@EVERY_CASE
def test_every_output_is_the_sum_that_a_loop_adds_up(x_shape: Shape, w_shape: Shape, b_shape: Shape | None) -> None:
    x, w, *bias = arrays(x_shape, w_shape, b_shape)
    y = ops.linear(x, w, *bias)
    expected = np.zeros((*x_shape[:-1], *w_shape[:-1]))
    for index in np.ndindex(expected.shape):
        row, weights = (x[index[:-1]], w[index[-1]]) if w.ndim == 2 else (x[index], w)
        expected[index] = sum(float(a) * float(b) for a, b in zip(row, weights, strict=True))
        expected[index] += np.broadcast_to(bias[0], expected.shape)[index] if bias else 0
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12, strict=True)


@EVERY_CASE
def test_the_gradients_agree_with_central_differences(x_shape: Shape, w_shape: Shape, b_shape: Shape | None) -> None:
    check_by_central_differences(ops.linear, ops.linear_backward, arrays(x_shape, w_shape, b_shape))


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradients_agree_with_pytorch(
    x_shape: Shape, w_shape: Shape, b_shape: Shape | None, dtype: str, tolerance: float
) -> None:
    given_arrays = arrays(x_shape, w_shape, b_shape, dtype=dtype)
    y, g, expected = by_torch(torch.nn.functional.linear, given_arrays)
    np.testing.assert_allclose(ops.linear(*given_arrays), y, rtol=tolerance, atol=tolerance, strict=True)
    gradients = ops.linear_backward(g, *given_arrays)
    assert [gradient is None for gradient in gradients] == [False, False, b_shape is None]
    for ours, theirs in zip(gradients, expected, strict=False):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, strict=True)


@st.composite
def layers(draw: st.DrawFn) -> list[np.ndarray]:
    *lead, inputs, outputs = draw(st.lists(st.integers(0, 4), min_size=2, max_size=5))
    return arrays((*lead, inputs), (outputs, inputs), draw(st.sampled_from([None, (outputs,), ()])))


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_pytorch(layer: list[np.ndarray]) -> None:
    y, g, expected = by_torch(torch.nn.functional.linear, layer)
    np.testing.assert_allclose(ops.linear(*layer), y, rtol=1e-12, atol=1e-12, strict=True)
    for ours, theirs in zip(ops.linear_backward(g, *layer), expected, strict=False):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, strict=True)


def test_an_output_and_its_gradients_are_the_sums_that_a_person_would_write() -> None:
    x, w, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]), [1.0, 2.0, 3.0]
    assert ops.linear(x, w, b)[1, 2] == 50 * 3 + 60 * 4 + 3
    grad_input, grad_weight, grad_bias = ops.linear_backward([[1, 2, 3], [4, 5, 6]], x, w, b)
    assert grad_input[0, 1] == 1 * 20 + 2 * 40 + 3 * 60
    assert grad_weight[2, 0] == 3 * 1 + 6 * 3
    assert grad_bias is not None and grad_bias.tolist() == [1 + 4, 2 + 5, 3 + 6]


def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept() -> None:
    check_contract(ops.linear, ops.linear_backward, arrays((2, 4, 3), (5, 3), (5,)))


def test_half_precision_is_summed_in_single_precision() -> None:
    n = 4096  # sums of ones in float16 stop at 2048
    x, w = np.ones((n, n), "float16"), np.ones((1, n), "float16")
    assert (ops.linear(x[:2], w) == n).all()
    _, grad_weight, grad_bias = ops.linear_backward(np.ones((n, 1)), x, w, np.zeros(1, "float16"))
    assert (grad_weight == n).all() and grad_bias == n


@pytest.mark.parametrize(("x", "w", "b", "message"), REFUSED)
def test_what_cannot_work_is_refused(x: Any, w: Any, b: Any, message: str) -> None:
    refused(message, ops.linear, x, w, b)
    refused(message, ops.linear_backward, np.zeros((4, 2)), x, w, b)


def test_the_gradient_must_have_the_shape_of_the_output() -> None:
    message = "grad_output must have the shape of the output, (4, 2), but has (2, 4)"
    refused(message, ops.linear_backward, np.zeros((2, 4)), np.zeros((4, 3)), np.zeros((2, 3)))
