"""The dropout backward lab: the mask that is clicked, the seed that draws another one."""

import numpy as np
import pytest

from cnnlab.labs import DropoutBackwardLab
from tests.labs.looking import send


def flip(lab: DropoutBackwardLab, *cols: int) -> None:
    send(lab, {"kind": "paint", "grid": "mask", "cells": [[0, col] for col in cols]})


def test_a_click_on_the_mask_flips_number_and_gradient() -> None:
    lab = DropoutBackwardLab(x="deck A", mask="1 0 1 0", grad_output="3 3 3 3")
    assert lab.trace.grad_x.tolist() == [6, 0, 6, 0]
    flip(lab, 1)
    assert (lab.trace.forward.y.tolist(), lab.trace.grad_x.tolist()) == ([4, 8, 12, 0], [6, 6, 6, 0])
    assert lab.at == 1 and "x[1] was kept" in lab.svg
    flip(lab, 1, 0, 99)
    assert lab.trace.forward.mask.tolist() == [0, 0, 1, 0]
    assert "x[0] was dropped" in lab.svg


def test_an_entry_that_is_passed_twice_is_as_it_was() -> None:
    lab = DropoutBackwardLab()
    before = lab.trace.forward.mask.tolist()
    flip(lab, 3, 3)
    assert lab.trace.forward.mask.tolist() == before


def test_another_seed_draws_another_mask_also_over_one_that_was_clicked() -> None:
    lab = DropoutBackwardLab()
    first = lab.trace.forward.mask
    np.testing.assert_array_equal(first, np.random.default_rng(0).random(8) >= 0.5)
    flip(lab, 0)
    lab.seed = 1
    np.testing.assert_array_equal(lab.trace.forward.mask, np.random.default_rng(1).random(8) >= 0.5)
    assert "seed=1" in lab.recipe() and "mask" not in lab.recipe()


def test_more_is_dropped_of_the_same_draw_as_p_grows() -> None:
    lab, before = DropoutBackwardLab(p=0), np.ones(8)
    for p in (0.2, 0.5, 0.8, 1):
        lab.p = p
        assert (lab.trace.forward.mask <= before).all()
        before = lab.trace.forward.mask
    assert not before.any()


def test_a_lab_with_seed_and_mask_goes_back_to_both() -> None:
    lab = DropoutBackwardLab(x="deck A", seed=3, mask="1 1 0 0")
    assert lab.trace.forward.mask.tolist() == [1, 1, 0, 0]
    lab.seed = 4
    lab.reset()
    assert (lab.seed, lab.mask) == (3, "1 1 0 0")
    assert lab.trace.forward.mask.tolist() == [1, 1, 0, 0]


def test_numbers_are_edited_pasted_and_pointed_at() -> None:
    lab = DropoutBackwardLab()
    send(lab, {"kind": "edit", "grid": "grad_y", "cells": [[0, 0]], "text": "7"})
    assert lab.trace.grad_x[0] == 14
    send(lab, {"kind": "grid", "grid": "x", "text": "5 6 7"})
    assert lab.trace.forward.x.tolist() == [5, 6, 7]
    send(lab, {"kind": "hover", "grid": "grad_x", "row": 0, "col": 2, "cols": 3})
    assert "dx[2] = " in lab.svg and lab.at == 0


def test_in_eval_mode_the_mask_is_gray_and_waits() -> None:
    lab = DropoutBackwardLab(training=False)
    assert "not used in eval mode" in lab.svg and "cl-pad" in lab.svg
    np.testing.assert_array_equal(lab.trace.grad_x, lab.trace.grad_y)
    flip(lab, 0)
    lab.training = True
    assert lab.trace.forward.mask[0] == 0


def test_the_check_says_why_the_mask_is_held() -> None:
    lab = DropoutBackwardLab()
    assert "Central differences" not in lab.svg
    lab.check = True
    assert "Central differences, this mask held" in lab.svg and "two different functions" in lab.svg


@pytest.mark.parametrize(
    ("p", "training", "inverted"),
    [(0.3, True, True), (0.3, True, False), (0.3, False, True), (0.3, False, False), (1, True, True)],
)
def test_autograd_comes_to_the_same(p: float, training: bool, inverted: bool) -> None:
    lab = DropoutBackwardLab(p=p, training=training, inverted=inverted)
    assert lab.check_with_torch() < 1e-12
