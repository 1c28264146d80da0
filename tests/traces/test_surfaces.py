"""Loss surfaces: their values by hand, their gradients by central differences, their minima, their curvatures."""

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.data import digits, flowers
from cnnlab.traces import surfaces
from cnnlab.traces.surfaces import Surface

LENGTH, WIDTH = flowers()[0][:, 2], flowers()[0][:, 3]
ALL = {
    "bowl": surfaces.bowl(),
    "ravine": surfaces.ravine(30),
    "turned ravine": surfaces.turned_ravine(30),
    "saddle": surfaces.saddle(),
    "Rosenbrock": surfaces.rosenbrock(),
    "flowers": surfaces.line("flowers", LENGTH, WIDTH, standardized=False),
    "flowers, standardized": surfaces.line("flowers, standardized", LENGTH, WIDTH, standardized=True),
    "digits": surfaces.three_or_eight(*digits()),
}
every_surface = pytest.mark.parametrize("surface", ALL.values(), ids=ALL)
real_data = pytest.mark.parametrize("surface", [s for s in ALL.values() if s.examples], ids=lambda s: s.name)


def differences(surface: Surface, point: np.ndarray, h: float = 1e-5) -> list[float]:
    return [float(surface.loss(point + e) - surface.loss(point - e)) / (2 * h) for e in np.eye(2) * h]


@every_surface
def test_the_gradient_is_what_central_differences_measure(surface: Surface) -> None:
    left, right, low, high = surface.limits
    for point in np.random.default_rng(0).uniform((left, low), (right, high), (20, 2)):
        np.testing.assert_allclose(surface.gradient(point), differences(surface, point), rtol=1e-6, atol=1e-6)


@every_surface
def test_at_a_minimum_the_gradient_is_0_and_no_point_of_the_map_is_lower(surface: Surface) -> None:
    left, right, low, high = surface.limits
    everywhere = np.random.default_rng(1).uniform((left, low), (right, high), (2000, 2))
    for minimum in surface.minima:
        assert surface.holds(minimum)
        np.testing.assert_allclose(surface.gradient(np.array(minimum)), 0, atol=1e-9)
        assert surface.loss(np.array(minimum)) == pytest.approx(surface.least, abs=1e-12)
    assert surface.loss(everywhere).min() > surface.least


@every_surface
def test_many_points_at_once_give_what_each_gives_alone(surface: Surface) -> None:
    grid = np.random.default_rng(2).normal(size=(3, 4, 2))
    alone = [[float(surface.loss(point)) for point in row] for row in grid]
    np.testing.assert_allclose(surface.loss(grid), alone, rtol=1e-12)


@every_surface
def test_the_map_is_5_wide_to_4_high_and_the_start_lies_on_it(surface: Surface) -> None:
    left, right, low, high = surface.limits
    assert (right - left) / (high - low) == pytest.approx(5 / 4)
    assert surface.holds(surface.start)
    assert not surface.holds((right + 0.01, low)) and not surface.holds((left, high + 0.01))


@pytest.mark.parametrize("surface", [s for s in ALL.values() if s.curvatures], ids=lambda s: s.name)
def test_the_curvatures_are_the_second_differences_in_every_direction(surface: Surface) -> None:
    assert surface.curvatures
    around = np.stack([np.cos(np.linspace(0, np.pi, 2001)), np.sin(np.linspace(0, np.pi, 2001))], 1)
    bent = surface.loss(around) + surface.loss(-around) - 2 * surface.loss(np.zeros(2))
    assert (bent.min(), bent.max()) == pytest.approx(surface.curvatures, rel=1e-3)


def test_only_quadratic_losses_have_one_pair_of_curvatures() -> None:
    assert {name for name, s in ALL.items() if s.curvatures} == {
        "bowl", "ravine", "turned ravine", "flowers", "flowers, standardized",
    }  # fmt: skip
    assert ALL["ravine"].curvatures == (1, 30)
    assert ALL["turned ravine"].curvatures == pytest.approx((1, 30))


