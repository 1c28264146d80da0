"""The labs of running statistics and of the place of batch norm: what only they do."""

import pytest

from cnnlab.labs import NormPlacementLab, RunningStatisticsLab
from tests.labs.looking import send


def test_a_batch_of_one_is_refused_with_a_sentence_and_the_picture_stays() -> None:
    lab = RunningStatisticsLab()
    before = lab.svg
    lab.batch_size = 1
    assert "batch_size must be at least 2" in lab.error and lab.svg == before
    lab.batch_size = 2
    assert lab.error == ""


def test_a_curve_is_pointed_at_and_clicked() -> None:
    lab = RunningStatisticsLab()
    send(lab, {"kind": "hover", "grid": "variance", "row": 0, "col": 20, "cols": 101})
    assert lab.trace.step == 20 and lab.step == 0
    send(lab, {"kind": "pin", "grid": "mean", "row": 0, "col": 30, "cols": 101})
    assert lab.trace.step == lab.step == 30


def test_walking_hides_what_is_to_come() -> None:
    lab = RunningStatisticsLab(step=3)
    whole = lab.svg.count("<circle")
    lab.walk = True
    assert lab.svg.count("<circle") < whole / 10


@pytest.mark.parametrize("source", ["normal", "drifting", "a pixel of the digits"])
def test_pytorch_remembers_the_same(source: str) -> None:
    assert RunningStatisticsLab(source=source, batch_size=3, momentum=0.25, seed=3).check_with_torch() < 1e-12


def test_pytorch_finds_the_same_for_both_orders() -> None:
    assert NormPlacementLab(layer_bias=1.3, spread=0.7, gamma=-2, beta=0.4).check_with_torch() < 1e-12


def test_the_sentences_of_both_orders_are_on_the_picture() -> None:
    lab = NormPlacementLab(layer_bias=-6)
    assert "ReLU has cut off all of them; every output is β = 0." in lab.svg
    assert "the bias −6 is gone with the mean" in lab.svg
