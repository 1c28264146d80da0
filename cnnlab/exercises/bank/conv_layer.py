"""Notebook 03: convolution in five steps; here the last two, channels and filters, and a batch."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution import slide_stride
from cnnlab.exercises.bank.convolution_words import (
    FLIPPED,
    NO_PADDING,
    ONLY_POSITIVE,
    SQUARE_IMAGES,
    SQUARE_KERNELS,
    STRIDE_1,
    square,
    square_kernel,
)
from cnnlab.exercises.bank.padding import slide_padding
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


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
        SQUARE_IMAGES: square,
        SQUARE_KERNELS: square_kernel,
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
        SQUARE_IMAGES: square,
        SQUARE_KERNELS: square_kernel,
    },
)


ALL = (CHANNELS, CONV2D)
