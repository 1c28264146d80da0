"""Notebook 02: why not a dense network."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


# ---- counting -------------------------------------------------------------------------------------------------------


def dense_weights(height: int, width: int, channels: int, units: int) -> int:
    inputs = height * width * channels
    return inputs * units


def _dense_sizes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(1, 2, 1, 1), (2, 3, 1, 1), (2, 3, 3, 4), (28, 28, 1, 10), (224, 224, 3, 1000), (31, 17, 5, 8)]


DENSE_WEIGHTS = Exercise(
    name="dense weights",
    notebook="02",
    statement=(
        "Write dense_weights(height, width, channels, units): how many weights connect every number of an image "
        "with every "
        "one of so many units. Biases are not weights."
    ),
    solution=dense_weights,
    cases=_dense_sizes,
    mistakes=(
        Mistake(
            "biases counted",
            lambda height, width, channels, units: height * width * channels * units + units,
            "The biases are in your count; only the weights were asked for.",
        ),
        Mistake(
            "channels forgotten",
            lambda height, width, channels, units: height * width * units,
            "The channels are missing: every pixel has a number for each of them.",
        ),
        Mistake(
            "units added",
            lambda height, width, channels, units: height * width * channels + units,
            "Every input is connected with every unit: multiply by the units, do not add them.",
        ),
        Mistake(
            "one unit",
            lambda height, width, channels, units: height * width * channels,
            "These are the weights of one unit: there are more units.",
        ),
    ),
    hints=(
        "How many numbers is an image of 2 x 3 pixels with 3 channels?",
        "Each unit has one weight for each of these numbers.",
        "height * width * channels * units",
    ),
)


def conv_parameters(in_channels: int, filters: int, kernel_size: int) -> int:
    per_filter = kernel_size * kernel_size * in_channels + 1  # and a bias
    return per_filter * filters


def _conv_sizes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [(1, 1, 1), (1, 1, 3), (3, 1, 2), (1, 4, 3), (3, 16, 3), (3, 10, 5), (64, 128, 3)]


CONV_PARAMETERS = Exercise(
    name="conv parameters",
    notebook="02",
    statement=(
        "Write conv_parameters(in_channels, filters, kernel_size): all that a convolution layer learns, weights and "
        "biases; "
        "each filter has a square kernel for each input channel, and one bias."
    ),
    solution=conv_parameters,
    cases=_conv_sizes,
    mistakes=(
        Mistake(
            "bias forgotten",
            lambda in_channels, filters, kernel_size: kernel_size**2 * in_channels * filters,
            "The biases are missing: one for each filter.",
        ),
        Mistake(
            "bias for each channel",
            lambda in_channels, filters, kernel_size: (kernel_size**2 + 1) * in_channels * filters,
            "There is a bias for each filter, not for each of its kernels.",
        ),
        Mistake(
            "one bias in all",
            lambda in_channels, filters, kernel_size: kernel_size**2 * in_channels * filters + 1,
            "There is one bias for each filter, not one for the layer.",
        ),
        Mistake(
            "channels forgotten",
            lambda in_channels, filters, kernel_size: (kernel_size**2 + 1) * filters,
            "A filter has a kernel for each input channel: multiply by them.",
        ),
        Mistake(
            "kernel not squared",
            lambda in_channels, filters, kernel_size: (kernel_size * in_channels + 1) * filters,
            "A 3 x 3 kernel has 9 weights, not 3.",
        ),
        Mistake(
            "channels twice",
            lambda in_channels, filters, kernel_size: (kernel_size**2 * in_channels**2 + 1) * filters,
            "The channels are multiplied in twice.",
        ),
    ),
    hints=(
        "Begin with one filter on one channel: kernel_size * kernel_size weights.",
        "A filter has such a kernel for each input channel, and one bias.",
        "(kernel_size * kernel_size * in_channels + 1) * filters",
    ),
)


# ---- moving ---------------------------------------------------------------------------------------------------------


def shift(image: Array, down: int, right: int) -> Array:
    H, W = image.shape
    moved = np.zeros_like(image)
    for i in range(H):
        for j in range(W):
            if 0 <= i - down < H and 0 <= j - right < W:
                moved[i, j] = image[i - down, j - right]
    return moved


def _shifts(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, down, right in [
        (2, 2, 1, 0),
        (2, 3, 0, 1),
        (3, 3, 1, 1),
        (3, 4, -1, 2),
        (4, 3, 2, -1),
        (3, 3, 0, 0),
        (3, 3, 5, 0),
    ]:
        yield rng.integers(1, 10, (H, W)).astype(float), down, right


SHIFT = Exercise(
    name="shift",
    notebook="02",
    statement=(
        "Write shift(image, down, right): the picture pushed so many cells down and to the right (up and to the "
        "left where "
        "negative). The size stays, what leaves the frame is lost, and zeros come in from the other side."
    ),
    solution=shift,
    cases=_shifts,
    mistakes=(
        Mistake(
            "rolled",
            lambda image, down, right: np.roll(image, (down, right), (0, 1)),
            "What leaves on one side comes in on the other: that is what np.roll does. Zeros should come in.",
        ),
        Mistake(
            "wrong direction",
            lambda image, down, right: shift(image, -down, -right),
            "It moves the wrong way: what is at [i, j] comes from [i - down, j - right].",
        ),
        Mistake(
            "axes swapped",
            lambda image, down, right: shift(image, right, down),
            "Down and right are swapped: rows go down.",
        ),
    ),
    hints=(
        "The cell at [i, j] shows what was at [i - down, j - right], if that is inside the image.",
        "Begin with an image of zeros, and fill in what comes from inside.",
        "if 0 <= i - down < H and 0 <= j - right < W: moved[i, j] = image[i - down, j - right]",
    ),
)


# ---- scanning -------------------------------------------------------------------------------------------------------


def scan(signal: Array, weight: Array, bias: float) -> Array:
    k = len(weight)
    return np.array([signal[i : i + k] @ weight + bias for i in range(len(signal) - k + 1)])


def _signals(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, k in [(2, 2), (3, 2), (4, 1), (5, 3), (8, 3)]:
        yield (
            rng.integers(-4, 5, n).astype(float),
            rng.integers(-3, 4, k) + 0.5 * np.arange(k),
            float(rng.integers(1, 5)),
        )


SCAN = Exercise(
    name="scan",
    notebook="02",
    statement=(
        "Write scan(signal, weight, bias): one unit with k weights looks at the first k numbers of a signal, then "
        "at the k "
        "numbers from place 1 on, and so on to the end; the result holds all its answers (weights times numbers, "
        "plus bias)."
    ),
    solution=scan,
    cases=_signals,
    mistakes=(
        Mistake("bias missing", lambda signal, weight, bias: scan(signal, weight, 0.0), "The bias is missing."),
        Mistake(
            "flipped",
            lambda signal, weight, bias: scan(signal, weight[::-1], bias),
            "The weights are the wrong way round: np.convolve flips them, np.correlate does not.",
        ),
        Mistake(
            "size off by one",
            lambda signal, weight, bias: scan(signal, weight, bias)[:-1],
            "The last window is missing: n - k + 1 of them fit.",
        ),
        Mistake(
            "windows apart",
            lambda signal, weight, bias: scan(signal, weight, bias)[:: len(weight)],
            "Your windows do not overlap: the next one begins one place on, not k places.",
        ),
    ),
    hints=(
        "The window at place i is signal[i : i + k].",
        "There are len(signal) - k + 1 windows.",
        "(signal[i : i + k] * weight).sum() + bias, for every i",
    ),
)

ALL = (DENSE_WEIGHTS, CONV_PARAMETERS, SHIFT, SCAN)
