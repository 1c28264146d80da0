"""The named kernels of the course, kernels of any size, banks of several filters, and what can be said of a kernel.

Where that is possible a kernel is built from what it means: an edge kernel is a smoothing along the edge
times a difference across it, sharpening is the picture minus its Laplacian. All are written for
cross-correlation, which is what CNN layers and `cnnlab.ops.conv2d` compute: the kernel is laid on the
picture as printed, not flipped.
"""

from cnnlab.kernels.bank import KERNELS, kernel
from cnnlab.kernels.filters import FILTERS, filter_bank
from cnnlab.kernels.gradient import gradient_magnitude
from cnnlab.kernels.named import Kernel
from cnnlab.kernels.separable import Separation, is_separable, kernel_rank, separability_says, separate
from cnnlab.kernels.smoothing import box_kernel, gaussian_kernel

__all__ = [
    "FILTERS",
    "KERNELS",
    "Kernel",
    "Separation",
    "box_kernel",
    "filter_bank",
    "gaussian_kernel",
    "gradient_magnitude",
    "is_separable",
    "kernel",
    "kernel_rank",
    "separability_says",
    "separate",
]
