"""unfold and fold and their gradients against loops, central differences and PyTorch."""

import re
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import settings as run_with
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.ops import reference
from tests.ops.oracles import by_torch, check_by_central_differences, random

CASES = [  # input of unfold, settings
    ((1, 1, 3, 3), {"kernel_size": 2}),
    ((2, 3, 4, 5), {"kernel_size": (3, 2)}),
    ((3, 4, 5), {"kernel_size": 2, "stride": (1, 2)}),  # unbatched
    ((2, 2, 5, 4), {"kernel_size": (2, 3), "padding": (1, 2), "stride": 2}),
    ((1, 2, 5, 6), {"kernel_size": 2, "dilation": (2, 3)}),
    ((1, 2, 4, 4), {"kernel_size": 1}),
    ((1, 1, 2, 3), {"kernel_size": 2, "padding": 3, "stride": 4}),  # windows that lie wholly in the padding
    ((2, 1, 1, 1), {"kernel_size": 1}),
    ((0, 2, 3, 3), {"kernel_size": 2}),
]
EVERY_CASE = pytest.mark.parametrize(("shape", "settings"), CASES)

TENSOR = torch.zeros(1, 2, 5, 5)
REFUSED = [  # settings of unfold, words of the message
    ({"kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"kernel_size": 2.0}, "kernel_size must be a whole number, but is 2.0"),
    ({"kernel_size": True}, "kernel_size must be a whole number, but is True"),
    ({"kernel_size": (2,)}, "kernel_size must be one whole number or 2 of them, but is (2,)"),
    ({"kernel_size": [[1, 2], [3]]}, "kernel_size must be a whole number, but is [1, 2]"),
    ({"stride": 10**30}, f"stride must be at most 2147483647, but is {10**30}"),
    ({"kernel_size": (1, 2, 3)}, "kernel_size must be one whole number or 2 of them, but is (1, 2, 3)"),
    ({"kernel_size": (6, 2)}, "the kernel covers 6 x 2 but the padded input is only 5 x 5"),
    ({"dilation": 0}, "dilation must be at least 1, but is 0"),
    ({"dilation": 5}, "the kernel covers 6 x 6 (kernel_size 2, dilation 5) but the padded input is only 5 x 5"),
    ({"padding": -1}, "padding must be at least 0, but is -1"),
    ({"padding": "same"}, "padding must be a whole number, but is 'same'"),
    ({"stride": 0}, "stride must be at least 1, but is 0"),
    ({"stride": [1]}, "stride must be one whole number or 2 of them, but is [1]"),
    ({"input": np.zeros((5, 5))}, "input must have the axes (N, C, H, W) or (C, H, W), but its shape is (5, 5)"),
    ({"input": np.zeros((1, 1, 1, 5, 5))}, "but its shape is (1, 1, 1, 5, 5)"),
    (
        {"input": np.zeros((1, 0, 5, 5))},
        "input must not be empty (only the batch may be), but its shape is (1, 0, 5, 5",
    ),
    ({"input": TENSOR}, "input must be a NumPy array, but is a torch tensor"),  # the last: PyTorch takes it
]
FOLD_REFUSED = [  # settings of fold, words of the message
    ({"output_size": 0}, "output_size must be at least 1, but is 0"),
    ({"output_size": 10**6}, "output_size asks for 1000000 x 1000000 numbers, which is more than 2147483647"),
    ({"output_size": (3,)}, "output_size must be one whole number or 2 of them, but is (3,)"),
    ({"output_size": 1}, "the kernel covers 2 x 2 but the padded input is only 1 x 1"),
    ({"kernel_size": 0}, "kernel_size must be at least 1, but is 0"),
    ({"stride": 0}, "stride must be at least 1, but is 0"),
    ({"padding": -1}, "padding must be at least 0, but is -1"),
    ({"dilation": 0}, "dilation must be at least 1, but is 0"),
    (
        {"input": np.zeros((1, 2, 3, 4))},
        "input must have the axes (N, C*kh*kw, L) or (C*kh*kw, L), but its shape is (1,",
    ),
    ({"input": np.zeros((1, 8, 0))}, "input must not be empty (only the batch may be), but its shape is (1, 8, 0)"),
    ({"input": np.zeros((1, 6, 4))}, "input must hold 2 x 2 cells for each channel, but has 6 rows, which 4 does not"),
    (
        {"input": np.zeros((8, 5))},
        "input must have a column for each of the 2 x 2 windows of output_size 3 x 3, so 4, b",
    ),
    ({"input": TENSOR}, "input must be a NumPy array, but is a torch tensor"),  # the last: PyTorch takes it
]
Shape = tuple[int, ...]
Settings = dict[str, Any]


@EVERY_CASE
def test_the_fast_versions_agree_with_the_loops(shape: Shape, settings: Settings) -> None:
    x = random(*shape, seed=1)
    columns = reference.unfold(x, **settings)
    np.testing.assert_array_equal(ops.unfold(x, **settings), columns)
    g, size = random(*columns.shape, seed=2), shape[-2:]
    for function, arguments in [
        ("unfold_backward", {"grad_output": g, "input": x}),
        ("fold", {"input": g, "output_size": size}),
        ("fold_backward", {"grad_output": x, "input": g, "output_size": size}),
    ]:
        fast, slow = (getattr(module, function)(**arguments, **settings) for module in (ops, reference))
        np.testing.assert_allclose(fast, slow, rtol=1e-12, atol=1e-12)


@EVERY_CASE
def test_the_gradients_agree_with_central_differences(shape: Shape, settings: Settings) -> None:
    x = random(*shape, seed=1)
    check_by_central_differences(ops.unfold, ops.unfold_backward, [x], **settings)
    columns = ops.unfold(x, **settings)
    check_by_central_differences(ops.fold, ops.fold_backward, [columns], output_size=shape[-2:], **settings)


@EVERY_CASE
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_output_and_gradient_agree_with_pytorch(shape: Shape, settings: Settings, dtype: str, tolerance: float) -> None:
    check_against_pytorch(random(*shape, seed=1).astype(dtype), settings, tolerance)


def check_against_pytorch(x: np.ndarray, settings: Settings, tolerance: float) -> None:
    y, g, (gradient,) = by_torch(F.unfold, [x], **settings)
    columns, grad_input = ops.unfold(x, **settings), ops.unfold_backward(g, x, **settings)
    assert columns.dtype == grad_input.dtype == x.dtype
    np.testing.assert_array_equal(columns, y)
    np.testing.assert_allclose(grad_input, gradient, rtol=tolerance, atol=tolerance)
    size = x.shape[-2:]
    y, g, (gradient,) = by_torch(F.fold, [columns], output_size=size, **settings)
    folded, grad_columns = ops.fold(columns, size, **settings), ops.fold_backward(g, columns, size, **settings)
    assert folded.dtype == grad_columns.dtype == x.dtype
    np.testing.assert_allclose(folded, y, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(grad_columns, gradient)


@st.composite
def images(draw: st.DrawFn) -> tuple[np.ndarray, Settings]:
    """An image and windows of which at least one fits."""
    kernel, stride, dilation = (tuple(draw(st.integers(1, 3)) for _ in range(2)) for _ in range(3))
    padding = tuple(draw(st.integers(0, 2)) for _ in range(2))
    covers = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = [max(1, c - 2 * p) + draw(st.integers(0, 3)) for c, p in zip(covers, padding, strict=True)]
    lead = draw(st.sampled_from([[], [0], [1], [2]]))
    settings = {"kernel_size": kernel, "dilation": dilation, "padding": padding, "stride": stride}
    return random(*lead, draw(st.integers(1, 2)), *size, seed=1), settings


@run_with(deadline=None)  # the machine may be busy
@given(images())
def test_any_image_agrees_with_pytorch(image: tuple[np.ndarray, Settings]) -> None:
    check_against_pytorch(*image, tolerance=1e-12)


@run_with(deadline=None)  # the machine may be busy
@given(images())
def test_the_columns_times_the_filters_are_a_convolution(image: tuple[np.ndarray, Settings]) -> None:
    x, settings = image
    kernel = settings.pop("kernel_size")
    w = random(3, x.shape[-3], *kernel, seed=2)
    y = ops.conv2d(x, w, **settings)
    product = w.reshape(3, -1) @ ops.unfold(x, kernel, **settings)
    np.testing.assert_allclose(product.reshape(y.shape), y, rtol=1e-12, atol=1e-12)


def test_the_columns_are_the_windows_that_a_person_would_cut_out() -> None:
    x = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]])
    columns = ops.unfold(x, 2)
    assert columns[:, 0].tolist() == [1, 2, 4, 5]  # the window at the top left
    assert columns[:, 1].tolist() == [2, 3, 5, 6]  # then one cell to the right
    assert columns[:, 2].tolist() == [4, 5, 7, 8]
    assert ops.fold(columns, 3, 2)[0].tolist() == [  # each cell as often as a window sees it
        [1 * 1, 2 * 2, 1 * 3],
        [2 * 4, 4 * 5, 2 * 6],
        [1 * 7, 2 * 8, 1 * 9],
    ]


