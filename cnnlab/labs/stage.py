"""The picture area of a lab: shows an SVG, and reports what a person does to it. The only widget of our own."""

import base64
import hashlib
import re
from pathlib import Path

import anywidget
import traitlets

from cnnlab.figures.palette import stylesheet

_HERE = Path(__file__).parent
_LARGEST_INDEX = 1_000_000
_BITMAP = re.compile(r'href="data:image/(?:png|webp);base64,([^"]+)"')


def is_event(message: object) -> bool:
    """Whether a message from the page has the form that ``stage.js`` describes; any other is not listened to."""
    if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
        return False
    kind = message["kind"]
    if kind in ("alive", "leave"):
        return True
    if not isinstance(message.get("grid"), str):
        return False
    if kind in ("hover", "pin", "choose"):
        return all(_is_index(message.get(name)) for name in ("row", "col", *(() if kind == "choose" else ("cols",))))
    if kind == "grid":
        return isinstance(message.get("text"), str)
    if kind in ("edit", "paint"):
        cells = message.get("cells")
        text = kind == "paint" or isinstance(message.get("text"), str)
        return text and isinstance(cells, list) and bool(cells) and all(_is_cell(cell) for cell in cells)
    return False


def _is_cell(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(_is_index(part) for part in value)


def _is_index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_INDEX


class Stage(anywidget.AnyWidget):
    """A picture on the page; see ``stage.js`` for what it reports.

    ``svg`` is the picture, its bitmaps named and not written out; ``images`` are their bytes by name, sent only
    when they change. ``status`` is a sentence for screen readers, ``stepped`` the model ids of the slider of the step
    and of play. ``answers`` counts what was heard without drawing anything, ``cells`` the pictures drawn from a cell.
    ``alive`` becomes true once the front end has loaded, ``awake`` once it is answered beside a busy cell.
    """

    _esm = _HERE / "stage.js"
    _css = stylesheet() + "\n" + (_HERE / "stage.css").read_text(encoding="utf-8")

    svg = traitlets.Unicode("").tag(sync=True)
    images = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    stepped = traitlets.List(traitlets.Unicode()).tag(sync=True)
    answers = traitlets.Int(0).tag(sync=True)
    cells = traitlets.Int(0).tag(sync=True)
    alive = traitlets.Bool(False).tag(sync=True)
    awake = traitlets.Bool(False).tag(sync=True)

    def show(self, svg: str, status: str, from_cell: bool = False) -> None:
        """Show a picture; all of it arrives in one message. The page answers one drawn ``from_cell`` with "alive"."""
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
            self.cells += from_cell
