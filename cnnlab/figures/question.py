"""A question as a picture: its words, large enough for the last row, and the reasoning once it is answered."""

from collections.abc import Sequence

from cnnlab.figures import svg

WIDTH, MARGIN = 1000.0, 24.0
SIZE, LINE = 19.0, 30.0
MONO_SIZE, MONO_LINE = 16.0, 27.0
MONO_ADVANCE = 0.602  # of the size: how wide a sign of DejaVu Sans Mono is
MOST_REASONS = 6
"""Lines that there is room for below the question, so that the picture keeps its height."""


def question_picture(text: str, reasoning: Sequence[str], frame: int = 0) -> str:
    """The question and, below a line, the reasoning (or room for it)."""
    lines = wrapped(text, WIDTH - 2 * MARGIN, SIZE)
    reasons = [part for line in reasoning for part in broken(line)]
    below = 2 * LINE + LINE * len(lines)
    parts = [svg.text(MARGIN, 1.4 * LINE + i * LINE, line, SIZE) for i, line in enumerate(lines)]
    if reasons:
        parts.append(svg.rect(MARGIN, below - 0.55 * LINE, WIDTH - 2 * MARGIN, 1, "lines"))
    parts += [
        svg.text(MARGIN, below + (i + 0.7) * MONO_LINE, line, MONO_SIZE, "mono") for i, line in enumerate(reasons)
    ]
    height = below + MONO_LINE * (max(MOST_REASONS, len(reasons)) + 0.3)
    return svg.document(WIDTH, height, parts, text, frame=frame)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines that are no wider than ``width``, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if svg.text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def broken(formula: str) -> list[str]:
    """A formula that is too long for one line, broken before an equals sign."""
    most = int((WIDTH - 2 * MARGIN) / (MONO_SIZE * MONO_ADVANCE))
    if len(formula) <= most or " = " not in formula:
        return [formula]
    place = formula.rfind(" = ", 0, most)
    return [formula[:place], *broken(f"    {formula[place + 1 :]}")] if place > 4 else [formula]
