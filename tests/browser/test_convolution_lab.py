"""The convolution lab as a student meets it: in JupyterLab, with a mouse or with the keyboard alone.

The numbers are those of the lab's first picture: the step image (four columns of 10, four of 0) and the
vertical edge kernel, whose output is 0 0 30 30 0 0 in every row.
"""

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from .hands import cell, click, control, grid, note, show, tick
from .jupyter import Lab

# The label of a slider or list, the key pressed on it, the setting, its new value, and the size of the output.
MOVED = (
    ("step", "ArrowRight", "step", "1", 36),
    ("stride", "ArrowRight", "stride", "2", 9),
    ("padding", "ArrowRight", "padding", "1", 16),
    ("padding mode", "r", "padding_mode", "'reflect'", 16),
    ("dilation", "ArrowRight", "dilation", "2", 9),
    ("kernel", "h", "weight", "'horizontal edge'", 9),
    ("input", "b", "input", "'blocks'", 9),
)
TICKED = (("flip kernel", "flip"), ("ReLU", "relu"), ("fill in as it walks", "walk"), ("predict", "predict"))
REFUSED = (
    ("1e400", "1e400"),
    ("abc", "not a number"),
    ("", "empty"),
    ("nan", "not a finite number"),
)


def numbers(picture: Locator, name: str) -> list[float]:
    """The numbers that can be read in a grid, row by row."""
    texts = grid(picture, name).locator("text").all_text_contents()
    return [float(text.replace("−", "-")) for text in texts]


@pytest.mark.parametrize("width", [1280, 900])
def test_it_fits_the_window_without_scrolling_sideways(lab: Lab, width: int) -> None:
    lab.resize(width, 720)
    show(lab, "ConvolutionLab(input='color', weight='edges', padding=1, predict=True, panel='code')")
    too_wide = lab.page.evaluate(
        """() => {
            const output = document.querySelector(".jp-OutputArea-output:has(.cnnlab-lab)");
            const edge = output.getBoundingClientRect().right + 1;
            const inside = [...output.querySelectorAll("svg, button, input, select, .widget-label, [role=slider]")];
            const wide = (e) => e.scrollWidth > e.clientWidth + 1;
            const scrolling = [output, output.closest(".jp-WindowedPanel-outer"), output.querySelector(".cnnlab-lab")];
            return [
                ...inside.filter((e) => e.getBoundingClientRect().right > edge).map((e) => e.outerHTML.slice(0, 80)),
                ...scrolling.filter(wide).map((e) => e.className),
            ];
        }"""
    )
    assert too_wide == []


