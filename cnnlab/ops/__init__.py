"""The operations of a convolutional network on NumPy arrays, forward and backward.

`cnnlab.ops.f` takes NumPy arrays where `torch.nn.functional.f` takes tensors: the same names, arguments,
order, defaults and meaning. `f_backward(grad_output, <the same arguments>)` returns the gradients of the
inputs that have one. Floats keep their dtype; integers, booleans and lists are computed in float64. Inputs
are never written to. What cannot work raises a ValueError that names the argument and its value.

`cnnlab.ops.reference` holds the same functions as plain nested loops: slow, and the specification of the fast
ones.
"""

from cnnlab.ops.conv import conv1d, conv1d_backward, conv2d, conv2d_backward
from cnnlab.ops.padding import pad, pad_backward
from cnnlab.ops.true_conv import (
    flip_kernel,
    true_conv1d,
    true_conv1d_backward,
    true_conv2d,
    true_conv2d_backward,
)
from cnnlab.ops.windows import sliding_windows

__all__ = [
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "flip_kernel",
    "pad",
    "pad_backward",
    "sliding_windows",
    "true_conv1d",
    "true_conv1d_backward",
    "true_conv2d",
    "true_conv2d_backward",
]
