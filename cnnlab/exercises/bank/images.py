"""Notebook 01: pictures as numbers."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Photo = npt.NDArray[np.uint8]


# ---- gray -----------------------------------------------------------------------------------------------------------


def gray(photo: Photo) -> Array:
    red, green, blue = photo[..., 0], photo[..., 1], photo[..., 2]
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _photos(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (4, 3)]:
        yield (rng.integers(100, 256, (H, W, 3), dtype=np.uint8),)


GRAY = Exercise(
    name="gray",
    notebook="01",
    statement=(
        "Write gray(photo): photo is (H, W, 3) with red, green and blue from 0 to 255; the result is (H, W), each "
        "pixel "
        "0.299 red + 0.587 green + 0.114 blue, as the eye weighs them. Do not round."
    ),
    solution=gray,
    cases=_photos,
    mistakes=(
        Mistake(
            "plain mean",
            lambda photo: photo.mean(axis=-1),
            "You took the plain mean. The eye sees green brighter than blue, so the channels have weights.",
        ),
        Mistake(
            "integer overflow",
            lambda photo: photo.sum(axis=-1, dtype=np.uint8) / 3,
            "The sum overflowed: uint8 holds 0 to 255 and starts again at 0. Turn the numbers into floats before "
            "adding.",
        ),
        Mistake(
            "channels reversed",
            lambda photo: gray(photo[..., ::-1]),
            "The weights are the wrong way round: photo[..., 0] is red, photo[..., 2] is blue.",
        ),
        Mistake(
            "cut",
            lambda photo: gray(photo).astype(np.uint8),
            "The numbers were cut to whole ones. Keep them as floats.",
        ),
        Mistake("rounded", lambda photo: np.round(gray(photo)), "The numbers were rounded. Keep them as they are."),
        Mistake(
            "plain sum",
            lambda photo: photo.sum(axis=-1),
            "You added the channels without weights: the result can be larger than 255.",
        ),
        Mistake(
            "first axis taken for the channels",
            lambda photo: 0.299 * photo[0] + 0.587 * photo[1] + 0.114 * photo[2],
            "You mixed the first three rows. Channels are the last axis here: photo[..., 0] is red.",
        ),
    ),
    hints=(
        "photo[..., 0] is the red of every pixel: an array of shape (H, W).",
        "A number times an array multiplies every pixel, and arrays of the same shape can be added.",
        "0.299 * red + 0.587 * green + 0.114 * blue",
    ),
)


# ---- channels first -------------------------------------------------------------------------------------------------


def channels_first(photo: Array) -> Array:
    return photo.transpose(2, 0, 1)


def _small_photos(rng: np.random.Generator) -> Iterator[Arguments]:
    for H, W in [(1, 2), (2, 2), (2, 3), (3, 2), (4, 3), (3, 3)]:
        yield (rng.permutation(H * W * 3).reshape(H, W, 3).astype(float),)


CHANNELS_FIRST = Exercise(
    name="channels first",
    notebook="01",
    statement=(
        "Write channels_first(photo): the same picture, (H, W, 3) turned into (3, H, W) as PyTorch and this course "
        "lay "
        "images out. The picture itself must not turn."
    ),
    solution=channels_first,
    cases=_small_photos,
    mistakes=(
        Mistake(
            "reshaped",
            lambda photo: photo.reshape(photo.shape[2], *photo.shape[:2]),
            "The shape is right, but reshape only cuts the same row of numbers anew: red, green and blue are mixed "
            "up. "
            "Moving an axis is transpose.",
        ),
        Mistake(
            "colors reversed",
            lambda photo: photo[..., ::-1].transpose(2, 0, 1),
            "Red and blue have changed places: the channels keep their order.",
        ),
        Mistake(
            "axes in the wrong order",
            lambda photo: photo.transpose(1, 2, 0),
            "transpose(1, 2, 0) puts the columns first. Name the old axes in the new order: 2, 0, 1.",
        ),
        Mistake(
            "picture transposed",
            lambda photo: photo.T,
            "The picture has turned: .T reverses all the axes, to (3, W, H). Only the last axis has to move to the "
            "front.",
        ),
    ),
    hints=(
        "No number changes, only its place: result[c, i, j] is photo[i, j, c].",
        "NumPy has transpose and moveaxis for this; reshape is something else.",
        "photo.transpose(2, 0, 1) says: first the old axis 2, then 0, then 1.",
    ),
)


# ---- brightness -----------------------------------------------------------------------------------------------------


def brighter(photo: Photo, amount: int) -> Photo:
    changed = photo.astype(float) + amount
    return np.clip(changed, 0, 255).astype(np.uint8)


def _added_as_bytes(photo: Photo, amount: int) -> Photo:
    return photo + amount  # NumPy refuses a negative amount: it is no number of 8 bits


def _overflowing(photo: Photo, amount: int) -> Photo:
    return (photo.astype(int) + amount).astype(np.uint8)


def _amounts(rng: np.random.Generator) -> Iterator[Arguments]:
    for (H, W), amount in [((1, 2), 60), ((1, 2), -60), ((2, 3), 100), ((2, 2), 0), ((3, 3), -120), ((2, 4), 90)]:
        photo = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
        photo.flat[0], photo.flat[1] = 250, 5  # one too bright, one too dark
        yield photo, amount


BRIGHTER = Exercise(
    name="brighter",
    notebook="01",
    statement=(
        "Write brighter(photo, amount): every number of a photo of uint8 raised by amount, which may be negative. "
        "What "
        "would pass 255 stays at 255, what would fall below 0 stays at 0."
    ),
    solution=brighter,
    cases=_amounts,
    mistakes=(
        Mistake(
            "added in 8 bits",
            _added_as_bytes,
            "You add in uint8, the 8 bits of the photo: there 255 + 1 is 0, so the brightest pixels turn dark, and a "
            "negative amount is refused. Add in floats, then clip, and go back to uint8 last.",
        ),
        Mistake(
            "integer overflow",
            _overflowing,
            "The numbers overflow when they go back to uint8: there 256 is 0, so the brightest pixels turn dark. "
            "Clip before.",
        ),
        Mistake(
            "clipped at the top, then 8 bits",
            lambda photo, amount: np.minimum(photo.astype(int) + amount, 255).astype(np.uint8),
            "Numbers below 0 are left, and in uint8 -1 becomes 255: clip at both ends before.",
        ),
        Mistake(
            "clipped below, then 8 bits",
            lambda photo, amount: np.maximum(photo.astype(int) + amount, 0).astype(np.uint8),
            "Numbers above 255 are left, and in uint8 256 becomes 0: clip at both ends before.",
        ),
        Mistake(
            "not clipped",
            lambda photo, amount: photo.astype(float) + amount,
            "Some numbers leave the range from 0 to 255: clip them.",
        ),
        Mistake(
            "clipped at the top only",
            lambda photo, amount: np.minimum(photo.astype(float) + amount, 255),
            "Numbers below 0 are left: clip at both ends.",
        ),
        Mistake(
            "multiplied", lambda photo, amount: np.clip(photo.astype(float) * amount, 0, 255), "Add, do not multiply."
        ),
    ),
    hints=(
        "What is np.uint8(250) + np.uint8(10)? Try it in a cell.",
        "photo.astype(float) makes room for numbers above 255 and below 0.",
        "np.clip(numbers, 0, 255), and .astype(np.uint8) at the end.",
    ),
)

ALL = (GRAY, CHANNELS_FIRST, BRIGHTER)
