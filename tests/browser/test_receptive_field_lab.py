"""The receptive field lab in JupyterLab: the photo and the map are pointed at, the table clicked, a layer added."""

from playwright.sync_api import expect

from .hands import cell, control, grid, show
from .jupyter import Lab


def test_a_unit_is_pointed_at_on_the_photo_and_on_its_map(lab: Lab) -> None:
    picture = show(lab, "ReceptiveFieldLab()")
    lab.page.mouse.move(*cell(picture, "photo", 20, 33))
    expect(picture).to_contain_text("unit [17, 30] of layer 3")
    lab.wait_for_python("(lab.row, lab.col)", "(None, None)")
    lab.page.mouse.click(*cell(picture, "photo", 20, 33))
    lab.wait_for_python("(lab.row, lab.col)", "(17, 30)")
    lab.page.mouse.click(*cell(picture, "map", 5, 50))
    lab.wait_for_python("(lab.row, lab.col)", "(5, 50)")
    expect(picture).to_contain_text("It sees rows 5 to 11, columns 50 to 56.")
    grid(picture, "map").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("(lab.row, lab.col)", "(6, 51)")
    assert lab.errors() == []


def test_a_layer_is_chosen_in_the_table_and_another_one_added(lab: Lab) -> None:
    picture = show(lab, "ReceptiveFieldLab(layer=1)")
    expect(picture).to_contain_text("?")
    lab.page.mouse.click(*cell(picture, "layers", 3, 0))
    lab.wait_for_python("lab.layer", "3")
    expect(picture).not_to_contain_text("?")
    expect(picture).to_contain_text("r₃ = r₂ + (k − 1)·j₂ = 5 + (3 − 1)·1 = 7")
    control(lab, "s").select_option("2")
    lab.page.get_by_role("button", name="add", exact=True).click()
    lab.wait_for_python("lab.layers", "'conv 3x3; conv 3x3; conv 3x3; conv 3x3 stride 2'")
    expect(picture).to_contain_text("j₄ = j₃·s = 1·2 = 2")
    control(lab, "layers").fill("conv 5x5; conv 5x5")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.field.size", "9")
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.recipe()", "'ReceptiveFieldLab(layer=1)'")
    assert lab.errors() == []


def test_the_arrow_keys_go_on_from_the_layer_that_is_looked_at(lab: Lab) -> None:
    picture = show(lab, "ReceptiveFieldLab()")
    grid(picture, "layers").focus()
    lab.page.keyboard.press("ArrowUp")
    lab.wait_for_python("lab.layer", "2")
    lab.python("setattr(lab, 'layer', 0)")
    expect(picture).to_contain_text("r₀ = 1")
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.layer", "1")
    assert lab.errors() == []
