"""Two images become one, and their labels too: mixup and cutmix.

The label of the mixed image is no class any more but a share for each: 0.7 cat and 0.3 dog. The loss is the cross
entropy with these shares.

Sources: H. Zhang, M. Cisse, Y. Dauphin and D. Lopez-Paz, mixup: beyond empirical risk minimization (2018,
arXiv:1710.09412), section 2; S. Yun et al., CutMix (2019, arXiv:1905.04899), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnlab.augment._arguments import Size, as_image, same_shape
from cnnlab.augment.erasing import clipped
from cnnlab.ops._arguments import Array, integer
from cnnlab.ops._numbers import real


def mixup(a: npt.ArrayLike, b: npt.ArrayLike, lam: float) -> Array:
    """lam * a + (1 - lam) * b: two photos on one film. Its label is `mix_labels(label_a, label_b, lam, num_classes)`.

    Args:
        a, b: two images of one shape.
        lam: the share of a, from 0 to 1.

    Raises:
        ValueError: two shapes, or a share that is none.
    """
    first, second = as_image(a, "a"), as_image(b, "b")
    same_shape(first, second)
    share = real("lam", lam, 0, 1)
    return np.asarray(share * first + (1 - share) * second)


def cutmix(a: npt.ArrayLike, b: npt.ArrayLike, top: int, left: int, height: int, width: int) -> Array:
    """a, with a rectangle of b in the same place. Its label is mixed by `cutmix_share`.

    Args:
        a, b: two images of one shape.
        top, left, height, width: the rectangle; what is outside of the image is cut off.

    Raises:
        ValueError: two shapes, or a negative size.
    """
    first, second = as_image(a, "a"), as_image(b, "b")
    same_shape(first, second)
    mixed = first.copy()
    up, down, start, end = clipped(mixed.shape[-2:], top, left, height, width)
    mixed[..., up:down, start:end] = second[..., up:down, start:end]
    return mixed


def cutmix_share(size: Size, top: int, left: int, height: int, width: int) -> float:
    """The share of a that is left after `cutmix`: 1 - (area of the rectangle inside of the image) / (H * W).

    What counts are the pixels that were really replaced. A rectangle that was drawn at the border is smaller than
    asked for, and so is b's share.
    """
    up, down, start, end = clipped(size, top, left, height, width)
    return 1 - (down - up) * (end - start) / (size[0] * size[1])


def mix_labels(label_a: int, label_b: int, share: float, num_classes: int) -> Array:
    """The label of a mixed image: share at label_a and 1 - share at label_b, 0 elsewhere, (num_classes,).

    Two images of one class stay of that class.

    Args:
        label_a, label_b: classes, counted from 0.
        share: of a, from 0 to 1.

    Raises:
        ValueError: a class that does not exist, or a share that is none.
    """
    classes = integer("num_classes", num_classes, 1)
    first, second = integer("label_a", label_a, 0, classes - 1), integer("label_b", label_b, 0, classes - 1)
    part = real("share", share, 0, 1)
    labels = np.zeros(classes)
    labels[first] += part
    labels[second] += 1 - part
    return labels