def test_every_control_moved_by_the_keyboard_does_what_its_setting_does(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    for label, key, setting, value, cells in MOVED:
        before = picture.get_attribute("data-frame")
        expect(control(lab, label)).to_be_enabled()  # the mode is not, until there is padding
        control(lab, label).focus()
        lab.page.keyboard.press(key)
        lab.wait_for_python(f"lab.{setting}", value)
        expect(picture).not_to_have_attribute("data-frame", str(before))
        expect(grid(picture, "output").locator("text")).to_have_count(cells)
    bias = control(lab, "bias")
    bias.fill("2")
    bias.press("Enter")
    lab.wait_for_python("lab.bias", "2.0")
    for name, step in (("next step", "1"), ("previous step", "0")):
        lab.page.get_by_title(name).press("Enter")
        lab.wait_for_python("lab.step", step)
    for label, setting in TICKED:
        tick(lab, label).focus()
        lab.page.keyboard.press("Space")
        lab.wait_for_python(f"lab.{setting}", "True")
    assert lab.python("lab.error") == "''"
    assert lab.errors() == []


def test_keys_pressed_in_the_lab_are_not_shortcuts_of_jupyterlab(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    cells = lab.page.locator(".jp-Notebook-cell")
    places = {
        "a list": control(lab, "kernel"),
        "a slider": control(lab, "stride"),
        "a checkbox": tick(lab, "ReLU"),
        "a button": lab.page.get_by_title("next step"),
        "the input": grid(picture, "input"),
        "the output": grid(picture, "output"),
    }
    for name, place in places.items():
        place.focus()
        lab.page.keyboard.press("b")  # "insert a cell below" in the notebook around the lab
        lab.wait_for_frame()
        assert cells.count() == 1, f"b pressed on {name} has inserted a cell"
        expect(place).to_be_focused()


def test_with_channels_and_filters_each_can_be_chosen(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(input='color', weight='edges')")
    for label in ("channel", "filter"):
        control(lab, label).focus()
        lab.page.keyboard.press("ArrowRight")
        lab.wait_for_python(f"lab.{label}", "1")
        click(lab, picture, label, 0, 0)
        lab.wait_for_python(f"lab.{label}", "0")
    assert lab.errors() == []


def test_pointing_at_an_output_cell_shows_it_and_a_click_stays_there(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    picture.scroll_into_view_if_needed()
    lab.page.mouse.move(*cell(picture, "output", 2, 3))
    expect(picture).to_have_attribute("data-step", "15")
    assert lab.python("lab.step") == "0"
    lab.page.mouse.move(*cell(picture, "input", 7, 7))
    expect(picture).to_have_attribute("data-step", "0")
    click(lab, picture, "output", 2, 3)
    lab.wait_for_python("lab.step", "15")
    lab.page.mouse.move(*cell(picture, "input", 7, 7))
    expect(control(lab, "step")).to_have_attribute("aria-valuenow", "15.0")
    expect(picture).to_have_attribute("data-step", "15")


def test_arrow_keys_on_the_output_walk_the_window(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    window = picture.locator(".cl-window")
    start = window.bounding_box()
    grid(picture, "output").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        lab.page.keyboard.press(key)
    lab.wait_for_python("lab.step", "7")
    expect(picture).to_have_attribute("data-step", "7")
    end = window.bounding_box()
    assert start is not None and end is not None
    assert end["x"] > start["x"] and end["y"] > start["y"]


def test_a_number_typed_into_a_cell_is_used(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()", "lab.input.tolist()[0]", "lab.weight.tolist()[0]")
    click(lab, picture, "input", 0, 0)
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.convolution.input[0, 0, 0]", "np.float64(7.0)")
    grid(picture, "kernel").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("5")  # the keyboard alone: a digit opens the cell
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.convolution.weight[0, 0, 0, 1]", "np.float64(5.0)")
    expect(grid(picture, "kernel")).to_have_attribute("data-values", re.compile("^1 5 -1"))
    lab.run(1)
    lab.run(2)
    assert json.loads(lab.output(1)) == [7, 10, 10, 10, 0, 0, 0, 0]
    assert json.loads(lab.output(2)) == [1, 5, -1]
    assert numbers(picture, "output")[0] == 7 - 10 + 5 * 10 + 10 - 10 + 10 - 10


def test_a_wrong_number_is_explained_and_the_last_good_picture_stays(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    good = numbers(picture, "output")
    for typed, words in REFUSED:
        click(lab, picture, "input", 1, 1)
        lab.page.locator(".cnnlab-editor").fill(typed)
        lab.page.keyboard.press("Enter")
        expect(note(lab)).to_contain_text(words)
        assert words in lab.python("lab.error")
        assert numbers(picture, "output") == good
    click(lab, picture, "input", 1, 1)
    lab.page.locator(".cnnlab-editor").fill("9")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.error", "''")
    assert lab.errors() == []


def test_a_typed_grid_that_cannot_work_is_explained_and_the_picture_stays(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(panel='type')")
    typed = lab.page.locator(".cnnlab-lab textarea").first
    for rows, words in (("1 2\n3 4 5", "ragged"), ("1 2\n3 4", "the kernel covers 3 x 3"), ("", "empty")):
        typed.fill(rows)
        lab.page.get_by_role("button", name="Use as input").click()
        expect(note(lab)).to_have_class(re.compile("cnnlab-wrong"))
        expect(note(lab)).to_contain_text(words)
        assert len(numbers(picture, "input")) == 64
    typed.fill("1 2 3\n4 5 6\n7 8 9")
    lab.page.get_by_role("button", name="Use as input").click()
    expect(grid(picture, "input").locator("text")).to_have_count(9)
    lab.wait_for_python("lab.error", "''")


def test_painting_writes_the_brush_into_every_cell_passed(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(input='dot', paint=True, brush=4)")
    picture.scroll_into_view_if_needed()
    lab.page.mouse.move(*cell(picture, "input", 0, 0))
    lab.page.mouse.down()
    lab.page.mouse.move(*cell(picture, "input", 0, 2), steps=20)
    lab.page.mouse.up()
    lab.wait_for_python("lab.trace.convolution.input[0, 0, :4].tolist()", "[4.0, 4.0, 4.0, 0.0]")
    assert numbers(picture, "input")[:4] == [4, 4, 4, 0]


def test_predict_hides_the_answer_until_it_is_given(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(step=2)")
    tick(lab, "predict").press("Space")
    expect(picture).to_contain_text("y[0, 2] = ?")
    assert numbers(picture, "output") == []
    answer = control(lab, "your answer")
    answer.fill("-30")
    answer.press("Enter")
    expect(note(lab)).to_contain_text("−30 is not it")
    answer.fill("30")
    answer.press("Enter")
    expect(note(lab)).to_contain_text("Right")
    expect(picture).not_to_contain_text("?")
    assert numbers(picture, "output") == [30]


def test_the_code_is_shown_and_agrees_with_pytorch(lab: Lab) -> None:
    show(lab, "ConvolutionLab(stride=2)")
    control(lab, "open").select_option("code")
    expect(lab.page.locator(".cnnlab-code")).to_contain_text("ConvolutionLab(stride=2)")
    expect(lab.page.locator(".cnnlab-code")).to_contain_text("conv2d")
    lab.page.get_by_role("button", name="Check with PyTorch").click()
    expect(lab.page.get_by_text("largest difference")).to_be_visible()
    assert lab.python("lab.check_with_torch() < 1e-12") == "True"


def test_play_walks_by_itself_and_stops_when_told(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    play = lab.page.locator(".jupyter-widgets.widget-play button")
    play.first.click()
    lab.wait_for_python("lab.step >= 3", "True")  # a busy machine may show no picture of step 3 itself
    play.first.click()
    lab.wait_for_idle()
    stopped = lab.python("lab.step")
    expect(picture).to_have_attribute("data-step", stopped)
    lab.page.get_by_title("next step").press("Enter")
    lab.wait_for_python("lab.step", str(int(stopped) + 1))


def test_after_a_restart_the_lab_runs_again(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(stride=3)")
    lab.restart_kernel()
    picture.locator('[data-grid="output"]').press("ArrowRight")  # the old picture: nobody hears it
    expect(lab.page.locator(".cnnlab-silent")).to_contain_text("run the cell again")
    lab.run_all()
    lab.run(0)  # and once more: the old picture must not answer for the new one
    expect(picture).to_have_count(1)
    control(lab, "step").press("ArrowRight")
    lab.wait_for_python("lab.step", "1")
    expect(picture).to_have_attribute("data-step", "1")
    assert lab.errors() == []
