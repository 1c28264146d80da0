"""A stack as PyTorch code, and the lines behind it that compare counts, shapes and output."""

from collections.abc import Sequence
from textwrap import indent

import numpy as np
from numpy.typing import NDArray

from cnnlab.network.stack import LayerSpec
from cnnlab.traces.built import Built, BuiltRow
from cnnlab.traces.built_run import Run
from cnnlab.traces.text import size_text

Array = NDArray[np.float64]

PLAIN = {
    "flatten": ("nn.Flatten()",),
    "global average pool": ("nn.AdaptiveAvgPool2d(1)", "nn.Flatten()"),
    "relu": ("nn.ReLU()",),
    "leaky relu": ("nn.LeakyReLU(0.01)",),
    "sigmoid": ("nn.Sigmoid()",),
    "tanh": ("nn.Tanh()",),
    "softmax": ("nn.Softmax(dim=1)",),
}


def modules(spec: LayerSpec, shape: Sequence[int]) -> tuple[str, ...]:
    """The modules of torch.nn that a layer is, on an input (C, H, W) or (n,)."""
    if spec.kind == "conv":
        return (f"nn.Conv2d({shape[0]}, {spec.out}, {_window(spec)})",)
    if spec.kind == "dense":
        return (f"nn.Linear({shape[0]}, {spec.out})",)
    if spec.slides:
        return (f"nn.{'Max' if spec.kind == 'max pool' else 'Avg'}Pool2d({_window(spec)})",)
    if spec.kind == "batch norm":
        return (f"nn.BatchNorm{'1d' if len(shape) == 1 else '2d'}({shape[0]})",)
    return (f"nn.Dropout({spec.rate:g})",) if spec.kind == "dropout" else PLAIN[spec.kind]


def _window(spec: LayerSpec) -> str:
    """The arguments from the kernel size on, without what is as by default."""
    words = [str(spec.kernel_size)]
    words += [f"stride={spec.stride}"] if spec.stride != spec.changed(stride=0).stride else []
    words += [f"padding={spec.padding!r}"] if spec.padding else []
    words += [f"dilation={spec.dilation}"] if spec.dilation > 1 else []
    return ", ".join(words)


def torch_code(stack: Built) -> str:
    """The stack as an `nn.Sequential`, as far as it works; behind each row its output and parameters."""
    lines = ["import torch", "from torch import nn", "", "network = nn.Sequential("]
    for row in stack.rows:
        if not row.works:
            lines.append(f"    # row {row.index + 1} cannot work: {row.fault.says}" if row.fault else "")
            break
        lines += _row_lines(row)
    return "\n".join([*lines, ")"])


def _row_lines(row: BuiltRow) -> list[str]:
    called = [f"    {module}," for module in modules(row.main, row.input_shape)]
    count = f", {row.parameters:,} parameters" if row.parameters else ""
    called[-1] += f"  # {size_text(row.output_shape)}{count}"
    return called + [f"    {module}," for spec in row.specs[1:] for module in modules(spec, row.output_shape)]


def compare_code(stack: Built, run: Run | None) -> tuple[str, dict[str, Array]]:
    """The code that is shown, and behind it what collects counts, shapes and output in ``y``; with its arrays.

    Without a run the network is made on PyTorch's "meta" device, where an array has a shape and no numbers: so even
    VGG16 takes no memory.
    """
    code, arrays = torch_code(stack), {}
    if run is None:
        made = f"{code}\nx = torch.empty(1, {', '.join(map(str, stack.input_shape))})"
        lines = ["import torch", 'with torch.device("meta"):', indent(made, "    ")]
    else:
        arrays = {f"p{i}": weights for i, weights in enumerate(run.weights(stack.working))}
        lines = [
            code,
            "network.double()",
            f"for parameter, value in zip(network.parameters(), [{', '.join(arrays)}]):",
            "    parameter.data = torch.from_numpy(value)",
            "x = torch.from_numpy(image)[None]",
        ]
        arrays["image"] = run.image
    lines += [
        "found = []",
        "for module in network.eval():",
        "    x = module(x)",
        "    found += [sum(p.numel() for p in module.parameters()), *x.shape[1:]]",
        "y = torch.tensor([found], dtype=torch.float64)",
    ]
    lines += [] if run is None else ["y = torch.cat([y, x.detach().reshape(1, -1)], dim=1)"]
    return "\n".join(lines), arrays


def to_compare(stack: Built, run: Run | None) -> Array:
    """What `compare_code` has to find: of each module of torch.nn its parameters and its shape, then the output."""
    found: list[float] = []
    for row in (row for row in stack.rows if row.works):
        if row.main.kind == "global average pool":
            found += [0, row.output_shape[0], 1, 1]  # the first of its two modules keeps height and width
        found += [row.parameters, *row.output_shape]
        found += [number for _ in row.specs[1:] for number in (0, *row.output_shape)]
    output = [] if run is None else run.output(stack.working).ravel().tolist()
    return np.array([*found, *output], np.float64)
