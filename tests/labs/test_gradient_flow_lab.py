"""What only the gradient flow lab does: a layer that is pointed at, curves that are kept beside it."""

import numpy as np
import pytest
import torch  # noqa: F401  (loaded here, it compares in this process, and not in one of its own for each case)

from cnnlab.labs import GradientFlowLab
from tests.labs.looking import send, step_shown


def test_pointing_at_a_layer_and_staying() -> None:
    lab = GradientFlowLab()
    send(lab, {"kind": "hover", "grid": "layer", "row": 0, "col": 8, "cols": 31})
    assert (step_shown(lab), lab.layer) == (8, 15) and "gradient[7] = " in lab.svg
    send(lab, {"kind": "leave"})
    assert step_shown(lab) == 15
    send(lab, {"kind": "pin", "grid": "layer", "row": 0, "col": 0, "cols": 31})
    assert lab.layer == 0 and "gradient[0] is that of the inputs" in lab.svg


def test_fewer_layers_keep_one_that_exists() -> None:
    lab = GradientFlowLab(depth=50, layer=47)
    lab.depth = 4
    assert (lab.layer, lab.error) == (4, "")


def test_question_15_step_by_step() -> None:
    """A teacher keeps one curve after the other."""
    lab = GradientFlowLab(depth=50)
    assert "it vanishes" in lab.svg
    lab.boxes["keep"].click()
    assert lab.beside == "sigmoid xavier" and lab.boxes["beside"].value == "sigmoid xavier"
    lab.activation, lab.init = "relu", "he"
    lab.boxes["keep"].click()
    lab.batch_norm = True
    assert lab.beside == "sigmoid xavier; relu he"
    for name in ("sigmoid, Xavier", "ReLU, He", "ReLU, He, BN"):
        assert f">{name}</text>" in lab.svg
    named = GradientFlowLab(activation="relu", init="he", batch_norm=True, depth=50, beside="sigmoid and ReLU")
    assert [f.design for f in named.trace.flows] == [f.design for f in lab.trace.flows]
    lab.boxes["keep"].click()  # the oldest makes room
    assert lab.beside == "relu he; relu he batch_norm"


def test_a_network_that_cannot_be_read_keeps_the_picture() -> None:
    lab = GradientFlowLab(beside="relu he")
    before = lab.svg
    lab.beside = "relu hee"
    assert "not 'hee'" in lab.error and lab.svg == before


def test_theory_is_drawn_where_there_is_one() -> None:
    assert "gray: theory" in GradientFlowLab().svg
    assert "gray: theory" not in GradientFlowLab(batch_norm=True).svg
    assert "gray: theory" not in GradientFlowLab(gradient="weights").svg


def test_a_gradient_of_0_is_named_where_its_curve_leaves() -> None:
    lab = GradientFlowLab(activation="relu", init="zeros", beside="sigmoid xavier")
    assert ">ReLU, zeros: 0</text>" in lab.svg and ">sigmoid, Xavier</text>" in lab.svg


def test_what_float32_cannot_hold_is_marked() -> None:
    assert "float32: below this 0" in GradientFlowLab(init="small", depth=50).svg
    assert "float32: above this infinite" in GradientFlowLab(activation="none", init="normal", depth=50).svg
    assert "float32" not in GradientFlowLab().svg


@pytest.mark.parametrize("settings", [{"init": "zeros"}, {"init": "normal", "residual": True, "activation": "none"}])
def test_no_number_of_a_picture_is_infinite(settings: dict[str, object]) -> None:
    lab = GradientFlowLab(depth=50, **settings)
    assert lab.error == "" and "inf" not in lab.svg.replace("infinite", "") and "nan" not in lab.svg


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "none"])
def test_pytorch_computes_the_same(activation: str) -> None:
    beside = f"{activation} xavier batch_norm; {activation} torch batch_norm residual"
    lab = GradientFlowLab(activation=activation, init="he", residual=True, depth=50, seed=3, beside=beside)
    assert lab.check_with_torch() < 1e-8


def test_pytorch_is_asked_about_every_curve() -> None:
    lab = GradientFlowLab(activation="relu", init="he", batch_norm=True, beside="sigmoid zeros batch_norm; none normal")
    assert lab.check_with_torch() < 1e-8
    wrong = lab.trace.flows[2].__dict__["_backward"]
    lab.trace.flows[2].__dict__["_backward"] = (wrong[0] * np.float64(1.01), wrong[1])
    assert lab.check_with_torch() > 0.009


def test_keep_is_shown_with_beside() -> None:
    lab = GradientFlowLab(controls="activation depth")
    assert lab.boxes["keep"].layout.display == "none"
    lab.controls = "beside"
    assert lab.boxes["keep"].layout.display is None


def test_the_hint_names_keep_where_there_is_such_a_button():
    assert "Keep" in GradientFlowLab().note.value
    assert "Keep" not in GradientFlowLab(controls="depth").note.value
