"""What a pooling keeps of many images when all of them are pushed: no single cell, only how many stayed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlab.ops.adaptive_pool import adaptive_avg_pool2d, adaptive_max_pool2d
from cnnlab.ops.pool import avg_pool2d, max_pool2d
from cnnlab.traces.pool_push import Kept, differ, kept
from cnnlab.traces.shifts import shifted

Maps = NDArray[np.floating]
"""Images or outputs, (N, H, W); a pooling looks at each by itself, as if they were the channels of one image."""
Pair = tuple[int, int]


@dataclass(frozen=True)
class Totals:
    """What a push has left of many images.

    `input` and `output` are counted over all images. `unchanged` of them have an output that is the same in every
    cell; `moved` says whether every output has moved along by whole cells and is the same otherwise.
    """

    images: int
    input: Kept
    output: Kept
    unchanged: int
    moved: bool


def pool_all(
    images: Maps,
    kind: str = "max",
    kernel_size: int | Pair = 2,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
    ceil_mode: bool = False,
) -> Maps:
    """The outputs (N, H out, W out) of images (N, H, W), in their dtype; the arguments are those of `pooling`.

    Raises:
        ValueError: as the ops say.
    """
    if kind.startswith("global"):
        return adaptive_max_pool2d(images, 1) if kind.endswith("max") else adaptive_avg_pool2d(images, 1)
    if kind == "max":
        return max_pool2d(images, kernel_size, stride, padding, 1, ceil_mode)
    return avg_pool2d(images, kernel_size, stride, padding, ceil_mode)


def window_of(paper: Maps, room: int, down: int = 0, right: int = 0) -> Maps:
    """What is seen of images with `room` empty cells around, when they are pushed by no more than that; a view."""
    _, height, width = paper.shape
    return paper[:, room - down : height - room - down, room - right : width - room - right]


def totals(input: Kept, before: Maps, after: Maps, down: int, right: int, stride: Pair | None) -> Totals:
    """Count what stayed of the outputs; `stride` is None for a pool of one window."""
    changed = differ(before, after).any(axis=(1, 2))
    moved = False
    if stride is not None and (down, right) != (0, 0) and not (down % stride[0] or right % stride[1]):
        moved = not differ(shifted(before, down // stride[0], right // stride[1]), after).any()
    return Totals(len(before), input, kept(before, after), int((~changed).sum()), moved)
