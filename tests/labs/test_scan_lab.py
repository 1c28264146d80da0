"""The scan lab: the window is carried, the pattern is moved, and the answers follow."""

from typing import Any

import numpy as np
import pytest

from cnnlab.labs import ScanLab


def told(lab: ScanLab, **event: Any) -> None:
    lab.stage._handle_custom_msg({"row": 0, "cols": 177, **event}, [])


@pytest.mark.parametrize("mode", ["signal", "image"])
def test_pytorch_computes_what_the_scan_does(mode: str) -> None:
    assert ScanLab(mode=mode, noise=0.5).check_with_torch() < 1e-12
    assert ScanLab(mode=mode, second=False).check_with_torch() < 1e-12


def test_moving_the_word_moves_the_answer() -> None:
    lab = ScanLab(place=20)
    for place in (20, 77, 176):
        lab.place = place
        assert lab.trace.scan.found == ((0, place),)


def test_pointing_at_the_recording_puts_the_middle_of_the_window_there() -> None:
    lab = ScanLab()
    told(lab, kind="hover", grid="input", col=100, cols=200)
    assert lab.trace.col == 100 - 12
    told(lab, kind="pin", grid="input", col=199, cols=200)
    assert lab.step == 176
    told(lab, kind="hover", grid="output", col=5)
    assert lab.trace.col == 5


def test_walking_shows_only_the_answers_up_to_the_window() -> None:
    lab = ScanLab(place=60, walk=True, step=30)
    assert "The network has looked at 31 places." in lab.svg and "▲" not in lab.svg
    lab.walk = False
    assert "1 word found, where it is." in lab.svg and "▲" in lab.svg


def test_the_picture_has_a_slider_for_down_and_the_recording_has_not() -> None:
    lab = ScanLab()
    assert lab.boxes["down"].disabled
    lab.mode = "image"
    assert not lab.boxes["down"].disabled
    assert (lab.boxes["place"].max, lab.boxes["down"].max) == (29, 23)
    lab.down = 11
    assert lab.trace.scan.true_places == ((11, 29),)  # place 60 is as far right as the picture goes


def test_reset_stops_the_walk() -> None:
    lab = ScanLab(step=3)
    lab.step, lab.play.playing = 40, True
    lab.reset()
    assert (lab.step, lab.play.playing) == (3, False)


def test_while_it_walks_the_text_gives_nothing_away() -> None:
    assert "found" not in ScanLab(walk=True)._repr_mimebundle_()["text/plain"]


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = ScanLab(controls="place noise")
    shown = [name for name, box in lab.boxes.items() if box.layout.display != "none"]
    assert shown == ["place", "noise"]


@pytest.mark.parametrize("copies", [0, 1, 2, 3])
@pytest.mark.parametrize("mode", ["signal", "image"])
def test_without_noise_as_many_are_found_as_there_are(mode: str, copies: int) -> None:
    lab = ScanLab(mode=mode, copies=copies, noise=0, other=False, place=5, down=2)
    assert len(lab.trace.scan.found) == copies == lab.trace.scan.hits


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "film"}, "mode must be one of 'signal', 'image'"),
        ({"copies": 4}, "copies must be from 0 to 3, but is 4"),
        ({"noise": -0.1}, "noise must be from 0 to 5, but is -0.1"),
        ({"noise": np.nan}, "noise must be a number"),
        ({"threshold": 0}, "threshold must lie between 0 and 1, but is 0"),
        ({"threshold": 1}, "threshold must lie between 0 and 1, but is 1"),
        ({"place": -1}, "place must be a whole number"),
        ({"other": "yes"}, "other must be True or False"),
        ({"seed": 1.5}, "seed must be a whole number"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = ScanLab()
    before = lab.svg
    for name, value in settings.items():
        setattr(lab, name, value)
    assert words in lab.error and lab.svg == before
    lab.reset()
    assert lab.error == ""
