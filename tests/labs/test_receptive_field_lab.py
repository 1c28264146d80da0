"""The receptive field lab: a stack is built and taken apart, a unit pointed at, and PyTorch agrees."""

import io
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
import torch
from PIL import Image

from cnnlab.labs import ReceptiveFieldLab
from cnnlab.traces.receptive_field import STACKS
from tests.labs.looking import click, send

assert torch  # loaded here, PyTorch needs no process of its own for each of the comparisons below


def told(lab: ReceptiveFieldLab, kind: str, grid: str, row: int, col: int = 0) -> None:
    send(lab, {"kind": kind, "grid": grid, "row": row, "col": col, "cols": 64})


def at(lab: ReceptiveFieldLab) -> tuple[int, int, int]:
    return lab.trace.level, lab.trace.row, lab.trace.col


@pytest.mark.parametrize("weights", ["equal", "random"])
@pytest.mark.parametrize("name", STACKS)
def test_pytorch_computes_the_same_gradient(name: str, weights: str) -> None:
    assert ReceptiveFieldLab(layers=name, weights=weights).check_with_torch() < 1e-12
    assert ReceptiveFieldLab(layers=name, weights=weights, layer=1, row=0, col=0, seed=4).check_with_torch() < 1e-12


@pytest.mark.parametrize(
    "layers",
    [
        "conv 4x4 padding same; average pool 3x3 stride 2 padding 1; conv 3x3 dilation 2",
        "max pool 3x3 stride 2 padding 1; max pool 2x2 stride 1 dilation 2",
        "conv 2x2 padding 9",
    ],
)
def test_pytorch_agrees_on_every_kind_of_layer(layers: str) -> None:
    for weights in ("equal", "random"):
        assert ReceptiveFieldLab(layers=layers, weights=weights, row=0, col=1).check_with_torch() < 1e-12
    assert ReceptiveFieldLab(layers=layers, layer=0).check_with_torch() == 0


def test_the_code_is_what_a_person_would_write() -> None:
    code = ReceptiveFieldLab(layers="ResNet stem", row=3, col=5).torch_code()
    for line in (
        "    nn.Conv2d(1, 1, 7, stride=2, padding=3, bias=False),",
        "    nn.MaxPool2d(3, stride=2, padding=1),",
        "network(x)[0, 0, 3, 5].backward()",
    ):
        assert line in code.splitlines()
    assert "nn.MaxPool2d(2),\n" in ReceptiveFieldLab(layers="VGG blocks").torch_code()


# ---- pointing --------------------------------------------------------------------------------------------------------


def test_pointing_at_the_photo_looks_at_the_unit_in_the_middle_of_whose_field_it_is() -> None:
    lab = ReceptiveFieldLab()
    told(lab, "hover", "photo", 20, 33)
    assert at(lab) == (3, 17, 30)  # its field begins 3 cells before
    assert (lab.row, lab.col) == (None, None)
    send(lab, {"kind": "leave"})
    assert at(lab) == (3, 29, 29)
    told(lab, "pin", "photo", 0, 63)
    assert (lab.row, lab.col) == (0, 57)


def test_a_click_on_the_map_or_on_the_table() -> None:
    lab = ReceptiveFieldLab(layers="with pools")
    told(lab, "pin", "map", 3, 4)
    assert at(lab) == (5, 3, 4)
    told(lab, "choose", "layers", 2)
    assert lab.layer == 2 and lab.trace.level == 2
    told(lab, "choose", "layers", 0)
    assert lab.trace.name.endswith("of the photo")


def test_another_layer_is_looked_at_at_the_same_place() -> None:
    lab = ReceptiveFieldLab(layers="VGG blocks", row=5, col=9)
    middle = lab.trace.middle
    for layer in (3, 1, 4, 6):
        lab.layer = layer
        assert np.abs(np.subtract(lab.trace.middle, middle)).max() <= lab.trace.field.jump / 2 + 1
    assert at(lab) == (6, 5, 9)
    lab.size = 128
    assert at(lab)[1:] == (10, 18)  # about twice as far on a photo of twice the size
    with lab.hold():  # what is set together is meant as it stands
        lab.layer, lab.row, lab.col = 2, 5, 9
    assert at(lab) == (2, 5, 9)


