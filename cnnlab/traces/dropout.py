"""Dropout, every number by name: a layer under one mask, one unit over all masks, and how many are dropped.

Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout (2014), JMLR 15, section 4.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops import _arguments as arguments
from cnnlab.ops.dropout import dropout, dropout_backward, non_inverted_dropout, non_inverted_dropout_backward
from cnnlab.ops.dropout import dropout_mask as drawn_mask
from cnnlab.traces.arrays import as_vector, bounded, finite_number, read_only, within
from cnnlab.traces.equation import Equation, equation, products

Array = NDArray[np.float64]

MOST_INPUTS = 16
"""Inputs of a unit whose masks are all worked out: 2^16 of them."""


@dataclass(frozen=True, eq=False)
class DropoutLayer:
    """`x` under one `mask` of zeros and ones (1 is kept); arrays are float64 and read-only.

    `inverted` scales by 1 / (1 − p) in training and by nothing afterwards; the other way, the paper's, scales by
    nothing in training and by 1 − p afterwards. `y_train` and `y_test` are the outputs in the two modes; `y` is that of
    the mode asked for. Each entry of `mean` is the expectation of y_train over all masks: it equals y_test, save for
    `inverted` with p = 1, where nothing is left to scale.
    """

    x: Array
    p: float
    mask: Array
    inverted: bool
    training: bool
    y_train: Array
    y_test: Array

    @property
    def y(self) -> Array:
        return self.y_train if self.training else self.y_test

    @property
    def kept(self) -> int:
        """How many the mask keeps."""
        return int(self.mask.sum())

    @property
    def scale_train(self) -> float:
        """What a kept number is multiplied by in training; 0 where nothing is ever kept."""
        if not self.inverted:
            return 1.0
        return 1 / (1 - self.p) if self.p < 1 else 0.0

    @property
    def scale_test(self) -> float:
        """What every number is multiplied by afterwards."""
        return 1.0 if self.inverted else 1 - self.p

    @cached_property
    def mean(self) -> Array:
        """The expectation of y_train: each number is kept with probability 1 − p."""
        return read_only((1 - self.p) * self.scale_train * self.x)

    @property
    def expected_kept(self) -> float:
        return (1 - self.p) * self.x.size

    @cached_property
    def factor(self) -> Array:
        """What each number is multiplied by in the mode asked for, and its gradient on the way back."""
        return read_only(self.mask * self.scale_train if self.training else np.full(self.x.size, self.scale_test))

    def equation(self, index: int = 0) -> Equation:
        """One output in the mode asked for, with its numbers."""
        i = within("index", index, len(self.x))
        return self.line(f"y[{i}]", f"x[{i}]", i, self.x[i], self.y[i])

    def line(self, name: str, of: str, i: int, value: float, result: float) -> Equation:
        """How a `value` called `of` becomes the `result`: the number itself, or its gradient on the way back."""
        r = float(self.mask[i])
        if not self.training:
            if self.inverted:
                return equation(name, of, "{:n}", [value], result)
            return equation(name, f"{of}·(1 − p)", "{:n}·(1 − {})", [value, self.p], result)
        if self.inverted and self.p == 1:
            return equation(name, "0: with p = 1 nothing is kept", "0", [], result)
        if self.inverted:
            return equation(name, f"{of}·mask[{i}] / (1 − p)", "{:n}·{} / (1 − {})", [value, r, self.p], result)
        return equation(name, f"{of}·mask[{i}]", "{:n}·{}", [value, r], result)

    def backward(self, grad_y: ArrayLike) -> Array:
        """The gradient of x: it takes the way of the number itself, through the same mask and the same factor."""
        grad = as_vector("grad_y", grad_y, len(self.x))
        back = dropout_backward if self.inverted else non_inverted_dropout_backward
        return bounded("grad_x", back(grad, self.x, self.p, self.training, mask=self.mask))


def dropout_layer(
    x: ArrayLike,
    p: float = 0.5,
    training: bool = True,
    *,
    mask: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
    inverted: bool = True,
) -> DropoutLayer:
    """Drop numbers of a layer, each with probability p.

    Args:
        x: the numbers, (n,).
        p: the probability that a number is dropped.
        training: which of the two modes `y` shows; the mask is kept either way.
        mask, rng: the mask, or what draws it; exactly one of them.
        inverted: as PyTorch does it; False is the paper's way.

    Raises:
        ValueError: as in `ops.dropout`; neither mask nor rng is given.
    """
    values, probability = as_vector("x", x), finite_number("p", p, 0, 1)
    if (mask is None) == (rng is None):
        raise ValueError("give either a mask of zeros and ones, or rng=np.random.default_rng(0) to draw one")
    if rng is not None:
        mask = drawn_mask(values.shape, probability, rng=rng)
    forward = dropout if inverted else non_inverted_dropout
    y_train = bounded("y", forward(values, probability, True, mask=mask))
    y_test = bounded("y", forward(values, probability, False))
    kept = as_vector("mask", arguments.as_array("mask", mask), len(values))  # type: ignore[arg-type]
    return DropoutLayer(values, probability, kept, bool(inverted), bool(training), y_train, y_test)


@dataclass(frozen=True, eq=False)
class DropoutUnit:
    """A linear unit y = w·x whose inputs are dropped, both ways of scaling side by side.

    `y_train` is with this mask, `y_train_mean` the mean over all 2^n masks, `y_test` afterwards; `w_test` are the
    weights that give `y_test`. The same with `inverted_` in front scales in training instead.
    """

    x: Array
    w: Array
    p: float
    mask: Array
    masks: Array
    probabilities: Array
    values: Array

    @property
    def y_no_dropout(self) -> float:
        return float(self.w @ self.x)

    @property
    def y_train(self) -> float:
        return float(self.w @ (self.x * self.mask))

    @property
    def y_train_mean(self) -> float:
        return float(self.probabilities @ self.values)

    @property
    def w_test(self) -> Array:
        return read_only(self.w * (1 - self.p))

    @property
    def y_test(self) -> float:
        return float(self.w @ non_inverted_dropout(self.x, self.p, training=False))

    @property
    def inverted_y_train(self) -> float:
        return float(self.w @ dropout(self.x, self.p, mask=self.mask))

    @property
    def inverted_y_train_mean(self) -> float:
        return self.y_train_mean / (1 - self.p) if self.p < 1 else 0.0

    @property
    def inverted_y_test(self) -> float:
        return self.y_no_dropout

    @property
    def y_train_std(self) -> float:
        """How far y_train strays from its mean: the root of the expected square of its deviation."""
        return float(np.sqrt(self.probabilities @ (self.values - self.y_train_mean) ** 2))

    def distribution(self) -> tuple[Array, Array]:
        """The different values that y_train can take, in order, and the probability of each."""
        digits = 12 - math.ceil(math.log10(np.abs(self.values).max() or 1))  # 0.1 + 0.2 and 0.3 are one value
        values, which = np.unique(self.values.round(digits), return_inverse=True)
        return read_only(values), read_only(np.bincount(which.ravel(), weights=self.probabilities))

    def equation(self, name: str = "y_train") -> Equation:
        """The sum behind "y_no_dropout", "y_train", "y_test", or the last two with "inverted_" in front."""
        kept = self.x * self.mask
        sums = {
            "y_no_dropout": ("w·x", self.w, self.x),
            "y_train": ("w·(x·mask)", self.w, kept),
            "y_test": ("(w·(1 − p))·x", self.w_test, self.x),
            "inverted_y_train": ("w·(x·mask / (1 − p))", self.w, dropout(self.x, self.p, mask=self.mask)),
            "inverted_y_test": ("w·x", self.w, self.x),
        }
        arguments.one_of("name", name, tuple(sums))
        symbols, left, right = sums[name]
        return equation(name, symbols, *products(left, np.asarray(right, np.float64)), getattr(self, name))


def dropout_unit(x: ArrayLike, w: ArrayLike, p: float, mask: ArrayLike) -> DropoutUnit:
    """One linear unit with dropout on its inputs, worked out for this mask and for all of them.

    Args:
        x, w: inputs and weights, (n,), at most 16 of them.
        p: the probability that an input is dropped.
        mask: (n,) of zeros and ones, 1 is kept.

    Raises:
        ValueError: as in `ops.dropout`; more inputs, or weights of another number.
    """
    values = as_vector("x", x)
    weights, probability = as_vector("w", w, len(values)), finite_number("p", p, 0, 1)
    if len(values) > MOST_INPUTS:
        raise ValueError(f"x may have {MOST_INPUTS} numbers, since all 2^n masks are worked out, but has {len(values)}")
    this = dropout_layer(values, probability, mask=mask, inverted=False)
    masks = np.array(list(product((0.0, 1.0), repeat=len(values))))
    kept = masks.sum(axis=1)
    probabilities = (1 - probability) ** kept * probability ** (len(values) - kept)
    with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
        largest = np.abs(weights * values).sum()
        bounded("y", largest / (1 - probability) if probability < 1 else largest)
        sums = bounded("y", masks @ (weights * values))
    return DropoutUnit(values, weights, probability, this.mask, read_only(masks), read_only(probabilities), sums)


@dataclass(frozen=True, eq=False)
class Dropped:
    """How many of n units are dropped: a binomial distribution.

    `pmf[k]` is the probability that exactly k of them are.
    """

    n: int
    p: float
    pmf: Array

    @property
    def mean(self) -> float:
        return self.n * self.p

    @property
    def std(self) -> float:
        return math.sqrt(self.n * self.p * (1 - self.p))

    def equations(self) -> tuple[Equation, Equation]:
        """Mean and standard deviation, with their numbers."""
        return (
            equation("mean", "n·p", "{:n}·{}", [self.n, self.p], self.mean),
            equation("std", "√(n·p·(1 − p))", "√({:n}·{}·(1 − {}))", [self.n, self.p, self.p], self.std),
        )


def dropped(n: int, p: float) -> Dropped:
    """The distribution of how many of n units are dropped, each with probability p.

        pmf[k] = n! / (k! (n − k)!) · p^k · (1 − p)^(n − k)

    Raises:
        ValueError: n is not a whole number from 1 to 100000, or p is not between 0 and 1.
    """
    count, probability = arguments.integer("n", n, minimum=1), finite_number("p", p, 0, 1)
    if count > 100_000:
        raise ValueError(f"n must be at most 100000, but is {count}")
    if probability in (0.0, 1.0):
        return Dropped(count, probability, read_only(np.eye(1, count + 1, int(probability) * count)[0]))
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])  # n! itself overflows at 171
    k = np.arange(count + 1)
    log_pmf = log_factorial[count] - log_factorial[k] - log_factorial[count - k]
    log_pmf += k * math.log(probability) + (count - k) * math.log1p(-probability)
    return Dropped(count, probability, read_only(np.exp(log_pmf)))
