"""The picture of a classification: what is seen, what it was, and how near it is to each class mean."""

from cnnlab.figures import svg
from cnnlab.figures.bitmaps import gray_uri
from cnnlab.figures.grids import Box, follower
from cnnlab.figures.palette import STRONGEST
from cnnlab.figures.tasks import parts
from cnnlab.figures.tasks.parts import LOWER, MARGIN, MIDDLE, RIGHT, ROOM, SIDE, SMALL, TOP
from cnnlab.traces.tasks import Classified
from cnnlab.traces.tasks.classification import INK
from cnnlab.traces.tasks.words import percent

PITCH = SIDE / 10
THUMB, PAIR = 28.0, 84.0
BAR, BAR_ROOM = 160.0, 174.0
DIFFERENCE = 92.0


def draw(c: Classified, row: int, col: int, frame: int) -> str:
    """The picture, with the class of ``row`` compared."""
    content = [_picture(c), _truth(c, row), _classes(c), _window(row), _legend()]
    label = f"Classification: the answer is {c.answer}, the truth is {c.truth}"
    return parts.document(c, content, row, col, frame, label)


def _picture(c: Classified) -> str:
    answer = f"answer: {c.answer}"
    chips = parts.Chips(MARGIN + SIDE)
    chips.add(MARGIN + 12, TOP + 38, answer, 18)
    return "".join(
        [
            parts.heading(MARGIN, SIDE, _seen(c), "right" if c.is_right else "wrong"),
            svg.image(MARGIN, TOP, SIDE, SIDE, gray_uri(c.picture, INK)),
            parts.ring(MARGIN, TOP, SIDE, SIDE, c.is_right),
            chips.draw(),
        ]
    )


def _seen(c: Classified) -> str:
    return f"seen with {c.added()} added" if c.added() else "seen with nothing added"


def _truth(c: Classified, row: int) -> str:
    mean = c.means[row]
    other = MIDDLE + SMALL - PAIR
    return "".join(
        [
            parts.heading(MIDDLE, SMALL, "truth", f"a {c.truth}"),
            svg.image(MIDDLE, TOP, SMALL, SMALL, gray_uri(c.clean.astype(float), INK)),
            svg.rect(MIDDLE, TOP, SMALL, SMALL, "lines"),
            parts.heading(MIDDLE, PAIR, f"mean {row}", y=LOWER),
            svg.image(MIDDLE, LOWER, PAIR, PAIR, gray_uri(mean, INK)),
            parts.heading(other, PAIR, "", "seen − mean", LOWER),
            svg.image(other, LOWER, PAIR, PAIR, gray_uri(c.picture - mean + INK, 2 * INK)),
            svg.rect(other, LOWER, PAIR, PAIR, "lines"),
        ]
    )


def _classes(c: Classified) -> str:
    """A row for each class: its mean, the difference, the probability."""
    content = []
    for k, difference in enumerate(c.differences):
        y = TOP + k * PITCH
        probability = c.share(k)
        base, weight = y + PITCH / 2 + 5, " bold" if k == c.answer else ""
        content += [
            svg.image(RIGHT, y + 3, THUMB, THUMB, gray_uri(c.means[k], INK)),
            svg.text(RIGHT + 38, base, str(k), 15, weight),
            svg.text(RIGHT + 54 + DIFFERENCE, base, f"{difference:.2f}", 15, f"mono end{weight}"),
            svg.text(RIGHT + ROOM, base, percent(probability), 15, f"end{weight}"),
        ]
        width = BAR_ROOM * probability
        content.append(svg.rect(RIGHT + BAR + 8, y + 8, BAR_ROOM, PITCH - 16, "pad"))
        content.append(svg.rect(RIGHT + BAR + 8, y + 8, width, PITCH - 16, "pos" if k == c.truth else "neg", STRONGEST))
    head = parts.heading(RIGHT, ROOM, "mean", "probability (softmax)")
    head += svg.text(RIGHT + 54 + DIFFERENCE, TOP - 10, "difference", 14, "gray end")
    box = Box(RIGHT, TOP, ROOM, 10, 1)
    return head + box.pointable("places", "the ten classes: arrow keys choose one", content, "steps hover pin", PITCH)


def _window(row: int) -> str:
    outline = svg.rect(RIGHT - 3, TOP + 1, ROOM + 6, PITCH - 2, "outline")
    return follower("window", outline, row, 0, 0, PITCH)


def _legend() -> str:
    return parts.legend(
        ("more", "the true class"),
        ("less", "another class"),
        ("", "seen − mean: white where brighter than the mean, black where darker, gray where alike"),
    )
