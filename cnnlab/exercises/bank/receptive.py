"""Notebook 06: what a unit of a stack of layers sees."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Layers = Sequence[tuple[int, int]]


def receptive_field(layers: Layers) -> int:
    size, jump = 1, 1
    for k, s in layers:
        size += (k - 1) * jump
        jump *= s
    return size


def _jump_first(layers: Layers) -> int:
    size, jump = 1, 1
    for k, s in layers:
        jump *= s
        size += (k - 1) * jump
    return size


def _last_stride_only(layers: Layers) -> int:
    size, jump = 1, 1
    for k, s in layers:
        size += (k - 1) * jump
        jump = s
    return size


def _strides_added(layers: Layers) -> int:
    size, jump = 1, 1
    for k, s in layers:
        size += (k - 1) * jump
        jump += s - 1
    return size


def _backward_formula(layers: Layers) -> int:
    size = 1
    for k, s in layers:
        size = (size - 1) * s + k
    return size


def _whole_kernels(layers: Layers) -> int:
    size, jump = 1, 1
    for k, s in layers:
        size += k * jump
        jump *= s
    return size


def _stacks(rng: np.random.Generator) -> Iterator[Arguments]:
    yield ([],)
    yield ([(3, 1)],)
    yield ([(3, 1), (3, 1), (3, 1)],)
    yield ([(5, 1), (2, 1)],)
    yield ([(2, 2), (3, 1)],)
    yield ([(3, 1), (2, 2), (5, 3)],)
    yield ([(7, 2), (3, 2), (3, 1), (3, 1), (1, 1)],)  # how ResNet begins
    for depth in (4, 6):
        yield ([(int(k), int(s)) for k, s in rng.integers((1, 1), (8, 4), (depth, 2))],)


RECEPTIVE_FIELD = Exercise(
    name="receptive field",
    notebook="06",
    statement=(
        "Write receptive_field(layers): how many cells of the input a unit behind the last layer sees, along one axis. "
        "layers is a list of pairs (kernel size, stride), the first layer first; a pool is such a pair, too. Without a "
        "layer, a unit sees itself: 1."
    ),
    solution=receptive_field,
    cases=_stacks,
    mistakes=(
        Mistake(
            "strides ignored",
            lambda layers: 1 + sum(k - 1 for k, _ in layers),
            "The strides are not used. Adding up k - 1 is right for stride 1 only: behind a stride of 2, a cell is two "
            "cells of the input away from the next one.",
        ),
        Mistake(
            "jump updated first",
            _jump_first,
            "The stride of a layer counts for the layers after it. Grow the size with the old jump, then multiply the "
            "jump by the stride.",
        ),
        Mistake(
            "only the stride before",
            _last_stride_only,
            "You use the stride of one layer. The jump is the product of all strides so far: jump *= s.",
        ),
        Mistake(
            "strides added",
            _strides_added,
            "The strides are added up, but they multiply: every second of every second cell is every fourth.",
        ),
        Mistake(
            "in the wrong order",
            _backward_formula,
            "size = (size - 1) * s + k is right from the last layer to the first; you went from the first to the last.",
        ),
        Mistake(
            "kernels multiplied",
            lambda layers: prod(k for k, _ in layers),
            "You multiplied the kernel sizes. Neighboring windows overlap: two layers of 3 see 5 cells, not 9.",
        ),
        Mistake(
            "kernels added",
            lambda layers: sum(k for k, _ in layers),
            "You added up the kernel sizes. A layer adds k - 1 cells, for one of its cells is there already.",
        ),
        Mistake(
            "k in place of k - 1",
            _whole_kernels,
            "Each layer adds k - 1 steps of the jump, not k: the first cell of the kernel is there already.",
        ),
        Mistake(
            "own stride",
            lambda layers: 1 + sum((k - 1) * s for k, s in layers),
            "You multiply by the stride of the layer itself. What counts is the product of all strides before it.",
        ),
        Mistake(
            "strides added to 1",
            lambda layers: 1 + sum((k - 1) * (1 + sum(s for _, s in layers[:i])) for i, (k, _) in enumerate(layers)),
            "The strides are added up, but they multiply: jump *= s, so that a stride of 1 changes nothing.",
        ),
        Mistake(
            "always 3",
            lambda layers: 1 + sum(2 * prod(s for _, s in layers[:i]) for i in range(len(layers))),
            "Each layer adds 2 steps in your code, which is right for kernels of 3 only: it is k - 1.",
        ),
        Mistake(
            "brackets",
            lambda layers: 1 + sum(k - prod(s for _, s in layers[:i]) for i, (k, _) in enumerate(layers)),
            "Brackets are missing: k - 1 as a whole is multiplied by the jump, (k - 1) * jump.",
        ),
        Mistake(
            "exchanged",
            lambda layers: receptive_field([(s, k) for k, s in layers]),
            "Kernel size and stride are exchanged: a layer is (kernel size, stride).",
        ),
        Mistake(
            "the area",
            lambda layers: receptive_field(layers) ** 2,
            "That is the area. The size along one axis was asked for.",
        ),
        Mistake(
            "strides ignored, and begun at 0",
            lambda layers: sum(k - 1 for k, _ in layers),
            "Begin at 1, because without a layer a unit sees itself. And the strides are not used yet.",
        ),
        Mistake(
            "size and jump",
            lambda layers: (receptive_field(layers), prod(s for _, s in layers)),
            "You return the size and the jump; only the size was asked for.",
        ),
        Mistake(
            "begun at 0",
            lambda layers: receptive_field(layers) - 1,
            "One too small in every case: begin at 1, because without a layer a unit sees itself.",
        ),
        Mistake(
            "the jump",
            lambda layers: prod(s for _, s in layers),
            "This is the jump, by how many cells two neighboring fields are apart. The size was asked for.",
        ),
    ),
    hints=(
        "Keep two numbers while you go through the layers: the size, and the jump. Both begin at 1.",
        "A kernel of k covers k - 1 steps more than one cell, and each step is as long as the jump so far.",
        "for k, s in layers: size += (k - 1) * jump, and after that jump *= s",
    ),
    only={
        "stride 1": lambda layers: all(s == 1 for _, s in layers),
        "a single layer": lambda layers: len(layers) == 1,
    },
)


ALL = (RECEPTIVE_FIELD,)
