"""The pooling lab in JupyterLab: a number that is changed, a digit that is pushed, a channel that is chosen."""


from playwright.sync_api import expect

from .hands import cell, control, show
from .jupyter import Lab


def test_a_number_is_changed_by_a_click_and_another_cell_wins(lab: Lab) -> None:
    picture = show(lab, "PoolingLab()")
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
    picture = show(lab, "PoolingLab(input='digit with room', view='shift')")
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
    picture = show(lab, "PoolingLab(input='spot')")
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
    picture = show(lab, "PoolingLab(input='color', kind='average')")
    lab.page.mouse.click(*cell(picture, "channel", 0, 2))
    lab.wait_for_python("lab.channel", "2")
    expect(picture).to_contain_text("output, channel B")
    lab.page.mouse.click(*cell(picture, "output channel", 0, 1))
    lab.wait_for_python("lab.channel", "1")
    assert lab.errors() == []