# ---- building --------------------------------------------------------------------------------------------------------


def test_layers_are_added_and_taken_away() -> None:
    lab = ReceptiveFieldLab(layers="one 7 × 7", layer=1)
    lab.parts[0].value, lab.parts[1].value, lab.parts[2].value = "max pool", 2, 2
    click(lab, "add")
    assert lab.layers == "conv 7x7; max pool 2x2" and lab.trace.level == 2
    assert lab.text.value == lab.layers
    lab.parts[0].value, lab.parts[3].value = "average pool", 4  # which has no dilation
    click(lab, "add")
    assert lab.layers == "conv 7x7; max pool 2x2; average pool 2x2"
    for _ in range(2):
        click(lab, "remove last")
    assert (lab.layers, lab.error) == ("conv 7x7", "")
    click(lab, "remove last")
    assert "add another one" in lab.error and lab.layers == "conv 7x7"


def test_one_layer_too_many_is_told_and_nothing_changes() -> None:
    lab = ReceptiveFieldLab(layers="ten 3 × 3")
    before = lab.svg
    click(lab, "add")
    assert "layers must hold 1 to 10" in lab.error
    assert (lab.layers, lab.svg) == ("ten 3 × 3", before)


def test_what_is_typed_is_taken_and_a_mistake_stays_to_be_mended() -> None:
    lab = ReceptiveFieldLab()
    lab.text.value = "conv 5x5; relu; conv 5x5"
    assert lab.layers == "conv 5x5; relu; conv 5x5" and lab.trace.field.size == 9
    lab.text.value = "conv 5x5; cnov 5x5"
    assert "layer 2" in lab.error and lab.text.value == "conv 5x5; cnov 5x5"
    lab.layers = "ResNet stem"
    assert lab.text.value == STACKS["ResNet stem"]


def test_deeper_layers_are_a_question_until_they_are_looked_at() -> None:
    lab = ReceptiveFieldLab(layer=1)
    assert lab.svg.count(">?</text>") == 6  # r, j and start of two layers
    lab.layer = 3
    assert "?</text>" not in lab.svg


def test_a_photo_of_ones_own() -> None:
    picture = io.BytesIO()
    Image.fromarray(np.full((300, 200), 77, np.uint8)).save(picture, "PNG")
    lab = ReceptiveFieldLab(layers="with pools", weights="random")
    lab.upload("flat.png", picture.getvalue())
    assert (lab.photo, lab.error) == ("flat.png", "")
    assert (lab.trace.stack.photo == 77).all()
    assert "No gradient" in lab.trace.weighs() or lab.trace.effect.any()


def test_the_seed_is_for_random_weights_only() -> None:
    lab = ReceptiveFieldLab()
    assert lab.boxes["seed"].disabled
    lab.weights = "random"
    assert not lab.boxes["seed"].disabled


def test_only_the_controls_that_are_asked_for_are_shown() -> None:
    lab = ReceptiveFieldLab(controls="stack layer")
    assert [name for name, box in lab.boxes.items() if box.layout.display != "none"] == ["stack", "layer"]
    assert isinstance(lab.boxes["layer"], widgets.IntSlider) and lab.boxes["layer"].max == 3


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"layers": "conv 3"}, "layer 1, 'conv 3': is 3 the kernel?"),
        ({"layers": "ten 3 × 3", "size": 16}, "layers do not fit a photo of 16 cells: layer 8 gets 2 cells"),
        ({"size": 8}, "size must be a whole number from 16 to 256, but is 8"),
        ({"photo": "dog"}, "photo 'dog' is not known: give one of cat"),
        ({"layer": -1}, "layer must be a whole number from 0 on"),
        ({"weights": "trained"}, "weights must be one of 'equal', 'random'"),
    ],
)
def test_a_setting_that_cannot_work_is_a_sentence_and_the_picture_stays(settings: dict[str, Any], words: str) -> None:
    lab = ReceptiveFieldLab()
    before = lab.svg
    with lab.hold():
        for name, value in settings.items():
            setattr(lab, name, value)
    assert words in lab.error
    assert lab.svg == before
    lab.reset()
    assert lab.error == ""
