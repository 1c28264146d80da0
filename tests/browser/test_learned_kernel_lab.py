"""The learned kernel lab in JupyterLab: the curve is pointed at and walked, a weight is clicked, all is seen."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from .jupyter import Lab
from .test_convolution_lab import CONTRAST, LEAST_CONTRAST, cell, grid, tick


def show(window: Lab, arguments: str = "") -> Locator:
    """A notebook with a learned kernel lab called `lab`; its picture."""
    window.open([f"from cnnlab.labs import LearnedKernelLab\nlab = LearnedKernelLab({arguments})\nlab"])
    window.run(0)
    picture = window.page.locator(".cnnlab-stage svg")
    picture.wait_for()
    return picture


def test_the_curve_is_pointed_at_clicked_and_walked(lab: Lab) -> None:
    picture = show(lab)
    lab.page.mouse.move(*cell(picture, "loss", 0, 120))
    expect(picture).to_contain_text("kernel w at step 120")
    lab.wait_for_python("lab.step", "0")
    lab.page.mouse.click(*cell(picture, "loss", 0, 200))
    lab.wait_for_python("lab.step", "200")
    grid(picture, "loss").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.step", "201")
    expect(picture).to_have_attribute("data-step", "201")
    assert lab.errors() == []


def test_a_weight_is_clicked_and_walked(lab: Lab) -> None:
    picture = show(lab, "step=5")
    lab.page.mouse.click(*cell(picture, "gradient", 1, 1))
    lab.wait_for_python("(lab.row, lab.col)", "(1, 1)")
    lab.page.mouse.click(*cell(picture, "kernel", 2, 0))
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.row, lab.col)", "(2, 1)")
    expect(picture).to_contain_text("w[2, 1] ← w − lr · dL/dw")
    assert lab.errors() == []


def test_play_learns_and_the_hidden_kernel_is_revealed(lab: Lab) -> None:
    picture = show(lab, "picture='noise', updates=30")
    lab.page.locator(".widget-play button").first.click()
    lab.wait_for_python("lab.step", "30")
    tick(lab, "reveal").check()
    expect(picture).to_contain_text("The weight that is off most is off by 0.002.")
    assert lab.errors() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_the_picture_can_be_read(lab: Lab, theme: Literal["light", "dark"]) -> None:
    picture = show(lab, "step=50, reveal=True, kernel_size=5, lr=0.03")
    lab.theme(theme)
    texts = picture.evaluate_all(CONTRAST)
    assert len(texts) > 30
    assert [text for text in texts if text["text"] and text["ratio"] < LEAST_CONTRAST] == []


def test_at_1280_x_720_the_whole_lab_can_be_seen_at_once(lab: Lab) -> None:
    show(lab)
    heights = lab.page.evaluate(
        """() => [".cnnlab-lab", ".jp-NotebookPanel-notebook"].map(
            (selector) => document.querySelector(selector).getBoundingClientRect().height)"""
    )
    assert 300 < heights[0] <= heights[1]
