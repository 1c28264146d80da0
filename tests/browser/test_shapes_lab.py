"""The shapes lab in JupyterLab: the window follows the pointer, in one dimension and two, and everything fits."""

import pytest
from playwright.sync_api import Locator, expect

from .jupyter import Lab
from .test_convolution_lab import cell, grid


def show(window: Lab, arguments: str = "") -> Locator:
    """A notebook with a shapes lab called `lab`; its picture."""
    window.open([f"from cnnlab.labs import ShapesLab\nlab = ShapesLab({arguments})\nlab"])
    window.run(0)
    picture = window.page.locator(".cnnlab-stage svg")
    picture.wait_for()
    return picture


def test_the_window_follows_the_pointer_and_the_arrow_keys(lab: Lab) -> None:
    picture = show(lab, "n=6, stride=2")
    lab.page.mouse.move(*cell(picture, "input", 7, 3))
    expect(picture).to_have_attribute("data-step", "7")
    lab.page.mouse.click(*cell(picture, "output", 1, 2))
    lab.wait_for_python("lab.step", "5")
    grid(picture, "output").focus()
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("lab.step", "2")
    assert lab.errors() == []


def test_in_one_dimension_each_output_cell_stands_below_its_window(lab: Lab) -> None:
    picture = show(lab, "dimensions=1, n=10, stride=3")
    lab.page.mouse.click(*cell(picture, "output", 0, 2))
    lab.wait_for_python("lab.step", "2")
    lab.page.mouse.click(*cell(picture, "input", 0, 4))
    lab.wait_for_python("lab.step", "1")
    expect(picture).to_contain_text("The window of output [1] begins at cell 3 of the padded input")
    assert lab.errors() == []


@pytest.mark.parametrize(
    "arguments",
    ["n=6, stride=2", "transposed=True, n=3, stride=2", "dimensions=1, n=5, stride=2, transposed=True"],
)
def test_at_1280_x_720_the_whole_lab_can_be_seen_at_once(lab: Lab, arguments: str) -> None:
    show(lab, arguments)
    heights = lab.page.evaluate(
        """() => [".cnnlab-lab", ".jp-NotebookPanel-notebook"].map(
            (selector) => document.querySelector(selector).getBoundingClientRect().height)"""
    )
    assert 300 < heights[0] <= heights[1]
