"""The learned kernel: its shortcuts against the ops, step by step; what it says; and what is refused."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnlab import ops
from cnnlab.kernels import kernel
from cnnlab.traces.learned_kernel import LearnedKernel, learned_kernel
from cnnlab.traces.learning_task import Task, gray_noise, learning_task

NOISE = gray_noise(32, 0)
SMOOTH = np.cumsum(np.cumsum(gray_noise(33, 1) - 127.5, axis=0), axis=1)[1:, 1:]
SMOOTH = 255 * (SMOOTH - SMOOTH.min()) / np.ptp(SMOOTH)
SOBEL = kernel("sobel x").weight

CASES: list[dict[str, Any]] = [
    {},
    {"normalize": False},
    {"noise": 0.3, "seed": 4},
    {"size": 1},
    {"size": 5, "picture": SMOOTH},
    {"size": 2, "hidden": [[1.0, -1.0]]},
    {"size": 4, "hidden": kernel("gaussian 5").weight, "picture": NOISE[:20]},
    {"size": 3, "hidden": np.arange(8.0).reshape(2, 4)},
]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: ", ".join(case) or "plain")


def task(picture: Any = NOISE, hidden: Any = SOBEL, size: int = 3, **further: Any) -> Task:
    return learning_task(picture, hidden, size, **further)


def by_the_ops(task: Task, w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """The loss of a kernel and its gradient, forward and backward through convolution and mean squared error."""
    x, t, weight = task.input[None], task.target[None], w[None, None]
    y = ops.conv2d(x, weight)
    back = ops.mse_loss_backward(1.0, y, t)
    return float(ops.mse_loss(y, t)), ops.conv2d_backward(back, x, weight)[1][0, 0]


# ---- the shortcuts ---------------------------------------------------------------------------------------------------


@every_case
def test_loss_gradient_and_answer_are_those_of_the_ops_at_every_step(case: dict[str, Any]) -> None:
    learned = learned_kernel(task(**case), lr=0.01, updates=20, seed=2)
    for index in (0, 1, 7, 20):
        step = learned.at(index)
        loss, gradient = by_the_ops(learned.task, step.weight)
        assert step.loss == pytest.approx(loss, rel=1e-9, abs=1e-12)
        np.testing.assert_allclose(step.gradient, gradient, rtol=0, atol=1e-12 * (1 + np.abs(gradient).max()))
        answer = ops.conv2d(learned.task.input[None], step.weight[None, None])[0]
        np.testing.assert_allclose(step.answer, answer, rtol=0, atol=1e-12)


@every_case
def test_all_steps_at_once_are_the_steps_one_after_the_other(case: dict[str, Any]) -> None:
    learned = learned_kernel(task(**case), lr=0.01, updates=20, seed=2)
    w = learned.start
    for weights in learned.weights:
        np.testing.assert_allclose(weights.reshape(w.shape), w, rtol=0, atol=1e-12)
        w = w - learned.lr * by_the_ops(learned.task, w)[1]


def test_the_hessian_is_the_gradient_of_the_gradient() -> None:
    shown, w, small = task(), np.zeros((3, 3)), np.zeros((3, 3))
    small[1, 2] = 1.0
    np.testing.assert_allclose(shown.hessian[5], (shown.gradient(w + small) - shown.gradient(w)).ravel(), atol=1e-12)


@every_case
def test_no_kernel_nearby_is_better_than_the_best(case: dict[str, Any]) -> None:
    shown, rng = task(**case), np.random.default_rng(0)
    assert np.abs(shown.gradient(shown.best)).max() < 1e-9
    for _ in range(5):
        other = shown.best + 0.1 * rng.normal(size=shown.best.shape)
        assert by_the_ops(shown, other)[0] > shown.smallest_loss


def test_a_gradient_by_hand() -> None:
    """One weight: L = mean of (w x - 2 x)**2, so dL/dw = 2 (w - 2) * mean of x**2, and that mean is 1."""
    learned = learned_kernel(task(hidden=[[2.0]], size=1), lr=0.25, updates=2)
    w = float(learned.start[0, 0])
    assert learned.at(0).gradient[0, 0] == pytest.approx(2 * (w - 2))
    assert learned.weights[:, 0] == pytest.approx([w, 2 + 0.5 * (w - 2), 2 + 0.25 * (w - 2)])
    assert learned.losses == pytest.approx([(w - 2) ** 2, (w - 2) ** 2 / 4, (w - 2) ** 2 / 16])


# ---- what is learned -------------------------------------------------------------------------------------------------


def test_from_noise_every_named_kernel_is_found() -> None:
    for name in ("sobel x", "box blur", "sharpen", "corner", "one to nine"):
        learned = learned_kernel(task(hidden=kernel(name).weight), lr=0.4, updates=100)
        np.testing.assert_allclose(learned.at(100).weight, kernel(name).weight, rtol=0, atol=1e-6)


def test_a_larger_kernel_learns_zeros_around_the_hidden_one() -> None:
    learned = learned_kernel(task(size=5), lr=0.3, updates=200)
    np.testing.assert_allclose(learned.at(200).weight, np.pad(SOBEL, 1), rtol=0, atol=1e-6)
    assert learned.at(200).off < 1e-6


def test_an_even_kernel_lies_where_pytorch_puts_it_for_the_same_size() -> None:
    learned = learned_kernel(task(hidden=[[1.0, -1.0]], size=3), lr=0.4, updates=100)
    np.testing.assert_allclose(learned.at(100).weight, [[0, 0, 0], [0, 1, -1], [0, 0, 0]], rtol=0, atol=1e-6)


def test_a_smaller_kernel_keeps_a_loss_and_is_off_by_what_it_lacks() -> None:
    shown = task(hidden=kernel("gaussian 5").weight)
    assert shown.smallest_loss > 1e-3
    assert shown.off(kernel("gaussian 5").weight[1:4, 1:4]) == pytest.approx(7 / 273)


def test_noise_on_the_target_is_what_remains_of_the_loss() -> None:
    assert task(noise=0.5).smallest_loss == pytest.approx(0.25, rel=0.05)
    assert not np.array_equal(task(noise=0.5, seed=1).target, task(noise=0.5, seed=2).target)


def test_the_target_is_the_picture_filtered() -> None:
    expected = ops.conv2d(((NOISE - NOISE.mean()) / NOISE.std())[None], SOBEL[None, None])[0]
    np.testing.assert_allclose(task().target, expected, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(task(normalize=False).input, NOISE / 255)
    wide = task(size=5)
    assert wide.input.shape == (32, 32) and wide.target.shape == (28, 28)
    np.testing.assert_allclose(wide.target, expected[1:-1, 1:-1], rtol=0, atol=1e-12)


# ---- the bowl --------------------------------------------------------------------------------------------------------


def test_a_smooth_picture_bends_the_loss_in_one_direction_and_noise_in_all() -> None:
    (flat, *_, steep), (smallest, *_, largest) = (task(picture=p).bowl[0] for p in (SMOOTH, NOISE))
    assert steep / flat > 100
    assert largest / smallest < 1.5
    assert flat + steep < 2 * 9 * 1.1  # the sum of all: 2 for each weight, whatever the picture is
    assert task().hessian.trace() == pytest.approx(18, rel=0.05)


def test_normalizing_makes_the_bowl_rounder() -> None:
    raw, normalized = (task(picture=SMOOTH, normalize=flag).bowl[0] for flag in (False, True))
    assert raw[-1] / raw[0] > 2 * normalized[-1] / normalized[0]


@pytest.mark.parametrize(("share", "converges"), [(0.99, True), (1.01, False)])
def test_the_largest_learning_rate_is_where_it_turns(share: float, converges: bool) -> None:
    shown = task(picture=SMOOTH)
    learned = learned_kernel(shown, lr=share * shown.largest_lr, updates=1000)
    assert learned.diverges != converges
    assert (learned.losses[-1] < learned.losses[0]) == converges


def test_a_descent_that_diverges_ends_where_it_is_beyond_return() -> None:
    learned = learned_kernel(task(), lr=10, updates=1000)
    assert 2 < learned.steps < 20 and np.isfinite(learned.weights).all()
    assert learned.losses[-1] > 1e9 * learned.losses[0] >= learned.losses[-2]


def test_a_direction_that_no_window_shows_is_not_learned() -> None:
    stripes = np.tile([[0.0, 255.0]], (16, 8))  # the columns to the left and to the right are always equal
    learned = learned_kernel(task(picture=stripes), lr=0.05, updates=500)
    step = learned.at(500)
    assert step.loss < 1e-12 and step.off > 0.1
    assert "no step moves there" in learned.task.says()


# ---- words -----------------------------------------------------------------------------------------------------------


def made(lr: float = 0.25, **given: Any) -> LearnedKernel:
    return LearnedKernel(task(hidden=[[2.0]], size=1, **given), np.array([[1.0]]), lr, 40)


def test_an_update_is_written_with_its_numbers() -> None:
    assert made().at(0).update(0, 0) == "w[0, 0] ← w − lr · dL/dw = 1 − 0.25·(−2) = 1.5"
    assert made().at(3).update(0, 0) == "w[0, 0] ← w − lr · dL/dw = 1.875 − 0.25·(−0.25) = 1.9375"
    assert made(lr=1 / 3).at(2).update(0, 0).endswith("= 1.8889 − 0.333333·(−0.2222) ≈ 1.963")


def test_what_is_said_on_the_way() -> None:
    learned = made()
    assert learned.at(0).says() == "The kernel is random numbers, its answer is not the target: the loss is 1."
    assert learned.at(1).says() == "After 1 step the loss is 25% of what it was."
    assert learned.at(2).says(True) == (
        "After 2 steps the loss is 6.2% of what it was. The weight that is off most is off by 0.25."
    )
    assert learned.at(40).says() == "The loss is 0: the kernel does what the hidden one does."


def test_the_weights_are_not_given_away_before_they_are_revealed() -> None:
    learned = learned_kernel(task(), 0.1, 30)
    assert not any("off" in learned.at(index).says() for index in range(31))


def test_an_answer_that_looks_right_with_weights_that_are_not_is_said() -> None:
    step = learned_kernel(task(picture=SMOOTH), 0.05, 1000).at(1000)
    assert step.loss < 0.01 * step.learned.losses[0] and step.off > 0.1
    assert "the answer looks right; but a weight is still off by" in step.says(True)


def test_divergence_is_said_with_what_would_work() -> None:
    learned = made(lr=1.25)
    assert learned.at(1).says() == (
        "The loss grows: with lr = 1.25 every step leaps over the bottom and lands farther away. Use an lr below 1."
    )


def test_a_loss_that_cannot_vanish_is_said() -> None:
    learned = learned_kernel(task(noise=0.5), 0.3, 200)
    assert learned.at(200).says().startswith("No kernel of this size has a smaller loss than 0.2")


def test_the_bowl_in_words() -> None:
    assert made().task.says() == (
        "steepest direction: curvature 2, so lr must be below 2 / 2 = 1\u00a0\u00a0\u00a0flattest: 2, nearly as steep"
    )
    assert " times flatter" in task(picture=SMOOTH).says()


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"picture": np.ones((32, 32))}, "picture must hold gray values from 0 to 255, and not all the same"),
        ({"picture": NOISE - 200}, "picture must hold gray values from 0 to 255"),
        ({"picture": NOISE[:15]}, "picture must have 16 to 128 rows and columns, but has 15 × 32"),
        ({"picture": NOISE[None]}, "picture must have rows x columns"),
        ({"hidden": np.ones((1, 8))}, "target must be a kernel of at most 7 x 7"),
        ({"hidden": [[1e3]]}, "target must be a kernel of at most 7 x 7 weights from -100 to 100"),
        ({"hidden": [1.0, 2.0]}, "target must have rows x columns"),
        ({"size": 8}, "kernel_size must be from 1 to 7, but is 8"),
        ({"noise": -1}, "noise must be between 0 and 100, but is -1"),
    ],
)
def test_a_task_that_cannot_be_made_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        task(**given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lr": 0}, "lr must be above 0 and at most 10, but is 0"),
        ({"lr": np.nan}, "lr must be a finite number"),
        ({"updates": 1001}, "updates must be from 1 to 1000, but is 1001"),
    ],
)
def test_a_descent_that_cannot_be_made_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        learned_kernel(task(), **{"lr": 0.1, "updates": 10, **given})


def test_a_step_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="step must be from 0 to 10, but is 11"):
        learned_kernel(task(), 0.1, 10).at(11)
