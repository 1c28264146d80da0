"""The named kernels of the course, and banks of several filters.

Where that is possible a kernel is built from what it means: an edge kernel is a smoothing along the edge
times a difference across it, sharpening is the picture minus its Laplacian. All are written for
cross-correlation, which is what CNN layers and ``cnnlab.ops.conv2d`` compute: the kernel is laid on the
picture as printed, not flipped.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# One-dimensional parts. An outer product of two of them is a separable kernel: np.outer(down, across).
_FLAT = np.array([1.0, 1.0, 1.0])
_SMOOTH = np.array([1.0, 2.0, 1.0])  # the binomial weights, a small Gaussian
_FALL = np.array([1.0, 0.0, -1.0])  # positive where values fall from left to right (or from top to bottom)
_RISE = -_FALL  # positive where values rise
_SECOND_DIFFERENCE = np.array([1.0, -2.0, 1.0])
_CENTER = np.array([0.0, 1.0, 0.0])

_IDENTITY = np.outer(_CENTER, _CENTER)
# The second difference down plus the second difference across.
_LAPLACIAN = np.outer(_SECOND_DIFFERENCE, _CENTER) + np.outer(_CENTER, _SECOND_DIFFERENCE)

# The usual integer approximation of a Gaussian of standard deviation 1, as deck E gives it. The slide
# misprints the last row as 1 4 4 4 1, which sums to 270; with 1 4 7 4 1 the sum is the 273 that it divides
# by.
_GAUSSIAN_5 = (
    np.array([[1, 4, 7, 4, 1], [4, 16, 26, 16, 4], [7, 26, 41, 26, 7], [4, 16, 26, 16, 4], [1, 4, 7, 4, 1]]) / 273
)

# The stroke of a corner counts +2, everything beside the stroke -1, so that the sum is zero.
_CORNER = np.array([[-1, -1, -1], [-1, 2, 2], [-1, 2, -1]])


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel with a name.

    ``weight`` is a read-only float64 array (kh, kw), ``says`` tells in a sentence what it does, ``source``
    where its numbers come from.
    """

    name: str
    weight: NDArray[np.float64]
    says: str
    source: str

    @property
    def sum(self) -> float:
        """The sum of the weights: what a flat region of ones turns into."""
        # Rounded, because ninths and 273rds do not add up to 1 exactly in binary.
        return round(float(self.weight.sum()), 12) + 0.0

    @property
    def sum_says(self) -> str:
        """What the sum of the weights does to a flat region, in one sentence."""
        if self.sum == 0:
            return "The weights sum to 0: flat regions vanish, the kernel answers to change only."
        if self.sum == 1:
            return "The weights sum to 1: the brightness of flat regions is kept."
        return f"The weights sum to {self.sum:g}: flat regions come out multiplied by {self.sum:g}."


def _named(name: str, weight: ArrayLike, says: str, source: str) -> Kernel:
    array = np.array(weight, dtype=np.float64) + 0.0  # adding 0 turns -0 into the 0 that a grid should show
    array.setflags(write=False)
    return Kernel(name, array, says, source)


