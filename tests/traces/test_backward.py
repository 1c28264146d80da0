"""The way back through a convolution and the pools: scatter, gather, the two shorter ways, central differences."""

import numpy as np
import pytest

from cnnlab.traces.backward import Backward, backward
from cnnlab.traces.backward_words import checked, gathered, says, sent, weight_gathered

X = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
W = [[1, 0], [-2, 3]]
DY = [[1, -1], [2, 0]]

SETTINGS = [
    ("convolution", (5, 6), (3, 2), 1, 0, 1),
    ("convolution", (6, 5), (3, 3), 2, 1, 1),
    ("convolution", (7, 6), (2, 3), 3, 2, 2),
    ("convolution", (8, 8), (2, 2), 3, 0, 1),  # the last rows are in no window
    ("max pool", (5, 6), None, 1, 1, 1),
    ("max pool", (6, 6), None, 2, 0, 2),
    ("average pool", (5, 7), None, 2, 1, 1),
]
every_setting = pytest.mark.parametrize(("kind", "size", "kernel", "stride", "padding", "dilation"), SETTINGS)


def made(kind: str, size: tuple[int, int], kernel: tuple[int, int] | None, *settings: int) -> Backward:
    rng = np.random.default_rng(3)
    x = rng.permutation(size[0] * size[1]).reshape(size)  # no two are equal
    w = None if kernel is None else rng.integers(-3, 4, kernel)
    return backward(kind, x, w, rng.integers(-4, 5, (12, 12)), 2, *settings)


def test_a_gradient_is_scattered_through_its_window() -> None:
    b = backward("convolution", X, W, DY)
    second = b.at(1)
    assert (second.row, second.col, second.grad) == (0, 1, -1)
    np.testing.assert_array_equal(second.window, [[2, 3], [5, 6]])
    np.testing.assert_array_equal(second.to_input, [[-1, 0], [2, -3]])
    np.testing.assert_array_equal(second.to_weight, [[-2, -3], [-5, -6]])
    dx, dw = second.so_far
    np.testing.assert_array_equal(dx, [[1, -1, 0], [-2, 3 + 2, -3], [0, 0, 0]])
    np.testing.assert_array_equal(dw, [[1 - 2, 2 - 3], [4 - 5, 5 - 6]])


def test_what_a_cell_received_is_written_out() -> None:
    b = backward("convolution", X, W, DY)
    assert str(b.received(1, 1)) == "dx[1, 1] = sum of dy·w over its windows = 1·3 + (−1)·(−2) + 2·0 + 0·1 = 5"
    assert str(b.received(0, 2)) == "dx[0, 2] = sum of dy·w over its windows = −1·0 = 0"
    assert str(b.weight_received(0, 0)) == ("dw[0, 0] = sum of dy·x over all windows = 1·1 + (−1)·2 + 2·4 + 0·5 = 7")


@every_setting
def test_all_that_is_scattered_adds_up_to_the_gradients(
    kind: str, size: tuple[int, int], kernel: tuple[int, int] | None, stride: int, padding: int, dilation: int
) -> None:
    b = made(kind, size, kernel, stride, padding, dilation)
    (top, left), (height, width) = b.corner, size
    dx, dw = np.zeros(b.forward.padded.shape[1:]), np.zeros(b.forward.kernel_size)
    for step in range(b.steps):
        scatter = b.at(step)
        dx[np.ix_(scatter.rows, scatter.cols)] += scatter.to_input
        dw += 0 if scatter.to_weight is None else scatter.to_weight
        np.testing.assert_allclose(scatter.so_far[0], dx[top : top + height, left : left + width], atol=1e-12)
    np.testing.assert_allclose(b.gradients[0], dx[top : top + height, left : left + width], atol=1e-12)
    if b.gradients[1] is not None:
        np.testing.assert_allclose(b.gradients[1], dw, atol=1e-12)


