"""Cases of `bench.ops`: pooling.

PyTorch's backward of a maximum is handed the winners that its forward has found; ours, which keeps nothing from the
forward, finds them again. So there are two lines for it: the backward alone, and forward and backward together, where
both find them and send the gradients.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F

from bench.timing import Case, Floats, normal
from cnnlab import ops
from cnnlab.ops import reference

Shape = tuple[int, ...]
SIZES = [  # input, kernel_size, stride, padding
    ((32, 16, 28, 28), 2, 2, 0),
    ((8, 64, 56, 56), 3, 2, 1),
    ((8, 3, 224, 224), 2, 2, 0),
]
ADAPTIVE = [((32, 16, 28, 28), 7), ((8, 64, 56, 56), 7), ((8, 64, 56, 56), 5)]
GLOBAL = [(32, 16, 28, 28), (8, 64, 56, 56)]
aten = torch.ops.aten  # PyTorch's own backward, called directly: no time spent on recording a graph


def cases() -> Iterator[Case]:
    for size in SIZES:
        yield from max_pool(*size)
    for size in SIZES:
        yield from avg_pool(*size)
    for shape, out in ADAPTIVE:
        yield from adaptive(shape, out)
    for shape in GLOBAL:
        yield from global_pools(shape)


def max_pool(shape: Shape, k: int, s: int, p: int) -> Iterator[Case]:
    x, tx = both(*shape)
    y, winners = F.max_pool2d(tx, k, s, p, return_indices=True)
    grad, tgrad = both(*y.shape, seed=1)
    settings = ([k] * 2, [s] * 2, [p] * 2, [1, 1], False)
    size = words(shape, k, s, p)

    def both_ways() -> object:
        return ops.max_pool2d(x, k, s, p), ops.max_pool2d_backward(grad, x, k, s, p)

    def their_both_ways() -> object:
        y, found = aten.max_pool2d_with_indices(tx, *settings)
        return y, aten.max_pool2d_with_indices_backward(tgrad, tx, *settings, found)

    yield Case(
        "max_pool2d forward",
        size,
        aim=0.15,
        ours=lambda: ops.max_pool2d(x, k, s, p),
        theirs=lambda: F.max_pool2d(tx, k, s, p),
        loops=lambda: reference.max_pool2d(x[:1, :1], k, s, p),
        loops_share=1 / (shape[0] * shape[1]),
        input_bytes=x.nbytes,
    )
    yield Case(
        "max_pool2d backward",
        size,
        aim=5,
        ours=lambda: ops.max_pool2d_backward(grad, x, k, s, p),
        theirs=lambda: aten.max_pool2d_with_indices_backward(tgrad, tx, *settings, winners),
        input_bytes=x.nbytes,
        limit=lambda: ops.max_pool2d(x, k, s, p),
    )
    yield Case("max_pool2d both", size, aim=1.5, ours=both_ways, theirs=their_both_ways)


def avg_pool(shape: Shape, k: int, s: int, p: int) -> Iterator[Case]:
    x, tx = both(*shape)
    grad, tgrad = both(*F.avg_pool2d(tx, k, s, p).shape, seed=1)
    settings = ([k] * 2, [s] * 2, [p] * 2, False, True, None)
    yield Case(
        "avg_pool2d forward",
        words(shape, k, s, p),
        aim=2,
        ours=lambda: ops.avg_pool2d(x, k, s, p),
        theirs=lambda: F.avg_pool2d(tx, k, s, p),
        loops=lambda: reference.avg_pool2d(x[:1, :1], k, s, p),
        loops_share=1 / (shape[0] * shape[1]),
        input_bytes=x.nbytes,
    )
    yield Case(
        "avg_pool2d backward",
        words(shape, k, s, p),
        aim=2,
        ours=lambda: ops.avg_pool2d_backward(grad, x, k, s, p),
        theirs=lambda: aten.avg_pool2d_backward(tgrad, tx, *settings),
        input_bytes=x.nbytes,
    )


def adaptive(shape: Shape, out: int) -> Iterator[Case]:
    x, tx = both(*shape)
    grad, tgrad = both(*shape[:2], out, out, seed=1)
    size = f"{'x'.join(map(str, shape))} to {out}x{out}"

    def both_ways() -> object:
        return ops.adaptive_max_pool2d(x, out), ops.adaptive_max_pool2d_backward(grad, x, out)

    def their_both_ways() -> object:
        y, found = aten.adaptive_max_pool2d(tx, [out, out])
        return y, aten.adaptive_max_pool2d_backward(tgrad, tx, found)

    yield Case(
        "adaptive_avg_pool2d forward",
        size,
        aim=3,
        ours=lambda: ops.adaptive_avg_pool2d(x, out),
        theirs=lambda: F.adaptive_avg_pool2d(tx, out),
    )
    yield Case(
        "adaptive_avg_pool2d backward",
        size,
        aim=3,
        ours=lambda: ops.adaptive_avg_pool2d_backward(grad, x, out),
        theirs=lambda: aten._adaptive_avg_pool2d_backward(tgrad, tx),
    )
    yield Case(
        "adaptive_max_pool2d forward",
        size,
        aim=3,
        ours=lambda: ops.adaptive_max_pool2d(x, out),
        theirs=lambda: F.adaptive_max_pool2d(tx, out),
    )
    yield Case("adaptive_max_pool2d both", size, aim=3, ours=both_ways, theirs=their_both_ways)


def global_pools(shape: Shape) -> Iterator[Case]:
    x, tx = both(*shape)
    grad, tgrad = both(*shape[:2], seed=1)
    tgrad = tgrad[..., None, None]
    size = "x".join(map(str, shape))

    def both_ways() -> object:
        return ops.global_max_pool2d(x), ops.global_max_pool2d_backward(grad, x)

    def their_both_ways() -> object:
        y, found = aten.adaptive_max_pool2d(tx, [1, 1])
        return y, aten.adaptive_max_pool2d_backward(tgrad, tx, found)

    yield Case(
        "global_avg_pool2d forward",
        size,
        aim=3,
        ours=lambda: ops.global_avg_pool2d(x),
        theirs=lambda: F.adaptive_avg_pool2d(tx, 1),
    )
    yield Case(
        "global_avg_pool2d backward",
        size,
        aim=3,
        ours=lambda: ops.global_avg_pool2d_backward(grad, x),
        theirs=lambda: aten._adaptive_avg_pool2d_backward(tgrad, tx),
    )
    yield Case("global_max_pool2d both", size, aim=3, ours=both_ways, theirs=their_both_ways)


def both(*shape: int, seed: int = 0) -> tuple[Floats, torch.Tensor]:
    array = normal(*shape, seed=seed)
    return array, torch.from_numpy(array)


def words(shape: Shape, k: int, s: int, p: int) -> str:
    return f"{'x'.join(map(str, shape))}, {k}x{k}, stride {s}, padding {p}"
