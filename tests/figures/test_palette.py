"""Colors that can be told apart, with numbers on them that can be read."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnlab.figures.bitmaps import faded_uri, gray_uri, signed_uri
from cnnlab.figures.grids import Box, Tone, largest
from cnnlab.figures.palette import CURVES, DARK, FAINTEST, LIGHT, STRONGEST, THEMES, strength, stylesheet
from tests.figures.measure import contrast, luminance, over, rgb

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
SEEN = 1.05  # the least contrast of a faint cell with the paper

# text, what it stands on
PLAIN = [
    ("ink", "paper"), ("gray", "paper"), ("accent", "paper"), ("warning", "paper"), ("ink", "pad"), ("gray", "pad"),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sign", ["positive", "negative"])
def test_a_number_can_be_read_on_every_strength_of_its_color(theme, sign):
    colors = THEMES[theme]
    ink, paper, cell = (rgb(colors[name]) for name in ("ink", "paper", sign))
    for value in np.linspace(0, 1, 101):
        assert contrast(ink, over(cell, strength(value, 1), paper)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "below"), PLAIN)
def test_words_can_be_read(theme, text, below):
    assert contrast(rgb(THEMES[theme][text]), rgb(THEMES[theme][below])) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sign", ["positive", "negative"])
def test_the_faintest_cell_differs_from_an_empty_one(theme, sign):
    paper, cell = rgb(THEMES[theme]["paper"]), rgb(THEMES[theme][sign])
    assert contrast(paper, over(cell, strength(1e-9, 1), paper)) >= SEEN


@pytest.mark.parametrize("theme", THEMES)
def test_both_signs_are_about_equally_strong(theme):
    paper = rgb(THEMES[theme]["paper"])
    blue, orange = (luminance(over(rgb(THEMES[theme][s]), STRONGEST, paper)) for s in ("positive", "negative"))
    assert max(blue, orange) / min(blue, orange) < 1.5


SEEN_AS_A_LINE = 3.0  # WCAG 2.2, success criterion 1.4.11
# What people without red, green or blue receptors see, in linear light: G. Machado, M. Oliveira and L. Fernandes, A
# physiologically-based model for simulation of color vision deficiency (2009), severity 1.
BLINDNESS = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def seen(color, blindness):
    """A color in CIELAB, as somebody with this color blindness sees it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(color)]
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_curves_stand_out_and_can_be_told_apart_with_any_color_blindness(theme, blindness):
    colors = THEMES[theme]
    names = ["ink", *CURVES]
    for i, name in enumerate(names):
        assert contrast(rgb(colors[name]), rgb(colors["paper"])) >= SEEN_AS_A_LINE
        for other in names[:i]:
            assert np.linalg.norm(seen(colors[name], blindness) - seen(colors[other], blindness)) > 20, (name, other)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1e-3, 1e6))
def test_a_larger_number_is_never_fainter(first, second, most):
    small, large = sorted((first, second))
    assert strength(small, most) <= strength(large, most)
    assert strength(-large, most) == strength(large, most)
    assert strength(large, most) == 0 or FAINTEST <= strength(large, most) <= STRONGEST


@pytest.mark.parametrize(
    ("value", "most", "expected"), [(0, 1, 0), (0, 0, 0), (1, 1, STRONGEST), (2, 1, STRONGEST), (5, 0, 0)]
)
def test_zero_has_no_color_and_the_largest_has_the_full_one(value, most, expected):
    assert strength(value, most) == expected


def test_the_style_sheet_follows_the_page_or_one_theme():
    assert "var(--cl-ink)" in stylesheet() and LIGHT["ink"] in stylesheet() and DARK["ink"] in stylesheet()
    assert "var(" not in stylesheet("dark") and DARK["ink"] in stylesheet("dark")
    assert set(LIGHT) == set(DARK)


# ---- bitmaps ---------------------------------------------------------------------------------------------------------


def decoded(uri, mode):
    assert uri.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert(mode))


def test_a_gray_bitmap_goes_from_black_to_white():
    assert decoded(gray_uri(np.array([[0.0, 5.0, 10.0]]), 10), "L").tolist() == [[0, 127, 255]]


def test_a_gray_bitmap_cuts_off_what_is_out_of_range():
    assert decoded(gray_uri(np.array([[-1.0, 20.0]]), 10), "L").tolist() == [[0, 255]]


def test_a_faded_map_is_clear_where_its_share_is_nothing() -> None:
    uri = faded_uri(np.array([[0.0, 10.0, 5.0]]), 10, np.array([[0.0, 0.5, 1.0]]))
    assert decoded(uri, "LA").tolist() == [[[0, 0], [255, 127], [127, 255]]]


def test_a_signed_bitmap_is_clear_at_0_and_strongest_at_the_ends():
    below, zero, above = decoded(signed_uri(np.array([[-2.0, 0.0, 2.0]]), 2), "RGBA")[0]
    assert zero[3] == 0
    assert min(below[3], above[3]) >= 250
    assert below[0] > below[2] and above[2] > above[0]  # orange below, blue above


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=2))
def test_a_weaker_answer_is_never_more_opaque(values):
    weak, strong = sorted(values, key=abs)
    first, second = decoded(signed_uri(np.array([[weak, strong]]), 1), "RGBA")[0]
    assert int(first[3]) <= int(second[3]) + 3  # a step of the palette


@pytest.mark.parametrize(
    ("values", "photo", "tone"),
    [
        ([[0, 3]], True, Tone(False, 3)),
        ([[0, 0]], True, Tone(False, 1)),
        ([[0, 3]], False, Tone(True, 3)),
        ([[-4, 3]], False, Tone(True, 4)),
        ([[0, 0]], False, Tone(True, 1)),
    ],
)
def test_only_a_photo_without_negative_values_is_gray(values, photo, tone):
    assert Tone.of(np.array(values, dtype=float), photo) == tone


def test_a_few_strong_edges_do_not_make_the_rest_of_a_photo_pale():
    values = np.concatenate([np.full(999, -1.0), [1000.0]]).reshape(20, 50)
    assert Tone.of(values, True) == Tone(True, 1)


# ---- grids -----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 300), st.integers(1, 300))
def test_a_grid_fits_into_its_room(rows, cols):
    box = Box.fit(3, 4, 324, 200, rows, cols)
    assert box.width <= 324 + 1e-6 and box.height <= 200 + 1e-6
    assert (box.right, box.bottom) == (3 + box.width, 4 + box.height)
    assert not box.shows_numbers or box.cell == int(box.cell)


def test_the_strongest_color_stands_for_the_largest_magnitude():
    assert largest(np.array([[1.0, -7.0]])) == 7
    assert largest(np.empty((0, 0))) == 0


def test_what_is_infinite_has_the_strongest_color() -> None:
    assert strength(-float("inf"), float("inf")) == STRONGEST
