"""What only the Dice lab does: a shape that is dragged over another one and stays on the grid."""

from typing import Any

import pytest

from cnnlab.labs import DiceLab
from tests.labs.looking import send


def told(lab: DiceLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 20, "grid": "shape", **event})


def test_it_begins_with_question_12_of_deck_d() -> None:
    assert "dice = 2·|A∩B| / (|A| + |B|) = 2·80 / (100 + 90) ≈ 0.842105" in DiceLab().svg


def test_the_prediction_follows_the_pointer_and_stays_on_the_grid() -> None:
    lab = DiceLab()
    assert 'data-at="6 11"' in lab.svg
    told(lab, kind="paint", cells=[[6, 11], [6, 8], [7, 5]])
    assert (lab.row, lab.col) == (2, 0)
    told(lab, kind="pin", row=6, col=6)
    assert (lab.row, lab.col) == (1, 1)
    told(lab, kind="pin", row=0, col=19)
    assert (lab.row, lab.col) == (0, 10)
    told(lab, kind="pin", grid="nonsense", row=6, col=6)
    assert (lab.row, lab.col) == (0, 10)


def test_a_larger_shape_moves_back_onto_the_grid() -> None:
    lab = DiceLab(prediction="small", row=9, col=17)
    lab.prediction = "square"
    assert (lab.row, lab.col, lab.error) == (2, 10, "")
    assert (lab.boxes["row"].max, lab.boxes["col"].max) == (2, 10)


def test_smoothing_and_an_empty_truth() -> None:
    lab = DiceLab(truth="empty", prediction="small")
    assert lab.trace.dice.value == 1
    lab.smooth = 1
    assert lab.trace.dice.value == 0.9
    lab.prediction = "empty"
    assert lab.trace.dice.value == 0


@pytest.mark.parametrize(
    "settings", [{}, {"smooth": 2.5, "truth": "disk"}, {"truth": "empty", "prediction": "empty"}, {"truth": "empty"}]
)
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert DiceLab(**settings).check_with_torch() < 1e-15
