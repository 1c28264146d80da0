"""What cannot work is refused with a sentence that names the layer, the argument and its value."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import network as net
from cnnlab import ops, optim
from cnnlab.network import Sequential
from tests.network.networks import IMAGES, LABELS, Residual, lenet, seeded

RNG = seeded()
DENSE = net.Linear(4, 2, rng=RNG)
CONV = net.Conv2d(3, 8, 3, rng=RNG)
RELU = net.ReLU()
FAILING = [  # what is tried, words of the message
    (lambda: CONV(np.zeros((1, 1, 5, 5))), "Conv2d(3, 8, 3): input is float64 but weight is float32"),
    (lambda: CONV(np.zeros((1, 1, 5, 5), "float32")), "Conv2d(3, 8, 3): input has 1 channels"),
    (lambda: CONV(torch.zeros(1, 3, 5, 5)), "Conv2d(3, 8, 3): input must be a NumPy array, but is a torch tensor"),
    (
        lambda: Sequential(net.Flatten(), net.ReLU(), DENSE)(np.zeros((2, 5), "float32")),
        "layer 2, Linear(4, 2): ",
    ),
    (
        lambda: Sequential(net.ReLU(), Sequential(net.Tanh(), DENSE))(np.zeros((2, 5), "float32")),
        "layer 1.1, Linear(4, 2): ",
    ),
    (
        lambda: Sequential(Residual(Sequential(DENSE)))(np.zeros((2, 5), "float32")),
        "layer 0, Residual: layer 0, Linear(4, 2): ",
    ),
    (lambda: lenet().summary((1, 32, 32)), "layer 4, Linear(400, 120): "),
    (
        lambda: lenet().summary((1, 8, 8)),
        "layer 1, Conv2d(6, 16, 5): the kernel covers 5 x 5 but the padded input is only 4 x 4",
    ),
    (lambda: lenet().summary(28), "input_shape must be a sequence such as (1, 28, 28), but is 28"),
    (lambda: lenet().summary((1, 0, 28)), "input_shape must be at least 1, but is 0"),
    (lambda: net.Tanh().backward(np.zeros(3)), "there was no forward pass yet: call the layer on an input before"),
    (lambda: net.Flatten().backward(np.zeros(3)), "there was no forward pass yet: call the layer on an input before"),
    (
        lambda: Sequential(net.ReLU(), net.Tanh()).backward(np.zeros(3)),
        "layer 1, Tanh(): there was no forward pass yet",
    ),
    (lambda: backward_of_another_shape(), "layer 1, Flatten(): grad_output must have the shape of the output, (2, 12)"),
    (
        lambda: net.Flatten(2, 1)(np.zeros((1, 2, 3))),
        "Flatten(start_dim=2, end_dim=1): start_dim must not be behind end_dim",
    ),
    (lambda: net.Flatten(4)(np.zeros((1, 2, 3))), "start_dim must be between -3 and 2"),
    (
        lambda: net.BatchNorm2d(3)(np.zeros((2, 3), "float32")),
        "BatchNorm2d(3): input must have the axes (N, C, H, W), but",
    ),
    (lambda: net.BatchNorm1d(3)(np.zeros((2, 3, 1, 1), "float32")), "must have the axes (N, C) or (N, C, L), but its"),
    (lambda: net.BatchNorm1d(0), "num_features must be at least 1, but is 0"),
    (lambda: net.Linear(0, 2, rng=RNG), "in_features must be at least 1, but is 0"),
    (lambda: net.Linear(2, 2.5, rng=RNG), "out_features must be a whole number, but is 2.5"),
    (lambda: net.Linear(2, 2, rng=0), "rng must be a"),
    (lambda: net.Dropout(1.5, rng=RNG), "p must be between 0 and 1, but is 1.5"),
    (lambda: net.Dropout(0.5, rng=0)(np.zeros(3)), "rng must be a"),
    (lambda: net.Conv2d(0, 2, 3, rng=RNG), "in_channels must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 0, 3, rng=RNG), "out_channels must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 0, rng=RNG), "kernel_size must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, stride=0, rng=RNG), "stride must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, dilation=0, rng=RNG), "dilation must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, 2, "same", rng=RNG), "padding 'same' works with stride 1 only, but stride is 2"),
    (lambda: net.Conv2d(3, 2, 3, groups=2, rng=RNG), "groups must divide in_channels, 3, but is 2"),
    (lambda: net.ConvTranspose2d(2, 3, 3, groups=2, rng=RNG), "groups must divide out_channels, 3, but is 2"),
    (
        lambda: Sequential(RELU, net.Tanh(), RELU),
        "layer 2, ReLU(), is already in layer 0: a layer remembers one forward",
    ),
    (lambda: Sequential(RELU, Sequential(RELU)), "layer 1, ReLU(), is already in layer 0"),
    (lambda: Sequential([RELU]), "layer 0 is a list: give the layers one by one, Sequential(*layers)"),
    (lambda: Sequential(RELU, net.Tanh), "layer 1 is the class Tanh: write Tanh() with its arguments"),
    (lambda: Sequential(ops.relu), "layer 0 must be a layer, such as ReLU(), but is <function relu"),
    (lambda: epoch(batch_size=0), "batch_size must be at least 1, but is 0"),
    (lambda: epoch(labels=LABELS[:3]), "there must be as many labels as images, at least one, but there are 3 and 4"),
    (lambda: net.accuracy(Sequential(), IMAGES[:0], LABELS[:0]), "at least one, but there are 0 and 0"),
]


def backward_of_another_shape() -> Any:
    network = Sequential(net.ReLU(), net.Flatten())
    network(np.zeros((2, 3, 4)))
    return network.backward(np.zeros((2, 3, 4)))


def epoch(labels: Any = LABELS, batch_size: int = 2) -> Any:
    network = Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64"))
    return net.train_epoch(network, optim.SGD(network.parameters()), IMAGES, labels, batch_size, rng=seeded())


@pytest.mark.parametrize(("attempt", "words"), FAILING, ids=[words for _, words in FAILING])
def test_what_cannot_work_is_said(attempt: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        attempt()
