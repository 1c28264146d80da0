"""Adaptive pooling: the size of the output is chosen, and the windows follow from it; global pooling: one window.

Source: Lin, Chen, Yan, Network In Network (2013), arXiv:1312.4400, section 3.2, for the global average; the windows
are those of PyTorch.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from typing import Literal, overload

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_grad, flag
from cnnlab.ops._numbers import without_warnings
from cnnlab.ops._pool_arguments import AdaptiveWindows, OutputSize, PoolArguments, adaptive_arguments
from cnnlab.ops._pooling import Divisor, Indices, indices, maxima, maxima_backward, means, means_backward


@without_warnings
def adaptive_avg_pool2d(input: ArrayLike, output_size: OutputSize) -> Array:
    """The mean of each window, with windows that make the output as large as asked for.

        output[n, c, i, j] = mean of input[n, c, y, x] over
            y from floor(i*H / H_out) up to, not including, ceil((i + 1)*H / H_out), and x alike

    Windows differ in size by one cell at most and may overlap; if H_out divides H, they just touch.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.
        output_size: (H_out, W_out), or one number for both; None in the pair keeps the size of the input. At most
            4096, where the input has fewer cells than that along the axis.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out), in the dtype of the input.

    Raises:
        ValueError: an input of another shape or an empty one; output_size is too large, or no whole number or pair.
    """
    a = adaptive_arguments(input, output_size, filled=2)
    return means(a, _divisor(a))


@without_warnings
def adaptive_avg_pool2d_backward(grad_output: ArrayLike, input: ArrayLike, output_size: OutputSize) -> Array:
    """The gradient of `adaptive_avg_pool2d`: each window shares its own out among its cells.

        grad_input[n, c, y, x] = sum of grad_output[n, c, i, j] / cells of window i, j over those that see y, x

    Args:
        grad_output: the shape of the output.
        input, output_size: as they were given to `adaptive_avg_pool2d`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `adaptive_avg_pool2d`, or grad_output has another shape than the output.
    """
    a = adaptive_arguments(input, output_size, filled=2)
    return means_backward(grad_output, a, _divisor(a))


@overload
def adaptive_max_pool2d(input: ArrayLike, output_size: OutputSize, return_indices: Literal[False] = False) -> Array: ...
@overload
def adaptive_max_pool2d(
    input: ArrayLike, output_size: OutputSize, return_indices: Literal[True]
) -> tuple[Array, Indices]: ...
def adaptive_max_pool2d(
    input: ArrayLike, output_size: OutputSize, return_indices: bool = False
) -> Array | tuple[Array, Indices]:
    """The largest number of each window, with the windows of `adaptive_avg_pool2d`.

        output[n, c, i, j] = largest of input[n, c, y, x] over
            y from floor(i*H / H_out) up to, not including, ceil((i + 1)*H / H_out), and x alike

    A window with a NaN gives NaN.

    Args:
        input, output_size: as in `adaptive_avg_pool2d`.
        return_indices: whether to return, too, where each maximum was found.

    Returns:
        As in `adaptive_avg_pool2d`; with return_indices, a pair: the output and the indices, as in `max_pool2d`.

    Raises:
        ValueError: as in `adaptive_avg_pool2d`.
    """
    a = adaptive_arguments(input, output_size, filled=3)
    output = maxima(a)
    return (output, indices(a, output)) if flag("return_indices", return_indices) else output


@without_warnings
def adaptive_max_pool2d_backward(
    grad_output: ArrayLike, input: ArrayLike, output_size: OutputSize, return_indices: bool = False
) -> Array:
    """The gradient of `adaptive_max_pool2d`: each window sends its own to the cell that won.

        grad_input[n, c, y, x] = sum of grad_output[n, c, i, j] over the windows i, j whose maximum is cell y, x

    Where several cells of a window are equal, the first one in the order of reading gets all, as in PyTorch.

    Args:
        grad_output: the shape of the output.
        input, output_size: as they were given to `adaptive_max_pool2d`.
        return_indices: changes nothing.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `adaptive_max_pool2d`, or grad_output has another shape than the output.
    """
    flag("return_indices", return_indices)
    return maxima_backward(grad_output, adaptive_arguments(input, output_size, filled=3))


@without_warnings
def global_avg_pool2d(input: ArrayLike) -> Array:
    """The mean of each channel: one number says how much of its feature the image has, wherever it is.

        output[n, c] = sum over y, x of input[n, c, y, x] / (H * W)

    `adaptive_avg_pool2d` to 1 x 1, without the two axes of size 1.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.

    Returns:
        (N, C) or (C,), in the dtype of the input.

    Raises:
        ValueError: an input of another shape or an empty one.
    """
    a = adaptive_arguments(input, 1, filled=2)
    return means(a, _divisor(a)).reshape(a.output_shape[:-2])


@without_warnings
def global_avg_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """The gradient of `global_avg_pool2d`: all cells of a channel get the same.

        grad_input[n, c, y, x] = grad_output[n, c] / (H * W)

    Args:
        grad_output: (N, C) or (C,).
        input: as it was given to `global_avg_pool2d`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `global_avg_pool2d`, or grad_output has another shape than the output.
    """
    a = adaptive_arguments(input, 1, filled=2)
    return means_backward(_one_by_one(grad_output, a), a, _divisor(a))


def global_max_pool2d(input: ArrayLike) -> Array:
    """The largest number of each channel: whether its feature is anywhere in the image.

        output[n, c] = largest of input[n, c, y, x] over y, x

    `adaptive_max_pool2d` to 1 x 1, without the two axes of size 1.

    Args:
        input: (N, C, H, W) or (C, H, W). Floats keep their dtype, integers and lists become float64.

    Returns:
        (N, C) or (C,), in the dtype of the input.

    Raises:
        ValueError: an input of another shape or an empty one.
    """
    a = adaptive_arguments(input, 1, filled=3)
    return maxima(a).reshape(a.output_shape[:-2])


@without_warnings
def global_max_pool2d_backward(grad_output: ArrayLike, input: ArrayLike) -> Array:
    """The gradient of `global_max_pool2d`: each channel sends its own to the cell that won, the first of equal ones.

        grad_input[n, c, y, x] = grad_output[n, c] where cell y, x is the maximum, 0 elsewhere

    Args:
        grad_output: (N, C) or (C,).
        input: as it was given to `global_max_pool2d`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `global_max_pool2d`, or grad_output has another shape than the output.
    """
    a = adaptive_arguments(input, 1, filled=3)
    return maxima_backward(_one_by_one(grad_output, a), a)


def _one_by_one(grad_output: ArrayLike, a: PoolArguments[AdaptiveWindows]) -> Array:
    """The gradient of a global pooling, (N, C) or (C,), with the two axes of size 1 again."""
    return as_grad(grad_output, a.output_shape[:-2], a.input.dtype)[..., None, None]


def _divisor(a: PoolArguments[AdaptiveWindows]) -> Divisor:
    """H_out, W_out: how many cells each window has."""
    return np.outer(a.rows.lengths(), a.columns.lengths())
