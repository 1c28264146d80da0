"""The pictures of the four tasks: nothing runs over the edge or into something else, and all can be read."""

import base64
import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image

from cnnlab.figures.grids import Box
from cnnlab.figures.palette import THEMES
from cnnlab.figures.tasks import draw_task, parts
from cnnlab.labs.tasks_scenes import classified, detected, inspected, segmented
from cnnlab.traces.tasks import Looked
from cnnlab.traces.tasks.detection import KEEP
from tests.figures.measure import overlaps, parse, text_contrasts

TOUCH = 1.0  # pixels that two texts may share, for the room that a font leaves above a digit
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
SMALLEST = 13.0 / 0.98  # a page of 1280 pixels shows the picture a little smaller than it is

RESULTS = {
    **{f"classification {b} {n}": classified(9, b, n) for b, n in ((0, 3), (-16, 0), (16, 24))},
    **{f"detection {t} {k}": detected(s, t, k) for s, k in enumerate(KEEP) for t in (-0.5, 0.2, 0.5, 0.9, 1.5)},
    **{f"segmentation {d}": segmented(s, d) for s, d in enumerate((0, 40, 70, 110, 300, 1e9))},
    **{f"anomaly {s} {k}": inspected(s, k) for s in (2, 3, 4) for k in (0, 3, 10)},
}


@cache
def drawings(name):
    result = RESULTS[name]
    rows, cols = result.grid
    return [parse(draw_task(Looked.at(result, *place))) for place in ((None, None), (0, 0), (rows - 1, cols - 1))]


def found(svg, words):
    return [item for item in svg.texts if words in item.content]


@pytest.mark.parametrize("name", RESULTS)
def test_nothing_lies_outside_the_picture(name):
    for drawn in drawings(name):
        outside = [
            i for i in drawn.items
            if i.left < -1 or i.top < -1 or i.right > drawn.width + 1 or i.bottom > drawn.height + 1
        ]  # fmt: skip
        assert not outside


@pytest.mark.parametrize("name", RESULTS)
def test_no_two_texts_overlap(name):
    for drawn in drawings(name):
        assert not [(a.content, b.content) for a, b, depth in overlaps(drawn.texts) if depth > TOUCH]


@pytest.mark.parametrize("name", RESULTS)
def test_every_text_is_large_enough(name):
    for drawn in drawings(name):
        assert not [(t.content, t.size) for t in drawn.texts if t.size < SMALLEST]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", RESULTS)
def test_every_text_stands_out_from_what_is_below_it(name, theme):
    for drawn in drawings(name):
        pale = [(t.content, ratio) for t, ratio, _ in text_contrasts(drawn, THEMES[theme]) if ratio < READABLE]
        assert not pale


def test_the_frame_around_a_digit_says_whether_the_answer_is_right():
    for scene in range(12):
        result = classified(scene, 0, 3)
        drawn = parse(draw_task(Looked.at(result, None, None)))
        (ring,) = (i for i in drawn.items if i.kind == "path")
        assert ("cl-pos" in ring.classes) == result.is_right
        assert {t.content for t in drawn.texts} & {"right", "wrong"} == {"right" if result.is_right else "wrong"}
        assert found(drawn, f"answer: {result.answer}") and found(drawn, f"a {result.truth}")


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
def test_a_ring_is_drawn_for_every_box_and_a_dashed_frame_for_every_miss(threshold):
    for scene in range(6):
        result = detected(scene, threshold, KEEP[0])
        picture = draw_task(Looked.at(result, None, None))
        paths = [i for i in parse(picture).items if i.kind == "path"]
        # one in the picture and one in the map for each box, and one of each kind in the legend
        assert sum("cl-pos" in p.classes for p in paths) == 2 * len(result.hits) + 1
        assert sum("cl-neg" in p.classes for p in paths) == 2 * len(result.false) + 1
        assert picture.count("stroke-dasharray") == len(result.missed) + 1


def test_a_ring_lies_where_its_box_is():
    result = detected(0, 0.5, KEEP[0])
    drawn = parse(draw_task(Looked.at(result, None, None)))
    image = next(i for i in drawn.items if i.kind == "image")
    pixel = (image.right - image.left) / 96
    boxes = {
        tuple(round(v, 1) for v in ((p.top - image.top) / pixel, (p.left - image.left) / pixel))
        for p in drawn.items
        if p.kind == "path" and "cl-pos" in p.classes and p.right < image.right
    }
    assert {(float(f.box[0]), float(f.box[1])) for f in result.hits} <= boxes


def test_what_cannot_all_be_drawn_is_said():
    drawn = parse(draw_task(Looked.at(detected(0, -1, "all"), None, None)))
    assert found(drawn, "62 best of 1600 drawn")


def test_every_patch_shows_its_deviation_and_every_flag_its_kind():
    result = inspected(1, 2)
    drawn = parse(draw_task(Looked.at(result, None, None)))
    texts = [t for t in drawn.texts if "cl-middle" in t.classes]
    np.testing.assert_allclose([float(t.content) for t in texts], result.strongest.ravel(), atol=0.05)
    rings = [i for i in drawn.items if i.kind == "path" and i.right - i.left < 40]
    assert sum("cl-pos" in r.classes for r in rings) == result.hits + 1
    assert sum("cl-neg" in r.classes for r in rings) == result.false + 1


