"""Notebook 13: an augmented image needs an augmented label; here the shares of two, one pasted into the other."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.mixing import one_after_the_other, one_hot
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Rectangle = tuple[int, int, int, int]


def cutmix_label(size: tuple[int, int], rectangle: Rectangle, label_a: int, label_b: int, num_classes: int) -> Array:
    H, W = size
    top, left, height, width = rectangle
    rows = min(top + height, H) - max(top, 0)
    columns = min(left + width, W) - max(left, 0)
    share = rows * columns / (H * W)
    label = np.zeros(num_classes)
    label[label_a] += 1 - share
    label[label_b] += share
    return label


def _with_share(size: tuple[int, int], label_a: int, label_b: int, num_classes: int, area: float) -> Array:
    """The label, where the pixels of b are counted in another way."""
    label = np.zeros(num_classes)
    label[label_a] += 1 - area / (size[0] * size[1])
    label[label_b] += area / (size[0] * size[1])
    return label


def _far_side_only(size: tuple[int, int], rectangle: Rectangle) -> int:
    top, left, height, width = rectangle
    return (min(top + height, size[0]) - top) * (min(left + width, size[1]) - left)


def _near_side_only(rectangle: Rectangle) -> int:
    top, left, height, width = rectangle
    return (top + height - max(top, 0)) * (left + width - max(left, 0))


def _axes_swapped(size: tuple[int, int], rectangle: Rectangle) -> int:
    top, left, height, width = rectangle
    return (min(top + height, size[1]) - max(top, 0)) * (min(left + width, size[0]) - max(left, 0))


def _replaced(size: tuple[int, int], rectangle: Rectangle) -> tuple[int, int]:
    """Rows and columns of the rectangle that lie inside."""
    top, left, height, width = rectangle
    return min(top + height, size[0]) - max(top, 0), min(left + width, size[1]) - max(left, 0)


def _rectangles(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from [
        ((2, 2), (0, 0, 1, 1), 0, 1, 2),
        ((4, 5), (1, 1, 2, 2), 2, 0, 3),
        ((4, 6), (1, 3, 4, 4), 1, 3, 4),
        ((8, 10), (-3, -2, 6, 5), 0, 2, 3),
        ((6, 9), (3, -1, 4, 6), 3, 1, 4),
        ((4, 12), (-1, 9, 8, 4), 0, 1, 2),
        ((10, 10), (-2, 5, 7, 8), 2, 2, 3),
        ((5, 8), (-8, -9, 20, 30), 1, 0, 2),
    ]


CUTMIX_LABEL = Exercise(
    name="cutmix label",
    notebook="13",
    statement=(
        "Write cutmix_label(size, rectangle, label_a, label_b, num_classes): size is (H, W) of image a, rectangle is "
        "(top, left, height, width) of the part that is replaced by b. Its middle is in the image, but it may reach "
        "beyond, and is cut off there. Return the label: an array of num_classes shares, as large as the parts of the "
        "two images that are really there."
    ),
    solution=cutmix_label,
    cases=_rectangles,
    mistakes=(
        Mistake(
            "not cut off",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, r[2] * r[3]),
            "You count the whole rectangle. What lies beyond the border was never pasted: count the pixels inside.",
        ),
        Mistake(
            "never more than all",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, min(r[2] * r[3], size[0] * size[1])),
            "The share stays below 1 now, but what lies beyond the border is still counted: cut off each side.",
        ),
        Mistake(
            "cut off below and right only",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, _far_side_only(size, r)),
            "It is cut off below and on the right, but top or left may be negative: then it begins at 0.",
        ),
        Mistake(
            "cut off above and left only",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, _near_side_only(r)),
            "It is cut off above and on the left, but it may end beyond H or W.",
        ),
        Mistake(
            "cut off as if it began inside",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, min(r[2], size[0]) * min(r[3], size[1])),
            "You cut the rectangle to the size of the image, but not where it lies: a small one may reach beyond, too.",
        ),
        Mistake(
            "the wrong way round",
            lambda size, r, la, lb, n: cutmix_label(size, r, lb, la, n),
            "The shares are swapped: the rectangle is of b, and what is left around it of a.",
        ),
        Mistake(
            "label of a alone",
            lambda size, r, la, lb, n: one_hot(la, n),
            "The label says that all of it is a: the share of the rectangle belongs to the class of b.",
        ),
        Mistake(
            "half and half",
            lambda size, r, la, lb, n: (one_hot(la, n) + one_hot(lb, n)) / 2,
            "That is half and half, however large the rectangle is.",
        ),
        Mistake(
            "two of one class",
            lambda size, r, la, lb, n: one_after_the_other(
                n,
                la,
                1 - np.prod(_replaced(size, r)) / (size[0] * size[1]),
                lb,
                np.prod(_replaced(size, r)) / (size[0] * size[1]),
            ),
            "Where both images are of one class, its second share overwrites the first one: add with +=.",
        ),
        Mistake(
            "one pixel more",
            lambda size, r, la, lb, n: _with_share(
                size, la, lb, n, (_replaced(size, r)[0] + 1) * (_replaced(size, r)[1] + 1)
            ),
            "Each side is one pixel too long: from row 2 to below row 5 there are 5 - 2 rows.",
        ),
        Mistake(
            "rows for columns",
            lambda size, r, la, lb, n: _with_share(size, la, lb, n, _axes_swapped(size, r)),
            "Rows and columns are mixed up: top and height go down and end at H, left and width go right and end at W.",
        ),
        Mistake(
            "a corner for the size",
            lambda size, r, la, lb, n: _with_share(
                size, la, lb, n, (min(r[2], size[0]) - max(r[0], 0)) * (min(r[3], size[1]) - max(r[1], 0))
            ),
            "You took the rectangle for two corners. Here it is (top, left, height, width): it ends at top + height.",
        ),
        Mistake(
            "moved into the image",
            lambda size, r, la, lb, n: _with_share(
                size, la, lb, n, min(r[2], size[0] - max(r[0], 0)) * min(r[3], size[1] - max(r[1], 0))
            ),
            "A rectangle that begins above or left of the image is moved in with its whole size: what lies outside is "
            "cut off, so it still ends at top + height.",
        ),
        Mistake(
            "border at the last pixel",
            lambda size, r, la, lb, n: _with_share(
                size,
                la,
                lb,
                n,
                (min(r[0] + r[2], size[0] - 1) - max(r[0], 0)) * (min(r[1] + r[3], size[1] - 1) - max(r[1], 0)),
            ),
            "The last row or column is missing: top + height is where the rectangle has ended, so the border is at H, "
            "not at H - 1.",
        ),
        Mistake(
            "part of the rectangle",
            lambda size, r, la, lb, n: _with_share(
                size, la, lb, n, np.prod(_replaced(size, r)) / (r[2] * r[3]) * (size[0] * size[1])
            ),
            "You divide by the pixels of the rectangle. The share says how much of the whole image is replaced: H * W.",
        ),
        Mistake(
            "whole division",
            lambda size, r, la, lb, n: _with_share(
                size, la, lb, n, np.prod(_replaced(size, r)) // (size[0] * size[1]) * (size[0] * size[1])
            ),
            "// leaves only whole numbers, so a share below 1 becomes 0: divide with /.",
        ),
        Mistake(
            "two shares only",
            lambda size, r, la, lb, n: (
                np.array([1, 0]) + np.array([-1, 1]) * np.prod(_replaced(size, r)) / (size[0] * size[1])
            ),
            "These are the two shares alone: the label has a place for each of the num_classes classes, and the shares "
            "stand at label_a and label_b.",
        ),
        Mistake(
            "a number for the label",
            lambda size, r, la, lb, n: 1 - np.prod(_replaced(size, r)) / (size[0] * size[1]),
            "That is the share of a. The label is an array with a place for each class: put the two shares into it.",
        ),
        Mistake(
            "pixels for shares",
            lambda size, r, la, lb, n: (
                (size[0] * size[1] - np.prod(_replaced(size, r))) * one_hot(la, n)
                + np.prod(_replaced(size, r)) * one_hot(lb, n)
            ),
            "These are numbers of pixels: divide by H * W, so that the shares sum to 1.",
        ),
    ),
    hints=(
        "The rectangle goes from row top to below row top + height. Which rows of it exist in the image?",
        "rows = min(top + height, H) - max(top, 0), and the columns likewise.",
        "share = rows * columns / (H * W); label[label_a] += 1 - share; label[label_b] += share",
    ),
    only={
        "rectangles inside of the image": lambda size, r, la, lb, n: _replaced(size, r) == (r[2], r[3]),
    },
)

ALL = (CUTMIX_LABEL,)
