"""Optimizers: how a gradient becomes a step, and schedules that change the learning rate on the way.

Named and ordered as in `torch.optim`, and equal to it step for step. An optimizer holds `Parameter`s; `step` reads
each one's `grad` and moves its `value` in place. A network hands over its own (`network.parameters()`), and two bare
numbers will do as well:

    point = Parameter([3.0, 2.0])
    optimizer = SGD([point], lr=0.1, momentum=0.9)
    for _ in range(100):
        point.grad = 2 * point.value  # the gradient of x**2 + y**2
        optimizer.step()
"""

from cnnlab.optim.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from cnnlab.optim.parameter import Parameter
from cnnlab.optim.schedules import CosineAnnealingLR, Schedule, StepLR

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "Optimizer",
    "Parameter",
    "RMSprop",
    "Schedule",
    "StepLR",
]
