"""The picture of the channels lab: a photo, its three channels, and a loupe that shows the pixels as numbers."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import color_uri, gray_uri
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower, ring
from cnnlab.traces.channels import LARGEST, NAMES, Channels, Pixel

WIDTH, MARGIN, TOP = 1000.0, 16.0, 34.0
LARGE = 300.0
SMALL, SMALL_X, SMALL_PITCH = 57.0, 352.0, 81.0
LOUPE = 5
LOUPE_X, CELL_WIDTH, CELL_HEIGHT = 454.0, 106.0, 60.0
SWATCH = 44.0
FORMULAS = 100.0

SPACES = "\u00a0" * 4  # an SVG takes several plain spaces for one

SHOWN_SMALL = ("together", *NAMES)
"""The small pictures; a click shows one of them large."""
VIEWS = (*SHOWN_SMALL, "gray")
"""What the large picture can show."""

Pixels = NDArray[np.uint8]


class ChannelsPicture:
    """All that can be drawn of one photo."""

    def __init__(self, channels: Channels) -> None:
        self.channels = channels
        rows, cols = channels.photo.shape[:2]
        self.box = Box(MARGIN, TOP, LARGE / max(rows, cols), rows, cols)

    def draw(self, pixel: Pixel, view: str, tint: bool, frame: int = 0) -> str:
        """The whole picture as SVG."""
        content = [self._photo(pixel, view, tint), self._small(view, tint), self._loupe(pixel, view, tint)]
        rows, cols = self.channels.photo.shape[:2]
        data = {"frame": frame, "step": pixel.row * cols + pixel.col, "columns": cols, "count": rows * cols}
        label = f"A photo of {rows} × {cols} pixels, its three channels, and the numbers of some pixels"
        return svg.document(WIDTH, TOP + LARGE + FORMULAS, [*content, *_formulas(pixel)], label, **data)

    # ---- the photo ---------------------------------------------------------------------------------------------------

    def _photo(self, pixel: Pixel, view: str, tint: bool) -> str:
        box = self.box
        picture = svg.image(box.x, box.y, box.width, box.height, self._uri(view, tint))
        rows, cols = self.channels.photo.shape[:2]
        name = {"together": "R, G and B together", "gray": "gray"}.get(view, f"channel {view}")
        shape = f"({rows}, {cols}, 3)" if view == "together" else f"({rows}, {cols})"
        heading = svg.text(box.x, box.y - 10, name, 14, "gray") + svg.text(
            MARGIN + LARGE, box.y - 10, shape, 14, "gray end"
        )
        around = Box(box.x - 2 * box.cell, box.y - 2 * box.cell, box.cell, LOUPE, LOUPE)
        mark = follower("window", ring(around, LOUPE, LOUPE), pixel.row, pixel.col, box.cell, box.cell)
        label = f"photo, {rows} × {cols}: arrow keys move the loupe"
        return heading + box.pointable("photo", label, [picture], "steps hover pin") + mark

    def _small(self, view: str, tint: bool) -> str:
        """The photo and its three channels, one below the other; a click shows one of them large."""
        parts = []
        for i, name in enumerate(SHOWN_SMALL):
            y = TOP + i * SMALL_PITCH
            parts.append(svg.text(SMALL_X, y - 8, name, 14, "bold" if view == name else "gray"))
            parts.append(svg.image(SMALL_X, y, SMALL, SMALL, self._uri(name, tint, small=True)))
            parts.append(svg.rect(SMALL_X, y, SMALL, SMALL, "outline" if view == name else "lines"))
        column = Box(SMALL_X, TOP, SMALL, len(SHOWN_SMALL), 1)
        label = "channels: arrow keys choose the one that is shown large"
        return column.pointable("channel", label, parts, "choose", height=SMALL_PITCH)

    def _uri(self, view: str, tint: bool, small: bool = False) -> str:
        every = 2 if small and min(self.channels.photo.shape[:2]) >= 2 * SMALL else 1
        if view == "together":
            return self._together
        if view == "gray":
            return gray_uri(np.asarray(self.channels.gray, np.float64), LARGEST)
        index = NAMES.index(view)
        values = self.channels.stored[::every, ::every, index]
        if not tint:
            return gray_uri(values, LARGEST)
        colored = np.zeros((*values.shape, 3), np.uint8)
        colored[..., index] = values
        return color_uri(colored, LARGEST)

    @cached_property
    def _together(self) -> str:
        return color_uri(self.channels.stored, LARGEST)

    # ---- the loupe ---------------------------------------------------------------------------------------------------

    def _loupe(self, pixel: Pixel, view: str, tint: bool) -> str:
        """The pixels around the one that is looked at: their color, and their numbers."""
        width = LOUPE * CELL_WIDTH
        note = {"together": "red, green, blue", "gray": "gray value"}.get(view, view)
        parts = [
            svg.text(LOUPE_X, TOP - 10, f"row {pixel.row}, column {pixel.col} and around", 14, "gray"),
            svg.text(LOUPE_X + width, TOP - 10, note, 14, "gray end"),
        ]
        rows, cols = self.channels.photo.shape[:2]
        for i in range(LOUPE):
            for j in range(LOUPE):
                row, col = pixel.row + i - LOUPE // 2, pixel.col + j - LOUPE // 2
                x, y = LOUPE_X + j * CELL_WIDTH, TOP + i * CELL_HEIGHT
                inside = 0 <= row < rows and 0 <= col < cols
                parts.append(self._cell(x, y, row, col, view, tint) if inside else _outside(x, y))
        middle = LOUPE // 2
        parts.append(svg.rect(LOUPE_X, TOP, width, LOUPE * CELL_HEIGHT, "lines"))
        x, y = LOUPE_X + middle * CELL_WIDTH, TOP + middle * CELL_HEIGHT
        parts.append(svg.rect(x, y, CELL_WIDTH, CELL_HEIGHT, "outline"))
        return "".join(parts)

    def _cell(self, x: float, y: float, row: int, col: int, view: str, tint: bool) -> str:
        red, green, blue = (int(v) for v in self.channels.stored[row, col])
        if view == "together":
            fill, numbers = (red, green, blue), [red, green, blue]
        elif view == "gray":
            level = int(np.clip(np.rint(self.channels.gray[row, col]), 0, LARGEST))
            fill, numbers = (level,) * 3, [level]
        else:
            index = NAMES.index(view)
            level = (red, green, blue)[index]
            fill = tuple(level if not tint or i == index else 0 for i in range(3))  # type: ignore[assignment]
            numbers = [level]
        size = 15 if len(numbers) == 3 else 22
        pitch = 18.5
        top = y + CELL_HEIGHT / 2 - pitch * (len(numbers) - 1) / 2 + 0.36 * size
        texts = (
            svg.text(x + CELL_WIDTH - 10, top + i * pitch, str(n), size, "mono end") for i, n in enumerate(numbers)
        )
        swatch = f'<rect fill="rgb({fill[0]},{fill[1]},{fill[2]})" x="{svg.fmt(x)}" y="{svg.fmt(y)}" '
        swatch += f'width="{svg.fmt(SWATCH)}" height="{svg.fmt(CELL_HEIGHT)}"/>'
        return "".join([swatch, svg.rect(x, y, CELL_WIDTH, CELL_HEIGHT, "lines"), *texts])


def _outside(x: float, y: float) -> str:
    return svg.rect(x, y, CELL_WIDTH, CELL_HEIGHT, "pad") + svg.rect(x, y, CELL_WIDTH, CELL_HEIGHT, "lines")


def _formulas(pixel: Pixel) -> list[str]:
    y, room = TOP + LARGE + 30, WIDTH - 2 * MARGIN
    changed = SPACES.join([f"pixel [{pixel.row}, {pixel.col}]", *(pixel.channel(i) for i in range(3))])
    return [
        mono(MARGIN, y, room, changed),
        mono(MARGIN, y + 26, room, pixel.gray_formula()),
        svg.text(MARGIN, y + 53, pixel.says(), 15),
    ]
