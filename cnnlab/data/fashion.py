"""Fashion-MNIST: 70,000 gray pictures of clothes, 28 x 28, in ten classes.

A balanced part of it comes with the course; all of it is fetched when it is asked for, and kept.

Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning
algorithms (2017), arXiv:1708.07747; MIT license, beside the file.
"""

import gzip
import io
import warnings
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.cache import FetchError, download, kept
from cnnlab.data.image_set import ImageSet

NAME = "Fashion-MNIST"
CLASSES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
SIDE = 28
SHIPPED = Path(__file__).parent / "sets" / "fashion_mnist_part.npz"
INSTALLED = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts the files."""
MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)
FILES = {
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""The four files, and the SHA-256 of each after it is decompressed."""

Bytes = NDArray[np.uint8]


def fashion_mnist(full: bool = False) -> ImageSet:
    """Fashion-MNIST: images (N, 1, 28, 28), uint8, 0 (background) to 255.

    Args:
        full: all 60,000 + 10,000 images, fetched once; else the 10,000 + 2,000 that come with the course. Where they
            cannot be fetched, a warning says why, and it is the part.
    """
    if full:
        try:
            return _complete()
        except FetchError as error:
            warnings.warn(f"{error}. The part that comes with the course is used instead.", stacklevel=2)
    return _part()


@cache
def _part() -> ImageSet:
    with np.load(SHIPPED, allow_pickle=False) as file:
        arrays = [file[name] for name in ("train_images", "train_labels", "test_images", "test_labels")]
    return _image_set(arrays, complete=False)


def _complete() -> ImageSet:
    raw = kept("fashion_mnist", list(FILES.values()), lambda: [_unpacked(name) for name in FILES])
    return _image_set([from_idx(array) for array in raw], complete=True)


def _image_set(arrays: Sequence[Bytes], complete: bool) -> ImageSet:
    train, train_labels, test, test_labels = arrays
    labels = train_labels.astype(np.int64), test_labels.astype(np.int64)
    return ImageSet(NAME, CLASSES, train[:, None], labels[0], test[:, None], labels[1], complete)


def _unpacked(name: str) -> Bytes:
    """One of the files, decompressed: the installed one, or else the one of a mirror."""
    file = io.BytesIO()
    if (INSTALLED / name).is_file():
        file.write((INSTALLED / name).read_bytes())
    else:
        download([mirror + name for mirror in MIRRORS], file, f"{NAME}: {name}")
    try:
        return np.frombuffer(gzip.decompress(file.getvalue()), np.uint8)
    except (OSError, EOFError, zlib.error) as error:  # a web page in its place, a piece that is missing
        raise FetchError(f"{name} is not the compressed file that it should be ({error})") from error


def from_idx(raw: Bytes) -> Bytes:
    """The array in an idx file of bytes: two zeros, 8 for bytes, how many axes, their lengths (4 bytes each), the rest.

    Raises:
        ValueError: it is none.
    """
    header = raw[:4].tolist()
    if len(header) < 4 or header[:3] != [0, 0, 8]:
        raise ValueError(f"an idx file of bytes begins with 0, 0, 8, but this one with {header}")
    start = 4 + 4 * header[3]
    shape = raw[4:start].view(">u4").tolist()
    if raw.size != start + np.prod(shape):
        raise ValueError(f"this idx file should hold {shape} bytes, but {raw.size - start:,} follow its header")
    return raw[start:].reshape(shape)
