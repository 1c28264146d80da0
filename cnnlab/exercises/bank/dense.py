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


def _pushed(image: Array, down: int, right: int, low: bool, high: bool, canvas: Array) -> Array:
    """As `shift`, looking at the lower border, at the upper one, or at none of them, beginning with a canvas."""
    H, W = image.shape
    for i in range(H):
        for j in range(W):
            row, col = i - down, j - right
            if (not low or (row >= 0 and col >= 0)) and (not high or (row < H and col < W)):
                canvas[i, j] = image[row, col]
    return canvas


def _in_place(image: Array, down: int, right: int) -> Array:
    image = image.copy()
    return _pushed(image, down, right, True, True, image)


WRAPS = (
    "A negative index counts from the end, so that what left below comes in above: look whether the place is inside."
)
BEYOND = "The place that you read can lie beyond the image: look whether it is inside, at both ends."


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
            "borders not looked at",
            lambda image, down, right: _pushed(image, down, right, False, False, np.zeros_like(image)),
            WRAPS,
        ),
        Mistake(
            "negative places not looked at",
            lambda image, down, right: _pushed(image, down, right, False, True, np.zeros_like(image)),
            WRAPS,
        ),
        Mistake(
            "only negative places looked at",
            lambda image, down, right: _pushed(image, down, right, True, False, np.zeros_like(image)),
            BEYOND,
        ),
        Mistake(
            "not begun with zeros",
            lambda image, down, right: _pushed(image, down, right, True, True, image.copy()),
            "What was there before is still seen at the border. Begin with zeros, as from np.zeros_like(image).",
        ),
        Mistake(
            "in place",
            _in_place,
            "You write into the image that you still read from. Put the result into an array of its own.",
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
    for n, k in [(4, 2), (2, 2), (3, 2), (4, 1), (5, 3), (8, 3)]:
        signal = rng.integers(-4, 5, n).astype(float)
        yield signal, rng.integers(-3, 4, k) + 0.5 * np.arange(1, k + 1), float(rng.integers(1, 5))


def _too_far(signal: Array, weight: Array, bias: float) -> Array:
    return np.array([signal[i : i + len(weight)] @ weight + bias for i in range(len(signal))])


def _too_far_in_pairs(signal: Array, weight: Array, bias: float) -> Array:
    return np.array([(signal[i : i + len(weight)] * weight).sum() + bias for i in range(len(signal))])


OUTSIDE = "Your last windows stick out at the end of the signal: there are len(signal) - len(weight) + 1 of them."


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
        Mistake("beyond the end", _too_far, OUTSIDE),
        Mistake("beyond the end, in pairs", _too_far_in_pairs, OUTSIDE),
        Mistake(
            "bias for each product",
            lambda signal, weight, bias: scan(signal, weight, len(weight) * bias),
            "The bias is added to every product. It belongs to the unit: add it once, after the sum.",
        ),
        Mistake(
            "relu",
            lambda signal, weight, bias: np.maximum(scan(signal, weight, bias), 0),
            "Negative answers became 0. That is a ReLU, which was not asked for.",
        ),
        Mistake(
            "one number",
            lambda signal, weight, bias: scan(signal, weight, bias).sum(),
            "All answers are added up into one number; each place keeps its own.",
        ),
        Mistake(
            "only the first place",
            lambda signal, weight, bias: scan(signal, weight, bias)[0],
            "That is the answer of the first window only. Is the return inside the loop?",
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
