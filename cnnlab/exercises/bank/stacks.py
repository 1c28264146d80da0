"""Notebook 07: the shapes through a network."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Shape = tuple[int, int, int]
Layers = list[tuple[str, int, int, int, int]]


def layer_shapes(shape: Shape, layers: Layers) -> list[Shape]:
    shapes = []
    channels, height, width = shape
    for kind, filters, kernel_size, stride, padding in layers:
        height = (height + 2 * padding - kernel_size) // stride + 1
        width = (width + 2 * padding - kernel_size) // stride + 1
        if kind == "conv":
            channels = filters
        shapes.append((channels, height, width))
    return shapes


Size = Callable[[int, int, int, int], int]


def _size(n: int, k: int, s: int, p: int) -> int:
    return (n + 2 * p - k) // s + 1


def _followed(size: Size = _size, channels: Callable[[str, int, int], int] | None = None) -> Callable[..., Any]:
    """The shapes with another formula for the size, or another rule for the channels."""

    def shapes(shape: Shape, layers: Layers) -> list[Shape]:
        found, (c, h, w) = [], shape
        for kind, f, k, s, p in layers:
            h, w = size(h, k, s, p), size(w, k, s, p)
            c = (f if kind == "conv" else c) if channels is None else channels(kind, f, c)
            found.append((c, h, w))
        return found

    return shapes


def _followed_by_kind(pooled: Size) -> Callable[..., Any]:
    """The shapes with another formula for the pools alone."""

    def shapes(shape: Shape, layers: Layers) -> list[Shape]:
        found, (c, h, w) = [], shape
        for kind, f, *window in layers:
            size, c = (_size, f) if kind == "conv" else (pooled, c)
            h, w = size(h, *window), size(w, *window)
            found.append((c, h, w))
        return found

    return shapes


def _width_from_the_height(shape: Shape, layers: Layers) -> list[Shape]:
    found, (c, h, _) = [], shape
    for kind, f, *window in layers:
        h = _size(h, *window)
        c = f if kind == "conv" else c
        found.append((c, h, _size(h, *window)))
    return found


def _stacks(rng: np.random.Generator) -> Iterator[Arguments]:
    yield (1, 6, 6), [("conv", 4, 3, 1, 0), ("pool", 0, 2, 2, 0)]
    yield (3, 7, 9), [("conv", 5, 3, 2, 1), ("pool", 0, 2, 2, 0)]
    yield (3, 64, 64), [("conv", 16, 3, 1, 1), ("pool", 0, 2, 2, 0)]
    yield (1, 32, 32), [("conv", 8, 3, 2, 1), ("pool", 0, 2, 2, 0), ("conv", 16, 3, 2, 1), ("pool", 0, 2, 2, 0)]
    yield (1, 33, 41), [("conv", 6, 5, 1, 0), ("pool", 0, 3, 2, 1), ("conv", 16, 5, 3, 2), ("pool", 0, 2, 2, 0)]
    yield (2, 8, 9), [("conv", 3, 3, 1, 1), ("pool", 0, 3, 1, 1)]
    yield (2, 20, 14), [("pool", 0, 2, 2, 0), ("conv", 7, 4, 1, 1)]


LAYER_SHAPES = Exercise(
    name="layer shapes",
    notebook="07",
    statement=(
        "Write layer_shapes(shape, layers): the shapes behind all layers, as a list of (channels, height, width). "
        "shape is that of the image, layers a list of (kind, filters, kernel_size, stride, padding); the kind is "
        '"conv" or "pool", and a pool has 0 filters.'
    ),
    solution=layer_shapes,
    cases=_stacks,
    mistakes=(
        Mistake(
            "rounded up",
            _followed(lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1),
            "The division takes the floor: a place where the window does not fit any more is left out.",
        ),
        Mistake(
            "one forgotten",
            _followed(lambda n, k, s, p: (n + 2 * p - k) // s),
            "The + 1 for the first window is missing.",
        ),
        Mistake(
            "+ 1 inside",
            _followed(lambda n, k, s, p: (n + 2 * p - k + 1) // s),
            "The + 1 stands in the wrong place: it counts the first window, behind the division.",
        ),
        Mistake(
            "padding keeps the size",
            _followed(lambda n, k, s, p: n if p else _size(n, k, s, p)),
            "Padding does not always keep the size: that depends on the kernel and the stride, too. Use the formula.",
        ),
        Mistake(
            "padding once",
            _followed(lambda n, k, s, p: (n + p - k) // s + 1),
            "The padding counts twice: there is some on both sides.",
        ),
        Mistake("padding forgotten", _followed(lambda n, k, s, p: (n - k) // s + 1), "The padding is not used."),
        Mistake("stride forgotten", _followed(lambda n, k, s, p: n + 2 * p - k + 1), "The stride is not used."),
        Mistake(
            "brackets",
            _followed(lambda n, k, s, p: n + 2 * p - k // s + 1),
            "Brackets are missing: all of size + 2 * padding - kernel_size is divided by the stride.",
        ),
        Mistake(
            "a pool has filters",
            _followed(channels=lambda kind, f, c: f),
            "A pool has no filters: it keeps the channels that it gets.",
        ),
        Mistake(
            "channels kept",
            _followed(channels=lambda kind, f, c: c),
            "A convolution has an output channel for each of its filters.",
        ),
        Mistake(
            "filters times channels",
            _followed(channels=lambda kind, f, c: c * f if kind == "conv" else c),
            "The filters do not multiply the channels: each filter adds up all of them and gives one map.",
        ),
        Mistake(
            "every layer sees the image",
            lambda shape, layers: [layer_shapes(shape, [layer])[0] for layer in layers],
            "Each layer gets what the layer before it returns, not the image.",
        ),
        Mistake(
            "only the convolutions",
            lambda shape, layers: [
                one for one, layer in zip(layer_shapes(shape, layers), layers, strict=True) if layer[0] == "conv"
            ],
            "The pools are missing in your list: append behind the if, for every layer.",
        ),
        Mistake(
            "pools skipped",
            lambda shape, layers: layer_shapes(shape, [layer for layer in layers if layer[0] == "conv"]),
            "The pools are left out. They change the size, too: only channels = filters belongs into the if.",
        ),
        Mistake(
            "channels left out",
            lambda shape, layers: [(h, w) for _, h, w in layer_shapes(shape, layers)],
            "The channels are missing: a shape is (channels, height, width).",
        ),
        Mistake(
            "only the last one",
            lambda shape, layers: layer_shapes(shape, layers)[-1],
            "That is the last shape alone. Collect them all in a list.",
        ),
        Mistake(
            "only the last",
            lambda shape, layers: layer_shapes(shape, layers)[-1:],
            "Only one shape is in your list. Collect them all, and return behind the loop.",
        ),
        Mistake(
            "the image, too",
            lambda shape, layers: [shape, *layer_shapes(shape, layers)],
            "The shape of the image itself is in your list; only those behind the layers are asked for.",
        ),
        Mistake(
            "channels last",
            lambda shape, layers: [(h, w, c) for c, h, w in layer_shapes(shape, layers)],
            "The numbers are right, but the channels come first: (channels, height, width).",
        ),
        Mistake(
            "width from the height",
            _width_from_the_height,
            "The width is computed from the height, which has changed by then: put the width into its own formula.",
        ),
        Mistake(
            "a pool halves",
            _followed_by_kind(lambda n, k, s, p: n // 2),
            "Your pools halve the map whatever their numbers are. A pool follows the same formula as a convolution.",
        ),
        Mistake(
            "a pool has no padding",
            _followed_by_kind(lambda n, k, s, p: _size(n, k, s, 0)),
            "A pool can have padding, too: use the number that is given.",
        ),
        Mistake(
            "a pool steps by its window",
            _followed_by_kind(lambda n, k, s, p: _size(n, k, k, p)),
            "The stride of a pool is given here, and it is not always the size of its window.",
        ),
        Mistake(
            "a pool changes nothing",
            _followed_by_kind(lambda n, k, s, p: n),
            "A pool keeps the channels, but the map becomes smaller: its size follows the same formula.",
        ),
        Mistake(
            "not rounded",
            _followed(lambda n, k, s, p: (n + 2 * p - k) / s + 1),  # type: ignore[arg-type, return-value]
            "A size is a whole number: divide with //, which takes the floor.",
        ),
        Mistake(
            "before the layer",
            lambda shape, layers: [shape, *layer_shapes(shape, layers)][:-1],
            "Each shape in your list is the one in front of its layer: compute first, append afterwards.",
        ),
        Mistake(
            "ended after the first layer",
            lambda shape, layers: layer_shapes(shape, layers)[:1],
            "Only the first shape is in your list. Is your return inside the loop?",
        ),
        Mistake(
            "height and width exchanged",
            lambda shape, layers: [(c, w, h) for c, h, w in layer_shapes(shape, layers)],
            "Height and width are exchanged: (channels, height, width).",
        ),
        Mistake(
            "the same height and width",
            lambda shape, layers: [(c, h, h) for c, h, w in layer_shapes(shape, layers)],
            "Height and width follow the formula separately; you gave the height for both.",
        ),
    ),
    hints=(
        "Keep channels, height and width in three variables, and change them in each round of the loop.",
        "A window of kernel_size fits (size + 2 * padding - kernel_size) // stride + 1 times along an axis.",
        'The channels change only where kind == "conv": they become the filters.',
    ),
    only={"a single layer": lambda shape, layers: len(layers) == 1},
)


ALL = (LAYER_SHAPES,)
