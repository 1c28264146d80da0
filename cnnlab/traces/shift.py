"""A picture that is pushed about, and what two kinds of networks answer to it at every place.

A scene is larger than the canvas that the networks see by :data:`REACH` cells on every side. Pushing the picture by
some cells shows them another part of it, so what comes in at an edge was there before. That makes all 169 answers
cheap: a convolution of the scene holds the convolutions of all its parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab import ops

Array = NDArray[np.float32]
Weights = Mapping[str, Array]
"""The weights of one network by name: those of an MLP (hidden, output) or of a CNN (first, second, output)."""

CANVAS = 28
"""Rows and columns that a network sees."""
REACH = 6
"""Cells that the picture can be pushed by, either way."""
PLACES = 2 * REACH + 1
SCENE = CANVAS + 2 * REACH
STAIN_ROW, STAIN_COL = SCENE // 2 - 4, SCENE // 2 + 7
"""Top left corner of the stain in the scene: three cells to the right of a digit of 8 x 8."""


# ---- the picture -----------------------------------------------------------------------------------------------------


def scene(digit: ArrayLike, scale: float = 1.0, noise: float = 0.0, stain: int = 0, seed: int = 0) -> Array:
    """A digit (8, 8) with ink from 0 to 16 in the middle of a scene (40, 40) with ink from 0 to 1.

    ``scale`` enlarges it about its middle (bilinear; at 1 every cell is kept), a square of ``stain`` x ``stain`` cells
    full of ink lies beside it, and ``noise`` is the standard deviation of what is added to every cell, before all is
    cut off at 0 and 1.
    """
    ink = np.asarray(digit, np.float64) / 16
    spread = _spread(SCENE, len(ink), scale)
    picture = spread @ ink @ spread.T
    picture[STAIN_ROW : STAIN_ROW + stain, STAIN_COL : STAIN_COL + stain] = 1
    if noise:
        picture += noise * np.random.default_rng(seed).standard_normal(picture.shape)
    return np.clip(picture, 0, 1).astype(np.float32)


def _spread(cells: int, given: int, scale: float) -> NDArray[np.float64]:
    """How much each of ``given`` cells adds to each of ``cells``, the middle of both at the same place."""
    place = (np.arange(cells) + 0.5 - cells / 2) / scale + given / 2 - 0.5
    wide = max(1.0, 1 / scale)  # made smaller, a cell is a mean of several
    distance = np.abs(place[:, None] - np.arange(given))
    weights: NDArray[np.float64] = np.maximum(0, 1 - distance / wide) / wide
    return weights


def pushed(scene: Array, down: int, right: int) -> Array:
    """What the networks see (28, 28) when the picture is pushed ``down`` and to the ``right``."""
    top, left = REACH - down, REACH - right
    return scene[top : top + CANVAS, left : left + CANVAS]


# ---- the networks ----------------------------------------------------------------------------------------------------


def mlp_scores(weights: Weights, pictures: Array) -> Array:
    """Scores (N, 10) of an MLP for pictures (N, 28, 28): every cell has weights of its own."""
    flat = pictures.reshape(len(pictures), -1)  # (N, 784)
    hidden = ops.relu(ops.linear(flat, weights["hidden.weight"], weights["hidden.bias"]))
    return _scores(weights, hidden)


def cnn_scores(weights: Weights, pictures: Array, pool: int = 1) -> Array:
    """Scores (N, 10) of a CNN for pictures (N, 28, 28): conv, ReLU, max pooling, conv, ReLU, the largest anywhere."""
    x = ops.relu(ops.conv2d(pictures[:, None], weights["first.weight"], weights["first.bias"]))
    x = _pooled(x, pool, stride=pool)
    x = ops.relu(ops.conv2d(x, weights["second.weight"], weights["second.bias"]))
    return _scores(weights, ops.global_max_pool2d(x))


def mlp_everywhere(weights: Weights, scene: Array) -> Array:
    """Scores (13, 13, 10) of an MLP for the picture pushed to every place, from up and left to down and right."""
    parts = ops.sliding_windows(scene, CANVAS)[::-1, ::-1]  # (13, 13, 28, 28); pushed furthest comes last
    return mlp_scores(weights, parts.reshape(-1, CANVAS, CANVAS)).reshape(PLACES, PLACES, -1)


def cnn_everywhere(weights: Weights, scene: Array, pool: int = 1) -> Array:
    """Scores (13, 13, 10) of a CNN for the picture pushed to every place, from one pass over the scene.

    Where the picture is pooled, the second kernel reads every ``pool``-th cell of a map that is pooled everywhere: a
    dilation. The cells that belong to one place are then every ``pool``-th one from there on.
    """
    x = ops.relu(ops.conv2d(scene[None], weights["first.weight"], weights["first.bias"]))
    x = ops.conv2d(_pooled(x, pool, stride=1), weights["second.weight"], weights["second.bias"], dilation=pool)
    maps = ops.relu(x)  # (32, 32, 32), or (32, 27, 27) with 2 x 2 pooling
    size = maps.shape[-1] - 2 * REACH
    down = np.stack([maps[:, top : top + size : pool].max(axis=1) for top in range(PLACES)], axis=1)
    found = np.stack([down[:, :, left : left + size : pool].max(axis=2) for left in range(PLACES)], axis=2)
    return _scores(weights, found[:, ::-1, ::-1].transpose(1, 2, 0))


def _scores(weights: Weights, features: Array) -> Array:
    """The last layer, (..., 32) to (..., 10)."""
    return ops.linear(features, weights["output.weight"], weights["output.bias"])


def _pooled(x: Array, pool: int, stride: int) -> Array:
    """The largest of each ``pool`` x ``pool`` cells."""
    pooled = ops.max_pool2d(x, pool, stride)
    assert isinstance(pooled, np.ndarray)  # and no indices beside it
    return pooled


def parameters(weights: Weights) -> int:
    """How many numbers a network has learned."""
    return sum(array.size for array in weights.values())


# ---- all the answers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answers:
    """What one network says to the picture at each of the 13 x 13 places.

    ``probabilities`` is (13, 13, 10); ``share`` is (13, 13), the share of many digits, treated like this one, that it
    gets right there.
    """

    name: str
    parameters: int
    label: int
    probabilities: Array
    share: NDArray[np.float64]

    @cached_property
    def winners(self) -> NDArray[np.int64]:
        """The most probable digit at each place."""
        winners: NDArray[np.int64] = self.probabilities.argmax(axis=2)
        return winners

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Where that is the right one."""
        right: NDArray[np.bool_] = self.winners == self.label
        return right

    @cached_property
    def sureness(self) -> NDArray[np.float64]:
        """The probability of the winner at each place, negative where it is wrong."""
        sure = self.probabilities.max(axis=2).astype(np.float64)
        signed: NDArray[np.float64] = np.where(self.right, sure, -sure)
        return signed

    @cached_property
    def steady(self) -> int:
        """At how many places it gives the answer that it gives in the middle."""
        return int((self.winners == self.winners[REACH, REACH]).sum())

    @property
    def right_places(self) -> int:
        """At how many places it is right."""
        return int(self.right.sum())


