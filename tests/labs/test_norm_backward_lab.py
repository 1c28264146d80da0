"""The batch norm backward lab, and what is said in it."""

import numpy as np
import pytest

from cnnlab.labs import NormBackwardLab
from cnnlab.traces.norm import batch_normalization
from cnnlab.traces.norm_words import says
from tests.labs.looking import send


def test_all_four_inputs_get_a_gradient_though_one_output_sends_one() -> None:
    lab = NormBackwardLab()
    np.testing.assert_allclose(lab.trace.grad_x, [0.2683, -0.3578, -0.0894, 0.1789], atol=5e-5)
    assert "1 output sent a gradient, 4 inputs got one. In all they add up to 0." in lab.svg
    assert "fixed: mean" not in lab.svg
    lab.training = False
    assert np.count_nonzero(lab.trace.grad_x) == 1
    assert "each goes to its own input alone" in lab.svg
    assert "fixed: mean 0, variance 1" in lab.svg


def test_one_number_of_x_that_is_moved_changes_all_gradients() -> None:
    lab = NormBackwardLab()
    before = lab.trace.grad_x
    send(lab, {"kind": "edit", "grid": "x", "cells": [[0, 3]], "text": "20"})
    assert lab.trace.forward.x.tolist() == [2, 4, 6, 20]
    assert (lab.trace.grad_x != before).all()


def test_dy_is_edited_and_dx_pointed_at() -> None:
    lab = NormBackwardLab()
    send(lab, {"kind": "edit", "grid": "grad_y", "cells": [[0, 1]], "text": "-1"})
    assert lab.trace.grad_y.tolist() == [1, -1, 0, 0]
    send(lab, {"kind": "hover", "grid": "grad_x", "row": 0, "col": 2, "cols": 4})
    assert "dx[2] = direct[2]" in lab.svg and lab.at == 0
    send(lab, {"kind": "pin", "grid": "grad_x", "row": 0, "col": 3, "cols": 4})
    assert lab.at == 3


@pytest.mark.parametrize("training", [True, False])
def test_autograd_and_central_differences_come_to_the_same(training: bool) -> None:
    lab = NormBackwardLab(x="eight", grad_output="numbers", training=training)
    assert lab.check_with_torch() < 1e-12
    assert lab.trace.check_error < 1e-8


def test_no_gradient_is_said_to_be_none() -> None:
    assert says(batch_normalization([1, 2, 4]).backward([0, 0, 0])).startswith("0 outputs sent a gradient, 0 inputs")


def test_the_gradient_check_stands_beside_it() -> None:
    lab = NormBackwardLab()
    assert "Central differences" not in lab.svg
    lab.check = True
    assert "Central differences: dx is off by at most 10⁻⁹." in lab.svg
