"""Layers that learn: dense, convolution, transposed convolution; with the names and arguments of torch.nn.

Weights start as in PyTorch: uniform between -1/sqrt(fan_in) and 1/sqrt(fan_in), where fan_in is the number of inputs
that an output is computed from. They are drawn from the `rng` that you give, so that the same seed makes the same
network. They are float32 unless you say otherwise: half the memory of float64, and about 1.6 times as fast. A check of
gradients by central differences needs dtype=np.float64, because float32 has too few digits for it.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from math import prod, sqrt

import numpy as np
import numpy.typing as npt

from cnnlab import ops, shapes
from cnnlab.network.layer import OpLayer, remembered
from cnnlab.ops._arguments import Ints, conv_padding, flag, integer, pair
from cnnlab.ops._conv_arguments import conv_transpose_counts
from cnnlab.ops.init import fans, kaiming_uniform
from cnnlab.optim import Parameter
from cnnlab.shapes.counts import checked_channels


class Linear(OpLayer):
    """Every output is a weighted sum of all inputs, plus a bias: `ops.linear`.

    Args:
        in_features: numbers in.
        out_features: numbers out.
        bias: whether there is one.
        rng: draws the weights; np.random.default_rng(0), for example.
        dtype: of the weights.

    Raises:
        ValueError: a number of features below 1.
    """

    forward_op, backward_op = staticmethod(ops.linear), staticmethod(ops.linear_backward)
    takes = ("weight", "bias")

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.in_features = integer("in_features", in_features, 1)
        self.out_features = integer("out_features", out_features, 1)
        shape = (self.out_features, self.in_features)
        self.weight, self.bias = _weight_and_bias(shape, self.out_features if flag("bias", bias) else 0, rng, dtype)

    def macs(self) -> int:
        places = prod(remembered(self.output_shape)[1:-1])  # it works on the last axis; there may be some between
        return places * shapes.linear_macs(self.in_features, self.out_features)


class Conv2d(OpLayer):
    """Slides filters over an image: `ops.conv2d`.

    Args:
        in_channels: channels of the input.
        out_channels: filters, each of which makes a channel of the output.
        kernel_size, stride, padding, dilation, groups: as in `ops.conv2d`.
        bias: whether each filter has one.
        rng: draws the weights; np.random.default_rng(0), for example.
        dtype: of the weights.

    Raises:
        ValueError: a number out of range, or groups that do not divide the channels.
    """

    forward_op, backward_op = staticmethod(ops.conv2d), staticmethod(ops.conv2d_backward)
    takes = ("weight", "bias", "stride", "padding", "dilation", "groups")

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.in_channels, self.out_channels, self.groups = checked_channels(in_channels, out_channels, groups)
        self.kernel_size, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation
        kernel, steps = pair("kernel_size", kernel_size, 1), pair("stride", stride, 1)
        conv_padding(padding, kernel, steps, pair("dilation", dilation, 1))  # says now what cannot work
        shape = (self.out_channels, self.in_channels // self.groups, *kernel)
        self.weight, self.bias = _weight_and_bias(shape, self.out_channels if flag("bias", bias) else 0, rng, dtype)

    def macs(self) -> int:
        size = remembered(self.output_shape)[-2:]
        return shapes.conv_macs(size, self.in_channels, self.out_channels, self.kernel_size, groups=self.groups)


class ConvTranspose2d(OpLayer):
    """Stamps every cell of a map, times the kernel, on a larger one: `ops.conv_transpose2d`.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel_size, stride, padding, output_padding, groups, dilation: as in `ops.conv_transpose2d`.
        bias: whether each channel of the output has one.
        rng: draws the weights; np.random.default_rng(0), for example.
        dtype: of the weights.

    Raises:
        ValueError: a number out of range, or groups that do not divide the channels.
    """

    forward_op, backward_op = staticmethod(ops.conv_transpose2d), staticmethod(ops.conv_transpose2d_backward)
    takes = ("weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        *,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        self.in_channels, self.out_channels, self.groups = checked_channels(in_channels, out_channels, groups)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.output_padding, self.dilation = output_padding, dilation
        kernel, cut = pair("kernel_size", kernel_size, 1), pair("padding", padding)
        steps, gaps = pair("stride", stride, 1), pair("dilation", dilation, 1)
        size = [2 * p + 1 for p in cut]  # of an input that such a padding leaves something of, whatever the kernel
        conv_transpose_counts(size, kernel, steps, cut, pair("output_padding", output_padding), gaps)
        shape = (self.in_channels, self.out_channels // self.groups, *kernel)
        self.weight, self.bias = _weight_and_bias(shape, self.out_channels if flag("bias", bias) else 0, rng, dtype)

    def macs(self) -> int:
        size = np.shape(remembered(self.given)["input"])[-2:]
        return shapes.conv_transpose_macs(
            size, self.in_channels, self.out_channels, self.kernel_size, groups=self.groups
        )


def _weight_and_bias(
    shape: tuple[int, ...], biases: int, rng: np.random.Generator, dtype: npt.DTypeLike
) -> tuple[Parameter, Parameter | None]:
    """PyTorch's start: He's uniform distribution with a = sqrt(5), which is +-1/sqrt(fan_in), for the biases too."""
    weight = kaiming_uniform(shape, a=sqrt(5), rng=rng, dtype=dtype)
    fan_in, _ = fans(shape)
    bound = 1 / sqrt(fan_in)
    bias = rng.uniform(-bound, bound, biases).astype(dtype) if biases else None
    return Parameter(weight), None if bias is None else Parameter(bias)
