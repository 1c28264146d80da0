"""The shapes lab as text: its numbers for a page without widgets, and the same computation in PyTorch."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.traces.shapes import Shapes, ShapesStep
from cnnlab.traces.shapes_words import further, of_layer, of_step, of_usage, steps_of
from cnnlab.traces.text import number, size_text

MOST_SHOWN = 144
"""Numbers that are printed; of more only their size and range."""


def as_text(t: ShapesStep, usage: bool, walk: bool) -> str:
    """The formula with its steps, the window, and the numbers; of a ``walk`` only the window, until its end."""
    s = t.shapes
    if walk and t.index < s.steps - 1:
        return of_step(t)
    lines = [str(s.derivation), *(str(d) for d in further(s)), *(f"  {w}: {n}" for w, n in steps_of(s)), of_step(t)]
    if usage:
        name = "stamps on each output cell" if s.transposed else "uses of each pixel"
        return "\n".join([*lines, of_usage(s), _map(name, s.usage)])
    return "\n".join([*lines, of_layer(s), _map("input", s.input), _map("output", s.result)])


def _map(name: str, values: NDArray[np.float64]) -> str:
    head = f"{name}, {size_text(values.shape)}:"
    if values.size > MOST_SHOWN:
        return f"{head} numbers from {number(values.min())} to {number(values.max())}"
    cells = [[number(v) for v in row] for row in values]
    width = max(len(cell) for row in cells for cell in row)
    return "\n".join([head, *("  " + " ".join(cell.rjust(width) for cell in row) for row in cells)])


def torch_code(s: Shapes, usage: bool) -> str:
    """PyTorch code that computes the output ``y``; with ``usage``, how often each cell is used."""
    shape, kernel = (", ".join(["1", "1", *[str(n)] * s.dimensions]) for n in (s.n, s.kernel_size))
    counted = usage and s.transposed
    cells = f"torch.arange(1, {s.input.size + 1}, dtype=torch.float64).reshape({shape})"
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"x = torch.ones({shape}, dtype=torch.float64)  # each stamp counts once" if counted else f"x = {cells}",
        f"w = torch.ones({kernel}, dtype=torch.float64)",
    ]
    if usage and not s.transposed:
        lines.append("x.requires_grad_()")
    before, after = s.padding
    by_pad = s.padding_mode != "zeros" or before != after
    given = {"stride": (s.stride, 1), "padding": (0 if by_pad else before, 0), "dilation": (s.dilation, 1)}
    given["output_padding"] = (s.output_padding, 0)
    arguments = "".join(f", {name}={value}" for name, (value, default) in given.items() if value != default)
    if by_pad:
        mode = "constant" if s.padding_mode == "zeros" else s.padding_mode
        sides = ", ".join(str(p) for p in s.padding * s.dimensions)
        lines.append(f'padded = F.pad(x, ({sides}), mode="{mode}")')
    transpose = "_transpose" if s.transposed else ""
    lines.append(f"y = F.conv{transpose}{s.dimensions}d({'padded' if by_pad else 'x'}, w{arguments})")
    if usage and not s.transposed:
        lines += ["y.sum().backward()", "y = x.grad  # how often each cell is used"]
    return "\n".join(lines)
