"""Fashion-MNIST and CIFAR-10: the part that is shipped, and what is fetched, here from small archives made for it."""

import gzip
import io
import json
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnlab.data import cache, cifar, cifar10, fashion, fashion_mnist
from cnnlab.data.cache import FetchError, sha256

NOWHERE = ("http://127.0.0.1:1/",)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no address that answers."""
    monkeypatch.setenv(cache.PLACE, str(tmp_path / "cache"))
    monkeypatch.setattr(fashion, "INSTALLED", tmp_path / "installed")
    monkeypatch.setattr(fashion, "MIRRORS", NOWHERE)
    monkeypatch.setattr(cifar, "PICTURES", NOWHERE)
    monkeypatch.setattr(cifar, "BINARY", NOWHERE)
    return tmp_path


# ---- Fashion-MNIST


def test_the_part_is_balanced_and_as_it_was_made() -> None:
    part = fashion_mnist()
    assert part.train_images.shape == (10_000, 1, 28, 28) and part.test_images.shape == (2_000, 1, 28, 28)
    assert part.train_images.dtype == np.uint8 and part.train_labels.dtype == np.int64
    assert np.bincount(part.train_labels).tolist() == [1000] * 10
    assert np.bincount(part.test_labels).tolist() == [200] * 10
    assert not part.complete and len(part.classes) == 10
    sums = [sha256(images)[:16] for images in (part.train_images, part.test_images)]
    assert sums == PART_SUMS
    assert "the part that comes with the course" in repr(part)
    with pytest.raises(ValueError, match="read-only"):
        part.train_images[0] = 0


PART_SUMS = ["e1427044c614fabc", "96315b1732ab731e"]  # so that no change goes unseen


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture
def small_fashion(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """Four small files where Debian would put them, and their sums."""
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, (count, 28, 28), np.uint8) for count in (6, 3)]
    labels = [rng.integers(0, 10, count).astype(np.uint8) for count in (6, 3)]
    arrays = [images[0], labels[0], images[1], labels[1]]
    (folder / "installed").mkdir()
    sums = {}
    for name, array in zip(fashion.FILES, arrays, strict=True):
        (folder / "installed" / name).write_bytes(gzip.compress(idx(array)))
        sums[name] = sha256(np.frombuffer(idx(array), np.uint8))
    monkeypatch.setattr(fashion, "FILES", sums)
    return arrays


def test_the_whole_set_is_read_from_the_installed_files(small_fashion: list[np.ndarray]) -> None:
    whole = fashion_mnist(full=True)
    assert whole.complete and "part" not in repr(whole)
    assert np.array_equal(whole.train_images[:, 0], small_fashion[0])
    assert np.array_equal(whole.test_labels, small_fashion[3])


def test_the_whole_set_is_fetched_from_a_mirror_and_kept(
    folder: Path, small_fashion: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fashion, "MIRRORS", (*NOWHERE, (folder / "installed").as_uri() + "/"))
    monkeypatch.setattr(fashion, "INSTALLED", folder / "elsewhere")
    assert np.array_equal(fashion_mnist(full=True).train_labels, small_fashion[1])
    monkeypatch.setattr(fashion, "MIRRORS", NOWHERE)
    assert fashion_mnist(full=True).complete  # from the cache


def test_without_a_network_the_part_is_used_and_it_is_said() -> None:
    with pytest.warns(UserWarning, match="could not be downloaded .* comes with the course is used instead"):
        assert not fashion_mnist(full=True).complete


def test_a_page_that_asks_for_a_password_is_no_data(folder: Path, small_fashion: list[np.ndarray]) -> None:
    first = next(iter(fashion.FILES))
    (folder / "installed" / first).write_text("<html>please log in</html>")
    with pytest.warns(UserWarning, match="not the compressed file that it should be"):
        fashion_mnist(full=True)


def test_a_file_with_a_damaged_middle_is_no_data(folder: Path, small_fashion: list[np.ndarray]) -> None:
    place = folder / "installed" / next(iter(fashion.FILES))
    content = bytearray(place.read_bytes())
    content[10] = 0xFF  # the type of the first block: there is none of this one
    place.write_bytes(content)
    with pytest.warns(UserWarning, match="not the compressed file that it should be"):
        fashion_mnist(full=True)


def test_another_file_is_not_believed(folder: Path, small_fashion: list[np.ndarray]) -> None:
    first = next(iter(fashion.FILES))
    (folder / "installed" / first).write_bytes(gzip.compress(idx(small_fashion[0] ^ 1)))
    with pytest.warns(UserWarning, match="is not what it should be"):
        fashion_mnist(full=True)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "begins with 0, 0, 8"),
        (b"\x00\x00\x09\x01\x00\x00\x00\x01\x00", "begins with 0, 0, 8"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x02\x07", r"should hold \[2\] bytes, but 1 follow"),
    ],
)
def test_what_is_no_idx_file_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        fashion.from_idx(np.frombuffer(raw, np.uint8))


# ---- CIFAR-10

COUNT = 4


@pytest.fixture
def small_cifar(monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, ...]:
    """Batches of four images, and their sums: images (N, 32, 32, 3) and labels, to learn from and to test on."""
    rng = np.random.default_rng(1)
    arrays = tuple(
        array
        for count in (5 * COUNT, COUNT)
        for array in (rng.integers(0, 256, (count, 32, 32, 3), np.uint8), rng.integers(0, 10, count).astype(np.uint8))
    )
    monkeypatch.setattr(cifar, "BATCH", COUNT)
    monkeypatch.setattr(cifar, "SUMS", tuple(map(sha256, arrays)))
    return arrays


def archive(path: Path, members: dict[str, bytes]) -> tuple[str]:
    """The address of an archive with these files."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return (path.as_uri(),)


