"""Cross-entropies sample by sample: of probabilities that are given, and of scores, with softmax or sigmoid inside.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 3.13 and 6.2.2.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops
from cnnlab.ops import _arguments as arguments
from cnnlab.ops.binary_losses import MIN_LOG, MIN_SLOPE
from cnnlab.traces.arrays import as_matrix, bounded, read_only
from cnnlab.traces.equation import SHOWN, Parts, Right, products, terms, total
from cnnlab.traces.losses import Loss, as_pair, worked
from cnnlab.traces.text import MINUS, number

Array = NDArray[np.float64]

LEAST = f"{MIN_SLOPE:.0e}".replace("-", MINUS)
"""The least number that a slope divides by, as it is written."""


def bce(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Binary cross-entropy: −(y·log(p) + (1 − y)·log(1 − p)).

    Args:
        input: (n,) probabilities between 0 and 1.
        target: (n,), 0 or 1 or anything between.
        reduction: "mean" or "sum".

    Raises:
        ValueError: numbers outside 0 to 1, lists of different lengths, another reduction.
    """
    p, y = as_pair(input, target)

    def term(i: int) -> Right:
        symbols = f"−(y[{i}]·log(p[{i}]) + (1 − y[{i}])·log(1 − p[{i}]))"
        if min(p[i], 1 - p[i]) < SHOWN:
            logs, cut = _logs(np.array([p[i], 1 - p[i]]))
            return f"{symbols}{cut}", ("−({:n}·{} + {}·{})", [y[i], logs[0], 1 - y[i], logs[1]])
        return symbols, ("−({:n}·log({:n}) + (1 − {})·log(1 − {}))", [y[i], p[i], y[i], p[i]])

    def slope(index: tuple[int, ...]) -> Right:
        (i,) = index
        symbols = f"(p[{i}] − y[{i}]) / (p[{i}]·(1 − p[{i}]))"
        below = p[i] * (1 - p[i])
        if below < MIN_SLOPE:
            symbols = f"(p[{i}] − y[{i}]) / (p·(1 − p), at least {LEAST})"
            return symbols, (f"({{:n}} − {{}}) / {LEAST}", [p[i], y[i]])
        if below < SHOWN:
            return symbols, ("({:n} − {}) / {}", [p[i], y[i], below])
        return symbols, ("({:n} − {}) / ({}·(1 − {}))", [p[i], y[i], p[i], p[i]])

    return worked("bce", ops.binary_cross_entropy, ops.binary_cross_entropy_backward, p, y, reduction, term, slope)