_ALL = (
    _named("identity", _IDENTITY, "Copies the picture: only the center counts.", "a single 1, the unit impulse"),
    _named(
        "vertical edge",
        np.outer(_FLAT, _FALL),
        "Left column minus right column: positive where bright turns dark from left to right.",
        "deck A; Prewitt 1970, with the opposite sign",
    ),
    _named(
        "vertical edge, right",
        np.outer(_FLAT, _RISE),
        "Right column minus left column: positive where dark turns bright from left to right.",
        "deck C; Prewitt 1970",
    ),
    _named(
        "horizontal edge",
        np.outer(_FALL, _FLAT),
        "Top row minus bottom row: positive where bright turns dark from top to bottom.",
        "deck A; Prewitt 1970",
    ),
    _named(
        "sobel x",
        np.outer(_SMOOTH, _RISE),
        "The change from left to right, smoothed along the edge: positive where dark turns bright.",
        "deck E; Sobel and Feldman 1968",
    ),
    _named(
        "sobel y",
        np.outer(_RISE, _SMOOTH),
        "The change from top to bottom, smoothed along the edge: positive where dark turns bright.",
        "deck E; Sobel and Feldman 1968",
    ),
    _named(
        "laplacian",
        _LAPLACIAN,
        "The four neighbors minus four times the center: answers to points and to edges of any direction.",
        "second difference down plus second difference across",
    ),
    _named(
        "sharpen",
        _IDENTITY - _LAPLACIAN,
        "The picture minus its Laplacian: every difference to the neighbors is exaggerated.",
        "identity minus laplacian",
    ),
    _named("box blur", np.outer(_FLAT, _FLAT) / 9, "The mean of the nine cells: blurs, evenly.", "nine times 1/9"),
    _named(
        "gaussian",
        np.outer(_SMOOTH, _SMOOTH) / 16,
        "A weighted mean in which the center counts most: blurs, more gently than the box.",
        "outer product of 1 2 1 with itself, over 16",
    ),
    _named(
        "gaussian 5",
        _GAUSSIAN_5,
        "A weighted mean of 25 cells, the center counting most: blurs more strongly.",
        "deck E, its last row corrected",
    ),
    _named(
        "diagonal",
        [[2, 0, 0], [0, 0, 0], [0, 0, -2]],
        "Twice the difference between the upper left and the lower right: the change along one diagonal.",
        "deck B",
    ),
    _named("ones", np.outer(_FLAT, _FLAT), "Adds up the nine cells of the window.", "deck A"),
    _named(
        "signal",
        _FALL[np.newaxis],
        "Each value minus the one two places on: how much a 1-D signal falls.",
        "deck C",
    ),
    _named(
        "corner",
        _CORNER,
        "A picture of what it looks for: the upper left corner of a thin line; flipped, the lower right one.",
        "a template whose weights sum to zero",
    ),
    _named(
        "one to nine",
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        "Nine different weights: you see where each one lands, and whether the kernel was flipped.",
        "made for this course",
    ),
)

KERNELS: dict[str, Kernel] = {kernel.name: kernel for kernel in _ALL}
"""Every named kernel by its name, in teaching order."""

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


def kernel(name: str) -> Kernel:
    """The kernel of that name. Raises ValueError, listing the names, where there is none."""
    if name not in KERNELS:
        raise ValueError(f"name must be one of {_quoted(KERNELS)}, but is {name!r}")
    return KERNELS[name]


def filter_bank(name: str, in_channels: int) -> NDArray[np.float64]:
    """The weights of a bank of filters, ready for ``conv2d``: a new float64 array (F, C, kh, kw).

    A filter has one slice for each input channel, and the results of the slices are added. The slices are all
    alike, so ``edges`` on a color picture looks for edges of red, green and blue together; only in
    ``color filters`` do they differ, and there in_channels must be 3.

    Raises ValueError for an unknown name and for a number of channels that does not work.
    """
    if name not in FILTERS:
        raise ValueError(f"name must be one of {_quoted(FILTERS)}, but is {name!r}")
    if in_channels < 1:
        raise ValueError(f"in_channels must be at least 1, but is {in_channels}")
    filters = FILTERS[name]
    if name == "color filters":
        if in_channels != 3:
            raise ValueError(f"in_channels must be 3 for 'color filters', but is {in_channels}")
        return np.array([_COLOR_WEIGHTS[f] for f in filters], dtype=np.float64)[:, :, np.newaxis, np.newaxis]
    weights = np.stack([KERNELS[f].weight for f in filters])[:, np.newaxis]  # (F, 1, kh, kw)
    return np.repeat(weights, in_channels, axis=1)


def _quoted(names: dict[str, Kernel] | dict[str, tuple[str, ...]]) -> str:
    return ", ".join(repr(name) for name in names)
