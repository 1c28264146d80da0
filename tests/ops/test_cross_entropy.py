"""nll_loss, cross_entropy and their gradients against hand values, central differences and PyTorch."""

from math import exp, log
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

SHAPES = [(4,), (3, 4), (2, 3, 5), (2, 3, 2, 2), (1, 1), (1,), (0, 3), (2, 3, 0), (2, 2, 1, 2, 2)]  # of the input
BOTH = [{}, {"weight": True}, {"ignore_index": 1}, {"ignore_index": 0, "weight": True}]  # for both losses
SMOOTHED = [
    {"label_smoothing": 0.1},
    {"label_smoothing": 1.0},
    {"label_smoothing": 0.3, "weight": True, "ignore_index": 1},
]
SOFT = [{"soft": True}, {"soft": True, "weight": True}, {"soft": True, "weight": True, "label_smoothing": 0.2}]
EVERY_CASE = pytest.mark.parametrize(
    ("name", "settings"),
    [("nll_loss", case) for case in BOTH] + [("cross_entropy", case) for case in BOTH + SMOOTHED + SOFT],
)
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)
EVERY_REDUCTION = pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
EVERY_DTYPE = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
EVERY_NAME = pytest.mark.parametrize("name", ["nll_loss", "cross_entropy"])

size = st.integers(0, 3)

Shape = tuple[int, ...]
Settings = dict[str, Any]


def functions(name: str) -> tuple[Any, Any, Any]:
    return getattr(ops, name), getattr(ops, f"{name}_backward"), getattr(F, name)


def arrays(shape: Shape, settings: Settings, dtype: str = "float64") -> tuple[np.ndarray, Settings]:
    """Scores, and the other arguments by their names: target and weight as arrays, what else is in settings."""
    rng = np.random.default_rng(4)  # the class drawn for a single example is not one of those ignored
    axis = min(1, len(shape) - 1)
    classes, places = shape[axis], shape[:axis] + shape[axis + 1 :]
    others = {k: v for k, v in settings.items() if k not in ("weight", "soft")}
    if settings.get("soft"):
        others["target"] = np.asarray(rng.dirichlet(np.ones(classes), places), dtype)
        others["target"] = np.ascontiguousarray(np.moveaxis(others["target"], -1, axis))
    else:
        others["target"] = np.asarray(rng.integers(classes, size=places))
    if settings.get("weight"):
        others["weight"] = rng.uniform(0.5, 2, classes).astype(dtype)
    return rng.normal(0, 2, shape).astype(dtype), others


def check_against_pytorch(name: str, x: np.ndarray, settings: Settings, tolerance: float) -> None:
    forward, backward, theirs = functions(name)
    tensors = {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    y, g, (grad,) = by_torch(theirs, [x], **tensors)
    for ours, expected in ((forward(x, **settings), y), (backward(g, x, **settings), grad)):
        assert ours.dtype == x.dtype and ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@EVERY_CASE
@EVERY_REDUCTION
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 5), (2, 3, 2, 2), (2, 2, 1, 2, 2)])
def test_the_gradient_agrees_with_central_differences(
    name: str, settings: Settings, reduction: str, shape: Shape
) -> None:
    x, others = arrays(shape, settings)
    check_by_central_differences(*functions(name)[:2], [x], reduction=reduction, **others)


@EVERY_CASE
@EVERY_SHAPE
@EVERY_REDUCTION
@EVERY_DTYPE
def test_loss_and_gradient_agree_with_pytorch(
    name: str, settings: Settings, shape: Shape, reduction: str, dtype: str, tolerance: float
) -> None:
    x, others = arrays(shape, settings, dtype)
    check_against_pytorch(name, x, others | {"reduction": reduction}, tolerance)


