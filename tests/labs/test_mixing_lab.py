"""What only the mixing lab does: a rectangle that is dragged, controls for each method."""

import pytest
import torch  # noqa: F401, so that the code runs in this process

from cnnlab.labs import MixingLab
from cnnlab.labs.mixing import NEEDS
from tests.labs.looking import send


@pytest.mark.parametrize("method", NEEDS)
@pytest.mark.parametrize("place", [(0, 159), (70, 80)])
def test_it_agrees_with_pytorch(method, place):
    assert MixingLab(method=method, row=place[0], col=place[1], lam=0.37).check_with_torch() < 1e-6


@pytest.mark.parametrize("method", NEEDS)
def test_only_the_controls_that_a_method_needs_are_shown(method):
    lab = MixingLab(method=method)
    assert {name for name, box in lab.sliders.items() if box.layout.display != "none"} == set(NEEDS[method])
    assert (lab.boxes["second"].layout.display == "none") == (method == "cutout")


def test_dragging_moves_the_rectangle():
    lab = MixingLab(method="cutmix", lam=0.75)
    send(lab, {"kind": "paint", "grid": "mixed", "cells": [[10, 12], [30, 40]]})
    assert (lab.row, lab.col) == (30, 40) and lab.trace.inside == (0, 0, 70, 80)
    send(lab, {"kind": "pin", "grid": "mixed", "row": 80, "col": 90, "cols": 160})
    assert (lab.row, lab.col) == (80, 90) and lab.trace.share == 0.75
