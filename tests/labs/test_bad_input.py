"""Each bad input gets one plain sentence, and the last good picture stays."""

import io
import struct
import zlib
from datetime import UTC, datetime

import ipywidgets as widgets
import numpy as np
import pytest
import torch
from PIL import Image

from cnnlab.labs import ConvolutionLab
from tests.labs.looking import JARGON, control, found, send, still

START = {
    "input": "color", "weight": "edges", "stride": 2, "padding": 1, "padding_mode": "reflect",
    "step": 3, "filter": 1, "channel": 2,
}  # fmt: skip

# setting, value, words of the sentence
BAD = [
    ("weight", np.ones((1, 3, 9, 9)), "the kernel covers 9 x 9 but the padded input is only 8 x 8"),
    ("dilation", 4, "the kernel covers 9 x 9"),
    ("stride", 0, "stride must be at least 1, but is 0"),
    ("stride", -2, "stride must be at least 1, but is -2"),
    ("stride", 1.5, "stride must be a whole number, but is 1.5"),
    ("stride", "3", "stride must be a whole number, but is '3'"),
    ("stride", None, "stride"),
    ("dilation", 0, "dilation must be at least 1, but is 0"),
    ("dilation", -1, "dilation must be at least 1, but is -1"),
    ("padding", -1, "padding must be at least 0, but is -1"),
    ("padding", "wide", "padding must be a whole number, a pair, 'same' or 'valid', but is 'wide'"),
    ("padding", "same", "padding 'same' works with stride 1 only"),
    ("padding", 10**9, "pad"),
    ("stride", 10**30, "stride"),
    ("padding_mode", "mirror", "but is 'mirror'"),
    ("padding_mode", None, "padding_mode"),
    ("groups", 2, "groups must divide"),
    ("groups", 0, "groups"),
    ("weight", np.ones((2, 2, 3, 3)), "channels"),
    ("weight", np.ones((3, 3)), "channels"),
    ("weight", "nonsense", "weight 'nonsense' is not known: give one of identity"),
    ("weight", "1 2; 3", "weight is ragged"),
    ("weight", [[1, 2], [3]], "weight is ragged"),
    ("weight", "1 x", "weight, row 1, column 2, holds 'x'"),
    ("weight", "", "weight is empty"),
    ("weight", torch.ones(2, 3, 3, 3), r"weight.detach().cpu().numpy()"),
    ("weight", np.full((1, 3, 2, 2), np.nan), "weight[0, 0, 0, 0] is nan"),
    ("input", "nonsense", "input 'nonsense' is not known: give one of step"),
    ("input", "1 2; 3 4; 5", "input is ragged"),
    ("input", "1 2; 3 nan", "not a finite number"),
    ("input", "1 2; 3 1e400", "not a finite number"),
    ("input", "", "input is empty"),
    ("input", None, "input must be an array of numbers, but is None"),
    ("input", [["a", "b"]], "input must hold real numbers"),
    ("input", np.array([[1, np.inf]]), "input[0, 0, 1] is inf"),
    ("input", np.zeros((0, 4)), "input must be an image"),
    ("input", np.zeros((2, 2, 2, 2)), "input must be an image"),
    ("input", np.array([[1j]]), "input must hold real numbers"),
    ("input", torch.ones(3, 6, 6), r"input.detach().cpu().numpy()"),
    ("input", torch.nn.Parameter(torch.ones(3, 6, 6)), r"input.detach().cpu().numpy()"),
    ("bias", float("nan"), "bias"),
    ("bias", float("inf"), "bias"),
    ("bias", 10**400, "bias"),
    ("bias", [1, 2, 3], "bias"),
    ("bias", "three", "bias"),
    ("flip", "no", "flip must be True or False, but is 'no'"),
    ("relu", 2, "relu must be True or False, but is 2"),
    ("predict", "x", "predict must be True or False, but is 'x'"),
    ("step", -1, "step must be a whole number"),
    ("step", "2", "step must be a whole number"),
    ("filter", -1, "filter must be a whole number from 0"),
    ("channel", -1, "channel must be a whole number from 0"),
    ("channel", 0.5, "channel must be a whole number from 0"),
]
IDS = [f"{name}={str(value)[:12]!r}" for name, value, _ in BAD]

