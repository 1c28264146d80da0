"""The windows that a kernel sees as it slides: the one idea that convolution and pooling share."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, Ints, as_array, integers, is_sequence, window_counts


def sliding_windows(x: ArrayLike, kernel_size: Ints, stride: Ints = 1, dilation: Ints = 1) -> Array:
    """Every window of `x`, as a view: nothing is copied, so a pixel seen by nine windows is stored once.

        windows[..., i, j, u, v] = x[..., i*stride + u*dilation, j*stride + v*dilation]

    Args:
        x: (..., H, W), or (..., L) for a window with one axis. Floats keep their dtype, integers become
            float64.
        kernel_size: k or (kh, kw) slides over the last two axes, (k,) over the last one.
        stride: cells from one window to the next.
        dilation: cells from one tap of the kernel to the next.

    Returns:
        (..., H_out, W_out, kh, kw), or (..., L_out, k). Read-only, because its cells share memory.

    Raises:
        ValueError: an argument is not a positive whole number, or not even one window fits.
    """
    array = as_array("x", x)
    axes = 1 if is_sequence(kernel_size) and len(kernel_size) == 1 else 2
    kernel = integers("kernel_size", kernel_size, axes, 1)
    steps = integers("stride", stride, axes, 1)
    gaps = integers("dilation", dilation, axes, 1)
    if array.ndim < axes:
        raise ValueError(f"x must have {axes} axes or more for kernel_size {kernel}, but has {array.ndim}")
    return windows_view(array, kernel, steps, gaps)


def windows_view(x: Array, kernel_size: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> Array:
    """`sliding_windows` over the last len(kernel_size) axes, for arguments that are checked already."""
    axes = len(kernel_size)
    lead, size = x.shape[:-axes], x.shape[-axes:]
    lead_bytes, cell_bytes = x.strides[:-axes], x.strides[-axes:]
    counts = window_counts(size, kernel_size, stride, dilation)
    step_bytes = tuple(b * s for b, s in zip(cell_bytes, stride, strict=True))
    tap_bytes = tuple(b * d for b, d in zip(cell_bytes, dilation, strict=True))
    return np.lib.stride_tricks.as_strided(
        x, (*lead, *counts, *kernel_size), (*lead_bytes, *step_bytes, *tap_bytes), writeable=False
    )
