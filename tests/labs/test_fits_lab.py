"""What only the fits lab does: dots that are dragged, errors as squares or bars, a table of the losses."""

import re
from typing import Any

import pytest

from cnnlab.labs import FitsLab
from tests.labs.looking import send


def told(lab: FitsLab, **event: Any) -> None:
    send(lab, {"row": 0, "col": 0, "cols": 1, **event})


def test_a_dot_is_dragged_and_becomes_a_fit_of_one_s_own() -> None:
    lab = FitsLab(predictions="fit 3")
    told(lab, kind="paint", grid="point 2", cells=[[20, 0], [16, 0], [15, 0]])
    assert lab.predictions == [1.5, 3, 3.5] and ">yours<" in lab.svg
    told(lab, kind="pin", grid="point 0", row=40)
    told(lab, kind="pin", grid="point 1", row=25)
    assert lab.predictions == [1, 2.5, 3.5]
    assert lab.trace.best("mse") == ("yours",)
    for grid in ("point 3", "point x", "point", "nonsense"):
        told(lab, kind="pin", grid=grid)
    assert lab.predictions == [1, 2.5, 3.5]
    told(lab, kind="choose", grid="fit", row=0)
    assert lab.predictions == "fit 1" and ">yours<" not in lab.svg


def test_a_fit_that_is_a_line_stays_one() -> None:
    lab = FitsLab(predictions="fit 2")
    told(lab, kind="paint", grid="point 2", cells=[[20, 0], [16, 0], [15, 0]])
    assert lab.predictions == "y = 1.25x - 0.25" and ">your line<" in lab.svg
    assert lab.trace.chosen.predictions == (1, 2.25, 3.5)
    told(lab, kind="pin", grid="point 1", row=25)  # all of it goes up by 0.25
    assert lab.predictions == "y = 1.25x"
    told(lab, kind="pin", grid="point 1", row=0)  # as far as there is room
    assert lab.trace.chosen.predictions == (2.5, 3.75, 5)
    told(lab, kind="choose", grid="fit", row=3)
    assert lab.trace.chosen.name == "your line"


def test_dots_that_come_to_lie_on_a_line_are_dots_still() -> None:
    lab = FitsLab(predictions="fit 3")
    told(lab, kind="paint", grid="point 2", cells=[[9, 0], [5, 0]])
    assert lab.predictions == [1.5, 3, 4.5] and "y_hat = w·x + b = 1.5·x + 0" in lab.svg
    told(lab, kind="pin", grid="point 2", row=6)
    assert lab.predictions == [1.5, 3, 4.4]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("y = 1.5x - 1", (1.5, -1)),
        ("x", (1, 0)),
        ("−x+4", (-1, 4)),
        ("1/2 * x + 0,25", (0.5, 0.25)),
        ("y=0x + 2", (0, 2)),
        (".5·x", (0.5, 0)),
    ],
)
def test_a_line_is_typed(typed: str, line: tuple[float, float]) -> None:
    lab = FitsLab(predictions=typed)
    found = lab.trace.chosen.line
    assert found and (found.slope, found.intercept, lab.error) == (*line, "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2.5x", "predictions of Q9 must be 3 numbers from 0 to 5, but are 2.5, 5, 7.5"),
        ("2zx + 1", "predictions holds '2z', which is not a number: type one such as 2, -0.5 or 1/9"),
        ("1 z 2", "predictions, row 1, column 2, holds 'z', which is not a number: type one such as 2, -0.5 or 1/9"),
        ("nonsense", "predictions must be 'fit 1', 'fit 2', 'fit 3', a line such as 'y = 1.5x - 1' or numbers such as"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_told(typed: str, said: str) -> None:
    assert FitsLab(predictions=typed).error.startswith(said)


def test_the_best_lines_are_rows_of_the_table_only_when_all_are_compared() -> None:
    lab = FitsLab()
    told(lab, kind="choose", grid="fit", row=4)
    assert lab.predictions == "MAE's best line" and lab.trace.chosen.losses["mae"].value == pytest.approx(1 / 12)
    lab.predictions, lab.compare = "fit 1", False
    assert "best line" not in lab.svg


def test_the_row_of_one_s_own_fit_stays_chosen() -> None:
    lab = FitsLab(predictions=[1, 2, 2])
    told(lab, kind="choose", grid="fit", row=3)
    assert lab.predictions == [1, 2, 2]


def test_without_compare_only_one_fit_has_its_numbers() -> None:
    lab = FitsLab(compare=False)
    assert ">2.17<" in lab.svg and ">0.167<" not in lab.svg and "best fit by" not in lab.svg
    assert "0.167" not in lab._repr_mimebundle_()["text/plain"]
    lab.compare = True
    assert ">0.167<" in lab.svg and "best fit by MSE: fit 2" in lab.svg


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


@pytest.mark.parametrize(
    "settings",
    [{}, {"question": "Q9b", "predictions": "fit 3"}, {"predictions": [1, 2, 3.3]}, {"predictions": "MSE's best line"}],
)
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert FitsLab(**settings).check_with_torch() < 1e-12
