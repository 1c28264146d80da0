"""What every lab keeps: its state, its picture, and the word about what went wrong."""

import ipywidgets as widgets
import numpy as np
import pytest
import traitlets

from cnnlab.figures import svg
from cnnlab.labs.base import Lab


class Root(Lab):
    """The square root of a number; and a defect at 13."""

    number = traitlets.Any(4).tag(setting=True)
    label = traitlets.Any("root").tag(setting=True)
    look = traitlets.Any("").tag(setting=True, recipe=False)

    def build(self):
        self.drawn = 0
        self.heard = []
        self.box = self.control("number", widgets.IntText())
        self.choice = self.control("label", widgets.Dropdown(options=["root", "square root"]))
        self.press = self.button("one more", self.more)
        return [self.box, self.choice, self.press, self.stage, self.plain_picture, self.note]

    def more(self):
        if self.number == 99:
            raise KeyError("no more")
        self.number += 1

    def compute(self):
        if self.number == 13:
            raise ZeroDivisionError("a defect")
        if self.number < 0:
            raise ValueError(f"number must be at least 0, but is {self.number}")
        return float(np.sqrt(self.number))

    def draw(self, trace):
        self.drawn += 1
        return svg.document(50, 20, [svg.text(1, 15, f"{self.label} {trace}")], "a root", frame=self.frame)

    def numbers(self, trace):
        return f"{self.label} = {trace}"

    def status(self, trace):
        return f"now {trace}"

    def pointed(self, event):
        self.heard.append(event)
        if event["kind"] == "bad":
            raise ValueError("that cannot be pointed at")


def test_a_change_is_drawn_once():
    lab = Root()
    before = lab.drawn
    lab.number = 9
    assert (lab.trace, lab.drawn) == (3, before + 1)
    assert "root 3.0" in lab.svg == lab.stage.svg
    assert lab.stage.status == "now 3.0"


def test_held_changes_are_drawn_once_at_the_end():
    lab = Root()
    before = lab.drawn
    with lab.hold():
        lab.number = 9
        with lab.hold():
            lab.label = "square root"
        assert lab.drawn == before
    assert (lab.drawn, lab.trace) == (before + 1, 3)


def test_a_hold_that_changes_nothing_draws_nothing():
    lab = Root()
    before = lab.drawn
    with lab.hold():
        pass
    assert lab.drawn == before


def test_a_hold_ends_even_where_its_block_fails():
    lab = Root()
    with pytest.raises(KeyError), lab.hold():
        lab.number = 9
        raise KeyError
    assert lab.trace == 3


def test_what_cannot_work_is_said_and_the_last_picture_stays():
    lab = Root(number=9)
    picture = lab.svg
    lab.number = -1
    assert lab.error == "number must be at least 0, but is -1"
    assert lab.error in lab.note.value and 'role="alert"' in lab.note.value
    assert lab.svg == picture == lab.stage.svg
    assert lab.trace == 3
    lab.number = 16
    assert (lab.error, lab.trace) == ("", 4)


def test_what_is_said_cannot_break_the_page():
    lab = Root()
    lab.say("<b>&")
    assert "&lt;b&gt;&amp;" in lab.note.value


def test_a_lab_made_with_bad_settings_shows_a_new_one_and_says_why():
    lab = Root(number=-1)
    assert lab.error and "root 2.0" in lab.svg == lab.stage.svg
    assert lab.trace == 2
    assert "<svg" in lab.plain_picture.value


def test_a_setting_that_does_not_exist_is_named():
    with pytest.raises(TypeError, match="Root has no setting 'numbr'; it has number, label, look"):
        Root(numbr=1)


def test_settings_keep_the_order_in_which_they_are_declared():
    assert Root.setting_names() == ("number", "label", "look")


def test_a_defect_is_shown_and_raised_in_tests(monkeypatch):
    lab = Root()
    with pytest.raises(ZeroDivisionError):
        lab.number = 13
    assert "Something is wrong in the lab itself (ZeroDivisionError: a defect)" in lab.error
    monkeypatch.setenv("CNNLAB_STRICT", "0")
    lab.number = 4
    assert lab.error == ""
    lab.number = 13
    assert "Please report it" in lab.error and "root 2.0" in lab.svg


def test_a_defect_of_a_button_is_shown_and_raised_in_tests(monkeypatch):
    lab = Root(number=99)
    monkeypatch.setenv("CNNLAB_STRICT", "0")
    lab.press.click()
    assert "KeyError" in lab.error


def test_a_button_does_what_it_says():
    lab = Root(number=8)
    lab.press.click()
    assert lab.trace == 3


def test_the_page_is_heard_and_its_errors_are_shown():
    lab = Root()
    lab.stage._handle_custom_msg({"kind": "good"}, [])
    lab.stage._handle_custom_msg({"kind": "bad"}, [])
    assert [event["kind"] for event in lab.heard] == ["good", "bad"]
    assert lab.error == "that cannot be pointed at"


def test_a_control_and_its_setting_follow_each_other():
    lab = Root()
    lab.box.value = 25
    assert lab.number == 25
    lab.number = 36
    assert lab.box.value == 36


def test_a_value_that_a_control_does_not_offer_is_the_setting_all_the_same():
    """Its list must not choose another value meanwhile: the picture would show it for a moment, and keep it."""
    lab = Root(label="square root")
    drawn = lab.drawn
    lab.label = "second root"
    assert lab.label == "second root"
    assert (lab.choice.value, lab.drawn) == ("second root", drawn + 1)


def test_the_recipe_holds_what_is_not_the_default():
    assert Root().recipe() == repr(Root()) == "Root()"
    assert Root(number=9, look="x", label="a 'b'").recipe() == "Root(number=9, label=\"a 'b'\")"


def test_the_plain_picture_shows_until_the_page_is_alive():
    lab = Root()
    assert "<svg" in lab.plain_picture.value and lab.plain_picture.layout.display is None
    lab.stage.alive = True
    assert (lab.plain_picture.value, lab.plain_picture.layout.display) == ("", "none")
    lab.stage.alive = False
    lab.number = 9
    assert "root 3.0" in lab.plain_picture.value


def test_a_page_without_widgets_gets_picture_and_numbers():
    bundle = Root(number=9)._repr_mimebundle_()
    assert bundle["text/plain"] == "Root(number=9)\nroot = 3.0"
    assert (
        bundle["image/png"].startswith(b"\x89PNG")
        and bundle["image/png"] == Root(number=9)._repr_mimebundle_()["image/png"]
    )
    assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.parametrize("method", ["build", "compute", "draw", "numbers", "status"])
def test_a_lab_without_one_of_its_parts_says_so(method):
    part = getattr(Lab, method)
    with pytest.raises(NotImplementedError):
        part(*[None] * part.__code__.co_argcount)
