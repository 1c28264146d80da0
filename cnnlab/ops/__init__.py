"""The operations of a convolutional network on NumPy arrays, forward and backward.

`cnnlab.ops.f` takes NumPy arrays where `torch.nn.functional.f` takes tensors: the same names, arguments,
order, defaults and meaning. `f_backward(grad_output, <the same arguments>)` returns the gradients of the
inputs that have one. Floats keep their dtype; integers, booleans and lists follow the floats they meet, and
become float64 on their own. Inputs are never written to. What cannot work raises a ValueError that names the
argument and its value.

`cnnlab.ops.reference` holds the same functions as plain nested loops: slow, and the specification of the fast
ones.
"""

from cnnlab.ops import init
from cnnlab.ops.activations import (
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from cnnlab.ops.adaptive_pool import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnlab.ops.batch_norm import batch_norm, batch_norm_backward
from cnnlab.ops.binary_losses import (
    binary_cross_entropy,
    binary_cross_entropy_backward,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_backward,
)
from cnnlab.ops.categorical import categorical_cross_entropy, categorical_cross_entropy_backward
from cnnlab.ops.conv import conv1d, conv1d_backward, conv2d, conv2d_backward
from cnnlab.ops.conv_transpose import conv_transpose2d, conv_transpose2d_backward
from cnnlab.ops.cross_entropy import cross_entropy, cross_entropy_backward, nll_loss, nll_loss_backward
from cnnlab.ops.dice import dice_loss, dice_loss_backward
from cnnlab.ops.dropout import (
    dropout,
    dropout_backward,
    dropout_mask,
    non_inverted_dropout,
    non_inverted_dropout_backward,
)
from cnnlab.ops.init import kaiming_normal, kaiming_uniform, xavier_normal, xavier_uniform
from cnnlab.ops.layer_norm import layer_norm, layer_norm_backward
from cnnlab.ops.linear import linear, linear_backward
from cnnlab.ops.losses import hinge_loss, hinge_loss_backward, l1_loss, l1_loss_backward, mse_loss, mse_loss_backward
from cnnlab.ops.padding import pad, pad_backward
from cnnlab.ops.penalties import l1_penalty, l1_penalty_backward, l2_penalty, l2_penalty_backward
from cnnlab.ops.pool import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from cnnlab.ops.softmax import log_softmax, log_softmax_backward, softmax, softmax_backward
from cnnlab.ops.true_conv import (
    flip_kernel,
    true_conv1d,
    true_conv1d_backward,
    true_conv2d,
    true_conv2d_backward,
)
from cnnlab.ops.unfold import fold, fold_backward, unfold, unfold_backward
from cnnlab.ops.windows import sliding_windows

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "binary_cross_entropy",
    "binary_cross_entropy_backward",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_backward",
    "categorical_cross_entropy",
    "categorical_cross_entropy_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "dice_loss",
    "dice_loss_backward",
    "dropout",
    "dropout_backward",
    "dropout_mask",
    "flip_kernel",
    "fold",
    "fold_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "hinge_loss",
    "hinge_loss_backward",
    "init",
    "kaiming_normal",
    "kaiming_uniform",
    "l1_loss",
    "l1_loss_backward",
    "l1_penalty",
    "l1_penalty_backward",
    "l2_penalty",
    "l2_penalty_backward",
    "layer_norm",
    "layer_norm_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "log_softmax_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "mse_loss",
    "mse_loss_backward",
    "nll_loss",
    "nll_loss_backward",
    "non_inverted_dropout",
    "non_inverted_dropout_backward",
    "pad",
    "pad_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "sliding_windows",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
    "true_conv1d",
    "true_conv1d_backward",
    "true_conv2d",
    "true_conv2d_backward",
    "unfold",
    "unfold_backward",
    "xavier_normal",
    "xavier_uniform",
]
