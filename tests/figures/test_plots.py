"""Axes: numbers become pixels and cells, curves end at the border, ticks are round."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.figures.plots import Axes, power_of_ten, powers, ticks
from cnnlab.figures.svg import document
from tests.figures.measure import parse

AXES = Axes(60, 40, 400, 200, (-4, 4), (0, 10))
LOG = Axes(60, 40, 400, 200, (0, 20), (1e-4, 1), log_y=True)
NUMBER = st.floats(-1e3, 1e3)


def numbers(path: str) -> list[tuple[float, float]]:
    found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in found]


def test_numbers_become_pixels():
    assert [float(AXES.to_x(v)) for v in (-4, 0, 4)] == [60, 260, 460]
    assert AXES.to_y([0, 5, 10]).tolist() == [240, 140, 40]
    assert LOG.to_y([1e-4, 1e-2, 1, 0]).tolist() == [240, 140, 40, np.inf]


def test_a_cell_has_its_number_in_the_middle():
    text = AXES.pointable("plot", "a plot", [], "paint pin", 81, at=(1.04, 3))
    x, y, wide, high, rows, cols = (float(n) for n in re.search(r'data-box="([^"]+)"', text)[1].split())
    assert (x, y, wide, high, rows, cols) == (57.5, 40, 5, 200, 1, 81)
    assert 'data-at="0 50"' in text and AXES.x_at(50, 81) == 1
    for col in range(81):
        assert x + (col + 0.5) * wide == pytest.approx(float(AXES.to_x(AXES.x_at(col, 81))))
        assert AXES.col_of(AXES.x_at(col, 81), 81) == col
    text = AXES.pointable("plot", "a plot", [], "pin", 9, 11, at=(-9, 10))
    assert 'data-at="0 0"' in text and 'data-box="35 30 50 20 11 9"' in text
    assert [AXES.y_at(row, 11) for row in (0, 10)] == [10, 0] and AXES.row_of(7.4, 11) == 3


def test_a_curve_ends_at_the_border_and_begins_again():
    path = AXES.curve([-4, -2, 0, 2, 4], [-10, 10, 30, 10, -10])
    assert numbers(path) == [(110, 240), (160, 40), (360, 40), (410, 240)]
    assert path.count("M") == 2
    assert AXES.curve([-4, 4], [11, 12]) == ""
    gap = AXES.curve([-4, -2, 0, 2, 4], [1, 2, np.nan, 2, 1])
    assert gap.count("M") == 2 and len(numbers(gap)) == 4


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=2, max_size=12))
def test_no_curve_leaves_the_plot(points):
    x, y = np.array(points).T
    for px, py in numbers(AXES.curve(x * 0.01, y * 0.02)):
        assert 59.99 <= px <= 460.01 and 39.99 <= py <= 240.01


def test_bars_stand_on_the_border_and_are_cut_off_above():
    picture = parse(document(500, 300, [AXES.bars([0, 1, 2, 3], [5, 0, 99])], "bars"))
    assert [(i.left, i.top, i.right, i.bottom) for i in picture.items] == [(260, 140, 310, 240), (360, 40, 410, 240)]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-6, 6, (-6, -4, -2, 0, 2, 4, 6)),
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (-0.25, 1.25, (0, 0.5, 1)),
        (3, 47, (10, 20, 30, 40)),
        (0, 0.004, (0, 0.001, 0.002, 0.003, 0.004)),
    ],
)
def test_ticks_are_round_numbers(low, high, expected):
    assert ticks(low, high) == expected


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_there_are_always_a_few_ticks_all_inside(low, width):
    found = ticks(low, low + width)
    slack = 1e-6 * width
    assert 2 <= len(found) <= 7
    assert low - slack <= found[0] and found[-1] <= low + width + slack
    steps = [b - a for a, b in pairwise(found)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-5)


def test_powers_of_ten_have_room_for_their_labels():
    assert powers(1e-4, 1) == pytest.approx((1e-4, 1e-3, 1e-2, 0.1, 1))
    assert powers(1e-12, 10) == pytest.approx((1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1))
    assert power_of_ten(1e-12) == "10⁻¹²"
    assert "10⁻⁴" in LOG.frame() and ">1<" in LOG.frame()
    assert "0.01" in Axes(60, 40, 400, 200, (0, 20), (0.01, 100), log_y=True).frame()
