"""conv1d, conv2d and their gradients against loops, central differences and PyTorch."""

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

PLANES = [  # input, weight, with a bias, settings
    ((1, 1, 4, 4), (1, 1, 3, 3), False, {}),
    ((2, 3, 5, 6), (4, 3, 3, 2), True, {}),
    ((3, 5, 6), (4, 3, 3, 2), True, {"stride": 2}),  # unbatched
    ((2, 2, 7, 6), (3, 2, 3, 3), True, {"stride": (2, 3), "padding": (1, 2)}),
    ((2, 2, 7, 8), (2, 2, 3, 2), True, {"dilation": (2, 3), "padding": 2}),
    ((1, 4, 5, 5), (6, 2, 3, 3), True, {"groups": 2, "padding": 1}),
    ((2, 3, 5, 5), (6, 1, 3, 3), True, {"groups": 3, "stride": 2}),  # depthwise, two filters a channel
    ((1, 2, 6, 5), (2, 2, 3, 5), False, {"padding": "same"}),
    ((1, 2, 5, 5), (2, 2, 1, 1), True, {"padding": "valid", "stride": 3}),
    ((9, 1, 4, 4), (1, 1, 2, 2), True, {"stride": 2}),  # more examples than are worked on at a time
    ((1, 1, 1, 1), (1, 1, 1, 1), True, {}),
    ((1, 1, 1, 6), (1, 1, 1, 3), False, {}),
    ((1, 1, 3, 3), (2, 1, 3, 3), True, {"stride": 5, "padding": 4}),  # a window that lies wholly in the padding
    ((0, 2, 5, 5), (3, 2, 3, 3), True, {"padding": 1}),
]
LINES = [
    ((1, 1, 5), (1, 1, 3), False, {}),
    ((2, 3, 8), (4, 3, 3), True, {"stride": 2, "padding": 1}),
    ((4, 9), (6, 2, 2), True, {"groups": 2, "dilation": 3}),
    ((2, 2, 6), (3, 2, 5), True, {"padding": "same"}),
    ((1, 1, 1), (1, 1, 1), True, {}),
    ((0, 1, 4), (2, 1, 2), True, {}),
]
CASES = [(2, *case) for case in PLANES] + [(1, *case) for case in LINES]
EVERY_CASE = pytest.mark.parametrize(("axes", "x_shape", "w_shape", "with_bias", "settings"), CASES)

Shape = tuple[int, ...]
Settings = dict[str, Any]


def arrays(x_shape: Shape, w_shape: Shape, with_bias: bool, dtype: str = "float64") -> list[np.ndarray]:
    made = [random(*x_shape, seed=1), random(*w_shape, seed=2)] + [random(w_shape[0], seed=3)] * with_bias
    return [array.astype(dtype) for array in made]


