"""Networks of layers that hold their parameters: the ops of `cnnlab.ops`, chained, forward and backward.

Named as in `torch.nn`. A layer remembers what its backward pass needs; a `Sequential` calls its layers one after the
other, and their backward passes in the opposite order. That is all of backpropagation:

    rng = np.random.default_rng(0)
    network = Sequential(
        Conv2d(1, 16, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(16 * 4 * 4, 10, rng=rng),
    )
    optimizer = Adam(network.parameters(), lr=1e-3)

    scores = network(images)                                         # forward: (N, 1, 8, 8) -> (N, 10)
    loss = ops.cross_entropy(scores, labels)
    network.zero_grad()
    network.backward(ops.cross_entropy_backward(1, scores, labels))  # fills grad of every parameter
    optimizer.step()                                                 # moves value of every parameter

`train_epoch` does the last five lines for every batch of a training set. To read how it works, take layer.py, then
sequential.py, weighted.py and loop.py: ten minutes.
"""

from cnnlab.network.batch_norm import BatchNorm1d, BatchNorm2d
from cnnlab.network.layer import Layer, OpLayer
from cnnlab.network.loop import accuracy, train_epoch
from cnnlab.network.plain import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Tanh,
)
from cnnlab.network.sequential import Sequential
from cnnlab.network.stack import LayerSpec, parse_stack, stack_text
from cnnlab.network.summary import Row, Summary
from cnnlab.network.weighted import Conv2d, ConvTranspose2d, Linear
from cnnlab.optim import Parameter

__all__ = [
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "Layer",
    "LayerSpec",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "OpLayer",
    "Parameter",
    "ReLU",
    "Row",
    "Sequential",
    "Sigmoid",
    "Summary",
    "Tanh",
    "accuracy",
    "parse_stack",
    "stack_text",
    "train_epoch",
]
