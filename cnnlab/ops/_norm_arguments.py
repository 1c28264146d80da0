"""The arguments of batch_norm and layer_norm, checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, SupportsIndex

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_array, as_arrays, as_grad, computed, flag, integer, is_sequence
from cnnlab.ops._numbers import real

# NumPy copies a number that is used for a whole row once for each cell, where the row is shorter than its buffer of
# 8192 cells. With a smaller buffer it multiplies a row of 512 or more with the number as it is: 2 to 4 times faster.
# An op that sets it must be decorated with `without_warnings`: leaving np.errstate puts the buffer back as well.
BUFFER_CELLS = 512


@dataclass(frozen=True)
class BatchNormArguments:
    """The arguments of batch_norm, checked; all positions of a channel lie on one axis."""

    input: Array  # N, C, L
    shape: tuple[int, ...]  # of the input as it was given: N, C, ...
    running_mean: Array | None  # C
    running_var: Array | None  # C
    weight: Array | None  # C
    bias: Array | None  # C
    momentum: float
    eps: float

    @property
    def count(self) -> int:
        """How many values a channel has; 1 for an empty batch, so that its mean is 0 / 1."""
        N, _, L = self.input.shape
        return max(int(N * L), 1)

    @property
    def scale(self) -> Array:
        """weight, or ones."""
        return np.ones(self.shape[1], self._computed) if self.weight is None else computed(self.weight)

    @property
    def shift(self) -> Array:
        """bias, or zeros."""
        return np.zeros(self.shape[1], self._computed) if self.bias is None else computed(self.bias)

    @property
    def _computed(self) -> np.dtype[Any]:
        return np.result_type(self.input.dtype, np.float32)

    def running(self) -> tuple[Array, Array]:
        """The running mean and variance, to compute with."""
        assert self.running_mean is not None and self.running_var is not None  # refused without, unless in training
        return computed(self.running_mean), computed(self.running_var)

    def result(self, array: Array) -> Array:
        """The output, or the gradient of the input, as the caller expects it."""
        return array.reshape(self.shape).astype(self.input.dtype, copy=False)

    def grad(self, grad_output: ArrayLike) -> Array:
        """The gradient that comes back, in the layout of `input`."""
        return as_grad(grad_output, self.shape, self.input.dtype).reshape(self.input.shape)


def batch_norm_arguments(
    input: ArrayLike,
    running_mean: ArrayLike | None,
    running_var: ArrayLike | None,
    weight: ArrayLike | None,
    bias: ArrayLike | None,
    training: bool,
    momentum: float,
    eps: float,
) -> BatchNormArguments:
    """Checks the arguments of batch_norm.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    named = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    arrays = _of_one_dtype({"input": input} | {name: value for name, value in named.items() if value is not None})
    x = arrays["input"]
    if x.ndim < 2:
        raise ValueError(
            f"input must have the axes (N, C, ...), but its shape is {x.shape}: one example is input[None]"
        )
    N, C, L = *x.shape[:2], prod(x.shape[2:])
    for name, array in arrays.items():
        if name != "input" and array.shape != (C,):
            raise ValueError(f"{name} must hold one number per channel, shape ({C},), but its shape is {array.shape}")
    _check_statistics(x, arrays, flag("training", training), N * L)
    if momentum is None:
        raise ValueError("momentum must be a number, but is None: for a plain average give 1 / (batches seen so far)")
    least = real("eps", eps, 0)
    if training and least == 0:
        raise ValueError("eps must be greater than 0 in training, but is 0: a channel that is constant has variance 0")
    return BatchNormArguments(
        x.reshape(N, C, L),
        x.shape,
        running_mean=arrays.get("running_mean"),
        running_var=arrays.get("running_var"),
        weight=arrays.get("weight"),
        bias=arrays.get("bias"),
        momentum=real("momentum", momentum),
        eps=least,
    )


