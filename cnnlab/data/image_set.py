"""Images to learn from and images to be tested on, with what they show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ImageSet:
    """A set of small labeled images; the arrays are read-only.

    Attributes:
        name: what it is called.
        classes: what label 0, 1, ... stands for.
        train_images, test_images: uint8, (N, C, H, W), 0 to 255, as PyTorch orders them.
        train_labels, test_labels: int64, (N,).
        complete: whether these are all images of the set, or the part that comes with the course.
    """

    name: str
    classes: tuple[str, ...]
    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels
    complete: bool = True

    def __post_init__(self) -> None:
        for array in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            array.setflags(write=False)

    def __repr__(self) -> str:
        part = "" if self.complete else " (the part that comes with the course)"
        counts = f"{len(self.train_images):,} images to learn from, {len(self.test_images):,} to test on"
        shape = " x ".join(map(str, self.train_images.shape[1:]))
        return f"{self.name}{part}: {counts}, {shape}, {len(self.classes)} classes"
