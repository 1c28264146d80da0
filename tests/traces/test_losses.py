"""Losses term by term, against the decks, PyTorch, central differences and their own formulas."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.cross_entropies import bce, bce_with_logits, categorical_cross_entropy, cross_entropy
from cnnlab.traces.losses import hinge, mae, mse
from tests.traces.calculator import check, evaluated
from tests.worked import example

# loss, prediction, target, a term, its slope, the reduction
LINES = [
    (mse([0.8, 0.3], [1, 0]), "loss[0] = (y_hat[0] − y[0])² = (0.8 − 1)² = 0.04",
     "gradient[0] = 2·(y_hat[0] − y[0]) / n = 2·(0.8 − 1) / 2 = −0.2",
     "loss = sum of the terms / n = (0.04 + 0.09) / 2 = 0.065"),
    (mae([-2, 3], [1, 3], reduction="sum"), "loss[0] = |y_hat[0] − y[0]| = |−2 − 1| = 3",
     "gradient[0] = sign(y_hat[0] − y[0]) = sign(−2 − 1) = −1", "loss = sum of the terms = 3 + 0 = 3"),
    (hinge([0.6, 1.2], [1, 1]), "loss[0] = max(0, 1 − y[0]·score[0]) = max(0, 1 − 1·0.6) = 0.4",
     "gradient[0] = −y[0] / n = −1 / 2 = −0.5", "loss = sum of the terms / n = (0.4 + 0) / 2 = 0.2"),
    (hinge([1.2], [1]), "loss[0] = max(0, 1 − y[0]·score[0]) = max(0, 1 − 1·1.2) = 0",
     "gradient[0] = 0: right by the margin = 0", "loss = loss[0] = 0"),
    (bce([0.5], [1], reduction="sum"),
     "loss[0] = −(y[0]·log(p[0]) + (1 − y[0])·log(1 − p[0])) = −(1·log(0.5) + (1 − 1)·log(1 − 0.5)) ≈ 0.693147",
     "gradient[0] = (p[0] − y[0]) / (p[0]·(1 − p[0])) = (0.5 − 1) / (0.5·(1 − 0.5)) = −2",
     "loss = loss[0] = 0.693 ≈ 0.693147"),
    (bce_with_logits([0], [1]),
     "loss[0] = max(z[0], 0) − y[0]·z[0] + log(1 + exp(−|z[0]|)) = max(0, 0) − 1·0 + log(1 + exp(−|0|)) ≈ 0.693147",
     "gradient[0] = sigmoid(z[0]) − y[0] = sigmoid(0) − 1 = −0.5",
     "loss = loss[0] = 0.693 ≈ 0.693147"),
]  # fmt: skip

# what is asked, words of the answer
BAD = [
    (lambda: mse([1], [1, 2]), "target must have 1 numbers, but has 2"),
    (lambda: mse([[1]], [[1]]), "input must be a list of numbers"),
    (lambda: mse([np.nan], [1]), r"input\[0\] is nan"),
    (lambda: mse(torch.ones(1), [1]), "input must be a NumPy array"),
    (lambda: mse([1e200], [0]), "loss is beyond the largest number"),
    (lambda: mse([1], [0], reduction="none"), "reduction must be one of 'mean', 'sum', but is 'none'"),
    (lambda: mse([1], [0]).term(1), "index must be from 0 to 0, but is 1"),
    (lambda: mse([1], [0]).slope(0, 0), "index must be 1 numbers"),
    (lambda: mse([1], [0]).slope(-1), "index must be from 0 to 0, but is -1"),
    (lambda: hinge([1], [0]), "target must hold only -1 and 1"),
    (lambda: bce([1.5], [1]), r"input must be between 0 and 1, but input\[0\] is 1.5"),
    (lambda: bce([0.5], [2]), "target"),
    (lambda: categorical_cross_entropy([0.5, 0.5], [1, 0, 0]), "target must have rows x columns 1 x 2"),
    (lambda: categorical_cross_entropy([2, 0.5], [1, 0]), "input"),
    (lambda: categorical_cross_entropy([0.5, 0.5], [1, 0]).slope(0), "index must be 2 numbers"),
    (lambda: cross_entropy([1, 2], 2), "target"),
    (lambda: cross_entropy([1, 2], -100), "target must be 1 classes from 0 to 1, but is -100"),
    (lambda: cross_entropy([1, 2], [0, 1]), r"target must be 1 classes from 0 to 1, but is \[0, 1\]"),
    (lambda: cross_entropy([1, 2], 0.5), "target"),
    (lambda: cross_entropy([1, 2], torch.tensor(1)), "target must be a NumPy array"),
    (lambda: cross_entropy([[[1, 2]]], [1]), "input must have rows x columns any x any"),
    (lambda: cross_entropy([1e308, -1e308], 1), "input is beyond the largest number"),
]


@st.composite
def cases(draw):
    """A loss, its arguments, and the same in PyTorch."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, classes, reduction = draw(st.integers(1, 4)), draw(st.integers(2, 4)), draw(st.sampled_from(["mean", "sum"]))
    near, hot = rng.normal(size=n), np.eye(classes)[rng.integers(0, classes, n)]
    logits = rng.normal(size=(n, classes))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    signs, bits = rng.choice([-1.0, 1.0], n), rng.integers(0, 2, n).astype(float)
    return draw(
        st.sampled_from(
            [
                (mse, near, rng.normal(size=n), functional.mse_loss),
                (mae, near, rng.normal(size=n), functional.l1_loss),
                (hinge, near, signs, lambda s, y, reduction: reduce(torch.relu(1 - y * s), reduction)),
                (bce, 1 / (1 + np.exp(-near)), bits, functional.binary_cross_entropy),
                (bce, 1 / (1 + np.exp(-near)), rng.uniform(size=n), functional.binary_cross_entropy),
                (bce_with_logits, 3 * near, bits, functional.binary_cross_entropy_with_logits),
                (categorical_cross_entropy, p, hot, given_probabilities),
                (categorical_cross_entropy, p, p[::-1].copy(), given_probabilities),
                (cross_entropy, logits, hot.argmax(axis=1), functional.cross_entropy),
            ]
        )
    ), reduction


