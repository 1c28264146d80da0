"""A number together with the formula that it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Derivation:
    """A formula on its way to its result.

    `symbols` is the formula as a textbook prints it, `numbers` the same with the numbers in place, `result` what
    comes out; `note` says in words what the formula alone would leave puzzling, where there is such a thing.
    """

    name: str
    symbols: str
    numbers: str
    result: int
    note: str = ""

    def __str__(self) -> str:
        line = f"{self.name} = {self.symbols} = {self.numbers} = {signed(self.result)}"
        return f"{line} ({self.note})" if self.note else line


def signed(number: int) -> str:
    """The number with a real minus sign."""
    return str(number).replace("-", "−")


def subscript(number: int) -> str:
    """The number in small digits below the line: 12 -> '₁₂'."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
