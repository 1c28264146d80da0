"""Photos: the bundled ones, every kind of file that works, and every kind that does not."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnnlab.data
from cnnlab.data import photo, photos, read_photo

FOLDER = Path(cnnlab.data.__file__).parent / "photos"
GRAY_RAMP = np.arange(64, dtype=np.float32).reshape(8, 8)


def plain(mode: str, color: int | tuple[int, ...]) -> Image.Image:
    return Image.new(mode, (8, 8), color)


def palette(transparent: bool) -> Image.Image:
    image = plain("P", 0)
    image.putpalette([10, 200, 30, 0, 0, 0])
    if transparent:
        image.info["transparency"] = 0
    return image


def sixteen_bit(value: int) -> Image.Image:
    return Image.fromarray(np.full((8, 8), value, dtype=np.uint16))


# what it is, the image, the format of the file, the color that comes out
WORKS = [
    ("color", plain("RGB", (10, 200, 30)), "PNG", (10, 200, 30)),
    ("color, JPEG", plain("RGB", (10, 200, 30)), "JPEG", (10, 200, 30)),
    ("color, WebP", plain("RGB", (10, 200, 30)), "WEBP", (10, 200, 30)),
    ("gray", plain("L", 100), "PNG", (100, 100, 100)),
    ("gray, JPEG", plain("L", 100), "JPEG", (100, 100, 100)),
    ("gray, 16 bits", sixteen_bit(100 * 257), "PNG", (100, 100, 100)),
    ("gray, 16 bits, TIFF", sixteen_bit(100 * 257), "TIFF", (100, 100, 100)),
    ("gray, 32 bits, TIFF", plain("I", 100 * 257), "TIFF", (100, 100, 100)),
    ("black and white", plain("1", 1), "PNG", (255, 255, 255)),
    ("palette", palette(transparent=False), "PNG", (10, 200, 30)),
    ("palette, transparent", palette(transparent=True), "PNG", (255, 255, 255)),
    ("palette, GIF", palette(transparent=False), "GIF", (10, 200, 30)),
    ("alpha, opaque", plain("RGBA", (10, 200, 30, 255)), "PNG", (10, 200, 30)),
    ("alpha, half", plain("RGBA", (255, 0, 0, 128)), "PNG", (255, 127, 127)),
    ("alpha, transparent", plain("RGBA", (10, 200, 30, 0)), "PNG", (255, 255, 255)),
    ("gray with alpha, half", plain("LA", (0, 128)), "PNG", (127, 127, 127)),
    ("CMYK, JPEG", plain("CMYK", (255, 0, 0, 0)), "JPEG", (0, 255, 255)),
    ("CMYK, TIFF", plain("CMYK", (0, 0, 0, 255)), "TIFF", (0, 0, 0)),
]

# EXIF orientation, how an upright picture lies in the file
ORIENTATIONS = [
    (1, lambda a: a),
    (2, lambda a: a[:, ::-1]),
    (3, lambda a: a[::-1, ::-1]),
    (4, lambda a: a[::-1]),
    (5, lambda a: a.transpose(1, 0, 2)),
    (6, lambda a: np.rot90(a, 1)),
    (7, lambda a: a[::-1, ::-1].transpose(1, 0, 2)),
    (8, lambda a: np.rot90(a, -1)),
]

# width, height, whether it is too large
PIXELS = [
    (20_000, 20_000, True),
    (10_000, 10_000, True),  # Pillow would only warn
    (8_000, 8_000, True),  # Pillow would say nothing
    (10_000, 5_001, True),
    (10_000, 5_000, False),
]


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """The start of a gray PNG of that size: its header chunk, and a data chunk that holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0"))


def refusal(source: object, **arguments: object) -> str:
    """The message of the ValueError, which must be one plain line."""
    with pytest.raises(ValueError) as caught:
        read_photo(source, **arguments)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", photos())
