"""Where loss and penalty together are smallest: by hand, by the conditions of a minimum, and against small steps."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cnnlab import ops
from cnnlab.data import digits
from cnnlab.gradcheck import numerical_gradient
from cnnlab.traces.bowls import BOTH, L1, L2, PENALTIES, Bowl, Penalty
from cnnlab.traces.penalty import STRENGTHS, ThreeOrEight, TwoWeights, along


def two(kind: str = L1, minimum: tuple[float, float] = (2, 1)) -> TwoWeights:
    return TwoWeights(minimum, kind)


@pytest.fixture(scope="module")
def reader() -> ThreeOrEight:
    images, labels = digits()
    chosen = np.flatnonzero((labels == 3) | (labels == 8))
    learned, held_out = np.split(np.random.default_rng(0).permutation(chosen), [80])
    return ThreeOrEight(images[learned] / 16, labels[learned], images[held_out] / 16, labels[held_out])


def check_minimum(bowl: Bowl, penalty: Penalty, weights: np.ndarray) -> None:
    """The slopes cancel, or the weight is exactly 0 and L1 can hold it."""
    smooth = bowl.slope(weights) + ops.l2_penalty_backward(1.0, weights, penalty.l2)
    scale = 1e-9 * max(1.0, float(np.abs(bowl.downhill).max()))
    gone = weights == 0
    assert_allclose(smooth[~gone], -penalty.l1 * np.sign(weights[~gone]), atol=scale)
    assert np.all(np.abs(smooth[gone]) <= penalty.l1 + scale)


# ---- two weights -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lam", "weights"), [(0, (2, 1)), (1.5, (1.5, 0.5)), (3, (1, 0)), (4, (0.5, 0)), (5, (0, 0)), (9, (0, 0))]
)
def test_l1_of_two_weights_by_hand(lam: float, weights: tuple[float, float]) -> None:
    """With both weights held, 2 (w1 - 2) + (w2 - 1) = (w1 - 2) + 2 (w2 - 1) = -lam, so both lose lam / 3."""
    found = two().at(Penalty(L1, lam)).weights
    assert_allclose(found, weights, atol=1e-12)
    assert [w == 0 for w in found] == [w == 0 for w in weights]  # exactly


def test_l2_of_two_weights_by_hand() -> None:
    """lam = 1: 4 w1 + w2 = 5 and w1 + 4 w2 = 4."""
    step = two(L2).at(Penalty(L2, 1))
    assert_allclose(step.weights, [16 / 15, 11 / 15])
    assert step.zeros == 0


def test_both_penalties_by_hand() -> None:
    """lam = 1: 4 w1 + w2 = 5 - 1 and w1 + 4 w2 = 4 - 1."""
    assert_allclose(two(BOTH).at(Penalty(BOTH, 1)).weights, [13 / 15, 8 / 15])


def test_l2_never_sets_a_weight_to_zero_that_l1_does() -> None:
    for lam in STRENGTHS[1:]:
        assert two(L2).at(Penalty(L2, lam)).zeros == 0
    assert two().at(Penalty(L1, 3)).zeros == 1


@pytest.mark.parametrize("kind", PENALTIES)
def test_nowhere_near_is_loss_and_penalty_smaller(kind: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        model, penalty = two(kind, tuple(rng.uniform(-3, 3, 2))), Penalty(kind, float(rng.uniform(0, 6)))
        step = model.at(penalty)
        check_minimum(model.bowl, penalty, step.weights)
        for near in step.weights + rng.normal(0, 0.3, (30, 2)):
            assert model.bowl.loss(near) + penalty.value(near) >= step.loss + step.cost - 1e-12


def test_the_loss_is_the_formula() -> None:
    model, (w1, w2) = two(minimum=(1.5, -2)), (0.3, 0.7)
    a, b = w1 - 1.5, w2 + 2
    assert_allclose(model.bowl.loss(np.array([w1, w2])), a**2 + a * b + b**2)
    assert model.formula() == "L = (w₁ − 1.5)² + (w₁ − 1.5)·(w₂ + 2) + (w₂ + 2)²"
    found = numerical_gradient(lambda w: model.bowl.loss(w), np.array([w1, w2]))
    assert_allclose(model.bowl.slope(np.array([w1, w2])), found, atol=1e-6)


def test_the_drawn_lines_are_where_they_say() -> None:
    model, angles = two(), np.linspace(0, 6, 20)
    assert_allclose([model.bowl.loss(w) for w in model.level(3.0, angles)], 3)
    for kind in PENALTIES:
        penalty = Penalty(kind, 0.7)
        assert_allclose([penalty.value(w) for w in penalty.region(1.3, angles)], 1.3)
    lams, weights = two().path
    assert_allclose(weights[np.isclose(lams, 3)], [[1, 0]], atol=1e-12)


def test_what_it_says() -> None:
    model = two()
    assert model.at(Penalty(L1, 0)).says() == "Without a penalty, the weights are where the loss is smallest."
    step = model.at(Penalty(L1, 4))
    assert step.says() == "w₂ is exactly 0: the loss pulls at it with 3.5, and L1 can hold up to 4."
    assert step.balances((0, 0)) == (
        "w₁ = 0.5: slopes −4 (loss) + 4 (penalty) = 0",
        "w₂ = 0: slope −3.5 (loss); L1 can hold from −4 to 4",
    )
    assert step.total() == "loss + lam · Σ|w| = 4.75 + 2 = 6.75"
    assert model.at(Penalty(L1, 5)).says().startswith("Both weights are exactly 0")
    assert two(L2).at(Penalty(L2, 4)).says().startswith("L2 pulls with 2 · lam · w")


# ---- 3 or 8 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PENALTIES)
def test_the_weights_of_the_reader_are_a_minimum_for_every_lam(reader: ThreeOrEight, kind: str) -> None:
    for lam, weights in zip(STRENGTHS, reader.path(kind), strict=True):
        check_minimum(reader.bowl, Penalty(kind, lam), weights)


def test_small_steps_lead_to_the_same_weights(reader: ThreeOrEight) -> None:
    """A proximal step: down the slope, then each weight lam / curvature toward zero, and not past it."""
    bowl, lam = reader.bowl, 2.0
    rate = 1 / np.linalg.eigvalsh(bowl.curvature).max()
    weights = np.zeros(64)
    for _ in range(20000):
        moved = weights - rate * bowl.slope(weights)
        weights = np.sign(moved) * np.maximum(np.abs(moved) - rate * lam, 0)
    found = reader.at(Penalty(L1, lam))
    assert_allclose(found.weights, weights, atol=1e-6)
    assert found.zeros == (weights == 0).sum()


def test_the_loss_of_the_reader_is_its_squared_errors(reader: ThreeOrEight) -> None:
    weights = np.random.default_rng(1).normal(0, 0.3, 64)
    score = reader.pixels @ weights + reader.bias(weights)
    assert_allclose(reader.bowl.loss(weights), ((score - reader.targets) ** 2).sum())
    others = [((score + shift - reader.targets) ** 2).sum() for shift in (-0.01, 0.01)]
    assert min(others) > reader.bowl.loss(weights)  # the bias is the best one
    learned, held_out = reader.right(weights)
    assert learned == ((score > 0) == (reader.labels == 8)).sum()
    assert 0 <= held_out <= 277


def test_a_lam_between_two_marks_is_a_minimum_too(reader: ThreeOrEight) -> None:
    for lam in (0.005, 1.05, 77.7):
        penalty = Penalty(L1, lam)
        check_minimum(reader.bowl, penalty, reader.at(penalty).weights)


def test_penalties_help_the_reader_and_l1_empties_it(reader: ThreeOrEight) -> None:
    plain, l1, l2 = (reader.at(Penalty(kind, lam)) for kind, lam in ((L1, 0.0), (L1, 1.0), (L2, 1.0)))
    assert [int(reader.right(step.weights)[1]) for step in (plain, l1, l2)] == [260, 275, 273]
    assert [step.zeros for step in (plain, l1, l2)] == [12, 44, 12]
    assert "12 of 64 weights are exactly 0 (their pixels hold no ink in any example)" in l2.says()
    assert l1.says() == "44 of 64 weights are exactly 0. 275 of 277 held-out digits are read right: 99.3%."
    assert l1.balances((0, 0)) == ("w[0, 0] = 0: the loss does not depend on it",)


def test_l1_alone_shrinks_a_weight_to_zero_and_may_let_it_come_back() -> None:
    """One weight: loss (w - 1)**2 and lam |w|, so w = 1 - lam / 2 down to 0."""
    bowl = Bowl(np.array([[2.0]]), np.array([2.0]), 1.0)
    lams = np.array([0, 0.5, 1, 1.5, 2, 3])
    assert_allclose(along(bowl, L1, lams)[:, 0], [1, 0.75, 0.5, 0.25, 0, 0])
    assert_allclose(along(bowl, L2, lams)[:, 0], 1 / (1 + lams))


def test_the_penalty_of_the_deck() -> None:
    """Deck D, question 14: 0.01 * (0.5 + 0.2) and 0.01 * (0.25 + 0.04), without a half."""
    weights = np.array([0.5, -0.2])
    assert_allclose(Penalty(L1, 0.01).value(weights), 0.007)
    assert_allclose(Penalty(L2, 0.01).value(weights), 0.0029)
    assert_allclose(Penalty(L2, 0.01).slope(weights), [0.01, -0.004])


def test_what_cannot_be_says_why() -> None:
    with pytest.raises(ValueError, match="penalty must be one of L2, L1, both, but is 'L3'"):
        Penalty("L3", 1)
    with pytest.raises(ValueError, match="lam must be at least 0"):
        Penalty(L1, -1)
    with pytest.raises(ValueError, match="minimum must be two numbers from -3 to 3, but is 4, 0"):
        two(minimum=(4, 0))
