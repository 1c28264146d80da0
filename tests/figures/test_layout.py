"""Nothing runs over the edge, into something else, or out of sight, whatever is drawn."""

from functools import cache
from itertools import combinations

import pytest

from cnnlab.figures.palette import THEMES
from tests.figures.measure import overlaps, parse, text_contrasts
from tests.figures.pictures import NAMES, draw, looks, picture

TOUCH = 1.0  # pixels that two texts may share, for the room that a font leaves above a digit
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
VEILED = 3.0  # cells that no window reaches are faded, but still numbers
SMALLEST = 5.0  # font size at a width of 1100: still letters on a projector


@cache
def drawings(name):
    return [parse(draw(picture(name), **look)) for look in looks(name)]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_outside_the_picture(name):
    for drawn in drawings(name):
        outside = [
            i for i in drawn.items
            if i.left < -1 or i.top < -1 or i.right > drawn.width + 1 or i.bottom > drawn.height + 1
        ]  # fmt: skip
        assert not outside


@pytest.mark.parametrize("name", NAMES)
def test_no_two_texts_overlap(name):
    for drawn in drawings(name):
        collisions = [(a.content, b.content) for a, b, depth in overlaps(drawn.texts) if depth > TOUCH]
        assert not collisions


@pytest.mark.parametrize("name", NAMES)
def test_no_text_outside_a_grid_runs_into_it(name):
    for drawn in drawings(name):
        collisions = [
            (text.content, name)
            for text in drawn.texts
            for name, (x, y, width, height, rows, cols) in drawn.grids.items()
            if text.grid != name
            and min(text.right, x + width * cols) - max(text.left, x) > TOUCH
            and min(text.bottom, y + height * rows) - max(text.top, y) > TOUCH
        ]
        assert not collisions


@pytest.mark.parametrize("name", NAMES)
def test_the_grids_lie_apart(name):
    for drawn in drawings(name):
        boxes = [(x, y, x + w * cols, y + h * rows) for x, y, w, h, rows, cols in drawn.grids.values()]
        for (left, top, right, bottom), (x0, y0, x1, y1) in combinations(boxes, 2):
            assert right <= x0 or x1 <= left or bottom <= y0 or y1 <= top


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_too_small_to_read(name):
    for drawn in drawings(name):
        small = [(t.content, t.size) for t in drawn.texts if t.size < SMALLEST]
        assert not small


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_out_from_what_is_below_it(name, theme):
    for drawn in drawings(name)[:2]:
        pale = {
            (text.content, round(ratio, 2))
            for text, ratio, veiled in text_contrasts(drawn, THEMES[theme])
            if ratio < (VEILED if veiled else READABLE)
        }
        assert not pale


def test_a_window_of_a_photo_is_marked_where_it_is():
    whole = picture("photo").convolution
    for step in (0, whole.steps // 2, whole.steps - 1):
        drawn, trace = parse(draw(picture("photo"), step)), whole.at(step)
        x, y, cell, _, _, _ = drawn.grids["input"]
        ring = [i for i in drawn.items if i.kind == "circle" and i.left < drawn.width / 2]
        assert ring
        for circle in ring:
            assert circle.center == pytest.approx((x + (trace.col + 1.5) * cell, y + (trace.row + 1.5) * cell), abs=0.1)
