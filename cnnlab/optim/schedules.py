"""Schedules: the learning rate of an optimizer as a function of the epoch.

Make one from the optimizer, and call its `step` at the end of every epoch. Each computes the rate anew from the one
that the optimizer had at first, so a change of `optimizer.lr` by hand lasts until the next `step` only.
"""

import math
from typing import SupportsIndex

from cnnlab.ops._arguments import integer
from cnnlab.optim._arguments import finite
from cnnlab.optim.optimizers import Optimizer, checked_optimizer


class Schedule:
    """What every schedule does: it counts the epochs and sets `optimizer.lr`.

    Attributes:
        optimizer: whose learning rate it sets.
        base_lr: the learning rate at first.
        last_epoch: how many epochs have ended.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = checked_optimizer(optimizer)
        self.base_lr = optimizer.lr
        self.last_epoch = 0

    def lr_at(self, epoch: int) -> float:
        """The learning rate after this many epochs."""
        raise NotImplementedError

    def step(self) -> None:
        """Ends an epoch: sets the learning rate of the next one."""
        self.last_epoch += 1
        self.optimizer.lr = self.lr_at(self.last_epoch)


class StepLR(Schedule):
    """Down a staircase: the learning rate times gamma, every step_size epochs.

        lr = base_lr * gamma**floor(epoch / step_size)

    Args:
        optimizer: whose learning rate to set.
        step_size: epochs on each stair.
        gamma: the factor from one stair to the next.

    Raises:
        ValueError: step_size is not a whole number of at least 1, or gamma is negative.
    """

    def __init__(self, optimizer: Optimizer, step_size: SupportsIndex, gamma: float = 0.1) -> None:
        super().__init__(optimizer)
        self.step_size, self.gamma = integer("step_size", step_size, minimum=1), finite("gamma", gamma, 0)

    def lr_at(self, epoch: int) -> float:
        return self.base_lr * self.gamma ** (epoch // self.step_size)


class CosineAnnealingLR(Schedule):
    """Down half a wave of a cosine: slowly at first, fast in the middle, slowly toward the end.

        lr = eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2

    After T_max epochs it rises again, as the cosine does.

    Args:
        optimizer: whose learning rate to set.
        T_max: epochs from the first rate to the lowest.
        eta_min: the lowest rate.

    Raises:
        ValueError: T_max is not a whole number of at least 1, or eta_min is negative.

    Source: I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts (2017),
    arXiv:1608.03983, equation 5; without the restarts.
    """

    def __init__(self, optimizer: Optimizer, T_max: SupportsIndex, eta_min: float = 0.0) -> None:
        super().__init__(optimizer)
        self.T_max, self.eta_min = integer("T_max", T_max, minimum=1), finite("eta_min", eta_min, 0)

    def lr_at(self, epoch: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * epoch / self.T_max)) / 2
