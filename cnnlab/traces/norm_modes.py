"""What decides how batch norm behaves: the mode of the layer, and beside it whether gradients are recorded.

`model.train()` and `model.eval()` choose the statistics; `torch.no_grad()` chooses whether a graph is kept for the way
back. Neither does the other's work.

Source: Ioffe and Szegedy, Batch normalization (2015), arXiv:1502.03167, section 3.1.
"""

import math
from dataclasses import dataclass

from cnnlab.traces.norm import BatchNorm
from cnnlab.traces.text import number, precise

NOTICED = 0.99
"""Below this share of the standard deviation, what eps takes away is said."""


@dataclass(frozen=True)
class Mode:
    """One of the four ways to call the layer."""

    training: bool
    grad: bool

    def says(self) -> tuple[str, str, str]:
        """What normalizes, what becomes of the running statistics, and of the graph."""
        return (
            "uses this batch" if self.training else "uses the running ones",
            "running ones move" if self.training else "running ones stay",
            "graph recorded" if self.grad else "no graph",
        )


GRADS = (("gradients recorded", True), ("torch.no_grad()", False))
TRAININGS = (("model.train()", True), ("model.eval()", False))


def forward_says(f: BatchNorm) -> str:
    """What became of the batch, in a sentence."""
    if not f.training:
        most = float(abs(f.y).max()) or 1.0  # the square of a large number may be beyond all numbers
        return (
            "Eval: each x meets the same two running numbers, alone or in company. "
            f"y has mean {number(f.y.mean())} and standard deviation {number(float((f.y / most).std()) * most)}."
        )
    if f.batch_var == 0:
        return f"All x are the same, so that every x̂ is 0 and every y is β = {number(f.beta)}."
    kept = math.sqrt(f.batch_var / (f.batch_var + f.eps))
    if kept < NOTICED:
        return (
            f"eps is not small beside the variance: x̂ has the standard deviation {number(kept)} and not 1, "
            f"y has {number(abs(f.gamma) * kept)}."
        )
    spread = f"|γ| = {number(abs(f.gamma))}" if f.gamma < 0 else f"γ = {number(f.gamma)}"
    center = f"β = {number(f.beta)}"
    return f"x̂ has mean 0 and standard deviation 1, y has mean {center} and standard deviation {spread}."


def as_text(f: BatchNorm, index: int, mode: Mode) -> str:
    """The numbers as plain text."""
    rows = (("x", f.x), ("x̂", f.x_hat), ("y", f.y))
    lines = [f"{name}: {' '.join(number(v) for v in values)}" for name, values in rows]
    names = ["mean", "var"] if not f.training else ["batch_mean", "batch_var"]
    shown = [*names, "x_hat", "y", "running_mean", "running_var"]
    return "\n".join(
        [*lines, *(str(f.equation(name, index)) for name in shown), "; ".join(mode.says()), forward_says(f)]
    )


def running_lines(f: BatchNorm) -> tuple[str, str]:
    """What becomes of the running mean and variance, short enough for a narrow column."""
    if not f.training:
        return (
            f"running_mean = {precise(f.running_mean)}, as before",
            f"running_var  = {precise(f.running_var)}, as before",
        )
    mean, var = f.equation("running_mean"), f.equation("running_var")
    return (
        f"running_mean = {mean.numbers} {mean.sign} {mean.result_text}",
        f"running_var  = {var.numbers} {var.sign} {var.result_text}",
    )