def test_the_channels_follow_each_other_in_a_column() -> None:
    x = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    assert ops.unfold(x, (1, 2)).tolist() == [[1], [2], [3], [4]]


def test_fold_undoes_unfold_where_windows_do_not_overlap() -> None:
    x = random(2, 3, 4, 6)
    np.testing.assert_array_equal(ops.fold(ops.unfold(x, (2, 3), stride=(2, 3)), (4, 6), (2, 3), stride=(2, 3)), x)


@pytest.mark.parametrize("settings", [{"kernel_size": 2}, {"kernel_size": 1}, {"kernel_size": 2, "padding": 1}])
@pytest.mark.parametrize("view", [np.asfortranarray, lambda x: x[..., ::-1].copy()[..., ::-1]])
def test_read_only_inputs_of_any_layout_work_and_no_input_is_written_to(settings: Settings, view: Any) -> None:
    x = view(random(2, 2, 3, 3, seed=1))
    columns = view(ops.unfold(x, **settings))
    before = x.copy(), columns.copy()
    x.flags.writeable = columns.flags.writeable = False
    results = [
        ops.unfold(x, **settings),
        ops.unfold_backward(columns, x, **settings),
        ops.fold(columns, 3, **settings),
        ops.fold_backward(x, columns, 3, **settings),
    ]
    np.testing.assert_array_equal(results[0], columns)
    np.testing.assert_array_equal(results[1], results[2])
    np.testing.assert_array_equal(results[3], columns)
    for result in results:
        assert result.flags.writeable
        assert not np.shares_memory(result, x) and not np.shares_memory(result, columns)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(columns, before[1])