# what is typed into a cell, words of the sentence
CELLS = [
    ("", "is empty: type a number"),
    ("  ", "is empty: type a number"),
    ("abc", "holds 'abc', which is not a number"),
    ("1/0", "which is not a number"),
    ("nan", "not a finite number"),
    ("-inf", "not a finite number"),
    ("1e400", "holds '1e400', which is not a finite number"),
]


def assert_only_said(lab, picture, words):
    """The sentence is there, in the trait and on the page, and the picture is what it was."""
    assert words in lab.error
    assert not JARGON.search(lab.error)
    assert "wrong in the lab itself" not in lab.error
    assert 'role="alert"' in lab.note.value
    assert still(lab) == picture


@pytest.mark.parametrize(("name", "value", "words"), BAD, ids=IDS)
def test_a_bad_setting_is_said_and_the_picture_stays(name, value, words):
    lab = ConvolutionLab(**START)
    picture, good = still(lab), getattr(lab, name)
    setattr(lab, name, value)
    assert_only_said(lab, picture, words)
    setattr(lab, name, good)
    assert lab.error == ""
    assert still(lab) == picture


@pytest.mark.parametrize(("name", "value", "words"), BAD, ids=IDS)
def test_a_lab_made_with_a_bad_setting_shows_the_default(name, value, words):
    lab = ConvolutionLab(**{**START, name: value})
    assert_only_said(lab, still(ConvolutionLab()), words)
    assert lab.trace.convolution.input.shape == (1, 8, 8)
    setattr(lab, name, getattr(ConvolutionLab(**START), name))
    assert lab.error == ""


@pytest.mark.parametrize("value", [True, False, 1.0])
def test_a_setting_that_only_equals_a_good_one_is_judged_as_it_is(value):
    """True == 1 == 1.0 in Python: said at once, or the next change of another setting would say it."""
    lab = ConvolutionLab(padding=int(value))
    lab.padding = value
    assert lab.error.startswith("padding must be a whole number")


@pytest.mark.parametrize("bad", [0, -1, 9.5])
def test_a_bad_value_is_never_offered_by_its_control(bad):
    lab = ConvolutionLab()
    offered = control(lab, "stride").options
    lab.stride = bad
    assert control(lab, "stride").options == offered


def test_padding_that_no_memory_can_hold_is_said():
    lab = ConvolutionLab()
    picture = still(lab)
    lab.padding = 10**9
    assert_only_said(lab, picture, "padding")


@pytest.mark.parametrize("grid", ["input", "kernel"])
@pytest.mark.parametrize(("text", "words"), CELLS)
def test_a_bad_cell_is_named_by_its_place(grid, text, words):
    lab = ConvolutionLab(**START)
    picture = still(lab)
    send(lab, {"kind": "edit", "grid": grid, "cells": [[1, 2]], "text": text})
    assert_only_said(lab, picture, words)
    assert lab.error.startswith("input[0, 1] " if grid == "input" else "kernel[1, 2] ")  # the border counts not
    send(lab, {"kind": "edit", "grid": grid, "cells": [[1, 2]], "text": "4"})
    assert lab.error == ""


@pytest.mark.parametrize("grid", ["input", "kernel"])
@pytest.mark.parametrize("text", ["1 2\n3", "1 2\n3 x", "", "[[1, 2], [3]]"])
def test_a_bad_grid_is_not_taken(grid, text):
    lab = ConvolutionLab(**START)
    picture = still(lab)
    send(lab, {"kind": "grid", "grid": grid, "text": text})
    assert_only_said(lab, picture, grid)


def test_a_padding_cell_is_not_edited():
    lab = ConvolutionLab(padding=1)
    picture = still(lab)
    send(lab, {"kind": "edit", "grid": "input", "cells": [[0, 0]], "text": "4"})
    assert_only_said(lab, picture, "that cell is padding")


