"""A dense layer's numbers, against hand-worked sums, PyTorch and its own formulas."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.dense import dense_layer
from tests.traces.calculator import check

X, W, B, DELTA = [1, 2, -3], [[1, 0, 2], [-1, 0.5, 4]], [10, -2], [3, -1]

BAD = [
    ({"x": [[1, 2, 3]]}, r"x must be a list of numbers, but its shape is \(1, 3\)"),
    ({"x": [1, 2]}, r"weight must have rows x columns any x 2, but its shape is \(2, 3\)"),
    ({"weight": [1, 2, 3]}, r"weight must have rows x columns any x 3, but its shape is \(3,\)"),
    ({"weight": np.zeros((0, 3))}, "weight must have rows x columns any x 3"),
    ({"bias": [1]}, "bias must have 2 numbers, but has 1"),
    ({"x": [1, np.nan, 3]}, r"x\[1\] is nan"),
    ({"weight": torch.ones(2, 3)}, "weight must be a NumPy array"),
    ({"x": [1e200] * 3, "weight": [[1e200] * 3]}, "z is beyond the largest number"),
]


@st.composite
def layers(draw, whole=False):
    inputs, outputs = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    numbers = (lambda *n: rng.integers(-5, 6, n).astype(float)) if whole else lambda *n: rng.normal(size=n)
    bias = numbers(outputs) if draw(st.booleans()) else None
    return {"x": numbers(inputs), "weight": numbers(outputs, inputs), "bias": bias}, numbers(outputs)


def test_every_number_as_a_person_works_it_out():
    layer = dense_layer(X, W, B)
    unit, back = layer.unit(1), layer.backward(DELTA)
    np.testing.assert_array_equal(unit.products, [-1 * 1, 0.5 * 2, 4 * -3])
    assert (unit.sum, unit.bias, unit.value) == (-12, -2, -14)
    np.testing.assert_array_equal(back.dW, [[3 * 1, 3 * 2, 3 * -3], [-1 * 1, -1 * 2, -1 * -3]])
    np.testing.assert_array_equal(back.db, DELTA)
    np.testing.assert_array_equal(back.dx, [1 * 3 + -1 * -1, 0 * 3 + 0.5 * -1, 2 * 3 + 4 * -1])
    assert str(unit.equation) == "z[1] = W[1]·x + b[1] = −1·1 + 0.5·2 + 4·(−3) + (−2) = −14"
    assert str(back.weight_equation(0, 2)) == "dW[0, 2] = delta[0]·x[2] = 3·(−3) = −9"
    assert str(back.bias_equation(1)) == "db[1] = delta[1] = −1"
    assert str(back.input_equation(0)) == "dx[0] = W[:, 0]·delta = 1·3 + (−1)·(−1) = 4"
    assert str(dense_layer(X, W).unit(0).equation) == "z[0] = W[0]·x = 1·1 + 0·2 + 2·(−3) = −5"


@settings(deadline=None)
@given(layers())
def test_output_and_gradients_are_those_of_pytorch(given_):
    arguments, delta = given_
    layer = dense_layer(**arguments)
    t = {name: None if v is None else torch.tensor(v, requires_grad=True) for name, v in arguments.items()}
    z = torch.nn.functional.linear(t["x"], t["weight"], t["bias"])
    z.backward(torch.from_numpy(delta))
    back = layer.backward(delta)
    np.testing.assert_allclose(layer.z, z.detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(back.dx, t["x"].grad.numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(back.dW, t["weight"].grad.numpy(), rtol=1e-12, atol=1e-14)
    assert (back.db is None) == (arguments["bias"] is None)
    if back.db is not None:
        np.testing.assert_allclose(back.db, t["bias"].grad.numpy(), rtol=1e-12)


def test_the_gradients_are_slopes():
    given_ = {"x": np.array(X, float), "weight": np.array(W), "bias": np.array(B, float)}
    back = dense_layer(**given_).backward(DELTA)
    for name, found in (("x", back.dx), ("weight", back.dW), ("bias", back.db)):
        expected = numerical_gradient(
            lambda changed, name=name: float(dense_layer(**{**given_, name: changed}).z @ DELTA), given_[name]
        )
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


@settings(deadline=None)
@given(layers(whole=True))
def test_each_equation_comes_to_its_number(given_):
    arguments, delta = given_
    layer, back = dense_layer(**arguments), dense_layer(**arguments).backward(delta)
    equations = [(layer.unit(i).equation, layer.z[i]) for i in range(len(layer.z))]
    equations += [(back.weight_equation(i, j), back.dW[i, j]) for i, j in np.ndindex(back.dW.shape)]
    equations += [(back.input_equation(j), back.dx[j]) for j in range(len(back.dx))]
    if back.db is not None:
        equations += [(back.bias_equation(i), back.db[i]) for i in range(len(back.db))]
    for found, value in equations:
        assert (found.result, found.sign) == (value, "=")
        check(found)
    for i in range(len(layer.z)):
        assert layer.unit(i).sum + layer.unit(i).bias == layer.unit(i).value


@pytest.mark.parametrize(("given_", "words"), BAD)
def test_what_cannot_work_says_why(given_, words):
    with pytest.raises(ValueError, match=words):
        dense_layer(**{"x": X, "weight": W, "bias": None, **given_})


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda layer: layer.unit(2), "unit must be from 0 to 1, but is 2"),
        (lambda layer: layer.backward([1]), "delta must have 2 numbers, but has 1"),
        (lambda layer: layer.backward([1, 2]).weight_equation(0, 3), "col must be from 0 to 2, but is 3"),
        (lambda layer: layer.backward([1, 2]).input_equation(-1), "index must be from 0 to 2, but is -1"),
        (lambda layer: layer.backward([1, 2]).bias_equation(0), "this layer has no bias"),
        (lambda layer: layer.backward([1e308, 1e308]), "is beyond the largest number"),
    ],
)
def test_what_is_not_there_cannot_be_shown(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(dense_layer(X, W))


def test_the_arrays_of_the_caller_are_left_alone_and_those_of_the_trace_cannot_change():
    x = np.array(X, float)
    layer = dense_layer(x, W, B)
    x[:] = 9
    np.testing.assert_array_equal(layer.x, X)
    back = layer.backward(DELTA)
    arrays = (layer.x, layer.weight, layer.bias, layer.products, layer.z, layer.unit(0).products)
    for array in (*arrays, layer.unit(0).weight, back.delta, back.dx, back.dW, back.db):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
