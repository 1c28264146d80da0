"""Photos: the bundled ones, and a person's own file.

Whatever the file is, what comes out is a square uint8 array, so that the rest of the course need not care. A
file that cannot be used is answered with a ValueError of one plain sentence that names it.
"""

from contextlib import suppress
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # Pillow loads with the first photo, not with the package
    from PIL import Image

MAX_PIXELS = 50_000_000
MAX_SIZE = 4096

# What people have on their disks. A short list, because some of Pillow's other formats start other programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")

_FOLDER = Path(__file__).parent / "photos"
_FILES = {
    "cat": "cat.jpg",
    "camera": "camera.png",
    "coffee": "coffee.jpg",
    "rocket": "rocket.jpg",
    "astronaut": "astronaut.jpg",
}
_pillow_limit = Lock()

Source = str | PathLike[str] | bytes | bytearray | memoryview


def photos() -> tuple[str, ...]:
    """The names of the bundled photos; authors and licenses are in ``photos/LICENSES.md``."""
    return tuple(_FILES)


def photo(name: str, size: int = 256, gray: bool = False) -> NDArray[np.uint8]:
    """A bundled photo: uint8 (size, size, 3), red, green, blue; with ``gray``, (size, size).

    ``camera`` was taken in black and white: its three channels are equal. Raises ValueError for an unknown
    name.
    """
    if name not in _FILES:
        raise ValueError(f"name must be one of {', '.join(map(repr, _FILES))}, but is {name!r}")
    return read_photo(_FOLDER / _FILES[name], size, gray)


def read_photo(source: Source, size: int = 256, gray: bool = False, name: str | None = None) -> NDArray[np.uint8]:
    """Your own photo as an array: uint8 (size, size, 3), red, green, blue; with ``gray``, (size, size).

    ``source`` is a path, or the bytes of a file (what an upload gives); ``name`` is what an error calls it.
    The photo is turned upright as its EXIF orientation says, cut to the square in its middle, and scaled to
    ``size`` (Lanczos, Turkowski 1990; a smaller one is enlarged). Transparent parts lie on white, 16-bit gray
    is reduced to 8, an animation gives its first picture. Gray is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).

    Raises ValueError, naming the file, where it is missing, a folder, empty, no picture, cut short, or larger
    than 50 megapixels (read from its header: such a file is never decoded); and where ``size`` is not from 1
    to 4096.
    """
    if not isinstance(size, int | np.integer) or not 1 <= size <= MAX_SIZE:
        raise ValueError(f"size must be a whole number from 1 to {MAX_SIZE}, but is {size!r}")
    file, called = _file(source, name)
    with _open(file, called) as image:
        _check_pixels(image, called)
        try:
            square = _square(image, int(size))
        except Exception as error:  # decoders meet a damaged file with nearly any exception
            raise ValueError(_damaged(called)) from error
    return np.array(square.convert("L") if gray else square)


def _file(source: Source, name: str | None) -> tuple[Path | BytesIO, str]:
    """What Pillow can open, and what to call it in an error."""
    if isinstance(source, bytes | bytearray | memoryview):
        called = name or "the photo"
        if not len(source):
            raise ValueError(f"{called} is empty; choose a photo")
        return BytesIO(source), called
    try:
        path = Path(fspath(source))
    except TypeError:
        raise ValueError(
            f"source must be the path of a photo, or its bytes, but is of type {type(source).__name__}"
        ) from None
    called = name or path.name or str(path)
    try:
        _check_path(path, called)
    except OSError as error:  # no permission, a name that is too long
        raise ValueError(f"{called} cannot be read ({error.strerror}); choose another file") from error
    return path, called


def _check_path(path: Path, called: str) -> None:
    if path.is_dir():
        raise ValueError(f"{called} is a folder; name a photo inside it")
    if not path.exists():
        raise ValueError(f"{called} was not found in {path.absolute().parent}; check the name and the folder")
    if not path.is_file():
        raise ValueError(f"{called} is not a file; choose a photo")
    if path.stat().st_size == 0:
        raise ValueError(f"{called} is empty; choose a photo")


def _open(file: Path | BytesIO, called: str) -> "Image.Image":
    """Opens the file and reads its header, no more.

    Pillow has a limit of its own that raises, or warns, before it tells the size. It is set aside here while
    the header is read, so that one sentence can say how large the photo is and what would work.
    """
    from PIL import Image, UnidentifiedImageError

    with _pillow_limit:
        before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = None
        try:
            return Image.open(file, formats=FORMATS)
        except PermissionError as error:
            raise ValueError(f"{called} cannot be read ({error.strerror}); choose another file") from error
        except UnidentifiedImageError as error:
            raise ValueError(
                f"{called} is not a picture that can be read; choose a photo saved as PNG or JPEG"
            ) from error
        except Exception as error:  # as when decoding
            raise ValueError(_damaged(called)) from error
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _damaged(called: str) -> str:
    return f"{called} is damaged or cut short; get a new copy, or save it again from an image editor"


def _check_pixels(image: "Image.Image", called: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ValueError(
            f"{called} has {width:,} x {height:,} pixels, more than {MAX_PIXELS // 1_000_000} million; "
            "save a smaller copy, for example 2000 pixels wide"
        )


def _square(image: "Image.Image", size: int) -> "Image.Image":
    """Decodes the image: upright, its middle square, 8-bit RGB on white, ``size`` x ``size``.

    A photo of 50 megapixels fills 200 MB, so every step that has nothing to do makes no copy.
    """
    from PIL import Image

    # A JPEG can be decoded at a half, a quarter or an eighth of its size, in a fraction of the time. Three
    # times the size that is wanted leaves the scaling below enough to work with. Other formats ignore it.
    image.draft(None, (3 * size, 3 * size))
    image.load()
    _turn_upright(image)
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    square = image if width == height else image.crop((left, top, left + side, top + side))
    # Transparent pixels are blended before they are scaled, so that a color nobody sees does not bleed into
    # the rim.
    rgb = _on_white(_eight_bit(square))
    # The result must not be the file's own image, which is closed when the caller is done with it.
    return rgb.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _turn_upright(image: "Image.Image") -> None:
    from PIL import ImageOps

    # A photo with broken EXIF data is still a photo, only not turned.
    with suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)


def _eight_bit(image: "Image.Image") -> "Image.Image":
    """Gray of 16 bits or in floating point, which Pillow would clip at 255, as gray of 8 bits."""
    from PIL import Image

    if image.mode.startswith("I"):
        return Image.fromarray(np.clip(np.asarray(image) / 257, 0, 255).round().astype(np.uint8))
    if image.mode == "F":  # no agreed range: from the darkest to the brightest value
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        spread = np.ptp(values) or 1.0
        return Image.fromarray(((values - values.min()) / spread * 255).round().astype(np.uint8))
    return image


def _on_white(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    canvas = Image.new("RGBA", image.size, "white")
    canvas.alpha_composite(image.convert("RGBA"))
    return canvas.convert("RGB")
