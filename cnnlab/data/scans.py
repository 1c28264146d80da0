"""Things to look for, drawn by a formula: a word in a recording, a flower in a meadow. The noise has a seed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

WORD_LENGTH, SIGNAL_LENGTH = 24, 200
FLOWER_SIZE, MEADOW = 7, (30, 36)


def words() -> tuple[Values, Values]:
    """ "Welcome" and "Goodbye" as two short sounds, (1, 24) each.

    The first rises in pitch, the second falls a little; in the middle they are alike, so that one can be mistaken for
    the other.
    """
    return _sound(0.03, 0.318), _sound(0.23, 0.17, np.pi)


def _sound(first: float, last: float, phase: float = 0.0) -> Values:
    """A tone that swells and fades while its pitch goes from ``first`` to ``last``, in cycles a sample."""
    t = np.arange(WORD_LENGTH)
    swell = np.sin(np.pi * (t + 0.5) / WORD_LENGTH)
    cycles = first * t + (last - first) / (2 * WORD_LENGTH) * t**2
    sound: Values = swell * np.sin(2 * np.pi * cycles + phase)
    return sound[None]


def flowers() -> tuple[Values, Values]:
    """A flower and a leaf, (7, 7) each: bright petals around a dark eye, and a bright stroke."""
    row, col = np.mgrid[:FLOWER_SIZE, :FLOWER_SIZE] - FLOWER_SIZE // 2
    distance = np.hypot(row, col)
    petals = np.where((distance > 1.2) & (distance < 3.3), 1.0, 0.0)
    flower = np.where(distance < 1.2, -1.0, petals * (0.6 + 0.4 * np.cos(6 * np.arctan2(row, col))))
    leaf = np.where(abs(row + col) < 1.5, 1.0, 0.0) * (distance < 3.6)
    return flower, leaf


def scene(
    size: tuple[int, int], noise: float, placed: Sequence[tuple[Values, tuple[int, int]]], seed: int = 0
) -> Values:
    """Noise of standard deviation ``noise``, with patterns added at their places (row, column of the first cell).

    The same seed has the same noise, only stronger or weaker. What does not fit is cut off at the border.
    """
    x = noise * np.random.default_rng(seed).normal(size=size)
    for pattern, (top, left) in placed:
        height = min(pattern.shape[0], size[0] - top)
        width = min(pattern.shape[1], size[1] - left)
        x[top : top + height, left : left + width] += pattern[:height, :width]
    return x
