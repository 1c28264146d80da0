"""A running JupyterLab and a headless Chromium to look at it with.

The tests, the benchmark and whoever wants a screenshot drive JupyterLab with the same three objects:

    with Server() as server, Browser() as browser, Lab(server, browser) as lab:
        lab.open(["from cnnlab.labs import ConvolutionLab", "ConvolutionLab()"])
        lab.run_all()
        lab.page.locator(".cnnlab-stage svg").wait_for()
        lab.screenshot("lab.png")

Nothing here sleeps: every step waits for what it needs, and a wait that fails says what it waited for.
"""

import json
import shutil
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from playwright.sync_api import ConsoleMessage, Locator, Page

from .processes import START_SECONDS, Browser, NoBrowserError, Server, find_chromium

__all__ = ["WAIT_SECONDS", "Browser", "Lab", "NoBrowserError", "Server", "find_chromium"]

WAIT_SECONDS = 30.0
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
NO_SPLASH = "!document.getElementById('jupyterlab-splash')"  # it covers the page until a theme has faded in


def new_notebook(cells: Sequence[str]) -> str:
    """A notebook file with these code cells."""
    empty: dict[str, object] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": [{**empty, "id": f"cell-{index}", "source": source} for index, source in enumerate(cells)],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document)


class Lab:
    """One browser window with one notebook in JupyterLab; `page` is Playwright's, for the rest."""

    _numbers = count(1)

    def __init__(
        self, server: Server, browser: Browser, width: int = 1280, height: int = 720, sidebar: bool = False
    ) -> None:
        self._server, self._sidebar = server, sidebar
        server.reset_settings()
        self._errors: list[str] = []
        self._context = browser.chromium.new_context(viewport={"width": width, "height": height})
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(WAIT_SECONDS * 1000)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._errors.append(str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Shut the kernel down and close the window."""
        try:
            self.page.evaluate("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.shutdown()")
        finally:
            self._context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._errors.append(message.text)

    def errors(self) -> list[str]:
        """What the console calls an error, and exceptions nobody caught, since the window opened."""
        return list(self._errors)

    # The notebook

    def open(self, notebook: Sequence[str] | Path) -> None:
        """Open a copy of the notebook at a path, or a new one with these code cells; wait for its kernel."""
        name = f"{next(self._numbers):02d}.ipynb"
        if isinstance(notebook, Path):
            name = f"{notebook.stem}-{name}"
            shutil.copyfile(notebook, self._server.folder / name)
        else:
            (self._server.folder / name).write_text(new_notebook(notebook), encoding="utf-8")
        # A workspace by this name is new: whatever another test left open stays closed here.
        workspace = quote(Path(name).stem)
        self.page.goto(
            f"{self._server.url}/lab/workspaces/{workspace}/tree/{quote(name)}?token={self._server.token}",
            timeout=START_SECONDS * 1000,
        )
        self.wait_for("window.jupyterapp?.shell?.currentWidget?.sessionContext?.isReady", START_SECONDS)
        self._do("await app.restored; await panel.context.ready; await panel.sessionContext.ready")
        self.wait_for(NO_SPLASH)
        self.wait_for_idle()
        if not self._sidebar:
            self._do("app.shell.collapseLeft(); app.shell.collapseRight()")

    def run_all(self) -> None:
        """Run every cell and wait for the last one; RuntimeError where a cell raised."""
        self._do("await app.commands.execute('notebook:run-all-cells')", seconds=START_SECONDS)
        self.wait_for_idle()
        self._raise_for_errors(range(self._do("return panel.content.widgets.length")))

    def run(self, cell: int) -> None:
        """Run one cell, counted from 0 text included, and wait; RuntimeError where it raised."""
        self._do(
            f"panel.content.activeCellIndex = {cell}; await app.commands.execute('notebook:run-cell')",
            seconds=START_SECONDS,
        )
        self._raise_for_errors([cell])

    def output(self, cell: int) -> str:
        """The plain text of a cell's output: what it printed and the text of its value."""
        outputs = self._outputs(cell)
        texts = (output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)
        return "".join(text if isinstance(text, str) else "".join(text) for text in texts)

    def restart_kernel(self) -> None:
        """Restart the kernel; outputs stay, as they do when a student does it."""
        self._do("await panel.sessionContext.session.kernel.restart()", seconds=START_SECONDS)
        self.wait_for_idle()

    def python(self, expression: str) -> str:
        """The repr of an expression in the kernel, without a cell."""
        request = json.dumps({"code": "", "user_expressions": {"value": expression}, "store_history": False})
        reply = self._do(
            f"const request = panel.sessionContext.session.kernel.requestExecute({request}, true);"
            "return (await request.done).content.user_expressions.value"
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{expression}: {reply['ename']}: {reply['evalue']}")
        return str(reply["data"]["text/plain"])

    def wait_for_python(self, expression: str, value: str) -> None:
        """Wait until an expression in the kernel has this repr; what a person does arrives there a little later."""
        deadline = time.monotonic() + WAIT_SECONDS
        while (found := self.python(expression)) != value:
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression} is {found}, and not {value}, after {WAIT_SECONDS:.0f} s")

    def _outputs(self, cell: int) -> list[dict[str, Any]]:
        cells = "panel.content.widgets"
        outputs: list[dict[str, Any]] = self._do(f"return {cells}[{cell}].model.outputs?.toJSON() ?? []")
        return outputs

    def _raise_for_errors(self, cells: Sequence[int]) -> None:
        for cell in cells:
            for output in self._outputs(cell):
                if output["output_type"] == "error":
                    raise RuntimeError(f"cell {cell}: {output['ename']}: {output['evalue']}")

    # The window

    def theme(self, name: Literal["light", "dark"]) -> None:
        """Change JupyterLab's theme and wait until it is on the screen."""
        theme = THEMES[name]
        self._do(f"await app.commands.execute('apputils:change-theme', {{ theme: '{theme}' }})")
        self.wait_for(f"document.body.dataset.jpThemeName === '{theme}' && {NO_SPLASH}")
        self.wait_for_frame()

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self.wait_for_frame()

    def screenshot(self, path: str | Path, of: Locator | None = None) -> None:
        """A picture of the window, or of one element of it."""
        self.wait_for_frame()
        if of is None:
            self.page.screenshot(path=path)
        else:
            of.screenshot(path=path)

    # Waiting

    def wait_for(self, condition: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until a JavaScript expression is true in the page."""
        self.page.wait_for_function(f"() => {condition}", timeout=seconds * 1000)

    def wait_for_idle(self) -> None:
        """Wait until the kernel has nothing left to do."""
        self.wait_for("jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'")

    def wait_for_frame(self) -> None:
        """Wait until the browser has painted what is in the page now."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
        )

    def _do(self, statements: str, seconds: float = WAIT_SECONDS) -> Any:
        """Run JavaScript with JupyterLab's `app` and the notebook's `panel` at hand; the value it returns."""
        script = """async ([statements, seconds]) => {
            const app = window.jupyterapp;
            const AsyncFunction = (async () => {}).constructor;
            const late = new Promise((_, fail) => setTimeout(
                () => fail(new Error(`not done after ${seconds} s: ${statements}`)), seconds * 1000));
            const work = new AsyncFunction('app', 'panel', statements)(app, app.shell.currentWidget);
            return await Promise.race([work, late]);
        }"""
        return self.page.evaluate(script, [statements, seconds])
