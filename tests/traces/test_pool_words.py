"""What is said about a pooling: the sentences, each in the case that it is for."""

import numpy as np
import pytest

from cnnlab.traces.pool import pooling
from cnnlab.traces.pool_push import push
from cnnlab.traces.pool_words import percent, push_says, pushed_by, shares_say, window_says

GRID = [[2, 3, 8, 0], [9, 8, 3, 1], [5, 9, 3, 9], [10, 6, 1, 4]]
SPOT = np.pad([[1, 2], [3, 4]], 2)

WINDOWS = [
    (GRID, {}, 0, "The largest of 4 cells goes on. The others are forgotten, and so is the place of the winner."),
    (GRID, {"kind": "average"}, 0, "Each of the 4 cells counts the same: sum 22, divided by 4."),
    (
        np.ones((4, 4)),
        {},
        0,
        "4 cells are equal to the maximum: the first of them, in the order of reading, is the winner.",
    ),
    (
        GRID,
        {"kernel_size": 3, "padding": 1, "stride": 3},
        0,
        "5 cells of this window lie in the padding: a maximum never takes one of those.",
    ),
    (
        GRID,
        {"kind": "average", "padding": 1},
        1,
        "2 cells of this window lie in the padding: zeros that make the mean smaller.",
    ),
    (
        GRID,
        {"kind": "average", "kernel_size": 3},
        0,
        "No window reaches the last row and the last column: the floor in the formula drops them.",
    ),
    (
        GRID,
        {"kernel_size": 3, "ceil_mode": True},
        1,
        "This window hangs over the end of the input: it has only 3 cells.",
    ),
    (GRID, {"kernel_size": 1, "stride": 3}, 0, "A window of one cell: nothing is compared, only cells are left out."),
    (
        GRID,
        {"kind": "global max"},
        0,
        "One window, the whole map: its maximum is the only number that is left of a channel.",
    ),
    (
        GRID,
        {"kind": "global average"},
        0,
        "One window, the whole map: its mean is the only number that is left of a channel.",
    ),
]

PUSHES = [
    ((0, 0), {}, "", "Push the image with down and right, and see what becomes of the output."),
    ((0, 1), {}, "1 right", "None of the 2 output cells that are not 0 kept their value: no invariance at all."),
    (
        (-2, 0),
        {},
        "2 up",
        "Pushed by whole strides: the output has moved along by 1 cell up, and is the same otherwise.",
    ),
    (
        (2, -2),
        {"stride": 1},
        "2 down, 2 left",
        "Pushed by whole strides: "
        "the output has moved along by 2 cells down and 2 cells left, and is the same otherwise.",
    ),
    (
        (1, 2),
        {"kind": "global average"},
        "1 down, 2 right",
        "Not one number of the output has changed: it is invariant to this push.",
    ),
    (
        (0, 1),
        {"kernel_size": 6, "stride": 1},
        "1 right",
        "Not one number of the output has changed: it is invariant to this push. What counts has stayed in its window.",
    ),
    (
        (3, 3),
        {"kind": "global max"},
        "3 down, 3 right",
        "The only output cell that is not 0 has changed its value; "
        "the output has changed by 75.0%, the input by 101.7%.",
    ),
    (
        (1, 0),
        {"kernel_size": 4, "stride": 2},
        "1 down",
        "2 of the 4 output cells that are not 0 kept their value: some invariance, but not all of it.",
    ),
]


@pytest.mark.parametrize(("image", "settings", "step", "sentence"), WINDOWS)
def test_what_is_said_about_a_window(image, settings, step, sentence):
    assert window_says(pooling(image, **settings).at(step)) == sentence


@pytest.mark.parametrize(("by", "settings", "called", "sentence"), PUSHES)
def test_what_is_said_about_a_push(by, settings, called, sentence):
    p = push(SPOT, *by, **settings)
    assert pushed_by(p) == called
    assert push_says(p) == sentence


@pytest.mark.parametrize(
    ("image", "settings", "step", "sentence"),
    [
        (GRID, {}, 0, "The winner takes all: the gradient of this cell goes to x[1, 0], and nothing to the others."),
        (
            np.ones((4, 4)),
            {},
            3,
            "The winner takes all: the gradient of this cell goes to x[2, 2], the first of several equal cells.",
        ),
        (GRID, {"kind": "average"}, 0, "The gradient of this cell is shared out equally: 1/4 for each of its cells."),
        (
            GRID,
            {"kind": "average", "padding": 1},
            0,
            "The gradient of this cell is shared out equally: 1/4 for each of its cells. "
            "What goes to the padding is lost.",
        ),
    ],
)
def test_what_is_said_about_the_way_back(image, settings, step, sentence):
    assert shares_say(pooling(image, **settings).at(step)) == sentence


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (1, "100%"), (0.053, "5.3%"), (0.0001, "< 0.1%"), (0.99999, "> 99.9%"), (1.274, "127.4%")],
)
def test_a_share_that_is_not_all_never_reads_as_all(share, text):
    assert percent(share) == text
