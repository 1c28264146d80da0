"""What every lab draws can be read: nothing over the edge, no text on another, none small or pale, light and dark."""

import re
from functools import cache

import pytest
from ipywidgets import Widget

from cnnlab.figures.palette import THEMES, stylesheet
from tests.figures.measure import Item, Picture, overlaps, parse, text_contrasts
from tests.labs.every_lab import LABS
from tests.labs.rows.row import Row

TOUCH = 1.0  # pixels that two texts may share, for the room that a font leaves above a digit
EDGE = 1.0  # pixels of a stroke that may lie outside
WIDEST, HIGHEST = 1100, 560  # so that lab and controls fit 1280 x 720
SMALLEST = 12.0
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
VEILED = 3.0  # cells that no window reaches are faded, but still numbers

LOOKS = [(row, look) for row in LABS for look in range(len(row.looks) + 1)]
every_look = pytest.mark.parametrize(("row", "look"), LOOKS, ids=[f"{row.lab.__name__}-{look}" for row, look in LOOKS])


@cache
def drawn(row_name: str, look: int) -> str:
    row = next(row for row in LABS if row.lab.__name__ == row_name)
    lab = row.lab(**({}, *row.looks)[look])
    assert lab.error == ""
    picture = str(lab.svg)
    Widget.close_all()
    return picture


def picture(row: Row, look: int) -> Picture:
    return parse(drawn(row.lab.__name__, look))


def touch(one: Item, other: Item) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > TOUCH and min(one.bottom, other.bottom) - max(one.top, other.top) > TOUCH


def holds(one: Item, text: Item) -> bool:
    """Whether a shape is as large as the letters; a font leaves room above them and below."""
    across = one.left - TOUCH <= text.left and text.right <= one.right + TOUCH
    return across and one.top <= text.top + 0.25 * text.size and text.bottom - 0.25 * text.size <= one.bottom


@every_look
def test_nothing_lies_outside_the_picture(row: Row, look: int) -> None:
    shown = picture(row, look)
    assert shown.width <= WIDEST and shown.height <= HIGHEST
    assert not [
        (i.kind, i.content, i.left, i.top, i.right, i.bottom)
        for i in shown.items
        if i.left < -EDGE or i.top < -EDGE or i.right > shown.width + EDGE or i.bottom > shown.height + EDGE
    ]
    assert not [t.content for t in shown.texts if t.left < 0 or t.right > shown.width]


@every_look
def test_no_two_texts_overlap(row: Row, look: int) -> None:
    assert not [(a.content, b.content, round(d, 1)) for a, b, d in overlaps(picture(row, look).texts) if d > TOUCH]


@every_look
def test_no_text_lies_on_a_bitmap_without_paper_below_it(row: Row, look: int) -> None:
    items = picture(row, look).items
    for place, text in ((i, item) for i, item in enumerate(items) if item.kind == "text" and item.content):
        below = [i for i, item in enumerate(items[:place]) if item.kind == "image" and touch(item, text)]
        between = items[max(below) + 1 : place] if below else []
        assert not below or any("cl-paper" in i.classes and holds(i, text) for i in between), text.content


@every_look
def test_no_text_is_too_small_to_read(row: Row, look: int) -> None:
    assert not {(t.content, t.size) for t in picture(row, look).texts if t.size < SMALLEST}


@pytest.mark.parametrize("theme", THEMES)
@every_look
def test_every_text_stands_out_from_what_is_below_it(row: Row, look: int, theme: str) -> None:
    shown = picture(row, look)
    contrasts = text_contrasts(shown, THEMES[theme])
    assert len(contrasts) == len(shown.texts) > 0
    pale = [(text.content, round(r, 2)) for text, r, veiled in contrasts if r < (VEILED if veiled else READABLE)]
    assert not pale


@every_look
def test_every_color_is_one_of_the_palette_or_of_the_data(row: Row, look: int) -> None:
    """A class without a rule would be black on black in the dark."""
    svg = drawn(row.lab.__name__, look)
    known = set(re.findall(r"\.(cl-[\w-]+)", stylesheet("light")))
    shapes = re.findall(r"<(?:text|rect|path|line|circle) ([^>]*)>", svg)
    for shape in shapes:
        used = re.search(r'class="([^"]*)"', shape)
        assert used or "fill=" in shape, shape
        assert not used or set(used[1].split()) <= known, shape
