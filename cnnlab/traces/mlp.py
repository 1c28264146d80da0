"""A network of two layers, worked through by hand: forward, the loss, backward, one step of gradient descent.

    x  ->  z1 = W1 x + b1  ->  a1 = relu(z1)  ->  z2 = W2 a1 + b2  ->  a2 = sigmoid(z2)  ->  loss

A sample is a column, as on paper: `x` is (I, N), every quantity of a layer (units, N), a bias (units, 1). The loss is
the mean over the N samples; `delta1` and `delta2` belong to one sample each, and the gradients of the weights are
their mean. The equations of single entries are in `cnnlab.traces.mlp_entries`.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 6.2 and 6.5.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops._arguments import as_array, one_of
from cnnlab.ops.activations import relu, sigmoid
from cnnlab.traces.arrays import as_matrix, bounded, finite_number

Array = NDArray[np.float64]

LOSSES = {
    "bce": "−(y·log(a2) + (1 − y)·log(1 − a2))",
    "half_squared_error": "(a2 − y)² / 2",
}
"""The loss of one sample with one output; the losses of several outputs add up."""

PARAMETERS = ("W1", "b1", "W2", "b2")
FORWARD = ("z1", "a1", "z2", "a2", "losses", "loss")
BACKWARD = ("delta2", "dW2", "db2", "delta1", "dW1", "db1")


@dataclass(frozen=True, eq=False)
class Quantity:
    """`name = symbols`, and its numbers in rows and columns."""

    name: str
    symbols: str
    value: Array


@dataclass(frozen=True, eq=False)
class TwoLayerMLP:
    """The network with its numbers; every array is float64, (rows, columns) and read-only.

    `x` is (I, N), `y` and `a2` (the prediction, y_hat) are (O, N), `losses` is (1, N), `loss` (1, 1); a gradient such
    as `dW1` has the shape of its parameter. `delta1` and `delta2` are the gradients of a sample's loss at z1 and z2.
    """

    loss_name: str
    x: Array
    y: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array
    z1: Array
    a1: Array
    z2: Array
    a2: Array
    losses: Array
    loss: Array
    delta2: Array
    dW2: Array
    db2: Array
    delta1: Array
    dW1: Array
    db1: Array

    @property
    def samples(self) -> int:
        """N, the columns of x."""
        return int(self.x.shape[1])

    def step(self, lr: float) -> "TwoLayerMLP":
        """The network after one step of gradient descent: every parameter less `lr` times its gradient."""
        rate = finite_number("lr", lr)
        with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
            updated = {p: bounded(p, getattr(self, p) - rate * getattr(self, f"d{p}")) for p in PARAMETERS}
        return two_layer_mlp(self.x, self.y, **updated, loss=self.loss_name)

    def quantity(self, name: str) -> Quantity:
        """A quantity of `FORWARD` or `BACKWARD`, with the equation of the whole array."""
        one_of("name", name, FORWARD + BACKWARD)
        one = self.samples == 1
        symbols = {
            "z1": "W1 x + b1",
            "a1": "relu(z1)",
            "z2": "W2 a1 + b2",
            "a2": "sigmoid(z2)",
            "losses": LOSSES[self.loss_name],
            "loss": LOSSES[self.loss_name] if one else "mean of losses",
            "delta2": "a2 − y" if self.loss_name == "bce" else "(a2 − y) ⊙ a2 ⊙ (1 − a2)",
            "dW2": "delta2 a1ᵀ" if one else "delta2 a1ᵀ / N",
            "db2": "delta2" if one else "mean of delta2 over the samples",
            "delta1": "W2ᵀ delta2 ⊙ relu′(z1)",
            "dW1": "delta1 xᵀ" if one else "delta1 xᵀ / N",
            "db1": "delta1" if one else "mean of delta1 over the samples",
        }
        return Quantity(name, symbols[name], getattr(self, name))

    def quantities(self) -> tuple[Quantity, ...]:
        """All of them, forward and then backward."""
        return tuple(self.quantity(name) for name in FORWARD + BACKWARD)


def two_layer_mlp(
    x: ArrayLike,
    y: ArrayLike,
    W1: ArrayLike,
    b1: ArrayLike,
    W2: ArrayLike,
    b2: ArrayLike,
    *,
    loss: str = "bce",
) -> TwoLayerMLP:
    """The network of two layers with all its numbers.

    Args:
        x: the inputs: (I,) for one sample, or (I, N) for N of them, a column each.
        y: the targets: (O,) or (O, N); between 0 and 1 for "bce".
        W1, b1: (H, I), and (H,) or (H, 1).
        W2, b2: (O, H), and (O,) or (O, 1).
        loss: "bce" (binary cross-entropy) or "half_squared_error".

    Raises:
        ValueError: shapes that do not fit together, numbers that are not finite or too large, another loss, a
            target outside 0 to 1 for "bce".
    """
    one_of("loss", loss, tuple(LOSSES))
    W1 = as_matrix("W1", W1, (None, None))
    H, I = W1.shape  # hidden units, inputs  # noqa: E741
    W2 = as_matrix("W2", W2, (None, H))
    x = as_matrix("x", _column("x", x), (I, None))
    O, N = len(W2), x.shape[1]  # outputs, samples  # noqa: E741
    y = as_matrix("y", _column("y", y), (O, N))
    b1, b2 = as_matrix("b1", _column("b1", b1), (H, 1)), as_matrix("b2", _column("b2", b2), (O, 1))
    if loss == "bce" and not ((y >= 0) & (y <= 1)).all():
        raise ValueError(f"y must be between 0 and 1 for bce, but goes from {y.min():g} to {y.max():g}")

    return TwoLayerMLP(loss, x, y, W1, b1, W2, b2, **_worked(loss, x, y, W1, b1, W2, b2))


def _worked(loss: str, x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> dict[str, Array]:
    """Every quantity by name, forward and backward."""
    N = x.shape[1]  # samples
    with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
        z1 = W1 @ x + b1
        a1 = relu(z1)
        z2 = W2 @ a1 + b2
        a2 = np.asarray(sigmoid(z2), np.float64)
        losses = _losses(loss, z2, a2, y)
        delta2 = a2 - y if loss == "bce" else (a2 - y) * a2 * (1 - a2)
        dW2 = delta2 @ a1.T / N
        delta1 = (W2.T @ delta2) * (z1 > 0)
        dW1 = delta1 @ x.T / N
        computed = {
            "z1": z1, "a1": a1, "z2": z2, "a2": a2, "losses": losses, "loss": losses.mean(axis=1, keepdims=True),
            "delta2": delta2, "dW2": dW2, "db2": delta2.mean(axis=1, keepdims=True),
            "delta1": delta1, "dW1": dW1, "db1": delta1.mean(axis=1, keepdims=True),
        }  # fmt: skip
    return {name: bounded(name, values) for name, values in computed.items()}


def _losses(name: str, z: Array, a: Array, y: Array) -> Array:
    """(1, N): the loss of each sample."""
    each = (a - y) ** 2 / 2
    if name == "bce":  # LOSSES["bce"] in terms of z, right also where a is rounded to 0 or 1
        each = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    summed: Array = each.sum(axis=0, keepdims=True)
    return summed


def _column(name: str, values: ArrayLike) -> ArrayLike:
    """A list of numbers as a column; everything else as it is."""
    array = as_array(name, values)
    return array[:, None] if array.ndim == 1 else array
