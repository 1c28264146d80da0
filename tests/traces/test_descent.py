"""The race of optimizers: its paths by hand and by the optimizers themselves, its batches, its limits, its words."""

from itertools import islice

import numpy as np
import pytest

from cnnlab.data import flowers
from cnnlab.optim import SGD, Adam, Parameter
from cnnlab.traces import surfaces
from cnnlab.traces.descent import FARTHEST, METHODS, batches, limit_of, race
from cnnlab.traces.descent_words import as_text, brief, limit, standing, update

RAVINE = surfaces.ravine(10)
FLOWERS = surfaces.line("flowers", flowers()[0][:, 2], flowers()[0][:, 3], standardized=False)
EVERY = tuple(METHODS)


# ---- paths -----------------------------------------------------------------------------------------------------------


def test_two_steps_of_gradient_descent_by_hand() -> None:
    path = race(RAVINE, ("batch",), (-4, 2), lr=0.05, updates=2).paths["batch"]
    # the gradient is (w1, 10 w2): w1 times 0.95, w2 times 0.5
    np.testing.assert_allclose(path.points, [[-4, 2], [-3.8, 1], [-3.61, 0.5]])
    np.testing.assert_allclose(path.gradients, [[-4, 20], [-3.8, 10]])
    np.testing.assert_allclose(path.losses, [(16 + 40) / 2, (3.8**2 + 10) / 2, (3.61**2 + 2.5) / 2])


def test_two_steps_of_momentum_by_hand() -> None:
    path = race(RAVINE, ("momentum",), (-4, 2), lr=0.05, momentum=0.5, updates=2).paths["momentum"]
    np.testing.assert_allclose(path.memories[:, 0], [[-4, 20], [0.5 * -4 - 3.8, 0.5 * 20 + 10]])
    np.testing.assert_allclose(path.points[2], [-3.8 - 0.05 * -5.8, 1 - 0.05 * 20])


def test_the_first_step_of_adam_is_lr_long_in_each_direction_whatever_the_gradient() -> None:
    for start in [(-4, 2), (0.01, -3), (3, 1e-3)]:
        path = race(RAVINE, ("Adam",), start, lr=0.2, updates=1).paths["Adam"]
        np.testing.assert_allclose(path.points[1] - path.points[0], -0.2 * np.sign(start), rtol=1e-4)


def test_the_first_step_of_rmsprop_is_longer_by_the_root_of_ten() -> None:
    path = race(RAVINE, ("RMSProp",), (-4, 2), lr=0.2, updates=1).paths["RMSProp"]
    np.testing.assert_allclose(np.abs(path.points[1] - path.points[0]), 0.2 / np.sqrt(0.1), rtol=1e-6)


def test_a_path_is_what_its_optimizer_does_with_the_gradients_of_its_batches() -> None:
    whole = race(FLOWERS, ("batch", "Adam"), lr=0.03, updates=40, batch_size=32, seed=5)
    rows = list(islice(batches(150, 32, 5), 40))
    makers = {"batch": lambda w: SGD([w], 0.03), "Adam": lambda w: Adam([w], 0.03)}
    for name, path in whole.paths.items():
        w = Parameter(list(FLOWERS.start))
        optimizer = makers[name](w)
        for t in range(40):
            w.grad = FLOWERS.gradient(w.value, None if name == "batch" else rows[t])
            optimizer.step()
        np.testing.assert_array_equal(path.points[-1], w.value)
        np.testing.assert_allclose(path.losses, [FLOWERS.loss(p) for p in path.points], rtol=1e-12)


def test_every_optimizer_goes_down_on_every_kind_of_surface() -> None:
    for surface, lr in [(surfaces.bowl(), 0.1), (RAVINE, 0.05), (surfaces.rosenbrock(), 0.03), (FLOWERS, 0.01)]:
        for path in race(surface, EVERY, lr=lr, updates=200).paths.values():
            assert path.losses[-1] < path.losses[0] / 2, (surface.name, path.name)


def test_turning_the_ravine_changes_nothing_for_gradient_descent_and_much_for_adam() -> None:
    straight, turned = (race(surface, EVERY, lr=0.02) for surface in (surfaces.ravine(50), surfaces.turned_ravine(50)))
    for name, path in straight.paths.items():
        same = np.allclose(path.losses, turned.paths[name].losses, rtol=1e-6, atol=1e-9)
        assert same == (name not in ("RMSProp", "Adam"))


