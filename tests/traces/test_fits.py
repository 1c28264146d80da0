"""Fits and their losses: deck D's question 9 in both versions, and one point that is far off."""

import numpy as np
import pytest

from cnnlab.traces.fits import QUESTIONS, Fit, fits_of
from cnnlab.traces.lines import Line
from tests.traces.calculator import check

# question, MSE and MAE of the three fits, the best by each
KNOWN = {
    "Q9": ([2.1667, 0.1667, 0.25], [1.3333, 0.3333, 0.5], ("fit 2",), ("fit 2",)),
    "Q9b": ([0.0467, 0.0267, 0.02], [0.2, 0.1333, 0.1333], ("fit 3",), ("fit 2", "fit 3")),
    "outlier": ([5, 2, 2.75], [1, 1.2, 1.1], ("fit 2",), ("fit 1",)),
}


@pytest.mark.parametrize("question", KNOWN)
def test_the_losses_of_the_three_fits_and_the_best(question: str) -> None:
    of_mse, of_mae, by_mse, by_mae = KNOWN[question]
    fits = fits_of(question, 1)
    np.testing.assert_allclose([fit.losses["mse"].value for fit in fits.all], of_mse, atol=5e-5)
    np.testing.assert_allclose([fit.losses["mae"].value for fit in fits.all], of_mae, atol=5e-5)
    assert (fits.best("mse"), fits.best("mae")) == (by_mse, by_mae)
    assert fits.says() == (f"best fit by MSE: {' and '.join(by_mse)}", f"best fit by MAE: {' and '.join(by_mae)}")


def test_the_second_fit_of_the_outlier_is_the_line_of_least_squares() -> None:
    asked = QUESTIONS["outlier"]
    w, b = np.polyfit([1, 2, 3, 4, 5], asked.targets, 1)
    np.testing.assert_allclose(w * np.arange(1, 6) + b, asked.fits[1], atol=1e-12)


def test_a_fit_of_one_s_own_is_a_fourth() -> None:
    fits = fits_of("Q9", [1, 2.5, 3.3])
    assert [fit.name for fit in fits.all] == ["fit 1", "fit 2", "fit 3", "yours"]
    assert fits.place == 3 and fits.best("mse") == ("yours",)
    assert fits_of("Q9", 2).place == 1 and len(fits_of("Q9", 2).all) == 3


# question, MSE and MAE of the line with the smallest MSE, and of the one with the smallest MAE
AIMS = {
    "Q9": ((1 / 72, 1 / 9), (1 / 48, 1 / 12)),
    "Q9b": ((2 / 9, 4 / 9), (1 / 3, 1 / 3)),
    "outlier": ((2, 1.2), (5, 1)),
}


@pytest.mark.parametrize("question", AIMS)
def test_each_loss_has_its_best_line(question: str) -> None:
    fits = fits_of(question, "mse")
    found = [(fit.losses["mse"].value, fit.losses["mae"].value) for fit in fits.lines]
    np.testing.assert_allclose(found, AIMS[question])
    assert fits.place == 3 and fits.chosen.name == "MSE's best line" and len(fits.all) == 3
    assert fits_of(question, "mae").place == 4


def test_which_fits_are_lines() -> None:
    assert [fit.line for fit in fits_of("Q9", 1).all] == [Line(0.5, 0), Line(1, 0), None]
    assert [fit.line for fit in fits_of("Q9b", 1).all] == [None] * 3
    assert [fit.line for fit in fits_of("outlier", 1).all] == [Line(1, 0), Line(2, -2), Line(1.5, -1)]
    assert fits_of("Q9", 1).chosen.rule() == "y_hat = w·x + b = 0.5·x + 0"
    assert fits_of("outlier", 2).chosen.rule() == "y_hat = w·x + b = 2·x − 2"
    assert fits_of("Q9", 3).chosen.rule() == "no straight line: from point to point it changes by 1.5 and 1"
    own = fits_of("Q9", [1, 2, 3]).chosen  # dots stay dots
    assert (own.line, own.rule()) == (None, "y_hat = w·x + b = 1·x + 0")


def test_a_line_of_one_s_own() -> None:
    fits = fits_of("Q9", Line(1.25, -0.25))
    assert (fits.chosen.name, fits.place, fits.best("mse"), fits.best("mae")) == (
        "your line",
        3,
        ("your line",),
        ("your line",),
    )
    with pytest.raises(ValueError, match="predictions of Q9 must be 3 numbers from 0 to 5, but are 2, 4, 6"):
        fits_of("Q9", Line(2, 0))


def test_what_is_written_and_said() -> None:
    fit = fits_of("Q9", 1).chosen
    assert str(fit.equation("mse")) == "MSE = sum of squared errors / n = (0.25 + 2.25 + 4) / 3 ≈ 2.16667"
    assert str(fit.equation("mae")) == "MAE = sum of absolute errors / n = (0.5 + 1.5 + 2) / 3 ≈ 1.33333"
    assert fit.says() == "The largest error, −2 at point 3, makes 62% of the MSE and 50% of the MAE."
    several = "The largest errors, 2 at points 4 and 5, make 40% of the MSE and 33% of the MAE each."
    assert fits_of("outlier", 2).chosen.says() == several
    every = "All errors are equally large, 0.5: each makes 33% of the MSE and 33% of the MAE."
    assert fits_of("Q9", 3).chosen.says() == every
    assert Fit("yours", (1.0, 2.0), (1.0, 2.0)).says() == "Every point is met: both losses are 0."
    for question in QUESTIONS:
        for loss in ("mse", "mae"):
            check(fits_of(question, 3).chosen.equation(loss))


def test_errors_have_no_crumbs_of_a_computer() -> None:
    assert fits_of("Q9b", 2).chosen.errors.tolist() == [0, 0.2, 0.2]  # 1.7 − 1.5 is 0.19999999999999996


@pytest.mark.parametrize("predictions", [[1, 2], [1, 2, 3, 4], [1, 2, 5.1], [-0.1, 0, 0]])
def test_predictions_that_cannot_be_drawn(predictions: list[float]) -> None:
    with pytest.raises(ValueError, match="predictions of Q9 must be 3 numbers from 0 to 5, but are"):
        fits_of("Q9", predictions)
