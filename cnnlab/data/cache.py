"""Files that are fetched once and kept: written whole or not at all, and checked before they are used.

A file is written under a name of its own and then renamed, which is one step for the file system: whoever looks sees no
half of it, an interrupted download leaves nothing that could be read, and of two processes the last one to finish wins
with the same content. What was decoded is checked by its SHA-256 each time it is read.
"""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

PLACE = "CNNLAB_CACHE"  # an environment variable: another folder, for a class that shares a machine, or for tests
CHUNK = 1 << 20
PATIENCE_S = 30
"""How long a server may be silent."""

Bytes = NDArray[np.uint8]


class FetchError(OSError):
    """What was asked for could not be had; says from where, and why."""


def folder() -> Path:
    """Where fetched files are kept."""
    if os.environ.get(PLACE):
        return Path(os.environ[PLACE])
    from platformdirs import user_cache_path

    return user_cache_path("cnnlab")


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to write that appears as ``path`` when all of it is there; after an error, nothing appears."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}.part")  # not tempfile's, which nobody else may read
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    except BaseException:  # Ctrl-C, too
        part.unlink(missing_ok=True)
        raise


def download(urls: Sequence[str], file: BinaryIO, what: str) -> None:
    """Write what is at the first of some addresses that answers, with a progress bar called ``what``.

    Raises:
        FetchError: none of them gave it; says why, for each.
    """
    failures = []
    for url in urls:
        file.seek(0)
        file.truncate()
        try:
            _copy(url, file, what)
        except (OSError, ValueError, HTTPException) as error:  # no network, no file, cut off, no address, no HTTP
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            failures.append(f"{url}: {reason}")
        else:
            return
    raise FetchError(f"{what} could not be downloaded ({'; '.join(failures)})")


def _copy(url: str, file: BinaryIO, what: str) -> None:
    from tqdm.auto import tqdm

    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        total = int(answer.headers.get("Content-Length") or 0) or None
        with tqdm(total=total, desc=what, unit="B", unit_scale=True, leave=False) as bar:
            while piece := answer.read(CHUNK):
                file.write(piece)
                bar.update(len(piece))
        if total and bar.n != total:
            raise OSError(f"the connection ended after {bar.n:,} of {total:,} bytes")


def sha256(array: Bytes) -> str:
    """The SHA-256 of the bytes of an array."""
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()


def checked(arrays: Sequence[Bytes], sums: Sequence[str], name: str) -> tuple[Bytes, ...]:
    """The arrays, if each has its SHA-256; else FetchError."""
    found = [sha256(array) for array in arrays]
    if found != list(sums):
        raise FetchError(f"what was fetched for {name} is not what it should be: its SHA-256 is {', '.join(found)}")
    return tuple(arrays)


def kept(name: str, sums: Sequence[str], make: Callable[[], Sequence[Bytes]]) -> tuple[Bytes, ...]:
    """Arrays of bytes from the cache; where they are not there, or damaged, made by ``make`` and kept.

    Args:
        name: of the file in the cache.
        sums: the SHA-256 of each array.
        make: fetches and decodes them.

    Raises:
        FetchError: they could not be fetched, or what was fetched is not what it should be.
    """
    path = folder() / f"{name}.npz"
    if path.exists():
        arrays = _read(path, len(sums))
        if arrays is not None and [sha256(array) for array in arrays] == list(sums):
            return arrays
        print(f"{path} is damaged: it is fetched again.")
    arrays = checked(make(), sums, name)
    with suppress(OSError), written(path) as file:  # a full disk is no reason not to go on
        np.savez(file, *arrays)
    return arrays


def _read(path: Path, count: int) -> tuple[Bytes, ...] | None:
    """The arrays of a file, or None where it does not hold them."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return tuple(file[f"arr_{i}"] for i in range(count))
    except Exception:  # whatever a damaged file makes zipfile or NumPy say
        return None