def reduce(terms, reduction):
    return terms.mean() if reduction == "mean" else terms.sum()


def given_probabilities(p, y, reduction):
    return reduce(-(y * torch.log(p)).sum(dim=1), reduction)


@pytest.mark.parametrize("fit", range(3))
@pytest.mark.parametrize("id", ["D-Q9", "D-Q9b"])
def test_the_three_fits_are_those_of_the_deck(id, fit):
    entry = example(id)
    y, y_hat = entry["given"]["y"], entry["given"]["fits"][fit]
    assert mse(y_hat, y).value == pytest.approx(entry["expect"]["mse"][fit], abs=entry["tol"])
    if "mae" in entry["expect"]:
        assert mae(y_hat, y).value == pytest.approx(entry["expect"]["mae"][fit], abs=entry["tol"])


def test_the_losses_are_those_of_the_deck():
    q = {id: (example(id)["given"], example(id)["expect"]) for id in ("D-Q8", "D-Q10", "D-Q11", "D-Q16", "D-Q17")}
    given_, expected = q["D-Q8"]
    assert mse(given_["y_hat"], given_["y"]).value == pytest.approx(expected["mse"], abs=5e-4)
    given_, expected = q["D-Q10"]
    assert categorical_cross_entropy(given_["p"], given_["y"]).value == pytest.approx(expected["ce"], abs=5e-4)
    given_, expected = q["D-Q11"]
    found = bce(given_["p"], given_["y"])
    np.testing.assert_allclose(found.terms, expected["per_sample"], atol=5e-4)
    assert found.value == pytest.approx(expected["bce"], abs=5e-5)  # and not the 0.4147 of rounded terms
    given_, expected = q["D-Q16"]
    found = categorical_cross_entropy(given_["p"], given_["y"])
    np.testing.assert_allclose(found.terms, expected["per_sample"], atol=5e-4)
    assert found.value == pytest.approx(expected["cce"], abs=5e-5)  # and not 0.4597
    given_, expected = q["D-Q17"]
    np.testing.assert_allclose(hinge(given_["y"], given_["t"]).terms, expected["hinge"], atol=5e-4)


@pytest.mark.parametrize(("loss", "term", "slope", "reduced"), LINES)
def test_the_lines_read_as_a_person_would_write_them(loss, term, slope, reduced):
    assert (str(loss.term(0)), str(loss.slope(0)), str(loss.reduced())) == (term, slope, reduced)


def test_the_lines_of_the_cross_entropies():
    found = categorical_cross_entropy([[0.7, 0.2, 0.1], [0.5, 0.25, 0.25]], [[1, 0, 0], [0, 0.5, 0.5]])
    assert str(found.term(0)) == "loss[0] = −log(p[0, 0]) = −log(0.7) ≈ 0.356675"
    assert str(found.term(1)) == "loss[1] = −(sum of y[1]·log(p[1])) = −(0.5·log(0.25) + 0.5·log(0.25)) ≈ 1.38629"
    assert str(found.slope(0, 0)) == "gradient[0, 0] = −y[0, 0] / p[0, 0] / n = −1 / 0.7 / 2 ≈ −0.714286"
    found = cross_entropy([2, 1, 0], 1)
    assert str(found.term(0)) == (
        "loss[0] = log(sum of exp(z[0] − largest)) − (z[0, 1] − largest) = log(1 + 0.368 + 0.135) − (−1) ≈ 1.40761"
    )
    assert str(found.slope(0, 1)) == "gradient[0, 1] = softmax(z[0])[1] − 1 = 0.245 − 1 ≈ −0.755272"
    assert str(found.slope(0, 2)) == "gradient[0, 2] = softmax(z[0])[2] = 0.09 ≈ 0.0900306"


