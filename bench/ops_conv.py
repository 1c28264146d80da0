"""Cases of `bench.ops`: convolution and transposed convolution."""

import math
from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from bench.timing import Case, Floats, Run, normal
from cnnlab import ops
from cnnlab.ops import reference

SIZES = [  # input, weight
    ((1, 1, 256, 256), (1, 1, 3, 3)),
    ((8, 3, 64, 64), (16, 3, 3, 3)),
    ((32, 16, 28, 28), (32, 16, 3, 3)),
]
TRANSPOSED = [  # input, weight, stride, padding
    ((1, 1, 128, 128), (1, 1, 3, 3), 2, 0),
    ((8, 32, 16, 16), (32, 16, 4, 4), 2, 1),  # a decoder's layer: twice the size, half the channels
    ((32, 32, 14, 14), (32, 16, 3, 3), 1, 1),
]
Shape = tuple[int, ...]


def cases() -> Iterator[Case]:
    for x_shape, w_shape in SIZES:
        for stride in (1, 2):
            yield forward(x_shape, w_shape, stride)
    for x_shape, w_shape in SIZES:
        for stride in (1, 2):
            yield backward(x_shape, w_shape, stride)
    for case in TRANSPOSED:
        yield transposed_forward(*case)
    for case in TRANSPOSED:
        yield transposed_backward(*case)


def forward(x_shape: Shape, w_shape: Shape, stride: int) -> Case:
    x, w = normal(*x_shape), normal(*w_shape, seed=1)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    filters, out = w.reshape(len(w), -1), ops.conv2d(x, w, stride=stride)
    columns = normal(len(x), filters.shape[1], math.prod(out.shape[2:]))
    return Case(
        "conv2d forward",
        words(x_shape, w_shape, stride),
        aim=1.7,
        ours=lambda: ops.conv2d(x, w, stride=stride),
        theirs=lambda: F.conv2d(tx, tw, stride=stride),
        loops=lambda: reference.conv2d(x[:1], w, stride=stride),
        loops_share=1 / len(x),
        loops_aim=500,
        input_bytes=x.nbytes,
        memory_aim=12,
        limit=lambda: filters @ columns,
    )


def backward(x_shape: Shape, w_shape: Shape, stride: int) -> Case:
    x, w = normal(*x_shape), normal(*w_shape, seed=1)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    grad = normal(*ops.conv2d(x, w, stride=stride).shape, seed=2)
    tgrad = torch.from_numpy(grad)
    both = [True, True, False]  # the input and the weight, no bias
    # PyTorch's own backward, called directly: no time spent on recording a graph
    settings = ([stride] * 2, [0, 0], [1, 1], False, [0, 0], 1, both)
    return Case(
        "conv2d backward",
        words(x_shape, w_shape, stride),
        aim=1.5,
        ours=lambda: ops.conv2d_backward(grad, x, w, stride=stride),
        theirs=lambda: torch.ops.aten.convolution_backward(tgrad, tx, tw, None, *settings),
        loops=lambda: reference.conv2d_backward(grad[:1], x[:1], w, stride=stride),
        loops_share=1 / len(x),
        input_bytes=x.nbytes,
        memory_aim=8,
        limit=tap_products(grad, w, both=True),
    )


def transposed_forward(x_shape: Shape, w_shape: Shape, stride: int, padding: int) -> Case:
    x, w = normal(*x_shape), normal(*w_shape, seed=1)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    return Case(
        "conv_transpose2d forward",
        words(x_shape, w_shape, stride),
        aim=3,
        ours=lambda: ops.conv_transpose2d(x, w, stride=stride, padding=padding),
        theirs=lambda: F.conv_transpose2d(tx, tw, stride=stride, padding=padding),
        loops=lambda: reference.conv_transpose2d(x[:1], w, stride=stride, padding=padding),
        loops_share=1 / len(x),
        input_bytes=x.nbytes,
        limit=tap_products(x, w, both=False),
    )


def transposed_backward(x_shape: Shape, w_shape: Shape, stride: int, padding: int) -> Case:
    x, w = normal(*x_shape), normal(*w_shape, seed=1)
    tx, tw = torch.from_numpy(x), torch.from_numpy(w)
    grad = normal(*ops.conv_transpose2d(x, w, stride=stride, padding=padding).shape, seed=2)
    tgrad = torch.from_numpy(grad)
    settings = ([stride] * 2, [padding] * 2, [1, 1], True, [0, 0], 1, [True, True, False])
    return Case(
        "conv_transpose2d backward",
        words(x_shape, w_shape, stride),
        aim=3,
        ours=lambda: ops.conv_transpose2d_backward(grad, x, w, stride=stride, padding=padding),
        theirs=lambda: torch.ops.aten.convolution_backward(tgrad, tx, tw, None, *settings),
        loops=lambda: reference.conv_transpose2d_backward(grad[:1], x[:1], w, stride=stride, padding=padding),
        loops_share=1 / len(x),
        input_bytes=x.nbytes,
        limit=tap_products(x, w, both=True),  # the sizes are those of the gradients of conv2d
    )


def tap_products(grad: Floats, w: Floats, both: bool) -> Run | None:
    """For each tap of the kernel, the matrix product of the gradient of the input, and of the weight for `both`."""
    filters, C, kh, kw = w.shape
    if filters == 1:
        return None  # a multiplication does it
    maps = grad.reshape(len(grad), filters, -1)
    stamp, cells = w[:, :, 0, 0].T.copy(), normal(len(grad), C, maps.shape[2])
    stamped, sums = np.empty_like(cells), normal(len(grad), filters, C)

    def run() -> None:
        for _ in range(kh * kw):
            np.matmul(stamp, maps, out=stamped)
            if both:
                np.matmul(maps, cells.swapaxes(1, 2), out=sums)

    return run


def words(x_shape: Shape, w_shape: Shape, stride: int) -> str:
    return f"{'x'.join(map(str, x_shape))} * {'x'.join(map(str, w_shape))}, stride {stride}"
