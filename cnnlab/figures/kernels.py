"""The picture of the kernels lab: photo, window times kernel, answer; two kernels; or a kernel as two thin passes."""

import numpy as np

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import gray_uri
from cnnlab.figures.formulas import mono, sum_formula
from cnnlab.figures.grids import (
    LARGEST_CELL,
    Box,
    Tone,
    Values,
    bitmap_grid,
    follower,
    in_full,
    largest,
    number_grid,
    readable,
    ring,
)
from cnnlab.figures.products import SIGN_GAP, SUM_HEIGHT, SUM_WIDTH, sign, sum_box
from cnnlab.figures.strips import legend
from cnnlab.traces.kernels import WHITE, Filtered, Pixel, Shown, passes_say
from cnnlab.traces.text import number, size_text

WIDTH, MARGIN, TOP = 1100.0, 16.0, 34.0
LARGE = 300.0
LEFT, RIGHT, BOTTOM = MARGIN + LARGE + 20, WIDTH - MARGIN - LARGE - 20, TOP + LARGE
MIDDLE = (LEFT + RIGHT) / 2
FORMULAS, FORMULA, FIRST, SECOND = 96.0, 30.0, 56.0, 81.0
"""Height of the text below, and where its three lines are."""
ROW_GAP = 30.0
SMALL_KERNEL, SMALL_ROW, LARGE_ROW = 3, 135.0, 180.0
"""A kernel of up to 3 rows leaves as much room for the products; a larger one needs more for its own numbers."""
FACTORS, PART_GAP, PASSED = 208.0, 12.0, 150.0
COLUMN_NAME = 62.0
BAR, BAR_HEIGHT, BAR_PITCH = 90.0, 16.0, 28.0


