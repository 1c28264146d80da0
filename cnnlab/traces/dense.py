"""A dense layer on one sample: every unit as products and a sum, and what comes back to weights and inputs.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), sections 6.1 and 6.5.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops.linear import linear, linear_backward
from cnnlab.traces.arrays import as_matrix, as_vector, bounded, read_only, within
from cnnlab.traces.equation import Equation, equation, products

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DenseUnit:
    """How one output is computed: `products` are weights times inputs, `sum` adds them, `value` has the bias, too."""

    layer: "DenseLayer"
    index: int

    @property
    def weight(self) -> Array:
        row: Array = self.layer.weight[self.index]
        return row

    @cached_property
    def products(self) -> Array:
        return read_only(self.layer.products[self.index])

    @property
    def sum(self) -> float:
        return float(self.products.sum())

    @property
    def bias(self) -> float:
        return 0.0 if self.layer.bias is None else float(self.layer.bias[self.index])

    @property
    def value(self) -> float:
        return float(self.layer.z[self.index])

    @cached_property
    def equation(self) -> Equation:
        """The sum with its numbers."""
        i, symbols = self.index, f"W[{self.index}]·x"
        template, numbers = products(self.weight, self.layer.x)
        if self.layer.bias is not None:
            symbols, template, numbers = f"{symbols} + b[{i}]", f"{template} + {{}}", [*numbers, self.bias]
        return equation(f"z[{i}]", symbols, template, numbers, self.value)


@dataclass(frozen=True, eq=False)
class DenseLayer:
    """z = W x + b with all its numbers; arrays are float64 and read-only.

    `x` is (I,), `weight` (O, I), `bias` (O,) or None, `products` (O, I) and `z` (O,).
    """

    x: Array
    weight: Array
    bias: Array | None
    products: Array
    z: Array

    def unit(self, index: int) -> DenseUnit:
        """The output number `index`."""
        return DenseUnit(self, within("unit", index, len(self.z)))

    def backward(self, delta: ArrayLike) -> "DenseGradients":
        """The gradients of x, W and b, given `delta`, that of z."""
        grad = as_vector("delta", delta, len(self.z))
        grad_x, grad_weight, _ = linear_backward(grad, self.x, self.weight, self.bias)
        grad_bias = None if self.bias is None else grad
        return DenseGradients(self, grad, bounded("dx", grad_x), bounded("dW", grad_weight), grad_bias)


@dataclass(frozen=True, eq=False)
class DenseGradients:
    """What comes back through a dense layer: dW = delta xᵀ, db = delta, dx = Wᵀ delta."""

    layer: DenseLayer
    delta: Array
    dx: Array
    dW: Array
    db: Array | None

    def weight_equation(self, row: int, col: int) -> Equation:
        """dW[row, col]: what came back at its output times what went into it."""
        i, j = within("row", row, len(self.delta)), within("col", col, len(self.dx))
        numbers = [self.delta[i], self.layer.x[j]]
        return equation(f"dW[{i}, {j}]", f"delta[{i}]·x[{j}]", "{:n}·{}", numbers, self.dW[i, j])

    def bias_equation(self, index: int) -> Equation:
        """db[index]: a bias is the weight of an input that is always 1."""
        if self.db is None:
            raise ValueError("this layer has no bias, so none has a gradient")
        i = within("index", index, len(self.db))
        return equation(f"db[{i}]", f"delta[{i}]", "{:n}", [self.delta[i]], self.db[i])

    def input_equation(self, index: int) -> Equation:
        """dx[index]: what every unit sends back, weighted as on the way there."""
        j = within("index", index, len(self.dx))
        return equation(f"dx[{j}]", f"W[:, {j}]·delta", *products(self.layer.weight[:, j], self.delta), self.dx[j])


def dense_layer(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> DenseLayer:
    """Work out a dense layer on one sample.

    Args:
        x: (I,).
        weight: (O, I), a row for each unit.
        bias: (O,) or None.

    Raises:
        ValueError: shapes that do not fit together; numbers that are not finite or too large.
    """
    inputs = as_vector("x", x)
    w = as_matrix("weight", weight, (None, len(inputs)))
    b = None if bias is None else as_vector("bias", bias, len(w))
    with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
        parts = bounded("z", w * inputs)
    return DenseLayer(inputs, w, b, parts, bounded("z", linear(inputs, w, b)))
