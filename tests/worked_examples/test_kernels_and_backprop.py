"""The examples of the slides on kernels, on backpropagation by hand and on vanishing gradients."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import ops, traces
from cnnlab.gradcheck import numerical_gradient
from cnnlab.kernels import gradient_magnitude, kernel
from cnnlab.network import BatchNorm1d, Layer, Linear, ReLU, Sequential, Sigmoid
from tests.worked import example
from tests.worked_examples.every_number import Computed, Given, check

Arrays = dict[str, np.ndarray]

# ---- kernels -----------------------------------------------------------------------------------------------------


def gaussian(given: Given) -> dict[str, Any]:
    w = kernel("gaussian 5").weight * given["divide_by"]
    np.testing.assert_allclose(w, given["w"], rtol=1e-12)
    return {"sum": w.sum()}


COMPUTED: Computed = {"E-gaussian": gaussian}


@pytest.mark.parametrize("id", COMPUTED)
def test_the_kernel_gives_every_number_of_the_slide(id: str) -> None:
    check(id, COMPUTED)


@pytest.mark.parametrize("id", ["E-gaussian"])
def test_the_last_row_as_the_slide_prints_it_would_sum_to_270(id: str) -> None:
    entry = example(id)
    misprinted = np.array([*entry["given"]["w"][:-1], [1, 4, 4, 4, 1]])
    assert misprinted.sum() == entry["given"]["divide_by"] - 3 == 270
    assert kernel("gaussian 5").sum == 1  # divided by 273, a sum of 270 would darken the picture


@pytest.mark.parametrize("id", ["E-gradient"])
def test_the_gradient_of_a_slope_is_the_root_of_the_squares_of_both_changes(id: str) -> None:
    """A picture that rises by 3 to the right and by 4 downward rises by 5 along the steepest way."""
    given = example(id)["given"]
    picture = np.array([[0, 3, 6], [4, 7, 10], [8, 11, 14]], float)[None]
    weights = kernel("sobel x").weight, kernel("sobel y").weight
    gx, gy = (ops.conv2d(picture, w[None, None]) for w in weights)
    assert (weights[0].tolist(), weights[1].tolist()) == (given["sx"], given["sy"])
    assert gx.item() == (6 - 0) + 2 * (10 - 4) + (14 - 8) == 8 * 3
    assert gy.item() == (8 - 0) + 2 * (11 - 3) + (14 - 6) == 8 * 4
    assert gradient_magnitude(gx, gy).item() == (24**2 + 32**2) ** 0.5 == 8 * 5


# ---- backpropagation ---------------------------------------------------------------------------------------------

# The statements of the slide, as they are printed, on one sample as a column; v holds the quantities by name.
STATEMENTS = {
    "y_hat - y": lambda v: v["a2"] - v["y"],
    "(a2 - y) * a2 * (1 - a2)": lambda v: (v["a2"] - v["y"]) * v["a2"] * (1 - v["a2"]),
    "delta2 a1^T": lambda v: v["delta2"] @ v["a1"].T,
    "W2^T delta2 * relu'(z1)": lambda v: v["W2"].T @ v["delta2"] * (v["z1"] > 0),
}
NETWORKS = {"bce": "delta2_bce", "mse": "delta2_mse"}  # loss: which statement holds for the slope at its output


def random_network() -> Arrays:
    """Three inputs, five hidden units (some on, some off), two outputs."""
    rng = np.random.default_rng(4)
    sizes = {"x": (3, 1), "W1": (5, 3), "b1": (5, 1), "W2": (2, 5), "b2": (2, 1)}
    v = {name: rng.normal(size=size) for name, size in sizes.items()} | {"y": np.array([[1.0], [0.0]])}
    v["z1"] = v["W1"] @ v["x"] + v["b1"]
    v["a1"] = ops.relu(v["z1"])
    v["z2"] = v["W2"] @ v["a1"] + v["b2"]
    v["a2"] = ops.sigmoid(v["z2"])
    assert 0 < (v["z1"] > 0).sum() < 5
    assert np.abs(v["z1"]).min() > 0.01  # away from the corner of ReLU
    return v


def by_the_slide(v: Arrays, loss: str) -> Arrays:
    expect = example("C-backprop")["expect"]
    v = v | {"delta2": STATEMENTS[expect[NETWORKS[loss]]](v)}
    return {"delta2": v["delta2"], **{name: STATEMENTS[expect[name]](v) for name in ("dW2", "delta1")}}


def by_the_ops(v: Arrays, loss: str) -> Arrays:
    """The backward passes one after the other, on a sample as a row."""
    a1, z1, z2, a2, y = (v[name].T for name in ("a1", "z1", "z2", "a2", "y"))
    if loss == "bce":
        grad_a2 = ops.binary_cross_entropy_backward(1, a2, y, reduction="sum")
    else:
        grad_a2 = ops.mse_loss_backward(0.5, a2, y, reduction="sum")
    delta2 = ops.sigmoid_backward(grad_a2, z2)
    grad_a1, dW2, _ = ops.linear_backward(delta2, a1, v["W2"], v["b2"][:, 0])
    return {"delta2": delta2.T, "dW2": dW2, "delta1": ops.relu_backward(grad_a1, z1).T}


def by_the_trace(v: Arrays, loss: str) -> Arrays:
    name = "bce" if loss == "bce" else "half_squared_error"
    mlp = traces.two_layer_mlp(v["x"], v["y"], v["W1"], v["b1"], v["W2"], v["b2"], loss=name)
    return {"delta2": mlp.delta2, "dW2": mlp.dW2, "delta1": mlp.delta1}


def by_central_differences(v: Arrays, loss: str) -> Arrays:
    def value(a2: np.ndarray) -> float:
        if loss == "bce":
            return float(ops.binary_cross_entropy(a2, v["y"], reduction="sum"))
        return float(ops.mse_loss(a2, v["y"], reduction="sum")) / 2

    def output(W2: np.ndarray, z1: np.ndarray) -> np.ndarray:
        return ops.sigmoid(W2 @ ops.relu(z1) + v["b2"])

    return {
        "delta2": numerical_gradient(lambda z2: value(ops.sigmoid(z2)), v["z2"]),
        "dW2": numerical_gradient(lambda W2: value(output(W2, v["z1"])), v["W2"]),
        "delta1": numerical_gradient(lambda z1: value(output(v["W2"], z1)), v["z1"]),
    }


def by_torch(v: Arrays, loss: str) -> Arrays:
    z1, W2 = (torch.tensor(v[name], requires_grad=True) for name in ("z1", "W2"))
    z2, y = W2 @ torch.relu(z1) + torch.tensor(v["b2"]), torch.tensor(v["y"])
    z2.retain_grad()
    a2 = torch.sigmoid(z2)
    if loss == "bce":
        torch.nn.functional.binary_cross_entropy(a2, y, reduction="sum").backward()
    else:
        (((a2 - y) ** 2).sum() / 2).backward()
    return {name: np.asarray(t.grad) for name, t in (("delta2", z2), ("dW2", W2), ("delta1", z1))}


@pytest.mark.parametrize("other_way", [by_the_ops, by_the_trace, by_central_differences, by_torch])
@pytest.mark.parametrize("loss", NETWORKS)
@pytest.mark.parametrize("id", ["C-backprop"])
def test_the_statements_of_the_slide_are_the_gradients(id: str, loss: str, other_way: Any) -> None:
    v = random_network()
    found, others = by_the_slide(v, loss), other_way(v, loss)
    rtol = 1e-6 if other_way is by_central_differences else 1e-12
    for name, gradient in found.items():
        np.testing.assert_allclose(gradient, others[name], rtol=rtol, atol=rtol / 100, err_msg=name)


@pytest.mark.parametrize("id", ["C-backprop"])
def test_every_statement_of_the_slide_is_held_against_the_gradients(id: str) -> None:
    assert set(example(id)["expect"].values()) == STATEMENTS.keys()


# ---- vanishing gradients: no numbers are printed, only orders of magnitude are claimed --------------------------

DEPTH, WIDTH, BATCH = 20, 64, 128


def gradient_norms(*kinds: type[Layer], he: bool = False) -> np.ndarray:
    """The norm of the gradient of each dense layer's weights, the first layer first; `kinds` follow each of them."""
    rng = np.random.default_rng(0)
    dense = [Linear(WIDTH, WIDTH, rng=rng, dtype=np.float64) for _ in range(DEPTH)]
    for layer in dense if he else ():
        layer.weight.value[:] = ops.kaiming_normal((WIDTH, WIDTH), nonlinearity="relu", rng=rng)
        layer.bias.value[:] = 0
    options: dict[type[Layer], Any] = {BatchNorm1d: {"num_features": WIDTH, "dtype": np.float64}}
    network = Sequential(*(step for layer in dense for step in (layer, *(k(**options.get(k, {})) for k in kinds))))
    network(rng.normal(size=(BATCH, WIDTH)))
    network.backward(rng.normal(size=(BATCH, WIDTH)))
    return np.array([np.linalg.norm(layer.weight.grad) for layer in dense])


@pytest.mark.parametrize("he", [False, True])
@pytest.mark.parametrize("id", ["D-Q15"])
def test_behind_twenty_sigmoids_the_gradient_has_vanished(id: str, he: bool) -> None:
    norms = gradient_norms(Sigmoid, he=he)
    assert (norms[:-1] < 0.7 * norms[1:]).all()  # the slope of a sigmoid is 1 / 4 at most: each layer takes a share
    assert norms[0] < 1e-8 * norms[-1]


@pytest.mark.parametrize("id", ["D-Q15"])
def test_behind_twenty_relus_it_is_as_large_as_at_the_end_if_the_weights_start_as_he_proposed(id: str) -> None:
    norms = gradient_norms(ReLU, he=True)
    assert norms.max() < 10 * norms.min()


@pytest.mark.parametrize("id", ["D-Q15"])
def test_from_smaller_weights_relu_alone_lets_it_vanish_and_batch_norm_does_not(id: str) -> None:
    alone, normalized = gradient_norms(ReLU), gradient_norms(BatchNorm1d, ReLU)
    assert alone[0] < 1e-5 * alone[-1]
    assert normalized[-1] < normalized[0] < 100 * normalized[-1]
