"""Notebook 09: the way back through a convolution, and through a layer that only lets some numbers pass."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]


# ---- the way back through a convolution ------------------------------------------------------------------------------


def conv_backward(dy: Array, image: Array, kernel: Array) -> Pair:
    kh, kw = kernel.shape
    dx = np.zeros(image.shape)
    dw = np.zeros(kernel.shape)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dx[i : i + kh, j : j + kw] += dy[i, j] * kernel
            dw += dy[i, j] * image[i : i + kh, j : j + kw]
    return dx, dw


def _not_added(dy: Array, image: Array, kernel: Array) -> Pair:
    dx, dw = np.zeros(image.shape), np.zeros(kernel.shape)
    for i, j in np.ndindex(dy.shape):
        dx[i : i + kernel.shape[0], j : j + kernel.shape[1]] = dy[i, j] * kernel
        dw = dy[i, j] * image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
    return dx, dw


def _dx_not_added(dy: Array, image: Array, kernel: Array) -> Pair:
    return _not_added(dy, image, kernel)[0], conv_backward(dy, image, kernel)[1]


def _dw_not_added(dy: Array, image: Array, kernel: Array) -> Pair:
    return conv_backward(dy, image, kernel)[0], _not_added(dy, image, kernel)[1]


def _factors_swapped(dy: Array, image: Array, kernel: Array) -> Pair:
    dx, dw = np.zeros(image.shape), np.zeros(kernel.shape)
    for i, j in np.ndindex(dy.shape):
        window = np.s_[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        dx[window] += dy[i, j] * image[window]
        dw += dy[i, j] * kernel
    return dx, dw


def _flipped(dy: Array, image: Array, kernel: Array) -> Pair:
    """dx as the full correlation of dy with the kernel as it is, not turned."""
    return conv_backward(dy, image, kernel[::-1, ::-1])[0], conv_backward(dy, image, kernel)[1]


def _dw_flipped(dy: Array, image: Array, kernel: Array) -> Pair:
    dx, dw = conv_backward(dy, image, kernel)
    return dx, dw[::-1, ::-1]


def _dx_cut(dy: Array, image: Array, kernel: Array) -> Pair:
    """dx as a valid convolution of dy, padded with zeros to the right shape."""
    dx, dw = conv_backward(dy, image, kernel)
    cut = np.zeros(image.shape)
    inside = tuple(slice(k - 1, n - k + 1) for k, n in zip(kernel.shape, image.shape, strict=True))
    cut[inside] = dx[inside]
    return cut, dw


def _dw_of_kernel(dy: Array, image: Array, kernel: Array) -> Pair:
    return conv_backward(dy, image, kernel)[0], dy.sum() * kernel


def _dy_forgotten(dy: Array, image: Array, kernel: Array) -> Pair:
    return conv_backward(np.ones(dy.shape), image, kernel)


def _mean(dy: Array, image: Array, kernel: Array) -> Pair:
    dx, dw = conv_backward(dy, image, kernel)
    return dx, dw / dy.size


def _images(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, kh, kw in [(2, 2, 2, 2), (3, 3, 2, 2), (3, 4, 2, 2), (4, 3, 2, 3), (5, 6, 3, 2), (6, 5, 3, 3)]:
        dy = rng.integers(-3, 4, (H - kh + 1, W - kw + 1)).astype(float)
        dy[0, 0] = 2.0
        yield dy, rng.integers(-5, 6, (H, W)).astype(float), rng.integers(-3, 4, (kh, kw)).astype(float)
    yield rng.normal(size=(4, 3)), rng.normal(size=(6, 6)), rng.normal(size=(3, 4))


CONV_BACKWARD = Exercise(
    name="conv backward",
    notebook="09",
    statement=(
        "Write conv_backward(dy, image, kernel): dx and dw, the gradients of the image and of the kernel, as a pair. "
        "dy is the gradient of the output of slide(image, kernel), (H - kh + 1, W - kw + 1); dx is (H, W), dw is "
        "(kh, kw)."
    ),
    solution=conv_backward,
    cases=_images,
    mistakes=(
        Mistake(
            "not added up",
            _not_added,
            "Each window overwrote what the windows before it had sent. A number that was used several times gets the "
            "sum: += in place of =.",
        ),
        Mistake(
            "dx not added up",
            _dx_not_added,
            "dw is right. In dx each window overwrote what the others had sent to the cells that they share: += in "
            "place of =.",
        ),
        Mistake(
            "dw not added up",
            _dw_not_added,
            "dx is right. In dw each window overwrote what the others had sent: every weight is used in all windows, "
            "so += in place of =.",
        ),
        Mistake(
            "factors swapped",
            _factors_swapped,
            "The factors are swapped: in a product each factor gets the other one. dx gets the kernel, dw the window.",
        ),
        Mistake(
            "signs",
            lambda dy, image, kernel: conv_backward(-dy, image, kernel),
            "All signs are turned around. A gradient points uphill; the minus comes with the update, not here.",
        ),
        Mistake(
            "kernel turned in dx",
            _flipped,
            "dw is right, dx comes from the turned kernel. Where you scatter, the kernel stays as it is; it is turned "
            "only where you slide it over dy with zeros around it, to gather.",
        ),
        Mistake("dw turned", _dw_flipped, "dx is right, dw is turned by 180 degrees: w[0, 0] met image[i, j]."),
        Mistake(
            "kernel in dw",
            _dw_of_kernel,
            "dx is right. For dw the other factor counts: the derivative of image·w with respect to w is the image.",
        ),
        Mistake(
            "dw and dx swapped",
            lambda dy, image, kernel: conv_backward(dy, image, kernel)[::-1],
            "You return dw before dx. The gradients come in the order of what they belong to: image, then kernel.",
        ),
        Mistake(
            "border of dx missing",
            _dx_cut,
            "dw is right, and so is the middle of dx; its border is 0. The cells there are in fewer windows, but in "
            "some: dx is as large as the image, and dy with it needs zeros around it.",
        ),
        Mistake(
            "dy not used",
            _dy_forgotten,
            "You sent back 1 from every output. Each sends its own dy[i, j]: that is the chain rule.",
        ),
        Mistake("dw averaged", _mean, "dw is the sum over all windows, not their mean: nothing is divided."),
    ),
    hints=(
        "Begin with dx and dw of zeros, and go through dy cell by cell, as slide goes through its output.",
        "The window of dy[i, j] is image[i : i + kh, j : j + kw]. Each of its numbers was multiplied by a weight, and "
        "each weight by one of them.",
        "dx[i : i + kh, j : j + kw] += dy[i, j] * kernel, and dw += dy[i, j] * image[i : i + kh, j : j + kw]",
    ),
)


# ---- the way back through dropout and ReLU ---------------------------------------------------------------------------


def relu_dropout_backward(dy: Array, x: Array, mask: Array, p: float) -> Array:
    return dy * mask / (1 - p) * (x > 0)


def _of_output(dy: Array, x: Array, mask: Array, p: float) -> Array:
    return np.maximum(dy, 0) * mask / (1 - p)


def _cases(rng: np.random.Generator) -> Iterator[Arguments]:
    for shape, p in [((4,), 0.5), ((6,), 0.2), ((2, 3), 0.25), ((3, 5), 0.75), ((4, 4), 0.5), ((2, 3, 4), 0.1)]:
        x = rng.integers(-4, 5, shape).astype(float)
        x.flat[:2] = 0.0, 3.0  # where ReLU has its corner, and where it lets pass
        mask = (rng.random(shape) >= p).astype(float)
        mask.flat[:3] = 1.0, 1.0, 0.0
        dy = rng.integers(-5, 6, shape).astype(float)
        dy.flat[:3] = 4.0, -2.0, 3.0
        yield dy, x, mask, p


RELU_DROPOUT_BACKWARD = Exercise(
    name="relu and dropout backward",
    notebook="09",
    statement=(
        "Write relu_dropout_backward(dy, x, mask, p): the gradient of x, where the layer computed "
        "np.maximum(x, 0) * mask / (1 - p). mask holds 1 for what was kept and 0 for what was dropped; all arrays have "
        "one shape. At x = 0 the derivative of ReLU counts as 0."
    ),
    solution=relu_dropout_backward,
    cases=_cases,
    mistakes=(
        Mistake(
            "relu of the gradient",
            _of_output,
            "You cut off the negative gradients. It is x that decides: where x was above 0, dy passes with its sign.",
        ),
        Mistake(
            "dy forgotten",
            lambda dy, x, mask, p: mask / (1 - p) * (x > 0),
            "These are the slopes alone. The chain rule multiplies them by what arrives, dy.",
        ),
        Mistake(
            "times x",
            lambda dy, x, mask, p: dy * x * mask / (1 - p),
            "You multiplied by x. The factor of ReLU is its slope: 1 where x was above 0, else 0.",
        ),
        Mistake(
            "relu applied again",
            lambda dy, x, mask, p: dy * mask / (1 - p) * np.maximum(x, 0),
            "You multiplied by the output of ReLU. The factor is its slope: 1 where x was above 0, else 0.",
        ),
        Mistake(
            "relu forgotten",
            lambda dy, x, mask, p: dy * mask / (1 - p),
            "The mask is right, ReLU is missing: where x was not above 0, nothing comes back.",
        ),
        Mistake(
            "mask forgotten",
            lambda dy, x, mask, p: dy * (x > 0),
            "Dropout is missing: a number that was dropped did not count, so its gradient is 0.",
        ),
        Mistake(
            "mask forgotten, scaled",
            lambda dy, x, mask, p: dy / (1 - p) * (x > 0),
            "The factor 1 / (1 - p) is right, the mask is missing: a number that was dropped gets the gradient 0.",
        ),
        Mistake(
            "not scaled",
            lambda dy, x, mask, p: dy * mask * (x > 0),
            "What was kept was divided by 1 - p on the way forward; the same factor belongs to the way back.",
        ),
        Mistake(
            "scaled by p",
            lambda dy, x, mask, p: dy * mask / p * (x > 0),
            "You divided by p, the share that is dropped. What was kept was divided by 1 - p.",
        ),
        Mistake(
            "multiplied by 1 - p",
            lambda dy, x, mask, p: dy * mask * (1 - p) * (x > 0),
            "You multiplied by 1 - p, which undoes the forward pass. A factor of the way forward is the same factor on "
            "the way back.",
        ),
        Mistake(
            "corner counted",
            lambda dy, x, mask, p: dy * mask / (1 - p) * (x >= 0),
            "At x = 0 you let the gradient pass. The corner counts as 0 here, as in PyTorch: x > 0.",
        ),
        Mistake(
            "the wrong half",
            lambda dy, x, mask, p: dy * mask / (1 - p) * (x < 0),
            "You let the gradient pass where x was negative. There ReLU is flat.",
        ),
        Mistake(
            "a new mask",
            lambda dy, x, mask, p: dy * (1 - mask) / (1 - p) * (x > 0),
            "You let the gradient pass where the number was dropped. The way back has the mask of the way forward.",
        ),
    ),
    hints=(
        "Go backward: first through the dropout, then through ReLU. Each is a factor for every number.",
        "Dropout multiplied by mask / (1 - p). ReLU has the slope 1 where x > 0 and 0 elsewhere; (x > 0) is just that.",
        "dy * mask / (1 - p) * (x > 0)",
    ),
)


ALL = (CONV_BACKWARD, RELU_DROPOUT_BACKWARD)
