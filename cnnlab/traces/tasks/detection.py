"""Detection, a box around each thing: one linear classifier, slid over the picture, and the best boxes kept.

Sliding a linear classifier is a convolution: its weights are the kernel, the map of its scores is the output.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlab.ops import conv2d
from cnnlab.traces.tasks.words import counted, ratio, share_of_one, signed
from cnnlab.traces.text import number, plural

Values = NDArray[np.float64]
Box = tuple[int, int, int, int]
"""Top, left, height, width."""

STEP = 2
"""The window moves this many pixels at a time."""
RIM = 1
"""A window has this many pixels around the thing: the box is the window without them."""
MOST_OVERLAP = 0.3
"""Of boxes that overlap more (intersection over union), only the best is kept."""
ENOUGH = 0.5
"""A box is right where its intersection over union with a true one is at least this."""
KEEP = ("best of each place", "all", "single best")


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """The score of a window is the sum of ``weight`` (3, side, side) times its pixels (0 to 1), plus ``bias``."""

    weight: Values
    bias: float

    @property
    def side(self) -> int:
        return int(self.weight.shape[-1])


def learn(windows: NDArray[np.uint8], answers: NDArray[np.bool_], pull: float = 10.0) -> LinearClassifier:
    """The weights whose scores come nearest to 1 for yes and 0 for no (least squares).

    ``windows`` is (N, side, side, 3). ``pull`` draws the weights toward 0, so that they do not learn the examples by
    heart (ridge regression; Hoerl and Kennard 1970).
    """
    pixels = windows.transpose(0, 3, 1, 2).reshape(len(windows), -1) / 255
    middle, share = pixels.mean(axis=0), answers.mean()
    centered = pixels - middle
    products = centered @ centered.T + pull * np.eye(len(windows))
    weight = centered.T @ np.linalg.solve(products, answers - share)
    return LinearClassifier(weight.reshape(3, *windows.shape[1:3]), float(share - middle @ weight))


def scan(picture: NDArray[np.uint8], classifier: LinearClassifier) -> Values:
    """The score of every window of a picture (H, W, 3): a convolution with a stride."""
    image = picture.transpose(2, 0, 1) / 255
    scores = conv2d(image, classifier.weight[None], np.array([classifier.bias]), stride=STEP)
    return np.asarray(scores[0], np.float64)


def box_at(row: int, col: int, side: int) -> Box:
    """The box that the score in a row and a column stands for."""
    return row * STEP + RIM, col * STEP + RIM, side - 2 * RIM, side - 2 * RIM


def shared_and_union(first: Box, second: Box) -> tuple[int, int]:
    """How many pixels two boxes share, and how many at least one of them has."""
    down = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    across = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(down, 0) * max(across, 0)
    return shared, first[2] * first[3] + second[2] * second[3] - shared


def iou(first: Box, second: Box) -> float:
    """Intersection over union of two boxes: 1 where they are the same, 0 where they do not touch."""
    shared, union = shared_and_union(first, second)
    return shared / union


def kept(scores: Values, threshold: float, side: int, keep: str = KEEP[0]) -> list[tuple[int, int]]:
    """The places whose boxes are the answer, best first.

    All scores from the threshold on; of boxes that overlap, the best (non-maximum suppression); or the best one of all.
    """
    best_first = np.argsort(-scores, axis=None, kind="stable")
    enough = int((scores >= threshold).sum())
    if keep != "best of each place":
        enough = min(enough, 1) if keep == "single best" else enough
        return [(int(i), int(j)) for i, j in zip(*np.unravel_index(best_first[:enough], scores.shape), strict=True)]
    left, places = scores >= threshold, []
    for row, col in zip(*np.unravel_index(best_first[:enough], scores.shape), strict=True):
        if left[row, col]:
            places.append((int(row), int(col)))
            left &= ious(scores.shape, side, box_at(int(row), int(col), side)) <= MOST_OVERLAP
    return places


def ious(shape: tuple[int, ...], side: int, box: Box) -> Values:
    """The intersection over union of ``box`` with the box of every score of a map: :func:`iou`, for all at once."""
    size = side - 2 * RIM
    down, across = (
        np.maximum(np.minimum(starts + size, start + length) - np.maximum(starts, start), 0)
        for starts, start, length in zip((np.arange(n) * STEP + RIM for n in shape), box[:2], box[2:], strict=True)
    )
    shared = down[:, None] * across
    return np.asarray(shared / (size**2 + box[2] * box[3] - shared))


@dataclass(frozen=True)
class Found:
    """A box of the answer.

    ``truth`` is the number of the true box that it finds, ``iou`` the overlap with that: -1 and 0 for a false alarm.
    """

    row: int
    col: int
    box: Box
    score: float
    truth: int
    iou: float


@dataclass(frozen=True, eq=False)
class Detected:
    """The boxes found in a picture, beside the true ones.

    ``others`` are things that are not looked for, each a name and a box.
    """

    picture: NDArray[np.uint8]
    classifier: LinearClassifier
    scores: Values
    threshold: float
    truth: Sequence[Box]
    others: Sequence[tuple[str, Box]] = ()
    keep: str = KEEP[0]

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Best first; each takes the true box it overlaps most, if no better one has it."""
        found, taken = [], {-1}
        side = self.classifier.side
        shares = [ious(self.scores.shape, side, true) for true in self.truth]
        for row, col in kept(self.scores, self.threshold, side, self.keep):
            here = [(float(share[row, col]), k) for k, share in enumerate(shares)]
            share, k = max([(s, k) for s, k in here if k not in taken and s >= ENOUGH], default=(0.0, -1))
            taken.add(k)
            found.append(Found(row, col, box_at(row, col, side), float(self.scores[row, col]), k, share))
        return tuple(found)

    @cached_property
    def hits(self) -> tuple[Found, ...]:
        return tuple(f for f in self.found if f.truth >= 0)

    @cached_property
    def false(self) -> tuple[Found, ...]:
        return tuple(f for f in self.found if f.truth < 0)

    @cached_property
    def missed(self) -> tuple[int, ...]:
        """The numbers of the true boxes that no box finds."""
        hit = {f.truth for f in self.hits}
        return tuple(k for k in range(len(self.truth)) if k not in hit)

    # ---- what can be pointed at: the windows ----------------------------------------------------------------------

    @property
    def grid(self) -> tuple[int, int]:
        rows, cols = self.scores.shape
        return rows, cols

    @property
    def interesting(self) -> tuple[int, int]:
        row, col = np.unravel_index(int(self.scores.argmax()), self.scores.shape)
        return int(row), int(col)

    def formula(self, row: int, col: int) -> str:
        """The score of one window."""
        side, bias, score = self.classifier.side, self.classifier.bias, float(self.scores[row, col])
        verdict = "≥" if score >= self.threshold else "<"
        text = (
            f"window [{row * STEP}, {col * STEP}]: sum of {3 * side * side} products = {signed(score - bias, 3)}, "
            f"bias {signed(bias, 3)}: score {signed(score, 3)} {verdict} {number(self.threshold)}"
        )
        here = [f for f in self.hits if (f.row, f.col) == (row, col)]
        return text + "".join(f"; IoU = {ratio(*shared_and_union(f.box, self.truth[f.truth]))}" for f in here)

    def measure(self) -> str:
        shares = ", ".join(share_of_one(f.iou) for f in self.hits) or "none"
        return (
            f"{plural(len(self.truth), 'red disk')}: {len(self.hits)} found, {len(self.missed)} missed; "
            f"{counted(len(self.false), 'false box', 'false boxes')}; IoU of the right boxes: {shares}"
        )

    def says(self) -> str:
        """One sentence about these very boxes."""
        count = len(self.truth)
        if not self.found:
            return f"No window scores {number(self.threshold)} or more: nothing is found."
        if not self.false and not self.missed:
            return f"Every red disk has its box, and nothing else has one: {plural(count, 'disk')}, {count} right."
        if not self.false:
            return f"No false box, but {plural(len(self.missed), 'disk')} missed: {self._why_missed()}."
        worst = self.false[0]
        start = "All disks are found" if not self.missed else f"{plural(len(self.missed), 'disk')} missed"
        return (
            f"{start}, and the best of the false boxes, with {signed(worst.score, 2)}, lies on {self._lies_on(worst)}."
        )

    def _why_missed(self) -> str:
        """Why no box finds some of the true ones, where no box is false."""
        maps = (ious(self.scores.shape, self.classifier.side, self.truth[k]) for k in self.missed)
        best = max(float(self.scores[share >= ENOUGH].max()) for share in maps)
        if best < self.threshold:
            return f"no window there scores {number(self.threshold)} or more, the best {signed(best, 3)}"
        return "only one box is asked for" if self.keep == "single best" else "a better box is too near"

    def _lies_on(self, false: Found) -> str:
        """What there is below a false box."""
        hit = {f.truth for f in self.hits}
        disks = [
            ("a disk that a better box has found" if k in hit else "the side of a disk, too far off", box)
            for k, box in enumerate(self.truth)
        ]
        others = [(f"a {name}", box) for name, box in self.others]
        share, name = max((iou(false.box, box), name) for name, box in (*disks, *others))
        return name if share >= MOST_OVERLAP else "the photo" if share == 0 else "the rim of a thing"
