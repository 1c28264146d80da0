"""What the poolings cannot do is refused with a sentence that names the argument and its value."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.ops.contract import refused
from tests.ops.poolings import WITH_LOOPS, Shape, functions

ADAPTIVE = ["adaptive_avg_pool2d", "adaptive_max_pool2d"]
GLOBAL = ["global_avg_pool2d", "global_max_pool2d"]


# ---- windows of one size -------------------------------------------------------------------------

SHARED = [  # argument, value, words of the message; an input of (1, 2, 5, 5), kernel_size 3
    ("kernel_size", 0, "kernel_size must be at least 1, but is 0"),
    ("kernel_size", (2, -1), "kernel_size must be at least 1, but is -1"),
    ("kernel_size", 2.0, "kernel_size must be a whole number, but is 2.0"),
    ("kernel_size", True, "kernel_size must be a whole number, but is True"),
    ("kernel_size", None, "kernel_size must be a whole number, but is None"),
    ("kernel_size", (2, 2, 2), "kernel_size must be one whole number or 2 of them, but is (2, 2, 2)"),
    ("kernel_size", 6, "the window covers 6 x 6 but the padded input is only 5 x 5: use a smaller kernel"),
    ("kernel_size", (2, 6), "the window covers 2 x 6 but the padded input is only 5 x 5"),
    ("stride", 0, "stride must be at least 1, but is 0"),
    ("stride", (1, -1), "stride must be at least 1, but is -1"),
    ("stride", 1.5, "stride must be a whole number, but is 1.5"),
    ("stride", 10**30, f"stride must be at most 2147483647, but is {10**30}"),
    ("padding", -1, "padding must be at least 0, but is -1"),
    ("padding", 2, "padding must be at most half the kernel, but is 2 for a kernel_size of 3"),
    ("padding", (1, 2), "padding must be at most half the kernel, but is 2 for a kernel_size of 3"),
    ("padding", "same", "padding must be a whole number, but is 'same'"),
    ("ceil_mode", 1, "ceil_mode must be True or False, but is 1"),
    ("ceil_mode", None, "ceil_mode must be True or False, but is None"),
    ("input", np.zeros((5, 5)), "input must have the axes (N, C, H, W) or (C, H, W), but its shape is (5, 5)"),
    ("input", np.zeros((1, 1, 1, 5, 5)), "input must have the axes (N, C, H, W) or (C, H, W), but its shape is"),
    ("input", np.zeros((1, 0, 5, 5)), "input must not be empty (only the batch may be), but its shape is (1, 0, 5, 5)"),
    ("input", np.zeros((2, 0, 5)), "input must not be empty (only the batch may be), but its shape is (2, 0, 5)"),
    ("input", torch.zeros(1, 2, 5, 5), "input must be a NumPy array, but is a torch tensor"),
    ("input", None, "input must be an array of numbers, but is None"),
    ("input", [[[1, 2], [3]]], "input is ragged"),
    ("input", np.zeros((1, 2, 5, 5), complex), "input must hold real numbers"),
]
REFUSED = [
    *[(name, *case) for case in SHARED for name in ("max_pool2d", "avg_pool2d")],
    ("max_pool2d", "dilation", 0, "dilation must be at least 1, but is 0"),
    ("max_pool2d", "dilation", (1, 1.5), "dilation must be a whole number, but is 1.5"),
    ("max_pool2d", "dilation", 3, "the window covers 7 x 7 but the padded input is only 5 x 5"),
    ("max_pool2d", "return_indices", 1, "return_indices must be True or False, but is 1"),
    ("avg_pool2d", "count_include_pad", 0, "count_include_pad must be True or False, but is 0"),
    ("avg_pool2d", "divisor_override", 0, "divisor_override must not be 0: nothing can be divided by it"),
    ("avg_pool2d", "divisor_override", 10**400, "divisor_override must be at most 9223372036854775807, but is 1000"),
    ("avg_pool2d", "divisor_override", 1.5, "divisor_override must be a whole number, but is 1.5"),
    ("avg_pool2d", "divisor_override", True, "divisor_override must be a whole number, but is True"),
]


@WITH_LOOPS
@pytest.mark.parametrize(("name", "argument", "value", "message"), REFUSED)
def test_pooling_refuses_what_cannot_work(module: Any, name: str, argument: str, value: Any, message: str) -> None:
    forward, backward = functions(name, module)
    settings = {"input": np.zeros((1, 2, 5, 5)), "kernel_size": 3, argument: value}
    refused(message, forward, **settings)
    refused(message, backward, np.zeros((1, 2, 1, 1)), **settings)


@WITH_LOOPS
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("shape", [(1, 2, 2, 1), (2, 2, 2), (1, 2, 5, 5)])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any, name: str, shape: Shape) -> None:
    message = f"grad_output must have the shape of the output, (1, 2, 2, 2), but has {shape}"
    refused(message, functions(name, module)[1], np.zeros(shape), np.zeros((1, 2, 5, 5)), 2)


# ---- adaptive and global -------------------------------------------------------------------------

INPUTS = [  # input, words of the message
    (np.zeros((5, 5)), "input must have the axes (N, C, H, W) or (C, H, W), but its shape is (5, 5)"),
    (np.zeros((1, 2, 0, 5)), "input must not be empty (only the batch may be), but its shape is (1, 2, 0, 5)"),
    (torch.zeros(1, 2, 5, 5), "input must be a NumPy array, but is a torch tensor"),
    (None, "input must be an array of numbers, but is None"),
]
WHOLE = "output_size must be a whole number or a pair (rows, columns), where None keeps the size, but is "
OUTPUT_SIZES = [
    (None, WHOLE + "None"),
    ((3,), WHOLE + "(3,)"),
    ((1, 2, 3), WHOLE + "(1, 2, 3)"),
    ("22", WHOLE + "'22'"),
    (2.0, "output_size must be a whole number, but is 2.0"),
    (True, "output_size must be a whole number, but is True"),
    (-1, "output_size must be at least 0, but is -1"),
    ((2, -3), "output_size must be at least 0, but is -3"),
    ((None, 1.5), "output_size must be a whole number, but is 1.5"),
    (np.ones((1, 2), int), "output_size must be a whole number, but is array([[1, 1]])"),
    ((10**6, 1), "output_size must be at most 4096, but is 1000000"),
]


@WITH_LOOPS
@pytest.mark.parametrize(("x", "message"), INPUTS)
def test_an_input_must_be_images(module: Any, x: Any, message: str) -> None:
    for name in ADAPTIVE:
        refused(message, functions(name, module)[0], x, 2)
        refused(message, functions(name, module)[1], np.zeros((1, 2, 2, 2)), x, 2)
    for name in GLOBAL:
        refused(message, functions(name, module)[0], x)
        refused(message, functions(name, module)[1], np.zeros((1, 2)), x)


@pytest.mark.parametrize("name", ADAPTIVE)
@WITH_LOOPS
@pytest.mark.parametrize(("size", "message"), OUTPUT_SIZES)
def test_an_output_size_must_be_whole_numbers(module: Any, name: str, size: Any, message: str) -> None:
    forward, backward = functions(name, module)
    refused(message, forward, np.zeros((1, 2, 5, 5)), size)
    refused(message, backward, np.zeros((1, 2, 2, 2)), np.zeros((1, 2, 5, 5)), size)


@WITH_LOOPS
def test_no_channels_have_means_but_no_maxima_as_in_pytorch(module: Any) -> None:
    x = np.zeros((2, 0, 4, 4))
    assert module.adaptive_avg_pool2d(x, 2).shape == (2, 0, 2, 2)
    assert module.adaptive_avg_pool2d_backward(np.zeros((2, 0, 2, 2)), x, 2).shape == x.shape
    refused("input must not be empty", module.adaptive_max_pool2d, x, 2)
    refused("input must not be empty", module.global_max_pool2d, x)


@WITH_LOOPS
def test_return_indices_is_true_or_false(module: Any) -> None:
    message = "return_indices must be True or False, but is 1"
    refused(message, module.adaptive_max_pool2d, np.ones((1, 1, 5)), 1, 1)
    refused(message, module.adaptive_max_pool2d_backward, [[[1.0]]], np.ones((1, 1, 5)), 1, 1)


@WITH_LOOPS
def test_a_gradient_of_an_adaptive_pooling_must_have_the_shape_of_the_output(module: Any) -> None:
    x = np.zeros((1, 2, 5, 5))
    for name in ADAPTIVE:
        message = "grad_output must have the shape of the output, (1, 2, 3, 3), but has (1, 2, 3)"
        refused(message, functions(name, module)[1], np.zeros((1, 2, 3)), x, 3)
    for name in GLOBAL:
        message = "grad_output must have the shape of the output, (1, 2), but has (1, 2, 1, 1)"
        refused(message, functions(name, module)[1], np.zeros((1, 2, 1, 1)), x)
