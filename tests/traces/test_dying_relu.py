"""One unit under gradient descent: its gradient, its death, and what leaky ReLU makes of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.traces.activations import Activation
from cnnlab.traces.dying_relu import INPUTS, START, STEPS, TARGETS, Descent, UnitStep
from tests.traces.calculator import check


def descent(name: str = "relu", rate: float = 0.5, start: tuple[float, float] = START) -> Descent:
    return Descent(Activation(name), rate, *start)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["relu", "leaky_relu"]), st.floats(-3, 3), st.floats(-3, 3))
def test_the_gradient_is_the_slope_of_the_loss(name: str, w: float, b: float) -> None:
    d, h = descent(name), 1e-6
    at = UnitStep(d, 0, w, b)
    if np.abs(at.sums).min() > 1e-4:
        for name, dw, db in (("grad_w", h, 0), ("grad_b", 0, h)):
            ahead, behind = UnitStep(d, 0, w + dw, b + db), UnitStep(d, 0, w - dw, b - db)
            assert getattr(at, name) == pytest.approx((ahead.loss - behind.loss) / (2 * h), abs=1e-5)


def test_the_first_step_by_hand() -> None:
    errors = [3 * x + 0.5 - t for x, t in zip(INPUTS, TARGETS, strict=True)]  # all sums are positive
    first, second = descent().path[:2]
    assert first.active == 5
    assert first.loss == pytest.approx(sum(e**2 for e in errors) / 10)
    assert first.grad_w == pytest.approx(sum(e * x for e, x in zip(errors, INPUTS, strict=True)) / 5)
    assert first.grad_b == pytest.approx(sum(errors) / 5)
    assert second.w == pytest.approx(3 - 0.5 * first.grad_w) and second.b == pytest.approx(0.5 - 0.5 * first.grad_b)
    for name in ("w", "b"):
        assert first.equation(name).result == getattr(second, name)
        check(second.equation(name))


def test_a_step_that_is_too_large_kills_it_although_the_loss_falls() -> None:
    path = descent().path
    assert path[1].is_dead and path[1].loss < path[0].loss / 7
    assert all((step.w, step.b) == (path[1].w, path[1].b) for step in path[1:])
    assert path[1].formula() == "y = ReLU(−0.285·x − 1.33)"
    assert path[1].says().endswith("It is dead. The loss stays at 1.08.")  # less than before, and all is lost
    assert "The loss is 7.87." in path[0].says() and "5 of 5 sums are positive" in path[0].says()


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3])
def test_smaller_steps_learn_the_targets(rate: float) -> None:
    last = descent(rate=rate).path[STEPS]
    assert not last.is_dead and last.loss < 0.02
    assert last.w == pytest.approx(0.84, abs=0.2)


def test_leaky_relu_comes_back() -> None:
    path = descent("leaky_relu").path
    assert path[1].active == 0 and not path[1].is_dead and "it can come back" in path[1].says()
    assert path[STEPS].active == 5 and path[STEPS].loss < 0.01


def test_the_best_line_is_where_the_gradient_is_zero() -> None:
    w, b = np.polyfit(INPUTS, TARGETS, 1)
    best = UnitStep(descent(), 0, float(w), float(b))
    assert abs(best.grad_w) < 1e-12 and not best.is_dead
    assert descent("leaky_relu").losses[-1] >= best.loss
    assert "y = " in best.as_text()
