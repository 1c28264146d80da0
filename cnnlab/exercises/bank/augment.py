"""Notebook 13: an augmented image needs an augmented label; a flip with its box, mixup, and the label of cutmix."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.bank.convolution_words import SQUARE_IMAGES, square
from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]
Rectangle = tuple[int, int, int, int]


# ---- a flip with its box ---------------------------------------------------------------------------------------------


def flip_with_box(image: Array, box: Array) -> Pair:
    W = image.shape[2]
    x1, y1, x2, y2 = box
    flipped = image[:, :, ::-1]
    moved = np.array([W - x2, y1, W - x1, y2])
    return flipped, moved


def _flipped_with(image: Array, *edges: float) -> Pair:
    return image[:, :, ::-1], np.array(edges)


def _both_ways(image: Array, box: Array) -> Array:
    """The box, turned upside down too."""
    (x1, y1, x2, y2), (H, W) = box, image.shape[1:]
    return np.array([W - x2, H - y2, W - x1, H - y1])


def _upside_down(image: Array, box: Array) -> Pair:
    (x1, y1, x2, y2), H = box, image.shape[1]
    return image[:, ::-1], np.array([x1, H - y2, x2, H - y1])


def _photos(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W, box in [
        (2, 4, (0, 0, 1, 1)),
        (4, 4, (1, 0, 3, 1)),
        (4, 6, (1, 1, 3, 4)),
        (6, 5, (0, 2, 4, 5)),
        (5, 9, (5, 1, 9, 3)),
        (7, 7, (2, 1, 3, 6)),
    ]:
        yield rng.integers(0, 10, (3, H, W)) / 10, np.array(box, dtype=float)
    yield rng.random((3, 6, 8)), np.array([1.5, 0.25, 4.75, 5.5])


FLIP_WITH_BOX = Exercise(
    name="flip with box",
    notebook="13",
    statement=(
        "Write flip_with_box(image, box): image is (3, H, W), box is (x1, y1, x2, y2), its left, upper, right and "
        "lower edge in pixels. Flip the image left to right, and return the flipped image and the box around the same "
        "object, again with x1 < x2. Edges lie between pixels: a box around all of the image is (0, 0, W, H)."
    ),
    solution=flip_with_box,
    cases=_photos,
    mistakes=(
        Mistake(
            "box not moved",
            lambda image, box: (image[:, :, ::-1], box),
            "The image is flipped, but the box is where it was: it now lies around something else.",
        ),
        Mistake(
            "edges in the wrong order",
            lambda image, box: _flipped_with(image, image.shape[2] - box[0], box[1], image.shape[2] - box[2], box[3]),
            "x1 is now larger than x2: in a mirror the right edge becomes the left one, so the new x1 is made of x2.",
        ),
        Mistake(
            "off by one",
            lambda image, box: _flipped_with(
                image, image.shape[2] - 1 - box[2], box[1], image.shape[2] - 1 - box[0], box[3]
            ),
            "The box is one pixel too far to the left: W - 1 - x is for the numbers of pixels. Edges go from 0 to W, "
            "so the edge x comes to W - x.",
        ),
        Mistake(
            "last pixel left out",
            lambda image, box: _flipped_with(
                image, image.shape[2] - box[2], box[1], image.shape[2] - 1 - box[0], box[3]
            ),
            "The new x2 is one too small, so the box has lost a pixel of its width: edges go from 0 to W.",
        ),
        Mistake(
            "mirrored at 0",
            lambda image, box: _flipped_with(image, -box[2], box[1], -box[0], box[3]),
            "The edges are negative now: the mirror stands in the middle of the image, not at its left edge. Which "
            "number is missing?",
        ),
        Mistake(
            "only swapped",
            lambda image, box: _flipped_with(image, box[2], box[1], box[0], box[3]),
            "x1 and x2 have only changed places: how far is each edge from the other side of the image?",
        ),
        Mistake(
            "height for width",
            lambda image, box: _flipped_with(image, image.shape[1] - box[2], box[1], image.shape[1] - box[0], box[3]),
            "You subtract from the height. x goes to the right, so it is the width: the last of (3, H, W).",
        ),
        Mistake(
            "channels for width",
            lambda image, box: _flipped_with(image, image.shape[0] - box[2], box[1], image.shape[0] - box[0], box[3]),
            "You subtract from the number of channels: image.shape is (3, H, W), so the width is image.shape[2].",
        ),
        Mistake(
            "box of width and height",
            lambda image, box: _flipped_with(image, image.shape[2] - box[0] - box[2], *box[1:]),
            "You took the box for (x, y, width, height). Here it is two corners: (x1, y1, x2, y2).",
        ),
        Mistake(
            "upside down",
            _upside_down,
            "That is a vertical flip, upside down: left and right lie along the last axis of (3, H, W).",
        ),
        Mistake(
            "image upside down",
            lambda image, box: (image[:, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but the image is upside down: left and right lie along its last axis.",
        ),
        Mistake(
            "image turned",
            lambda image, box: (image[:, ::-1, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but both axes of the image are turned around: only the last one should be.",
        ),
        Mistake(
            "all axes",
            lambda image, box: (image[::-1, ::-1, ::-1], flip_with_box(image, box)[1]),
            "The box is right, but all three axes of the image are turned around: np.flip needs the axis.",
        ),
        Mistake(
            "colors turned around",
            lambda image, box: (image[::-1], flip_with_box(image, box)[1]),
            "The box is right, but image[::-1] turns the first axis around: red and blue have changed places.",
        ),
        Mistake(
            "image not flipped",
            lambda image, box: (image, flip_with_box(image, box)[1]),
            "The box is right, but the image that you return is not flipped.",
        ),
        Mistake(
            "box upside down, too",
            lambda image, box: (image[:, :, ::-1], _both_ways(image, box)),
            "The image is right, but the box is turned upside down, too: the upper and the lower edge stay.",
        ),
        Mistake(
            "box first",
            lambda image, box: flip_with_box(image, box)[::-1],
            "Both are right, but in the other order: first the image, then the box.",
        ),
    ),
    hints=(
        "Draw an image 6 wide, and a box from x1 = 1 to x2 = 3. How far is each edge from the right side?",
        "The edge x comes to W - x. Which of the two new edges is the left one?",
        "flipped = image[:, :, ::-1] and moved = (W - x2, y1, W - x1, y2)",
    ),
    only={SQUARE_IMAGES: square},
)


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

ALL = (FLIP_WITH_BOX, MIXUP, CUTMIX_LABEL)
