"""The kernels of the course by their names."""

import numpy as np

from cnnlab.kernels.named import Kernel, named
from cnnlab.kernels.smoothing import box_kernel
from cnnlab.ops._arguments import one_of

# One-dimensional parts. An outer product of two of them is a separable kernel: np.outer(down, across).
_FLAT = np.array([1.0, 1.0, 1.0])
_SMOOTH = np.array([1.0, 2.0, 1.0])  # the binomial weights, a small Gaussian
_SCHARR = np.array([3.0, 10.0, 3.0])  # smooths so that edges of every direction answer most nearly alike
_FALL = np.array([1.0, 0.0, -1.0])  # positive where values fall from left to right (or from top to bottom)
_RISE = -_FALL  # positive where values rise
_SECOND_DIFFERENCE = np.array([1.0, -2.0, 1.0])
_CENTER = np.array([0.0, 1.0, 0.0])

_IDENTITY = np.outer(_CENTER, _CENTER)
# The second difference down plus the second difference across.
_LAPLACIAN = np.outer(_SECOND_DIFFERENCE, _CENTER) + np.outer(_CENTER, _SECOND_DIFFERENCE)
# The sum of the nine cells minus nine times the center: the neighbors at the corners count, too.
_LAPLACIAN_8 = np.outer(_FLAT, _FLAT) - 9 * _IDENTITY

# The usual integer approximation of a Gaussian of standard deviation 1, as deck E gives it. The slide
# misprints the last row as 1 4 4 4 1, which sums to 270; with 1 4 7 4 1 the sum is the 273 that it divides
# by.
_GAUSSIAN_5 = (
    np.array([[1, 4, 7, 4, 1], [4, 16, 26, 16, 4], [7, 26, 41, 26, 7], [4, 16, 26, 16, 4], [1, 4, 7, 4, 1]]) / 273
)

_PREWITT_SOURCE = "Prewitt 1970, Object enhancement and extraction"
_SOBEL_SOURCE = "Sobel and Feldman 1968, A 3x3 isotropic gradient operator for image processing"
_SCHARR_SOURCE = "Scharr 2000, Optimale Operatoren in der digitalen Bildverarbeitung"
_LAPLACIAN_SOURCE = "Gonzalez and Woods, Digital Image Processing, section 3.6"

# The stroke of a corner counts +2, everything beside the stroke -1, so that the sum is zero.
_CORNER = np.array([[-1, -1, -1], [-1, 2, 2], [-1, 2, -1]])

_ALL = (
    named("identity", _IDENTITY, "Copies the picture: only the center counts.", "a single 1, the unit impulse"),
    named(
        "vertical edge",
        np.outer(_FLAT, _FALL),
        "Left column minus right column: positive where bright turns dark from left to right.",
        f"deck A; {_PREWITT_SOURCE}, with the opposite sign",
    ),
    named(
        "vertical edge, right",
        np.outer(_FLAT, _RISE),
        "Right column minus left column: positive where dark turns bright from left to right.",
        f"deck C; {_PREWITT_SOURCE}",
    ),
    named(
        "horizontal edge",
        np.outer(_FALL, _FLAT),
        "Top row minus bottom row: positive where bright turns dark from top to bottom.",
        f"deck A; {_PREWITT_SOURCE}, with the opposite sign",
    ),
    named(
        "prewitt x",
        np.outer(_FLAT, _RISE),
        "The change from left to right, summed along the edge: positive where dark turns bright.",
        _PREWITT_SOURCE,
    ),
    named(
        "prewitt y",
        np.outer(_RISE, _FLAT),
        "The change from top to bottom, summed along the edge: positive where dark turns bright.",
        _PREWITT_SOURCE,
    ),
    named(
        "sobel x",
        np.outer(_SMOOTH, _RISE),
        "The change from left to right, smoothed along the edge: positive where dark turns bright.",
        f"deck E; {_SOBEL_SOURCE}",
    ),
    named(
        "sobel y",
        np.outer(_RISE, _SMOOTH),
        "The change from top to bottom, smoothed along the edge: positive where dark turns bright.",
        f"deck E; {_SOBEL_SOURCE}",
    ),
    named(
        "scharr x",
        np.outer(_SCHARR, _RISE),
        "As sobel x, with weights that treat slanted edges more fairly: positive where dark turns bright.",
        _SCHARR_SOURCE,
    ),
    named(
        "scharr y",
        np.outer(_RISE, _SCHARR),
        "As sobel y, with weights that treat slanted edges more fairly: positive where dark turns bright.",
        _SCHARR_SOURCE,
    ),
    named(
        "laplacian",
        _LAPLACIAN,
        "The four neighbors minus four times the center: answers to points and to edges of any direction.",
        f"second difference down plus second difference across; {_LAPLACIAN_SOURCE}",
    ),
    named(
        "laplacian 8",
        _LAPLACIAN_8,
        "The eight neighbors minus eight times the center: like laplacian, with the corners counted, too.",
        _LAPLACIAN_SOURCE,
    ),
    # The decks name strong edges without printing a kernel for them: this is the one that is commonly shown.
    named(
        "strong edges",
        -_LAPLACIAN_8,
        "Eight times the center minus its eight neighbors: whatever differs from its surroundings stands out.",
        f"minus laplacian 8, often called outline; {_LAPLACIAN_SOURCE}",
    ),
    named(
        "sharpen",
        _IDENTITY - _LAPLACIAN,
        "The picture minus its Laplacian: every difference to the neighbors is exaggerated.",
        "identity minus laplacian",
    ),
    named("box blur", box_kernel(3).weight, "The mean of the nine cells: blurs, evenly.", "nine times 1/9"),
    named(
        "gaussian",
        np.outer(_SMOOTH, _SMOOTH) / 16,
        "A weighted mean in which the center counts most: blurs, more gently than the box.",
        "outer product of 1 2 1 with itself, over 16",
    ),
    named(
        "gaussian 5",
        _GAUSSIAN_5,
        "A weighted mean of 25 cells, the center counting most: blurs more strongly.",
        "deck E, its last row corrected",
    ),
    named(
        "diagonal",
        [[2, 0, 0], [0, 0, 0], [0, 0, -2]],
        "Twice the difference between the upper left and the lower right: the change along one diagonal.",
        "deck B",
    ),
    named("ones", np.outer(_FLAT, _FLAT), "Adds up the nine cells of the window.", "deck A"),
    named(
        "signal",
        _FALL[np.newaxis],
        "Each value minus the one two places on: how much a 1-D signal falls.",
        "deck C",
    ),
    named(
        "corner",
        _CORNER,
        "A picture of what it looks for: the upper left corner of a thin line; flipped, the lower right one.",
        "a template whose weights sum to zero",
    ),
    named(
        "one to nine",
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        "Nine different weights: you see where each one lands, and whether the kernel was flipped.",
        "made for this course",
    ),
)

KERNELS: dict[str, Kernel] = {kernel.name: kernel for kernel in _ALL}
"""Every named kernel by its name, in teaching order."""


def kernel(name: str) -> Kernel:
    """The kernel of that name. Raises ValueError, listing the names, where there is none."""
    return KERNELS[one_of("name", name, list(KERNELS))]
