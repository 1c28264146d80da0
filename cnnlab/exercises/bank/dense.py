"""Notebook 02: why not a dense network."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


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
            "one filter",
            lambda in_channels, filters, kernel_size: kernel_size**2 * in_channels + 1,
            "That is one filter: multiply by their number, in brackets with its bias.",
        ),
        Mistake(
            "brackets forgotten",
            lambda in_channels, filters, kernel_size: kernel_size**2 * in_channels + 1 * filters,
            "Brackets are missing: all of a filter, its bias too, is multiplied by the number of filters.",
        ),
        Mistake(
            "a bias for each input channel",
            lambda in_channels, filters, kernel_size: kernel_size**2 * in_channels * filters + in_channels,
            "There is a bias for each filter, not for each input channel.",
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


ALL = (DENSE_WEIGHTS, CONV_PARAMETERS)
