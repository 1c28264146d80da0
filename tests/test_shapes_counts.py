"""Parameters, work and memory: the decks' counts, and PyTorch's layers counted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from torch import nn

from cnnlab import shapes
from cnnlab.shapes import (
    activation_bytes,
    batch_norm_parameters,
    conv_macs,
    conv_parameters,
    conv_transpose_macs,
    linear_macs,
    linear_parameters,
    pool_operations,
)
from tests.formulas import evaluated
from tests.worked import example

VGG16 = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)  # filters of its convolutions, all 3 x 3

# function, arguments, the derivation as a person would write it
DERIVATIONS = [
    ("conv_parameters", (3, 10, 5), {}, "parameters = (k·k·C + 1)·F = (5·5·3 + 1)·10 = 760"),
    ("conv_parameters", (3, 10, 5), {"bias": False}, "parameters = k·k·C·F = 5·5·3·10 = 750"),
    ("conv_parameters", (4, 6, (3, 1)), {"groups": 2}, "parameters = (k₁·k₂·C / g + 1)·F = (3·1·4 / 2 + 1)·6 = 42"),
    ("conv_parameters", (4, 6, 3), {"groups": 2, "bias": False}, "parameters = (k·k·C / g)·F = (3·3·4 / 2)·6 = 108"),
    ("linear_parameters", (128, 10), {}, "parameters = (n + 1)·m = (128 + 1)·10 = 1290"),
    ("linear_parameters", (128, 10), {"bias": False}, "parameters = n·m = 128·10 = 1280"),
    ("batch_norm_parameters", (16,), {}, "parameters = 2·C = 2·16 = 32"),
    ("conv_macs", (28, 3, 6, 5), {}, "MACs = F·H·W·k·k·C = 6·28·28·5·5·3 = 352800"),
    ("conv_macs", ((2, 4), 4, 6, (1, 3)), {"groups": 2}, "MACs = F·H·W·k₁·k₂·C / g = 6·2·4·1·3·4 / 2 = 288"),
    ("conv_transpose_macs", (4, 3, 6, 2), {}, "MACs = C·H·W·k·k·F = 3·4·4·2·2·6 = 1152"),
    ("conv_transpose_macs", (4, 4, 6, 2), {"groups": 2}, "MACs = C·H·W·k·k·F / g = 4·4·4·2·2·6 / 2 = 768"),
    ("linear_macs", (128, 10), {}, "MACs = n·m = 128·10 = 1280"),
    ("pool_operations", (16, 64, 2), {}, "operations = (k·k − 1)·C·H·W = (2·2 − 1)·64·16·16 = 49152"),
    ("activation_bytes", ((8, 64, 32, 32),), {}, "bytes = N·C·H·W·b = 8·64·32·32·4 = 2097152"),
    ("activation_bytes", ((3, 5, 7), "float64"), {}, "bytes = C·H·W·b = 3·5·7·8 = 840"),
    ("activation_bytes", ((8, 10), np.float16), {}, "bytes = N·C·b = 8·10·2 = 160"),
    ("activation_bytes", ((9,), "uint8"), {}, "bytes = n₁·b = 9·1 = 9"),
    ("activation_bytes", ((2, 3, 4, 5, 6),), {}, "bytes = n₁·n₂·n₃·n₄·n₅·b = 2·3·4·5·6·4 = 2880"),
    ("activation_bytes", ((),), {}, "bytes = b = 4 = 4"),
    ("activation_bytes", ((0, 3, 8, 8),), {}, "bytes = N·C·H·W·b = 0·3·8·8·4 = 0"),
]

BAD: list[tuple[Callable[..., int], tuple[Any, ...], dict[str, Any], str]] = [
    (conv_parameters, (0, 4, 3), {}, "in_channels must be at least 1, but is 0"),
    (conv_parameters, (3, 0, 3), {}, "out_channels must be at least 1, but is 0"),
    (conv_parameters, (3, 4, 0), {}, "kernel_size must be at least 1, but is 0"),
    (conv_parameters, (3, 4, (3, 3, 3)), {}, "kernel_size must be one whole number or 2 of them"),
    (conv_parameters, (3, 4, 3), {"groups": 0}, "groups must be at least 1, but is 0"),
    (conv_parameters, (3, 4, 3), {"groups": 2}, "groups must divide in_channels, 3, but is 2"),
    (conv_parameters, (4, 3, 3), {"groups": 2}, "groups must divide out_channels, 3, but is 2"),
    (conv_parameters, (3.0, 4, 3), {}, "in_channels must be a whole number, but is 3.0"),
    (linear_parameters, (0, 4), {}, "in_features must be at least 1, but is 0"),
    (linear_parameters, (4, -1), {}, "out_features must be at least 1, but is -1"),
    (batch_norm_parameters, (0,), {}, "num_features must be at least 1, but is 0"),
    (conv_macs, (0, 3, 4, 3), {}, "output_size must be at least 1, but is 0"),
    (conv_macs, (8, 3, 4, 3), {"groups": 3}, "groups must divide out_channels, 4, but is 3"),
    (conv_transpose_macs, (0, 3, 4, 3), {}, "input_size must be at least 1, but is 0"),
    (conv_transpose_macs, (8, 3, 4, 3), {"groups": 3}, "groups must divide out_channels, 4, but is 3"),
    (linear_macs, (0, 4), {}, "in_features must be at least 1, but is 0"),
    (linear_macs, (4, 0), {}, "out_features must be at least 1, but is 0"),
    (pool_operations, (0, 3, 2), {}, "output_size must be at least 1, but is 0"),
    (pool_operations, (8, 0, 2), {}, "channels must be at least 1, but is 0"),
    (pool_operations, (8, 3, 0), {}, "kernel_size must be at least 1, but is 0"),
    (activation_bytes, (8,), {}, r"shape must be a sequence such as \(N, C, H, W\), but is 8"),
    (conv_parameters, (3, 8, 3), {"bias": "no"}, "bias must be True or False, but is 'no'"),
    (linear_parameters, (3, 8), {"bias": "no"}, "bias must be True or False, but is 'no'"),
    (activation_bytes, ("88",), {}, r"shape must be a sequence such as \(N, C, H, W\), but is '88'"),
    (activation_bytes, ((8, -1),), {}, "shape must be at least 0, but is -1"),
    (activation_bytes, ((8,), "float31"), {}, "dtype must be a NumPy dtype of numbers .*, but is 'float31'"),
    (activation_bytes, ((8,), object), {}, "dtype must be a NumPy dtype of numbers"),
    (activation_bytes, ((8,), torch.float32), {}, "dtype must be a NumPy dtype of numbers .*, but is torch.float32"),
]


def learned(layer: nn.Module) -> int:
    return sum(parameter.numel() for parameter in layer.parameters())


@pytest.mark.parametrize(("name", "arguments", "settings", "text"), DERIVATIONS)
def test_a_derivation_reads_as_a_person_would_write_it(
    name: str, arguments: tuple[Any, ...], settings: dict[str, Any], text: str
) -> None:
    derivation = getattr(shapes, f"{name}_derivation")(*arguments, **settings)
    assert str(derivation) == text
    assert evaluated(derivation) == derivation.result == getattr(shapes, name)(*arguments, **settings)


@pytest.mark.parametrize(("function", "arguments", "settings", "words"), BAD)
def test_what_cannot_work_says_why(
    function: Callable[..., int], arguments: tuple[Any, ...], settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        function(*arguments, **settings)


# ---- the decks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worked", ["A-params-conv", "B-params", "D-Q6"])
def test_a_convolution_learns_as_many_numbers_as_on_the_slide(worked: str) -> None:
    entry = example(worked)["given"]
    assert conv_parameters(entry["c_in"], entry["c_out"], entry["k"]) == example(worked)["expect"]["params"]


def test_one_filter_of_five_by_five_on_color_learns_76_numbers() -> None:
    assert conv_parameters(3, 1, 5) == example("B-params")["expect"]["per_filter"] == 5 * 5 * 3 + 1


def test_ten_filters_with_padding_learn_as_many_as_without() -> None:
    assert conv_parameters(3, 10, 5) == example("E-ten")["expect"]["params"]


def test_six_filters_learn_456_numbers_450_of_them_weights() -> None:
    expect = example("C-six-filters")["expect"]
    assert conv_parameters(3, 6, 5) == expect["params_with_bias"]
    assert conv_parameters(3, 6, 5, bias=False) == expect["weights"]
    assert conv_parameters(3, 1, 5, bias=False) == expect["weights_per_filter"]
    assert linear_parameters(32 * 32 * 3, 1000, bias=False) == expect["mlp_1000_weights"]


def test_the_small_dense_network_learns_26_numbers() -> None:
    expect, (n, hidden, m) = example("A-params-mlp")["expect"], example("A-params-mlp")["given"]["layers"]
    assert linear_parameters(n, hidden) == expect["hidden"]
    assert linear_parameters(hidden, m) == expect["output"]
    assert linear_parameters(n, hidden) + linear_parameters(hidden, m) == expect["total"]


def test_a_dense_layer_of_128_to_10_learns_1290_numbers() -> None:
    assert linear_parameters(128, 10) == example("D-Q7")["expect"]["params"]


def test_three_layers_add_up() -> None:
    parts = [conv_parameters(3, 16, 3), conv_parameters(16, 32, 3), linear_parameters(512, 10)]
    assert parts == example("D-Q19")["expect"]["parts"]
    assert sum(parts) == example("D-Q19")["expect"]["total"]


def test_a_flattened_photo_needs_150_million_weights() -> None:
    expect = example("C-flatten")["expect"]
    assert linear_parameters(expect["inputs"], 1000, bias=False) == expect["weights"]


def test_a_dense_layer_between_two_images_has_four_billion_weights_and_a_kernel_nine() -> None:
    expect = example("E-dense-vs-conv")["expect"]
    assert linear_parameters(256 * 256, 256 * 256, bias=False) == expect["dense_weights"]
    assert conv_parameters(1, 1, 3, bias=False) == expect["conv_weights"]


def test_the_exam_network_learns_2356_numbers() -> None:
    convolutions = conv_parameters(1, 8, 3) + conv_parameters(8, 16, 3)
    dense = linear_parameters(16 * 2 * 2, 16) + linear_parameters(16, 4)
    assert convolutions + dense == example("B-exam")["expect"]["params_total"]


def test_lenet_learns_61706_numbers() -> None:
    convolutions = conv_parameters(1, 6, 5) + conv_parameters(6, 16, 5) + conv_parameters(16, 120, 5)
    dense = linear_parameters(120, 84) + linear_parameters(84, 10)
    assert convolutions + dense == example("E-lenet")["expect"]["params_full_c3"]


def test_vgg16_learns_138_million_numbers_most_of_them_in_its_first_dense_layer() -> None:
    expect = example("B-vgg16")["expect"]
    convolutions = sum(conv_parameters(c, f, 3) for c, f in zip((3, *VGG16), VGG16, strict=False))
    dense = [linear_parameters(n, m) for n, m in [(expect["flat"], 4096), (4096, 4096), (4096, 1000)]]
    assert convolutions + sum(dense) == expect["params"] == 138_357_544
    assert dense[0] > expect["params"] / 2


# ---- PyTorch -----------------------------------------------------------------------------------------------------

SMALL = st.integers(1, 4)
KERNEL = st.integers(1, 3) | st.tuples(st.integers(1, 3), st.integers(1, 3))


@run_with(deadline=None)
@given(SMALL, SMALL, SMALL, KERNEL, st.booleans())
def test_a_convolution_learns_as_many_numbers_as_pytorchs(
    groups: int, c: int, f: int, kernel_size: int | tuple[int, int], bias: bool
) -> None:
    channels = c * groups, f * groups, kernel_size
    counted = conv_parameters(*channels, groups=groups, bias=bias)
    assert counted == learned(nn.Conv2d(*channels, groups=groups, bias=bias))
    assert counted == learned(nn.ConvTranspose2d(*channels, groups=groups, bias=bias))


def test_a_kernel_of_one_dimension_is_counted_as_one_row() -> None:
    assert conv_parameters(3, 4, (1, 5)) == learned(nn.Conv1d(3, 4, 5))


@pytest.mark.parametrize("bias", [True, False])
def test_a_dense_layer_learns_as_many_numbers_as_pytorchs(bias: bool) -> None:
    assert linear_parameters(7, 5, bias=bias) == learned(nn.Linear(7, 5, bias=bias))


def test_batch_normalization_learns_as_many_numbers_as_pytorchs_and_measures_as_many() -> None:
    layer = nn.BatchNorm2d(6)
    assert batch_norm_parameters(6) == learned(layer) == layer.running_mean.numel() + layer.running_var.numel()


@run_with(deadline=None)
@given(SMALL, SMALL, SMALL, KERNEL, st.integers(3, 6), st.integers(3, 6))
def test_the_macs_are_the_products_that_a_layer_sums(
    groups: int, c: int, f: int, kernel_size: int | tuple[int, int], height: int, width: int
) -> None:
    channels = c * groups, f * groups, kernel_size
    x = torch.ones(1, c * groups, height, width)
    # With ones everywhere an output cell is the number of products in it.
    y = ones(nn.Conv2d(*channels, groups=groups, bias=False))(x)
    assert conv_macs(tuple(y.shape[2:]), *channels, groups=groups) == y.sum()
    y = ones(nn.ConvTranspose2d(*channels, groups=groups, bias=False))(x)
    assert conv_transpose_macs((height, width), *channels, groups=groups) == y.sum()


def test_the_macs_of_a_dense_layer_are_the_products_that_it_sums() -> None:
    assert linear_macs(7, 5) == ones(nn.Linear(7, 5, bias=False))(torch.ones(1, 7)).sum()


def ones(layer: nn.Module) -> nn.Module:
    for parameter in layer.parameters():
        nn.init.ones_(parameter)
    return layer


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8", "bool"])
def test_an_activation_takes_the_bytes_that_numpy_gives_it(dtype: str) -> None:
    assert activation_bytes((2, 3, 4, 5), dtype) == np.zeros((2, 3, 4, 5), dtype).nbytes
    assert activation_bytes([2, 3], np.dtype(dtype)) == np.zeros((2, 3), dtype).nbytes


def test_the_largest_of_four_takes_three_comparisons() -> None:
    assert pool_operations((1, 1), 1, 2) == 3
    assert pool_operations((5, 4), 3, (1, 2)) == 5 * 4 * 3
    assert pool_operations(5, 3, 1) == 0
