"""What a kernel can be learned from: a picture x, and a target t that a hidden kernel has made of it.

    y = conv2d(x, w)        L = 1/N * sum of (y - t)**2        N: the number of pixels of y
    dL/dw[i, j] = 2/N * sum over r, c of (y[r, c] - t[r, c]) * x[r + i, c + j]

The answer y is linear in the weights w: with the windows of x as the columns of a matrix X (`ops.unfold`), y = w X. So
the loss L is a bowl over the weights, and its gradient is straight in them:

    dL/dw = 2/N * X (Xᵀ w - t) = H w - p        H = 2/N * X Xᵀ        p = 2/N * X t

H and p are computed once. A gradient is then a product of H with the 9 weights, in place of a convolution and its
backward pass, and it is the same one: a test compares it with `ops.conv2d_backward` of `ops.mse_loss_backward`.

The eigenvalues of H are the curvatures of the bowl. Source: LeCun, Bottou, Orr, Müller, Efficient BackProp (1998),
sections 4.3 (why inputs are normalized) and 5.1 (curvatures and learning rates).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.traces.arrays import as_matrix, finite_number, read_only
from cnnlab.traces.text import number, precise, size_text

Values = NDArray[np.float64]
Shapes = tuple[tuple[int, ...], ...]

LARGEST_KERNEL, LARGEST_WEIGHT = 7, 100.0
SMALLEST_PICTURE, LARGEST_PICTURE = 16, 128
WHITE = 255.0
FLAT = 1e-12
"""The part of the largest curvature below which another one counts as 0."""
SPACES = "\u00a0" * 3  # an SVG takes several plain spaces for one


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be learned: the kernel of k x k weights with which ``input`` gives ``target``.

    ``hidden`` is the kernel that made the target. ``input`` is cut so that both kernels stand on the same pixels.
    """

    input: Values  # H, W
    target: Values  # H - k + 1, W - k + 1
    hidden: Values
    size: int  # k

    @cached_property
    def windows(self) -> Values:
        """X, (k*k, N): every window of the input as a column."""
        return np.asarray(ops.unfold(self.input[None], self.size), np.float64)

    @cached_property
    def hessian(self) -> Values:
        """H, (k*k, k*k): how the gradient changes with the weights."""
        return np.asarray(2 / self.target.size * (self.windows @ self.windows.T), np.float64)

    @cached_property
    def pull(self) -> Values:
        """p, (k*k,): minus the gradient where all weights are 0."""
        return np.asarray(2 / self.target.size * (self.windows @ self.target.ravel()), np.float64)

    @cached_property
    def bowl(self) -> tuple[Values, Values]:
        """The eigenvalues of H, the flattest first, and the directions that they belong to as columns."""
        curvatures, directions = np.linalg.eigh(self.hessian)
        return np.asarray(curvatures, np.float64), np.asarray(directions, np.float64)

    @property
    def largest_lr(self) -> float:
        """From this learning rate on, gradient descent does not converge."""
        return 2 / float(self.bowl[0][-1])

    @cached_property
    def best(self) -> Values:
        """The kernel of the smallest loss (k, k), the bottom of the bowl: H best = p."""
        curvatures, directions = self.bowl
        flat = curvatures < FLAT * curvatures[-1]
        along = np.where(flat, 0, directions.T @ self.pull / np.where(flat, 1, curvatures))
        return np.asarray(directions @ along).reshape(self.size, self.size)

    @cached_property
    def smallest_loss(self) -> float:
        return float(ops.mse_loss(self.answer(self.best), self.target))

    def answer(self, weight: Values) -> Values:
        """y = conv2d(x, w), the shape of the target."""
        return np.asarray(weight.ravel() @ self.windows).reshape(self.target.shape)

    def gradient(self, weight: Values) -> Values:
        """dL/dw, the shape of the kernel."""
        return np.asarray(self.hessian @ weight.ravel() - self.pull).reshape(weight.shape)

    def off(self, weight: Values) -> float:
        """The largest difference of a weight to the hidden kernel; what one of them does not have counts as 0."""
        shapes = (weight.shape, self.hidden.shape)
        learned, hidden = (_framed(w, shapes) for w in (weight, self.hidden))
        return float(np.abs(learned - hidden).max())

    def says(self) -> str:
        """How steep the bowl is in its steepest and in its flattest direction, and what that means for the steps."""
        curvatures = self.bowl[0]
        steep, flat = float(curvatures[-1]), max(float(curvatures[0]), 0.0)
        ratio = "no step moves there" if flat < FLAT * steep else f"{steep / flat:,.0f} times flatter"
        if steep < 1.5 * flat:
            ratio = "nearly as steep"
        limit = f"lr must be below 2 / {number(steep)} = {number(self.largest_lr)}"
        first = f"steepest direction: curvature {number(steep)}, so {limit}"
        return f"{first}{SPACES}flattest: {precise(float(f'{flat:.2g}'))}, {ratio}"


