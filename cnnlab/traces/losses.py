"""Losses sample by sample: each term, the reduction, and the gradient, with their formulas.

Here are the losses of single numbers; those of probabilities are in `cnnlab.traces.cross_entropies`, the Dice loss in
`cnnlab.traces.dice`.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 5.1.4 and 6.2.2; hinge: Cortes and Vapnik,
Support-vector networks (1995), Machine Learning 20.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops import losses as ops
from cnnlab.ops._arguments import one_of
from cnnlab.traces.arrays import as_vector, bounded, within
from cnnlab.traces.equation import Equation, Right, equation, total

Array = NDArray[np.float64]

Op = Callable[..., ArrayLike]

REDUCTIONS = ("mean", "sum")


@dataclass(frozen=True, eq=False)
class Loss:
    """A loss with all its numbers; arrays are float64 and read-only.

    `input` (the prediction) and `target` are (n,) or (n, C), `terms` (n,) the losses of the samples, `value` what the
    `reduction` makes of them, `gradient` (the shape of `input`) the slope of `value`.
    """

    name: str
    input: Array
    target: Array
    reduction: str
    terms: Array
    value: float
    gradient: Array
    term_text: Callable[[int], Right]
    slope_text: Callable[[tuple[int, ...]], Right]

    @property
    def samples(self) -> int:
        """n."""
        return len(self.terms)

    def term(self, index: int) -> Equation:
        """The loss of one sample, with its numbers."""
        i = within("index", index, self.samples)
        symbols, (template, numbers) = self.term_text(i)
        return equation(f"loss[{i}]", symbols, template, numbers, self.terms[i])

    def reduced(self) -> Equation:
        """How the terms become one number."""
        if self.samples == 1:
            return equation("loss", "loss[0]", "{:n}", [self.terms[0]], self.value)
        template, numbers = total(self.terms)
        if self.reduction == "sum":
            return equation("loss", "sum of the terms", template, numbers, self.value)
        return equation("loss", "sum of the terms / n", f"({template}) / {self.samples}", numbers, self.value)

    def slope(self, *index: int) -> Equation:
        """The gradient of one prediction (with classes: the sample, then the class)."""
        if len(index) != self.gradient.ndim:
            raise ValueError(f"index must be {self.gradient.ndim} numbers, but is {index}")
        checked = tuple(within("index", i, n) for i, n in zip(index, self.gradient.shape, strict=True))
        symbols, (template, numbers) = self.slope_text(checked)
        if self.reduction == "mean" and self.samples > 1 and template != "0":
            symbols, template = f"{_within(symbols)} / n", f"{_within(template)} / {self.samples}"
        place = ", ".join(str(i) for i in checked)
        return equation(f"gradient[{place}]", symbols, template, numbers, self.gradient[checked])


def mse(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Squared error: (y_hat − y)² of each number.

    Args:
        input, target: (n,).
        reduction: "mean" or "sum".

    Raises:
        ValueError: numbers that are not finite or too large, lists of different lengths, another reduction.
    """
    p, y = as_pair(input, target)

    def term(i: int) -> Right:
        return f"(y_hat[{i}] − y[{i}])²", ("({:n} − {})²", [p[i], y[i]])

    def slope(index: tuple[int, ...]) -> Right:
        (i,) = index
        return f"2·(y_hat[{i}] − y[{i}])", ("2·({:n} − {})", [p[i], y[i]])

    return worked("mse", ops.mse_loss, ops.mse_loss_backward, p, y, reduction, term, slope)


def mae(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Absolute error: |y_hat − y| of each number. Arguments and errors as in `mse`."""
    p, y = as_pair(input, target)

    def term(i: int) -> Right:
        return f"|y_hat[{i}] − y[{i}]|", ("|{:n} − {}|", [p[i], y[i]])

    def slope(index: tuple[int, ...]) -> Right:
        (i,) = index
        return f"sign(y_hat[{i}] − y[{i}])", ("sign({:n} − {})", [p[i], y[i]])

    return worked("mae", ops.l1_loss, ops.l1_loss_backward, p, y, reduction, term, slope)


def hinge(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Hinge loss: max(0, 1 − y·score), with targets −1 and 1; right by a margin of 1 costs nothing.

    Arguments and errors as in `mse`; the targets are −1 or 1.
    """
    s, y = as_pair(input, target)

    def term(i: int) -> Right:
        return f"max(0, 1 − y[{i}]·score[{i}])", ("max(0, 1 − {}·{})", [y[i], s[i]])

    def slope(index: tuple[int, ...]) -> Right:
        (i,) = index
        if y[i] * s[i] < 1:
            return f"−y[{i}]", ("−{}", [y[i]])
        return "0: right by the margin", ("0", [])

    return worked("hinge", ops.hinge_loss, ops.hinge_loss_backward, s, y, reduction, term, slope)


# ---- for every loss ------------------------------------------------------------------------------------------------


def as_pair(input: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Two lists of as many numbers."""
    x = as_vector("input", input)
    return x, as_vector("target", target, len(x))


def worked(
    name: str,
    forward: Op,
    backward: Op,
    input: Array,
    target: Array,
    reduction: str,
    term: Callable[[int], Right],
    slope: Callable[[tuple[int, ...]], Right],
) -> Loss:
    """The loss of checked arguments, computed by its op, with the functions that write it out."""
    one_of("reduction", reduction, REDUCTIONS)
    terms = bounded("loss", np.atleast_1d(forward(input, target, reduction="none")))
    value = bounded("loss", forward(input, target, reduction=reduction))
    gradient = bounded("gradient", backward(1.0, input, target, reduction=reduction))
    return Loss(name, input, target, reduction, terms, float(value), gradient, term, slope)


def _within(text: str) -> str:
    """A sum in parentheses, so that it can be divided."""
    return f"({text})" if " − " in text and not text.endswith(")") else text
