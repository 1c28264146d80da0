"""Notebook 08: the Dice loss of a mask."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]


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
            "minus Dice",
            lambda p, y, smooth=1.0: dice_loss(p, y, smooth) - 1,
            "That is −Dice. It has the same slope, but the loss asked for is 1 − Dice: 0 where the two are equal.",
        ),
        Mistake(
            "2 forgotten",
            lambda p, y, smooth=1.0: _quotient((p * y).sum() + smooth, p.sum() + y.sum() + smooth),
            "The 2 is missing: the intersection lies in both masks, and below the line both are counted.",
        ),
        Mistake("iou", _iou, "That is 1 − IoU: below the line stands |A| + |B|, not the union, and above it a 2."),
        Mistake(
            "union below the line",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum() + smooth, p.sum() + y.sum() - (p * y).sum() + smooth),
            "You mix Dice and IoU: with the 2 above the line, |A| + |B| stands below it, and not the union.",
        ),
        Mistake(
            "all pixels below the line",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum() + smooth, p.size + y.size + smooth),
            "Below the line you count all pixels. |A| and |B| are the sums of prediction and truth.",
        ),
        Mistake(
            "means",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).mean() + smooth, p.mean() + y.mean() + smooth),
            "You take means. Without smooth that changes nothing, but next to a mean smooth weighs far too much: take "
            "sums.",
        ),
        Mistake(
            "sums of columns",
            lambda p, y, smooth=1.0: 1 - (2 * sum(p * y) + smooth) / (sum(p) + sum(y) + smooth),
            "That is one number for each column: Python's sum, and sum(axis=0), add up the rows only. (p * y).sum() "
            "is the sum of all.",
        ),
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
            "smooth always 1",
            lambda p, y, smooth=1.0: dice_loss(p, y, 1.0),
            "You always add 1. Add smooth: it is 1 only where nothing else is given.",
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
            "brackets forgotten below the line",
            lambda p, y, smooth=1.0: _quotient(2 * (p * y).sum() + smooth, p.sum()) + float(y.sum() + smooth),
            "Brackets are missing below the line: you divide by |A| alone and add the rest to the quotient.",
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


ALL = (DICE_LOSS,)
