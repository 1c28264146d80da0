"""A prediction over the truth: cells that are counted by hand, deck D's question 12, and nothing on nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.overlap import (
    COLS,
    ROWS,
    SHAPES,
    TRUTHS,
    Cell,
    held_by,
    nearest,
    overlap,
    placed,
    shape,
    top_left,
)

PLACES = st.integers(-5, 30)
CELLS = st.tuples(PLACES, PLACES)


def test_question_12_of_deck_d() -> None:
    o = overlap("square", "rectangle", (1, 6))
    assert (o.both, o.dice.sizes.a, o.dice.sizes.b) == (80, 100, 90)
    assert [str(line) for line in o.equations()] == [
        "dice = 2·|A∩B| / (|A| + |B|) = 2·80 / (100 + 90) ≈ 0.842105",
        "loss = 1 − dice = 1 − 0.842 ≈ 0.157895",
        "IoU = |A∩B| / |A∪B| = 80 / 110 ≈ 0.727273",
        "accuracy = cells that are right / cells = 210 / 240 = 0.875",
    ]
    assert o.says() == "20 cells too many, 10 missed. IoU is always at most as large as Dice."


# prediction, truth, smooth: Dice, IoU, accuracy, what is said
KNOWN = [
    ("empty", "small", 0, 0, 0, 231 / 240, "Nothing of the shape is found, and still 96.3% of all cells are right"),
    ("everything", "small", 0, 18 / 249, 9 / 240, 9 / 240, "231 cells too many, 0 missed."),
    ("empty", "empty", 0, 1, 1, 1, "Nothing is there, and nothing is said to be: 0/0"),
    ("empty", "empty", 1, 1, 1, 1, "Nothing is there, and nothing is said to be"),
    ("small", "empty", 0, 0, 0, 231 / 240, "Nothing is there: Dice is 0 whether one cell is too many or a hundred."),
    ("small", "empty", 1, 0.1, 0, 231 / 240, "Nothing is there: smoothing tells few wrong cells from many; here"),
    ("square", "empty", 1, 1 / 101, 0, 140 / 240, "Nothing is there: smoothing tells"),
]  # fmt: skip


@pytest.mark.parametrize(("prediction", "truth", "smooth", "dice", "iou", "accuracy", "sentence"), KNOWN)
def test_the_scores(
    prediction: str, truth: str, smooth: float, dice: float, iou: float, accuracy: float, sentence: str
) -> None:
    o = overlap(prediction, truth, (0, 0), (4, 8), smooth)
    assert (o.dice.sizes.coefficient, o.iou, o.accuracy) == pytest.approx((dice, iou, accuracy))
    assert o.says().startswith(sentence)


def test_equal_shapes() -> None:
    apart = overlap("square", "rectangle", (1, 10), (1, 0)).says()  # 190 of 240 cells are wrong
    assert apart == "Nothing of the shape is found: Dice and IoU are 0. 20.8% of all cells are right."
    assert overlap("small", "small", (4, 8), (4, 8)).says() == "The two are equal: Dice and IoU are 1."


def test_it_is_the_place_of_one_to_the_other_that_counts() -> None:
    assert (
        overlap("square", "rectangle", (2, 10), (2, 9)).equations()
        == overlap("square", "rectangle", (1, 6)).equations()
    )
    assert overlap("small", "small", (1, 1), (4, 1)).both == 0
    assert overlap("small", "small", (1, 1), (3, 2)).both == 2


@given(st.sampled_from(SHAPES), st.sampled_from(TRUTHS), CELLS, CELLS)
def test_cells_are_counted_and_scores_agree(prediction: str, truth: str, cell: Cell, true_cell: Cell) -> None:
    at, true_at = nearest(prediction, *cell), nearest(truth, *true_cell)
    o, a, b = overlap(prediction, truth, at, true_at), placed(prediction, *at) > 0, placed(truth, *true_at) > 0
    assert (o.both, o.only_predicted, o.only_true) == ((a & b).sum(), (a & ~b).sum(), (b & ~a).sum())
    assert o.right == (a == b).sum() and a.sum() == shape(prediction).sum()
    assert o.dice.sizes.coefficient == pytest.approx(2 * o.iou / (1 + o.iou))  # one follows from the other
    assert o.iou <= o.dice.sizes.coefficient


@given(st.sampled_from(SHAPES), PLACES, PLACES)
def test_a_shape_stays_on_the_grid_and_is_held_by_its_middle(name: str, row: int, col: int) -> None:
    at = nearest(name, row, col)
    assert top_left(name, *held_by(name, *at)) == at
    assert 0 <= at[0] < ROWS and 0 <= at[1] < COLS
    assert placed(name, *at).sum() == shape(name).sum()


def test_a_disk_is_round() -> None:
    disk = shape("disk")
    assert disk.sum() == 80 and (disk == disk.T).all() and (disk == disk[::-1]).all()
    np.testing.assert_array_equal(disk[0], [0, 0, 0, 1, 1, 1, 1, 0, 0, 0])