class KernelsPicture:
    """All that can be drawn of one photo and what its kernels make of it."""

    def __init__(self, filtered: Filtered) -> None:
        self.filtered = filtered
        rows, cols = filtered.photo.shape
        cell = LARGE / max(rows, cols)
        self.photo_box = Box(MARGIN, TOP, cell, rows, cols)
        self.answer_box = Box(WIDTH - MARGIN - cols * cell, TOP, cell, rows, cols)
        self._kept: dict[object, str] = {}

    def draw(self, pixel: Pixel, view: str, separable: bool, frame: int = 0) -> str:
        """The whole picture as SVG."""
        two = len(self.filtered.kernels) > 1
        middle = self._two_kernels if two else self._factors if separable else self._products
        taken_apart = separable and not two
        answer = self._once(view, taken_apart)
        content = [self._photo(pixel), middle(pixel), answer, self._mark(pixel), *self._words(pixel, taken_apart)]
        rows, cols = self.filtered.photo.shape
        label = f"A photo of {rows} × {cols} pixels, a kernel, and what the kernel makes of the photo"
        data = {"frame": frame, "step": pixel.row * cols + pixel.col, "columns": cols, "count": rows * cols}
        return svg.document(WIDTH, BOTTOM + FORMULAS, content, label, **data)

    def _once(self, view: str, taken_apart: bool) -> str:
        """The answer with its legend, drawn once for each view."""
        if (view, taken_apart) not in self._kept:
            self._kept[view, taken_apart] = self._answer_grid(self.filtered.shown(view), taken_apart)
        return self._kept[view, taken_apart]

    # ---- photo and answer --------------------------------------------------------------------------------------------

    def _photo(self, pixel: Pixel) -> str:
        box, step = self.photo_box, self.filtered.steps[0]
        heading = _heading(box, "photo", size_text(self.filtered.photo.shape))
        uri = gray_uri(self.filtered.photo, WHITE)
        place = box.x, box.y, box.width, box.height
        picture = svg.image(*place, uri) + svg.rect(*place, "lines")
        grid = box.pointable("photo", "photo: arrow keys move the window", [picture], "steps hover pin")
        (top, _), (left, _) = step.padding
        height, width = step.kernel_size
        around = Box(box.x - left * box.cell, box.y - top * box.cell, box.cell, height, width)
        mark = follower("window", ring(around, height, width), pixel.row, pixel.col, box.cell, box.cell)
        return heading + grid + mark

    def _answer_grid(self, shown: Shown, taken_apart: bool) -> str:
        """The answer, and what its colors mean: beside the shorter one of the two sentences."""
        box, tone = self.answer_box, Tone(shown.signed, shown.high)
        heading = _heading(box, "answer", self.filtered.range)
        grid = bitmap_grid(box, shown.values, tone)
        answer = box.pointable("answer", "answer: arrow keys move the window", [grid], "steps hover pin")
        right, y = WIDTH - MARGIN, BOTTOM + (SECOND if taken_apart else FIRST)
        colors = svg.text(right, y, shown.note, 13, "gray end") if shown.note else legend(right, y, tone)
        return heading + answer + colors

    def _mark(self, pixel: Pixel) -> str:
        box = self.answer_box
        return follower("here", ring(box, 1, 1), pixel.row, pixel.col, box.cell, box.cell)

    # ---- the middle: one kernel --------------------------------------------------------------------------------------

    def _products(self, pixel: Pixel) -> str:
        """Window times kernel, and below it the products and their sum."""
        trace = pixel.sums[0]
        height, width = trace.convolution.kernel_size
        first = Box.fit(
            0, 0, (RIGHT - LEFT - SIGN_GAP) / 2, SMALL_ROW if height <= SMALL_KERNEL else LARGE_ROW, height, width
        )
        rest = LARGE - first.height - ROW_GAP
        last = Box.fit(0, 0, RIGHT - LEFT - SUM_WIDTH - 3 * SIGN_GAP, rest, height, width)
        top = TOP + (rest - max(last.height, min(rest, SUM_HEIGHT))) / 2  # a kernel of one row stands in the middle
        window, kernel = first.moved(MIDDLE - SIGN_GAP / 2 - first.width, top), first.moved(MIDDLE + SIGN_GAP / 2, top)
        used = last.width + SUM_WIDTH + SIGN_GAP / 2
        products = last.moved(MIDDLE - used / 2, first.height + top + ROW_GAP)
        strongest = WHITE * largest(trace.kernel)
        parts = [
            self._window(window, pixel),
            self._kernel(kernel, 0),
            _grid(products, "products", trace.products[0], strongest),
            sign(kernel, "×"),
            sign(products, "="),
            self._sum(products, pixel, 0),
        ]
        return "".join(parts)

    def _sum(self, before: Box, pixel: Pixel, which: int) -> str:
        """The sum of the products of a kernel, behind a grid; its color is that of the answer."""
        strongest = largest(self.filtered.steps[which].output)
        x, y = before.right + SIGN_GAP + SUM_WIDTH / 2, before.y + before.height / 2
        return sum_box(x, y, pixel.sums[which].value, strongest)

    def _window(self, box: Box, pixel: Pixel) -> str:
        trace = pixel.sums[0]
        outside = trace.in_padding if trace.convolution.padding_mode == "zeros" else None
        return _grid(box, "window", trace.window[0], WHITE, outside)

    def _kernel(self, box: Box, which: int) -> str:
        """A kernel that can be edited: the first is called kernel, the other second."""
        name, kernel = ("kernel", "second")[which], self.filtered.kernels[which]
        title = f"{name}, sum {number(kernel.sum)}"
        grid = _grid(box, title, kernel.weight, largest(kernel.weight))
        label = f"{name}, {size_text(kernel.weight.shape)}: arrow keys move, Enter changes a number"
        inside = f"0 0 {box.rows} {box.cols}"
        return box.pointable(name, label, [grid], "edit", values=in_full(kernel.weight), inside=inside)

    # ---- the middle: two kernels -------------------------------------------------------------------------------------

    def _two_kernels(self, pixel: Pixel) -> str:
        """One window, two kernels, their sums a and b one below the other."""
        height, width = pixel.sums[0].convolution.kernel_size
        room = (RIGHT - LEFT - SUM_WIDTH - 3 * SIGN_GAP) / 2
        first = Box.fit(0, TOP, room, (LARGE - ROW_GAP) / 2, height, width)
        window = first.moved(LEFT, TOP + (LARGE - first.height) / 2)
        parts = [self._window(window, pixel)]
        for which, letter in enumerate("ab"):
            kernel = first.moved(window.right + SIGN_GAP, TOP + which * (LARGE + ROW_GAP) / 2)
            x, y = kernel.right + SIGN_GAP + SUM_WIDTH / 2, kernel.y + kernel.height / 2 - SUM_HEIGHT / 2
            parts += [self._kernel(kernel, which), sign(kernel, "×"), self._sum(kernel, pixel, which)]
            parts.append(svg.text(x, y - 9, letter, 15, "gray middle"))
        return "".join(parts)

    # ---- the middle: a column times a row ----------------------------------------------------------------------------

    def _factors(self, pixel: Pixel) -> str:
        """The kernel as a table of products, what the photo is after the column, and the work that is saved."""
        rows, cols = self.filtered.kernels[0].weight.shape
        cell = min(LARGEST_CELL - 6, float(int(FACTORS / (max(rows, cols) + 1))))
        kernel = Box(LEFT + cell + PART_GAP, TOP + cell + PART_GAP, cell, rows, cols)
        parts, weight = self.filtered.separation, self.filtered.kernels[0].weight
        grid = number_grid(kernel, weight, largest(weight), numbers=readable(kernel, weight))
        label = f"kernel, {size_text(weight.shape)}: arrow keys move, Enter changes a number"
        inside = f"0 0 {rows} {cols}"
        content = [kernel.pointable("kernel", label, [grid], "edit", values=in_full(weight), inside=inside)]
        if parts is not None:
            column, row = parts.column[:, None], parts.row[None]
            left, above = Box(LEFT, kernel.y, cell, rows, 1), Box(kernel.x, TOP, cell, 1, cols)
            content += [
                number_grid(left, column, largest(column), numbers=readable(left, column)),
                number_grid(above, row, largest(row), numbers=readable(above, row)),
                svg.text(above.right + 10, TOP + cell / 2 + 5, "row", 14, "gray"),
                svg.text(LEFT, kernel.bottom + 20, "column", 14, "gray"),
                self._passed(),
            ]
        title = f"kernel, sum {number(self.filtered.kernels[0].sum)}"
        content.append(svg.text(max(kernel.x, LEFT + COLUMN_NAME), kernel.bottom + 20, title, 14, "gray"))
        return "".join([*content, self._bars()])

    def _passed(self) -> str:
        """What the photo is between the two passes."""
        passed = self.filtered.after_column
        assert passed is not None
        box = Box(RIGHT - PASSED, TOP + 26, PASSED / max(passed.shape), *passed.shape)
        title = svg.text(box.x, box.y - 9, "after the column", 14, "gray")
        then = svg.text(RIGHT, TOP + 26 + PASSED + 20, "then the row →", 14, "gray end")
        if "passed" not in self._kept:
            self._kept["passed"] = bitmap_grid(box, passed, self.passed_tone(passed))
        return title + self._kept["passed"] + then

    def passed_tone(self, passed: Values) -> Tone:
        """As bright as the photo, whatever the column sums to: a blur makes nothing brighter."""
        separation = self.filtered.separation
        total = 0.0 if separation is None else float(separation.column.sum())
        tone = Tone.of(passed, photo=True)
        return tone if tone.signed or total <= 0 else Tone(False, WHITE * total)

    def _bars(self) -> str:
        """The multiplications a pixel, in one pass and in two."""
        lines = passes_say(self.filtered.separation, self.filtered.kernels[0])
        most = max(count for count, _ in lines)
        parts = []
        for i, (count, words) in enumerate(lines):
            y, width = BOTTOM - (2 - i) * BAR_PITCH + BAR_PITCH - BAR_HEIGHT, BAR * count / most
            parts += [svg.rect(LEFT, y, width, BAR_HEIGHT, "pad"), svg.rect(LEFT, y, width, BAR_HEIGHT, "frame")]
            parts.append(svg.text(LEFT + BAR + 14, y + 13, words, 15))
        return "".join(parts)

    # ---- words -------------------------------------------------------------------------------------------------------

    def _words(self, pixel: Pixel, taken_apart: bool) -> list[str]:
        does, means = self.filtered.says(taken_apart)
        place = MARGIN, BOTTOM + FORMULA, WIDTH - 2 * MARGIN
        formula = sum_formula(*place, pixel.sums[0]) if pixel.written_out else mono(*place, pixel.formula())
        return [formula, svg.text(MARGIN, BOTTOM + FIRST, does, 15), svg.text(MARGIN, BOTTOM + SECOND, means, 15)]


def _heading(box: Box, name: str, note: str) -> str:
    left = svg.text(box.x, box.y - 10, name, 14, "gray")
    return left + svg.text(box.right, box.y - 10, note, 14, "gray end")


def _grid(box: Box, title: str, values: Values, strongest: float, gray: np.ndarray | None = None) -> str:
    heading = svg.text(box.x + box.width / 2, box.y - 9, title, 14, "gray middle")
    return heading + number_grid(box, values, strongest, gray, numbers=readable(box, values))
