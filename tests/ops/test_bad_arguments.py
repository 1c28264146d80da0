"""What cannot work is refused with a sentence that names the argument and its value."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.contract import refused

X, W = np.zeros((1, 2, 5, 5)), np.zeros((4, 2, 3, 3))
TENSOR = torch.zeros(1, 2, 5, 5, requires_grad=True)

CONV = [  # argument, value, words of the message; the same for conv2d, true_conv2d, their gradients and the loops
    ("stride", 0, "stride must be at least 1, but is 0"),
    ("stride", -2, "stride must be at least 1, but is -2"),
    ("stride", (1, 0), "stride must be at least 1, but is 0"),
    ("stride", 1.5, "stride must be a whole number, but is 1.5"),
    ("stride", 2.0, "stride must be a whole number, but is 2.0"),
    ("stride", True, "stride must be a whole number, but is True"),
    ("stride", np.True_, "stride must be a whole number, but is True"),
    ("stride", "2", "stride must be a whole number, but is '2'"),
    ("stride", None, "stride must be a whole number, but is None"),
    ("stride", (1, 1, 1), "stride must be one whole number or 2 of them, but is (1, 1, 1)"),
    ("stride", (), "stride must be one whole number or 2 of them, but is ()"),
    ("stride", (1, 1.5), "stride must be a whole number, but is 1.5"),
    ("stride", 10**30, f"stride must be at most 2147483647, but is {10**30}"),
    ("stride", [[1, 2], [3]], "stride must be a whole number, but is [1, 2]"),
    ("stride", np.ones((2, 2), int), "stride must be a whole number, but is array([[1, 1]"),
    ("dilation", 0, "dilation must be at least 1, but is 0"),
    ("dilation", (2, -1), "dilation must be at least 1, but is -1"),
    ("dilation", False, "dilation must be a whole number, but is False"),
    ("dilation", 3, "the kernel covers 7 x 7 (kernel_size 3, dilation 3) but the padded input is only 5 x 5"),
    ("dilation", (1, 3), "the kernel covers 3 x 7 (kernel_size 3, dilation 1 x 3) but the padded input is only 5 x 5"),
    ("padding", -1, "padding must be at least 0, but is -1"),
    ("padding", 0.5, "padding must be a whole number, but is 0.5"),
    ("padding", 10**9, "padding asks for 1 x 2 x 2000000005 x 2000000005 numbers, which is more than 2147483647"),
    ("padding", True, "padding must be a whole number, but is True"),
    ("padding", (1, 2, 3), "padding must be one whole number or 2 of them, but is (1, 2, 3)"),
    ("padding", "full", "padding must be a whole number, a pair, 'same' or 'valid', but is 'full'"),
    ("groups", 0, "groups must be at least 1, but is 0"),
    ("groups", 3, "groups must divide the number of filters, 4, but is 3"),
    ("groups", 2, "input has 2 channels, but weight of shape (4, 2, 3, 3) with groups 2 needs 4"),
    ("groups", (1, 1), "groups must be a whole number, but is (1, 1)"),
    ("groups", True, "groups must be a whole number, but is True"),
    ("input", np.zeros((5, 5)), "input must have the axes (N, C, H, W) or (C, H, W), but its shape is (5, 5)"),
    ("input", np.zeros((1, 3, 5, 5)), "input has 3 channels, but weight of shape (4, 2, 3, 3) with groups 1 needs 2"),
    ("input", np.zeros((1, 2, 2, 5)), "the kernel covers 3 x 3 but the padded input is only 2 x 5"),
    ("input", np.zeros((1, 2, 0, 5)), "input must not be empty (only the batch may be), but its shape is (1, 2, 0, 5)"),
    ("input", [[[1, 2], [3]]], "input is ragged: its rows must all have the same length"),
    ("input", [[["a"]]], "input must hold real numbers"),
    ("input", X * 1j, "input must hold real numbers (integers, float16, float32 or float64)"),
    ("input", X.astype(object), "input must hold real numbers"),
    ("input", None, "input must be an array of numbers, but is None"),
    ("input", TENSOR, "input must be a NumPy array, but is a torch tensor: convert with input.detach().cpu().numpy()"),
    ("input", [[TENSOR[0, 0]] * 2], "input must be a NumPy array, but is a list of torch tensors"),
    ("input", X.astype("float32"), "input is float32 but weight is float64"),
    ("weight", np.zeros((3, 3)), "weight must have the axes (filters, channels, kh, kw), but its shape is (3, 3)"),
    ("weight", np.zeros((0, 2, 3, 3)), "weight must not be empty, but its shape is (0, 2, 3, 3)"),
    ("weight", np.zeros((4, 2, 0, 3)), "weight must not be empty, but its shape is (4, 2, 0, 3)"),
    ("weight", np.zeros((4, 2, 6, 6)), "the kernel covers 6 x 6 but the padded input is only 5 x 5"),
    ("weight", torch.nn.Parameter(TENSOR.detach()), "weight must be a NumPy array, but is a torch tensor"),
    ("bias", np.zeros(3), "bias must hold one number per filter, shape (4,), but its shape is (3,)"),
    ("bias", np.zeros((4, 1)), "bias must hold one number per filter, shape (4,), but its shape is (4, 1)"),
    ("bias", 1.0, "bias must hold one number per filter, shape (4,), but its shape is ()"),
    ("bias", np.zeros(4, "float16"), "input is float64 but weight is float64 but bias is float16"),
    ("bias", TENSOR, "bias must be a NumPy array, but is a torch tensor"),
]
GRADIENTS = [
    (np.zeros((1, 4, 3, 2)), "grad_output must have the shape of the output, (1, 4, 3, 3), but has (1, 4, 3, 2)"),
    (np.zeros((4, 3, 3)), "grad_output must have the shape of the output, (1, 4, 3, 3), but has (4, 3, 3)"),
    (TENSOR, "grad_output must be a NumPy array, but is a torch tensor"),
    (None, "grad_output must be an array of numbers, but is None"),
]
PAD = [  # settings of pad on an input of (1, 3, 4), words of the message
    ({"pad": 1}, "pad must be a sequence such as (left, right, top, bottom), but is 1"),
    ({"pad": "11"}, "pad must be a sequence such as (left, right, top, bottom), but is '11'"),
    ({"pad": (1, 1, 1)}, "pad must come in pairs (before, after), but has 3 numbers: (1, 1, 1)"),
    ({"pad": (1,) * 8}, "pad (1, 1, 1, 1, 1, 1, 1, 1) is for 4 axes, but input has only 3"),
    ({"pad": (1.0, 1)}, "pad must be a whole number, but is 1.0"),
    ({"pad": (True, 1)}, "pad must be a whole number, but is True"),
    ({"pad": ((1, 1), (1, 1))}, "pad must be a whole number, but is (1, 1)"),
    ({"pad": np.array(2)}, "pad must be a sequence such as (left, right, top, bottom), but is array(2)"),
    ({"pad": [[1, 1], [1]]}, "pad must be a whole number, but is [1, 1]"),
    ({"pad": (10**30, 0)}, f"pad must be at most 2147483647, but is {10**30}"),
    ({"pad": (10**9, 0, 10**9, 0)}, "pad asks for 1 x 1000000003 x 1000000004 numbers, which is more than 2147483647"),
    ({"pad": (1, 1), "value": "a"}, "value must be a number, but is 'a'"),
    ({"pad": (1, 1), "value": True}, "value must be a number, but is True"),
    ({"pad": (1, 1), "value": 1j}, "value must be a number, but is 1j"),
    ({"pad": (1, 1), "value": {}}, "value must be a number, but is {}"),
    ({"pad": (1, 1), "value": np.ones(3)}, "value must be a number, but is array([1., 1., 1.])"),
    ({"pad": (1, 1), "value": 10**400}, "value must be a number between -1.79769e+308 and 1.79769e+308, but is beyond"),
    ({"pad": (1, 1), "mode": ["edge"]}, "mode must be one of 'constant', 'reflect', 'replicate', 'circular', but"),
    ({"pad": (1, 1), "mode": np.array(["constant", "edge"])}, "mode must be one of 'constant', 'reflect', 'replicate'"),
    ({"pad": (1, 1), "mode": "reflect", "value": np.nan}, "value is for mode 'constant' only, but is nan with mode"),
    ({"pad": (1, 1), "input": np.zeros((2, 0, 4)), "mode": "reflect"}, "input must not be empty (only the batch may"),
    ({"pad": (0, 0), "input": np.zeros((0, 4)), "mode": "replicate"}, "input must not be empty (only the batch"),
    ({"pad": (-3, -2)}, "pad (-3, -2) on axis 2 of 4 cells cuts off more cells than there are"),
    ({"pad": (1, 1), "mode": "edge"}, "mode must be one of 'constant', 'reflect', 'replicate', 'circular', but"),
    ({"pad": (1, 1), "mode": "reflect", "value": 3}, "value is for mode 'constant' only, but is 3 with mode 'reflect'"),
    ({"pad": (), "mode": "reflect"}, "pad must have 2, 4 or 6 numbers with mode 'reflect', but is ()"),
    ({"pad": (1,) * 6, "mode": "reflect"}, "input must have 4 or 5 axes when mode 'reflect' pads the last 3"),
    ({"pad": (4, 0), "mode": "reflect"}, "pad (4, 0) on axis 2 of 4 cells is too much: mode 'reflect' can add at most"),
    ({"pad": (0, 5), "mode": "circular"}, "pad (0, 5) on axis 2 of 4 cells is too much: mode 'circular' can add"),
    ({"pad": (2, -3), "mode": "circular"}, "mode 'circular' can add at most 1"),
    ({"pad": (-2, -2), "mode": "replicate"}, "pad (-2, -2) on axis 2 of 4 cells leaves nothing to replicate"),
    ({"pad": (1, 1), "input": np.zeros((1, 3, 0)), "mode": "replicate"}, "but its shape is (1, 3, 0)"),
    ({"pad": (1, 1, 0, 0), "input": np.zeros((1, 0, 3)), "mode": "reflect"}, "but its shape is (1, 0, 3)"),
    ({"pad": (1, 1), "input": TENSOR}, "input must be a NumPy array, but is a torch tensor"),
]
WINDOWS = [
    ({"kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"kernel_size": 2.5}, "kernel_size must be a whole number, but is 2.5"),
    ({"kernel_size": (1, 1, 1)}, "kernel_size must be one whole number or 2 of them, but is (1, 1, 1)"),
    ({"kernel_size": 4}, "the kernel covers 4 x 4 but the padded input is only 3 x 3"),
    ({"kernel_size": [[1, 2], [3]]}, "kernel_size must be a whole number, but is [1, 2]"),
    ({"kernel_size": 2, "stride": 10**30}, f"stride must be at most 2147483647, but is {10**30}"),
    ({"kernel_size": 2, "stride": 0}, "stride must be at least 1, but is 0"),
    ({"kernel_size": 2, "dilation": -1}, "dilation must be at least 1, but is -1"),
    ({"kernel_size": 2, "x": np.zeros(3)}, "x must have 2 axes or more for kernel_size (2, 2), but has 1"),
    ({"kernel_size": 2, "x": TENSOR}, "x must be a NumPy array, but is a torch tensor"),
]


@pytest.mark.parametrize(("name", "value", "message"), CONV)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
@pytest.mark.parametrize("function", ["conv2d", "true_conv2d"])
def test_a_convolution_refuses_what_cannot_work(
    module: Any, function: str, name: str, value: Any, message: str
) -> None:
    arguments = {"input": X, "weight": W, name: value}
    refused(message, getattr(module, function), **arguments)
    refused(message, getattr(module, f"{function}_backward"), np.zeros((1, 4, 3, 3)), **arguments)


@pytest.mark.parametrize(("grad_output", "message"), GRADIENTS)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any, grad_output: Any, message: str) -> None:
    refused(message, module.conv2d_backward, grad_output, X, W)
    refused(message, module.true_conv2d_backward, grad_output, X, W)


def test_same_padding_needs_stride_one() -> None:
    message = "padding 'same' works with stride 1 only, but stride is 2: give padding as a number"
    refused(message, ops.conv2d, X, W, stride=2, padding="same")
    refused("but stride is (1, 2)", ops.conv2d, X, W, stride=(1, 2), padding="same")


@pytest.mark.parametrize("function", [ops.conv1d, ops.true_conv1d, reference.conv1d])
def test_one_dimensional_convolutions_speak_of_one_dimension(function: Callable[..., Any]) -> None:
    x, w = np.zeros((1, 4)), np.zeros((1, 1, 3))
    message = "the kernel covers 5 (kernel_size 3, dilation 2) but the padded input is only 4: use a smaller kernel"
    refused(message, function, x, w, dilation=2)
    refused("stride must be one whole number, but is (1, 1)", function, x, w, stride=(1, 1))
    refused("input must have the axes (N, C, L) or (C, L), but its shape is (4,)", function, x[0], w)
    refused("weight must have the axes (filters, channels, k), but its shape is (3,)", function, x, w[0, 0])


@pytest.mark.parametrize(("settings", "message"), PAD)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_pad_refuses_what_cannot_work(module: Any, settings: dict[str, Any], message: str) -> None:
    arguments = {"input": np.zeros((1, 3, 4)), **settings}
    refused(message, module.pad, **arguments)
    refused(message, module.pad_backward, np.zeros((1, 3, 4)), **arguments)


def test_the_gradient_of_pad_must_have_the_padded_shape() -> None:
    message = "grad_output must have the shape of the output, (1, 6), but has (1, 4)"
    refused(message, ops.pad_backward, np.zeros((1, 4)), np.zeros((1, 4)), (1, 1))
    refused(message, reference.pad_backward, np.zeros((1, 4)), np.zeros((1, 4)), (1, 1))


@pytest.mark.parametrize(("settings", "message"), WINDOWS)
def test_windows_refuse_what_cannot_work(settings: dict[str, Any], message: str) -> None:
    refused(message, ops.sliding_windows, **{"x": np.zeros((3, 3)), **settings})


def test_flip_kernel_refuses_five_axes() -> None:
    refused("but its shape is (1, 1, 1, 2, 2)", ops.flip_kernel, np.zeros((1, 1, 1, 2, 2)))
    refused("but its shape is ()", ops.flip_kernel, 3.0)


def test_a_tensor_is_recognized_without_importing_torch() -> None:
    code = (
        "import sys; from cnnlab import ops; ops.conv2d([[[1, 2]]], [[[[1, 2]]]]);"
        "assert not {'torch', 'matplotlib', 'ipywidgets'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
