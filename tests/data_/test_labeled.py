"""Pictures with boxes and masks: the boxes lie on the picture, and around what the mask shows."""

import numpy as np
import pytest

from cnnlab.data import photos
from cnnlab.data.labeled import KINDS, SHAPES, labeled, labeled_picture


def test_every_photo_has_boxes():
    assert set(labeled()) == {*photos(), SHAPES}


@pytest.mark.parametrize("name", labeled())
def test_boxes_lie_on_the_picture(name):
    found = labeled_picture(name)
    rows, cols, _ = found.picture.shape
    assert found.boxes and not found.picture.flags.writeable
    for x1, y1, x2, y2 in found.boxes:
        assert 0 <= x1 < x2 <= cols and 0 <= y1 < y2 <= rows


def test_the_boxes_of_the_scene_are_those_of_its_disks():
    found = labeled_picture(SHAPES)
    assert found.mask is not None and set(np.unique(found.mask)) == set(range(len(KINDS)))
    for (x1, y1, x2, y2), thing in zip(found.boxes, found.things, strict=True):
        rows, cols = np.nonzero(thing)
        assert (cols.min(), rows.min(), cols.max() + 1, rows.max() + 1) == (x1, y1, x2, y2)
        assert set(found.mask[thing]) == {KINDS.index("disk")}


def test_a_name_that_is_not_known_is_told():
    with pytest.raises(ValueError, match="name must be one of"):
        labeled_picture("dog")
