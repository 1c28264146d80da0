"""What the exercises on convolution share: sentences about mistakes, and kinds of arguments."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FLIPPED = (
    "This is a flipped kernel: you computed the mathematical convolution. A CNN layer lays the kernel on as it is."
)
SWAPPED = "Rows and columns are swapped: image[i, j] is row i (down) and column j (to the right)."
TOO_SMALL = "The output is one row and one column too small: n - k + 1 windows fit, the first and the last included."
SAME_SIZE = "The output has the size of the input. Without padding only n - k + 1 windows fit on an axis."
PADDED = (
    "The image was padded first, as the function apply of the notebook does it. Without padding only n - k + 1 windows "
    "fit on an axis: use the image as it is."
)
NO_SUM = (
    "One window gives one number, the sum of all its products: (window * kernel).sum(). Python's sum adds up rows only."
)
MEAN = "You took the mean of the products; a convolution adds them up."
OVERFLOW = (
    "The numbers overflow: an image of uint8 holds 0 to 255 and starts again at 0. Compute with float(...) or floats."
)
ONLY_POSITIVE = "Negative results became 0. That is a ReLU, which comes after the convolution."


SQUARE_IMAGES = "square images"
SQUARE_KERNELS = "square kernels"
STRIDE_1 = "stride 1"
NO_PADDING = "padding 0"


def square(image: Array, *_: Any) -> bool:
    return bool(image.shape[-2] == image.shape[-1])


def square_kernel(image: Array, kernel: Array, *_: Any) -> bool:
    return bool(kernel.shape[-2] == kernel.shape[-1])
