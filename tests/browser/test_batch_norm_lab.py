"""The batch norm lab in JupyterLab: a dot is dragged, a mode clicked, a curve walked along."""

from playwright.sync_api import expect

from .hands import cell, click, show
from .jupyter import Lab


def test_a_dot_of_the_batch_is_dragged_and_a_mode_clicked(lab: Lab) -> None:
    picture = show(lab, "BatchNormLab()")
    start, end = cell(picture, "dot 3", 0, 200), cell(picture, "dot 3", 0, 240)
    lab.page.mouse.move(*start)
    lab.page.mouse.down()
    lab.page.mouse.move(*end, steps=4)
    lab.page.mouse.up()
    lab.wait_for_python("lab.trace.x.tolist()", "[2.0, 4.0, 6.0, 12.0]")
    expect(picture).to_contain_text("(2 + 4 + 6 + 12) / 4 = 6")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.trace.x.tolist()", "[2.0, 4.0, 6.0, 11.9]")
    click(lab, picture, "modes", 1, 1)
    lab.wait_for_python("(lab.training, lab.grad)", "(False, False)")
    assert lab.errors() == []


def test_a_curve_is_clicked_and_walked_along_by_keyboard(lab: Lab) -> None:
    picture = show(lab, "RunningStatisticsLab()")
    click(lab, picture, "variance", 0, 30)
    lab.wait_for_python("lab.step", "30")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.step", "31")
    assert lab.errors() == []
