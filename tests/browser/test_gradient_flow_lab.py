"""The gradient flow lab in JupyterLab: layers are pointed at, and a curve is kept."""

from playwright.sync_api import expect

from .hands import cell, show
from .jupyter import Lab


def test_a_layer_is_chosen_and_a_curve_is_kept(lab: Lab) -> None:
    picture = show(lab, "GradientFlowLab()")
    lab.page.mouse.move(*cell(picture, "layer", 0, 8))
    expect(picture).to_have_attribute("data-step", "8")
    lab.wait_for_python("lab.layer", "15")
    lab.page.mouse.click(*cell(picture, "layer", 0, 2))
    lab.wait_for_python("lab.layer", "2")
    lab.page.keyboard.press("ArrowLeft")
    lab.wait_for_python("lab.layer", "1")
    lab.page.get_by_role("button", name="keep").click()
    lab.wait_for_python("lab.beside", "'sigmoid xavier'")
    lab.page.get_by_label("batch norm").click()
    lab.wait_for_python("lab.batch_norm", "True")
    expect(picture).to_contain_text("sigmoid, BN")
    assert lab.errors() == []
