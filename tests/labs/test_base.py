"""What every lab keeps: its state, its picture, and the word about what went wrong."""

import ipywidgets as widgets
import numpy as np
import pytest
from ipywidgets.widgets import widget

from cnnlab.figures import svg
from cnnlab.labs.base import Lab
from cnnlab.labs.settings import flag, setting


class Root(Lab):
    """The square root of a number; and a defect at 13."""

    number = setting(4)
    label = setting("root", view=True)
    dark = setting(False, flag, view=True, recipe=False)

    def build(self):
        self.modeled, self.pictures, self.heard = 0, 0, []
        self.box = self.control("number", widgets.IntText())
        self.choice = self.control("label", widgets.Dropdown(options=["root", "square root"]))
        self.press = self.button("one more", self.more)
        return [self.box, self.choice, self.press, self.stage, self.plain_picture, self.note]

    def more(self):
        if self.number == 99:
            raise KeyError("no more")
        self.number += 1

    def model(self, s):
        self.modeled += 1
        if s.number == 13:
            raise ZeroDivisionError("a defect")
        if s.number < 0:
            raise ValueError(f"number must be at least 0, but is {s.number}")
        return float(np.sqrt(s.number))

    def look(self, model, s):
        return model

    def draw(self, model, trace, s, frame):
        self.pictures += 1
        return svg.document(50, 20, [svg.text(1, 15, f"{s.label} {trace}")], "a root", frame=frame)

    def numbers(self, trace, s):
        return f"{s.label} = {trace}"

    def status(self, trace, s):
        return f"now {trace}"

    def hint(self, trace, s):
        return "Change the number."

    def pointed(self, event):
        self.heard.append(event)
        if event["kind"] == "choose":
            raise ValueError("that cannot be pointed at")


def test_a_change_is_drawn_once():
    lab = Root()
    before = lab.pictures
    lab.number = 9
    assert (lab.trace, lab.pictures) == (3, before + 1)
    assert "root 3.0" in lab.svg == lab.stage.svg
    assert lab.stage.status == "now 3.0"


def test_a_change_of_what_is_looked_at_computes_nothing():
    lab = Root()
    before = lab.modeled
    lab.label = "square root"
    assert lab.modeled == before
    assert "square root 2.0" in lab.svg


def test_a_value_that_a_setting_may_not_be_is_said():
    lab = Root()
    lab.dark = "very"
    assert lab.error == "dark must be True or False, but is 'very'"
    lab.dark = True
    assert lab.error == ""
    assert "Change the number." in lab.note.value


def test_held_changes_are_drawn_once_at_the_end():
    lab = Root()
    before = lab.pictures
    with lab.hold():
        lab.number = 9
        with lab.hold():
            lab.label = "square root"
        assert lab.pictures == before
    assert (lab.pictures, lab.trace) == (before + 1, 3)


def test_a_hold_that_changes_nothing_draws_nothing():
    lab = Root()
    before = lab.pictures
    with lab.hold():
        pass
    assert lab.pictures == before


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
    lab.feedback("<b>&", "hint")
    assert "&lt;b&gt;&amp;" in lab.note.value


def test_a_lab_made_with_bad_settings_shows_a_new_one_and_says_why():
    lab = Root(number=-1)
    assert lab.error and "root 2.0" in lab.svg == lab.stage.svg
    assert lab.trace == 2
    assert "<svg" in lab.plain_picture.value


def test_a_setting_that_does_not_exist_is_named():
    with pytest.raises(TypeError, match="Root has no setting 'numbr'; it has number, label, dark"):
        Root(numbr=1)


def test_settings_keep_the_order_in_which_they_are_declared():
    assert Root.setting_names() == ("number", "label", "dark")


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
    lab.stage._handle_custom_msg({"kind": "leave"}, [])
    lab.stage._handle_custom_msg({"kind": "choose", "grid": "any", "row": 0, "col": 0}, [])
    lab.stage._handle_custom_msg({"kind": "unheard of"}, [])
    assert [event["kind"] for event in lab.heard] == ["leave", "choose"]
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
    drawn = lab.pictures
    lab.label = "second root"
    assert lab.label == "second root"
    assert (lab.choice.value, lab.pictures) == ("second root", drawn + 1)


def test_the_recipe_holds_what_is_not_the_default():
    assert Root().recipe() == repr(Root()) == "Root()"
    assert Root(number=9, dark=True, label="a 'b'").recipe() == "Root(number=9, label=\"a 'b'\")"


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


PARTS = ["build", "model", "look", "draw", "numbers", "status", "hint"]


@pytest.mark.parametrize("part", PARTS)
def test_a_lab_without_one_of_its_parts_says_so(part):
    method = getattr(Lab, part)
    with pytest.raises(NotImplementedError):
        method(*[None] * method.__code__.co_argcount)


def test_a_closed_lab_leaves_no_widget_behind():
    before = len(widget._instances)
    Root(number=-1).close()
    assert len(widget._instances) == before
