"""Classification, one answer for a whole picture: which class mean is it nearest to?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.traces.tasks.words import in_words, percent
from cnnlab.traces.text import number

Values = NDArray[np.float64]
LEAST = 1e-12
INK = 16
"""The largest number that a pixel of a digit can hold."""


def class_means(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Values:
    """The mean picture of each class, (classes, height, width): all that is learned."""
    return np.array([images[labels == k].mean(axis=0) for k in range(labels.max() + 1)])


def disturbed(images: NDArray[np.uint8], brightness: float, noise: float, grains: Values) -> Values:
    """Images with ``brightness`` and ``noise`` times ``grains`` added, cut to what a pixel can hold."""
    return np.clip(images.astype(np.float64) + brightness + noise * grains, 0, INK)


def differences(images: Values, means: Values) -> Values:
    """The mean squared difference of every image (N, H, W) to every class mean (K, H, W): (N, K)."""
    x, m = images.reshape(len(images), -1), means.reshape(len(means), -1)
    # (x - m)² = x² - 2xm + m², summed over the pixels
    sums = (x**2).sum(axis=1)[:, None] - 2 * x @ m.T + (m**2).sum(axis=1)
    return np.asarray(np.maximum(sums, 0) / x.shape[1])


def probabilities(differences: Values) -> Values:
    """The softmax of minus the differences: the nearest class is the most probable one.

    e^(−difference) of each class, divided by the sum of them all.
    """
    return np.asarray(ops.softmax(-differences, dim=-1), np.float64)


def count_right(images: Values, labels: NDArray[np.int64], means: Values) -> int:
    """How many images are nearest to the mean of their own class."""
    return int((differences(images, means).argmin(axis=1) == labels).sum())


@dataclass(frozen=True, eq=False)
class Classified:
    """A picture with its answer.

    ``picture`` is what is seen, ``clean`` what it was, ``truth`` its class. ``differences`` are the mean squared
    differences to the ``means`` of the classes, ``probabilities`` the softmax of minus these: e^(−difference) of a
    class, divided by the sum of e^(−difference) of all classes. ``right`` of ``tried`` pictures are answered correctly
    when they are disturbed in the same way: by ``brightness`` and by ``noise``.
    """

    picture: Values
    clean: NDArray[np.uint8]
    truth: int
    means: Values
    right: int
    tried: int
    brightness: float = 0.0
    noise: float = 0.0

    @cached_property
    def differences(self) -> Values:
        return differences(self.picture[None], self.means).ravel()

    @cached_property
    def probabilities(self) -> Values:
        return probabilities(self.differences)

    def share(self, k: int) -> float:
        """The probability of a class, which is never 0 and never 1, though the computer rounds it so."""
        return float(np.clip(self.probabilities[k], LEAST, 1 - LEAST))

    @property
    def answer(self) -> int:
        return int(self.differences.argmin())

    @property
    def is_right(self) -> bool:
        return self.answer == self.truth

    # ---- what can be pointed at: the classes, one a row -----------------------------------------------------------

    @property
    def grid(self) -> tuple[int, int]:
        return len(self.means), 1

    @property
    def interesting(self) -> tuple[int, int]:
        return self.answer, 0

    def formula(self, row: int, col: int) -> str:
        """How near the picture is to a class mean."""
        pixels = self.picture.size
        total = float(((self.picture - self.means[row]) ** 2).sum())
        first, difference, last = (f"{self.differences[k]:.2f}" for k in (0, row, -1))
        share = percent(self.share(row))
        sign = "" if share[0] in "<>" else "≈ "
        return (
            f"mean {row}: sum of (pixel − mean)² / {pixels} = {total:.1f} / {pixels} ≈ {difference}"
            f"   →   probability e^−{difference} / (e^−{first} + … + e^−{last}) {sign}{share}"
        )

    def added(self) -> str:
        """What was added to the picture: ``noise 3``, or "" for nothing."""
        amounts = (("brightness", self.brightness), ("noise", self.noise))
        return ", ".join(f"{name} {number(value)}" for name, value in amounts if value)

    def measure(self) -> str:
        share = percent(self.right / self.tried)
        disturbed = f"with {self.added()} added" if self.added() else "with nothing added"
        return f"{disturbed}, {self.right} of {self.tried} digits are named correctly: {share}"

    def says(self) -> str:
        """One sentence about this very picture."""
        if np.ptp(self.picture) == 0:
            chance = "and this happens to be one" if self.is_right else f"but this was a {self.truth}"
            return f"Every pixel is {number(self.picture[0, 0])} now: any digit is taken for a {self.answer}, {chance}."
        sure = f"its probability is said to be {in_words(self.share(self.answer))}"
        if self.is_right:
            return f"The picture is nearest to the mean {self.answer}: the answer is right, and {sure}."
        return f"It is nearer to the mean {self.answer} than to the mean {self.truth}: the answer is wrong, and {sure}."
