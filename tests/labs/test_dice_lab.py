"""What only the Dice lab does: two shapes that are dragged over each other and stay on the grid."""

import re
from typing import Any

import pytest

from cnnlab.labs import DiceLab
from tests.labs.looking import send


def told(lab: DiceLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 20, "grid": "prediction", **event})


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


def test_the_truth_is_dragged_too() -> None:
    lab = DiceLab()
    told(lab, kind="paint", grid="truth", cells=[[6, 9], [6, 10]])
    assert (lab.true_row, lab.true_col, lab.row, lab.col) == (1, 6, 1, 6)
    assert lab.trace.both == 90 and "20 cells too many" not in lab.trace.says()
    told(lab, kind="pin", grid="truth", row=11, col=19)
    assert (lab.true_row, lab.true_col) == (2, 11)


def test_where_both_lie_the_prediction_is_held_unless_it_is_everything() -> None:
    """What is drawn last is what the pointer finds."""

    def last(**settings: Any) -> str:
        return str(re.findall(r'data-grid="(\w+)"', DiceLab(**settings).svg)[-1])

    assert last() == last(truth="small", prediction="square") == "prediction"
    assert last(truth="small", prediction="everything") == "truth"
    assert "Drag the truth; Tab" in DiceLab(prediction="everything").note.value


def test_an_empty_shape_cannot_be_grabbed() -> None:
    assert 'data-grid="truth"' not in DiceLab(truth="empty").svg
    assert "Drag the prediction; Tab" in DiceLab(truth="empty").note.value
    nothing = DiceLab(truth="empty", prediction="empty")
    assert "data-grid" not in nothing.svg and "Neither of these shapes can be moved" in nothing.note.value


def test_a_larger_shape_moves_back_onto_the_grid() -> None:
    lab = DiceLab(prediction="small", row=9, col=17)
    lab.prediction = "square"
    assert (lab.row, lab.col, lab.error) == (2, 10, "")
    assert (lab.boxes["row"].max, lab.boxes["col"].max) == (2, 10)
    lab = DiceLab(truth="small", true_row=9, true_col=17)
    lab.truth = "rectangle"
    assert (lab.true_row, lab.true_col, lab.boxes["true_col"].max) == (2, 11, 11)


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
