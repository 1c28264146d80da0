"""max_pool2d and avg_pool2d on images small enough to do by hand; what padding, ceil_mode, ties and NaN do."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnlab import ops
from tests.ops.oracles import by_torch
from tests.ops.poolings import WITH_LOOPS, Settings, distinct

X = np.array([[[1.0, 3.0, 2.0, 0.0], [4.0, 2.0, 0.0, 1.0], [5.0, 1.0, 9.0, 8.0], [0.0, 2.0, 6.0, 7.0]]])
LINE = np.array([[[1.0, 2.0, 4.0, 8.0, 16.0]]])


@WITH_LOOPS
def test_the_four_windows_of_a_small_image(module: Any) -> None:
    y, indices = module.max_pool2d(X, 2, return_indices=True)
    assert y.tolist() == [[[4, 2], [5, 9]]]
    assert indices.tolist() == [[[1 * 4 + 0, 0 * 4 + 2], [2 * 4 + 0, 2 * 4 + 2]]]
    assert module.avg_pool2d(X, 2).tolist() == [
        [[(1 + 3 + 4 + 2) / 4, (2 + 0 + 0 + 1) / 4], [(5 + 1 + 0 + 2) / 4, (9 + 8 + 6 + 7) / 4]]
    ]


@WITH_LOOPS
def test_a_gradient_goes_to_the_winner_or_to_all_alike(module: Any) -> None:
    g = [[[10.0, 20.0], [30.0, 40.0]]]
    to_winners = [[0, 0, 20, 0], [10, 0, 0, 0], [30, 0, 40, 0], [0, 0, 0, 0]]
    assert module.max_pool2d_backward(g, X, 2).tolist() == [to_winners]
    shares = [[10 / 4] * 2 + [20 / 4] * 2] * 2 + [[30 / 4] * 2 + [40 / 4] * 2] * 2
    assert module.avg_pool2d_backward(g, X, 2).tolist() == [shares]


@WITH_LOOPS
def test_a_cell_that_wins_two_windows_gets_both_gradients(module: Any) -> None:
    x = np.array([[[1.0, 9.0, 2.0]]])
    assert module.max_pool2d_backward([[[3.0, 4.0]]], x, (1, 2), 1).tolist() == [[[0, 3 + 4, 0]]]


@WITH_LOOPS
@pytest.mark.parametrize(
    ("window", "winner"),
    [([[1, 1], [1, 1]], 0), ([[0, 5], [5, 0]], 1), ([[0, 0], [5, 5]], 2), ([[0, 5], [0, 5]], 1)],
)
def test_of_equal_cells_the_first_in_the_order_of_reading_wins(module: Any, window: Any, winner: int) -> None:
    x = np.zeros((1, 4, 4))
    x[0, 2:, :2] = window
    expected = np.zeros((2, 2))
    expected.flat[winner] = 7
    g = np.zeros((1, 2, 2))
    g[0, 1, 0] = 7
    np.testing.assert_array_equal(module.max_pool2d_backward(g, x, 2)[0, 2:, :2], expected)
    np.testing.assert_array_equal(module.max_pool2d_backward([[[7.0]]], [window], 2)[0], expected)  # a single window


@WITH_LOOPS
def test_padding_never_wins_and_counts_as_zeros_for_the_mean(module: Any) -> None:
    x = np.array([[[-1.0, -2.0, -4.0]]])
    assert module.max_pool2d(x, (1, 2), 2, (0, 1)).tolist() == [[[-1, -2]]]
    assert module.avg_pool2d(x, (1, 2), 2, (0, 1)).tolist() == [[[(0 - 1) / 2, (-2 - 4) / 2]]]
    assert module.avg_pool2d(x, (1, 2), 2, (0, 1), False, False).tolist() == [[[-1 / 1, (-2 - 4) / 2]]]


@WITH_LOOPS
def test_even_minus_infinity_is_chosen_before_padding(module: Any) -> None:
    y, indices = module.max_pool2d(np.full((1, 2, 2), -np.inf), 2, padding=1, return_indices=True)
    assert y.tolist() == [[[-np.inf] * 2] * 2] and indices.tolist() == [[[0, 1], [2, 3]]]


@WITH_LOOPS
def test_ceil_mode_adds_the_window_that_hangs_over_the_end(module: Any) -> None:
    assert module.max_pool2d(LINE, (1, 2)).tolist() == [[[2, 8]]]
    assert module.max_pool2d(LINE, (1, 2), ceil_mode=True).tolist() == [[[2, 8, 16]]]
    assert module.avg_pool2d(LINE, (1, 2), ceil_mode=True).tolist() == [[[(1 + 2) / 2, (4 + 8) / 2, 16 / 1]]]


@WITH_LOOPS
def test_padding_counts_in_the_mean_but_what_hangs_over_it_does_not(module: Any) -> None:
    settings = {"kernel_size": (1, 4), "stride": (1, 3), "padding": (0, 1), "ceil_mode": True}
    assert module.avg_pool2d(LINE, **settings).tolist() == [[[(0 + 1 + 2 + 4) / 4, (4 + 8 + 16 + 0) / 4]]]
    longer = np.array([[[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]]])
    means = [(0 + 1 + 2 + 4) / 4, (4 + 8 + 16 + 32) / 4, (32 + 0) / 2]
    assert module.avg_pool2d(longer, **settings).tolist() == [[means]]


@WITH_LOOPS
def test_divisor_override_replaces_every_divisor(module: Any) -> None:
    y = module.avg_pool2d(LINE, (1, 2), ceil_mode=True, divisor_override=10)
    assert y.tolist() == [[[(1 + 2) / 10, (4 + 8) / 10, 16 / 10]]]


@WITH_LOOPS
def test_dilation_looks_at_every_second_cell(module: Any) -> None:
    assert module.max_pool2d(LINE[..., ::-1], (1, 2), 1, 0, (1, 2)).tolist() == [[[16, 8, 4]]]


@WITH_LOOPS
def test_a_window_that_sees_nothing_has_no_winner(module: Any) -> None:
    settings = {"kernel_size": 2, "padding": 1, "dilation": 3}
    y, indices = module.max_pool2d(np.ones((1, 2, 2)), **settings, return_indices=True)
    assert y.tolist() == [[[-np.inf]]] and indices.tolist() == [[[-1]]]
    assert not module.max_pool2d_backward([[[5.0]]], np.ones((1, 2, 2)), **settings).any()


# ---- NaN and infinity ----------------------------------------------------------------------------

N = np.nan


@WITH_LOOPS
@pytest.mark.parametrize("settings", [{"kernel_size": 2}, {"kernel_size": 4}, {"kernel_size": 3, "stride": 1}])
def test_a_nan_wins_and_the_last_one_gets_the_gradient_as_in_pytorch(module: Any, settings: Settings) -> None:
    x = np.array([[[1, N, 2, 3], [N, 0, 4, N], [5, 6, N, 8], [9, 7, 1, np.inf]], np.ones((4, 4))])
    expected, where = F.max_pool2d(torch.from_numpy(x), **settings, return_indices=True)
    y, indices = module.max_pool2d(x, **settings, return_indices=True)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(indices, where)
    _, g, (gradient,) = by_torch(F.max_pool2d, [x], **settings)
    np.testing.assert_array_equal(module.max_pool2d_backward(g, x, **settings), gradient)


@pytest.mark.parametrize("kernel", [2, 4])
@pytest.mark.parametrize("extreme", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_an_extreme_gradient_spoils_the_winner_alone(kernel: int, extreme: float, dtype: str) -> None:
    x = distinct(1, 4, 4, dtype=dtype)
    g = np.full(ops.max_pool2d(x, kernel).shape, extreme, dtype)
    gradient = ops.max_pool2d_backward(g, x, kernel)
    assert np.count_nonzero(gradient) == g.size  # NaN is not zero
    np.testing.assert_array_equal(gradient[gradient != 0], g.ravel())


def test_a_spoiled_cell_spoils_only_the_windows_that_contain_it() -> None:
    x = np.zeros((1, 6, 6))
    x[0, 2, 2] = np.nan
    assert np.argwhere(np.isnan(ops.max_pool2d(x, 2))).tolist() == [[0, 1, 1]]
    assert np.argwhere(np.isnan(ops.avg_pool2d(x, 2))).tolist() == [[0, 1, 1]]
