"""The labs of the way back in JupyterLab: gradients are pointed at and edited, a training is started and stopped."""

from playwright.sync_api import expect

from .hands import cell, click, grid, show
from .jupyter import Lab


def test_dy_is_walked_and_dx_is_asked_where_it_came_from(lab: Lab) -> None:
    picture = show(lab, "ConvBackwardLab(walk=True)")
    click(lab, picture, "dy", 1, 2)
    lab.wait_for_python("lab.step", "5")
    grid(picture, "dy").focus()
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.step", "8")
    lab.page.mouse.move(*cell(picture, "dx", 2, 2))
    expect(picture).to_contain_text("x[2, 2] was in 9 windows")
    click(lab, picture, "dw", 0, 1)
    lab.wait_for_python("(lab.focus, lab.row, lab.col)", "('dw', 0, 1)")
    click(lab, picture, "kernel", 0, 1)
    lab.page.locator(".cnnlab-editor").fill("5")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("float(lab.trace.backward.weight[0, 1])", "5.0")
    assert lab.errors() == []


def test_a_number_of_the_batch_is_changed(lab: Lab) -> None:
    picture = show(lab, "NormBackwardLab()")
    click(lab, picture, "x", 0, 3)
    lab.page.locator(".cnnlab-editor").fill("20")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.forward.x.tolist()", "[2.0, 4.0, 6.0, 20.0]")
    click(lab, picture, "grad_x", 0, 2)
    lab.wait_for_python("lab.at", "2")
    assert lab.errors() == []


def test_an_entry_of_the_mask_is_flipped_by_mouse_and_by_keyboard(lab: Lab) -> None:
    picture = show(lab, "DropoutBackwardLab(x='deck A', mask='1 0 1 0', grad_output='3 3 3 3')")
    click(lab, picture, "mask", 0, 1)
    lab.wait_for_python("lab.trace.grad_x.tolist()", "[6.0, 6.0, 6.0, 0.0]")
    expect(picture).to_contain_text("x[1] was kept")
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("Space")
    lab.wait_for_python("lab.trace.grad_x.tolist()", "[6.0, 6.0, 0.0, 0.0]")
    click(lab, picture, "grad_y", 0, 0)
    lab.page.locator(".cnnlab-editor").fill("5")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.grad_x.tolist()", "[10.0, 6.0, 0.0, 0.0]")
    click(lab, picture, "grad_x", 0, 3)
    lab.wait_for_python("lab.at", "3")
    assert lab.errors() == []


def test_a_training_is_started_and_stopped_and_python_answers_meanwhile(lab: Lab) -> None:
    picture = show(lab, "TrainDigitsLab(epochs=10)")
    lab.page.locator("button[title='train in the background']").click()
    lab.wait_for_python("lab.step > 1", "True")
    lab.page.locator("button[title='keep what was reached']").click()
    lab.wait_for_python("lab.running", "False")
    reached = lab.python("lab.step")
    expect(picture).to_have_attribute("data-step", reached)
    lab.wait_for_python("any(t.name == 'cnnlab-training' for t in __import__('threading').enumerate())", "False")
    assert lab.errors() == []
