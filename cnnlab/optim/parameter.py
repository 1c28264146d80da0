"""What training changes: numbers with their gradient."""

from __future__ import annotations  # so that help() says ArrayLike, not its long definition

import numpy as np

from cnnlab.ops._arguments import Array, ArrayLike, as_array


class Parameter:
    """Numbers that training changes: their `value`, and `grad`, the gradient of the loss with respect to them.

    Args:
        value: floats keep their dtype, integers and lists become float64. It is copied.

    Raises:
        ValueError: value does not hold real numbers.
    """

    def __init__(self, value: ArrayLike) -> None:
        self.value: Array = np.array(as_array("value", value), order="C")
        self.grad: Array = np.zeros_like(self.value)

    def zero_grad(self) -> None:
        """Forgets the gradient. Until then every backward pass adds its own to what is there, as in PyTorch."""
        self.grad = np.zeros_like(self.value)

    def __repr__(self) -> str:
        return f"Parameter({self.value!r})"
