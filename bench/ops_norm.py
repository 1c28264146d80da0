"""Cases of `bench.ops`: batch_norm, layer_norm."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from bench.timing import Case, Floats, normal
from cnnlab import ops

BATCHES = [(32, 16, 28, 28), (8, 64, 56, 56), (256, 128)]
ROWS = [((256, 128), (128,)), ((32, 64, 256), (256,)), ((32, 16, 28, 28), (16, 28, 28))]  # input, normalized_shape
ALL = [True, True, True]  # the gradients of the input, the weight and the bias
EPS = 1e-5
Shape = tuple[int, ...]
aten = torch.ops.aten  # PyTorch's own backwards, called directly: no time spent on recording a graph


def cases() -> Iterator[Case]:
    for shape in BATCHES:
        yield from batch_norm_in_training(shape)
    for shape in BATCHES:
        yield from batch_norm_afterwards(shape)
    for shape, normalized_shape in ROWS:
        yield from layer_norm(shape, normalized_shape)


# PyTorch's backward passes take the mean and the deviation that the forward pass kept. Ours, with the arguments of the
# forward pass, compute them anew, so that they are held against forward and backward together.


def batch_norm_in_training(shape: Shape) -> Iterator[Case]:
    x, g, w, b, mean, var = batch(shape)
    tx, tg, tw, tb, tmean, tvar = (torch.from_numpy(array.copy()) for array in (x, g, w, b, mean, var))

    def theirs() -> object:
        _, batch_mean, inverse_std = aten.native_batch_norm(tx, tw, tb, tmean, tvar, True, 0.1, EPS)
        return aten.native_batch_norm_backward(tg, tx, tw, tmean, tvar, batch_mean, inverse_std, True, EPS, ALL)

    yield Case(
        "batch_norm forward",
        f"{words(shape)}, training",
        aim=2,
        ours=lambda: ops.batch_norm(x, mean, var, w, b, True),
        theirs=lambda: F.batch_norm(tx, tmean, tvar, tw, tb, True),
        input_bytes=x.nbytes,
    )
    yield Case(
        "batch_norm backward",
        f"{words(shape)}, training",
        aim=2,
        ours=lambda: ops.batch_norm_backward(g, x, mean, var, w, b, True),
        theirs=theirs,
        input_bytes=x.nbytes,
    )


def batch_norm_afterwards(shape: Shape) -> Iterator[Case]:
    x, g, w, b, mean, var = arrays = batch(shape)
    tx, tg, tw, tb, tmean, tvar = map(torch.from_numpy, arrays)
    yield Case(
        "batch_norm forward",
        f"{words(shape)}, evaluation",
        aim=2,
        ours=lambda: ops.batch_norm(x, mean, var, w, b),
        theirs=lambda: F.batch_norm(tx, tmean, tvar, tw, tb),
        input_bytes=x.nbytes,
    )
    yield Case(
        "batch_norm backward",
        f"{words(shape)}, evaluation",
        aim=2,
        ours=lambda: ops.batch_norm_backward(g, x, mean, var, w, b),
        theirs=lambda: aten.native_batch_norm_backward(tg, tx, tw, tmean, tvar, None, None, False, EPS, ALL),
        input_bytes=x.nbytes,
    )


def batch(shape: Shape) -> list[Floats]:
    """An input, a gradient, a weight, a bias, and running statistics."""
    normals = [normal(*size, seed=seed) for seed, size in enumerate([shape, shape, shape[1:2], shape[1:2]])]
    return [*normals, np.zeros(shape[1], np.float32), np.ones(shape[1], np.float32)]


def layer_norm(shape: Shape, normalized_shape: Shape) -> Iterator[Case]:
    x, g, w, b = normal(*shape), normal(*shape, seed=1), normal(*normalized_shape, seed=2), normal(*normalized_shape)
    tx, tg, tw, tb = map(torch.from_numpy, (x, g, w, b))

    def theirs() -> object:
        _, mean, inverse_std = aten.native_layer_norm(tx, normalized_shape, tw, tb, EPS)
        return aten.native_layer_norm_backward(tg, tx, normalized_shape, mean, inverse_std, tw, tb, ALL)

    size = f"{words(shape)} over {words(normalized_shape)}"
    yield Case(
        "layer_norm forward",
        size,
        aim=6,
        ours=lambda: ops.layer_norm(x, normalized_shape, w, b),
        theirs=lambda: F.layer_norm(tx, normalized_shape, tw, tb),
        input_bytes=x.nbytes,
    )
    yield Case(
        "layer_norm backward",
        size,
        aim=6,
        ours=lambda: ops.layer_norm_backward(g, x, normalized_shape, w, b),
        theirs=theirs,
        input_bytes=x.nbytes,
    )


def words(shape: Shape) -> str:
    return "x".join(map(str, shape))
