"""The map of a loss and the paths on it: contour lines, marks, arrows where a path goes out, the losses beside it."""

import re

import numpy as np
import pytest

from cnnlab.figures.contours import contours
from cnnlab.figures.descent import COLS, DescentPicture
from cnnlab.figures.descent_marks import LOOKS
from cnnlab.figures.plots import Axes
from cnnlab.traces import surfaces
from cnnlab.traces.descent import METHODS, race
from tests.figures.measure import parse

AXES = Axes(100, 50, 400, 200, (-2.0, 2.0), (-1.0, 1.0))
RAVINE = surfaces.ravine(10)


def points(path: str) -> list[tuple[float, float]]:
    """The corners of a path of M x y and l dx dy."""
    found, x, y = [], 0.0, 0.0
    for command, dx, dy in re.findall(r"([Ml])(-?[\d.]+) (-?[\d.]+)", path):
        x, y = (float(dx), float(dy)) if command == "M" else (x + float(dx), y + float(dy))
        found.append((x, y))
    return found


def test_a_contour_line_is_where_the_height_is_its_level() -> None:
    first, second = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-1, 1, 41))
    line = points(contours(AXES, first**2 + second**2, [0.25]))
    assert len(line) > 40
    for x, y in line:  # a circle of radius 1/2: 100 pixels a unit across, 100 down
        assert np.hypot((x - 300) / 100, (y - 150) / 100) == pytest.approx(0.5, abs=0.004)


def test_a_level_that_is_nowhere_has_no_line_and_two_levels_have_two() -> None:
    first, _ = np.meshgrid(np.linspace(-2, 2, 21), np.linspace(-1, 1, 11))
    assert contours(AXES, first, [7.0]) == ""
    lines = contours(AXES, first, [-1.0, 0.5]).split("M")[1:]
    assert sorted({x for line in lines for x, _ in points(f"M{line}")}) == [200, 350]


def test_the_first_row_of_heights_is_at_the_lower_end() -> None:
    heights = np.zeros((11, 21))
    heights[0] = 1
    assert all(y > 230 for _, y in points(contours(AXES, heights, [0.5])))


def drawn(step: int, name: str = "batch", walk: bool = True, **settings: object) -> tuple[DescentPicture, str]:
    whole = race(RAVINE, ("batch", "Adam"), (-4, 2), **settings)  # type: ignore[arg-type]
    picture = DescentPicture(whole)
    return picture, picture.draw(whole.at(step, name), walk, True)


def test_a_mark_stands_where_the_weights_are_and_at_their_loss() -> None:
    picture, svg = drawn(2, lr=0.05)
    dots = [i for i in parse(svg).items if i.kind == "circle" and "cl-dot" in i.classes]
    here, loss = (-3.61, 0.5), (3.61**2 + 2.5) / 2
    expected = [
        (float(picture.map.to_x(here[0])), float(picture.map.to_y(here[1]))),
        (float(picture.plot.to_x(2)), float(picture.plot.to_y(loss))),
    ]
    for place in expected:
        assert any(np.allclose(dot.center, place, atol=0.02) for dot in dots)


def test_the_scale_of_the_losses_gives_nothing_away() -> None:
    ranges = {drawn(0, lr=lr)[0].plot.y_range for lr in (0.001, 0.05, 0.3)}
    assert ranges == {(1e-5, 1e2)}  # they begin at 28
    at_the_minimum = DescentPicture(race(RAVINE, ("batch",), (0, 0)))
    assert at_the_minimum.plot.y_range == (1e-7, 1)


def test_a_path_that_goes_out_ends_in_an_arrow_at_the_border() -> None:
    picture, svg = drawn(2, lr=0.25)  # w2 is multiplied by -1.5: 2, -3, 4.5
    arrows = [i for i in parse(svg).items if i.kind == "path" and "cl-dot" in i.classes]
    assert [arrow.top for arrow in arrows] == pytest.approx([picture.map.y], abs=0.01)
    _, inside = drawn(1, lr=0.25)
    assert not [i for i in parse(inside).items if i.kind == "path" and "cl-dot" in i.classes]


def test_a_single_weight_goes_down_its_curve() -> None:
    whole = race(surfaces.parabola(), ("batch",), lr=0.9, updates=10)
    picture = DescentPicture(whole)
    dots = [i.center for i in parse(picture.draw(whole.at(2, "batch"), True, True)).items if "cl-dot" in i.classes]
    for w in (0, 5.4, 1.08):  # 3 away, then times -0.8
        place = (float(picture.map.to_x(w)), float(picture.map.to_y((w - 3) ** 2)))
        assert any(np.allclose(dot, place, atol=0.02) for dot in dots)


def test_a_single_weight_that_diverges_leaves_upward() -> None:
    whole = race(surfaces.parabola(), ("batch",), lr=1.5, updates=10)  # 0, 9, -9
    picture = DescentPicture(whole)
    items = parse(picture.draw(whole.at(1, "batch"), True, True)).items
    (arrow,) = (i for i in items if i.kind == "path" and "cl-dot" in i.classes)
    assert arrow.top == pytest.approx(picture.map.y, abs=0.01)


def test_what_is_to_come_is_shown_faintly_or_not_at_all() -> None:
    assert 'opacity="0.3"' not in drawn(10)[1]
    assert drawn(10, walk=False)[1].count('opacity="0.3"') == 4  # two paths, on the map and in the plot
    assert 'opacity="0.3"' not in drawn(100, walk=False)[1]


def test_the_way_so_far_grows_with_the_step_and_the_rest_shrinks() -> None:
    lengths = [len(drawn(step)[1]) for step in (0, 10, 40, 100)]
    assert lengths == sorted(lengths) and lengths[0] < lengths[-1]


def test_a_curve_leaves_the_plot_and_comes_back_in_pieces() -> None:
    pieces = AXES.pieces([-2, 0, 2, 2, 1], [0, 3, 0, np.nan, 0])
    assert pieces[0].startswith("M100 150L") and pieces[0].endswith(" 50")
    assert pieces[1].startswith("M") and pieces[1].endswith("L500 150")
    assert pieces[2:] == ["", ""]
    assert AXES.pieces([-2, 0, 2], [0, 0, 0]) == ["M100 150L300 150", "L500 150"]
    assert AXES.leaves_at((300, 150), (300, -50)) == (300, 50)
    assert AXES.leaves_at((300, 150), (700, 150)) == (500, 150)


def test_every_optimizer_looks_different() -> None:
    assert set(LOOKS) == set(METHODS)
    assert len({(look.color, look.mark) for look in LOOKS.values()}) == len(LOOKS)


def test_the_names_can_be_chosen_and_the_map_clicked() -> None:
    grids = parse(drawn(3)[1]).grids
    assert grids["racers"][4:] == [2, 1]
    assert grids["map"][5] == COLS
    assert grids["loss"][4:] == [1, 101]
