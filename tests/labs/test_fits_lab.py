"""What only the fits lab does: dots that are dragged, errors as squares or bars, a table of the losses."""

import re
from typing import Any

import pytest

from cnnlab.labs import FitsLab
from tests.labs.looking import send


def told(lab: FitsLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 1, **event})


def test_a_dot_is_dragged_and_becomes_a_fit_of_one_s_own() -> None:
    lab = FitsLab(predictions="fit 2")
    told(lab, kind="paint", grid="point 2", cells=[[20, 0], [16, 0], [15, 0]])
    assert lab.predictions == [1, 2, 3.5] and ">yours<" in lab.svg
    assert lab.trace.best("mse") == ("yours",)
    told(lab, kind="pin", grid="point 2", row=16)
    assert lab.predictions == [1, 2, 3.4]
    for grid in ("point 3", "point x", "point", "nonsense"):
        told(lab, kind="pin", grid=grid)
    assert lab.predictions == [1, 2, 3.4]
    told(lab, kind="choose", grid="fit", row=0)
    assert lab.predictions == "fit 1" and ">yours<" not in lab.svg


def test_the_row_of_one_s_own_fit_stays_chosen() -> None:
    lab = FitsLab(predictions=[1, 2, 2])
    told(lab, kind="choose", grid="fit", row=3)
    assert lab.predictions == [1, 2, 2]


def test_without_compare_only_one_fit_has_its_numbers() -> None:
    lab = FitsLab(compare=False)
    assert ">2.17<" in lab.svg and ">0.167<" not in lab.svg and "smallest" not in lab.svg
    assert "0.167" not in lab._repr_mimebundle_()["text/plain"]
    lab.compare = True
    assert ">0.167<" in lab.svg and "smallest MSE: fit 2" in lab.svg


def test_squares_are_as_wide_as_they_are_high_and_bars_are_not() -> None:
    def errors(lab: FitsLab) -> list[tuple[float, float]]:
        found = re.findall(r'width="([\d.]+)" height="([\d.]+)" fill-opacity="0.34"', lab.svg.split("data-grid")[0])
        return [(float(w), float(h)) for w, h in found]

    squares = errors(FitsLab(compare=False))
    assert len(squares) == 3 and all(w == pytest.approx(h, abs=0.02) for w, h in squares)
    bars = errors(FitsLab(compare=False, loss="mae"))
    assert {w for w, _ in bars} == {16} and [h for _, h in bars] == [h for _, h in squares]


def test_another_question_begins_with_its_first_fit() -> None:
    lab = FitsLab(predictions=[1, 2, 3])
    lab.question = "outlier"
    assert (lab.predictions, lab.error) == ("fit 1", "")
    lab.question = "nonsense"
    lab.question = "outlier"
    assert lab.error == ""


@pytest.mark.parametrize("settings", [{}, {"question": "Q9b", "predictions": "fit 3"}, {"predictions": [1, 2, 3.3]}])
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert FitsLab(**settings).check_with_torch() < 1e-15
