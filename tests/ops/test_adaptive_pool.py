"""Adaptive and global pooling and their gradients against loops, central differences and PyTorch."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.oracles import by_torch, check_by_central_differences, random
from tests.ops.poolings import WITH_LOOPS, Shape, distinct, functions

SIZES = [  # input, output_size
    ((1, 1, 4, 4), 2),
    ((2, 3, 5, 7), 3),  # windows overlap
    ((3, 6, 5), (2, 5)),  # unbatched
    ((2, 2, 5, 6), 1),
    ((2, 2, 8, 8), (4, 2)),
    ((1, 2, 6, 9), (4, 6)),  # a pattern that repeats
    ((1, 2, 3, 2), 5),  # larger than the input
    ((1, 2, 5, 4), (None, 2)),
    ((1, 2, 5, 4), [3, None]),
    ((1, 1, 1, 1), 1),
    ((1, 1, 1, 7), (1, 3)),
    ((0, 2, 5, 5), 2),
    ((0, 2, 4, 4), 1),
]
NAMES = ["adaptive_avg_pool2d", "adaptive_max_pool2d"]
EVERY_CASE = pytest.mark.parametrize(("name", "shape", "size"), [(name, *case) for name in NAMES for case in SIZES])
EITHER = pytest.mark.parametrize("name", NAMES)
GLOBAL = pytest.mark.parametrize("name", ["global_avg_pool2d", "global_max_pool2d"])


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(name: str, shape: Shape, size: Any) -> None:
    x = distinct(*shape)
    (fast, fast_backward), (slow, slow_backward) = functions(name), functions(name, reference)
    y = slow(x, size)
    np.testing.assert_allclose(fast(x, size), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    np.testing.assert_allclose(fast_backward(g, x, size), slow_backward(g, x, size), rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradient_agrees_with_central_differences(name: str, shape: Shape, size: Any) -> None:
    check_by_central_differences(*functions(name), [distinct(*shape)], output_size=size)


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradient_agree_with_pytorch(
    name: str, shape: Shape, size: Any, dtype: str, tolerance: float
) -> None:
    x = random(*shape, seed=1).astype(dtype)
    forward, backward = functions(name)
    y, g, (gradient,) = by_torch(getattr(F, name), [x], output_size=size)
    ours, our_gradient = forward(x, size), backward(g, x, size)
    assert ours.dtype == our_gradient.dtype == dtype
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(our_gradient, gradient, rtol=tolerance, atol=tolerance)


@st.composite
def poolings(draw: st.DrawFn) -> tuple[np.ndarray, tuple[int | None, int | None]]:
    """An input full of ties, and the size of an output."""
    batch, size = draw(st.sampled_from([[], [0], [1], [2]])), draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    x = np.random.default_rng(draw(st.integers(0, 9))).integers(-2, 3, (*batch, 2, *size)) / 2
    wanted = st.one_of(st.none(), st.integers(1, 10))
    return x, (draw(wanted), draw(wanted))


@run_with(deadline=None)  # the machine may be busy
@given(poolings())
def test_any_maximum_its_index_and_its_gradient_agree_with_pytorch(pooling: tuple[np.ndarray, Any]) -> None:
    x, size = pooling
    y, g, (gradient,) = by_torch(F.adaptive_max_pool2d, [x], output_size=size)
    for module in (ops, reference):
        ours, indices = module.adaptive_max_pool2d(x, size, return_indices=True)
        np.testing.assert_array_equal(ours, y)
        assert indices.dtype == np.int64
        np.testing.assert_array_equal(indices, F.adaptive_max_pool2d(torch.from_numpy(x), size, return_indices=True)[1])
        our_gradient = module.adaptive_max_pool2d_backward(g, x, size)
        np.testing.assert_allclose(our_gradient, gradient, rtol=1e-12, atol=1e-12)


@run_with(deadline=None)  # the machine may be busy
@given(poolings())
def test_any_average_and_its_gradient_agree_with_pytorch(pooling: tuple[np.ndarray, Any]) -> None:
    x, size = pooling
    y, g, (gradient,) = by_torch(F.adaptive_avg_pool2d, [x], output_size=size)
    for module in (ops, reference):
        np.testing.assert_allclose(module.adaptive_avg_pool2d(x, size), y, rtol=1e-12, atol=1e-12)
        our_gradient = module.adaptive_avg_pool2d_backward(g, x, size)
        np.testing.assert_allclose(our_gradient, gradient, rtol=1e-12, atol=1e-12)


# ---- by hand -------------------------------------------------------------------------------------

LINE = np.array([[[1.0, 2.0, 4.0, 8.0, 16.0]]])


@WITH_LOOPS
def test_five_cells_are_covered_by_three_overlapping_windows(module: Any) -> None:
    means = [(1 + 2) / 2, (2 + 4 + 8) / 3, (8 + 16) / 2]  # 0 to 2, 1 to 4, 3 to 5
    assert module.adaptive_avg_pool2d(LINE, (1, 3)).tolist() == [[means]]
    y, indices = module.adaptive_max_pool2d(LINE, (1, 3), return_indices=True)
    assert y.tolist() == [[[2, 8, 16]]] and indices.tolist() == [[[1, 3, 4]]]


@WITH_LOOPS
def test_a_cell_in_two_windows_gets_a_share_of_both(module: Any) -> None:
    gradient = module.adaptive_avg_pool2d_backward([[[6.0, 12.0, 18.0]]], LINE, (1, 3))
    np.testing.assert_allclose(gradient, [[[6 / 2, 6 / 2 + 12 / 3, 12 / 3, 12 / 3 + 18 / 2, 18 / 2]]], rtol=1e-15)
    assert module.adaptive_max_pool2d_backward([[[6.0, 12.0, 18.0]]], LINE, (1, 3)).tolist() == [[[0, 6, 0, 12, 18]]]


@WITH_LOOPS
@pytest.mark.parametrize("size", [1, 2])
def test_of_equal_cells_the_first_in_the_order_of_reading_wins(module: Any, size: int) -> None:
    x = np.zeros((1, 2 * size, 2 * size))
    x[0, 0, 1] = x[0, 1, 0] = 5
    _, indices = module.adaptive_max_pool2d(x, size, return_indices=True)
    assert indices[0, 0, 0] == 1
    assert module.adaptive_max_pool2d_backward(np.ones((1, size, size)), x, size)[0, :2, :2].tolist() == [
        [0, 1],
        [0, 0],
    ]


@WITH_LOOPS
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_nan_wins_and_the_last_one_gets_the_gradient_as_in_pytorch(module: Any, size: int) -> None:
    x = random(3, 5, 5)
    x[0, 1, 2] = x[0, 3, 0] = x[0, 1, 4] = x[1, 2, 2] = np.nan
    y, g, (gradient,) = by_torch(F.adaptive_max_pool2d, [x], output_size=size)
    np.testing.assert_array_equal(module.adaptive_max_pool2d(x, size), y)
    np.testing.assert_allclose(module.adaptive_max_pool2d_backward(g, x, size), gradient, rtol=1e-12, atol=1e-12)


@WITH_LOOPS
def test_an_output_as_large_as_the_input_is_the_input(module: Any) -> None:
    x = random(2, 3, 4, 5)
    for name in NAMES:
        y = functions(name, module)[0](x, (None, None))
        np.testing.assert_array_equal(y, x)
        assert not np.shares_memory(x, y)


@pytest.mark.parametrize("size", [(2, 3), (6, 4)])
def test_where_the_windows_just_touch_it_is_ordinary_pooling(size: Shape) -> None:
    x = random(2, 3, 12, 12)
    kernel = (12 // size[0], 12 // size[1])
    np.testing.assert_array_equal(ops.adaptive_max_pool2d(x, size), ops.max_pool2d(x, kernel))
    np.testing.assert_allclose(ops.adaptive_avg_pool2d(x, size), ops.avg_pool2d(x, kernel), rtol=1e-12)


@WITH_LOOPS
@EITHER
@pytest.mark.parametrize("size", [0, (0, 2), (2, 0)])
def test_no_windows_give_an_empty_output_and_no_gradient(module: Any, name: str, size: Any) -> None:
    x = random(1, 2, 3, 3)
    y = functions(name, module)[0](x, size)
    assert y.shape == getattr(F, name)(torch.from_numpy(x), size).shape
    np.testing.assert_array_equal(functions(name, module)[1](y, x, size), np.zeros_like(x))


# ---- global pooling ------------------------------------------------------------------------------


@WITH_LOOPS
def test_global_pooling_gives_one_number_a_channel(module: Any) -> None:
    x = np.array([[[1.0, 2.0], [3.0, 10.0]], [[-5.0, -1.0], [-2.0, -4.0]]])
    assert module.global_avg_pool2d(x).tolist() == [(1 + 2 + 3 + 10) / 4, (-5 - 1 - 2 - 4) / 4]
    assert module.global_max_pool2d(x).tolist() == [10, -1]
    g = [8.0, 4.0]
    assert module.global_avg_pool2d_backward(g, x).tolist() == [[[8 / 4] * 2] * 2, [[4 / 4] * 2] * 2]
    assert module.global_max_pool2d_backward(g, x).tolist() == [[[0, 0], [0, 8]], [[0, 4], [0, 0]]]


@GLOBAL
@WITH_LOOPS
@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (3, 4, 5), (1, 1, 1, 1), (0, 2, 3, 3)])
def test_global_pooling_is_adaptive_pooling_to_one_in_pytorch(module: Any, name: str, shape: Shape) -> None:
    def theirs(x: torch.Tensor) -> torch.Tensor:
        return getattr(F, name.replace("global", "adaptive"))(x, 1)[..., 0, 0]

    forward, backward = functions(name, module)
    x = distinct(*shape)
    y, g, (gradient,) = by_torch(theirs, [x])
    assert y.shape == shape[:-2]
    np.testing.assert_allclose(forward(x), y, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(backward(g, x), gradient, rtol=1e-12, atol=1e-12)
    check_by_central_differences(forward, backward, [x])
    single = forward(x.astype("float32"))
    assert single.dtype == backward(g, x.astype("float32")).dtype == "float32"
    np.testing.assert_allclose(single, y, rtol=1e-5, atol=1e-5)


def test_a_spoiled_cell_spoils_only_its_channel() -> None:
    x = np.ones((1, 4, 2, 2))
    x[0, :3, 0, 0] = [np.nan, np.inf, -np.inf]
    np.testing.assert_array_equal(ops.global_avg_pool2d(x), [[np.nan, np.inf, -np.inf, 1]])
    np.testing.assert_array_equal(ops.global_max_pool2d(x), [[np.nan, np.inf, 1, 1]])


def test_where_a_feature_is_does_not_matter_to_global_pooling() -> None:
    x = random(2, 3, 6, 6)
    moved = np.roll(x, (2, 3), axis=(-2, -1))
    np.testing.assert_allclose(ops.global_avg_pool2d(moved), ops.global_avg_pool2d(x), rtol=1e-12)
    np.testing.assert_array_equal(ops.global_max_pool2d(moved), ops.global_max_pool2d(x))


# ---- arrays --------------------------------------------------------------------------------------


def calls(x: np.ndarray) -> list[tuple[Any, Any, dict[str, Any]]]:
    """Each of the four poolings with its gradient, and its settings."""
    adaptive = [(*functions(name), {"output_size": size}) for name in NAMES for size in (1, (2, 3), x.shape[-2:])]
    return adaptive + [(*functions(name), {}) for name in ("global_avg_pool2d", "global_max_pool2d")]


def test_the_layout_in_memory_does_not_matter() -> None:
    x = random(2, 3, 6, 7)
    for view in (np.asfortranarray(x), np.concatenate([x, x], axis=-1)[..., :7], x[:, :, ::-1].copy()[:, :, ::-1]):
        for forward, backward, settings in calls(x):
            y = forward(x, **settings)
            g = random(*y.shape, seed=4)
            np.testing.assert_allclose(forward(view, **settings), y, rtol=1e-12)
            expected = backward(g, x, **settings)
            np.testing.assert_allclose(backward(np.asfortranarray(g), view, **settings), expected, rtol=1e-12)


@pytest.mark.parametrize("shape", [(2, 3, 4, 4), (1, 1, 1, 1)])
def test_read_only_inputs_work_and_no_input_is_written_to(shape: Shape) -> None:
    x = random(*shape)
    kept = x.copy()
    x.flags.writeable = False
    for forward, backward, settings in calls(x):
        g = random(*forward(x, **settings).shape, seed=4)
        g_kept = g.copy()
        g.flags.writeable = False
        for result in (forward(x, **settings), backward(g, x, **settings)):
            assert result.flags.writeable
            assert not any(np.shares_memory(result, array) for array in (g, x))
        np.testing.assert_array_equal(g, g_kept)
    np.testing.assert_array_equal(x, kept)


KINDS = [
    ([[[1, 2], [3, 6]]], "float64"),
    (np.array([[[1, 2], [3, 6]]], "uint8"), "float64"),
    (np.array([[[1, 2], [3, 6]]], "float16"), "float16"),
    (np.array([[[1, 2], [3, 6]]], "float32"), "float32"),
    (np.array([[[1, 2], [3, 6]]], ">f4"), "float32"),  # bytes as some files have them
]


@pytest.mark.parametrize(("x", "dtype"), KINDS)
def test_floats_keep_their_dtype_and_everything_else_becomes_float64(x: Any, dtype: str) -> None:
    results = ops.global_max_pool2d(x), ops.global_avg_pool2d(x)
    assert [(y.dtype, y.tolist()) for y in results] == [(dtype, [6]), (dtype, [3])]
    assert ops.global_max_pool2d_backward([1.0], x).dtype == ops.global_avg_pool2d_backward([1.0], x).dtype == dtype


def test_half_precision_is_summed_in_single_precision_as_in_pytorch() -> None:
    x = np.ones((1, 64, 64), "float16")  # sums of ones in float16 stop at 2048
    assert ops.global_avg_pool2d(x).tolist() == [1.0]
