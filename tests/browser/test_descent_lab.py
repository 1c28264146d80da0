"""The descent lab in JupyterLab: a start is clicked, dragged and walked, a name is chosen, a race runs."""

from playwright.sync_api import expect

from .hands import cell, grid, show, tick
from .jupyter import Lab


def test_the_start_is_clicked_dragged_and_walked(lab: Lab) -> None:
    picture = show(lab, "DescentLab(step=20)")
    lab.page.mouse.click(*cell(picture, "map", 20, 75))
    lab.wait_for_python("lab.start", "(2.5, 2.0)")
    lab.page.mouse.move(*cell(picture, "map", 60, 10))
    lab.page.mouse.down()
    lab.page.mouse.move(*cell(picture, "map", 70, 25), steps=6)
    lab.page.mouse.up()
    lab.wait_for_python("lab.start", "(-2.5, -3.0)")
    lab.wait_for_frame()
    grid(picture, "map").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("lab.start", "(-2.4, -2.9)")
    assert lab.python("(lab.step, lab.error)") == "(20, '')"
    assert lab.errors() == []


def test_a_name_is_chosen_the_losses_are_walked_and_the_race_runs(lab: Lab) -> None:
    picture = show(lab, "DescentLab(updates=30)")
    lab.page.mouse.click(*cell(picture, "racers", 3, 0))
    lab.wait_for_python("lab.optimizer", "'Adam'")
    expect(picture).to_contain_text("Adam, at the start")
    lab.page.mouse.click(*cell(picture, "loss", 0, 12))
    lab.wait_for_python("lab.step", "12")
    expect(picture).to_contain_text("Adam, step 12")
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.step", "13")
    tick(lab, "Nesterov").focus()
    lab.page.keyboard.press("Space")
    lab.wait_for_python("'Nesterov' in lab.trace.race.paths", "True")
    lab.page.locator(".widget-play button").first.click()
    lab.wait_for_python("lab.step", "30")
    expect(picture).to_contain_text("After 30 steps")
    assert lab.errors() == []
