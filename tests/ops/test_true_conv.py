"""The mathematical convolution: loops, central differences, NumPy's own, PyTorch on a flipped kernel."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.oracles import by_torch, check_by_central_differences, random

CASES = [  # axes, input, weight, settings
    (1, (1, 1, 6), (1, 1, 3), {}),
    (1, (2, 4, 8), (2, 2, 2), {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}),
    (1, (2, 6), (3, 2, 4), {"padding": "valid"}),
    (2, (1, 1, 5, 5), (1, 1, 3, 3), {}),
    (2, (2, 4, 6, 7), (2, 2, 3, 2), {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2), "groups": 2}),
    (2, (2, 5, 5), (3, 2, 3, 5), {"padding": "same"}),
    (2, (0, 1, 4, 4), (2, 1, 2, 2), {}),
]
EVERY_CASE = pytest.mark.parametrize(("axes", "x_shape", "w_shape", "settings"), CASES)

Shape = tuple[int, ...]


def functions(axes: int, module: Any = ops) -> tuple[Any, Any]:
    return getattr(module, f"true_conv{axes}d"), getattr(module, f"true_conv{axes}d_backward")


def arrays(x_shape: Shape, w_shape: Shape) -> list[np.ndarray]:
    return [random(*x_shape, seed=1), random(*w_shape, seed=2), random(w_shape[0], seed=3)]


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(
    axes: int, x_shape: Shape, w_shape: Shape, settings: dict[str, Any]
) -> None:
    given = arrays(x_shape, w_shape)
    (fast, fast_backward), (slow, slow_backward) = functions(axes), functions(axes, reference)
    y = slow(*given, **settings)
    np.testing.assert_allclose(fast(*given, **settings), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    for ours, loops in zip(fast_backward(g, *given, **settings), slow_backward(g, *given, **settings), strict=True):
        np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradients_agree_with_central_differences(
    axes: int, x_shape: Shape, w_shape: Shape, settings: dict[str, Any]
) -> None:
    check_by_central_differences(*functions(axes), arrays(x_shape, w_shape), **settings)


@EVERY_CASE
def test_output_and_gradients_agree_with_pytorch_on_a_flipped_kernel(
    axes: int, x_shape: Shape, w_shape: Shape, settings: dict[str, Any]
) -> None:
    def flipping(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        flipped = w.flip(tuple(range(2, 2 + axes)))
        return getattr(torch.nn.functional, f"conv{axes}d")(x, flipped, b, **kwargs)

    forward, backward = functions(axes)
    given = arrays(x_shape, w_shape)
    y, g, gradients = by_torch(flipping, given, **settings)
    np.testing.assert_allclose(forward(*given, **settings), y, rtol=1e-12, atol=1e-12)
    for ours, expected in zip(backward(g, *given, **settings), gradients, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("padding", "mode"), [(0, "valid"), (2, "full")])
def test_a_signal_is_convolved_as_numpy_convolves_it(padding: int, mode: Any) -> None:
    x, w = random(7, seed=1), random(3, seed=2)
    y = ops.true_conv1d(x[None], w[None, None], padding=padding)
    np.testing.assert_allclose(y[0], np.convolve(x, w, mode), rtol=1e-12)


def test_kernel_and_signal_can_change_places_but_not_in_cross_correlation() -> None:
    x, w = random(3, seed=1), random(3, seed=2)

    def full(function: Any, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return function(a[None], b[None, None], padding=2)[0]

    np.testing.assert_allclose(full(ops.true_conv1d, x, w), full(ops.true_conv1d, w, x), rtol=1e-12)
    assert not np.allclose(full(ops.conv1d, x, w), full(ops.conv1d, w, x))


def test_a_symmetric_kernel_does_not_care_and_an_edge_kernel_changes_its_sign() -> None:
    x = random(1, 5, 5)
    blur = np.ones((1, 1, 3, 3))
    edge = np.array([[[[1.0, 0, -1]] * 3]])
    np.testing.assert_allclose(ops.true_conv2d(x, blur), ops.conv2d(x, blur), rtol=1e-12)
    np.testing.assert_allclose(ops.true_conv2d(x, edge), -ops.conv2d(x, edge), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("weight", "flipped"),
    [
        ([1, 2, 3], [3, 2, 1]),
        ([[1, 2], [3, 4]], [[4, 3], [2, 1]]),
        ([[[1, 2]], [[3, 4]]], [[[2, 1]], [[4, 3]]]),  # two 1-D filters stay in their order
        ([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], [[[[4, 3], [2, 1]], [[8, 7], [6, 5]]]]),  # so do two channels
    ],
)
def test_flipping_turns_each_kernel_and_keeps_filters_and_channels(weight: Any, flipped: Any) -> None:
    assert ops.flip_kernel(weight).tolist() == flipped
    np.testing.assert_array_equal(ops.flip_kernel(ops.flip_kernel(weight)), weight)


def test_flipping_gives_new_memory_in_the_same_dtype() -> None:
    w = np.ones((3, 3), "float32")
    flipped = ops.flip_kernel(w)
    flipped[...] = 0
    assert w.all() and flipped.dtype == "float32"


def test_an_integer_kernel_follows_a_float32_image() -> None:
    x = np.ones((1, 3, 3), "float32")
    assert ops.true_conv2d(x, np.ones((1, 1, 2, 2), int)).dtype == "float32"
    assert ops.true_conv1d(x[0], np.ones((1, 3, 2), int)).dtype == "float32"
