"""What only the softmax lab does: bars that are dragged, a constant that changes nothing, a target."""

from typing import Any

import numpy as np
import pytest

from cnnlab.labs import SoftmaxLab
from tests.labs.looking import click, send


def told(lab: SoftmaxLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 1, **event})


def test_a_bar_is_dragged_and_its_class_written_out() -> None:
    lab = SoftmaxLab(logits="2 1 0")
    told(lab, kind="paint", grid="logit 2", cells=[[60, 0], [40, 0], [20, 0]])
    assert lab.logits == [2, 1, 4] and lab.index == 2
    assert "probabilities[2] = " in lab.svg and lab.boxes["logits"].value == "2 1 4"
    told(lab, kind="pin", grid="logit 2", row=21)
    assert lab.logits == [2, 1, 3.9]
    for grid in ("logit 3", "logit x", "logit", "nonsense"):
        told(lab, kind="pin", grid=grid)
    assert lab.logits == [2, 1, 3.9]


def test_a_constant_added_to_all_changes_no_probability() -> None:
    lab = SoftmaxLab()
    before = lab.trace.probabilities
    click(lab, "all + 1")
    click(lab, "all + 1")
    assert lab.logits == [4, 3, 2, 1]
    np.testing.assert_array_equal(lab.trace.probabilities, before)
    click(lab, "all − 1")
    assert lab.logits == [3, 2, 1, 0]


def test_classes_come_and_go() -> None:
    lab = SoftmaxLab(logits=[3, 1, 2], target=2)
    lab.boxes["classes"].value = 5
    assert lab.logits == [3, 1, 2, 0, 0] and lab.target == 2
    lab.index = 4
    lab.boxes["classes"].value = 2
    assert (lab.logits, lab.target, lab.index, lab.error) == ([3, 1], 1, 1, "")
    lab.logits = "5 4 3 2 1"
    assert lab.boxes["classes"].value == 5


def test_a_target_shows_the_loss_and_the_gradient() -> None:
    lab = SoftmaxLab(logits=[0, 0])
    assert "loss" not in lab.svg
    lab.target = 1
    assert "loss = −log(p[1]) = −log(0.5) ≈ 0.693147" in lab.svg
    assert "gradient p − y, y = 1 for class 1" in lab.svg and ">−0.5<" in lab.svg
    lab.target = 2
    assert lab.error == "target must be None or a class from 0 to 1, but is 2"


@pytest.mark.parametrize("typed", ["0,693 0 -1,5", "0,693; 0; -1,5", "0,693;0;-1,5", "0.693, 0, -1.5"])
def test_decimal_commas_are_understood(typed: str) -> None:
    assert SoftmaxLab(logits=typed).trace.logits.tolist() == [0.693, 0, -1.5]


def test_where_a_comma_may_be_either_the_lab_says_how_it_was_read() -> None:
    lab = SoftmaxLab(logits="1,5,0,2")
    assert "Read as 4 logits: 1 5 0 2. With decimal commas, put spaces" in lab.note.value and lab.error == ""
    lab.logits = "1,5 0,2"
    assert lab.trace.logits.tolist() == [1.5, 0.2] and "Read as" not in lab.note.value
    lab.logits = "1,5,0,2,1,5,0,2"
    assert lab.error.startswith("logits must be 2 to 6 numbers with spaces between, such as 2 1 0, but is '1,5,0")


def test_large_logits_have_a_scale_of_their_own() -> None:
    lab = SoftmaxLab(logits=[1000, 999, 998])
    assert ">1000<" in lab.svg and "exp(1000) alone is beyond" in lab.svg
    told(lab, kind="pin", grid="logit 0", row=0)
    assert lab.logits == [1000, 999, 998]


@pytest.mark.parametrize("settings", [{}, {"temperature": 0.5, "target": 2}, {"logits": [1000, 0], "target": 1}])
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert SoftmaxLab(**settings).check_with_torch() < 1e-15