@every_setting
def test_every_cell_receives_its_gradient(
    kind: str, size: tuple[int, int], kernel: tuple[int, int] | None, stride: int, padding: int, dilation: int
) -> None:
    b = made(kind, size, kernel, stride, padding, dilation)
    for row, col in np.ndindex(size):
        sums = [s.to_input[a, c] for s, a, c in b.senders(row, col)]
        assert sum(sums) == pytest.approx(b.gradients[0][row, col], abs=1e-12)
        assert b.received(row, col).result == pytest.approx(sum(sums), abs=1e-12)


@every_setting
def test_central_differences_agree(
    kind: str, size: tuple[int, int], kernel: tuple[int, int] | None, stride: int, padding: int, dilation: int
) -> None:
    errors = made(kind, size, kernel, stride, padding, dilation).check_errors
    assert max(e for e in errors if e is not None) < 1e-6


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s[0] == "convolution"])
def test_dx_is_a_transposed_convolution_and_dw_a_convolution_with_dy(setting: tuple[str, ...]) -> None:
    b = made(*setting)  # type: ignore[arg-type]
    assert b.as_transposed is not None and b.as_convolution is not None and b.gradients[1] is not None
    np.testing.assert_allclose(b.as_transposed, b.gradients[0], atol=1e-12)
    np.testing.assert_allclose(b.as_convolution, b.gradients[1], atol=1e-12)


def test_a_gradient_of_another_size_is_cut_or_filled_up() -> None:
    np.testing.assert_array_equal(backward("convolution", X, W, [[1, 2, 3]]).grad_output, [[1, 2], [0, 0]])


def test_a_tie_is_a_kink_where_central_differences_disagree() -> None:
    b = backward("max pool", [[2, 2], [0, 1]], None, [[3]])
    np.testing.assert_array_equal(b.gradients[0], [[3, 0], [0, 0]])
    assert b.check_errors[0] == pytest.approx(1.5)
    assert "off by at most 1.5. Two cells of a window are equal" in checked(b)
    assert says(b.at(0)).endswith("Of 2 equal cells the first one gets it.")


def test_the_sentences_hold_the_numbers() -> None:
    b = backward("convolution", X, W, DY, 2, 1, 1)
    first = b.at(0)
    assert [line.replace("\u00a0", " ") for line in sent(first)] == [
        "padded dx[0:2, 0:2] += dy[0, 0]·w    dx[0, 0] += 1·3 = 3",
        "dw += dy[0, 0]·padded x[0:2, 0:2]    dw[1, 1] += 1·1 = 1",
    ]
    assert says(first).endswith("What goes to 3 cells of padding is lost.")
    assert gathered(b, 2, 2) == "x[2, 2] was in 4 windows: what they send back is added up."
    assert weight_gathered(b, 1, 0).startswith("w[1, 0] was used in 16 windows")
    assert checked(b).endswith("conv_transpose2d(dy, w) is dx, and conv2d(x, dy) is dw.")


def test_a_pool_says_who_gets_what() -> None:
    most = backward("max pool", X, None, DY, 2)
    assert sent(most.at(0)) == ["dx[1, 1] += dy[0, 0] = 1"]
    assert gathered(most, 1, 1).startswith("x[1, 1] was in 4 windows and was the maximum of 1")
    mean = backward("average pool", X, None, DY, 2)
    assert sent(mean.at(2)) == ["dx[1:3, 0:2] += dy[1, 0] / cells = 2 / 4 = 0.5"]
    assert gathered(backward("average pool", X, None, DY, 2, 2), 2, 0).startswith("No window holds x[2, 0]")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sum pool", X, None, DY), "kind must be one of convolution, max pool, average pool, but is 'sum pool'"),
        (("convolution", np.ones((9, 2)), W, DY), "input must have at most 8 rows and columns"),
        (("convolution", np.ones((8, 8)), np.ones((6, 1)), DY), "weight must have at most 5"),
        (("average pool", X, None, DY, 2, 1, 0, 2), "dilation must be 1 for average pooling"),
    ],
)
def test_what_cannot_be_sent_back_is_told(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        backward(*arguments)  # type: ignore[arg-type]
