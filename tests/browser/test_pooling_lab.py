"""The pooling lab in JupyterLab: a number that is changed, a digit that is pushed, a channel that is chosen."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from .jupyter import Lab
from .test_convolution_lab import CONTRAST, LEAST_CONTRAST, cell, control


def show(window: Lab, arguments: str = "") -> Locator:
    """A notebook with a pooling lab called `lab`; its picture."""
    window.open([f"from cnnlab.labs import PoolingLab\nlab = PoolingLab({arguments})\nlab"])
    window.run(0)
    picture = window.page.locator(".cnnlab-stage svg")
    picture.wait_for()
    return picture


def test_a_number_is_changed_by_a_click_and_another_cell_wins(lab: Lab) -> None:
    picture = show(lab)
    expect(picture).to_contain_text("max(2, 3, 9, 8) = 9")
    lab.page.mouse.click(*cell(picture, "input", 0, 1))
    lab.page.keyboard.type("12")
    lab.page.keyboard.press("Enter")
    expect(picture).to_contain_text("max(2, 12, 9, 8) = 12")
    lab.page.mouse.click(*cell(picture, "output", 1, 0))
    lab.wait_for_python("lab.step", "2")
    expect(picture).to_contain_text("max(5, 9, 10, 6) = 10")
    assert lab.errors() == []


def test_a_digit_is_pushed_with_the_keys_and_the_table_follows(lab: Lab) -> None:
    picture = show(lab, "input='digit with room', view='shift'")
    expect(picture).to_contain_text("Push the image with down and right")
    control(lab, "right").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("30.8%")
    lab.page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("only moved: 1797 of 1797 digits")
    control(lab, "pool").select_option("global average")
    expect(picture).to_contain_text("whole output the same: 1797 of 1797 digits")
    assert lab.python("lab.error") == "''" and lab.errors() == []


def test_the_stride_is_that_of_the_kernel_until_it_is_moved(lab: Lab) -> None:
    picture = show(lab, "input='spot'")
    expect(lab.page.get_by_text("= kernel")).to_be_visible()
    control(lab, "stride").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.stride", "1")
    expect(picture).to_contain_text("9 × 9")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.stride", "None")
    expect(picture).to_contain_text("5 × 5")
    assert lab.errors() == []


def test_a_click_on_a_small_map_shows_the_channel(lab: Lab) -> None:
    picture = show(lab, "input='color', kind='average'")
    lab.page.mouse.click(*cell(picture, "channel", 0, 2))
    lab.wait_for_python("lab.channel", "2")
    expect(picture).to_contain_text("output, channel B")
    lab.page.mouse.click(*cell(picture, "output channel", 0, 1))
    lab.wait_for_python("lab.channel", "1")
    assert lab.errors() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_the_picture_can_be_read(lab: Lab, theme: Literal["light", "dark"]) -> None:
    picture = show(lab, "input='digit with room', view='shift', right=1")
    lab.theme(theme)
    texts = picture.evaluate_all(CONTRAST)
    assert len(texts) > 30
    assert [text for text in texts if text["text"] and text["ratio"] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("arguments", ["", "input='color', view='shift'"])
def test_at_1280_x_720_the_whole_lab_can_be_seen_at_once(lab: Lab, arguments: str) -> None:
    show(lab, arguments)
    heights = lab.page.evaluate(
        """() => [".cnnlab-lab", ".jp-NotebookPanel-notebook"].map(
            (selector) => document.querySelector(selector).getBoundingClientRect().height)"""
    )
    assert 300 < heights[0] <= heights[1]