def gray_noise(size: int, seed: int) -> Values:
    """A picture of random gray values from 0 to 255, (size, size): no pixel says anything about another."""
    return np.random.default_rng(seed).integers(0, 256, (size, size)).astype(np.float64)


def learning_task(
    picture: ArrayLike, hidden: ArrayLike, size: int, normalize: bool = True, noise: float = 0.0, seed: int = 0
) -> Task:
    """The task to find the kernel that made a target.

    Args:
        picture: gray values from 0 to 255, (H, W). They are divided by 255; with ``normalize`` their mean is then
            subtracted, and they are divided by their standard deviation.
        hidden: the kernel that makes the target, (kh, kw); it is not flipped.
        size: rows and columns of the kernel that learns.
        noise: standard deviation of normal random numbers that are added to the target, drawn from ``seed``.

    Raises:
        ValueError: names the argument: a picture of another shape or range or of one gray, a kernel or a weight that is
            too large, a noise out of range.
    """
    pixels = as_matrix("picture", picture, (None, None))
    weight = as_matrix("target", hidden, (None, None))
    if not all(SMALLEST_PICTURE <= n <= LARGEST_PICTURE for n in pixels.shape):
        limits = f"{SMALLEST_PICTURE} to {LARGEST_PICTURE}"
        raise ValueError(f"picture must have {limits} rows and columns, but has {size_text(pixels.shape)}")
    if pixels.min() < 0 or pixels.max() > WHITE or pixels.std() < 0.5:
        raise ValueError("picture must hold gray values from 0 to 255, and not all the same")
    if max(weight.shape) > LARGEST_KERNEL or np.abs(weight).max() > LARGEST_WEIGHT:
        raise ValueError(
            f"target must be a kernel of at most {LARGEST_KERNEL} x {LARGEST_KERNEL} weights from -100 to 100"
        )
    if not 1 <= size <= LARGEST_KERNEL:
        raise ValueError(f"kernel_size must be from 1 to {LARGEST_KERNEL}, but is {size}")
    x = pixels / WHITE
    if normalize:
        x = (x - x.mean()) / x.std()
    return _task(x, weight, size, finite_number("noise", noise, 0, 100), seed)


def _task(x: Values, hidden: Values, size: int, noise: float, seed: int) -> Task:
    """Both kernels on the same pixels: those around which the larger one still fits."""
    (top, bottom), (left, right) = _around(((size, size), hidden.shape))
    rows, cols = x.shape

    def seen_by(kh: int, kw: int) -> Values:
        """The part of the picture that a kernel sees on its way over those pixels."""
        (up, down), (before, after) = _reach(kh), _reach(kw)
        return x[top - up : rows - bottom + down, left - before : cols - right + after]

    target = np.asarray(ops.conv2d(seen_by(*hidden.shape)[None], hidden[None, None])[0], np.float64)
    if noise:
        target = target + noise * np.random.default_rng([seed, 1]).normal(size=target.shape)
    return Task(read_only(seen_by(size, size)), read_only(target), hidden, size)


def _reach(size: int) -> tuple[int, int]:
    """How many cells of a kernel lie before and behind the one that stands on the pixel it answers for."""
    return (size - 1) // 2, size // 2


def _around(shapes: Shapes) -> list[tuple[int, int]]:
    """For rows and for columns: how far the kernels reach before and behind the pixel."""
    reaches = [[_reach(n) for n in sizes] for sizes in zip(*shapes, strict=True)]
    return [(max(before for before, _ in axis), max(behind for _, behind in axis)) for axis in reaches]


def _framed(weight: Values, shapes: Shapes) -> Values:
    """The kernel with zeros around it, so that it covers what kernels of all these shapes cover."""
    wide, own = _around(shapes), _around((weight.shape,))
    return np.pad(weight, [(w[0] - o[0], w[1] - o[1]) for w, o in zip(wide, own, strict=True)])
