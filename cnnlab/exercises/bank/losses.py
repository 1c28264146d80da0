"""Notebook 08: the cross-entropy of logits."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def cross_entropy(logits: Array, labels: Labels) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_p[np.arange(len(labels)), labels].mean())


def _softmax(logits: Array, axis: int = 1) -> Array:
    exps = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(exps / exps.sum(axis=axis, keepdims=True))


def _each(logits: Array, labels: Labels) -> Array:
    """The losses of the samples, each for itself."""
    return np.array([cross_entropy(row[None], label[None]) for row, label in zip(logits, labels, strict=True)])


def _of(p: Array, labels: Labels) -> float:
    """The cross-entropy of probabilities, as one writes it first."""
    with np.errstate(divide="ignore"):
        return float(-np.log(p[np.arange(len(labels)), labels]).mean())


def _overflow(logits: Array, labels: Labels) -> float:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        exps = np.exp(logits)
        return _of(exps / exps.sum(axis=1, keepdims=True), labels)


def _overflow_in_the_log(logits: Array, labels: Labels) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return float(-log_p[np.arange(len(labels)), labels].mean())


def _one_hot(logits: Array, labels: Labels) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-(np.eye(logits.shape[1])[labels] * np.log(_softmax(logits))).sum(axis=1).mean())


def _one_maximum(logits: Array, labels: Labels) -> float:
    shifted = logits - logits.max()
    with np.errstate(divide="ignore"):
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_p[np.arange(len(labels)), labels].mean())


def _shifted_once(logits: Array, labels: Labels) -> float:
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    return float(-(logits - np.log(exps.sum(axis=1, keepdims=True)))[np.arange(len(labels)), labels].mean())


def _sigmoids(logits: Array, labels: Labels) -> float:
    with np.errstate(over="ignore"):
        return _of(1 / (1 + np.exp(-logits)), labels)


def _clipped_at(small: float) -> Mistake:
    return Mistake(
        f"clipped at {small:g}",
        lambda logits, labels: _of(np.maximum(_softmax(logits), small), labels),
        f"Clipping at {small:g} hides how wrong the network is: no loss can be above {-np.log(small):.0f} then. "
        "Without a quotient no clipping is needed: log(p) is shifted − log(sum of exps).",
    )


def _with_a_small_number(small: float) -> Mistake:
    return Mistake(
        f"{small:g} in the logarithm",
        lambda logits, labels: _of(_softmax(logits) + small, labels),
        f"A small number such as {small:g} inside the logarithm hides how wrong the network is: no loss can be above "
        f"{-np.log(small):.0f} then. Without a quotient none is needed: log(p) is shifted − log(sum of exps).",
    )


def _every_column(logits: Array, labels: Labels) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_p[:, labels].mean())


def _without_softmax(logits: Array, labels: Labels) -> float:
    with np.errstate(invalid="ignore"):
        return _of(logits, labels)


def _samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([[0.0, np.log(3), 0.0]]), np.array([1])
    yield np.array([[2.0, 1.0, 0.0], [0.0, 3.0, -1.0]]), np.array([0, 2])
    yield rng.normal(size=(4, 3)), np.array([2, 0, 0, 1])
    yield rng.normal(size=(3, 5)), np.array([4, 1, 3])
    yield rng.normal(size=(3, 3)), np.array([0, 1, 1])
    yield np.array([[1000.0, 999.0, 0.0], [5.0, 4.0, 3.0]]), np.array([1, 0])
    yield np.array([[1000.0, 0.0], [-1000.0, -1001.0]]), np.array([1, 0])


CROSS_ENTROPY = Exercise(
    name="cross entropy",
    notebook="08",
    statement=(
        "Write cross_entropy(logits, labels): logits is (N, C), a row for each sample, labels is (N,), the right class "
        "of each as a whole number. The result is one number, the mean over the samples. It has to work for logits of "
        "1000, too."
    ),
    solution=cross_entropy,
    cases=_samples,
    mistakes=(
        Mistake(
            "softmax twice",
            lambda logits, labels: cross_entropy(_softmax(logits), labels),
            "Softmax is applied twice: the logits are to go into the formula as they are, once.",
        ),
        Mistake(
            "sum",
            lambda logits, labels: cross_entropy(logits, labels) * len(labels),
            "That is the sum over the samples: take the mean, so that the loss does not grow with the batch.",
        ),
        Mistake(
            "mean over all cells",
            lambda logits, labels: cross_entropy(logits, labels) / logits.shape[1],
            "You divide by N·C. There is one term for each sample, so the mean is over N.",
        ),
        Mistake(
            "minus forgotten",
            lambda logits, labels: -cross_entropy(logits, labels),
            "The minus is missing: a logarithm of a probability is negative, a loss is not.",
        ),
        Mistake(
            "logarithm to base 10",
            lambda logits, labels: cross_entropy(logits, labels) / np.log(10),
            "That is log10. Cross-entropy takes the natural logarithm: np.log.",
        ),
        Mistake(
            "logarithm to base 2",
            lambda logits, labels: cross_entropy(logits, labels) / np.log(2),
            "That is log2, the loss in bits. Deep learning takes the natural logarithm: np.log.",
        ),
        Mistake(
            "logarithm forgotten",
            lambda logits, labels: 1 - float(_softmax(logits)[np.arange(len(labels)), labels].mean()),
            "That is 1 − p. The loss is −log(p), which has no limit where p comes near 0.",
        ),
        Mistake(
            "overflow",
            _overflow,
            "The formula is right, but exp(1000) is infinite. Subtract the largest number of each row first: no "
            "quotient changes.",
        ),
        Mistake(
            "overflow in the logarithm",
            _overflow_in_the_log,
            "The formula is right, but exp(1000) is infinite. Subtract the largest number of each row from the logits "
            "first, and use these everywhere.",
        ),
        Mistake(
            "one maximum for all",
            _one_maximum,
            "One maximum was subtracted from all rows: in a row far below it every exp is 0, and log(0) is minus "
            "infinity. Each row needs its own: max(axis=1, keepdims=True).",
        ),
        Mistake(
            "shifted in one place",
            _shifted_once,
            "The largest number is subtracted inside the sum of exps, but not outside: log(p) is shifted − log(sum of "
            "exps).",
        ),
        Mistake(
            "logarithm of 0, times 0",
            _one_hot,
            "exp(−1000) is 0 in a computer, log(0) is minus infinity, and 0 times that is NaN. Do not take the "
            "logarithm of the quotient: log(p) is shifted − log(sum of exps).",
        ),
        Mistake(
            "logarithm of 0",
            lambda logits, labels: _of(_softmax(logits), labels),
            "exp(−1000) is 0 in a computer, and log(0) is minus infinity. Do not take the logarithm of the quotient: "
            "log(p) is shifted − log(sum of exps).",
        ),
        *map(_clipped_at, (1e-6, 1e-7)),
        *map(_with_a_small_number, (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)),
        Mistake(
            "every row with every label",
            _every_column,
            "[:, labels] takes the columns of all labels from every row. One number from each row is asked: "
            "[np.arange(len(labels)), labels].",
        ),
        Mistake(
            "wrong axis",
            lambda logits, labels: _of(_softmax(logits, axis=0), labels),
            "Your columns add up to 1. A sample is a row: sum over axis 1, with keepdims=True.",
        ),
        Mistake(
            "mean before the logarithm",
            lambda logits, labels: -float(np.log(_softmax(logits)[np.arange(len(labels)), labels].mean())),
            "You take the mean of the probabilities, then its logarithm. First the logarithm of each, then the mean.",
        ),
        Mistake(
            "sigmoid",
            _sigmoids,
            "That takes the sigmoid of each logit for itself. In softmax the classes share a sum of 1.",
        ),
        Mistake(
            "softmax forgotten",
            _without_softmax,
            "You take the logarithm of the logits. They are scores, not probabilities: softmax comes first.",
        ),
        Mistake(
            "one for each sample", _each, "That is one loss for each sample: their mean is asked, a single number."
        ),
        Mistake(
            "all classes",
            lambda logits, labels: float(-np.log(np.maximum(_softmax(logits), 1e-300)).sum(axis=1).mean()),
            "You add up −log(p) of all classes. Only that of the right class counts: the others have y = 0.",
        ),
    ),
    hints=(
        "For one sample: −log(p) of the right class, where p is the softmax of its row.",
        "With the largest subtracted, log(p) is shifted − log(sum of exp(shifted)): no quotient, so no log of 0.",
        "log_p[np.arange(len(labels)), labels] takes from every row the number at its label; then minus and mean.",
    ),
)


ALL = (CROSS_ENTROPY,)
