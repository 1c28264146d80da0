"""The training loop, and the examples that the docstrings give."""

import copy
import inspect
from typing import Any

import numpy as np
import pytest

from cnnlab import network as net
from cnnlab import ops, optim
from cnnlab.network import Sequential
from tests.network.networks import IMAGES, LABELS, seeded


def test_an_epoch_uses_every_example_once_in_the_order_of_the_generator() -> None:
    seen = []

    class Watched(net.Flatten):
        def forward(self, input: Any) -> Any:
            seen.append(np.asarray(input)[:, 0].astype(int).tolist())
            return super().forward(input)

    network = Sequential(Watched(), net.Linear(2, 2, rng=seeded(), dtype="float64"))
    x, y = np.stack([np.arange(7.0), np.zeros(7)], axis=1), np.array([0, 1, 0, 1, 0, 1, 0])
    net.train_epoch(network, optim.SGD(network.parameters(), lr=0), x, y, batch_size=3, rng=seeded(4))
    order = seeded(4).permutation(7).tolist()
    assert seen == [order[:3], order[3:6], order[6:]]


def test_an_epoch_returns_the_mean_loss_of_its_examples() -> None:
    network = Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64"))
    loss = net.train_epoch(network, optim.SGD(network.parameters(), lr=0), IMAGES, LABELS, 3, rng=seeded())
    assert loss == pytest.approx(float(ops.cross_entropy(network(IMAGES), LABELS)))


def test_a_step_of_the_loop_is_a_step_against_the_gradient_of_the_batch() -> None:
    network = Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64"))
    twin = copy.deepcopy(network)
    scores = twin(IMAGES)
    twin.backward(ops.cross_entropy_backward(1.0, scores, LABELS))
    network.parameters()[0].grad += 1e3  # left over from before: the loop must forget it
    net.train_epoch(network, optim.SGD(network.parameters(), lr=0.1), IMAGES, LABELS, rng=seeded())
    for parameter, before in zip(network.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(parameter.value, before.value - 0.1 * before.grad, rtol=1e-12, atol=1e-12)


def test_accuracy_is_the_share_of_highest_scores_at_the_label() -> None:
    scores = np.array([[3.0, 1.0], [0.0, 2.0], [5.0, 4.0], [1.0, 9.0], [2.0, 1.0]])
    for batch_size in (1, 2, 100):
        assert net.accuracy(Sequential(), scores, np.array([0, 1, 1, 1, 1]), batch_size) == 3 / 5


def test_training_uses_train_mode_and_accuracy_uses_eval_mode() -> None:
    network = Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64"))
    net.accuracy(network, IMAGES, LABELS)
    assert not network.training
    net.train_epoch(network, optim.SGD(network.parameters()), IMAGES, LABELS, rng=seeded())
    assert network.training


def test_lists_do_as_well_as_arrays() -> None:
    networks = [Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64")) for _ in range(2)]
    given: Any = [(IMAGES, LABELS), (IMAGES.tolist(), LABELS.tolist())]
    losses = [
        net.train_epoch(network, optim.SGD(network.parameters()), *examples, rng=seeded())
        for network, examples in zip(networks, given, strict=True)
    ]
    assert losses[0] == losses[1]
    assert net.accuracy(networks[0], *given[0]) == net.accuracy(networks[1], *given[1])


def example_of(docstring: str | None) -> str:
    """The lines of Python that stand indented in a docstring, above its "Attributes:"."""
    lines = inspect.cleandoc(docstring or "").split("Attributes:")[0].splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    ") or not line)


def test_the_example_of_the_network_trains_a_network() -> None:
    images, labels = np.random.default_rng(1).normal(size=(20, 1, 8, 8)).astype("float32"), np.arange(20) % 10
    names: dict[str, Any] = {"np": np, "ops": ops, **vars(optim), **vars(net), "images": images, "labels": labels}
    exec(example_of(net.__doc__), names)
    before = float(names["loss"])
    for _ in range(50):
        net.train_epoch(names["network"], names["optimizer"], images, labels, rng=seeded())
    assert float(ops.cross_entropy(names["network"](images), labels)) < before / 2


def test_the_example_of_the_optimizers_rolls_into_the_valley() -> None:
    names: dict[str, Any] = dict(vars(optim))
    exec(example_of(optim.__doc__), names)
    assert np.abs(names["point"].value).max() < 0.1


def test_the_example_of_a_layer_of_ones_own_adds_its_input() -> None:
    names: dict[str, Any] = dict(vars(net))
    exec(example_of(net.Layer.__doc__), names)
    block = Sequential(names["Residual"](Sequential(net.ReLU())))
    assert block(np.array([3.0, -2.0])).tolist() == [6, -2]
    assert block.backward(np.array([1.0, 1.0])).tolist() == [2, 1]


def test_the_example_of_a_layer_of_one_op_does_what_the_op_does() -> None:
    names: dict[str, Any] = {"ops": ops, **vars(net)}
    exec(example_of(net.OpLayer.__doc__), names)
    x, g = IMAGES, np.ones_like(IMAGES)
    layer = names["Leaky"](0.3)
    np.testing.assert_array_equal(layer(x), ops.leaky_relu(x, 0.3))
    np.testing.assert_array_equal(layer.backward(g), ops.leaky_relu_backward(g, x, 0.3))
    assert repr(layer) == "Leaky(negative_slope=0.3)"
