"""Training in a dozen lines: batches, forward, loss, backward, step."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np
import numpy.typing as npt

from cnnlab import ops
from cnnlab.network.layer import Layer
from cnnlab.ops._arguments import Array, generator, integer
from cnnlab.optim import Optimizer

Labels = npt.NDArray[np.integer]


def train_epoch(
    network: Layer,
    optimizer: Optimizer,
    images: Array,
    labels: Labels,
    batch_size: int = 32,
    *,
    rng: np.random.Generator,
) -> float:
    """Trains on every example once, in an order that `rng` draws; returns the mean cross-entropy on the way.

    Args:
        network: from a batch of images to scores (N, classes), without a softmax: that is in the loss.
        optimizer: of the network's parameters.
        images: (N, ...), in the dtype of the network.
        labels: (N,), classes from 0.
        batch_size: examples in a step; the last batch takes what is left.
        rng: np.random.default_rng(0), for example.

    Raises:
        ValueError: there are no examples, or not as many labels; rng is no generator.
    """
    N, batch = len(images), integer("batch_size", batch_size, 1)
    _check_examples(N, len(labels))
    order = generator(rng).permutation(N)
    network.train()
    total = 0.0
    for some in np.split(order, range(batch, N, batch)):
        x, y = images[some], labels[some]
        scores = network(x)
        total += len(some) * float(ops.cross_entropy(scores, y))
        optimizer.zero_grad()
        network.backward(ops.cross_entropy_backward(1.0, scores, y))
        optimizer.step()
    return total / N


def accuracy(network: Layer, images: Array, labels: Labels, batch_size: int = 256) -> float:
    """The share of examples whose highest score is that of their label. The network is in `eval` mode then.

    Args:
        network, images, labels: as in `train_epoch`.
        batch_size: examples at a time; it changes the memory needed, not the result.

    Raises:
        ValueError: as in `train_epoch`.
    """
    N, batch = len(images), integer("batch_size", batch_size, 1)
    _check_examples(N, len(labels))
    network.eval()
    parts = [slice(start, start + batch) for start in range(0, N, batch)]
    return sum(int((network(images[part]).argmax(axis=1) == labels[part]).sum()) for part in parts) / N


def _check_examples(images: int, labels: int) -> None:
    if images == 0 or images != labels:
        raise ValueError(f"there must be as many labels as images, at least one, but there are {labels} and {images}")
