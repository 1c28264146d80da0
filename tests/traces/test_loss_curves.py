"""The loss of one prediction: values worked by hand, slopes against central differences, and what is said."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.loss_curves import ON_AXIS, RANGES, Judged, LossCurve, carried
from tests.traces.calculator import check

KINDS = [(axis, loss, y) for axis, losses in ON_AXIS.items() for loss in losses for y in (0.0, 1.0)]
every_kind = pytest.mark.parametrize(("axis", "loss", "y"), KINDS)

# axis, loss, target, prediction, what is written out
LINES = [
    ("number", "squared", 1, 2.5, ["loss = (y_hat − y)² = (2.5 − 1)² = 2.25",
                                   "slope = 2·(y_hat − y) = 2·(2.5 − 1) = 3"]),
    ("number", "absolute", 1, -2, ["loss = |y_hat − y| = |−2 − 1| = 3",
                                   "slope = sign(y_hat − y) = sign(−2 − 1) = −1"]),
    ("probability", "bce", 1, 0.1, ["loss = −log(p) = −log(0.1) ≈ 2.30259", "slope = −1 / p = −1 / 0.1 = −10"]),
    ("probability", "bce", 0, 0.75, ["loss = −log(1 − p) = −log(1 − 0.75) ≈ 1.38629",
                                     "slope = 1 / (1 − p) = 1 / (1 − 0.75) = 4"]),
    ("probability", "squared", 1, 0.5, ["loss = (p − y)² = (0.5 − 1)² = 0.25",
                                        "slope = 2·(p − y) = 2·(0.5 − 1) = −1"]),
    ("logit", "bce", 1, 0, ["p = sigmoid(z) = sigmoid(0) = 0.5", "loss = −log(p) = −log(0.5) ≈ 0.693147",
                            "slope = p − y = 0.5 − 1 = −0.5"]),
    ("logit", "squared", 1, 0, ["p = sigmoid(z) = sigmoid(0) = 0.5", "loss = (p − y)² = (0.5 − 1)² = 0.25",
                                "slope = 2·(p − y)·p·(1 − p) = 2·(0.5 − 1)·0.5·(1 − 0.5) = −0.25"]),
    ("logit", "hinge", 1, 0.6, ["margin = t·z = 1·0.6 = 0.6", "loss = max(0, 1 − t·z) = max(0, 1 − 0.6) = 0.4",
                                "slope = −t = −1"]),
    ("logit", "hinge", 0, 0.3, ["margin = t·z = −1·0.3 = −0.3", "loss = max(0, 1 − t·z) = max(0, 1 − (−0.3)) = 1.3",
                                "slope = −t = 1"]),
    ("logit", "hinge", 1, 1.2, ["margin = t·z = 1·1.2 = 1.2", "loss = max(0, 1 − t·z) = max(0, 1 − 1.2) = 0",
                                "slope = 0"]),
]  # fmt: skip

SENTENCES = [
    ("number", "squared", 1, 1, "Exact: the loss is 0, and nothing pulls."),
    ("number", "squared", 1, 3, "An error of 2: twice the error would cost four times as much"),
    ("number", "absolute", 1, 3, "However far the prediction is off, the pull is the same: 1."),
    ("probability", "bce", 0, 0.99, "What is true was given 0.01: the nearer that is to 0, the more it costs"),
    ("probability", "bce", 1, 0.5, "What is true was given 0.5: BCE is minus its logarithm."),
    ("probability", "squared", 1, 0.01, "Squared error never costs more than 1, and never pulls harder than 2"),
    ("logit", "bce", 1, 4, "Right and sure: little to pay, and little that pulls."),
    ("logit", "bce", 1, -4, "Sure, and wrong: it pulls with nearly all its force: |p − y| = 0.982."),
    ("logit", "bce", 0, 0, "It pulls by how wrong p is: |p − y| = 0.5."),
    ("logit", "squared", 1, -4, "Sure, and wrong, and hardly a pull: the sigmoid is flat here"),
    ("logit", "squared", 0, 0, "The error is multiplied by the sigmoid's slope, p·(1 − p) = 0.25."),
    ("logit", "hinge", 0, -1, "Right by a margin of 1 or more: it costs nothing, and nothing pulls."),
    ("logit", "hinge", 1, 0.4, "Right, but by less than 1: every step of 1 towards t costs 1 less, until t·z is 1."),
    ("logit", "hinge", 1, -2, "Wrong: every step of 1"),
    ("logit", "hinge", 1, 0, "Undecided: every step of 1"),
]  # fmt: skip


@pytest.mark.parametrize(("axis", "loss", "y", "x", "lines"), LINES)
def test_what_is_written_out(axis: str, loss: str, y: float, x: float, lines: list[str]) -> None:
    assert [str(line) for line in LossCurve(axis, loss, y).at(x).equations()] == lines


@pytest.mark.parametrize(("axis", "loss", "y", "x", "sentence"), SENTENCES)
def test_what_is_said(axis: str, loss: str, y: float, x: float, sentence: str) -> None:
    at = LossCurve(axis, loss, y).at(x)
    assert at.says().startswith(sentence)
    assert at.as_text().endswith(at.says())


@every_kind
@given(share=st.floats(0.01, 0.99))
def test_the_slope_is_the_derivative(axis: str, loss: str, y: float, share: float) -> None:
    curve, (low, high) = LossCurve(axis, loss, y), RANGES[axis]
    x, h = low + share * (high - low), 1e-6
    if curve.corner() is None or abs(x - (curve.corner() or 0)) > 1e-3:
        measured = float(curve(x + h) - curve(x - h)) / (2 * h)
        assert curve.at(x).slope == pytest.approx(measured, rel=1e-5, abs=1e-8)


@every_kind
@given(share=st.floats(0, 1))
def test_every_line_can_be_computed_again(axis: str, loss: str, y: float, share: float) -> None:
    low, high = RANGES[axis]
    for line in LossCurve(axis, loss, y).at(round(low + share * (high - low), 3)).equations():
        check(line)


def test_a_sure_mistake_is_pulled_hard_by_one_loss_and_hardly_by_the_other() -> None:
    """Deck D's reason for BCE behind a sigmoid: p of 0.01 instead of 1."""
    z = log(0.01 / 0.99)
    bce, squared = (LossCurve("logit", loss, 1).at(z) for loss in ("bce", "squared"))
    assert bce.slope == pytest.approx(0.01 - 1)
    assert squared.slope == pytest.approx(2 * (0.01 - 1) * 0.01 * 0.99)
    assert bce.slope / squared.slope == pytest.approx(1 / (2 * 0.01 * 0.99))  # 50 times as hard


def test_a_corner_has_no_slope() -> None:
    assert LossCurve("number", "absolute", 2).at(2).slope == 0
    assert LossCurve("logit", "hinge", 1).at(1).slope == 0
    assert LossCurve("logit", "hinge", 0).corner() == -1
    assert LossCurve("logit", "bce", 0).corner() is None


@pytest.mark.parametrize(
    ("value", "before", "now", "found"),
    [
        (0, "logit", "probability", 0.5),
        (-4, "logit", "probability", 0.02),
        (6, "logit", "probability", 0.99),
        (0.5, "probability", "logit", 0),
        (0.01, "probability", "logit", -4.6),
        (0.75, "probability", "number", 2.5),
        (-4, "number", "probability", 0.01),
        (3, "number", "logit", -4),
    ],
)
def test_a_prediction_is_taken_along_to_another_axis(value: float, before: str, now: str, found: float) -> None:
    assert carried(value, before, now) == pytest.approx(found)


def test_a_judged_prediction_knows_its_probability_and_margin() -> None:
    at: Judged = LossCurve("logit", "hinge", 0).at(2)
    assert at.margin == -2 and at.p == pytest.approx(1 / (1 + np.exp(-2)))
