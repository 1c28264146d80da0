"""What the ops are held against: central differences, and PyTorch."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from cnnlab.gradcheck import gradcheck


def check_by_central_differences(
    forward: Callable[..., Any], backward: Callable[..., Any], arrays: Sequence[np.ndarray], **settings: Any
) -> None:
    """Asserts that `backward` returns the gradients of a random loss, over every entry of `arrays`."""

    def gradients(g: np.ndarray, *given: np.ndarray, **settings: Any) -> tuple[Any, ...]:
        returned = backward(g, *given, **settings)
        return returned[: len(given)] if isinstance(returned, tuple) else (returned,)  # no bias was given: it is None

    found = gradcheck(forward, gradients, *arrays, **settings)
    assert found, str(found)


def by_torch(
    forward: Callable[..., torch.Tensor], arrays: Sequence[np.ndarray], **settings: Any
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """PyTorch's output, the gradient sent into it (all different), and the gradients of `arrays`."""
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    output = forward(*tensors, **settings)
    g = np.asarray(random(*output.shape, seed=98), dtype=arrays[0].dtype)
    output.backward(torch.from_numpy(g))
    return output.detach().numpy(), g, [np.asarray(tensor.grad) for tensor in tensors]


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)