def test_on_a_formula_there_is_one_gradient_descent_and_it_has_that_name() -> None:
    whole = race(RAVINE, ("mini-batch", "stochastic", "Adam"))
    assert list(whole.paths) == ["stochastic", "Adam"]
    assert whole.paths["stochastic"].label == "gradient descent"
    assert [path.label for path in race(FLOWERS, EVERY).paths.values()] == [*EVERY]


def test_at_the_saddle_point_itself_nothing_moves_and_beside_it_momentum_is_faster() -> None:
    still = race(surfaces.saddle(), EVERY, (0, 0))
    assert all((path.points == 0).all() for path in still.paths.values())
    beside = race(surfaces.saddle(), ("batch", "momentum"), (-2, 0.02), lr=0.05)
    slow, fast = (np.argmax(path.points[:, 1] > 0.5) for path in beside.paths.values())
    assert 0 < fast < slow / 2


# ---- learning rates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["batch", "momentum", "Nesterov"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("curvature", [1.0, 30.0])
def test_below_the_limit_it_converges_and_above_it_diverges(name: str, momentum: float, curvature: float) -> None:
    largest = limit_of(name, momentum, curvature)
    surface = surfaces.ravine(curvature)
    for lr, goes_down in ((0.98 * largest, True), (1.02 * largest, False)):
        path = race(surface, (name,), (0, 1), lr, momentum=momentum, updates=1500).paths[name]
        assert bool(path.losses[-1] < 1e-6) == goes_down
        assert path.ended != goes_down


def test_the_limits_by_hand() -> None:
    assert limit_of("batch", 0.9, 10) == pytest.approx(0.2)
    assert limit_of("momentum", 0.9, 10) == pytest.approx(0.38)
    assert limit_of("Nesterov", 0.9, 10) == pytest.approx(2 * 1.9 / (2.8 * 10))
    assert limit_of("Nesterov", 0, 10) == limit_of("momentum", 0, 10) == limit_of("batch", 0, 10)


def test_own_rates_are_for_their_optimizers_alone() -> None:
    whole = race(RAVINE, ("batch", "Adam"), lr=0.05, own_rates={"Adam": 0.3}, updates=3)
    assert whole.paths["batch"].rates.tolist() == [0.05] * 3
    assert whole.paths["Adam"].rates.tolist() == [0.3] * 3


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [0.1] * 6),
        ("step", [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]),
        ("cosine", [0.05 * (1 + np.cos(np.pi * t / 6)) for t in range(6)]),
    ],
)
def test_a_schedule_ends_with_the_race(schedule: str, rates: list[float]) -> None:
    path = race(RAVINE, ("batch",), lr=0.1, schedule=schedule, updates=6).paths["batch"]
    np.testing.assert_allclose(path.rates, rates)


def test_a_path_that_explodes_ends_and_the_others_go_on() -> None:
    whole = race(RAVINE, ("batch", "Adam"), lr=1, updates=100)
    gone, other = whole.paths["batch"], whole.paths["Adam"]
    assert gone.ended and not other.ended and other.updates == 100
    assert np.abs(gone.points[:-1]).max() <= FARTHEST < np.abs(gone.points[-1]).max()
    last = whole.at(100, "batch")
    assert last.moved == gone.updates < 100
    assert last.point(gone) == tuple(gone.points[-1])


# ---- batches ---------------------------------------------------------------------------------------------------------


def test_an_epoch_of_1000_in_batches_of_32_is_32_iterations_the_last_of_8() -> None:
    epoch = list(islice(batches(1000, 32, 0), 32))
    assert [len(batch) for batch in epoch] == [32] * 31 + [8]
    assert sorted(np.concatenate(epoch).tolist()) == list(range(1000))
    second = list(islice(batches(1000, 32, 0), 32, 64))
    assert sorted(np.concatenate(second).tolist()) == list(range(1000))
    assert (np.concatenate(second) != np.concatenate(epoch)).any()


def test_what_each_update_has_seen() -> None:
    whole = race(FLOWERS, EVERY, updates=20, batch_size=40, lr=0.001)
    sizes = {name: path.batch_size for name, path in whole.paths.items()}
    assert sizes == {name: {"batch": 150, "stochastic": 1}.get(name, 40) for name in EVERY}
    moment = whole.at(4, "batch")
    assert [moment.epochs(whole.paths[name]) for name in ("batch", "stochastic", "Adam")] == [4, 4 / 150, 1]
    rows = whole.batches_of(whole.paths["Adam"])
    assert rows.shape == (20, 40) and (rows[3] >= 0).sum() == 30  # 150 = 3 · 40 + 30
    assert sorted(rows[:4][rows[:4] >= 0].tolist()) == list(range(150))


