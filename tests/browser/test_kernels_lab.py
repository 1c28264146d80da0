"""The kernels lab in JupyterLab: a number of the kernel is typed, the photo is pointed at, every control answers."""

from playwright.sync_api import expect

from .hands import cell, control, grid, show
from .jupyter import Lab

# the label of a control, the key pressed on it, the setting, its new value
MOVED = (
    ("kernel", "ArrowDown", "kernel", "'gaussian, any size'"),
    ("size", "ArrowRight", "size", "7"),
    ("sigma", "ArrowRight", "sigma", "1.1"),
    ("show", "ArrowDown", "show", "'signed'"),
    ("border", "ArrowDown", "padding_mode", "'circular'"),
    ("row", "ArrowRight", "row", "1"),
    ("column", "ArrowRight", "col", "1"),
)


def test_every_control_moved_by_the_keyboard_changes_the_picture(lab: Lab) -> None:
    picture = show(lab, "KernelsLab(kernel='box, any size', padding_mode='replicate', row=0, col=0)")
    for label, key, setting, value in MOVED:
        before = picture.inner_html()
        control(lab, label).focus()
        lab.page.keyboard.press(key)
        lab.wait_for_python(f"lab.{setting}", value)
        lab.wait_for_idle()
        lab.wait_for_frame()
        assert picture.inner_html() != before, label
    lab.page.get_by_label("take apart").check()
    expect(picture).to_contain_text("two passes: 7 + 7 = 14")
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.kernel", "'box, any size'")
    assert lab.python("lab.error") == "''"
    assert lab.errors() == []


def test_a_number_is_typed_into_each_of_two_kernels(lab: Lab) -> None:
    picture = show(lab, "KernelsLab(second='sobel y')")
    for name, row, col in (("kernel", 1, 1), ("second", 2, 0)):
        lab.page.mouse.click(*cell(picture, name, row, col))
        lab.page.keyboard.type("7")
        lab.page.keyboard.press("Enter")
        which = ("kernel", "second").index(name)
        lab.wait_for_python(f"lab.trace.filtered.kernels[{which}].weight[{row}, {col}].item()", "7.0")
        expect(picture).to_contain_text(f"{name}, sum {7 - which}")  # of sobel y the 1 is gone
    assert lab.errors() == []


def test_pointing_looks_and_a_click_stays_and_the_arrows_walk(lab: Lab) -> None:
    picture = show(lab, "KernelsLab()")
    lab.page.mouse.move(*cell(picture, "photo", 100, 50))
    expect(picture).to_have_attribute("data-step", str(100 * 256 + 50))
    lab.page.mouse.click(*cell(picture, "answer", 40, 200))
    lab.wait_for_python("(lab.row, lab.col)", "(40, 200)")
    grid(picture, "answer").focus()
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("(lab.row, lab.col)", "(41, 200)")
    expect(picture).to_contain_text("y[41, 200]")
    assert lab.errors() == []
