"""Batch norm before and after ReLU."""

import numpy as np
import pytest

from cnnlab.traces.placement import SAMPLES, Stage, placement


@pytest.mark.parametrize("bias", [-6.0, 0.0, 4.5])
def test_before_relu_the_bias_of_the_layer_does_nothing(bias: float) -> None:
    found, without = placement(bias, 1.5, 2.0, 0.5), placement(0.0, 1.5, 2.0, 0.5)
    assert found.before[0].values.mean() == pytest.approx(bias)
    np.testing.assert_allclose(found.before[2].values, without.before[2].values, atol=1e-9)


def test_after_relu_it_can_cut_off_everything() -> None:
    dead = placement(-6, 1, 1, 1.25)
    assert dead.after[1].zeros == 1 and (dead.after[2].values == 1.25).all()
    assert dead.says()[1].endswith("every output is β = 1.25.")
    assert "the bias −6 is gone" in dead.says()[0] and "bias" not in placement(0, 1, 1, 1).says()[0]
    assert 0.85 < 1 - dead.before[2].zeros < 0.93  # a normal value above -1.25


def test_both_orders_end_with_what_they_promise() -> None:
    found = placement(0.5, 2, 1.5, -0.25)
    assert (found.before[2].values >= 0).all()
    last = found.after[2].values
    assert (last.mean(), last.std()) == (pytest.approx(-0.25), pytest.approx(1.5, rel=1e-4))


def test_a_stage_counts_and_says() -> None:
    stage = Stage("ReLU", np.array([0.0, 0, 2, 4]))
    assert stage.zeros == 0.5 and stage.says() == "mean 1.5, std 1.66, 50% are 0"
    assert stage.shares.sum() == 1 and stage.shares.max() == 0.5
    assert len(placement(0, 1, 1, 0).before[0].values) == SAMPLES