def functions(axes: int, module: Any = ops) -> tuple[Any, Any]:
    return getattr(module, f"conv{axes}d"), getattr(module, f"conv{axes}d_backward")


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(
    axes: int, x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings
) -> None:
    given_arrays = arrays(x_shape, w_shape, with_bias)
    (fast, fast_backward), (slow, slow_backward) = functions(axes), functions(axes, reference)
    y = slow(*given_arrays, **settings)
    np.testing.assert_allclose(fast(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    gradients = fast_backward(g, *given_arrays, **settings), slow_backward(g, *given_arrays, **settings)
    assert [result is not None for result in gradients[0]] == [True, True, with_bias]
    assert [result is not None for result in gradients[1]] == [True, True, with_bias]
    for ours, loops in list(zip(*gradients, strict=True))[: len(given_arrays)]:
        np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradients_agree_with_central_differences(
    axes: int, x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings
) -> None:
    check_by_central_differences(*functions(axes), arrays(x_shape, w_shape, with_bias), **settings)


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradients_agree_with_pytorch(
    axes: int, x_shape: Shape, w_shape: Shape, with_bias: bool, settings: Settings, dtype: str, tolerance: float
) -> None:
    given_arrays = arrays(x_shape, w_shape, with_bias, dtype)
    forward, backward = functions(axes)
    y, g, gradients = by_torch(getattr(torch.nn.functional, f"conv{axes}d"), given_arrays, **settings)
    ours = forward(*given_arrays, **settings)
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    for gradient, expected in zip(backward(g, *given_arrays, **settings), gradients, strict=False):
        assert gradient.dtype == dtype
        np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance)


# PyTorch only remarks that it copies the input when an even kernel needs an odd number of cells.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("kernel", [(2, 2), (4, 3), (1, 6)])
def test_same_padding_of_an_even_kernel_puts_the_extra_cell_at_the_end(kernel: Shape) -> None:
    x, w = random(1, 2, 6, 7, seed=1), random(3, 2, *kernel, seed=2)
    y, g, gradients = by_torch(torch.nn.functional.conv2d, [x, w], padding="same")
    np.testing.assert_allclose(ops.conv2d(x, w, padding="same"), y, rtol=1e-12, atol=1e-12)
    for ours, expected in zip(ops.conv2d_backward(g, x, w, padding="same"), gradients, strict=False):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[np.ndarray], Settings]:
    """Arrays and settings of a conv2d that PyTorch accepts: one window at least fits."""
    groups, depth, filters_each = (draw(st.integers(1, 2)) for _ in range(3))
    kernel, stride, dilation = (tuple(draw(st.integers(1, 3)) for _ in range(2)) for _ in range(3))
    padding = tuple(draw(st.integers(0, 2)) for _ in range(2))
    covers = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = [max(1, c - 2 * p) + draw(st.integers(0, 3)) for c, p in zip(covers, padding, strict=True)]
    batch = draw(st.sampled_from([[], [0], [1], [2]]))
    x_shape, w_shape = (*batch, groups * depth, *size), (groups * filters_each, depth, *kernel)
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return arrays(x_shape, w_shape, draw(st.booleans())), settings


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_pytorch(layer: tuple[list[np.ndarray], Settings]) -> None:
    given_arrays, settings = layer
    y, g, gradients = by_torch(torch.nn.functional.conv2d, given_arrays, **settings)
    np.testing.assert_allclose(ops.conv2d(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)
    for ours, expected in zip(ops.conv2d_backward(g, *given_arrays, **settings), gradients, strict=False):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@run_with(deadline=None)  # the machine may be busy
@given(layers())
def test_any_layer_agrees_with_the_loops(layer: tuple[list[np.ndarray], Settings]) -> None:
    given_arrays, settings = layer
    y = reference.conv2d(*given_arrays, **settings)
    np.testing.assert_allclose(ops.conv2d(*given_arrays, **settings), y, rtol=1e-12, atol=1e-12)


def test_one_output_cell_is_the_sum_that_a_person_would_write() -> None:
    x = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]])
    w = np.array([[[[10.0, 20.0], [30.0, 40.0]]]])
    y = ops.conv2d(x, w, [0.5])
    assert y[0, 0, 0] == 10 * 1 + 20 * 2 + 30 * 4 + 40 * 5 + 0.5
    assert y[0, 1, 1] == 10 * 5 + 20 * 6 + 30 * 8 + 40 * 9 + 0.5
    grad_input, grad_weight, grad_bias = ops.conv2d_backward(np.array([[[1.0, 2.0], [3.0, 4.0]]]), x, w, [0.5])
    assert grad_input[0, 1, 1] == 1 * 40 + 2 * 30 + 3 * 20 + 4 * 10  # the middle meets all four taps
    assert grad_weight[0, 0, 0, 1] == 1 * 2 + 2 * 3 + 3 * 5 + 4 * 6
    assert grad_bias is not None and grad_bias[0] == 1 + 2 + 3 + 4


def test_the_middle_of_an_image_is_used_nine_times_and_a_padded_corner_four() -> None:
    uses, _, _ = ops.conv2d_backward(np.ones((1, 5, 5)), np.zeros((1, 5, 5)), np.ones((1, 1, 3, 3)), padding=1)
    assert (uses[0, 2, 2], uses[0, 0, 0], uses[0, 0, 2]) == (9, 4, 6)


def test_a_shifted_image_gives_a_shifted_map() -> None:
    x, w = random(1, 9, 9, seed=1), random(1, 1, 3, 3, seed=2)
    shifted = ops.conv2d(np.roll(x, 1, axis=-1), w)
    np.testing.assert_allclose(shifted[..., 1:], ops.conv2d(x, w)[..., :-1], rtol=1e-12)


def test_a_spoiled_cell_spoils_only_the_windows_that_contain_it() -> None:
    x = np.zeros((1, 5, 5))
    x[0, 0, 0] = np.nan
    assert np.isnan(ops.conv2d(x, np.ones((1, 1, 2, 2)))).sum() == 1
    _, grad_weight, _ = ops.conv2d_backward(np.ones((1, 4, 4)), x, np.ones((1, 1, 2, 2)))
    assert np.isnan(grad_weight).tolist() == [[[[True, False], [False, False]]]]  # only this tap meets the corner


