"""Makes cnnlab/data/photos/ from the sample images that come with scikit-image.

Run by hand, once, where scikit-image is installed: `python tools/make_photos.py`. The photos are committed,
so neither the package nor its tests need scikit-image. Authors and licenses are in
cnnlab/data/photos/LICENSES.md.
"""

from importlib.util import find_spec
from pathlib import Path

from PIL import Image

SIDE = 256
MAX_BYTES = 40_000
TARGET = Path(__file__).resolve().parent.parent / "cnnlab" / "data" / "photos"

# our file -> (scikit-image's file, crop as left, top, right, bottom). Square crops that keep the subject
# whole: both eyes of the cat, the whole saucer, the rocket between its masts.
CROPS = {
    "astronaut.jpg": ("astronaut.png", (0, 0, 512, 512)),
    "camera.png": ("camera.png", (0, 0, 512, 512)),
    "cat.jpg": ("chelsea.png", (85, 0, 385, 300)),
    "coffee.jpg": ("coffee.png", (78, 0, 478, 400)),
    "rocket.jpg": ("rocket.jpg", (107, 0, 534, 427)),
}


def source_folder() -> Path:
    """The folder of sample images inside the installed scikit-image."""
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("scikit-image is not installed: pip install scikit-image")
    return Path(spec.submodule_search_locations[0]) / "data"


def make(target: Path, source: Path, crop: tuple[int, int, int, int]) -> None:
    """Crops, scales to SIDE x SIDE and saves one photo; gray as PNG (lossless), color as JPEG."""
    with Image.open(source) as image:
        small = image.crop(crop).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    if target.suffix == ".png":
        small.save(target, optimize=True)
    else:
        # subsampling=0 keeps color at full resolution: the course looks at single channels and single pixels.
        small.save(target, quality=90, subsampling=0, optimize=True)
    size = target.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{target.name} has {size} bytes, more than {MAX_BYTES}")
    print(f"{target.name}: {size} bytes")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, (source_name, box) in CROPS.items():
        make(TARGET / name, source_folder() / source_name, box)
