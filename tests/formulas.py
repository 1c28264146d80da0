"""What the numbers of a formula, as it is printed, come to."""

from math import ceil, floor

from cnnlab.shapes import Derivation

PYTHON = str.maketrans({"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "·": "*", "−": "-"})


def evaluated(derivation: Derivation) -> float:
    """The `numbers` of a derivation, worked out."""
    return eval(derivation.numbers.translate(PYTHON), {"__builtins__": {}, "floor": floor, "ceil": ceil})
