"""Notebook 04: a kernel that is learned."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import SQUARE_IMAGES, SQUARE_KERNELS, SWAPPED, square, square_kernel
from cnnlab.exercises.exercise import Answer, Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def kernel_step(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    H, W = target.shape
    answer = np.zeros((H, W))
    for i, j in np.ndindex(kernel.shape):
        answer += kernel[i, j] * image[i : i + H, j : j + W]  # what the weight [i, j] sees, from place to place
    error = answer - target
    gradient = np.zeros(kernel.shape)
    for i, j in np.ndindex(kernel.shape):
        gradient[i, j] = (2 * error * image[i : i + H, j : j + W]).mean()
    return kernel - lr * gradient


def _gradient(image: Array, kernel: Array, target: Array) -> Array:
    return kernel - kernel_step(image, kernel, target, 1)


def _stepping(change: Answer) -> Answer:
    """Somebody who gets all right but the gradient, of which ``change(gradient, target)`` is made."""

    def step(image: Array, kernel: Array, target: Array, lr: float) -> Array:
        return kernel - lr * change(_gradient(image, kernel, target), target)

    return step


def _weighing(weigh: Answer) -> Answer:
    """Somebody whose gradient is the mean of ``weigh(error, what the weight saw)``."""

    def step(image: Array, kernel: Array, target: Array, lr: float) -> Array:
        error = sum(w * _seen(image, place, target) for place, w in np.ndenumerate(kernel)) - target
        gradient = [weigh(error, _seen(image, place, target)).mean() for place in np.ndindex(kernel.shape)]
        return kernel - lr * np.reshape(gradient, kernel.shape)

    return step


def _seen(image: Array, place: tuple[int, ...], target: Array) -> Array:
    i, j = place
    return image[i : i + target.shape[0], j : j + target.shape[1]]


def _flipped(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    return kernel - lr * _gradient(image, kernel[::-1, ::-1], target)


def _one_place(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    error = sum(w * _seen(image, place, target) for place, w in np.ndenumerate(kernel)) - target
    return kernel - lr * (2 * error * _seen(image, (0, 0), target)).mean()


def _place_by_place(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    moved = kernel.copy()
    for i, j in np.ndindex(target.shape):
        window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        moved -= lr * 2 * ((window * moved).sum() - target[i, j]) * window / target.size
    return moved


def _last_place(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    window = image[target.shape[0] - 1 :, target.shape[1] - 1 :]
    return kernel - lr * 2 * ((window * kernel).sum() - target[-1, -1]) * window / target.size


def _loss_subtracted(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    error = sum(w * _seen(image, place, target) for place, w in np.ndenumerate(kernel)) - target
    return kernel - lr * (error**2).mean()


def _while_it_moves(image: Array, kernel: Array, target: Array, lr: float) -> Array:
    moved = kernel.copy()
    for i, j in np.ndindex(kernel.shape):
        moved[i, j] -= lr * _gradient(image, moved, target)[i, j]
    return moved


def _pictures(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, kh, kw, lr in [
        (1, 2, 1, 1, 0.5),
        (3, 3, 2, 2, 0.25),
        (2, 5, 1, 3, 0.1),
        (4, 3, 3, 2, 0.2),
        (5, 7, 2, 3, 0.05),
        (6, 6, 3, 3, 0.1),
        (9, 6, 3, 3, 0.3),
    ]:
        target = rng.integers(-5, 6, (H - kh + 1, W - kw + 1)).astype(float)
        yield rng.integers(-4, 5, (H, W)).astype(float), rng.integers(-3, 4, (kh, kw)).astype(float), target, lr
    yield rng.normal(size=(8, 7)), rng.normal(size=(2, 4)), rng.normal(size=(7, 4)), 0.15


KERNEL_STEP = Exercise(
    name="kernel step",
    notebook="04",
    statement=(
        "Write kernel_step(image, kernel, target, lr): the kernel after one step of gradient descent. The answer is "
        "the kernel slid over the image (stride 1, no padding), the loss is the mean of (answer - target) ** 2 over "
        "the pixels of the answer, lr is the learning rate."
    ),
    solution=kernel_step,
    cases=_pictures,
    mistakes=(
        Mistake(
            "uphill",
            _stepping(lambda gradient, target: -gradient),
            "The step goes uphill. The gradient says where the loss grows: subtract it, and take answer - target, not "
            "target - answer.",
        ),
        Mistake(
            "2 forgotten",
            _stepping(lambda gradient, target: gradient / 2),
            "A factor of 2 is missing: the slope of a square, e ** 2, is 2 * e.",
        ),
        Mistake(
            "not divided",
            _stepping(lambda gradient, target: gradient * target.size),
            "That is the gradient of the sum of the squares. The loss is their mean: divide by the number of pixels.",
        ),
        Mistake(
            "2 forgotten, not divided",
            _stepping(lambda gradient, target: gradient * target.size / 2),
            "The factor in front is missing: the slope of the mean of N squares is 2 / N times a sum.",
        ),
        Mistake(
            "divided by the weights",
            _stepping(lambda gradient, target: gradient * target.size / gradient.size),
            "You divide by the number of weights. The mean is over the pixels of the answer.",
        ),
        Mistake(
            "divided by the pixels of the image",
            lambda image, kernel, target, lr: kernel - lr * _gradient(image, kernel, target) * target.size / image.size,
            "You divide by the number of pixels of the image. The mean is over those of the answer, which are fewer.",
        ),
        Mistake(
            "learning rate forgotten",
            lambda image, kernel, target, lr: kernel - _gradient(image, kernel, target),
            "The whole gradient was subtracted: multiply it by lr.",
        ),
        Mistake(
            "only the gradient",
            lambda image, kernel, target, lr: _gradient(image, kernel, target),
            "This is the gradient. The kernel after the step was asked for: kernel - lr * gradient.",
        ),
        Mistake(
            "only the change",
            lambda image, kernel, target, lr: -lr * _gradient(image, kernel, target),
            "This is the change of the kernel: add it to the kernel.",
        ),
        Mistake(
            "image forgotten",
            _weighing(lambda error, seen: 2 * error),
            "All weights change by the same amount: multiply the error by what each weight saw.",
        ),
        Mistake(
            "loss subtracted",
            _loss_subtracted,
            "You subtract the loss. What is subtracted is its slope, which is another one for each weight.",
        ),
        Mistake(
            "product of the means",
            _weighing(lambda error, seen: 2 * error.mean() * seen.mean()),
            "The mean of a product is not the product of the means: multiply pixel by pixel, then take the mean.",
        ),
        Mistake(
            "axes of filters and channels",
            lambda image, kernel, target, lr: kernel_step(image, kernel, target, lr)[None, None],
            "The numbers are right, but the gradient of ops has axes for filters and channels, too: take its [0, 0].",
        ),
        Mistake(
            "last place only",
            _last_place,
            "Only the last place counts in your gradient: add up what each place says, with +=.",
        ),
        Mistake(
            "one window for all weights",
            _one_place,
            "Every weight was given the same part of the image. The weight [i, j] saw the part that begins at row i, "
            "column j.",
        ),
        Mistake(
            "error squared",
            _weighing(lambda error, seen: 2 * error**2 * seen),
            "The error is squared in your gradient. The slope of e ** 2 is 2 * e: it is not squared any more.",
        ),
        Mistake(
            "sign of the error",
            _weighing(lambda error, seen: np.sign(error) * seen),
            "Only the sign of the error is used: that is the gradient of the mean absolute error.",
        ),
        Mistake(
            "flipped kernel",
            _flipped,
            "The answer was computed with a flipped kernel. A CNN layer lays the kernel on as it is.",
        ),
        Mistake(
            "flipped gradient",
            _stepping(lambda gradient, target: gradient[::-1, ::-1]),
            "The gradient is turned around: gradient[i, j] belongs to kernel[i, j].",
        ),
        Mistake(
            "weights moved one by one",
            _while_it_moves,
            "The answer was computed again after each weight had moved. All weights move at once, from one answer.",
        ),
        Mistake(
            "kernel moved at each place",
            _place_by_place,
            "The kernel moved after each place. Add up the gradient of all places first, then move it once.",
        ),
        Mistake("axes swapped", lambda image, kernel, target, lr: kernel_step(image.T, kernel, target, lr), SWAPPED),
    ),
    hints=(
        "First the answer, then error = answer - target. The slope of error ** 2 is 2 * error times the slope of the "
        "answer.",
        "When the weight [i, j] grows by 1, the answer at [r, c] grows by image[r + i, c + j]: over all places that is "
        "image[i : i + H, j : j + W], with H, W = target.shape.",
        "gradient[i, j] = (2 * error * image[i : i + H, j : j + W]).mean(), and then kernel - lr * gradient",
    ),
    only={SQUARE_IMAGES: square, SQUARE_KERNELS: square_kernel},
)


ALL = (KERNEL_STEP,)
