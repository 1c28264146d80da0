"""The labs of losses in JupyterLab: what is dragged follows the pointer, and the keys go on from where it is."""

from playwright.sync_api import expect

from .hands import cell, control, drag, show
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


def test_a_held_key_loses_no_step(lab: Lab) -> None:
    show(lab, "LossesLab(axis='number')")  # its steps of 0.05 are not exact, and are rounded in Python
    control(lab, "prediction").focus()
    for _ in range(20):
        lab.page.keyboard.press("ArrowLeft", delay=33)
    lab.wait_for_python("lab.value", "1.5")


def test_a_line_is_turned_and_moved_and_a_fit_is_chosen(lab: Lab) -> None:
    picture = show(lab, "FitsLab()")
    drag(lab, picture, "point 2", (35, 0), (15, 0))
    lab.wait_for_python("lab.predictions", "'y = 1.5x - 1'")
    expect(picture).to_contain_text("y_hat = w·x + b = 1.5·x − 1")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.predictions", "'y = 1.45x - 0.95'")
    lab.wait_for_frame()
    drag(lab, picture, "point 1", (31, 0), (26, 0))
    lab.wait_for_python("lab.predictions", "'y = 1.45x - 0.5'")
    lab.wait_for_frame()
    lab.page.mouse.click(*cell(picture, "fit", 1, 0))
    lab.wait_for_python("lab.predictions", "'fit 2'")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.predictions", "'fit 3'")
    lab.wait_for_frame()
    drag(lab, picture, "point 2", (10, 0), (15, 0))  # no line: its dots are dragged
    lab.wait_for_python("lab.predictions", "[1.5, 3.0, 3.5]")
    assert lab.errors() == []


def test_both_shapes_are_dragged_from_where_they_are_grabbed_and_walked(lab: Lab) -> None:
    picture = show(lab, "DiceLab()")
    drag(lab, picture, "truth", (9, 5), (10, 2))  # a cell that the prediction leaves free, at the left of the truth
    lab.wait_for_python("(lab.true_row, lab.true_col, lab.row, lab.col)", "(2, 2, 1, 6)")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.true_col", "1")
    lab.wait_for_frame()
    drag(lab, picture, "truth", (9, 2), (9, 6))
    lab.wait_for_python("(lab.true_row, lab.true_col)", "(2, 5)")
    lab.wait_for_frame()
    lab.page.mouse.click(*cell(picture, "truth", 10, 8))  # pressed where both lie: the prediction is held, and stays
    drag(lab, picture, "prediction", (1, 15), (2, 13))
    lab.wait_for_python("(lab.row, lab.col, lab.true_col)", "(2, 4, 5)")
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("(lab.row, lab.col)", "(1, 4)")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("(lab.row, lab.col)", "(1, 5)")
    expect(picture).to_contain_text("2·81 / (100 + 90)")
    lab.wait_for_frame()
    drag(lab, picture, "prediction", (5, 5), (5, 0))  # past the border, it stays on the grid
    lab.wait_for_python("(lab.row, lab.col)", "(1, 0)")
    lab.wait_for_frame()
    drag(lab, picture, "prediction", (5, 5), (11, 19))
    lab.wait_for_python("(lab.row, lab.col)", "(2, 10)")
    assert lab.errors() == []
