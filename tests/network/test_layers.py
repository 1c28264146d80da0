"""Each layer against the one of torch.nn that has its name."""

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from cnnlab import network as net
from tests.network.networks import as_arrays, forward_and_backward, seeded
from tests.ops.oracles import random

# ours, PyTorch's, an input that both take. The learned layers are made with double() = float64 weights.
LAYERS: dict[str, tuple[Callable[..., net.Layer], nn.Module, tuple[int, ...]]] = {
    "Linear": (lambda **to: net.Linear(5, 3, **to), nn.Linear(5, 3), (4, 5)),
    "Linear on the last axis": (lambda **to: net.Linear(5, 3, **to), nn.Linear(5, 3), (2, 4, 5)),
    "Linear without bias": (lambda **to: net.Linear(5, 3, False, **to), nn.Linear(5, 3, False), (4, 5)),
    "Linear, empty batch": (lambda **to: net.Linear(5, 3, **to), nn.Linear(5, 3), (0, 5)),
    "Conv2d": (lambda **to: net.Conv2d(2, 3, 3, **to), nn.Conv2d(2, 3, 3), (2, 2, 5, 6)),
    "Conv2d with every setting": (
        lambda **to: net.Conv2d(4, 6, (3, 2), (2, 1), (1, 2), (1, 2), 2, False, **to),
        nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 2), (1, 2), 2, False),
        (2, 4, 6, 5),
    ),
    "Conv2d same": (
        lambda **to: net.Conv2d(2, 3, 3, padding="same", **to),
        nn.Conv2d(2, 3, 3, 1, "same"),
        (1, 2, 4, 4),
    ),
    "Conv2d, empty batch": (lambda **to: net.Conv2d(2, 3, 3, **to), nn.Conv2d(2, 3, 3), (0, 2, 4, 4)),
    "ConvTranspose2d": (
        lambda **to: net.ConvTranspose2d(2, 3, 2, 2, **to),
        nn.ConvTranspose2d(2, 3, 2, 2),
        (2, 2, 3, 4),
    ),
    "ConvTranspose2d with every setting": (
        lambda **to: net.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 0), 2, False, (1, 2), **to),
        nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 0), 2, False, (1, 2)),
        (2, 4, 3, 3),
    ),
    "BatchNorm1d": (lambda **to: net.BatchNorm1d(3, dtype=to["dtype"]), nn.BatchNorm1d(3), (4, 3)),
    "BatchNorm1d of signals": (lambda **to: net.BatchNorm1d(3, dtype=to["dtype"]), nn.BatchNorm1d(3), (4, 3, 5)),
    "BatchNorm2d": (lambda **to: net.BatchNorm2d(3, dtype=to["dtype"]), nn.BatchNorm2d(3), (4, 3, 2, 5)),
    "BatchNorm2d with every setting": (
        lambda **to: net.BatchNorm2d(3, 0.1, None, False, dtype=to["dtype"]),
        nn.BatchNorm2d(3, 0.1, None, False),
        (4, 3, 2, 5),
    ),
    "ReLU": (lambda **_: net.ReLU(), nn.ReLU(), (3, 4)),
    "LeakyReLU": (lambda **_: net.LeakyReLU(), nn.LeakyReLU(), (3, 4)),
    "LeakyReLU, steeper": (lambda **_: net.LeakyReLU(0.3), nn.LeakyReLU(0.3), (3, 4)),
    "Sigmoid": (lambda **_: net.Sigmoid(), nn.Sigmoid(), (3, 4)),
    "Tanh": (lambda **_: net.Tanh(), nn.Tanh(), (3, 4)),
    "MaxPool2d": (lambda **_: net.MaxPool2d(2), nn.MaxPool2d(2), (2, 3, 5, 4)),
    "MaxPool2d with every setting": (
        lambda **_: net.MaxPool2d((3, 2), (2, 1), (1, 0), (1, 2), ceil_mode=True),
        nn.MaxPool2d((3, 2), (2, 1), (1, 0), (1, 2), ceil_mode=True),
        (2, 3, 6, 5),
    ),
    "AvgPool2d": (lambda **_: net.AvgPool2d(2), nn.AvgPool2d(2), (2, 3, 5, 4)),
    "AvgPool2d with every setting": (
        lambda **_: net.AvgPool2d(3, 2, 1, True, False, 5),
        nn.AvgPool2d(3, 2, 1, True, False, 5),
        (2, 3, 6, 5),
    ),
    "AdaptiveAvgPool2d": (lambda **_: net.AdaptiveAvgPool2d((2, 3)), nn.AdaptiveAvgPool2d((2, 3)), (2, 3, 5, 4)),
    "GlobalAvgPool2d": (
        lambda **_: net.GlobalAvgPool2d(),
        nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        (2, 3, 5, 4),
    ),
    "Flatten": (lambda **_: net.Flatten(), nn.Flatten(), (2, 3, 5, 4)),
    "Flatten some": (lambda **_: net.Flatten(0, 2), nn.Flatten(0, 2), (2, 3, 5, 4)),
    "Flatten, empty batch": (lambda **_: net.Flatten(), nn.Flatten(), (0, 3, 5, 4)),
    "Dropout of none": (lambda **to: net.Dropout(0.0, rng=to["rng"]), nn.Dropout(0.0), (2, 6)),
    "Dropout of all": (lambda **to: net.Dropout(1.0, rng=to["rng"]), nn.Dropout(1.0), (2, 6)),
}
EVERY_LAYER = pytest.mark.parametrize("case", LAYERS)


