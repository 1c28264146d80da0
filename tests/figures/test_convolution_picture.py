"""The picture shows the numbers of its trace, each in its place, and hides what is asked for."""

import re
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from cnnlab.figures import ConvolutionPicture
from cnnlab.kernels import filter_bank
from cnnlab.traces import convolution
from cnnlab.traces.text import number, precise
from tests.figures.measure import parse
from tests.figures.pictures import NAMES, NUMBERS, draw, looks, picture

# Primes and their like: no result is equal to a number of the input or of the kernel.
ASKED = convolution(
    np.array([[23, 29, 31, 37], [41, 43, 47, 53], [59, 61, 67, 71], [73, 79, 83, 89]]), [[2, 3], [5, 7]], bias=[11]
)


def whole_text(text):
    """A number with the leading zero that a small cell leaves out."""
    return re.sub(r"^(−?)\.", r"\g<1>0.", text)


def assert_shows(drawn, grid, values):
    """The grid prints every number of the map in its cell, or else it is a bitmap; a leading zero may be left out."""
    if not any(item.kind == "image" and item.grid == grid for item in drawn.items):
        shown = {place: whole_text(text) for place, text in drawn.cells(grid).items()}
        assert shown == {place: number(value) for place, value in np.ndenumerate(values)}


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_well_formed(name):
    for look in looks(name):
        root = ElementTree.fromstring(draw(picture(name), frame=5, **look))
        whole = picture(name).convolution
        assert root.get("data-step") == str(look.get("step", 0))
        assert root.get("data-frame") == "5"
        assert root.get("data-count") == str(whole.steps)
        assert root.get("data-columns") == str(whole.output.shape[2])
        assert root.get("aria-label", "").startswith("Convolution: input ")


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_stands_in_its_cell(name):
    whole = picture(name).convolution
    for look in looks(name)[:2]:
        drawn, trace = parse(draw(picture(name), **look)), whole.at(look.get("step", 0), look.get("filter", 0))
        looked_at = look.get("channel", 0)
        channel = looked_at - trace.channels.start if looked_at in trace.channels else None
        assert_shows(drawn, "input", whole.padded[looked_at])
        assert_shows(drawn, "output", whole.output[trace.filter])
        if channel is not None:
            assert_shows(drawn, "kernel", trace.kernel[channel])
            loose = Counter(whole_text(t.content) for t in drawn.texts if t.grid not in ("input", "kernel", "output"))
            assert Counter(number(v) for v in trace.products[channel].ravel()) <= loose
        assert any(precise(trace.value) == t.content and "cl-bold" in t.classes for t in drawn.texts)


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_and_the_size_are_printed(name):
    whole = picture(name).convolution
    for look in looks(name)[:2]:
        texts = [t.content for t in parse(draw(picture(name), **look)).texts]
        trace = whole.at(look.get("step", 0), look.get("filter", 0))
        assert f"{trace.name} = {trace.formula()} {trace.sign()} " in texts
        assert any(all(str(size) in text for size in whole.sizes()) for text in texts)


@pytest.mark.parametrize("step", range(9))
def test_a_question_gives_nothing_away(step):
    trace, answered = ASKED.at(step), frozenset({0, 4, 7} - {step})
    drawn = parse(draw(ConvolutionPicture(ASKED), step, question=True, answered=answered))
    texts = [t.content for t in drawn.texts]
    secrets = [trace.value, trace.total - trace.bias, *trace.products.ravel()]
    for secret in (number(v) for v in secrets if v not in ASKED.input and v not in ASKED.weight):
        assert not [t for t in texts if re.search(rf"(?<![\d.]){re.escape(secret)}(?![\d.])", t)]
    assert drawn.cells("output") == {divmod(i, 3): number(ASKED.output.ravel()[i]) for i in answered}
    assert f"{trace.name} = ?" in texts


@pytest.mark.parametrize("sign", [1, -1])
def test_a_question_does_not_color_the_answer(sign):
    pictures = [
        ConvolutionPicture(convolution([[1, 2]], [[sign * 3, sign * 4]], bias=bias)) for bias in ([1], [-sign * 50])
    ]
    drawn = [parse(draw(picture, question=True, answered=frozenset())) for picture in pictures]
    assert [i.classes for i in drawn[0].items] == [i.classes for i in drawn[1].items]


def test_a_question_shows_no_other_feature_map():
    """The maps of a bank are small pictures of all the answers."""
    asked = parse(draw(picture("four filters"), question=True, answered=frozenset()))
    assert "filter" not in asked.grids


@pytest.mark.parametrize("step", [0, 4, 8])
def test_a_walk_shows_the_output_up_to_the_step(step):
    cells = parse(draw(ConvolutionPicture(ASKED), step, walk=True)).cells("output")
    assert sorted(cells) == [divmod(i, 3) for i in range(step + 1)]


def test_drawing_again_gives_the_same_picture_whatever_was_drawn_between():
    first = ConvolutionPicture(ASKED, ())
    ways = [
        {"step": 3},
        {"step": 5, "question": True, "answered": frozenset([1])},
        {"step": 8, "walk": True},
        {"step": 2, "paint": True, "pinned": 7},
    ]
    before = [draw(first, **way) for way in ways]
    assert [draw(first, **way) for way in reversed(ways)] == before[::-1]
    assert draw(ConvolutionPicture(ASKED), **ways[3]) == before[3]


def test_a_cell_is_edited_with_its_number_in_full():
    whole = convolution([[1 / 3, -2.5]], [[1e-7, 123456.789]])
    svg = draw(ConvolutionPicture(whole))
    values = re.findall(r'data-values="([^"]*)"', svg)
    assert [[float(v) for v in line.split()] for line in values] == [
        pytest.approx([1 / 3, -2.5]),
        pytest.approx([1e-7, 123456.789]),
    ]


def test_the_names_of_channels_cannot_break_the_picture():
    whole = convolution(np.ones((2, 3, 3)), np.ones((1, 2, 2, 2)))
    texts = [t.content for t in parse(draw(ConvolutionPicture(whole, ("<b>", 'R & "G"')))).texts]
    assert any("<b>" in t for t in texts)


@pytest.mark.parametrize(("padding", "frames"), [(0, 0), (1, 1), ((0, 2), 1)])
def test_padding_is_set_apart_from_the_image(padding, frames):
    drawn = parse(draw(ConvolutionPicture(convolution(np.ones((5, 5)), np.ones((3, 3)), padding=padding))))
    assert sum("cl-frame" in i.classes for i in drawn.items) == frames
    top, left = (padding, padding) if isinstance(padding, int) else padding
    gray = sum(t.grid == "input" and "cl-gray" in t.classes for t in drawn.texts)
    assert gray == (5 + 2 * top) * (5 + 2 * left) - 25


@pytest.mark.parametrize("size", [20, 64, 200])
def test_a_picture_stays_small_whatever_is_drawn(size):
    image = np.random.default_rng(0).normal(size=(3, size, size))
    large = draw(ConvolutionPicture(convolution(image, filter_bank("sobel", 3))))
    assert len(large) < 400_000


def test_a_large_kernel_does_not_make_a_large_picture():
    """A cell of a kernel of 60 x 60 is too small to hold a number: a bitmap shows it, as it shows a photo."""
    image = np.random.default_rng(0).normal(size=(100, 100))
    assert len(draw(ConvolutionPicture(convolution(image, image[:60, :60])))) < 400_000
