"""Lines through a few points: moved by hand, and the best by two losses, against NumPy and against many other lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.lines import Line, least_absolute, least_squares, line_through

TARGETS = st.lists(st.integers(-9, 9), min_size=3, max_size=6).map(tuple)


def test_a_line_and_its_text() -> None:
    line = Line.between(0.5, 3.5, 3)
    assert line == Line(1.5, -1) and line.heights(3) == (0.5, 2, 3.5)
    assert (line.text, line.equation) == ("y = 1.5x - 1", "1.5·x − 1")
    assert [Line(w, b).text for w, b in [(1, 0), (-1, 0.25), (0, 2), (-0.5, -1)]] == [
        "y = x",
        "y = -x + 0.25",
        "y = 0x + 2",
        "y = -0.5x - 1",
    ]


# pulled is point i of five to a height, with limits from −1 to 11; the line is y = x
PULLED = [
    (0, 3, (3, 5)),
    (4, 9, (1, 9)),
    (2, 4, (2, 6)),
    (1, 0, (-1, 3)),
    (2, 11, (7, 11)),  # the right end is at the border
    (3, -1, (-1, 3)),
]


@pytest.mark.parametrize(("i", "to", "ends"), PULLED)
def test_an_end_turns_the_line_and_a_point_between_moves_it(i: int, to: float, ends: tuple[float, float]) -> None:
    pulled = Line(1, 0).pulled(i, to, 5, (-1, 11))
    assert (pulled.at(1), pulled.at(5)) == ends


def test_what_lies_on_a_line() -> None:
    assert line_through([0.5, 1, 1.5]) == Line(0.5, 0)
    assert line_through([2, 2]) == Line(0, 2)
    assert line_through([1.5, 3, 4]) is None


def test_the_best_lines_of_question_9_by_hand() -> None:
    targets = (1, 2.5, 3.5)  # from the mean, 7/3, the least squares go up by 1.25; MAE's goes through the outer two
    assert least_squares(targets).heights(3) == pytest.approx((13 / 12, 28 / 12, 43 / 12))
    assert least_absolute(targets) == Line(1.25, -0.25)


def test_one_point_far_off_pulls_the_least_squares_and_not_the_least_absolute_errors() -> None:
    targets = (1, 2, 3, 4, 10)
    assert (least_squares(targets), least_absolute(targets)) == (Line(2, -2), Line(1, 0))


@given(TARGETS)
def test_least_squares_are_those_of_numpy(targets: tuple[int, ...]) -> None:
    line = least_squares(targets)
    np.testing.assert_allclose(
        (line.slope, line.intercept), np.polyfit(range(1, len(targets) + 1), targets, 1), atol=1e-9
    )


@given(TARGETS)
def test_no_line_has_smaller_absolute_errors(targets: tuple[int, ...]) -> None:
    x, y = np.arange(1, len(targets) + 1), np.array(targets)
    best = least_absolute(targets)
    smallest = abs(best.slope * x + best.intercept - y).sum()
    rng = np.random.default_rng(0)
    for reach in (20, 2, 0.1, 0.01):
        w, b = best.slope + reach * rng.normal(size=(200, 1)), best.intercept + reach * rng.normal(size=(200, 1))
        assert (abs(w * x + b - y).sum(axis=1) >= smallest - 1e-9).all()
