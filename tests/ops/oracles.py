"""What the ops are held against: central differences, and PyTorch."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

STEP = 0.01  # not smaller: every function here is linear in each of its inputs, so only rounding is to be feared


def central_differences(loss: Callable[[], float], x: np.ndarray) -> np.ndarray:
    """The gradient of `loss`, which reads `x`, with respect to every entry of `x`."""
    gradient = np.zeros_like(x)
    for cell in np.ndindex(x.shape):
        kept = x[cell]
        x[cell] = kept + STEP
        above = loss()
        x[cell] = kept - STEP
        below = loss()
        x[cell] = kept
        gradient[cell] = (above - below) / (2 * STEP)
    return gradient


def check_by_central_differences(
    forward: Callable[..., np.ndarray], backward: Callable[..., Any], arrays: Sequence[np.ndarray], **settings: Any
) -> None:
    """Asserts that `backward` returns the gradients of sum(g * forward(*arrays)) for a random g."""
    g = random(*forward(*arrays, **settings).shape, seed=99)
    gradients = backward(g, *arrays, **settings)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for x, gradient in zip(arrays, gradients, strict=False):  # no gradient is returned for a bias that is None
        expected = central_differences(lambda: float((g * forward(*arrays, **settings)).sum()), x)
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)


def by_torch(
    forward: Callable[..., torch.Tensor], arrays: Sequence[np.ndarray], **settings: Any
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """PyTorch's output, the gradient sent into it (all different), and the gradients of `arrays`."""
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    output = forward(*tensors, **settings)
    g = random(*output.shape, seed=98).astype(arrays[0].dtype)
    output.backward(torch.from_numpy(g))
    return output.detach().numpy(), g, [np.asarray(tensor.grad) for tensor in tensors]


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)
