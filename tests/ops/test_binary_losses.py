"""binary_cross_entropy, with probabilities and with logits, against hand values, central differences and PyTorch."""

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

BCE, LOGITS = "binary_cross_entropy", "binary_cross_entropy_with_logits"
CASES = [  # name, shape of input and target, shapes of the weights
    (BCE, (4,), {}),
    (BCE, (2, 3), {"weight": (2, 3)}),
    (BCE, (2, 3, 2), {"weight": (3, 1)}),
    (BCE, (2, 3), {"weight": ()}),
    (BCE, (), {}),
    (BCE, (0, 3), {"weight": (3,)}),
    (BCE, (1, 1), {}),
    (LOGITS, (4,), {}),
    (LOGITS, (2, 3), {"weight": (2, 1)}),
    (LOGITS, (2, 3), {"pos_weight": (3,)}),
    (LOGITS, (2, 3, 2), {"weight": (2, 3, 2), "pos_weight": (3, 1)}),
    (LOGITS, (2, 3), {"pos_weight": ()}),
    (LOGITS, (), {}),
    (LOGITS, (0, 3), {"pos_weight": (3,)}),
    (LOGITS, (1, 1), {}),
]
EVERY_CASE = pytest.mark.parametrize(("name", "shape", "weights"), CASES)
EVERY_NAME = pytest.mark.parametrize("name", [BCE, LOGITS])
EVERY_REDUCTION = pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
EVERY_DTYPE = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])

Shape = tuple[int, ...]
Settings = dict[str, Any]


def functions(name: str) -> tuple[Any, Any, Any]:
    return getattr(ops, name), getattr(ops, f"{name}_backward"), getattr(F, name)


def arrays(name: str, shape: Shape, weights: dict[str, Shape], dtype: str = "float64") -> tuple[np.ndarray, Settings]:
    """Probabilities or scores, and the target (numbers between 0 and 1) and the weights by their names."""
    rng = np.random.default_rng(1)
    x = rng.uniform(0.05, 0.95, shape) if name == BCE else rng.normal(0, 3, shape)
    data = {"target": rng.uniform(size=shape)} | {k: rng.uniform(0.1, 3, s) for k, s in weights.items()}
    return np.asarray(x, dtype), {k: np.asarray(v, dtype) for k, v in data.items()}


def check_against_pytorch(name: str, x: np.ndarray, settings: Settings, tolerance: float) -> None:
    forward, backward, theirs = functions(name)
    tensors = {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    y, g, (grad,) = by_torch(theirs, [x], **tensors)
    for ours, expected in ((forward(x, **settings), y), (backward(g, x, **settings), grad)):
        assert ours.dtype == x.dtype and ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@EVERY_CASE
@EVERY_REDUCTION
def test_the_gradient_agrees_with_central_differences(
    name: str, shape: Shape, weights: dict[str, Shape], reduction: str
) -> None:
    x, settings = arrays(name, shape, weights)
    check_by_central_differences(*functions(name)[:2], [x], reduction=reduction, **settings)


@EVERY_CASE
@EVERY_REDUCTION
@EVERY_DTYPE
def test_loss_and_gradient_agree_with_pytorch(
    name: str, shape: Shape, weights: dict[str, Shape], reduction: str, dtype: str, tolerance: float
) -> None:
    x, settings = arrays(name, shape, weights, dtype)
    check_against_pytorch(name, x, settings | {"reduction": reduction}, tolerance)


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, np.ndarray, Settings]:
    name = draw(st.sampled_from([BCE, LOGITS]))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    names = [n for n in ("weight", "pos_weight")[: 1 + (name == LOGITS)] if draw(st.booleans())]
    kept = {n: tuple(1 if draw(st.booleans()) else size for size in shape)[draw(st.integers(0, 3)) :] for n in names}
    x, settings = arrays(name, shape, kept)
    return name, x, settings | {"reduction": draw(st.sampled_from(["none", "mean", "sum"]))}


@run_with(deadline=None)  # the machine may be busy
@given(questions())
def test_any_questions_agree_with_pytorch(question: tuple[str, np.ndarray, Settings]) -> None:
    check_against_pytorch(*question, 1e-12)


@EVERY_NAME
@EVERY_REDUCTION
def test_inputs_are_left_alone_in_any_layout_and_the_dtype_is_kept(name: str, reduction: str) -> None:
    forward, backward, _ = functions(name)
    x, data = arrays(name, (2, 3), {"weight": (2, 3)})
    check_contract(forward, backward, [x, data["target"], data["weight"]], reduction=reduction)


def test_a_pos_weight_is_left_alone_and_its_dtype_kept() -> None:
    forward, backward, _ = functions(LOGITS)
    x, data = arrays(LOGITS, (2, 3), {"pos_weight": (3,)})
    check_contract(
        lambda x, t, p: forward(x, t, pos_weight=p),
        lambda g, x, t, p: backward(g, x, t, pos_weight=p),
        [x, data["target"], data["pos_weight"]],
    )


