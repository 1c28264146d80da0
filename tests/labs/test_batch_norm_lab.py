"""The batch norm lab: what only it does."""

import numpy as np
import pytest

from cnnlab.figures.batch_norm import PLACES, around, reach_of
from cnnlab.labs import BatchNormLab
from cnnlab.traces.norm_modes import forward_says
from cnnlab.traces.text import number
from tests.labs.looking import send
from tests.worked import example


def test_the_example_of_deck_a() -> None:
    deck = example("A-batchnorm")
    lab = BatchNormLab()
    expected, tol = deck["expect"], deck["tol"]
    np.testing.assert_allclose(lab.trace.y, expected["y"], atol=tol)
    np.testing.assert_allclose(lab.trace.x_hat, expected["x_hat"], atol=tol)
    assert abs(lab.trace.unbiased_var - expected["running_var_update_uses"]) < tol
    assert "(9 + 1 + 1 + 9) / 4 = 5" in lab.svg and "0.9·1 + 0.1·6.67 ≈ 1.56667" in lab.svg


def test_a_dragged_dot_moves_all_outputs_in_training_and_its_own_in_eval() -> None:
    lab = BatchNormLab()
    drag = {"kind": "paint", "grid": "dot 3", "cells": [[0, PLACES - 1]], "text": ""}
    before = lab.trace.y
    send(lab, drag)
    assert lab.trace.x.tolist() == [2, 4, 6, 12] and lab.at == 3
    assert (lab.trace.y != before).all()
    lab = BatchNormLab(training=False)
    before = lab.trace.y
    send(lab, drag)
    assert (lab.trace.y != before).tolist() == [False, False, False, True]


def test_a_mode_is_clicked_and_the_graph_changes_no_number() -> None:
    lab = BatchNormLab()
    y = lab.trace.y
    send(lab, {"kind": "choose", "grid": "modes", "row": 1, "col": 0, "cols": 2})
    assert (lab.training, lab.grad) == (True, False)
    assert (lab.trace.y == y).all() and lab.trace.running_mean == 0.5
    send(lab, {"kind": "choose", "grid": "modes", "row": 0, "col": 1, "cols": 2})
    assert (lab.training, lab.grad) == (False, True)
    assert lab.trace.running_mean == 0


def test_the_layer_is_fed_until_its_running_statistics_are_those_of_the_batch() -> None:
    lab = BatchNormLab(momentum=0.5)
    lab.feed()
    assert (lab.running_mean, lab.running_var) == (2.5, pytest.approx((1 + 20 / 3) / 2))
    for _ in range(60):
        lab.feed()
    assert lab.running_mean == pytest.approx(5) and lab.running_var == pytest.approx(20 / 3)


def test_one_alone_works_in_eval_and_is_refused_in_training() -> None:
    lab = BatchNormLab(x=[2], training=False)
    assert lab.error == "" and lab.trace.y == pytest.approx([5], abs=1e-4)
    lab.training = True
    assert "x has a single number" in lab.error and "training=False" in lab.error
    lab.x = "two"
    assert lab.error == ""


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("grad", [True, False])
def test_pytorch_comes_to_the_same(training: bool, grad: bool) -> None:
    lab = BatchNormLab(
        x="one far away", gamma=-1.5, eps=0.1, momentum=0.3, running_mean=2, running_var=3, training=training, grad=grad
    )
    assert lab.check_with_torch() < 1e-12
    assert ("no_grad" in lab.torch_code()) == (not grad)


def test_the_axes_stay_while_a_value_is_dragged_within_them() -> None:
    assert around(np.array([2.0, 4, 6, 8])) == around(np.array([2.0, 4, 6, 12])) == (-12, 12)
    assert around(np.array([2.0, 4, 6, 12.5])) == (-120, 120)
    assert around(np.array([1002.0, 1004, 1006, 1008])) == (988, 1012)
    assert reach_of(np.zeros(3)) == (-12, 12)
    assert reach_of(np.array([17.0]), (1, 2.5, 5)) == (-30, 30)
    assert reach_of(np.array([-130.0]), (1, 2.5, 5)) == (-300, 300) and reach_of(np.array([61.0]), (1, 2.5, 5)) == (
        -120,
        120,
    )


def test_modes_and_running_statistics_are_shown_where_they_can_be_changed() -> None:
    lab = BatchNormLab(controls="x gamma")
    assert "model.eval()" not in lab.svg and "running_var" not in lab.svg and "mode" not in lab.note.value
    lab.controls = "feed"
    assert "model.eval()" not in lab.svg and "running_var" in lab.svg
    lab.controls = "grad"
    assert "model.eval()" in lab.svg and "running_var" in lab.svg


@pytest.mark.parametrize(("eps", "ends"), [(5.0, (-8, 1)), (400.0, (-8, 2.602)), (1e-12, (-12, 1)), (1e299, (-8, 299))])
def test_the_slider_of_eps_shows_what_was_written_in_a_cell(eps: float, ends: tuple[float, float]) -> None:
    lab = BatchNormLab()
    lab.eps = eps
    slider = lab._tied["eps"]
    assert (lab.error, slider.value) == ("", pytest.approx(eps))
    assert (slider.min, slider.max) == pytest.approx(ends, abs=1e-3)


def test_huge_numbers_in_eval_are_told_without_a_square_beyond_all_numbers() -> None:
    lab = BatchNormLab(x=[-9, -1], gamma=1e160, beta=0, eps=1, running_var=3, training=False)
    assert lab.error == "" and "inf" not in lab.svg
    assert f"standard deviation {number(2e160)}." in forward_says(lab.trace)
