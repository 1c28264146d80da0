"""Banks of several filters, ready to be laid on pictures of several channels."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.kernels.bank import KERNELS
from cnnlab.ops._arguments import integer, one_of

_COLOR_WEIGHTS: dict[str, tuple[float, float, float]] = {
    "red minus green": (1, -1, 0),
    "blue minus yellow": (-1 / 2, -1 / 2, 1),  # yellow light is red and green light together
    "brightness": (1 / 3, 1 / 3, 1 / 3),
}

FILTERS: dict[str, tuple[str, ...]] = {
    "edges": ("vertical edge", "horizontal edge"),
    "sobel": ("sobel x", "sobel y"),
    "four filters": ("vertical edge", "horizontal edge", "laplacian", "gaussian"),
    "color filters": tuple(_COLOR_WEIGHTS),
}
"""Filter banks: the names of their filters, one output channel each. "color filters" are 1 x 1, on color."""


def filter_bank(name: str, in_channels: int) -> NDArray[np.float64]:
    """The weights of a bank of filters, ready for `conv2d`: a new float64 array (F, C, kh, kw).

    A filter has one slice for each input channel, and the results of the slices are added. The slices are all
    alike, so "edges" on a color picture looks for edges of red, green and blue together; only in
    "color filters" do they differ, and there in_channels must be 3.

    Raises ValueError for an unknown name and for a number of channels that does not work.
    """
    filters = FILTERS[one_of("name", name, list(FILTERS))]
    in_channels = integer("in_channels", in_channels, 1)
    if name == "color filters":
        if in_channels != 3:
            raise ValueError(f"in_channels must be 3 for 'color filters', but is {in_channels}")
        return np.array([_COLOR_WEIGHTS[f] for f in filters], dtype=np.float64)[:, :, np.newaxis, np.newaxis]
    weights = np.stack([KERNELS[f].weight for f in filters])[:, np.newaxis]  # (F, 1, kh, kw)
    return np.repeat(weights, in_channels, axis=1)
