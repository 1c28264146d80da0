"""A stack in words: its table as plain text, and one row for those who hear it."""

from cnnlab.traces.built import Built, BuiltRow
from cnnlab.traces.connections import memory
from cnnlab.traces.text import size_text

UNKNOWN = "?"


def numbers_text(stack: Built, known: int) -> str:
    """The table as text; of the rows behind the first ``known`` ones only the layers."""
    head = ("", "layer", "output", "parameters", "MACs", "memory", "sees")
    lines: list[tuple[str, ...]] = [head, ("", "input", size_text(stack.input_shape), "", "", "", "")]
    lines += [_line(row, row.index < known) for row in stack.rows]
    if known >= len(stack.rows):
        total = (f"{stack.parameters:,}", f"{stack.macs:,}", memory(stack.numbers))
        lines.append(("", "in all", "", *total, ""))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join(table + ([stack.says()] if known >= len(stack.rows) else []))


def _line(row: BuiltRow, known: bool) -> tuple[str, ...]:
    title = f"{row.title}; {row.behind}" if row.behind else row.title
    if not known or not row.works:
        what = UNKNOWN if not known else "cannot work" if row.fault else ""
        return (str(row.index + 1), title, what, "", "", "", "")
    counts = tuple(f"{count:,}" if count else "" for count in (row.parameters, row.macs))
    sees = size_text((row.field.size,) * 2) if row.field else "everything"
    return (str(row.index + 1), title, size_text(row.output_shape), *counts, memory(row.numbers), sees)


def row_says(stack: Built, layer: int) -> str:
    """The row that is looked at, 0 for the input, as a sentence for screen readers."""
    if not layer:
        return f"input, {size_text(stack.input_shape)}"
    row = stack.rows[layer - 1]
    if row.fault:
        return f"row {layer}, {row.title}, cannot work: {row.fault.says}"
    if not row.works:
        return f"row {layer}, {row.title}: a row before it cannot work"
    counts = f"{row.parameters:,} parameters, {row.macs:,} multiplications"
    return f"row {layer}, {row.title}: output {size_text(row.output_shape)}, {counts}"
