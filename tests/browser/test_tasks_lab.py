"""The tasks lab in JupyterLab: what a student moves changes the picture, and nothing is heard on the console."""

import re

from playwright.sync_api import expect

from .hands import control, show
from .jupyter import Lab

# The button of a task, the label of its slider, the setting, and its value one step further.
MOVED = (
    ("classification", "brightness", "0.5"),
    ("classification", "noise", "3.5"),
    ("detection", "threshold", "0.52"),
    ("segmentation", "distance", "71.0"),
    ("anomaly", "deviations", "3.1"),
)


def test_every_control_changes_the_picture(lab: Lab) -> None:
    picture = show(lab, "TasksLab()")
    for task, label, value in MOVED:
        button = lab.page.locator(".cnnlab-lab button", has_text=re.compile(f"^{task}$"))
        button.click()
        lab.wait_for_python("lab.task", repr(task))
        lab.wait_for_python("lab.error", "''")
        frame = str(lab.python("lab.svg.split('data-frame=\"')[1].split('\"')[0]")).strip("'")
        expect(picture).to_have_attribute("data-frame", frame)
        expect(control(lab, label)).to_be_visible()  # it comes a message after the picture
        control(lab, label).focus()
        lab.page.keyboard.press("ArrowRight")
        lab.wait_for_python(f"round(lab.{label}, 6)", value)
        expect(picture).not_to_have_attribute("data-frame", frame)
    control(lab, "scene").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.scene", "1")
    expect(picture).to_contain_text("bleached spot")
    assert lab.errors() == []


def test_boxes_are_kept_as_one_chooses(lab: Lab) -> None:
    picture = show(lab, "TasksLab(task='detection', threshold=0.4)")
    expect(picture).to_contain_text("4 boxes")
    control(lab, "keep").select_option("all")
    expect(picture).not_to_contain_text("4 boxes")
    lab.wait_for_python("lab.keep", "'all'")
    control(lab, "keep").select_option("single best")
    expect(picture).to_contain_text("1 box")
    assert lab.errors() == []


def test_the_pointer_and_the_arrow_keys_choose_the_patch_that_is_written_out(lab: Lab) -> None:
    picture = show(lab, "TasksLab(task='anomaly')")
    expect(picture).to_contain_text("patch [2, 3]")
    grid = picture.locator('[data-grid="places"]')
    grid.scroll_into_view_if_needed()
    x, y = grid.evaluate(
        """(group) => {
            const [x, y, w, h] = group.dataset.box.split(" ").map(Number);
            const point = new DOMPoint(x + 6.5 * w, y + 4.5 * h).matrixTransform(group.ownerSVGElement.getScreenCTM());
            return [point.x, point.y];
        }"""
    )
    lab.page.mouse.move(x, y)
    expect(picture).to_contain_text("patch [4, 6]")
    lab.page.mouse.click(x, y)
    lab.wait_for_python("lab.row, lab.col", "(4, 6)")
    grid.focus()
    lab.page.keyboard.press("ArrowDown")
    expect(picture).to_contain_text("patch [5, 6]")
    assert lab.errors() == []
