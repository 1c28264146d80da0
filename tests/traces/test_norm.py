"""Batch normalization of one channel, against the deck, PyTorch, central differences and its own formulas."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.norm import BACKWARD, FORWARD, batch_normalization
from tests.traces.calculator import check, evaluated
from tests.worked import example

# settings that cannot work, words of the answer
BAD = [
    ({"x": [3]}, "more than one value per channel in training"),
    ({"x": []}, r"x must be a list of numbers, but its shape is \(0,\)"),
    ({"x": [[1, 2]]}, r"x must be a list of numbers, but its shape is \(1, 2\)"),
    ({"x": [1, np.nan]}, r"x\[1\] is nan"),
    ({"x": torch.ones(2)}, "x must be a NumPy array"),
    ({"x": [1e200, -1e200]}, "is beyond the largest number"),
    ({"gamma": np.inf}, "gamma must be a finite number, but is inf"),
    ({"beta": [1, 2]}, r"beta must be a single number, but its shape is \(2,\)"),
    ({"running_var": -1}, "running_var must be at least 0, but is -1"),
    ({"eps": 0}, "eps"),
    ({"x": [5.0, 5], "eps": 0, "running_var": 0, "training": False}, "eps must be above 0 where running_var is 0"),
    ({"gamma": True}, "gamma must be a number, but is True"),
    ({"training": "no"}, "training must be True or False, but is 'no'"),
    ({"momentum": "fast"}, "momentum"),
]


@st.composite
def channels(draw, whole=False):
    """Arguments of batch_normalization."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    training = draw(st.booleans())
    count = draw(st.integers(2 if training else 1, 8))
    return {
        "x": rng.integers(-9, 10, count).astype(float) if whole else rng.normal(3, 2, count),
        "gamma": float(rng.integers(-3, 4)) if whole else rng.normal(),
        "beta": float(rng.integers(-3, 4)) if whole else rng.normal(),
        "training": training,
        "running_mean": float(rng.integers(-3, 4)) if whole else rng.normal(),
        "running_var": float(rng.integers(1, 5)) if whole else rng.uniform(0.5, 4),
        "momentum": draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])),
        "eps": draw(st.sampled_from([1e-5, 0.1])),
    }


def quantities(norm, grad):
    backward = norm.backward(grad)
    for trace, names in ((norm, FORWARD), (backward, BACKWARD)):
        for name in names:
            if name == "unbiased_var" and norm.count == 1:
                continue
            for index in range(norm.count) if np.ndim(getattr(trace, name)) else (0,):
                yield trace, name, index


def test_the_numbers_are_those_of_the_deck():
    entry = example("A-batchnorm")
    given_, expected = entry["given"], entry["expect"]
    norm = batch_normalization(given_["x"], given_["gamma"], given_["beta"], momentum=1)
    for name, value in (("mean", norm.mean), ("var", norm.var), ("x_hat", norm.x_hat), ("y", norm.y)):
        np.testing.assert_allclose(value, expected[name], atol=entry["tol"])
    assert norm.y.var() == pytest.approx(expected["var_y"], abs=entry["tol"])
    assert norm.unbiased_var == pytest.approx(expected["running_var_update_uses"], abs=entry["tol"])
    assert norm.running_var == pytest.approx(expected["running_var_update_uses"], abs=entry["tol"])


def test_the_deck_s_numbers_as_a_person_works_them_out():
    norm = batch_normalization([2, 4, 6, 8], 2, 1)
    lines = [str(norm.equation(name)) for name in FORWARD]
    assert lines == [
        "batch_mean = sum of x / n = (2 + 4 + 6 + 8) / 4 = 5",
        "mean = batch_mean = 5",
        "deviations[0] = x[0] − mean = 2 − 5 = −3",
        "squares[0] = deviations[0]² = (−3)² = 9",
        "batch_var = sum of (x − batch_mean)² / n = (9 + 1 + 1 + 9) / 4 = 5",
        "unbiased_var = sum of (x − batch_mean)² / (n − 1) = (9 + 1 + 1 + 9) / 3 ≈ 6.66667",
        "var = batch_var = 5",
        "std = √(var + eps) = √(5 + 1e−5) ≈ 2.23607",
        "x_hat[0] = deviations[0] / std = −3 / 2.24 ≈ −1.34164",
        "y[0] = gamma·x_hat[0] + beta = 2·(−1.34) + 1 ≈ −1.68328",
        "running_mean = (1 − momentum)·running_mean + momentum·batch_mean = 0.9·0 + 0.1·5 = 0.5",
        "running_var = (1 − momentum)·running_var + momentum·unbiased_var = 0.9·1 + 0.1·6.67 ≈ 1.56667",
    ]


