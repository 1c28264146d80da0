"""Pictures that are made, not taken, so that the truth about them is exact: shapes on a photo, cloth and wood.

The same seed makes the same picture. A shape or a defect comes with its mask, and so with its box.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.photos import photo

Mask = NDArray[np.bool_]
Field = NDArray[np.float64]
Rng = np.random.Generator

SHAPES_SIDE = 96
WINDOW = 18
"""Side of the square that a shape fits into, with a rim of a pixel or two."""
COLORS = {"red": (205, 60, 55), "blue": (60, 95, 200), "yellow": (215, 185, 60)}
PICTURED = ("cat", "coffee", "camera", "rocket")
ALWAYS = (("disk", "red"), ("disk", "red"), ("square", "red"), ("disk", "blue"), ("square", "yellow"))
SOMETIMES = (("disk", "red"), ("triangle", "red"), ("disk", "yellow"), ("square", "blue"), ("triangle", "blue"))
TRIES = 200

TEXTURE_SIDE = 120
TEXTURES = ("cloth", "wood")
DEFECTS = ("burn mark", "bleached spot", "worn spot", "")
"""What may be wrong with a piece of cloth or wood; the last is nothing."""


@dataclass(frozen=True, eq=False)
class Thing:
    """A shape in a scene: its kind, its color, and the pixels that it covers."""

    shape: str
    color: str
    mask: Mask

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The smallest box around it: top, left, height, width."""
        rows, cols = (np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0))
        return int(rows[0]), int(cols[0]), int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1


@dataclass(frozen=True, eq=False)
class ShapesScene:
    """Colored shapes on a photo: uint8 (96, 96, 3)."""

    picture: NDArray[np.uint8]
    things: tuple[Thing, ...]

    def boxes(self, shape: str, color: str) -> list[tuple[int, int, int, int]]:
        """The boxes of all things of a shape and a color."""
        return [thing.box for thing in self.things if (thing.shape, thing.color) == (shape, color)]

    def masks(self, color: str) -> list[Mask]:
        """The masks of all things of a color."""
        return [thing.mask for thing in self.things if thing.color == color]


@dataclass(frozen=True, eq=False)
class TextureScene:
    """A piece of cloth or wood in gray, uint8 (120, 120); ``mask`` is where it has a defect."""

    picture: NDArray[np.uint8]
    texture: str
    defect: str
    mask: Mask


# ---- shapes on a photo -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def shapes_scene(seed: int) -> ShapesScene:
    """Shapes that do not touch, unevenly lit, on a part of a photo: always two red disks, and more beside them."""
    rng = np.random.default_rng([seed, 1])
    picture = _background(rng)
    free = np.ones(picture.shape[:2], bool)
    extra = rng.choice(len(SOMETIMES), rng.integers(1, 4), replace=False)
    things = []
    for shape, color in (*ALWAYS, *(SOMETIMES[i] for i in extra)):
        mask = _placed(shape, free, rng)
        if mask is None:
            continue
        shade = np.array(COLORS[color]) + rng.normal(0, 12, 3)
        picture[mask] = shade
        things.append(Thing(shape, color, mask))
    rows, cols = np.mgrid[-1 : 1 : SHAPES_SIDE * 1j, -1 : 1 : SHAPES_SIDE * 1j]
    slopes = rng.uniform(-0.28, 0.28, 2)
    light = 1 + slopes[0] * rows + slopes[1] * cols
    picture = picture * light[..., None] + rng.normal(0, 11, picture.shape)
    return ShapesScene(_bytes(picture), tuple(things))


def _background(rng: Rng) -> Field:
    """A part of a photo, paler than it was."""
    whole = photo(PICTURED[rng.integers(len(PICTURED))], 256).astype(np.float64)
    top, left = rng.integers(0, len(whole) - SHAPES_SIDE, 2)
    part = whole[top : top + SHAPES_SIDE, left : left + SHAPES_SIDE]
    gray = part.mean(axis=-1, keepdims=True)
    return np.asarray(120 + 0.6 * (0.4 * part + 0.6 * gray - 120))


def _placed(shape: str, free: Mask, rng: Rng) -> Mask | None:
    """The mask of a shape at a place that is still free, which it takes; None where no place is found."""
    side = int(rng.integers(WINDOW - 4, WINDOW - 1))
    stencil = _stencil(shape, side)
    for _ in range(TRIES):
        top, left = rng.integers(2, SHAPES_SIDE - side - 2, 2)
        around = (slice(top - 2, top + side + 2), slice(left - 2, left + side + 2))
        if free[around].all():
            free[around] = False
            mask = np.zeros_like(free)
            mask[top : top + side, left : left + side] = stencil
            return mask
    return None


def _stencil(shape: str, side: int) -> Mask:
    rows, cols = np.mgrid[:side, :side] - (side - 1) / 2
    if shape == "disk":
        return np.asarray(rows**2 + cols**2 <= (side / 2) ** 2)
    if shape == "triangle":
        return np.asarray(np.abs(cols) <= (rows + side / 2) / 2)
    return np.ones((side, side), bool)


