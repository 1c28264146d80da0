"""Batch norm as layers, which keep the running statistics; with the names and arguments of torch.nn."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab import ops
from cnnlab.network.layer import OpLayer
from cnnlab.ops._arguments import Array, ArrayLike, flag, float_dtype, integer
from cnnlab.ops._numbers import real
from cnnlab.optim import Parameter


class _BatchNorm(OpLayer):
    """What the batch norms of all ranks share: `ops.batch_norm`."""

    forward_op, backward_op = staticmethod(ops.batch_norm), staticmethod(ops.batch_norm_backward)
    takes = ("running_mean", "running_var", "weight", "bias", "training", "momentum", "eps")
    buffers = ("running_mean", "running_var", "num_batches_tracked")
    layouts: tuple[str, ...]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        C = self.num_features = integer("num_features", num_features, 1)
        self.eps, self.affine = real("eps", eps, 0), flag("affine", affine)
        self.momentum = None if momentum is None else real("momentum", momentum)
        dtype = float_dtype("dtype", dtype)
        if affine:
            self.weight, self.bias = Parameter(np.ones(C, dtype)), Parameter(np.zeros(C, dtype))
        self.running_mean, self.running_var = np.zeros(C, dtype), np.ones(C, dtype)
        self.num_batches_tracked = np.array(0)

    def arguments(self, input: ArrayLike) -> dict[str, Any]:
        if np.ndim(input) not in [layout.count(",") + 1 for layout in self.layouts]:
            wanted = " or ".join(f"({layout})" for layout in self.layouts)
            raise ValueError(f"input must have the axes {wanted}, but its shape is {np.shape(input)}")
        average_of_all = 1 / (int(self.num_batches_tracked) + 1)
        return super().arguments(input) | ({"momentum": average_of_all} if self.momentum is None else {})

    def forward(self, input: ArrayLike) -> Array:
        output = super().forward(input)
        self.num_batches_tracked += self.training
        return output


class BatchNorm1d(_BatchNorm):
    """Gives each feature mean 0 and variance 1 over the batch, then a learned scale and shift: `ops.batch_norm`.

    In training it uses the statistics of the batch, and keeps running ones; in `eval` mode it uses those.

    Args:
        num_features: C of an input (N, C) or (N, C, L).
        eps: keeps the divisor above 0.
        momentum: the share of the newest batch in the running statistics; None averages over all batches.
        affine: whether there are scale (weight) and shift (bias).
        dtype: float16, float32 or float64, of the parameters and the running statistics.

    Raises:
        ValueError: a number out of range, or another dtype; when it is called, an input with other axes.
    """

    layouts = ("N, C", "N, C, L")


class BatchNorm2d(_BatchNorm):
    """Gives each channel mean 0 and variance 1 over the batch, then a learned scale and shift: `ops.batch_norm`.

    In training it uses the statistics of the batch, and keeps running ones; in `eval` mode it uses those.

    Args:
        num_features: C of an input (N, C, H, W).
        eps: keeps the divisor above 0.
        momentum: the share of the newest batch in the running statistics; None averages over all batches.
        affine: whether there are scale (weight) and shift (bias).
        dtype: float16, float32 or float64, of the parameters and the running statistics.

    Raises:
        ValueError: a number out of range, or another dtype; when it is called, an input with other axes.
    """

    layouts = ("N, C, H, W",)
