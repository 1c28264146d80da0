"""What only the activations lab does: a point that is dragged along the curve, two functions side by side."""

from typing import Any

import pytest

from cnnlab.labs import ActivationsLab
from cnnlab.traces.activations import LABELS
from tests.labs.looking import send


def told(lab: ActivationsLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 121, **event})


@pytest.mark.parametrize("grid", ["output", "slope"])
def test_the_point_is_dragged_on_either_plot(grid: str) -> None:
    lab = ActivationsLab()
    told(lab, kind="paint", grid=grid, cells=[[0, 75], [0, 20], [0, 60]])
    assert lab.value == 0 and 'data-at="0 60"' in lab.svg
    told(lab, kind="pin", grid=grid, col=61)  # the arrow key
    assert lab.value == 0.1 and "input 0.1" in lab.svg
    told(lab, kind="pin", grid="nonsense", col=3)
    told(lab, kind="paint", grid=grid, cells=[[0, 999]])
    assert lab.value == 6


def test_what_is_seen_follows_the_slope() -> None:
    lab = ActivationsLab(value=0)
    assert "25% passes" in lab.svg
    lab.value = 4
    assert "Saturated, as the slope is below 0.05" in lab.svg
    lab.activation = "relu"
    assert "All of a gradient that comes back passes." in lab.svg
    lab.value = -4
    assert "nothing of a gradient" in lab.svg
    lab.activation = "leaky_relu"
    assert "10% passes" in lab.svg


def test_two_functions_side_by_side_are_named() -> None:
    lab = ActivationsLab(beside="tanh")
    assert "sigmoid, and tanh (dashed): output" in lab.svg
    assert lab.svg.count("stroke-dasharray") > ActivationsLab().svg.count("stroke-dasharray")


def test_the_slope_of_leaky_relu_can_be_set_where_there_is_one() -> None:
    lab = ActivationsLab()
    assert lab.boxes["negative_slope"].disabled
    lab.beside = "leaky_relu"
    assert not lab.boxes["negative_slope"].disabled


@pytest.mark.parametrize("name", LABELS)
def test_pytorch_computes_the_same(name: str) -> None:
    lab = ActivationsLab(activation=name, negative_slope=0.25)
    assert lab.check_with_torch() < 1e-15
    assert (f"torch.{name}(x)" if name in ("sigmoid", "tanh") else f"F.{name}(x") in lab.torch_code()
    assert ("0.25" in lab.torch_code()) == (name == "leaky_relu")


def test_a_slider_that_is_a_hair_off_sets_a_round_number() -> None:
    lab = ActivationsLab()
    lab.boxes["value"].value = 0.09999999999999964  # what the page makes of 61 steps of 0.1 from -6
    assert lab.value == 0.1 and lab.recipe() == "ActivationsLab(value=0.1)"
    assert lab.boxes["value"].value == 0.09999999999999964  # not sent back: the page may be further by now
    lab.value = 0.2
    assert lab.boxes["value"].value == 0.2


def test_a_band_is_spoken_of_only_where_there_is_one() -> None:
    lab = ActivationsLab(activation="leaky_relu")
    assert "band" not in lab.note.value
    lab.negative_slope = 0.01
    assert "The band is where the slope is below 0.05." in lab.note.value
