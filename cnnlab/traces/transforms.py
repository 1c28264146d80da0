"""One transform of data augmentation by name, with its numbers, as the labs write it down.

A picture is (3, H, W), red, green and blue from 0 to 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlab import augment

Image = NDArray[np.float32]
Matrix = NDArray[np.float64]
Value = float | str

GEOMETRY: Mapping[str, tuple[str, ...]] = {
    "horizontal flip": (),
    "vertical flip": (),
    "rotation": ("angle",),
    "shift": ("x", "y"),
    "crop": ("top", "left", "height", "width"),
    "zoom": ("zoom",),
    "shear": ("shear",),
    "affine": ("angle", "x", "y", "zoom", "shear"),
}
"""What moves pixels, and the numbers that it needs."""
COLOR: Mapping[str, tuple[str, ...]] = {
    "brightness": ("factor",),
    "contrast": ("factor",),
    "saturation": ("factor",),
    "hue": ("hue",),
    "gray": (),
    "channel shuffle": ("order",),
}
"""What changes colors, and the numbers that it needs."""
PARAMETERS = {**GEOMETRY, **COLOR, "cutout": ("row", "col", "side")}
ORDERS = ("RBG", "GRB", "GBR", "BRG", "BGR")
"""The ways to shuffle three channels."""
GRAY = 0.5
"""What cutout leaves: the middle of all values."""


def _order(image: Image, order: str) -> Image:
    return augment.permute_channels(image, ["RGB".index(name) for name in order]).astype(np.float32)


_APPLY: Mapping[str, Callable[..., NDArray[Any]]] = {
    "horizontal flip": augment.horizontal_flip,
    "vertical flip": augment.vertical_flip,
    "brightness": augment.adjust_brightness,
    "contrast": augment.adjust_contrast,
    "saturation": augment.adjust_saturation,
    "hue": augment.adjust_hue,
    "gray": augment.rgb_to_grayscale,
    "channel shuffle": _order,
    "cutout": lambda image, row, col, side: augment.cutout(image, row, col, side, GRAY),
}
"""All but crops, and what one warp does."""


@dataclass(frozen=True)
class Step:
    """A transform by name, with its numbers in the order of `PARAMETERS`.

    Angles are degrees counter-clockwise, shifts are pixels to the right and down.
    """

    name: str
    values: tuple[Value, ...] = ()

    @property
    def numbers(self) -> dict[str, Any]:
        """The numbers by their names."""
        return dict(zip(PARAMETERS[self.name], self.values, strict=True))

    @property
    def moves(self) -> bool:
        """Whether pixels change their places."""
        return self.name in GEOMETRY

    def matrix(self, size: tuple[int, int]) -> Matrix:
        """Where a point (x, y) of a picture of ``size`` goes, (2, 3). Only for what moves."""
        if "flip" in self.name:
            return augment.flip_matrix(size, self.name == "horizontal flip")
        n = self.numbers
        if self.name == "crop":
            return augment.crop_matrix(**n, size=size)
        shift = (n.get("x", 0.0), n.get("y", 0.0))
        return augment.affine_matrix(size, -n.get("angle", 0.0), shift, n.get("zoom", 1.0), (n.get("shear", 0.0), 0.0))

    def apply(self, image: NDArray[Any], how: str = "bilinear") -> NDArray[Any]:
        """The picture (C, H, W), or a mask (H, W), after this step; ``how`` pixels are read between pixels."""
        if self.name in _APPLY:
            return _APPLY[self.name](image, *self.values)
        if self.name == "crop":
            return augment.resized_crop(image, **self.numbers, size=size_of(image), interpolation=how)
        return augment.warp(image, augment.inverse_matrix(self.matrix(size_of(image))), how)


def step_for(name: str, given: Mapping[str, Any], size: tuple[int, int]) -> Step:
    """The transform ``name`` of a picture of ``size``, with those of the ``given`` numbers that it needs.

    What is given in percent becomes pixels: shifts ``x`` and ``y`` of the width and the height, ``size`` of a crop of
    both; its ``top`` and ``left`` are percent of the room that is left, 0 for the border and 100 for the other one.
    """
    height, width = size
    if name == "shift" or name == "affine":
        given = {**given, "x": given["x"] * width / 100, "y": given["y"] * height / 100}
    if name == "crop":
        rows, cols = (max(1, round(given["size"] * cells / 100)) for cells in size)
        top, left = round(given["top"] * (height - rows) / 100), round(given["left"] * (width - cols) / 100)
        given = {"top": top, "left": left, "height": rows, "width": cols}
    return Step(name, tuple(given[key] for key in PARAMETERS[name]))


def size_of(image: NDArray[Any]) -> tuple[int, int]:
    return image.shape[-2], image.shape[-1]
