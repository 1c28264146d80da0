"""Notebook 08: the cross-entropy of logits, and the Dice loss of a mask."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


# ---- cross-entropy ---------------------------------------------------------------------------------------------------


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


def _small_number(logits: Array, labels: Labels) -> float:
    return _of(_softmax(logits) + 1e-12, labels)


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
            "logarithm of 0",
            lambda logits, labels: _of(_softmax(logits), labels),
            "exp(−1000) is 0 in a computer, and log(0) is minus infinity. Do not take the logarithm of the quotient: "
            "log(p) is shifted − log(sum of exps).",
        ),
        Mistake(
            "a small number in the logarithm",
            _small_number,
            "A small number such as 1e-12 inside the logarithm hides how wrong the network is: no loss can be above "
            "28 then. Without a quotient none is needed: log(p) is shifted − log(sum of exps).",
        ),
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


# ---- Dice ------------------------------------------------------------------------------------------------------------


def dice_loss(prediction: Array, truth: Array, smooth: float = 1.0) -> float:
    intersection = (prediction * truth).sum()
    return float(1 - (2 * intersection + smooth) / (prediction.sum() + truth.sum() + smooth))


def _quotient(above: float, below: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(1 - np.float64(above) / np.float64(below))


def _iou(p: Array, y: Array, smooth: float = 1.0) -> float:
    both = (p * y).sum()
    return _quotient(both + smooth, p.sum() + y.sum() - both + smooth)


def _squares(p: Array, y: Array, smooth: float = 1.0) -> float:
    return _quotient(2 * (p * y).sum() + smooth, (p**2).sum() + (y**2).sum() + smooth)


def _masks(rng: np.random.Generator) -> Iterator[Arguments]:
    yield np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0]]), 1.0
    yield np.array([[0.9, 0.2, 0.6], [0.4, 0.8, 0.0]]), np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]), 1.0
    yield rng.random((4, 3)), (rng.random((4, 3)) > 0.5).astype(float), 0.5
    yield rng.random((3, 5)), np.eye(3, 5), 2.0
    yield np.full((2, 3), 0.25), np.zeros((2, 3)), 1.0
    yield np.zeros((2, 2)), np.zeros((2, 2)), 1.0
    yield (np.array([[0.7, 0.1]]), np.array([[1.0, 0.0]]))  # smooth as it is by default


DICE_LOSS = Exercise(
    name="dice loss",
    notebook="08",
    statement=(
        "Write dice_loss(prediction, truth, smooth=1.0): prediction (H, W) holds a probability for each pixel, truth "
        "(H, W) 0 or 1; smooth is added above and below the fraction line. The result is one number: 1 − Dice."
    ),
    solution=dice_loss,
    cases=_masks,
    mistakes=(
        Mistake(
            "no loss",
            lambda p, y, smooth=1.0: 1 - dice_loss(p, y, smooth),
            "That is Dice, which is to become large. The loss is 1 − Dice.",
        ),
        Mistake(
            "2 forgotten",
            lambda p, y, smooth=1.0: _quotient((p * y).sum() + smooth, p.sum() + y.sum() + smooth),
            "The 2 is missing: the intersection lies in both masks, and below the line both are counted.",
        ),
        Mistake("iou", _iou, "That is 1 − IoU: below the line stands |A| + |B|, not the union, and above it a 2."),
        Mistake(
            "smooth above only",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum() + smooth, p.sum() + y.sum()),
            "smooth is added below the fraction line, too: two empty masks give s / s = 1.",
        ),
        Mistake(
            "smooth below only",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum(), p.sum() + y.sum() + smooth),
            "smooth is added above the fraction line, too: two empty masks give s / s = 1.",
        ),
        Mistake(
            "smooth forgotten",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum(), p.sum() + y.sum()),
            "smooth is not used: two empty masks give 0 / 0.",
        ),
        Mistake(
            "smooth doubled",
            lambda p, y, smooth=1.0: _quotient(2 * ((p * y).sum() + smooth), p.sum() + y.sum() + smooth),
            "smooth is doubled along with the intersection: (2·intersection + smooth), and not 2·(intersection + "
            "smooth).",
        ),
        Mistake(
            "smooth for each mask",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum() + smooth, p.sum() + y.sum() + 2 * smooth),
            "Below the line smooth is added twice: once is asked, so that two empty masks give s / s = 1.",
        ),
        Mistake(
            "brackets forgotten",
            lambda p, y, smooth=1.0: float(1 - 2 * (p * y).sum() + smooth / (p.sum() + y.sum() + smooth)),
            "Brackets are missing above the line: only smooth is divided, and not the whole sum.",
        ),
        Mistake(
            "squares below the line",
            _squares,
            "Below the line you add up squares. Some papers do (V-Net), but here |A| and |B| are plain sums.",
        ),
        Mistake(
            "rounded to a mask",
            lambda p, y, smooth=1.0: dice_loss((p > 0.5).astype(float), y, smooth),
            "The prediction is rounded to 0 and 1 first: then a small change changes nothing, and there is no "
            "gradient. Use the probabilities.",
        ),
        Mistake(
            "accuracy",
            lambda p, y, smooth=1.0: float(((p > 0.5) != (y > 0.5)).mean()),
            "That is the share of wrong pixels. Dice asks only about the pixels of the shape.",
        ),
        Mistake(
            "pixel by pixel",
            lambda p, y, smooth=1.0: 1 - (2 * p * y + smooth) / (p + y + smooth),
            "That is a quotient for every pixel. Add up first: one sum above the line, one below.",
        ),
    ),
    hints=(
        "The intersection of probabilities with a mask: multiply pixel by pixel, then add up.",
        "|A| and |B| are the sums of all pixels of prediction and truth.",
        "1 - (2 * intersection + smooth) / (prediction.sum() + truth.sum() + smooth)",
    ),
)


ALL = (CROSS_ENTROPY, DICE_LOSS)
