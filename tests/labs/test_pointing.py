"""What a person does to the picture, as the page reports it."""

import numpy as np
import pytest

from cnnlab.labs import ConvolutionLab
from cnnlab.labs.numbers import same
from tests.labs.looking import control, expected, send, step_shown, still

OUTPUT = {"grid": "output"}

# reports that make no sense: a page of another version, or one that is behind
MALFORMED = [
    {},
    {"kind": None},
    {"kind": "jump"},
    {"kind": "hover"},
    {"kind": "hover", "row": "one", "col": 0, "cols": 4},
    {"kind": "hover", "row": None, "col": None, "cols": 4},
    {"kind": "hover", "row": 0.5, "col": 0, "cols": 4},
    {"kind": "hover", "row": -1, "col": -1, "cols": 4},
    {"kind": "hover", "row": 10**9, "col": 10**9, "cols": 4},
    {"kind": "pin", "row": 2, "cols": 4},
    {"kind": "pin", "row": -3, "col": 0, "cols": 4},
    {"kind": "pin", "row": 10**9, "col": 0, "cols": 4},
    {"kind": "pin", "row": [1], "col": {}},
    {"kind": "choose", "grid": "channel"},
    {"kind": "choose", "grid": "channel", "col": -1},
    {"kind": "choose", "grid": "channel", "col": 10**9},
    {"kind": "choose", "grid": "step", "col": 1},
    {"kind": "choose", "grid": "filter", "col": "last"},
    {"kind": "edit", "grid": "input", "cells": [[0, 0]]},
    {"kind": "edit", "grid": "input", "cells": [[0, 0]], "text": 5},
    {"kind": "edit", "grid": "input", "cells": [[99, 0]], "text": "5"},
    {"kind": "edit", "grid": "kernel", "cells": [[99, 0]], "text": "5"},
    {"kind": "edit", "grid": "kernel", "cells": [[-1, -1]], "text": "5"},
    {"kind": "edit", "grid": "output", "cells": [[0, 0]], "text": "5"},
    {"kind": "edit", "grid": None, "cells": [[0, 0]], "text": "5"},
    {"kind": "paint", "grid": "input"},
    {"kind": "paint", "grid": "input", "cells": 3},
    {"kind": "paint", "grid": "input", "cells": [[0]]},
    {"kind": "paint", "grid": "input", "cells": [["a", "b"]]},
    {"kind": "paint", "grid": "input", "cells": []},
    {"kind": "paint", "grid": "input", "cells": [[10**9, 10**9]]},
    {"kind": "grid", "grid": "input"},
    {"kind": "grid", "grid": "input", "text": None},
    {"kind": "grid", "grid": "output", "text": "1 2; 3 4"},
    [],
    "hover",
    None,
]


def test_pointing_at_the_output_looks_and_leaving_goes_back():
    lab = ConvolutionLab(step=5)
    send(lab, {"kind": "hover", **OUTPUT, "row": 2, "col": 3, "cols": 6})
    assert (lab.trace.row, lab.trace.col, lab.step, step_shown(lab)) == (2, 3, 5, 15)
    assert "cl-thin" in lab.svg  # where it will go back to
    send(lab, {"kind": "leave"})
    assert (lab.trace.index, lab.step, step_shown(lab)) == (5, 5, 5)


def test_a_click_stays():
    lab = ConvolutionLab()
    send(lab, {"kind": "hover", **OUTPUT, "row": 2, "col": 3, "cols": 6})
    send(lab, {"kind": "pin", **OUTPUT, "row": 2, "col": 3, "cols": 6})
    send(lab, {"kind": "leave"})
    assert lab.trace.index == lab.step == control(lab, "step").value == step_shown(lab) == 15
    send(lab, {"kind": "pin", **OUTPUT, "row": 2, "col": 3, "cols": 6})
    assert lab.step == 15


def test_a_setting_changed_while_pointing_is_shown_at_once():
    lab = ConvolutionLab(step=5)
    send(lab, {"kind": "hover", **OUTPUT, "row": 5, "col": 5, "cols": 6})
    lab.stride = 3
    assert lab.error == ""
    assert lab.trace.index < lab.trace.convolution.steps == 4
    assert step_shown(lab) == lab.trace.index


