"""The dropout lab in JupyterLab: units that are clicked and reached with the keyboard, masks that are drawn."""

from playwright.sync_api import expect

from .hands import cell, control, show, tick
from .jupyter import Lab

# the label of a control, the key pressed on it, the setting, its new value
MOVED = (
    ("p", "ArrowRight", "p", "0.55"),
    ("scaling", "ArrowDown", "scaling", "'at inference'"),
    ("masks", "ArrowRight", "masks", "2"),
    ("network", "ArrowDown", "network", "'two hidden layers'"),
)


def test_a_unit_is_clicked_and_walked_to(lab: Lab) -> None:
    picture = show(lab, 'DropoutLab(mask="1 1 1 1")')
    lab.page.mouse.click(*cell(picture, "units 0", 1, 0))
    lab.wait_for_python("lab.mask", "'1 0 1 1'")
    lab.wait_for_frame()
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Space")
    lab.wait_for_python("lab.mask", "'1 0 0 1'")
    expect(picture).to_contain_text("1·4 + 2·0 + 3·0 + 4·16 = 68")
    assert lab.errors() == []


def test_every_control_changes_the_picture_and_a_mask_is_drawn(lab: Lab) -> None:
    picture = show(lab, "DropoutLab()")
    for label, key, setting, value in MOVED:
        before = picture.inner_html()
        control(lab, label).focus()
        lab.page.keyboard.press(key)
        lab.wait_for_python(f"lab.{setting}", value)
        lab.wait_for_idle()
        lab.wait_for_frame()
        assert picture.inner_html() != before, label
    lab.page.get_by_role("button", name="next mask").click()
    lab.wait_for_python("(lab.masks, lab.training)", "(3, True)")
    tick(lab, "training").click()
    lab.wait_for_python("lab.training", "False")
    expect(picture).to_contain_text("In eval no unit is dropped.")
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.recipe()", "'DropoutLab()'")
    assert lab.errors() == []