@pytest.mark.parametrize(
    "view",
    [
        lambda x: np.asfortranarray(x),
        lambda x: np.concatenate([x, x], axis=-1)[..., : x.shape[-1]],
        lambda x: x[..., ::-1, ::-1].copy()[..., ::-1, ::-1],
        lambda x: np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1),  # a photo: channels last in memory
    ],
    ids=["fortran order", "slice", "negative steps", "channels last"],
)
def test_the_layout_in_memory_does_not_matter(view: Any) -> None:
    x, w, b = arrays((2, 3, 5, 6), (4, 3, 2, 2), True)
    g = random(2, 4, 4, 5, seed=4)
    np.testing.assert_allclose(ops.conv2d(view(x), view(w), b), ops.conv2d(x, w, b), rtol=1e-12)
    for ours, expected in zip(
        ops.conv2d_backward(view(g), view(x), view(w), b), ops.conv2d_backward(g, x, w, b), strict=True
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


def test_a_repeated_view_is_an_input_like_any_other() -> None:
    x = np.broadcast_to(random(1, 1, 5, 5), (3, 2, 5, 5))
    w = random(2, 2, 3, 3, seed=2)
    np.testing.assert_allclose(ops.conv2d(x, w), ops.conv2d(x.copy(), w), rtol=1e-12)
    g = np.broadcast_to(1.0, (3, 2, 3, 3))
    for ours, expected in zip(ops.conv2d_backward(g, x, w), ops.conv2d_backward(g.copy(), x.copy(), w), strict=True):
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("padding", [0, 1])
def test_read_only_inputs_work_and_no_input_is_written_to(padding: int) -> None:
    given_arrays = arrays((2, 3, 5, 5), (4, 3, 3, 3), True)
    y = ops.conv2d(*given_arrays, padding=padding)
    g = random(*y.shape, seed=4)
    before = [array.copy() for array in (g, *given_arrays)]
    for array in (g, *given_arrays):
        array.flags.writeable = False
    results = [ops.conv2d(*given_arrays, padding=padding), *ops.conv2d_backward(g, *given_arrays, padding=padding)]
    for result in results:
        assert result is not None and result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in (g, *given_arrays))
    for array, kept in zip((g, *given_arrays), before, strict=True):
        np.testing.assert_array_equal(array, kept)


X_LIST, W_LIST = [[[1, 2, 3], [4, 5, 6]]], [[[[1, 0], [0, -1]]]]
KINDS = [  # input, weight, dtype of the output
    (X_LIST, W_LIST, "float64"),
    (np.array(X_LIST), np.array(W_LIST), "float64"),
    (np.array(X_LIST, "uint8"), np.array(W_LIST, "int8"), "float64"),  # 1 - 5 is not 252
    (np.array(X_LIST, "float32"), np.array(W_LIST), "float32"),
    (np.array(X_LIST, "float32"), W_LIST, "float32"),
    (X_LIST, np.array(W_LIST, "float32"), "float32"),
    (np.array(X_LIST, "float16"), np.array(W_LIST, "float16"), "float16"),
    (np.array(X_LIST, ">f4"), np.array(W_LIST, "<f4"), "float32"),  # bytes as some files have them
]


@pytest.mark.parametrize(("x", "w", "dtype"), KINDS)
def test_floats_keep_their_dtype_and_everything_else_follows(x: Any, w: Any, dtype: str) -> None:
    y = ops.conv2d(x, w)
    assert y.dtype == dtype
    assert y.tolist() == [[[-4, -4]]]
    assert [gradient.dtype for gradient in ops.conv2d_backward(np.ones((1, 1, 2)), x, w, [0.0])] == [dtype] * 3


def test_booleans_count_as_zero_and_one() -> None:
    assert ops.conv2d(np.array([[[True, False, True]]]), [[[[1, 1, 1]]]]).tolist() == [[[2.0]]]


def test_half_precision_is_summed_in_single_precision_as_in_pytorch() -> None:
    n = 4096  # sums of ones in float16 stop at 2048
    x, w = np.ones((1, 1, 2 * n - 1), "float16"), np.ones((1, 1, n), "float16")
    y, _, _ = by_torch(torch.nn.functional.conv1d, [x, w])
    assert (ops.conv1d(x, w) == n).all() and (y == n).all()
    grad_input, grad_weight, _ = ops.conv1d_backward(np.ones_like(y), x, w)
    assert grad_input[0, 0, n - 1] == n  # the middle cell meets every tap
    assert (grad_weight == n).all()


@pytest.mark.parametrize("limit", [1, 120, 500, 2**18])
def test_the_number_of_images_laid_out_at_a_time_does_not_matter(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    x, w, b = arrays((5, 2, 5, 5), (3, 2, 3, 3), True)  # an image has 50 numbers, its windows 162
    one_by_one = [reference.conv2d(image, w, b) for image in x]
    g = random(5, 3, 3, 3, seed=4)
    gradients = reference.conv2d_backward(g, x, w, b)
    monkeypatch.setattr("cnnlab.ops.conv.BLOCK", limit)
    np.testing.assert_allclose(ops.conv2d(x, w, b), one_by_one, rtol=1e-12, atol=1e-12)
    for ours, expected in zip(ops.conv2d_backward(g, x, w, b), gradients, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


def test_numpy_integers_and_sequences_work_as_numbers() -> None:
    x, w = arrays((1, 2, 7, 7), (2, 1, 3, 3), False)
    expected = ops.conv2d(x, w, stride=2, padding=1, dilation=1, groups=2)
    for two, one in [(np.int64(2), np.uint8(1)), ([2], [1]), ((2, 2), (1, 1)), (np.array([2, 2]), np.array(1))]:
        y = ops.conv2d(x, w, stride=two, padding=one, dilation=one, groups=np.int32(2))
        np.testing.assert_array_equal(y, expected)