def test_the_seed_shuffles_and_the_batch_of_all_does_not_care() -> None:
    first, again, other = (race(FLOWERS, EVERY, lr=0.01, seed=seed) for seed in (0, 0, 1))
    for name, path in first.paths.items():
        np.testing.assert_array_equal(path.points, again.paths[name].points)
        assert (path.points == other.paths[name].points).all() == (name == "batch")
    whole = race(FLOWERS, ("batch", "mini-batch"), lr=0.01, batch_size=10**6)
    np.testing.assert_array_equal(whole.paths["batch"].points, whole.paths["mini-batch"].points)


def test_smaller_batches_jitter_more() -> None:
    """Near the minimum: the spread of the last losses, over batches of 1, 10 and 75."""
    surface = surfaces.line("flowers", flowers()[0][:, 2], flowers()[0][:, 3], standardized=True)
    spread = [
        race(surface, ("mini-batch",), surface.minima[0], 0.1, updates=300, batch_size=size).paths["mini-batch"].losses
        for size in (1, 10, 75)
    ]
    one, ten, many = (float(np.mean(losses - surface.least)) for losses in spread)
    assert one > 3 * ten > 9 * many


# ---- words -----------------------------------------------------------------------------------------------------------

WRITTEN = [
    ("batch", 1, ["w = w − lr·g", "w₁ = −4 − 0.05·(−4) = −3.8", "w₂ = 2 − 0.05·20 = 1"]),
    (
        "momentum",
        2,
        [
            "v = 0.9·v + g,  w = w − lr·v",
            "v = 0.9·(−4) + (−3.8) = −7.4   w₁ = −3.8 − 0.05·(−7.4) = −3.43",
            "v = 0.9·20 + 10 = 28   w₂ = 1 − 0.05·28 = −0.4",
        ],
    ),
    (
        "Nesterov",
        1,
        [
            "v = 0.9·v + g,  w = w − lr·(g + 0.9·v)",
            "v = 0.9·0 + (−4) = −4",
            "w₁ = −4 − 0.05·(−4 + 0.9·(−4)) = −3.62",
            "v = 0.9·0 + 20 = 20",
            "w₂ = 2 − 0.05·(20 + 0.9·20) = 0.1",
        ],
    ),
    (
        "RMSProp",
        1,
        [
            "s = 0.9·s + 0.1·g²,  w = w − lr·g/(√s + ε)",
            "s = 0.9·0 + 0.1·(−4)² = 1.6   w₁ = −4 − 0.05·(−4)/√1.6 ≈ −3.84",
            "s = 0.9·0 + 0.1·20² = 40   w₂ = 2 − 0.05·20/√40 ≈ 1.84",
        ],
    ),
    (
        "Adam",
        1,
        [
            "m = 0.9·m + 0.1·g,  s = 0.999·s + 0.001·g²,  w = w − lr·m̂/(√ŝ + ε)",
            "m = 0.9·0 + 0.1·(−4) = −0.4   m̂ = −0.4/(1 − 0.9¹) = −4",
            "s = 0.999·0 + 0.001·(−4)² = 0.016   ŝ = 0.016/(1 − 0.999¹) = 16",
            "w₁ = −4 − 0.05·(−4)/√16 ≈ −3.95",  # the line leaves out ε
            "m = 0.9·0 + 0.1·20 = 2   m̂ = 2/(1 − 0.9¹) = 20",
            "s = 0.999·0 + 0.001·20² = 0.4   ŝ = 0.4/(1 − 0.999¹) = 400",
            "w₂ = 2 − 0.05·20/√400 ≈ 1.95",
        ],
    ),
]


@pytest.mark.parametrize(("name", "step", "lines"), WRITTEN, ids=[name for name, *_ in WRITTEN])
def test_an_update_is_written_out_with_its_numbers(name: str, step: int, lines: list[str]) -> None:
    assert str(update(race(RAVINE, EVERY, (-4, 2), 0.05).at(step, name))).split("\n") == lines


def test_before_the_first_update_only_the_place_is_written() -> None:
    assert update(race(FLOWERS, ("Adam",), (-0.8, 1.6)).at(0, "Adam")).rows == (("w = −0.8",), ("b = 1.6",))


def test_a_single_weight_by_hand_and_in_words() -> None:
    whole = race(surfaces.parabola(), ("batch",), lr=0.1, updates=5)
    moment = whole.at(2, "batch")
    assert str(update(moment)).split("\n") == ["w = w − lr·g", "w = 0.6 − 0.1·(−4.8) = 1.08"]
    assert standing(whole.at(0, "batch")) == "It begins at w = 0, 9 above the smallest loss."
    assert limit(moment) == "Curvature 2: gradient descent converges for lr below 2/2 = 1."
    assert "gradient descent: w = 1.08, loss 3.69" in as_text(moment)
    assert moment.tangent(whole.paths["batch"], 1) == (
        pytest.approx((0.08, 1.92**2 + 2 * 1.92)),
        pytest.approx((2.08, 1.92**2 - 2 * 1.92)),
    )


