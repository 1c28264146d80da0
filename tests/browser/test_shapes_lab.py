"""The shapes lab in JupyterLab: the window follows the pointer, in one dimension and two, and everything fits."""

from playwright.sync_api import expect

from .hands import cell, grid, show
from .jupyter import Lab


def test_the_window_follows_the_pointer_and_the_arrow_keys(lab: Lab) -> None:
    picture = show(lab, "ShapesLab(n=6, stride=2)")
    lab.page.mouse.move(*cell(picture, "input", 7, 3))
    expect(picture).to_have_attribute("data-step", "7")
    lab.page.mouse.click(*cell(picture, "output", 1, 2))
    lab.wait_for_python("lab.step", "5")
    grid(picture, "output").focus()
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("lab.step", "2")
    assert lab.errors() == []


def test_in_one_dimension_each_output_cell_stands_below_its_window(lab: Lab) -> None:
    picture = show(lab, "ShapesLab(dimensions=1, n=10, stride=3)")
    lab.page.mouse.click(*cell(picture, "output", 0, 2))
    lab.wait_for_python("lab.step", "2")
    lab.page.mouse.click(*cell(picture, "input", 0, 4))
    lab.wait_for_python("lab.step", "1")
    expect(picture).to_contain_text("The window of output [1] begins at cell 3 of the padded input")
    assert lab.errors() == []
