"""What a person does with a lab in the page: show one, find its controls, point, click and drag."""

import re

from playwright.sync_api import Locator

from .jupyter import Lab


def show(window: Lab, made: str, *cells: str) -> Locator:
    """The picture of the lab that ``made`` makes, such as "ScanLab(copies=2)".

    The notebook's first cell calls it `lab` and is run; further cells are not.
    """
    window.open([f"from cnnlab.labs import *\nlab = {made}\nlab", *cells])
    window.run(0)
    picture = window.page.locator(".cnnlab-stage svg")
    picture.wait_for()
    return picture


def control(window: Lab, label: str) -> Locator:
    """What takes the keys in the control with this label."""
    named = window.page.locator(".widget-label", has_text=re.compile(f"^{label}$"))
    box = window.page.locator(".cnnlab-lab .widget-inline-hbox", has=named)
    return box.locator("[role=slider], select, input").first


def tick(window: Lab, label: str) -> Locator:
    return window.page.locator(".cnnlab-lab .widget-checkbox", has_text=label).locator("input")


def note(window: Lab) -> Locator:
    """The sentence below the controls."""
    return window.page.locator(".cnnlab-note")


def grid(picture: Locator, name: str) -> Locator:
    return picture.locator(f'[data-grid="{name}"]')


def cell(picture: Locator, name: str, row: int, col: int) -> tuple[float, float]:
    """The middle of a cell, in pixels of the window."""
    x, y = grid(picture, name).evaluate(
        """(group, [row, col]) => {
            const [x, y, w, h] = group.dataset.box.split(" ").map(Number);
            const place = new DOMPoint(x + (col + 0.5) * w, y + (row + 0.5) * h);
            const point = place.matrixTransform(group.ownerSVGElement.getScreenCTM());
            return [point.x, point.y];
        }""",
        [row, col],
    )
    return x, y


def click(window: Lab, picture: Locator, name: str, row: int, col: int) -> None:
    picture.scroll_into_view_if_needed()
    window.page.mouse.click(*cell(picture, name, row, col))


def drag(window: Lab, picture: Locator, name: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    window.page.mouse.move(*cell(picture, name, *start))
    window.page.mouse.down()
    window.page.mouse.move(*cell(picture, name, *end), steps=8)
    window.page.mouse.up()
