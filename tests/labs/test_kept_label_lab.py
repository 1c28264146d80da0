"""What only the kept label lab does: the curves are pointed at, one amount belongs to each transform."""

import pytest
import torch  # noqa: F401, so that the code runs in this process

from cnnlab.labs import KeptLabelLab
from cnnlab.traces.kept_label import RANGES
from tests.labs.looking import send


@pytest.mark.parametrize(
    "given",
    [{"angle": 180}, {"transform": "shift", "x": 3.5}, {"transform": "zoom", "zoom": 1.7},
     {"digit": 2, "flip": "left to right", "transform": "shear", "shear": -33}],
)  # fmt: skip
def test_it_agrees_with_pytorch(given):
    assert KeptLabelLab(**given).check_with_torch() < 1e-6


def test_pointing_at_the_curves_changes_the_digit_and_clicking_keeps_it():
    lab = KeptLabelLab()
    send(lab, {"kind": "hover", "grid": "amount", "row": 0, "col": 120, "cols": 121})
    assert lab.trace.amount == 180 and lab.angle == 0
    send(lab, {"kind": "leave"})
    assert lab.trace.amount == 0
    send(lab, {"kind": "pin", "grid": "amount", "row": 0, "col": 0, "cols": 121})
    assert lab.angle == -180
    lab.transform = "zoom"
    send(lab, {"kind": "pin", "grid": "amount", "row": 0, "col": 120, "cols": 121})
    assert lab.zoom == 2 and lab.angle == -180


def test_without_curves_nothing_is_given_away():
    lab = KeptLabelLab(curves=False)
    text = lab._repr_mimebundle_()["text/plain"] + lab.svg
    assert "Read right" not in text and "of 9<" not in text and "orange-line" not in text
    lab.curves = True
    assert "Read right" in lab.svg and "of 9<" in lab.svg


@pytest.mark.parametrize("transform", RANGES)
def test_only_the_slider_of_the_transform_is_shown(transform):
    lab = KeptLabelLab(transform=transform)
    assert [name for name, box in lab.amounts.items() if box.layout.display != "none"] == [RANGES[transform][0]]
    lab.controls = "digit"
    assert all(box.layout.display == "none" for box in lab.amounts.values())
