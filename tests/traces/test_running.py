"""Running statistics over batches, against `ops.batch_norm` and written-out values."""

import numpy as np
import pytest

from cnnlab.ops import batch_norm
from cnnlab.traces.running import MEAN, SOURCES, SPREAD, Running, running_statistics

PIXELS = np.array([0.0, 0, 8, 16])


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
def test_they_are_what_batch_norm_keeps(source: str, momentum: float) -> None:
    found = running_statistics(source, 3, momentum, 7, PIXELS, steps=20)
    mean, var = np.zeros(1), np.ones(1)
    for k, batch in enumerate(found.batches):
        batch_norm(batch[:, None], mean, var, training=True, momentum=momentum)
        assert found.running_mean[k + 1] == pytest.approx(mean[0], abs=1e-12)
        assert found.running_var[k + 1] == pytest.approx(var[0], abs=1e-12)


def test_two_batches_by_hand() -> None:
    two = Running(np.array([[2.0, 4], [1, 7]]), np.zeros(2), 1.0, 0.5)
    assert two.running_mean.tolist() == [0, 1.5, 2.75]
    assert two.running_var.tolist() == [1, 1.5, 9.75]  # unbiased: 2 and 18
    assert two.running_biased.tolist() == [1, 1, 5]  # biased: 1 and 9
    said = "(1 − momentum)·running_var + momentum·unbiased_var = 0.5·1.5 + 0.5·18 = 9.75"
    assert str(two.at(2).equations()[1]) == f"running_var = {said}"
    assert two.at(2).says().endswith("9.75, the true one is 1. Had the biased one been stored: 5.")
    assert "(1 − 0.5)^2: 25%. The biased variance of 2 values is on average 1/2" in two.at(2).start_says()
    assert two.at(0).equations() == [] and two.at(0).start_says() == "" and "as PyTorch begins" in two.at(0).says()


@pytest.mark.parametrize("count", [2, 4, 16])
def test_the_unbiased_variance_is_right_on_average_and_the_biased_one_too_small(count: int) -> None:
    many = running_statistics("normal", count, 0.1, 0, PIXELS, steps=20_000)
    assert many.unbiased.mean() == pytest.approx(SPREAD**2, rel=0.03)
    np.testing.assert_allclose(many.biased, many.unbiased * (count - 1) / count)
    assert many.means.mean() == pytest.approx(MEAN, abs=0.03)


def test_pixels_are_drawn_from_what_is_given() -> None:
    found = running_statistics("a pixel of the digits", 2, 0.1, 0, PIXELS)
    assert set(found.batches.ravel()) <= set(PIXELS)
    assert (found.true_mean[0], found.true_var) == (6, 44)


def test_a_drifting_mean_is_followed_with_a_delay() -> None:
    """The average of an exponential weighting of momentum m is (1 - m) / m batches old."""
    found = running_statistics("drifting", 512, 0.1, 0, PIXELS)
    behind = found.true_mean[-1] - found.running_mean[-1]
    assert behind == pytest.approx(9 * (found.true_mean[1] - found.true_mean[0]), abs=0.05)


def test_a_single_value_is_refused() -> None:
    with pytest.raises(ValueError, match="batch_size must be at least 2"):
        running_statistics("normal", 1, 0.1, 0, PIXELS)
