"""Notebook 13: an augmented image needs an augmented label; here two images that become one, by mixup."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Pair = tuple[Array, Array]


# ---- mixup -----------------------------------------------------------------------------------------------------------


def mixup(a: Array, b: Array, label_a: int, label_b: int, lam: float, num_classes: int) -> Pair:
    image = lam * a + (1 - lam) * b
    label = np.zeros(num_classes)
    label[label_a] += lam
    label[label_b] += 1 - lam
    return image, label


def one_hot(label: int, num_classes: int) -> Array:
    return np.eye(num_classes)[label]


def one_after_the_other(num_classes: int, first: int, share: float, second: int, other: float) -> Array:
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
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_hot(la, n)),
            "The image is right, but the label says that all of it is a: the share 1 - lam belongs to the class of b.",
        ),
        Mistake(
            "one class only",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_hot(la if lam >= 0.5 else lb, n)),
            "The image is right, but the label is the class of the larger share alone: it has to say both shares.",
        ),
        Mistake(
            "both classes in full",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_after_the_other(n, la, 1, lb, 1)),
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
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_after_the_other(n, la, lam, lb, 1 - lam)),
            "Where both images are of one class, its second share overwrites the first one: add with +=.",
        ),
        Mistake(
            "lam for both",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_after_the_other(n, la, lam, lb, lam)),
            "The image is right, but the label gives lam to both classes: b has 1 - lam.",
        ),
        Mistake(
            "a number for the label",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], lam * la + (1 - lam) * lb),
            "You mixed the numbers of the classes: between class 0 and class 2 there is no half of class 1. Mix two "
            "one-hot labels.",
        ),
        Mistake(
            "image half and half",
            lambda a, b, la, lb, lam, n: ((a + b) / 2, mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but the image is half and half: a counts with lam, b with 1 - lam.",
        ),
        Mistake(
            "lam for both images",
            lambda a, b, la, lb, lam, n: (lam * a + lam * b, mixup(a, b, la, lb, lam, n)[1]),
            "The label is right, but in the image both count with lam: b has 1 - lam.",
        ),
        Mistake(
            "no parentheses",
            lambda a, b, la, lb, lam, n: (lam * a + 1 - lam * b, mixup(a, b, la, lb, lam, n)[1]),
            "lam * a + 1 - lam * b adds 1 and takes b away: the multiplication comes first. Write (1 - lam) * b.",
        ),
        Mistake(
            "cut instead of mixed",
            lambda a, b, la, lb, lam, n: (
                np.where(np.arange(a.shape[2]) < round(lam * a.shape[2]), a, b),
                mixup(a, b, la, lb, lam, n)[1],
            ),
            "The label is right, but each pixel comes from one image alone, as in cutmix: here every pixel is mixed.",
        ),
        Mistake(
            "two of one class, a last",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], one_after_the_other(n, lb, 1 - lam, la, lam)),
            "Where both images are of one class, its second share overwrites the first one: add with +=.",
        ),
        Mistake(
            "two shares only",
            lambda a, b, la, lb, lam, n: (mixup(a, b, la, lb, lam, n)[0], np.array([lam, 1 - lam])),
            "The image is right, but the label holds the two shares alone: it has a place for each of the num_classes "
            "classes, and the shares stand at label_a and label_b.",
        ),
        Mistake(
            "label first",
            lambda a, b, la, lb, lam, n: mixup(a, b, la, lb, lam, n)[::-1],
            "Both are right, but in the other order: first the image, then the label.",
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

ALL = (MIXUP,)
