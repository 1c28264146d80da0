"""The channels lab: the numbers of the pixel under the loupe, and what the page does to it."""

from typing import Any

import numpy as np
import pytest

from cnnlab.data import photo
from cnnlab.labs import ChannelsLab


def told(lab: ChannelsLab, **event: Any) -> None:
    lab.stage._handle_custom_msg({"cols": 256, **event}, [])


def test_the_loupe_shows_the_numbers_of_the_photo() -> None:
    lab = ChannelsLab(photo="coffee", row=40, col=100)
    assert lab.trace.values == tuple(photo("coffee")[40, 100])
    for value in photo("coffee")[38:43, 98:103].ravel():
        assert f">{value}</text>" in lab.svg
    lab.view = "G"
    assert lab.svg.count('font-size="22"') == 25


def test_pointing_looks_and_a_click_stays() -> None:
    lab = ChannelsLab()
    told(lab, kind="hover", grid="photo", row=10, col=20)
    assert (lab.trace.row, lab.trace.col, lab.row, lab.col) == (10, 20, 128, 128)
    told(lab, kind="leave")
    assert (lab.trace.row, lab.trace.col) == (128, 128)
    told(lab, kind="pin", grid="photo", row=10, col=20)
    assert (lab.trace.row, lab.trace.col, lab.row, lab.col) == (10, 20, 10, 20)


def test_a_click_on_a_channel_shows_it_large_and_another_one_all_together() -> None:
    lab = ChannelsLab()
    for _ in range(2):  # a key at the end of the row chooses the same one again
        told(lab, kind="choose", grid="channel", row=2, col=0, cols=1)
        assert lab.view == "G" and "channel G" in lab.svg
    told(lab, kind="choose", grid="channel", row=0, col=0, cols=1)
    assert lab.view == "together"


def test_at_the_border_the_loupe_looks_beyond_the_photo_without_numbers() -> None:
    lab = ChannelsLab(row=0, col=0, view="R")
    assert lab.svg.count('font-size="22"') == 9  # 3 x 3 of its 5 x 5 cells lie inside


def test_a_smaller_photo_takes_the_loupe_along() -> None:
    lab = ChannelsLab(row=200, col=250)
    lab.photo = np.zeros((3, 5, 3), np.uint8)
    assert (lab.row, lab.col, lab.error) == (2, 4, "")
    assert (lab.boxes["row"].max, lab.boxes["col"].max) == (2, 4)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"photo": "dog"}, "photo 'dog' is not known: give one of cat, camera"),
        ({"photo": "missing.png"}, "missing.png was not found"),
        ({"photo": np.zeros((4, 4))}, "photo must have the axes (H, W, 3)"),
        ({"photo": None}, "photo must have the axes"),
        ({"red": -0.5}, "red, green and blue must be 0 or more"),
        ({"red": "much"}, "red must be a number"),
        ({"brightness": np.inf}, "brightness must be a number"),
        ({"gray": "sepia"}, "gray must be one of eye, mean"),
        ({"view": "X"}, "view must be one of 'together'"),
        ({"row": -1}, "row must be a whole number from 0 on"),
        ({"tint": 1}, "tint must be True or False"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = ChannelsLab()
    before = lab.svg
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error
    assert lab.svg == before
    lab.reset()
    assert lab.error == ""


def test_an_uploaded_photo_is_shown_in_colors() -> None:
    import io

    from PIL import Image

    colored = np.zeros((10, 10, 3), np.uint8)
    colored[..., 1] = 200
    buffer = io.BytesIO()
    Image.fromarray(colored).save(buffer, "PNG")
    lab = ChannelsLab()
    lab.upload("green.png", buffer.getvalue())
    assert lab.error == "" and lab.trace.values == (0, 200, 0)
    with pytest.raises(ValueError, match=r"green\.txt"):
        lab.upload("green.txt", b"no picture")
    assert lab.trace.values == (0, 200, 0)