@settings(deadline=None)
@given(channels())
def test_outputs_statistics_and_gradients_are_those_of_pytorch(given_):
    norm = batch_normalization(**given_)
    x, gamma, beta = (torch.tensor(np.atleast_1d(given_[name]), requires_grad=True) for name in ("x", "gamma", "beta"))
    mean, var = (torch.tensor([given_[f"running_{name}"]], dtype=torch.float64) for name in ("mean", "var"))
    y = functional.batch_norm(
        x[:, None], mean, var, gamma, beta, given_["training"], given_["momentum"], given_["eps"]
    )[:, 0]
    grad = np.random.default_rng(1).normal(size=norm.count)
    y.backward(torch.from_numpy(grad))
    back = norm.backward(grad)
    pairs = [
        (norm.y, y.detach()), (norm.running_mean, mean[0]), (norm.running_var, var[0]),
        (back.grad_x, x.grad), (back.grad_gamma, gamma.grad[0]), (back.grad_beta, beta.grad[0]),
    ]  # fmt: skip
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(channels())
def test_the_three_ways_add_up_to_the_gradient(given_):
    norm = batch_normalization(**given_)
    back = norm.backward(np.random.default_rng(1).normal(size=norm.count))
    np.testing.assert_allclose(back.direct + back.through_var + back.through_mean, back.grad_x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(norm.x_hat, norm.deviations / norm.std)
    np.testing.assert_allclose(norm.y, norm.gamma * norm.x_hat + norm.beta, atol=1e-12)
    np.testing.assert_allclose(back.grad_beta, back.grad_y.sum(), atol=1e-12)
    np.testing.assert_allclose(back.grad_gamma, (back.grad_y * norm.x_hat).sum(), rtol=1e-9, atol=1e-9)
    assert norm.training or not (back.through_var.any() or back.through_mean.any())


@pytest.mark.parametrize("training", [True, False])
def test_the_gradients_are_slopes(training):
    x, grad = np.array([1.0, 4, 2, -3, 0.5]), np.array([0.3, -1, 2, 0.7, 1])
    fixed = {"training": training, "running_mean": 0.5, "running_var": 2.0}

    def loss(x, gamma, beta):
        return float((batch_normalization(x, gamma, beta, **fixed).y * grad).sum())

    back = batch_normalization(x, 1.5, -0.5, **fixed).backward(grad)
    pairs = [
        (back.grad_x, numerical_gradient(lambda x: loss(x, 1.5, -0.5), x)),
        (back.grad_gamma, numerical_gradient(lambda gamma: loss(x, gamma, -0.5), np.array(1.5))),
        (back.grad_beta, numerical_gradient(lambda beta: loss(x, 1.5, beta), np.array(-0.5))),
    ]
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@settings(deadline=None)
@given(channels(whole=True))
def test_each_equation_comes_to_its_number(given_):
    norm = batch_normalization(**given_)
    for trace, name, index in quantities(norm, np.arange(norm.count) - 2.0):
        found = trace.equation(name, index)
        value = getattr(trace, name)
        assert found.result == (value[index] if np.ndim(value) else value)
        check(found, rel=1e-6)
        if found.sign == "≈":
            assert evaluated(found.numbers) == pytest.approx(found.result, rel=0.05, abs=0.5)


def test_in_evaluation_a_batch_of_one_works_and_changes_nothing():
    norm = batch_normalization([3], 2, 1, training=False, running_mean=1, running_var=4)
    assert (norm.mean, norm.var, norm.running_mean, norm.running_var) == (1, 4, 1, 4)
    assert norm.y[0] == pytest.approx(2 * (3 - 1) / 2 + 1, abs=1e-4)
    assert norm.unbiased_var is None
    with pytest.raises(ValueError, match="a single value has no unbiased variance"):
        norm.equation("unbiased_var")
    assert str(norm.equation("running_mean")) == "running_mean = what it was: only training changes it = 1"
    assert str(norm.backward([5]).equation("through_var")) == (
        "through_var[0] = 0: the running statistics do not depend on x = 0"
    )


def test_the_running_statistics_converge_on_those_of_the_data():
    mean, var = 0.0, 1.0
    for _ in range(100):
        norm = batch_normalization([2, 4, 6, 8], running_mean=mean, running_var=var)
        mean, var = norm.running_mean, norm.running_var
    assert (mean, var) == (pytest.approx(5, abs=1e-3), pytest.approx(20 / 3, abs=1e-3))


@pytest.mark.parametrize(("given_", "words"), BAD)
def test_what_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        batch_normalization(**{"x": [1, 2], **given_})


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda norm: norm.equation("sigma"), "name must be one of batch_mean, .*, but is 'sigma'"),
        *[
            (lambda norm, index=index: norm.equation("x_hat", index), f"index must be a whole number, but is {index!r}")
            for index in ("a", 1.5, True)
        ],
        (lambda norm: norm.equation("x_hat", 2), "index must be from 0 to 1, but is 2"),
        (lambda norm: norm.backward([1, 2]).equation("grad_w"), "name must be one of grad_beta, .*, but is 'grad_w'"),
        (lambda norm: norm.backward([1, 2]).equation("grad_x", -1), "index must be from 0 to 1, but is -1"),
        (lambda norm: norm.backward([1]), "grad_y must have 2 numbers, but has 1"),
        (lambda norm: norm.backward([1e308, 1e308]), "is beyond the largest number"),
    ],
)
def test_what_is_not_there_cannot_be_shown(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(batch_normalization([1, 2], 3))


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    x = np.array([1.0, 2.0])
    norm = batch_normalization(x)
    x[:] = 9
    np.testing.assert_array_equal(norm.x, [1, 2])
    back = norm.backward([1, 2])
    for array in (norm.x, norm.deviations, norm.squares, norm.x_hat, norm.y, back.grad_x, back.direct, back.grad_y):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
