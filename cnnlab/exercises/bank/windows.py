"""Notebook 05: how often a cell is used, and the way back to a size."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]

# ---- 3: how often a cell is used ------------------------------------------------------------------------------------


def usage(n: int, k: int, s: int, p: int) -> Array:
    counts = np.zeros(n + 2 * p)
    for start in range(0, n + 2 * p - k + 1, s):
        counts[start : start + k] += 1
    return counts[p : p + n]


def _counted(n: int, k: int, s: int, p: int) -> Array:
    """The counts of the padded axis."""
    return usage(n + 2 * p, k, s, 0)


def _without_last_start(n: int, k: int, s: int, p: int) -> Array:
    counts = np.zeros(n + 2 * p)
    for start in range(0, n + 2 * p - k, s):
        counts[start : start + k] += 1
    return counts[p : p + n]


def _beyond(n: int, k: int, s: int, p: int) -> Array:
    counts = np.zeros(n + 2 * p)
    for start in range(0, n + 2 * p, s):
        counts[start : start + k] += 1
    return counts[p : p + n]


def _starts(n: int, k: int, s: int, p: int) -> Array:
    counts = np.zeros(n + 2 * p)
    counts[range(0, n + 2 * p - k + 1, s)] = 1
    return counts[p : p + n]


def _from_before_the_first(n: int, k: int, s: int, p: int) -> Array:
    counts = np.zeros(n)
    for start in range(-p, n + p - k + 1, s):
        counts[start : start + k] += 1
    return counts


def _with_cells_in_a_window(n: int, k: int, s: int, p: int, cells: int) -> Array:
    """The windows begin where they should, but have another number of cells than k."""
    counts = np.zeros(n + 2 * p)
    for start in range(0, n + 2 * p - k + 1, s):
        counts[start : start + cells] += 1
    return counts[p : p + n]


def _signals(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [
        (3, 2, 1, 0),
        (5, 3, 1, 1),
        (5, 3, 1, 0),
        (6, 3, 2, 0),
        (6, 3, 2, 1),
        (8, 5, 1, 2),
        (7, 2, 3, 0),
        (9, 4, 3, 2),
        (4, 3, 1, 2),
        (12, 5, 4, 3),
    ]


USAGE = Exercise(
    name="usage",
    notebook="05",
    statement=(
        "Write usage(n, k, s, p): an array with a number for each of n cells, how many windows it is in, for a kernel "
        "k, stride s and padding p on both sides. The padding itself is not asked for."
    ),
    solution=usage,
    cases=_signals,
    mistakes=(
        Mistake(
            "padding not cut off",
            _counted,
            "You count the cells of the padding, too. Return the n cells in the middle: counts[p : p + n].",
        ),
        Mistake(
            "cut off from the end",
            lambda n, k, s, p: _counted(n, k, s, p)[p:-p],
            "counts[p:-p] is empty where p is 0, because -0 is 0. Count from the front: counts[p : p + n].",
        ),
        Mistake(
            "negative places",
            _from_before_the_first,
            "Python counts negative places from the end, so that counts[-1 : 2] is empty: a window that begins in the "
            "padding is lost. Count on n + 2 * p cells first, and cut at the end.",
        ),
        Mistake(
            "window one cell short",
            lambda n, k, s, p: _with_cells_in_a_window(n, k, s, p, k - 1),
            "Your windows have k - 1 cells: a slice ends before its second number, so that is start + k.",
        ),
        Mistake(
            "window one cell long",
            lambda n, k, s, p: _with_cells_in_a_window(n, k, s, p, k + 1),
            "Your windows have k + 1 cells: the last one of a window is start + k - 1.",
        ),
        Mistake(
            "beginning of the padded axis",
            lambda n, k, s, p: _counted(n, k, s, p)[:n],
            "These are the first n cells of the padded axis. The input begins after p cells of padding.",
        ),
        Mistake(
            "padding forgotten",
            lambda n, k, s, p: usage(n, k, s, 0),
            "The padding is missing: with it, windows begin before the first cell and end behind the last.",
        ),
        Mistake(
            "stride forgotten",
            lambda n, k, s, p: usage(n, k, 1, p),
            "The stride is missing: only every s-th place is taken.",
        ),
        Mistake(
            "last window forgotten",
            _without_last_start,
            "The last place is missing: range ends before its second number, so that has to be n + 2 * p - k + 1.",
        ),
        Mistake(
            "every cell k times",
            lambda n, k, s, p: np.full(n, float(k)),
            "A cell in the middle may be used k times, but one near the border is in fewer windows.",
        ),
        Mistake(
            "padding on one side",
            lambda n, k, s, p: usage(n + p, k, s, 0)[p:] if p else usage(n, k, s, 0),
            "The padding is before the cells only. It is behind them as well: n + 2 * p cells in all.",
        ),
        Mistake(
            "windows beyond the end",
            _beyond,
            "Some of your windows reach beyond the end of the padded cells. Those that do not fit are left out.",
        ),
        Mistake(
            "only where windows begin",
            _starts,
            "You count where windows begin. A window uses k cells: add 1 to each of them.",
        ),
        Mistake(
            "used or not",
            lambda n, k, s, p: (usage(n, k, s, p) > 0).astype(float),
            "You say whether a cell is used. Asked for is how often: add 1 for each window.",
        ),
    ),
    hints=(
        "Count on the padded axis first: n + 2 * p zeros, and each window adds 1 to its k cells.",
        "Windows begin at 0, s, 2 * s, and so on, the last one at n + 2 * p - k at most.",
        "for start in range(0, n + 2 * p - k + 1, s): counts[start : start + k] += 1, and at the end counts[p : p + n]",
    ),
    only={"stride 1": lambda n, k, s, p: s == 1, "padding 0": lambda n, k, s, p: p == 0},
)


# ---- 4: the way back ------------------------------------------------------------------------------------------------


def output_padding(n: int, k: int, s: int, p: int) -> int:
    return (n + 2 * p - k) % s  # what the floor has thrown away


def _halved(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [
        (5, 3, 1, 1),
        (6, 3, 2, 1),
        (7, 3, 2, 1),
        (8, 4, 2, 1),
        (9, 4, 3, 0),
        (10, 4, 4, 0),
        (11, 2, 5, 1),
        (14, 3, 4, 1),
        (32, 5, 3, 2),
    ]


UNDO_THE_SIZE = Exercise(
    name="undo the size",
    notebook="05",
    statement=(
        "Write output_padding(n, k, s, p): a convolution with k, s and p has made an axis of n cells smaller. Which "
        "output padding lets the transposed convolution with the same k, s and p give n cells again?"
    ),
    solution=output_padding,
    cases=_halved,
    mistakes=(
        Mistake(
            "the rest of n",
            lambda n, k, s, p: n % s,
            "It is not n that is divided by the stride, but how far the window can move: n + 2 * p - k.",
        ),
        Mistake(
            "padding forgotten",
            lambda n, k, s, p: (n - k) % s,
            "The padding is missing: the window moves over n + 2 * p cells.",
        ),
        Mistake(
            "padding on one side",
            lambda n, k, s, p: (n + p - k) % s,
            "The padding is on both sides: 2 * p.",
        ),
        Mistake(
            "the moves",
            lambda n, k, s, p: (n + 2 * p - k) // s,
            "These are the moves of the window. Asked for is what is left over, with %.",
        ),
        Mistake(
            "the size",
            lambda n, k, s, p: (n + 2 * p - k) // s + 1,
            "This is the size of the smaller output. What is missing to n, after the transposed convolution of it?",
        ),
        Mistake(
            "what is missing to a whole move",
            lambda n, k, s, p: -(n + 2 * p - k) % s,
            "This is how many cells would complete another move. Asked for is what the last whole one has left over.",
        ),
        Mistake(
            "what comes back",
            lambda n, k, s, p: n - output_padding(n, k, s, p),
            "This is the size that comes back without any output padding. Asked for is what is missing from it to n.",
        ),
        Mistake(
            "the other way round",
            lambda n, k, s, p: -output_padding(n, k, s, p),
            "The sign is wrong: it is n less what comes back.",
        ),
        Mistake(
            "times the stride",
            lambda n, k, s, p: n - ((n + 2 * p - k) // s + 1) * s,
            "A transposed convolution does not make m * s cells of m, but (m - 1) * s - 2 * p + k.",
        ),
        Mistake(
            "the rest by 2",
            lambda n, k, s, p: (n + 2 * p - k) % 2,
            "You take the rest by 2. The window moves s cells at a time: % s.",
        ),
        Mistake(
            "always 1",
            lambda n, k, s, p: 1,
            "It is 1 for some sizes only: it depends on what the floor has thrown away, which may be 0 or up to s - 1.",
        ),
        Mistake(
            "always one less than the stride",
            lambda n, k, s, p: s - 1,
            "That is the most it can be. It depends on n: several sizes give the same smaller one.",
        ),
        Mistake(
            "cells lost in all",
            lambda n, k, s, p: n - ((n + 2 * p - k) // s + 1),
            "This is by how many cells the convolution makes the axis smaller; most come back by the stride.",
        ),
    ),
    hints=(
        "Compute the smaller size first, m, and then what the transposed convolution makes of it: "
        "(m - 1) * s - 2 * p + k.",
        "What is missing to n is exactly what the floor has thrown away.",
        "(n + 2 * p - k) % s",
    ),
    only={"stride 1": lambda n, k, s, p: s == 1, "padding 0": lambda n, k, s, p: p == 0},
)


ALL = (USAGE, UNDO_THE_SIZE)
