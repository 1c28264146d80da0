"""max_pool2d, avg_pool2d and their gradients against loops, central differences and PyTorch."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import _pooling, reference
from cnnlab.ops._pool_arguments import pool_counts
from tests.ops.oracles import by_torch, check_by_central_differences, random
from tests.ops.poolings import WITH_LOOPS, Settings, Shape, distinct, functions

BOTH = [  # input, settings that the two poolings share
    ((1, 1, 4, 4), {"kernel_size": 2}),
    ((2, 3, 5, 7), {"kernel_size": 2}),  # a row and a column are left over
    ((3, 6, 5), {"kernel_size": (3, 2)}),  # unbatched
    ((2, 2, 7, 6), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ((2, 2, 6, 7), {"kernel_size": (2, 3), "stride": (1, 2), "padding": (1, 0)}),
    ((1, 2, 5, 5), {"kernel_size": 1, "stride": 3}),
    ((1, 2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1}),
    ((2, 1, 6, 7), {"kernel_size": 2, "stride": 4, "ceil_mode": True}),
    ((2, 1, 5, 6), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ((1, 1, 4, 4), {"kernel_size": 6, "stride": 5, "ceil_mode": True}),  # larger than the input
    ((1, 2, 4, 5), {"kernel_size": (4, 5)}),  # one window sees all
    ((2, 2, 4, 5), {"kernel_size": (4, 4), "stride": 1, "padding": (2, 0)}),  # few windows, many cells
    ((1, 1, 1, 1), {"kernel_size": 1}),
    ((1, 1, 1, 6), {"kernel_size": (1, 3), "stride": (1, 2)}),
    ((0, 2, 5, 5), {"kernel_size": 2}),
    ((0, 2, 4, 4), {"kernel_size": 4}),
]
MAX_ALONE = [
    ((2, 2, 7, 8), {"kernel_size": (2, 3), "dilation": (3, 2)}),
    ((1, 2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 2}),
    ((1, 1, 6, 5), {"kernel_size": 2, "stride": 2, "dilation": 3, "padding": 1, "ceil_mode": True}),
    ((1, 2, 5, 5), {"kernel_size": 3, "stride": 3, "dilation": 2}),  # one window with gaps
]
AVG_ALONE = [
    ((2, 2, 5, 5), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ((2, 2, 6, 4), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True}),
    ((2, 2, 5, 5), {"kernel_size": 2, "divisor_override": 3}),
    ((1, 2, 5, 5), {"kernel_size": 3, "padding": 1, "divisor_override": -1, "count_include_pad": False}),
    ((1, 1, 4, 4), {"kernel_size": 4, "divisor_override": 5}),
]
CASES = [("max_pool2d", *case) for case in BOTH + MAX_ALONE] + [("avg_pool2d", *case) for case in BOTH + AVG_ALONE]
EVERY_CASE = pytest.mark.parametrize(("name", "shape", "settings"), CASES)
EITHER = pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(name: str, shape: Shape, settings: Settings) -> None:
    x = distinct(*shape)
    (fast, fast_backward), (slow, slow_backward) = functions(name), functions(name, reference)
    y = slow(x, **settings)
    np.testing.assert_allclose(fast(x, **settings), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    np.testing.assert_allclose(fast_backward(g, x, **settings), slow_backward(g, x, **settings), rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradient_agrees_with_central_differences(name: str, shape: Shape, settings: Settings) -> None:
    check_by_central_differences(*functions(name), [distinct(*shape)], **settings)


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradient_agree_with_pytorch(
    name: str, shape: Shape, settings: Settings, dtype: str, tolerance: float
) -> None:
    x = random(*shape, seed=1).astype(dtype)
    forward, backward = functions(name)
    y, g, (gradient,) = by_torch(getattr(F, name), [x], **settings)
    ours, our_gradient = forward(x, **settings), backward(g, x, **settings)
    assert ours.dtype == our_gradient.dtype == dtype
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(our_gradient, gradient, rtol=tolerance, atol=tolerance)


@st.composite
def poolings(draw: st.DrawFn, name: str) -> tuple[np.ndarray, Settings]:
    """An input full of ties and settings that PyTorch accepts: one window at least fits."""
    kernel, stride = (tuple(draw(st.integers(1, 4)) for _ in range(2)) for _ in range(2))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = tuple(draw(st.integers(1, 3)) for _ in range(2)) if name == "max_pool2d" else (1, 1)
    covers = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = [max(1, c - 2 * p) + draw(st.integers(0, 5)) for c, p in zip(covers, padding, strict=True)]
    batch = draw(st.sampled_from([[], [0], [1], [2]]))
    x = np.random.default_rng(draw(st.integers(0, 9))).integers(-2, 3, (*batch, 2, *size)) / 2
    settings: Settings = {"kernel_size": kernel, "stride": draw(st.sampled_from([stride, None])), "padding": padding}
    settings["ceil_mode"] = draw(st.booleans())
    if name == "max_pool2d":
        return x, settings | {"dilation": dilation}
    override = draw(st.sampled_from([None, None, 1, 7, -3]))
    return x, settings | {"count_include_pad": draw(st.booleans()), "divisor_override": override}


@run_with(deadline=None)  # the machine may be busy
@given(poolings("max_pool2d"))
def test_any_maximum_its_index_and_its_gradient_agree_with_pytorch(pooling: tuple[np.ndarray, Settings]) -> None:
    x, settings = pooling
    expected, where = F.max_pool2d(torch.from_numpy(x), **settings, return_indices=True)
    y, indices = ops.max_pool2d(x, **settings, return_indices=True)
    np.testing.assert_array_equal(y, expected)
    assert indices.dtype == np.int64
    sees_nothing = y == -np.inf  # a dilated window in the padding alone: PyTorch's index is a cell that does not exist
    np.testing.assert_array_equal(indices, np.where(sees_nothing, -1, where))
    g = np.where(sees_nothing, 0.0, random(*y.shape, seed=98))
    x_there = torch.tensor(x, requires_grad=True)
    F.max_pool2d(x_there, **settings).backward(torch.from_numpy(g))
    np.testing.assert_allclose(ops.max_pool2d_backward(g, x, **settings), x_there.grad, rtol=1e-12, atol=1e-12)


@run_with(deadline=None)  # the machine may be busy
@given(poolings("avg_pool2d"))
def test_any_average_and_its_gradient_agree_with_pytorch(pooling: tuple[np.ndarray, Settings]) -> None:
    x, settings = pooling
    y, g, (gradient,) = by_torch(F.avg_pool2d, [x], **settings)
    np.testing.assert_allclose(ops.avg_pool2d(x, **settings), y, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ops.avg_pool2d_backward(g, x, **settings), gradient, rtol=1e-12, atol=1e-12)


@run_with(deadline=None, max_examples=50)  # the machine may be busy
@given(st.one_of(poolings("max_pool2d"), poolings("avg_pool2d")))
def test_any_pooling_agrees_with_the_loops(pooling: tuple[np.ndarray, Settings]) -> None:
    x, settings = pooling
    name = "max_pool2d" if "dilation" in settings else "avg_pool2d"
    (fast, fast_backward), (slow, slow_backward) = functions(name), functions(name, reference)
    y = slow(x, **settings)
    np.testing.assert_allclose(fast(x, **settings), y, rtol=1e-12, atol=1e-12)
    g = random(*y.shape, seed=4)
    np.testing.assert_allclose(fast_backward(g, x, **settings), slow_backward(g, x, **settings), rtol=1e-12, atol=1e-12)
    if name == "max_pool2d":
        indices = fast(x, **settings, return_indices=True)[1]
        np.testing.assert_array_equal(indices, slow(x, **settings, return_indices=True)[1])


SIZES = st.tuples(*[st.integers(1, 12)] * 3, st.integers(0, 3), st.integers(1, 3), st.booleans())


@run_with(deadline=None, max_examples=300)  # the machine may be busy
@given(SIZES)
def test_the_number_of_windows_is_pytorchs_or_both_refuse(numbers: tuple[int, int, int, int, int, bool]) -> None:
    n, k, s, p, d, ceil_mode = numbers
    try:
        theirs = F.max_pool2d(torch.zeros(1, 1, n), (1, k), (1, s), (0, p), (1, d), ceil_mode).shape[-1:]
    except RuntimeError:
        with pytest.raises(ValueError, match=r"padding must be at most|the window covers"):
            pool_counts((n,), (k,), (s,), (p,), (d,), ceil_mode)
    else:
        assert pool_counts((n,), (k,), (s,), (p,), (d,), ceil_mode) == theirs


# ---- arrays --------------------------------------------------------------------------------------


@EITHER
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
@pytest.mark.parametrize("kernel", [2, 6])
def test_the_layout_in_memory_does_not_matter(name: str, view: Any, kernel: int) -> None:
    forward, backward = functions(name)
    x = random(2, 3, 6, 7)
    y = forward(x, kernel)
    g = random(*y.shape, seed=4)
    np.testing.assert_allclose(forward(view(x), kernel), y, rtol=1e-12)
    np.testing.assert_allclose(backward(view(g), view(x), kernel), backward(g, x, kernel), rtol=1e-12)


@EITHER
def test_a_repeated_view_is_an_input_like_any_other(name: str) -> None:
    forward, backward = functions(name)
    x, g = np.broadcast_to(random(1, 1, 4, 4), (3, 2, 4, 4)), np.broadcast_to(2.0, (3, 2, 2, 2))
    np.testing.assert_array_equal(forward(x, 2), forward(x.copy(), 2))
    np.testing.assert_array_equal(backward(g, x, 2), backward(g.copy(), x.copy(), 2))


@EITHER
@pytest.mark.parametrize("settings", [{"kernel_size": 1}, {"kernel_size": 2, "padding": 1}, {"kernel_size": 4}])
def test_read_only_inputs_work_and_no_input_is_written_to(name: str, settings: Settings) -> None:
    forward, backward = functions(name)
    x = random(2, 3, 4, 4)
    g = random(*forward(x, **settings).shape, seed=4)
    kept = [g.copy(), x.copy()]
    for array in (g, x):
        array.flags.writeable = False
    for result in (forward(x, **settings), backward(g, x, **settings)):
        assert result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in (g, x))
    np.testing.assert_array_equal(g, kept[0])
    np.testing.assert_array_equal(x, kept[1])


KINDS = [
    ([[[1, 2], [3, 6]]], "float64"),
    (np.array([[[1, 2], [3, 6]]], "uint8"), "float64"),
    (np.array([[[1, 2], [3, 6]]], "float16"), "float16"),
    (np.array([[[1, 2], [3, 6]]], "float32"), "float32"),
    (np.array([[[1, 2], [3, 6]]], ">f4"), "float32"),  # bytes as some files have them
]


@pytest.mark.parametrize(("x", "dtype"), KINDS)
def test_floats_keep_their_dtype_and_everything_else_becomes_float64(x: Any, dtype: str) -> None:
    y, mean = ops.max_pool2d(x, 2), ops.avg_pool2d(x, 2)
    assert (y.dtype, y.tolist(), mean.dtype, mean.tolist()) == (dtype, [[[6]]], dtype, [[[3]]])
    for _, backward in (functions("max_pool2d"), functions("avg_pool2d")):
        assert backward(np.ones((1, 1, 1)), x, 2).dtype == dtype


def test_booleans_count_as_zero_and_one() -> None:
    x = np.array([[[True, False], [False, False]]])
    assert ops.max_pool2d(x, 2).tolist() == [[[1.0]]] and ops.avg_pool2d(x, 2).tolist() == [[[0.25]]]


def test_half_precision_is_summed_in_single_precision_as_in_pytorch() -> None:
    x = np.ones((1, 64, 64), "float16")  # sums of ones in float16 stop at 2048
    assert ops.avg_pool2d(x, 64).tolist() == [[[1.0]]]
    n = 65  # windows that see the middle; all are won by it
    x = np.zeros((1, n, n), "float16")
    x[0, n // 2, n // 2] = 1
    gradient = ops.max_pool2d_backward(np.ones((1, n, n)), x, n, 1, n // 2)
    assert gradient[0, n // 2, n // 2] == np.float16(n * n)


@pytest.mark.parametrize("limit", [1, 500, 2**20])
def test_the_number_of_planes_worked_on_at_a_time_does_not_matter(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    x, g = distinct(5, 3, 6, 6), random(5, 3, 3, 3)
    expected = reference.max_pool2d(x, 2), reference.max_pool2d_backward(g, x, 2)
    monkeypatch.setattr(_pooling, "BLOCK_BYTES", limit)
    np.testing.assert_array_equal(ops.max_pool2d(x, 2), expected[0])
    np.testing.assert_array_equal(ops.max_pool2d_backward(g, x, 2), expected[1])


@EITHER
def test_numpy_integers_and_sequences_work_as_numbers(name: str) -> None:
    x = random(1, 2, 7, 7)
    expected = functions(name)[0](x, 2, 2, 1)
    for two, one in [(np.int64(2), np.uint8(1)), ([2], [1]), ((2, 2), (1, 1)), (np.array([2, 2]), np.array(1))]:
        np.testing.assert_array_equal(functions(name)[0](x, two, two, one), expected)


@WITH_LOOPS
def test_returning_indices_does_not_change_the_gradient(module: Any) -> None:
    x, g = random(1, 4, 4), random(1, 2, 2, seed=4)
    with_indices = module.max_pool2d_backward(g, x, 2, return_indices=True)
    np.testing.assert_array_equal(with_indices, module.max_pool2d_backward(g, x, 2))
