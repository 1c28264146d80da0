"""Hundreds of changes, good and bad, in any order: the lab never breaks, and never says something false."""

from xml.etree import ElementTree

import numpy as np
import pytest

from cnnlab.labs import ConvolutionLab
from tests.labs.looking import JARGON, expected, message, numbers, send, step_shown, still

VALUES = {
    "input": ["step", "digit", "color", "signal", "photo: cat", "1 2; 3 4", "1 2; 3", "nothing", "", None,
              [[1, 2, 3]] * 3, numbers(4, 6, 6), [[1, np.nan]], np.zeros((0, 3)), 5, "missing.png",
              np.zeros((2, 2, 2, 2))],
    "weight": ["vertical edge", "edges", "gaussian 5", "1 0; 0 1", "1 x", "unknown", [[1]], numbers(2, 3, 2, 2), None,
               3, numbers(4, 1, 2, 2), np.full((2, 2), np.inf), "color filters"],
    "bias": [0.0, 2.5, -1, [1, -1], [1.0], None, np.inf, np.nan, "two"],
    "stride": [1, 2, 5, (2, 1), 0, -1, 2.5, "2", None, np.int64(3), (1, 2, 3)],
    "padding": [0, 1, 4, "same", "valid", (1, 0), -1, "wide", None, 0.5, 20],
    "dilation": [1, 2, 3, 0, -2, (1, 2), "1", 40],
    "groups": [1, 2, 3, 4, 0, -1, 1.5, "2", None],
    "padding_mode": ["zeros", "reflect", "replicate", "circular", "mirror", None, 3],
    "flip": [True, False, "yes", None, 2],
    "relu": [True, False, "no", 3],
    "step": [0, 1, 7, 500, -1, 1.5, "3", None],
    "filter": [0, 1, 3, 99, -1, None],
    "channel": [0, 2, 99, -2, "R"],
    "walk": [True, False, "x"],
    "predict": [True, False, "x"],
    "paint": [True, False, "x"],
    "brush": [1.0, -3, "red", None],
    "panel": ["", "code", "type", "photo", "keys", "cellar", None],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_error_says_what_does_not_work_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    lab = ConvolutionLab()
    for _ in range(50):
        name = str(rng.choice(list(VALUES)))
        value = VALUES[name][rng.integers(len(VALUES[name]))]
        before = still(lab)
        setattr(lab, name, value)
        settings = {name: getattr(lab, name) for name in lab.setting_names()}
        whole = expected(lab)
        assert (lab.error == "") == (whole is not None), settings
        assert not JARGON.search(lab.error)
        if whole is None:
            assert still(lab) == before, settings
        else:
            np.testing.assert_array_equal(lab.trace.convolution.output, whole.output)
            assert step_shown(lab) == lab.trace.index
            ElementTree.fromstring(lab.svg)
        if lab.error or rng.random() < 0.1:  # back to what works
            good = ConvolutionLab(input="color", weight="edges")
            with lab.hold():
                for other in lab.setting_names():
                    setattr(lab, other, getattr(good, other))
            assert lab.error == "", settings
            assert still(lab) == still(good)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_page_reports_the_lab_goes_on(seed):
    rng = np.random.default_rng(100 + seed)
    lab = ConvolutionLab(input="color", weight="edges", padding=1)
    for _ in range(60):
        event = message(rng)
        send(lab, event)
        assert "wrong in the lab itself" not in lab.error, event
        assert not JARGON.search(lab.error), event
        assert step_shown(lab) == lab.trace.index
        lab.walk = not lab.walk  # the next thing that is done
        assert lab.error == "", event
        if rng.random() < 0.1:
            lab.input, lab.weight = "color", "edges"


def test_the_recipe_and_the_text_can_always_be_shown():
    lab = ConvolutionLab()
    for name, values in VALUES.items():
        for value in values:
            setattr(lab, name, value)
            assert lab.recipe().startswith("ConvolutionLab(")
            assert lab.numbers(lab.trace, lab.drawn)
        setattr(lab, name, values[0])
        assert lab.error == ""
