"""categorical_cross_entropy, dice_loss and their gradients against hand values, central differences and PyTorch."""

from math import log
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from tests.ops.contract import check_contract, refused
from tests.ops.oracles import by_torch, check_by_central_differences

CCE, DICE = "categorical_cross_entropy", "dice_loss"
SHAPES = [(4,), (3, 4), (2, 3, 5), (2, 3, 4, 2), (1,), (1, 1), (0, 3), (2, 3, 0), (0, 2, 3, 3)]
CASES = [(CCE, {}), (DICE, {}), (DICE, {"smooth": 0.7})]
EVERY_CASE = pytest.mark.parametrize(("name", "settings"), CASES)
EVERY_NAME = pytest.mark.parametrize("name", [CCE, DICE])
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)
EVERY_REDUCTION = pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
EVERY_DTYPE = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])

Shape = tuple[int, ...]
Settings = dict[str, Any]


def reduced(losses: torch.Tensor, reduction: str) -> torch.Tensor:
    return losses if reduction == "none" else getattr(losses, reduction)()


def categorical_by_torch(input: torch.Tensor, target: torch.Tensor, reduction: str = "mean") -> torch.Tensor:
    return reduced(-(target * input.log()).sum(dim=min(1, input.ndim - 1)), reduction)


def dice_by_torch(
    input: torch.Tensor, target: torch.Tensor, smooth: float = 0.0, reduction: str = "mean"
) -> torch.Tensor:
    axes = list(range(-min(2, input.ndim), 0))
    both, either = (input * target).sum(axes), input.sum(axes) + target.sum(axes)
    losses = 1 - (2 * both + smooth) / (either + smooth)
    return reduced(torch.where(either + smooth > 0, losses, 0 * both), reduction)


THEIRS = {CCE: categorical_by_torch, DICE: dice_by_torch}


def functions(name: str) -> tuple[Any, Any]:
    return getattr(ops, name), getattr(ops, f"{name}_backward")


def arrays(name: str, shape: Shape, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray]:
    """Probabilities away from 0 and 1, and one-hot targets or masks."""
    rng = np.random.default_rng(1)
    axis = min(1, len(shape) - 1)
    target = rng.uniform(size=shape) > 0.5
    if name == CCE:
        places = shape[:axis] + shape[axis + 1 :]
        target = np.moveaxis(np.eye(shape[axis])[rng.integers(shape[axis], size=places)], -1, axis)
    return rng.uniform(0.05, 0.95, shape).astype(dtype), np.asarray(target, dtype)


def check_against_pytorch(name: str, x: np.ndarray, target: np.ndarray, settings: Settings, tolerance: float) -> None:
    forward, backward = functions(name)
    y, g, (grad,) = by_torch(THEIRS[name], [x], target=torch.tensor(target), **settings)
    for ours, expected in ((forward(x, target, **settings), y), (backward(g, x, target, **settings), grad)):
        assert ours.dtype == x.dtype and ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@EVERY_CASE
@EVERY_SHAPE
@EVERY_REDUCTION
def test_the_gradient_agrees_with_central_differences(
    name: str, settings: Settings, shape: Shape, reduction: str
) -> None:
    x, target = arrays(name, shape)
    check_by_central_differences(*functions(name), [x], target=target, reduction=reduction, **settings)


@EVERY_CASE
@EVERY_SHAPE
@EVERY_REDUCTION
@EVERY_DTYPE
def test_loss_and_gradient_agree_with_the_formula_in_pytorch(
    name: str, settings: Settings, shape: Shape, reduction: str, dtype: str, tolerance: float
) -> None:
    check_against_pytorch(name, *arrays(name, shape, dtype), settings | {"reduction": reduction}, tolerance)


@st.composite
def predictions(draw: st.DrawFn) -> tuple[str, np.ndarray, np.ndarray, Settings]:
    name, settings = draw(st.sampled_from(CASES))
    shape = (draw(st.integers(0, 3)), draw(st.integers(1, 3)), *draw(st.lists(st.integers(0, 3), max_size=3)))
    reduction = draw(st.sampled_from(["none", "mean", "sum"]))
    return name, *arrays(name, shape), settings | {"reduction": reduction}


@run_with(deadline=None)  # the machine may be busy
@given(predictions())
def test_any_predictions_agree_with_the_formula_in_pytorch(
    prediction: tuple[str, np.ndarray, np.ndarray, Settings],
) -> None:
    check_against_pytorch(*prediction, 1e-12)


@EVERY_CASE
@EVERY_REDUCTION
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(
    name: str, settings: Settings, reduction: str
) -> None:
    check_contract(*functions(name), arrays(name, (2, 3, 4)), reduction=reduction, **settings)


# ---- categorical_cross_entropy -------------------------------------------------------------------


def test_cross_entropy_is_the_sum_that_a_person_would_write() -> None:
    p, t = [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]], [[1, 0, 0], [0, 0.5, 0.5]]
    losses = [-log(0.7), -0.5 * log(0.6) - 0.5 * log(0.3)]
    assert ops.categorical_cross_entropy(p, t) == pytest.approx(sum(losses) / 2, rel=1e-15)
    grad = ops.categorical_cross_entropy_backward(6, p, t)
    np.testing.assert_allclose(grad, [[6 / 2 * -1 / 0.7, 0, 0], [0, 3 * -0.5 / 0.6, 3 * -0.5 / 0.3]], rtol=1e-15)


