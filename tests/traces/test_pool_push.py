"""What a push leaves of a pooling: against values worked by hand, and against looking at every cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.traces.pool import KINDS, pooling
from cnnlab.traces.pool_many import pool_all, totals, window_of
from cnnlab.traces.pool_push import again, differ, kept, nearest, push, sent_back
from cnnlab.traces.shifts import shifted

SPOT = np.zeros((6, 6))
SPOT[2:4, 2:4] = [[1, 2], [3, 4]]

# settings of a pooling of SPOT, a push, the output before, the output after
BY_HAND = [
    ({}, (0, 1), [[0, 0, 0], [0, 4, 0], [0, 0, 0]], [[0, 0, 0], [0, 3, 4], [0, 0, 0]]),
    ({}, (0, 2), [[0, 0, 0], [0, 4, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 4], [0, 0, 0]]),
    ({"kind": "average"}, (1, 0), [[0, 0, 0], [0, 2.5, 0], [0, 0, 0]], [[0, 0, 0], [0, 0.75, 0], [0, 1.75, 0]]),
    ({"kernel_size": 3}, (-2, 0), [[1, 2], [3, 4]], [[3, 4], [0, 0]]),
    ({"kernel_size": 4, "stride": 2}, (1, 1), [[4, 4], [4, 4]], [[1, 2], [3, 4]]),
    ({"kind": "global max"}, (-2, 2), [[4]], [[4]]),
    ({"kind": "global average"}, (2, -1), [[10 / 36]], [[10 / 36]]),
]

pushes = st.integers(-4, 4)


@pytest.mark.parametrize(("given_", "by", "before", "after"), BY_HAND)
def test_the_output_before_and_after_is_what_one_works_out_by_hand(given_, by, before, after):
    p = push(SPOT, *by, **given_)
    np.testing.assert_allclose(p.before.output[0], before, rtol=1e-15)
    np.testing.assert_allclose(p.after.output[0], after, rtol=1e-15)
    np.testing.assert_allclose(p.difference[0], np.subtract(after, before), rtol=1e-15)


def test_what_was_kept_is_counted_over_the_cells_that_are_not_0():
    k = kept(np.array([[[0.0, 3.0, 4.0, 0.0]]]), np.array([[[0.0, 3.0, 0.0, 5.0]]]))
    assert (k.same, k.cells, k.share) == (1, 3, 1 / 3)
    assert k.change == pytest.approx(np.sqrt(16 + 25) / 5)


def test_of_nothing_everything_is_kept_and_what_comes_from_nothing_is_all_change():
    nothing, something = np.zeros((1, 2, 2)), np.ones((1, 2, 2))
    assert (kept(nothing, nothing).share, kept(nothing, nothing).change) == (1.0, 0.0)
    assert (kept(nothing, something).share, kept(nothing, something).change) == (0.0, 1.0)


def test_rounding_is_no_difference():
    a = np.array([[0.1 + 0.2, 1.0]])
    np.testing.assert_array_equal(differ(a, np.array([[0.3, 1.0 + 1e-6]])), [[False, True]])


def test_a_picture_that_is_not_pushed_is_its_own_before():
    p = push(SPOT)
    assert p.before is p.after and not p.is_pushed
    assert p.unchanged and p.moved is None
    assert (p.input.share, p.output.share, p.output.change) == (1.0, 1.0, 0.0)


@given(pushes, pushes, st.integers(1, 3), st.sampled_from(["max", "average"]))
def test_a_push_by_whole_strides_moves_the_output_along(down, right, stride, kind):
    """Away from the border; a push that is no multiple of the stride never counts as moving along."""
    image = np.zeros((24, 24))
    image[8:14, 9:15] = np.random.default_rng(0).integers(1, 99, (6, 6))
    p = push(image, down, right, kind, 3, stride)
    whole = (down, right) != (0, 0) and down % stride == right % stride == 0
    assert p.moved == ((down // stride, right // stride) if whole else None)


@given(pushes, pushes, st.sampled_from(["global max", "global average"]))
def test_a_global_pool_does_not_change_while_nothing_leaves_the_picture(down, right, kind):
    image = np.zeros((2, 14, 14))
    image[:, 4:10, 4:10] = np.random.default_rng(0).normal(size=(2, 6, 6)) + (3 if kind == "global max" else 0)
    p = push(image, down, right, kind)
    assert p.unchanged and p.output.share == 1 and p.moved is None


def test_a_global_pool_changes_as_soon_as_something_leaves():
    assert push(SPOT, 2, 0, "global average").unchanged
    assert not push(SPOT, 3, 0, "global average").unchanged
    assert not push(SPOT, 3, 0, "global max").unchanged


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_pooling_of_another_picture(kind):
    settings = (
        {} if kind.startswith("global") else {"kernel_size": (3, 2), "stride": 2, "padding": 1, "ceil_mode": True}
    )
    other = np.random.default_rng(1).normal(size=(7, 9))
    expected = pooling(other, kind, **settings)
    found = again(pooling(np.ones((7, 9)), kind, **settings), other)
    np.testing.assert_array_equal(found.output, expected.output)
    assert (found.kernel_size, found.stride, found.padding, found.ceil_mode) == (
        expected.kernel_size, expected.stride, expected.padding, expected.ceil_mode,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "step", "now", "expected"),
    [
        ({}, 4, {"stride": 1}, 12),  # rows and columns 2 and 3
        ({"stride": 1}, 12, {}, 4),
        ({"stride": 1}, 18, {"stride": 1}, 18),  # rows and columns 3 and 4
        ({"stride": 1}, 0, {"stride": 1, "padding": 1}, 8),  # one row and one column of padding come before
        ({"stride": 1, "padding": 1}, 8, {"stride": 1}, 0),
        ({}, 8, {"kernel_size": 3}, 3),
        ({}, 5, {"kind": "global max"}, 0),
    ],
)
def test_the_window_stays_where_it_was_as_nearly_as_it_can(before, step, now, expected):
    image = np.ones((6, 6))
    assert nearest(pooling(image, **now), pooling(image, **before).at(step)) == expected


def test_what_is_sent_back_so_far():
    p = pooling(np.ones((2, 4, 4)))
    np.testing.assert_array_equal(sent_back(p), np.ones((2, 2, 2)))
    np.testing.assert_array_equal(sent_back(p, 1), [[[1, 1], [0, 0]]] * 2)


# ---- many images ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [(), (3,), (2, 1), ((3, 2), (2, 1), 1, True)])
@pytest.mark.parametrize("by", [(0, 1), (2, -2), (0, 0)])
def test_many_pictures_at_once_are_each_by_itself(kind, settings, by):
    if kind.startswith("global"):
        settings = ()
    rng, room = np.random.default_rng(4), 3
    drawn = rng.integers(0, 4, (12, 6, 6)).astype(np.float32)
    paper = np.pad(drawn, ((0, 0), (2 * room,) * 2, (2 * room,) * 2))
    images, given_ = window_of(paper, room), window_of(paper, room, *by)
    np.testing.assert_array_equal(given_, shifted(images, *by))
    after = pool_all(given_, kind, *settings)
    assert after.dtype == np.float32
    singles = [push(image, *by, kind, *settings) for image in images.astype(float)]
    np.testing.assert_allclose(after, np.concatenate([p.after.output for p in singles]), rtol=1e-6)
    stride = None if kind.startswith("global") else singles[0].after.stride
    found = totals(kept(images, given_), pool_all(images, kind, *settings), after, *by, stride)
    assert found.images == 12
    assert found.output.same == sum(p.output.same for p in singles)
    assert found.output.cells == sum(p.output.cells for p in singles)
    assert (found.input.same, found.input.cells) == tuple(
        sum(getattr(p.input, name) for p in singles) for name in ("same", "cells")
    )
    assert found.unchanged == sum(p.unchanged for p in singles)
    assert found.moved == all(p.moved is not None for p in singles)


def test_what_is_pushed_out_of_a_global_pool_has_not_moved_along() -> None:
    gone = push(np.ones((4, 4)), down=4, kind="global max")
    assert gone.moved is None and not gone.unchanged
