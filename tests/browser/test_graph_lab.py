"""The graph lab and the MLP lab in JupyterLab: a number is typed into the picture, another pressed, a step answered."""


from playwright.sync_api import expect

from .hands import cell, control, grid, show
from .jupyter import Lab


def test_a_value_is_typed_a_gradient_is_pressed_and_an_update_made(lab: Lab) -> None:
    picture = show(lab, "GraphLab()")
    lab.page.mouse.click(*cell(picture, "value b", 0, 0))
    lab.page.keyboard.type("3")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.values", "'a=2, b=3, c=5'")
    expect(grid(picture, "node v1")).to_contain_text("6")
    lab.page.mouse.click(*cell(picture, "node v1", 1, 0))
    lab.wait_for_python("lab.step", "5")
    expect(picture).to_contain_text("∂f/∂v1 = ∂f/∂v2 · ∂v2/∂v1 = 22·1 = 22")
    grid(picture, "gradient c").focus()
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.step", "6")
    lab.page.get_by_role("button", name="one update").click()
    expect(lab.page.locator(".cnnlab-note")).to_contain_text("f fell from 121 to")
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.recipe()", "'GraphLab()'")
    assert lab.errors() == []


def test_an_expression_is_typed_and_a_step_is_answered(lab: Lab) -> None:
    picture = show(lab, "GraphLab(predict=True)")
    control(lab, "expression").fill("relu(q)")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.expression", "'relu(q)'")
    expect(picture).to_contain_text("f = relu(q) = ?")
    control(lab, "your answer").fill("2")
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator(".cnnlab-note")).to_contain_text("Right: f = 2.")
    control(lab, "expression").fill("relu(q")
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator(".cnnlab-note")).to_contain_text("cannot read")
    expect(picture).to_contain_text("relu(q)")
    assert lab.errors() == []


def test_a_weight_is_typed_and_an_entry_is_pressed(lab: Lab) -> None:
    picture = show(lab, "MLPLab()")
    lab.page.mouse.click(*cell(picture, "W1", 1, 0))
    lab.page.keyboard.type("-3")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.mlp.W1[1, 0].item()", "-3.0")
    lab.page.mouse.click(*cell(picture, "dW1", 2, 1))
    lab.wait_for_python("(lab.step, lab.row, lab.col)", "(9, 2, 1)")
    expect(picture).to_contain_text("dW1[2, 1] = delta1[2]·x[1]")
    assert lab.errors() == []
