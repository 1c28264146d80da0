"""mse_loss, l1_loss, hinge_loss and their gradients against hand values, central differences and PyTorch."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from tests.ops.contract import check_contract, refused
from tests.ops.oracles import by_torch, check_by_central_differences, random

SHAPES = [(), (1,), (4,), (2, 3), (2, 3, 2, 2), (0,), (0, 3), (2, 1)]
EVERY_REDUCTION = pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)
EVERY_DTYPE = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
# With and without weights; the hinge has none.
EVERY_LOSS = pytest.mark.parametrize(
    ("name", "weighted"),
    [("mse_loss", False), ("mse_loss", True), ("l1_loss", False), ("l1_loss", True), ("hinge_loss", False)],
)
EVERY_NAME = pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "hinge_loss"])

Settings = dict[str, Any]


def hinge_by_torch(input: torch.Tensor, target: torch.Tensor, reduction: str) -> torch.Tensor:
    losses = F.relu(1 - target * input)
    return losses if reduction == "none" else getattr(losses, reduction)()


def functions(name: str) -> tuple[Any, Any, Any]:
    theirs = hinge_by_torch if name == "hinge_loss" else getattr(F, name)
    return getattr(ops, name), getattr(ops, f"{name}_backward"), theirs


def arrays(name: str, weighted: bool, shape: tuple[int, ...], dtype: str = "float64") -> tuple[np.ndarray, Settings]:
    """Predictions away from the kink of the loss, and the target and the weight by their names."""
    off = np.asarray(random(*shape, seed=1))
    off = off + np.sign(off) * 0.1
    target = np.sign(random(*shape, seed=2)) if name == "hinge_loss" else random(*shape, seed=2)
    x = target - off  # off from the target: where 1 - target * input is 0, as well as where input is target
    weight = {"weight": np.asarray(random(*shape, seed=3) ** 2, dtype)} if weighted else {}
    return np.asarray(x, dtype), {"target": np.asarray(target, dtype), **weight}


def tensors(settings: Settings) -> Settings:
    return {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}


@EVERY_LOSS
@EVERY_REDUCTION
@EVERY_SHAPE
def test_the_gradient_agrees_with_central_differences(
    name: str, weighted: bool, reduction: str, shape: tuple[int, ...]
) -> None:
    x, settings = arrays(name, weighted, shape)
    check_by_central_differences(*functions(name)[:2], [x], reduction=reduction, **settings)


@EVERY_LOSS
@EVERY_REDUCTION
@EVERY_SHAPE
@EVERY_DTYPE
def test_loss_and_gradient_agree_with_pytorch(
    name: str, weighted: bool, reduction: str, shape: tuple[int, ...], dtype: str, tolerance: float
) -> None:
    x, settings = arrays(name, weighted, shape, dtype)
    check_against_pytorch(name, x, settings | {"reduction": reduction}, tolerance)


def check_against_pytorch(name: str, x: np.ndarray, settings: Settings, tolerance: float) -> None:
    forward, backward, theirs = functions(name)
    y, g, (grad,) = by_torch(theirs, [x], **tensors(settings))
    for ours, expected in ((forward(x, **settings), y), (backward(g, x, **settings), grad)):
        assert ours.dtype == x.dtype and ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, np.ndarray, Settings]:
    name = draw(st.sampled_from(["mse_loss", "l1_loss", "hinge_loss"]))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    x, settings = arrays(name, name != "hinge_loss" and draw(st.booleans()), shape)
    scale = draw(st.sampled_from([1e-3, 1.0, 1e3]))
    return name, x * scale, settings | {"reduction": draw(st.sampled_from(["none", "mean", "sum"]))}


@run_with(deadline=None)  # the machine may be busy
@given(pairs())
def test_any_pair_agrees_with_pytorch(pair: tuple[str, np.ndarray, Settings]) -> None:
    check_against_pytorch(*pair, 1e-12)


@EVERY_NAME
@EVERY_REDUCTION
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(name: str, reduction: str) -> None:
    forward, backward, _ = functions(name)
    x, settings = arrays(name, False, (2, 3, 4))

    def backward_of_both(g: Any, *given: Any) -> Any:
        return backward(g, *given, reduction=reduction)

    check_contract(lambda *given: forward(*given, reduction=reduction), backward_of_both, [x, settings["target"]])


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_a_weight_is_left_alone_and_its_dtype_kept(name: str) -> None:
    forward, backward, _ = functions(name)
    x, settings = arrays(name, True, (2, 3))
    check_contract(
        lambda x, t, w: forward(x, t, weight=w),
        lambda g, x, t, w: backward(g, x, t, weight=w),
        [x, settings["target"], settings["weight"]],
    )


def test_the_losses_are_the_sums_that_a_person_would_write() -> None:
    x, t, w = [1, 5, 2], [2, 2, 2], [1, 2, 5]
    assert ops.mse_loss(x, t) == ((1 - 2) ** 2 + (5 - 2) ** 2 + 0) / 3
    assert ops.mse_loss(x, t, weight=w) == (1 * 1 + 2 * 9 + 5 * 0) / (1 + 2 + 5)
    assert ops.l1_loss(x, t, reduction="sum") == 1 + 3 + 0
    assert ops.l1_loss(x, t, weight=w) == (1 * 1 + 2 * 3 + 5 * 0) / (1 + 2 + 5)
    assert ops.hinge_loss([0.25, 3, -0.5], [1, 1, 1]) == (0.75 + 0 + 1.5) / 3
    assert ops.hinge_loss([0.25, 3, -0.5], [-1, -1, -1], reduction="none").tolist() == [1.25, 4, 0.5]  # type: ignore[union-attr]


def test_the_gradients_are_what_a_person_would_write() -> None:
    x, t = [1, 5, 2], [2, 2, 2]
    assert ops.mse_loss_backward(3, x, t).tolist() == [3 * 2 * -1 / 3, 3 * 2 * 3 / 3, 0]
    assert ops.mse_loss_backward([1, 10, 100], x, t, reduction="none").tolist() == [1 * 2 * -1, 10 * 2 * 3, 0]
    assert ops.l1_loss_backward(1, x, t, reduction="sum").tolist() == [-1, 1, 0]  # 0 where they are equal
    assert ops.hinge_loss_backward(1, [0.25, 3, -0.5, 1], [1] * 4, reduction="sum").tolist() == [-1, 0, -1, 0]


@EVERY_NAME
def test_a_loss_too_large_for_its_dtype_is_infinite_without_a_warning(name: str) -> None:
    forward, backward, _ = functions(name)
    x, t = np.array([-3e38, -3e38], "float32"), np.array([1, 1], "float32")
    assert forward(x, t, reduction="sum") == np.inf
    assert backward(1.0, x, t).dtype == "float32"


@EVERY_NAME
def test_infinite_predictions_give_what_pytorch_gives_without_warnings(name: str) -> None:
    x = np.array([np.inf, -np.inf, np.inf, -np.inf])
    check_against_pytorch(name, x, {"target": np.array([1.0, 1.0, -1.0, -1.0]), "reduction": "none"}, 1e-12)


def test_the_gradient_of_a_nan_is_nan_where_pytorchs_is_zero() -> None:
    x, t = np.array([np.nan, 1.0, 1.0]), np.array([0.0, np.nan, 0.0])
    np.testing.assert_array_equal(ops.l1_loss_backward(1, x, t, reduction="sum"), [np.nan, np.nan, 1])


@EVERY_NAME
def test_whole_number_targets_follow_the_predictions(name: str) -> None:
    forward, backward, _ = functions(name)
    x, t = np.array([0.5, 2.5], "float32"), np.array([1, -1])
    assert forward(x, t).dtype == backward(1, x, t).dtype == "float32"
    assert forward(x, t) == forward(x, t.astype("float32"))


COMMON = [  # input, target, settings, words of the message
    (np.ones((3, 1)), np.ones(3), {}, "target must have the shape of input, (3, 1), but has (3,): broadcasting would"),
    (np.ones(3), np.ones((2, 3)), {}, "target must have the shape of input, (3,), but has (2, 3)"),
    (np.ones(3), np.ones(3), {"reduction": "avg"}, "reduction must be one of 'none', 'mean', 'sum', but is 'avg'"),
    (np.ones(3), np.ones(3), {"reduction": None}, "reduction must be one of 'none', 'mean', 'sum', but is None"),
    (np.ones(3, "float32"), np.ones(3), {}, "input is float32 but target is float64: convert them to the same dtype"),
    (np.ones(3), torch.ones(3), {}, "target must be a NumPy array, but is a torch tensor"),
    (np.ones(3), None, {}, "target must be an array of numbers, but is None"),
]
WEIGHTS = [
    (np.ones(3), "weight must have the shape of input, (2, 3), but has (3,)"),
    (1.0, "weight must have the shape of input, (2, 3), but has ()"),
    (np.ones((4, 3)), "weight must have the shape of input, (2, 3), or broadcast to it, but has (4, 3)"),
    (torch.ones(2, 3), "weight must be a NumPy array, but is a torch tensor"),
]
LABELS = [
    ([1, 0, -1], "target must hold only -1 and 1, but target[1] is 0: 2 * target - 1 turns 0 and 1 into -1 and 1"),
    ([1, -1, 2], "target must hold only -1 and 1, but target[2] is 2"),
    ([1, np.nan, 2], "target must hold only -1 and 1, but target[1] is nan"),
]


@EVERY_NAME
@pytest.mark.parametrize(("x", "target", "settings", "message"), COMMON)
def test_what_cannot_work_is_refused(name: str, x: Any, target: Any, settings: Settings, message: str) -> None:
    forward, backward, _ = functions(name)
    refused(message, forward, x, target, **settings)
    refused(message, backward, 1.0, x, target, **settings)


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
@pytest.mark.parametrize(("weight", "message"), WEIGHTS)
def test_a_weight_of_another_shape_is_refused(name: str, weight: Any, message: str) -> None:
    forward, backward, _ = functions(name)
    refused(message, forward, np.ones((2, 3)), np.ones((2, 3)), weight=weight)
    refused(message, backward, 1.0, np.ones((2, 3)), np.ones((2, 3)), weight=weight)


@pytest.mark.parametrize(("target", "message"), LABELS)
def test_the_hinge_takes_only_minus_one_and_one(target: Any, message: str) -> None:
    refused(message, ops.hinge_loss, np.ones(3), target)
    refused(message, ops.hinge_loss_backward, 1.0, np.ones(3), target)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_loss(name: str) -> None:
    _, backward, _ = functions(name)
    x = np.ones((2, 3))
    refused("the shape of the output, (), but has (2, 3)", backward, x, x, x)
    refused("the shape of the output, (2, 3), but has ()", backward, 1.0, x, x, reduction="none")
