"""The picture of the pipeline lab: a sheet of samples, and how one of them was made, step by step."""

from functools import cached_property

from cnnlab.figures import svg
from cnnlab.figures.augmented import picture_uri
from cnnlab.figures.grids import Box
from cnnlab.traces.pipeline import SAMPLES, Sample, Sheet

COLUMNS = 8
ROWS = SAMPLES // COLUMNS
PITCH, SIDE = 102.0, 96.0
STEP = 113.0  # from one step to the next: there are words below
MARGIN, TOP = 8.0, 26.0
WIDTH = 1000.0
CHAIN = TOP + ROWS * PITCH + 28
HEIGHT = CHAIN + SIDE + 70


class PipelinePicture:
    """All that can be drawn of one :class:`~cnnlab.traces.pipeline.Sheet`."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw(self, sample: Sample, frame: int = 0) -> str:
        """The whole picture as SVG."""
        content = [self._sheet(sample), _chain(sample)]
        data = {"frame": frame, "step": sample.index, "columns": COLUMNS, "count": SAMPLES}
        label = f"{SAMPLES} samples; sample {sample.index}: {sample.formula()}"
        return svg.document(WIDTH, HEIGHT, content, label, **data)

    @cached_property
    def _images(self) -> list[str]:
        """The samples, drawn once."""
        return [
            svg.image(*_corner(i // COLUMNS, i % COLUMNS), SIDE, SIDE, picture_uri(image))
            for i, image in enumerate(self.sheet.samples)
        ]

    def _sheet(self, sample: Sample) -> str:
        heading = f"{SAMPLES} samples of one picture, drawn with seed {self.sheet.seed}"
        x, y = _corner(sample.index // COLUMNS, sample.index % COLUMNS)
        chosen = svg.rect(x, y, SIDE, SIDE, "halo") + svg.rect(x, y, SIDE, SIDE, "outline")
        box = Box(MARGIN, TOP, PITCH, ROWS, COLUMNS)
        grid = box.pointable("sample", "samples: arrow keys go from one to the next", self._images, "steps hover pin")
        return svg.text(MARGIN, TOP - 10, heading, 14, "gray") + grid + chosen


def _corner(row: int, col: int) -> tuple[float, float]:
    return MARGIN + col * PITCH, TOP + row * PITCH


def _chain(sample: Sample) -> str:
    """The picture as it was, and after each step, with what was drawn below."""
    heading = f"sample {sample.index}, step by step: what was drawn for it"
    parts = [svg.text(MARGIN, CHAIN - 9, heading, 14, "gray")]
    for place, image in enumerate(sample.chain):
        x = MARGIN + place * STEP
        parts.append(svg.image(x, CHAIN, SIDE, SIDE, picture_uri(image)))
        word, told = _captions(sample, place)
        parts.append(svg.text(x, CHAIN + SIDE + 16, word, 13, "bold"))
        parts += [svg.text(x, CHAIN + SIDE + 33 + 16 * i, line, 12.5, "gray") for i, line in enumerate(told)]
    return "".join(parts)


def _captions(sample: Sample, place: int) -> tuple[str, tuple[str, ...]]:
    """What was written, as far as there is room, and what was drawn."""
    if place == 0:
        return "original", ()
    written = sample.sheet.written[place - 1]
    short = 1.1 * svg.text_width(str(written), 13) <= STEP  # bold is wider
    return str(written) if short else written.word, sample.says(place)
