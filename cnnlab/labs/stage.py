"""The picture area of a lab: shows an SVG, and reports what a person does to it. The only widget of our own."""

from pathlib import Path

import anywidget
import traitlets

from cnnlab.figures.palette import stylesheet

_HERE = Path(__file__).parent


class Stage(anywidget.AnyWidget):
    """A picture on the page; see ``stage.js`` for what it reports.

    ``svg`` is the picture, ``status`` a sentence for screen readers, ``step`` where the front end has already moved the
    window to, ``alive`` becomes true once the front end has loaded.
    """

    _esm = _HERE / "stage.js"
    _css = stylesheet() + "\n" + (_HERE / "stage.css").read_text(encoding="utf-8")

    svg = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    alive = traitlets.Bool(False).tag(sync=True)
