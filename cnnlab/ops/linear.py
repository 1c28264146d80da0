"""The fully connected layer: every output is a weighted sum of all inputs.

Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.1; gradients: section 6.5.
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

from math import prod

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_arrays, as_grad, computed
from cnnlab.ops._numbers import without_warnings


@without_warnings
def linear(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """A fully connected (dense) layer: input @ weight.T + bias.

        output[..., o] = bias[o] + sum over i of weight[o, i] * input[..., i]

    Args:
        input: (..., I), with any leading axes or none. Floats keep their dtype; integers and lists follow the
            floats they meet, and become float64 on their own.
        weight: (O, I): a row for each output; or (I,) for a single output without an axis of its own.
        bias: (O,), or a single number, or None.

    Returns:
        (..., O), or (...) with a weight of one axis; in the dtype of the input.

    Raises:
        ValueError: shapes that do not fit together.
    """
    x, w, b = _linear_arguments(input, weight, bias)
    *lead, inputs = x.shape
    out = np.asarray(computed(x).reshape(prod(lead), inputs) @ computed(w).T)  # one product, whatever the leading axes
    if b is not None:
        out += computed(b)
    return out.reshape((*lead, *w.shape[:-1])).astype(x.dtype, copy=False)


@without_warnings
def linear_backward(
    grad_output: ArrayLike, input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None
) -> tuple[Array, Array, Array | None]:
    """The gradients of a loss with respect to the inputs of `linear`, given that to its output.

        grad_input[..., i] = sum over o of grad_output[..., o] * weight[o, i]
        grad_weight[o, i] = sum over the leading axes of grad_output[..., o] * input[..., i]
        grad_bias[o] = sum over the leading axes of grad_output[..., o]

    Args:
        grad_output: the shape of the output.
        input, weight, bias: as they were given to `linear`.

    Returns:
        (grad_input, grad_weight, grad_bias), each in the shape of its argument; grad_bias is None without a bias.

    Raises:
        ValueError: as in `linear`, or grad_output has another shape than the output.
    """
    x, w, b = _linear_arguments(input, weight, bias)
    *lead, inputs = x.shape
    rows, outputs = prod(lead), prod(w.shape[:-1])
    grad = computed(as_grad(grad_output, (*lead, *w.shape[:-1]), x.dtype)).reshape(rows, outputs)
    grad_input = grad @ computed(w).reshape(outputs, inputs)
    grad_weight = grad.T @ computed(x).reshape(rows, inputs)
    grad_bias = None if b is None else np.asarray(grad.sum(axis=0 if b.ndim else None)).astype(x.dtype, copy=False)
    return (
        grad_input.reshape(x.shape).astype(x.dtype, copy=False),
        grad_weight.reshape(w.shape).astype(x.dtype, copy=False),
        grad_bias,
    )


def _linear_arguments(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None) -> tuple[Array, Array, Array | None]:
    x, w, *rest = as_arrays({"input": input, "weight": weight} | ({} if bias is None else {"bias": bias}))
    b = rest[0] if rest else None
    if w.ndim not in (1, 2):
        raise ValueError(f"weight must have the axes (outputs, inputs) or (inputs,), but its shape is {w.shape}")
    if x.ndim == 0:
        raise ValueError("input must have at least one axis, its last one the inputs of the layer, but is a number")
    if x.shape[-1] != w.shape[-1]:
        raise ValueError(
            f"input has {x.shape[-1]} numbers along its last axis, but weight of shape {w.shape} needs "
            f"{w.shape[-1]}: the shape of input is {x.shape}"
        )
    if b is not None and b.shape not in ((), w.shape[:-1]):
        wanted = f"one number per output, shape {w.shape[:-1]}" if w.ndim == 2 else "a single number, shape ()"
        raise ValueError(f"bias must hold {wanted}, but its shape is {b.shape}")
    return x, w, b
