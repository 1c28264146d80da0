"""The 1797 handwritten digits that come with scikit-learn, 8 x 8 cells each."""

import gzip
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.shipped import shipped_file

SIDE = 8


@cache
def digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Handwritten digits: images (1797, 8, 8), uint8, 0 (paper) to 16 (ink); labels (1797,), int64, 0 to 9.

    Both arrays are read-only, and the same ones at every call. They equal ``sklearn.datasets.load_digits``;
    the file is read directly because importing scikit-learn takes a second and 80 MB.

    Raises ValueError where scikit-learn, or its file of digits, is not installed.

    Source: E. Alpaydin and C. Kaynak 1998, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository (the test part).
    """
    # Each line of the file: 64 cells, then the label, written as decimals ("12.000...").
    with gzip.open(shipped_file("digits.csv.gz", "digits"), "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",")
    images = table[:, :-1].reshape(-1, SIDE, SIDE).astype(np.uint8)  # (N, 8, 8)
    labels = table[:, -1].astype(np.int64)
    images.setflags(write=False)
    labels.setflags(write=False)
    return images, labels
