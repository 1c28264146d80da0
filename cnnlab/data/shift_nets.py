"""Three small networks that were trained beforehand on digits in the middle of their canvas, as arrays.

``tools/make_shift_weights.py`` trains them and writes ``shift_weights.npz``; reading needs NumPy only.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.digits import digits

TRAINED_ON = 1437
"""So many of the 1797 digits, the first ones, were used for training; the last 360 are mostly by other people."""
SCALES = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
NOISES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
NETS = ("mlp", "plain", "pooled")
SAMPLES = 30
"""Unseen digits of each class to choose from: the first ones, not picked."""

_FILE = Path(__file__).parent / "shift_weights.npz"


@dataclass(frozen=True)
class ShiftNets:
    """An MLP ("mlp"), a CNN ("plain") and the same CNN with 2 x 2 max pooling ("pooled").

    ``weights`` holds the arrays of each by name, float32. ``right`` says for each how many of the 360 unseen digits it
    gets right: (8 scales, 6 noises, 13, 13), pushed from 6 cells up and left to 6 cells down and right.
    """

    weights: dict[str, dict[str, NDArray[np.float32]]]
    right: dict[str, NDArray[np.int64]]


@cache
def shift_nets() -> ShiftNets:
    """The networks with their measured results; the arrays are read-only, and the same ones at every call."""
    weights: dict[str, dict[str, NDArray[np.float32]]] = {net: {} for net in NETS}
    right = {}
    with np.load(_FILE) as stored:
        for key in stored.files:
            net, name = key.split(".", 1)
            if name == "right":
                right[net] = stored[key].astype(np.int64)
                right[net].setflags(write=False)
            else:
                weights[net][name] = stored[key].astype(np.float32)  # stored with half the digits
                weights[net][name].setflags(write=False)
    return ShiftNets(weights, right)


@cache
def unseen() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The digits that were kept from the training: images (360, 8, 8), 0 to 16; labels (360,)."""
    images, labels = digits()
    return images[TRAINED_ON:], labels[TRAINED_ON:]


@cache
def unseen_digit(label: int, sample: int) -> NDArray[np.uint8]:
    """One unseen digit (8, 8): ``sample`` counts those of its class from 0.

    Raises ValueError where ``label`` is not from 0 to 9, or ``sample`` not from 0 to 29.
    """
    for name, value, count in (("digit", label, 10), ("sample", sample, SAMPLES)):
        if not 0 <= value < count:
            raise ValueError(f"{name} must be from 0 to {count - 1}, but is {value}")
    images, labels = unseen()
    chosen: NDArray[np.uint8] = images[np.flatnonzero(labels == label)[sample]]
    return chosen


@cache
def untouched_weights() -> int:
    """Weights of the MLP that no training picture ever reached: their cell was empty in each of them.

    A weight learns by its input times an error; where the input is always 0, it stays the random number it was.
    """
    images, _ = digits()
    hidden = shift_nets().weights["mlp"]["hidden.weight"]
    inked = int(images[:TRAINED_ON].any(axis=0).sum())
    units, cells = hidden.shape
    return int(units * (cells - inked))
