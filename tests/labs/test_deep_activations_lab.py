"""What only the lab of many layers does: a layer that is pointed at, two activations compared."""

import pytest

from cnnlab.labs import DeepActivationsLab
from cnnlab.traces.activations import LABELS
from tests.labs.looking import send, step_shown


def test_pointing_at_a_layer_and_staying() -> None:
    lab = DeepActivationsLab()
    send(lab, {"kind": "hover", "grid": "layer", "row": 0, "col": 8, "cols": 11})
    assert (step_shown(lab), lab.layer) == (8, 5) and "gradient[7] = " in lab.svg
    send(lab, {"kind": "leave"})
    assert step_shown(lab) == 5
    send(lab, {"kind": "pin", "grid": "layer", "row": 0, "col": 0, "cols": 11})
    assert lab.layer == 0 and "inputs: mean" in lab.svg


def test_fewer_layers_keep_one_that_exists() -> None:
    lab = DeepActivationsLab(layers=20, layer=17)
    lab.layers = 4
    assert (lab.layer, lab.boxes["layer"].max, lab.error) == (4, 4, "")


def test_the_sigmoid_vanishes_and_relu_does_not() -> None:
    lab = DeepActivationsLab(layers=20)
    assert "it vanishes" in lab.svg
    lab.beside = "relu"
    assert "dashed: ReLU" in lab.svg
    lab.activation = "relu"
    assert "it vanishes" not in lab.svg


@pytest.mark.parametrize("name", LABELS)
def test_pytorch_computes_the_same(name: str) -> None:
    lab = DeepActivationsLab(activation=name, negative_slope=0.25, layers=20)
    assert lab.check_with_torch() < 1e-12
