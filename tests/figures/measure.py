"""An SVG as a browser lays it out: where every shape and every text lies, what color it has, and what is below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

NAMESPACE = "{http://www.w3.org/2000/svg}"
FILLED = {"cl-paper": "paper", "cl-pad": "pad", "cl-pos": "positive", "cl-neg": "negative"}
ASCENT, DESCENT = 0.76, 0.24  # of DejaVu Sans, for digits and Latin letters


@dataclass(frozen=True)
class Item:
    """One shape or text: its box in the picture, its classes, the grid that it belongs to ("" outside), and its color
    where that is its own and not one of a class."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float
    classes: frozenset[str]
    content: str = ""
    size: float = 0.0
    opacity: float = 1.0
    grid: str = ""
    fill: str = ""

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass
class Picture:
    """All items in the order in which they are painted, and the geometry of the grids by name."""

    width: float
    height: float
    items: list[Item] = field(default_factory=list)
    grids: dict[str, list[float]] = field(default_factory=dict)

    @property
    def texts(self) -> list[Item]:
        return [item for item in self.items if item.kind == "text" and item.content]

    def cells(self, grid: str) -> dict[tuple[int, int], str]:
        """The texts of a grid by row and column."""
        x, y, width, height, _, _ = self.grids[grid]
        inside = (t for t in self.texts if t.grid == grid)
        placed = [((t.center[1] - y) / height, (t.center[0] - x) / width, t.content) for t in inside]
        return {(int(row), int(col)): text for row, col, text in placed if row >= 0 and col >= 0}


def parse(svg: str) -> Picture:
    """Read a picture; raises where it is no well-formed XML."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{NAMESPACE}svg"
    _, _, width, height = (float(n) for n in root.attrib["viewBox"].split())
    picture = Picture(width, height)
    for child in root:
        _read(child, picture, 0.0, 0.0, "")
    return picture


def boxes(items: Sequence[Item]) -> NDArray[np.float64]:
    """Left, top, right and bottom of each item, a row each."""
    return np.array([[i.left, i.top, i.right, i.bottom] for i in items]).reshape(-1, 4)


def overlaps(items: Sequence[Item]) -> list[tuple[Item, Item, float]]:
    """Pairs of items that reach into each other, and how far, in the shallower direction."""
    left, top, right, bottom = boxes(items).T[:, :, None]
    across = np.minimum(right, right.T) - np.maximum(left, left.T)
    down = np.minimum(bottom, bottom.T) - np.maximum(top, top.T)
    depth = np.triu(np.minimum(across, down), 1)
    return [(items[i], items[j], float(depth[i, j])) for i, j in np.argwhere(depth > 0)]


def _read(node: ElementTree.Element, picture: Picture, dx: float, dy: float, grid: str) -> None:
    kind = node.tag.removeprefix(NAMESPACE)
    if kind == "g":
        if moved := re.fullmatch(r"translate\((\S+) (\S+)\)", node.get("transform", "")):
            dx, dy = dx + float(moved[1]), dy + float(moved[2])
        grid = node.get("data-grid", grid)
        if "data-box" in node.attrib:
            picture.grids[grid] = [float(n) for n in node.attrib["data-box"].split()]
        for child in node:
            _read(child, picture, dx, dy, grid)
    elif kind != "text" or node.text:
        left, top, right, bottom = _box(kind, node)
        picture.items.append(
            Item(
                kind, left + dx, top + dy, right + dx, bottom + dy,
                frozenset(node.get("class", "").split()), node.text or "",
                float(node.get("font-size", 0)), float(node.get("fill-opacity", 1)), grid, node.get("fill", ""),
            )
        )  # fmt: skip


def _box(kind: str, node: ElementTree.Element) -> tuple[float, float, float, float]:
    value = {name: float(text) for name, text in node.attrib.items() if re.fullmatch(r"-?[\d.]+", text)}
    if kind in ("rect", "image"):
        x, y = value["x"], value["y"]
        assert value["width"] >= 0 and value["height"] >= 0, f"a {kind} of negative size"
        return x, y, x + value["width"], y + value["height"]
    if kind == "circle":
        x, y, r = value["cx"], value["cy"], value["r"]
        return x - r, y - r, x + r, y + r
    if kind == "line":
        (left, right), (top, bottom) = sorted((value["x1"], value["x2"])), sorted((value["y1"], value["y2"]))
        return left, top, right, bottom
    if kind == "path":
        return _path_box(node.attrib["d"])
    assert kind == "text", f"a shape that is not known here: {kind}"
    classes, size = node.get("class", "").split(), value["font-size"]
    wide = text_width(node.text or "", size, "cl-mono" in classes, "cl-bold" in classes)
    left = value["x"] - (wide / 2 if "cl-middle" in classes else wide if "cl-end" in classes else 0)
    return left, value["y"] - ASCENT * size, left + wide, value["y"] + DESCENT * size


def _path_box(d: str) -> tuple[float, float, float, float]:
    """Paths are straight lines: M or L x y, h, v or l by so much, z at the end of a part."""
    xs, ys, x, y = [], [], 0.0, 0.0
    assert not re.sub(r"[MLlhvz]|-?[\d.]+|[ ,]", "", d), f"a path that is not known here: {d[:80]}"
    for command, given in re.findall(r"([MLlhv])([^MLlhvz]*)", d):
        first, second = ([float(n) for n in re.findall(r"-?[\d.]+", given)] + [0.0])[:2]
        if command in "ML":
            x, y = first, second
        elif command == "v":
            y += first
        else:
            x, y = x + first, y + second
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


@cache
def _font(mono: bool, bold: bool) -> ImageFont.FreeTypeFont:
    found = find_spec("matplotlib")
    assert found is not None and found.submodule_search_locations is not None
    name = f"DejaVuSans{'Mono' * mono}{'-Bold' * bold}.ttf"
    path = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / name
    return ImageFont.truetype(str(path), 100)


@cache
def text_width(content: str, size: float, mono: bool = False, bold: bool = False) -> float:
    """Width of a text in matplotlib's DejaVu Sans, the font of every picture."""
    return _font(mono, bold).getlength(content) * size / 100


