"""The dropout lab in JupyterLab: units that are clicked and reached with the keyboard, masks that are drawn."""

from playwright.sync_api import Locator, expect

from .hands import cell, control, tick
from .jupyter import Lab

# the label of a control, the key pressed on it, the setting, its new value
MOVED = (
    ("p", "ArrowRight", "p", "0.55"),
    ("scaling", "ArrowDown", "scaling", "'at inference'"),
    ("masks", "ArrowRight", "masks", "2"),
    ("network", "ArrowDown", "network", "'two hidden layers'"),
)


def show(window: Lab, arguments: str = "") -> Locator:
    """A notebook with a dropout lab called `lab`; its picture."""
    window.open([f"from cnnlab.labs import DropoutLab\nlab = DropoutLab({arguments})\nlab"])
    window.run(0)
    picture = window.page.locator(".cnnlab-stage svg")
    picture.wait_for()
    return picture


def test_a_unit_is_clicked_and_walked_to(lab: Lab) -> None:
    picture = show(lab, 'mask="1 1 1 1"')
    lab.page.mouse.click(*cell(picture, "units 0", 1, 0))
    lab.wait_for_python("lab.mask", "'1 0 1 1'")
    lab.wait_for_frame()
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Space")
    lab.wait_for_python("lab.mask", "'1 0 0 1'")
    expect(picture).to_contain_text("1·4 + 2·0 + 3·0 + 4·16 = 68")
    assert lab.errors() == []


def test_every_control_changes_the_picture_and_a_mask_is_drawn(lab: Lab) -> None:
    picture = show(lab)
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


def test_at_1280_x_720_the_whole_lab_can_be_seen_at_once(lab: Lab) -> None:
    show(lab, 'network="two hidden layers"')
    heights = lab.page.evaluate(
        """() => [".cnnlab-lab", ".jp-NotebookPanel-notebook"].map(
            (selector) => document.querySelector(selector).getBoundingClientRect().height)"""
    )
    assert 300 < heights[0] <= heights[1]