def pictures(arrays: tuple[np.ndarray, ...]) -> dict[str, bytes]:
    """The members of the archive of pictures: a row of 1024 pixels for each image."""

    def png(images: np.ndarray) -> bytes:
        file = io.BytesIO()
        Image.fromarray(images.reshape(COUNT, 1024, 3)).save(file, "PNG")
        return file.getvalue()

    train, train_labels, test, test_labels = arrays
    batches = {f"package/data_batch_{i + 1}.png": png(train[COUNT * i : COUNT * (i + 1)]) for i in range(5)}
    return {
        **batches,
        "package/test_batch.png": png(test),
        "package/train_lables.json": json.dumps(train_labels.tolist()).encode(),
        "package/test_lables.json": json.dumps(test_labels.tolist()).encode(),
    }


def records(arrays: tuple[np.ndarray, ...]) -> dict[str, bytes]:
    """The members of the archive of records: a label, then the red, the green and the blue of each image."""
    train, train_labels, test, test_labels = arrays

    def batch(images: np.ndarray, labels: np.ndarray) -> bytes:
        pairs = zip(images, labels, strict=True)
        return b"".join(bytes([label]) + image.transpose(2, 0, 1).tobytes() for image, label in pairs)

    parts = [slice(COUNT * i, COUNT * (i + 1)) for i in range(5)]
    batches = {f"data_batch_{i + 1}": batch(train[part], train_labels[part]) for i, part in enumerate(parts)}
    batches["test_batch"] = batch(test, test_labels)
    return {f"cifar-10-batches-bin/{name}.bin": content for name, content in batches.items()}


@pytest.mark.parametrize(("place", "members"), [("PICTURES", pictures), ("BINARY", records)])
def test_both_archives_give_the_same_images(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch, place: str, members
) -> None:
    monkeypatch.setattr(cifar, place, archive(folder / "archive.tgz", members(small_cifar)))
    found = cifar10()
    train, train_labels, test, _ = small_cifar
    assert found.train_images.shape == (20, 3, 32, 32) and found.train_images.flags.c_contiguous
    assert np.array_equal(found.train_images[7, 2], train[7, :, :, 2])  # the blue of an image
    assert np.array_equal(found.test_images, test.transpose(0, 3, 1, 2))
    assert np.array_equal(found.train_labels, train_labels)
    monkeypatch.setattr(cifar, place, NOWHERE)
    assert np.array_equal(cifar10().train_images, found.train_images)  # from the cache


def test_where_one_archive_holds_other_images_the_next_one_is_asked(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (small_cifar[0] ^ 1, *small_cifar[1:])
    monkeypatch.setattr(cifar, "PICTURES", archive(folder / "other.tgz", pictures(other)))
    monkeypatch.setattr(cifar, "BINARY", archive(folder / "archive.tgz", records(small_cifar)))
    assert np.array_equal(cifar10().train_images, small_cifar[0].transpose(0, 3, 1, 2))


def test_without_a_network_there_are_clothes_and_it_is_said() -> None:
    with pytest.warns(UserWarning, match="CIFAR-10 could not be downloaded .* Fashion-MNIST"):
        assert cifar10().name == "Fashion-MNIST"


@pytest.mark.parametrize("name", ["package/data_batch_3.png", "package/test_lables.json"])
def test_an_archive_without_one_of_its_files_is_refused(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    members = pictures(small_cifar)
    del members[name]
    monkeypatch.setattr(cifar, "PICTURES", archive(folder / "archive.tgz", members))
    with pytest.warns(UserWarning, match="cannot be read"):
        cifar10()


def test_an_archive_with_a_damaged_picture_is_refused(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    members = pictures(small_cifar)
    for name, cut in (("data_batch_1", 60), ("data_batch_2", 700), ("data_batch_3", -20)):
        broken = members[f"package/{name}.png"]
        damaged = {**members, f"package/{name}.png": broken[:cut] + bytes(20) + broken[cut + 20 :]}
        monkeypatch.setattr(cifar, "PICTURES", archive(folder / "archive.tgz", damaged))
        with pytest.warns(UserWarning, match="cannot be read|is not what it should be"):
            cifar10()


def test_an_archive_with_a_damaged_middle_is_refused(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (folder / "archive.tgz", pictures(small_cifar))
    monkeypatch.setattr(cifar, "PICTURES", archive(*whole))
    content = whole[0].read_bytes()
    for place in range(10, len(content), len(content) // 7):
        whole[0].write_bytes(content[:place] + b"\xff" * 40 + content[place + 40 :])
        with pytest.warns(UserWarning, match="cannot be read|is not what it should be"):
            cifar10()


def test_a_link_in_an_archive_leads_nowhere(
    folder: Path, small_cifar: tuple[np.ndarray, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "secret").write_text("secret")
    with tarfile.open(folder / "archive.tgz", "w:gz") as tar:
        link = tarfile.TarInfo("package/data_batch_1.png")
        link.type, link.linkname = tarfile.SYMTYPE, str(folder / "secret")
        tar.addfile(link)
    monkeypatch.setattr(cifar, "PICTURES", ((folder / "archive.tgz").as_uri(),))
    with pytest.raises(FetchError, match="cannot be read"):
        cifar._fetched()
