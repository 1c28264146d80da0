"""The labs of penalties and over-fitting in JupyterLab: what is dragged and pointed at; a training."""

from playwright.sync_api import expect

from .hands import cell, click, drag, show
from .jupyter import Lab


def test_the_minimum_is_dragged_and_a_lam_is_chosen_on_the_plot(lab: Lab) -> None:
    picture = show(lab, "PenaltyLab(lam=0)")
    drag(lab, picture, "map", (20, 50), (25, 40))
    lab.wait_for_python("lab.minimum", "(1.0, 0.5)")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.minimum", "(1.1, 0.5)")
    lab.wait_for_frame()
    click(lab, picture, "lam", 0, 12)
    lab.wait_for_python("lab.lam", "3.0")
    expect(picture).to_contain_text("Both weights are exactly 0")
    assert lab.errors() == []


def test_a_weight_of_the_model_is_pointed_at_and_walked(lab: Lab) -> None:
    picture = show(lab, "PenaltyLab(view='3 or 8')")
    lab.page.mouse.move(*cell(picture, "weight", 2, 2))
    expect(picture).to_contain_text("w[2, 2] ≈ 0.535")
    click(lab, picture, "weight", 2, 3)
    lab.wait_for_python("(lab.row, lab.col)", "(2, 3)")
    lab.page.keyboard.press("ArrowLeft")
    expect(picture).to_contain_text("w[2, 2] ≈ 0.535")
    assert lab.errors() == []


def test_a_training_goes_on_beside_a_busy_cell_and_stops(lab: Lab) -> None:
    busy = "import time\nbefore = lab.step\ntime.sleep(3)\nafter = lab.step"
    picture = show(lab, "OverfitLab(dropout=0.5, epochs=300)", busy)
    buttons = lab.page.locator(".cnnlab-lab button")
    buttons.filter(has_text="Start").click()
    expect(picture).to_contain_text("epochs the loss is", timeout=20_000)
    lab.run(1)
    assert lab.python("after > before") == "True"
    buttons.filter(has_text="Stop").click()
    lab.wait_for_python("lab.running", "False")
    lab.wait_for_python("0 < lab.step < 300", "True")
    assert lab.errors() == []
