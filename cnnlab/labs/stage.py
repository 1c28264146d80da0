"""The picture area of a lab: shows an SVG, and reports what a person does to it. The only widget of our own."""

import base64
import hashlib
import re
from pathlib import Path

import anywidget
import traitlets

from cnnlab.figures.palette import stylesheet

_HERE = Path(__file__).parent
_BITMAP = re.compile(r'href="data:image/png;base64,([^"]+)"')


class Stage(anywidget.AnyWidget):
    """A picture on the page; see ``stage.js`` for what it reports.

    ``svg`` is the picture, its bitmaps named and not written out; ``images`` are their bytes by name, sent only
    when they change. ``controls`` are the model ids of the lab's controls, which the front end wakes. ``status`` is a
    sentence for screen readers, ``step`` where the front end has already moved the window to. ``alive`` becomes true
    once the front end has loaded.
    """

    _esm = _HERE / "stage.js"
    _css = stylesheet() + "\n" + (_HERE / "stage.css").read_text(encoding="utf-8")

    svg = traitlets.Unicode("").tag(sync=True)
    images = traitlets.Dict().tag(sync=True)
    controls = traitlets.List(traitlets.Unicode()).tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    alive = traitlets.Bool(False).tag(sync=True)

    def show(self, svg: str, status: str) -> None:
        """Show a picture; all of it arrives in one message."""
        images: dict[str, bytes] = {}

        def name(found: re.Match[str]) -> str:
            encoded = found[1]
            key = hashlib.sha1(encoded.encode("ascii"), usedforsecurity=False).hexdigest()[:12]
            images[key] = self.images.get(key) or base64.b64decode(encoded)
            return f'href="cl:{key}"'

        text = _BITMAP.sub(name, svg)
        with self.hold_sync():
            if images.keys() != self.images.keys():
                self.images = images
            self.status, self.svg = status, text