def test_a_bundled_photo_is_a_small_file_with_a_license_and_256_by_256_pixels(name):
    assert (photo(name).shape, photo(name).dtype) == ((256, 256, 3), np.uint8)
    (file,) = FOLDER.glob(f"{name}.*")
    assert file.stat().st_size < 40_000
    assert f"`{file.name}`" in (FOLDER / "LICENSES.md").read_text(encoding="utf-8")


def test_the_folder_holds_the_bundled_photos_and_their_licenses_only():
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(["LICENSES", *photos()])


def test_a_gray_photo_is_the_weighted_mean_of_red_green_and_blue():
    weighted = photo("cat") @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(photo("cat", gray=True), weighted, atol=1)


def test_the_black_and_white_photo_has_three_equal_channels():
    for channel in range(3):
        np.testing.assert_array_equal(photo("camera")[:, :, channel], photo("camera", gray=True))


def test_a_photo_comes_in_the_size_that_is_asked_for():
    assert photo("rocket", size=32).shape == (32, 32, 3)
    assert photo("rocket", size=np.int64(300), gray=True).shape == (300, 300)


def test_a_photo_may_be_written_to_without_changing_the_next_one():
    photo("cat")[:] = 0
    assert photo("cat").max() > 0


def test_an_unknown_photo_is_answered_with_the_names():
    with pytest.raises(ValueError, match=r"name must be one of 'cat', 'camera', .* but is 'dog'"):
        photo("dog")


@pytest.mark.parametrize(("image", "format", "color"), [w[1:] for w in WORKS], ids=[w[0] for w in WORKS])
def test_every_usual_kind_of_file_becomes_red_green_and_blue(image, format, color, tmp_path):
    path = tmp_path / "mine"
    path.write_bytes(saved(image, format))
    values = read_photo(path, size=8)
    assert (values.shape, values.dtype) == ((8, 8, 3), np.uint8)
    assert np.abs(values.astype(int) - color).max() <= 2


def test_sixteen_bits_of_gray_become_the_nearest_of_eight():
    levels = np.arange(256, dtype=np.uint16).reshape(16, 16)
    values = read_photo(saved(Image.fromarray(levels * 257), "PNG"), size=16, gray=True)
    np.testing.assert_array_equal(values, levels)


def test_floating_point_gray_is_stretched_from_black_to_white():
    values = read_photo(saved(Image.fromarray(GRAY_RAMP - 20), "TIFF"), size=8, gray=True)
    np.testing.assert_array_equal(values, np.round(GRAY_RAMP / 63 * 255))


def test_a_path_a_string_and_the_bytes_of_a_file_give_the_same(tmp_path):
    path = tmp_path / "mine.png"
    content = saved(Image.fromarray(photo("cat")), "PNG")
    path.write_bytes(content)
    for source in (path, str(path), content, bytearray(content), memoryview(content)):
        np.testing.assert_array_equal(read_photo(source), photo("cat"))


@pytest.mark.parametrize(("orientation", "stored"), ORIENTATIONS)
def test_a_photo_is_turned_upright(orientation, stored):
    upright = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(Image.fromarray(np.ascontiguousarray(stored(upright))), "PNG", exif=exif)
    np.testing.assert_array_equal(read_photo(content, size=8), upright)


def test_a_photo_with_broken_orientation_data_is_shown_as_it_lies_in_the_file():
    content = saved(plain("RGB", (10, 200, 30)), "PNG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff")
    assert (read_photo(content, size=8) == (10, 200, 30)).all()


def test_a_large_jpeg_comes_out_as_the_same_picture_saved_without_loss():
    large = Image.fromarray(photo("cat")).resize((2000, 1500))
    lossless, jpeg = (read_photo(saved(large, format), size=128) for format in ("PNG", "JPEG"))
    assert np.abs(lossless.astype(int) - jpeg).mean() < 1.5


def test_the_middle_square_of_a_wide_and_of_a_tall_photo_is_kept():
    wide = np.random.default_rng(0).integers(0, 256, (10, 30, 3), dtype=np.uint8)
    np.testing.assert_array_equal(read_photo(saved(Image.fromarray(wide), "PNG"), size=10), wide[:, 10:20])
    tall = np.ascontiguousarray(wide.transpose(1, 0, 2))
    np.testing.assert_array_equal(read_photo(saved(Image.fromarray(tall), "PNG"), size=10), tall[10:20])


