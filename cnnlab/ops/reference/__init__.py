"""The same operations as nested loops, the way a lecturer writes them on the board.

Slow on purpose: this is the specification in code, and the tests hold the fast functions against it.
Arguments, results and errors are those of the functions of the same name in `cnnlab.ops`, documented there.
"""

from cnnlab.ops.reference.conv import conv1d, conv1d_backward, conv2d, conv2d_backward
from cnnlab.ops.reference.padding import pad, pad_backward, source_cell
from cnnlab.ops.reference.true_conv import (
    true_conv1d,
    true_conv1d_backward,
    true_conv2d,
    true_conv2d_backward,
)

__all__ = [
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "pad",
    "pad_backward",
    "source_cell",
    "true_conv1d",
    "true_conv1d_backward",
    "true_conv2d",
    "true_conv2d_backward",
]
