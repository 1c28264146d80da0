"""Every number that a slide prints, against what the package computes for it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.worked import example

Given = dict[str, Any]
Computed = dict[str, Callable[[Given], dict[str, Any]]]
"""For the id of an example: what computes its numbers, under the names that they have in "expect"."""


def check(id: str, computed: Computed) -> None:
    """Asserts that every number of the example is computed, none left out, and as exactly as its "tol" says."""
    entry = example(id)
    found = computed[id](entry["given"])
    assert found.keys() == entry["expect"].keys()
    for name, expected in entry["expect"].items():
        same(found[name], expected, entry["tol"], name)


def same(found: Any, expected: Any, tol: float, name: str) -> None:
    """Lists number by number, also where the rows differ in length; nothing is broadcast."""
    if isinstance(expected, list):
        assert len(found) == len(expected), f"{name} has {len(found)} entries instead of {len(expected)}"
        for i, (one, other) in enumerate(zip(found, expected, strict=True)):
            same(one, other, tol, f"{name}[{i}]")
    elif isinstance(expected, str):
        assert found == expected, name
    else:
        assert np.ndim(found) == 0, f"{name} must be one number, but has the shape {np.shape(found)}"
        assert found == pytest.approx(expected, rel=0, abs=tol), name


def hwc(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """A shape that ends in (C, H, W), with the channels last."""
    C, H, W = shape[-3:]
    return H, W, C
