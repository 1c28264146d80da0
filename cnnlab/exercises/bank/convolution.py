"""Notebook 03: convolution in five steps; here the first two, one channel and the stride."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import (
    FLIPPED,
    MEAN,
    NO_SUM,
    ONLY_POSITIVE,
    OVERFLOW,
    SAME_SIZE,
    SQUARE_IMAGES,
    SQUARE_KERNELS,
    STRIDE_1,
    SWAPPED,
    TOO_SMALL,
    square,
    square_kernel,
)
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


# ---- 1: one channel -------------------------------------------------------------------------------------------------


def slide(image: Array, kernel: Array) -> Array:
    H, W = image.shape
    kh, kw = kernel.shape
    output = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + kh, j : j + kw]
            output[i, j] = (window * kernel).sum()
    return output


def _same_size(image: Array, kernel: Array) -> Array:
    output = np.zeros(image.shape)
    valid = slide(image, kernel)
    output[: valid.shape[0], : valid.shape[1]] = valid
    return output


def _overflowing(image: Array, kernel: Array) -> Array:
    return slide(image, kernel) % 256 if image.dtype == np.uint8 else slide(image, kernel)


def _not_summed(image: Array, kernel: Array) -> Array:
    output = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(output.shape):
        output[i, j] = image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel
    return output


def _last_left_out(image: Array, kernel: Array) -> Array:
    output = slide(image, kernel)
    output[-1], output[:, -1] = 0, 0
    return output


def _images(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, kh, kw in [
        (2, 2, 2, 2),
        (3, 3, 2, 2),
        (1, 4, 1, 2),
        (4, 3, 2, 3),
        (3, 5, 3, 2),
        (6, 6, 3, 3),
        (7, 5, 3, 2),
    ]:
        yield rng.integers(-5, 10, (H, W)).astype(float), rng.integers(-3, 4, (kh, kw)).astype(float)
    yield rng.normal(size=(5, 6)), rng.normal(size=(3, 3))
    yield rng.integers(100, 256, (4, 5), dtype=np.uint8), np.ones((2, 2))


SLIDE = Exercise(
    name="slide",
    notebook="03",
    statement=(
        "Write slide(image, kernel): the kernel on every place of the image where it fits, and at each place the "
        "sum of "
        "the products. image is (H, W), kernel is (kh, kw), the result is (H - kh + 1, W - kw + 1)."
    ),
    solution=slide,
    cases=_images,
    mistakes=(
        Mistake("flipped kernel", lambda image, kernel: slide(image, kernel[::-1, ::-1]), FLIPPED),
        Mistake("axes swapped", lambda image, kernel: slide(image.T, kernel), SWAPPED),
        Mistake(
            "kernel transposed", lambda image, kernel: slide(image, kernel.T), "The kernel is transposed. " + SWAPPED
        ),
        Mistake(
            "output transposed", lambda image, kernel: slide(image, kernel).T, "The output is transposed. " + SWAPPED
        ),
        Mistake("size off by one", lambda image, kernel: slide(image, kernel)[:-1, :-1], TOO_SMALL),
        Mistake("size of the input", _same_size, SAME_SIZE),
        Mistake("mean", lambda image, kernel: slide(image, kernel) / kernel.size, MEAN),
        Mistake("integer overflow", _overflowing, OVERFLOW),
        Mistake(
            "whole numbers",
            lambda image, kernel: slide(image, kernel).astype(int),
            "The results are cut to whole numbers: your output is an array of int. np.zeros makes floats unless "
            "told not to.",
        ),
        Mistake("not summed", _not_summed, NO_SUM),
        Mistake(
            "last place left out",
            _last_left_out,
            "The last row and column of the output were never filled: the loop ends one place too early.",
        ),
        Mistake(
            "sum not begun anew",
            lambda image, kernel: slide(image, kernel).cumsum().reshape(slide(image, kernel).shape),
            "Each result has all the earlier ones in it: the sum has to begin at 0 for every window.",
        ),
        Mistake("relu", lambda image, kernel: np.maximum(slide(image, kernel), 0), ONLY_POSITIVE),
    ),
    hints=(
        "How many places does a kernel of kh rows have in an image of H rows? Make an output of that many zeros.",
        "Two loops, for i over the rows of the output and for j over its columns. The window is image[i : i + kh, j "
        ": j + kw].",
        "output[i, j] = (window * kernel).sum()",
    ),
    only={SQUARE_IMAGES: square, SQUARE_KERNELS: square_kernel},
)


# ---- 2: stride ------------------------------------------------------------------------------------------------------


def slide_stride(image: Array, kernel: Array, stride: int) -> Array:
    H, W = image.shape
    kh, kw = kernel.shape
    output = np.zeros(((H - kh) // stride + 1, (W - kw) // stride + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            top, left = i * stride, j * stride
            output[i, j] = (image[top : top + kh, left : left + kw] * kernel).sum()
    return output


def _positions_not_multiplied(image: Array, kernel: Array, stride: int) -> Array:
    rows, columns = slide_stride(image, kernel, stride).shape
    return slide(image, kernel)[:rows, :columns]


def _rounded_up(image: Array, kernel: Array, stride: int) -> Array:
    (H, W), (kh, kw) = image.shape, kernel.shape
    rows, columns = -(-(H - kh) // stride) + 1, -(-(W - kw) // stride) + 1
    longer = np.pad(image, ((0, (rows - 1) * stride + kh - H), (0, (columns - 1) * stride + kw - W)))
    return slide_stride(longer, kernel, stride)


def _strides(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, kh, kw, s in [
        (3, 3, 1, 1, 2),
        (4, 4, 2, 2, 2),
        (5, 5, 2, 2, 2),
        (4, 7, 2, 3, 1),
        (6, 8, 3, 2, 3),
        (8, 7, 3, 3, 2),
    ]:
        yield rng.integers(-5, 10, (H, W)).astype(float), rng.integers(-3, 4, (kh, kw)).astype(float), s
    yield rng.normal(size=(9, 6)), rng.normal(size=(2, 3)), 2


STRIDE = Exercise(
    name="stride",
    notebook="03",
    statement=(
        "Write slide_stride(image, kernel, stride): as slide, but the window moves stride cells at a time, down and "
        "to the "
        "right. A last place where the kernel does not fit any more is left out."
    ),
    solution=slide_stride,
    cases=_strides,
    mistakes=(
        Mistake(
            "stride forgotten",
            lambda image, kernel, stride: slide(image, kernel),
            "The stride is not used: your window moves one cell at a time.",
        ),
        Mistake(
            "positions not multiplied",
            _positions_not_multiplied,
            "The output has the right size, but the window still moves one cell at a time: it begins at i * stride, "
            "j * stride.",
        ),
        Mistake(
            "floor forgotten",
            _rounded_up,
            "The size is rounded up. A place where the kernel does not fit wholly is left out: (n - k) // stride + 1.",
        ),
        Mistake(
            "size off by one",
            lambda image, kernel, stride: slide_stride(image, kernel, stride)[:-1, :-1],
            "The output is one row and one column too small: (n - k) // stride + 1, and the + 1 counts the first "
            "window.",
        ),
        Mistake(
            "image thinned out",
            lambda image, kernel, stride: slide(image[::stride, ::stride], kernel),
            "You took every stride-th cell of the image. The window moves by the stride, but sees all cells that it "
            "stands on.",
        ),
        Mistake(
            "stride to the right only",
            lambda image, kernel, stride: slide(image, kernel)[:, ::stride],
            "The stride is used to the right only; it is for both directions.",
        ),
        Mistake(
            "stride in one direction",
            lambda image, kernel, stride: slide(image, kernel)[::stride],
            "The stride is used downward only; it is for both directions.",
        ),
        Mistake(
            "flipped kernel", lambda image, kernel, stride: slide_stride(image, kernel[::-1, ::-1], stride), FLIPPED
        ),
        Mistake("axes swapped", lambda image, kernel, stride: slide_stride(image.T, kernel, stride), SWAPPED),
    ),
    hints=(
        "The first window begins at row 0, the second at row stride, the third at row 2 * stride.",
        "The last window has to end inside the image, so (H - kh) // stride + 1 of them fit.",
        "window = image[i * stride : i * stride + kh, j * stride : j * stride + kw]",
    ),
    only={SQUARE_IMAGES: square, SQUARE_KERNELS: square_kernel, STRIDE_1: lambda image, kernel, stride: stride == 1},
)


ALL = (SLIDE, STRIDE)
