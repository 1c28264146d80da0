"""Made scenes: the same every time, and true to their boxes and masks."""

import numpy as np
import pytest

from cnnlab.data.scenes import (
    COLORS,
    DEFECTS,
    SHAPES_SIDE,
    TEXTURES,
    WINDOW,
    normal_textures,
    red_disk_windows,
    shapes_scene,
    texture_scene,
)

SEEDS = range(12)


def test_the_same_seed_makes_the_same_picture_and_another_seed_another():
    for make in (shapes_scene, texture_scene):
        first, again = make.__wrapped__(3), make.__wrapped__(3)
        np.testing.assert_array_equal(first.picture, again.picture)
        assert not np.array_equal(first.picture, make(11).picture)


def test_a_picture_that_others_see_too_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        shapes_scene(0).picture[0, 0, 0] = 1


@pytest.mark.parametrize("seed", SEEDS)
def test_every_scene_has_two_red_disks_and_what_may_be_taken_for_one(seed):
    scene = shapes_scene(seed)
    assert scene.picture.shape == (SHAPES_SIDE, SHAPES_SIDE, 3) and scene.picture.dtype == np.uint8
    assert len(scene.boxes("disk", "red")) >= 2
    assert scene.boxes("square", "red") and scene.boxes("disk", "blue")
    assert len(scene.masks("red")) == sum(thing.color == "red" for thing in scene.things)


@pytest.mark.parametrize("seed", SEEDS)
def test_things_do_not_touch_each_other_nor_the_rim(seed):
    taken = np.zeros((SHAPES_SIDE, SHAPES_SIDE), int)
    for thing in shapes_scene(seed).things:
        around = np.zeros_like(taken)
        for row, col in np.argwhere(thing.mask):
            around[row - 1 : row + 2, col - 1 : col + 2] = 1
        assert around.sum() > thing.mask.sum()
        assert not (around & taken).any()
        taken |= thing.mask


@pytest.mark.parametrize("seed", SEEDS)
def test_a_box_is_the_smallest_around_its_mask(seed):
    for thing in shapes_scene(seed).things:
        top, left, height, width = thing.box
        inside = thing.mask[top : top + height, left : left + width]
        assert inside.sum() == thing.mask.sum()
        assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()


def test_a_square_fills_its_box_a_disk_pi_quarters_of_it_and_a_triangle_half():
    shares = {"square": [], "disk": [], "triangle": []}
    for seed in SEEDS:
        for thing in shapes_scene(seed).things:
            shares[thing.shape].append(thing.mask.sum() / (thing.box[2] * thing.box[3]))
    assert set(shares["square"]) == {1.0}
    assert np.mean(shares["disk"]) == pytest.approx(np.pi / 4, abs=0.04)
    assert np.mean(shares["triangle"]) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pixels_of_a_mask_have_the_color_of_the_thing(seed):
    scene = shapes_scene(seed)
    for thing in scene.things:
        mean = scene.picture[thing.mask].mean(axis=0)
        nearest = min(COLORS, key=lambda color: float(((mean - COLORS[color]) ** 2).sum()))
        assert nearest == thing.color


def test_a_window_to_learn_from_has_a_red_disk_in_its_middle_or_not():
    windows, answers = red_disk_windows(range(500, 504))
    assert windows.shape == (len(answers), WINDOW, WINDOW, 3)
    disks = sum(len(shapes_scene(seed).boxes("disk", "red")) for seed in range(500, 504))
    assert disks <= answers.sum() + 2 and answers.mean() < 0.3  # a disk at the rim has no whole window
    middle, corner = windows[answers][:, 7:11, 7:11].mean(axis=(1, 2)), windows[answers][:, 0, 0]
    assert (middle[:, 0] > middle[:, 1:].max(axis=1) + 30).all()
    assert (np.abs(corner - middle).max(axis=1) > 20).mean() > 0.8


@pytest.mark.parametrize("seed", range(16))
def test_a_defect_is_where_its_mask_is(seed):
    scene = texture_scene(seed)
    assert scene.defect == DEFECTS[seed % 4] and scene.texture == TEXTURES[seed // 4 % 2]
    assert scene.mask.any() == bool(scene.defect)
    inside, outside = scene.picture[scene.mask].astype(float), scene.picture[~scene.mask].astype(float)
    if scene.defect == "burn mark":
        assert inside.mean() < outside.mean() - 20
    elif scene.defect == "bleached spot":
        assert inside.mean() > outside.mean() + 20
    elif scene.defect == "worn spot":
        assert inside.std() < 0.6 * outside.std()


@pytest.mark.parametrize("texture", TEXTURES)
def test_normal_pieces_are_alike_but_not_the_same(texture):
    pieces = normal_textures(texture)
    assert pieces.shape == (12, 120, 120)
    means = pieces.mean(axis=(1, 2))
    assert np.ptp(means) < 15 and len(np.unique(means)) == 12
