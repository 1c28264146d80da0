"""The penalty lab: what is dragged, pointed at and clicked; its code in PyTorch."""

import pytest
from numpy.testing import assert_allclose

from cnnlab.labs import PenaltyLab
from cnnlab.traces.penalty import STRENGTHS
from tests.labs.looking import send


def test_the_minimum_of_the_loss_is_dragged() -> None:
    lab = PenaltyLab(lam=0)
    send(lab, {"kind": "paint", "grid": "map", "cells": [[10, 40], [10, 45]], "rows": 61, "cols": 61})
    assert lab.minimum == (1.5, 2.0)
    assert_allclose(lab.trace.weights, (1.5, 2.0))
    send(lab, {"kind": "pin", "grid": "map", "row": 60, "col": 0, "rows": 61, "cols": 61})
    assert lab.minimum == (-3.0, -3.0)
    send(lab, {"kind": "pin", "grid": "map", "row": 99, "col": 99, "rows": 61, "cols": 61})
    assert (lab.minimum, lab.error) == ((3.0, -3.0), "")


def test_a_plot_looks_at_another_lam_and_a_click_stays() -> None:
    lab = PenaltyLab()
    send(lab, {"kind": "hover", "grid": "lam", "row": 0, "col": 12, "cols": 41})
    assert (lab.trace.penalty.lam, lab.lam) == (3.0, 1.0)
    send(lab, {"kind": "leave", "grid": "lam"})
    assert lab.trace.penalty.lam == 1
    send(lab, {"kind": "pin", "grid": "lam", "row": 0, "col": 16, "cols": 41})
    assert lab.lam == 4.0
    lab.view = "3 or 8"
    send(lab, {"kind": "pin", "grid": "right", "row": 0, "col": 1, "cols": len(STRENGTHS)})
    assert lab.lam == 0.01


def test_a_weight_is_pointed_at() -> None:
    lab = PenaltyLab(view="3 or 8")
    send(lab, {"kind": "hover", "grid": "weight", "row": 0, "col": 0, "cols": 8})
    assert "w[0, 0] = 0: the loss does not depend on it" in lab.svg and lab.row == 3
    send(lab, {"kind": "pin", "grid": "weight", "row": 5, "col": 2, "cols": 8})
    assert (lab.row, lab.col) == (5, 2) and "w[5, 2] ≈ 0.56" in lab.svg


def test_lam_moves_without_computing_the_path_again() -> None:
    lab = PenaltyLab()
    before = lab.current
    lab.lam = 2.5
    assert lab.current is before


@pytest.mark.parametrize("view", ["two weights", "3 or 8"])
@pytest.mark.parametrize("penalty", ["L1", "L2", "both"])
def test_pytorch_finds_the_same_slopes(view: str, penalty: str) -> None:
    lab = PenaltyLab(view=view, penalty=penalty, lam=1.5)
    assert lab.check_with_torch() < 1e-10
    assert ("weight_decay=3" in lab.torch_code()) == (penalty != "L1")


def test_pytorch_gets_every_digit_of_lam_and_the_one_that_is_pointed_at() -> None:
    lab = PenaltyLab(penalty="both", lam=0.123456789)
    assert "0.123456789 * (" in lab.torch_code() and lab.check_with_torch() < 1e-12
    send(lab, {"kind": "hover", "grid": "lam", "row": 0, "col": 12, "cols": 41})
    assert "penalty = 3 * (" in lab.torch_code() and lab.check_with_torch() < 1e-12
