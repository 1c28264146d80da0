"""Notebook 05: how large the output is, and which padding keeps a size."""

from collections.abc import Iterator
from math import ceil

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

# ---- 1: the output size ---------------------------------------------------------------------------------------------


def output_size(n: int, k: int, s: int, p: int, d: int) -> int:
    covered = d * (k - 1) + 1
    room = n + 2 * p - covered
    return room // s + 1


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [
        (3, 1, 1, 0, 1),
        (6, 3, 1, 0, 1),
        (6, 3, 2, 0, 1),
        (5, 3, 1, 1, 1),
        (9, 2, 3, 1, 1),
        (10, 5, 2, 2, 1),
        (12, 3, 1, 0, 2),
        (11, 3, 3, 2, 4),
        (64, 3, 2, 0, 1),
        (224, 7, 2, 3, 1),
    ]


OUTPUT_SIZE = Exercise(
    name="output size",
    notebook="05",
    statement=(
        "Write output_size(n, k, s, p, d): how many cells the output of a convolution has along an axis of n cells, "
        "with kernel k, stride s, padding p on both sides, and dilation d."
    ),
    solution=output_size,
    cases=_layers,
    mistakes=(
        Mistake(
            "not rounded",
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) / s + 1,
            "There is no half window: round the division down, with //.",
        ),
        Mistake(
            "rounded to the nearest",
            lambda n, k, s, p, d: round((n + 2 * p - d * (k - 1) - 1) / s) + 1,
            "You round to the nearest number. A last step that does not fit is left out: round down, with //.",
        ),
        Mistake(
            "rounded up",
            lambda n, k, s, p, d: ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1,
            "You round up. A last window that does not fit is left out: round down.",
        ),
        Mistake(
            "one inside the division",
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s,
            "The + 1 belongs behind the division: it is the first window, which needs no move.",
        ),
        Mistake(
            "padding on one side",
            lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1,
            "The padding is added once. It is on both sides: 2 * p.",
        ),
        Mistake(
            "padding forgotten",
            lambda n, k, s, p, d: (n - d * (k - 1) - 1) // s + 1,
            "The padding is missing.",
        ),
        Mistake(
            "first window forgotten",
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s,
            "You count the moves. There is one window more than moves: + 1.",
        ),
        Mistake(
            "last place forgotten",
            lambda n, k, s, p, d: len(range(0, n + 2 * p - d * (k - 1) - 1, s)),
            "The last place is missing: a range ends before its second number, and the last place may be that one.",
        ),
        Mistake(
            "stride forgotten",
            lambda n, k, s, p, d: n + 2 * p - d * (k - 1),
            "The stride is missing: only every s-th place is taken.",
        ),
        Mistake(
            "dilation forgotten",
            lambda n, k, s, p, d: (n + 2 * p - k) // s + 1,
            "The dilation is missing: with it, the kernel covers d * (k - 1) + 1 cells.",
        ),
        Mistake(
            "dilation times kernel",
            lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1,
            "A kernel of k taps has k - 1 gaps, so it covers d * (k - 1) + 1 cells, not d * k.",
        ),
        Mistake(
            "dilation counted from 0",
            lambda n, k, s, p, d: (n + 2 * p - (d + 1) * (k - 1) - 1) // s + 1,
            "Dilation 1 is the ordinary kernel, without holes: from tap to tap it is d cells, not d + 1.",
        ),
        Mistake(
            "bracket forgotten",
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) + 1) // s + 1,
            "A sign is wrong: all of d * (k - 1) + 1 is subtracted, its + 1 as well. Put it in brackets.",
        ),
        Mistake(
            "kernel one cell short",
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s + 1,
            "Your kernel is one cell too short: from the first tap to the last it covers d * (k - 1) + 1 cells.",
        ),
        Mistake(
            "padding and dilation forgotten",
            lambda n, k, s, p, d: (n - k) // s + 1,
            "That is the size without padding and dilation: n becomes n + 2 * p, and k becomes d * (k - 1) + 1.",
        ),
        Mistake(
            "kernel not moved off",
            lambda n, k, s, p, d: (n + 2 * p) // s,
            "The kernel is missing: its last place is where it still fits.",
        ),
    ),
    hints=(
        "How many cells does the kernel cover from its first tap to its last? With d = 1 it is k.",
        "The window can move by the padded length less what the kernel covers. How many moves of s cells are that?",
        "(n + 2 * p - (d * (k - 1) + 1)) // s + 1",
    ),
    only={
        "stride 1": lambda n, k, s, p, d: s == 1,
        "padding 0": lambda n, k, s, p, d: p == 0,
        "dilation 1": lambda n, k, s, p, d: d == 1,
    },
)

