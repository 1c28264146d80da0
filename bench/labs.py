"""How fast a lab answers, end to end: `python -m bench.labs`, about six minutes.

Two demos, a grid of numbers and a 256 x 256 photo, run in JupyterLab in a headless Chromium, each as a lab
of this package and the usual way (`bench.usual_way`: `interact` and matplotlib inline), in one run, in turns.

Key press to changed pixels, "first change" and "whole picture". A key is pressed on a slider that has the
focus. The clock starts at the browser's own time stamp of that `keydown` event. The page compares the
picture at every animation frame (the text of the SVG or the source of the image); the clock stops when the
first frame with a changed picture has been painted and its images are decoded. The next press waits until
the picture has been still for `STILL_MS` and the kernel is idle. 3 rounds of 30 presses, the slider going up
and down. The first change is, in a lab, the window that the front end moves by itself; the whole picture is
what Python drew.

Sixty events in a second: `keydown` events at 60 Hz, as from a slider that is dragged. "frames" are different
pictures painted until all is still, the median of 3 rounds; "settles" is the time from the last event until
the last of them, the longest of 3 rounds; "blank frames" are animation frames at which the picture is
missing or an image in it has nothing to paint yet, the most of 3 rounds.

"in Python" is how long setting the value takes in the kernel, drawing and sending the picture included, over
`MOVES` moves one after another.

What is not seen: the way from the keyboard to the browser, and from the browser to the glass.
"""

import json
import os
import platform
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain, cycle, islice, pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from tests.browser.jupyter import Browser, Lab, Server

ROUNDS, PRESSES, EVENTS, MOVES = 3, 30, 60, 100
STILL_MS = 100
SLIDERS = {"step": (0, 35), "stride": (1, 4)}
"""The values between which each slider goes up and down, in a lab and the usual way alike."""
PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
TIMER = """from time import perf_counter

def milliseconds(move, values):
    times = []
    for value in values:
        start = perf_counter()
        move(value)
        times.append(1e3 * (perf_counter() - start))
    return times
"""


@dataclass(frozen=True)
class Demo:
    """A cell that shows something, its picture in the page, and how Python moves a slider."""

    cell: str
    picture: str
    move: str


