"""Both kinds of dropout: what a mask does, forward and backward, and how often it does what."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from tests.ops.contract import refused
from tests.ops.oracles import by_torch, check_by_central_differences, random

SHAPES = [(), (5,), (2, 3), (2, 3, 4, 4), (0, 3), (3, 1, 1)]
KINDS = {
    "inverted": (ops.dropout, ops.dropout_backward),
    "non-inverted": (ops.non_inverted_dropout, ops.non_inverted_dropout_backward),
}
EVERY_KIND = pytest.mark.parametrize(("forward", "backward"), KINDS.values(), ids=KINDS)
MODES = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
PROBABILITIES = pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9, 1.0])

Op = Callable[..., Any]


def mask_like(x: np.ndarray, p: float) -> np.ndarray:
    return ops.dropout_mask(x.shape, p, rng=np.random.default_rng(7))


def factor(forward: Op, p: float, training: bool, kept: float) -> float:
    """What a number is multiplied with, as a table."""
    if forward is ops.dropout:
        return 1.0 if not training else kept / (1 - p) if kept else 0.0
    return kept if training else 1 - p


def loop(forward: Op, x: np.ndarray, mask: np.ndarray, p: float, training: bool) -> np.ndarray:
    out = np.empty_like(x)
    for cell in np.ndindex(x.shape):
        out[cell] = x[cell] * factor(forward, p, training, mask[cell])
    return out


@EVERY_KIND
@MODES
@PROBABILITIES
@pytest.mark.parametrize("shape", SHAPES)
def test_forward_and_backward_agree_with_a_loop(
    forward: Op, backward: Op, training: bool, p: float, shape: tuple[int, ...]
) -> None:
    x, g = np.array(random(*shape, seed=1)), np.array(random(*shape, seed=4))
    mask = mask_like(x, p)
    expected = loop(forward, x, mask, p, training)
    np.testing.assert_allclose(forward(x, p, training, mask=mask), expected, rtol=1e-15)
    np.testing.assert_allclose(backward(g, x, p, training, mask=mask), loop(forward, g, mask, p, training), rtol=1e-15)


@EVERY_KIND
@MODES
@PROBABILITIES
def test_the_gradient_agrees_with_central_differences(forward: Op, backward: Op, training: bool, p: float) -> None:
    x = random(3, 4, seed=1)
    check_by_central_differences(forward, backward, [x], p=p, training=training, mask=mask_like(x, p))


@MODES
@PROBABILITIES
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_with_pytorchs_own_mask_dropout_agrees_with_pytorch(
    training: bool, p: float, dtype: str, tolerance: float
) -> None:
    x = (2 + random(50, 4, seed=1) ** 2).astype(dtype)  # no zeros: those of the output are dropped
    torch.manual_seed(3)
    y, g, (gradient,) = by_torch(torch.nn.functional.dropout, [x], p=p, training=training)
    mask = (y != 0).astype(dtype)
    ours, ours_gradient = ops.dropout(x, p, training, mask=mask), ops.dropout_backward(g, x, p, training, mask=mask)
    assert ours.dtype == ours_gradient.dtype == dtype
    np.testing.assert_allclose(ours, y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(ours_gradient, gradient, rtol=tolerance, atol=tolerance)


@run_with(deadline=None)  # the machine may be busy
@given(st.lists(st.integers(0, 4), max_size=4), st.floats(0, 1), st.integers(0, 99))
def test_an_rng_draws_the_mask_that_dropout_mask_draws(shape: list[int], p: float, seed: int) -> None:
    x = np.array(random(*shape, seed=seed))
    mask = ops.dropout_mask(tuple(shape), p, rng=np.random.default_rng(seed))
    assert mask.shape == x.shape and set(np.unique(mask)) <= {0, 1}
    for forward, _ in KINDS.values():
        drawn = forward(x, p, rng=np.random.default_rng(seed))
        np.testing.assert_array_equal(drawn, forward(x, p, mask=mask))
        np.testing.assert_allclose(drawn, loop(forward, x, mask, p, True), rtol=1e-15)


def test_five_numbers_are_what_a_person_would_compute() -> None:
    x, mask = [1, 2, 3, 4, 5], [1, 0, 1, 1, 0]
    np.testing.assert_allclose(ops.dropout(x, 0.2, mask=mask), [1 / 0.8, 0, 3 / 0.8, 4 / 0.8, 0], rtol=1e-15)
    assert ops.non_inverted_dropout(x, 0.2, mask=mask).tolist() == [1, 0, 3, 4, 0]
    assert ops.dropout(x, 0.2, False).tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(ops.non_inverted_dropout(x, 0.2, False), [0.8, 1.6, 2.4, 3.2, 4], rtol=1e-15)


def test_with_p_1_nothing_is_kept_and_nothing_is_divided_by_0() -> None:
    x = random(2, 3)
    assert not ops.dropout(x, 1.0, rng=np.random.default_rng(0)).any()
    assert not ops.dropout(x, 1.0, mask=np.ones((2, 3))).any()
    assert not ops.non_inverted_dropout(x, 1.0, False).any()


def test_the_two_kinds_differ_by_the_keep_probability_in_both_modes() -> None:
    x = random(4, 5)
    mask = mask_like(x, 0.2)
    for training in (True, False):
        inverted, other = (forward(x, 0.2, training, mask=mask) for forward, _ in KINDS.values())
        np.testing.assert_allclose(other, inverted * 0.8, rtol=1e-15)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_how_many_are_dropped_follows_the_binomial_distribution(p: float) -> None:
    units, masks = 1000, 2000
    dropped = (1 - ops.dropout_mask((masks, units), p, rng=np.random.default_rng(0))).sum(axis=1)
    std = np.sqrt(units * p * (1 - p))
    assert abs(dropped.mean() - units * p) < 4 * std / np.sqrt(masks)
    assert dropped.std() == pytest.approx(std, rel=0.07)  # 4 standard errors: 4 / sqrt(2 * masks)
    assert np.mean(abs(dropped - units * p) < 2 * std) == pytest.approx(0.954, abs=0.03)


@EVERY_KIND
@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_the_mean_over_many_masks_is_the_output_afterwards(forward: Op, backward: Op, p: float) -> None:
    x, rng = np.array([1.0, -2.0, 3.0, 0.5]), np.random.default_rng(0)
    mean = forward(np.tile(x, (40_000, 1)), p, rng=rng).mean(axis=0)
    np.testing.assert_allclose(mean, forward(x, p, False), rtol=0.08)  # 5 standard errors for p = 0.9


def test_each_unit_is_dropped_whatever_its_neighbor_is() -> None:
    mask = ops.dropout_mask((20_000, 2), 0.5, rng=np.random.default_rng(0))
    for pair in ([0, 0], [0, 1], [1, 0], [1, 1]):
        assert (mask == pair).all(axis=1).mean() == pytest.approx(0.25, abs=0.015)


def test_the_same_seed_gives_the_same_mask_in_every_dtype() -> None:
    masks = [ops.dropout_mask((3, 4), 0.5, rng=np.random.default_rng(1), dtype=d) for d in ("f2", "f4", "f8")]
    assert [mask.dtype for mask in masks] == ["float16", "float32", "float64"]
    for mask in masks[1:]:
        np.testing.assert_array_equal(mask, masks[0])
    rng = np.random.default_rng(1)
    first, second = (ops.dropout_mask(100, 0.5, rng=rng) for _ in range(2))
    assert first.shape == (100,) and (first != second).any()


@EVERY_KIND
@MODES
@pytest.mark.parametrize(
    ("x", "dtype"),
    [
        ([1, 2, 3], "float64"),
        (np.array([1, 2, 3], "uint8"), "float64"),
        (np.array([True, True, False]), "float64"),
        (np.array([1, 2, 3], "float16"), "float16"),
        (np.array([1, 2, 3], "float32"), "float32"),
        (np.array([1, 2, 3], ">f4"), "float32"),  # bytes as some files have them
    ],
)
@pytest.mark.parametrize("kind", ["float64", "float16", "int8", "bool"])
def test_the_result_has_the_dtype_of_the_input_whatever_the_mask_has(
    forward: Op, backward: Op, training: bool, x: Any, dtype: str, kind: str
) -> None:
    mask = np.array([1, 0, 1], kind)
    y, gradient = forward(x, 0.5, training, mask=mask), backward([1, 1, 1], x, 0.5, training, mask=mask)
    assert y.dtype == gradient.dtype == dtype
    one = factor(forward, 0.5, training, 1.0)
    assert gradient.tolist() == [one, 0 if training else one, one]


@EVERY_KIND
@MODES
def test_views_and_read_only_inputs_work_and_no_input_is_written_to(forward: Op, backward: Op, training: bool) -> None:
    x, g = random(4, 6, seed=1)[::2, ::-1], np.broadcast_to(1.0, (2, 6))
    mask = mask_like(x.T, 0.5).T
    given_arrays = [x, g, mask]
    before = [array.copy() for array in given_arrays]
    for array in given_arrays:
        array.flags.writeable = False
    for p in (0.0, 0.5, 1.0):
        m = np.ones_like(x) if p == 0 else mask
        for result in (forward(x, p, training, mask=m), backward(g, x, p, training, mask=m)):
            assert result.flags.writeable
            assert not any(np.shares_memory(result, array) for array in [*given_arrays, m])
    for array, kept in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, kept)


@EVERY_KIND
def test_nothing_random_is_needed_where_nothing_is_drawn(forward: Op, backward: Op) -> None:
    x = random(3)
    np.testing.assert_array_equal(forward(x, 0.0), x)
    np.testing.assert_array_equal(backward(x, x, 0.0), x)
    assert forward(x, 0.5, False).shape == backward(x, x, 0.5, False).shape == (3,)


X, RNG = np.ones((2, 3)), np.random.default_rng(0)
WRONG = [  # settings, words of the message
    ({"p": -0.1}, "p must be between 0 and 1, but is -0.1"),
    ({"p": 1.5}, "p must be between 0 and 1, but is 1.5"),
    ({"p": 50}, "p must be between 0 and 1, but is 50"),
    ({"p": float("nan")}, "p must be a number, but is nan"),
    ({"p": 2, "training": False}, "p must be between 0 and 1, but is 2"),
    ({"p": None}, "p must be a number, but is None"),
    ({"p": True}, "p must be a number, but is True"),
    ({"p": "0.5"}, "p must be a number, but is '0.5'"),
    ({"training": None}, "training must be True or False, but is None"),
    ({"training": 1}, "training must be True or False, but is 1"),
    ({"mask": np.ones(3)}, "mask must have the shape of the input, (2, 3), but has (3,)"),
    ({"mask": 2 * X}, "mask must hold 0 (dropped) and 1 (kept) only, but holds 2"),
    ({"mask": np.full((2, 3), np.nan)}, "mask must hold 0 (dropped) and 1 (kept) only, but holds nan"),
    ({"mask": torch.ones(2, 3)}, "mask must be a NumPy array, but is a torch tensor"),
    ({"input": torch.ones(2, 3)}, "input must be a NumPy array, but is a torch tensor"),
    ({"input": None}, "input must be an array of numbers, but is None"),
]
RANDOM = [  # settings of the forward pass
    (
        {},
        "rng is needed to draw what is dropped in training, but is None: give rng=np.random.default_rng(0), or a mask",
    ),
    ({"mask": X, "rng": RNG}, "mask and rng are both given: give the mask to use, or the rng to draw one, not both"),
    ({"rng": 0}, "rng must be a random generator such as np.random.default_rng(0), but is 0"),
    (
        {"rng": np.random.RandomState(0)},
        "rng must be a random generator such as np.random.default_rng(0), but is Random",
    ),
]
MASKS = [
    ({"shape": (2, -1)}, "shape must be at least 0, but is -1"),
    ({"shape": 2.5}, "shape must be a whole number, but is 2.5"),
    ({"p": 1.1}, "p must be between 0 and 1, but is 1.1"),
    ({"rng": None}, "rng must be a random generator such as np.random.default_rng(0), but is None"),
    ({"shape": np.ones((2, 2), int)}, "shape must be a whole number, but is array([[1, 1]"),
    ({"shape": (10**6, 10**6)}, "shape asks for 1000000 x 1000000 numbers, which is more than 2147483647"),
    ({"dtype": "foo"}, "dtype must be one of 'float16', 'float32', 'float64', but is 'foo'"),
    ({"dtype": 1}, "dtype must be one of 'float16', 'float32', 'float64', but is '1'"),
    ({"dtype": "int64"}, "dtype must be one of 'float16', 'float32', 'float64', but is 'int64'"),
]


@EVERY_KIND
@pytest.mark.parametrize(("settings", "message"), WRONG)
def test_what_cannot_work_is_refused(forward: Op, backward: Op, settings: dict[str, Any], message: str) -> None:
    arguments = {"input": X, "mask": np.ones((2, 3)), **settings}
    refused(message, forward, **arguments)
    refused(message, backward, X, **arguments)


@EVERY_KIND
@pytest.mark.parametrize(("settings", "message"), RANDOM)
def test_in_training_a_mask_or_an_rng_is_needed(
    forward: Op, backward: Op, settings: dict[str, Any], message: str
) -> None:
    refused(message, forward, X, **settings)
    refused("mask is needed for the gradient in training, but is None: draw it with dropout_mask", backward, X, X)
    refused("grad_output must have the shape of the output, (2, 3), but has (3,)", backward, X[0], X, mask=X)


@pytest.mark.parametrize(("settings", "message"), MASKS)
def test_dropout_mask_refuses_what_cannot_work(settings: dict[str, Any], message: str) -> None:
    refused(message, ops.dropout_mask, **{"shape": (2, 3), "p": 0.5, "rng": RNG, **settings})