@pytest.mark.parametrize("scene", range(20))
def test_patches_whose_deviations_look_alike_are_treated_alike(scene):
    for limit in (1, 1.5, 2, 3):
        result = inspected(scene, limit)
        texts = [t for t in parse(draw_task(Looked.at(result, 0, 0))).texts if "cl-middle" in t.classes]
        flagged = [float(t.content) >= limit for t in texts]
        assert flagged == result.flagged.ravel().tolist()
        assert all("." in t.content for t in texts)
        assert not [(a.content, b.content) for a, b, depth in overlaps(texts) if depth > TOUCH]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (classified(0, 0, 3), "seen with noise 3 added"),
        (classified(0, -16, 24), "seen with brightness −16, noise 24 added"),
        (classified(0, 0, 0), "seen with nothing added"),
    ],
)
def test_what_is_added_to_a_digit_stands_above_it(result, words):
    assert found(parse(draw_task(Looked.at(result, None, None))), words)


def test_the_difference_to_a_mean_is_gray_for_the_colors_say_which_class_is_true():
    result = classified(0, 0, 3)
    svg = draw_task(Looked.at(result, 4, 0))
    colors = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(uri))).convert("RGBA")).astype(int)
        for uri in re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    ]
    assert all((c[..., 0] == c[..., 2]).all() and (c[..., 3] == 255).all() for c in colors)
    wanted = 127.5 + (result.picture - result.means[4]) * 127.5 / 16
    assert any(c.shape == (8, 8, 4) and np.abs(c[..., 0] - wanted).max() <= 1 for c in colors)


def test_boxes_that_are_not_the_best_are_not_called_so():
    result = detected(0, -1, "all")
    worst = replace(result.found[-1], truth=0)
    shown = replace(result)
    shown.__dict__["found"] = (*(replace(f, truth=-1) for f in result.found[:-1]), worst)
    assert found(parse(draw_task(Looked.at(shown, None, None))), "61 of 1600 drawn")


def test_the_threshold_stands_between_the_bars_where_it_is():
    for distance, share in ((0, 0), (150, 0.5), (300, 1), (999, 1)):
        drawn = parse(draw_task(Looked.at(segmented(0, distance), None, None)))
        (line,) = (i for i in drawn.items if i.kind == "path" and "cl-outline" in i.classes)
        (frame,) = (i for i in drawn.items if i.kind == "rect" and "cl-lines" in i.classes and i.right - i.left > 400)
        assert line.left == pytest.approx(frame.left + share * (frame.right - frame.left), abs=0.02)


@pytest.mark.parametrize("place", [(0, 0), (5, 11), (39, 39)])
def test_the_window_is_outlined_where_it_is_and_pointed_at_by_its_middle(place):
    drawn = parse(draw_task(Looked.at(detected(0, 0.5, KEEP[0]), *place)))
    image = next(i for i in drawn.items if i.kind == "image")
    pixel = (image.right - image.left) / 96
    outlines = (i for i in drawn.items if "cl-outline" in i.classes and i.right <= image.right + 1)
    (window,) = (i for i in outlines if i.right - i.left == pytest.approx(18 * pixel, abs=0.1))
    assert (window.top - image.top) / pixel == pytest.approx(2 * place[0], abs=0.05)
    assert (window.left - image.left) / pixel == pytest.approx(2 * place[1], abs=0.05)
    x, y, cell, _, _, _ = drawn.grids["places"]
    middle = (x + (place[1] + 0.5) * cell, y + (place[0] + 0.5) * cell)
    assert window.center == pytest.approx(middle, abs=0.2)  # a cell is rounded to 0.01


def test_what_is_found_correctly_is_blue_what_is_false_orange_and_all_else_clear():
    result = segmented(2, 90)
    svg = draw_task(Looked.at(result, None, None))
    overlay = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)[1]
    colors = np.asarray(Image.open(io.BytesIO(base64.b64decode(overlay))).convert("RGBA")).astype(int)
    red, blue, alpha = colors[..., 0], colors[..., 2], colors[..., 3]
    np.testing.assert_array_equal(alpha > 0, result.found)
    np.testing.assert_array_equal((alpha > 0) & (blue > red), result.found & result.truth)
    np.testing.assert_array_equal((alpha > 0) & (red > blue), result.found & ~result.truth)


def test_a_contour_has_every_edge_of_its_mask_and_no_other():
    mask = np.random.default_rng(4).random((5, 7)) < 0.5
    edges = set()
    for row, col in np.ndindex(mask.shape):
        padded = np.pad(mask, 1)
        for there, edge in (
            ((row, col + 1), (col, row, col + 1, row)),
            ((row + 2, col + 1), (col, row + 1, col + 1, row + 1)),
            ((row + 1, col), (col, row, col, row + 1)),
            ((row + 1, col + 2), (col + 1, row, col + 1, row + 1)),
        ):
            if mask[row, col] and not padded[there]:
                edges.add(edge)
    drawn = set()
    lines = parts.contour(Box(0, 0, 1, 5, 7), mask).split('d="')[2]
    for x, y, way, by in re.findall(r"M(\d+) (\d+)([hv])(\d+)", lines):
        for k in range(int(by)):
            across, down = (k, 0) if way == "h" else (0, k)
            x0, y0 = int(x) + across, int(y) + down
            drawn.add((x0, y0, x0 + (way == "h"), y0 + (way == "v")))
    assert drawn == edges
    assert parts.contour(Box(0, 0, 1, 5, 7), np.zeros((5, 7), bool)) == ""