@dataclass
class Times:
    """What was measured of one slider of one demo, in ms or in frames."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    settles: list[float] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    python: list[float] = field(default_factory=list)


def usual(function: str) -> Demo:
    move = "next(s for s in demo.children if s.description == {slider!r}).set_trait('value', value)"
    cell = f"from bench.usual_way import {function}\ndemo = {function}()"
    return Demo(cell, ".jp-OutputArea-output img", move)


def ours(arguments: str) -> Demo:
    cell = f"from cnnlab.labs import ConvolutionLab\ndemo = ConvolutionLab({arguments})\ndemo"
    return Demo(cell, ".cnnlab-stage svg", "demo.set_trait({slider!r}, value)")


SUBJECTS: dict[str, tuple[Sequence[str], Demo, Demo]] = {
    "numbers": (
        ("step", "stride"),
        usual("number_grid"),
        ours("input='step', weight='vertical edge', stride=1"),
    ),
    "photo": (("stride",), usual("photo_filter"), ours("input='photo: cat', weight='sobel x'")),
}


def zigzag(low: int, high: int, moves: int) -> list[int]:
    """The values after each of so many moves by one: from `low` up to `high`, down again, and so on."""
    there_and_back = chain(range(low, high), range(high, low, -1))
    return list(islice(cycle(there_and_back), 1, moves + 1))


class Window:
    """A demo on the screen, with the probe watching its picture."""

    def __init__(self, lab: Lab, demo: Demo, sliders: Sequence[str]) -> None:
        self.page = lab.page
        self._lab, self._demo = lab, demo
        self.times = {slider: Times() for slider in sliders}
        lab.open([demo.cell, TIMER, *(self._timing_cell(slider) for slider in sliders)])
        lab.run(0)
        output = self.page.locator(".jp-Cell-outputArea").first
        output.locator(demo.picture).first.wait_for()
        self.page.add_script_tag(content=PROBE)
        output.evaluate("(area, picture) => { window.probe = new CnnlabProbe(area, picture); }", demo.picture)
        self._quiet()
        self.rest()

    def _timing_cell(self, slider: str) -> str:
        move = self._demo.move.format(slider=slider)
        values = zigzag(*SLIDERS[slider], MOVES)
        return f"print(milliseconds(lambda value: {move}, {values}))"

    def _quiet(self) -> None:
        self.page.evaluate(f"() => probe.quiet({STILL_MS})")
        self._lab.wait_for_idle()

    def _seen(self) -> dict[str, Any]:
        names = "keys, changes, blank, frames"
        seen: dict[str, Any] = self.page.evaluate(f"() => {{ const {{ {names} }} = probe; return {{ {names} }}; }}")
        return seen

    def _handle(self, slider: str) -> Locator:
        """The handle of the slider with this description: it takes the keys."""
        label = self.page.locator(".widget-label", has_text=re.compile(f"^{slider}$"))
        return self.page.locator(".widget-slider", has=label).get_by_role("slider")

    def _to_start(self, slider: str) -> None:
        self.page.bring_to_front()
        handle = self._handle(slider)
        handle.focus()
        if handle.get_attribute("aria-valuenow") != handle.get_attribute("aria-valuemin"):
            self.page.evaluate("() => probe.begin()")
            self.page.keyboard.press("Home")
            self._quiet()

    def press(self, slider: str) -> None:
        """One round of key presses, each answered before the next."""
        self._to_start(slider)
        for key in keys(slider, PRESSES):
            self.page.evaluate("() => probe.begin()")
            self.page.keyboard.press(key)
            self._quiet()
            seen = self._seen()
            pressed = seen["keys"][0]
            self.times[slider].first.append(seen["changes"][0]["at"] - pressed)
            self.times[slider].whole.append(next(c["at"] for c in seen["changes"] if c["whole"]) - pressed)
        self._to_start(slider)

    def hold(self, slider: str) -> None:
        """One round of events that do not wait for an answer."""
        self._to_start(slider)
        self.page.evaluate("() => probe.begin()")
        start = time.perf_counter()
        for index, key in enumerate(keys(slider, EVENTS)):
            time.sleep(max(0.0, start + index / EVENTS - time.perf_counter()))
            self.page.keyboard.down(key)
        self.page.evaluate("() => probe.quiet(1500)")
        seen = self._seen()
        for key in ("ArrowLeft", "ArrowRight"):
            self.page.keyboard.up(key)
        times = self.times[slider]
        times.frames.append(len(seen["changes"]))
        times.settles.append(seen["changes"][-1]["at"] - seen["keys"][-1])
        times.blank.append(seen["blank"])
        self._to_start(slider)

    def rest(self) -> None:
        """Let the other windows be measured undisturbed."""
        self.page.evaluate("() => probe.rest()")

    def time_python(self) -> None:
        self._lab.run(1)
        for cell, times in enumerate(self.times.values(), start=2):
            self._lab.run(cell)
            times.python = json.loads(self._lab.output(cell))


def keys(slider: str, moves: int) -> Iterator[str]:
    """The arrow keys of a zigzag."""
    low, high = SLIDERS[slider]
    for before, after in pairwise([low, *zigzag(low, high, moves)]):
        yield "ArrowRight" if after > before else "ArrowLeft"


def measure() -> dict[str, tuple[Window, Window]]:
    """Every demo, in turns: what else the machine does meets all of them alike."""
    with ExitStack() as stack:
        server, browser = stack.enter_context(Server()), stack.enter_context(Browser())

        def show(demo: Demo, sliders: Sequence[str]) -> Window:
            return Window(stack.enter_context(Lab(server, browser)), demo, sliders)

        windows = {name: (show(first, on), show(second, on)) for name, (on, first, second) in SUBJECTS.items()}
        everyone = [window for pair in windows.values() for window in pair]
        for window in [*everyone] * ROUNDS:
            for slider in window.times:
                window.press(slider)
                window.hold(slider)
            window.rest()
        for window in everyone:
            window.time_python()
        return windows


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def rows(name: str, slider: str, usual_way: Times, lab: Times) -> Iterator[list[str]]:
    """The lines of the table for one slider: what, the usual way, the lab, and how many times less."""
    latencies = {"whole picture": (usual_way.whole, lab.whole), "in Python": (usual_way.python, lab.python)}
    if slider == "step":
        latencies = {"first change": (usual_way.first, lab.first), **latencies}
    for what, pair in latencies.items():
        medians = [statistics.median(values) for values in pair]
        cells = [f"{median:.1f} ({p95(values):.1f})" for median, values in zip(medians, pair, strict=True)]
        yield [f"{name}, {slider}: {what}, ms", *cells, f"{medians[0] / medians[1]:.1f}"]
    settles = [max(times.settles) for times in (usual_way, lab)]
    yield [
        f"{name}, {slider}: settles, ms",
        *(f"{value:.0f}" for value in settles),
        f"{settles[0] / settles[1]:.1f}",
    ]
    yield [f"{name}, {slider}: frames", *(f"{statistics.median(t.frames):.0f}" for t in (usual_way, lab)), ""]
    yield [f"{name}, {slider}: blank frames", *(f"{max(t.blank)}" for t in (usual_way, lab)), ""]


def machine() -> str:
    """The machine and the versions that the numbers belong to."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = re.findall(r"model name\s*: (.*)", cpuinfo.read_text(encoding="utf-8"))
        model = names[0] if names else model
    packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}"


def main() -> None:
    windows = measure()
    table = [["median (p95)", "usual way", "lab", "ratio"]]
    for name, (usual_window, lab_window) in windows.items():
        for slider in usual_window.times:
            table += rows(name, slider, usual_window.times[slider], lab_window.times[slider])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    print(machine())
    for first, *others in table:
        line = [
            first.ljust(widths[0]),
            *(text.rjust(width) for text, width in zip(others, widths[1:], strict=True)),
        ]
        print("  ".join(line))


if __name__ == "__main__":
    main()
