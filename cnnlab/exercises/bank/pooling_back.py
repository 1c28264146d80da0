"""Notebook 06: the way back of a maximum."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import SQUARE_IMAGES, square
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


def max_pool_gradient(grad: Array, image: Array, size: int, stride: int) -> Array:
    result = np.zeros(image.shape)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            top, left = i * stride, j * stride
            window = image[top : top + size, left : left + size]
            row, col = divmod(window.argmax(), size)  # argmax: the first of the largest, in the order of reading
            result[top + row, left + col] += grad[i, j]
    return result


def _sent(grad: Array, image: Array, size: int, stride: int, kind: str) -> Array:
    """What comes back where each window sends its gradient out in a wrong way."""
    result = np.zeros(image.shape)
    for i, j in np.ndindex(grad.shape):
        here = (slice(i * stride, i * stride + size), slice(j * stride, j * stride + size))
        ties = image[here] == image[here].max()
        place = {"first cell": 0, "last": int(np.flatnonzero(ties)[-1]), "smallest": int(image[here].argmin())}
        if kind in place:
            result[here][divmod(place[kind], size)] += grad[i, j]
        else:
            shares = {"split": ties / ties.sum(), "all ties": ties * 1.0, "whole window": 1.0, "shared": 1 / size**2}
            result[here] += grad[i, j] * shares[kind]
    return result


def _written_over(grad: Array, image: Array, size: int, stride: int) -> Array:
    result = np.zeros(image.shape)
    for i, j in np.ndindex(grad.shape):
        row, col = divmod(image[i * stride : i * stride + size, j * stride : j * stride + size].argmax(), size)
        result[i * stride + row, j * stride + col] = grad[i, j]
    return result


def _place_in_the_window(grad: Array, image: Array, size: int, stride: int) -> Array:
    result = np.zeros(image.shape)
    for i, j in np.ndindex(grad.shape):
        window = image[i * stride : i * stride + size, j * stride : j * stride + size]
        result[divmod(window.argmax(), size)] += grad[i, j]
    return result


Place = Callable[[Array, int, int, int, int], tuple[int, int]]


def _placed(place: Place) -> Callable[..., Array]:
    """The gradient where each window, at i and j, sends it to another place."""

    def gradient(grad: Array, image: Array, size: int, stride: int) -> Array:
        result = np.zeros(image.shape)
        for i, j in np.ndindex(grad.shape):
            window = image[i * stride : i * stride + size, j * stride : j * stride + size]
            result[place(window, i, j, size, stride)] += grad[i, j]
        return result

    return gradient


def _stride_forgotten(window: Array, i: int, j: int, size: int, stride: int) -> tuple[int, int]:
    row, col = divmod(int(window.argmax()), size)
    return i + row, j + col


def _exchanged(window: Array, i: int, j: int, size: int, stride: int) -> tuple[int, int]:
    col, row = divmod(int(window.argmax()), size)
    return i * stride + row, j * stride + col


def _largest_magnitude(window: Array, i: int, j: int, size: int, stride: int) -> tuple[int, int]:
    row, col = divmod(int(np.abs(window).argmax()), size)
    return i * stride + row, j * stride + col


def _gradients(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, size, stride in [(2, 2, 2, 1), (3, 3, 2, 1), (4, 4, 2, 2), (5, 4, 3, 1), (4, 6, 2, 2), (7, 5, 3, 2)]:
        image = rng.integers(-2, 2, (H, W)).astype(float)  # few numbers, many equal
        grad = rng.integers(1, 9, ((H - size) // stride + 1, (W - size) // stride + 1)).astype(float)
        yield grad, image, size, stride
    yield rng.normal(size=(3, 2)), rng.normal(size=(6, 5)), 2, 2


def _mistake(name: str, kind: str, says: str) -> Mistake:
    return Mistake(name, lambda grad, image, size, stride: _sent(grad, image, size, stride, kind), says)


MAX_POOL_GRADIENT = Exercise(
    name="max pool gradient",
    notebook="06",
    statement=(
        "Write max_pool_gradient(grad, image, size, stride): grad holds what each output cell of a max pool sends "
        "back, and in every window all of it goes to the winner, the first of the largest cells in the order of "
        "reading. A cell that wins in several windows gets the sum. The result has the shape of image."
    ),
    solution=max_pool_gradient,
    cases=_gradients,
    mistakes=(
        _mistake(
            "ties split",
            "split",
            "You split the gradient among equal cells. It would be fair, but PyTorch gives all of it to the first of "
            "them, and so shall you.",
        ),
        _mistake(
            "all ties",
            "all ties",
            "Every cell that equals the maximum gets the whole gradient, so more comes back than was sent. Only the "
            "first one wins.",
        ),
        _mistake("last tie", "last", "Of several equal cells you chose the last one; it is the first one that wins."),
        _mistake(
            "shares of an average",
            "shared",
            "You shared the gradient out among all cells of the window: that is the way back of an average.",
        ),
        _mistake(
            "the whole window",
            "whole window",
            "Every cell of the window gets the whole gradient. Changing a cell that did not win would not change the "
            "output: its share is 0.",
        ),
        _mistake(
            "first cell", "first cell", "The gradient goes to the first cell of each window, and not to the largest."
        ),
        _mistake("smallest cell", "smallest", "The gradient goes to the smallest cell of each window: argmin."),
        Mistake(
            "written over",
            _written_over,
            "Where windows overlap, one cell can win twice: its shares have to be added, +=, not written over.",
        ),
        Mistake(
            "ones",
            lambda grad, image, size, stride: max_pool_gradient(np.ones(grad.shape), image, size, stride),
            "The winners are right, but each gets 1: it has to get what its output cell sends, grad[i, j].",
        ),
        Mistake(
            "place in the window",
            _place_in_the_window,
            "row and col are places in the window. In the image they are i * stride + row and j * stride + col.",
        ),
        Mistake(
            "stride forgotten",
            _placed(_stride_forgotten),
            "The window of grad[i, j] begins at i * stride, j * stride; you add row and col to i and j themselves.",
        ),
        Mistake(
            "row and column exchanged",
            _placed(_exchanged),
            "Row and column are exchanged: divmod(number, size) gives the row first, then the column.",
        ),
        Mistake(
            "largest magnitude",
            _placed(_largest_magnitude),
            "The winner is the largest number, with its sign: −2 is smaller than 1.",
        ),
        Mistake(
            "on the image",
            lambda grad, image, size, stride: image + max_pool_gradient(grad, image, size, stride),
            "The numbers of the image are still there: begin with zeros in its shape.",
        ),
        Mistake(
            "whole numbers",
            lambda grad, image, size, stride: np.trunc(max_pool_gradient(grad, image, size, stride)),
            "The digits behind the point are lost: is your result an array of int?",
        ),
        Mistake(
            "the maximum itself",
            lambda grad, image, size, stride: max_pool_gradient(np.ones(grad.shape), image, size, stride) * image,
            "The winners are right, but each gets its own number: it has to get what its output cell "
            "sends, grad[i, j].",
        ),
        Mistake(
            "times the maximum",
            lambda grad, image, size, stride: max_pool_gradient(grad, image, size, stride) * image,
            "You multiplied by the number of the winner: the output is the winner itself, so its slope is 1.",
        ),
    ),
    hints=(
        "Begin with zeros in the shape of the image. Then go through the output cells, as in max_pool.",
        "window.argmax() is the number of the first largest cell; divmod(number, size) is its row and its column.",
        "result[i * stride + row, j * stride + col] += grad[i, j]",
    ),
    only={SQUARE_IMAGES: lambda grad, image, size, stride: square(image)},
)


ALL = (MAX_POOL_GRADIENT,)
