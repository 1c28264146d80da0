"""What the losses share: arguments checked together, and the reduction of many losses to one number."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_arrays, as_grad, computed, one_of

REDUCTIONS = ("none", "mean", "sum")

Loss = Array | np.floating[Any]  # a number, or with reduction 'none' an array
Count = float | np.floating[Any]


@dataclass(frozen=True)
class Reduction:
    """How losses become one number: their mean, their sum, or not at all; and the dtype of the result."""

    name: str
    dtype: np.dtype[Any]

    def forward(self, losses: Array, count: Count) -> Loss:
        """The losses, their sum, or their mean: the sum over `count`."""
        if self.name == "none":
            return np.asarray(losses).astype(self.dtype, copy=False)
        total = losses.sum()
        return (total if self.name == "sum" else total / count).astype(self.dtype)  # type: ignore[no-any-return]

    def backward(self, grad_output: ArrayLike, shape: tuple[int, ...], count: Count) -> Array:
        """The gradient of each loss: an array of their shape, or a single number that holds for all."""
        grad = computed(as_grad(grad_output, shape if self.name == "none" else (), self.dtype))
        return np.asarray(grad / count) if self.name == "mean" else grad


@dataclass(frozen=True)
class PointLoss:
    """The arguments of a loss that compares number by number, checked; halves are computed in single precision."""

    input: Array
    target: Array  # the same shape
    weights: dict[str, Array]  # by name; each can be broadcast to the shape of the input
    reduction: Reduction

    def forward(self, losses: Array, count: Count | None = None) -> Loss:
        return self.reduction.forward(losses, self.input.size if count is None else count)

    def backward(self, grad_output: ArrayLike, slopes: Array, count: Count | None = None) -> Array:
        """The gradient of the input, given the derivative of each loss."""
        shape, size = self.input.shape, self.input.size
        grad = self.reduction.backward(grad_output, shape, size if count is None else count)
        return np.asarray(grad * slopes).astype(self.reduction.dtype, copy=False)


def point_arguments(
    input: ArrayLike, target: ArrayLike, reduction: str, weights: dict[str, ArrayLike | None] | None = None
) -> PointLoss:
    """Checks the arguments of a loss that compares number by number; a weight that is None becomes 1.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    one_of("reduction", reduction, REDUCTIONS)
    given = {name: weight for name, weight in (weights or {}).items() if weight is not None}
    x, t, *rest = as_arrays({"input": input, "target": target} | given)
    if t.shape != x.shape:
        raise ValueError(
            f"target must have the shape of input, {x.shape}, but has {t.shape}: broadcasting would compare every "
            "number of one with many of the other, and average over all these pairs"
        )
    checked = {name: np.ones((), computed(x).dtype) for name in weights or {}}
    for name, weight in zip(given, rest, strict=True):
        checked[name] = computed(weight)
        if _broadcast(weight.shape, x.shape) != x.shape:
            raise ValueError(
                f"{name} must have the shape of input, {x.shape}, or broadcast to it, but has {weight.shape}"
            )
    return PointLoss(computed(x), computed(t), checked, Reduction(reduction, x.dtype))


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return np.broadcast_shapes(a, b)
    except ValueError:
        return None
