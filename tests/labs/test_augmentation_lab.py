"""What only the augmentation lab does: controls for each transform, pixels that are pointed at, your own photo."""

import io

import numpy as np
import pytest
import torch  # noqa: F401, so that the code runs in this process
from PIL import Image

from cnnlab.data import photo
from cnnlab.labs import AugmentationLab
from cnnlab.labs.augmentation import NEEDS, SLIDERS, TRANSFORMS
from tests.labs.looking import send


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_it_agrees_with_pytorch(transform):
    assert AugmentationLab(picture="shapes", transform=transform, hue=-0.31, angle=-71).check_with_torch() < 1e-6


def test_a_picture_that_is_not_square_agrees_with_pytorch():
    picture = np.random.default_rng(1).integers(0, 256, (9, 14, 3))
    for transform in ("affine", "shear", "crop"):
        assert AugmentationLab(picture=picture, transform=transform).check_with_torch() < 1e-6


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_only_the_controls_that_a_transform_needs_are_shown(transform):
    lab = AugmentationLab(transform=transform)
    shown = {name for name, box in lab.numbers_of.items() if box.layout.display != "none"}
    assert shown == set(NEEDS[transform])
    assert set(SLIDERS) <= {name for needs in NEEDS.values() for name in needs}


def test_a_number_that_the_transform_does_not_use_computes_nothing():
    lab = AugmentationLab(transform="rotation")
    before = lab.current
    lab.hue = 0.1
    assert lab.current is before
    lab.angle = 31
    assert lab.current is not before


def test_pointing_looks_and_clicking_stays():
    lab = AugmentationLab(transform="horizontal flip")
    send(lab, {"kind": "hover", "grid": "after", "row": 5, "col": 7, "cols": 256})
    assert (lab.trace.row, lab.trace.col) == (5, 7) and lab.trace.source == (5, 248)
    send(lab, {"kind": "leave"})
    assert (lab.trace.row, lab.trace.col) == (60, 60)
    send(lab, {"kind": "pin", "grid": "after", "row": 255, "col": 255, "cols": 256})
    assert (lab.row, lab.col) == (255, 255)
    lab.picture = "shapes"
    assert (lab.row, lab.col) == (95, 95)


def test_the_trace_holds_the_photo_and_its_boxes():
    lab = AugmentationLab(picture="coffee", transform="horizontal flip")
    a = lab.trace.augmented
    np.testing.assert_array_equal(a.after, photo("coffee")[:, ::-1].transpose(2, 0, 1).astype(np.float32) / 255)
    (x1, y1, x2, y2), (moved,) = a.truth.boxes[0], a.boxes
    assert moved == (256 - x2, y1, 256 - x1, y2)


def test_a_photo_of_ones_own():
    file = io.BytesIO()
    Image.fromarray(np.full((40, 60, 3), (10, 200, 30), np.uint8)).save(file, "PNG")
    lab = AugmentationLab(transform="gray")
    lab.upload("mine.png", file.getvalue())
    assert lab.error == "" and lab.picture == "mine.png"
    gray = (0.299 * 10 + 0.587 * 200 + 0.114 * 30) / 255
    np.testing.assert_allclose(lab.trace.new, [gray] * 3, atol=1e-6)
    assert lab.trace.augmented.truth.boxes == ()


def test_boxes_can_be_hidden():
    lab = AugmentationLab(picture="shapes")
    assert "mask" in lab.svg and "box" in lab.svg
    lab.boxes = False
    assert "mask" not in lab.svg and "box 1" not in lab.svg
