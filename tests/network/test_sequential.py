"""Layers one after the other: gradients, weights, state and training as a person and as PyTorch expect them."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from torch import nn

from cnnlab import network as net
from cnnlab import ops, optim
from cnnlab.gradcheck import numerical_gradient
from cnnlab.network import Parameter, Sequential
from tests.network.networks import (
    IMAGES,
    LABELS,
    Residual,
    as_arrays,
    forward_and_backward,
    seeded,
    small_network,
    small_network_of_pytorch,
)
from tests.ops.oracles import random


def same_dropout(network: net.Layer) -> None:
    """Makes the next forward pass drop what the last one dropped."""
    for layer in network.modules():
        if isinstance(layer, net.Dropout):
            layer.rng = seeded(11)


def check_gradients(network: net.Layer, images: np.ndarray) -> None:
    """Every entry of every parameter and of the images against central differences, for a cross-entropy."""
    labels = LABELS[: len(images)]

    def loss(x: np.ndarray) -> float:
        same_dropout(network)
        return float(ops.cross_entropy(network(x), labels))

    loss(images)
    grad_images = network.backward(ops.cross_entropy_backward(1.0, network_output(network, images), labels))
    np.testing.assert_allclose(grad_images, numerical_gradient(loss, images), rtol=1e-6, atol=1e-9)
    for name, parameter in network.named_parameters().items():

        def loss_at(value: np.ndarray, parameter: Parameter = parameter) -> float:
            kept = parameter.value.copy()
            parameter.value[...] = value
            found = loss(images)
            parameter.value[...] = kept
            return found

        expected = numerical_gradient(loss_at, parameter.value)
        np.testing.assert_allclose(parameter.grad, expected, rtol=1e-6, atol=1e-9, err_msg=name)


def network_output(network: net.Layer, images: np.ndarray) -> np.ndarray:
    same_dropout(network)
    return network(images)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_gradient_of_every_parameter_agrees_with_central_differences(mode: str) -> None:
    network = small_network()
    kinds = {type(layer) for layer in network.modules()}
    every = {kind for kind in vars(net).values() if isinstance(kind, type) and issubclass(kind, net.Layer)}
    assert every - kinds == {net.Layer, net.OpLayer, net.GlobalAvgPool2d}  # the last one is in the next test
    check_gradients(getattr(network, mode)(), IMAGES)


def test_the_gradients_of_a_layer_of_ones_own_agree_with_central_differences() -> None:
    to: Any = {"rng": seeded(), "dtype": "float64"}
    body = Sequential(net.Conv2d(2, 2, 3, padding=1, **to), net.Tanh())
    network = Sequential(Residual(body), net.GlobalAvgPool2d(), net.Linear(2, 3, **to))
    assert [*network.named_parameters()] == ["0.body.0.weight", "0.body.0.bias", "2.weight", "2.bias"]
    check_gradients(network, IMAGES[:2, :, :4, :3])


def test_weights_go_to_pytorch_and_come_back() -> None:
    ours, theirs = small_network().eval(), small_network_of_pytorch().eval()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in ours.state_dict().items()})
    y, g, grad_input = forward_and_backward(theirs, IMAGES)
    np.testing.assert_allclose(ours(IMAGES), y, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.backward(g), grad_input, rtol=1e-12, atol=1e-12)
    other = small_network(seed=1).eval()
    assert not np.allclose(other(IMAGES), y)
    other.load_state_dict(as_arrays(theirs))
    np.testing.assert_allclose(other(IMAGES), y, rtol=1e-12, atol=1e-12)


def test_fifty_steps_of_training_are_those_of_pytorch() -> None:
    ours, theirs = small_network(), small_network_of_pytorch()
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in ours.state_dict().items()})
    ours[7].p = theirs[7].p = 0.0  # type: ignore[attr-defined]  # the two draw different masks
    here = optim.SGD(ours.parameters(), lr=0.05, momentum=0.9)
    there = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for _ in range(50):
        scores = ours(IMAGES)
        here.zero_grad()
        ours.backward(ops.cross_entropy_backward(1.0, scores, LABELS))
        here.step()
        there.zero_grad()
        nn.functional.cross_entropy(theirs(torch.from_numpy(IMAGES)), torch.from_numpy(LABELS)).backward()
        there.step()
    for name, array in ours.state_dict().items():
        np.testing.assert_allclose(array, as_arrays(theirs)[name], rtol=1e-9, atol=1e-9, err_msg=name)


@st.composite
def stacks(draw: st.DrawFn) -> tuple[Sequential, nn.Module, np.ndarray]:
    """The same layers twice, in float64, and a batch of images that goes through them."""
    size, channels = draw(st.tuples(st.integers(1, 7), st.integers(1, 7))), draw(st.integers(1, 3))
    images = random(draw(st.integers(0, 3)), channels, *size, seed=draw(st.integers(0, 99)))
    to: Any = {"rng": seeded(), "dtype": "float64"}
    ours: list[net.Layer] = []
    theirs: list[nn.Module] = []
    for kind in draw(
        st.lists(st.sampled_from(["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "Tanh"]), max_size=4)
    ):
        k, s, filters = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 3))
        if min(size) < k:
            continue
        learns = "Conv" in kind
        settings = (channels, filters, k, s) if learns else (k, s) if "Pool" in kind else ()
        ours.append(getattr(net, kind)(*settings, **(to if learns else {})))
        theirs.append(getattr(nn, kind)(*settings))
        *_, channels, height, width = theirs[-1](torch.zeros(1, channels, *size)).shape
        size = height, width
    ours += [net.Flatten(), net.Linear(channels * size[0] * size[1], 2, **to)]
    theirs += [nn.Flatten(), nn.Linear(channels * size[0] * size[1], 2)]
    return Sequential(*ours), nn.Sequential(*theirs).double(), images


@run_with(deadline=None)  # the machine may be busy
@given(stacks())
def test_any_stack_of_layers_does_what_pytorchs_does(stack: tuple[Sequential, nn.Module, np.ndarray]) -> None:
    ours, theirs, x = stack
    ours.load_state_dict(as_arrays(theirs))
    y, g, grad_input = forward_and_backward(theirs, x)
    np.testing.assert_allclose(ours(x), y, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.backward(g), grad_input, rtol=1e-12, atol=1e-12)
    for name, parameter in theirs.named_parameters():
        expected = np.asarray(parameter.grad)
        np.testing.assert_allclose(ours.named_parameters()[name].grad, expected, rtol=1e-12, atol=1e-12)
    table = ours.summary(x.shape[1:])
    assert table.parameters == sum(parameter.numel() for parameter in theirs.parameters())
    assert table.rows[-1].output_shape == (2,)


def test_a_sequential_is_a_list_of_its_layers() -> None:
    network = small_network()
    assert len(network) == 13 and [*network] == [network[i] for i in range(13)]
    assert isinstance(network[-1], net.Linear)
    front = network[:3]
    assert isinstance(front, Sequential) and [*front] == [network[0], network[1], network[2]]
    np.testing.assert_array_equal(Sequential()(IMAGES), IMAGES)


def test_parameters_are_counted() -> None:
    network = small_network()
    sizes = [2 * 3 * 9 + 3, 2 * 3, 3 * 4 * 4 + 4, 24 * 5 + 5, 2 * 5, 5 * 3 + 3]
    assert network.parameter_count == sum(sizes)
    assert sum(parameter.value.size for parameter in network.parameters()) == sum(sizes)


def test_a_parameter_that_two_layers_share_is_counted_once_and_gets_both_gradients() -> None:
    first, second = net.Linear(2, 2, False, rng=seeded(), dtype="float64"), net.Linear(2, 2, False, rng=seeded(1))
    second.weight = first.weight
    network = Sequential(first, second)
    assert network.parameter_count == 4 and len(network.parameters()) == 1
    x, w = random(1, 2, seed=2), first.weight.value
    network(x)
    network.backward(np.ones((1, 2)))
    np.testing.assert_allclose(first.weight.grad, np.outer(np.ones(2), w @ x[0]) + np.outer(w.T @ np.ones(2), x[0]))


def test_backward_adds_to_the_gradients_until_zero_grad() -> None:
    layer = net.Linear(3, 2, rng=seeded(), dtype="float64")
    layer(np.array([[1.0, 2.0, 3.0]]))
    for _ in range(2):
        layer.backward(np.array([[1.0, 10.0]]))
    assert layer.bias is not None
    assert layer.bias.grad.tolist() == [2, 20] and layer.weight.grad.tolist() == [[2, 4, 6], [20, 40, 60]]
    layer.zero_grad()
    assert not layer.bias.grad.any() and not layer.weight.grad.any()


def test_train_and_eval_reach_every_layer() -> None:
    network = Sequential(Residual(small_network()[3]))
    assert not any(layer.training for layer in network.eval().modules())
    assert all(layer.training for layer in network.train().modules())


def test_the_same_seed_makes_the_same_network() -> None:
    one, same, other = (small_network(seed=seed).state_dict() for seed in (0, 0, 1))
    assert all(array.tobytes() == same[name].tobytes() for name, array in one.items())
    assert one["0.weight"].tobytes() != other["0.weight"].tobytes()


# ---- state ---------------------------------------------------------------------------------------


def test_a_state_is_a_copy_that_training_does_not_change() -> None:
    network = small_network()
    state = network.state_dict()
    before = network.eval()(IMAGES)
    optimizer = optim.SGD(network.parameters(), lr=0.1)
    net.train_epoch(network, optimizer, IMAGES, LABELS, rng=seeded())
    assert not np.allclose(network.eval()(IMAGES), before)
    network.load_state_dict(state)
    np.testing.assert_array_equal(network.eval()(IMAGES), before)
    assert all(kept is parameter for kept, parameter in zip(optimizer.params, network.parameters(), strict=True))


BAD_STATES = [  # change, words of the message
    ({"weight": None}, "state does not have weight"),
    ({"scale": np.zeros(2)}, "state must not have scale"),
    ({"bias": np.zeros(2)}, "state['bias'] must have the shape (3,), but has (2,)"),
    ({"bias": torch.zeros(3)}, "state['bias'] must be a NumPy array, but is a torch tensor"),
]


def test_a_count_of_batches_is_a_whole_number() -> None:
    layer = net.BatchNorm2d(2)
    with pytest.raises(ValueError, match=re.escape("must hold whole numbers, but is 2.7")):
        layer.load_state_dict(layer.state_dict() | {"num_batches_tracked": 2.7})
    layer.load_state_dict(layer.state_dict() | {"num_batches_tracked": 2.0})
    assert layer.num_batches_tracked == 2


@pytest.mark.parametrize(("change", "words"), BAD_STATES)
def test_a_state_of_another_network_changes_nothing(change: dict[str, Any], words: str) -> None:
    layer = net.Linear(5, 3, rng=seeded())
    before = layer.state_dict()
    state = {name: array + 1 for name, array in before.items()} | change
    state = {name: array for name, array in state.items() if array is not None}
    with pytest.raises(ValueError) as raised:
        layer.load_state_dict(state)
    assert words in str(raised.value)
    for name, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
