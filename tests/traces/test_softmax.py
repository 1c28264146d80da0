"""Softmax's numbers, against hand-worked quotients, PyTorch, central differences and its own formulas."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.softmax import QUANTITIES, softmax_of
from tests.traces.calculator import check, evaluated

LOGITS = st.lists(st.floats(-8, 8).map(lambda v: round(v, 2)), min_size=1, max_size=6)
TEMPERATURES = st.sampled_from([0.5, 1.0, 2.0, 10.0])

BAD = [
    ({"logits": [[1, 2]]}, r"logits must be a list of numbers, but its shape is \(1, 2\)"),
    ({"logits": []}, "logits must be a list of numbers"),
    ({"logits": [1, np.inf]}, r"logits\[1\] is inf"),
    ({"logits": torch.ones(2)}, "logits must be a NumPy array"),
    ({"temperature": 0}, "temperature must be at least 0.001, but is 0"),
    ({"temperature": -1}, "temperature must be at least 0.001, but is -1"),
    ({"temperature": np.nan}, "temperature must be a finite number, but is nan"),
    ({"logits": [1e307, 0], "temperature": 0.001}, "scaled is beyond the largest number"),
]


def test_every_number_as_a_person_works_it_out():
    s = softmax_of([2, 1, 0])
    e = math.e
    np.testing.assert_allclose(s.shifted, [0, -1, -2])
    np.testing.assert_allclose(s.exps, [1, 1 / e, 1 / e**2])
    assert s.total == pytest.approx(1 + 1 / e + 1 / e**2)
    np.testing.assert_allclose(s.probabilities, np.array([e**2, e, 1]) / (e**2 + e + 1))
    assert (s.largest, s.winner, s.classes) == (2, 0, 3)
    assert [str(s.equation(name, 1)) for name in QUANTITIES] == [
        "scaled[1] = logits[1] / T = 1 / 1 = 1",
        "shifted[1] = scaled[1] − largest = 1 − 2 = −1",
        "exps[1] = exp(shifted[1]) = exp(−1) ≈ 0.367879",
        "total = sum of exps = 1 + 0.368 + 0.135 ≈ 1.50321",
        "probabilities[1] = exps[1] / total = 0.368 / 1.5 ≈ 0.244728",
        "log_probabilities[1] = shifted[1] − log(total) = −1 − log(1.5) ≈ −1.40761",
        "entropy = −(sum of p·log(p)) = −(0.665·log(0.665) + 0.245·log(0.245) + 0.09·log(0.09)) ≈ 0.832396",
    ]
    assert str(s.jacobian_equation(1, 1)) == "∂p[1]/∂logits[1] = p[1]·(1 − p[1]) = 0.245·(1 − 0.245) ≈ 0.184836"
    assert str(s.jacobian_equation(0, 1)) == "∂p[0]/∂logits[1] = −p[0]·p[1] = −0.665·0.245 ≈ −0.162803"
    assert str(softmax_of([2, 1], 2).jacobian_equation(0, 1)) == (
        "∂p[0]/∂logits[1] = −p[0]·p[1] / T = −0.622·0.378 / 2 ≈ −0.117502"
    )


@settings(deadline=None)
@given(LOGITS, TEMPERATURES)
def test_probabilities_and_gradients_are_those_of_pytorch(logits, temperature):
    s = softmax_of(logits, temperature)
    t = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    p = torch.softmax(t / temperature, 0)
    grad = np.random.default_rng(0).normal(size=len(logits))
    p.backward(torch.from_numpy(grad))
    np.testing.assert_allclose(s.probabilities, p.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(s.log_probabilities, torch.log_softmax(t / temperature, 0).detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(s.backward(grad), t.grad.numpy(), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(grad @ s.jacobian, t.grad.numpy(), rtol=1e-10, atol=1e-14)
    expected = torch.distributions.Categorical(probs=p).entropy().item()
    assert s.entropy == pytest.approx(expected, abs=1e-6)


@settings(deadline=None)
@given(LOGITS, TEMPERATURES)
def test_the_steps_lead_from_the_logits_to_the_probabilities(logits, temperature):
    s = softmax_of(logits, temperature)
    np.testing.assert_allclose(s.scaled * temperature, logits, atol=1e-12)
    np.testing.assert_allclose(s.shifted, s.scaled - s.largest)
    np.testing.assert_allclose(s.exps, np.exp(s.shifted))
    np.testing.assert_allclose(s.probabilities, s.exps / s.total)
    assert s.probabilities.sum() == pytest.approx(1)
    assert s.probabilities[s.winner] == s.probabilities.max()


@settings(deadline=None)
@given(LOGITS, TEMPERATURES)
def test_each_equation_comes_to_its_number(logits, temperature):
    s = softmax_of(logits, temperature)
    grad = np.arange(len(logits)) - 1.0
    found = [
        (s.equation(name, i), np.ravel(getattr(s, name))[i if np.ndim(getattr(s, name)) else 0])
        for name in QUANTITIES
        for i in range(s.classes)
    ]
    found += [(s.jacobian_equation(i, j), s.jacobian[i, j]) for i, j in np.ndindex(s.jacobian.shape)]
    found += [(s.backward_equation(grad, j), s.backward(grad)[j]) for j in range(s.classes)]
    for line, value in found:
        assert line.result == value
        check(line, rel=1e-6)
        assert evaluated(line.numbers) == pytest.approx(line.result, rel=0.1, abs=0.05)


def test_a_probability_too_small_to_show_gives_its_logarithm():
    entropy = softmax_of([7, -7], 0.5).equation("entropy")
    assert str(entropy) == "entropy = −(sum of p·log(p)) = −(1·log(1) + 0·(−28)) ≈ 2.00518e−11"
    assert evaluated(entropy.numbers) == pytest.approx(entropy.result, abs=1e-9)


def test_the_jacobian_is_the_slope():
    logits = np.array([1.0, -0.5, 2])
    for i in range(3):
        slopes = numerical_gradient(lambda z, i=i: float(softmax_of(z, 0.7).probabilities[i]), logits)
        np.testing.assert_allclose(softmax_of(logits, 0.7).jacobian[i], slopes, rtol=1e-6, atol=1e-9)


def test_logits_far_apart_do_no_harm():
    s = softmax_of([1000, 0, -1000])
    np.testing.assert_array_equal(s.probabilities, [1, 0, 0])
    assert (s.entropy, s.total) == (0, 1)
    np.testing.assert_array_equal(s.log_probabilities, [0, -1000, -2000])
    check(s.equation("entropy"))


def test_temperature_draws_the_probabilities_together_or_apart():
    hot, cold = softmax_of([1, 2, 3], 100), softmax_of([1, 2, 3], 0.05)
    np.testing.assert_allclose(hot.probabilities, 1 / 3, atol=0.01)
    assert hot.entropy == pytest.approx(math.log(3), abs=1e-4)
    np.testing.assert_allclose(cold.probabilities, [0, 0, 1], atol=1e-8)


@pytest.mark.parametrize(("given_", "words"), BAD)
def test_what_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        softmax_of(**{"logits": [1, 2], **given_})


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda s: s.equation("sum"), "name must be one of scaled, .*, but is 'sum'"),
        (lambda s: s.equation("exps", 2), "index must be from 0 to 1, but is 2"),
        (lambda s: s.jacobian_equation(2, 0), "row must be from 0 to 1, but is 2"),
        (lambda s: s.backward([1]), "grad_p must have 2 numbers, but has 1"),
        (lambda s: s.backward_equation([1, 2], -1), "index must be from 0 to 1, but is -1"),
    ],
)
def test_what_is_not_there_cannot_be_shown(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(softmax_of([1, 2]))


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    logits = np.array([1.0, 2.0])
    s = softmax_of(logits)
    logits[:] = 9
    np.testing.assert_array_equal(s.logits, [1, 2])
    for array in (s.logits, s.scaled, s.shifted, s.exps, s.probabilities, s.log_probabilities, s.jacobian):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# ---- with the right answer -------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(LOGITS, TEMPERATURES, st.data())
def test_the_gradient_of_the_loss_is_that_of_pytorch(logits, t, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    s, x = softmax_of(logits, t), torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(x / t, torch.tensor(target))
    loss.backward()
    assert s.loss_equation(target).result == pytest.approx(loss.item(), abs=1e-14)
    np.testing.assert_allclose(s.loss_gradient(target), x.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_loss_and_gradient_with_their_numbers():
    s = softmax_of([0, 0], 2)
    assert str(s.loss_equation(1)) == "loss = −log(p[1]) = −log(0.5) ≈ 0.693147"
    assert str(s.loss_gradient_equation(1, 0)) == "grad[0] = (p[0] − y[0]) / T = (0.5 − 0) / 2 = 0.25"
    assert str(softmax_of([0, 0]).loss_gradient_equation(1, 1)) == "grad[1] = p[1] − y[1] = 0.5 − 1 = −0.5"
    assert str(softmax_of([0, 100]).loss_equation(0)) == "loss = −log(p[0]) = −(−100) = 100"
    for i in range(2):
        check(s.loss_equation(i))
        check(s.loss_gradient_equation(1, i))
    with pytest.raises(ValueError, match="target must be from 0 to 1, but is 2"):
        s.loss_equation(2)


@pytest.mark.parametrize(
    ("logits", "t", "sentence"),
    [
        (
            [2, 1, 0],
            1,
            "Class 0 is 1 ahead of class 1, so it gets exp(1) ≈ 2.72 times as much.",
        ),
        ([0, 1, 1], 1, "Classes 1 and 2 have the same logit, so they get the same: 42.2%."),
        ([2, 1, 0], 0.1, "T = 0.1 sharpens: class 0 gets over 99.9%; with T = 1 it would get 66.5%."),
        ([2, 1, 0], 10, "T = 10 flattens: class 0 gets 36.7%; with T = 1 it would get 66.5%."),
        ([1000, 0], 1, "exp(1000) alone is beyond what a computer holds: that is why the largest is subtracted first."),
    ],
)
def test_what_is_said(logits, t, sentence):
    assert softmax_of(logits, t).says() == sentence
