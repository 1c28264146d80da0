"""The learned kernel lab in JupyterLab: the curve is pointed at and walked, a weight is clicked, all is seen."""


from playwright.sync_api import expect

from .hands import cell, grid, show, tick
from .jupyter import Lab


def test_the_curve_is_pointed_at_clicked_and_walked(lab: Lab) -> None:
    picture = show(lab, "LearnedKernelLab()")
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
    picture = show(lab, "LearnedKernelLab(step=5)")
    lab.page.mouse.click(*cell(picture, "gradient", 1, 1))
    lab.wait_for_python("(lab.row, lab.col)", "(1, 1)")
    lab.page.mouse.click(*cell(picture, "kernel", 2, 0))
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.row, lab.col)", "(2, 1)")
    expect(picture).to_contain_text("w[2, 1] ← w − lr · dL/dw")
    assert lab.errors() == []


def test_play_learns_and_the_hidden_kernel_is_revealed(lab: Lab) -> None:
    picture = show(lab, "LearnedKernelLab(picture='noise', updates=30)")
    lab.page.locator(".widget-play button").first.click()
    lab.wait_for_python("lab.step", "30")
    tick(lab, "reveal").check()
    expect(picture).to_contain_text("The weight that is off most is off by 0.002.")
    assert lab.errors() == []
