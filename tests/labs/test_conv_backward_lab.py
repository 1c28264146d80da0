"""What only the convolution backward lab does."""

import time

import numpy as np
import pytest

from cnnlab.labs import ConvBackwardLab
from tests.labs.looking import send


def test_a_click_on_dy_chooses_the_step_and_one_on_dx_shows_what_arrived() -> None:
    lab = ConvBackwardLab()
    send(lab, {"kind": "pin", "grid": "dy", "row": 1, "col": 2, "cols": 3})
    assert (lab.step, lab.focus) == (5, "dy")
    assert "dy[1, 2] = −2 goes back" in lab.svg
    send(lab, {"kind": "pin", "grid": "dx", "row": 2, "col": 2, "cols": 5})
    assert (lab.focus, lab.row, lab.col, lab.step) == ("dx", 2, 2, 5)
    assert "x[2, 2] was in 9 windows" in lab.svg
    lab.step = 0
    assert lab.focus == "dy"


def test_pointing_shows_for_as_long_as_it_points() -> None:
    lab = ConvBackwardLab()
    before = lab.svg.replace('data-frame="1"', "")
    send(lab, {"kind": "hover", "grid": "dw", "row": 1, "col": 1, "cols": 3})
    assert "dw[1, 1] = sum of dy·x over all windows" in lab.svg and lab.focus == "dy"
    send(lab, {"kind": "leave"})
    assert lab.svg.replace('data-frame="3"', "") == before


def test_numbers_of_x_w_and_dy_are_edited_in_the_picture() -> None:
    lab = ConvBackwardLab(padding=1, edit_dy=True)
    send(lab, {"kind": "edit", "grid": "input", "cells": [[1, 2]], "text": "7"})
    assert lab.trace.backward.input[0, 1] == 7
    send(lab, {"kind": "edit", "grid": "kernel", "cells": [[2, 0]], "text": "-4"})
    send(lab, {"kind": "edit", "grid": "dy", "cells": [[4, 4]], "text": "9"})
    b = lab.trace.backward
    assert b.weight is not None and b.weight[2, 0] == -4 and b.grad_output[4, 4] == 9
    lab.stride = 2  # a smaller output: of the edited dy the top left part is used
    assert lab.error == "" and lab.trace.backward.grad_output.shape == (3, 3)
    send(lab, {"kind": "edit", "grid": "input", "cells": [[0, 0]], "text": "1"})
    assert lab.error == "that cell is padding: change padding or its mode, and the border changes"


def test_while_it_walks_only_what_was_sent_is_shown() -> None:
    lab = ConvBackwardLab(walk=True, grad_output="a single one")
    assert "dx so far" in lab.svg
    np.testing.assert_array_equal(lab.trace.so_far[0], np.zeros((5, 5)))
    lab.step = 4
    np.testing.assert_array_equal(lab.trace.so_far[0][1:4, 1:4], [[1, 0, -1], [2, 1, 0], [0, -2, 3]])


def test_a_pooling_has_no_weights_to_look_at() -> None:
    lab = ConvBackwardLab(focus="dw")
    lab.kind = "max pool"
    assert (lab.error, lab.focus) == ("", "dx")
    assert "dw" not in lab.svg


@pytest.mark.parametrize("kind", ["convolution", "max pool", "average pool"])
def test_autograd_comes_to_the_same(kind: str) -> None:
    lab = ConvBackwardLab(kind=kind, stride=2, padding=1, input="four by four")
    assert lab.check_with_torch() < 1e-12


def test_a_step_takes_at_most_5_ms() -> None:
    lab, times = ConvBackwardLab(walk=True, padding=1), []
    for step in range(1, 25):
        start = time.process_time()
        lab.step = step
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.010  # half of it where the machine is not shared
