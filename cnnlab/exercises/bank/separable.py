"""Notebook 04: a kernel that is a column times a row, in two thin passes."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution import slide
from cnnlab.exercises.bank.convolution_words import FLIPPED, PADDED, SAME_SIZE, SQUARE_IMAGES, SWAPPED, square
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def two_passes(image: Array, column: Array, row: Array) -> Array:
    H, W = image.shape
    kh, kw = len(column), len(row)
    once = np.zeros((H - kh + 1, W))
    for i in range(H - kh + 1):
        once[i] = column @ image[i : i + kh]  # the sum over the rows of the window, for every column at once
    twice = np.zeros((H - kh + 1, W - kw + 1))
    for j in range(W - kw + 1):
        twice[:, j] = once[:, j : j + kw] @ row
    return twice


def _both_on_the_image(image: Array, column: Array, row: Array) -> Array:
    """The second pass begins with the image again, and both are added where they overlap."""
    rows, cols = image.shape[0] - len(column) + 1, image.shape[1] - len(row) + 1
    return slide(image, column[:, None])[:, :cols] + slide(image, row[None])[:rows]


def _same_size(image: Array, column: Array, row: Array) -> Array:
    output = np.zeros(image.shape)
    valid = two_passes(image, column, row)
    output[: valid.shape[0], : valid.shape[1]] = valid
    return output


def _border_repeated(image: Array, column: Array, row: Array) -> Array:
    """What ``apply`` of the notebook gives: it repeats the border before each pass."""
    down, right = len(column) // 2, len(row) // 2
    once = slide(np.pad(image, ((down, down), (0, 0)), mode="edge"), column[:, None])
    return slide(np.pad(once, ((0, 0), (right, right)), mode="edge"), row[None])


def _multiplied(image: Array, column: Array, row: Array) -> Array:
    rows, cols = image.shape[0] - len(column) + 1, image.shape[1] - len(row) + 1
    return slide(image, column[:, None])[:, :cols] * slide(image, row[None])[:rows]


def _last_place_forgotten(image: Array, column: Array, row: Array) -> Array:
    output = two_passes(image, column, row)
    output[-1], output[:, -1] = 0, 0
    return output


def _passes(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, kh, kw in [(2, 3, 2, 2), (3, 3, 3, 1), (4, 3, 2, 3), (3, 5, 3, 2), (5, 5, 3, 3), (6, 7, 4, 2)]:
        image = rng.integers(0, 10, (H, W)).astype(float)
        yield image, rng.integers(1, 5, kh).astype(float), rng.integers(-4, 5, kw).astype(float)
    yield rng.normal(size=(6, 5)), np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])


TWO_PASSES = Exercise(
    name="two passes",
    notebook="04",
    statement=(
        "Write two_passes(image, column, row): what the kernel np.outer(column, row) makes of image (H, W), without "
        "that kernel: first the column (kh,) is slid, then the row (kw,) over what came out. The result is "
        "(H - kh + 1, W - kw + 1)."
    ),
    solution=two_passes,
    cases=_passes,
    mistakes=(
        Mistake(
            "column only",
            lambda image, column, row: slide(image, column[:, None]),
            "That is the first pass only: the row has still to be slid over what came out.",
        ),
        Mistake(
            "column only, cut",
            lambda image, column, row: slide(image, column[:, None])[:, : image.shape[1] - len(row) + 1],
            "That is the first pass only: the row has still to be slid over what came out.",
        ),
        Mistake(
            "row only",
            lambda image, column, row: slide(image, row[None]),
            "That is the pass of the row only: the column is missing.",
        ),
        Mistake(
            "second pass over the image",
            lambda image, column, row: slide(image, row[None])[: image.shape[0] - len(column) + 1],
            "The row was slid over the image, and the first pass is lost. It goes over what came out of the first.",
        ),
        Mistake(
            "passes added",
            _both_on_the_image,
            "Both passes were made on the image and added. The second goes over what came out of the first.",
        ),
        Mistake(
            "passes multiplied",
            _multiplied,
            "Both passes were made on the image and multiplied. The second goes over what came out of the first.",
        ),
        Mistake(
            "column and row exchanged",
            lambda image, column, row: two_passes(image, row, column),
            "Column and row are exchanged: the column goes down the image, the row across it.",
        ),
        Mistake(
            "added, not multiplied",
            lambda image, column, row: slide(image, column[:, None] + row),
            "Your kernel is the sum of column and row. np.outer multiplies each number of one by each of the other.",
        ),
        Mistake(
            "flipped",
            lambda image, column, row: two_passes(image, column[::-1], row[::-1]),
            "Both are turned around, as np.convolve does it. " + FLIPPED,
        ),
        Mistake(
            "row flipped",
            lambda image, column, row: two_passes(image, column, row[::-1]),
            "The row is turned around: its first number goes on the left cell of the window.",
        ),
        Mistake(
            "column flipped",
            lambda image, column, row: two_passes(image, column[::-1], row),
            "The column is turned around: its first number goes on the top cell of the window.",
        ),
        Mistake("size of the input", _same_size, SAME_SIZE),
        Mistake("border repeated", _border_repeated, PADDED),
        Mistake(
            "last place forgotten",
            _last_place_forgotten,
            "The last row and the last column are 0, never filled in: there are n - k + 1 places on an axis.",
        ),
        Mistake("axes swapped", lambda image, column, row: two_passes(image.T, column, row), SWAPPED),
    ),
    hints=(
        "The first pass shrinks the height only: its result has H - kh + 1 rows and still W columns.",
        "In the first pass, column @ image[i : i + kh] is a whole row of results at once.",
        "twice[:, j] = once[:, j : j + kw] @ row, for every j from 0 to W - kw",
    ),
    only={SQUARE_IMAGES: square},
)


ALL = (TWO_PASSES,)