def test_a_bad_brush_paints_nothing():
    lab = ConvolutionLab(paint=True)
    picture = still(lab)
    lab.brush = "red"
    send(lab, {"kind": "paint", "grid": "input", "cells": [[1, 1]]})
    assert_only_said(lab, picture, "brush")


# ---- photos ----------------------------------------------------------------------------------------------------------


def encoded(mode, size=(40, 30), kind="PNG"):
    with io.BytesIO() as buffer:
        Image.effect_noise(size, 90).convert(mode).save(buffer, kind)
        return buffer.getvalue()


def header_only(width, height):
    """A PNG that says how large it is, and has no pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IEND", b"")
    )


WHOLE = encoded("RGB", kind="JPEG")
BAD_FILES = [
    (b"hello, I am no photo", "is not a picture"),
    (b"", "is empty"),
    (WHOLE[: len(WHOLE) // 2], "is damaged or cut short"),
    (header_only(20_000, 20_000), "20,000 x 20,000 pixels"),
]
GOOD_FILES = [
    ("RGBA", "PNG"),
    ("LA", "PNG"),
    ("L", "PNG"),
    ("CMYK", "JPEG"),
    ("P", "GIF"),
    ("1", "PNG"),
    ("RGB", "WEBP"),
]


def upload(lab, name, content):
    """Choose a file with the button of the panel."""
    lab.panel = "photo"
    file = {"name": name, "type": "image/png", "size": len(content), "last_modified": datetime.now(UTC)}
    found(lab, widgets.FileUpload).value = ({**file, "content": memoryview(content)},)


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_a_bad_photo_is_said_when_it_is_uploaded(content, words):
    lab = ConvolutionLab(**START)
    picture = still(lab)
    upload(lab, "mine.png", content)
    assert_only_said(lab, picture, words)
    assert "mine.png" in lab.error
    lab.upload("mine.png", WHOLE)
    assert lab.error == ""


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_a_bad_photo_is_said_when_it_is_named(tmp_path, content, words):
    lab = ConvolutionLab(**START)
    picture = still(lab)
    (tmp_path / "mine.png").write_bytes(content)
    lab.input = str(tmp_path / "mine.png")
    assert_only_said(lab, picture, words)


@pytest.mark.parametrize("name", ["missing.png", "missing.jpeg, color"])
def test_a_photo_that_is_not_there_is_named(name):
    lab = ConvolutionLab(**START)
    picture = still(lab)
    lab.input = name
    assert_only_said(lab, picture, "missing")


@pytest.mark.parametrize(("mode", "kind"), GOOD_FILES)
def test_photos_of_every_kind_are_taken(tmp_path, mode, kind):
    content = encoded(mode, kind=kind)
    lab = ConvolutionLab()
    lab.upload("mine", content)
    assert lab.error == ""
    assert lab.trace.convolution.input.shape == (1, 256, 256)
    lab.upload("mine", content, color=True)
    assert lab.trace.convolution.input.shape == (3, 256, 256)
    path = tmp_path / f"mine.{kind.lower()}"
    path.write_bytes(content)
    lab.input = path
    assert (lab.error, len(lab.trace.convolution.input)) == ("", 1)
    lab.input = f"{path}, color"
    assert (lab.error, len(lab.trace.convolution.input)) == ("", 3)


def test_the_button_takes_a_photo():
    lab = ConvolutionLab()
    upload(lab, "mine.jpg", WHOLE)
    assert (lab.error, lab.input) == ("", "mine.jpg")
    assert lab.trace.convolution.input.shape == (1, 256, 256)
    found(lab, widgets.Checkbox, description="keep its colors").value = True
    upload(lab, "mine too.jpg", WHOLE)
    assert lab.trace.convolution.input.shape == (3, 256, 256)


def test_a_photo_of_a_bad_upload_does_not_replace_a_good_one():
    lab = ConvolutionLab()
    lab.upload("mine.jpg", WHOLE)
    picture = still(lab)
    upload(lab, "mine.jpg", b"no photo")
    assert_only_said(lab, picture, "mine.jpg")
    lab.stride = 2
    lab.stride = 1
    assert lab.error == ""