def test_a_photo_smaller_than_the_size_is_enlarged():
    values = read_photo(saved(plain("RGB", (10, 200, 30)), "PNG"), size=100)
    assert values.shape == (100, 100, 3)
    assert (values == (10, 200, 30)).all()


def test_an_animation_gives_its_first_picture():
    first, second = plain("RGB", (255, 0, 0)), plain("RGB", (0, 0, 255))
    content = saved(first, "GIF", save_all=True, append_images=[second])
    assert (read_photo(content, size=8) == (255, 0, 0)).all()


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_a_file_cut_short_is_refused(format, tmp_path):
    path = tmp_path / "cut.photo"
    whole = saved(Image.fromarray(photo("cat")), format)
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path).startswith("cut.photo is damaged or cut short; ")


@pytest.mark.parametrize("content", [b"Dear diary", b"\x89PNG", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg/>", bytes(2000)])
def test_a_file_that_is_no_picture_is_refused(content, tmp_path):
    path = tmp_path / "notes.png"
    path.write_bytes(content)
    assert refusal(path).startswith("notes.png is not a picture that can be read; ")


@pytest.mark.parametrize(("width", "height", "too_large"), PIXELS)
def test_a_file_of_more_than_fifty_megapixels_is_refused_by_its_header(width, height, too_large, tmp_path):
    path = tmp_path / "poster.png"
    path.write_bytes(png_header(width, height))
    message = refusal(path)
    # Decoding this file would find it cut short: only a size that is allowed gets as far as that.
    assert ("damaged" in message) is not too_large
    assert (f"poster.png has {width:,} x {height:,} pixels, more than 50 million" in message) is too_large


def test_the_limit_of_pillow_is_what_it_was_after_a_good_and_a_bad_file(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 123_456)
    photo("cat")
    refusal(png_header(20_000, 20_000))
    refusal(b"no picture")
    assert Image.MAX_IMAGE_PIXELS == 123_456


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.jpg").touch()
    assert refusal(tmp_path / "empty.jpg") == "empty.jpg is empty; choose a photo"
    assert refusal(b"", name="empty.jpg") == "empty.jpg is empty; choose a photo"


def test_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path.name} is a folder; name a photo inside it"


def test_a_missing_file_is_refused_with_the_folder_that_was_searched(tmp_path):
    message = refusal(tmp_path / "nowhere.jpg")
    assert message == f"nowhere.jpg was not found in {tmp_path}; check the name and the folder"


def test_a_name_that_no_disk_takes_is_refused():
    assert "a.png" in refusal("a" * 5000 + "a.png")


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "locked.png").write_bytes(png_header(8, 8))
    monkeypatch.setattr(Image, "open", denied)
    assert refusal(tmp_path / "locked.png") == "locked.png cannot be read (Permission denied); choose another file"


@pytest.mark.parametrize("source", [3, None, np.zeros((8, 8))])
def test_what_is_neither_a_path_nor_bytes_is_refused(source):
    assert f"is of type {type(source).__name__}" in refusal(source)


@pytest.mark.parametrize("size", [0, -1, 4097, 2.5, "256"])
def test_a_size_that_does_not_work_is_refused(size):
    assert refusal(saved(plain("L", 0), "PNG"), size=size).endswith(f"but is {size!r}")


def test_uploaded_bytes_are_called_by_the_name_that_came_with_them():
    assert refusal(b"Dear diary", name="diary.txt").startswith("diary.txt is not a picture")


def test_importing_data_and_kernels_loads_numpy_and_nothing_heavier():
    heavy = ("PIL", "sklearn", "scipy", "matplotlib", "torch", "ipywidgets")
    code = f"import sys, cnnlab.data, cnnlab.kernels; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (answer.stdout.strip(), answer.stderr) == ("[]", "")
