"""Many layers: the norms against numerical gradients, and what vanishes."""

import numpy as np
import pytest

from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.activations import LABELS, Activation
from cnnlab.traces.deep_activations import BINS, MOST_LAYERS, RANGES, DeepStack, drawn, short

every = pytest.mark.parametrize("name", LABELS)


def stack(name: str, layers: int = 10, gain: float = 1.4, seed: int = 0) -> DeepStack:
    return DeepStack(Activation(name), layers, gain, seed)


@every
def test_the_outputs_are_those_of_the_layers(name: str) -> None:
    s = stack(name, 3)
    a = drawn(0)[0]
    for layer, weight in enumerate(s.weights):
        a = s.activation(np.einsum("ij,nj->ni", weight, a))
        np.testing.assert_allclose(s.outputs[layer + 1], a, rtol=1e-9, atol=1e-12)


@every
def test_the_norm_is_that_of_the_gradient(name: str) -> None:
    """Of the first sample, whose gradient is what the others have no part in."""
    s, (inputs, _, last) = stack(name, 2), drawn(0)

    def loss(x: np.ndarray) -> float:
        for weight in s.weights:
            x = s.activation(weight @ x)
        return float(x @ last[0])

    gradients = np.stack([numerical_gradient(loss, inputs[0])])
    alone = last[0]
    for weight, z in zip(s.weights[::-1], s.sums[::-1], strict=True):
        alone = s.activation.backward(alone, z[0]) @ weight
    np.testing.assert_allclose(alone, gradients[0], rtol=1e-5, atol=1e-9)
    assert s.norms[-1] == 1 and s.norms[0] >= np.linalg.norm(alone)


@pytest.mark.parametrize("seed", range(3))
def test_sigmoid_lets_at_most_a_quarter_through(seed: int) -> None:
    s = stack("sigmoid", 20, 1.4, seed)
    spectral = [np.linalg.norm(w, 2) for w in s.weights]
    assert all(s.norms[i] <= 0.25 * n * s.norms[i + 1] for i, n in enumerate(spectral))
    assert s.norms[0] < 1e-9 and "it vanishes" in s.says()


@pytest.mark.parametrize("seed", range(3))
def test_relu_with_the_gain_of_he_keeps_the_gradient(seed: int) -> None:
    assert 0.2 < stack("relu", 20, np.sqrt(2), seed).norms[0] < 5
    assert "it explodes" in stack("relu", 20, 3, seed).says()
    assert "vanishes" in stack("relu", 20, 0.5, seed).says()


@every
def test_the_histograms_count_everything(name: str) -> None:
    s = stack(name, 4, 3)
    assert s.histograms.shape == (4, BINS)
    np.testing.assert_allclose(s.histograms.sum(1), 1)
    low, high = RANGES[name]
    counts, _ = np.histogram(np.clip(s.outputs[2], low, high), BINS, (low, high))
    assert np.abs(s.histograms[1] - counts / counts.sum()).max() < 0.002  # a number on an edge may fall either way


def test_the_words_about_a_layer() -> None:
    s = stack("sigmoid", 2)
    assert s.at(0).equation() is None and s.at(0).says().startswith("inputs: mean ")
    line = s.at(2).equation()
    assert line and line.name == "gradient[1]" and line.result == s.norms[1]
    assert "layer 2: outputs with mean" in s.at(2).as_text() and s.says() in s.at(1).as_text()


def test_fewer_layers_are_the_first_ones_and_another_seed_is_another_network() -> None:
    assert np.array_equal(stack("relu", 3).outputs[3], stack("relu", MOST_LAYERS).outputs[3])
    assert not np.array_equal(stack("relu", 3).outputs[3], stack("relu", 3, seed=1).outputs[3])


@pytest.mark.parametrize(("value", "text"), [(0.5, "0.5"), (2.34e-9, "2e−9"), (0, "0"), (12345678.0, "1.2e7")])
def test_numbers_of_any_size(value: float, text: str) -> None:
    assert short(value) == text
