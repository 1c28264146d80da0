"""Training in a dozen lines: batches, forward, loss, backward, step."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab import ops
from cnnlab.network.layer import Layer
from cnnlab.ops._arguments import Array, ArrayLike, as_array, generator, integer
from cnnlab.optim import Optimizer
from cnnlab.optim.optimizers import checked_optimizer

Labels = npt.NDArray[np.integer]


def train_epoch(
    network: Layer,
    optimizer: Optimizer,
    images: ArrayLike,
    labels: ArrayLike,
    batch_size: int = 32,
    *,
    rng: np.random.Generator,
) -> float:
    """Trains on every example once, in an order that `rng` draws; returns the mean cross-entropy on the way.

    Args:
        network: from a batch of images to scores (N, classes), without a softmax: that is in the loss.
        optimizer: of the network's parameters.
        images: (N, ...), in the dtype of the network.
        labels: (N,), whole numbers: classes from 0.
        batch_size: examples in a step; the last batch takes what is left.
        rng: np.random.default_rng(0), for example.

    Raises:
        ValueError: there are no examples, or not as many labels; labels that are no classes, one for each image;
            optimizer is none, rng no generator.
    """
    images, labels = _examples(images, labels)
    N, batch = len(images), integer("batch_size", batch_size, 1)
    checked_optimizer(optimizer)
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


def accuracy(network: Layer, images: ArrayLike, labels: ArrayLike, batch_size: int = 256) -> float:
    """The share of examples whose highest score is that of their label. The network is in `eval` mode then.

    Args:
        network, images, labels: as in `train_epoch`.
        batch_size: examples at a time; it changes the memory needed, not the result.

    Raises:
        ValueError: as in `train_epoch`, or the network does not return scores (N, classes).
    """
    images, labels = _examples(images, labels)
    N, batch = len(images), integer("batch_size", batch_size, 1)
    network.eval()
    parts = [slice(start, start + batch) for start in range(0, N, batch)]
    return sum(int((_classes(network(images[part])) == labels[part]).sum()) for part in parts) / N


def _examples(images: ArrayLike, labels: ArrayLike) -> tuple[Array, Labels]:
    """The images and their labels as arrays, as many of the one as of the other.

    Raises:
        ValueError: none at all or not as many; labels that are not one class for each image.
    """
    x, y = _listed("images", images), _listed("labels", labels)
    if y.ndim != 1:
        remedy = " (of one-hot labels, give labels.argmax(axis=1))" if y.ndim == 2 else ""
        raise ValueError(f"labels must have the shape (N,), one class for each image, but have {y.shape}{remedy}")
    if len(y) == 0 or len(y) != len(x):
        counts = f"{len(y)} and {len(x)}"
        raise ValueError(f"there must be as many labels as images, at least one, but there are {counts}")
    if y.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, classes from 0, but are of dtype {y.dtype}")
    return x, y


def _listed(name: str, value: ArrayLike) -> npt.NDArray[Any]:
    """An array or a list as an array of at least one axis, integers as integers."""
    if not isinstance(value, np.ndarray):
        as_array(name, value)  # says what is wrong with a tensor, a ragged list or a word
    array = np.asarray(value)
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array, one entry for each example, but is {value!r}")
    return array


def _classes(scores: Array) -> npt.NDArray[np.intp]:
    """(N,): where the highest score of each example is."""
    if scores.ndim != 2:
        raise ValueError(f"the network must return scores of shape (N, classes), but returns {scores.shape}")
    return np.asarray(scores.argmax(axis=1))
