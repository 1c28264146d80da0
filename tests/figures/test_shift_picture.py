"""The picture of the shift lab says what its numbers say, and everything in it can be read."""

import base64
import io
import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from cnnlab.data.shift_nets import unseen_digit
from cnnlab.figures.palette import THEMES
from cnnlab.figures.shift import HIGHEST_BAR, ShiftPicture
from cnnlab.traces.shift import PLACES, REACH, pushed, scene
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
    ({"noise": 0.3, "stain": 3}, (0, 0)),
    ({"scale": 1.4}, (0, 0)),
    ({"scale": 0.7}, (0, 2)),
]
TOUCH, READABLE, SMALLEST = 1.0, 4.5, 13.0
MAPS = ("mlp-places", "mlp-shares", "cnn-places", "cnn-shares")


@cache
def picture(look):
    changes, place = LOOKS[look]
    whole = pushing(**changes)
    return whole.at(*place), ShiftPicture(whole).draw(whole.at(*place), 84, 7)


def trace_digit(look):
    changes = LOOKS[look][0]
    return unseen_digit(changes.get("digit", 3), changes.get("sample", 0))


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
    assert set(drawn.grids) == {*MAPS, "canvas", "digit"}
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


@every_look
def test_the_keys_walk_over_the_places_of_the_middle_and_the_digit_is_held_by_its_square(look):
    trace, text = picture(look)
    drawn = parse(text)
    x, y, cell, _, rows, cols = drawn.grids["canvas"]
    assert (rows, cols) == (PLACES, PLACES)
    frame = next(i for i in drawn.items if i.classes == {"cl-frame"} and i.right - i.left == pytest.approx(8 * cell))
    assert frame.center == pytest.approx((x + (REACH + 0.5) * cell, y + (REACH + 0.5) * cell), abs=0.02)
    held = next(i for i in drawn.items if i.grid == "digit")
    assert held.center == pytest.approx(
        (x + (REACH + trace.right + 0.5) * cell, y + (REACH + trace.down + 0.5) * cell), abs=0.02
    )
    x, y, cell, _, rows, cols = drawn.grids["digit"]
    assert (x, y, rows, cols) == (8, 28, 28, 28)
    ink = np.argwhere(pushed(scene(trace_digit(look), trace.pushing.scale), trace.down, trace.right))
    held_cells = [(held.top - y) / cell, (held.left - x) / cell, (held.bottom - y) / cell, (held.right - x) / cell]
    top, left, bottom, right = (round(v) for v in held_cells)
    assert (ink.min(axis=0) >= (top, left)).all() and (ink.max(axis=0) < (bottom, right)).all()


def test_only_the_digit_can_be_held():
    """The page must not take a press beside it for a place to go to."""
    text = picture(0)[1]
    canvas, digit = text.split('data-grid="canvas"')[1].split('data-grid="digit"')
    assert 'data-on="steps pin"' in canvas and '<g pointer-events="none">' in canvas
    assert canvas.index("pointer-events") < canvas.index("<image")
    assert 'data-on="hover paint pin"' in digit and 'tabindex="-1"' in digit.split(">")[0]


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
    assert ("no stain: 50.0%" if p.stain else "right here: 50.0%") in said
    assert "360 unseen digits" in said


def test_the_picture_is_described_for_those_who_cannot_see_it():
    assert 'aria-label="a 3, pushed 2 down and 2 right: the MLP says 9: wrong, the CNN says 3: right"' in picture(1)[1]


def test_a_frame_carries_its_number():
    assert 'data-frame="7"' in picture(0)[1]
