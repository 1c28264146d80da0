"""Settings, controls, picture and recipe of the convolution lab agree, whatever is moved."""

import ipywidgets as widgets
import numpy as np
import pytest

from cnnlab.data import EXAMPLES
from cnnlab.kernels import FILTERS, KERNELS
from cnnlab.labs import ConvolutionLab
from cnnlab.labs.numbers import same
from tests.labs.looking import (
    all_of,
    answer_box,
    click,
    control,
    expected,
    found,
    numbers,
    send,
    shown_text,
    step_shown,
    still,
)  # fmt: skip

COLOR = {"input": "color", "weight": "four filters", "padding": 1}

# setting, the values that its control offers (what is set on the control is what the setting becomes)
CONTROLS = [
    ("input", ["digit", "letter", "color", "step"]),
    ("weight", ["sobel x", "four filters", "vertical edge"]),
    ("stride", [2, 3, 4, 1]),
    ("padding", [2, 3, 4, "same", 0, 1]),
    ("padding_mode", ["reflect", "replicate", "circular", "zeros"]),
    ("dilation", [2, 3, 1]),
    ("groups", [3, 1]),
    ("bias", [2.5, -1.0, 0.0]),
    ("flip", [True, False]),
    ("relu", [True, False]),
    ("walk", [True, False]),
    ("predict", [True, False]),
    ("paint", [True, False]),
    ("brush", [0.0, -2.0]),
    ("step", [3, 0]),
    ("channel", [2, 1, 0]),
    ("filter", [3, 0]),
    ("panel", ["code", "type", "photo", "keys", ""]),
]

# setting, value that works, what its control shows then (None: it cannot)
BEYOND = [
    ("stride", 5, 5),
    ("stride", (2, 1), (2, 1)),
    ("stride", [1, 2], None),
    ("padding", 7, 7),
    ("padding", (0, 2), (0, 2)),
    ("padding", "valid", "valid"),
    ("dilation", (1, 2), (1, 2)),
    ("bias", [1, 2, 3, 4], None),
    ("bias", None, None),
    ("stride", np.int64(2), 2),
    ("padding", np.uint8(1), 1),
    ("bias", np.float32(0.5), 0.5),
    ("stride", np.array([1, 2]), None),
]

# settings before, the change, where the window must stay (row and column of the padded input)
PLACES = [
    ({"step": 14}, {"stride": 2}, (2, 2)),
    ({"stride": 2, "step": 4}, {"stride": 1}, (2, 2)),
    ({"step": 35}, {"stride": 2}, (4, 4)),
    ({"step": 35}, {"dilation": 2}, (3, 3)),
    ({"step": 14}, {"stride": 7}, (0, 0)),
    ({"step": 14}, {"stride": 5}, (0, 0)),
    ({"step": 8}, {"weight": "gaussian 5"}, (1, 2)),
    ({"step": 1000}, {"stride": 5}, (5, 5)),
]

# good settings of a lab, to be drawn at random
POOL = {
    "input": ["step", "digit", "color", "color patch", "signal", "1 2 3; 4 5 6; 7 8 9.5", numbers(5, 6),
              numbers(4, 6, 6)],
    "weight": ["vertical edge", "four filters", "gaussian", "1 -2", numbers(2, 2), numbers(2, 3, 2, 2),
               numbers(4, 1, 1, 2)],
    "bias": [0.0, -1.5, 3, [1, -2, 0, 0.5], None],
    "stride": [1, 2, 3, (1, 2), np.int64(2), [2, 1]],
    "padding": [0, 1, 4, "same", "valid", (0, 2)],
    "dilation": [1, 2, (2, 1)],
    "groups": [1, 1, 1, 3, 4, 2],
    "padding_mode": ["zeros", "reflect", "replicate", "circular"],
    "flip": [False, True],
    "relu": [False, True],
    "step": [0, 3, 7, 1000],
    "filter": [0, 1, 3],
    "channel": [0, 2],
    "walk": [False, True],
    "predict": [False, True],
    "paint": [False, True],
    "brush": [1.0, -0.5],
    "panel": ["", "code", "type"],
}  # fmt: skip


