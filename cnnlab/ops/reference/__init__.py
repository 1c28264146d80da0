"""The same operations as nested loops, the way a lecturer writes them on the board.

Slow on purpose: this is the specification in code, and the tests hold the fast functions against it.
Arguments, results and errors are those of the functions of the same name in `cnnlab.ops`, documented there.
"""

from cnnlab.ops.reference.adaptive_pool import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnlab.ops.reference.conv import conv1d, conv1d_backward, conv2d, conv2d_backward
from cnnlab.ops.reference.conv_transpose import conv_transpose2d, conv_transpose2d_backward
from cnnlab.ops.reference.norm import batch_norm, batch_norm_backward, layer_norm, layer_norm_backward
from cnnlab.ops.reference.padding import pad, pad_backward, source_cell
from cnnlab.ops.reference.pool import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from cnnlab.ops.reference.true_conv import (
    true_conv1d,
    true_conv1d_backward,
    true_conv2d,
    true_conv2d_backward,
)
from cnnlab.ops.reference.unfold import fold, fold_backward, unfold, unfold_backward

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "fold",
    "fold_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "layer_norm",
    "layer_norm_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "pad",
    "pad_backward",
    "source_cell",
    "true_conv1d",
    "true_conv1d_backward",
    "true_conv2d",
    "true_conv2d_backward",
    "unfold",
    "unfold_backward",
]
