"""The builder lab in JupyterLab: rows that are clicked, walked with the keys, changed by the controls, and mended."""


from playwright.sync_api import expect

from .hands import cell, control, grid, show, tick
from .jupyter import Lab


def test_a_row_is_pointed_at_clicked_and_walked_with_the_keys(lab: Lab) -> None:
    picture = show(lab, "BuilderLab()")
    lab.page.mouse.move(*cell(picture, "layer", 6, 0))
    expect(picture).to_contain_text("Row 6: dense 16")
    lab.page.mouse.click(*cell(picture, "layer", 2, 0))
    lab.wait_for_python("lab.layer", "2")
    grid(picture, "layer").focus()
    lab.page.keyboard.press("ArrowDown")
    lab.wait_for_python("lab.layer", "3")
    expect(picture).to_contain_text("Row 3: conv 16")
    lab.page.mouse.click(*cell(picture, "channel", 1, 1))
    lab.wait_for_python("lab.channel", "5")
    expect(picture).to_contain_text("channel 5 of 16")
    assert lab.errors() == []


def test_a_row_is_changed_by_its_controls_and_a_broken_network_is_mended(lab: Lab) -> None:
    picture = show(lab, "BuilderLab()")
    control(lab, "stride").select_option("1")
    lab.wait_for_python("lab.trace.rows[0].output_shape", "(8, 32, 32)")
    expect(picture).to_contain_text("8 × 32 × 32")
    lab.page.get_by_role("button", name="remove").click()
    lab.wait_for_python("lab.trace.rows[0].title", "'max pool 2×2'")
    control(lab, "network").select_option("four mistakes")
    lab.wait_for_python("lab.layers", "'four mistakes'")
    expect(picture).to_contain_text("Row 3 cannot work")
    for row in (5, 6, 9):
        lab.page.get_by_role("button", name="mend").click()
        expect(picture).to_contain_text(f"Row {row} cannot work")
    lab.page.get_by_role("button", name="mend").click()
    lab.wait_for_python("lab.trace.broken", "None")
    expect(lab.page.get_by_role("button", name="mend")).to_be_disabled()
    assert lab.errors() == []


def test_while_rows_are_hidden_a_click_on_the_next_one_shows_it(lab: Lab) -> None:
    picture = show(lab, "BuilderLab(layer=0, walk=True)")
    expect(picture).not_to_contain_text("16 × 4 × 4")
    lab.page.mouse.click(*cell(picture, "layer", 3, 0))
    lab.wait_for_python("lab.layer", "3")
    expect(picture).to_contain_text("16 × 4 × 4")
    expect(picture).not_to_contain_text("2,356")
    tick(lab, "hide the rows behind").uncheck()
    expect(picture).to_contain_text("2,356")
    assert lab.errors() == []
