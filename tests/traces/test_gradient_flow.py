"""Gradient flow: the norms against numerical gradients, the theory of each start, and what is known of 50 layers."""

from math import pi, sqrt

import numpy as np
import pytest

from cnnlab.data.digits import digits
from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.gradient_flow import (
    ACTIVATIONS,
    INITS,
    MOST_LAYERS,
    VARIANCES,
    WIDTH,
    Batch,
    Design,
    Flow,
    designs,
    last_gradient,
)
from cnnlab.traces.gradient_flow_words import FlowLook, sized

BATCH = Batch.of(digits()[0][:64])


def flow(spec: str, depth: int = 50, seed: int = 0) -> Flow:
    return Flow(BATCH, designs("spec", spec, 1)[0], depth, seed)


def look(*specs: str, layer: int = 1, depth: int = 50, gradient: str = "outputs") -> FlowLook:
    return FlowLook(tuple(flow(spec, depth) for spec in specs), layer, gradient)


def test_the_digits_are_standardized_together() -> None:
    assert BATCH.inputs.shape == (64, WIDTH)
    assert abs(BATCH.inputs.mean()) < 1e-12 and abs(BATCH.inputs.std() - 1) < 1e-12


@pytest.mark.parametrize("init", INITS)
def test_weights_have_the_variance_that_their_start_asks_for(init: str) -> None:
    weights = flow(f"none {init}").weights
    assert weights.shape == (50, WIDTH, WIDTH)
    assert weights.var() == pytest.approx(VARIANCES[init], rel=0.01)


def test_the_variances_written_out() -> None:
    assert VARIANCES == {"zeros": 0, "small": 0.0001, "normal": 1, "xavier": 1 / 64, "he": 1 / 32, "torch": 1 / 192}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("more", ["", "batch_norm", "residual", "batch_norm residual"])
def test_gradients_are_the_numerical_ones(activation: str, more: str) -> None:
    """A small batch, so that every entry of the inputs and of a row of weights can be moved."""
    rng = np.random.default_rng(1)
    small = Batch(rng.standard_normal((3, WIDTH)))
    tried = Flow(small, designs("spec", f"{activation} he {more}", 1)[0], 2, 0)
    last, weights = last_gradient(0, 3), tried.weights

    def loss(x: np.ndarray, first: np.ndarray) -> float:
        for w in (first, weights[1]):
            h = x @ w.T
            z = (h - h.mean(0)) / np.sqrt(h.var(0) + 1e-5) if tried.design.batch_norm else h
            f = {"sigmoid": lambda v: 1 / (1 + np.exp(-v)), "tanh": np.tanh, "none": lambda v: v}
            f |= {"relu": lambda v: np.maximum(v, 0), "leaky_relu": lambda v: np.where(v > 0, v, 0.01 * v)}
            x = f[activation](z) + (x if tried.design.residual else 0)
        return float((x * last).sum())

    at_inputs = numerical_gradient(lambda x: loss(x, weights[0]), small.inputs)
    assert tried.output_gradients[0] == pytest.approx(np.linalg.norm(at_inputs), rel=1e-5)
    squares = 0.0
    for row in range(0, WIDTH, 16):

        def moved(values: np.ndarray, row: int = row) -> float:
            first = weights[0].copy()
            first[row] = values
            return loss(small.inputs, first)

        squares += float(np.square(numerical_gradient(moved, weights[0][row])).sum())
    assert 0 < squares < tried.weight_gradients[0] ** 2  # four rows of 64


def test_a_deeper_network_begins_with_the_same_layers() -> None:
    shallow, deep = flow("relu he", 3), flow("relu he", MOST_LAYERS)
    assert np.array_equal(shallow.outputs[3], deep.outputs[3])
    assert len(shallow.outputs) == 4 and shallow.output_gradients.shape == (4,)
    assert not np.array_equal(shallow.outputs[3], flow("relu he", 3, seed=1).outputs[3])


@pytest.mark.parametrize("seed", range(5))
def test_question_15(seed: int) -> None:
    """Sigmoid vanishes, ReLU with He's start keeps the gradient, batch norm lets it grow a little each layer."""
    sigmoid, relu, normed = (flow(s, 50, seed) for s in ("sigmoid xavier", "relu he", "relu he batch_norm"))
    assert 1e-34 < sigmoid.arrives < 1e-29 and 0.22 < sigmoid.factor < 0.25
    assert 0.05 < relu.arrives < 20 and 0.94 < relu.factor < 1.06
    assert 1.2 < normed.factor < 1.24 and abs(normed.factor - sqrt(pi / (pi - 1))) < 0.03


def test_with_batch_norm_the_start_hardly_matters() -> None:
    arrives = [flow(f"relu {init} batch_norm").arrives for init in ("small", "normal", "xavier", "he")]
    assert max(arrives) < 2 * min(arrives)
    assert flow("relu normal").arrives > 1e30 and flow("relu small").arrives < 1e-50


def test_a_residual_connection_alone_passes_the_gradient_unchanged() -> None:
    kept = flow("relu zeros residual")
    assert np.allclose(kept.output_gradients, 1, rtol=0, atol=1e-12) and kept.arrives == pytest.approx(1)
    assert flow("relu zeros").arrives == 0
    assert flow("relu he residual").arrives > 1e8  # without batch norm it doubles the variance of every layer
    assert flow("relu he batch_norm residual").arrives < 100


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("init", ["small", "xavier", "he", "torch"])
def test_theory_foretells_the_factor(activation: str, init: str) -> None:
    tried = flow(f"{activation} {init}")
    assert tried.theory is not None and tried.theory[-1] == 1
    assert (tried.theory[0] / tried.arrives) ** (1 / 50) == pytest.approx(1, abs=0.03)


