"""The labs of activations in JupyterLab: what is dragged follows the pointer, and the keys go on from where it is."""

from playwright.sync_api import expect

from .hands import cell, control, drag, grid, show
from .jupyter import Lab


def test_the_point_is_dragged_and_the_keys_go_on_from_there(lab: Lab) -> None:
    picture = show(lab, "ActivationsLab()")
    drag(lab, picture, "output", (0, 75), (0, 30))
    lab.wait_for_python("lab.value", "-3.0")
    expect(picture).to_contain_text("Saturated")
    assert float(picture.locator(".cl-cursor").get_attribute("width") or 0) > 300  # around the plot: its cells are fine
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.value", "-2.7")
    lab.page.mouse.click(*cell(picture, "slope", 0, 60))
    lab.wait_for_python("lab.value", "0.0")
    expect(picture).to_contain_text("25% passes")
    control(lab, "input x").focus()  # what the slider does is where the keys go on, too
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.value", "0.1")
    lab.wait_for_frame()
    grid(picture, "slope").focus()
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.value", "-0.1")
    assert lab.errors() == []


def test_bars_are_dragged_one_at_a_time(lab: Lab) -> None:
    picture = show(lab, "SoftmaxLab()")
    drag(lab, picture, "logit 3", (70, 0), (10, 0))
    lab.wait_for_python("lab.logits", "[2.0, 1.0, 0.0, 5.0]")
    expect(picture).to_contain_text("probabilities[3] = ")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.logits", "[2.0, 1.0, 0.0, 4.9]")
    drag(lab, picture, "logit 0", (50, 0), (60, 0))
    lab.wait_for_python("lab.logits", "[0.0, 1.0, 0.0, 4.9]")
    lab.page.get_by_role("button", name="all + 1").click()
    lab.wait_for_python("lab.logits", "[1.0, 2.0, 1.0, 5.9]")
    lab.wait_for_frame()
    grid(picture, "logit 0").focus()
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("lab.logits", "[1.1, 2.0, 1.0, 5.9]")
    assert lab.errors() == []


def test_layers_are_pointed_at_and_steps_are_walked(lab: Lab) -> None:
    picture = show(lab, "DeepActivationsLab()")
    lab.page.mouse.move(*cell(picture, "layer", 0, 8))
    expect(picture).to_have_attribute("data-step", "8")
    lab.wait_for_python("lab.layer", "5")
    lab.page.mouse.click(*cell(picture, "layer", 0, 2))
    lab.wait_for_python("lab.layer", "2")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.layer", "1")
    picture = show(lab, "DyingReLULab(walk=True)")
    grid(picture, "output").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("It is dead.")
    assert lab.errors() == []
