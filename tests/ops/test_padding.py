"""pad and its gradient against numbers written by hand, loops, central differences and PyTorch."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.oracles import by_torch, check_by_central_differences, random

MODES = ["constant", "reflect", "replicate", "circular"]
ROWS = [  # 1 2 3 4 padded by (2, 2) and cut or padded otherwise, by hand
    ("constant", (2, 2), [0, 0, 1, 2, 3, 4, 0, 0]),
    ("reflect", (2, 2), [3, 2, 1, 2, 3, 4, 3, 2]),
    ("replicate", (2, 2), [1, 1, 1, 2, 3, 4, 4, 4]),
    ("circular", (2, 2), [3, 4, 1, 2, 3, 4, 1, 2]),
    ("constant", (1, 0), [0, 1, 2, 3, 4]),
    ("constant", (-1, 2), [2, 3, 4, 0, 0]),
    ("constant", (-1, -2), [2]),
    ("constant", (-4, 0), []),
    ("constant", (2, -4), [0, 0]),
    ("reflect", (3, 3), [4, 3, 2, 1, 2, 3, 4, 3, 2, 1]),
    ("reflect", (-1, 2), [2, 3, 4, 3, 2]),
    ("reflect", (2, -3), [3, 2, 1]),
    ("replicate", (0, 5), [1, 2, 3, 4, 4, 4, 4, 4, 4]),
    ("replicate", (2, -4), [1, 1]),
    ("circular", (4, 0), [1, 2, 3, 4, 1, 2, 3, 4]),
    ("circular", (-1, 2), [2, 3, 4, 2, 3]),  # cut first, then what is left starts anew
]
CASES = [  # mode, input, pad
    ("constant", (5,), (1, 2)),
    ("constant", (2, 3, 4), (1, 2)),
    ("constant", (2, 3, 4), (0, 0, 2, 1, 1, 0)),
    ("constant", (2, 3, 4), (-1, 2, 0, -2)),
    ("constant", (2, 3, 4), ()),
    ("constant", (2, 0, 4), (1, 1, 1, 1)),
    ("constant", (0, 1, 4, 4), (1, 1, 1, 1)),
    *[(mode, (1, 4), (2, 1)) for mode in MODES[1:]],
    *[(mode, (2, 3, 4), (1, 0)) for mode in MODES[1:]],
    *[(mode, (2, 4, 5), (1, 2, 3, 0)) for mode in MODES[1:]],
    *[(mode, (2, 1, 4, 5), (0, 3, 2, 2)) for mode in MODES[1:]],
    *[(mode, (1, 3, 3, 3), (1, 2, 0, 1, 2, 2)) for mode in MODES[1:]],
    *[(mode, (1, 1, 4, 5), (-1, 2, 1, -1)) for mode in MODES[1:]],
    *[(mode, (0, 2, 4, 5), (1, 1, 1, 1)) for mode in MODES[1:]],
    *[(mode, (1, 2, 4, 5), (0, 0, 0, 0)) for mode in MODES[1:]],
    ("replicate", (1, 1, 1), (3, 2)),
    ("circular", (1, 1, 1), (1, 1)),
]
EVERY_CASE = pytest.mark.parametrize(("mode", "shape", "pad"), CASES)

Shape = tuple[int, ...]


@pytest.mark.parametrize(("mode", "pad", "expected"), ROWS)
def test_a_row_is_padded_as_by_hand(mode: str, pad: Shape, expected: list[int]) -> None:
    assert ops.pad(np.array([[1, 2, 3, 4]]), pad, mode).tolist() == [expected]


def test_the_last_axis_comes_first_and_value_fills() -> None:
    padded = ops.pad(np.array([[1.0]]), (1, 0, 0, 2), value=7)  # left, right, top, bottom
    assert padded.tolist() == [[7, 1], [7, 7], [7, 7]]


def test_a_mirrored_corner_is_mirrored_both_ways() -> None:
    x = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    assert ops.pad(x, (1, 1, 1, 1), "reflect")[0, 0, 0] == 5
    assert ops.pad(x, (1, 1, 1, 1), "circular")[0, 0, 0] == 9


def test_the_gradient_counts_the_copies_of_each_cell() -> None:
    def counts(mode: str) -> list[float]:
        return ops.pad_backward(np.ones((1, 8)), np.zeros((1, 4)), (2, 2), mode)[0].tolist()

    assert counts("constant") == [1, 1, 1, 1]
    assert counts("reflect") == [1, 3, 3, 1]
    assert counts("replicate") == [3, 1, 1, 3]
    assert counts("circular") == [2, 2, 2, 2]


@EVERY_CASE
def test_the_fast_version_agrees_with_the_loops(mode: str, shape: Shape, pad: Shape) -> None:
    x = random(*shape)
    y = reference.pad(x, pad, mode)
    np.testing.assert_array_equal(ops.pad(x, pad, mode), y)
    g = random(*y.shape, seed=1)
    gradient = ops.pad_backward(g, x, pad, mode)
    np.testing.assert_allclose(gradient, reference.pad_backward(g, x, pad, mode), rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradient_agrees_with_central_differences(mode: str, shape: Shape, pad: Shape) -> None:
    check_by_central_differences(ops.pad, ops.pad_backward, [random(*shape)], pad=pad, mode=mode)


@EVERY_CASE
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_output_and_gradient_agree_with_pytorch(mode: str, shape: Shape, pad: Shape, dtype: str) -> None:
    x = random(*shape).astype(dtype)
    y, g, (expected,) = by_torch(torch.nn.functional.pad, [x], pad=pad, mode=mode)
    ours, gradient = ops.pad(x, pad, mode), ops.pad_backward(g, x, pad, mode)
    assert ours.dtype == gradient.dtype == dtype
    np.testing.assert_array_equal(ours, y)
    np.testing.assert_allclose(gradient, expected, rtol=1e-12 if dtype == "float64" else 1e-5)


@run_with(deadline=None)  # the machine may be busy
@given(st.data())
def test_any_padding_that_pytorch_takes_agrees_with_it(data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from(MODES))
    size = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    x = random(*data.draw(st.sampled_from([[1], [2, 1]])), *size)
    pad = [data.draw(st.integers(-2, 4)) for _ in range(2 * len(size))]
    before_after = list(zip(size[::-1], pad[::2], pad[1::2], strict=True))
    if mode == "circular":  # here PyTorch reads memory that nobody has written
        assume(all(max(b, a) <= n + min(b, 0) + min(a, 0) for n, b, a in before_after))
    if mode in ("reflect", "replicate"):  # here it refuses to leave nothing only if that is so on every axis
        assume(all(n + b + a > 0 for n, b, a in before_after))
    try:
        y, g, (expected,) = by_torch(torch.nn.functional.pad, [x], pad=pad, mode=mode)
    except RuntimeError:
        with pytest.raises(ValueError, match=r"^pad "):
            ops.pad(x, pad, mode)
    else:
        np.testing.assert_array_equal(ops.pad(x, pad, mode), y)
        np.testing.assert_allclose(ops.pad_backward(g, x, pad, mode), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("given_input", "dtype"),
    [
        ([[1, 2]], "float64"),
        (np.array([[1, 2]], "uint8"), "float64"),
        (np.array([[True, True]]), "float64"),
        (np.array([[1, 2]], "float16"), "float16"),
        (np.array([[1, 2]], "float32"), "float32"),
        (np.array([[1, 2]], ">f8"), "float64"),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_floats_keep_their_dtype_and_everything_else_becomes_float64(mode: str, given_input: Any, dtype: str) -> None:
    assert ops.pad(given_input, [1, 1], mode).dtype == dtype
    assert ops.pad_backward(np.ones((1, 4)), given_input, [1, 1], mode).dtype == dtype


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pad", [(0, 0, 0, 0), (1, 1, 1, 1), (-1, 0, 0, -1)])
def test_the_result_is_new_memory_and_a_read_only_input_stays_as_it_was(mode: str, pad: Shape) -> None:
    x = random(1, 4, 4)[:, ::-1]
    before = x.copy()
    x.flags.writeable = False
    y = ops.pad(x, pad, mode)
    g = random(*y.shape)
    g.flags.writeable = False
    gradient = ops.pad_backward(g, x, pad, mode)
    for result in (y, gradient):
        result[...] = 0
    np.testing.assert_array_equal(x, before)
    assert g.any()


def test_padding_by_hand_and_in_the_convolution_are_the_same() -> None:
    x, w = random(2, 1, 5, 6), random(1, 1, 3, 3, seed=1)
    np.testing.assert_array_equal(ops.conv2d(ops.pad(x, (2, 2, 1, 1)), w), ops.conv2d(x, w, padding=(1, 2)))


def test_none_as_value_means_zero_as_in_pytorch() -> None:
    assert ops.pad([[5.0]], (1, 0), value=None).tolist() == [[0, 5]]
    assert ops.pad([[5.0]], np.array([1, 0]), "replicate", value=None).tolist() == [[5, 5]]
