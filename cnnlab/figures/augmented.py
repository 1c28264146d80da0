"""The picture of the augmentation lab: before and after, where a pixel comes from, and what moves along."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import color_uri
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, follower, ring
from cnnlab.figures.palette import LIGHT
from cnnlab.figures.plots import Axes
from cnnlab.traces.augmented import LOUPE, Augmented, Pixel
from cnnlab.traces.augmented_words import box_says, equations, mask_says, pixel_lines, says
from cnnlab.traces.text import number

WIDTH, MARGIN, TOP = 1000.0, 16.0, 26.0
SIDE = 284.0
AFTER_X = 344.0
RIGHT_X = 676.0
RIGHT = WIDTH - MARGIN - RIGHT_X
MASK_SIDE = 120.0
FORMULAS = 108.0
MASK_COLORS = np.array(
    [[int(LIGHT[name][i : i + 2], 16) for i in (1, 3, 5)] for name in ("line", "blue", "orange", "plum")], np.uint8
)
Path = NDArray[np.float64]


class AugmentedPicture:
    """All that can be drawn of one transformed picture."""

    def __init__(self, augmented: Augmented) -> None:
        self.augmented = augmented
        self.rows, self.cols = augmented.size
        cell = SIDE / max(self.rows, self.cols)
        self.before = Box(MARGIN, TOP, cell, self.rows, self.cols)
        self.after = self.before.moved(AFTER_X, TOP)

    def draw(self, pixel: Pixel, boxes: bool, frame: int = 0) -> str:
        """The whole picture as SVG."""
        content = [self._before(pixel, boxes), self._after(pixel, boxes), self._right(pixel, boxes)]
        data = {
            "frame": frame,
            "step": pixel.row * self.cols + pixel.col,
            "columns": self.cols,
            "count": self.rows * self.cols,
        }
        label = f"A picture before and after: {self.augmented.step.name}"
        return svg.document(WIDTH, TOP + SIDE + FORMULAS, [*content, *_formulas(pixel, boxes)], label, **data)

    # ---- before and after --------------------------------------------------------------------------------------------

    def _before(self, pixel: Pixel, boxes: bool) -> str:
        box, (y, x) = self.before, pixel.source
        parts = [
            svg.text(box.x, box.y - 10, "before", 14, "gray"),
            svg.image(box.x, box.y, box.width, box.height, self._before_uri),
        ]
        if boxes:
            parts += [self._outline(box, _rectangle(*given)) for given in self.augmented.truth.boxes]
        if pixel.parts:
            parts.append(_mark(box, y, x))
        return "".join(parts)

    def _after(self, pixel: Pixel, boxes: bool) -> str:
        box = self.after
        parts = [svg.image(box.x, box.y, box.width, box.height, self._after_uri)]
        if boxes:
            parts.append(self._moved_boxes)
        label = f"after, {self.rows} × {self.cols}: arrow keys move the pixel that is looked at"
        mark = follower("window", ring(Box(box.x, box.y, box.cell, 1, 1), 1, 1), pixel.row, pixel.col, *[box.cell] * 2)
        heading = svg.text(box.x, box.y - 10, f"after: {self.augmented.step.name}", 14, "gray")
        return heading + box.pointable("after", label, parts, "steps hover pin") + mark

    @cached_property
    def _before_uri(self) -> str:
        return picture_uri(self.augmented.before)

    @cached_property
    def _after_uri(self) -> str:
        return picture_uri(self.augmented.after)

    @cached_property
    def _moved_boxes(self) -> str:
        """The moved corners of each box, dashed, and the box around them."""
        parts = []
        for corners, around in zip(self.augmented.corners, self.augmented.boxes, strict=True):
            parts.append(self._outline(self.after, corners, "4 4"))
            if around is not None:
                parts.append(self._outline(self.after, _rectangle(*around)))
        return "".join(parts)

    def _outline(self, box: Box, corners: Path, dashes: str | None = None) -> str:
        """A line around some corners, as far as it lies on the picture."""
        axes = Axes(box.x, box.y, box.width, box.height, (0, box.cols), (0, box.rows))
        closed = np.concatenate([corners, corners[:1]])
        x, y = closed[:, 0], box.rows - closed[:, 1]  # axes count upwards
        halo = "" if dashes else axes.curve(x, y, "halo", 5)
        return halo + axes.curve(x, y, "ink-line", 1.5 if dashes else 2, dashes)

    # ---- on the right ------------------------------------------------------------------------------------------------

    def _right(self, pixel: Pixel, boxes: bool) -> str:
        if not self.augmented.step.moves:
            return self._histogram
        masks = boxes and self.augmented.mask is not None
        return self._matrices + (self._masks if masks else _loupe(pixel))

    @cached_property
    def _matrices(self) -> str:
        a, parts, y = self.augmented, [], TOP - 10
        for heading, matrix, names in (
            ("where a point goes (x to the right, y down)", a.matrix, ("x′ y′", "x y")),
            ("the way back: where a new pixel is read", a.back, ("x y", "x′ y′")),
        ):
            parts.append(svg.text(RIGHT_X, y, heading, 14, "gray"))
            for i, equation in enumerate(equations(matrix, *names)):
                parts.append(mono(RIGHT_X, y + 24 * (i + 1), RIGHT, equation, 15))
            y += 84
        return "".join(parts)

    @cached_property
    def _masks(self) -> str:
        """The mask after the step, and what mixing class numbers like colors makes of it."""
        a = self.augmented
        if a.mask is None or a.blended is None or a.invented is None:
            return ""
        y, parts = TOP + SIDE - MASK_SIDE, []
        wrong = MASK_COLORS[np.rint(a.blended).astype(int)]
        shown = (("mask: nearest pixel", MASK_COLORS[a.mask]), (f"mixed: {int(a.invented.sum())} wrong", wrong))
        for i, (caption, colors) in enumerate(shown):
            x = RIGHT_X + i * (MASK_SIDE + 24)
            parts.append(svg.text(x, y - 8, caption, 13, "gray"))
            parts.append(svg.image(x, y, MASK_SIDE, MASK_SIDE, color_uri(colors, 255)))
            parts.append(svg.rect(x, y, MASK_SIDE, MASK_SIDE, "lines"))
        return "".join(parts)

    @cached_property
    def _histogram(self) -> str:
        edges, before, after = self.augmented.histograms
        high = max(0.02, min(float(max(before.max(), after.max())), 0.25))
        axes = Axes(RIGHT_X + 34, TOP + 40, RIGHT - 34, SIDE - 80, (0, 1), (0, high))
        left, y = axes.x + 4, TOP + 2
        key = svg.line(left, y, left + 28, y, "gray-line", 2) + svg.text(left + 36, y + 5, "before", 13, "gray")
        key += svg.rect(left + 108, y - 6, 28, 13, "pos", 0.78) + svg.text(left + 144, y + 5, "after", 13, "gray")
        steps = np.repeat(edges, 2)[1:-1], np.repeat(before, 2)
        frame = axes.frame("gray, from black 0 to white 1", "share of the pixels", y_ticks=[])
        return frame + axes.bars(edges, after) + axes.curve(*steps, "gray-line", 2) + key


def _loupe(pixel: Pixel) -> str:
    """The old pixels around the place that is read, and the place itself."""
    top, left, colors = pixel.around
    cell = MASK_SIDE / LOUPE
    box = Box(RIGHT_X, TOP + SIDE - MASK_SIDE, cell, LOUPE, LOUPE)
    (y, x), text_x = pixel.source, box.right + 16
    here = box.x + (x - left + 0.5) * cell, box.y + (y - top + 0.5) * cell
    parts = [
        svg.text(box.x, box.y - 8, "old pixels around the place that is read", 14, "gray"),
        svg.image(box.x, box.y, box.width, box.height, picture_uri(colors)),
        svg.rect(box.x, box.y, box.width, box.height, "lines"),
        svg.circle(*here, 7, "paper") + svg.circle(*here, 5, "dot"),
    ]
    for i, (weight, row, col) in enumerate(pixel.parts):
        parts.append(svg.text(text_x, box.y + 20 + 24 * i, f"[{row}, {col}]: {number(weight)}", 14, "mono"))
    if not pixel.parts:
        parts.append(svg.text(text_x, box.y + 20, "outside: black", 14))
    return "".join(parts)


def picture_uri(image: NDArray[np.float32]) -> str:
    """A picture (3, H, W) from 0 to 1."""
    return color_uri(np.ascontiguousarray((image * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0)), 255)


def _mark(box: Box, row: float, col: float) -> str:
    """Where a pixel is read."""
    return svg.group(
        [ring(Box(box.x, box.y, box.cell, 1, 1), 1, 1)],
        transform=f"translate({svg.fmt(col * box.cell)} {svg.fmt(row * box.cell)})",
    )


def _rectangle(x1: float, y1: float, x2: float, y2: float) -> Path:
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])


def _formulas(pixel: Pixel, boxes: bool) -> list[str]:
    y, room = TOP + SIDE + 30, WIDTH - 2 * MARGIN
    first, second = pixel_lines(pixel)
    a = pixel.augmented
    last = "; ".join(text for text in (box_says(a), mask_says(a)) if text and boxes and a.step.moves)
    return [
        mono(MARGIN, y, room, first, 15),
        mono(MARGIN, y + 24, room, second, 15),
        svg.text(MARGIN, y + 50, says(a), 15),
        *([svg.text(MARGIN, y + 72, last, 14)] if last else []),
    ]
