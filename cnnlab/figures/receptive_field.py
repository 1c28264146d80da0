"""The picture of the receptive field lab: a unit, its field on the photo, and the layers that lead to it."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import even, faded_uri, gray_uri, signed_uri
from cnnlab.figures.formulas import mono
from cnnlab.figures.grids import Box, Tone, bitmap_grid, follower, largest, ring
from cnnlab.figures.pyramids import pyramid
from cnnlab.traces.receptive_field import Stack, Unit
from cnnlab.traces.text import size_text

Values = NDArray[np.float64]

WIDTH, HEIGHT, MARGIN, TOP = 1080.0, 460.0, 16.0, 30.0
SIDE = 222.0
FIELD_X, PYRAMID_X = 264.0, 512.0
BELOW = 290.0
MAP = 144.0
FORMULA_X, FORMULA_ROOM = 176.0, 450.0
TABLE_X, TABLE_ROOM = 654.0, 168.0
WHITE = 255.0
VEIL = 2.5
"""How much paler the gradient is on the photo, which is to be seen through it."""

SHOWN = ("both", "box", "effective")
"""What is shown of a field: its border, how strongly its cells count, or both."""
COLUMNS = {"k": 168.0, "s": 194.0, "d": 220.0, "p": 248.0, "r": 284.0, "j": 314.0, "start": 364.0, "size": 406.0}
"""Where the columns of the table end."""


class ReceptiveFieldPicture:
    """All that can be drawn of one stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        n = len(stack.photo)
        self.photo = Box(MARGIN, TOP, SIDE / n, n, n)

    def draw(self, unit: Unit, show: str, frame: int = 0) -> str:
        """The whole picture as SVG."""
        size = self.stack.sizes[unit.level]
        content = [
            self._photo(unit, show),
            self._field(unit, show),
            pyramid(unit, PYRAMID_X, TOP, WIDTH - MARGIN - PYRAMID_X, SIDE, counted=show != "box"),
            self._map(unit),
            *_formulas(unit, show),
            self._table(unit),
        ]
        data = {"frame": frame, "step": unit.index, "columns": size, "count": size * size}
        label = f"A stack of {len(self.stack.layers)} layers, and what {unit.name} sees of a photo"
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    # ---- what is seen ------------------------------------------------------------------------------------------------

    def _photo(self, unit: Unit, show: str) -> str:
        """The whole photo, with the field on it."""
        box, n = self.photo, self.photo.rows
        content = [svg.image(box.x, box.y, SIDE, SIDE, gray_uri(self.stack.photo, WHITE))]
        if show != "box" and unit.effect.any():
            content.append(_part(box, unit, signed_uri(even(unit.effect), VEIL * largest(unit.effect) ** 2)))
        rows, cols = unit.rows[0].cells, unit.cols[0].cells
        if show != "effective" and rows and cols:
            mark = Box(box.x + cols[0] * box.cell, box.y + rows[0] * box.cell, box.cell, len(rows), len(cols))
            content.append(ring(mark, len(rows), len(cols)))
        label = f"photo, {n} × {n}: point at a place to look at the unit whose field has its middle there"
        heading = svg.text(box.x, box.y - 10, f"photo, {size_text((n, n))} cells", 14, "gray")
        return heading + box.pointable("photo", label, content, "hover pin")

    def _field(self, unit: Unit, show: str) -> str:
        """The field alone, enlarged: what of it lies outside of the photo is gray."""
        size = unit.field.size
        box = Box(FIELD_X, TOP, SIDE / size, size, size)
        rows, cols = unit.rows[0], unit.cols[0]
        parts = [
            svg.text(box.x, box.y - 10, f"its field, {size_text((size, size))}", 14, "gray"),
            svg.rect(box.x, box.y, SIDE, SIDE, "pad"),
        ]
        if rows.cells and cols.cells:
            inside = Box(
                box.x + (cols.cells.start - cols.window.start) * box.cell,
                box.y + (rows.cells.start - rows.window.start) * box.cell,
                box.cell, len(rows.cells), len(cols.cells),
            )  # fmt: skip
            parts.append(svg.rect(inside.x, inside.y, inside.width, inside.height, "paper"))
            parts.append(self._seen(inside, unit, show))
        if show != "box" and 0 < unit.held < size:
            inset = (size - unit.held) / 2
            parts += [box.part(inset, inset, unit.held, unit.held, kind) for kind in ("halo", "thin")]
        return "".join([*parts, svg.rect(box.x, box.y, SIDE, SIDE, "lines" if show == "effective" else "outline")])

    def _seen(self, inside: Box, unit: Unit, show: str) -> str:
        """The cells of the photo in the field; faded where the unit does not depend on them."""
        rows, cols = unit.rows[0].cells, unit.cols[0].cells
        seen = self.stack.photo[rows.start : rows.stop, cols.start : cols.stop]
        strongest = largest(unit.effect) or 1.0
        if show == "box":
            uri = faded_uri(seen, WHITE, unit.looked_at.astype(np.float64))
        elif show == "both":
            uri = faded_uri(seen, WHITE, np.sqrt(unit.effect / strongest))  # the root, so that weak ones can be seen
        else:
            uri = signed_uri(even(unit.effect), strongest**2)
        return svg.image(inside.x, inside.y, inside.width, inside.height, uri)

    # ---- the layers --------------------------------------------------------------------------------------------------

    def _map(self, unit: Unit) -> str:
        """The map that the unit belongs to; a click chooses another unit."""
        values = self.stack.maps[unit.level]
        size = len(values)
        box = Box(MARGIN, BELOW, MAP / size, size, size)
        signed = self.stack.networks.relu and unit.level > 0  # sums of random weights; else means of a photo
        tone = Tone(signed, (largest(values) or 1.0) if signed else WHITE)
        name = f"layer {unit.level}" if unit.level else "photo"
        mark = follower("here", ring(box, 1, 1), unit.row, unit.col, box.cell, box.cell)
        heading = svg.text(MARGIN, BELOW - 12, f"{name}, {size_text((size, size))}", 14, "gray")
        label = f"{name}, {size} × {size} units: arrow keys choose one"
        return heading + box.pointable("map", label, [bitmap_grid(box, values, tone)], "steps hover pin") + mark

    def _table(self, unit: Unit) -> str:
        """The layers with their numbers; the recursion is filled in up to the one that is looked at."""
        steps, stack = self.stack.steps, self.stack
        pitch = min(21.0, TABLE_ROOM / (len(steps) + 2))
        size = max(12.0, min(14.0, pitch * 0.86))
        parts = [_row(BELOW + 0.72 * pitch, size, "", dict.fromkeys(COLUMNS, "") | {c: c for c in COLUMNS}, "gray")]
        for level in range(len(steps) + 1):
            known = level <= unit.level
            numbers = {"size": str(stack.sizes[level])}
            if level:
                layer = steps[level - 1].layer
                both = "{}/{}".format(*layer.padding) if isinstance(layer.padding, tuple) else str(layer.padding)
                numbers |= {"k": str(layer.kernel_size), "s": str(layer.stride), "d": str(layer.dilation), "p": both}
            field = stack.fields[level]
            for column, value in (("r", field.size), ("j", field.jump), ("start", field.start)):
                numbers[column] = str(value).replace("-", "−") if known else "?"
            name = f"{level}  {steps[level - 1].kind}" if level else "0  photo"
            y = BELOW + (level + 1.72) * pitch
            parts.append(_row(y, size, name, numbers, "bold" if level == unit.level else "" if known else "gray"))
        rows = Box(TABLE_X - 8, BELOW + pitch, WIDTH - MARGIN - TABLE_X + 8, len(steps) + 1, 1)
        chosen = svg.rect(rows.x, rows.y + unit.level * pitch, rows.width, pitch, "thin")
        area = svg.rect(rows.x, rows.y, rows.width, pitch * rows.rows, "paper")
        label = "layers: arrow keys choose the one whose unit is looked at"
        content, at = [area, *parts[1:], chosen], f"{unit.level} 0"
        grid = rows.pointable("layers", label, content, "choose", height=pitch, at=at)
        return parts[0] + grid


