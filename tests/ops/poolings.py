"""What the tests of the poolings share."""

from typing import Any

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.ops import reference

Shape = tuple[int, ...]
Settings = dict[str, Any]

WITH_LOOPS = pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])


def distinct(*shape: int, dtype: str = "float64") -> np.ndarray:
    """Numbers of both signs that all differ by at least one: a nudge changes no maximum."""
    count = int(np.prod(shape))
    return (np.random.default_rng(1).permutation(count) - count // 2).reshape(shape).astype(dtype)


def functions(name: str, module: Any = ops) -> tuple[Any, Any]:
    """A pooling and its gradient."""
    return getattr(module, name), getattr(module, f"{name}_backward")