@settings(deadline=None)
@given(cases())
def test_value_and_gradient_are_those_of_pytorch(case):
    (loss, prediction, target, torch_loss), reduction = case
    found = loss(prediction, target, reduction=reduction)
    x = torch.tensor(prediction, requires_grad=True)
    value = torch_loss(x, torch.from_numpy(target), reduction=reduction)
    value.backward()
    assert found.value == pytest.approx(value.item(), rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(found.gradient, x.grad.numpy(), rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(cases())
def test_the_gradient_is_the_slope(case):
    (loss, prediction, target, _), reduction = case
    found = loss(prediction, target, reduction=reduction)
    differences = numerical_gradient(lambda p: loss(p, target, reduction=reduction).value, prediction)
    np.testing.assert_allclose(found.gradient, differences, rtol=2e-5, atol=1e-7)


@settings(deadline=None)
@given(cases())
def test_each_equation_comes_to_its_number(case):
    (loss, prediction, target, _), reduction = case
    found = loss(prediction, target, reduction=reduction)
    terms = found.terms.mean() if reduction == "mean" else found.terms.sum()
    assert found.value == pytest.approx(terms) == pytest.approx(found.reduced().result)
    lines = [(found.term(i), found.terms[i]) for i in range(found.samples)]
    lines += [(found.slope(*index), found.gradient[index]) for index in np.ndindex(found.gradient.shape)]
    for line, value in [*lines, (found.reduced(), found.value)]:
        assert line.result == value
        check(line, rel=1e-6)
        assert evaluated(line.numbers) == pytest.approx(line.result, rel=0.05, abs=0.02)


def test_a_logarithm_of_0_is_cut_as_in_pytorch():
    found = bce([0, 1, 0, 1], [1, 0, 0, 1], reduction="sum")
    np.testing.assert_array_equal(found.terms, [100, 100, 0, 0])
    np.testing.assert_allclose(found.gradient, [-1e12, 1e12, 0, 0], rtol=1e-6)  # 1e-12 in float32
    assert str(found.term(0)).endswith("with logs cut at −100 = −(1·(−100) + 0·0) = 100")
    assert str(found.slope(0)).endswith("(p·(1 − p), at least 1e−12) = (0 − 1) / 1e−12 ≈ −1.0e12")
    for i in range(4):
        check(found.term(i))
        check(found.slope(i))
    wrong = categorical_cross_entropy([[0, 1]], [[1, 0]])
    assert str(wrong.term(0)) == "loss[0] = −(sum of y[0]·log(p[0])) with logs cut at −100 = −(1·(−100)) = 100"
    check(wrong.slope(0, 0))


SMALL = [  # a probability, whether PyTorch's limits touch its logarithm, and its slope
    (1e-10, False, False),
    (1e-30, False, True),
    (1e-43, False, True),
    (1e-44, True, True),  # exp(−100) is about 4e−44
    (0.0, True, True),
]


@pytest.mark.parametrize(("p", "log_is_cut", "slope_is_cut"), SMALL)
def test_only_what_is_cut_is_said_to_be_cut(p, log_is_cut, slope_is_cut):
    for found, index in ((bce([p], [1]), (0,)), (categorical_cross_entropy([[p, 1 - p]], [[1, 0]]), (0, 0))):
        term, slope = found.term(0), found.slope(*index)
        assert ("with logs cut at −100" in str(term), "at least 1e−12" in str(slope)) == (log_is_cut, slope_is_cut)
        check(term, rel=0.005)
        check(slope, rel=0.005)


def test_scores_far_apart_do_no_harm():
    found = cross_entropy([[1000, 0], [0, 1000]], [0, 0])
    np.testing.assert_array_equal(found.terms, [0, 1000])
    check(found.term(1))
    np.testing.assert_array_equal(bce_with_logits([1000, -1000], [1, 1]).terms, [0, 1000])


@pytest.mark.parametrize(("ask", "words"), BAD)
def test_what_cannot_work_says_why(ask, words):
    with pytest.raises(ValueError, match=words):
        ask()


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    p, y = np.array([0.5, 0.25]), np.array([1.0, 0.0])
    found = bce(p, y)
    p[:], y[:] = 1, 0
    assert str(found.term(1)).endswith("= −(0·log(0.25) + (1 − 0)·log(1 − 0.25)) ≈ 0.287682")
    for array in (found.input, found.target, found.terms, found.gradient):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    classes = np.array([0, 1])
    found = cross_entropy([[1, 2], [3, 4]], classes)
    classes[:] = 0
    assert str(found.term(1)).endswith("= log(0.368 + 1) − 0 ≈ 0.313262")
