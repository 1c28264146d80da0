"""The weights lab: what is pointed at is written out, and the counts follow the numbers."""

from typing import Any

import pytest

from cnnlab.labs import WeightsLab
from cnnlab.traces.connections import SIZES


def told(lab: WeightsLab, **event: Any) -> None:
    lab.stage._handle_custom_msg({"row": 0, "col": 0, "cols": 6, **event}, [])


def test_pointing_at_a_unit_or_at_a_row_writes_out_its_sum() -> None:
    lab = WeightsLab()
    told(lab, kind="hover", grid="units local", col=4)
    assert lab.pattern == "local" and "local: unit 4 = " in lab.svg and lab.unit == 2
    told(lab, kind="leave")
    assert "local: unit 2 = " in lab.svg
    told(lab, kind="pin", grid="matrix dense", row=5)
    assert (lab.pattern, lab.unit) == ("dense", 5) and "dense: unit 5 = " in lab.svg


def test_fewer_units_keep_one_that_exists() -> None:
    lab = WeightsLab(unit=5)
    lab.stride = 3
    assert (lab.unit, lab.unit_slider.max, lab.error) == (1, 1, "")


def test_a_known_size_fills_in_its_numbers_and_another_number_makes_it_your_own() -> None:
    lab = WeightsLab()
    lab.size_box.value = "256 × 256 to 256 × 256"
    assert (lab.height, lab.width, lab.channels, lab.units) == (256, 256, 1, 65536)
    assert "4,294,967,296 weights" in lab.svg and "9 weights" in lab.svg and "17.2 GB" in lab.svg
    lab.channels = 3
    assert lab.size_box.value == "your own numbers"


@pytest.mark.parametrize("name", SIZES)
def test_the_counts_of_a_size_are_drawn(name: str) -> None:
    lab = WeightsLab()
    lab.size_box.value = name
    for pattern in ("dense", "local", "shared"):
        assert f"{SIZES[name].weights(pattern):,} weights" in lab.svg


@pytest.mark.parametrize("stride", [1, 2])
def test_pytorch_computes_the_same(stride: int) -> None:
    assert WeightsLab(stride=stride).check_with_torch() == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"inputs": 99}, "inputs must be from 1 to 10, but is 99"),
        ({"kernel_size": 5, "inputs": 4}, "kernel_size must be at most the number of inputs, 4, but is 5"),
        ({"stride": 0}, "stride must be at least 1, but is 0"),
        ({"pattern": "sparse"}, "pattern must be one of 'dense'"),
        ({"units": 0}, "units must be from 1"),
        ({"window": 99, "height": 50}, "window is 99 × 99, but the image is only 50 × 224"),
        ({"height": 2.5}, "height must be a whole number from 0 on"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = WeightsLab()
    with lab.hold():
        for name, value in settings.items():
            setattr(lab, name, value)
    assert words in lab.error
    assert "shared: unit 2" in lab.svg and lab.drawn.inputs == 8
    lab.reset()
    assert lab.error == ""