def test_the_factors_written_out() -> None:
    assert flow("none xavier").predicted(7) == pytest.approx(1)
    assert flow("none normal").predicted(7) == pytest.approx(8)  # √64
    assert flow("none torch").predicted(7) == pytest.approx(0.57735, abs=1e-5)  # √(1/3)
    he = flow("relu he").predicted(1)
    assert he is not None and he == pytest.approx(sqrt(2 * (1 - flow("relu he").flat(1))))
    assert flow("relu he batch_norm").predicted(1) is None and flow("relu he residual").theory is None


def test_flat_and_dead() -> None:
    zeros = flow("relu zeros", 2)
    assert (zeros.flat(1), zeros.dead(1)) == (1.0, 64)
    assert flow("sigmoid normal").flat(10) > 0.4 and flow("sigmoid xavier").flat(10) == 0
    assert flow("leaky_relu he").dead(20) == 0 < flow("relu he").dead(20)


def test_norms_of_huge_and_tiny_gradients_are_numbers() -> None:
    for activation in ACTIVATIONS:
        for init in INITS:
            for more in ("", "residual"):
                tried = flow(f"{activation} {init} {more}")
                assert np.isfinite(tried.output_gradients).all() and np.isfinite(tried.weight_gradients).all()
                assert np.isfinite(tried.spreads).all()


# ---- networks as text ------------------------------------------------------------------------------------------------


def test_networks_as_text() -> None:
    both = designs("beside", "he relu ; sigmoid residual xavier batch_norm;", 2)
    assert both == (Design("relu", "he"), Design("sigmoid", "xavier", True, True))
    assert [d.spec for d in both] == ["relu he", "sigmoid xavier batch_norm residual"]
    assert designs("beside", both[1].spec, 1) == both[1:] and designs("beside", "", 2) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("relu good", "not 'good'"),
        ("relu", "one activation and one start"),
        ("relu he xavier", "one activation and one start"),
        ("relu he; none he; tanh he", "at most 2 networks, but has 3"),
    ],
)
def test_networks_that_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^beside .*{sentence}"):
        designs("beside", text, 2)


# ---- words -----------------------------------------------------------------------------------------------------------


def test_labels_say_what_differs() -> None:
    assert look("relu he", "relu he residual").labels() == ["ReLU", "ReLU, residual"]
    three = look("sigmoid xavier", "relu he", "relu he batch_norm").labels()
    assert three == ["sigmoid, Xavier", "ReLU, He", "ReLU, He, BN"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("sigmoid xavier", "sigmoid, Xavier: × 0.235 a layer; of 1 at layer 50, "),
        ("sigmoid xavier", "arrives at the inputs: it vanishes."),
        ("sigmoid small", "it vanishes, in float32 to 0."),
        ("none normal", "linear, std 1: × 7."),
        ("none normal", "it explodes, in float32 beyond every number."),
        ("relu he batch_norm", "it explodes."),
        ("relu zeros", "ReLU, zeros: nothing of the gradient arrives at the inputs."),
    ],
)
def test_what_becomes_of_the_gradient(spec: str, words: str) -> None:
    one = look(spec)
    assert words in one.says(one.flow)


def test_the_words_about_a_layer() -> None:
    plain = look("sigmoid xavier", layer=15)
    assert plain.line().startswith("gradient[14] = factor·gradient[15] ≈ 0.2")
    assert "factor in theory = √(n·Var[w]·mean slope²) = √(64·0.016·" in plain.why()
    assert look("relu zeros", layer=2).line() == "gradient[1] = factor·gradient[2] = 0·0 = 0"
    assert "goes past the layer unchanged" in look("relu he residual", layer=2).why()
    assert "batch norm divides" in look("relu he batch_norm", layer=2).why()
    assert look("relu he", layer=0).line() == "gradient[0] is that of the inputs"
    assert look("relu he", layer=0).describes(flow("relu he")) == ("mean 0, std 1", "")


def test_the_words_about_weights() -> None:
    one = look("relu torch", gradient="weights", depth=10)
    first, last = (sized(float(one.flow.weight_gradients[i])) for i in (0, -1))
    assert one.says(one.flow) == (
        f"ReLU, PyTorch: the weights of layer 1 get a gradient of {first}, those of layer 10 one of {last}."
    )
    assert np.isnan(one.norms(one.flow)[0]) and len(one.norms(one.flow)) == 11
    assert "gradients of the weights from the first to the last" in one.as_text()


@pytest.mark.parametrize("spec", ["sigmoid normal", "relu normal", "relu zeros", "tanh he residual", "none small"])
def test_histograms_count_everything(spec: str) -> None:
    one = look(spec, layer=50)
    edges, shares = one.histogram(one.flow)
    outputs = one.flow.outputs[50]
    assert shares.sum() == pytest.approx(1) and (np.diff(edges) > 0).all()
    assert edges[0] <= outputs.min() and outputs.max() <= edges[-1]


@pytest.mark.parametrize(
    ("value", "text"), [(0.23541, "0.235"), (3.6412e-32, "3.64e−32"), (0.0, "0"), (-2e7, "−2.00e7"), (1112.4, "1112")]
)
def test_numbers_of_any_size(value: float, text: str) -> None:
    assert sized(value) == text
