"""The two-layer network of the deck, against its equations, automatic differentiation and central differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.mlp import BACKWARD, FORWARD, LOSSES, PARAMETERS, two_layer_mlp
from cnnlab.traces.mlp_entries import SHOWN, arising, entry, update
from tests.traces.calculator import check, evaluated
from tests.worked import example

UNIT = {
    "x": [1, 2],
    "y": [1],
    "W1": [[1, -1], [0.5, 2]],
    "b1": [0, 1],
    "W2": [[0.5, -0.25]],
    "b2": [0.5],
}

# what is changed in UNIT, words of the answer
BAD = [
    ({"loss": "mse"}, "loss must be one of 'bce', 'half_squared_error', but is 'mse'"),
    ({"x": [1, 2, 3]}, r"x must have rows x columns 2 x any, but its shape is \(3, 1\)"),
    ({"x": np.zeros((2, 0))}, "x must have rows x columns 2 x any"),
    ({"x": [[1, 2], [3]]}, "x is ragged"),
    ({"x": [1, np.nan]}, r"x\[1, 0\] is nan: every cell needs a finite number"),
    ({"x": torch.ones(2)}, r"x must be a NumPy array.*x\.detach\(\)\.cpu\(\)\.numpy\(\)"),
    ({"y": [1, 0]}, r"y must have rows x columns 1 x 1, but its shape is \(2, 1\)"),
    ({"y": [2]}, "y must be between 0 and 1 for bce, but goes from 2 to 2"),
    ({"y": [-0.5]}, "y must be between 0 and 1 for bce, but goes from -0.5 to -0.5"),
    ({"W1": [1, 2]}, r"W1 must have rows x columns any x any, but its shape is \(2,\)"),
    ({"W2": [[1, 2, 3]]}, r"W2 must have rows x columns any x 2, but its shape is \(1, 3\)"),
    ({"b1": [0]}, r"b1 must have rows x columns 2 x 1, but its shape is \(1, 1\)"),
    ({"b2": 1}, r"b2 must have rows x columns 1 x 1, but its shape is \(\)"),
    ({"W1": [[1e200, 0], [0, 0]], "x": [1e200, 0]}, "z1 is beyond the largest number that a computer holds"),
    ({"y": [1e200], "loss": "half_squared_error"}, "losses is beyond the largest number"),
]


@st.composite
def networks(draw, whole=False):
    """Arguments of a small network."""
    inputs, hidden, outputs, samples = (draw(st.integers(1, 3)) for _ in range(4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    draws = (
        (lambda *shape: rng.integers(-3, 4, shape).astype(float)) if whole else lambda *shape: rng.normal(size=shape)
    )
    return {
        "x": draws(inputs, samples),
        "y": rng.integers(0, 2, (outputs, samples)),
        "W1": draws(hidden, inputs),
        "b1": draws(hidden),
        "W2": draws(outputs, hidden),
        "b2": draws(outputs),
        "loss": draw(st.sampled_from(sorted(LOSSES))),
    }


def entries(mlp):
    for name in FORWARD + BACKWARD:
        rows, cols = mlp.quantity(name).value.shape
        for row in range(rows):
            for col in range(cols):
                yield name, row, col


def loss_by_torch(given_):
    """The loss as PyTorch computes it, and its gradients for z1, z2 and the parameters."""
    t = {name: torch.tensor(np.asarray(given_[name], float), requires_grad=True) for name in ("x", *PARAMETERS)}
    y, samples = torch.tensor(np.asarray(given_["y"], float)), given_["x"].shape[1]
    z1 = t["W1"] @ t["x"] + t["b1"][:, None]
    z2 = t["W2"] @ functional.relu(z1) + t["b2"][:, None]
    z1.retain_grad()
    z2.retain_grad()
    if given_["loss"] == "bce":
        loss = functional.binary_cross_entropy_with_logits(z2, y, reduction="sum") / samples
    else:
        loss = ((torch.sigmoid(z2) - y) ** 2).sum() / 2 / samples
    loss.backward()
    return loss, z1.grad * samples, z2.grad * samples, {p: t[p].grad.numpy() for p in PARAMETERS}


@settings(deadline=None)
@given(networks())
def test_every_gradient_is_that_of_automatic_differentiation(given_):
    mlp = two_layer_mlp(**given_)
    loss, delta1, delta2, gradients = loss_by_torch(given_)
    np.testing.assert_allclose(mlp.loss, [[loss.item()]], rtol=1e-12)
    np.testing.assert_allclose(mlp.delta1, delta1.numpy(), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(mlp.delta2, delta2.numpy(), rtol=1e-10, atol=1e-14)
    for name, gradient in gradients.items():
        found = getattr(mlp, f"d{name}")
        np.testing.assert_allclose(found.reshape(gradient.shape), gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_gradient_is_the_slope_of_the_loss(parameter, loss):
    given_ = {**UNIT, "x": [[1, 0.3], [2, -1]], "y": [[1, 0]], "loss": loss}
    differences = numerical_gradient(
        lambda changed: two_layer_mlp(**{**given_, parameter: changed}).loss.item(),
        np.array(given_[parameter], float),
    )
    found = getattr(two_layer_mlp(**given_), f"d{parameter}")
    np.testing.assert_allclose(found.reshape(differences.shape), differences, rtol=1e-6, atol=1e-9)


def test_the_equations_are_those_of_the_deck():
    expected = example("C-backprop")["expect"]
    assert expected["delta2_bce"].replace("y_hat", "a2").replace("-", "−") == quantities("bce")["delta2"]
    assert expected["dW2"] == quantities("bce")["dW2"].replace("ᵀ", "^T")
    assert expected["delta1"] == quantities("bce")["delta1"].replace("ᵀ", "^T").replace("⊙", "*").replace("′", "'")
    assert expected["delta2_mse"] == quantities("half_squared_error")["delta2"].replace("⊙", "*").replace("−", "-")


def quantities(loss):
    return {q.name: q.symbols for q in two_layer_mlp(**UNIT, loss=loss).quantities()}


def test_the_numbers_of_one_sample_as_a_person_works_them_out():
    mlp = two_layer_mlp(**UNIT)
    np.testing.assert_array_equal(mlp.z1, [[1 * 1 + -1 * 2 + 0], [0.5 * 1 + 2 * 2 + 1]])
    np.testing.assert_array_equal(mlp.a1, [[0], [5.5]])
    np.testing.assert_array_equal(mlp.z2, [[0.5 * 0 + -0.25 * 5.5 + 0.5]])
    y_hat = 1 / (1 + np.exp(0.875))
    np.testing.assert_allclose(mlp.a2, [[y_hat]])
    np.testing.assert_allclose(mlp.loss, [[-np.log(y_hat)]])
    np.testing.assert_allclose(mlp.delta2, [[y_hat - 1]])
    np.testing.assert_allclose(mlp.dW2, [[(y_hat - 1) * 0, (y_hat - 1) * 5.5]])
    np.testing.assert_allclose(mlp.delta1, [[0], [(y_hat - 1) * -0.25 * 1]])
    np.testing.assert_allclose(mlp.dW1, [[0, 0], [(y_hat - 1) * -0.25 * 1, (y_hat - 1) * -0.25 * 2]])
    assert str(entry(mlp, "z1", 1)) == "z1[1] = W1[1]·x + b1[1] = 0.5·1 + 2·2 + 1 = 5.5"
    assert str(entry(mlp, "loss")) == (
        "loss = −(y·log(a2) + (1 − y)·log(1 − a2)) = −(1·log(0.294) + (1 − 1)·log(1 − 0.294)) ≈ 1.22344"
    )
    assert str(entry(mlp, "delta1", 0)) == "delta1[0] = (W2[:, 0]·delta2)·relu′(z1[0]) = (0.5·(−0.706))·0 = 0"


@settings(deadline=None)
@given(networks(whole=True))
def test_each_entry_is_what_its_equation_says(given_):
    mlp = two_layer_mlp(**given_)
    for name, row, col in entries(mlp):
        found = entry(mlp, name, row, col)
        assert found.result == mlp.quantity(name).value[row, col]
        check(found)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("b2", [20, 20.5, 21, 25, 35, 40])
def test_an_output_beside_1_is_not_taken_for_it(b2, loss):
    """1 − a then holds only what was rounded away of a."""
    mlp = two_layer_mlp(**{**UNIT, "W2": [[0, 0]], "b2": [[b2]], "y": [[0]]}, loss=loss)
    for name, row, col in entries(mlp):
        check(entry(mlp, name, row, col))


@settings(deadline=None)
@given(networks())
def test_a_rounded_equation_still_comes_near(given_):
    mlp = two_layer_mlp(**given_)
    for name, row, col in entries(mlp):
        found = entry(mlp, name, row, col)
        assert evaluated(found.numbers) == pytest.approx(found.result, rel=0.05, abs=0.1)


@settings(deadline=None)
@given(networks())
def test_delta2_arises_as_a_product_of_two_slopes(given_):
    mlp = two_layer_mlp(**given_)
    for row in range(mlp.a2.shape[0]):
        for col in range(mlp.samples):
            a = mlp.a2[row, col]
            if mlp.loss_name == "bce" and a * (1 - a) < SHOWN:  # its logarithm cannot be shown, as the next test says
                continue
            outer, slope, product = arising(mlp, row, col)
            assert outer.result * slope.result == pytest.approx(product.result, rel=1e-9, abs=1e-12)
            assert product.result == mlp.delta2[row, col]
            for equation in (outer, slope, product):
                check(equation)


def test_where_the_prediction_is_rounded_to_1_no_slope_is_shown():
    mlp = two_layer_mlp(**{**UNIT, "b2": [100], "y": [0]})
    assert str(entry(mlp, "loss")) == (
        "loss = max(z2, 0) − y·z2 + log(1 + exp(−|z2|)) = max(98.6, 0) − 0·98.6 + log(1 + exp(−|98.6|)) ≈ 98.625"
    )
    with pytest.raises(ValueError, match=r"a2\[0\] is 1 to nine digits"):
        arising(mlp)


@settings(deadline=None)
@given(networks(), st.sampled_from([0.01, 0.5]))
def test_a_step_is_that_of_torch_s_sgd(given_, lr):
    mlp = two_layer_mlp(**given_).step(lr)
    _, _, _, gradients = loss_by_torch(given_)
    for name, gradient in gradients.items():
        expected = np.asarray(given_[name], float) - lr * gradient
        np.testing.assert_allclose(getattr(mlp, name).reshape(expected.shape), expected, rtol=1e-10, atol=1e-12)
    assert mlp.loss_name == given_["loss"]


def test_steps_lower_the_loss_and_say_what_they_do():
    mlp = two_layer_mlp(**UNIT)
    losses = [mlp.loss.item()]
    for _ in range(5):
        for name in PARAMETERS:
            found = update(mlp, name, 0.1)
            assert found.result == getattr(mlp.step(0.1), name)[0, 0]
            check(found)
        mlp = mlp.step(0.1)
        losses.append(mlp.loss.item())
    assert losses == sorted(losses, reverse=True)
    assert str(update(two_layer_mlp(**UNIT), "W1", 0.5, 0, 1)) == (
        "new W1[0, 1] = W1[0, 1] − lr·dW1[0, 1] = −1 − 0.5·0 = −1"
    )


def test_a_batch_is_the_mean_of_its_samples():
    both = {**UNIT, "x": [[1, -2], [2, 3]], "y": [[1, 0]]}
    first = two_layer_mlp(**UNIT)
    second = two_layer_mlp(**{**UNIT, "x": [-2, 3], "y": [0]})
    batch = two_layer_mlp(**both)
    for name in ("loss", "dW1", "db1", "dW2", "db2"):
        np.testing.assert_allclose(getattr(batch, name), (getattr(first, name) + getattr(second, name)) / 2)
    np.testing.assert_allclose(batch.delta1, np.hstack([first.delta1, second.delta1]))


def test_at_the_corner_of_relu_nothing_comes_back():
    mlp = two_layer_mlp(**{**UNIT, "b1": [1, 1]})  # z1[0] = 1·1 − 1·2 + 1
    assert (mlp.z1[0, 0], mlp.delta1[0, 0], entry(mlp, "delta1").result) == (0, 0, 0)
    assert mlp.delta2[0, 0] != 0


@pytest.mark.parametrize(("change", "words"), BAD)
def test_what_cannot_work_says_why(change, words):
    with pytest.raises(ValueError, match=words):
        two_layer_mlp(**{**UNIT, **change})


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda mlp: entry(mlp, "z3"), "name must be one of 'z1'"),
        (lambda mlp: entry(mlp, "z1", 2), "row must be from 0 to 1, but is 2"),
        (lambda mlp: entry(mlp, "z1", 0, 1), "col must be from 0 to 0, but is 1"),
        (lambda mlp: arising(mlp, 1), "row must be from 0 to 0, but is 1"),
        (lambda mlp: update(mlp, "z1", 0.1), "parameter must be one of 'W1', 'b1', 'W2', 'b2', but is 'z1'"),
        (lambda mlp: update(mlp, "b1", 0.1, -1), "row must be from 0 to 1, but is -1"),
        (lambda mlp: mlp.step("a"), "lr must hold real numbers"),
        (lambda mlp: mlp.step(np.inf), "lr must be a finite number, but is inf"),
        (lambda mlp: mlp.step(1e308).step(1e308), "is beyond the largest number"),
    ],
)
def test_what_is_not_there_cannot_be_shown(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(two_layer_mlp(**UNIT))


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    given_ = {name: np.array(values, float) for name, values in UNIT.items()}
    mlp = two_layer_mlp(**given_)
    for values in given_.values():
        values[...] = 7
    np.testing.assert_array_equal(mlp.W1, UNIT["W1"])
    for name in (*PARAMETERS, *FORWARD, *BACKWARD, "x", "y"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(mlp, name)[...] = 0
