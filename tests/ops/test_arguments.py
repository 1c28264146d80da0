"""The checks that every op starts with: numbers, pairs, padding and the dtype of arrays that meet."""

from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import ops
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
        ([np.float64(1), np.array([2.0], "float32")], "float32"),  # a single number has no say beside an array
        ([np.float32(1), [2.0]], "float32"),  # but it has beside what has no dtype
        ([np.float32(1), 2], "float32"),
        ([np.float16(1), np.array([2])], "float16"),
        ([np.int64(1), 2], "float64"),
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


def test_single_numbers_of_two_float_dtypes_are_refused_like_arrays() -> None:
    with pytest.raises(ValueError, match="a is float32 but b is float16: convert them to the same dtype"):
        arguments.as_arrays({"a": np.float32(1), "b": np.float16(1)})


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_single_number_of_numpy_keeps_its_dtype(dtype: str) -> None:
    assert arguments.as_array("x", np.ones(3, dtype).sum()).dtype == dtype


FORWARD = [ops.relu, ops.leaky_relu, ops.sigmoid, ops.tanh, ops.softmax, ops.log_softmax, ops.pad]
FORWARD += [ops.dropout, ops.non_inverted_dropout]
BACKWARD = [ops.relu_backward, ops.leaky_relu_backward, ops.sigmoid_backward, ops.tanh_backward, ops.softmax_backward]
BACKWARD += [ops.log_softmax_backward, ops.pad_backward, ops.dropout_backward, ops.non_inverted_dropout_backward]
SETTINGS: dict[str, Any] = {"softmax": {"dim": 0}, "pad": {"pad": ()}, "dropout": {"mask": 1}}


@pytest.mark.parametrize("function", [*FORWARD, *BACKWARD], ids=lambda function: function.__name__)
@pytest.mark.parametrize(("x", "dtype"), [(2, "float64"), (2.0, "float64"), (np.float16(2), "float16")])
def test_a_single_number_gives_an_array_without_axes(function: Any, x: Any, dtype: str) -> None:
    settings = next((s for word, s in SETTINGS.items() if word in function.__name__), {})
    result = function(*([1.0] if function in BACKWARD else []), x, **settings)
    assert isinstance(result, np.ndarray) and result.shape == () and result.dtype == dtype


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "hinge_loss", "binary_cross_entropy_with_logits"])
def test_the_losses_of_a_single_number_are_an_array_without_axes(name: str) -> None:
    losses = getattr(ops, name)(2.0, 1.0, reduction="none")
    assert isinstance(losses, np.ndarray) and losses.shape == ()
    assert isinstance(getattr(ops, name)(2.0, 1.0), np.float64)  # a mean is a number


@pytest.mark.parametrize("dtype", ["foo", "", "a", 1, int, "float32,float32", {}, complex])
def test_a_dtype_that_is_no_float_is_refused(dtype: Any) -> None:
    with pytest.raises(ValueError, match="dtype must be one of 'float16', 'float32', 'float64', but is "):
        arguments.float_dtype("dtype", dtype)


@pytest.mark.parametrize("value", [np.array(["mean", "sum"]), ["mean"], np.array("mean"), {}, None])
def test_a_word_must_be_a_word(value: Any) -> None:
    with pytest.raises(ValueError, match="reduction must be one of 'mean', 'sum', but is "):
        arguments.one_of("reduction", value, ("mean", "sum"))


@pytest.mark.parametrize("value", [[1, 2], (1, 2), range(1, 3), np.array([1, 2])])
def test_several_numbers_come_as_a_list_a_tuple_a_range_or_an_array(value: Any) -> None:
    x, rng = np.arange(16.0).reshape(1, 4, 4), np.random.default_rng(0)
    assert arguments.is_sequence(value)
    assert ops.sliding_windows(x, value).shape == (1, 4, 3, 1, 2)
    assert ops.unfold(x, value).shape == (2, 12)
    assert ops.adaptive_avg_pool2d(x, value).shape == (1, 1, 2)
    assert ops.pad(x, value).shape == (1, 4, 7)
    assert ops.layer_norm(np.ones((3, 1, 2)), value).shape == (3, 1, 2)
    assert ops.dropout_mask(value, 0.5, rng=rng).shape == ops.kaiming_normal(value, rng=rng).shape == (1, 2)


def test_an_array_without_axes_is_a_number_and_no_sequence() -> None:
    x = np.arange(16.0).reshape(1, 4, 4)
    np.testing.assert_array_equal(ops.adaptive_max_pool2d(x, np.array(2)), ops.adaptive_max_pool2d(x, 2))
    np.testing.assert_array_equal(ops.sliding_windows(x, np.array(2)), ops.sliding_windows(x, 2))
    np.testing.assert_array_equal(ops.unfold(x, np.array(2)), ops.unfold(x, 2))


@pytest.mark.parametrize("stride", [5, 2**31 - 1])
def test_a_step_over_the_end_is_as_good_as_any(stride: int) -> None:
    x, w = np.arange(16.0).reshape(1, 4, 4), np.ones((1, 1, 2, 2))
    assert ops.conv2d(x, w, stride=stride).tolist() == [[[0 + 1 + 4 + 5]]]
    assert ops.conv2d_backward(np.ones((1, 1, 1)), x, w, stride=stride)[0].sum() == 4
    assert ops.max_pool2d(x, 2, stride).tolist() == [[[5]]]
    assert ops.sliding_windows(x, 2, stride).tolist() == [[[[[0, 1], [4, 5]]]]]
    assert ops.avg_pool2d(x, 2, stride).tolist() == [[[(0 + 1 + 4 + 5) / 4]]]
    assert ops.unfold(x, 2, stride=stride).tolist() == [[0], [1], [4], [5]]


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