def _row(y: float, size: float, name: str, numbers: dict[str, str], classes: str) -> str:
    """A line of the table."""
    cells = (svg.text(TABLE_X + COLUMNS[c], y, text, size, f"{classes} end") for c, text in numbers.items())
    return svg.text(TABLE_X, y, name.replace("  ", "\u2002"), size, classes) + "".join(cells)


def _part(box: Box, unit: Unit, uri: str) -> str:
    """A bitmap of the cells that are seen, on the photo."""
    rows, cols = unit.rows[0].cells, unit.cols[0].cells
    x, y = box.x + cols.start * box.cell, box.y + rows.start * box.cell
    return svg.image(x, y, len(cols) * box.cell, len(rows) * box.cell, uri)


def _formulas(unit: Unit, show: str) -> list[str]:
    """The recursion for this layer with its numbers, and what the unit sees in words."""
    lines = [mono(FORMULA_X, BELOW + 20 + 25 * i, FORMULA_ROOM, line) for i, line in enumerate(unit.formulas())]
    says = [unit.sees()] if show == "box" else [unit.sees(), unit.weighs()]
    texts = [svg.text(FORMULA_X, BELOW + 103 + 24 * i, line, 14) for i, line in enumerate(says)]
    return [svg.text(FORMULA_X, BELOW - 12, unit.name, 14, "bold"), *lines, *texts]
