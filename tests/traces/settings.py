"""Convolutions of every kind for hypothesis to draw: settings that work, as arguments of ``traces.convolution``."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from cnnlab.shapes import kernel_extent

MODES = ("zeros", "reflect", "replicate", "circular")


@st.composite
def settings(draw: st.DrawFn, whole: bool = False) -> dict[str, Any]:
    """Arguments of a small convolution; ``whole`` keeps every number a small integer."""
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    per_group, filters = draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride, dilation = (draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) for _ in range(2))
    mode = draw(st.sampled_from(MODES))
    padding: Any = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    if draw(st.booleans()) and draw(st.booleans()):
        stride, padding = (1, 1), draw(st.sampled_from(["same", "valid"]))
    # Large enough for the kernel without any padding, and for reflect, which needs more cells than it mirrors.
    size = [kernel_extent(k, d) + draw(st.integers(0, 3)) + 2 for k, d in zip(kernel, dilation, strict=True)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def numbers(*shape: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        values = rng.integers(-9, 10, shape).astype(np.float64)
        return values if whole else values + rng.normal(size=shape)

    return {
        "input": numbers(groups * per_group, *size),
        "weight": numbers(filters, per_group, *kernel),
        "bias": numbers(filters) if draw(st.booleans()) else None,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": mode,
        "flip": draw(st.booleans()),
        "relu": draw(st.booleans()),
    }
