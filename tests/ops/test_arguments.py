"""The checks that every op starts with: numbers, pairs, padding and the dtype of arrays that meet."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab.ops import _arguments as arguments


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), [3, 3], (3,), np.array([3, 3]), np.array(3)])
def test_a_pair_comes_from_a_number_or_a_sequence(value: Any) -> None:
    numbers = arguments.pair("stride", value)
    assert numbers == (3, 3)
    assert [type(number) for number in numbers] == [int, int]


def test_a_pair_keeps_its_order_and_its_minimum() -> None:
    assert arguments.pair("padding", (0, 2)) == (0, 2)
    with pytest.raises(ValueError, match="stride must be at least 1, but is 0"):
        arguments.pair("stride", (2, 0), minimum=1)


@pytest.mark.parametrize(
    ("padding", "kernel", "dilation", "sides"),
    [
        (1, (3, 3), (1, 1), ((1, 1), (1, 1))),
        ((0, 2), (3, 3), (1, 1), ((0, 0), (2, 2))),
        ("valid", (3, 5), (1, 1), ((0, 0), (0, 0))),
        ("same", (3, 5), (1, 1), ((1, 1), (2, 2))),
        ("same", (2, 4), (1, 1), ((0, 1), (1, 2))),
        ("same", (3, 2), (2, 3), ((2, 2), (1, 2))),
        ("same", (1, 1), (9, 9), ((0, 0), (0, 0))),
        ("same", (4,), (1,), ((1, 2),)),
    ],
)
def test_padding_is_turned_into_cells_before_and_after(padding: Any, kernel: Any, dilation: Any, sides: Any) -> None:
    assert arguments.conv_padding(padding, kernel, (1,) * len(kernel), dilation) == sides


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "counts"),
    [
        ((5, 5), (3, 3), (1, 1), (1, 1), (3, 3)),
        ((8, 7), (3, 2), (2, 3), (2, 1), (2, 2)),
        ((3,), (3,), (7,), (1,), (1,)),
    ],
)
def test_windows_are_counted_by_the_formula(size: Any, kernel: Any, stride: Any, dilation: Any, counts: Any) -> None:
    assert arguments.window_counts(size, kernel, stride, dilation) == counts


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([[1], [2]], "float64"),
        ([np.array([1]), np.array([2.0], "float32")], "float32"),
        ([[1.5], np.array([2.0], "float16")], "float16"),
        ([np.float64(1), np.array([2.0], "float32")], "float32"),  # a single number has no say either
        ([np.array([1.0], ">f8"), np.array([2.0], "<f8")], "float64"),
    ],
)
def test_arrays_that_meet_get_one_dtype(values: list[Any], dtype: str) -> None:
    first, second = arguments.as_arrays({"a": values[0], "b": values[1]})
    assert first.dtype == second.dtype == dtype
    assert first.dtype.isnative and second.dtype.isnative


def test_arrays_of_two_float_dtypes_are_refused_with_both_names() -> None:
    a, b = np.zeros(1), np.zeros(1, "float32")
    with pytest.raises(ValueError, match="a is float64 but b is float32: convert them to the same dtype"):
        arguments.as_arrays({"a": a, "b": b})


def test_a_float_array_is_not_copied() -> None:
    x = np.zeros(3, "float32")
    assert np.shares_memory(arguments.as_array("x", x), x)


def test_subclasses_of_arrays_and_of_tensors_are_known_for_what_they_are() -> None:
    class Named(torch.Tensor):
        pass

    assert arguments.is_torch_tensor(torch.zeros(1).as_subclass(Named))
    assert not arguments.is_torch_tensor(np.zeros(1))
    masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])
    assert type(arguments.as_array("x", masked)) is np.ndarray
