"""Notebook 02: a picture that is pushed, and a unit that is carried along a signal."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


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


ALL = (SHIFT, SCAN)