# ---- 2: padding that keeps the size ---------------------------------------------------------------------------------


def same_padding(k: int, d: int) -> list[int]:
    total = d * (k - 1)
    before = total // 2
    return [before, total - before]


def _kernels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(1, 1), (3, 1), (2, 1), (5, 1), (4, 1), (3, 2), (4, 3), (2, 4), (7, 1), (6, 5)]


SAME_PADDING = Exercise(
    name="same padding",
    notebook="05",
    statement=(
        "Write same_padding(k, d): the cells of padding before and after an axis, as [before, after], with which a "
        "kernel k with dilation d keeps the size at stride 1. Where their number is odd, the extra one comes after."
    ),
    solution=same_padding,
    cases=_kernels,
    mistakes=(
        Mistake(
            "the extra one before",
            lambda k, d: same_padding(k, d)[::-1],
            "With an even kernel the extra cell comes after, at the end, not before.",
        ),
        Mistake(
            "half the kernel",
            lambda k, d: [d * k // 2, d * k // 2],
            "Half of k is one too many for an even kernel: the output has k - 1 cells less than the input, not k.",
        ),
        Mistake(
            "half the kernel, dilation forgotten",
            lambda k, d: [k // 2, k // 2],
            "That is right for odd kernels without dilation. In all, d * (k - 1) cells are missing, which may be odd.",
        ),
        Mistake(
            "rounded down, dilation forgotten",
            lambda k, d: [(k - 1) // 2, (k - 1) // 2],
            "That is right for odd kernels without dilation. In all, d * (k - 1) cells are missing, which may be odd.",
        ),
        Mistake(
            "halved before the dilation",
            lambda k, d: [d * ((k - 1) // 2), d * (k // 2)],
            "You halved k - 1 and then multiplied by d: the two sides may differ by d cells. Halve d * (k - 1).",
        ),
        Mistake(
            "one more for every even kernel",
            lambda k, d: [d * (k - 1) // 2, d * (k - 1) // 2 + (k % 2 == 0)],
            "Whether there is an extra cell depends on d * (k - 1), not on k alone: with an even d there is none.",
        ),
        Mistake(
            "what the kernel covers",
            lambda k, d: [(d * (k - 1) + 1) // 2, (d * (k - 1) + 1) - (d * (k - 1) + 1) // 2],
            "That is one cell too many: of the d * (k - 1) + 1 cells that a window covers, one makes the place itself.",
        ),
        Mistake(
            "always as much on both sides",
            lambda k, d: [d * (k - 1) // 2, d * (k - 1) // 2],
            "With an even kernel both sides cannot be alike: what is missing is an odd number of cells.",
        ),
        Mistake(
            "rounded up on both sides",
            lambda k, d: [(d * (k - 1) + 1) // 2, (d * (k - 1) + 1) // 2],
            "With an even kernel this is one cell too many in all: one side gets less.",
        ),
        Mistake(
            "dilation forgotten",
            lambda k, d: same_padding(k, 1),
            "The dilation is missing: the kernel covers d * (k - 1) + 1 cells.",
        ),
        Mistake(
            "all on both sides",
            lambda k, d: [d * (k - 1), d * (k - 1)],
            "That much is needed in all; each side gets half of it.",
        ),
        Mistake(
            "all on one side",
            lambda k, d: [0, d * (k - 1)],
            "The number of cells is right in all. Half of them belong before the axis.",
        ),
        Mistake(
            "not rounded",
            lambda k, d: [d * (k - 1) / 2, d * (k - 1) / 2],
            "There are no half cells: round one side down, and give the rest to the other.",
        ),
    ),
    hints=(
        "Without padding, how many cells less than the input does the output have?",
        "It has d * (k - 1) cells less: that is the padding in all. The first side gets half, rounded down.",
        "before = d * (k - 1) // 2, and after is d * (k - 1) - before",
    ),
    only={"odd kernels": lambda k, d: k % 2 == 1, "dilation 1": lambda k, d: d == 1},
)


ALL = (OUTPUT_SIZE, SAME_PADDING)
