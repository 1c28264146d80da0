"""A network as a table: what each layer makes of an input, learns and computes."""

from dataclasses import dataclass
from html import escape

from cnnlab.ops._arguments import times

HEADINGS = ("", "layer", "output", "parameters", "MACs")
FIRST_NUMBER = 3  # the columns from here on are numbers, and stand to the right


@dataclass(frozen=True)
class Row:
    """One layer of the table.

    Attributes:
        name: its number in the network; "1.0" is the first layer of a Sequential that is layer 1.
        layer: the call that makes it.
        output_shape: for one example.
        parameters: how many numbers it learns.
        macs: multiply-accumulates for one example.
    """

    name: str
    layer: str
    output_shape: tuple[int, ...]
    parameters: int
    macs: int


@dataclass(frozen=True, repr=False)
class Summary:
    """The table of a network. Printed it is text; in a notebook, a table."""

    input_shape: tuple[int, ...]
    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        return sum(row.macs for row in self.rows)

    def __str__(self) -> str:
        lines = [HEADINGS, *self._lines()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(map(_aligned, range(len(line)), line, widths)).rstrip() for line in lines)

    __repr__ = __str__  # so that a console shows it without print

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
        body = "".join(f"<tr>{''.join(map(_html_cell, range(len(line)), line))}</tr>" for line in self._lines())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _lines(self) -> list[tuple[str, ...]]:
        """The cells below the headings, as text."""
        first = ("", "input", times(self.input_shape), "", "")
        last = ("", "total", "", _count(self.parameters), _count(self.macs))
        return [first, *map(_line, self.rows), last]


def _line(row: Row) -> tuple[str, ...]:
    return (row.name, row.layer, times(row.output_shape), _count(row.parameters), _count(row.macs))


def _count(number: int) -> str:
    return f"{number:,}" if number else ""  # most layers learn nothing: a column of zeros would hide those that do


def _aligned(column: int, cell: str, width: int) -> str:
    return cell.ljust(width) if column < FIRST_NUMBER else cell.rjust(width)


def _html_cell(column: int, cell: str) -> str:
    return f'<td style="text-align: {"left" if column < FIRST_NUMBER else "right"}">{escape(cell)}</td>'
