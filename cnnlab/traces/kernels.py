"""A gray photo filtered by a kernel, or by two: the whole answer, every number of one pixel, and what there is to say.

The answer has the size of the photo, which is padded first. A kernel that is a column times a row is carried out in two
thin passes, which is what it is good for; :attr:`Filtered.difference` says that nothing but rounding comes of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from cnnlab import ops
from cnnlab.kernels import Kernel, Separation, gradient_magnitude, separability_says, separate
from cnnlab.kernels.named import named
from cnnlab.ops import _arguments as arguments
from cnnlab.traces.checks import at_most, finite
from cnnlab.traces.conv import MOST_TERMS, PADDING_MODES, Array, Convolution, ConvTrace
from cnnlab.traces.text import equals, factor, number, plural, precise, size_text

WHITE = 255.0
LARGEST_SIZE = 31
HEAVIEST = 1e6
VIEWS = ("auto", "signed", "photo", "absolute", "sign")
"""How an answer can be shown: "auto" is "signed" where the weights sum to 0, and "photo" where they do not."""

MOST_COLORED = 99.5  # percent of an answer that its colors reach; the few beyond have the strongest color, too
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Shown:
    """An answer as numbers to be painted: orange and blue up to ``high`` where it is ``signed``, or black to white."""

    values: Array
    signed: bool
    high: float
    note: str


@dataclass(frozen=True, eq=False)
class Pixel:
    """The numbers of one pixel of the answer: a window, its products and their sum for each kernel, and the value."""

    filtered: "Filtered"
    row: int
    col: int
    sums: tuple[ConvTrace, ...]
    value: float

    @property
    def written_out(self) -> bool:
        """Whether one line holds the sum: of one kernel, and product by product or row by row."""
        return len(self.sums) == 1 and self.sums[0].convolution.kernel_size[0] <= MOST_TERMS

    def formula(self) -> str:
        """How the value follows: from the products, or from the answers a and b of two kernels."""
        if len(self.sums) == 1:
            trace = self.sums[0]
            if not self.written_out:
                return f"{trace.name} {trace.sign()} {precise(self.value)}, the sum of {trace.window.size} products"
            return f"{trace.name} = {trace.formula()} {trace.sign()} {precise(self.value)}"
        a, b = (trace.value for trace in self.sums)
        terms = f"√({factor(a)}² + {factor(b)}²)"
        return f"{self.sums[0].name} = √(a² + b²) = {terms} {equals(self.value, a, b)} {precise(self.value)}"


@dataclass(frozen=True, eq=False)
class Filtered:
    """A photo and what became of it; ``steps`` are the convolutions, one for each of the ``kernels``.

    ``photo`` and ``answer`` are (H, W). With two kernels, the answer is how steep the photo is: sqrt(a**2 + b**2).
    """

    photo: Array
    kernels: tuple[Kernel, ...]
    steps: tuple[Convolution, ...]
    answer: Array

    def at(self, row: int, col: int) -> Pixel:
        """The pixel in a row and a column."""
        sums = tuple(step.at(row * self.photo.shape[1] + col) for step in self.steps)
        value = sums[0].value if len(sums) == 1 else math.hypot(*(trace.value for trace in sums))
        return Pixel(self, row, col, sums, value)

    # ---- how it is shown ---------------------------------------------------------------------------------------------

    def shown(self, view: str) -> Shown:
        """The answer as it is painted in one of the ``VIEWS``."""
        if view == "auto":
            view = "absolute" if len(self.kernels) > 1 else "photo" if self.kernels[0].sum else "signed"
        if view == "photo":
            return Shown(self.answer, False, WHITE, "black 0, white 255")
        if view == "sign":
            signs: Array = np.sign(self.answer) * (np.abs(self.answer) > ROUNDING)
            return Shown(signs, True, 1.0, "")
        magnitude: Array = np.abs(self.answer)
        high = float(np.percentile(magnitude, MOST_COLORED))
        high = high if high > ROUNDING else max(float(magnitude.max()), 1.0)
        if view == "signed":
            return Shown(self.answer, True, high, "")
        return Shown(magnitude, False, high, f"black 0, white {number(high)} and more")

    @cached_property
    def range(self) -> str:
        """The smallest and the largest number of the answer."""
        return f"{_whole(self.answer.min())} to {_whole(self.answer.max())}"

    @cached_property
    def cut(self) -> float:
        """The part of the answer that lies outside 0 ... 255, where a photo cannot show it."""
        return float(((self.answer < -ROUNDING) | (self.answer > WHITE + ROUNDING)).mean())

    # ---- two passes --------------------------------------------------------------------------------------------------

    @cached_property
    def separation(self) -> Separation | None:
        """The first kernel as a column and a row; None where it is no such product, or has only one row or column."""
        weight = self.kernels[0].weight
        return None if 1 in weight.shape else separate(weight)

    @cached_property
    def after_column(self) -> Array | None:
        """What the first of the two passes makes of the photo; None where there are no two passes."""
        if self.separation is None:
            return None
        (_, _), (left, _) = self.steps[0].padding
        passed = ops.conv2d(self.steps[0].padded, self.separation.column[None, None, :, None])[0]
        return np.asarray(passed[:, left : left + self.photo.shape[1]], np.float64)

    @cached_property
    def difference(self) -> float:
        """The largest difference between the answer in two passes and in one."""
        step = self.steps[0]
        return float(np.abs(ops.conv2d(step.padded, step.weight)[0] - step.output[0]).max())

    # ---- in words ----------------------------------------------------------------------------------------------------

    def says(self, separable: bool = False) -> tuple[str, str]:
        """What the kernel does, and what the sum of its weights means; or whether it is separable, and what of it."""
        if len(self.kernels) > 1:
            if self._is_gradient:
                return (
                    "How steep the photo is, whichever way the edge runs: the root of the sum of both squares.",
                    "It has no sign: from dark to bright counts as much as from bright to dark.",
                )
            return (
                "Both answers in one: the root of the sum of both squares.",
                "It has no sign: what was below 0 counts as much as what was above.",
            )
        kernel = self.kernels[0]
        if not separable:
            return kernel.says, sum_says(kernel.sum) + self._cut_says()
        if self.separation is None:
            return separability_says(kernel), sum_says(kernel.sum)
        within = f"the same to within {self.difference:.0e}, mere rounding"
        same = "exactly the same" if self.difference == 0 else within
        return separability_says(kernel), f"All {self.answer.size:,} pixels of both answers compared: {same}."

    @property
    def _is_gradient(self) -> bool:
        """Whether the two kernels ask for the change across and down: one is the other, rows and columns exchanged."""
        across, down = (kernel.weight for kernel in self.kernels)
        return self.kernels[0].sum == 0 and np.array_equal(across, down.T)

    def _cut_says(self) -> str:
        if not self.kernels[0].sum or not self.cut:
            return ""
        share = "less than 0.1%" if self.cut < 0.001 else f"{100 * self.cut:.1f}%"
        return f" {share} of the answer lies outside 0 to 255 and is cut."


def sum_says(total: float) -> str:
    """What a kernel whose weights sum to ``total`` makes of a flat region, in one sentence."""
    start = f"The weights sum to {number(total)}: "
    if total == 0:
        return f"{start}a flat region becomes 0, a white one as well as a black one. Only change is seen."
    if total == 1:
        return f"{start}a flat region keeps its brightness, 200 stays 200."
    flat = 200 * total
    end = " blacker than black" if flat < 0 else " whiter than white" if flat > WHITE else ""
    return f"{start}a flat 200 becomes {precise(flat)}{',' * bool(end)}{end}."


def normalized(kernel: Kernel) -> Kernel:
    """The kernel with its weights divided by their sum, so that they sum to 1.

    Raises ValueError where the sum is 0.
    """
    if kernel.sum == 0:
        raise ValueError(
            f"normalize divides by the sum of the weights, which is 0 for {kernel.name}: choose a kernel with another "
            "sum, or untick normalize"
        )
    if kernel.sum == 1:
        return kernel
    return named(kernel.name, kernel.weight / kernel.weight.sum(), kernel.says, kernel.source)


def filtered(photo: ArrayLike, kernels: Sequence[Kernel], padding_mode: str = "replicate") -> Filtered:
    """A gray photo, filtered.

    Args:
        photo: (H, W), numbers from 0 to 255.
        kernels: one, or two of the same size whose answers are the sides of a gradient.
        padding_mode: "replicate" repeats the border and makes no false edge; "zeros", "reflect" or "circular".

    Raises:
        ValueError: a photo of another shape or range, kernels of two sizes or of more than 31 x 31 cells, a weight that
            is not finite or beyond 1e6.
    """
    image = _photo(photo)
    padding: dict[tuple[int, ...], Array] = {}
    if len({kernel.weight.shape for kernel in kernels}) > 1:
        sizes = " and ".join(size_text(kernel.weight.shape) for kernel in kernels)
        raise ValueError(f"second must have as many cells as kernel, but they are {sizes}: give both the same size")
    weights = [_weight(name, kernel) for name, kernel in zip(("kernel", "second"), kernels, strict=False)]
    steps = tuple(_step(image, weight, padding_mode, padding) for weight in weights)
    answers = [step.output[0] for step in steps]
    answer: Array = answers[0] if len(answers) == 1 else np.asarray(gradient_magnitude(*answers), np.float64)
    return Filtered(image, tuple(kernels), steps, answer)


def _step(image: Array, weight: Array, padding_mode: str, padded: dict[tuple[int, ...], Array]) -> Convolution:
    """One convolution; the same padded photo serves two kernels of the same size."""
    ((top, bottom), (left, right)) = arguments.conv_padding("same", weight.shape, (1, 1), (1, 1))
    if weight.shape not in padded:
        sides = (left, right, top, bottom)
        padded[weight.shape] = ops.pad(image[None], sides, mode=PADDING_MODES[padding_mode]).astype(np.float64)
    x, w = padded[weight.shape], weight[None, None]
    return Convolution(
        input=image[None],
        weight=w,
        bias=None,
        stride=(1, 1),
        padding=((top, bottom), (left, right)),
        padding_mode=padding_mode,
        dilation=(1, 1),
        groups=1,
        flip=False,
        relu=False,
        padded=x,
        output=_convolved(x, w),
    )


def _convolved(x: Array, w: Array) -> Array:
    """In two passes where that is less work."""
    parts = separate(w[0, 0])
    if parts is None or 1 in w.shape[2:]:
        return np.asarray(ops.conv2d(x, w), np.float64)
    once = ops.conv2d(x, parts.column[None, None, :, None])
    return np.asarray(ops.conv2d(once, parts.row[None, None, None, :]), np.float64)


def _photo(photo: ArrayLike) -> Array:
    image = arguments.as_array("photo", photo)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"photo must be gray, with the axes (H, W), but its shape is {image.shape}")
    image = finite("photo", image)
    if image.min() < 0 or image.max() > WHITE:
        raise ValueError("photo must hold numbers from 0 to 255")
    at_most("photo", image.shape)
    return image


def _weight(name: str, kernel: Kernel) -> Array:
    weight = finite(name, kernel.weight)
    if weight.ndim != 2 or weight.size == 0:
        raise ValueError(f"{name} must be a grid of rows and columns, but its shape is {weight.shape}")
    at_most(f"{name} size", weight.shape, LARGEST_SIZE)
    if np.abs(weight).max() > HEAVIEST:
        raise ValueError(f"{name} must hold weights from -1e6 to 1e6 here, but one is {np.abs(weight).max():.1e}")
    return weight


def passes_say(separation: Separation | None, kernel: Kernel) -> list[tuple[int, str]]:
    """The multiplications a pixel, and in words, in one pass and, where the kernel is separable, in two."""
    height, width = kernel.weight.shape
    once = height * width
    lines = [(once, f"one pass: {height} · {width} = {plural(once, 'product')} a pixel")]
    if separation is not None:
        twice = separation.multiplications[1]
        lines.append((twice, f"two passes: {height} + {width} = {twice}"))
    return lines


def _whole(value: float) -> str:
    """A bound of a range: to the unit where it is large."""
    return number(round(float(value)) if abs(value) >= 10 else round(float(value), 3))
