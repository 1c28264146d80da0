"""The labs of losses in JupyterLab: what is dragged follows the pointer, and the keys go on from where it is."""

from playwright.sync_api import expect

from .hands import cell, drag, show
from .jupyter import Lab


def test_a_prediction_is_dragged_and_goes_along_to_another_axis(lab: Lab) -> None:
    picture = show(lab, "LossesLab()")
    drag(lab, picture, "loss", (0, 20), (0, 60))
    lab.wait_for_python("lab.value", "0.0")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.value", "0.1")
    lab.page.get_by_label("predicted is").select_option("a probability")
    lab.wait_for_python("lab.value", "0.52")
    lab.wait_for_frame()
    drag(lab, picture, "slope", (0, 50), (0, 10))
    lab.wait_for_python("lab.value", "0.1")
    expect(picture).to_contain_text("slope = −1 / p = −1 / 0.1 = −10")
    assert lab.errors() == []


def test_a_dot_is_dragged_and_a_fit_is_chosen(lab: Lab) -> None:
    picture = show(lab, "FitsLab()")
    drag(lab, picture, "point 2", (35, 0), (15, 0))
    lab.wait_for_python("lab.predictions", "[0.5, 1.0, 3.5]")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.predictions", "[0.5, 1.0, 3.4]")
    lab.wait_for_frame()
    lab.page.mouse.click(*cell(picture, "fit", 1, 0))
    lab.wait_for_python("lab.predictions", "'fit 2'")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.predictions", "'fit 3'")
    assert lab.errors() == []


def test_a_shape_is_dragged_and_walked(lab: Lab) -> None:
    picture = show(lab, "DiceLab()")
    drag(lab, picture, "shape", (6, 11), (7, 9))
    lab.wait_for_python("(lab.row, lab.col)", "(2, 4)")
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("(lab.row, lab.col)", "(1, 4)")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.row, lab.col)", "(1, 5)")
    expect(picture).to_contain_text("2·90 / (100 + 90)")
    assert lab.errors() == []
