"""What every op promises, whatever it computes: read-only inputs, any layout in memory, the dtype kept."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from tests.ops.oracles import random

Op = Callable[..., Any]

LAYOUTS: list[Callable[[np.ndarray], np.ndarray]] = [
    np.asfortranarray,
    lambda x: np.concatenate([x, x], axis=-1)[..., : x.shape[-1]],
    lambda x: x[..., ::-1].copy()[..., ::-1],
    lambda x: np.repeat(x, 2, axis=0)[::2],
]


def results(forward: Op, backward: Op, g: Any, arrays: Sequence[Any], settings: dict[str, Any]) -> list[Any]:
    """The output and all gradients that there are."""
    gradients = backward(g, *arrays, **settings)
    listed = list(gradients) if isinstance(gradients, tuple) else [gradients]
    return [forward(*arrays, **settings), *(gradient for gradient in listed if gradient is not None)]


def check_contract(forward: Op, backward: Op, arrays: Sequence[np.ndarray], **settings: Any) -> None:
    """Asserts the promises on float64 `arrays`, each with an axis at least."""
    g = np.array(random(*np.shape(forward(*arrays, **settings)), seed=97))
    expected = results(forward, backward, g, arrays, settings)
    assert [result.dtype for result in expected] == [np.float64] * len(expected)
    _check_inputs_are_left_alone(forward, backward, g, arrays, settings, expected)
    for layout in LAYOUTS:
        turned = results(forward, backward, layout(g) if g.ndim else g, [layout(x) for x in arrays], settings)
        _check_equal(turned, expected, 1e-12)
    for dtype, tolerance in (("float32", 1e-5), ("float16", 1e-2), (">f4", 1e-5)):
        converted = [x.astype(dtype) for x in arrays]
        found = results(forward, backward, g, converted, settings)
        assert {result.dtype for result in found} == {np.dtype(dtype).newbyteorder("=")}
        _check_equal(found, expected, tolerance)
    _check_equal(results(forward, backward, g.tolist(), [x.tolist() for x in arrays], settings), expected, 1e-12)


def _check_inputs_are_left_alone(
    forward: Op, backward: Op, g: np.ndarray, arrays: Sequence[np.ndarray], settings: dict[str, Any], expected: Any
) -> None:
    frozen = [x.copy() for x in (g, *arrays)]
    for x in frozen:
        x.flags.writeable = False
    found = results(forward, backward, frozen[0], frozen[1:], settings)
    _check_equal(found, expected, 0)
    _check_equal(frozen, [g, *arrays], 0)
    for result in found:
        assert not isinstance(result, np.ndarray) or result.flags.writeable
        assert not any(np.shares_memory(result, x) for x in frozen)


def _check_equal(found: Sequence[Any], expected: Sequence[Any], tolerance: float) -> None:
    assert len(found) == len(expected)
    for ours, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=tolerance, atol=tolerance, strict=False)


def refused(message: str, call: Op, *args: Any, **settings: Any) -> None:
    """Asserts a ValueError with this text in its message."""
    with pytest.raises(ValueError) as caught:
        call(*args, **settings)
    assert message in str(caught.value)
