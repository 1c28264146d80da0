"""What only the lab of the dying ReLU does: steps of a descent, two units compared."""

import pytest

from cnnlab.labs import DyingReLULab
from tests.labs.looking import click, send


def test_the_first_step_kills_it() -> None:
    lab = DyingReLULab(walk=True)
    assert "5 of 5 sums are positive" in lab.svg
    click(lab, "next step")
    assert lab.step == 1 and "It is dead." in lab.svg and "after 1 step: y = ReLU(−0.285·x − 1.33)" in lab.svg
    send(lab, {"kind": "pin", "grid": "output", "row": 0, "col": 60, "cols": 61})
    assert lab.step == 60 and "It is dead." in lab.svg
    lab.activation = "leaky_relu"
    assert "5 of 5 sums are positive" in lab.svg


def test_walking_hides_what_is_still_to_come() -> None:
    whole, walking = DyingReLULab(step=3), DyingReLULab(step=3, walk=True)
    assert len(whole.svg) > len(walking.svg)


def test_a_second_unit_beside_it() -> None:
    lab = DyingReLULab(beside="leaky_relu")
    assert "dashed: leaky ReLU" in lab.svg and not lab.boxes["negative_slope"].disabled
    lab.beside = ""
    assert lab.boxes["negative_slope"].disabled


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_pytorch_computes_the_same(name: str) -> None:
    assert DyingReLULab(activation=name, learning_rate=0.4).check_with_torch() < 1e-12
