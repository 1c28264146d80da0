"""Whether a backward pass is right: its gradients against central differences, entry by entry.

Nudging one number of an input up and down and watching the loss gives its derivative without any calculus:

    dloss/dx[i] ~ (loss(x + step at i) - loss(x - step at i)) / (2 step)

It is slow (two forward passes an entry) and off by about step**2 (and by rounding / step): a check, and no way to
train. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 11.5.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import as_array
from cnnlab.ops._numbers import real

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike

STEP = 1e-5  # about the cube root of float64's rounding: the two errors above are then both small


@dataclass(frozen=True)
class Entry:
    """One number of an input, and the two answers to how the loss changes with it."""

    index: tuple[int, ...]
    backward: float
    differences: float

    @property
    def error(self) -> float:
        return abs(self.backward - self.differences)


@dataclass(frozen=True, eq=False)
class InputCheck:
    """The gradient of one input, by the backward pass and by central differences; arrays of its shape."""

    name: str
    backward: Array
    differences: Array
    rtol: float
    atol: float

    @property
    def wrong(self) -> list[Entry]:
        """The entries that are off, the worst one first; NaN and infinity are off, too."""
        allowed = self.atol + self.rtol * np.abs(self.differences)
        off = ~(np.abs(self.backward - self.differences) <= allowed)
        entries = [self.entry(tuple(map(int, index))) for index in np.argwhere(off)]
        return sorted(entries, key=lambda entry: -np.nan_to_num(entry.error, nan=np.inf))

    @property
    def ok(self) -> bool:
        return not self.wrong

    def entry(self, index: tuple[int, ...]) -> Entry:
        return Entry(index, float(self.backward[index]), float(self.differences[index]))

    def __str__(self) -> str:
        wrong = self.wrong
        if not wrong:
            error = np.abs(self.backward - self.differences).max(initial=0.0)
            return f"{self.name}: right, {self.backward.size} entries, largest error {error:.1e}"
        worst = wrong[0]
        place = f"[{', '.join(map(str, worst.index))}]" if worst.index else ""
        return (
            f"{self.name}: {len(wrong)} of {self.backward.size} entries are off. The worst is {self.name}{place}: "
            f"the backward pass says {worst.backward:.6g}, central differences say {worst.differences:.6g}"
        )


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """What `gradcheck` found, one part an input. True where every entry agrees; printed, it says which does not."""

    inputs: tuple[InputCheck, ...]

    @property
    def ok(self) -> bool:
        return all(part.ok for part in self.inputs)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n".join(map(str, self.inputs))

    __repr__ = __str__  # so that a notebook shows it without print


def numerical_gradient(loss: Callable[[Array], float], x: ArrayLike, step: float = STEP) -> Array:
    """The gradient of a loss by central differences, for every entry of `x`.

        gradient[i] = (loss(x + step at i) - loss(x - step at i)) / (2 step)

    Args:
        loss: takes an array like `x` and returns a number.
        x: where; computed in float64, and not written to.
        step: how far each entry is nudged.

    Returns:
        An array of the shape of `x`.

    Raises:
        ValueError: x does not hold real numbers, step is not positive, or loss does not return a single number.
    """
    if not 0 < real("step", step) < np.inf:
        raise ValueError(f"step must be positive and finite, but is {step}")
    point = _float64("x", x)
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        here = point[index]
        point[index] = here + step
        above = _number(loss(point))
        point[index] = here - step
        below = _number(loss(point))
        point[index] = here
        gradient[index] = (above - below) / (2 * step)
    return gradient


def gradcheck(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: ArrayLike,
    step: float = STEP,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    **settings: Any,
) -> GradientCheck:
    """Checks `backward` against central differences of `forward`, over every entry of every input.

    The loss is the sum of g * forward(*inputs, **settings) with fixed random numbers g, all different, so that no two
    errors cancel; `backward` is called as backward(g, *inputs, **settings), as all of `cnnlab.ops` are.

        >>> gradcheck(ops.conv2d, ops.conv2d_backward, x, weight, bias, stride=2)
        input: right, 50 entries, largest error 3.2e-11
        weight: right, 54 entries, largest error 1.1e-10
        bias: right, 3 entries, largest error 8.0e-12

    Choose inputs away from kinks: at the corner of a ReLU, or where two numbers tie for a maximum, there is no
    derivative.

    Args:
        forward: returns an array or a number.
        backward: returns one gradient, or a tuple with one for each input.
        inputs: arrays, computed in float64; they are not written to. None stands for an input that is not given.
        step: how far each entry is nudged.
        rtol, atol: an entry agrees if its error is at most atol + rtol * |central difference|.
        settings: passed on to both.

    Returns:
        A `GradientCheck`: true if all agree, and as text a line for each input.

    Raises:
        ValueError: backward returns another number of gradients, or one of another shape than its input; an input
            does not hold real numbers; step, rtol or atol cannot be.
    """
    rtol, atol, names = real("rtol", rtol, 0), real("atol", atol, 0), _names(forward, len(inputs))
    arrays = [None if x is None else _float64(name, x) for name, x in zip(names, inputs, strict=True)]
    g = np.random.default_rng(0).uniform(0.5, 1.5, np.shape(forward(*arrays, **settings)))
    gradients = backward(g, *arrays, **settings)
    if isinstance(gradients, list):  # of gradients, or a gradient itself? better not guess
        raise ValueError("backward must return an array, or a tuple of them, but returns a list: use tuple(...)")
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    if len(gradients) != len(arrays):
        raise ValueError(
            f"backward must return {len(arrays)} gradients, one for each input, but returns {len(gradients)}"
        )
    checks = []
    for i, (name, x) in enumerate(zip(names, arrays, strict=True)):
        if x is None:
            continue
        if np.shape(gradients[i]) != x.shape:
            shape = np.shape(gradients[i])
            raise ValueError(f"the gradient of {name} must have the shape of {name}, {x.shape}, but has {shape}")

        def loss(nudged: Array, i: int = i) -> float:
            return float(np.sum(g * forward(*arrays[:i], nudged, *arrays[i + 1 :], **settings)))

        differences = numerical_gradient(loss, x, step)
        checks.append(InputCheck(name, np.asarray(gradients[i], np.float64), differences, rtol, atol))
    return GradientCheck(tuple(checks))


def _float64(name: str, value: ArrayLike) -> Array:
    """A copy to nudge."""
    return np.array(as_array(name, value), dtype=np.float64)


def _number(value: Any) -> float:
    if np.ndim(value) != 0:
        raise ValueError(f"loss must return a single number, but returns an array of shape {np.shape(value)}")
    return float(value)


def _names(forward: Callable[..., Any], count: int) -> list[str]:
    """The names of the first `count` arguments; "input 1" and so on where the function does not say."""
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return names[:count] if len(names) >= count else [f"input {i}" for i in range(1, count + 1)]
