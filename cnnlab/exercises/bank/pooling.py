"""Notebook 06: a maximum for each window, and a mean for each channel."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import SQUARE_IMAGES, SWAPPED, square
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


# ---- 1: max pooling -------------------------------------------------------------------------------------------------


def max_pool(image: Array, size: int, stride: int) -> Array:
    H, W = image.shape
    output = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            top, left = i * stride, j * stride
            output[i, j] = image[top : top + size, left : left + size].max()
    return output


def _windows(image: Array, size: int, stride: int) -> Array:
    """The cells of all windows: (rows, columns, size, size)."""
    return np.lib.stride_tricks.sliding_window_view(image, (size, size))[::stride, ::stride]


def _rounded_up(image: Array, size: int, stride: int) -> Array:
    rows, columns = (-(-(n - size) // stride) + 1 for n in image.shape)
    below, right = ((count - 1) * stride + size - n for count, n in zip((rows, columns), image.shape, strict=True))
    return max_pool(np.pad(image, ((0, below), (0, right)), constant_values=-np.inf), size, stride)


def _positions_not_multiplied(image: Array, size: int, stride: int) -> Array:
    rows, columns = max_pool(image, size, stride).shape
    return max_pool(image, size, 1)[:rows, :columns]


def _over_the_end(image: Array, size: int, stride: int) -> Array:
    """A window at every stride, the last ones cut off by the end of the image."""
    starts = (range(0, n, stride) for n in image.shape)
    rows, columns = (list(axis) for axis in starts)
    return np.array([[image[i : i + size, j : j + size].max() for j in columns] for i in rows])


def _ended_too_early(image: Array, size: int, stride: int) -> Array:
    rows, columns = (range(0, n - size, stride) for n in image.shape)
    return np.array([[image[i : i + size, j : j + size].max() for j in columns] for i in rows])


def _first_row_only(image: Array, size: int, stride: int) -> Array:
    output = np.zeros(max_pool(image, size, stride).shape)
    output[0] = max_pool(image, size, stride)[0]
    return output


def _images(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, size, stride in [(2, 2, 2, 1), (4, 4, 2, 2), (3, 5, 2, 2), (5, 4, 2, 1), (7, 6, 3, 2), (8, 5, 2, 3)]:
        yield rng.integers(-9, 10, (H, W)).astype(float), size, stride
    yield -rng.integers(1, 10, (5, 6)).astype(float), 2, 2  # as it is before a ReLU
    yield rng.normal(size=(9, 7)), 3, 3


MAX_POOL = Exercise(
    name="max pool",
    notebook="06",
    statement=(
        "Write max_pool(image, size, stride): the largest number of every window of size x size cells, the windows "
        "stride cells apart. image is (H, W); a last window that does not fit is left out."
    ),
    solution=max_pool,
    cases=_images,
    mistakes=(
        Mistake(
            "average",
            lambda image, size, stride: _windows(image, size, stride).mean(axis=(2, 3)),
            "That is average pooling. Here only the largest cell of a window counts.",
        ),
        Mistake(
            "begun at 0",
            lambda image, size, stride: np.maximum(max_pool(image, size, stride), 0),
            "A window in which all numbers are negative gives 0: the search for the largest must begin at one of its "
            "own cells, or at minus infinity.",
        ),
        Mistake(
            "stride forgotten",
            lambda image, size, stride: max_pool(image, size, 1),
            "The stride is not used: your window moves one cell at a time.",
        ),
        Mistake(
            "stride of the window",
            lambda image, size, stride: max_pool(image, size, size),
            "Your windows just touch, as with stride = size. The stride is given, and may be another number.",
        ),
        Mistake(
            "positions not multiplied",
            _positions_not_multiplied,
            "The output has the right size, but the window moves one cell at a time: it begins at i * stride, "
            "j * stride.",
        ),
        Mistake(
            "floor forgotten",
            _rounded_up,
            "The size is rounded up, as PyTorch does with ceil_mode=True. A window that does not fit is left out: "
            "(n - size) // stride + 1.",
        ),
        Mistake(
            "over the end",
            _over_the_end,
            "A window begins at every stride, up to the end of the image, so that the last ones are cut off. Only "
            "(n - size) // stride + 1 whole windows fit on an axis.",
        ),
        Mistake(
            "range ended too early",
            _ended_too_early,
            "The last window is missing where it just fits: range(0, H - size, stride) leaves its end out, and needs "
            "H - size + 1.",
        ),
        Mistake(
            "size off by one",
            lambda image, size, stride: max_pool(image, size, stride)[:-1, :-1],
            "The output is one row and one column too small: (n - size) // stride + 1, and the + 1 counts the first "
            "window.",
        ),
        Mistake(
            "minimum",
            lambda image, size, stride: _windows(image, size, stride).min(axis=(2, 3)),
            "That is the smallest number of each window.",
        ),
        Mistake(
            "largest magnitude",
            lambda image, size, stride: np.abs(_windows(image, size, stride)).max(axis=(2, 3)),
            "You took the largest size without the sign: −9 is smaller than 1, not larger.",
        ),
        Mistake(
            "place of the largest",
            lambda image, size, stride: (
                _windows(image, size, stride).reshape(*max_pool(image, size, stride).shape, -1).argmax(axis=2)
            ),
            "argmax says where the largest number stands; asked is the number itself, max.",
        ),
        Mistake(
            "sum",
            lambda image, size, stride: _windows(image, size, stride).sum(axis=(2, 3)),
            "That is the sum of each window. Here only its largest cell counts.",
        ),
        Mistake(
            "first cell of each window",
            lambda image, size, stride: _windows(image, size, stride)[..., 0, 0],
            "You took the first cell of each window; compare all of its cells.",
        ),
        Mistake(
            "slices one short",
            lambda image, size, stride: _windows(image, size, stride)[..., :-1, :-1].max(axis=(2, 3)),
            "Your slices are one cell short. The end of a slice is not part of it: top : top + size holds size cells.",
        ),
        Mistake(
            "whole image",
            lambda image, size, stride: np.full(max_pool(image, size, stride).shape, image.max()),
            "The largest number of the whole image is in every cell: cut the window out first.",
        ),
        Mistake(
            "ended after the first row",
            _first_row_only,
            "Only the first row is filled in. Is your return inside the loop?",
        ),
        Mistake(
            "largest so far",
            lambda image, size, stride: np.maximum.accumulate(max_pool(image, size, stride).reshape(-1)).reshape(
                max_pool(image, size, stride).shape
            ),
            "The largest number of one window is still there in the next: begin the search anew for each window.",
        ),
        Mistake(
            "whole numbers",
            lambda image, size, stride: np.trunc(max_pool(image, size, stride)),
            "The digits behind the point are lost: is your output an array of int?",
        ),
        Mistake("axes swapped", lambda image, size, stride: max_pool(image.T, size, stride), SWAPPED),
    ),
    hints=(
        "How many windows fit on an axis of n cells? (n - size) // stride + 1. Make an output of that many zeros.",
        "Two loops, as for a convolution. The window of row i and column j begins at i * stride, j * stride.",
        "output[i, j] = image[i * stride : i * stride + size, j * stride : j * stride + size].max()",
    ),
    only={SQUARE_IMAGES: square, "a stride equal to the size": lambda image, size, stride: bool(size == stride)},
)


# ---- 2: global average ----------------------------------------------------------------------------------------------


def global_average(maps: Array) -> Array:
    return maps.mean(axis=(1, 2))


def _maps(rng: np.random.Generator) -> Iterator[Arguments]:
    for shape in [(1, 2, 2), (2, 2, 2), (3, 2, 4), (2, 5, 3), (4, 1, 6), (5, 4, 4)]:
        yield (rng.integers(-9, 10, shape).astype(float),)
    yield (rng.normal(size=(6, 7, 5)),)


GLOBAL_AVERAGE = Exercise(
    name="global average",
    notebook="06",
    statement=(
        "Write global_average(maps): for every channel the mean of its whole map. maps is (C, H, W), the result (C,)."
    ),
    solution=global_average,
    cases=_maps,
    mistakes=(
        Mistake(
            "over the channels",
            lambda maps: maps.mean(axis=0),
            "You took the mean over the channels, and kept the places. It is the other way round: the places go, "
            "the channels stay.",
        ),
        Mistake(
            "over everything",
            lambda maps: maps.mean(),
            "That is one number for all channels together; each channel has a mean of its own.",
        ),
        Mistake(
            "rows only",
            lambda maps: maps.mean(axis=1),
            "You took the mean down the columns only: axis 1 and axis 2 both have to go.",
        ),
        Mistake(
            "columns only",
            lambda maps: maps.mean(axis=2),
            "You took the mean along the rows only: axis 1 and axis 2 both have to go.",
        ),
        Mistake(
            "channels last",
            lambda maps: maps.mean(axis=(0, 1)),
            "The channels are the first axis, not the last: take the mean over axis 1 and axis 2.",
        ),
        Mistake("sum", lambda maps: maps.sum(axis=(1, 2)), "That is the sum: divide by the cells of a map, H * W."),
        Mistake(
            "divided by the rows",
            lambda maps: maps.sum(axis=(1, 2)) / maps.shape[1],
            "You divided by the rows only: a map has H * W cells.",
        ),
        Mistake(
            "divided by the columns",
            lambda maps: maps.sum(axis=(1, 2)) / maps.shape[2],
            "You divided by the columns only: a map has H * W cells.",
        ),
        Mistake(
            "divided by the channels",
            lambda maps: maps.sum(axis=(1, 2)) / len(maps),
            "You divided by the channels. Each sum has H * W terms.",
        ),
        Mistake(
            "axes kept",
            lambda maps: maps.mean(axis=(1, 2), keepdims=True),
            "The numbers are right, but the shape is (C, 1, 1): without keepdims it is (C,).",
        ),
        Mistake(
            "rounded down",
            lambda maps: maps.sum(axis=(1, 2)) // maps[0].size,
            "// rounds the mean down to a whole number: divide with /.",
        ),
        Mistake("median", lambda maps: np.median(maps, axis=(1, 2)), "That is the median; asked is the mean."),
        Mistake("maximum", lambda maps: maps.max(axis=(1, 2)), "That is global max pooling; asked is the mean."),
    ),
    hints=(
        "How many numbers are left of 64 maps?",
        "Axis 0 are the channels, axis 1 the rows, axis 2 the columns. NumPy's mean takes several axes at once.",
        "maps.mean(axis=(1, 2))",
    ),
)


ALL = (MAX_POOL, GLOBAL_AVERAGE)