# ---- colors ----------------------------------------------------------------------------------------------------------

Color = tuple[float, float, float]


def rgb(color: str) -> Color:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _color(item: Item, colors: dict[str, str]) -> Color:
    """The color of a filled shape, its own or that of its class in a theme."""
    if item.fill:
        red, green, blue = (int(n) / 255 for n in re.findall(r"\d+", item.fill))
        return red, green, blue
    return rgb(colors[next(FILLED[c] for c in item.classes if c in FILLED)])


def over(top: Color, opacity: float, bottom: Color) -> Color:
    red, green, blue = (opacity * t + (1 - opacity) * b for t, b in zip(top, bottom, strict=True))
    return red, green, blue


def luminance(color: Color) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: Color, second: Color) -> float:
    """Contrast ratio of two colors, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def text_contrasts(picture: Picture, colors: dict[str, str]) -> list[tuple[Item, float, bool]]:
    """Every text with its contrast to what lies below its middle, as a person sees it under all that is painted over
    it, and whether anything is painted over it."""
    fills = [
        (i, item, _color(item, colors))
        for i, item in enumerate(picture.items)
        if item.kind == "rect" and (item.fill or item.classes & FILLED.keys())
    ]
    edges = boxes([item for _, item, _ in fills])
    found = []
    for place, text in ((i, item) for i, item in enumerate(picture.items) if item.kind == "text" and item.content):
        name = "accent" if "cl-accent" in text.classes else "gray" if "cl-gray" in text.classes else "ink"
        below, letters, veiled = rgb(colors["paper"]), rgb(colors[name]), False
        x, y = text.center
        covers = (edges[:, 0] <= x) & (x <= edges[:, 2]) & (edges[:, 1] <= y) & (y <= edges[:, 3])
        for i, item, color in (fills[k] for k in np.nonzero(covers)[0]):
            below = over(color, item.opacity, below)
            if i > place and item.opacity:
                letters, veiled = over(color, item.opacity, letters), True
        found.append((text, contrast(letters, below), veiled))
    return found
