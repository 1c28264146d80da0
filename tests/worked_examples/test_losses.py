"""Every example of the slides on losses and penalties, computed by the ops."""

from typing import Any

import numpy as np
import pytest

from cnnlab import ops, traces
from tests.worked import example
from tests.worked_examples.every_number import Computed, Given, check


def mean_and_each(loss: Any, given: Given, name: str) -> dict[str, Any]:
    each = loss(np.array(given["p"]), np.array(given["y"]), reduction="none")
    return {"per_sample": each, name: loss(np.array(given["p"]), np.array(given["y"]))}


def errors(loss: Any, given: Given) -> list[float]:
    return [float(loss(np.array(fit), np.array(given["y"]))) for fit in given["fits"]]


def best(errors: list[float]) -> list[int]:
    """The numbers of the fits with the smallest error, counted from 1; several where they are equally good."""
    return [i for i, error in enumerate(errors, start=1) if error == pytest.approx(min(errors), rel=1e-12)]


def three_fits(given: Given) -> dict[str, Any]:
    mse = errors(ops.mse_loss, given)
    (number,) = best(mse)
    return {"mse": mse, "best": number}


def three_fits_by_two_losses(given: Given) -> dict[str, Any]:
    mse, mae = errors(ops.mse_loss, given), errors(ops.l1_loss, given)
    (number,) = best(mse)
    return {"mse": mse, "mae": mae, "best_mse": number, "best_mae": best(mae)}


def dice(given: Given) -> dict[str, Any]:
    """Two strips of cells that overlap by as many as on the slide."""
    a, b, both = given["a"], given["b"], given["intersection"]
    cells = np.arange(a + b - both)
    loss = ops.dice_loss((cells < a).astype(float), (cells >= a - both).astype(float))
    return {"dice": traces.dice_of_sizes(both, a, b).coefficient, "loss": loss}


def penalties(given: Given) -> dict[str, Any]:
    w, lam = np.array(given["w"]), given["lam"]
    return {"l1": ops.l1_penalty(w, lam), "l2": ops.l2_penalty(w, lam)}


COMPUTED: Computed = {
    "D-Q8": lambda given: {"mse": ops.mse_loss(given["y_hat"], given["y"])},
    "D-Q9": three_fits,
    "D-Q9b": three_fits_by_two_losses,
    "D-Q10": lambda given: {"ce": ops.categorical_cross_entropy(given["p"], given["y"])},
    "D-Q11": lambda given: mean_and_each(ops.binary_cross_entropy, given, "bce"),
    "D-Q12": dice,
    "D-Q14": penalties,
    "D-Q16": lambda given: mean_and_each(ops.categorical_cross_entropy, given, "cce"),
    "D-Q17": lambda given: {"hinge": ops.hinge_loss(given["y"], given["t"], reduction="none")},
}

ROUNDED = {  # id: the loss, and the mean that the slide gets from terms with three digits
    "D-Q11": (ops.binary_cross_entropy, 0.4147),
    "D-Q16": (ops.categorical_cross_entropy, 0.4597),
}


@pytest.mark.parametrize("id", COMPUTED)
def test_the_ops_give_every_number_of_the_slide(id: str) -> None:
    check(id, COMPUTED)


@pytest.mark.parametrize("id", ROUNDED)
def test_the_other_mean_on_the_slide_comes_from_rounded_terms(id: str) -> None:
    loss, on_the_slide = ROUNDED[id]
    found = mean_and_each(loss, example(id)["given"], "mean")
    assert found["per_sample"].round(3).mean().round(4) == on_the_slide
    assert abs(found["mean"] - on_the_slide) > 1e-4
