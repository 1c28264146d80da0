"""Layers without parameters: activations, pooling, flatten, dropout; with the names and arguments of torch.nn."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import math
from typing import Any, SupportsIndex

import numpy as np

from cnnlab import ops, shapes
from cnnlab.network.layer import Layer, OpLayer, remembered
from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_array, as_grad, flag, generator, integer, pair
from cnnlab.ops._numbers import axis_of, real
from cnnlab.ops._pool_arguments import OutputSize, adaptive_arguments, check_divisor, pool_counts

MOST_AXES = 64  # that an array of NumPy can have

# ---- activations ---------------------------------------------------------------------------------


class ReLU(OpLayer):
    """Lets what is positive pass: `ops.relu`."""

    forward_op, backward_op = staticmethod(ops.relu), staticmethod(ops.relu_backward)


class LeakyReLU(OpLayer):
    """Lets what is positive pass, and a share of what is negative: `ops.leaky_relu`.

    Raises:
        ValueError: negative_slope is not a number.
    """

    forward_op, backward_op = staticmethod(ops.leaky_relu), staticmethod(ops.leaky_relu_backward)
    takes = ("negative_slope",)

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = real("negative_slope", negative_slope)


class Sigmoid(OpLayer):
    """Squeezes every number between 0 and 1: `ops.sigmoid`."""

    forward_op, backward_op = staticmethod(ops.sigmoid), staticmethod(ops.sigmoid_backward)


class Tanh(OpLayer):
    """Squeezes every number between -1 and 1: `ops.tanh`."""

    forward_op, backward_op = staticmethod(ops.tanh), staticmethod(ops.tanh_backward)


# ---- pooling -------------------------------------------------------------------------------------


class MaxPool2d(OpLayer):
    """Keeps the largest number of each window: `ops.max_pool2d`, with its arguments.

    Raises:
        ValueError: a number out of range.
    """

    forward_op, backward_op = staticmethod(ops.max_pool2d), staticmethod(ops.max_pool2d_backward)
    takes = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.ceil_mode = dilation, ceil_mode
        _check_windows(kernel_size, stride, padding, dilation, ceil_mode)


class AvgPool2d(OpLayer):
    """Keeps the mean of each window: `ops.avg_pool2d`, with its arguments.

    Raises:
        ValueError: a number out of range.
    """

    forward_op, backward_op = staticmethod(ops.avg_pool2d), staticmethod(ops.avg_pool2d_backward)
    takes = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.ceil_mode, self.count_include_pad, self.divisor_override = ceil_mode, count_include_pad, divisor_override
        _check_windows(kernel_size, stride, padding, 1, ceil_mode)
        check_divisor(count_include_pad, divisor_override)


class AdaptiveAvgPool2d(OpLayer):
    """Means over as many windows as the output shall have: `ops.adaptive_avg_pool2d`.

    Raises:
        ValueError: output_size is neither a whole number nor a pair.
    """

    forward_op, backward_op = staticmethod(ops.adaptive_avg_pool2d), staticmethod(ops.adaptive_avg_pool2d_backward)
    takes = ("output_size",)

    def __init__(self, output_size: OutputSize) -> None:
        adaptive_arguments(np.zeros((1, 1, 1)), output_size, filled=1)
        self.output_size = output_size


class GlobalAvgPool2d(OpLayer):
    """The mean of each channel, (N, C, H, W) -> (N, C): `ops.global_avg_pool2d`.

    In torch.nn this is two layers, AdaptiveAvgPool2d(1) and Flatten().
    """

    forward_op, backward_op = staticmethod(ops.global_avg_pool2d), staticmethod(ops.global_avg_pool2d_backward)


def _check_windows(kernel_size: Ints, stride: Ints | None, padding: Ints, dilation: Ints, ceil_mode: bool) -> None:
    """Says now what no image could mend: the smallest that has room for a window stands in for all."""
    kernel, gaps = pair("kernel_size", kernel_size, 1), pair("dilation", dilation, 1)
    steps = kernel if stride is None else pair("stride", stride, 1)
    size = [shapes.kernel_extent(k, d) for k, d in zip(kernel, gaps, strict=True)]
    pool_counts(size, kernel, steps, pair("padding", padding), gaps, flag("ceil_mode", ceil_mode))


# ---- shape and noise -----------------------------------------------------------------------------


class Flatten(Layer):
    """Makes one axis of several, as a dense layer needs it: (N, C, H, W) -> (N, C*H*W).

    Args:
        start_dim: the first of these axes; 1 leaves the batch alone.
        end_dim: the last of them.

    Raises:
        ValueError: an axis that is no whole number; when it is called, an input without such axes.
    """

    def __init__(self, start_dim: SupportsIndex = 1, end_dim: SupportsIndex = -1) -> None:
        self.start_dim = integer("start_dim", start_dim, -MOST_AXES)
        self.end_dim = integer("end_dim", end_dim, -MOST_AXES)
        self.shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None  # of the last input and output

    def forward(self, input: ArrayLike) -> Array:
        x = as_array("input", input)
        first = axis_of("start_dim", self.start_dim, x.ndim) % max(x.ndim, 1)
        last = axis_of("end_dim", self.end_dim, x.ndim) % max(x.ndim, 1)
        if first > last:
            raise ValueError(f"start_dim must not be behind end_dim, but they are {self.start_dim} and {self.end_dim}")
        flat = (*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :])
        self.shapes = x.shape, flat
        return x.reshape(flat).copy()  # the caller may go on writing to the input

    def backward(self, grad_output: ArrayLike) -> Array:
        input_shape, output_shape = remembered(self.shapes)
        grad = as_array("grad_output", grad_output)
        return as_grad(grad, output_shape, grad.dtype).reshape(input_shape).copy()


class Dropout(OpLayer):
    """In training, sets a share p of the numbers to 0 and divides the others by 1 - p: `ops.dropout`.

    In `eval` mode it lets everything pass as it is.

    Args:
        p: the share that is dropped.
        rng: draws a new mask in every forward pass; np.random.default_rng(0), for example.

    Raises:
        ValueError: p is not between 0 and 1, or rng is no generator.
    """

    forward_op, backward_op = staticmethod(ops.dropout), staticmethod(ops.dropout_backward)
    takes = ("p", "training")

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator) -> None:
        self.p, self.rng = real("p", p, 0, 1), generator(rng)

    def arguments(self, input: ArrayLike) -> dict[str, Any]:
        mask = ops.dropout_mask(np.shape(input), self.p, rng=self.rng) if self.training else None
        return super().arguments(input) | {"mask": mask}
