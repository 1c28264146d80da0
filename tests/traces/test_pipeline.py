"""A pipeline as text, and its samples: what is said of a sample is what was done to it."""

import numpy as np
import pytest

from cnnlab import augment
from cnnlab.traces.pipeline import MAKE, SAMPLES, Sheet, Written, parse_pipeline

IMAGE = np.random.default_rng(0).random((3, 24, 24)).astype(np.float32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flip", [("flip", ())]),
        ("flip 0.5; rotate 15", [("flip", (0.5,)), ("rotate", (15,))]),
        ("Vertical  flip .25\n\n zoom 0.8 1.2,", [("vertical flip", (0.25,)), ("zoom", (0.8, 1.2))]),
        ("rotate −10 10", [("rotate", (-10, 10))]),
    ],
)
def test_a_text_is_read(text, expected):
    assert parse_pipeline(text) == tuple(Written(*one) for one in expected)


@pytest.mark.parametrize("text", ["flip 0.5; rotate 15", "vertical flip 0.25; zoom 0.8 1.2", "shuffle"])
def test_what_is_read_is_written_again(text):
    assert "; ".join(map(str, parse_pipeline(text))) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "pipeline is empty"),
        (" ; ", "pipeline is empty"),
        ("flip; twirl 3", "step 2: 'twirl 3' is not known"),
        ("0.5", "step 1: '0.5' is not known"),
        ("rotate", "rotate takes 1 or 2 numbers, not 0: write rotate 15"),
        ("zoom 2", "zoom takes 2 numbers, not 1"),
        ("flip 0.5 0.5", "flip takes 0 or 1 numbers, not 2"),
        ("rotate inf", "step 1, rotate: degrees must be finite, but is inf"),
        ("rotate 1001", "step 1, rotate: its numbers lie between -1000 and 1000: write rotate 15"),
        ("flip; zoom 1 1e308", "step 2, zoom: its numbers lie between -1000 and 1000: write zoom 0.8 1.2"),
        ("rotate fast", "no number: write rotate 15"),
        ("rotate 15°", "no number: write rotate 15"),
        ("flip 1.5", "step 1, flip: p must be"),
        ("flip nan", "step 1, flip: p must be a number, but is nan"),
        ("rotate 2000", "step 1, rotate: its numbers lie between -1000 and 1000"),
        ("zoom 0 1", "step 1, zoom: scale must be above 0"),
        ("cutout 2", "step 1, cutout: the side of the square"),
        (";".join(["flip"] * 8), "8 steps: at most 7"),
        (None, "must be text"),
    ],
)
def test_what_cannot_be_read_is_told(text, says):
    with pytest.raises(ValueError, match="pipeline") as caught:
        parse_pipeline(text)
    assert says in str(caught.value)


@pytest.mark.parametrize("word", MAKE)
def test_the_steps_that_are_told_make_the_sample(word):
    sheet = Sheet(IMAGE, parse_pipeline(MAKE[word][3]), 3)
    changed = set()
    for i in range(SAMPLES):
        sample, image = sheet.at(i), IMAGE
        for step in sample.steps:
            image = step.apply(image)
        np.testing.assert_allclose(image, sheet.samples[i], atol=2e-6)
        np.testing.assert_array_equal(sample.chain[-1], sheet.samples[i])
        assert all(sample.says(1)) and sample.formula()
        changed.add(not np.allclose(image, IMAGE))
    assert True in changed
    assert (False in changed) == (word in ("flip", "vertical flip", "gray", "shuffle"))


def test_a_pipeline_of_several_steps_goes_on_from_what_came_out():
    sheet = Sheet(IMAGE, parse_pipeline("crop 0.4; flip 0.5; rotate 30; jitter 0.5; cutout 0.4"), 7)
    for i in range(SAMPLES):
        sample, image = sheet.at(i), IMAGE
        for step in sample.steps:
            image = step.apply(image)
        np.testing.assert_allclose(image, sheet.samples[i], atol=5e-6)
        assert len(sample.chain) == 6 and len(sample.says(4)) == 3


def test_the_same_seed_makes_the_same_sheet():
    written = parse_pipeline("flip; rotate 15; hue 0.2")
    one, two, other = (Sheet(IMAGE, written, seed).samples for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
    expected = Sheet(IMAGE, written, 5).pipeline
    draws = expected.draw(np.random.default_rng(5), SAMPLES, IMAGE.shape)
    np.testing.assert_allclose(one[3], np.clip(expected.apply(IMAGE, draws, 3), 0, 1))
    assert isinstance(expected.transforms[0], augment.RandomHorizontalFlip)


def test_a_sample_that_nothing_was_drawn_for_says_so():
    sheet = Sheet(IMAGE, parse_pipeline("flip 0"), 0)
    assert sheet.at(0).says(1) == ("not this time",)
    assert sheet.at(0).formula() == "nothing was changed this time"
    np.testing.assert_array_equal(sheet.samples[0], IMAGE)