def test_cross_entropy_of_given_probabilities_is_that_of_their_scores() -> None:
    x, t = np.random.default_rng(1).normal(size=(4, 5)), np.array([0, 3, 4, 4])
    given_probabilities = ops.categorical_cross_entropy(ops.softmax(x, 1), np.eye(5)[t])
    assert given_probabilities == pytest.approx(ops.cross_entropy(x, t), rel=1e-13)


def test_certainty_has_a_finite_loss_without_warnings() -> None:
    p = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert ops.categorical_cross_entropy(p, np.eye(2), reduction="none").tolist() == [100, 100]  # type: ignore[union-attr]
    assert ops.categorical_cross_entropy(p, np.eye(2)[::-1]) == 0
    grad = ops.categorical_cross_entropy_backward(1.0, p, np.eye(2), reduction="sum")
    np.testing.assert_allclose(grad, [[-1e12, 0], [0, -1e12]], rtol=1e-6)


# ---- dice_loss -----------------------------------------------------------------------------------


def test_dice_is_the_fraction_that_a_person_would_write() -> None:
    a, b = np.array([[1, 1, 0], [1, 1, 0]]), np.array([[0, 1, 1], [0, 0, 0]])
    assert ops.dice_loss(a, b) == pytest.approx(1 - 2 * 1 / (4 + 2), rel=1e-15)
    assert ops.dice_loss(a, b, smooth=3) == pytest.approx(1 - (2 * 1 + 3) / (4 + 2 + 3), rel=1e-15)
    grad = ops.dice_loss_backward(1, a, b)
    np.testing.assert_allclose(grad[0], [2 / 36, (2 - 2 * 6) / 36, (2 - 2 * 6) / 36], rtol=1e-13)


def test_equal_masks_have_a_loss_of_zero_and_disjoint_ones_of_one() -> None:
    a = np.array([[True, False], [False, True]])
    assert ops.dice_loss(a, a) == 0
    assert ops.dice_loss(a, ~a) == 1


def test_two_empty_masks_agree() -> None:
    empty = np.zeros((2, 3, 3))
    assert ops.dice_loss(empty, empty) == ops.dice_loss(empty, empty, smooth=1.0) == 0
    assert not ops.dice_loss_backward(1.0, empty, empty).any()


def test_a_small_object_counts_as_much_as_a_large_one() -> None:
    truth = np.zeros((2, 10, 10))
    truth[0, :9], truth[1, 0, 0] = 1, 1
    missed_small = truth * np.array([1, 0])[:, None, None]
    assert ops.dice_loss(missed_small, truth, reduction="none").tolist() == [0, 1]  # type: ignore[union-attr]
    assert ops.dice_loss(missed_small, truth) == 0.5


# ---- refusals ------------------------------------------------------------------------------------

HALF = np.full((2, 3), 0.5)
COMMON = [  # changed arguments, words of the message
    ({"input": HALF * 3}, "input must be between 0 and 1, but input[0, 0] is 1.5:"),
    ({"input": HALF - 1}, "input must be between 0 and 1, but input[0, 0] is -0.5:"),
    ({"input": HALF * np.nan}, "input must be between 0 and 1, but input[0, 0] is nan:"),
    ({"target": HALF * 4}, "target must be between 0 and 1, but target[0, 0] is 2:"),
    ({"input": 0.5, "target": 1.0}, "input must have the axes"),
    ({"target": HALF.astype("float32")}, "input is float64 but target is float32"),
    ({"target": torch.ones(2, 3)}, "target must be a NumPy array, but is a torch tensor"),
    ({"reduction": "average"}, "reduction must be one of 'none', 'mean', 'sum', but is 'average'"),
]
ONE_HOT = [
    ({"input": HALF * 3}, "give scores to cross_entropy, or apply softmax first"),
    ({"target": [0, 1]}, "target must be one-hot, in the shape of input, (2, 3), but has (2,): if these are class ind"),
    ({"target": [0, 1]}, "np.eye(3)[target] makes them one-hot"),
    ({"target": np.eye(2)}, "target must be one-hot, in the shape of input, (2, 3), but has (2, 2)"),
]
MASKS = [
    ({"input": HALF * 3}, "apply sigmoid or softmax to scores first"),
    ({"target": np.ones(3)}, "target must have the shape of input, (2, 3), but has (3,)"),
    ({"smooth": -1}, "smooth must be at least 0, but is -1"),
    ({"smooth": None}, "smooth must be a number, but is None"),
]


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [(name, *case) for name in (CCE, DICE) for case in COMMON]
    + [(CCE, *case) for case in ONE_HOT]
    + [(DICE, *case) for case in MASKS],
)
def test_what_cannot_work_is_refused(name: str, changed: Settings, message: str) -> None:
    forward, backward = functions(name)
    arguments = {"input": HALF, "target": HALF} | changed
    refused(message, forward, **arguments)
    refused(message, backward, 1.0, **arguments)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_loss(name: str) -> None:
    _, backward = functions(name)
    x = np.full((2, 3, 4, 5), 0.5)
    refused("the shape of the output, (), but has (2,)", backward, [1, 1], x, x)
    shape = (2, 4, 5) if name == CCE else (2, 3)
    refused(f"the shape of the output, {shape}, but has ()", backward, 1.0, x, x, reduction="none")
