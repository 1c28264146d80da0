"""The gallery of the README: every lab is drawn, small, and shown."""

from pathlib import Path

import pytest
from PIL import Image

from cnnlab import labs
from tools import gallery
from tools.gallery import SHOWN, Shown

ROOT = Path(__file__).parent.parent
LARGEST = 60_000  # bytes: the whole gallery loads at once

every_lab = pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.lab)


def test_every_lab_is_in_the_gallery_once() -> None:
    assert sorted(shown.lab for shown in SHOWN) == sorted(labs.__all__)


def test_there_is_a_file_for_each_and_no_other() -> None:
    assert sorted(shown.file for shown in SHOWN) == sorted(path.name for path in (ROOT / "docs/gallery").iterdir())


@every_lab
def test_a_file_is_small_and_of_the_one_size(shown: Shown) -> None:
    path = ROOT / "docs" / "gallery" / shown.file
    assert path.stat().st_size < LARGEST
    with Image.open(path) as picture:
        assert picture.size == (gallery.WIDTH, gallery.HEIGHT)


@every_lab
def test_a_lab_can_be_drawn_as_it_is_shown(shown: Shown) -> None:
    picture = gallery.picture(shown)
    assert picture.size == (gallery.WIDTH, gallery.HEIGHT)
    assert len(set(picture.convert("L").tobytes())) > 10  # and it is not empty


def test_the_table_has_a_cell_for_each() -> None:
    rows = gallery.table("docs/gallery").splitlines()
    assert rows[:2] == ["|  |  |  |", "| --- | --- | --- |"]
    assert all(row.count("|") == 4 for row in rows)
    assert "\n".join(rows).count("![") == len(SHOWN)


def test_the_readme_shows_every_lab() -> None:
    assert gallery.table("docs/gallery") in (ROOT / "README.md").read_text(encoding="utf-8")
