"""What there is to say about one step of a convolution: what can be seen, and which slip gives which wrong answer."""

import numpy as np

from cnnlab.traces.conv import Convolution, ConvTrace
from cnnlab.traces.text import MINUS, number, plural, precise


def says(trace: ConvTrace) -> str:
    """One sentence about what can be seen: the most surprising thing first."""
    c = trace.convolution
    in_padding = int(trace.in_padding.sum())
    flat = bool(np.ptp(trace.window, axis=(1, 2)).max() == 0)
    blind = bool(np.isclose(trace.kernel.sum(axis=(1, 2)), 0).all())  # every slice sums to 0
    biased = f", plus the bias {number(trace.bias)}" if trace.bias else ""
    if c.relu and number(trace.total).startswith(MINUS):
        return f"ReLU turned {number(trace.total)} into 0: only positive answers go on."
    if in_padding:
        return _padding_says(trace, in_padding)
    if flat and blind and trace.window.any():
        return f"The window is flat and the kernel sums to 0: the sum is 0 at any brightness{biased}."
    if any(c.unreached()):
        return _unreached_says(c)
    if not trace.window.any():
        return f"Every cell of this window is 0, so the sum is 0{biased}."
    return f"Each cell of the window times the kernel cell on it, all added up{biased}: {number(trace.value)}."


def _padding_says(trace: ConvTrace, cells: int) -> str:
    c = trace.convolution
    lie = f"{plural(cells, 'cell')} of this window {'lies' if cells == 1 else 'lie'} in the padding"
    if c.padding_mode == "zeros" and trace.value:
        return f"{lie}: its zeros count in the sum, and can look like an edge."
    copies = {"reflect": "mirrors", "replicate": "repeats", "circular": "continues from the other side of"}
    return f"{lie}, which {copies[c.padding_mode]} the image." if c.padding_mode in copies else f"{lie}."


def _unreached_says(c: Convolution) -> str:
    """Which rows and columns no window reaches: of the image, or else of the padding only."""
    image = tuple(max(n - after, 0) for n, (_, after) in zip(c.unreached(), c.padding, strict=True))
    missed, of = (image, "") if any(image) else (c.unreached(), " of the padding")
    names = [
        f"the last {noun if count == 1 else f'{count} {noun}s'}{of}"
        for count, noun in zip(missed, ("row", "column"), strict=True)
        if count
    ]
    return f"No window reaches {' and '.join(names)}: the floor in the formula drops them."


def mistakes(trace: ConvTrace) -> list[tuple[str, float]]:
    """What well-known slips would give here, by the sentence that names them; only those that miss the answer."""
    c, plain, bias = trace.convolution, float(trace.products.sum()), trace.bias
    turned = float((trace.window * trace.kernel[:, ::-1, ::-1]).sum()) + bias
    slips = [
        ("The size is right, the sign is not: check which products are negative.", -trace.value),
        ("That is the sum before ReLU: a negative sum becomes 0.", trace.total if c.relu else trace.value),
        ("That is the sum before the bias is added.", plain if bias else trace.value),
        *(
            ("That is one channel only: add up all of them.", float(v) + b)
            for v in trace.channel_sums
            for b in (0, bias)
        ),
        ("That is the sum with the kernel turned by 180 degrees. Lay it on the window as it is drawn.", turned),
        ("That is the sum of the window alone: multiply each cell by the kernel first.", float(trace.window.sum())),
        ("That is the mean of the products: a convolution adds them and does not divide.", plain / trace.window.size),
    ]
    return [(sentence, value) for sentence, value in slips if not np.isclose(value, trace.value)]


def judge(trace: ConvTrace, answer: float) -> tuple[bool, str]:
    """Whether ``answer`` is the value of the output cell, to half a percent, and what to say about it."""
    if not np.isclose(answer, trace.value, rtol=1e-9, atol=1e-9):
        for sentence, value in mistakes(trace):
            if np.isclose(answer, value, rtol=1e-9, atol=1e-9):
                return False, f"{number(answer)} is not it. {sentence}"
    if np.isclose(answer, trace.value, rtol=0.005, atol=1e-6):
        return True, f"Right: {trace.name} {trace.sign()} {precise(trace.value)}."
    then = [f"the bias {number(trace.bias)}"] * bool(trace.bias) + ["ReLU"] * trace.convolution.relu
    after = f", then {', then '.join(then)}" if then else ""
    count = plural(trace.window.size, "product")
    return False, f"{number(answer)} is not it. Multiply cell by cell, then add up: {count}{after}."
