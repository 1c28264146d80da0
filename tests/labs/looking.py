"""A convolution lab as a test looks at it."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab.labs import ConvolutionLab
from cnnlab.labs.sources import read_input, read_weight
from cnnlab.traces import Convolution, convolution
from cnnlab.traces.checks import as_filters, as_image

JARGON = re.compile(
    r"broadcast|truth value|ambiguous|object is not|argument must|__|dtype object|maximum recursion|arr\."
)
"""What NumPy and Python say to programmers, and a lab must not say to students."""


def still(lab: ConvolutionLab) -> str:
    """The picture without the running number of its frame."""
    return re.sub(r' data-frame="\d+"', "", lab.svg)


def step_shown(lab: ConvolutionLab) -> int:
    found = re.search(r'data-step="(\d+)"', lab.svg)
    assert found
    return int(found[1])


def send(lab: ConvolutionLab, message: Any) -> None:
    """What the page does when it reports something."""
    lab.stage._handle_custom_msg(message, [])


def expected(lab: ConvolutionLab) -> Convolution | None:
    """What the settings of the lab should show, computed beside it; None where they cannot work."""
    try:
        for name in ("flip", "relu", "walk", "predict", "paint"):
            require(isinstance(getattr(lab, name), bool | np.bool_))
        for name in ("step", "filter", "channel"):
            value = getattr(lab, name)
            require(isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 0)
        image = as_image(read_input(lab.input, {})[0])
        groups = int(lab.groups) if isinstance(lab.groups, int | np.integer) else 1
        weight = as_filters(read_weight(lab.weight, len(image), groups))
        bias: Any = lab.bias
        if isinstance(bias, int | float | np.number) and not isinstance(bias, bool):
            bias = np.full(len(weight), bias)
        return convolution(
            image, weight, bias, lab.stride, lab.padding, lab.dilation, lab.groups,
            padding_mode=lab.padding_mode, flip=bool(lab.flip), relu=bool(lab.relu),
        )  # fmt: skip
    except ValueError:
        return None


def require(condition: bool) -> None:
    if not condition:
        raise ValueError("this setting cannot work")


def numbers(*shape: int) -> NDArray[np.float64]:
    """Small whole numbers, no two rows alike."""
    return np.random.default_rng(3).integers(-9, 10, shape).astype(np.float64)
