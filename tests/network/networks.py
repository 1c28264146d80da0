"""Networks for the tests, and what PyTorch makes of the same ones."""

from typing import Any

import numpy as np
import torch
from torch import nn

from cnnlab import network as net
from cnnlab.network import Sequential
from tests.ops.oracles import random

IMAGES, LABELS = random(4, 2, 6, 5, seed=3), np.array([2, 0, 1, 1])


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def as_arrays(theirs: nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.detach().numpy().copy() for name, tensor in theirs.state_dict().items()}


def forward_and_backward(theirs: nn.Module, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """PyTorch's output, the gradient sent into it, and that of the input."""
    tensor = torch.tensor(x, requires_grad=True)
    output = theirs(tensor)
    g = random(*output.shape, seed=8).astype(x.dtype)
    output.backward(torch.from_numpy(g))
    return output.detach().numpy(), g, np.asarray(tensor.grad)


def small_network(dtype: str = "float64", seed: int = 0) -> Sequential:
    """Every kind of layer once, on images of (2, 6, 5)."""
    to: Any = {"rng": seeded(seed), "dtype": dtype}
    return Sequential(
        net.Conv2d(2, 3, 3, padding=1, **to),
        net.BatchNorm2d(3, dtype=dtype),
        net.LeakyReLU(0.2),
        Sequential(
            net.MaxPool2d(2),
            net.ConvTranspose2d(3, 4, 2, stride=2, **to),
            net.Sigmoid(),
        ),
        net.AvgPool2d(2, 1),
        net.ReLU(),
        net.AdaptiveAvgPool2d((3, 2)),
        net.Dropout(0.3, rng=to["rng"]),
        net.Flatten(),
        net.Linear(24, 5, **to),
        net.BatchNorm1d(5, dtype=dtype),
        net.Tanh(),
        net.Linear(5, 3, **to),
    )


def small_network_of_pytorch() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1),
        nn.BatchNorm2d(3),
        nn.LeakyReLU(0.2),
        nn.Sequential(nn.MaxPool2d(2), nn.ConvTranspose2d(3, 4, 2, stride=2), nn.Sigmoid()),
        nn.AvgPool2d(2, 1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d((3, 2)),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(24, 5),
        nn.BatchNorm1d(5),
        nn.Tanh(),
        nn.Linear(5, 3),
    ).double()


class Residual(net.Layer):
    """A layer as somebody else writes it."""

    def __init__(self, body: net.Layer) -> None:
        self.body = body

    def forward(self, input: Any) -> Any:
        return input + self.body(input)

    def backward(self, grad_output: Any) -> Any:
        return grad_output + self.body.backward(grad_output)


def lenet() -> Sequential:
    to: Any = {"rng": seeded()}
    return Sequential(
        Sequential(net.Conv2d(1, 6, 5, padding=2, **to), net.Tanh(), net.AvgPool2d(2)),
        net.Conv2d(6, 16, 5, **to),
        net.AvgPool2d(2),
        net.Flatten(),
        net.Linear(400, 120, **to),
        net.Linear(120, 10, False, **to),
    )
