"""Notebook 01: how well two boxes agree."""

from collections.abc import Iterator

import numpy as np

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake


def iou(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return both / (area_a + area_b - both)


def _unclipped(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    both = _unclipped_overlap(a, b)
    return both / (_area(a) + _area(b) - both)


def _unclipped_overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))


def _area(box: tuple[float, ...]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _both(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    union = _area(a) + _area(b)
    return iou(a, b) * union / (1 + iou(a, b))


def _boxes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield (0, 0, 2, 2), (1, 1, 3, 3)
    yield (0, 0, 4, 2), (0, 0, 4, 2)  # the same box
    yield (0, 0, 1, 1), (2, 0, 3, 1)  # side by side
    yield (0, 0, 1, 1), (3, 2, 5, 4)  # apart in both directions
    yield (0, 0, 6, 4), (1, 1, 2, 3)  # one in the other
    yield (1, 1, 3, 4), (0, 0, 6, 4)  # and the other way round
    for _ in range(4):
        left, top = rng.integers(0, 5, 2), rng.integers(0, 5, 2)
        size = rng.integers(1, 6, 4)
        yield (
            tuple(map(int, (left[0], top[0], left[0] + size[0], top[0] + size[1]))),
            tuple(map(int, (left[1], top[1], left[1] + size[2], top[1] + size[3]))),
        )


IOU = Exercise(
    name="iou",
    notebook="01",
    statement=(
        "Write iou(a, b): how well two boxes agree. A box is (left, top, right, bottom); the result is the area "
        "that both "
        "cover divided by the area that at least one covers: 1 for the same box, 0 for boxes that do not touch."
    ),
    solution=iou,
    cases=_boxes,
    mistakes=(
        Mistake(
            "overlap counted twice",
            lambda a, b: _both(a, b) / (_area(a) + _area(b)),
            "The area that both cover is counted twice below the line: subtract it once.",
        ),
        Mistake(
            "negative overlap",
            _unclipped,
            "Boxes that do not touch get a wrong answer: their overlap has a negative width or height. Use max(0, "
            "...).",
        ),
        Mistake(
            "clipped after multiplying",
            lambda a, b: max(0, _unclipped_overlap(a, b)) / (_area(a) + _area(b) - max(0, _unclipped_overlap(a, b))),
            "Boxes that are apart in both directions get a wrong answer: two negative lengths make a positive area. "
            "Use max(0, ...) for the width and for the height, each.",
        ),
        Mistake(
            "divided by the larger box",
            lambda a, b: _both(a, b) / max(_area(a), _area(b)),
            "You divide by the area of the larger box. Divide by what at least one of them covers.",
        ),
        Mistake(
            "divided by the first box",
            lambda a, b: _both(a, b) / _area(a),
            "You divide by the area of the first box. Divide by what at least one of them covers.",
        ),
        Mistake(
            "dice",
            lambda a, b: 2 * _both(a, b) / (_area(a) + _area(b)),
            "This is the Dice coefficient, 2 both / (a + b). It is related, but IoU divides by the union.",
        ),
        Mistake(
            "sides taken for lengths",
            lambda a, b: _both(a, b) / (a[2] * a[3] + b[2] * b[3] - _both(a, b)),
            "right and bottom are places, not lengths: the area of a box is (right - left) * (bottom - top).",
        ),
        Mistake("not divided", _both, "This is the area that both cover. It still has to be divided."),
    ),
    hints=(
        "The overlap is a box, too: from the larger of the two left sides to the smaller of the two right sides.",
        "Its width is max(0, min(a[2], b[2]) - max(a[0], b[0])), its height alike.",
        "What at least one covers: area of a + area of b - area that both cover.",
    ),
)

ALL = (IOU,)
