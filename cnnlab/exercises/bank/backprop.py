"""Notebook 09: the way back through a dense layer with ReLU, by hand."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cnnlab.exercises.exercise import Arguments, Exercise, Mistake

Array = npt.NDArray[np.float64]
Gradients = tuple[Array, Array, Array]


# ---- a dense layer --------------------------------------------------------------------------------------------------


def dense_backward(grad: Array, x: Array, W: Array, b: Array) -> tuple[Array, Array, Array]:
    z = x @ W.T + b
    dz = grad * (z > 0)  # nothing comes back where ReLU was off
    dx = dz @ W
    dW = dz.T @ x  # the sum over the batch is in this product
    db = dz.sum(axis=0)
    return dx, dW, db


def _linear_backward(dz: Array, x: Array, W: Array) -> Gradients:
    return dz @ W, dz.T @ x, dz.sum(axis=0)


def _mask_of_what_arrives(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    return _linear_backward(grad * (grad > 0), x, W)


def _without_bias(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    return _linear_backward(grad * (x @ W.T > 0), x, W)


def _times_the_output(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    return _linear_backward(grad * np.maximum(x @ W.T + b, 0), x, W)


def _dx_by_the_transpose(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dz = grad * (x @ W.T + b > 0)
    return dz @ W.T, dz.T @ x, dz.sum(axis=0)


def _dw_without_transpose(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dz = grad * (x @ W.T + b > 0)
    return dz @ W, dz @ x, dz.sum(axis=0)


def _dw_transposed(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dx, dW.T, db


def _db_over_the_outputs(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, _ = dense_backward(grad, x, W, b)
    return dx, dW, (grad * (x @ W.T + b > 0)).sum(axis=1)


def _db_not_summed(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, _ = dense_backward(grad, x, W, b)
    return dx, dW, grad * (x @ W.T + b > 0)


def _db_a_row(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dx, dW, db[None]


def _db_one_number(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dx, dW, db.sum()


def _means(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dx, dW / len(x), db / len(x)


def _mean_of_db(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dx, dW, db / len(x)


def _mask_missing_in_db(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, _ = dense_backward(grad, x, W, b)
    return dx, dW, grad.sum(axis=0)


def _mask_only_in_dx(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    return dense_backward(grad, x, W, b)[0], grad.T @ x, grad.sum(axis=0)


def _weights_first(grad: Array, x: Array, W: Array, b: Array) -> Gradients:
    dx, dW, db = dense_backward(grad, x, W, b)
    return dW, db, dx


def _layers(rng: np.random.Generator) -> Iterator[Arguments]:
    for N, I, O in [(1, 2, 3), (2, 2, 2), (3, 2, 4), (4, 3, 3), (5, 4, 2), (2, 3, 1)]:  # noqa: E741
        yield rng.normal(size=(N, O)), rng.normal(size=(N, I)), rng.normal(size=(O, I)), rng.normal(size=O)


DENSE_BACKWARD = Exercise(
    name="dense backward",
    notebook="09",
    statement=(
        "Write dense_backward(grad, x, W, b): the way back through z = x @ W.T + b and a = relu(z), for a batch. x is "
        "(N, I), a row for each sample, W is (O, I), b is (O,), and grad (N, O) is the gradient of the loss at a. "
        "Return dx, dW, db, each in the shape of what it belongs to."
    ),
    solution=dense_backward,
    cases=_layers,
    mistakes=(
        Mistake(
            "ReLU forgotten",
            lambda grad, x, W, b: _linear_backward(grad, x, W),
            "ReLU is left out: where z was not above 0, nothing comes back. Multiply grad by (z > 0) first.",
        ),
        Mistake(
            "mask turned around",
            lambda grad, x, W, b: _linear_backward(grad * (x @ W.T + b <= 0), x, W),
            "The mask is turned around: you kept what was off. ReLU lets pass where z was above 0.",
        ),
        Mistake(
            "mask of the gradient",
            _mask_of_what_arrives,
            "You kept the gradients that are above 0. ReLU's mask asks whether z was above 0 on the way forward.",
        ),
        Mistake(
            "mask without the bias",
            _without_bias,
            "The mask is that of x @ W.T. The bias is part of z, and decides with it which units are on.",
        ),
        Mistake(
            "times the output",
            _times_the_output,
            "You multiplied by relu(z). The way back multiplies by ReLU's slope: 1 where z > 0, else 0.",
        ),
        Mistake(
            "dx by the transpose",
            _dx_by_the_transpose,
            "dx is made with W.T. The way forward used W.T; the way back is dz @ W, from (N, O) to (N, I).",
        ),
        Mistake(
            "dW without transpose",
            _dw_without_transpose,
            "dz @ x does not fit: for dW the batch is what is summed over, so it has to meet the batch: dz.T @ x.",
        ),
        Mistake(
            "dW transposed",
            _dw_transposed,
            "dW is transposed: it has the shape of W, (O, I), a row for each output. That is dz.T @ x.",
        ),
        Mistake(
            "db over the outputs",
            _db_over_the_outputs,
            "db is summed over the wrong axis: a bias is shared by all samples, so add over the batch, axis 0.",
        ),
        Mistake(
            "db not summed",
            _db_not_summed,
            "db is not summed: each bias acts on every sample of the batch, and the shares of all its uses add up.",
        ),
        Mistake("db as a row", _db_a_row, "db has the shape (1, O), but b has (O,): sum over axis 0 without keepdims."),
        Mistake(
            "db one number",
            _db_one_number,
            "db is one number: sum over the batch only, axis 0, and every output keeps its own.",
        ),
        Mistake(
            "means over the batch",
            _means,
            "dW and db are means. A division by N belongs to the loss: if it was a mean, grad holds it already.",
        ),
        Mistake(
            "means in all three",
            lambda grad, x, W, b: dense_backward(grad / len(x), x, W, b),
            "All three are divided by N. A division by N belongs to the loss: if it was a mean, grad holds it already.",
        ),
        Mistake(
            "mean in db",
            _mean_of_db,
            "db is a mean over the batch, but dW a sum. Both are sums: grad holds the division by N, if there is one.",
        ),
        Mistake(
            "ReLU forgotten in db",
            _mask_missing_in_db,
            "db adds up grad itself: the bias is added before ReLU, so its gradient, too, comes back through the mask.",
        ),
        Mistake(
            "ReLU in dx only",
            _mask_only_in_dx,
            "dx is right; dW and db are made from grad itself. ReLU is before all three: use dz for each.",
        ),
        Mistake(
            "ReLU forgotten in dx",
            lambda grad, x, W, b: (grad @ W, *dense_backward(grad, x, W, b)[1:]),
            "dW and db are right; dx is made from grad itself. A unit that is off sends nothing back: use dz.",
        ),
        Mistake(
            "sign",
            lambda grad, x, W, b: dense_backward(-grad, x, W, b),
            "All signs are turned around. A gradient points uphill; the minus comes with the update, not here.",
        ),
        Mistake(
            "another order",
            _weights_first,
            "The three are right, in another order than asked for: return dx, dW, db.",
        ),
    ),
    hints=(
        "Go back in two steps: first through ReLU, from grad at a to dz at z; then through z = x @ W.T + b.",
        "dz = grad * (z > 0). Then let the shapes lead: dx is (N, I), dW is (O, I), db is (O,).",
        "dx = dz @ W; dW = dz.T @ x; db = dz.sum(axis=0)",
    ),
)


ALL = (DENSE_BACKWARD,)