@dataclass(frozen=True)
class Pushing:
    """A scene with the answers of both networks at all places.

    ``pool`` is the side of the groups of cells that the CNN pools (1: it does not); ``untouched`` is how many weights
    of the MLP belong to cells that were empty in all pictures of its training. ``unseen`` digits were tried for the
    shares, with the same ``scale`` and ``noise``; this picture may have a ``stain``, which they had not.
    """

    scene: Array
    label: int
    mlp: Answers
    cnn: Answers
    pool: int
    untouched: int
    unseen: int
    scale: float = 1.0
    noise: float = 0.0
    stain: int = 0

    def at(self, down: int, right: int) -> "ShiftTrace":
        """The picture pushed to one place; ValueError where that is too far."""
        for name, value in (("down", down), ("right", right)):
            if not -REACH <= value <= REACH:
                raise ValueError(f"{name} must be from -{REACH} to {REACH}, but is {value}")
        return ShiftTrace(self, down, right)


@dataclass(frozen=True)
class ShiftTrace:
    """The picture at one place, and what each network says to it there."""

    pushing: Pushing
    down: int
    right: int

    @property
    def picture(self) -> Array:
        """What the networks see, (28, 28), ink from 0 to 1."""
        return pushed(self.pushing.scene, self.down, self.right)

    @property
    def index(self) -> int:
        """The place by number, row by row from the one furthest up and left."""
        return (self.down + REACH) * PLACES + self.right + REACH

    def probabilities(self, answers: Answers) -> Array:
        """The ten probabilities of a network here."""
        found: Array = answers.probabilities[self.down + REACH, self.right + REACH]
        return found

    def winner(self, answers: Answers) -> int:
        return int(answers.winners[self.down + REACH, self.right + REACH])

    def is_right(self, answers: Answers) -> bool:
        return self.winner(answers) == self.pushing.label

    def share(self, answers: Answers) -> float:
        """The share of many digits that a network gets right here."""
        return float(answers.share[self.down + REACH, self.right + REACH])


def softmax(scores: Array) -> Array:
    """Scores (..., 10) as probabilities that add up to 1."""
    return ops.softmax(scores, dim=-1)
