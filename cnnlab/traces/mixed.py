"""Two pictures and their labels become one: mixup, cutmix, and cutout beside them, which takes away and mixes nothing.

A picture is (3, H, W) from 0 to 1, its label one of a few classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cnnlab import augment
from cnnlab.augment.erasing import clipped
from cnnlab.traces.text import MINUS, equals, number, precise
from cnnlab.traces.transforms import GRAY, Image

METHODS = ("mixup", "cutmix", "cutout")


@dataclass(frozen=True, eq=False)
class Mixed:
    """Two pictures mixed.

    ``row``, ``col`` is the pixel that is looked at, and the middle of the rectangle; ``lam`` is the share that is
    asked for, ``size`` the side of the hole of cutout, in percent of the picture.
    """

    method: str
    classes: tuple[str, ...]
    labels: tuple[int, int]
    first: Image
    second: Image
    lam: float
    size: float
    row: int
    col: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.first.shape[1], self.first.shape[2]

    @cached_property
    def asked(self) -> tuple[int, int, int, int]:
        """The rectangle as it is drawn: top, left, height, width. A part of it may lie outside."""
        side = sqrt(1 - self.lam) if self.method == "cutmix" else self.size / 100
        height, width = (int(side * cells + 1e-9) for cells in self.shape)
        return self.row - height // 2, self.col - width // 2, height, width

    @cached_property
    def inside(self) -> tuple[int, int, int, int]:
        """The part of the rectangle that lies in the picture: top, left, height, width."""
        top, bottom, left, right = clipped(self.shape, *self.asked)
        return top, left, bottom - top, right - left

    @cached_property
    def image(self) -> Image:
        """The mixed picture."""
        if self.method == "mixup":
            return np.asarray(augment.mixup(self.first, self.second, self.lam), np.float32)
        if self.method == "cutmix":
            return np.asarray(augment.cutmix(self.first, self.second, *self.asked), np.float32)
        return np.asarray(augment.erase(self.first, *self.asked, GRAY), np.float32)

    @cached_property
    def share(self) -> float:
        """How much of the label is the first one's."""
        if self.method == "cutmix":
            return augment.cutmix_share(self.shape, *self.asked)
        return self.lam if self.method == "mixup" else 1.0

    @cached_property
    def label(self) -> NDArray[np.float64]:
        """The mixed label, a share for each class."""
        return np.asarray(augment.mix_labels(*self.labels, self.share, len(self.classes)), np.float64)

    @property
    def names(self) -> tuple[str, str]:
        """The classes of the two pictures."""
        return self.classes[self.labels[0]], self.classes[self.labels[1]]

    def formula(self) -> str:
        """Where the share comes from."""
        (_, _, height, width), (rows, cols) = self.inside, self.shape
        if self.method == "mixup":
            first, second = self.names
            return f"mixed = {number(self.lam)} · {first} + {number(round(1 - self.lam, 9))} · {second}, pixel by pixel"
        area = f"{height} · {width} / ({rows} · {cols})"
        if self.method == "cutout":
            hidden = height * width / (rows * cols)
            return f"hidden: {area} {equals(hidden)} {precise(hidden)} of the picture"
        return f"share of {self.names[0]} = 1 {MINUS} {area} {equals(self.share)} {precise(self.share)}"

    def pixel(self) -> str:
        """The red of the pixel that is looked at."""
        old, other, new = (float(image[0, self.row, self.col]) for image in (self.first, self.second, self.image))
        head = f"red of pixel [{self.row}, {self.col}]"
        if self.method == "mixup":
            lam, rest = number(self.lam), number(round(1 - self.lam, 9))
            return f"{head} = {lam} · {number(old)} + {rest} · {number(other)} ≈ {number(new)}"
        source = "gray" if self.method == "cutout" else self.names[1]
        top, left, height, width = self.inside
        within = top <= self.row < top + height and left <= self.col < left + width
        return f"{head} = {number(new)}, from {source if within else self.names[0]}"

    def loss(self) -> str:
        """The loss of a network that answers with probabilities p."""
        shares: dict[str, float] = {}
        for name, share in zip(self.names, (self.share, 1 - self.share), strict=True):
            shares[name] = shares.get(name, 0.0) + share
        if len(shares) == 1 or self.share > 1 - 1e-9:
            return f"loss = {MINUS}log p({self.names[0]})"
        terms = [f"{number(round(s, 3))} · log p({name})" for name, s in shares.items() if s > 1e-9]
        return f"loss = {MINUS}{f' {MINUS} '.join(terms)}"

    def says(self) -> str:
        """What to notice."""
        if self.method == "mixup":
            return "Two pictures on one film, and a label that says so: the network is to be as sure as the mixture."
        if self.method == "cutout":
            return "Nothing is mixed: the label stays. The network has to find something else than the hidden part."
        _, _, height, width = self.asked
        if self.inside[2:] != (height, width):
            return f"{height} × {width} were asked for, but a part is outside: the label counts what was replaced."
        return "Each pixel belongs to one picture; the label counts the pixels, not what is to be seen on them."


def mixed(
    method: str,
    pictures: tuple[Image, Image],
    labels: tuple[int, int],
    classes: Sequence[str],
    lam: float,
    size: float,
    place: tuple[int, int],
) -> Mixed:
    """Two pictures (3, H, W) of one shape, with the numbers of their classes."""
    return Mixed(method, tuple(classes), labels, *pictures, lam, size, *place)