def chosen(seed, count=7):
    """Some settings of the pool."""
    rng = np.random.default_rng(seed)
    names = rng.choice(list(POOL), count, replace=False)
    return {str(name): POOL[name][rng.integers(len(POOL[name]))] for name in names}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_shown(name):
    lab = ConvolutionLab(input=name, weight="signal" if name == "signal" else "vertical edge")
    assert lab.error == ""
    assert lab.trace.convolution.steps > 0


@pytest.mark.parametrize("name", [*KERNELS, *FILTERS])
@pytest.mark.parametrize("image", ["digit", "color"])
def test_every_kernel_is_laid_on_gray_and_on_color(name, image):
    lab = ConvolutionLab(input=image, weight=name)
    if name == "color filters" and image == "digit":
        assert lab.error == "" or "3" in lab.error
    else:
        assert lab.error == ""


@pytest.mark.parametrize(("name", "values"), CONTROLS)
def test_a_setting_follows_its_control(name, values):
    lab = ConvolutionLab(**COLOR)
    for value in values:
        control(lab, name).value = value
        assert same(getattr(lab, name), value)
        assert lab.error == ""
        assert step_shown(lab) == lab.trace.index


@pytest.mark.parametrize(("name", "values"), CONTROLS)
def test_a_control_follows_its_setting(name, values):
    lab = ConvolutionLab(**COLOR)
    for value in values:
        setattr(lab, name, value)
        assert control(lab, name).value == value
        assert lab.error == ""


@pytest.mark.parametrize(("name", "value", "shown"), BEYOND)
def test_a_setting_may_be_more_than_its_control_offers(name, value, shown):
    lab = ConvolutionLab(**{**COLOR, "padding": 2})
    setattr(lab, name, value)
    assert lab.error == ""
    assert np.array_equal(np.array(getattr(lab, name)), np.array(value))
    if shown is not None:
        assert control(lab, name).value == shown
    made = ConvolutionLab(**{**COLOR, "padding": 2, name: value, "step": lab.step})
    assert still(made) == still(lab)


def test_groups_stay_what_they_were_set_to():
    """The list of divisors is made anew for another number of channels; it must not choose for the person."""
    lab = ConvolutionLab(input=numbers(4, 5, 5), weight=numbers(4, 1, 3, 3), groups=4)
    assert (lab.groups, lab.trace.convolution.groups, control(lab, "groups").value) == (4, 4, 4)
    lab = ConvolutionLab(input=numbers(3, 5, 5), weight="edges", groups=3)
    lab.input = numbers(6, 5, 5)
    assert (lab.groups, lab.trace.convolution.groups) == (3, 3)


def test_the_list_of_groups_holds_the_divisors_of_the_channels():
    lab = ConvolutionLab(input=numbers(6, 5, 5), weight="edges")
    assert [value for _, value in control(lab, "groups").options] == [1, 2, 3, 6]


def test_a_step_with_the_buttons_stays_inside():
    lab = ConvolutionLab(input="numbers")
    click(lab, "previous step")
    assert lab.step == 0
    for _ in range(12):
        click(lab, "next step")
    assert (lab.step, lab.trace.index, control(lab, "step").value) == (8, 8, 8)


def test_the_step_slider_reaches_every_output_cell_and_no_further():
    lab = ConvolutionLab(input="numbers", step=8)
    assert control(lab, "step").max == found(lab, widgets.Play).max == 8
    lab.stride = 2
    assert (control(lab, "step").max, lab.trace.index, control(lab, "step").value) == (3, 3, 3)
    lab.stride = 1
    assert control(lab, "step").max == 8


@pytest.mark.parametrize(("before", "change", "place"), PLACES)
def test_the_window_stays_where_it_is_as_far_as_it_can(before, change, place):
    lab = ConvolutionLab(input="step", **before)
    with lab.hold():
        for name, value in change.items():
            setattr(lab, name, value)
    assert (lab.trace.rows[0], lab.trace.cols[0]) == place
    assert lab.step == lab.trace.index == step_shown(lab) == control(lab, "step").value


