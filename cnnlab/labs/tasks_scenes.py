"""What the tasks lab works on: the picture of a scene, and what was learned beforehand; each is made once and kept."""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data import digits
from cnnlab.data.scenes import COLORS, normal_textures, red_disk_windows, shapes_scene, texture_scene
from cnnlab.traces.tasks import Classified, Detected, Inspected, Segmented
from cnnlab.traces.tasks.anomaly import Normal, describe, learn_normal
from cnnlab.traces.tasks.classification import class_means, count_right, disturbed
from cnnlab.traces.tasks.detection import LinearClassifier, learn, scan
from cnnlab.traces.tasks.segmentation import color_distances

Values = NDArray[np.float64]

LEARNED = 1297
"""The class means are those of the first digits; the others are there to be named."""
LESSONS = range(1_000_000, 1_000_024)
"""The scenes that the detector learns from; it has seen none that the lab shows."""
TARGET = "red"


def classified(scene: int, brightness: float, noise: float) -> Classified:
    """A digit, brightened and with noise, and its class."""
    images, labels = digits()
    images, labels = images[LEARNED:], labels[LEARNED:]
    one = scene % len(images)
    seen = disturbed(images, brightness, noise, _grains(images.shape))
    right = count_right(seen, labels, _means())
    return Classified(seen[one], images[one], int(labels[one]), _means(), right, len(images), brightness, noise)


@cache
def _means() -> Values:
    images, labels = digits()
    return class_means(images[:LEARNED], labels[:LEARNED])


@cache
def _grains(shape: tuple[int, ...]) -> Values:
    return np.random.default_rng(5).normal(size=shape)


def detected(scene: int, threshold: float, keep: str) -> Detected:
    """The red disks of a scene, by a window that slides over it."""
    shown = shapes_scene(scene)
    others = [(f"{t.color} {t.shape}", t.box) for t in shown.things if (t.shape, t.color) != ("disk", TARGET)]
    truth = shown.boxes("disk", TARGET)
    return Detected(shown.picture, _detector(), _scores(scene), threshold, truth, others, keep)


@cache
def _detector() -> LinearClassifier:
    return learn(*red_disk_windows(LESSONS))


@lru_cache(maxsize=64)
def _scores(scene: int) -> Values:
    return scan(shapes_scene(scene).picture, _detector())


def segmented(scene: int, distance: float) -> Segmented:
    """The pixels of the red things of a scene, by their color."""
    shown = shapes_scene(scene)
    masks = shown.masks(TARGET)
    truth = np.any(masks, axis=0)
    return Segmented(shown.picture, COLORS[TARGET], _distances(scene), distance, truth, len(masks))


@lru_cache(maxsize=64)
def _distances(scene: int) -> Values:
    return color_distances(shapes_scene(scene).picture, COLORS[TARGET])


def inspected(scene: int, deviations: float) -> Inspected:
    """The patches of a piece of cloth or wood that are unlike those of good pieces."""
    shown = texture_scene(scene)
    return Inspected(shown.picture, _described(scene), _normal(shown.texture), deviations, shown.mask, shown.defect)


@cache
def _normal(texture: str) -> Normal:
    return learn_normal(normal_textures(texture))


@lru_cache(maxsize=64)
def _described(scene: int) -> Values:
    return describe(texture_scene(scene).picture)
