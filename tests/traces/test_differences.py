"""The errors of gradient checks."""

import numpy as np
import pytest

from cnnlab.traces.differences import largest_error, power


def test_a_right_gradient_is_off_by_rounding_and_a_wrong_one_by_what_is_wrong() -> None:
    x = np.array([1.0, -2.0, 3.0])
    assert largest_error(lambda v: float((v**2).sum()), x, 2 * x) < 1e-9
    assert largest_error(lambda v: float((v**2).sum()), x, np.array([2.0, -4.0, 6.5])) == pytest.approx(0.5)


def test_a_gradient_may_leave_out_axes_of_length_one() -> None:
    x = np.array([[[1.0, 2.0]]])
    assert largest_error(lambda v: float(3 * v.sum()), x, np.array([[3.0, 3.0]])) < 1e-9


def test_a_loss_that_overflows_has_no_difference() -> None:
    assert largest_error(lambda v: float((v * 1e300).sum()), np.array([1e300]), np.array([1e300])) == np.inf


@pytest.mark.parametrize(
    ("error", "text"),
    [(0, "10⁻⁹"), (3e-11, "10⁻⁹"), (2e-9, "10⁻⁸"), (4e-8, "10⁻⁷"), (1e-6, "10⁻⁶"), (1.5, "1.5"), (np.inf, "∞")],
)
def test_an_error_is_said_by_the_power_above_it(error: float, text: str) -> None:
    assert power(error) == text
