"""conv_transpose2d and its gradients against loops, central differences, PyTorch and the gradient of conv2d."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from cnnlab.ops._conv_arguments import conv_transpose_counts
from tests.ops.oracles import by_torch, check_by_central_differences, random

LAYERS = [  # input, weight, with a bias, settings
    ((1, 1, 3, 3), (1, 1, 2, 2), False, {}),
    ((2, 3, 4, 2), (3, 4, 3, 2), True, {}),
    ((3, 4, 2), (3, 4, 3, 2), True, {"stride": 2}),  # unbatched
    ((2, 2, 3, 4), (2, 3, 3, 3), True, {"stride": (2, 3), "padding": (1, 2)}),
    ((2, 2, 3, 3), (2, 2, 3, 2), True, {"dilation": (2, 3), "padding": 2}),
    ((1, 4, 3, 3), (4, 3, 3, 3), True, {"groups": 2, "padding": 1}),
    ((2, 3, 3, 2), (3, 2, 3, 3), True, {"groups": 3, "stride": 2}),  # two maps a channel
    ((1, 2, 3, 4), (2, 2, 3, 3), False, {"stride": (2, 3), "output_padding": (1, 2), "padding": 1}),
    ((1, 2, 3, 2), (2, 1, 2, 2), True, {"stride": 1, "dilation": 3, "output_padding": 2}),  # more windows would fit
    ((1, 1, 2, 2), (1, 2, 1, 2), True, {"stride": 3}),  # cells between the stamps that none reaches
    ((1, 1, 3, 1), (1, 1, 1, 1), True, {"padding": (1, 3), "stride": (1, 7), "output_padding": (0, 6)}),  # beyond all
    ((1, 1, 1, 1), (1, 1, 1, 1), True, {}),
    ((1, 1, 1, 3), (1, 1, 1, 3), False, {"padding": (0, 1)}),
    ((0, 2, 3, 3), (2, 3, 3, 3), True, {"padding": 1, "stride": 2}),
]
EVERY_LAYER = pytest.mark.parametrize(("x_shape", "w_shape", "with_bias", "settings"), LAYERS)

X, W = np.zeros((1, 4, 3, 3)), np.zeros((4, 2, 3, 3))
TENSOR = torch.zeros(1, 4, 3, 3)
REFUSED = [  # settings, words of the message
    ({"stride": 10**6}, "stride, dilation or output_padding asks for 1 x 2 x 2000003 x 2000003 numbers"),
    ({"stride": 0}, "stride must be at least 1, but is 0"),
    ({"stride": (1, 1, 1)}, "stride must be one whole number or 2 of them, but is (1, 1, 1)"),
    ({"dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"dilation": 1.5}, "dilation must be a whole number, but is 1.5"),
    ({"padding": -1}, "padding must be at least 0, but is -1"),
    ({"padding": "same"}, "padding must be a whole number, but is 'same'"),
    ({"padding": 3}, "padding 3 x 3 leaves nothing: without it the output is only 5 x 5, use less padding"),
    ({"padding": (0, 3)}, "padding 0 x 3 leaves nothing: without it the output is only 5 x 5, use less padding"),
    ({"output_padding": -1}, "output_padding must be at least 0, but is -1"),
    ({"output_padding": 1}, "output_padding must be smaller than stride or dilation, but is 1 with stride 1 and dilat"),
    ({"output_padding": 3, "stride": 2, "dilation": 3}, "but is 3 with stride 2 and dilation 3"),
    ({"output_padding": (1, 1), "stride": (2, 1)}, "but is 1 with stride 1 and dilation 1"),
    ({"groups": 0}, "groups must be at least 1, but is 0"),
    ({"groups": 3}, "groups must divide the number of channels in weight, 4, but is 3"),
    ({"groups": 2.0}, "groups must be a whole number, but is 2.0"),
    ({"input": np.zeros((3, 3))}, "input must have the axes (N, C, H, W) or (C, H, W), but its shape is (3, 3)"),
    ({"input": np.zeros((1, 2, 3, 3))}, "input has 2 channels, but weight of shape (4, 2, 3, 3) needs 4"),
    ({"input": np.zeros((1, 4, 0, 3))}, "input must not be empty (only the batch may be), but its shape is (1, 4, 0,"),
    ({"input": X.astype("float32")}, "input is float32 but weight is float64"),
    ({"input": TENSOR}, "input must be a NumPy array, but is a torch tensor: convert with input.detach().cpu().num"),
    ({"weight": W[0]}, "weight must have the axes (channels, filters, kh, kw), but its shape is (2, 3, 3)"),
    ({"weight": W[:, :0]}, "weight must not be empty, but its shape is (4, 0, 3, 3)"),
    ({"weight": None}, "weight must be an array of numbers, but is None"),
    ({"bias": np.zeros(4)}, "bias must hold one number per filter, shape (2,), but its shape is (4,)"),
    ({"bias": np.zeros(2), "groups": 2}, "bias must hold one number per filter, shape (4,), but its shape is (2,)"),
    ({"bias": 1.0}, "bias must hold one number per filter, shape (2,), but its shape is ()"),
]

Shape = tuple[int, ...]
Settings = dict[str, Any]


def arrays(x_shape: Shape, w_shape: Shape, with_bias: bool, groups: int = 1, dtype: str = "float64") -> list[Any]:
    bias = [random(w_shape[1] * groups, seed=3)] * with_bias
    return [array.astype(dtype) for array in (random(*x_shape, seed=1), random(*w_shape, seed=2), *bias)]


@EVERY_LAYER
def test_the_fast_version_agrees_with_the_loops(
    x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings
) -> None:
    given_arrays = arrays(x_shape, w_shape, with_bias, settings.get("groups", 1))
    y = reference.conv_transpose2d(*given_arrays, **settings)
    np.testing.assert_allclose(ops.conv_transpose2d(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    fast = ops.conv_transpose2d_backward(g, *given_arrays, **settings)
    slow = reference.conv_transpose2d_backward(g, *given_arrays, **settings)
    assert [result is not None for result in (*fast, *slow)] == [True, True, with_bias] * 2
    for ours, loops in list(zip(fast, slow, strict=True))[: len(given_arrays)]:
        np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-12)


@EVERY_LAYER
def test_the_gradients_agree_with_central_differences(
    x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings
) -> None:
    given_arrays = arrays(x_shape, w_shape, with_bias, settings.get("groups", 1))
    check_by_central_differences(ops.conv_transpose2d, ops.conv_transpose2d_backward, given_arrays, **settings)


@EVERY_LAYER
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradients_agree_with_pytorch(
    x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings, dtype: str, tolerance: float
) -> None:
    given_arrays = arrays(x_shape, w_shape, with_bias, settings.get("groups", 1), dtype)
    y, g, gradients = by_torch(torch.nn.functional.conv_transpose2d, given_arrays, **settings)
    ours = ops.conv_transpose2d(*given_arrays, **settings)
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    results = ops.conv_transpose2d_backward(g, *given_arrays, **settings)
    for gradient, expected in zip(results, gradients, strict=False):
        assert gradient is not None and gradient.dtype == dtype
        np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance)


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[np.ndarray], Settings]:
    """Arrays and settings of a conv_transpose2d that PyTorch accepts: one cell at least is left."""
    groups, depth, maps = (draw(st.integers(1, 2)) for _ in range(3))
    kernel, stride, dilation, size = (tuple(draw(st.integers(1, 3)) for _ in range(2)) for _ in range(4))
    more = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    whole = conv_transpose_counts(size, kernel, stride, (0, 0), (0, 0), dilation)
    padding = tuple(draw(st.integers(0, min(3, (n - 1) // 2))) for n in whole)
    batch = draw(st.sampled_from([[], [0], [1], [2]]))
    x_shape, w_shape = (*batch, groups * depth, *size), (groups * depth, maps, *kernel)
    settings = {"stride": stride, "padding": padding, "output_padding": more, "groups": groups, "dilation": dilation}
    return arrays(x_shape, w_shape, draw(st.booleans()), groups), settings


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_pytorch(layer: tuple[list[np.ndarray], Settings]) -> None:
    given_arrays, settings = layer
    y, g, gradients = by_torch(torch.nn.functional.conv_transpose2d, given_arrays, **settings)
    np.testing.assert_allclose(ops.conv_transpose2d(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)
    results = ops.conv_transpose2d_backward(g, *given_arrays, **settings)
    for ours, expected in zip(results, gradients, strict=False):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@run_with(deadline=None, max_examples=50)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_the_loops(layer: tuple[list[np.ndarray], Settings]) -> None:
    given_arrays, settings = layer
    y = reference.conv_transpose2d(*given_arrays, **settings)
    np.testing.assert_allclose(ops.conv_transpose2d(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_it_is_the_gradient_of_conv2d_with_respect_to_its_input(layer: tuple[list[np.ndarray], Settings]) -> None:
    (grad, w, *_), settings = layer
    given_more, stride = settings.pop("output_padding"), settings["stride"]
    more = [min(o, s - 1) for o, s in zip(given_more, stride, strict=True)]  # else conv2d would have more windows
    y = ops.conv_transpose2d(grad, w, output_padding=more, **settings)
    grad_input, _, _ = ops.conv2d_backward(grad, np.zeros_like(y), w, **settings)
    np.testing.assert_allclose(y, grad_input, rtol=1e-12, atol=1e-12)


def test_stamps_add_up_where_they_overlap_as_a_person_would_write() -> None:
    x = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    w = np.array([[[[10.0, 20.0], [30.0, 40.0]]]])
    y = ops.conv_transpose2d(x, w, [0.5])
    assert y.shape == (1, 3, 3)
    assert y[0, 0, 0] == 1 * 10 + 0.5
    assert y[0, 0, 1] == 1 * 20 + 2 * 10 + 0.5
    assert y[0, 1, 1] == 1 * 40 + 2 * 30 + 3 * 20 + 4 * 10 + 0.5  # all four stamps meet in the middle
    assert ops.conv_transpose2d(x, w, stride=2)[0].tolist() == [
        [1 * 10, 1 * 20, 2 * 10, 2 * 20],
        [1 * 30, 1 * 40, 2 * 30, 2 * 40],
        [3 * 10, 3 * 20, 4 * 10, 4 * 20],
        [3 * 30, 3 * 40, 4 * 30, 4 * 40],
    ]
    g = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]])
    grad_input, grad_weight, grad_bias = ops.conv_transpose2d_backward(g, x, w, [0.5])
    assert grad_input[0, 0, 1] == 2 * 10 + 3 * 20 + 5 * 30 + 6 * 40
    assert grad_weight[0, 0, 1, 0] == 4 * 1 + 5 * 2 + 7 * 3 + 8 * 4
    assert grad_bias is not None and grad_bias[0] == 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9


def test_the_size_comes_back_but_not_the_values() -> None:
    x, w = random(1, 5, 5, seed=1), random(2, 1, 3, 3, seed=2)
    there_and_back = ops.conv_transpose2d(ops.conv2d(x, w), w)
    assert there_and_back.shape == x.shape
    assert np.abs(there_and_back - x).min() > 1e-3


@pytest.mark.parametrize(("size", "more"), [(7, 0), (8, 1)])
def test_output_padding_says_which_of_the_sizes_that_conv2d_makes_the_same_comes_back(size: int, more: int) -> None:
    w = random(1, 1, 3, 3)
    small = ops.conv2d(np.zeros((1, size, size)), w, stride=2)
    assert small.shape == (1, 3, 3)
    assert ops.conv_transpose2d(small, w, stride=2, output_padding=more).shape == (1, size, size)


def test_a_spoiled_cell_spoils_only_its_stamp() -> None:
    x = np.zeros((1, 3, 3))
    x[0, 0, 2] = np.nan
    assert np.isnan(ops.conv_transpose2d(x, np.ones((1, 1, 2, 2)))).sum() == 4


@pytest.mark.parametrize(
    "view",
    [
        lambda x: np.asfortranarray(x),
        lambda x: np.concatenate([x, x], axis=-1)[..., : x.shape[-1]],
        lambda x: x[..., ::-1, ::-1].copy()[..., ::-1, ::-1],
    ],
    ids=["fortran order", "slice", "negative steps"],
)
def test_the_layout_in_memory_does_not_matter(view: Any) -> None:
    x, w, b = arrays((2, 3, 4, 3), (3, 4, 2, 2), True)
    g = random(2, 4, 5, 4, seed=4)
    np.testing.assert_allclose(ops.conv_transpose2d(view(x), view(w), b), ops.conv_transpose2d(x, w, b), rtol=1e-12)
    results = ops.conv_transpose2d_backward(view(g), view(x), view(w), b)
    for ours, expected in zip(results, ops.conv_transpose2d_backward(g, x, w, b), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"padding": 1}, {"stride": 2, "output_padding": 1}])
def test_read_only_inputs_work_and_no_input_is_written_to(settings: Settings) -> None:
    given_arrays = arrays((2, 3, 3, 3), (3, 4, 3, 3), True)
    g = random(*ops.conv_transpose2d(*given_arrays, **settings).shape, seed=4)
    before = [array.copy() for array in (g, *given_arrays)]
    for array in (g, *given_arrays):
        array.flags.writeable = False
    y = ops.conv_transpose2d(*given_arrays, **settings)
    for result in (y, *ops.conv_transpose2d_backward(g, *given_arrays, **settings)):
        assert result is not None and result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in (g, *given_arrays))
    for array, kept in zip((g, *given_arrays), before, strict=True):
        np.testing.assert_array_equal(array, kept)


X_LIST, W_LIST = [[[1, 2]]], [[[[1, -3]]]]
KINDS = [  # input, weight, dtype of the output
    (X_LIST, W_LIST, "float64"),
    (np.array(X_LIST, "uint8"), np.array(W_LIST, "int8"), "float64"),
    (np.array(X_LIST, "float32"), W_LIST, "float32"),
    (X_LIST, np.array(W_LIST, "float32"), "float32"),
    (np.array(X_LIST, "float16"), np.array(W_LIST, "float16"), "float16"),
]


@pytest.mark.parametrize(("x", "w", "dtype"), KINDS)
def test_floats_keep_their_dtype_and_everything_else_follows(x: Any, w: Any, dtype: str) -> None:
    y = ops.conv_transpose2d(x, w, [0])
    assert y.dtype == dtype
    assert y.tolist() == [[[1, -1, -6]]]
    gradients = ops.conv_transpose2d_backward(np.ones((1, 1, 3)), x, w, [0.0])
    assert [gradient.dtype for gradient in gradients if gradient is not None] == [dtype] * 3


def test_half_precision_is_summed_in_single_precision() -> None:
    n = 4096  # sums of ones in float16 stop at 2048
    x, w = np.ones((1, 1, 1, n), "float16"), np.ones((1, 1, 1, n), "float16")
    y = ops.conv_transpose2d(x, w)
    assert y.dtype == "float16" and y[0, 0, 0, n - 1] == n  # the middle cell gets every stamp
    grad_input, grad_weight, _ = ops.conv_transpose2d_backward(np.ones_like(y), x, w)
    assert (grad_input == n).all() and (grad_weight == n).all()


@pytest.mark.parametrize(("settings", "message"), REFUSED)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_what_cannot_work_is_refused(module: Any, settings: Settings, message: str) -> None:
    arguments = {"input": X, "weight": W, **settings}
    for call in (module.conv_transpose2d, lambda **given: module.conv_transpose2d_backward(X, **given)):
        with pytest.raises(ValueError, match=re.escape(message)):
            call(**arguments)


@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any) -> None:
    message = "grad_output must have the shape of the output, (1, 2, 5, 5), but has (1, 4, 3, 3)"
    with pytest.raises(ValueError, match=re.escape(message)):
        module.conv_transpose2d_backward(X, X, W)


@pytest.mark.parametrize("settings", [settings for settings, _ in REFUSED if "input" not in settings])
def test_pytorch_refuses_the_same_settings(settings: Settings) -> None:
    arguments = {"input": X, "weight": W, **settings}
    tensors = {name: torch.tensor(v) if isinstance(v, np.ndarray) else v for name, v in arguments.items()}
    with pytest.raises((RuntimeError, TypeError)):
        torch.nn.functional.conv_transpose2d(**tensors)