@pytest.mark.parametrize(
    ("x", "dtype"),
    [
        ([[[1, 2], [3, 4]]], "float64"),
        (np.array([[[1, 2], [3, 4]]], "uint8"), "float64"),
        (np.array([[[1, 2], [3, 4]]], "float32"), "float32"),
        (np.array([[[1, 2], [3, 4]]], "float16"), "float16"),
        (np.array([[[True, False]]]), "float64"),
    ],
)
def test_floats_keep_their_dtype_and_everything_else_is_float64(x: Any, dtype: str) -> None:
    columns = ops.unfold(x, (1, 2))
    assert columns.dtype == ops.unfold_backward(columns, x, (1, 2)).dtype == dtype
    assert columns.T.tolist() == np.asarray(x)[0].tolist()
    size = np.shape(x)[-2:]
    folded = ops.fold(columns, size, (1, 2))
    assert folded.dtype == ops.fold_backward(folded, columns, size, (1, 2)).dtype == dtype
    assert ops.fold(columns.tolist(), size, (1, 2)).dtype == "float64"


def test_half_precision_is_summed_in_single_precision() -> None:
    n = 4096  # sums of ones in float16 stop at 2048
    folded = ops.fold(np.ones((n, n), "float16"), (1, 2 * n - 1), (1, n))
    assert folded.dtype == "float16" and folded[0, 0, n - 1] == n


@pytest.mark.parametrize(("settings", "message"), REFUSED)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_unfold_refuses_what_cannot_work(module: Any, settings: Settings, message: str) -> None:
    arguments = {"input": np.zeros((1, 2, 5, 5)), "kernel_size": 2, **settings}
    for call in (module.unfold, lambda **given: module.unfold_backward(np.zeros((1, 8, 16)), **given)):
        with pytest.raises(ValueError, match=re.escape(message)):
            call(**arguments)


@pytest.mark.parametrize(("settings", "message"), FOLD_REFUSED)
@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_fold_refuses_what_cannot_work(module: Any, settings: Settings, message: str) -> None:
    arguments = {"input": np.zeros((1, 8, 4)), "output_size": 3, "kernel_size": 2, **settings}
    for call in (module.fold, lambda **given: module.fold_backward(np.zeros((1, 2, 3, 3)), **given)):
        with pytest.raises(ValueError, match=re.escape(message)):
            call(**arguments)


@pytest.mark.parametrize("module", [ops, reference], ids=["fast", "loops"])
def test_a_gradient_must_have_the_shape_of_the_output(module: Any) -> None:
    x, columns = np.zeros((1, 2, 3, 3)), np.zeros((1, 8, 4))
    with pytest.raises(ValueError, match=re.escape("the output, (1, 8, 4), but has (1, 8, 3)")):
        module.unfold_backward(columns[..., :3], x, 2)
    with pytest.raises(ValueError, match=re.escape("the output, (8, 4), but has (1, 8, 4)")):
        module.unfold_backward(columns, x[0], 2)
    with pytest.raises(ValueError, match=re.escape("the output, (1, 2, 3, 3), but has (2, 3, 3)")):
        module.fold_backward(x[0], columns, 3, 2)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(F.unfold, {"input": np.zeros((1, 2, 5, 5)), "kernel_size": 2} | settings) for settings, _ in REFUSED[:-1]]
    + [
        (F.fold, {"input": np.zeros((1, 8, 4)), "output_size": 3, "kernel_size": 2} | settings)
        for settings, _ in FOLD_REFUSED[:-1]
    ],
)
def test_pytorch_refuses_the_same_settings(function: Any, arguments: Settings) -> None:
    tensor = torch.from_numpy(arguments["input"])
    with pytest.raises((RuntimeError, TypeError, IndexError)):
        function(**(arguments | {"input": tensor}))