def test_the_parabola_is_the_loss_of_one_weight() -> None:
    parabola = surfaces.parabola()
    points = np.array([[0.0, 0.0], [3.0, 0.0], [5.0, 0.0]])
    assert parabola.loss(points).tolist() == [9, 0, 4]
    assert [parabola.gradient(point).tolist() for point in points] == [[-6, 0], [0, 0], [4, 0]]
    assert (parabola.weights, parabola.least, parabola.curvatures) == (("w",), 0, (2, 2))


@pytest.mark.parametrize(
    ("name", "point", "loss", "gradient"),
    [
        ("bowl", (3, 4), (9 + 16) / 2, (3, 4)),
        ("ravine", (-4, 2), (16 + 30 * 4) / 2, (-4, 30 * 2)),
        ("turned ravine", (2, 2), 4 * 4 / 4, (2, 2)),  # along it: curvature 1
        ("turned ravine", (1, -1), 30 * 2 * 2 / 4, (30, -30)),  # across it
        ("saddle", (0, 0), 1 / 4, (0, 0)),
        ("saddle", (2, 2), 4 / 2 + 9 / 4, (2, 8 - 2)),
        ("Rosenbrock", (0, 1), 0.1 * (1 + 10), (-0.2, 2)),
        ("Rosenbrock", (-1, 1), 0.1 * 4, (-0.4, 0)),
    ],
)
def test_values_worked_by_hand(name: str, point: tuple[int, int], loss: float, gradient: tuple[float, float]) -> None:
    assert ALL[name].loss(np.array(point, float)) == pytest.approx(loss)
    np.testing.assert_allclose(ALL[name].gradient(np.array(point, float)), gradient, atol=1e-12)


def test_a_line_through_two_points_by_hand() -> None:
    line = surfaces.line("two", np.array([0.0, 1.0]), np.array([1.0, 3.0]), standardized=False)
    assert line.loss(np.array([1.0, 1.0])) == (0 + 1) / 2  # errors 0 and 2 - 3 = -1
    assert line.gradient(np.array([1.0, 1.0])).tolist() == [-1.0, -1.0]
    assert line.gradient(np.array([1.0, 1.0]), np.array([1])).tolist() == [-2.0, -2.0]
    assert line.minima[0] == pytest.approx((2, 1))


def test_the_losses_of_real_data_are_those_of_the_ops() -> None:
    point = np.array([0.4, -0.3])
    assert ALL["flowers"].loss(point) == pytest.approx(ops.mse_loss(0.4 * LENGTH - 0.3, WIDTH), rel=1e-12)
    data = ALL["digits"].data
    expected = ops.binary_cross_entropy_with_logits(data["x"] @ point, data["target"])
    assert ALL["digits"].loss(point) == pytest.approx(expected, rel=1e-12)


def test_standardized_means_mean_0_and_standard_deviation_1_and_then_the_loss_is_a_bowl() -> None:
    x = ALL["flowers, standardized"].data["x"]
    assert (x.mean(), x.std()) == pytest.approx((0, 1), abs=1e-12)
    assert ALL["flowers, standardized"].curvatures == pytest.approx((2, 2))
    assert ALL["flowers, standardized"].least == pytest.approx(ALL["flowers"].least)


def test_without_weights_a_classifier_is_at_the_logarithm_of_2() -> None:
    assert ALL["digits"].loss(np.zeros(2)) == pytest.approx(np.log(2))
    assert ALL["digits"].examples == 183 + 174  # so many 3s and 8s are there
    x, target = ALL["digits"].data.values()
    right = (x @ np.array(ALL["digits"].minima[0]) > 0) == target
    assert right.mean() > 0.85


@real_data
def test_the_gradient_of_all_is_the_mean_of_those_of_single_examples(surface: Surface) -> None:
    point = np.array([0.5, -0.7])
    single = [surface.gradient(point, np.array([i])) for i in range(surface.examples)]
    np.testing.assert_allclose(np.mean(single, axis=0), surface.gradient(point), rtol=1e-9)
    some = np.array([3, 1, 4, 1, 5])
    np.testing.assert_allclose(np.mean([single[i] for i in some], axis=0), surface.gradient(point, some), rtol=1e-9)
