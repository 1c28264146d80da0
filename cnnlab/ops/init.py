"""How the weights of a layer start: random numbers, neither so small that signals die out nor so large that they grow.

Through a layer of n inputs, the variance of a signal is multiplied by n * Var[weight] (and by what the nonlinearity
does to it). The initializers choose Var[weight] so that this product is about 1.

Sources: xavier: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010),
section 4.2.1, equations 12 and 16; kaiming: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015),
arXiv:1502.01852, section 2.2, equations 10, 14 and 15. The gain of tanh is PyTorch's.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from collections.abc import Sequence
from math import prod, sqrt
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import Array, check_size, float_dtype, generator, integer, is_sequence, one_of
from cnnlab.ops._numbers import real, without_warnings

GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": sqrt(2), "selu": 3 / 4}  # leaky_relu: by its slope
NONLINEARITIES = (*GAINS, "leaky_relu")
MOST_GAIN = 1e300  # with more, the bounds of the weights are no numbers any more


def fans(shape: Sequence[SupportsIndex]) -> tuple[int, int]:
    """How many inputs an output of a layer has, and how many outputs an input has: (fan_in, fan_out).

        fan_in = channels in * cells of the kernel, fan_out = filters * cells of the kernel

    Args:
        shape: of the weight: (outputs, inputs) of `linear`, or (filters, channels, kh, kw) of a convolution.

    Raises:
        ValueError: fewer than two axes, or one without any numbers.
    """
    sizes = _sizes(shape)
    if len(sizes) < 2:
        raise ValueError(f"shape must have two axes or more (outputs, inputs, ...), but is {sizes}")
    outputs, inputs, *kernel = sizes
    return inputs * prod(kernel), outputs * prod(kernel)


def gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """What the standard deviation of the weights is multiplied by, to make up for what a nonlinearity takes away.

    relu keeps half of the mean square, so that its gain is sqrt(2); a leaky relu of slope a keeps (1 + a**2) / 2 of
    it: sqrt(2 / (1 + a**2)).

    Args:
        nonlinearity: 'linear', 'sigmoid', 'tanh', 'relu', 'selu' or 'leaky_relu'.
        negative_slope: of the leaky relu.

    Raises:
        ValueError: another word, or a slope that is not a number.
    """
    word = one_of("nonlinearity", nonlinearity, NONLINEARITIES)
    slope = real("negative_slope", negative_slope)
    return sqrt(2 / (1 + slope * slope)) if word == "leaky_relu" else GAINS[word]


def kaiming_uniform(
    shape: Sequence[SupportsIndex],
    *,
    rng: np.random.Generator,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    dtype: npt.DTypeLike = np.float64,
) -> Array:
    """He's initialization from a uniform distribution, made for relu.

        weight ~ U(-bound, bound) with bound = sqrt(3) * std and std = gain(nonlinearity, a) / sqrt(fan)

    sqrt(3), because a uniform distribution from -b to b has the standard deviation b / sqrt(3).

    Args:
        shape: of the weight: (outputs, inputs, ...).
        rng: where the random numbers come from, such as np.random.default_rng(0).
        a: the negative slope of a leaky relu; 0 is a relu.
        mode: 'fan_in' keeps the size of the signals going forward, 'fan_out' that of the gradients going back.
        nonlinearity: what follows the layer; see `gain`.
        dtype: float16, float32 or float64.

    Raises:
        ValueError: a shape with fewer than two axes, another word, or an rng that is none.
    """
    bound = sqrt(3) * _kaiming_std(shape, a, mode, nonlinearity)
    return _uniform(shape, bound, rng, dtype)


def kaiming_normal(
    shape: Sequence[SupportsIndex],
    *,
    rng: np.random.Generator,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    dtype: npt.DTypeLike = np.float64,
) -> Array:
    """He's initialization from a normal distribution, made for relu.

        weight ~ N(0, std**2) with std = gain(nonlinearity, a) / sqrt(fan)

    Args:
        shape, rng, a, mode, nonlinearity, dtype: as in `kaiming_uniform`.

    Raises:
        ValueError: as in `kaiming_uniform`.
    """
    return _normal(shape, _kaiming_std(shape, a, mode, nonlinearity), rng, dtype)


def xavier_uniform(
    shape: Sequence[SupportsIndex],
    *,
    rng: np.random.Generator,
    gain: float = 1.0,
    dtype: npt.DTypeLike = np.float64,
) -> Array:
    """Glorot's initialization from a uniform distribution, made for tanh and its like; between forward and backward.

        weight ~ U(-bound, bound) with bound = sqrt(3) * std and std = gain * sqrt(2 / (fan_in + fan_out))

    Args:
        shape: of the weight: (outputs, inputs, ...).
        rng: where the random numbers come from, such as np.random.default_rng(0).
        gain: a factor for the nonlinearity that follows; see the function `gain`.
        dtype: float16, float32 or float64.

    Raises:
        ValueError: a shape with fewer than two axes, a negative gain, or an rng that is none.
    """
    return _uniform(shape, sqrt(3) * _xavier_std(shape, gain), rng, dtype)


def xavier_normal(
    shape: Sequence[SupportsIndex],
    *,
    rng: np.random.Generator,
    gain: float = 1.0,
    dtype: npt.DTypeLike = np.float64,
) -> Array:
    """Glorot's initialization from a normal distribution, made for tanh and its like.

        weight ~ N(0, std**2) with std = gain * sqrt(2 / (fan_in + fan_out))

    Args:
        shape, rng, gain, dtype: as in `xavier_uniform`.

    Raises:
        ValueError: as in `xavier_uniform`.
    """
    return _normal(shape, _xavier_std(shape, gain), rng, dtype)


def _kaiming_std(shape: Sequence[SupportsIndex], a: float, mode: str, nonlinearity: str) -> float:
    fan_in, fan_out = fans(shape)
    fan = fan_in if one_of("mode", mode, ("fan_in", "fan_out")) == "fan_in" else fan_out
    return gain(nonlinearity, real("a", a)) / sqrt(fan)


def _xavier_std(shape: Sequence[SupportsIndex], gain: float) -> float:
    fan_in, fan_out = fans(shape)
    return real("gain", gain, 0, MOST_GAIN) * sqrt(2 / (fan_in + fan_out))


@without_warnings
def _uniform(shape: Sequence[SupportsIndex], bound: float, rng: np.random.Generator, dtype: npt.DTypeLike) -> Array:
    return generator(rng).uniform(-bound, bound, _sizes(shape)).astype(float_dtype("dtype", dtype))


@without_warnings
def _normal(shape: Sequence[SupportsIndex], std: float, rng: np.random.Generator, dtype: npt.DTypeLike) -> Array:
    return generator(rng).normal(0, std, _sizes(shape)).astype(float_dtype("dtype", dtype))


def _sizes(shape: Sequence[SupportsIndex]) -> tuple[int, ...]:
    if not is_sequence(shape):
        raise ValueError(f"shape must be a sequence such as (outputs, inputs), but is {shape!r}")
    sizes = tuple(integer("shape", n, minimum=1) for n in shape)
    check_size("shape", sizes)
    return sizes
