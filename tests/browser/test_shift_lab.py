"""The shift lab in JupyterLab: a digit that is dragged, pushed by the arrow keys, and pointed at in the maps."""


from playwright.sync_api import expect

from .hands import cell, control, grid, show
from .jupyter import Lab

# the label of a control, the key pressed on it, the setting, its new value
MOVED = (
    ("digit", "ArrowRight", "digit", "4"),
    ("sample", "ArrowRight", "sample", "1"),
    ("down", "ArrowLeft", "down", "-1"),
    ("right", "ArrowRight", "right", "1"),
    ("scale", "ArrowRight", "scale", "1.1"),
    ("noise", "ArrowRight", "noise", "0.1"),
    ("stain", "ArrowRight", "stain", "1"),
    ("CNN", "ArrowDown", "cnn", "'pooled'"),
)
MIDDLE = str(6 * 13 + 6)


def test_every_control_moved_by_the_keyboard_changes_the_picture(lab: Lab) -> None:
    picture = show(lab, "ShiftLab()")
    for label, key, setting, value in MOVED:
        before = picture.inner_html()
        control(lab, label).focus()
        lab.page.keyboard.press(key)
        lab.wait_for_python(f"lab.{setting}", value)
        expect(picture).not_to_have_attribute("data-frame", "1")
        lab.wait_for_idle()
        lab.wait_for_frame()
        assert picture.inner_html() != before, label
    lab.page.get_by_role("button", name="new noise").click()
    lab.wait_for_python("lab.seed", "1")
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.recipe()", "'ShiftLab()'")
    assert lab.python("lab.error") == "''"
    assert lab.errors() == []


def test_the_digit_is_dragged_and_walked(lab: Lab) -> None:
    picture = show(lab, "ShiftLab()")
    for start, end, push in (((11, 16), (11, 18), "(0, 2)"), ((15, 13), (17, 13), "(2, 2)")):  # off its middle
        lab.page.mouse.move(*cell(picture, "digit", *start))
        lab.page.mouse.down()
        lab.page.mouse.move(*cell(picture, "digit", *end), steps=6)
        lab.page.mouse.up()
        lab.wait_for_python("(lab.down, lab.right)", push)
    expect(picture).to_have_attribute("data-step", str(8 * 13 + 8))
    expect(picture).to_contain_text("pushed 2 down and 2 right")
    expect(picture).to_contain_text("right here: 1.7%")
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("(lab.down, lab.right)", "(1, 1)")
    expect(picture).to_contain_text("pushed 1 down and 1 right")
    lab.page.mouse.click(*cell(picture, "digit", 1, 26))  # a corner with nothing in it
    lab.page.mouse.click(*cell(picture, "digit", 13, 13))
    grid(picture, "canvas").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.down, lab.right)", "(1, 2)")
    assert lab.errors() == []


def test_pointing_at_a_map_looks_there_and_a_click_stays(lab: Lab) -> None:
    picture = show(lab, "ShiftLab()")
    lab.page.mouse.move(*cell(picture, "mlp-places", 2, 3))
    expect(picture).to_have_attribute("data-step", str(2 * 13 + 3))
    lab.wait_for_python("(lab.down, lab.right)", "(0, 0)")
    lab.page.mouse.move(*cell(picture, "canvas", 6, 6))
    expect(picture).to_have_attribute("data-step", MIDDLE)
    lab.page.mouse.click(*cell(picture, "cnn-shares", 12, 0))
    lab.wait_for_python("(lab.down, lab.right)", "(6, -6)")
    grid(picture, "cnn-shares").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.down, lab.right)", "(6, -5)")
    assert lab.errors() == []
