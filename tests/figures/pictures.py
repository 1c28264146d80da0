"""Convolutions of every kind, as pictures to look at: from one cell to a photo in colors."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from cnnlab.data import example
from cnnlab.figures import ConvolutionPicture, View
from cnnlab.kernels import filter_bank, kernel
from cnnlab.traces import convolution

RNG = np.random.default_rng(7)
RGB = ("R", "G", "B")
EDGE = kernel("vertical edge").weight
WIDE = np.round(RNG.normal(size=(20, 20)) * 100, 1)
DEEP = RNG.integers(-9, 10, (30, 7, 7))
LONG = -RNG.random((8, 8)) * 1e9

# what it is, input, weight, further settings of the convolution, names of the channels
KINDS: list[tuple[str, Any, Any, dict[str, Any], Sequence[str]]] = [
    ("step", example("step"), EDGE, {}, ()),
    ("zero padding", example("step"), EDGE, {"padding": 1}, ()),
    ("much padding", example("step"), EDGE, {"padding": 4, "padding_mode": "reflect"}, ()),
    ("one cell", [[3]], [[-2]], {}, ()),
    ("one cell, padded", [[3]], EDGE, {"padding": 1, "bias": [1]}, ()),
    ("one output cell", example("numbers"), np.ones((5, 5)), {}, ()),
    ("signal", example("signal"), [[1, 0, -1]], {}, ()),
    ("column", example("signal").transpose(0, 2, 1), [[1], [0], [-1]], {"flip": True}, ()),
    ("dilation", example("digit"), EDGE, {"dilation": 2, "padding": (2, 1)}, ()),
    ("stride", example("eye"), EDGE, {"stride": (3, 2)}, ()),
    ("bias and relu", example("eye"), -EDGE / 9, {"bias": [-12.34], "relu": True, "padding": "same"}, ()),
    ("20 x 20", WIDE, kernel("gaussian 5").weight, {"flip": True}, ()),
    ("long numbers", LONG, EDGE * 1e4, {"bias": [-1e12]}, ()),
    ("color", example("color"), filter_bank("edges", 3)[:1], {"padding": 1}, RGB),
    ("color patch", example("color patch"), filter_bank("four filters", 3), {"bias": [1, 0, -2, 3]}, RGB),
    ("four filters", example("digit"), filter_bank("four filters", 1), {"padding": 1}, ()),
    ("groups", example("color"), filter_bank("color filters", 3)[:, :1], {"groups": 3}, RGB),
    ("30 channels", DEEP, RNG.integers(-2, 3, (1, 30, 3, 3)), {}, ()),
    ("30 feature maps", DEEP[:1], RNG.integers(-2, 3, (30, 1, 3, 3)), {"padding": 1}, ()),
    ("64 feature maps", DEEP[:1], RNG.integers(-2, 3, (64, 1, 3, 3)), {}, ()),
    ("photo", example("photo: cat"), kernel("sobel x").weight, {"padding": 1}, ()),
    ("photo, flipped column", example("photo: cat"), [[1], [2], [0], [-2], [-1]], {"flip": True}, ()),
    ("photo, large kernel", example("photo: cat"), np.ones((15, 15)) / 225, {"stride": 2, "dilation": 2}, ()),
    ("photo in colors", example("photo: cat, color"), filter_bank("four filters", 3), {"relu": True}, RGB),
    ("narrow", RNG.integers(0, 9, (3, 40)), np.ones((2, 9)), {}, ()),
    ("tall", RNG.integers(0, 9, (40, 3)), np.ones((9, 2)), {}, ()),
]  # fmt: skip
NAMES = [kind[0] for kind in KINDS]
NUMBERS = [name for name in NAMES if "photo" not in name and name not in ("narrow", "tall")]
"""Those whose grids are small enough to show every number."""


@cache
def picture(name: str) -> ConvolutionPicture:
    _, given, weight, further, names = next(kind for kind in KINDS if kind[0] == name)
    return ConvolutionPicture(convolution(given, weight, **further), names)


def draw(picture: ConvolutionPicture, step: int = 0, filter: int = 0, frame: int = 0, **view: Any) -> str:
    """The picture of one step; ``view`` is what else is chosen and hidden."""
    return picture.draw(picture.convolution.at(step, filter), View(**view), frame)


def looks(name: str) -> list[dict[str, Any]]:
    """The first cell, the last of everything, and the ways to hide something, as arguments of :func:`draw`."""
    whole = picture(name).convolution
    last, half = whole.steps - 1, whole.steps // 2
    filters, channels = len(whole.output) - 1, len(whole.input) - 1
    return [
        {},
        {"step": last, "filter": filters, "channel": channels, "pinned": 0},
        {"step": half, "walk": True, "paint": True},
        {"step": half, "filter": filters, "question": True, "answered": frozenset([0])},
    ]
