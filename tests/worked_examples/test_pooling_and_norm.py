"""Every example of the slides on pooling, batch normalization and dropout, computed by the ops and the traces."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from cnnlab import ops, traces
from tests.worked import example
from tests.worked_examples.every_number import Computed, Given, check, hwc


def pooled_every_way(given: Given) -> dict[str, Any]:
    x = np.array(given["x"])[None]
    return {
        "avg": ops.avg_pool2d(x, given["k"], given["s"])[0],
        "max": ops.max_pool2d(x, given["k"], given["s"])[0],
        "global_avg": ops.global_avg_pool2d(x)[0],
        "global_max": ops.global_max_pool2d(x)[0],
    }


def max_pooled(given: Given) -> dict[str, Any]:
    return {"max": ops.max_pool2d(np.array(given["x"])[None], given["k"], given["s"])[0]}


def avg_pooled(given: Given) -> dict[str, Any]:
    return {"avg": ops.avg_pool2d(np.array(given["x"])[None], given["k"], given["s"])[0]}


def pooled_shape(given: Given) -> dict[str, Any]:
    x = np.zeros((1, given["c"], given["n"], given["n"]))
    return {"shape_hwc": hwc(ops.max_pool2d(x, given["k"], given["s"]).shape)}


def batch_normalized(given: Given) -> dict[str, Any]:
    """With a momentum of 1 the running statistics are those of this batch alone."""
    x = np.array(given["x"], float)[:, None]
    gamma, beta = np.array([given["gamma"]], float), np.array([given["beta"]], float)
    running_mean, running_var = np.zeros(1), np.ones(1)
    y = ops.batch_norm(x, running_mean, running_var, gamma, beta, training=True, momentum=1)[:, 0]
    return {
        "mean": running_mean[0],
        "var": traces.batch_normalization(given["x"], given["gamma"], given["beta"]).var,
        "x_hat": ops.batch_norm(x, None, None, training=True)[:, 0],
        "y": y,
        "var_y": y.var(),
        "running_var_update_uses": running_var[0],
    }


def expected_of_masks(given: Given) -> dict[str, Any]:
    """Sums over how many may be dropped, each times its probability."""
    few, many = traces.dropped(len(given["x"]), given["p"]), traces.dropped(1000, 0.5)
    kept = few.pmf @ (few.n - np.arange(few.n + 1))
    k = np.arange(many.n + 1)
    mean = many.pmf @ k
    return {
        "keep_probability": kept / few.n,
        "expected_kept": kept,
        "expected_dropped_of_1000_at_half": mean,
        "std_dropped_of_1000_at_half": np.sqrt(many.pmf @ (k - mean) ** 2),
    }


def unit_with_dropout(given: Given) -> dict[str, Any]:
    """The means are over all masks; with p = 0.5 each of the 16 is as likely as the others."""
    x, w, p, r = np.array(given["x"]), np.array(given["w"]), given["p"], given["r"]
    masks = list(product((0, 1), repeat=len(x)))
    w_test = ops.non_inverted_dropout(w, p, training=False)
    assert (len(masks), p) == (16, 0.5)
    return {
        "y_no_dropout": unit(x, w),
        "y_train_this_mask": unit(ops.non_inverted_dropout(x, p, mask=r), w),
        "y_train_mean": np.mean([unit(ops.non_inverted_dropout(x, p, mask=mask), w) for mask in masks]),
        "w_test": w_test,
        "y_test": unit(x, w_test),
        "inverted_y_train_this_mask": unit(ops.dropout(x, p, mask=r), w),
        "inverted_y_train_mean": np.mean([unit(ops.dropout(x, p, mask=mask), w) for mask in masks]),
        "inverted_y_test": unit(ops.dropout(x, p, training=False), w),
    }


def unit(x: np.ndarray, w: np.ndarray) -> float:
    return ops.linear(x, w[None]).item()


COMPUTED: Computed = {
    "A-avg-pool": pooled_every_way,
    "A-batchnorm": batch_normalized,
    "A-dropout-mask": expected_of_masks,
    "A-dropout-unit": unit_with_dropout,
    "C-max-pool": max_pooled,
    "C-avg-pool": avg_pooled,
    "D-Q13": pooled_shape,
}


@pytest.mark.parametrize("id", COMPUTED)
def test_the_ops_give_every_number_of_the_slide(id: str) -> None:
    check(id, COMPUTED)


@pytest.mark.parametrize("id", ["A-dropout-mask"])
def test_drawn_masks_keep_and_drop_as_many_as_the_slide_expects(id: str) -> None:
    given, expect, rng = example(id)["given"], example(id)["expect"], np.random.default_rng(0)
    few = ops.dropout_mask((100_000, len(given["x"])), given["p"], rng=rng)
    dropped = 1000 - ops.dropout_mask((2000, 1000), 0.5, rng=rng).sum(axis=1)
    # What chance leaves: a mean of m draws strays by std / sqrt(m), their std by std / sqrt(2 m); four times that here.
    assert few.mean() == pytest.approx(expect["keep_probability"], abs=4 * 0.4 / 500_000**0.5)
    assert few.sum(axis=1).mean() == pytest.approx(expect["expected_kept"], abs=4 * 0.9 / 100_000**0.5)
    std = expect["std_dropped_of_1000_at_half"]
    assert dropped.mean() == pytest.approx(expect["expected_dropped_of_1000_at_half"], abs=4 * std / 2000**0.5)
    assert dropped.std() == pytest.approx(std, abs=4 * std / 4000**0.5)


@pytest.mark.parametrize("id", ["A-dropout-unit"])
def test_the_factor_afterwards_is_the_probability_to_keep_and_not_that_to_drop(id: str) -> None:
    given = example(id)["given"]
    x, w = np.array(given["x"]), np.array(given["w"])
    at_a_fifth = unit(ops.non_inverted_dropout(x, 0.2, training=False), w)
    assert at_a_fifth == pytest.approx(0.8 * unit(x, w))  # at p = 0.5, as on the slide, the two cannot be told apart
