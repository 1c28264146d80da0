"""What only the losses lab does: a prediction that is dragged, losses that compete, an axis that takes all along."""

from typing import Any

import pytest

from cnnlab.labs import LossesLab
from cnnlab.traces.loss_curves import ON_AXIS
from tests.labs.looking import send


def told(lab: LossesLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 121, **event})


@pytest.mark.parametrize("grid", ["loss", "slope"])
def test_the_prediction_is_dragged_on_either_plot(grid: str) -> None:
    lab = LossesLab()
    told(lab, kind="paint", grid=grid, cells=[[0, 20], [0, 70], [0, 90]])
    assert lab.value == 3 and 'data-at="0 90"' in lab.svg
    told(lab, kind="pin", grid=grid, col=91)  # the arrow key
    assert lab.value == 3.1
    told(lab, kind="pin", grid="nonsense", col=3)
    assert lab.value == 3.1
    told(lab, kind="paint", grid=grid, cells=[[0, 999]])
    assert lab.value == 6


def test_a_probability_is_never_dragged_to_0_or_1() -> None:
    lab = LossesLab(axis="probability")
    told(lab, kind="pin", grid="loss", col=0)
    assert (lab.value, lab.error) == (0.01, "")
    told(lab, kind="pin", grid="loss", col=100)
    assert (lab.value, lab.error) == (0.99, "")


def test_every_loss_of_the_axis_is_there_with_its_number() -> None:
    lab = LossesLab(value=-4)
    for said in ("BCE 4.02", "squared 0.964", "hinge 5", "BCE −0.982", "squared −0.035", "hinge −1"):
        assert f">{said}<" in lab.svg, said
    lab.compare = False
    assert ">BCE 4.02<" in lab.svg and "hinge" not in lab.svg and "squared" not in lab.svg
    lab.compare = True
    lab.axis = "number"
    for said in ("squared 2.25", "absolute 1.5", "squared 3", "absolute 1"):
        assert f">{said}<" in lab.svg, said


def test_another_axis_takes_the_prediction_along() -> None:
    lab = LossesLab(loss="hinge", target=0, value=0.3)
    assert "so t = −1" in lab.svg and "1.3" in lab.svg
    lab.axis = "probability"
    assert (lab.loss, lab.target, lab.value, lab.error) == ("bce", 0, 0.57, "")
    lab.axis = "number"
    lab.target = 2.5
    lab.axis = "logit"
    assert (lab.loss, lab.target, lab.value, lab.error) == ("squared", 1, -4, "")
    lab.reset()
    assert lab.recipe() == "LossesLab(loss='hinge', target=0, value=0.3)"


def test_an_axis_alone_is_enough() -> None:
    assert LossesLab(axis="number").recipe() == "LossesLab(axis='number', loss='squared', value=2.5)"
    assert LossesLab(axis="probability").recipe() == "LossesLab(axis='probability', value=0.01)"


def test_a_loss_of_another_axis_is_told() -> None:
    lab = LossesLab(axis="number", loss="hinge")
    assert lab.error == "loss of a number must be squared or absolute, but is hinge"
    lab.loss = "absolute"
    assert lab.error == "" and lab.boxes["loss"].options == (("squared", "squared"), ("absolute", "absolute"))


@pytest.mark.parametrize(("axis", "loss"), [(axis, loss) for axis, losses in ON_AXIS.items() for loss in losses])
@pytest.mark.parametrize("target", [0, 1])
def test_pytorch_computes_the_same(axis: str, loss: str, target: int) -> None:
    lab = LossesLab(axis=axis, loss=loss, target=target)
    assert lab.error == ""
    assert lab.check_with_torch() < 1e-12
