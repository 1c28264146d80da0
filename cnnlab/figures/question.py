"""A question as a picture: its words, large enough for the last row."""

from cnnlab.figures import svg

WIDTH, MARGIN = 1000.0, 24.0
SIZE, LINE = 19.0, 30.0
MOST_LINES = 4
"""Lines that there is room for, so that what stands below keeps its place."""


def question_picture(text: str, frame: int = 0) -> str:
    """The question in lines."""
    lines = wrapped(text, WIDTH - 2 * MARGIN, SIZE)
    parts = [svg.text(MARGIN, (i + 1) * LINE, line, SIZE) for i, line in enumerate(lines)]
    height = LINE * (max(MOST_LINES, len(lines)) + 0.5)
    return svg.document(WIDTH, height, parts, text, frame=frame)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines that are no wider than ``width``, broken between words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if svg.text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
