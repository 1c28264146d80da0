"""Notebook 03: convolution, written in five steps."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]

FLIPPED = (
    "This is a flipped kernel: you computed the mathematical convolution. A CNN layer lays the kernel on as it is."
)
SWAPPED = "Rows and columns are swapped: image[i, j] is row i (down) and column j (to the right)."
TOO_SMALL = "The output is one row and one column too small: n - k + 1 windows fit, the first and the last included."
SAME_SIZE = "The output has the size of the input. Without padding only n - k + 1 windows fit on an axis."
NO_SUM = (
    "One window gives one number, the sum of all its products: (window * kernel).sum(). Python's sum adds up rows only."
)
MEAN = "You took the mean of the products; a convolution adds them up."
OVERFLOW = (
    "The numbers overflow: an image of uint8 holds 0 to 255 and starts again at 0. Compute with float(...) or floats."
)
ONLY_POSITIVE = "Negative results became 0. That is a ReLU, which comes after the convolution."


SQUARE_IMAGES = "square images"
SQUARE_KERNELS = "square kernels"
STRIDE_1 = "stride 1"
NO_PADDING = "padding 0"


def _square(image: Array, *_: Any) -> bool:
    return bool(image.shape[-2] == image.shape[-1])


def _square_kernel(image: Array, kernel: Array, *_: Any) -> bool:
    return bool(kernel.shape[-2] == kernel.shape[-1])


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
    only={SQUARE_IMAGES: _square, SQUARE_KERNELS: _square_kernel},
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
    only={SQUARE_IMAGES: _square, SQUARE_KERNELS: _square_kernel, STRIDE_1: lambda image, kernel, stride: stride == 1},
)


# ---- 3: padding -----------------------------------------------------------------------------------------------------


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
        SQUARE_IMAGES: _square,
        SQUARE_KERNELS: _square_kernel,
        STRIDE_1: lambda image, kernel, stride, padding: stride == 1,
        NO_PADDING: lambda image, kernel, stride, padding: padding == 0,
    },
)


# ---- 4: channels and filters ----------------------------------------------------------------------------------------


def slide_channels(image: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    filters, C = weight.shape[:2]
    maps = []
    for o in range(filters):
        parts = [slide_padding(image[c], weight[o, c], stride, padding) for c in range(C)]
        maps.append(sum(parts) + bias[o])
    return np.stack(maps)


def _slices(image: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    """(O, C, H, W): each slice of each filter on its channel."""
    pairs = [[slide_padding(x, w, stride, padding) for x, w in zip(image, f, strict=True)] for f in weight]
    return np.array(pairs)


PADDED_TOO = "np.pad(image, padding) also put maps of zeros before and behind the channels. Pad each channel by itself."


def _channels_padded(image: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    padded = np.pad(image, padding)
    parts = [[slide_stride(padded[c], part, stride) for c, part in enumerate(filter)] for filter in weight]
    return np.stack([sum(of_a_filter) + b for of_a_filter, b in zip(parts, bias, strict=True)])


def _bias_for_each_channel(image: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    return _slices(image, weight, bias, stride, padding).sum(axis=1) + weight.shape[1] * bias[:, None, None]


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    sizes = [
        (1, 1, 2, 2, 2, 2, 1, 0),
        (2, 3, 3, 3, 2, 2, 1, 0),
        (3, 1, 4, 4, 3, 2, 1, 1),
        (2, 1, 2, 3, 2, 2, 1, 0),
        (1, 2, 3, 2, 2, 1, 1, 0),
        (3, 2, 4, 5, 3, 2, 2, 1),
        (2, 4, 5, 4, 3, 3, 1, 1),
    ]
    for C, F, H, W, kh, kw, s, p in sizes:
        image, weight = rng.integers(1, 10, (C, H, W)).astype(float), rng.integers(-3, 4, (F, C, kh, kw)).astype(float)
        yield image, weight, rng.integers(1, 9, F).astype(float), s, p
    yield rng.normal(size=(3, 6, 5)), rng.normal(size=(2, 3, 3, 3)), rng.normal(size=2), 2, 1


CHANNELS = Exercise(
    name="channels",
    notebook="03",
    statement=(
        "Write slide_channels(image, weight, bias, stride, padding). image is (C, H, W), weight is (O, C, kh, kw): "
        "O filters "
        "with a slice for each channel. A filter's slices each slide over their channel, the C results are added, "
        "and the "
        "filter's bias once. The result is (O, H_out, W_out): a map for each filter."
    ),
    solution=slide_channels,
    cases=_layers,
    mistakes=(
        Mistake(
            "bias missing",
            lambda image, weight, bias, stride, padding: slide_channels(image, weight, 0 * bias, stride, padding),
            "The bias is missing: each filter adds its own number to its whole map.",
        ),
        Mistake(
            "bias once a channel",
            _bias_for_each_channel,
            "The bias is added once for each channel. It belongs to the filter: add it once, after the sum over the "
            "channels.",
        ),
        Mistake("channels padded, too", _channels_padded, PADDED_TOO),
        Mistake(
            "channels and filters swapped",
            lambda image, weight, *rest: slide_channels(image, weight.swapaxes(0, 1), *rest),
            "weight[o, c] is the slice of filter o for channel c: the filters come first.",
        ),
        Mistake(
            "maps last",
            lambda *given: np.moveaxis(slide_channels(*given), 0, -1),
            "The maps lie along the last axis. Here they come first: (O, H_out, W_out), as np.stack(maps) makes them.",
        ),
        Mistake("relu", lambda *given: np.maximum(slide_channels(*given), 0), ONLY_POSITIVE),
        Mistake(
            "channels not added",
            lambda *given: _slices(*given) + given[2][:, None, None, None],
            "The channels are still apart: a filter adds up the results of its slices and gives one map.",
        ),
        Mistake(
            "mean over the channels",
            lambda *given: _slices(*given).mean(axis=1) + given[2][:, None, None],
            "You took the mean over the channels; the results of the slices are added.",
        ),
        Mistake(
            "only the first channel",
            lambda *given: _slices(*given)[:, 0] + given[2][:, None, None],
            "Only the first channel is used.",
        ),
        Mistake(
            "flipped kernel",
            lambda image, weight, *rest: slide_channels(image, weight[..., ::-1, ::-1], *rest),
            FLIPPED,
        ),
        Mistake(
            "filters added",
            lambda *given: slide_channels(*given).sum(axis=0),
            "The filters are added up into one map. Each filter keeps its own.",
        ),
    ),
    hints=(
        "One filter and one channel you have: slide_padding(image[c], weight[o, c], stride, padding).",
        "For filter o add this up over all channels c, then add bias[o] once.",
        "np.stack(maps) makes one array of a list of maps.",
    ),
    uses="slide_padding",
    only={
        "a single channel": lambda image, *rest: len(image) == 1,
        "a single filter": lambda image, weight, *rest: len(weight) == 1,
        STRIDE_1: lambda image, weight, bias, stride, padding: stride == 1,
        NO_PADDING: lambda image, weight, bias, stride, padding: padding == 0,
        SQUARE_IMAGES: _square,
        SQUARE_KERNELS: _square_kernel,
    },
)


# ---- 5: a batch -----------------------------------------------------------------------------------------------------


def conv2d(images: Array, weight: Array, bias: Array, stride: int = 1, padding: int = 0) -> Array:
    return np.stack([slide_channels(image, weight, bias, stride, padding) for image in images])


def _batches(rng: np.random.Generator) -> Iterator[Arguments]:
    for i, (image, weight, bias, stride, padding) in enumerate(_layers(rng)):
        N = (2, 1, 3)[i % 3]
        images = np.stack([image] + [rng.integers(1, 10, image.shape).astype(float) for _ in range(N - 1)])
        yield images, weight, bias, stride, padding
    yield images, weight, bias  # stride and padding as they are by default


CONV2D = Exercise(
    name="conv2d",
    notebook="03",
    statement=(
        "Write conv2d(images, weight, bias, stride=1, padding=0): what a CNN layer computes. images is (N, C, H, "
        "W), the "
        "result is (N, O, H_out, W_out). Every image of the batch is treated alike, and by itself."
    ),
    solution=conv2d,
    cases=_batches,
    mistakes=(
        Mistake(
            "only the first image",
            lambda images, *rest: conv2d(images[:1], *rest),
            "Only the first image of the batch is used.",
        ),
        Mistake(
            "batch axis lost",
            lambda images, weight, bias, stride=1, padding=0: slide_channels(images[0], weight, bias, stride, padding),
            "The axis of the batch is missing: the result has four axes, also for a batch of one.",
        ),
        Mistake(
            "joined, not stacked",
            lambda *given: np.concatenate(conv2d(*given)),
            "The maps of all images lie in one row, (N * O, H_out, W_out). np.stack keeps an axis for the images.",
        ),
        Mistake(
            "images added",
            lambda images, *rest: conv2d(images, *rest).sum(axis=0),
            "The images of the batch are added up. Each keeps its own maps.",
        ),
        Mistake(
            "stride forgotten",
            lambda images, weight, bias, stride=1, padding=0: conv2d(images, weight, bias, 1, padding),
            "The stride is not used: your window moves one cell at a time.",
        ),
        Mistake(
            "padding forgotten",
            lambda images, weight, bias, stride=1, padding=0: conv2d(images, weight, bias, stride),
            "The padding is not used.",
        ),
        Mistake(
            "bias missing",
            lambda images, weight, bias, *rest: conv2d(images, weight, 0 * bias, *rest),
            "The bias is missing: each filter adds its own number to its whole map.",
        ),
        Mistake(
            "flipped kernel",
            lambda images, weight, *rest: conv2d(images, weight[..., ::-1, ::-1], *rest),
            FLIPPED,
        ),
        Mistake(
            "filters and channels swapped",
            lambda images, weight, *rest: np.swapaxes(conv2d(images, weight, *rest), 0, 1),
            "The axes of the batch and of the filters are swapped: (N, O, H_out, W_out).",
        ),
    ),
    hints=(
        "One image you have: slide_channels(image, weight, bias, stride, padding).",
        "A loop over the images of the batch gives a list with an array for each.",
        "np.stack([... for image in images])",
    ),
    uses="slide_channels",
    only={
        "a batch of one image": lambda images, *rest: len(images) == 1,
        STRIDE_1: lambda images, weight, bias, stride=1, padding=0: stride == 1,
        NO_PADDING: lambda images, weight, bias, stride=1, padding=0: padding == 0,
        SQUARE_IMAGES: _square,
        SQUARE_KERNELS: _square_kernel,
    },
)

ALL = (SLIDE, STRIDE, PADDING, CHANNELS, CONV2D)
