"""Notebook 13: an augmented image needs an augmented label; here two images that become one, by mixup and by cutmix."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]
Rectangle = tuple[int, int, int, int]


# ---- mixup -----------------------------------------------------------------------------------------------------------


def mixup(a: Array, b: Array, label_a: int, label_b: int, lam: float, num_classes: int) -> Pair:
    image = lam * a + (1 - lam) * b
    label = np.zeros(num_classes)
    label[label_a] += lam
    label[label_b] += 1 - lam
    return image, label


def _one_hot(label: int, num_classes: int) -> Array:
    return np.eye(num_classes)[label]


def _label(num_classes: int, first: int, share: float, second: int, other: float) -> Array:
    """Written one after the other, as one does with two different classes in mind."""
    label = np.zeros(num_classes)
    label[first] = share
    label[second] = other
    return label


def _pairs(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, label_a, label_b, lam, classes in [
        (1, 2, 0, 1, 0.75, 2),
        (2, 2, 2, 0, 0.5, 3),
        (2, 3, 1, 3, 0.3, 4),
        (3, 2, 2, 2, 0.6, 3),
        (3, 4, 4, 1, 0.9, 5),
        (4, 4, 0, 2, 0.2, 4),
    ]:
        a, b = rng.integers(0, 10, (2, 3, H, W)) / 10
        yield a, b, label_a, label_b, lam, classes


MIXUP = Exercise(
    name="mixup",
    notebook="13",
    statement=(
        "Write mixup(a, b, label_a, label_b, lam, num_classes): two images (3, H, W) with their classes as whole "
        "numbers. Return the mixed image, with the share lam of a and the rest of b, and the mixed label: an array of "
        "num_classes shares that sum to 1."
    ),
    solution=mixup,
    cases=_pairs,
    mistakes=(
        Mistake(
            "label of a alone",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], _one_hot(la, n)),
            "The image is right, but the label says that all of it is a: the share 1 - lam belongs to the class of b.",
        ),
        Mistake(
            "one class only",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], _one_hot(la if lam >= 0.5 else lb, n)),
            "The image is right, but the label is the class of the larger share alone: it has to say both shares.",
        ),
        Mistake(
            "both classes in full",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], _label(n, la, 1, lb, 1)),
            "The image is right, but the label has a 1 for each of the two classes: shares sum to 1.",
        ),
        Mistake(
            "half and half in the label",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], mixup(a, b, la, lb, 0.5, n)[1]),
            "The image is right, but the label is half and half: it has the same shares as the image.",
        ),
        Mistake(
            "half and half",
            lambda a, b, la, lb, lam, n: mixup(a, b, la, lb, 0.5, n),
            "That is half and half, whatever lam is.",
        ),
        Mistake(
            "label the wrong way round",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], mixup(a, b, lb, la, lam, n)[1]),
            "The image is right, but the shares of the label are swapped: lam belongs to a.",
        ),
        Mistake(
            "image the wrong way round",
            lambda a, b, la, lb, lam, n: (mixup(b, a, la, lb, lam, n)[0], mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but the shares of the image are swapped: lam belongs to a.",
        ),
        Mistake(
            "the wrong way round",
            lambda a, b, la, lb, lam, n: mixup(b, a, lb, la, lam, n),
            "All shares are swapped: lam belongs to a, and 1 - lam to b.",
        ),
        Mistake(
            "two of one class",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], _label(n, la, lam, lb, 1 - lam)),
            "Where both images are of one class, its second share overwrites the first one: add with +=.",
        ),
        Mistake(
            "lam for both",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], _label(n, la, lam, lb, lam)),
            "The image is right, but the label gives lam to both classes: b has 1 - lam.",
        ),
        Mistake(
            "a number for the label",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], lam * la + (1 - lam) * lb),
            "You mixed the numbers of the classes: between class 0 and class 2 there is no half of class 1. Mix two "
            "one-hot labels.",
        ),
        Mistake(
            "sum of the images",
            lambda a, b, la, lb, lam, n: (a + b, mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but the image is a + b, as bright as both: each counts with its share.",
        ),
        Mistake(
            "b in full",
            lambda a, b, la, lb, lam, n: (lam * a + b, mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but in the image b counts in full: it has 1 - lam.",
        ),
        Mistake(
            "image of a alone",
            lambda a, b, la, lb, lam, n: (a, mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but the image is a alone.",
        ),
    ),
    hints=(
        "Where lam is 0.75, three quarters of every pixel come from a. And the rest?",
        "Begin the label with np.zeros(num_classes), and add each share in its place. What if both classes are the "
        "same?",
        "image = lam * a + (1 - lam) * b; label[label_a] += lam; label[label_b] += 1 - lam",
    ),
)


# ---- the label of cutmix ---------------------------------------------------------------------------------------------


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
            lambda size, r, la, lb, n: _one_hot(la, n),
            "The label says that all of it is a: the share of the rectangle belongs to the class of b.",
        ),
        Mistake(
            "half and half",
            lambda size, r, la, lb, n: (_one_hot(la, n) + _one_hot(lb, n)) / 2,
            "That is half and half, however large the rectangle is.",
        ),
        Mistake(
            "two of one class",
            lambda size, r, la, lb, n: _label(
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
            "Rows are cut off at W and columns at H: top and height go down, so H is their end.",
        ),
        Mistake(
            "pixels for shares",
            lambda size, r, la, lb, n: (
                (size[0] * size[1] - np.prod(_replaced(size, r))) * _one_hot(la, n)
                + np.prod(_replaced(size, r)) * _one_hot(lb, n)
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

ALL = (MIXUP, CUTMIX_LABEL)
