"""The labs of data augmentation in JupyterLab: pixels pointed at, a rectangle dragged, a pipeline typed."""

from playwright.sync_api import expect

from .hands import cell, control, show
from .jupyter import Lab


def test_a_pixel_is_pointed_at_and_the_sliders_follow_the_transform(lab: Lab) -> None:
    picture = show(lab, "AugmentationLab(transform='horizontal flip')")
    lab.page.mouse.move(*cell(picture, "after", 10, 20))
    expect(picture).to_contain_text("new pixel [10, 20] is read at row 10, column 235")
    lab.page.mouse.click(*cell(picture, "after", 100, 200))
    lab.wait_for_python("lab.row, lab.col", "(100, 200)")
    control(lab, "transform").select_option("hue")
    lab.wait_for_python("lab.transform", "'hue'")
    expect(control(lab, "hue")).to_be_visible()
    control(lab, "hue").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.wait_for_python("lab.hue", "0.34")
    expect(picture).to_contain_text("of a turn")
    assert lab.python("lab.error") == "''" and lab.errors() == []


def test_the_rectangle_of_cutmix_is_dragged_over_the_border(lab: Lab) -> None:
    picture = show(lab, "MixingLab(method='cutmix')")
    lab.page.mouse.move(*cell(picture, "mixed", 60, 110))
    lab.page.mouse.down()
    lab.page.mouse.move(*cell(picture, "mixed", 20, 150), steps=6)
    lab.page.mouse.up()
    lab.wait_for_python("lab.row, lab.col", "(20, 150)")
    expect(picture).to_contain_text("but a part is outside")
    assert lab.errors() == []


def test_a_pipeline_is_typed_and_a_sample_clicked(lab: Lab) -> None:
    picture = show(lab, "PipelineLab()")
    steps = lab.page.get_by_label("steps")
    steps.fill("rotate 90; twirl 3")
    steps.press("Enter")
    lab.wait_for_python("'twirl' in lab.error", "True")
    steps.fill("rotate 90; gray 1")
    steps.press("Enter")
    expect(picture).to_contain_text("gray 1")
    lab.page.mouse.click(*cell(picture, "sample", 1, 4))
    lab.wait_for_python("lab.sample", "12")
    lab.page.get_by_role("button", name="draw again").click()
    lab.wait_for_python("lab.seed", "1")
    assert lab.python("lab.error") == "''" and lab.errors() == []


def test_the_plot_turns_the_digit(lab: Lab) -> None:
    picture = show(lab, "KeptLabelLab()")
    lab.page.mouse.click(*cell(picture, "amount", 0, 120))
    lab.wait_for_python("lab.angle", "180.0")
    expect(picture).to_contain_text("read as 9")
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.press("Enter")
    assert lab.errors() == []
