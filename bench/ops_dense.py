"""Cases of `bench.ops`: linear, softmax, log_softmax, cross_entropy."""

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from bench.timing import Case, normal
from cnnlab import ops

LAYERS = [  # input, weight
    ((256, 784), (128, 784)),
    ((64, 1024), (1000, 1024)),
    ((32, 512), (10, 512)),
]
SCORES = [(256, 10), (64, 1000), (8, 21, 64, 64)]  # N, classes, positions
Shape = tuple[int, ...]
aten = torch.ops.aten  # PyTorch's own backwards, called directly: no time spent on recording a graph


def cases() -> Iterator[Case]:
    for x_shape, w_shape in LAYERS:
        yield from linear(x_shape, w_shape)
    for shape in SCORES:
        yield from softmax(shape)
    for shape in SCORES:
        yield from log_softmax(shape)
    for shape in SCORES:
        yield from cross_entropy(shape)


def linear(x_shape: Shape, w_shape: Shape) -> Iterator[Case]:
    x, w, b = normal(*x_shape), normal(*w_shape, seed=1), normal(w_shape[0], seed=2)
    g = normal(x_shape[0], w_shape[0], seed=3)
    tx, tw, tb, tg = map(torch.from_numpy, (x, w, b, g))
    size = f"{words(x_shape)} * {words(w_shape)}, with a bias"
    yield Case(
        "linear forward",
        size,
        aim=1.3,
        ours=lambda: ops.linear(x, w, b),
        theirs=lambda: F.linear(tx, tw, tb),
        limit=lambda: x @ w.T,
    )
    yield Case(
        "linear backward",
        size,
        aim=1.3,
        ours=lambda: ops.linear_backward(g, x, w, b),
        theirs=lambda: (tg @ tw, tg.T @ tx, tg.sum(0)),  # the products that its autograd computes
        limit=lambda: (g @ w, g.T @ x),
    )


# PyTorch's backward passes take the result of the forward pass. Ours, with the arguments of the forward pass, compute
# it anew, so that they are held against forward and backward together.


def softmax(shape: Shape) -> Iterator[Case]:
    x, g = normal(*shape), normal(*shape, seed=1)
    tx, tg = torch.from_numpy(x), torch.from_numpy(g)
    yield Case("softmax forward", words(shape), aim=3, ours=lambda: ops.softmax(x, 1), theirs=lambda: F.softmax(tx, 1))
    yield Case(
        "softmax backward",
        words(shape),
        aim=3,
        ours=lambda: ops.softmax_backward(g, x, 1),
        theirs=lambda: aten._softmax_backward_data(tg, F.softmax(tx, 1), 1, torch.float32),
    )


def log_softmax(shape: Shape) -> Iterator[Case]:
    x, g = normal(*shape), normal(*shape, seed=1)
    tx, tg = torch.from_numpy(x), torch.from_numpy(g)
    yield Case(
        "log_softmax forward",
        words(shape),
        aim=3,
        ours=lambda: ops.log_softmax(x, 1),
        theirs=lambda: F.log_softmax(tx, 1),
    )
    yield Case(
        "log_softmax backward",
        words(shape),
        aim=3,
        ours=lambda: ops.log_softmax_backward(g, x, 1),
        theirs=lambda: aten._log_softmax_backward_data(tg, F.log_softmax(tx, 1), 1, torch.float32),
    )


def cross_entropy(shape: Shape) -> Iterator[Case]:
    x, classes = normal(*shape), np.random.default_rng(1).integers(shape[1], size=(shape[0], *shape[2:]))
    tx, tclasses, one = torch.from_numpy(x), torch.from_numpy(classes), torch.ones(())
    nll_backward = aten.nll_loss2d_backward if len(shape) == 4 else aten.nll_loss_backward
    mean, ignore_index, total = 1, -100, torch.tensor(float(classes.size))

    def theirs_backward() -> torch.Tensor:
        log_p = F.log_softmax(tx, 1)
        grad = nll_backward(one, log_p, tclasses, None, mean, ignore_index, total)
        return aten._log_softmax_backward_data(grad, log_p, 1, torch.float32)

    yield Case(
        "cross_entropy forward",
        words(shape),
        aim=3,
        ours=lambda: ops.cross_entropy(x, classes),
        theirs=lambda: F.cross_entropy(tx, tclasses),
    )
    yield Case(
        "cross_entropy backward",
        words(shape),
        aim=3,
        ours=lambda: ops.cross_entropy_backward(1.0, x, classes),
        theirs=theirs_backward,
    )


def words(shape: Shape) -> str:
    return "x".join(map(str, shape))
