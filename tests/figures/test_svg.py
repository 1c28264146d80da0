"""Pictures that stand on their own: as a file, as a PNG, in both themes."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cnnlab.figures import standalone, svg, to_png
from cnnlab.figures.palette import DARK, LIGHT, THEMES
from tests.figures.pictures import draw, picture

SHOWN = ["zero padding", "photo in colors"]
TEXT = svg.document(200, 40, [svg.text(100, 30, "−30", 30, "bold middle")], "a number")
EMPTY = svg.document(200, 40, [], "nothing")

# value, how a coordinate of it is written
COORDINATES = [(0, "0"), (3.0, "3"), (-2.5, "-2.5"), (1 / 3, "0.33"), (10, "10"), (99.999, "100"), (1000.0, "1000")]


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_becomes_the_same_png_twice(name, theme):
    drawn = draw(picture(name), step=3)
    assert to_png(drawn, theme) == to_png(drawn, theme)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_png_has_the_size_of_the_picture(scale):
    drawn = draw(picture("step"))
    root = ElementTree.fromstring(drawn)
    height, width, _ = pixels(to_png(drawn, scale=scale)).shape
    assert (width, height) == (float(root.get("width")) * scale, float(root.get("height")) * scale)


def test_text_is_drawn_in_a_png_without_fonts_of_the_system():
    with_text, without = pixels(to_png(TEXT)), pixels(to_png(EMPTY))
    assert (without == 255).all()
    dark = (with_text < 128).all(axis=2)
    assert 100 < dark.sum() < 3000
    rows, cols = np.nonzero(dark)
    assert cols.min() > 60 and cols.max() < 140 and rows.min() > 5 and rows.max() <= 31


@pytest.mark.parametrize(("theme", "colors"), [("light", LIGHT), ("dark", DARK)])
def test_the_paper_has_the_color_of_the_theme(theme, colors):
    assert "#{:02x}{:02x}{:02x}".format(*pixels(to_png(EMPTY, theme))[0, 0]) == colors["paper"]


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_on_its_own_has_its_colors_inside(theme):
    whole = standalone(draw(picture("step")), theme)
    ElementTree.fromstring(whole)
    assert "var(" not in whole
    assert THEMES[theme]["positive"] in whole and THEMES[theme]["ink"] in whole


def test_a_picture_on_its_own_does_not_color_the_others_of_its_page():
    whole = standalone(EMPTY)
    rules = whole.partition("<style>")[2].partition("</style>")[0].splitlines()
    assert rules and all(rule.startswith(".cnnlab-alone .cl-") for rule in rules)
    assert 'class="cnnlab cnnlab-alone"' in whole.partition("<style>")[0]


def test_a_bitmap_is_drawn_in_a_png():
    shown = pixels(to_png(draw(picture("photo"))))
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 200


def test_an_unknown_theme_is_named():
    with pytest.raises(ValueError, match="theme must be one of light, dark, but is 'sepia'"):
        to_png(EMPTY, "sepia")


@pytest.mark.parametrize(("value", "text"), COORDINATES)
def test_a_coordinate_is_short(value, text):
    assert svg.fmt(value) == text


def test_text_cannot_break_out_of_the_picture():
    content = '<script>alert("&")</script>'
    root = ElementTree.fromstring(svg.document(9, 9, [svg.text(1, 1, content), svg.group([], data_x=content)], content))
    assert root.get("aria-label") == content
    assert [root[0].text, root[1].get("data-x")] == [content, content]
    assert not root.findall(".//script")


def test_an_attribute_that_is_none_is_left_out():
    assert svg.group(["a"], data_edit=None, class_="b", width=1.50) == '<g class="b" width="1.5">a</g>'