def test_the_loss_of_probabilities_is_the_sum_that_a_person_would_write() -> None:
    losses = [-log(0.9), -log(1 - 0.2), -log(0.4)]
    p, t = [0.9, 0.2, 0.4], [1, 0, 1]
    assert ops.binary_cross_entropy(p, t) == pytest.approx(sum(losses) / 3, rel=1e-15)
    weighted = (1 * losses[0] + 2 * losses[1] + 3 * losses[2]) / 3  # over the number, not the sum of the weights
    assert ops.binary_cross_entropy(p, t, [1, 2, 3]) == pytest.approx(weighted, rel=1e-15)
    grad = ops.binary_cross_entropy_backward(6, p, t)
    np.testing.assert_allclose(grad, [6 / 3 * -1 / 0.9, 6 / 3 * 1 / (1 - 0.2), 6 / 3 * -1 / 0.4], rtol=1e-15)


def test_the_loss_of_scores_is_the_sum_that_a_person_would_write() -> None:
    s = 1 / (1 + exp(-2))
    loss = ops.binary_cross_entropy_with_logits([2, 2], [1, 0], pos_weight=[10, 1], reduction="none")
    np.testing.assert_allclose(loss, [10 * -log(s), -log(1 - s)], rtol=1e-14)
    grad = ops.binary_cross_entropy_with_logits_backward([1, 1], [2, 2], [1, 0], pos_weight=10, reduction="none")
    np.testing.assert_allclose(grad, [10 * (s - 1), s], rtol=1e-14)


def test_scores_and_their_sigmoid_have_the_same_loss() -> None:
    x, data = arrays(LOGITS, (5, 4), {"weight": (4,)})
    by_scores = ops.binary_cross_entropy_with_logits(x, **data)
    assert by_scores == pytest.approx(ops.binary_cross_entropy(ops.sigmoid(x), **data), rel=1e-12)


@EVERY_DTYPE
def test_certainty_gives_what_pytorch_gives_a_finite_loss(dtype: str, tolerance: float) -> None:
    p, t = (np.array(a, dtype).ravel() for a in np.meshgrid([0, 1e-30, 1e-13, 1, 0.5], [0, 0.25, 1]))
    check_against_pytorch(BCE, p, {"target": t, "reduction": "none"}, tolerance)
    assert ops.binary_cross_entropy([0.0], [1.0]) == 100
    assert ops.binary_cross_entropy([1e-20], [0.0]) == 1e-20  # 1 - 1e-20 rounds to 1, and its logarithm to 0


@EVERY_DTYPE
@pytest.mark.parametrize("pos_weight", [None, 3.0])
def test_extreme_scores_give_what_pytorch_gives_without_warnings(
    dtype: str, tolerance: float, pos_weight: float | None
) -> None:
    extremes = [-np.inf, -1000, -90, 0, 90, 1000, np.inf, np.nan]
    x, t = (np.array(a, dtype).ravel() for a in np.meshgrid(extremes, [0, 0.25, 1]))
    weights = {} if pos_weight is None else {"pos_weight": np.array([pos_weight], dtype)}
    check_against_pytorch(LOGITS, x, {"target": t, "reduction": "none", **weights}, tolerance)


HALF = np.full((2, 3), 0.5)
COMMON = [  # changed arguments, words of the message
    ({"target": np.ones(3)}, "target must have the shape of input, (2, 3), but has (3,)"),
    ({"target": HALF.astype("float32")}, "input is float64 but target is float32"),
    ({"target": torch.ones(2, 3)}, "target must be a NumPy array, but is a torch tensor"),
    ({"weight": np.ones(2)}, "weight must have the shape of input, (2, 3), or broadcast to it, but has (2,)"),
    ({"weight": np.ones((4, 2, 3))}, "weight must have the shape of input, (2, 3), or broadcast to it, but has (4, 2"),
    ({"weight": torch.ones(3)}, "weight must be a NumPy array, but is a torch tensor"),
    ({"reduction": "average"}, "reduction must be one of 'none', 'mean', 'sum', but is 'average'"),
    ({"input": torch.ones(2, 3)}, "input must be a NumPy array, but is a torch tensor"),
]
PROBABILITIES = [
    (
        {"input": HALF * 3},
        "input must be between 0 and 1, but input[0, 0] is 1.5: give scores to binary_cross_entropy_",
    ),
    ({"input": HALF - [0, 0, 1]}, "input must be between 0 and 1, but input[0, 2] is -0.5"),
    ({"input": HALF * np.nan}, "input must be between 0 and 1, but input[0, 0] is nan"),
    ({"target": HALF + np.array([[0, 0, 0], [0, 1, 0]])}, "target must be between 0 and 1, but target[1, 1] is 1.5"),
    ({"input": 2.0, "target": 1.0}, "input must be between 0 and 1, but input is 2"),
]


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [(name, *case) for name in (BCE, LOGITS) for case in COMMON]
    + [(BCE, *case) for case in PROBABILITIES]
    + [(LOGITS, {"pos_weight": np.ones(2)}, "pos_weight must have the shape of input, (2, 3), or broadcast to it")],
)
def test_what_cannot_work_is_refused(name: str, changed: Settings, message: str) -> None:
    forward, backward, _ = functions(name)
    arguments = {"input": HALF, "target": HALF} | changed
    refused(message, forward, **arguments)
    refused(message, backward, 1.0, **arguments)


@EVERY_NAME
def test_the_gradient_must_have_the_shape_of_the_loss(name: str) -> None:
    _, backward, _ = functions(name)
    refused("the shape of the output, (), but has (2, 3)", backward, HALF, HALF, HALF)
    refused("the shape of the output, (2, 3), but has (3,)", backward, random(3), HALF, HALF, reduction="none")