@pytest.mark.parametrize(("grid", "col"), [("channel", 2), ("filter", 3)])
def test_a_channel_or_a_feature_map_is_chosen(grid, col):
    lab = ConvolutionLab(input="color", weight="four filters")
    send(lab, {"kind": "choose", "grid": grid, "row": 0, "col": col})
    assert getattr(lab, grid) == control(lab, grid).value == col
    assert lab.error == ""


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("name", ["step", "color"])
def test_a_cell_of_the_input_is_edited_where_it_lies(name, padding):
    lab = ConvolutionLab(input=name, padding=padding, channel=1)
    before = lab.trace.convolution.input.copy()
    send(lab, {"kind": "edit", "grid": "input", "cells": [[2 + padding, 3 + padding]], "text": "−7/2"})
    after = lab.trace.convolution.input
    assert lab.error == "" and control(lab, "input").value != name
    assert after[-1 if name == "step" else 1, 2, 3] == -3.5
    assert np.argwhere(after != before).tolist() == [[0 if name == "step" else 1, 2, 3]]


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("image", "weight", "look"),
    [
        ("step", "corner", {}),
        ("color", "corner", {"channel": 2}),
        ("color", "four filters", {"filter": 2, "channel": 1}),
        ("color", "color filters", {"filter": 1}),
        ("color", "edges", {"groups": 3, "filter": 3, "channel": 1}),
    ],
)
def test_a_cell_of_the_kernel_is_edited_where_it_lies(image, weight, look, flip):
    lab = ConvolutionLab(input=image, weight=weight, flip=flip, **look)
    before = lab.trace.convolution.kernel.copy()
    row = before.shape[2] - 1
    send(lab, {"kind": "edit", "grid": "kernel", "cells": [[row, 0]], "text": "8.5"})
    after = lab.trace.convolution.kernel
    assert lab.error == ""
    changed = np.argwhere(after != before)
    channel = min(lab.channel, after.shape[1] - 1)
    assert changed.tolist() == [[lab.trace.filter, channel, row, 0]]
    assert after[tuple(changed[0])] == 8.5


def test_the_array_that_was_given_is_not_written_to():
    image = np.zeros((4, 4))
    lab = ConvolutionLab(input=image)
    send(lab, {"kind": "edit", "grid": "input", "cells": [[1, 1]], "text": "8"})
    assert image.max() == 0 and lab.trace.convolution.input.max() == 8


def test_a_stroke_of_the_brush_paints_all_its_cells_and_draws_once():
    lab = ConvolutionLab(input="dot", paint=True, brush=4, padding=1)
    before = int(lab.svg.split('data-frame="')[1].split('"')[0])
    send(lab, {"kind": "paint", "grid": "input", "cells": [[1, 1], [1, 2], [0, 0], [2, 2]]})
    assert lab.trace.convolution.input[0, :2, :2].tolist() == [[4, 4], [0, 4]]
    assert int(lab.svg.split('data-frame="')[1].split('"')[0]) == before + 1


@pytest.mark.parametrize(("grid", "attribute"), [("input", "input"), ("kernel", "weight")])
def test_a_grid_is_pasted(grid, attribute):
    lab = ConvolutionLab()
    send(lab, {"kind": "grid", "grid": grid, "text": "1\t2\t3\n4\t5\t6\n7\t8\t9\n"})
    np.testing.assert_array_equal(getattr(lab, attribute), [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert lab.error == ""


@pytest.mark.parametrize("message", MALFORMED, ids=str)
def test_a_malformed_report_does_no_harm(message):
    lab = ConvolutionLab(input="color", weight="edges")
    before = {name: getattr(lab, name) for name in ("input", "weight")}
    send(lab, message)
    assert "wrong in the lab itself" not in lab.error
    assert all(same(value, getattr(lab, name)) for name, value in before.items())
    send(lab, {"kind": "leave"})
    lab.stride = 2
    assert lab.error == ""
    assert step_shown(lab) == lab.trace.index
    np.testing.assert_array_equal(lab.trace.convolution.output, expected(lab).output)


def test_a_report_that_is_ignored_changes_no_pixel():
    lab = ConvolutionLab()
    before = still(lab)
    send(lab, {"kind": "unheard of"})
    assert still(lab) == before