def _of_one_dtype(given: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """As `as_arrays`; but running statistics may be float32 where all else is float16, as PyTorch keeps them."""
    apart: list[str] = []
    if _is(np.float16, given["input"]):
        apart = [name for name in ("running_mean", "running_var") if _is(np.float32, given.get(name))]
    together = {name: value for name, value in given.items() if name not in apart}
    arrays = dict(zip(together, as_arrays(together), strict=True))
    return arrays | {name: as_array(name, given[name]) for name in apart}


def _is(dtype: type[np.floating[Any]], value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == dtype


def _check_statistics(x: Array, arrays: Mapping[str, Array], training: bool, count: int) -> None:
    """Whether there is a mean and a variance to normalize with: the batch's, or running ones."""
    running = [name for name in ("running_mean", "running_var") if name in arrays]
    if len(running) == 1 or not (training or running):
        what = "both running_mean and running_var are None" if not running else f"only {running[0]} is given"
        works = "give both, or neither" if training else "give both, or training=True to use those of the batch"
        raise ValueError(f"running_mean and running_var are needed together, but {what}: {works}")
    if training and count == 1:
        raise ValueError(
            f"input must have more than one value per channel in training, but its shape is {x.shape}: the variance "
            "of a single value is 0. Use a larger batch, or training=False with the running statistics"
        )
    if not training and np.any(arrays["running_var"] < 0):
        least = arrays["running_var"].min()
        raise ValueError(
            f"running_var must not be negative, but its smallest value is {least:g}: running_mean comes first"
        )


def update_running(
    running_mean: ArrayLike | None, running_var: ArrayLike | None, mean: Array, var: Array, a: BatchNormArguments
) -> None:
    """Moves the running statistics, the caller's own arrays, toward those of a batch; an empty batch moves nothing.

    Raises:
        ValueError: they cannot be written to; nothing is changed then.
    """
    if running_mean is None or running_var is None:
        return
    to_mean, to_var = _writable("running_mean", running_mean), _writable("running_var", running_var)
    if a.count > 1:
        unbiased = var * a.count / (a.count - 1)
        to_mean[...] = (1 - a.momentum) * computed(to_mean) + a.momentum * mean
        to_var[...] = (1 - a.momentum) * computed(to_var) + a.momentum * unbiased


def _writable(name: str, value: ArrayLike) -> Array:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.flags.writeable:
        return value
    what = f"a {type(value).__name__}"
    if isinstance(value, np.ndarray):
        what = "read-only" if value.dtype.kind == "f" else f"an array of {value.dtype}"
    raise ValueError(
        f"{name} must be a float array that can be written to, because training updates it, but is {what}: "
        f"make one with np.array({name}, dtype=float)"
    )


@dataclass(frozen=True)
class LayerNormArguments:
    """The arguments of layer_norm, checked; what is normalized together lies in one row."""

    input: Array  # M, D
    shape: tuple[int, ...]  # of the input as it was given: ..., *normalized_shape
    normalized_shape: tuple[int, ...]
    weight: Array | None  # D
    bias: Array | None  # D
    eps: float

    def result(self, array: Array) -> Array:
        """The output, or the gradient of the input, as the caller expects it."""
        return array.reshape(self.shape).astype(self.input.dtype, copy=False)

    @property
    def count(self) -> int:
        """How many cells a row has; 1 if it has none, so that its mean is 0 / 1."""
        return max(int(self.input.shape[1]), 1)

    def parameter(self, array: Array) -> Array:
        """The gradient of weight or bias as the caller expects it."""
        return array.reshape(self.normalized_shape).astype(self.input.dtype, copy=False)

    def grad(self, grad_output: ArrayLike) -> Array:
        """The gradient that comes back, in the layout of `input`."""
        return as_grad(grad_output, self.shape, self.input.dtype).reshape(self.input.shape)


def layer_norm_arguments(
    input: ArrayLike,
    normalized_shape: Sequence[SupportsIndex],
    weight: ArrayLike | None,
    bias: ArrayLike | None,
    eps: float,
) -> LayerNormArguments:
    """Checks the arguments of layer_norm.

    Raises:
        ValueError: names the argument, its value and what would work.
    """
    named = {"weight": weight, "bias": bias}
    given = {"input": input} | {name: value for name, value in named.items() if value is not None}
    arrays = dict(zip(given, as_arrays(given), strict=True))
    x = arrays["input"]
    if not is_sequence(normalized_shape):
        raise ValueError(f"normalized_shape must be a sequence such as (C, H, W), but is {normalized_shape!r}")
    sizes = tuple(integer("normalized_shape", size) for size in normalized_shape)
    if not sizes or x.shape[-len(sizes) :] != sizes:
        remedy = f": {x.shape[1:] or x.shape} normalizes each example by itself" if x.ndim else ""
        raise ValueError(
            f"normalized_shape must be the last sizes of the input, whose shape is {x.shape}, but is {sizes}{remedy}"
        )
    for name in arrays.keys() - {"input"}:
        if arrays[name].shape != sizes:
            raise ValueError(
                f"{name} must have the shape of normalized_shape, {sizes}, but its shape is {arrays[name].shape}"
            )
    M, D = prod(x.shape[: x.ndim - len(sizes)]), prod(sizes)
    w, b = (arrays[name].reshape(D) if name in arrays else None for name in named)
    return LayerNormArguments(x.reshape(M, D), x.shape, sizes, weight=w, bias=b, eps=real("eps", eps, 0))