def bce_with_logits(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Binary cross-entropy of scores z, with sigmoid inside: exact for any score, and its gradient is sigmoid(z) − y.

    Arguments and errors as in `bce`; a score may be any number.
    """
    z, y = as_pair(input, target)

    def term(i: int) -> Right:
        symbols = f"max(z[{i}], 0) − y[{i}]·z[{i}] + log(1 + exp(−|z[{i}]|))"
        return symbols, ("max({:n}, 0) − {}·{} + log(1 + exp(−|{:n}|))", [z[i], y[i], z[i], z[i]])

    def slope(index: tuple[int, ...]) -> Right:
        (i,) = index
        return f"sigmoid(z[{i}]) − y[{i}]", ("sigmoid({:n}) − {}", [z[i], y[i]])

    forward, backward = ops.binary_cross_entropy_with_logits, ops.binary_cross_entropy_with_logits_backward
    return worked("bce_with_logits", forward, backward, z, y, reduction, term, slope)


def categorical_cross_entropy(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Cross-entropy of given probabilities and one-hot targets: −(sum of y·log(p)) of each sample.

    Args:
        input: probabilities, (n, C), or (C,) for one sample.
        target: one-hot, in the same shape.
        reduction: "mean" or "sum".

    Raises:
        ValueError: as in `ops.categorical_cross_entropy`, or another reduction.
    """
    p = as_matrix("input", _rows("input", input), (None, None))
    y = as_matrix("target", _rows("target", target), p.shape)

    def term(i: int) -> Right:
        asked = np.flatnonzero(y[i])
        if (p[i, asked] < SHOWN).any():
            logs, cut = _logs(p[i, asked])
            template, numbers = products(y[i, asked], logs)
            return f"−(sum of y[{i}]·log(p[{i}])){cut}", (f"−({template})", numbers)
        if len(asked) == 1 and y[i, asked[0]] == 1:
            return f"−log(p[{i}, {asked[0]}])", ("−log({:n})", [p[i, asked[0]]])
        each: list[Parts] = [("{:n}·log({:n})", [y[i, c], p[i, c]]) for c in asked]
        template, numbers = terms(each)
        return f"−(sum of y[{i}]·log(p[{i}]))", (f"−({template})", numbers)

    def slope(index: tuple[int, ...]) -> Right:
        i, c = index
        if p[i, c] < MIN_SLOPE:
            return f"−y[{i}, {c}] / (p[{i}, {c}], at least {LEAST})", (f"−{{}} / {LEAST}", [y[i, c]])
        return f"−y[{i}, {c}] / p[{i}, {c}]", ("−{} / {}", [y[i, c], p[i, c]])

    forward, backward = ops.categorical_cross_entropy, ops.categorical_cross_entropy_backward
    return worked("categorical_cross_entropy", forward, backward, p, y, reduction, term, slope)


def cross_entropy(input: ArrayLike, target: ArrayLike, *, reduction: str = "mean") -> Loss:
    """Cross-entropy of scores, with softmax inside: log(sum of exp(z)) − z[class], exact for any score.

    The largest score is subtracted from all, as in `cnnlab.traces.softmax`. The gradient of a score is its probability,
    less 1 at the right class.

    Args:
        input: scores, (n, C), or (C,) for one sample.
        target: the right classes, (n,) whole numbers from 0 to C − 1, or one number for one sample.
        reduction: "mean" or "sum".

    Raises:
        ValueError: as in `ops.cross_entropy`, or another reduction.
    """
    z = as_matrix("input", _rows("input", input), (None, None))
    arguments.as_array("target", target)  # says what is wrong with a tensor or a ragged list
    classes = np.atleast_1d(np.array(target))
    if classes.shape != (len(z),) or (classes < 0).any():
        raise ValueError(f"target must be {len(z)} classes from 0 to {z.shape[1] - 1}, but is {target!r}")
    with np.errstate(over="ignore", under="ignore"):  # said by bounded, in words
        shifted = bounded("input", z - z.max(axis=1, keepdims=True))
        exps, p = np.exp(shifted), ops.softmax(z, 1)

    def forward(x: ArrayLike, _: ArrayLike, *, reduction: str) -> ArrayLike:
        return ops.cross_entropy(x, classes, reduction=reduction)

    def backward(grad: float, x: ArrayLike, _: ArrayLike, *, reduction: str) -> ArrayLike:
        return ops.cross_entropy_backward(grad, x, classes, reduction=reduction)

    def term(i: int) -> Right:
        template, numbers = total(exps[i])
        symbols = f"log(sum of exp(z[{i}] − largest)) − (z[{i}, {classes[i]}] − largest)"
        return symbols, (f"log({template}) − {{}}", [*numbers, shifted[i, classes[i]]])

    def slope(index: tuple[int, ...]) -> Right:
        i, c = index
        if c == classes[i]:
            return f"softmax(z[{i}])[{c}] − 1", ("{:n} − 1", [float(p[i, c])])
        return f"softmax(z[{i}])[{c}]", ("{:n}", [float(p[i, c])])

    return worked("cross_entropy", forward, backward, z, read_only(classes), reduction, term, slope)


def _logs(p: Array) -> tuple[Array, str]:
    """The logarithms as the loss takes them, and the words to add where it has cut one."""
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    return np.maximum(logs, MIN_LOG), f" with logs cut at {number(MIN_LOG)}" if (logs < MIN_LOG).any() else ""


def _rows(name: str, values: ArrayLike) -> ArrayLike:
    """A list of numbers as one row; everything else as it is."""
    array = arguments.as_array(name, values)
    return array[None] if array.ndim == 1 else array
