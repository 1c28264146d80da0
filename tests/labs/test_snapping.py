"""A slider in a page moves a number between two steps to the next one: that is no choice of a person."""

import ipywidgets as widgets
import pytest

from cnnlab.labs import BatchNormLab
from cnnlab.labs.snapping import Snapping


def test_a_page_that_rounds_changes_no_setting():
    lab = BatchNormLab(running_mean=4.5, running_var=6.25)
    lab.boxes["running_var"].value = 6.3  # what the page sends back, as soon as it shows the slider
    assert lab.running_var == 6.25 and lab.trace.running_var == pytest.approx(0.9 * 6.25 + 0.1 * 20 / 3)
    lab.boxes["running_var"].value = 6.4  # a person
    lab.boxes["running_var"].value = 6.3
    assert lab.running_var == 6.3


def test_a_late_answer_changes_no_setting_either():
    lab = BatchNormLab()
    for _ in range(3):
        lab.feed()
    assert lab.running_mean == pytest.approx(1.355)
    for answer in (1, 1.4):  # to 0.95 and to 1.355
        lab.boxes["running_mean"].value = answer
    assert lab.running_mean == pytest.approx(1.355)
    lab.boxes["running_mean"].value = 1
    assert lab.running_mean == 1


def test_a_slider_with_exponents_rounds_these():
    lab = BatchNormLab(eps=3e-5)
    lab.boxes["eps"].value = 1e-4  # a person, two steps on: log10(3e-5) is -4.52, and the page rounds it to -5
    assert lab.eps == 1e-4
    lab = BatchNormLab(eps=3e-5)
    lab.boxes["eps"].value = 1e-5
    assert lab.eps == 3e-5


def test_a_control_without_steps_has_no_answers():
    plain = Snapping(widgets.Dropdown(options=["a", "b"], value="a"))
    assert not plain.is_between("a") and not plain.is_answer("b", "a")
    typed = Snapping(widgets.IntText(value=3))
    assert not typed.is_between(3) and not typed.is_answer(4, 3)
    boxes = Snapping(widgets.Checkbox(value=True))
    assert not boxes.is_answer(False, True)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e308, 10**400, -(10**400)])
def test_no_number_is_too_large_to_be_asked_about(value):
    for slider in (widgets.FloatSlider(), widgets.IntSlider(), widgets.FloatLogSlider()):
        snapping = Snapping(slider)
        snapping.shown(value)
        assert not snapping.is_answer(1, value)
