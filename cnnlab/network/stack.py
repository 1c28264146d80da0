"""A network as a person writes it down, one layer after the other, and read back as such a text.

    conv 8 3x3 stride 2 padding 1; relu; max pool 2x2; flatten; dense 16; relu; dense 4; softmax

Layers stand on lines of their own, or are parted by ";" or ",". What is left out is as in PyTorch: stride 1, no
padding, dilation 1; the stride of a pool is its kernel size. "from 3" says how many channels or features a layer is
made for, where that is to be said. Here a text becomes a list of `LayerSpec`, and nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from cnnlab.ops._arguments import integer, one_of
from cnnlab.ops._numbers import real

Same = Literal["same"]

SLIDING = ("conv", "max pool", "average pool")
"""What slides a window: it has a kernel size, a stride and a padding, and makes the receptive field grow."""
WEIGHTED = ("conv", "dense")
"""What has a number of filters or units, and may say what it is made for."""
PLAIN = ("flatten", "global average pool", "batch norm", "relu", "leaky relu", "sigmoid", "tanh", "softmax")
"""What has no numbers."""
KINDS = (*SLIDING, "dense", "dropout", *PLAIN)

OTHER_NAMES = {
    "convolution": "conv",
    "conv2d": "conv",
    "maxpool": "max pool",
    "avg pool": "average pool",
    "avgpool": "average pool",
    "global avg pool": "global average pool",
    "gap": "global average pool",
    "linear": "dense",
    "fully connected": "dense",
    "fc": "dense",
    "batchnorm": "batch norm",
    "leakyrelu": "leaky relu",
}
EXAMPLES = {
    "conv": "conv 8 3x3 stride 2 padding 1",
    "max pool": "max pool 2x2 stride 2",
    "average pool": "average pool 2x2",
    "dense": "dense 16",
    "dropout": "dropout 0.5",
}
_SLIDES = {"stride": "stride", "padding": "padding", "dilation": "dilation"}
NUMBERS = {
    "conv": {**_SLIDES, "from": "made_for"},
    "max pool": _SLIDES,
    "average pool": _SLIDES,
    "dense": {"from": "made_for"},
}
"""The words that a kind knows, and the field of `LayerSpec` that the number behind each of them is for."""
MOST_LAYERS = 100


@dataclass(frozen=True)
class LayerSpec:
    """A layer as it is written down. Only the fields that its kind has say something.

    Attributes:
        kind: one of `KINDS`.
        out: filters of a convolution, units of a dense layer; None where a convolution leaves them open.
        kernel_size: of what slides: a square of this side.
        stride: of what slides; 0 in the call stands for what PyTorch takes, 1 or for a pool its kernel size.
        padding: cells on each side, or "same" for a convolution.
        dilation: of a convolution or a maximum.
        made_for: channels or features in, where a convolution or dense layer says them.
        rate: of dropout: the share that is dropped.

    Raises:
        ValueError: another kind, a number that cannot be, or one that this kind does not have.
    """

    kind: str
    out: int | None = None
    kernel_size: int = 1
    stride: int = 0
    padding: int | Same = 0
    dilation: int = 1
    made_for: int | None = None
    rate: float = 0.5

    def __post_init__(self) -> None:
        one_of("kind", self.kind, KINDS)
        stride = self.stride or (1 if self.kind not in SLIDING[1:] else self.kernel_size)
        object.__setattr__(self, "stride", integer("stride", stride, 1))
        integer("kernel_size", self.kernel_size, 1)
        integer("dilation", self.dilation, 1)
        real("rate", self.rate, 0, 1)
        if self.kind not in WEIGHTED and (self.out, self.made_for) != (None, None):
            raise ValueError(f"{self.kind} has no number of filters or units, and is made for no number of channels")
        if self.out is not None:
            integer("units" if self.kind == "dense" else "filters", self.out, 1)
        if self.made_for is not None:
            integer("from", self.made_for, 1)
        if self.padding != "same":
            integer("padding", self.padding)
        elif self.kind != "conv" or self.stride > 1:
            says = "set the stride to 1, or give a number" if self.kind == "conv" else f"give {self.kind} a number"
            raise ValueError(f"padding 'same' is for a convolution with stride 1: {says}")
        if self.kind == "average pool" and self.dilation > 1:
            raise ValueError("an average pool has no dilation: leave it out, or take a max pool")
        if self.kind == "dense" and self.out is None:
            raise ValueError("dense needs its number of units, such as dense 16")

    @property
    def slides(self) -> bool:
        """Whether it slides a window over a map."""
        return self.kind in SLIDING

    def changed(self, **values: object) -> LayerSpec:
        """The same with other values. Raises ValueError as the class does."""
        return replace(self, **values)  # type: ignore[arg-type]

    def __str__(self) -> str:
        """The layer as `parse_stack` reads it, without what goes without saying."""
        words = [self.kind]
        if self.kind in WEIGHTED and self.out is not None:
            words.append(str(self.out))
        if self.slides:
            words.append(f"{self.kernel_size}x{self.kernel_size}")
            words += [f"stride {self.stride}"] if self.stride != self.changed(stride=0).stride else []
            words += [f"padding {self.padding}"] if self.padding else []
            words += [f"dilation {self.dilation}"] if self.dilation > 1 else []
        if self.made_for is not None:
            words.append(f"from {self.made_for}")
        if self.kind == "dropout":
            words.append(f"{self.rate:g}")
        return " ".join(words)


def stack_text(layers: Sequence[LayerSpec]) -> str:
    """The layers on one line, as `parse_stack` reads them."""
    return "; ".join(map(str, layers))


def parse_stack(text: str) -> tuple[LayerSpec, ...]:
    """The layers that a text writes down; an empty text has none.

    Raises:
        ValueError: says which layer, counted from 1, cannot be read, and how to write it.
    """
    if not isinstance(text, str):
        raise ValueError(f"layers must be text such as 'conv 8 3x3; relu; max pool 2x2', but is {text!r}")
    lines = [line for line in re.split(r"[;,\n]", text.lower()) if line.strip()]
    if len(lines) > MOST_LAYERS:
        raise ValueError(f"layers must be at most {MOST_LAYERS}, but there are {len(lines)}")
    found = []
    for i, line in enumerate(lines, start=1):
        try:
            found.append(_layer(" ".join(line.split())))
        except ValueError as error:
            raise ValueError(f"layer {i}, {' '.join(line.split())[:60]!r}: {error}") from None
    return tuple(found)


def _layer(line: str) -> LayerSpec:
    kind, rest = _kind(line)
    if kind in PLAIN and rest:
        raise ValueError(f"{kind} has no numbers: write only {kind!r}")
    named, plain = _named(kind, rest.replace("×", "x"))
    if kind == "dropout":
        return LayerSpec(kind, rate=_number(_one(kind, plain) or "0.5"))
    if kind == "dense":
        return LayerSpec(kind, out=_whole("units", _one(kind, plain)) if plain else None, **named)
    if kind in SLIDING:
        return LayerSpec(kind, **_filters_and_kernel(kind, plain), **named)
    return LayerSpec(kind)


def _kind(line: str) -> tuple[str, str]:
    """The kind that a line begins with, and what follows it."""
    for name in sorted((*KINDS, *OTHER_NAMES), key=len, reverse=True):
        if re.match(rf"{name}(?![a-z])", line):
            return OTHER_NAMES.get(name, name), line[len(name) :].strip()
    raise ValueError(f"there is no such layer: begin it with one of {', '.join(KINDS)}")


def _named(kind: str, rest: str) -> tuple[dict[str, Any], list[str]]:
    """What follows a word ("stride 2"), by the name of its field, and the numbers that follow none."""
    allowed = NUMBERS.get(kind, {})
    words = rest.replace("=", " ").split()
    named: dict[str, Any] = {}
    plain = []
    while words:
        word = words.pop(0)
        if word in ("same", "valid") and kind == "conv":
            named["padding"] = "same" if word == "same" else 0
        elif word in allowed:
            value = words.pop(0) if words else ""
            named[allowed[word]] = "same" if (word, value) == ("padding", "same") else _whole(word, value)
        elif word[0].isdigit():
            plain.append(word)
        else:
            raise ValueError(f"{kind} does not know {word!r}: write it as {EXAMPLES[kind]!r}")
    return named, plain


def _filters_and_kernel(kind: str, plain: Sequence[str]) -> dict[str, int]:
    *filters, kernel = plain or [""]
    if len(plain) > (2 if kind == "conv" else 1) or not kernel:
        raise ValueError(f"write it as {EXAMPLES[kind]!r}")
    if kind == "conv" and not filters and "x" not in kernel:
        raise ValueError(f"is {kernel} the kernel? Then write {kernel}x{kernel}, behind the number of filters")
    sides = [_whole("kernel size", side) for side in kernel.split("x")]
    if len(sides) > 2 or sides[0] != sides[-1]:
        raise ValueError(f"the kernel must be square, such as {sides[0]}x{sides[0]}, but is {kernel}")
    return {"kernel_size": sides[0]} | ({"out": _whole("filters", filters[0])} if filters else {})


def _one(kind: str, plain: Sequence[str]) -> str:
    if len(plain) > 1:
        raise ValueError(f"{kind} has one number, as in {EXAMPLES[kind]!r}, but here are {' and '.join(plain)}")
    return plain[0] if plain else ""


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(f"{name} must be a whole number, but is {text!r}")
    return integer(name, int(text), minimum=0 if name == "padding" else 1)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"the rate must be a number from 0 to 1, but is {text!r}") from None