@st.composite
def batches(draw: st.DrawFn) -> tuple[str, np.ndarray, Settings]:
    """Scores and settings of any shape, with class indices or probabilities, some of them ignored."""
    name = draw(st.sampled_from(["nll_loss", "cross_entropy"]))
    classes = draw(st.integers(1, 4))
    shape = draw(
        st.one_of(st.just((classes,)), st.builds(lambda n, d: (n, classes, *d), size, st.lists(size, max_size=2)))
    )
    settings: Settings = {"weight": draw(st.booleans()), "soft": name == "cross_entropy" and draw(st.booleans())}
    if not settings["soft"]:
        settings["ignore_index"] = draw(st.sampled_from([-100, 0, 2]))
    if name == "cross_entropy":
        settings["label_smoothing"] = draw(st.sampled_from([0.0, 0.25, 1.0]))
    x, others = arrays(shape, settings)
    return (
        name,
        x * draw(st.sampled_from([0.1, 1.0, 100.0])),
        others | {"reduction": draw(st.sampled_from(["none", "mean", "sum"]))},
    )


@run_with(deadline=None)  # the machine may be busy
@given(batches())
def test_any_batch_agrees_with_pytorch(batch: tuple[str, np.ndarray, Settings]) -> None:
    check_against_pytorch(*batch, 1e-12)


@EVERY_CASE
@EVERY_REDUCTION
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(
    name: str, settings: Settings, reduction: str
) -> None:
    forward, backward, _ = functions(name)
    x, others = arrays((3, 4, 2), settings)
    weight = others.pop("weight", np.ones(4))
    target = others.pop("target")
    given_arrays, fixed = ([x, weight, target], {}) if settings.get("soft") else ([x, weight], {"target": target})

    def forward_of_all(x: Any, weight: Any, *target: Any) -> Any:
        return forward(x, *(target or [fixed["target"]]), weight, reduction=reduction, **others)

    def backward_of_all(g: Any, x: Any, weight: Any, *target: Any) -> Any:
        return backward(g, x, *(target or [fixed["target"]]), weight, reduction=reduction, **others)

    check_contract(forward_of_all, backward_of_all, given_arrays)


def test_class_indices_are_left_alone() -> None:
    target = np.array([2, -100, 1])
    target.flags.writeable = False
    ops.cross_entropy(random(3, 4), target)
    ops.cross_entropy_backward(1.0, random(3, 4), target)
    assert target.tolist() == [2, -100, 1]


def test_the_losses_are_the_sums_that_a_person_would_write() -> None:
    x, t, w = [[1, 2, 3], [0, 0, 0]], [2, 0], [1, 2, 4]
    losses = [log(exp(1) + exp(2) + exp(3)) - 3, log(3)]
    np.testing.assert_allclose(ops.cross_entropy(x, t), sum(losses) / 2, rtol=1e-15)
    np.testing.assert_allclose(ops.cross_entropy(x, t, w), (4 * losses[0] + 1 * losses[1]) / (4 + 1), rtol=1e-15)
    np.testing.assert_allclose(ops.cross_entropy(x, t, ignore_index=2), losses[1], rtol=1e-15)
    q = [[0.1, 0.1, 0.7 + 0.1], [0.7 + 0.1, 0.1, 0.1]]  # 0.3 of each target, spread over three classes
    np.testing.assert_allclose(ops.cross_entropy(x, t, label_smoothing=0.3), ops.cross_entropy(x, q), rtol=1e-15)
    assert ops.nll_loss([[-1, -2, -3], [-4, -5, -6]], t, w) == (4 * 3 + 1 * 4) / (4 + 1)


def test_the_gradients_are_what_a_person_would_write() -> None:
    total = exp(1) + exp(2) + exp(3)
    p = [exp(1) / total, exp(2) / total, exp(3) / total]
    grad = ops.cross_entropy_backward(10, [1, 2, 3], 2)
    np.testing.assert_allclose(grad, [10 * p[0], 10 * p[1], 10 * (p[2] - 1)], rtol=1e-13)
    assert ops.nll_loss_backward(10, [[-1, -2], [-3, -4]], [1, 0], [1, 4]).tolist() == [
        [0, 10 * -4 / (4 + 1)],
        [10 * -1 / (4 + 1), 0],
    ]