def red_disk_windows(seeds: range) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Windows cut from scenes to learn from, (N, 18, 18, 3), and whether each has a red disk in its middle.

    The others are windows beside a disk, other shapes, and bare photo.
    """
    windows, answers = [], []
    for seed in seeds:
        scene, rng = shapes_scene.__wrapped__(seed), np.random.default_rng([seed, 2])
        disks = [_corner(box) for box in scene.boxes("disk", "red")]
        others = [_corner(thing.box) for thing in scene.things if (thing.shape, thing.color) != ("disk", "red")]
        beside = [(top + dy, left + dx) for top, left in disks for dy, dx in rng.integers(-9, 10, (4, 2))]
        anywhere = [(int(top), int(left)) for top, left in rng.integers(0, SHAPES_SIDE - WINDOW + 1, (12, 2))]
        for top, left in (*disks, *others, *beside, *anywhere):
            away = min(max(abs(top - r), abs(left - c)) for r, c in disks)
            inside = min(top, left) >= 0 and max(top, left) <= SHAPES_SIDE - WINDOW
            if inside and (away <= 1 or away >= 4):  # what lies between is neither
                windows.append(scene.picture[top : top + WINDOW, left : left + WINDOW])
                answers.append(away <= 1)
    return np.array(windows), np.array(answers)


def _corner(box: tuple[int, int, int, int]) -> tuple[int, int]:
    """The top left corner of the window with a box in its middle."""
    top, left, height, width = box
    return top - (WINDOW - height) // 2, left - (WINDOW - width) // 2


# ---- cloth and wood --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def texture_scene(seed: int) -> TextureScene:
    """Cloth or wood with one of ``DEFECTS``: the first four scenes are cloth, the next four wood, and so on."""
    rng = np.random.default_rng([seed, 3])
    texture = TEXTURES[seed // len(DEFECTS) % len(TEXTURES)]
    defect = DEFECTS[seed % len(DEFECTS)]
    picture = _texture(texture, rng)
    mask = _blotch(rng) if defect else np.zeros(picture.shape, bool)
    if defect == "worn spot":  # the pattern is nearly gone
        picture[mask] = picture.mean() + 0.3 * (picture[mask] - picture.mean())
    elif defect:
        picture[mask] += -38 if defect == "burn mark" else 34
    return TextureScene(_bytes(picture), texture, defect, mask)


@lru_cache(maxsize=8)
def normal_textures(texture: str, count: int = 12) -> NDArray[np.uint8]:
    """Pictures of cloth or wood with nothing wrong, (count, 120, 120): what a machine may learn from."""
    pictures = [_texture(texture, np.random.default_rng([i, 4])) for i in range(count)]
    return np.array([_bytes(picture) for picture in pictures])


def _texture(texture: str, rng: Rng) -> Field:
    """Cloth or wood with nothing wrong, its light and its pattern a little uneven."""
    rows, cols = np.mgrid[:TEXTURE_SIDE, :TEXTURE_SIDE].astype(np.float64)
    phase = rng.uniform(0, 2 * np.pi, 3)
    if texture == "cloth":  # threads over and under each other
        pattern = 32 * np.sin(rows * 2 * np.pi / 6 + phase[0]) * np.sin(cols * 2 * np.pi / 6 + phase[1])
    else:  # the grain bends
        bent = rows + 3 * np.sin(cols * 2 * np.pi / 90 + phase[0])
        pattern = 20 * np.sin(bent * 2 * np.pi / 12 + phase[1]) + 10 * np.sin(bent * 2 * np.pi / 4 + phase[2])
    noise = rng.normal(0, 9, rows.shape)
    return np.asarray(130 + 7 * _uneven(rng) + (1 + 0.15 * _uneven(rng)) * pattern + noise)


def _uneven(rng: Rng) -> Field:
    """A few long waves across a picture: mean 0, standard deviation about 1."""
    rows, cols = np.mgrid[:TEXTURE_SIDE, :TEXTURE_SIDE] * (2 * np.pi / TEXTURE_SIDE)
    waves = [np.sin(rng.uniform(-2, 2) * rows + rng.uniform(-2, 2) * cols + rng.uniform(0, 6)) for _ in range(4)]
    return np.asarray(sum(waves) / np.sqrt(len(waves) / 2))


def _blotch(rng: Rng) -> Mask:
    """A round spot with an uneven rim."""
    middle = rng.uniform(0.25 * TEXTURE_SIDE, 0.75 * TEXTURE_SIDE, 2)
    rows, cols = np.mgrid[:TEXTURE_SIDE, :TEXTURE_SIDE] - middle[:, None, None]
    angle = np.arctan2(rows, cols)
    waves = sum(rng.uniform(0, 0.18) * np.sin(k * angle + rng.uniform(0, 6)) for k in (2, 3, 5))
    return np.asarray(np.hypot(rows, cols) <= rng.uniform(14, 20) * (1 + waves))


def _bytes(values: Field) -> NDArray[np.uint8]:
    stored = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    stored.setflags(write=False)
    return stored
