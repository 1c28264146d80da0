"""What happens in a class: a busy kernel, a dead one, a hand that is faster than Python."""

import re

from playwright.sync_api import Locator, expect

from .hands import cell, control, note, show
from .jupyter import Lab


def window_agrees(picture: Locator) -> bool:
    """Whether the window stands where the numbers say it does."""
    agrees: bool = picture.evaluate(
        """svg => [...svg.querySelectorAll("[data-follow]")].every(g => {
            const [dx, dy] = g.dataset.follow.split(" ").map(Number);
            const [step, columns] = [Number(svg.dataset.step), Number(svg.dataset.columns)];
            const at = g.transform.baseVal.consolidate().matrix;
            const [x, y] = [(step % columns) * dx, Math.floor(step / columns) * dy];
            return Math.abs(at.e - x) < 0.1 && Math.abs(at.f - y) < 0.1;
        })"""
    )
    return agrees


def test_a_control_that_was_never_touched_answers_beside_a_busy_cell(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()", "import time; time.sleep(30); 'done'")
    lab.wait_for_python("lab.stage.awake", "True")
    lab.wait_for_idle()
    lab.page.evaluate(
        """() => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
            jupyterapp.commands.execute("notebook:run-cell");
        }"""
    )
    lab.wait_for("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'")
    control(lab, "stride").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("aria-label", re.compile("output 3 × 3"), timeout=15_000)
    assert "done" not in lab.output(1)
    lab.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")


def test_a_click_is_not_lost_when_the_pointer_moves_on_at_once(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    for row, col in ((0, 3), (4, 1), (2, 5), (5, 0), (1, 1)):
        lab.page.mouse.click(*cell(picture, "output", row, col))
        lab.page.mouse.move(*cell(picture, "output", 3, 3))
        lab.page.mouse.move(*cell(picture, "input", 7, 7))
        lab.wait_for_python("lab.step", str(6 * row + col))
        expect(picture).to_have_attribute("data-step", str(6 * row + col))


def test_after_the_pointer_has_swept_out_the_window_stands_where_the_numbers_are(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(step=8)")
    for row in range(6):
        lab.page.mouse.move(*cell(picture, "output", row, 0))
        lab.page.mouse.move(*cell(picture, "output", row, 5), steps=12)
        lab.page.mouse.move(*cell(picture, "input", 7, 7))
        expect(picture).to_have_attribute("data-step", "8")
        lab.wait_for_idle()
        lab.wait_for_frame()
        assert window_agrees(picture)


def test_without_a_kernel_the_page_says_so_and_the_window_goes_back(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(step=8)")
    lab.restart_kernel()
    lab.page.mouse.move(*cell(picture, "output", 4, 3))
    expect(lab.page.locator(".cnnlab-silent")).to_contain_text("Python does not answer")
    assert window_agrees(picture)
    lab.run(0)
    expect(lab.page.locator(".cnnlab-silent")).to_be_empty()


def test_what_was_said_stays_while_one_only_looks(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    lab.page.mouse.click(*cell(picture, "kernel", 1, 1))
    lab.page.locator(".cnnlab-editor").fill("abc")
    lab.page.keyboard.press("Enter")
    expect(note(lab)).to_contain_text("kernel[1, 1] holds 'abc'")
    lab.page.wait_for_timeout(3500)  # longer than the page waits for an answer before it says that there is none
    expect(lab.page.locator(".cnnlab-silent")).to_be_empty()
    lab.page.mouse.move(*cell(picture, "output", 2, 2))
    expect(picture).to_have_attribute("data-step", "14")
    expect(note(lab)).to_contain_text("kernel[1, 1] holds 'abc'")


def test_a_stride_and_a_step_set_in_one_cell_both_stay(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab(padding=1, step=15)", "lab.stride = 4; lab.step = 2")
    lab.run(1)
    expect(picture).to_have_attribute("data-step", "2")
    lab.wait_for_idle()
    lab.wait_for_frame()
    lab.wait_for_python("(lab.stride, lab.step)", "(4, 2)")


def test_after_an_edit_a_preset_can_be_chosen_again(lab: Lab) -> None:
    picture = show(lab, "ConvolutionLab()")
    lab.page.mouse.click(*cell(picture, "kernel", 0, 0))
    lab.page.locator(".cnnlab-editor").fill("7")
    lab.page.keyboard.press("Enter")
    lab.wait_for_python("lab.trace.convolution.weight[0, 0, 0, 0]", "np.float64(7.0)")
    control(lab, "kernel").select_option("sobel x")
    lab.wait_for_python("lab.weight", "'sobel x'")
    assert lab.python("lab.error") == "''"
    lab.page.get_by_role("button", name="reset").click()
    lab.wait_for_python("lab.recipe()", "'ConvolutionLab()'")
