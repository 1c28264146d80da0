"""Notebook 03: convolution in five steps; here the third, padding."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution import slide_stride
from cnnlab.exercises.bank.convolution_words import (
    FLIPPED,
    NO_PADDING,
    SQUARE_IMAGES,
    SQUARE_KERNELS,
    STRIDE_1,
    square,
    square_kernel,
)
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def slide_padding(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    p = padding
    H, W = image.shape
    padded = np.zeros((H + 2 * p, W + 2 * p))
    padded[p : p + H, p : p + W] = image
    return slide_stride(padded, kernel, stride)


def _one_side(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    return slide_stride(np.pad(image, ((0, padding), (0, padding))), kernel, stride)


def _first_side(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    return slide_stride(np.pad(image, ((padding, 0), (padding, 0))), kernel, stride)


def _one_axis(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    return slide_stride(np.pad(image, ((padding, padding), (0, 0))), kernel, stride)


def _output_padded(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    return np.pad(slide_stride(image, kernel, stride), padding)


def _edge(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    return slide_stride(np.pad(image, padding, mode="edge"), kernel, stride)


def _paddings(rng: np.random.Generator) -> Iterator[Arguments]:
    sizes = [
        (2, 2, 2, 2, 1, 1),
        (3, 3, 3, 3, 1, 1),
        (3, 4, 2, 3, 1, 0),
        (4, 5, 3, 2, 2, 1),
        (5, 4, 3, 3, 2, 2),
        (6, 7, 3, 4, 3, 2),
    ]
    for H, W, kh, kw, s, p in sizes:
        yield rng.integers(1, 10, (H, W)).astype(float), rng.integers(-3, 4, (kh, kw)).astype(float), s, p
    yield rng.normal(size=(6, 5)), rng.normal(size=(3, 3)), 1, 1


PADDING = Exercise(
    name="padding",
    notebook="03",
    statement=(
        "Write slide_padding(image, kernel, stride, padding): as slide_stride, after padding rows and columns of "
        "zeros "
        "were put around the image, on each of its four sides."
    ),
    solution=slide_padding,
    cases=_paddings,
    mistakes=(
        Mistake(
            "padding forgotten",
            lambda image, kernel, stride, padding: slide_stride(image, kernel, stride),
            "The padding is not used.",
        ),
        Mistake(
            "padding on one side only",
            _one_side,
            "The zeros are on one side only, right and below. Padding 1 puts a border around: left and above as well.",
        ),
        Mistake(
            "padding on one side only (left and above)",
            _first_side,
            "The zeros are on one side only, left and above. Padding 1 puts a border around: right and below as well.",
        ),
        Mistake(
            "image in the corner",
            lambda image, kernel, stride, padding: slide_stride(
                np.pad(image, ((0, 2 * padding), (0, 2 * padding))), kernel, stride
            ),
            "The image lies in the upper left corner of the larger one. It belongs in the middle: padded[p : p + H, "
            "p : p + W].",
        ),
        Mistake(
            "padded with ones",
            lambda image, kernel, stride, padding: slide_stride(
                np.pad(image, padding, constant_values=1.0), kernel, stride
            ),
            "The border holds ones. Zeros were asked for.",
        ),
        Mistake(
            "mirrored",
            lambda image, kernel, stride, padding: slide_stride(np.pad(image, padding, mode="reflect"), kernel, stride),
            "The border mirrors the image. Zeros were asked for.",
        ),
        Mistake(
            "padding on one axis", _one_axis, "Rows of zeros are added above and below, but no columns left and right."
        ),
        Mistake(
            "output padded",
            _output_padded,
            "The zeros were put around the output. They belong around the image, before.",
        ),
        Mistake("edge padding", _edge, "The border repeats the edge of the image. Zeros were asked for."),
        Mistake(
            "stride forgotten",
            lambda image, kernel, stride, padding: slide_padding(image, kernel, 1, padding),
            "The stride is not used: your window moves one cell at a time.",
        ),
        Mistake(
            "flipped kernel",
            lambda image, kernel, stride, padding: slide_padding(image, kernel[::-1, ::-1], stride, padding),
            FLIPPED,
        ),
    ),
    hints=(
        "Make the larger image first: H + 2 * padding rows of zeros, and the image in their middle.",
        "padded[p : p + H, p : p + W] = image puts it there; p is the padding.",
        "The rest is slide_stride(padded, kernel, stride). np.pad(image, padding) makes the border, too.",
    ),
    uses="slide_stride",
    only={
        SQUARE_IMAGES: square,
        SQUARE_KERNELS: square_kernel,
        STRIDE_1: lambda image, kernel, stride, padding: stride == 1,
        NO_PADDING: lambda image, kernel, stride, padding: padding == 0,
    },
)


ALL = (PADDING,)
