"""Notebook 04: kernels; what their sum does, and how steep a picture is."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution import slide
from cnnlab.exercises.bank.convolution_words import PADDED, SAME_SIZE, SQUARE_IMAGES, SWAPPED, square
from cnnlab.exercises.exercise import Answer, Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]

SOBEL = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
PREWITT = np.sign(SOBEL)


# ---- keep the brightness ---------------------------------------------------------------------------------------------


def keep_brightness(kernel: Array) -> Array:
    total = kernel.sum()
    if total == 0:
        return kernel
    return kernel / total


def _divided_by(kernel: Array, by: Array | float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return kernel / by


def _dividing(name: str, by: Answer, says: str) -> tuple[Mistake, Mistake]:
    """Somebody who divides by something else than the sum, whether or not a sum of 0 is asked for first."""
    return (
        Mistake(f"divided by {name}", lambda kernel: _divided_by(kernel, by(kernel)), says),
        Mistake(
            f"divided by {name}, but for a sum of 0",
            lambda kernel: _divided_by(kernel, by(kernel)) if kernel.sum() else kernel,
            says,
        ),
    )


def _zeros_for_0(kernel: Array) -> Array:
    return keep_brightness(kernel) if kernel.sum() else np.zeros(kernel.shape)


def _positive_for_0(kernel: Array) -> Array:
    return keep_brightness(kernel) if kernel.sum() else kernel / kernel.clip(0).sum()


def _kernels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield (np.array([[1.0, 3.0]]),)
    yield (np.array([[2.0, -1.0], [0.0, 3.0]]),)
    yield (np.ones((3, 3)),)
    yield (np.outer([1.0, 2.0, 1.0], [1.0, 2.0, 1.0]),)
    yield (SOBEL,)  # sums to 0
    yield (np.array([[0.0, -1.0, 0.0], [-1.0, 6.0, -1.0], [0.0, -1.0, 0.0]]),)
    yield (np.array([[-3.0, 1.0], [0.0, 0.0]]),)  # sums to -2
    yield (rng.integers(1, 9, (2, 5)).astype(float),)


KEEP_BRIGHTNESS = Exercise(
    name="keep brightness",
    notebook="04",
    statement=(
        "Write keep_brightness(kernel): the kernel (kh, kw) divided so that its weights sum to 1. Where they sum to 0 "
        "that cannot be: then the kernel comes back as it is."
    ),
    solution=keep_brightness,
    cases=_kernels,
    mistakes=(
        Mistake(
            "sum of 0 divided",
            lambda kernel: _divided_by(kernel, kernel.sum()),
            "Weights that sum to 0 were divided by 0, which gives NaN and infinities: ask for that first.",
        ),
        *_dividing(
            "the cells",
            lambda kernel: kernel.size,
            "You divided by the number of cells. That is right only where every weight is 1: divide by the sum.",
        ),
        *_dividing(
            "9",
            lambda kernel: 9,
            "You divided by 9, which is the sum of nine ones. Another kernel has another sum: kernel.sum().",
        ),
        *_dividing(
            "the largest",
            lambda kernel: kernel.max(),
            "You divided by the largest weight, which becomes 1 then. It is the sum that is to become 1.",
        ),
        *_dividing(
            "the mean",
            lambda kernel: kernel.mean(),
            "You divided by the mean of the weights. They sum to their number then: divide by their sum.",
        ),
        *_dividing(
            "the magnitudes",
            lambda kernel: np.abs(kernel).sum(),
            "You added the weights without their signs. Negative weights take brightness away, so they count as such.",
        ),
        Mistake(
            "row by row",
            lambda kernel: _divided_by(kernel, kernel.sum(axis=1, keepdims=True)),
            "Each row was divided by a sum of its own: then the rows sum to 1, and the kernel to their number.",
        ),
        Mistake(
            "column by column",
            lambda kernel: _divided_by(kernel, kernel.sum(axis=0)),
            "Each column was divided by a sum of its own. Python's sum(kernel) adds up the rows only: kernel.sum().",
        ),
        Mistake(
            "sum below 0 left alone",
            lambda kernel: kernel / kernel.sum() if kernel.sum() > 0 else kernel,
            "Weights with a sum below 0 came back as they are. They can be divided, too: only 0 is the exception.",
        ),
        Mistake(
            "magnitude of the sum",
            lambda kernel: kernel / abs(kernel.sum()) if kernel.sum() else kernel,
            "You divided by the sum without its sign. Where it is below 0, the weights sum to -1 now, not to 1.",
        ),
        Mistake(
            "whole numbers",
            lambda kernel: keep_brightness(kernel) // 1,
            "The weights were cut to whole numbers: divide with /, not with //.",
        ),
        Mistake(
            "the rest subtracted",
            lambda kernel: kernel - (kernel.sum() - 1) / kernel.size if kernel.sum() else kernel,
            "The sum is 1, but you subtracted: the weights are no longer in the same proportion. Divide.",
        ),
        Mistake(
            "zeros for a sum of 0",
            _zeros_for_0,
            "Weights that sum to 0 became zeros, and so would every answer. They are to come back as they are.",
        ),
        Mistake(
            "positive weights for a sum of 0",
            _positive_for_0,
            "Weights that sum to 0 were divided by the sum of the positive ones. They are to come back as they are.",
        ),
    ),
    hints=(
        "What does a kernel make of a wall that is 1 everywhere? Its sum. What has to be done to the sum to make it 1?",
        "kernel.sum() adds up all weights. First ask whether it is 0.",
        "if kernel.sum() == 0: return kernel. Otherwise return kernel / kernel.sum()",
    ),
)


# ---- how steep a picture is ------------------------------------------------------------------------------------------


def steepness(image: Array) -> Array:
    across = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    down = across.T
    H, W = image.shape
    result = np.zeros((H - 2, W - 2))
    for i in range(H - 2):
        for j in range(W - 2):
            window = image[i : i + 3, j : j + 3]
            a, b = (window * across).sum(), (window * down).sum()
            result[i, j] = np.sqrt(a**2 + b**2)
    return result


def _changes(image: Array, kernel: Array = SOBEL) -> tuple[Array, Array]:
    return slide(image, kernel), slide(image, kernel.T)


def _added_before_the_root(image: Array) -> Array:
    a, b = _changes(image)
    return np.abs(a + b)


def _root_of_the_mean(image: Array) -> Array:
    return steepness(image) / np.sqrt(2)


def _last_place_forgotten(image: Array) -> Array:
    result = steepness(image)
    result[-1], result[:, -1] = 0, 0
    return result


def _images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield (np.array([[0.0, 3.0, 6.0], [4.0, 7.0, 10.0], [8.0, 11.0, 14.0]]),)  # rises by 3 and by 4, so by 5
    for H, W in [(3, 4), (4, 3), (5, 5), (4, 6)]:
        yield (rng.integers(0, 10, (H, W)).astype(float),)
    yield (rng.normal(scale=100, size=(6, 5)),)  # steeper than 255 at some places
    yield (rng.integers(0, 256, (4, 5), dtype=np.uint8),)


STEEPNESS = Exercise(
    name="steepness",
    notebook="04",
    statement=(
        "Write steepness(image): at every place where a 3 x 3 window fits into image (H, W), a is its answer to Sobel "
        "x, b to Sobel y, and the result is the root of a * a + b * b. The result is (H - 2, W - 2)."
    ),
    solution=steepness,
    cases=_images,
    mistakes=(
        Mistake(
            "mean",
            lambda image: sum(np.abs(v) for v in _changes(image)) / 2,
            "You took the mean of both. A slope of 3 to the right and 4 downward is 5 the steepest way, as in "
            "Pythagoras: the root of the sum of the squares.",
        ),
        Mistake(
            "magnitudes added",
            lambda image: sum(np.abs(v) for v in _changes(image)),
            "You added the two without their signs: 3 and 4 would make 7. The root of the sum of the squares is 5.",
        ),
        Mistake(
            "added with signs",
            lambda image: sum(_changes(image)),
            "You added a and b: a rise and a fall cancel then. Square each, add, and take the root.",
        ),
        Mistake(
            "mean with signs",
            lambda image: sum(_changes(image)) / 2,
            "You took the mean of a and b: a rise and a fall cancel then. Square each, add, and take the root.",
        ),
        Mistake(
            "divided by 8",
            lambda image: steepness(image) / 8,
            "You divided by 8. That would be the rise from pixel to pixel; asked for is the root of a * a + b * b.",
        ),
        Mistake(
            "root forgotten",
            lambda image: steepness(image) ** 2,
            "That is the sum of the squares: the root is still missing.",
        ),
        Mistake(
            "root of the mean",
            _root_of_the_mean,
            "You took the mean of the squares before the root: divide by nothing, only add them.",
        ),
        Mistake(
            "across only",
            lambda image: np.abs(slide(image, SOBEL)),
            "Only Sobel x is in it: horizontal edges are missing.",
        ),
        Mistake(
            "down only",
            lambda image: np.abs(slide(image, SOBEL.T)),
            "Only Sobel y is in it: vertical edges are missing.",
        ),
        Mistake(
            "added, then squared",
            _added_before_the_root,
            "You added a and b before you squared: a rise and a fall cancel then. Square each, then add.",
        ),
        Mistake(
            "difference of squares",
            lambda image: np.sqrt(np.abs(np.subtract(*(v**2 for v in _changes(image))))),
            "There is a minus between the squares. They are added.",
        ),
        Mistake(
            "the larger one",
            lambda image: np.maximum(*(np.abs(v) for v in _changes(image))),
            "You kept the larger of the two. Both count: the root of the sum of the squares.",
        ),
        Mistake(
            "Prewitt",
            lambda image: np.hypot(*_changes(image, PREWITT)),
            "These are Prewitt's kernels: in Sobel's the middle row counts twice, -2 0 2.",
        ),
        Mistake(
            "size of the input",
            lambda image: np.hypot(*_changes(np.pad(image.astype(float), 1))),
            SAME_SIZE,
        ),
        Mistake(
            "border repeated",
            lambda image: np.hypot(*_changes(np.pad(image.astype(float), 1, mode="edge"))),
            PADDED,
        ),
        Mistake(
            "last place forgotten",
            _last_place_forgotten,
            "The last row and the last column are 0, never filled in: there are H - 2 by W - 2 places, and "
            "range(H - 2) already stops in time.",
        ),
        Mistake("axes swapped", lambda image: steepness(image.T), SWAPPED),
    ),
    hints=(
        "Two loops over the places of the window, and in each window two sums of products: a and b.",
        "Sobel x is -1 0 1; -2 0 2; -1 0 1. Sobel y is the same with rows and columns exchanged: across.T",
        "result[i, j] = np.sqrt(a**2 + b**2)",
    ),
    only={SQUARE_IMAGES: square, "images of floats": lambda image: image.dtype.kind == "f"},
)


ALL = (KEEP_BRIGHTNESS, STEEPNESS)
