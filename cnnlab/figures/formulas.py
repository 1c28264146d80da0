"""Formulas with their numbers filled in, each on one line that always fits."""

from cnnlab.figures import svg
from cnnlab.traces import ConvTrace
from cnnlab.traces.text import precise

ADVANCE = 0.602
"""Width of a character of DejaVu Sans Mono, in units of the font size."""
LARGEST = 16.0


def mono(x: float, y: float, width: float, content: str, size: float = LARGEST, classes: str = "") -> str:
    """One line in a fixed-width font, smaller where it would be wider than ``width``."""
    return svg.text(x, y, content, min(size, width / (ADVANCE * len(content))), f"mono {classes}")


def sum_formula(x: float, y: float, width: float, trace: ConvTrace) -> str:
    """How the output cell is summed up, the result in bold, then what the terms are."""
    start, result = f"{trace.name} = {trace.formula()} {trace.sign()} ", precise(trace.value)
    note = f"({trace.terms_are()})" if trace.terms_are() else ""
    size = min(LARGEST, width / (ADVANCE * len(f"{start}{result}  {note}")))
    after_start = x + ADVANCE * size * len(start)
    after_result = after_start + ADVANCE * size * (len(result) + 2)
    parts = [svg.text(x, y, start, size, "mono"), svg.text(after_start, y, result, size, "mono bold")]
    return "".join([*parts, svg.text(after_result, y, note, size, "mono gray")])
