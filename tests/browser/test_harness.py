"""The harness itself: widgets appear and answer the keyboard, themes change, errors are collected."""

import pytest
from playwright.sync_api import expect

from .jupyter import Browser, Lab, NoBrowserError, find_chromium

SLIDER = """
from ipywidgets import HTML, IntSlider, VBox
slider, shown = IntSlider(description="step", min=0, max=9), HTML("<b class='shown'>0</b>")
slider.observe(lambda change: shown.set_trait("value", f"<b class='shown'>{change.new}</b>"), "value")
VBox([slider, shown])
"""


def test_a_key_press_on_a_slider_reaches_python_and_comes_back(lab: Lab) -> None:
    lab.open([SLIDER, "slider.value"])
    lab.run_all()
    assert lab.output(1) == "0"
    lab.page.get_by_role("slider").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator(".shown")).to_have_text("2")
    assert lab.python("slider.value") == "2"
    lab.run(1)
    assert lab.output(1) == "2"
    assert lab.errors() == []


def test_the_dark_theme_is_dark_and_the_light_one_light(lab: Lab) -> None:
    lab.open(["1"])
    brightness = {}
    for name in ("dark", "light"):
        lab.theme(name)
        notebook = lab.page.locator(".jp-NotebookPanel-notebook")
        color = notebook.evaluate("e => getComputedStyle(e).backgroundColor")
        brightness[name] = sum(int(part) for part in color[4:-1].split(",")) / (3 * 255)
    assert brightness["dark"] < 0.2
    assert brightness["light"] > 0.9


def test_a_restarted_kernel_has_forgotten_and_runs_again(lab: Lab) -> None:
    lab.open(["answer = 41", "answer = answer + 1\nanswer"])
    lab.run_all()
    lab.restart_kernel()
    assert lab.output(1) == "42"
    with pytest.raises(RuntimeError, match="NameError"):
        lab.run(1)
    lab.run_all()
    assert lab.output(1) == "42"


def test_errors_of_the_page_are_collected(lab: Lab) -> None:
    lab.open(["1"])
    lab.page.evaluate("() => console.error('said aloud')")
    lab.page.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }); }")
    lab.wait_for_frame()
    assert [error for error in lab.errors() if "said aloud" in error]
    assert [error for error in lab.errors() if "thrown" in error]


def test_the_window_has_the_size_asked_for(lab: Lab) -> None:
    lab.open(["1"])
    lab.resize(900, 600)
    assert lab.page.evaluate("() => [innerWidth, innerHeight]") == [900, 600]


def test_a_browser_named_in_the_environment_is_used_and_a_wrong_name_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    assert find_chromium() is None
    with pytest.raises(NoBrowserError, match=r"install chromium, or name it in \$CHROMIUM"):
        Browser().__enter__()
