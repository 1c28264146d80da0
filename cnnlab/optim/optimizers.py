"""Optimizers: each one's `step` is the update rule in its docstring.

There w is the value of a parameter, g its gradient, and t counts the steps from 1. Whatever an optimizer remembers
between steps is an attribute with the name that it has in the rule, one array for each parameter.
"""

from __future__ import annotations  # so that help() says Array, not its long definition

from collections.abc import Iterable

import numpy as np

from cnnlab.ops._arguments import Array, as_array, flag
from cnnlab.optim._arguments import checked_betas, checked_params, finite
from cnnlab.optim.parameter import Parameter


class Optimizer:
    """What every optimizer has: the parameters that it moves, and a learning rate.

    Attributes:
        params: the parameters.
        lr: the learning rate of the next step; it may be changed at any time.
        steps: how many steps were made.
    """

    def __init__(self, params: Iterable[Parameter], lr: float, weight_decay: float) -> None:
        self.params = checked_params(params)
        self.lr = finite("lr", lr, 0)
        self.weight_decay = finite("weight_decay", weight_decay, 0)
        self.steps = 0

    def step(self) -> None:
        """Moves the value of every parameter once, in place."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forgets the gradients. Until then every backward pass adds its own to what is there, as in PyTorch."""
        for parameter in self.params:
            parameter.zero_grad()

    def _gradients(self, decay: float = 0) -> list[tuple[Array, Array]]:
        """w and g + decay * w of every parameter: the gradient of the loss plus decay / 2 * the sum of w**2."""
        pairs = [(parameter.value, _gradient(parameter)) for parameter in self.params]  # all, before any is moved
        return [(w, g + decay * w) for w, g in pairs] if decay else pairs

    def _zeros(self) -> list[Array]:
        """A memory for each parameter."""
        return [np.zeros_like(parameter.value) for parameter in self.params]


class SGD(Optimizer):
    """Stochastic gradient descent: a step against the gradient, or with momentum, a ball that rolls downhill.

        w = w - lr * g

    With momentum, the gradient pushes a velocity, and the velocity moves w:

        velocity = momentum * velocity + (1 - dampening) * g      (at t = 1 velocity = g)
        w = w - lr * velocity                                     (nesterov: w - lr * (g + momentum * velocity))

    Args:
        params: the parameters to move.
        lr: the learning rate: how far a step goes.
        momentum: how much of the velocity is kept from step to step; 0.9 is usual.
        dampening: how much less the gradient counts in the velocity.
        weight_decay: adds weight_decay * w to g, which pulls the weights toward 0 (the L2 penalty).
        nesterov: looks one step ahead along the velocity.

    Raises:
        ValueError: a number out of range, or nesterov without momentum or with dampening.

    Sources: B. Polyak, Some methods of speeding up the convergence of iteration methods (1964); Y. Nesterov, A method
    of solving a convex programming problem with convergence rate O(1/k^2) (1983), in the form of I. Sutskever,
    J. Martens, G. Dahl and G. Hinton, On the importance of initialization and momentum in deep learning (2013),
    section 2. There lr is inside the velocity; outside, as in PyTorch, a change of lr acts at once.
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr, weight_decay)
        self.momentum, self.dampening = finite("momentum", momentum, 0), finite("dampening", dampening)
        self.nesterov = flag("nesterov", nesterov)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            given = f"momentum is {momentum} and dampening is {dampening}"
            raise ValueError(f"nesterov needs a momentum above 0 and a dampening of 0, but {given}")
        self.velocity = self._zeros()

    def step(self) -> None:
        gradients = self._gradients(self.weight_decay)
        self.steps += 1  # a step that is refused above does not count
        share = 1 if self.steps == 1 or not self.momentum else 1 - self.dampening
        for (w, g), velocity in zip(gradients, self.velocity, strict=True):
            velocity[...] = self.momentum * velocity + share * g
            w -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


class RMSprop(Optimizer):
    """Divides the gradient by its recent size, so that flat and steep directions get steps of about one length.

        square = alpha * square + (1 - alpha) * g**2
        w = w - lr * g / (sqrt(square) + eps)

    Centered, the size is measured from the mean gradient: the root is that of square - mean**2, with

        mean = alpha * mean + (1 - alpha) * g

    With momentum, the quotient pushes a velocity, velocity = momentum * velocity + g / (...), and w - lr * velocity.

    Args:
        params, lr, weight_decay: as in `SGD`.
        alpha: how much of the two averages is kept from step to step.
        eps: keeps the divisor above 0.
        momentum: how much of the velocity is kept from step to step.
        centered: divides by the standard deviation of the gradient.

    Raises:
        ValueError: a number out of range.

    Sources: T. Tieleman and G. Hinton, lecture 6e of Neural Networks for Machine Learning (2012); centered:
    A. Graves, Generating sequences with recurrent neural networks (2013), arXiv:1308.0850, equations 38 to 41.
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
    ) -> None:
        super().__init__(params, lr, weight_decay)
        self.alpha, self.eps = finite("alpha", alpha, 0), finite("eps", eps, 0)
        self.momentum, self.centered = finite("momentum", momentum, 0), flag("centered", centered)
        self.square, self.mean, self.velocity = self._zeros(), self._zeros(), self._zeros()

    def step(self) -> None:
        gradients = self._gradients(self.weight_decay)
        self.steps += 1
        memories = zip(gradients, self.square, self.mean, self.velocity, strict=True)
        for (w, g), square, mean, velocity in memories:
            square[...] = self.alpha * square + (1 - self.alpha) * g**2
            if self.centered:
                mean[...] = self.alpha * mean + (1 - self.alpha) * g
            spread = np.maximum(square - mean**2, 0)  # rounding may leave it just below 0
            velocity[...] = self.momentum * velocity + g / (np.sqrt(spread) + self.eps)
            w -= self.lr * velocity


