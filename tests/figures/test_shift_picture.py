"""The picture of the shift lab says what its numbers say, and everything in it can be read."""

import base64
import io
import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from cnnlab.figures.palette import THEMES
from cnnlab.figures.shift import HIGHEST_BAR, ShiftPicture
from cnnlab.traces.shift import PLACES, REACH
from tests.figures.measure import overlaps, parse, text_contrasts
from tests.traces.test_shift import pushing

# settings of a picture, and where it is pushed to
LOOKS = [
    ({}, (0, 0)),
    ({}, (2, 2)),
    ({"digit": 8, "sample": 29}, (6, 6)),
    ({"digit": 5, "noise": 0.1, "stain": 3, "pool": 2}, (1, -3)),
    ({"digit": 0, "scale": 1.4, "noise": 0.5, "stain": 6, "pool": 2}, (6, 6)),
    ({"digit": 9, "sample": 21, "scale": 0.7}, (-6, 6)),
    ({"digit": 3, "stain": 6}, (-5, -6)),
]
TOUCH, READABLE, SMALLEST = 1.0, 4.5, 13.0
MAPS = ("mlp-places", "mlp-shares", "cnn-places", "cnn-shares")


@cache
def picture(look):
    changes, place = LOOKS[look]
    whole = pushing(**changes)
    return whole.at(*place), ShiftPicture(whole).draw(whole.at(*place), 84, 7)


every_look = pytest.mark.parametrize("look", range(len(LOOKS)))


@every_look
def test_nothing_lies_outside_the_picture(look):
    drawn = parse(picture(look)[1])
    assert not [
        i.content or i.kind for i in drawn.items
        if i.left < 0 or i.top < 0 or i.right > drawn.width or i.bottom > drawn.height
    ]  # fmt: skip


@every_look
def test_no_two_texts_overlap_and_none_is_small(look):
    drawn = parse(picture(look)[1])
    assert not [(a.content, b.content) for a, b, depth in overlaps(drawn.texts) if depth > TOUCH]
    assert min(t.size for t in drawn.texts) >= SMALLEST


@every_look
def test_no_text_runs_into_a_grid_and_the_grids_lie_apart(look):
    drawn = parse(picture(look)[1])
    boxes = [(i.left, i.top, i.right, i.bottom) for i in drawn.items if i.kind == "image"]
    assert len(boxes) == 5
    for left, top, right, bottom in boxes:
        for t in drawn.texts:
            assert min(t.right, right) - max(t.left, left) <= 0 or min(t.bottom, bottom) - max(t.top, top) <= 0
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("theme", THEMES)
@every_look
def test_every_text_stands_out_from_what_is_below_it(look, theme):
    drawn = parse(picture(look)[1])
    assert min(ratio for _, ratio, _ in text_contrasts(drawn, THEMES[theme])) >= READABLE


@every_look
def test_the_bars_are_as_high_as_the_probabilities_and_blue_is_the_right_digit(look):
    trace, text = picture(look)
    bars = [i for i in parse(text).items if i.kind == "rect" and abs(i.right - i.left - 25.2) < 0.1]
    assert len(bars) == 20
    for answers, drawn in zip((trace.pushing.mlp, trace.pushing.cnn), (bars[:10], bars[10:]), strict=True):
        heights = [(bar.bottom - bar.top) / HIGHEST_BAR for bar in drawn]
        np.testing.assert_allclose(heights, trace.probabilities(answers), atol=0.01)
        blue = [digit for digit, bar in enumerate(drawn) if "cl-pos" in bar.classes]
        assert blue == [trace.pushing.label]


def pixels(text, grid):
    """The bitmap of a grid as (rows, columns, RGBA)."""
    group = text.split(f'data-grid="{grid}"')[1]
    encoded = re.search(r'base64,([^"]+)"', group)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded[1]))).convert("RGBA")).astype(int)


@every_look
def test_the_maps_are_blue_where_right_orange_where_wrong_and_as_strong_as_sure(look):
    trace, text = picture(look)
    for name, answers in (("mlp", trace.pushing.mlp), ("cnn", trace.pushing.cnn)):
        found = pixels(text, f"{name}-places")
        assert found.shape == (PLACES, PLACES, 4)
        np.testing.assert_array_equal(found[..., 2] > found[..., 0], answers.right)
        np.testing.assert_allclose(found[..., 3] / 255, np.abs(answers.sureness), atol=0.06)
        shares = pixels(text, f"{name}-shares")
        np.testing.assert_allclose(shares[..., 3] / 255, 0.5, atol=0.03)


@every_look
def test_the_canvas_shows_the_ink_that_the_networks_see(look):
    trace, text = picture(look)
    np.testing.assert_allclose(pixels(text, "canvas")[..., 3] / 255, trace.picture, atol=0.1)


@every_look
def test_the_place_is_outlined_in_all_maps_and_the_one_to_go_back_to_as_well(look):
    trace, text = picture(look)
    drawn = parse(text)
    assert set(drawn.grids) == {*MAPS, "canvas"}
    outlined = [i for i in drawn.items if i.classes == {"cl-outline"}][1:]  # the first is in the legend
    assert len(outlined) == 4
    for name, mark in zip(MAPS, outlined, strict=True):
        x, y, cell, _, rows, cols = drawn.grids[name]
        assert (rows, cols) == (PLACES, PLACES)
        row, col = trace.down + REACH, trace.right + REACH
        assert (mark.left, mark.top) == pytest.approx((x + col * cell, y + row * cell), abs=0.02)
    thin = [i for i in drawn.items if "cl-thin" in i.classes]
    assert len(thin) == (0 if trace.index == 84 else 4)
    assert f'data-step="{trace.index}" data-columns="13"' in text


@pytest.mark.parametrize("look", [0, 1, 2, 4])
def test_a_cell_of_the_canvas_is_where_the_middle_of_the_digit_goes(look):
    """Pointing at it pushes the digit there: the grid that the page sees holds the middles, not the cells."""
    drawn = parse(picture(look)[1])
    x, y, cell, _, rows, cols = drawn.grids["canvas"]
    frame = next(i for i in drawn.items if i.grid == "canvas" and i.classes == {"cl-frame"})
    middle = (x + (REACH + 0.5) * cell, y + (REACH + 0.5) * cell)
    assert frame.center == pytest.approx(middle, abs=0.02)
    assert (rows, cols) == (PLACES, PLACES)


@every_look
def test_what_is_said_is_what_was_measured(look):
    trace, text = picture(look)
    said = " ".join(t.content for t in parse(text).texts)
    p = trace.pushing
    for answers in (p.mlp, p.cnn):
        word = "right" if trace.is_right(answers) else "wrong"
        assert f"says {trace.winner(answers)}: {word}" in said
        assert f"right at {int((answers.winners == p.label).sum())} of 169" in said
    assert "25,450 parameters" in said and "5,318 parameters" in said
    assert ("no stain: 50.0%" if p.stained else "right here: 50.0%") in said
    assert "360 unseen digits" in said


def test_the_picture_is_described_for_those_who_cannot_see_it():
    assert 'aria-label="a 3, pushed 2 down and 2 right: the MLP says 9: wrong, the CNN says 3: right"' in picture(1)[1]


def test_a_frame_carries_its_number():
    assert 'data-frame="7"' in picture(0)[1]