def test_a_step_given_with_a_stride_is_the_one_that_is_shown():
    lab = ConvolutionLab(step=14)
    with lab.hold():
        lab.stride, lab.step = 2, 1
    assert lab.trace.index == 1


def test_controls_that_have_nothing_to_choose_are_hidden():
    lab = ConvolutionLab()
    hidden = [control(lab, "channel"), control(lab, "filter"), control(lab, "groups"), answer_box(lab)]
    assert [widget.layout.display for widget in hidden] == ["none"] * 4
    with lab.hold():
        lab.input, lab.weight, lab.predict = "color", "edges", True
    assert [widget.layout.display for widget in hidden] == [None] * 4


@pytest.mark.parametrize("seed", range(40))
def test_the_recipe_rebuilds_the_lab(seed):
    lab = ConvolutionLab(**chosen(seed))
    if lab.error:
        assert expected(lab) is None
    else:
        rebuilt = eval(lab.recipe(), {"ConvolutionLab": ConvolutionLab})
        assert rebuilt.error == ""
        assert still(rebuilt) == still(lab)
        assert rebuilt.recipe() == lab.recipe()


def test_the_recipe_of_a_new_lab_is_short():
    assert ConvolutionLab().recipe() == "ConvolutionLab()"
    assert ConvolutionLab(stride=2, panel="code").recipe() == "ConvolutionLab(stride=2)"


def test_the_recipe_of_a_lab_that_was_moved_rebuilds_it():
    lab = ConvolutionLab()
    lab.step = 14
    lab.stride = 2
    lab.padding = "valid"
    send(lab, {"kind": "edit", "grid": "input", "cells": [[1, 2]], "text": "1/3"})
    send(lab, {"kind": "edit", "grid": "kernel", "cells": [[0, 0]], "text": "-0.1"})
    assert still(eval(lab.recipe())) == still(lab)


def test_the_code_panel_shows_recipe_and_pytorch():
    lab = ConvolutionLab(panel="code", stride=2)
    assert "ConvolutionLab(stride=2)" in shown_text(lab)
    assert "F.conv2d(x, w, stride=2)" in shown_text(lab)
    lab.stride = 3
    assert "ConvolutionLab(stride=3)" in shown_text(lab) and "stride=2" not in shown_text(lab)
    lab.panel = ""
    assert "F.conv2d" not in shown_text(lab)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(("image", "weight"), [("step", "corner"), ("color", "corner"), ("color", "four filters")])
def test_a_typed_kernel_that_is_not_changed_changes_nothing(image, weight, flip):
    lab = ConvolutionLab(input=image, weight=weight, flip=flip, panel="type", filter=2, channel=1)
    before = lab.trace.convolution.weight.copy()
    click(lab, "Use as kernel")
    assert lab.error == ""
    np.testing.assert_array_equal(lab.trace.convolution.weight, before)


@pytest.mark.parametrize("name", ["step", "color"])
def test_a_typed_input_that_is_not_changed_changes_nothing(name):
    lab = ConvolutionLab(input=name, panel="type", channel=2)
    before = lab.trace.convolution.input.copy()
    click(lab, "Use as input")
    assert lab.error == ""
    np.testing.assert_array_equal(lab.trace.convolution.input, before)


def test_a_pasted_kernel_lies_where_it_was_pasted():
    lab = ConvolutionLab(weight="corner")
    send(lab, {"kind": "grid", "grid": "kernel", "text": "1 2 3\n4 5 6\n7 8 9"})
    np.testing.assert_array_equal(lab.trace.kernel[0], np.arange(1.0, 10).reshape(3, 3))


def test_an_input_can_be_typed():
    lab = ConvolutionLab(panel="type")
    text = next(w for w in all_of(lab) if isinstance(w, widgets.Textarea))
    assert text.value.splitlines()[0].split() == ["10"] * 4 + ["0"] * 4
    text.value = "1 2 3 4\n5 6 7 8\n9 1 2 3"
    click(lab, "Use as input")
    assert lab.trace.convolution.input.shape == (1, 3, 4)
    assert control(lab, "input").value == "(edited)"
