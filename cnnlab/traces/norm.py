"""Batch normalization of one channel, every number by name, forward and backward.

Source: Ioffe and Szegedy, Batch normalization (2015), arXiv:1502.03167, algorithm 1 and section 3.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlab.ops._arguments import flag
from cnnlab.ops.batch_norm import batch_norm, batch_norm_backward
from cnnlab.traces.arrays import as_vector, bounded, finite_number, within
from cnnlab.traces.differences import largest_error
from cnnlab.traces.equation import Equation, Parts, Right, equation, products, total

Array = NDArray[np.float64]

FORWARD = (
    "batch_mean", "mean", "deviations", "squares", "batch_var", "unbiased_var", "var", "std", "x_hat", "y",
    "running_mean", "running_var",
)  # fmt: skip
BACKWARD = ("grad_beta", "grad_gamma", "grad_x_hat", "direct", "through_var", "through_mean", "grad_x")


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """The n values `x` of one channel, normalized; arrays are float64 and read-only.

    `batch_mean` and `batch_var` (biased: over n) are those of the batch, `mean` and `var` those that normalize: of the
    batch in training, else the running ones. `deviations` are x − mean, `squares` their squares. `unbiased_var` (over
    n − 1) is what the running variance gets; it is None for a single value. `running_mean` and `running_var` are those
    afterwards, the ones before have `_before` behind their names.
    """

    x: Array
    gamma: float
    beta: float
    training: bool
    momentum: float
    eps: float
    running_mean_before: float
    running_var_before: float
    batch_mean: float
    batch_var: float
    deviations: Array
    squares: Array
    x_hat: Array
    y: Array
    running_mean: float
    running_var: float

    @property
    def count(self) -> int:
        """n, the values of the channel."""
        return len(self.x)

    @property
    def unbiased_var(self) -> float | None:
        return float(self.x.var(ddof=1)) if self.count > 1 else None

    @property
    def mean(self) -> float:
        return self.batch_mean if self.training else self.running_mean_before

    @property
    def var(self) -> float:
        return self.batch_var if self.training else self.running_var_before

    @property
    def std(self) -> float:
        return math.sqrt(self.var + self.eps)

    def equation(self, name: str, index: int = 0) -> Equation:
        """A quantity of `FORWARD` with its numbers; `index` says which entry of an array.

        Raises:
            ValueError: there is no such quantity or entry; the unbiased variance of a single value.
        """
        if name not in FORWARD:
            raise ValueError(f"name must be one of {', '.join(FORWARD)}, but is {name!r}")
        value = getattr(self, name)
        if value is None:
            raise ValueError("a single value has no unbiased variance: it would be divided by n − 1 = 0")
        symbols, (template, numbers) = self._right_side(name, within("index", index, self.count))
        if isinstance(value, float):
            return equation(name, symbols, template, numbers, value)
        return equation(f"{name}[{index}]", symbols, template, numbers, value[index])

    def _right_side(self, name: str, i: int) -> Right:
        n, kept = self.count, 1 - self.momentum
        of_batch = self.x - self.batch_mean
        used = ("batch_mean", "batch_var") if self.training else ("running_mean", "running_var")
        if name.startswith("running") and not self.training:
            before = getattr(self, f"{name}_before")
            return "what it was: only training changes it", ("{:n}", [before])
        rights: dict[str, Callable[[], Right]] = {
            "batch_mean": lambda: ("sum of x / n", _mean(total(self.x), n)),
            "deviations": lambda: (f"x[{i}] − mean", ("{:n} − {}", [self.x[i], self.mean])),
            "squares": lambda: (f"deviations[{i}]²", ("{}²", [self.deviations[i]])),
            "batch_var": lambda: ("sum of (x − batch_mean)² / n", _mean(total(of_batch**2), n)),
            "unbiased_var": lambda: ("sum of (x − batch_mean)² / (n − 1)", _mean(total(of_batch**2), n - 1)),
            "mean": lambda: (used[0], ("{:n}", [self.mean])),
            "var": lambda: (used[1], ("{:n}", [self.var])),
            "std": lambda: ("√(var + eps)", ("√({:n} + {})", [self.var, self.eps])),
            "x_hat": lambda: (f"deviations[{i}] / std", ("{:n} / {}", [self.deviations[i], self.std])),
            "y": lambda: (f"gamma·x_hat[{i}] + beta", ("{:n}·{} + {}", [self.gamma, self.x_hat[i], self.beta])),
            "running_mean": lambda: (
                "(1 − momentum)·running_mean + momentum·batch_mean",
                ("{:n}·{} + {}·{}", [kept, self.running_mean_before, self.momentum, self.batch_mean]),
            ),
            "running_var": lambda: (
                "(1 − momentum)·running_var + momentum·unbiased_var",
                ("{:n}·{} + {}·{}", [kept, self.running_var_before, self.momentum, self.unbiased_var or 0.0]),
            ),
        }
        return rights[name]()

    def backward(self, grad_y: ArrayLike) -> "BatchNormGradients":
        """The gradients of the channel, given that of `y`."""
        grad = as_vector("grad_y", grad_y, self.count)
        grad_x, grad_gamma, grad_beta = batch_norm_backward(grad[:, None], *_arguments(self))
        assert grad_gamma is not None and grad_beta is not None
        batch = 1.0 if self.training else 0.0  # the statistics are constants outside of training
        with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
            grad_x_hat = grad * self.gamma
            values: Mapping[str, ArrayLike] = {
                "grad_x_hat": grad_x_hat,
                "direct": grad_x_hat / self.std,
                "through_var": -batch * self.x_hat * (grad_x_hat * self.x_hat).mean() / self.std,
                "through_mean": -batch * np.full(self.count, grad_x_hat.mean()) / self.std,
                "grad_x": grad_x[:, 0],
            }
        kept = {name: bounded(name, array) for name, array in values.items()}
        return BatchNormGradients(self, grad, float(grad_beta[0]), float(grad_gamma[0]), **kept)


@dataclass(frozen=True, eq=False)
class BatchNormGradients:
    """What comes back through a batch normalization.

    The gradient of an input arrives on three ways: `direct` through its own x_hat, `through_var` and `through_mean`
    because it moves the statistics of the whole batch; the latter two are 0 outside of training.
    """

    forward: BatchNorm
    grad_y: Array
    grad_beta: float
    grad_gamma: float
    grad_x_hat: Array
    direct: Array
    through_var: Array
    through_mean: Array
    grad_x: Array

    @cached_property
    def check_error(self) -> float:
        """The largest difference of grad_x to central differences of the loss, the sum of grad_y·y."""

        def loss(x: Array) -> float:
            settings = _arguments(self.forward)[1:]  # made anew each time: training moves the running statistics
            return float((self.grad_y * batch_norm(x[:, None], *settings)[:, 0]).sum())

        return largest_error(loss, self.forward.x, self.grad_x)

    def equation(self, name: str, index: int = 0) -> Equation:
        """A quantity of `BACKWARD` with its numbers; `index` says which entry of an array.

        Raises:
            ValueError: there is no such quantity or entry.
        """
        if name not in BACKWARD:
            raise ValueError(f"name must be one of {', '.join(BACKWARD)}, but is {name!r}")
        value = getattr(self, name)
        symbols, (template, numbers) = self._right_side(name, within("index", index, self.forward.count))
        if isinstance(value, float):
            return equation(name, symbols, template, numbers, value)
        return equation(f"{name}[{index}]", symbols, template, numbers, value[index])

    def _right_side(self, name: str, i: int) -> Right:
        f, n = self.forward, self.forward.count
        if name in ("through_var", "through_mean") and not f.training:
            return "0: the running statistics do not depend on x", ("0", [])
        match name:
            case "grad_beta":
                return "sum of grad_y", total(self.grad_y)
            case "grad_gamma":
                return "sum of grad_y·x_hat", products(self.grad_y, f.x_hat)
            case "grad_x_hat":
                return f"grad_y[{i}]·gamma", ("{:n}·{}", [self.grad_y[i], f.gamma])
            case "direct":
                return f"grad_x_hat[{i}] / std", ("{:n} / {}", [self.grad_x_hat[i], f.std])
            case "through_mean":
                template, numbers = _mean(total(self.grad_x_hat), n)
                return "−mean of grad_x_hat / std", (f"−{template} / {{}}", [*numbers, f.std])
            case "through_var":
                template, numbers = _mean(products(self.grad_x_hat, f.x_hat), n)
                symbols = f"−x_hat[{i}]·(mean of grad_x_hat·x_hat) / std"
                return symbols, (f"−{{}}·{template} / {{}}", [f.x_hat[i], *numbers, f.std])
        parts = [self.direct[i], self.through_var[i], self.through_mean[i]]
        return f"direct[{i}] + through_var[{i}] + through_mean[{i}]", total(parts)


def batch_normalization(
    x: ArrayLike,
    gamma: float = 1.0,
    beta: float = 0.0,
    *,
    training: bool = True,
    running_mean: float = 0.0,
    running_var: float = 1.0,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> BatchNorm:
    """Normalize the values of one channel over a batch, then scale and shift them.

    Args:
        x: the values, one for each example (and position).
        gamma, beta: scale and shift.
        training: by the statistics of the batch, which also move the running ones; else by the running ones.
        running_mean, running_var: as they are before this batch.
        momentum: how far the running statistics move.
        eps: keeps the division away from zero.

    Raises:
        ValueError: numbers that are not finite; a negative running_var; running_var and eps both 0; as in
            `ops.batch_norm`, a single value in training.
    """
    values, g, b = as_vector("x", x), finite_number("gamma", gamma), finite_number("beta", beta)
    before = finite_number("running_mean", running_mean), finite_number("running_var", running_var, minimum=0)
    momentum, eps = finite_number("momentum", momentum), finite_number("eps", eps)
    if not flag("training", training) and before[1] == eps == 0:
        raise ValueError("eps must be above 0 where running_var is 0: x would be divided by √(running_var + eps) = 0")
    after = np.array([before[0]]), np.array([before[1]])
    y = batch_norm(values[:, None], *after, np.array([g]), np.array([b]), training, momentum, eps)[:, 0]
    with np.errstate(over="ignore", invalid="ignore"):  # said by bounded, in words
        batch = float(values.mean()), float(values.var())
        mean, var = batch if training else before
        deviations = values - mean
        x_hat = deviations / np.sqrt(var + eps)
        found = {"deviations": deviations, "squares": deviations**2, "x_hat": x_hat, "y": y}
    deviations, squares, x_hat, y = (bounded(name, array) for name, array in found.items())
    running = float(after[0][0]), float(after[1][0])
    return BatchNorm(
        values, g, b, training, momentum, eps, *before, *batch, deviations, squares, x_hat, y, *running,
    )  # fmt: skip


def _arguments(f: BatchNorm) -> tuple[Array, Array, Array, Array, Array, bool, float, float]:
    """As `ops.batch_norm_backward` takes them."""
    one = [np.array([v]) for v in (f.running_mean_before, f.running_var_before, f.gamma, f.beta)]
    return f.x[:, None], one[0], one[1], one[2], one[3], f.training, f.momentum, f.eps


def _mean(sum_: Parts, count: int) -> Parts:
    template, numbers = sum_
    return f"({template}) / {count}", numbers
