"""Dropout: in training, each number is set to zero with probability p, so that no unit can rely on another.

Half of the numbers gone means half of the sum in the next layer. There are two ways to make up for it, and one uses
either of them, never both:

    dropout (inverted)      training: input * mask / (1 - p)    afterwards: input
    non_inverted_dropout    training: input * mask              afterwards: input * (1 - p)

In both, 1 - p is the probability that a number is kept, so that an output has the same mean in training as afterwards.
PyTorch has the first one; the paper has the second one, and mentions the first in section 10.

Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout: a simple way to prevent neural networks from
overfitting, Journal of Machine Learning Research 15 (2014), section 4. (Its p is the probability to keep.)
"""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np
import numpy.typing as npt

from cnnlab.ops._arguments import (
    Array,
    ArrayLike,
    Ints,
    as_array,
    as_grad,
    check_size,
    computed,
    flag,
    float_dtype,
    generator,
    integer,
    is_sequence,
)
from cnnlab.ops._numbers import real, without_warnings


def dropout_mask(shape: Ints, p: float, *, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64) -> Array:
    """Which numbers are kept: each entry is 0 with probability p and else 1, whatever the others are.

    Args:
        shape: one size, or a sequence of them.
        p: the probability of a 0.
        rng: such as np.random.default_rng(0). The same seed gives the same mask in every dtype.
        dtype: float16, float32 or float64.

    Returns:
        An array of zeros and ones (1 is kept).

    Raises:
        ValueError: p is not between 0 and 1, rng is no generator, a size is negative, or dtype is another one.
    """
    p = real("p", p, 0, 1)
    size = tuple(integer("shape", n) for n in (shape if is_sequence(shape) else (shape,)))  # type: ignore[arg-type]
    check_size("shape", size)
    return (generator(rng).random(size) >= p).astype(float_dtype("dtype", dtype))


@without_warnings
def dropout(
    input: ArrayLike,
    p: float = 0.5,
    training: bool = True,
    *,
    mask: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Array:
    """Inverted dropout: what is kept in training grows, so that nothing needs to be done afterwards.

        output = input * mask / (1 - p) in training, else input

    With p = 1 nothing is kept, and the output is zero.

    Args:
        input: any shape. Floats keep their dtype, integers become float64.
        p: the probability that a number is dropped.
        training: False returns the input as it is (a copy).
        mask: the shape of the input, 1 for what is kept and 0 for what is dropped, as from `dropout_mask`.
        rng: draws a mask. In training, one of mask and rng must be given, unless p is 0.

    Returns:
        The shape and dtype of the input.

    Raises:
        ValueError: p is not between 0 and 1; in training, neither mask nor rng is given, or both are; a mask of
            another shape, or one that holds other numbers than 0 and 1.
    """
    x, p = as_array("input", input), real("p", p, 0, 1)
    if not flag("training", training):
        return x.copy()
    kept = computed(x) * _mask(x, p, mask, rng)
    return np.asarray(kept / (1 - p) if p < 1 else 0 * kept).astype(x.dtype, copy=False)


@without_warnings
def dropout_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    p: float = 0.5,
    training: bool = True,
    *,
    mask: ArrayLike | None = None,
) -> Array:
    """The gradient of `dropout`: it passes where the number was kept, and grows by the same factor.

        grad_input = grad_output * mask / (1 - p) in training, else grad_output

    Args:
        grad_output: the shape of the output.
        input, p, training: as they were given to `dropout`.
        mask: the one that `dropout` used: draw it first, with `dropout_mask`, and give it to both.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `dropout`, or grad_output has another shape than the output.
    """
    x = as_array("input", input)
    return dropout(as_grad(grad_output, x.shape, x.dtype), p, training, mask=_known(mask, p, training))


@without_warnings
def non_inverted_dropout(
    input: ArrayLike,
    p: float = 0.5,
    training: bool = True,
    *,
    mask: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Array:
    """Dropout as in the paper: what is kept in training stays as it is, and afterwards everything is made smaller.

        output = input * mask in training, else input * (1 - p)

    The factor afterwards is 1 - p, the probability to be kept. (It equals p for p = 0.5 only.) In a linear layer it
    may as well be applied to the weights, as the paper does.

    Args:
        input, p, mask, rng: as in `dropout`.
        training: False scales the input.

    Returns:
        The shape and dtype of the input.

    Raises:
        ValueError: as in `dropout`.
    """
    x, p = as_array("input", input), real("p", p, 0, 1)
    factor = _mask(x, p, mask, rng) if flag("training", training) else 1 - p
    return np.asarray(computed(x) * factor).astype(x.dtype, copy=False)


@without_warnings
def non_inverted_dropout_backward(
    grad_output: ArrayLike,
    input: ArrayLike,
    p: float = 0.5,
    training: bool = True,
    *,
    mask: ArrayLike | None = None,
) -> Array:
    """The gradient of `non_inverted_dropout`.

        grad_input = grad_output * mask in training, else grad_output * (1 - p)

    Args:
        grad_output: the shape of the output.
        input, p, training: as they were given to `non_inverted_dropout`.
        mask: the one that `non_inverted_dropout` used, as in `dropout_backward`.

    Returns:
        grad_input, the shape of the input.

    Raises:
        ValueError: as in `dropout`, or grad_output has another shape than the output.
    """
    x = as_array("input", input)
    grad = as_grad(grad_output, x.shape, x.dtype)
    return non_inverted_dropout(grad, p, training, mask=_known(mask, p, training))


# ---- checks --------------------------------------------------------------------------------------


def _mask(x: Array, p: float, mask: ArrayLike | None, rng: np.random.Generator | None) -> Array:
    """The mask given, or one drawn now, in the dtype that x is computed in."""
    if mask is not None and rng is not None:
        raise ValueError("mask and rng are both given: give the mask to use, or the rng to draw one, not both")
    if rng is not None:
        return dropout_mask(x.shape, p, rng=rng, dtype=computed(x).dtype)
    if mask is None:
        if p > 0:
            raise ValueError(
                "rng is needed to draw what is dropped in training, but is None: give "
                "rng=np.random.default_rng(0), or a mask of zeros and ones"
            )
        return np.ones(x.shape, computed(x).dtype)
    given = as_array("mask", mask)
    if given.shape != x.shape:
        raise ValueError(f"mask must have the shape of the input, {x.shape}, but has {given.shape}")
    other = given[(given != 0) & (given != 1)]
    if other.size:
        raise ValueError(f"mask must hold 0 (dropped) and 1 (kept) only, but holds {other.flat[0]:g}")
    return given.astype(computed(x).dtype, copy=False)


def _known(mask: ArrayLike | None, p: float, training: bool) -> ArrayLike | None:
    """The mask of the forward pass, which the gradient cannot do without."""
    if mask is None and flag("training", training) and real("p", p, 0, 1) > 0:
        raise ValueError(
            "mask is needed for the gradient in training, but is None: draw it with dropout_mask, and give it to the "
            "forward pass, too"
        )
    return mask