def test_how_the_race_stands() -> None:
    whole = race(RAVINE, ("batch", "Adam"), (-4, 2), lr=0.25, updates=60)
    assert standing(whole.at(0, "batch")) == "All begin at w₁ = −4, w₂ = 2, 28 above the smallest loss."
    assert standing(whole.at(1, "Adam")) == "After 1 step, Adam is lowest, 22.3 above the smallest loss."
    level = race(RAVINE, ("batch", "momentum", "Nesterov"), (-4, 2), lr=0.05, momentum=0, updates=2)
    assert standing(level.at(1, "batch")) == "After 1 step, all are 12.2 above the smallest loss."  # (3.8² + 10·1²) / 2
    step = whole.at(60, "batch").left(whole.paths["batch"])
    assert step == 2  # w2 is multiplied by -1.5: 2, -3, 4.5
    assert whole.at(1, "batch").left(whole.paths["batch"]) is None
    assert standing(whole.at(3, "Adam")).endswith("Outside the map: gradient descent (since step 2).")
    alone = race(RAVINE, ("batch",), (-4, 2), lr=0.25, updates=60)
    assert standing(alone.at(2, "batch")) == "After 2 steps, outside the map: gradient descent (since step 2)."
    assert "at the smallest loss" in standing(race(RAVINE, ("batch",), (0, 0)).at(3, "batch"))
    many = race(RAVINE, EVERY, (-4, 2), lr=30, updates=3)
    assert standing(many.at(1, "Adam")).endswith("outside the map: gradient descent (since step 1), 4 others.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("batch", "Largest curvature 10: gradient descent converges for lr below 2/10 = 0.2."),
        ("momentum", "Largest curvature 10: momentum converges for lr below 2·(1 + 0.9)/10 = 0.38."),
        (
            "Nesterov",
            "Largest curvature 10: Nesterov converges for lr below 2·(1 + 0.9)/((1 + 2·0.9)·10) ≈ 0.136.",
        ),
        ("Adam", "Adam divides by the size of the gradients: how far it goes is said by lr, hardly by the slope."),
    ],
)
def test_the_limit_is_said_where_there_is_one(name: str, said: str) -> None:
    assert limit(race(RAVINE, EVERY).at(0, name)) == said


def test_the_limit_of_batches_and_of_bent_surfaces() -> None:
    assert limit(race(FLOWERS, EVERY).at(0, "mini-batch")).endswith("2/36.1 ≈ 0.0554, if it sees all examples.")
    assert limit(race(FLOWERS, EVERY).at(0, "batch")).endswith("2/36.1 ≈ 0.0554.")
    assert "not the same everywhere" in limit(race(surfaces.saddle(), EVERY).at(0, "batch"))


def test_small_and_large_numbers_are_brief() -> None:
    numbers = [0, 12.34, -0.00456, 7.8e-6, -3.5e13, 0.123456]
    assert [brief(n) for n in numbers] == ["0", "12.3", "−0.0046", "7.8e−6", "−3.5e13", "0.123"]


def test_the_whole_moment_as_text() -> None:
    text = as_text(race(RAVINE, ("batch",), (-4, 2), 0.05).at(1, "batch"))
    assert "gradient descent: w₁ = −3.8, w₂ = 1, loss 12.2" in text and "w₂ = 2 − 0.05·20 = 1" in text


def test_a_race_walks_only_the_paths_that_change() -> None:
    first = race(FLOWERS, EVERY, lr=0.02, momentum=0.9, updates=20, batch_size=10)
    rolled = race(FLOWERS, EVERY, lr=0.02, momentum=0.5, updates=20, batch_size=10)
    assert [n for n in EVERY if first.paths[n] is not rolled.paths[n]] == ["momentum", "Nesterov"]
    bigger = race(FLOWERS, EVERY, lr=0.02, momentum=0.9, updates=20, batch_size=30)
    assert [n for n in EVERY if first.paths[n] is bigger.paths[n]] == ["batch", "stochastic"]
    shuffled = race(FLOWERS, EVERY, lr=0.02, momentum=0.9, updates=20, batch_size=10, seed=1)
    assert [n for n in EVERY if first.paths[n] is shuffled.paths[n]] == ["batch"]
