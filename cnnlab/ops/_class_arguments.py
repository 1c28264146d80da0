"""The arguments of the losses over classes, checked: scores, and for each example a class or probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, ArrayLike, as_array, as_arrays, computed, integer, one_of
from cnnlab.ops._loss_arguments import REDUCTIONS, Count, Loss, Reduction
from cnnlab.ops._numbers import first_place

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class ClassLoss:
    """Scores and targets with a batch axis; halves are computed in single precision."""

    input: Array  # N, C, *positions
    classes: Indices  # N, 1, *positions: the targets; 0 where one is ignored, or a probability
    counted: Mask  # N, 1, *positions: False where a target is ignored
    probabilities: Array | None  # N, C, *positions: the targets, if those are not classes
    weight: Array | None  # C, 1, ...: with axes to broadcast
    reduction: Reduction
    batched: bool  # False: the caller gave one example, and gets one back

    @property
    def target_weights(self) -> Array:
        """N, 1, *positions: how much each target counts: as much as its class, 0 if ignored, 1 as probabilities."""
        if self.weight is None or self.probabilities is not None:
            return self.counted.astype(self.input.dtype)
        return np.where(self.counted, self.weight.ravel()[self.classes], 0)

    def forward(self, losses: Array) -> Loss:
        """The reduction of the losses, N, 1, *positions; those of ignored targets are 0."""
        if not self.counted.all():
            losses = np.where(self.counted, losses, 0)
        return self.reduction.forward(losses.reshape(self._losses_shape), self._count)

    def backward(self, grad_output: ArrayLike, slopes: Array) -> Array:
        """The gradient of the input, given that of each loss, N, C, *positions; `slopes` is used up."""
        return self._result(self._times_grad(grad_output, slopes))

    def backward_at_classes(self, grad_output: ArrayLike, slopes: Array) -> Array:
        """As `backward`, with slopes, N, 1, *positions, at the right classes only, and 0 at all others."""
        grad_input = np.zeros_like(self.input)
        np.put_along_axis(grad_input, self.classes, self._times_grad(grad_output, slopes), axis=1)
        return self._result(grad_input)

    def _times_grad(self, grad_output: ArrayLike, slopes: Array) -> Array:
        grad = self.reduction.backward(grad_output, self._losses_shape, self._count)
        slopes *= grad.reshape(self.counted.shape) if grad.ndim else grad
        if not self.counted.all():
            np.copyto(slopes, 0, where=~self.counted)  # also where they are NaN, a mean over nothing
        return slopes

    def _result(self, grad_input: Array) -> Array:
        """N, C, *positions, as the caller expects it"""
        return (grad_input if self.batched else grad_input[0]).astype(self.reduction.dtype, copy=False)

    @property
    def _losses_shape(self) -> tuple[int, ...]:
        return (len(self.input), *self.input.shape[2:]) if self.batched else ()

    @property
    def _count(self) -> Count:
        """What a mean divides by: how much all targets count together."""
        return int(np.count_nonzero(self.counted)) if self.weight is None else self.target_weights.sum()


def class_arguments(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None,
    ignore_index: SupportsIndex,
    reduction: str,
    or_probabilities: bool = False,
) -> ClassLoss:
    """Checks the arguments of nll_loss, or of cross_entropy, which takes probabilities as the target, too.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    one_of("reduction", reduction, REDUCTIONS)
    ignored = integer("ignore_index", ignore_index, -(2**63), 2**63 - 1)
    t = target if isinstance(target, np.ndarray) else _listed(target)
    given = {"input": input} | ({} if weight is None else {"weight": weight})
    x, *rest = as_arrays(given)
    soft = or_probabilities and t.ndim > 0 and t.shape == x.shape
    if soft:
        _check_soft(t, ignored)
        q, x, *rest = as_arrays({"target": target} | given)
    w = rest[0] if rest else None
    _check_scores(x, w)
    shape = x.shape if x.ndim > 1 else (1, *x.shape)  # N, C, *positions
    lead = (shape[0], 1, *shape[2:])
    if soft:
        classes, counted = np.zeros(lead, np.intp), np.ones(lead, np.bool_)
    else:
        classes, counted = _indices(t, x, ignored, or_probabilities)
    return ClassLoss(
        computed(x).reshape(shape),
        classes.reshape(lead),
        counted.reshape(lead),
        computed(q).reshape(shape) if soft else None,
        None if w is None else computed(w).reshape(-1, *[1] * (len(shape) - 2)),
        Reduction(reduction, x.dtype),
        batched=x.ndim > 1,
    )


def _listed(target: ArrayLike) -> npt.NDArray[Any]:
    """A target that is no array: a list or a number; [] is a list of no classes."""
    as_array("target", target)  # refuses tensors, words, ragged lists
    t = np.asarray(target)
    return t if t.size else t.astype(np.intp)


def _check_scores(x: Array, weight: Array | None) -> None:
    if x.ndim == 0:
        raise ValueError("input must have the axes (N, C, ...) or (C,), but is a single number")
    C = x.shape[1] if x.ndim > 1 else len(x)
    if C == 0:
        raise ValueError(f"input must have at least one class, but its shape is {x.shape}")
    if weight is not None and weight.shape != (C,):
        raise ValueError(f"weight must hold one number per class, shape ({C},), but its shape is {weight.shape}")


def _check_soft(t: npt.NDArray[Any], ignored: int) -> None:
    if t.dtype.kind in "biu":
        classes = t.shape[:1] + t.shape[2:] if t.ndim > 1 else ()
        raise ValueError(
            f"target has the shape of input, so it must hold probabilities, but is {t.dtype}: convert with "
            f"np.array(target, float), or give class indices of shape {classes}"
        )
    if ignored >= 0:
        raise ValueError(f"ignore_index works with class indices only, but is {ignored} and target holds probabilities")


def _indices(t: npt.NDArray[Any], x: Array, ignored: int, or_probabilities: bool) -> tuple[Indices, Mask]:
    """The classes (0 where one is ignored), and which of them count."""
    C, wanted = (x.shape[1], x.shape[:1] + x.shape[2:]) if x.ndim > 1 else (len(x), ())
    if t.shape != wanted:
        also = f", or probabilities of shape {x.shape}" if or_probabilities else ""
        raise ValueError(f"target must hold class indices of shape {wanted}{also}, but has {t.shape}")
    if t.dtype.kind not in "iu":
        as_array("target", t)  # refuses what holds no numbers
        remedy = "convert with target.astype(int)"
        raise ValueError(f"target must hold class indices, whole numbers, but is {t.dtype}: {remedy}")
    counted = np.asarray(t != ignored)
    place = first_place("target", wrong := counted & ((t < 0) | (t >= C)))
    if place:
        raise ValueError(f"{place} is {t[wrong][0]}, but input has {C} classes, so that classes are 0 to {C - 1}")
    return np.where(counted, t, 0).astype(np.intp), counted
