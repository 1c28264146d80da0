"""The pooling lab as text: its numbers for a page without widgets, and the same computation in PyTorch."""

from cnnlab.labs.convolution_text import map_text, tensor
from cnnlab.traces.pool import Pooling, PoolTrace
from cnnlab.traces.pool_many import Totals
from cnnlab.traces.pool_push import Push
from cnnlab.traces.pool_words import kept_text, push_says, pushed_by, shares_say


def as_text(push: Push, trace: PoolTrace, view: str, digits: Totals | None, walk: bool) -> str:
    """What is shown, in numbers; while it walks, without the output."""
    p = push.after
    pushed = f", pushed {pushed_by(push)}" if push.is_pushed else ""
    parts = [map_text(f"input{_of(p, i)}{pushed}", values) for i, values in enumerate(p.input)]
    parts += [str(trace.equation), *(str(size) for size in p.sizes())]
    if view == "gradient":
        return "\n".join([*parts, shares_say(trace)])
    if not walk or view == "shift":
        parts += [map_text(f"output{_of(p, i)}", values) for i, values in enumerate(p.output)]
    if view == "shift":
        parts += [push_says(push), kept_text("input", push.input), kept_text("output", push.output)]
        if digits is not None:
            count = digits.images
            parts += [
                kept_text(f"{count} digits, input", digits.input),
                kept_text(f"{count} digits, output", digits.output),
                f"whole output the same: {digits.unchanged} of {count} digits",
            ]
    return "\n".join(parts)


def _of(p: Pooling, channel: int) -> str:
    return f", channel {channel}" if len(p.input) > 1 else ""


def torch_code(push: Push, view: str, until: int | None = None) -> str:
    """PyTorch code for the output; in the shift for the one before it, too; in the gradient for that of the input.

    With ``until``, only the output cells up to this one send a gradient back.
    """
    lines = ["import torch", "import torch.nn.functional as F", "", f"x = {tensor(push.image, 'image', 1)}"]
    down, right, call = push.down, push.right, _call(push.after)
    pushed = f"F.pad(x, ({right}, {-right}, {down}, {-down}))"
    if view == "shift":
        lines += [
            f"before = {call}",
            f"x = {pushed}  # zeros come in on one side, the other is cut off",
            f"after = {call}",
            "y = torch.stack([before, after], dim=1)",
        ]
        return "\n".join(lines)
    if push.is_pushed:
        lines.append(f"x = {pushed}  # zeros come in on one side, the other is cut off")
    if view == "gradient":
        cells = "" if until is None else f".flatten(2)[:, :, :{until + 1}]"
        lines += ["x.requires_grad_()", f"{call}{cells}.sum().backward()  # each sends back 1", "y = x.grad"]
    else:
        lines.append(f"y = {call}")
    return "\n".join(lines)


def _call(p: Pooling) -> str:
    """The line that pools x."""
    if p.kind.startswith("global"):
        return f"F.adaptive_{'max' if p.is_max else 'avg'}_pool2d(x, 1)"
    given = [_plain(p.kernel_size)]
    if p.stride != p.kernel_size:
        given.append(f"stride={_plain(p.stride)}")
    if any(p.padding):
        given.append(f"padding={_plain(p.padding)}")
    if p.ceil_mode:
        given.append("ceil_mode=True")
    return f"F.{'max' if p.is_max else 'avg'}_pool2d(x, {', '.join(given)})"


def _plain(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)
