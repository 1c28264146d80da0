"""The sentence about a way back through batch norm, and how far central differences are from it."""

import numpy as np

from cnnlab.gradcheck import numerical_gradient
from cnnlab.ops.batch_norm import batch_norm
from cnnlab.traces.arrays import Array
from cnnlab.traces.norm import BatchNormGradients
from cnnlab.traces.text import number, plural

NOTHING = 1e-9
"""The part of the largest gradient below which another one counts as 0."""


def says(gradients: BatchNormGradients) -> str:
    """Who gets a gradient, and what all of them add up to."""
    dx, f = gradients.grad_x, gradients.forward
    high = float(np.abs(dx).max())
    got = int((np.abs(dx) > NOTHING * high).sum()) if high else 0
    sent = plural(int((gradients.grad_y != 0).sum()), "output")
    if not f.training:
        return f"In eval mode the statistics are fixed: {sent} sent a gradient, and each goes to its own input alone."
    total = float(dx.sum())
    total_text = "0" if abs(total) <= NOTHING * max(high, NOTHING) else number(total)
    return f"{sent.capitalize()} sent a gradient, {plural(got, 'input')} got one. In all they add up to {total_text}."


def check_error(gradients: BatchNormGradients) -> float:
    """The largest difference of dx to central differences of the loss, the sum of dy * y."""
    f = gradients.forward
    one = [np.array([v]) for v in (f.running_mean_before, f.running_var_before, f.gamma, f.beta)]

    def loss(x: Array) -> float:
        mean, var, gamma, beta = (v.copy() for v in one)  # training moves the running ones
        y = batch_norm(x[:, None], mean, var, gamma, beta, f.training, f.momentum, f.eps)
        return float((gradients.grad_y * y[:, 0]).sum())

    return float(np.abs(numerical_gradient(loss, f.x) - gradients.grad_x).max())
