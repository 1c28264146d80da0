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
    (lambda: net.Dropout(0.5, rng=None), "rng must be a random generator such as"),
    (lambda: net.Linear(2, 2, "no", rng=RNG), "bias must be True or False, but is 'no'"),
    (lambda: net.Conv2d(2, 2, 3, bias="no", rng=RNG), "bias must be True or False, but is 'no'"),
    (lambda: net.LeakyReLU("a"), "negative_slope must be a number, but is 'a'"),
    (lambda: net.MaxPool2d("a"), "kernel_size must be a whole number, but is 'a'"),
    (lambda: net.MaxPool2d(0), "kernel_size must be at least 1, but is 0"),
    (lambda: net.MaxPool2d(2, 0), "stride must be at least 1, but is 0"),
    (lambda: net.MaxPool2d(2, padding=2), "padding must be at most half the kernel, but is 2"),
    (lambda: net.MaxPool2d(2, dilation=0), "dilation must be at least 1, but is 0"),
    (lambda: net.MaxPool2d(2, ceil_mode="a"), "ceil_mode must be True or False, but is 'a'"),
    (lambda: net.AvgPool2d(3, padding=2), "padding must be at most half the kernel, but is 2"),
    (lambda: net.AvgPool2d(2, divisor_override=0), "divisor_override must not be 0"),
    (lambda: net.AvgPool2d(2, count_include_pad=1), "count_include_pad must be True or False, but is 1"),
    (lambda: net.AdaptiveAvgPool2d("a"), "output_size must be"),
    (lambda: net.AdaptiveAvgPool2d((1, 2, 3)), "output_size must be"),
    (lambda: net.Flatten(1.5), "start_dim must be a whole number, but is 1.5"),
    (lambda: net.Flatten(1, "a"), "end_dim must be a whole number, but is 'a'"),
    (lambda: net.BatchNorm2d(3, eps="a"), "eps must be a number, but is 'a'"),
    (lambda: net.BatchNorm2d(3, eps=-1), "eps must be at least 0, but is -1"),
    (lambda: net.BatchNorm2d(3, momentum="a"), "momentum must be a number, but is 'a'"),
    (lambda: net.BatchNorm2d(3, affine="a"), "affine must be True or False, but is 'a'"),
    (lambda: net.BatchNorm2d(3, dtype=int), "dtype must be one of 'float16', 'float32', 'float64', but is 'int64'"),
    (lambda: net.BatchNorm1d(3, dtype="foo"), "dtype must be one of 'float16', 'float32', 'float64', but is 'foo'"),
    (lambda: net.Conv2d(0, 2, 3, rng=RNG), "in_channels must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 0, 3, rng=RNG), "out_channels must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 0, rng=RNG), "kernel_size must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, stride=0, rng=RNG), "stride must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, dilation=0, rng=RNG), "dilation must be at least 1, but is 0"),
    (lambda: net.Conv2d(2, 2, 3, 2, "same", rng=RNG), "padding 'same' works with stride 1 only, but stride is 2"),
    (lambda: net.Conv2d(3, 2, 3, groups=2, rng=RNG), "groups must divide in_channels, 3, but is 2"),
    (lambda: net.ConvTranspose2d(2, 2, 3, padding="same", rng=RNG), "padding must be a whole number, but is 'same'"),
    (lambda: net.ConvTranspose2d(2, 2, 3, stride=0, rng=RNG), "stride must be at least 1, but is 0"),
    (lambda: net.ConvTranspose2d(2, 2, 3, dilation=0, rng=RNG), "dilation must be at least 1, but is 0"),
    (
        lambda: net.ConvTranspose2d(2, 2, 3, 2, output_padding=4, rng=RNG),
        "output_padding must be smaller than stride or dilation, but is 4 with stride 2",
    ),
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
    (lambda: net.accuracy(Sequential(), IMAGES, LABELS), "must return scores of shape (N, classes), but returns (4, 2"),
    (lambda: epoch(optimizer=None), "optimizer must be one of cnnlab.optim, such as SGD, but is a NoneType"),
    (lambda: net.Linear(2, 2, rng=RNG).load_state_dict(None), "state must be a dict of arrays, such as state_dict()"),
    (lambda: Held([DENSE]).parameters(), "held is a list of layers or parameters, which would not be trained: use Seq"),
    (lambda: Held((RELU, DENSE)).train(), "held is a tuple of layers or parameters"),
    (lambda: Held({"first": DENSE}).state_dict(), "held is a dict of layers or parameters"),
    (lambda: Held([DENSE.weight]).zero_grad(), "held is a list of layers or parameters"),
]
# what cannot be the labels of four images, words of the message
BAD_LABELS: list[tuple[Any, str]] = [
    (LABELS[:, None], "labels must have the shape (N,), one class for each image, but have (4, 1)"),
    (np.eye(3)[LABELS], "but have (4, 3) (of one-hot labels, give labels.argmax(axis=1))"),
    (torch.from_numpy(LABELS), "labels must be a NumPy array, but is a torch tensor"),
    (LABELS.astype(float), "labels must be whole numbers, classes from 0, but are of dtype float64"),
    (LABELS > 0, "labels must be whole numbers, classes from 0, but are of dtype bool"),
    (LABELS[:3], "there must be as many labels as images, at least one, but there are 3 and 4"),
    (None, "labels must be an array of numbers, but is None"),
    (2, "labels must be an array, one entry for each example, but is 2"),
]


class Held(net.Layer):
    """A layer that keeps something as one attribute."""

    def __init__(self, held: Any) -> None:
        self.held = held


def backward_of_another_shape() -> Any:
    network = Sequential(net.ReLU(), net.Flatten())
    network(np.zeros((2, 3, 4)))
    return network.backward(np.zeros((2, 3, 4)))


def small() -> Sequential:
    return Sequential(net.Flatten(), net.Linear(60, 3, rng=seeded(), dtype="float64"))


def epoch(labels: Any = LABELS, batch_size: int = 2, **changed: Any) -> Any:
    network = small()
    optimizer = changed.get("optimizer", optim.SGD(network.parameters()))
    return net.train_epoch(network, optimizer, IMAGES, labels, batch_size, rng=seeded())


@pytest.mark.parametrize(("attempt", "words"), FAILING, ids=[words for _, words in FAILING])
def test_what_cannot_work_is_said(attempt: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        attempt()


@pytest.mark.parametrize(("labels", "words"), BAD_LABELS)
@pytest.mark.parametrize(
    "use", [epoch, lambda labels: net.accuracy(small(), IMAGES, labels)], ids=["train", "accuracy"]
)
def test_labels_that_are_no_classes_are_said_by_training_and_by_accuracy(use: Any, labels: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        use(labels)