def both(case: str, dtype: str = "float64") -> tuple[net.Layer, nn.Module, np.ndarray]:
    """Our layer with PyTorch's weights, PyTorch's layer, an input."""
    make, theirs, shape = LAYERS[case]
    ours = make(rng=seeded(), dtype=dtype)
    theirs = theirs.to(getattr(torch, dtype)).train()
    theirs.zero_grad()
    with torch.no_grad():
        for i, parameter in enumerate(theirs.parameters()):
            parameter.copy_(torch.from_numpy(random(*parameter.shape, seed=50 + i)))
        for module in theirs.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.reset_running_stats()
    ours.load_state_dict(as_arrays(theirs))
    return ours, theirs, random(*shape, seed=7).astype(dtype)


@EVERY_LAYER
@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_a_layer_does_what_pytorchs_does(case: str, mode: str, dtype: str, tolerance: float) -> None:
    ours, theirs, x = both(case, dtype)
    for x_now in (x, 2 * x + 1):  # twice: gradients add up, running statistics run
        getattr(ours, mode)(), getattr(theirs, mode)()
        y, g, grad_input = forward_and_backward(theirs, x_now)
        output = ours(x_now)
        assert output.dtype == dtype
        np.testing.assert_allclose(output, y, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(ours.backward(g), grad_input, rtol=tolerance, atol=tolerance)
    for name, parameter in theirs.named_parameters():
        expected = np.asarray(parameter.grad)
        np.testing.assert_allclose(ours.named_parameters()[name].grad, expected, rtol=tolerance, atol=2 * tolerance)
    state = as_arrays(theirs)
    assert ours.state_dict().keys() == state.keys()
    for name, array in ours.state_dict().items():
        np.testing.assert_allclose(array, state[name], rtol=tolerance, atol=tolerance)


PYTORCH_NAMES = [name for name in net.__all__ if hasattr(nn, name) and name not in ("Parameter", "Sequential")]
LEFT_OUT = {
    "args",
    "kwargs",
    "inplace",
    "return_indices",
    "device",
    "dtype",
    "rng",
    "padding_mode",
    "track_running_stats",
}


@pytest.mark.parametrize("name", PYTORCH_NAMES)
def test_a_layer_takes_pytorchs_arguments(name: str) -> None:
    ours, theirs = (
        [(p.name, p.default) for p in inspect.signature(getattr(module, name)).parameters.values()]
        for module in (net, nn)
    )
    theirs = [p for p in theirs if not (name.startswith("BatchNorm") and p[0] == "bias")]  # newer than 2.10
    assert [p for p in ours if p[0] not in LEFT_OUT] == [p for p in theirs if p[0] not in LEFT_OUT]


def test_dropout_drops_in_training_only_and_sends_gradients_through_the_same_cells() -> None:
    layer, x = net.Dropout(0.5, rng=seeded()), np.ones((20, 20), "float32")
    dropped = layer(x)
    assert set(np.unique(dropped)) == {0, 2} and dropped.dtype == np.float32
    np.testing.assert_array_equal(layer.backward(x), dropped)
    assert (layer(x) != dropped).any()
    layer.eval()
    drawn = layer.rng.bit_generator.state
    np.testing.assert_array_equal(layer(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)
    assert layer.rng.bit_generator.state == drawn  # looking at a network in between does not change its training


def test_what_flatten_returns_is_not_the_callers_array() -> None:
    layer, x, g = net.Flatten(), np.zeros((2, 3, 4)), np.zeros((2, 12))
    layer(x)[:] = 1
    layer.backward(g)[:] = 1
    assert not x.any() and not g.any()


def test_backward_is_that_of_the_last_forward_pass_even_if_the_mode_has_changed_since() -> None:
    ours, theirs, x = both("BatchNorm2d")
    ours(x), ours.eval()
    _, g, grad_input = forward_and_backward(theirs, x)
    np.testing.assert_allclose(ours.backward(g), grad_input, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("make", "make_theirs", "fan_in"),
    [
        (lambda rng: net.Linear(50, 400, rng=rng), lambda: nn.Linear(50, 400), 50),
        (lambda rng: net.Conv2d(8, 60, 5, groups=2, rng=rng), lambda: nn.Conv2d(8, 60, 5, groups=2), 4 * 25),
        (
            lambda rng: net.ConvTranspose2d(60, 8, 5, groups=2, rng=rng),
            lambda: nn.ConvTranspose2d(60, 8, 5, groups=2),
            100,
        ),
    ],
    ids=["Linear", "Conv2d", "ConvTranspose2d"],
)
def test_weights_start_uniform_within_one_over_the_root_of_fan_in_as_in_pytorch(
    make: Any, make_theirs: Any, fan_in: int
) -> None:
    bound = 1 / math.sqrt(fan_in)
    layers = [make(seeded(seed)) for seed in range(5)]
    weights = np.stack([layer.weight.value for layer in layers])
    biases = np.concatenate([layer.bias.value for layer in layers])
    theirs = make_theirs().weight.detach().numpy()
    assert weights.dtype == biases.dtype == np.float32 and weights.shape[1:] == theirs.shape
    for numbers in (weights, theirs):
        assert 0.99 * bound < np.abs(numbers).max() <= bound
        assert np.std(numbers) == pytest.approx(bound / math.sqrt(3), rel=0.02)
    assert 0.9 * bound < np.abs(biases).max() <= bound
