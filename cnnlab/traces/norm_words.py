"""The sentences about a way back through batch norm."""

import numpy as np

from cnnlab.traces.differences import power
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


def checked(gradients: BatchNormGradients) -> str:
    """What the gradient check says."""
    return f"Central differences: dx is off by at most {power(gradients.check_error)}."