class Adam(Optimizer):
    """Momentum and division by the recent size in one, both corrected for averages that begin at zero.

        mean   = beta1 * mean   + (1 - beta1) * g
        square = beta2 * square + (1 - beta2) * g**2
        w = w - lr * mean_hat / (sqrt(square_hat) + eps)
            with mean_hat = mean / (1 - beta1**t) and square_hat = square / (1 - beta2**t)

    Args:
        params, lr, weight_decay: as in `SGD`.
        betas: (beta1, beta2), how much of the two averages is kept from step to step.
        eps: keeps the divisor above 0.

    Raises:
        ValueError: a number out of range.

    Source: D. Kingma and J. Ba, Adam: a method for stochastic optimization (2015), arXiv:1412.6980, algorithm 1,
    where mean and square are called m and v.
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(params, lr, weight_decay)
        self.betas, self.eps = checked_betas(betas), finite("eps", eps, 0)
        self.mean, self.square = self._zeros(), self._zeros()

    def step(self) -> None:
        self._step_along(self._gradients(self.weight_decay))

    def _step_along(self, gradients: list[tuple[Array, Array]]) -> None:
        self.steps += 1
        t, (beta1, beta2) = self.steps, self.betas
        for (w, g), mean, square in zip(gradients, self.mean, self.square, strict=True):
            mean[...] = beta1 * mean + (1 - beta1) * g
            square[...] = beta2 * square + (1 - beta2) * g**2
            mean_hat, square_hat = mean / (1 - beta1**t), square / (1 - beta2**t)
            w -= self.lr * mean_hat / (np.sqrt(square_hat) + self.eps)


class AdamW(Adam):
    """Adam with the weight decay taken out of the gradient: it shrinks the weights themselves.

        w = (1 - lr * weight_decay) * w, then the step of `Adam` with g alone

    In Adam's gradient the decay is divided by sqrt(square_hat), too: where gradients are large, weights hardly decay.

    Args:
        params, lr, betas, eps: as in `Adam`.
        weight_decay: how fast the weights shrink.

    Raises:
        ValueError: a number out of range.

    Source: I. Loshchilov and F. Hutter, Decoupled weight decay regularization (2019), arXiv:1711.05101, algorithm 2;
    as in PyTorch, the decay is scaled by lr.
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def step(self) -> None:
        gradients = self._gradients()
        for w, _ in gradients:
            w *= 1 - self.lr * self.weight_decay
        self._step_along(gradients)


def checked_optimizer(optimizer: Optimizer) -> Optimizer:
    """`optimizer`, if it is one.

    Raises:
        ValueError: says what it is.
    """
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer must be one of cnnlab.optim, such as SGD, but is a {type(optimizer).__name__}")
    return optimizer


def _gradient(parameter: Parameter) -> Array:
    """The gradient of a parameter, in the dtype of its value.

    Raises:
        ValueError: there is none, or it has another shape.
    """
    w, g = parameter.value, parameter.grad
    if isinstance(g, np.ndarray) and g.dtype == w.dtype and g.shape == w.shape:
        return g  # the usual case
    if g is None:  # as PyTorch leaves it after zero_grad
        raise ValueError("grad is None, so there is no direction to step in: call backward first")
    if np.shape(g) != w.shape:
        raise ValueError(f"grad must have the shape of its value, {w.shape}, but has {np.shape(g)}")
    return as_array("grad", g).astype(w.dtype, copy=False)