def test_cross_entropy_is_log_softmax_and_nll_loss() -> None:
    x, t = random(5, 3, 2, seed=1), np.array([[0, 1], [2, 0], [1, 1], [2, 2], [0, 0]])
    assert ops.cross_entropy(x, t) == pytest.approx(ops.nll_loss(ops.log_softmax(x, 1), t), rel=1e-14)
    grad = ops.log_softmax_backward(ops.nll_loss_backward(1.0, ops.log_softmax(x, 1), t), x, 1)
    np.testing.assert_allclose(ops.cross_entropy_backward(1.0, x, t), grad, rtol=1e-12, atol=1e-15)


@EVERY_NAME
@pytest.mark.parametrize("settings", [{}, {"weight": np.array([1.0, 2.0, 3.0])}])
@EVERY_REDUCTION
def test_a_mean_over_nothing_is_nan_and_its_gradient_zero_as_in_pytorch(
    name: str, settings: Settings, reduction: str
) -> None:
    ignored = {"target": np.array([-100, -100]), "reduction": reduction}
    check_against_pytorch(name, random(2, 3), ignored | settings, 1e-12)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 2)])
def test_a_mean_over_classes_without_weight_is_nan_as_in_pytorch(shape: Shape) -> None:
    settings = {"target": np.zeros((2, *shape[2:]), int), "weight": np.array([0.0, 1.0, 1.0])}
    for name in ("cross_entropy", "nll_loss"):
        check_against_pytorch(name, random(*shape), settings, 1e-12)


def test_a_mean_over_classes_without_weight_has_no_gradient_for_other_classes() -> None:
    settings = {"target": np.array([0, 0]), "weight": np.array([0.0, 1.0, 1.0])}
    np.testing.assert_array_equal(ops.nll_loss_backward(1, random(2, 3), **settings), [[np.nan, 0, 0]] * 2)
    np.testing.assert_array_equal(ops.nll_loss_backward(1, random(3), 0, [0, 1, 1]), [np.nan, 0, 0])
    assert ops.nll_loss(random(2, 3), **settings, reduction="sum") == 0


EXTREMES = [  # scores, class
    ([1000.0, -1000.0, 999.0], 1),
    ([1000.0, -1000.0, 999.0], 0),
    ([-np.inf, 0.0, 1.0], 1),  # a class that is ruled out
    ([-np.inf, 0.0, 1.0], 0),
    ([np.inf, 0.0, 1.0], 1),
    ([-np.inf] * 3, 1),
    ([np.nan, 0.0, 1.0], 1),
]


@pytest.mark.parametrize(("row", "target"), EXTREMES)
@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@EVERY_DTYPE
def test_extreme_scores_give_what_pytorch_gives_without_warnings(
    row: list[float], target: int, label_smoothing: float, dtype: str, tolerance: float
) -> None:
    x, settings = np.array([row], dtype), {"target": np.array([target]), "label_smoothing": label_smoothing}
    check_against_pytorch("cross_entropy", x, settings, tolerance)
    check_against_pytorch("nll_loss", x, {"target": np.array([target])}, tolerance)


@pytest.mark.parametrize(
    "target", [[2, 0], (2, 0), np.array([2, 0], "uint8"), np.array([2, 0], "int32"), [np.int8(2), 0]]
)
def test_any_whole_numbers_are_classes(target: Any) -> None:
    x = random(2, 3)
    assert ops.cross_entropy(x, target) == ops.cross_entropy(x, np.array([2, 0]))
    np.testing.assert_array_equal(ops.nll_loss_backward(1, x, target), ops.nll_loss_backward(1, x, np.array([2, 0])))


def test_an_empty_list_is_a_batch_without_classes() -> None:
    assert ops.cross_entropy(np.zeros((0, 3)), [], reduction="sum") == 0


