"""Cases of `bench.ops`: batch_norm, layer_norm."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from bench.timing import Case, normal
from cnnlab import ops

BATCHES = [(32, 16, 28, 28), (8, 64, 56, 56), (256, 128)]
ROWS = [((256, 128), (128,)), ((32, 64, 256), (256,)), ((32, 16, 28, 28), (16, 28, 28))]  # input, normalized_shape
ALL = [True, True, True]  # the gradients of the input, the weight and the bias
Shape = tuple[int, ...]
aten = torch.ops.aten  # PyTorch's own backwards, called directly: no time spent on recording a graph


def cases() -> Iterator[Case]:
    for shape in BATCHES:
        for training in (True, False):
            yield from batch_norm(shape, training)
    for shape, normalized_shape in ROWS:
        yield from layer_norm(shape, normalized_shape)


def batch_norm(shape: Shape, training: bool) -> Iterator[Case]:
    x, g, w, b = normal(*shape), normal(*shape, seed=1), normal(shape[1], seed=2), normal(shape[1], seed=3)
    mean, var = np.zeros(shape[1], np.float32), np.ones(shape[1], np.float32)
    tx, tg, tw, tb, tmean, tvar = (torch.from_numpy(array.copy()) for array in (x, g, w, b, mean, var))
    # PyTorch keeps mean and deviation from its forward pass; ours, with the arguments of the forward pass, does not
    _, batch_mean, inverse_std = aten.native_batch_norm(tx, tw, tb, tmean, tvar, training, 0.1, 1e-5)
    size = f"{words(shape)}, {'training' if training else 'evaluation'}"
    yield Case(
        "batch_norm forward",
        size,
        aim=2,
        ours=lambda: ops.batch_norm(x, mean, var, w, b, training),
        theirs=lambda: F.batch_norm(tx, tmean, tvar, tw, tb, training),
        input_bytes=x.nbytes,
    )
    yield Case(
        "batch_norm backward",
        size,
        aim=2,
        ours=lambda: ops.batch_norm_backward(g, x, mean, var, w, b, training),
        theirs=lambda: aten.native_batch_norm_backward(
            tg, tx, tw, tmean, tvar, batch_mean, inverse_std, training, 1e-5, ALL
        ),
        input_bytes=x.nbytes,
    )


def layer_norm(shape: Shape, normalized_shape: Shape) -> Iterator[Case]:
    x, g, w, b = normal(*shape), normal(*shape, seed=1), normal(*normalized_shape, seed=2), normal(*normalized_shape)
    tx, tg, tw, tb = map(torch.from_numpy, (x, g, w, b))
    _, mean, inverse_std = aten.native_layer_norm(tx, normalized_shape, tw, tb, 1e-5)
    size = f"{words(shape)} over {words(normalized_shape)}"
    yield Case(
        "layer_norm forward",
        size,
        aim=4,
        ours=lambda: ops.layer_norm(x, normalized_shape, w, b),
        theirs=lambda: F.layer_norm(tx, normalized_shape, tw, tb),
        input_bytes=x.nbytes,
    )
    yield Case(
        "layer_norm backward",
        size,
        aim=4,
        ours=lambda: ops.layer_norm_backward(g, x, normalized_shape, w, b),
        theirs=lambda: aten.native_layer_norm_backward(tg, tx, normalized_shape, mean, inverse_std, tw, tb, ALL),
        input_bytes=x.nbytes,
    )


def words(shape: Shape) -> str:
    return "x".join(map(str, shape))
