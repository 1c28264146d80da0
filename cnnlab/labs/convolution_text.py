"""The convolution lab as text: its numbers for a page without widgets, and the same computation in PyTorch."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.labs.numbers import MOST_WRITTEN, literal, simplest
from cnnlab.traces import Convolution, ConvTrace
from cnnlab.traces.text import number, precise, size_text

MOST_SHOWN = 144
"""Numbers of a map that are printed; of a larger one its size and range."""


def as_text(trace: ConvTrace, question: bool = False) -> str:
    """Input, kernel, the step that is shown, and the output, in numbers; of a ``question`` not the answer."""
    c = trace.convolution
    parts = [
        *(map_text(_called("input, channel", i, len(c.input)), values) for i, values in enumerate(c.input)),
        *(map_text(_called("kernel, channel", i, len(trace.kernel)), values) for i, values in enumerate(trace.kernel)),
        f"{trace.name} = ?" if question else f"{trace.name} = {trace.formula()} {trace.sign()} {precise(trace.value)}",
        *(str(size) for size in c.sizes()),
    ]
    if not question:
        parts += [
            map_text(_called("output, feature map", i, len(c.output)), values) for i, values in enumerate(c.output)
        ]
    return "\n".join(parts)


def _called(name: str, index: int, count: int) -> str:
    return f"{name} {index}" if count > 1 else name.split(",")[0]


def map_text(name: str, values: NDArray[np.float64]) -> str:
    """A map in numbers, its name and size above it; of a large one only their range."""
    head = f"{name}, {size_text(values.shape)}:"
    if values.size > MOST_SHOWN:
        return f"{head} numbers from {number(values.min())} to {number(values.max())}, mean {number(values.mean())}"
    cells = [[number(v) for v in row] for row in values]
    width = max(len(cell) for row in cells for cell in row)
    return "\n".join([head, *("  " + " ".join(cell.rjust(width) for cell in row) for row in cells)])


def rows_of(values: NDArray[np.float64]) -> str:
    """A map as a person would type it, rows on lines of their own; "" for one that is too large to type."""
    if values.size > MOST_WRITTEN // 8:
        return ""
    return "\n".join(" ".join(literal(v) for v in row) for row in values.tolist())


def torch_code(c: Convolution) -> str:
    """PyTorch code that computes ``c.output``; arrays too large to print are the names ``image`` and ``kernels``."""
    (top, bottom), (left, right) = c.padding
    by_pad = c.padding_mode != "zeros" or top != bottom or left != right
    options = {
        "bias": ("b", None if c.bias is None or not c.bias.any() else "b"),
        "stride": _plain(c.stride, 1),
        "padding": (None, None) if by_pad else _plain((top, left), 0),
        "dilation": _plain(c.dilation, 1),
        "groups": (str(c.groups), None if c.groups == 1 else str(c.groups)),
    }
    arguments = "".join(f", {name}={shown}" for name, (_, shown) in options.items() if shown is not None)
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"x = {tensor(c.input, 'image', 1)}",
        f"w = {tensor(c.weight, 'kernels', 0)}",
    ]
    if c.flip:
        lines.append("w = w.flip(2, 3)  # a true convolution turns the kernel by 180 degrees")
    if options["bias"][1]:
        assert c.bias is not None
        lines.append(f"b = torch.tensor({literal(c.bias.tolist())}, dtype=torch.float64)")
    if by_pad:
        mode = "constant" if c.padding_mode == "zeros" else c.padding_mode
        lines.append(f'x = F.pad(x, ({left}, {right}, {top}, {bottom}), mode="{mode}")  # left, right, top, bottom')
    lines.append(f"y = F.conv2d(x, w{arguments})")
    if c.relu:
        lines.append("y = F.relu(y)")
    return "\n".join(lines)


def _plain(pair: tuple[int, int], default: int) -> tuple[str, str | None]:
    """A pair as an argument: one number where both agree, and None where it is the default."""
    text = str(pair[0]) if pair[0] == pair[1] else str(pair)
    return text, None if pair == (default, default) else text


def tensor(values: NDArray[np.float64], name: str, batch: int) -> str:
    """Source of a 4-D float64 tensor; ``batch`` is 1 where the batch axis is still missing."""
    if values.size > MOST_WRITTEN // 8:
        return f"torch.tensor({name}){'[None]' * batch}  # {name}: an array of {size_text(values.shape)}"
    plain = simplest(values)
    added = "None, " * (values.ndim - plain.ndim + batch)
    index = f"[{added.rstrip(', ')}]" if added else ""
    return f"torch.tensor({literal(plain.tolist())}, dtype=torch.float64){index}"