X = np.zeros((2, 3))
COMMON = [  # changed arguments, words of the message
    ({"target": [0, 3]}, "target[1] is 3, but input has 3 classes, so that classes are 0 to 2"),
    ({"target": [-1, 0]}, "target[0] is -1, but input has 3 classes"),
    ({"target": [-100, 7]}, "target[1] is 7, but input has 3 classes"),
    ({"input": np.zeros((2, 3, 2)), "target": [[0, 0], [5, 0]]}, "target[1, 0] is 5, but input has 3 classes"),
    ({"input": np.zeros(3), "target": 4}, "target is 4, but input has 3 classes"),
    (
        {"target": [0.0, 1.0]},
        "target must hold class indices, whole numbers, but is float64: convert with target.astype(i",
    ),
    ({"target": [True, False]}, "target must hold class indices, whole numbers, but is bool"),
    ({"target": [0, 1, 2]}, "target must hold class indices of shape (2,)"),
    ({"target": 1}, "target must hold class indices of shape (2,)"),
    ({"input": np.zeros(3), "target": [1]}, "target must hold class indices of shape ()"),
    ({"target": torch.tensor([0, 1])}, "target must be a NumPy array, but is a torch tensor"),
    ({"target": ["cat", "dog"]}, "target must hold real numbers"),
    ({"target": np.array(["cat", "dog"])}, "target must hold real numbers"),
    ({"target": None}, "target must be an array of numbers, but is None"),
    ({"target": [[0, 1], [2]]}, "target is ragged"),
    ({"input": 1.0, "target": 0}, "input must have the axes (N, C, ...) or (C,), but is a single number"),
    ({"input": np.zeros((2, 0))}, "input must have at least one class, but its shape is (2, 0)"),
    ({"input": torch.zeros(2, 3)}, "input must be a NumPy array, but is a torch tensor"),
    ({"weight": np.ones(2)}, "weight must hold one number per class, shape (3,), but its shape is (2,)"),
    ({"weight": np.ones((2, 3))}, "weight must hold one number per class, shape (3,), but its shape is (2, 3)"),
    ({"weight": np.ones(3, "float32")}, "input is float64 but weight is float32"),
    ({"weight": torch.ones(3)}, "weight must be a NumPy array, but is a torch tensor"),
    ({"ignore_index": 1.5}, "ignore_index must be a whole number, but is 1.5"),
    ({"ignore_index": None}, "ignore_index must be a whole number, but is None"),
    ({"reduction": "max"}, "reduction must be one of 'none', 'mean', 'sum', but is 'max'"),
]
CROSS_ENTROPY = [
    ({"label_smoothing": 1.5}, "label_smoothing must be between 0 and 1, but is 1.5"),
    ({"label_smoothing": -0.1}, "label_smoothing must be between 0 and 1, but is -0.1"),
    ({"label_smoothing": None}, "label_smoothing must be a number, but is None"),
    (
        {"target": [0, 1, 2]},
        "target must hold class indices of shape (2,), or probabilities of shape (2, 3), but has (3,)",
    ),
    (
        {"target": np.eye(3)[:2].astype(int)},
        "target has the shape of input, so it must hold probabilities, but is int64",
    ),
    ({"target": np.eye(3)[:2], "ignore_index": 1}, "ignore_index works with class indices only, but is 1"),
    ({"target": np.eye(3, dtype="float32")[:2]}, "target is float32 but input is float64"),
]


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [(name, *case) for name in ("nll_loss", "cross_entropy") for case in COMMON]
    + [("cross_entropy", *case) for case in CROSS_ENTROPY]
    + [("nll_loss", {"target": np.eye(3)[:2]}, "target must hold class indices of shape (2,), but has (2, 3)")],
)
def test_what_cannot_work_is_refused(name: str, changed: Settings, message: str) -> None:
    forward, backward, _ = functions(name)
    arguments = {"input": X, "target": [0, 1]} | changed
    refused(message, forward, **arguments)
    refused(message, backward, 1.0, **arguments)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_loss(name: str) -> None:
    _, backward, _ = functions(name)
    refused("the shape of the output, (), but has (2,)", backward, [1, 1], X, [0, 1])
    refused("the shape of the output, (2,), but has (2, 3)", backward, X, X, [0, 1], reduction="none")
